import { daysBetween } from "#core/basics/time.ts";
import type { RecordOf } from "#core/records/kind.ts";
import type { Today } from "../today.ts";

type Objective = RecordOf<"objective">;
type Target = NonNullable<Objective["targets"]>[number];
type Measure = RecordOf<"measure">;
type Measurement = RecordOf<"measurement">;

/** How an objective stands: its colour on a board. Unknown while nothing is measured. */
export type Track = "on_track" | "at_risk" | "off_track" | "unknown";

/**
 * How the objective stands on the day. Reached in all targets: on track. In some: at risk. In none:
 * off track when a value is in its measure's red band or the day of a target has passed; else the
 * line through the last two values says whether the target's day is met.
 */
export function trackOf(
  objective: Objective,
  measures: readonly Measure[],
  measurements: readonly Measurement[],
  today: Today,
): Track {
  const standings = (objective.targets ?? []).map((target) => standingOf(target, measures, measurements, today));
  const known = standings.filter((standing) => standing !== "unknown");
  if (known.length === 0) return "unknown";
  if (standings.every((standing) => standing === "reached")) return "on_track";
  if (standings.some((standing) => standing === "reached")) return "at_risk";
  if (known.includes("lost")) return "off_track";
  return standings.every((standing) => standing === "nearing") ? "on_track" : "at_risk";
}

type Standing = "reached" | "nearing" | "missing" | "lost" | "unknown";

function standingOf(
  target: Target,
  measures: readonly Measure[],
  measurements: readonly Measurement[],
  today: Today,
): Standing {
  const values = measurements.filter(
    (one) =>
      one.measure === target.measure &&
      one.state !== "superseded" &&
      one.value !== undefined &&
      one.collected_on !== undefined,
  );
  values.sort((a, b) => ((a.collected_on ?? "") < (b.collected_on ?? "") ? -1 : 1));
  const newest = values.at(-1);
  if (newest?.value === undefined || target.value === undefined) return "unknown";
  if (isReached(target, newest.value)) return "reached";
  const limits = measures.find((measure) => measure.ref === target.measure)?.thresholds;
  const isRed =
    limits !== undefined && (limits.direction === "higher" ? newest.value < limits.red : newest.value > limits.red);
  if (newest.band === "red" || isRed || (target.by !== undefined && today.isPast(target.by))) return "lost";
  return isReached(target, projected(values, target)) ? "nearing" : "missing";
}

function isReached({ operator, value }: Target, measured: number): boolean {
  if (value === undefined) return false;
  if (operator === "at_most") return measured <= value;
  return operator === "equal" ? measured === value : measured >= value;
}

/** The value on the target's day, if it goes on as between the last two values. */
function projected(values: readonly Measurement[], target: Target): number {
  const [before, last] = [values.at(-2), values.at(-1)];
  const end = last?.value ?? Number.NaN;
  if (
    before?.value === undefined ||
    before.collected_on === undefined ||
    last?.collected_on === undefined ||
    target.by === undefined
  )
    return end;
  const span = daysBetween(before.collected_on, last.collected_on);
  return span <= 0 ? end : end + ((end - before.value) / span) * Math.max(0, daysBetween(last.collected_on, target.by));
}
