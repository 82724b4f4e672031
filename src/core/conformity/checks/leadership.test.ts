import { expect, test } from "vitest";
import { answerOf, holds, kept } from "../ground.testing.ts";

const chief = kept("person", "P01", { state: "active" });
const top = (given: object = {}, ref = "ROL-001") =>
  kept("role_assignment", ref, {
    state: "accepted",
    role_key: "top_management",
    person: "P01",
    valid_from: "2025-10-06",
    ...given,
  });

test("top management holds the whole scope, and is at work", () => {
  expect(holds("leadership.assigned", [chief, top()], "2026-11-23")[0]).toBe("pass");
  expect(
    holds("leadership.assigned", [chief, top({ reach: { kind: "org_unit", org_unit: "Clinical" } })], "2026-11-23")[0],
  ).toBe("fail");
  expect(holds("leadership.assigned", [{ ...chief, state: "left" }, top()], "2026-11-23")[0]).toBe("fail");
  expect(holds("leadership.assigned", [chief, top({ state: "proposed" })], "2026-11-23")[0]).toBe("fail");
});

test("an assignment holds on its last day and not after", () => {
  const ending = top({ valid_to: "2026-11-30" });
  expect(holds("leadership.assigned", [chief, ending], "2026-11-30")[0]).toBe("pass");
  expect(holds("leadership.assigned", [chief, ending], "2026-12-01")[0]).toBe("fail");
});

const decided = (ref: string, about: string, given: object = {}) =>
  kept("approval", ref, {
    about,
    decision: "approve",
    person: "P01",
    as_role: "top_management",
    decided_at: "2026-02-01T10:00:00.000Z",
    ...given,
  });
const policy = kept("policy", "POL-01", { policy_kind: "ai_policy" });
const review = kept("management_review", "MR-01", { chair: "P01" });
const resource = kept("resource", "RES-01", { state: "approved" });
const engaged = [
  chief,
  top(),
  policy,
  review,
  resource,
  decided("APR-1", "POL-01"),
  decided("APR-2", "MR-01", { as_role: "chair" }),
  decided("APR-3", "RES-01", { as_role: "decide resources" }),
];

test("top management has decided on policy, review and resources in the past twelve months", () => {
  expect(holds("leadership.engaged", engaged, "2027-02-01")[0]).toBe("pass");
  expect(holds("leadership.engaged", engaged, "2027-02-02")[0]).toBe("fail");
  for (const missing of ["APR-1", "APR-2", "APR-3"])
    expect(
      holds(
        "leadership.engaged",
        engaged.filter((record) => record.ref !== missing),
        "2026-11-23",
      )[0],
    ).toBe("fail");
});

test("a refused request for resources is a decision, a rejected policy is no approval", () => {
  const refused = engaged.map((record) => (record.ref === "APR-3" ? { ...record, decision: "reject" } : record));
  expect(holds("leadership.engaged", refused, "2026-11-23")[0]).toBe("pass");
  const rejected = engaged.map((record) => (record.ref === "APR-1" ? { ...record, decision: "reject" } : record));
  expect(holds("leadership.engaged", rejected, "2026-11-23")[0]).toBe("fail");
});

test("no decision waits for top management longer than thirty days", () => {
  const asked = kept("resource", "RES-09", { state: "requested", requested_on: "2026-10-12", waits_for: "P03" });
  expect(holds("leadership.prompt", [asked], "2026-11-11")[0]).toBe("pass");
  expect(answerOf("leadership.prompt", [asked], "2026-11-11").changesOn).toBe("2026-11-12");
  expect(holds("leadership.prompt", [asked], "2026-11-12")).toEqual([
    "fail",
    "RES-09: waiting since 2026-10-12 for P03",
  ]);
  expect(holds("leadership.prompt", [{ ...asked, state: "refused" }], "2026-11-23")[0]).toBe("pass");
  const scope = kept("scope_statement", "SC-01", { state: "in_approval", state_since: "2026-10-12" });
  expect(holds("leadership.prompt", [scope], "2026-11-23")[0]).toBe("fail");
});

test("a decision that waits for somebody else is not top management's", () => {
  const task = kept("task", "TSK-001", {
    state: "open",
    task_kind: "decision",
    assignee: "P01",
    created_at: "2026-10-01T09:00:00.000Z",
  });
  expect(holds("leadership.prompt", [chief, top(), task], "2026-11-23")[0]).toBe("fail");
  expect(holds("leadership.prompt", [chief, top({ role_key: "risk_owner" }), task], "2026-11-23")[0]).toBe("pass");
});

const scope = (given: object = {}) =>
  kept("scope_statement", "SC-01", {
    state: "approved",
    org_units: ["Radiology"],
    planning_confirmed: { by: "P01", on: "2026-09-17" },
    ...given,
  });
const process = kept("aims_process", "PR-01", { planned_by_units: ["Radiology"] });

test("every unit plans the AIMS with its business, and a person says so once a year", () => {
  expect(holds("leadership.integrated", [scope(), process], "2027-09-17")[0]).toBe("pass");
  expect(holds("leadership.integrated", [scope(), process], "2027-09-18")[0]).toBe("unknown");
  expect(holds("leadership.integrated", [scope({ planning_confirmed: undefined }), process], "2026-11-23")[0]).toBe(
    "unknown",
  );
  expect(
    holds("leadership.integrated", [scope({ org_units: ["Radiology", "People"] }), process], "2026-11-23"),
  ).toEqual(["fail", "SC-01: no objective or process of the AIMS is in the planning of People"]);
});

test("somebody of top management said in the past twelve months why it matters", () => {
  const told = (given: object = {}) =>
    kept("communication_event", "CE-01", {
      state: "sent",
      happened_on: "2026-02-02",
      by: ["P01"],
      about: ["POL-01"],
      ...given,
    });
  expect(holds("leadership.spoke", [chief, top(), policy, told()], "2027-02-02")[0]).toBe("pass");
  expect(holds("leadership.spoke", [chief, top(), policy, told()], "2027-02-03")[0]).toBe("fail");
  expect(holds("leadership.spoke", [chief, top(), policy, told({ about: [] })], "2026-11-23")[0]).toBe("fail");
  expect(holds("leadership.spoke", [chief, top(), policy, told({ by: ["P04"] })], "2026-11-23")[0]).toBe("fail");
  expect(holds("leadership.spoke", [chief, top(), policy, told({ state: "planned" })], "2026-11-23")[0]).toBe("fail");
});
