import { back, out } from "#core/records/follow.ts";
import type { RecordOf } from "#core/records/kind.ts";
import { check, every, some, type Check } from "../check.ts";
import { topicsMissing, whyNotInForce } from "../facts/documents.ts";
import { isInScope } from "../facts/systems.ts";
import { listed, missingFields } from "../facts/words.ts";
import { procedureMends } from "../facts/procedures.ts";
import { make, on } from "../mend.ts";

type Dataset = RecordOf<"dataset">;
type Step = NonNullable<Dataset["provenance_chain"]>[number];

/** Data that AI in scope stands on: what no system uses is not asked about. */
const serves = (systems: readonly RecordOf<"ai_system">[]): boolean => systems.some(isInScope);

const isInUse = (dataset: Dataset): boolean => dataset.state === "in_use" || dataset.state === "frozen";

const isUsedFor = (dataset: Dataset, uses: readonly NonNullable<Dataset["use"]>[number][]): boolean =>
  (dataset.use ?? []).some((use) => uses.includes(use));

const documented = [
  "purpose",
  "source",
  "categories",
  "last_updated_on",
  "quality_requirements",
  "retention",
  "known_bias",
  "steward",
];

const acquired = [
  "source",
  "acquisition_date",
  "quantity",
  "rights_basis",
  "personal_data",
  "special_category",
  "subjects",
  "earlier_uses",
];

/** The quality results that speak of the version: those that name it, and those that name none. */
function resultsFor(dataset: Dataset, version: string | undefined) {
  return (dataset.quality_results ?? []).filter(
    (result) => result.version === undefined || version === undefined || result.version === version,
  );
}

/** What is wrong with the quality of the version: a requirement missed or never held against it. */
function qualityGaps(dataset: Dataset, version: string | undefined): string[] {
  const results = resultsFor(dataset, version);
  const requirements = dataset.quality_requirements ?? [];
  if (requirements.length === 0) return [`${dataset.ref} has no quality requirement`];
  return requirements.flatMap((requirement) => {
    const own = results
      .filter((result) => result.name === requirement.name)
      .sort((a, b) => ((a.on ?? "") < (b.on ?? "") ? -1 : 1))
      .at(-1);
    if (own?.pass === undefined) return [`${dataset.ref} has no result for "${requirement.name}"`];
    if (own.pass || own.deviation?.reason !== undefined) return [];
    return [`${dataset.ref} missed "${requirement.name}" and no deviation was accepted`];
  });
}

/** Where the chain from the source to the digest breaks, or nothing. A chain may go on beyond the digest: later versions. */
function breakIn(chain: readonly Step[], digest: string | undefined): string | undefined {
  if (chain.length === 0) return "has no provenance chain";
  if (digest === undefined) return "has no digest to lead to";
  const end = chain.findIndex((step) => step.output_digest === digest);
  if (end < 0) return "has a provenance chain that does not lead to the digest used";
  for (const [position, step] of chain.slice(0, end + 1).entries()) {
    if (step.by === undefined || step.on === undefined) return `does not say who did "${step.step}" and when`;
    const before = chain[position - 1];
    if (before !== undefined && step.input_digest !== before.output_digest)
      return `has a gap in its provenance before "${step.step}"`;
  }
  return undefined;
}

