import { expect, test } from "vitest";
import type { AnyRecord } from "#core/records/kind.ts";
import { answerOf, approved, holds, kept } from "../ground.testing.ts";

const day = "2026-11-23";
const system = (change: Record<string, unknown> = {}) =>
  kept("ai_system", "AIS-03", { state: "deployed", in_scope: true, tier: 1, acquisition: "in_house", ...change });
const test_ = (ref: string, kind: string, change: Record<string, unknown> = {}) =>
  kept("evaluation", ref, {
    state: "reported",
    ai_system: "AIS-03",
    evaluation_kind: kind,
    criteria: [{ metric: "m", threshold: "≤ 1" }],
    criteria_set_on: "2026-05-04",
    results_on: "2026-05-05",
    passed: true,
    ...change,
  });
const all = ["performance", "fairness", "robustness", "security", "human_factors"];
const tests = (...kinds: string[]) => kinds.map((kind, position) => test_(`EV-0${position + 1}`, kind));
const plan = {
  environment: "production",
  components: ["score"],
  conditions: [{ text: "briefed", met_on: "2026-06-05" }],
  rollback: "version before",
  told: ["nurses"],
};
const release = (change: Record<string, unknown> = {}) =>
  kept("release", "REL-03", {
    state: "deployed",
    ai_system: "AIS-03",
    approved_on: "2026-06-05",
    deployed_on: "2026-06-08",
    built_by: ["P12", "P11"],
    deployment_plan: plan,
    ...change,
  });
const approval = (record: AnyRecord, change: Record<string, unknown> = {}) =>
  approved(record, { as_role: "approve release", person: "P02", decided_at: "2026-06-08T09:00:00.000Z", ...change });

const procedure = kept("document", "DOC-03", {
  state: "effective",
  doc_kind: "procedure",
  covers_nodes: ["A.6.1.3"],
  topics: ["life_cycle_stages", "testing", "oversight", "release_approval", "change_control"],
  next_review_on: day,
});
const gates = {
  scope_decision: { reason: "ours", by: "P04", on: "2025-10-20" },
  screening: { result: "full", on: "2025-12-10" },
  legal_class: { eu_ai_act: "minimal", on: "2025-12-10" },
  requirements_doc: "DOC-23",
  human_oversight: { who: "nurse" },
  fallback: "paper",
};
const requirements = kept("document", "DOC-23", { state: "approved" });

test("the way of development is written down and within its review", () => {
  const ground = [procedure, approved(procedure)];
  expect(holds("dev.process", ground, day)[0]).toBe("pass");
  expect(holds("dev.process", ground, "2026-11-24")[0]).toBe("fail");
  expect(holds("dev.process", [procedure], day)[0]).toBe("fail");
});

test("a system developed here left each stage by a record of its gate", () => {
  const through = (change: Record<string, unknown> = {}, ...more: AnyRecord[]) =>
    holds("dev.process", [procedure, approved(procedure), system({ ...gates, ...change }), ...more], day);
  expect(through({}, requirements, release())[0]).toBe("pass");
  expect(through({ scope_decision: { reason: "ours" } }, requirements, release())[0]).toBe("fail");
  expect(through({ screening: undefined }, requirements, release())[0]).toBe("fail");
  expect(through({}, kept("document", "DOC-23", { state: "draft" }), release())[1]).toContain("approved requirements");
  expect(through({ fallback: undefined }, requirements, release())[0]).toBe("fail");
  expect(through({}, requirements, release({ approved_on: undefined }))).toEqual([
    "fail",
    "AIS-03: verification was left without an approved release",
  ]);
  // It asks for no gate that lies ahead.
  expect(through({ state: "design", screening: undefined, fallback: undefined })[0]).toBe("pass");
  expect(through({ acquisition: "service", scope_decision: undefined })[0]).toBe("pass");
});

test("the kinds of test that a tier requires are planned with criteria set beforehand", () => {
  const planned = (tier: number, ...kinds: string[]) =>
    holds("eval.planned", [system({ tier }), ...tests(...kinds)], day)[0];
  expect(planned(1, ...all)).toBe("pass");
  expect(planned(1, ...all.slice(1))).toBe("fail");
  expect(planned(2, "performance", "fairness", "security")).toBe("pass");
  expect(planned(2, "performance", "security")).toBe("fail");
  expect(planned(3, "performance")).toBe("pass");
  expect(planned(3)).toBe("fail");
  // One's own acceptance shows performance; an attack shows security and robustness.
  expect(planned(1, "acceptance", "fairness", "red_team", "human_factors")).toBe("pass");
  expect(holds("eval.planned", [system({ state: "development" })], day)[0]).toBe("not_applicable");
});

test("criteria of the day of the results, or after, do not count", () => {
  const late = test_("EV-01", "performance", { criteria_set_on: "2026-05-05" });
  expect(holds("eval.planned", [system({ tier: 3 }), late], day)).toEqual([
    "fail",
    "AIS-03: no criteria set beforehand for tests of performance; those of EV-01 came with the results or after",
  ]);
  const ahead = test_("EV-01", "performance", { state: "planned", results_on: undefined });
  expect(holds("eval.planned", [system({ tier: 3 }), ahead], day)[0]).toBe("pass");
  const gone = test_("EV-01", "performance", { state: "withdrawn" });
  expect(holds("eval.planned", [system({ tier: 3 }), gone], day)[0]).toBe("fail");
});

