import { expect, test } from "vitest";
import { answerOf, holds, kept } from "../ground.testing.ts";

const issue = (ref: string, given: object = {}) =>
  kept("context_issue", ref, {
    state: "current",
    side: "external",
    relevance: "medium",
    next_review_on: "2027-06-01",
    ...given,
  });
const inside = issue("CI-02", { side: "internal" });

test("both an external and an internal issue must be current", () => {
  expect(holds("context.current", [issue("CI-01"), inside], "2026-11-23")[0]).toBe("pass");
  expect(holds("context.current", [issue("CI-01")], "2026-11-23")).toEqual(["fail", "no internal issue is current"]);
  expect(holds("context.current", [issue("CI-01"), { ...inside, state: "retired" }], "2026-11-23")[0]).toBe("fail");
  expect(holds("context.current", [], "2026-11-23")[0]).toBe("fail");
});

test("an issue is in date on the day of its review and late the day after", () => {
  const records = [issue("CI-01"), inside];
  expect(holds("context.current", records, "2027-06-01")[0]).toBe("pass");
  expect(answerOf("context.current", records, "2027-06-01").changesOn).toBe("2027-06-02");
  expect(holds("context.current", records, "2027-06-02")).toEqual([
    "fail",
    "CI-01: its review was due on 2027-06-01; CI-02: its review was due on 2027-06-01",
  ]);
});

test("an issue without a day for its review is not known to be current", () => {
  expect(holds("context.current", [issue("CI-01", { next_review_on: undefined }), inside], "2026-11-23")[0]).toBe(
    "unknown",
  );
});

const statement = (given: object = {}) =>
  kept("context_statement", "CS-01", {
    purpose: "Care",
    intended_results: ["Nobody is worse off"],
    ai_roles: [{ ai_system: "AIS-01", roles: ["user_or_deployer"] }],
    climate_decision: { relevant: false, reason: "Indoors", decided_by: "P01", decided_on: "2026-06-22" },
    ...given,
  });
const system = (ref: string, given: object = {}) =>
  kept("ai_system", ref, { state: "deployed", in_scope: true, ...given });

test("the context statement names a part for every AI system in scope", () => {
  expect(holds("context.statement", [statement(), system("AIS-01")], "2026-11-23")[0]).toBe("pass");
  expect(holds("context.statement", [statement(), system("AIS-01"), system("AIS-02")], "2026-11-23")).toEqual([
    "fail",
    "CS-01: it names no AI role for AIS-02",
  ]);
  expect(
    holds("context.statement", [statement(), system("AIS-01"), system("AIS-02", { in_scope: false })], "2026-11-23")[0],
  ).toBe("pass");
  expect(holds("context.statement", [statement({ intended_results: [] })], "2026-11-23")).toEqual([
    "fail",
    "CS-01: it does not state its intended results",
  ]);
  expect(holds("context.statement", [{ ...statement(), state: "draft" }], "2026-11-23")[0]).toBe("fail");
});

test("the climate decision says why and who, and is good for twelve months", () => {
  expect(holds("context.climate", [statement()], "2027-06-22")[0]).toBe("pass");
  expect(holds("context.climate", [statement()], "2027-06-23")[0]).toBe("fail");
  expect(
    holds(
      "context.climate",
      [statement({ climate_decision: { relevant: true, decided_by: "P01", decided_on: "2026-06-22" } })],
      "2026-11-23",
    ),
  ).toEqual(["fail", "CS-01: its climate decision does not state reason"]);
  expect(holds("context.climate", [statement({ climate_decision: undefined })], "2026-11-23")[0]).toBe("fail");
});

test("an issue of high relevance leads somewhere, or says why nothing follows", () => {
  const high = (given: object) => issue("CI-01", { relevance: "high", ...given });
  expect(holds("context.linked", [high({ leads_to: ["RSK-001"] }), kept("risk", "RSK-001")], "2026-11-23")[0]).toBe(
    "pass",
  );
  expect(holds("context.linked", [high({ no_action_reason: "Watched elsewhere" })], "2026-11-23")[0]).toBe("pass");
  expect(holds("context.linked", [high({ leads_to: ["OB-01"] }), kept("obligation", "OB-01")], "2026-11-23")[0]).toBe(
    "fail",
  );
  expect(holds("context.linked", [issue("CI-01")], "2026-11-23")[0]).toBe("not_applicable");
});

test("the latest management review has looked at changes in issues, even if there were none", () => {
  const review = (ref: string, held_on: string, inputs: object) =>
    kept("management_review", ref, { state: "approved", held_on, inputs });
  const good = review("MR-01", "2026-09-17", { issue_changes: { text: "One issue raised", as_at: "2026-09-10" } });
  expect(holds("context.reviewed_by_management", [good], "2026-11-23")[0]).toBe("pass");
  expect(
    holds(
      "context.reviewed_by_management",
      [review("MR-01", "2026-09-17", { issue_changes: { nothing_to_report_by: "P04" } })],
      "2026-11-23",
    )[0],
  ).toBe("pass");
  expect(holds("context.reviewed_by_management", [good, review("MR-02", "2026-10-17", {})], "2026-11-23")[0]).toBe(
    "fail",
  );
  expect(
    holds(
      "context.reviewed_by_management",
      [review("MR-01", "2026-09-17", { issue_changes: { text: "One" } })],
      "2026-11-23",
    ),
  ).toEqual(["fail", "MR-01: its input about changes in issues is not fixed to a day"]);
  expect(holds("context.reviewed_by_management", [], "2026-11-23")[0]).toBe("fail");
});
