import { encodeUtf8, toHex } from "#core/basics/bytes.ts";
import { canonicalJson } from "#core/basics/canonical-json.ts";
import { sha256 } from "#core/basics/sha256.ts";
import type { Ref } from "./field.ts";
import { out, via, type Follow } from "./follow.ts";
import type { AnyRecord, RecordOf } from "./kind.ts";

/**
 * The facts about an AI system on which its impact assessment rests (domain model, section 5), each
 * as a text that people can read:
 *
 *     sites       NGH
 *     users       112 triage nurses at NGH
 *     volumes     61000 emergency visits a year
 */
export type Fact = { field: FactName; value: string };

const factNames = [
  "purpose",
  "intended_use",
  "excluded_uses",
  "users",
  "affected_groups",
  "decision_effect",
  "autonomy",
  "learns_in_use",
  "sites",
  "countries",
  "languages",
  "integrations",
  "volumes",
  "models",
  "base_models",
  "datasets",
  "special_category_data",
  "human_oversight",
  "fallback",
  "suppliers",
  "legal_class",
] as const;
type FactName = (typeof factNames)[number];

/** One fact that is no longer what it was. Empty text: there was, or is, none. */
export type Difference = { field: string; old: string; new: string };

/** From an impact assessment to its system and what the system is made of. */
export const nearSystem = {
  system: out("ai_system", "ai_system"),
  models: via(out("ai_system", "ai_system"), out("model", "models")),
  datasets: via(out("ai_system", "ai_system"), out("dataset", "datasets")),
  suppliers: via(out("ai_system", "ai_system"), out("supplier", "suppliers")),
} satisfies Follow;

/** From an AI system to what it is made of. */
export const partsOfSystem = {
  models: out("model", "models"),
  datasets: out("dataset", "datasets"),
  suppliers: out("supplier", "suppliers"),
} satisfies Follow;

type Parts = {
  models: readonly RecordOf<"model">[];
  datasets: readonly RecordOf<"dataset">[];
  suppliers: readonly RecordOf<"supplier">[];
};

/** The system's facts of today, in the order of `factNames`, without those that it does not have. */
export function fingerprintOf(system: RecordOf<"ai_system">, { models, datasets, suppliers }: Parts): Fact[] {
  const context = system.deployment_context;
  const oversight = system.human_oversight;
  const values: Record<FactName, string | undefined> = {
    purpose: system.purpose,
    intended_use: system.intended_use,
    excluded_uses: listed(system.excluded_uses),
    users: listed(
      system.users?.map((group) =>
        [group.number, group.who, group.site && `at ${group.site}`].filter((part) => part !== undefined).join(" "),
      ),
    ),
    affected_groups: listed(system.affected_groups?.map((group) => group.name)),
    decision_effect: system.decision_effect?.replaceAll("_", " "),
    autonomy: system.autonomy?.toString(),
    learns_in_use: system.learns_in_use === undefined ? undefined : system.learns_in_use ? "yes" : "no",
    sites: listed(context?.sites),
    countries: listed(context?.countries),
    languages: listed(context?.languages),
    integrations: listed(context?.integrations),
    volumes: listed(context?.volumes?.map((volume) => `${volume.number} ${volume.what} a ${volume.per}`)),
    models: listed(
      models.map((model) =>
        [
          model.name ?? model.ref,
          versionClass(model.version) ?? "version not disclosed",
          model.provider && `by ${model.provider}`,
        ]
          .filter((part) => part !== undefined)
          .join(" "),
      ),
    ),
    base_models: listed(models.flatMap((model) => model.base_model ?? [])),
    datasets: listed(
      datasets
        .filter(shapesOutput)
        .map((dataset) => `${dataset.name ?? dataset.ref} ${versionClass(dataset.version) ?? ""}`.trim()),
    ),
    special_category_data: listed(
      datasets.filter((dataset) => dataset.special_category === true).map((dataset) => dataset.name ?? dataset.ref),
    ),
    human_oversight: listed(
      [oversight?.who, oversight?.how, oversight?.stop_means, oversight?.on_duty_role].filter(
        (part) => part !== undefined,
      ),
    ),
    fallback: system.fallback,
    suppliers: listed(suppliers.map((supplier) => supplier.name ?? supplier.ref)),
    legal_class: system.legal_class?.eu_ai_act?.replaceAll("_", " "),
  };
  return factNames.flatMap((field) => {
    const value = values[field]?.trim();
    return value === undefined || value === "" ? [] : [{ field, value }];
  });
}

