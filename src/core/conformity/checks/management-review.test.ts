import { describe, expect, test } from "vitest";
import { requiredInputs } from "#core/records/kinds/management-review.ts";
import { approved, holds, kept } from "../ground.testing.ts";

const decisions = [
  { no: "D1", text: "Change", decision_kind: "change", owner: "P02", due: "2026-10-15" },
  { no: "D2", text: "Improve", decision_kind: "improvement", owner: "P08", due: "2027-03-01" },
];
const review = (given: object = {}) =>
  kept("management_review", "MR-1", {
    state: "actions_open",
    held_on: "2026-09-17",
    chair: "P01",
    inputs: Object.fromEntries(requiredInputs.map((name) => [name, { text: "seen" }])),
    conclusions: { suitable: { answer: "yes" }, adequate: { answer: "not_fully" }, effective: { answer: "yes" } },
    decisions,
    ...given,
  });
const led = (given: object = {}) => [
  kept("person", "P01", { state: "active" }),
  kept("role_assignment", "ROL-1", {
    person: "P01",
    role_key: "top_management",
    state: "accepted",
    accepted_on: "2025-10-06",
    ...given,
  }),
];

describe("a review was held", () => {
  const all = [review(), approved(review()), ...led()];
  test("for its interval", () => {
    expect(holds("mr.held", all, "2027-09-17")[0]).toBe("pass");
    expect(holds("mr.held", all, "2027-09-18")[0]).toBe("fail");
    const shorter = review({ review_interval_months: 3 });
    expect(holds("mr.held", [shorter, approved(shorter), ...led()], "2026-12-18")[0]).toBe("fail");
  });
  test("by a chair who held top management on that day", () => {
    const with_ = (given: object) => holds("mr.held", [review(), approved(review()), ...led(given)], "2026-10-01")[0];
    expect(with_({ accepted_on: "2026-09-17" })).toBe("pass");
    expect(with_({ accepted_on: "2026-09-18" })).toBe("fail");
    expect(with_({ role_key: "aims_manager" })).toBe("fail");
    expect(with_({ state: "ended", valid_to: "2026-09-17" })).toBe("pass");
    expect(with_({ state: "ended", valid_to: "2026-09-16" })).toBe("fail");
    expect(with_({ state: "proposed" })).toBe("fail");
  });
  test("and approved as it stands", () => {
    expect(holds("mr.held", [review(), ...led()], "2026-10-01")[0]).toBe("fail");
    expect(holds("mr.held", [review({ state: "minuted" }), ...led()], "2026-10-01")[0]).toBe("fail");
    const undated = review({ held_on: undefined });
    expect(holds("mr.held", [undated, approved(undated), ...led()], "2026-10-01")[0]).toBe("unknown");
  });
});

test("the latest review concludes on all three", () => {
  expect(holds("mr.verdict", [review()], "2026-10-01")[0]).toBe("pass");
  const silent = review({ conclusions: { suitable: { answer: "yes" }, effective: { answer: "yes" } } });
  expect(holds("mr.verdict", [silent], "2026-10-01")[1]).toContain("adequate");
  const newer = kept("management_review", "MR-2", { state: "approved", held_on: "2027-03-01" });
  expect(holds("mr.verdict", [review(), newer], "2027-03-02")[0]).toBe("fail");
  expect(holds("mr.verdict", [], "2026-10-01")[0]).toBe("fail");
});

test("each required input has content, or somebody signed that there is nothing", () => {
  expect(holds("mr.inputs", [review()], "2026-10-01")[0]).toBe("pass");
  for (const name of requiredInputs) {
    const inputs = review()["inputs"] as object;
    expect(holds("mr.inputs", [review({ inputs: { ...inputs, [name]: {} } })], "2026-10-01")[0]).toBe("fail");
    const signed = review({ inputs: { ...inputs, [name]: { nothing_to_report_by: "P04" } } });
    expect(holds("mr.inputs", [signed], "2026-10-01")[0]).toBe("pass");
  }
});

describe("decisions", () => {
  const says = (given: object[]) => holds("mr.decisions", [review({ decisions: given })], "2026-10-01")[0];
  test("answer for improvement and for change", () => {
    expect(says(decisions)).toBe("pass");
    expect(says(decisions.slice(0, 1))).toBe("fail");
    expect(says(decisions.slice(1))).toBe("fail");
    const none = { no: "D2", decision_kind: "none_needed", none_needed_for: "improvement" };
    expect(says([...decisions.slice(0, 1), none])).toBe("fail");
    expect(says([...decisions.slice(0, 1), { ...none, reason: "three run already" }])).toBe("pass");
  });
  test("have an owner and a date", () => {
    expect(says([...decisions, { no: "D3", decision_kind: "resource", owner: "P10" }])).toBe("fail");
    expect(says([...decisions, { no: "D3", decision_kind: "resource", due: "2026-10-15" }])).toBe("fail");
  });
  test("may be 30 days late, and no later without a new date that someone else decided", () => {
    const late = (day: string, given: object = {}) =>
      holds("mr.actions", [review({ decisions: [{ ...decisions[0], ...given }, decisions[1]] })], day)[0];
    expect(late("2026-11-14")).toBe("pass");
    expect(late("2026-11-15")).toBe("fail");
    expect(late("2026-11-15", { done_on: "2026-10-10" })).toBe("pass");
    expect(late("2026-11-15", { redecided_due: "2026-12-15" })).toBe("fail");
    expect(late("2026-11-15", { redecided_due: "2026-12-15", redecided_by: "P02" })).toBe("fail");
    expect(late("2026-11-15", { redecided_due: "2026-12-15", redecided_by: "P01" })).toBe("pass");
    expect(late("2027-01-15", { redecided_due: "2026-12-15", redecided_by: "P01" })).toBe("fail");
  });
});
