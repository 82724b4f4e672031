import { Refusal } from "./refusal.ts";

/** A calendar day, `2026-11-23`. Days compare as text. */
export type Day = string & { readonly __day: unique symbol };

/** A moment in UTC to the millisecond, `2026-11-23T10:00:00.000Z`. Instants compare as text. */
export type Instant = string & { readonly __instant: unique symbol };

const dayPattern = /^(\d{4})-(\d{2})-(\d{2})$/;
const instantPattern = /^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

/** Whether the text is a day that exists in the calendar. */
export function isDay(text: string): text is Day {
  const match = dayPattern.exec(text);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

/** The day, or a refusal. @throws {Refusal} `malformed` */
export function parseDay(text: string): Day {
  if (!isDay(text))
    throw new Refusal("malformed", `Cannot read day "${text}": a day is written 2026-11-23 and exists in the calendar`);
  return text;
}

/** Whether the text is an instant as this house writes it. */
export function isInstant(text: string): text is Instant {
  return instantPattern.test(text) && isDay(text.slice(0, 10));
}

/** The instant, or a refusal. @throws {Refusal} `malformed` */
export function parseInstant(text: string): Instant {
  if (!isInstant(text))
    throw new Refusal("malformed", `Cannot read instant "${text}": an instant is written 2026-11-23T10:00:00.000Z`);
  return text;
}

/** The instant that many milliseconds after 1970-01-01T00:00Z. */
export function instantOf(milliseconds: number): Instant {
  const days = Math.floor(milliseconds / 86_400_000);
  const rest = milliseconds - days * 86_400_000;
  const two = (value: number) => String(value).padStart(2, "0");
  const clock = `${two(Math.floor(rest / 3_600_000))}:${two(Math.floor(rest / 60_000) % 60)}:${two(Math.floor(rest / 1000) % 60)}.${String(rest % 1000).padStart(3, "0")}`;
  return `${dayOfNumber(days)}T${clock}Z` as Instant;
}

/** Milliseconds since 1970-01-01T00:00Z. */
export function millisecondsOf(instant: Instant): number {
  const part = (from: number, to: number) => Number(instant.slice(from, to));
  return (
    numberOfDay(dayOf(instant)) * 86_400_000 +
    part(11, 13) * 3_600_000 +
    part(14, 16) * 60_000 +
    part(17, 19) * 1000 +
    part(20, 23)
  );
}

/** The day on which the instant falls, in UTC. */
export function dayOf(instant: Instant): Day {
  return instant.slice(0, 10) as Day;
}

/** The last instant of the day: what "as at" the day includes. */
export function endOf(day: Day): Instant {
  return `${day}T23:59:59.999Z` as Instant;
}

/** Days since 1970-01-01. */
export function numberOfDay(day: Day): number {
  const year = Number(day.slice(0, 4));
  const month = Number(day.slice(5, 7));
  // Days from civil: the year is taken to begin in March, so that the leap day comes last.
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + Number(day.slice(8, 10)) - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}

/** The day with that many days since 1970-01-01. */
export function dayOfNumber(number: number): Day {
  const z = number + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const m = Math.floor((5 * dayOfYear + 2) / 153);
  const month = m < 10 ? m + 3 : m - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const day = dayOfYear - Math.floor((153 * m + 2) / 5) + 1;
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}` as Day;
}

/** The day that many days later (earlier when negative). */
export function addDays(day: Day, days: number): Day {
  return dayOfNumber(numberOfDay(day) + days);
}

/** The same day of the month that many months later, or the month's last day where it is shorter. */
export function addMonths(day: Day, months: number): Day {
  const total = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + months;
  const year = Math.floor(total / 12);
  const month = (total % 12) + 1;
  const last = Math.min(Number(day.slice(8, 10)), daysInMonth(year, month));
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(last).padStart(2, "0")}` as Day;
}

/** Days from the first to the second; negative when the second is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return numberOfDay(to) - numberOfDay(from);
}

/** The day that many working days (Monday to Friday) later. Day 1 is the next working day. */
export function addWorkingDays(day: Day, days: number): Day {
  let number = numberOfDay(day);
  for (let left = days; left > 0;) {
    number += 1;
    if (isWorkingNumber(number)) left -= 1;
  }
  return dayOfNumber(number);
}

/** Working days after `from` up to and including `to`. */
export function workingDaysBetween(from: Day, to: Day): number {
  const first = numberOfDay(from) + 1;
  const last = numberOfDay(to);
  if (last < first) return 0;
  const days = last - first + 1;
  let count = Math.floor(days / 7) * 5;
  for (let number = first + Math.floor(days / 7) * 7; number <= last; number++) if (isWorkingNumber(number)) count += 1;
  return count;
}

function isWorkingNumber(number: number): boolean {
  // 1970-01-01 was a Thursday: number 0 has weekday 3 when Monday is 0.
  return (((number + 3) % 7) + 7) % 7 < 5;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
