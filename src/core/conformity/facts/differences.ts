import { addWorkingDays } from "#core/basics/time.ts";
import type { RecordOf } from "#core/records/kind.ts";
import type { Today } from "../today.ts";

type Difference = NonNullable<RecordOf<"release">["differences"]>[number];

/** Working days within which a difference between what runs and what was approved is reviewed (TRG-17). */
export const reviewWithin = 5;

/** Why a difference found on the release is not reviewed as it should be, or nothing. */
export function whyNotReviewed(difference: Difference, today: Today): string | undefined {
  const { found_on: found, reviewed_on: reviewed, consequence, what } = difference;
  const due = addWorkingDays(found, reviewWithin);
  if (reviewed === undefined)
    return today.isPast(due) ? `"${what}", found on ${found}, was due to be reviewed by ${due} and is not` : undefined;
  if (reviewed > due) return `"${what}", found on ${found}, was due to be reviewed by ${due} and was on ${reviewed}`;
  return consequence === undefined ? `the review of "${what}" does not say what follows` : undefined;
}
