import { expect, test } from "vitest";
import { answerOf, approved, holds, kept, type Given } from "../ground.testing.ts";

const day = "2026-11-23";
const plan = { actions: "a", resources: "b", responsible: "P12", deadline: "2026-12-31", evaluation_method: "c" };
const target = { measure: "MS-02", baseline: 4.6, operator: "at_most", value: 3, by: "2026-12-31" };
const objective = (given: Given<"objective"> = {}) =>
  kept("objective", "OBJ-2", {
    state: "in_progress",
    level: "organisation",
    objective_kind: "responsible_development",
    policy: "POL-01",
    policy_statement: "The same safety",
    risks: ["RSK-001"],
    targets: [target],
    plan,
    ...given,
  });
const measure = (given: Given<"measure"> = {}) =>
  kept("measure", "MS-02", { state: "active", frequency: "monthly", evaluated_by: "P02", ...given });
const value = (collected_on: string, given: Given<"measurement"> = {}) =>
  kept("measurement", `MV-${collected_on}`, {
    state: "recorded",
    measure: "MS-02",
    value: 2.7,
    collected_on,
    ...given,
  });

test("an objective of the organisation is approved for the present time", () => {
  expect(holds("objective.exists", [objective(), approved(objective())], "2026-12-31")[0]).toBe("pass");
  expect(holds("objective.exists", [objective(), approved(objective())], "2027-01-01")[0]).toBe("fail");
  expect(holds("objective.exists", [objective()], day)[0]).toBe("fail");
  const unit = objective({ level: "unit" });
  expect(holds("objective.exists", [unit, approved(unit)], day)[0]).toBe("fail");
});

test("an objective serves a sentence of the policy and a requirement, and is measured or says why not", () => {
  expect(holds("objective.complete", [objective()], day)[0]).toBe("pass");
  expect(holds("objective.complete", [objective({ policy_statement: undefined })], day)[0]).toBe("fail");
  expect(holds("objective.complete", [objective({ risks: [] })], day)[0]).toBe("fail");
  expect(holds("objective.complete", [objective({ targets: [] })], day)[0]).toBe("fail");
  expect(holds("objective.complete", [objective({ targets: [], not_measurable_reason: "culture" })], day)[0]).toBe(
    "pass",
  );
  expect(holds("objective.complete", [objective({ targets: [{ ...target, baseline: undefined }] })], day)[0]).toBe(
    "fail",
  );
  expect(holds("objective.complete", [], day)[0]).toBe("fail");
});

test("its plan says what, with what, who, by when and how judged", () => {
  expect(holds("objective.plan", [objective()], day)[0]).toBe("pass");
  expect(holds("objective.plan", [objective({ plan: { ...plan, resources: undefined } })], day)).toEqual([
    "fail",
    "OBJ-2: its plan does not say resources",
  ]);
});

test("an objective in progress is measured within one and a half times its frequency", () => {
  expect(holds("objective.tracked", [objective(), measure(), value("2026-10-09")], day)[0]).toBe("pass");
  expect(holds("objective.tracked", [objective(), measure(), value("2026-10-09")], "2026-11-24")[0]).toBe("fail");
  expect(answerOf("objective.tracked", [objective(), measure(), value("2026-10-09")], day).changesOn).toBe(
    "2026-11-24",
  );
  expect(holds("objective.tracked", [objective(), measure()], day)).toEqual([
    "fail",
    "OBJ-2: MS-02 was never measured",
  ]);
  expect(
    holds("objective.tracked", [objective(), measure(), value("2026-11-10", { state: "superseded" })], day)[0],
  ).toBe("fail");
  expect(
    holds("objective.tracked", [objective(), measure({ frequency: undefined }), value("2026-11-10")], day)[0],
  ).toBe("unknown");
  expect(
    holds("objective.tracked", [objective(), measure({ evaluated_by: undefined }), value("2026-11-10")], day)[0],
  ).toBe("fail");
  expect(holds("objective.tracked", [objective({ state: "achieved" })], day)[0]).toBe("not_applicable");
});

test("those responsible were told", () => {
  const told = (state: string) => kept("communication_event", "CE-02", { state, about: ["OBJ-2"] });
  expect(holds("objective.communicated", [objective(), told("sent")], day)[0]).toBe("pass");
  expect(holds("objective.communicated", [objective(), told("planned")], day)[0]).toBe("fail");
  expect(holds("objective.communicated", [objective({ communicated_to: ["P12"] })], day)[0]).toBe("pass");
  expect(holds("objective.communicated", [objective({ communicated_to: ["P02"] })], day)[0]).toBe("fail");
});

test("each system under development takes up the objectives of responsible development", () => {
  const system = (given: Given<"ai_system"> = {}) =>
    kept("ai_system", "AIS-07", { state: "development", in_scope: true, ...given });
  expect(holds("dev.objectives", [objective()], day)[0]).toBe("pass");
  expect(holds("dev.objectives", [objective({ objective_kind: "aims" })], day)[0]).toBe("fail");
  expect(holds("dev.objectives", [objective(), system()], day)[0]).toBe("fail");
  expect(holds("dev.objectives", [objective(), system({ state: "deployed" })], day)[0]).toBe("pass");
  const tested = kept("evaluation", "EV-01", {
    state: "planned",
    ai_system: "AIS-07",
    related: [{ relation: "measures", record: "OBJ-2" }],
  });
  expect(holds("dev.objectives", [objective(), system(), tested], day)[0]).toBe("pass");
  const required = kept("document", "DOC-21", {
    state: "effective",
    related: [{ relation: "implements", record: "OBJ-2" }],
  });
  expect(holds("dev.objectives", [objective(), system({ requirements_doc: "DOC-21" }), required], day)[0]).toBe("pass");
});

test("each tier 1 system in use has an objective of responsible use", () => {
  const use = (given: Given<"objective"> = {}) =>
    objective({ objective_kind: "responsible_use", ai_systems: ["AIS-02"], ...given });
  const system = (given: Given<"ai_system"> = {}) =>
    kept("ai_system", "AIS-02", { state: "deployed", in_scope: true, tier: 1, ...given });
  expect(holds("use.objectives", [use(), system()], day)[0]).toBe("pass");
  expect(holds("use.objectives", [use({ ai_systems: [] }), system()], day)[0]).toBe("fail");
  expect(holds("use.objectives", [use({ ai_systems: [] }), system({ tier: 2 })], day)[0]).toBe("pass");
  expect(holds("use.objectives", [use({ targets: [] }), system()], day)[0]).toBe("fail");
});
