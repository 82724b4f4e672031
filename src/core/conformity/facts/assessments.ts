import type { RecordOf } from "#core/records/kind.ts";

type Assessment = RecordOf<"impact_assessment">;

/** Whether the impact assessment is approved and not superseded. */
export const isApprovedAssessment = (assessment: Assessment): boolean =>
  assessment.state === "approved" || assessment.state === "approved_with_conditions";

/** The newest approved impact assessment among those of a system. */
export function newestApproved(assessments: readonly Assessment[]): Assessment | undefined {
  return assessments
    .filter(isApprovedAssessment)
    .reduce<Assessment | undefined>(
      (newest, one) => (newest === undefined || (one.approved_on ?? "") > (newest.approved_on ?? "") ? one : newest),
      undefined,
    );
}

/** The sections of the template (domain model, section 5); a short assessment leaves out those marked. */
const sections: readonly { name: string; has: (assessment: Assessment) => boolean; fullOnly?: true }[] = [
  {
    name: "frame",
    has: ({ trigger, assessor, method_version, stage }) =>
      trigger !== undefined && assessor !== undefined && method_version !== undefined && stage !== undefined,
  },
  { name: "system", has: ({ system }) => system?.purpose !== undefined && system.not_automated !== undefined },
  {
    name: "use",
    has: ({ use }) => use?.intended_use !== undefined && filled(use.excluded_uses) && filled(use.foreseeable_misuse),
  },
  { name: "data", has: ({ data }) => data?.sources !== undefined },
  { name: "model", has: ({ model }) => model?.known_limits !== undefined, fullOnly: true },
  {
    name: "setting",
    has: ({ setting }) => filled(setting?.sites) && setting?.social_setting !== undefined,
    fullOnly: true,
  },
  { name: "people", has: ({ people }) => people?.users !== undefined && people.decided_about !== undefined },
  { name: "benefits", has: ({ benefits }) => filled(benefits) },
  { name: "impacts on people", has: ({ impacts_on_people }) => filled(impacts_on_people) },
  { name: "impacts on society", has: ({ impacts_on_society }) => filled(impacts_on_society), fullOnly: true },
  { name: "failure and misuse", has: ({ failure_and_misuse }) => filled(failure_and_misuse), fullOnly: true },
  {
    name: "oversight and recourse",
    has: ({ oversight }) => oversight?.who !== undefined && oversight.contest !== undefined,
  },
  { name: "measures", has: ({ measures }) => filled(measures), fullOnly: true },
  {
    name: "what remains",
    has: ({ residual }) => residual?.what_remains !== undefined && residual.why_acceptable !== undefined,
  },
  {
    name: "conclusion",
    has: ({ conclusion, conclusion_text }) => conclusion !== undefined && conclusion_text !== undefined,
  },
  { name: "sharing", has: ({ sharing }) => filled(sharing) },
  {
    name: "next look",
    has: ({ next_review_on, next_look_triggers }) => next_review_on !== undefined && filled(next_look_triggers),
  },
  { name: "add-ons", has: ({ add_ons }) => add_ons?.legal_class !== undefined, fullOnly: true },
];

/** Names of the sections that the assessment's template asks for and that are not filled in. */
export function sectionsMissing(assessment: Assessment): string[] {
  return sections
    .filter(
      (section) => (assessment.assessment_kind !== "short" || section.fullOnly !== true) && !section.has(assessment),
    )
    .map((section) => section.name);
}

const filled = (list: readonly unknown[] | undefined): boolean => (list ?? []).length > 0;
