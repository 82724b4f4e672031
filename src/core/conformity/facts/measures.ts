import { addDays, addMonths, type Day } from "#core/basics/time.ts";
import type { RecordOf } from "#core/records/kind.ts";
import type { Today } from "../today.ts";

type Measure = RecordOf<"measure">;
type Measurement = RecordOf<"measurement">;

/** A period of each frequency, and half of one. */
const periods = {
  weekly: { whole: (day: Day) => addDays(day, 7), half: (day: Day) => addDays(day, 3) },
  monthly: { whole: (day: Day) => nextMonthEnd(day, 1), half: (day: Day) => addDays(day, 15) },
  quarterly: { whole: (day: Day) => nextMonthEnd(day, 3), half: (day: Day) => addDays(day, 45) },
  half_yearly: { whole: (day: Day) => nextMonthEnd(day, 6), half: (day: Day) => addMonths(day, 3) },
  yearly: { whole: (day: Day) => nextMonthEnd(day, 12), half: (day: Day) => addMonths(day, 6) },
} as const satisfies Record<NonNullable<Measure["frequency"]>, unknown>;

/** That many months later; the last day of a month leads to the last day of a month. */
function nextMonthEnd(day: Day, months: number): Day {
  const isLast = addDays(day, 1).slice(8) === "01";
  return isLast ? addDays(addMonths(addDays(day, 1), months), -1) : addMonths(day, months);
}

/** Measurements that count: those not corrected by a later one. */
export const standing = (measurements: readonly Measurement[]): Measurement[] =>
  measurements.filter((measurement) => measurement.state !== "superseded");

/** The measurement of the latest period among those that count. */
export const newest = (measurements: readonly Measurement[]): Measurement | undefined =>
  standing(measurements)
    .sort((a, b) => ((a.period_to ?? "") < (b.period_to ?? "") ? -1 : 1))
    .at(-1);

/** Whether the measurement is no older than one and a half times its measure's frequency; its age counts from its collection. */
export function isFresh(measurement: Measurement, measure: Measure, today: Today): boolean {
  const from = measurement.collected_on ?? measurement.period_to;
  if (from === undefined || measurement.state === "superseded") return false;
  const { whole, half } = periods[measure.frequency ?? "yearly"];
  return !today.isPast(half(whole(from)));
}

/**
 * The last day on which the next measurement is not missed: the end of the next period, the days
 * that the measure allows for collecting, and half a period. Nothing when it was never put to use.
 */
export function missedAfter(
  measure: Measure,
  measurements: readonly Measurement[],
): { due: Day; last: Day } | undefined {
  const start = newest(measurements)?.period_to ?? measure.effective_from;
  if (start === undefined || measure.frequency === undefined) return undefined;
  const { whole, half } = periods[measure.frequency];
  const due = addDays(whole(start), measure.due_within_days ?? 0);
  return { due, last: half(due) };
}
