import fc from "fast-check";
import { expect, test } from "vitest";
import {
  addDays,
  addMonths,
  addWorkingDays,
  dayOf,
  dayOfNumber,
  daysBetween,
  instantOf,
  isDay,
  isInstant,
  millisecondsOf,
  numberOfDay,
  parseDay,
  parseInstant,
  workingDaysBetween,
  type Day,
} from "./time.ts";

const day = (text: string) => text as Day;
const anyNumber = fc.integer({ min: -100_000, max: 100_000 });

test("days agree with the platform's calendar in both directions", () => {
  fc.assert(
    fc.property(anyNumber, (number) => {
      const expected = new Date(number * 86_400_000).toISOString().slice(0, 10);
      expect(dayOfNumber(number)).toBe(expected);
      expect(numberOfDay(day(expected))).toBe(number);
    }),
  );
});

test("instants agree with the platform's calendar in both directions", () => {
  fc.assert(
    fc.property(fc.integer({ min: -2_000_000_000_000, max: 4_000_000_000_000 }), (milliseconds) => {
      const expected = new Date(milliseconds).toISOString();
      expect(instantOf(milliseconds)).toBe(expected);
      expect(millisecondsOf(parseInstant(expected))).toBe(milliseconds);
      expect(dayOf(parseInstant(expected))).toBe(expected.slice(0, 10));
    }),
  );
});

test.each([
  "2026-02-29",
  "2026-13-01",
  "2026-00-10",
  "2026-04-31",
  "26-01-01",
  "2026-1-1",
  "2026-01-01T00:00",
  "",
  "2100-02-29",
])("%s is no day", (text) => {
  expect(isDay(text)).toBe(false);
  expect(() => parseDay(text)).toThrow(`Cannot read day "${text}"`);
});

test.each(["2024-02-29", "2000-02-29", "2026-12-31"])("%s is a day", (text) => expect(isDay(text)).toBe(true));

test.each(["2026-11-23T10:00:00Z", "2026-11-23T24:00:00.000Z", "2026-02-30T10:00:00.000Z", "2026-11-23"])(
  "%s is no instant",
  (text) => {
    expect(isInstant(text)).toBe(false);
    expect(() => parseInstant(text)).toThrow("Cannot read instant");
  },
);

test("a month later is the same day of the month, or its last day", () => {
  expect(addMonths(day("2026-01-31"), 1)).toBe("2026-02-28");
  expect(addMonths(day("2024-02-29"), 12)).toBe("2025-02-28");
  expect(addMonths(day("2026-11-23"), -12)).toBe("2025-11-23");
  expect(addMonths(day("2026-12-15"), 1)).toBe("2027-01-15");
});

test("days and months added and taken away again come back, except at a month's end", () => {
  fc.assert(
    fc.property(anyNumber, fc.integer({ min: -5000, max: 5000 }), (number, days) => {
      const start = dayOfNumber(number);
      expect(daysBetween(start, addDays(start, days))).toBe(days);
      const first = day(`${start.slice(0, 7)}-01`);
      expect(addMonths(addMonths(first, days), -days)).toBe(first);
    }),
  );
});

test("working days leave out Saturdays and Sundays", () => {
  // 2026-10-27 was a Tuesday: the seventh working day after it is Thursday, 2026-11-05.
  expect(addWorkingDays(day("2026-10-27"), 5)).toBe("2026-11-03");
  expect(addWorkingDays(day("2026-10-27"), 7)).toBe("2026-11-05");
  expect(workingDaysBetween(day("2026-10-27"), day("2026-11-05"))).toBe(7);
  expect(addWorkingDays(day("2026-11-21"), 1)).toBe("2026-11-23");
});

test("counting working days agrees with adding them", () => {
  fc.assert(
    fc.property(anyNumber, fc.integer({ min: 0, max: 400 }), (number, days) => {
      expect(workingDaysBetween(dayOfNumber(number), addWorkingDays(dayOfNumber(number), days))).toBe(days);
    }),
  );
});
