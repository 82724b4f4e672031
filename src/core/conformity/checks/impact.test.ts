import { expect, test } from "vitest";
import { areasOnPeople, areasOnSociety } from "#core/records/assessment-sections.ts";
import { answerOf, approved, holds, kept, type Given } from "../ground.testing.ts";

const day = "2026-11-23";
const organization = kept("organization", "ORG-01", { aims_start_date: "2025-10-06" });
const system = (given: Given<"ai_system"> = {}) =>
  kept("ai_system", "AIS-03", {
    state: "deployed",
    in_scope: true,
    owner: "P06",
    autonomy: 1,
    deployment_context: { sites: ["NGH"] },
    screening: { result: "full", on: "2025-12-10", reason: "serious" },
    deployed_on: "2025-09-15",
    ...given,
  });
const facts = [
  { field: "autonomy", value: "1" },
  { field: "sites", value: "NGH" },
];
const assessment = (given: Given<"impact_assessment"> = {}, ref = "IA-03") =>
  kept("impact_assessment", ref, {
    state: "approved",
    ai_system: "AIS-03",
    assessment_kind: "full",
    assessor: "P23",
    approved_on: "2026-06-04",
    next_review_on: "2026-12-04",
    fingerprint: { code: "fp-03-19bd", facts },
    ...given,
  });

test("an approved procedure says when, what, who, again when, and how it enters the risks", () => {
  const procedure = (topics: readonly string[]) =>
    kept("document", "DOC-02", { state: "effective", doc_kind: "procedure", covers_nodes: ["6.1.4"], topics });
  const full = procedure(["when_made", "coverage", "who_assesses", "who_approves", "when_redone", "enters_risks"]);
  expect(holds("ia.process", [full, approved(full)], day)[0]).toBe("pass");
  const half = procedure(["when_made", "coverage"]);
  expect(holds("ia.process", [half, approved(half)], day)[0]).toBe("fail");
});

const event = (given: Given<"communication_event"> = {}) =>
  kept("communication_event", "CE-09", { state: "sent", happened_on: "2026-06-24", ...given });
const shared = (given: object = {}) =>
  assessment({ sharing: [{ recipient: "Patient council", party: "IP-07", ...given }] });

test("each recipient is told within 30 days of the approval", () => {
  expect(holds("ia.shared", [shared({ event: "CE-09" }), event()], day)[0]).toBe("pass");
  expect(holds("ia.shared", [shared(), event({ about: ["IA-03"], with_whom: ["IP-07"] })], day)[0]).toBe("pass");
  expect(holds("ia.shared", [shared({ event: "CE-09" }), event({ happened_on: "2026-07-05" })], day)[0]).toBe("fail");
  expect(holds("ia.shared", [shared({ event: "CE-09" }), event({ state: "planned" })], day)[0]).toBe("fail");
  expect(holds("ia.shared", [shared()], "2026-07-04")[0]).toBe("pass");
  expect(holds("ia.shared", [shared()], "2026-07-05")[0]).toBe("fail");
  expect(holds("ia.shared", [assessment()], day)).toEqual([
    "fail",
    "IA-03: it does not record who receives its results",
  ]);
});

test("a full assessment speaks of technical and social setting, use and misuse", () => {
  const whole = {
    system: { technical_setting: "a" },
    setting: { social_setting: "b" },
    use: { intended_use: "c", foreseeable_misuse: ["d"] },
  };
  expect(holds("ia.technical_and_social", [assessment(whole)], day)[0]).toBe("pass");
  expect(holds("ia.technical_and_social", [assessment({ ...whole, setting: {} })], day)).toEqual([
    "fail",
    "IA-03: it says nothing of social setting",
  ]);
  expect(holds("ia.technical_and_social", [assessment({ assessment_kind: "short" })], day)[0]).toBe("not_applicable");
});

test("a system in use has an approved assessment of the kind its screening asks for", () => {
  expect(holds("ia.exists", [system(), assessment()], day)[0]).toBe("pass");
  expect(holds("ia.exists", [system()], day)[0]).toBe("fail");
  expect(holds("ia.exists", [system(), assessment({ state: "in_review" })], day)[0]).toBe("fail");
  expect(holds("ia.exists", [system(), assessment({ assessment_kind: "short" })], day)[0]).toBe("fail");
  expect(holds("ia.exists", [system({ screening: { result: "short" } }), assessment()], day)[0]).toBe("pass");
  expect(holds("ia.exists", [system({ screening: { result: "none" } })], day)[0]).toBe("fail");
  expect(holds("ia.exists", [system({ screening: { result: "none", reason: "slight" } })], day)[0]).toBe("pass");
  expect(holds("ia.exists", [system({ screening: undefined }), assessment()], day)[0]).toBe("fail");
  expect(holds("ia.exists", [system({ in_scope: false })], day)[0]).toBe("not_applicable");
});

