import { expect, test } from "vitest";
import { answerOf, approved, holds, kept, type Given } from "../ground.testing.ts";

const day = "2026-11-23";
const system = (given: Given<"ai_system"> = {}) =>
  kept("ai_system", "AIS-03", { state: "deployed", in_scope: true, tier: 1, ...given });
const score = { likelihood: 2, individuals: 5, groups: 4, society: 3, organisation: 3, level: 10, band: "medium" };
const risk = (given: Given<"risk"> = {}, ref = "RSK-001") =>
  kept("risk", ref, {
    state: "assessed",
    risk_kind: "threat",
    about: "ai_system",
    ai_systems: ["AIS-03"],
    owner: "P06",
    current: score,
    criteria_version: "RC-02",
    assessed_on: "2026-10-21",
    assessors: ["P06"],
    assessments: [{ on: "2026-10-21" }],
    ...given,
  });
const steps = [{ level: 1, name: "none" }];
const criteria = (given: Given<"risk_criteria"> = {}) =>
  kept("risk_criteria", "RC-02", {
    state: "approved",
    consequence: { individuals: steps, groups: steps, society: steps, organisation: steps },
    bands: { low_to: 5, medium_to: 12, high_to: 19 },
    acceptable_to: "low",
    ...given,
  });

test("approved criteria with bands and four scales tell acceptable from unacceptable", () => {
  expect(holds("risks.criteria", [criteria(), approved(criteria())], day)[0]).toBe("pass");
  expect(holds("risks.criteria", [criteria()], day)[0]).toBe("fail");
  const narrow = criteria({ consequence: { organisation: steps } });
  expect(holds("risks.criteria", [narrow, approved(narrow)], day)[0]).toBe("fail");
  const draft = criteria({ state: "draft" });
  expect(holds("risks.criteria", [draft, approved(draft)], day)[0]).toBe("fail");
});

const ofAims = risk({ about: "aims", ai_systems: [] }, "RSK-011");
const chance = risk({ risk_kind: "opportunity" }, "RSK-012");

test("the list holds a threat to the AIMS, one to each system and an opportunity", () => {
  expect(holds("risks.both_kinds", [system(), risk(), ofAims, chance], day)[0]).toBe("pass");
  expect(holds("risks.both_kinds", [system(), risk(), ofAims], day)).toEqual(["fail", "no opportunity is on the list"]);
  expect(holds("risks.both_kinds", [system(), risk(), chance], day)[0]).toBe("fail");
  expect(holds("risks.both_kinds", [system(), ofAims, chance], day)).toEqual([
    "fail",
    "AIS-03: no threat is named for it",
  ]);
  expect(holds("risks.both_kinds", [system({ in_scope: false }), ofAims, chance], day)[0]).toBe("pass");
  expect(
    holds("risks.both_kinds", [system(), risk(), risk({ about: "aims", state: "closed" }, "RSK-011"), chance], day)[0],
  ).toBe("fail");
});

const plan = (given: Given<"treatment_plan"> = {}) =>
  kept("treatment_plan", "TP-01", {
    state: "in_progress",
    risks: ["RSK-001"],
    actions: [{ what: "retrain", who: "P12", due: "2026-12-18" }],
    effectiveness_criterion: "gap at most 1.0",
    ...given,
  });

test("a risk above the line has an action with someone, a day and a wanted effect", () => {
  expect(holds("risks.actions_planned", [criteria(), risk(), plan()], day)[0]).toBe("pass");
  expect(holds("risks.actions_planned", [criteria(), risk()], day)).toEqual([
    "fail",
    "RSK-001: no treatment plan is about it",
  ]);
  expect(holds("risks.actions_planned", [criteria(), risk(), plan({ state: "withdrawn" })], day)[0]).toBe("fail");
  expect(
    holds("risks.actions_planned", [criteria(), risk(), plan({ effectiveness_criterion: undefined })], day)[0],
  ).toBe("fail");
  expect(
    holds("risks.actions_planned", [criteria(), risk(), plan({ actions: [{ what: "retrain", who: "P12" }] })], day)[0],
  ).toBe("fail");
  expect(holds("risks.actions_planned", [criteria({ acceptable_to: "medium" }), risk()], day)[0]).toBe("pass");
  expect(holds("risks.actions_planned", [], day)[0]).toBe("not_applicable");
});

test("what is pursued needs a plan as well", () => {
  const pursued = risk({ risk_kind: "opportunity", treatment_option: "pursue", current: undefined });
  expect(holds("risks.actions_planned", [pursued], day)[0]).toBe("fail");
  expect(holds("risks.actions_planned", [pursued, plan()], day)[0]).toBe("pass");
});

