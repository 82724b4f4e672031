import { expect, test } from "vitest";
import { parseDay } from "#core/basics/time.ts";
import { checksOf, checkTexts, findNode, nodes } from "#core/standard/catalogue.ts";
import { boardOf, mendable, totalsOf, type BoardGround, type VerdictValue } from "./board.ts";
import type { CheckResult, Result } from "./check.ts";
import { kept } from "./ground.testing.ts";
import type { Standing } from "./standing.ts";

const day = parseDay("2026-11-23");
const result = (id: string, answer: Result, records: string[] = []): CheckResult => ({
  id,
  result: answer,
  because: answer === "fail" ? "it does not hold" : "",
  records,
  asked: 1,
  satisfied: 0,
});
const judged = (node: string, value: VerdictValue, on = "2026-11-20"): [string, Standing] => [
  node,
  {
    verdict: { node, ref: "VER-0001", value, reason: "Seen", by: "P04", on: parseDay(on) },
    items: 0,
    months: new Set(),
  },
];

function board({ results = [], standings = [] }: { results?: CheckResult[]; standings?: [string, Standing][] }) {
  const ground: BoardGround = {
    results: new Map(results.map((one) => [one.id, one])),
    standings: new Map(standings),
    names: new Map([["P04", "Leila Haddad"]]),
    day,
  };
  const all = boardOf(ground);
  return { all, node: (id: string) => all.find((node) => node.id === id) ?? expect.unreachable() };
}

/** A check of that severity at home on the node. */
function homeCheck(severity: string): { id: string; home: string } {
  const found = [...checkTexts.values()].find(
    (check) => check.severity === severity && findNode(check.home)?.assessable,
  );
  return found ?? expect.unreachable();
}

test("every node is there with all checks that count for it, and what was not computed is unknown", () => {
  const { all } = board({});
  expect(all.map(({ id }) => id)).toEqual(nodes.map(({ id }) => id));
  for (const node of nodes)
    expect(all.find(({ id }) => id === node.id)?.checks.map(({ id }) => id)).toEqual(checksOf(node));
  expect(new Set(all.flatMap(({ checks }) => checks.map((check) => check.result)))).toEqual(new Set(["unknown"]));
});

test.each([
  ["high", 1],
  ["medium", 1],
  ["low", 0],
])("a verdict of conforming stands against a failing check of severity %s: %i contradictions", (severity, count) => {
  const { id, home } = homeCheck(severity);
  const { node } = board({ results: [result(id, "fail", ["RSK-001"])], standings: [judged(home, "conforming")] });
  expect(node(home).contradictions.filter(({ kind }) => kind === "verdict-against-check")).toHaveLength(count);
});

test.each(["pass", "unknown", "not_applicable"] as const)(
  "a verdict of conforming does not stand against a check that is %s",
  (answer) => {
    const { id, home } = homeCheck("high");
    expect(
      board({ results: [result(id, answer)], standings: [judged(home, "conforming")] }).node(home).contradictions,
    ).toEqual([]);
  },
);

test.each(["partly", "nonconforming", "not_applicable"] as const)(
  "a verdict of %s owns up to a failing check",
  (value) => {
    const { id, home } = homeCheck("high");
    expect(
      board({ results: [result(id, "fail")], standings: [judged(home, value)] }).node(home).contradictions,
    ).toEqual([]);
  },
);

const says = (included: boolean): Standing["applicability"] => ({
  node: "A.5.2",
  ref: "SOE-0005",
  included,
  status: "implemented",
});

test("a control said to be implemented without proof contradicts itself, and only that one", () => {
  const standings: [string, Standing][] = [["A.5.2", { applicability: says(true), items: 0, months: new Set() }]];
  const unproven = board({ results: [result("soa.status_true", "fail", ["SOE-0005", "EVD-01"])], standings });
  expect(unproven.node("A.5.2").contradictions).toMatchObject([
    { kind: "implemented-unproven", records: ["SOE-0005"] },
  ]);
  expect(
    board({ results: [result("soa.status_true", "fail", ["SOE-0009"])], standings }).node("A.5.2").contradictions,
  ).toEqual([]);
});

test("a verdict and the statement of applicability may disagree", () => {
  const stands = (value: VerdictValue, included: boolean) =>
    board({ standings: [["A.5.2", { ...judged("A.5.2", value)[1], applicability: says(included) }]] })
      .node("A.5.2")
      .contradictions.map(({ kind }) => kind);
  expect(stands("not_applicable", true)).toEqual(["records-disagree"]);
  expect(stands("partly", false)).toEqual(["records-disagree"]);
  expect(stands("not_applicable", false)).toEqual([]);
  expect(stands("conforming", true)).toEqual([]);
});

test("a parent is no better than its worst assessed child, and says how many nobody looked at", () => {
  const { node } = board({ standings: [judged("5.1", "conforming"), judged("5.2", "partly")] });
  expect(node("5").rollUp).toMatchObject({ value: "partly", assessed: 2, of: 3 });
  expect(node("6").rollUp).toMatchObject({ value: null, assessed: 0 });
  expect(node("5.1").rollUp).toBeNull();
});

test("a verdict older than twelve months is faded, and names its judge", () => {
  const { node } = board({
    standings: [judged("5.1", "conforming", "2025-11-22"), judged("5.2", "conforming", "2025-11-23")],
  });
  expect(node("5.1").verdict).toMatchObject({ faded: true, by: { ref: "P04", name: "Leila Haddad" } });
  expect(node("5.2").verdict).toMatchObject({ faded: false });
});

test("totals count each check once, however many nodes it stands under", () => {
  const { all } = board({ results: [result("leadership.assigned", "fail")] });
  expect(totalsOf(all).checks).toEqual({ pass: 0, fail: 1, unknown: 194, not_applicable: 0, of: 195 });
});

test("what fails offers its mends by the records that decide; what passes, and what is gone by, offers none", () => {
  const resource = kept("resource", "RES-09", { state: "requested" });
  const offered = (answer: Result, records?: ReadonlyMap<string, typeof resource>) => {
    const one = result("leadership.prompt", answer, ["RES-09"]);
    const nodes = boardOf({
      results: new Map([[one.id, one]]),
      standings: new Map(),
      names: new Map(),
      day,
      ...(records ? { mendable: records } : {}),
    });
    const found = nodes.flatMap(({ checks }) => checks).find(({ id }) => id === one.id);
    return found?.mends.map(({ ref, deed }) => `${deed} ${ref}`);
  };
  const records = new Map([["RES-09", resource]]);
  expect(offered("fail", records)).toEqual(["approve RES-09", "refuse RES-09"]);
  expect(offered("pass", records)).toEqual([]);
  expect(offered("fail")).toEqual([]);
  expect(mendable([result("leadership.prompt", "fail", ["RES-09"]), result("mr.held", "pass", ["MR-1"])])).toEqual([
    "RES-09",
  ]);
});
