import type { RecordOf } from "#core/records/kind.ts";

type Evaluation = RecordOf<"evaluation">;
type EvaluationKind = NonNullable<Evaluation["evaluation_kind"]>;
type System = RecordOf<"ai_system">;

/** What is tested before a system of the tier goes into use (A.6.2.4): the more it may do to people, the more. */
const requiredOf: Readonly<Record<number, readonly EvaluationKind[]>> = {
  1: ["performance", "fairness", "robustness", "security", "human_factors"],
  2: ["performance", "fairness", "security"],
  3: ["performance"],
};

/** What a test of another name shows as well: one's own acceptance of a bought system is a test of its performance. */
const alsoShows: Readonly<Partial<Record<EvaluationKind, readonly EvaluationKind[]>>> = {
  acceptance: ["performance"],
  red_team: ["security", "robustness"],
};

/** The kinds of test that the system's tier requires. A system without a tier is held to the strictest. */
export const requiredTests = (system: System): readonly EvaluationKind[] => requiredOf[system.tier ?? 1] ?? [];

/** The required kinds that none of the evaluations is of. */
export function missingTests(system: System, evaluations: readonly Evaluation[]): EvaluationKind[] {
  const shown = new Set(
    evaluations.flatMap(({ evaluation_kind: kind }) => (kind === undefined ? [] : [kind, ...(alsoShows[kind] ?? [])])),
  );
  return requiredTests(system).filter((kind) => !shown.has(kind));
}

/** Whether the criteria were set on a day before the results were known; results that are not known yet come later. */
export const setBeforehand = (evaluation: Evaluation): boolean =>
  (evaluation.criteria ?? []).length > 0 &&
  evaluation.criteria_set_on !== undefined &&
  (evaluation.results_on === undefined || evaluation.criteria_set_on < evaluation.results_on);
