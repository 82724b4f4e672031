import { describe, expect, test } from "vitest";
import { holds, kept } from "../ground.testing.ts";

describe("each source that brought something leads to an improvement or to a written no", () => {
  const day = "2026-11-23";
  const sources = [
    ["finding", kept("finding", "F-1", { state: "linked", happened_on: "2026-05-15" }), { no_action_reason: "good" }],
    ["incident", kept("incident", "INC-1", { detected_on: "2026-09-29" }), { no_improvement_reason: "once" }],
    ["concern", kept("concern", "CN-1", { received_on: "2026-07-06" }), { no_improvement_reason: "explained" }],
    [
      "management_review",
      kept("management_review", "MR-1", { state: "approved", held_on: "2026-09-17" }),
      { decisions: [{ no: "D1", decision_kind: "none_needed", none_needed_for: "improvement", reason: "enough" }] },
    ],
  ] as const;

  test.each(sources)("%s", (_, source, no) => {
    const made = kept("improvement", "IMP-1", { origin: { source: "idea", record: source.ref } });
    expect(holds("improve.sources", [source], day)[0]).toBe("fail");
    expect(holds("improve.sources", [source, made], day)[0]).toBe("pass");
    expect(holds("improve.sources", [source, { ...made, state: "withdrawn" }], day)[0]).toBe("fail");
    expect(holds("improve.sources", [{ ...source, ...no }], day)[0]).toBe("pass");
  });

  test("a source is asked for 12 months, and one that brought nothing is not", () => {
    const incident = kept("incident", "INC-1", { detected_on: "2026-09-29" });
    expect(holds("improve.sources", [incident], "2027-09-29")[0]).toBe("fail");
    expect(holds("improve.sources", [incident], "2027-09-30")[0]).toBe("pass");
    expect(holds("improve.sources", [], day)[0]).toBe("pass");
  });

  test("a trial of the route for concerns is no feedback", () => {
    const trial = kept("concern", "CN-T1", { received_on: "2026-07-06", test_report: true });
    expect(holds("improve.sources", [trial], day)[0]).toBe("pass");
  });
});

test("an accepted improvement may be 60 days late, and no later without a new date that was decided", () => {
  const late = (day: string, given: object = {}) =>
    holds("improve.flow", [kept("improvement", "IMP-1", { state: "accepted", due: "2026-08-15", ...given })], day)[0];
  expect(late("2026-10-14")).toBe("pass");
  expect(late("2026-10-15")).toBe("fail");
  expect(late("2026-10-15", { state: "done" })).toBe("pass");
  expect(late("2026-10-15", { redecided_due: "2026-12-01" })).toBe("fail");
  expect(late("2026-10-15", { redecided_due: "2026-12-01", redecided_by: "P04" })).toBe("pass");
  expect(late("2026-10-15", { due: undefined })).toBe("unknown");
});

test("a completed improvement was held against what it promised", () => {
  const done = (given: object) =>
    holds(
      "improve.effect",
      [kept("improvement", "IMP-1", { state: "done", promised_benefit: "faster", ...given })],
      "2026-11-23",
    )[0];
  const effect = { checked_on: "2026-10-12", result: "none" };
  expect(done({})).toBe("fail");
  expect(done({ effect })).toBe("pass");
  expect(done({ effect, promised_benefit: undefined })).toBe("fail");
  expect(done({ state: "in_progress" })).toBe("not_applicable");
});
