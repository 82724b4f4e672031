import { back, out, via } from "#core/records/follow.ts";
import type { RecordOf } from "#core/records/kind.ts";
import { check, every, some, type Check } from "../check.ts";
import { isInScope } from "../facts/systems.ts";
import { listed, missingFields } from "../facts/words.ts";
import { make, on } from "../mend.ts";
import type { Today } from "../today.ts";

/** How often a duty in force is evaluated when its record does not say (domain model, section 10). */
const monthsBetweenEvaluations = 6;

/** The assessment that was made last of those that are or were in force. */
function newestAssessment(
  assessments: readonly RecordOf<"impact_assessment">[],
): RecordOf<"impact_assessment"> | undefined {
  return assessments
    .filter((assessment) => assessment.state === "approved" || assessment.state === "approved_with_conditions")
    .sort((a, b) => ((a.approved_on ?? "") < (b.approved_on ?? "") ? -1 : 1))
    .at(-1);
}

/** Whether something is under way that will bring the duty back: an open nonconformity, or an approved plan with a date. */
function isBeingMended(
  nonconformities: readonly RecordOf<"nonconformity">[],
  plans: readonly RecordOf<"change_plan">[],
): boolean {
  return (
    nonconformities.some((found) => found.state !== "closed" && found.state !== "withdrawn") ||
    plans.some(
      (plan) =>
        (plan.state === "approved" || plan.state === "in_progress") && (plan.due ?? plan.effective_on) !== undefined,
    )
  );
}

const isInForce = (obligation: RecordOf<"obligation">, today: Today): boolean =>
  obligation.state !== "lapsed" &&
  obligation.addressed_by_aims === "yes" &&
  (obligation.applies_from === undefined || today.hasCome(obligation.applies_from));

/** Checks whose home is 4.2. */
export const checks: readonly Check[] = [
  check(
    "parties.current",
    [on("interested_party", "amend"), on("interested_party", "engage"), make("interested_party", "register")],
    some("interested_party", {
      where: (record) => record.state === "active",
      must: () => true,
      because: "no interested party is registered",
    }),
    every("interested_party", {
      where: (record) => record.state === "active",
      must: ({ record, today }) => {
        if ((record.needs ?? []).length === 0) return "no need of it is recorded";
        if (record.next_review_on === undefined) return { unknown: "no day is set for its next review" };
        return !today.isPast(record.next_review_on) || `its review was due on ${record.next_review_on}`;
      },
      empty: "fail",
      because: "no interested party is registered",
    }),
  ),
  check(
    "parties.affected",
    [
      on("impact_assessment", "link_parties"),
      on("ai_system", "amend"),
      make("interested_party", "register", { with: { is_affected_group: true, party_kinds: ["affected_group"] } }),
    ],
    every("ai_system", {
      where: isInScope,
      follow: {
        parties: out("interested_party", "affected_groups.party"),
        assessments: back("impact_assessment", "ai_system"),
        assessed: via(back("impact_assessment", "ai_system"), out("interested_party", "people.groups.party")),
      },
      must: ({ record, parties, assessments, assessed }) => {
        const groups = [...(record.affected_groups ?? []), ...(newestAssessment(assessments)?.people?.groups ?? [])];
        const active = new Set(
          [...parties, ...assessed].filter((party) => party.state === "active").map((party) => party.ref),
        );
        const unheard = [
          ...new Set(
            groups
              .filter((group) => group.party === undefined || !active.has(group.party))
              .map((group) => `"${group.name}"`),
          ),
        ];
        if (unheard.length > 0) return `nobody in the register of interested parties stands for ${listed(unheard)}`;
        return groups.length > 0 || { unknown: "it names no affected group" };
      },
      empty: "not_applicable",
      because: "no AI system is in scope",
    }),
  ),
  check(
    "parties.requirements_decided",
    [on("obligation", "decide"), on("obligation", "amend"), make("obligation", "identify")],
    every("obligation", {
      where: (record) => record.state !== "lapsed",
      must: ({ record }) => {
        const missing = missingFields(record, ["owner", "source_ref"]);
        if (missing.length > 0) return `it has no ${listed(missing)}`;
        if (record.addressed_by_aims === undefined) return "nobody has decided whether the AIMS addresses it";
        return (
          record.addressed_by_aims === "yes" ||
          record.not_addressed_reason !== undefined ||
          "it is not addressed and no reason says why"
        );
      },
      empty: "fail",
      because: "no obligation is registered",
    }),
  ),
  check(
    "obligations.evaluated",
    [
      on("obligation", "evaluate"),
      make("nonconformity", "open", { about: "raised_from", with: { source: "check" } }),
      make("change_plan", "propose", { about: "affected_records" }),
    ],
    every("obligation", {
      where: isInForce,
      follow: { nonconformities: out("nonconformity", "mended_by"), plans: out("change_plan", "mended_by") },
      must: ({ record, nonconformities, plans, today }) => {
        if (
          record.evaluated_on === undefined ||
          record.compliance_status === undefined ||
          record.compliance_status === "not_evaluated"
        )
          return "it is in force and was never evaluated";
        const months = record.review_interval_months ?? monthsBetweenEvaluations;
        if (!today.isWithinMonths(record.evaluated_on, months))
          return `it was last evaluated on ${record.evaluated_on}, and is to be every ${months} months`;
        if (record.compliance_status !== "not_met" || isBeingMended(nonconformities, plans)) return true;
        return "it is not met, and neither an open nonconformity nor an approved plan mends it";
      },
      empty: "not_applicable",
      because: "no addressed obligation is in force",
    }),
  ),
  check(
    "parties.heard",
    [on("interested_party", "engage")],
    every("interested_party", {
      where: (record) => record.state === "active" && record.influence === "high",
      must: ({ record, today }) => {
        if (record.last_engaged_on === undefined) return "no talk with it is recorded";
        return (
          today.isWithinMonths(record.last_engaged_on, 12) || `it was last talked with on ${record.last_engaged_on}`
        );
      },
      empty: "not_applicable",
      because: "no interested party has high influence",
    }),
  ),
];
