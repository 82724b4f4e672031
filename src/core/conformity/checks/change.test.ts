import { expect, test } from "vitest";
import { holds, kept, type Given } from "../ground.testing.ts";

const day = "2026-11-23";
const thought = { what: "a", consequences: "b", resources: "c", responsibilities: "d" };
const change = (given: Given<"change_plan"> = {}) =>
  kept("change_plan", "CH-05", {
    state: "reviewed",
    approved_on: "2026-06-10",
    affected_records: ["SC-02"],
    ...thought,
    ...given,
  });
const scope = (given: Given<"scope_statement"> = {}) =>
  kept("scope_statement", "SC-02", { state: "approved", supersedes: "SC-01", effective_from: "2026-07-02", ...given });

test("a new edition of the scope follows from a change approved before it took effect", () => {
  expect(holds("change.planned", [scope(), change()], day)[0]).toBe("pass");
  expect(holds("change.planned", [scope()], day)).toEqual(["fail", "SC-02: no change plan speaks of it"]);
  expect(holds("change.planned", [scope(), change({ approved_on: "2026-07-02" })], day)[0]).toBe("pass");
  expect(holds("change.planned", [scope(), change({ approved_on: "2026-07-03" })], day)[0]).toBe("fail");
  expect(holds("change.planned", [scope(), change({ consequences: undefined })], day)[0]).toBe("fail");
});

test("a first edition founds and needs no change plan; an old change is past", () => {
  expect(holds("change.planned", [scope({ supersedes: undefined })], day)[0]).toBe("pass");
  expect(holds("change.planned", [scope()], "2027-07-02")[0]).toBe("fail");
  expect(holds("change.planned", [scope()], "2027-07-03")[0]).toBe("pass");
});

test("the end of a core role is planned, that of another is not asked", () => {
  const role = (role_key: string) =>
    kept("role_assignment", "ROL-1", { state: "ended", role_key, accepted_on: "2025-10-06", valid_to: "2026-09-30" });
  expect(holds("change.planned", [role("aims_manager")], day)[0]).toBe("fail");
  expect(holds("change.planned", [role("aims_manager"), change({ affected_records: ["ROL-1"] })], day)[0]).toBe("pass");
  expect(holds("change.planned", [role("aims_manager")], "2027-09-30")[0]).toBe("fail");
  expect(holds("change.planned", [role("aims_manager")], "2027-10-01")[0]).toBe("pass");
  expect(holds("change.planned", [role("employee")], day)[0]).toBe("pass");
});

test("taking a control out of the statement is planned, adding one is not asked", () => {
  const statement = kept("soa", "SOA-2", {
    state: "approved",
    supersedes: "SOA-1",
    effective_from: "2026-07-02",
    dated: "2026-07-02",
  });
  const entry = (soa: string, included: boolean) =>
    kept("soa_entry", `${soa}/A.10.4`, { soa, control_id: "A.10.4", included, state: "in_force" });
  const former = kept("soa", "SOA-1", { state: "superseded" });
  expect(holds("change.planned", [former, statement, entry("SOA-1", true), entry("SOA-2", false)], day)).toEqual([
    "fail",
    "SOA-2: it takes out A.10.4: no change plan speaks of it",
  ]);
  expect(holds("change.planned", [former, statement, entry("SOA-1", false), entry("SOA-2", true)], day)[0]).toBe(
    "pass",
  );
});

test("a change that is done is reviewed within 60 days", () => {
  const done = (given: Given<"change_plan"> = {}) => change({ state: "done", done_on: "2026-07-31", ...given });
  expect(holds("change.reviewed", [done()], "2026-09-29")[0]).toBe("pass");
  expect(holds("change.reviewed", [done()], "2026-09-30")).toEqual([
    "fail",
    "CH-05: done on 2026-07-31, and not reviewed within 60 days",
  ]);
  expect(holds("change.reviewed", [done({ state: "reviewed", review: { result: "as_planned" } })], day)[0]).toBe(
    "pass",
  );
  expect(holds("change.reviewed", [change({ state: "in_progress" })], day)[0]).toBe("not_applicable");
});