test("a retained risk needs no plan until the day on which its acceptance ends", () => {
  const retained = risk({
    state: "accepted",
    treatment_option: "retain",
    acceptance: { by: "P05", on: "2026-06-16", expires_on: "2026-12-01" },
  });
  expect(holds("risks.actions_planned", [criteria(), retained], "2026-12-01")[0]).toBe("pass");
  expect(holds("risks.actions_planned", [criteria(), retained], "2026-12-02")[0]).toBe("fail");
  expect(answerOf("risks.actions_planned", [criteria(), retained], day).changesOn).toBe("2026-12-02");
});

test("an assessment gives likelihood, each consequence, level, criteria, assessor and day", () => {
  expect(holds("risk.assessed", [risk()], day)[0]).toBe("pass");
  expect(holds("risk.assessed", [risk({ current: { ...score, society: undefined } })], day)).toEqual([
    "fail",
    "RSK-001: its assessment lacks consequence for society",
  ]);
  expect(holds("risk.assessed", [risk({ assessors: [] })], day)[0]).toBe("fail");
  expect(
    holds("risk.assessed", [risk({ about: "aims", current: { likelihood: 3, organisation: 3, level: 9 } })], day)[0],
  ).toBe("pass");
  expect(
    holds(
      "risk.assessed",
      [risk({ risk_kind: "opportunity", inherent: { likelihood: 3, benefit: 4, level: 12 } })],
      day,
    )[0],
  ).toBe("pass");
  expect(holds("risk.assessed", [risk({ state: "identified", current: undefined })], day)).toEqual([
    "fail",
    "no risk is assessed",
  ]);
});

test("a system's risks are assessed after its last change", () => {
  expect(holds("risk.coverage", [system({ last_material_change_on: "2026-10-05" }), risk()], day)[0]).toBe("pass");
  expect(holds("risk.coverage", [system({ last_material_change_on: "2026-10-21" }), risk()], day)[0]).toBe("pass");
  expect(holds("risk.coverage", [system({ last_material_change_on: "2026-10-22" }), risk()], day)[0]).toBe("fail");
  expect(holds("risk.coverage", [system()], day)).toEqual(["fail", "AIS-03: none of its risks is assessed"]);
  expect(holds("risk.coverage", [system({ state: "idea" })], day)[0]).toBe("not_applicable");
});

test("a score by superseded criteria is renewed within 90 days", () => {
  const old = criteria({ state: "superseded", state_since: "2026-02-16" });
  expect(holds("risk.consistent", [old, risk()], "2026-05-17")[0]).toBe("pass");
  expect(holds("risk.consistent", [old, risk()], "2026-05-18")[0]).toBe("fail");
  expect(holds("risk.consistent", [criteria(), risk()], day)[0]).toBe("pass");
});

const person = (state = "active") => kept("person", "P06", { state });
const duty = kept("role_assignment", "ROL-1", { state: "accepted", person: "P06", role_key: "risk_owner" });

test("a risk has an owner who is here and has a role, and is not alone above the line where treatment is a must", () => {
  expect(holds("risk.owner", [person(), duty, criteria(), risk()], day)[0]).toBe("pass");
  expect(holds("risk.owner", [person("left"), duty, risk()], day)).toEqual(["fail", "RSK-001: its owner P06 is left"]);
  expect(holds("risk.owner", [person(), risk()], day)[0]).toBe("fail");
  expect(holds("risk.owner", [person(), duty, risk({ owner: undefined })], day)).toEqual([
    "fail",
    "RSK-001: it has no owner",
  ]);
  const high = { current: { ...score, likelihood: 4, individuals: 4, band: "high" } };
  expect(holds("risk.owner", [person(), duty, criteria(), risk(high)], day)[0]).toBe("fail");
  expect(holds("risk.owner", [person(), duty, criteria(), risk({ ...high, assessors: ["P06", "P23"] })], day)[0]).toBe(
    "pass",
  );
});

test("a severe impact is linked to a risk", () => {
  const assessment = (row: object) =>
    kept("impact_assessment", "IA-03", {
      state: "approved",
      impacts_on_people: [{ area: "fairness", severity: 4, likelihood: 2, ...row }],
    });
  expect(holds("risk.uses_impacts", [assessment({ risk: "RSK-001" })], day)[0]).toBe("pass");
  expect(holds("risk.uses_impacts", [assessment({})], day)).toEqual([
    "fail",
    "IA-03: severe impacts without a risk: fairness (4)",
  ]);
  expect(holds("risk.uses_impacts", [assessment({ severity: 3 })], day)[0]).toBe("pass");
});

