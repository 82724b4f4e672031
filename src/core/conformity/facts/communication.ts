import { addDays, addMonths, type Day } from "#core/basics/time.ts";
import type { RecordOf } from "#core/records/kind.ts";
import type { Today } from "../today.ts";

type Plan = RecordOf<"communication_plan">;
export type PlanLine = NonNullable<Plan["lines"]>[number];
type Event = RecordOf<"communication_event">;

/** What a line does not say of what, when, with whom, how and by whom, in plain words. */
export function missingOf(line: PlanLine): string[] {
  const said = {
    what: line.what !== undefined,
    when: line.trigger !== undefined || line.first_due !== undefined,
    "with whom": (line.with_whom ?? []).length > 0 || line.audience !== undefined,
    how: line.how !== undefined,
    "by whom": (line.by ?? []).length > 0 || (line.by_roles ?? []).length > 0,
  };
  return Object.entries(said)
    .filter(([, given]) => !given)
    .map(([name]) => name);
}

/** Whether the line speaks to people inside, or outside. */
export const speaks = (line: PlanLine, side: "internal" | "external"): boolean =>
  line.direction === side || line.direction === "both";

/** Days of the last twelve months on which the line fell due while the plan was in force and nothing was told in time, with proof. */
export function missedDues(plan: Plan, line: PlanLine, events: readonly Event[], today: Today): Day[] {
  const told = events.filter(
    (event) =>
      event.plan_line === line.no &&
      (event.state === "sent" || event.state === "confirmed") &&
      (event.evidence ?? []).length > 0,
  );
  return pastDues(line, today)
    .filter((due) => (plan.effective_from === undefined || due >= plan.effective_from) && !today.isMonthsAfter(12, due))
    .filter((due) => !told.some((event) => isInWindow(event, line, due)));
}

function pastDues(line: PlanLine, today: Today): Day[] {
  const past: Day[] = [];
  const { first_due: first, every_months: rhythm } = line;
  for (let turn = 0; first !== undefined; turn += 1) {
    const due = addMonths(first, turn * (rhythm ?? 0));
    if (!today.isPast(due)) break;
    past.push(due);
    if (rhythm === undefined) break;
  }
  return past;
}

function isInWindow(event: Event, line: PlanLine, due: Day): boolean {
  const on = event.happened_on;
  return on !== undefined && on <= due && on >= addDays(due, -(line.window_days ?? 31));
}
