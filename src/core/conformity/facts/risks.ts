import type { RecordOf } from "#core/records/kind.ts";
import { isAbove } from "#core/records/risk-score.ts";
import type { Today } from "../today.ts";

type Risk = RecordOf<"risk">;
type Criteria = RecordOf<"risk_criteria">;

/** Whether the risk is still on the list: not closed. */
export const isOpenRisk = (risk: Risk): boolean => risk.state !== "closed";

/** Whether the threat's current band lies above what is acceptable without treatment. Absent criteria: above low. */
export function isAboveLine(risk: Risk, criteria: Criteria | undefined): boolean {
  const band = risk.current?.band;
  return risk.risk_kind !== "opportunity" && band !== undefined && isAbove(band, criteria?.acceptable_to ?? "low");
}

/** Whether it stands as accepted for its score, by a named person, until a day that has not passed. */
export function isAccepted(risk: Risk, today: Today): boolean {
  const acceptance = risk.acceptance;
  return (
    risk.state === "accepted" &&
    acceptance?.by !== undefined &&
    acceptance.expires_on !== undefined &&
    !today.isPast(acceptance.expires_on)
  );
}

/** The day of the newest assessment among the risks. */
export function newestAssessment(risks: readonly Risk[]): Risk["assessed_on"] {
  return risks
    .map((risk) => risk.assessed_on)
    .filter((on) => on !== undefined)
    .sort()
    .at(-1);
}

/** Whether one of the risks was assessed on one of the days from `from` to `to`, at any time of its history. */
export function wasAssessedBetween(risks: readonly Risk[], from: string, to: string): boolean {
  return risks.some((risk) => (risk.assessments ?? []).some(({ on }) => on >= from && on <= to));
}
