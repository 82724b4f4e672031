import { describe, expect, test } from "vitest";
import { answerOf, holds, kept } from "../ground.testing.ts";

const understood = {
  containment: { text: "stopped" },
  consequences_handled: { text: "undone" },
  root_cause: { method: "5 whys", text: "default too wide", cause_code: "default too wide" },
  similar_cases: { looked_where: "three accounts", found: "one" },
};
const raised = (given: object = {}) =>
  kept("nonconformity", "NC-1", {
    state: "action_planned",
    node: "8.1",
    grade: "minor",
    detected_on: "2026-10-02",
    ...understood,
    ...given,
  });
const planned = (on: string) =>
  kept("approval", "APR-1", { about: "NC-1", decision: "approve", decided_at: `${on}T09:00:00.000Z` });

test("past its cause, a nonconformity says what was contained, undone, found and looked for", () => {
  expect(holds("nc.handled", [raised()], "2026-11-01")[0]).toBe("pass");
  for (const part of Object.keys(understood)) {
    expect(holds("nc.handled", [raised({ [part]: undefined })], "2026-11-01")[0]).toBe("fail");
    expect(holds("nc.handled", [raised({ [part]: undefined, state: "cause_known" })], "2026-11-01")[0]).toBe("pass");
  }
  expect(holds("nc.handled", [raised({ root_cause: { text: "wide" } })], "2026-11-01")[1]).toContain("method");
});

describe("a plan is approved in time", () => {
  test("within 30 days for a minor one, 14 for a major one", () => {
    expect(holds("nc.prompt", [raised()], "2026-11-01")[0]).toBe("pass");
    expect(holds("nc.prompt", [raised()], "2026-11-02")[0]).toBe("fail");
    expect(holds("nc.prompt", [raised({ grade: "major" })], "2026-10-16")[0]).toBe("pass");
    expect(holds("nc.prompt", [raised({ grade: "major" })], "2026-10-17")[0]).toBe("fail");
    expect(holds("nc.prompt", [raised(), planned("2026-11-01")], "2026-12-01")[0]).toBe("pass");
    expect(holds("nc.prompt", [raised(), planned("2026-11-02")], "2026-12-01")[0]).toBe("fail");
    expect(holds("nc.prompt", [raised({ state: "closed" })], "2026-12-01")[0]).toBe("pass");
    expect(holds("nc.prompt", [raised({ grade: undefined })], "2026-10-03")[0]).toBe("unknown");
  });
  test("anew after a reopening: the plan that failed does not count", () => {
    const again = raised({ state: "reopened", reopened_on: "2026-11-20" });
    expect(holds("nc.prompt", [again, planned("2026-10-14")], "2026-12-20")[0]).toBe("pass");
    expect(holds("nc.prompt", [again, planned("2026-10-14")], "2026-12-21")[0]).toBe("fail");
    expect(holds("nc.prompt", [again, planned("2026-12-01")], "2026-12-21")[0]).toBe("pass");
  });
});

test("a corrective action may be 30 days late, and no later without a new date that was approved", () => {
  const late = (day: string, given: object = {}) =>
    holds(
      "nc.not_overdue",
      [kept("corrective_action", "CA-1", { state: "planned", due: "2026-10-15", ...given })],
      day,
    )[0];
  expect(late("2026-11-14")).toBe("pass");
  expect(late("2026-11-15")).toBe("fail");
  expect(late("2026-11-15", { state: "done" })).toBe("pass");
  expect(late("2026-11-15", { redecided_due: "2026-12-15" })).toBe("fail");
  expect(late("2026-11-15", { redecided_due: "2026-12-15", redecided_by: "P04" })).toBe("pass");
  expect(late("2026-10-01", { due: undefined })).toBe("unknown");
});

describe("a closed nonconformity", () => {
  const closed = (given: object = {}) =>
    raised({ state: "closed", closed_on: "2026-12-30", aims_change_needed: false, ...given });
  const action = (given: object = {}, effect: object = {}) =>
    kept("corrective_action", "CA-1", {
      state: "checked",
      nonconformity: "NC-1",
      owner: "P11",
      doer: "P21",
      done_on: "2026-10-20",
      effectiveness: { result: "effective", checked_by: "P18", checked_on: "2026-11-19", ...effect },
      ...given,
    });
  const proven = (...records: ReturnType<typeof kept>[]) =>
    holds("ca.effectiveness", [closed(), ...records], "2027-01-01")[0];

  test("has actions that were shown to work, after the wait, by someone else", () => {
    expect(proven(action())).toBe("pass");
    expect(proven()).toBe("fail");
    expect(proven(action({}, { result: "not_effective" }))).toBe("fail");
    expect(proven(action({}, { checked_on: "2026-11-18" }))).toBe("fail");
    expect(proven(action({}, { checked_by: "P11" }))).toBe("fail");
    expect(proven(action({}, { checked_by: "P21" }))).toBe("fail");
    expect(proven(action({}, { checked_by: undefined }))).toBe("fail");
    const longer = kept("organization", "ORG-1", { settings: { effectiveness_wait_days: 60 } });
    expect(proven(action(), longer)).toBe("fail");
  });
  test("may have an action that failed and was replaced", () => {
    const failed = { ...action({ state: "replaced" }, { result: "not_effective" }), ref: "CA-0" };
    expect(proven(failed, action())).toBe("pass");
    expect(proven(failed)).toBe("fail");
  });
  test("says whether the AIMS must change, and by which plan", () => {
    const says = (given: object) =>
      holds("nc.aims_changes", [closed(given), kept("change_plan", "CH-1")], "2027-01-01")[0];
    expect(says({})).toBe("pass");
    expect(says({ aims_change_needed: undefined })).toBe("fail");
    expect(says({ aims_change_needed: true })).toBe("fail");
    expect(says({ aims_change_needed: true, change_plan: "CH-1" })).toBe("pass");
  });
  test("does not come back within 12 months under another number", () => {
    const again = (given: object = {}) => ({ ...raised({ detected_on: "2027-12-30", ...given }), ref: "NC-2" });
    const repeat = (newer: ReturnType<typeof kept>, given: object = {}) =>
      answerOf("nc.no_repeat", [closed(given), newer], "2028-01-01");
    expect(repeat(again())).toMatchObject({ result: "fail", because: expect.stringContaining("NC-2") as unknown });
    expect(repeat(again({ detected_on: "2027-12-31" })).result).toBe("pass");
    expect(repeat(again({ node: "8.4" })).result).toBe("pass");
    expect(repeat(again({ root_cause: { method: "5 whys", text: "other", cause_code: "other" } })).result).toBe("pass");
    expect(repeat(again({ recurring_of: "NC-1" })).result).toBe("pass");
    expect(repeat(again({ state: "withdrawn" })).result).toBe("pass");
    expect(repeat(again(), { reopened_on: "2027-12-31" }).result).toBe("pass");
    expect(repeat(again({ detected_on: "2026-01-01" })).result).toBe("pass");
  });
});