test("an approved release passed its tests, or somebody accepted why not until a day not past", () => {
  const with_ = (change: Record<string, unknown>) =>
    [system({ tier: 3 }), test_("EV-01", "performance", change), release({ evaluations: ["EV-01"] })] as const;
  const failed = (deviation: Record<string, unknown>) =>
    with_({ passed: false, deviations: [{ why: "w", ...deviation }] });
  expect(holds("eval.passed", with_({}), day)[0]).toBe("pass");
  expect(holds("eval.passed", with_({ passed: false }), day)[0]).toBe("fail");
  expect(holds("eval.passed", with_({ state: "planned" }), day)[0]).toBe("fail");
  expect(holds("eval.passed", failed({}), day)[0]).toBe("fail");
  expect(answerOf("eval.passed", failed({ accepted_by: "P05", until: day }), day)).toMatchObject({
    result: "pass",
    changesOn: "2026-11-24",
  });
  expect(holds("eval.passed", failed({ accepted_by: "P05", until: day }), "2026-11-24")[0]).toBe("fail");
});

test("a release without a test that its tier requires fails, and one that nobody approved is not asked", () => {
  const lacking = release({ evaluations: ["EV-01"] });
  expect(holds("eval.passed", [system(), ...tests("performance"), lacking], day)[0]).toBe("fail");
  const unapproved = release({ approved_on: undefined });
  expect(holds("eval.passed", [system(), unapproved], day)[0]).toBe("not_applicable");
});

test("for tier 1 somebody who did not build it did or reviewed a test", () => {
  const seen = (change: Record<string, unknown>, tier = 1) =>
    holds(
      "eval.independent",
      [system({ tier }), test_("EV-01", "performance", change), release({ evaluations: ["EV-01"] })],
      day,
    )[0];
  expect(seen({ independent: true, done_by: ["P23"] })).toBe("pass");
  expect(seen({ independent: true, done_by: ["P12"] })).toBe("fail");
  expect(seen({ independent: true, done_by: ["P12"], reviewed_by: "Outside physician" })).toBe("pass");
  expect(seen({ independent: true, done_by_outside: "Statistician" })).toBe("pass");
  expect(seen({ independent: false, done_by: ["P23"] })).toBe("fail");
  expect(seen({ independent: false, done_by: ["P12"] }, 2)).toBe("pass");
});

test("no test uses data that also train the model", () => {
  const data = kept("dataset", "DS-02", { state: "in_use", version: "v1" });
  const model = (...training: string[]) => kept("model", "MD-04", { training_datasets: training });
  const used = (version: string | undefined, ...training: string[]) =>
    holds(
      "eval.data_separate",
      [
        test_("EV-01", "performance", { dataset: "DS-02", dataset_version: version, model: "MD-04" }),
        data,
        model(...training),
      ],
      day,
    )[0];
  expect(used("v1")).toBe("pass");
  expect(used("v1", "DS-02")).toBe("fail");
  expect(used("v2", "DS-02")).toBe("pass");
  expect(used(undefined, "DS-02")).toBe("unknown");
  // Where no model is named, those of the system are meant.
  const unnamed = test_("EV-01", "performance", { dataset: "DS-02", dataset_version: "v1" });
  expect(holds("eval.data_separate", [system({ models: ["MD-04"] }), unnamed, data, model("DS-02")], day)[0]).toBe(
    "fail",
  );
  expect(holds("eval.data_separate", tests("performance"), day)[0]).toBe("not_applicable");
});

test("a deployed release has a plan that names what it touches and whom it tells", () => {
  expect(holds("release.plan", [release()], day)[0]).toBe("pass");
  expect(holds("release.plan", [release({ deployment_plan: { ...plan, rollback: undefined } })], day)).toEqual([
    "fail",
    "REL-03: its deployment plan does not name rollback",
  ]);
  expect(holds("release.plan", [release({ deployment_plan: { ...plan, told: [] } })], day)[0]).toBe("fail");
  expect(holds("release.plan", [release({ deployment_plan: undefined })], day)[0]).toBe("fail");
  expect(holds("release.plan", [release({ state: "approved", deployment_plan: undefined })], day)[0]).toBe(
    "not_applicable",
  );
});

test("a release goes live after somebody with authority said yes to just this, and its conditions were met", () => {
  const holdsFor = (one: AnyRecord, change?: Record<string, unknown>) =>
    holds("release.approved", [one, approval(one, change)], day)[0];
  expect(holdsFor(release())).toBe("pass");
  expect(holdsFor(release(), { decided_at: "2026-06-09T09:00:00.000Z" })).toBe("fail");
  expect(holdsFor(release(), { as_role: "top_management" })).toBe("fail");
  expect(holdsFor(release(), { bound_to: "other content" })).toBe("fail");
  expect(holdsFor(release(), { decision: "reject" })).toBe("fail");
  expect(holds("release.approved", [release()], day)[0]).toBe("fail");
  expect(holdsFor(release({ built_by: ["P02"] }))).toBe("fail");
  expect(
    holdsFor(release({ deployment_plan: { ...plan, conditions: [{ text: "briefed", met_on: "2026-06-09" }] } })),
  ).toBe("fail");
  expect(holdsFor(release({ deployment_plan: { ...plan, conditions: [{ text: "briefed" }] } }))).toBe("fail");
  expect(holdsFor(release({ state: "retired" }))).toBe("not_applicable");
});