const procedure = (given: Given<"document"> = {}) =>
  kept("document", "DOC-01", {
    state: "effective",
    doc_kind: "procedure",
    covers_nodes: ["6.1.2"],
    topics: ["method"],
    next_review_on: "2028-02-16",
    ...given,
  });

test("an approved procedure within its review date says how risks are assessed", () => {
  expect(holds("risk.process", [procedure(), approved(procedure())], "2028-02-16")[0]).toBe("pass");
  expect(holds("risk.process", [procedure(), approved(procedure())], "2028-02-17")[0]).toBe("fail");
  expect(holds("risk.process", [procedure()], day)[0]).toBe("fail");
  const silent = procedure({ topics: [] });
  expect(holds("risk.process", [silent, approved(silent)], day)[0]).toBe("fail");
  const draft = procedure({ state: "draft" });
  expect(holds("risk.process", [draft, approved(draft)], day)[0]).toBe("fail");
});

test("the risks of a tier 1 system are assessed every six months, of others every twelve", () => {
  const assessed = risk({ assessed_on: "2026-06-09" });
  expect(holds("risk.periodic", [system(), assessed], "2026-12-09")[0]).toBe("pass");
  expect(holds("risk.periodic", [system(), assessed], "2026-12-10")[0]).toBe("fail");
  expect(holds("risk.periodic", [system({ tier: 2 }), assessed], "2027-06-09")[0]).toBe("pass");
  expect(holds("risk.periodic", [system({ tier: 2 }), assessed], "2027-06-10")[0]).toBe("fail");
  expect(holds("risk.periodic", [system({ tier: 3 }), assessed], "2027-06-10")[0]).toBe("fail");
  expect(
    holds("risk.periodic", [system(), assessed, criteria({ review_months: { tier_1: 3 } })], "2026-09-10")[0],
  ).toBe("fail");
  expect(answerOf("risk.periodic", [system(), assessed], day).changesOn).toBe("2026-12-10");
});

test("a change that calls for it has its risks assessed before it is approved", () => {
  const change = (given: Given<"change_plan"> = {}) =>
    kept("change_plan", "CH-01", {
      state: "approved",
      risk_review_needed: true,
      approved_on: "2026-10-30",
      risks: ["RSK-001"],
      ...given,
    });
  expect(holds("risk.on_change", [change(), risk()], day)[0]).toBe("pass");
  expect(holds("risk.on_change", [change({ approved_on: "2026-10-20" }), risk()], day)[0]).toBe("fail");
  expect(holds("risk.on_change", [change({ approved_on: "2027-10-21" }), risk()], day)[0]).toBe("pass");
  expect(holds("risk.on_change", [change({ approved_on: "2027-10-22" }), risk()], day)[0]).toBe("fail");
  expect(holds("risk.on_change", [change({ risk_review_needed: false }), risk({ assessments: [] })], day)[0]).toBe(
    "pass",
  );
  expect(holds("risk.on_change", [change({ risks: [] }), risk()], day)[0]).toBe("fail");
  expect(holds("risk.on_change", [change({ approved_on: undefined })], day)[0]).toBe("pass");
});

test("a release that calls for it has the system's risks assessed before", () => {
  const release = (approved_on: string) =>
    kept("release", "REL-03", { state: "approved", ai_system: "AIS-03", risk_review_needed: true, approved_on });
  expect(holds("risk.on_change", [system(), release("2026-10-21"), risk()], day)[0]).toBe("pass");
  expect(holds("risk.on_change", [system(), release("2026-10-20"), risk()], day)[0]).toBe("fail");
});

test("after a grave incident the risks are assessed again within 30 days", () => {
  const incident = (given: Given<"incident"> = {}) =>
    kept("incident", "INC-01", {
      state: "resolved",
      ai_system: "AIS-03",
      severity: "high",
      detected_on: "2026-09-29",
      ...given,
    });
  expect(holds("risk.on_change", [system(), incident(), risk()], day)[0]).toBe("pass");
  const stale = risk({ assessments: [{ on: "2026-09-28" }] });
  expect(holds("risk.on_change", [system(), incident(), stale], "2026-10-29")[0]).toBe("pass");
  expect(holds("risk.on_change", [system(), incident(), stale], "2026-10-30")[0]).toBe("fail");
  expect(holds("risk.on_change", [system(), incident({ severity: "moderate" }), stale], day)[0]).toBe("pass");
});