/** The facts of the system among followed records; nothing when there is no system. */
export function factsOf(near: Readonly<Record<string, readonly AnyRecord[]>>): Fact[] | undefined {
  const system = near["system"]?.[0];
  if (system?.kind !== "ai_system") return undefined;
  // `nearSystem` leads to records of exactly these kinds.
  const parts = {
    models: near["models"] ?? [],
    datasets: near["datasets"] ?? [],
    suppliers: near["suppliers"] ?? [],
  } as unknown as Parts;
  return fingerprintOf(system as RecordOf<"ai_system">, parts);
}

/** The facts as an assessment takes them that was made before a change goes live. */
export function withPlanned(facts: readonly Fact[], planned: readonly { field: string; value: string }[]): Fact[] {
  const changed = new Map(planned.map((fact) => [fact.field, fact.value]));
  const known = new Set<string>(facts.map((fact) => fact.field));
  const added = factNames.flatMap((field) =>
    changed.has(field) && !known.has(field) ? [{ field, value: changed.get(field) ?? "" }] : [],
  );
  return [...facts.map((fact) => ({ field: fact.field, value: changed.get(fact.field) ?? fact.value })), ...added];
}

/** `fp-03-19bd`: short enough to be named in a meeting. Facts are compared, never codes. */
export function fingerprintCode(system: Ref, facts: readonly Fact[]): string {
  const hash = toHex(sha256(encodeUtf8(canonicalJson(facts.map(({ field, value }) => [field, value])))));
  return `fp-${/\d+$/.exec(system)?.[0] ?? system}-${hash.slice(0, 4)}`;
}

/** Every fact that is not what it was, field by field. */
export function changesSince(
  assessed: readonly { field: string; value: string }[],
  current: readonly Fact[],
): Difference[] {
  const before = new Map(assessed.map((fact) => [fact.field, fact.value]));
  const after = new Map<string, string>(current.map((fact) => [fact.field, fact.value]));
  return factNames.flatMap((field) => {
    const [old, now] = [before.get(field) ?? "", after.get(field) ?? ""];
    return old === now || (field === "volumes" && sameBands(old, now)) ? [] : [{ field, old, new: now }];
  });
}

/** The differences that nobody has judged to be without material effect, with two people agreeing. */
export function unjudgedChanges(assessment: RecordOf<"impact_assessment">, current: readonly Fact[]): Difference[] {
  const agreed = (assessment.judgements ?? []).filter(
    (judgement) => judgement.proposal === "no_material_effect" && judgement.decision === "agreed",
  );
  return changesSince(assessment.fingerprint?.facts ?? [], current).filter(
    (change) =>
      !agreed.some(
        (judgement) =>
          judgement.field === change.field &&
          ((judgement.new ?? "") === change.new ||
            (change.field === "volumes" && sameBands(judgement.new ?? "", change.new))),
      ),
  );
}

const listed = (parts: readonly string[] | undefined): string | undefined =>
  parts === undefined || parts.length === 0 ? undefined : [...parts].sort().join("; ");

/** Test and validation data judge a system; what shapes its output is trained on or looked up. */
const shapesOutput = (dataset: RecordOf<"dataset">) =>
  (dataset.use ?? []).some((use) => use === "train" || use === "retrieval_index");

/** `3` of `3.4.1`, `v4` of `v4`, `v2026-10` of `v2026-10`: what comes after the first dot is a small change. */
const versionClass = (version: string | undefined): string | undefined => version?.split(".")[0];

/** Whether each volume lies in the same band; a band ends where the one before has doubled. */
function sameBands(one: string, other: string): boolean {
  const bands = (text: string) =>
    text.replace(/\d+(\.\d+)?/g, (digits) => `2^${Math.ceil(Math.log2(Math.max(1, Number(digits))))}`);
  return bands(one) === bands(other);
}