/** Checks whose home is A.4.3 and A.7.2 to A.7.6. */
export const checks: readonly Check[] = [
  check(
    "dataset.documented",
    [on("dataset", "amend"), on("dataset", "revise")],
    every("dataset", {
      where: (record) => record.state !== "withdrawn",
      follow: { systems: back("ai_system", "datasets") },
      must: ({ record, systems }) => {
        if (!serves(systems)) return true;
        const missing = missingFields(record, documented);
        if ((record.preparation_steps ?? []).length === 0 && record.preparation_none === undefined)
          missing.push("preparation");
        return missing.length === 0 || `does not state its ${listed(missing)}`;
      },
      empty: "not_applicable",
      because: "there is no data set",
    }),
  ),
  check(
    "data.management",
    [
      on("dataset", "follow_procedure"),
      ...procedureMends("A.7.2", [
        "privacy_and_security",
        "transparency",
        "representativeness",
        "accuracy",
        "integrity",
      ]),
    ],
    some("document", {
      where: (record) => record.doc_kind === "procedure" && (record.covers_nodes ?? []).includes("A.7.2"),
      must: ({ record, today }) => {
        const not = whyNotInForce(record, today);
        if (not !== undefined) return not;
        const missing = topicsMissing(record, [
          "privacy_and_security",
          "transparency",
          "representativeness",
          "accuracy",
          "integrity",
        ]);
        return missing.length === 0 || `${record.ref} does not cover ${listed(missing)}`;
      },
      because:
        "no procedure for data (A.7.2) is approved, in date and covers privacy and security, transparency, representativeness, accuracy and integrity",
    }),
    every("dataset", {
      where: isInUse,
      must: ({ record }) => {
        const missing = [
          ...(record.procedure === undefined && record.procedure_version === undefined
            ? ["the procedure it follows"]
            : []),
          ...(record.steward === undefined ? ["a steward"] : []),
        ];
        return missing.length === 0 || `does not name ${listed(missing)}`;
      },
      empty: "not_applicable",
      because: "no data set is in use",
    }),
  ),
  check(
    "data.acquisition",
    [on("dataset", "amend"), on("dataset", "revise")],
    every("dataset", {
      where: isInUse,
      must: ({ record }) => {
        const missing = missingFields(record, acquired);
        return missing.length === 0 || `does not state its ${listed(missing)}`;
      },
      empty: "not_applicable",
      because: "no data set is in use",
    }),
  ),
  check(
    "data.quality_defined",
    [on("dataset", "amend"), on("dataset", "revise")],
    every("dataset", {
      where: (record) =>
        record.state !== "withdrawn" && isUsedFor(record, ["train", "validate", "test", "operate", "retrieval_index"]),
      follow: { systems: back("ai_system", "datasets") },
      must: ({ record, systems }) =>
        !serves(systems) ||
        (record.quality_requirements ?? []).some((requirement) => requirement.threshold !== undefined) ||
        "has no quality requirement with a threshold",
      empty: "not_applicable",
      because: "no data set is used for AI",
    }),
  ),
  check(
    "data.quality_met",
    [
      on("dataset", "record_quality"),
      on("release", "roll_back"),
      make("task", "open", { about: "why", with: { task_kind: "action" } }),
    ],
    every("release", {
      where: (record) => record.state === "approved" || record.state === "deployed",
      follow: { used: out("dataset", "datasets.dataset") },
      must: ({ record, used }) => {
        const gaps = used.flatMap((dataset) =>
          qualityGaps(dataset, (record.datasets ?? []).find((entry) => entry.dataset === dataset.ref)?.version),
        );
        return gaps.length === 0 || { fails: gaps.join("; "), records: used.map((dataset) => dataset.ref) };
      },
      empty: "not_applicable",
      because: "no release is approved",
    }),
  ),
  check(
    "data.bias_reviewed",
    [on("dataset", "review_bias")],
    every("dataset", {
      where: (record) => record.state !== "withdrawn" && record.personal_data !== "none",
      must: ({ record, today }) => {
        const reviewed = record.bias_review?.on;
        if (reviewed !== undefined && today.hasCome(reviewed)) return true;
        if (record.personal_data === undefined) return { unknown: "it is not said whether it is about people" };
        return reviewed === undefined
          ? "is about people and has no dated bias and representativeness review"
          : `has a bias review dated ${reviewed}, which has not come`;
      },
      empty: "not_applicable",
      because: "no data set is about people",
    }),
  ),
  check(
    "data.provenance",
    [
      on("dataset", "amend"),
      on("dataset", "revise"),
      make("task", "open", { about: "why", with: { task_kind: "action" } }),
    ],
    every("release", {
      where: (record) => record.state === "deployed",
      follow: { used: out("dataset", "datasets.dataset") },
      must: ({ record, used }) => {
        const breaks = used.flatMap((dataset) => {
          const digest =
            (record.datasets ?? []).find((entry) => entry.dataset === dataset.ref)?.digest ?? dataset.digest;
          const broken = breakIn(dataset.provenance_chain ?? [], digest);
          return broken === undefined ? [] : [{ ref: dataset.ref, broken }];
        });
        return (
          breaks.length === 0 || {
            fails: breaks.map(({ ref, broken }) => `${ref} ${broken}`).join("; "),
            records: breaks.map(({ ref }) => ref),
          }
        );
      },
      empty: "not_applicable",
      because: "no release is in use",
    }),
  ),
  check(
    "data.preparation",
    [on("dataset", "amend"), on("dataset", "revise")],
    every("dataset", {
      where: (record) => record.state !== "withdrawn" && isUsedFor(record, ["train", "validate", "test"]),
      must: ({ record }) => {
        const steps = record.preparation_steps ?? [];
        if (steps.length === 0) return "lists no preparation step";
        const bare = steps.filter((step) => step.reason === undefined || step.tool_version === undefined);
        return (
          bare.length === 0 || `gives no reason or tool version for ${listed(bare.map((step) => `"${step.step}"`))}`
        );
      },
      empty: "not_applicable",
      because: "no data set is used to train, validate or test",
    }),
  ),
];