const grown = system({ deployment_context: { sites: ["NGH", "SAH"] }, last_material_change_on: "2026-10-05" });

test("an assessment is fresh while the system is what was assessed", () => {
  expect(holds("ia.fresh", [system(), assessment()], day)[0]).toBe("pass");
  expect(holds("ia.fresh", [grown, assessment()], day)).toEqual([
    "fail",
    "AIS-03: since 2026-10-05 it differs from what IA-03 assessed, and nobody has judged it: sites NGH → NGH; SAH",
  ]);
});

test("a difference that two people call immaterial leaves it fresh, a proposal alone does not", () => {
  const judgement = { field: "sites", old: "NGH", new: "NGH; SAH", proposal: "no_material_effect" };
  expect(holds("ia.fresh", [grown, assessment({ judgements: [{ ...judgement, decision: "agreed" }] })], day)[0]).toBe(
    "pass",
  );
  expect(holds("ia.fresh", [grown, assessment({ judgements: [judgement] })], day)[0]).toBe("fail");
  expect(
    holds(
      "ia.fresh",
      [grown, assessment({ judgements: [{ ...judgement, proposal: "material", decision: "agreed" }] })],
      day,
    )[0],
  ).toBe("fail");
});

test("the newest approved assessment counts, and one without fingerprint is unknown", () => {
  const newer = assessment(
    { approved_on: "2026-11-01", fingerprint: { facts: [facts[0], { field: "sites", value: "NGH; SAH" }] } },
    "IA-09",
  );
  expect(holds("ia.fresh", [grown, assessment(), newer], day)[0]).toBe("pass");
  expect(holds("ia.fresh", [grown, assessment(), { ...newer, state: "in_review" }], day)[0]).toBe("fail");
  expect(holds("ia.fresh", [system(), assessment({ fingerprint: undefined })], day)[0]).toBe("unknown");
});

test("an assessment is looked at again by its day", () => {
  expect(holds("ia.interval", [system(), assessment()], "2026-12-04")[0]).toBe("pass");
  expect(holds("ia.interval", [system(), assessment()], "2026-12-05")).toEqual([
    "fail",
    "AIS-03: IA-03 was due again on 2026-12-04",
  ]);
  expect(answerOf("ia.interval", [system(), assessment()], day).changesOn).toBe("2026-12-05");
  expect(holds("ia.interval", [system({ state: "retired" }), assessment()], "2027-01-01")[0]).toBe("not_applicable");
});

test("neither assessor, co-assessor nor owner approved it", () => {
  const by = (person: string, one = assessment()) =>
    holds("ia.separation", [system(), one, approved(one, { person })], day)[0];
  expect(by("P02")).toBe("pass");
  expect(by("P23")).toBe("fail");
  expect(by("P06")).toBe("fail");
  expect(by("P14", assessment({ co_assessors: ["P14"] }))).toBe("fail");
  expect(holds("ia.separation", [system(), assessment()], day)[0]).toBe("unknown");
});

const release = (given: Given<"release"> = {}) =>
  kept("release", "REL-07", {
    state: "deployed",
    ai_system: "AIS-03",
    ia_needed: true,
    deployed_on: "2026-10-05",
    ...given,
  });

test("a release that needs one is preceded by an assessment that covers it", () => {
  const says = (one: ReturnType<typeof release>, ...others: ReturnType<typeof kept>[]) =>
    holds("ia.before_release", [organization, system(), one, ...others], day)[0];
  expect(says(release(), assessment())).toBe("pass");
  expect(says(release({ site: "NGH" }), assessment())).toBe("pass");
  expect(says(release({ site: "SAH" }), assessment())).toBe("fail");
  expect(says(release())).toBe("fail");
  expect(says(release({ deployed_on: "2026-06-04" }), assessment())).toBe("pass");
  expect(says(release({ deployed_on: "2026-06-03" }), assessment())).toBe("fail");
  expect(says(release({ deployed_on: "2025-10-06" }))).toBe("pass");
  expect(says(release({ deployed_on: "2025-10-07" }))).toBe("fail");
  expect(
    says(
      release({ site: "SAH" }),
      assessment(),
      assessment(
        { approved_on: "2026-09-01", fingerprint: { facts: [{ field: "sites", value: "NGH; SAH" }] } },
        "IA-09",
      ),
    ),
  ).toBe("pass");
  expect(says(release({ ia_needed: false }))).toBe("not_applicable");
  expect(says(release({ ia_needed: false, first_release: true }))).toBe("fail");
  expect(says(release({ impact_assessment: "IA-09" }), assessment())).toBe("fail");
});

