import { expect, test } from "vitest";
import {
  changesSince,
  fingerprintCode,
  fingerprintOf,
  unjudgedChanges,
  withPlanned,
  type Fact,
} from "./fingerprint.ts";
import type { RecordOf } from "./kind.ts";

const system = (fields: object = {}) =>
  ({
    kind: "ai_system",
    ref: "AIS-03",
    purpose: "Urgent patients first",
    users: [{ who: "triage nurses", number: 112, site: "NGH" }],
    decision_effect: "recommends",
    autonomy: 1,
    learns_in_use: false,
    deployment_context: { sites: ["NGH"], volumes: [{ what: "visits", number: 61_000, per: "year" }] },
    legal_class: { eu_ai_act: "high_risk_annex_III" },
    ...fields,
  }) as unknown as RecordOf<"ai_system">;
const model = (fields: object) =>
  ({
    kind: "model",
    ref: "MD-04",
    name: "triage-gbm",
    version: "3.4.1",
    provider: "us",
    ...fields,
  }) as unknown as RecordOf<"model">;
const dataset = (fields: object) =>
  ({
    kind: "dataset",
    ref: "DS-01",
    name: "visits",
    version: "v4",
    use: ["train"],
    special_category: true,
    ...fields,
  }) as unknown as RecordOf<"dataset">;
const nothing = { models: [], datasets: [], suppliers: [] };
const parts = (more: object = {}) => ({ models: [model({})], datasets: [dataset({})], suppliers: [], ...more });
const fields = (from: readonly Fact[], to: readonly Fact[]) => changesSince(from, to).map((change) => change.field);

test("nothing changed, nothing differs", () => {
  expect(changesSince(fingerprintOf(system(), parts()), fingerprintOf(system(), parts()))).toEqual([]);
});

test("a new site with its users and patients differs in sites, users and volumes, each with both values", () => {
  const grown = system({
    users: [
      { who: "triage nurses", number: 112, site: "NGH" },
      { who: "triage nurses", number: 54, site: "SAH" },
    ],
    deployment_context: { sites: ["SAH", "NGH"], volumes: [{ what: "visits", number: 88_500, per: "year" }] },
  });
  expect(changesSince(fingerprintOf(system(), nothing), fingerprintOf(grown, nothing))).toEqual([
    { field: "users", old: "112 triage nurses at NGH", new: "112 triage nurses at NGH; 54 triage nurses at SAH" },
    { field: "sites", old: "NGH", new: "NGH; SAH" },
    { field: "volumes", old: "61000 visits a year", new: "88500 visits a year" },
  ]);
});

test("a volume differs only when it leaves its band", () => {
  const at = (number: number) =>
    fingerprintOf(system({ deployment_context: { volumes: [{ what: "visits", number, per: "year" }] } }), nothing);
  expect(fields(at(61_000), at(65_000))).toEqual([]);
  expect(fields(at(61_000), at(66_000))).toEqual(["volumes"]);
});

test("a major version of a model differs, a small one does not", () => {
  const from = fingerprintOf(system(), parts());
  expect(fields(from, fingerprintOf(system(), parts({ models: [model({ version: "3.5.0" })] })))).toEqual([]);
  expect(fields(from, fingerprintOf(system(), parts({ models: [model({ version: "4.0.0" })] })))).toEqual(["models"]);
  expect(fields(from, fingerprintOf(system(), parts({ models: [model({ base_model: "other 2" })] })))).toEqual([
    "base_models",
  ]);
});

test("training data count, test data do not, and special categories count wherever they are", () => {
  const from = fingerprintOf(system(), parts());
  const tests = dataset({ ref: "DS-02", name: "panel", use: ["validate"], special_category: false });
  expect(fields(from, fingerprintOf(system(), parts({ datasets: [dataset({}), tests] })))).toEqual([]);
  expect(
    fields(from, fingerprintOf(system(), parts({ datasets: [dataset({}), { ...tests, special_category: true }] }))),
  ).toEqual(["special_category_data"]);
  expect(fields(from, fingerprintOf(system(), parts({ datasets: [dataset({ version: "v5" })] })))).toEqual([
    "datasets",
  ]);
});

test("the order of lists does not matter", () => {
  const one = system({ excluded_uses: ["a", "b"] });
  const other = system({ excluded_uses: ["b", "a"] });
  expect(changesSince(fingerprintOf(one, nothing), fingerprintOf(other, nothing))).toEqual([]);
});

test("what is planned is assessed as if it were so", () => {
  const planned = withPlanned(fingerprintOf(system(), nothing), [
    { field: "sites", value: "NGH; SAH" },
    { field: "fallback", value: "paper scale" },
  ]);
  const live = fingerprintOf(
    system({
      deployment_context: { sites: ["NGH", "SAH"], volumes: [{ what: "visits", number: 61_000, per: "year" }] },
      fallback: "paper scale",
    }),
    nothing,
  );
  expect(changesSince(planned, live)).toEqual([]);
});

test("a difference is settled only by two people who agree that it has no material effect, and only in this value", () => {
  const facts = fingerprintOf(system(), nothing);
  const now = fingerprintOf(system({ autonomy: 2 }), nothing);
  const assessment = (judgement: object) =>
    ({
      fingerprint: { facts },
      judgements: [{ field: "autonomy", old: "1", new: "2", ...judgement }],
    }) as unknown as RecordOf<"impact_assessment">;
  const open = (judgement: object) => unjudgedChanges(assessment(judgement), now).length;
  expect(open({ proposal: "no_material_effect", decision: "agreed" })).toBe(0);
  expect(open({ proposal: "no_material_effect" })).toBe(1);
  expect(open({ proposal: "no_material_effect", decision: "refused" })).toBe(1);
  expect(open({ proposal: "material", decision: "agreed" })).toBe(1);
  expect(open({ proposal: "no_material_effect", decision: "agreed", new: "3" })).toBe(1);
});

test("the code names the system and changes with the facts", () => {
  const facts = fingerprintOf(system(), nothing);
  expect(fingerprintCode("AIS-03", facts)).toMatch(/^fp-03-[0-9a-f]{4}$/);
  expect(fingerprintCode("AIS-03", facts)).toBe(fingerprintCode("AIS-03", fingerprintOf(system(), nothing)));
  expect(fingerprintCode("AIS-03", facts)).not.toBe(
    fingerprintCode("AIS-03", fingerprintOf(system({ autonomy: 2 }), nothing)),
  );
});
