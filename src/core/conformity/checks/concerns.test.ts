import { describe, expect, test } from "vitest";
import { holds, kept } from "../ground.testing.ts";

// 2026-10-27 is a Tuesday.
const concern = (given: object = {}) =>
  kept("concern", "CN-01", { received_on: "2026-10-27", text: "the secret", ...given });
const timely = (day: string, given: object = {}, ...more: ReturnType<typeof kept>[]) =>
  holds("concern.timely", [concern(given), ...more], day)[0];

describe("a concern", () => {
  test("is acknowledged by the fifth working day", () => {
    expect(timely("2026-11-03")).toBe("pass");
    expect(timely("2026-11-04")).toBe("fail");
    expect(timely("2026-11-04", { acknowledged_on: "2026-11-03" })).toBe("pass");
    expect(timely("2026-11-06", { acknowledged_on: "2026-11-05" })).toBe("fail");
  });
  test("is answered or escalated by the thirtieth day", () => {
    const given = { acknowledged_on: "2026-10-28" };
    expect(timely("2026-11-26", given)).toBe("pass");
    expect(timely("2026-11-27", given)).toBe("fail");
    expect(timely("2026-11-27", { ...given, answer_given_on: "2026-11-26" })).toBe("pass");
    expect(timely("2026-11-28", { ...given, answer_given_on: "2026-11-27" })).toBe("fail");
    expect(timely("2026-11-28", { ...given, escalated_on: "2026-11-26" })).toBe("pass");
  });
  test("has the days that the organisation chose", () => {
    const slow = kept("organization", "ORG-1", {
      settings: { concern_acknowledge_working_days: 7, concern_answer_days: 60 },
    });
    expect(timely("2026-12-26", { acknowledged_on: "2026-11-05" }, slow)).toBe("pass");
    expect(timely("2026-12-27", { acknowledged_on: "2026-11-05" }, slow)).toBe("fail");
  });
  test("that is a trial is not asked, and one without a day is unknown", () => {
    expect(timely("2026-12-31", { test_report: true })).toBe("not_applicable");
    expect(timely("2026-12-31", { received_on: undefined })).toBe("unknown");
  });
  test("is not told about in the reason", () => {
    expect(holds("concern.timely", [concern({ reporter: "P20" })], "2026-12-31")[1]).not.toMatch(/secret|P20/);
  });
});

test("who is named in a concern, or owns the system, does not handle it", () => {
  const system = kept("ai_system", "AIS-03", { owner: "P06" });
  const says = (given: object) => holds("concern.impartial", [concern(given), system], "2026-11-23")[0];
  expect(says({})).toBe("not_applicable");
  expect(says({ handler: "P19", named_people: ["P06"], ai_systems: ["AIS-03"] })).toBe("pass");
  expect(says({ handler: "P19", named_people: ["P19"] })).toBe("fail");
  expect(says({ handler: "P06", ai_systems: ["AIS-03"] })).toBe("fail");
  expect(
    holds("concern.impartial", [concern({ handler: "P19", named_people: ["P19"] })], "2026-11-23")[1],
  ).not.toContain("P19");
});