test("conditions are met by their day, and standing ones are not broken", () => {
  const on = (condition: object, at = day) =>
    holds(
      "ia.conditions_met",
      [assessment({ state: "approved_with_conditions", conditions: [{ no: "2", text: "narrow", ...condition }] })],
      at,
    )[0];
  expect(on({ due: "2026-09-30" }, "2026-09-30")).toBe("pass");
  expect(on({ due: "2026-09-30" }, "2026-10-01")).toBe("fail");
  expect(on({ due: "2026-09-30", met_on: "2026-09-29" })).toBe("pass");
  expect(on({ standing: true })).toBe("pass");
  expect(on({ standing: true, broken_on: "2026-10-05" })).toBe("fail");
  expect(holds("ia.conditions_met", [assessment()], day)[0]).toBe("not_applicable");
});

test("an older system is screened within 90 days of the start of the AIMS", () => {
  const says = (on: string | undefined, at = day) =>
    holds(
      "ia.screening",
      [organization, system({ screening: on === undefined ? undefined : { result: "full", on } })],
      at,
    )[0];
  expect(says("2026-01-04")).toBe("pass");
  expect(says("2026-01-05")).toBe("fail");
  expect(says(undefined, "2026-01-04")).toBe("pass");
  expect(says(undefined, "2026-01-05")).toBe("fail");
});

test("a later system is screened before its contract is signed", () => {
  const later = (given: object) =>
    holds("ia.screening", [organization, system({ deployed_on: "2026-02-16", ...given })], day)[0];
  expect(later({ screening: { result: "short", on: "2026-01-22" }, contract_signed_on: "2026-01-30" })).toBe("pass");
  expect(later({ screening: { result: "short", on: "2026-01-31" }, contract_signed_on: "2026-01-30" })).toBe("fail");
  expect(later({ screening: undefined })).toBe("fail");
  expect(later({ screening: { result: "none", on: "2026-01-22" } })).toBe("fail");
  expect(
    holds(
      "ia.screening",
      [organization, system({ state: "design", deployed_on: undefined, screening: undefined })],
      day,
    )[0],
  ).toBe("pass");
});

const short = {
  assessment_kind: "short",
  stage: "in_use",
  trigger: "a",
  method_version: "2",
  system_version: "1",
  retention_until: "2036-12-31",
  team: [{ name: "H" }],
  system: { purpose: "a", not_automated: "b" },
  use: { intended_use: "a", excluded_uses: ["b"], foreseeable_misuse: ["c"] },
  data: { sources: "a" },
  people: { users: "a", decided_about: "b" },
  benefits: [{ what: "a" }],
  impacts_on_people: [{ area: "work" }],
  oversight: { who: "a", contest: "b" },
  residual: { what_remains: "a", why_acceptable: "b" },
  conclusion: "go",
  conclusion_text: "go",
  sharing: [{ recipient: "a" }],
  next_look_triggers: ["a"],
} as const;

test("an approved assessment fills in every section of its template", () => {
  expect(holds("ia.documented", [assessment(short)], day)).toEqual(["pass", ""]);
  expect(holds("ia.documented", [assessment({ ...short, benefits: [] })], day)).toEqual([
    "fail",
    "IA-03: it lacks benefits",
  ]);
  expect(holds("ia.documented", [assessment({ ...short, retention_until: undefined })], day)[0]).toBe("fail");
  expect(holds("ia.documented", [assessment({ ...short, assessment_kind: "full" })], day)).toEqual([
    "fail",
    "IA-03: it lacks model, setting, impacts on society, failure and misuse, measures, add-ons",
  ]);
});

test.each([
  ["ia.individuals", "impacts_on_people", areasOnPeople],
  ["ia.society", "impacts_on_society", areasOnSociety],
] as const)("%s asks that each area is rated, a benefit or not relevant with a reason", (id, field, areas) => {
  const rows = areas.map((area, position) =>
    position % 3 === 0
      ? { area, severity: 2, likelihood: 1 }
      : position % 3 === 1
        ? { area, benefit: "less" }
        : { area, not_relevant_because: "no" },
  );
  expect(holds(id, [assessment({ [field]: rows })], day)[0]).toBe("pass");
  for (const left of areas)
    expect(holds(id, [assessment({ [field]: rows.filter((row) => row.area !== left) })], day)[0]).toBe("fail");
  expect(holds(id, [assessment({ [field]: [...rows.slice(1), { area: areas[0], severity: 3 }] })], day)[0]).toBe(
    "fail",
  );
  expect(holds(id, [assessment({ assessment_kind: "short" })], day)[0]).toBe("not_applicable");
});
