import { expect, test } from "vitest";
import { parseDay, type Day } from "#core/basics/time.ts";
import { MemoryRecords } from "#core/records/memory.ts";
import { kept } from "./ground.testing.ts";
import { applicabilityIn, gapsIn, isFaded, monthsOf, proofIn, standingsOf, verdictIn } from "./standing.ts";

const day = (text: string): Day => parseDay(text);

test("the verdict judged last counts, on the same day the one recorded last", () => {
  const verdict = (ref: string, value: string, judged_on: string) =>
    kept("verdict", ref, { node: "5.2", value, judged_on, reason: "Seen", judged_by: "P04" });
  const of = (...verdicts: ReturnType<typeof verdict>[]) =>
    standingsOf(new MemoryRecords(verdicts)).get("5.2")?.verdict;
  expect(of(verdict("VER-0002", "partly", "2026-03-01"), verdict("VER-0001", "conforming", "2026-04-01"))?.value).toBe(
    "conforming",
  );
  expect(of(verdict("VER-0002", "partly", "2026-03-01"), verdict("VER-0001", "conforming", "2026-03-01"))?.value).toBe(
    "partly",
  );
});

test("a verdict on what is no node of the catalogue counts for nothing", () => {
  expect(
    verdictIn(kept("verdict", "VER-0001", { node: "5.9", value: "partly", judged_on: "2026-03-01" })),
  ).toBeUndefined();
});

test("a verdict fades the day after its twelve months", () => {
  expect(isFaded(day("2025-11-23"), day("2026-11-23"))).toBe(false);
  expect(isFaded(day("2025-11-22"), day("2026-11-23"))).toBe(true);
});

const evidence = (given: object = {}, ref = "EVD-01") =>
  kept("evidence_item", ref, {
    state: "accepted",
    title: "Minutes",
    collected_on: "2026-03-05",
    period_from: "2026-01-15",
    period_to: "2026-03-05",
    valid_until: "2026-12-31",
    supports_nodes: ["5.3"],
    ...given,
  });

test("only accepted evidence proves, and with a clause also the mission item over it", () => {
  expect(proofIn(evidence(), []).map(({ node }) => node)).toEqual(["5.3", "M03"]);
  for (const state of ["offered", "rejected", "expired", "withdrawn"])
    expect(proofIn(evidence({ state }), [])).toEqual([]);
});

test("evidence proves what the records that it supports, or that cite it, are kept for", () => {
  const entry = kept("soa_entry", "SOE-0001", { state: "in_force", control_id: "A.5.2", evidence: ["EVD-01"] });
  const records = new MemoryRecords([evidence({ supports_nodes: [] }), entry]);
  expect(standingsOf(records).get("A.5.2")?.proof?.ref).toBe("EVD-01");
  expect(standingsOf(records).get("6.1.3")?.proof).toBeUndefined();
});

test("the proof whose time ends last is the newest, and all items are counted", () => {
  const records = new MemoryRecords([
    evidence(),
    evidence({ period_to: "2026-06-30", collected_on: "2026-02-01" }, "EVD-02"),
    evidence({ period_to: "2026-02-28" }, "EVD-03"),
  ]);
  expect(standingsOf(records).get("5.3")).toMatchObject({ items: 3, proof: { ref: "EVD-02" } });
});

test("evidence without a period proves the month in which it was collected", () => {
  expect(
    monthsOf(
      proofIn(evidence({ period_from: undefined, period_to: undefined }), [])[0] ?? { from: undefined, to: undefined },
    ),
  ).toEqual(["2026-03"]);
});

test("a period covers each month that it touches; one that ends before it begins covers none; a mistyped year does not fill the calendar", () => {
  expect(monthsOf({ from: day("2025-12-31"), to: day("2026-02-01") })).toEqual(["2025-12", "2026-01", "2026-02"]);
  expect(monthsOf({ from: day("2026-03-01"), to: day("2026-02-01") })).toEqual([]);
  expect(monthsOf({ from: day("0202-01-01"), to: day("2026-02-01") })).toHaveLength(120);
});

test("gaps are the months of the past year, this one included, that nothing covers", () => {
  const covered = new Set([
    "2025-11",
    "2025-12",
    "2026-01",
    "2026-02",
    "2026-03",
    "2026-05",
    "2026-06",
    "2026-07",
    "2026-08",
    "2026-09",
    "2026-10",
  ]);
  expect(gapsIn(covered, day("2026-11-23"))).toEqual(["2026-04", "2026-11"]);
});

test("a draft or superseded entry of a statement says nothing", () => {
  expect(
    applicabilityIn(kept("soa_entry", "SOE-0001", { state: "draft", control_id: "A.5.2", included: true })),
  ).toBeUndefined();
  expect(
    applicabilityIn(
      kept("soa_entry", "SOE-0001", {
        state: "in_force",
        control_id: "A.5.2",
        included: true,
        implementation_status: "implemented",
      }),
    ),
  ).toEqual({ node: "A.5.2", ref: "SOE-0001", included: true, status: "implemented" });
});
