import { addDays, addMonths, addWorkingDays, daysBetween, type Day } from "#core/basics/time.ts";

/**
 * The day that a check is asked for. It answers questions about other days and remembers the
 * nearest later day on which one of its answers would be another: that is how a result knows when
 * time alone would change it. The day itself is only for messages; a predicate that compares it by
 * hand would hide such a change.
 */
export class Today {
  readonly day: Day;
  #changesOn: Day | undefined;

  constructor(day: Day) {
    this.day = day;
  }

  /** The nearest later day on which an answer given so far would change. */
  get changesOn(): Day | undefined {
    return this.#changesOn;
  }

  /** Whether the day lies before today: due on the 3rd is past on the 4th. */
  isPast(day: Day): boolean {
    return this.#turns(addDays(day, 1));
  }

  /** Whether the day is today or lies before it: in force from the 3rd is in force on the 3rd. */
  hasCome(day: Day): boolean {
    return this.#turns(day);
  }

  /** Whether the day lies in the last `months` months, today and the far end included. False for a day to come. */
  isWithinMonths(day: Day, months: number): boolean {
    return this.hasCome(day) && !this.isPast(addMonths(day, months));
  }

  /** Whether the day lies in the last `days` days, today and the far end included. False for a day to come. */
  isWithinDays(day: Day, days: number): boolean {
    return this.hasCome(day) && !this.isPast(addDays(day, days));
  }

  /** Whether more than `days` days have gone by since the day. */
  isLongerThan(days: number, since: Day): boolean {
    return this.isPast(addDays(since, days));
  }

  /** Whether more than `months` months have gone by since the day. */
  isMonthsAfter(months: number, since: Day): boolean {
    return this.isPast(addMonths(since, months));
  }

  /** Whether more than `days` working days have gone by since the day. */
  isWorkingDaysAfter(days: number, since: Day): boolean {
    return this.isPast(addWorkingDays(since, days));
  }

  #turns(on: Day): boolean {
    if (daysBetween(this.day, on) <= 0) return true;
    if (this.#changesOn === undefined || on < this.#changesOn) this.#changesOn = on;
    return false;
  }
}
