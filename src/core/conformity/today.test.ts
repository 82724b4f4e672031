import fc from "fast-check";
import { expect, test } from "vitest";
import { addDays, dayOfNumber, parseDay, type Day } from "#core/basics/time.ts";
import { Today } from "./today.ts";

const day = fc.integer({ min: 15_000, max: 25_000 }).map(dayOfNumber);
const near = fc
  .tuple(day, fc.integer({ min: -500, max: 500 }))
  .map(([one, days]) => [one, addDays(one, days)] as const);
const few = fc.integer({ min: 0, max: 400 });

const questions: Record<string, (today: Today, other: Day, count: number) => boolean> = {
  isPast: (today, other) => today.isPast(other),
  hasCome: (today, other) => today.hasCome(other),
  isWithinMonths: (today, other, count) => today.isWithinMonths(other, count % 30),
  isWithinDays: (today, other, count) => today.isWithinDays(other, count),
  isLongerThan: (today, other, count) => today.isLongerThan(count, other),
  isMonthsAfter: (today, other, count) => today.isMonthsAfter(count % 30, other),
  isWorkingDaysAfter: (today, other, count) => today.isWorkingDaysAfter(count % 60, other),
};

test.each(Object.entries(questions))("%s answers the same up to the day it names, and another that day", (_, ask) => {
  fc.assert(
    fc.property(near, few, ([now, other], count) => {
      const today = new Today(now);
      const answer = ask(today, other, count);
      const turns = today.changesOn;
      const later = (on: Day) => ask(new Today(on), other, count);
      if (turns === undefined) {
        for (const days of [1, 30, 400, 2000]) expect(later(addDays(now, days))).toBe(answer);
        return;
      }
      expect(turns > now).toBe(true);
      expect(later(addDays(turns, -1))).toBe(answer);
      // Of two days that an answer hangs on, the nearer is named: there the answer may still be the same.
      const again = new Today(turns);
      const then = ask(again, other, count);
      if (again.changesOn === undefined) expect(then).not.toBe(answer);
    }),
  );
});

test("of several answers the nearest change is remembered", () => {
  const today = new Today(parseDay("2026-11-23"));
  today.isPast(parseDay("2026-12-31"));
  today.hasCome(parseDay("2026-12-01"));
  today.isPast(parseDay("2026-01-01"));
  expect(today.changesOn).toBe("2026-12-01");
});

test("the day due is not past; the day after is", () => {
  expect(new Today(parseDay("2026-11-03")).isPast(parseDay("2026-11-03"))).toBe(false);
  expect(new Today(parseDay("2026-11-04")).isPast(parseDay("2026-11-03"))).toBe(true);
});

test("a day to come lies in no past stretch", () => {
  const today = new Today(parseDay("2026-11-23"));
  expect(today.isWithinMonths(parseDay("2026-11-24"), 12)).toBe(false);
  expect(today.isWithinMonths(parseDay("2025-11-23"), 12)).toBe(true);
  expect(today.isWithinMonths(parseDay("2025-11-22"), 12)).toBe(false);
});
