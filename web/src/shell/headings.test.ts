import { expect, test } from "vitest";
import type { KindSummary } from "#contract/kind.ts";
import { summarizeKind } from "#contract/describe-kind.ts";
import { kinds } from "#core/records/all.ts";
import { isCommon, placeKinds } from "./headings.ts";

const summaries = Object.values(kinds).map(summarizeKind);
const placed = placeKinds(summaries);
const under = (phase: keyof typeof placed) => placed[phase].map(({ name }) => name);

test("every kind stands under exactly one phase", () => {
  const names = Object.values(placed).flatMap((group) => group.map(({ name }) => name));
  expect(names.toSorted()).toEqual(summaries.map(({ name }) => name).toSorted());
});

test("a kind stands where most of the clauses that it serves belong, and where it is done rather than planned", () => {
  expect(under("plan")).toContain("risk");
  expect(under("do")).toEqual(expect.arrayContaining(["ai_system", "impact_assessment", "supplier"]));
  expect(under("check")).toContain("audit");
  expect(under("act")).toContain("nonconformity");
  expect(under("trust")).toContain("change_event");
});

test("a kind that serves only controls is done", () => {
  const kind: KindSummary = { ...summarizeKind(kinds.risk), name: "new", serves: ["A.9.9"] };
  expect(placeKinds([kind]).do).toEqual([kind]);
});

test("kinds come in the order of the standard, numbers as numbers", () => {
  const kind = (name: string, node: string): KindSummary => ({ ...summarizeKind(kinds.risk), name, serves: [node] });
  expect(placeKinds([kind("late", "6.10"), kind("early", "6.2")]).plan.map(({ name }) => name)).toEqual([
    "early",
    "late",
  ]);
});

test("what the rail shows at once is a kind that there is", () => {
  expect(summaries.filter(isCommon).length).toBeGreaterThan(15);
});
