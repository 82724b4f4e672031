import { expect, test } from "vitest";
import { answerOf, holds, kept } from "../ground.testing.ts";

const person = (ref: string, state = "active", given: object = {}) => kept("person", ref, { state, ...given });
const role = (ref: string, role_key: string, who: string, given: object = {}) =>
  kept("role_assignment", ref, { state: "accepted", role_key, person: who, valid_from: "2025-10-06", ...given });
const core = [
  person("P04"),
  person("P17"),
  person("P19"),
  role("ROL-1", "aims_manager", "P04"),
  role("ROL-2", "lead_internal_auditor", "P17"),
  role("ROL-3", "concern_handler", "P19"),
];
const system = kept("ai_system", "AIS-01", { state: "deployed", in_scope: true });
const own = role("ROL-4", "ai_system_owner", "P09", { reach: { kind: "ai_system", ai_systems: ["AIS-01"] } });

test("the three core roles and an owner for each system are held by people at work", () => {
  const whole = [...core, system, own, person("P09")];
  expect(holds("roles.core_assigned", whole, "2026-11-23")[0]).toBe("pass");
  expect(holds("roles.core_assigned", [...core, system, own, person("P09", "left")], "2026-11-23")).toEqual([
    "fail",
    "AIS-01: nobody active has accepted to own it",
  ]);
  expect(
    holds(
      "roles.core_assigned",
      whole.filter((record) => record.ref !== "ROL-3"),
      "2026-11-23",
    ),
  ).toEqual(["fail", "nobody holds the role concern_handler"]);
  const ending = whole.map((record) => (record.ref === "ROL-1" ? { ...record, valid_to: "2026-11-30" } : record));
  expect(holds("roles.core_assigned", ending, "2026-11-30")[0]).toBe("pass");
  expect(holds("roles.core_assigned", ending, "2026-12-01")[0]).toBe("fail");
});

test("somebody keeps the AIMS conforming and somebody reports on it", () => {
  const both = role("ROL-1", "aims_manager", "P04", {
    authorities: ["ensure AIMS conformity", "report AIMS performance to top management"],
  });
  expect(holds("roles.two_duties", [both], "2026-11-23")[0]).toBe("pass");
  expect(holds("roles.two_duties", [{ ...both, authorities: ["ensure AIMS conformity"] }], "2026-11-23")).toEqual([
    "fail",
    'no accepted role carries "report AIMS performance to top management"',
  ]);
  expect(holds("roles.two_duties", [{ ...both, state: "proposed" }], "2026-11-23")[0]).toBe("fail");
});

test("a proposed role is accepted within thirty days", () => {
  const proposed = role("ROL-9", "risk_owner", "P06", { state: "proposed", state_since: "2026-10-24" });
  expect(holds("roles.accepted", [proposed], "2026-11-23")[0]).toBe("pass");
  expect(holds("roles.accepted", [proposed], "2026-11-24")[0]).toBe("fail");
  expect(answerOf("roles.accepted", [proposed], "2026-11-23").changesOn).toBe("2026-11-24");
});

const of = (systems: string[]) => ({ reach: { kind: "ai_system", ai_systems: systems } });

test("roles that must be kept apart do not meet in one person for the same scope", () => {
  const assessor = (given: object = {}) => role("ROL-5", "impact_assessor", "P09", given);
  const owner = role("ROL-4", "ai_system_owner", "P09", of(["AIS-01"]));
  expect(holds("roles.no_conflict", [person("P09"), owner, assessor()], "2026-11-23")[0]).toBe("fail");
  expect(holds("roles.no_conflict", [person("P09"), owner, assessor(of(["AIS-01", "AIS-02"]))], "2026-11-23")[0]).toBe(
    "fail",
  );
  expect(holds("roles.no_conflict", [person("P09"), owner, assessor(of(["AIS-02"]))], "2026-11-23")[0]).toBe("pass");
  expect(
    holds(
      "roles.no_conflict",
      [person("P09"), person("P23"), owner, { ...assessor(), person: "P23" }],
      "2026-11-23",
    )[0],
  ).toBe("pass");
  expect(
    holds("roles.no_conflict", [person("P09"), owner, assessor({ valid_to: "2026-11-22" })], "2026-11-23")[0],
  ).toBe("pass");
});

test("an exception allows a pair until its last day, when it says what is done instead", () => {
  const pair = [person("P09"), own, role("ROL-5", "impact_assessor", "P09")];
  const exception = (given: object = {}) =>
    kept("exception", "EX-03", {
      state: "granted",
      about: ["ROL-5"],
      compensating_measures: "A peer looks twice a year",
      valid_until: "2026-11-30",
      ...given,
    });
  expect(holds("roles.no_conflict", [...pair, exception()], "2026-11-30")[0]).toBe("pass");
  expect(holds("roles.no_conflict", [...pair, exception()], "2026-12-01")[0]).toBe("fail");
  expect(holds("roles.no_conflict", [...pair, exception({ compensating_measures: undefined })], "2026-11-23")[0]).toBe(
    "fail",
  );
  expect(holds("roles.no_conflict", [...pair, exception({ about: ["ROL-9"] })], "2026-11-23")[0]).toBe("fail");
});

test("who has left owns nothing live after ten working days", () => {
  const gone = person("P26", "left", { state_since: "2026-09-30" });
  const risk = kept("risk", "RSK-001", { owner: "P26" });
  expect(holds("roles.no_orphans", [gone, risk], "2026-10-14")[0]).toBe("pass");
  expect(answerOf("roles.no_orphans", [gone, risk], "2026-10-14").changesOn).toBe("2026-10-15");
  expect(holds("roles.no_orphans", [gone, risk], "2026-10-15")).toEqual([
    "fail",
    "P26: left since 2026-09-30 and still the owner of RSK-001",
  ]);
  expect(holds("roles.no_orphans", [gone, { ...risk, state: "closed" }], "2026-10-15")[0]).toBe("pass");
  expect(
    holds(
      "roles.no_orphans",
      [gone, kept("document", "DOC-01", { state: "effective", owner: "P26" })],
      "2026-10-15",
    )[0],
  ).toBe("fail");
});

test("every duty area of a system in scope has a holder, for the system or for all", () => {
  const all = role("ROL-6", "risk_owner", "P05", {
    duty_areas: [
      "risk",
      "impact_assessment",
      "data_quality",
      "security",
      "safety",
      "privacy",
      "human_oversight",
      "development",
      "performance",
      "supplier",
    ],
  });
  const legal = role("ROL-7", "legal_advisor", "P14", { duty_areas: ["legal"], ...of(["AIS-01"]) });
  expect(holds("roles.lifecycle", [system, all, legal], "2026-11-23")[0]).toBe("pass");
  expect(holds("roles.lifecycle", [system, all], "2026-11-23")).toEqual(["fail", "AIS-01: nobody is named for legal"]);
  expect(
    holds(
      "roles.lifecycle",
      [system, all, { ...legal, reach: { kind: "ai_system", ai_systems: ["AIS-02"] } }],
      "2026-11-23",
    )[0],
  ).toBe("fail");
  expect(holds("roles.lifecycle", [{ ...system, in_scope: false }], "2026-11-23")[0]).toBe("not_applicable");
});
