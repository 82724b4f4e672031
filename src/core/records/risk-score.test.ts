import fc from "fast-check";
import { expect, test } from "vitest";
import { bandNames, bandOf, isAbove, levelOf, scoreHash, type Score } from "./risk-score.ts";

const one = fc.integer({ min: 1, max: 5 });
const anyScore: fc.Arbitrary<Score> = fc.record({
  likelihood: one,
  individuals: one,
  groups: one,
  society: one,
  organisation: one,
});

test("the level is the likelihood times the worst consequence", () => {
  expect(levelOf({ likelihood: 2, individuals: 5, groups: 4, organisation: 3 })).toBe(10);
  expect(levelOf({ likelihood: 3, benefit: 4 })).toBe(12);
});

test("a score without likelihood or without any consequence has no level", () => {
  expect(levelOf({ individuals: 5 })).toBeUndefined();
  expect(levelOf({ likelihood: 5 })).toBeUndefined();
  expect(bandOf({ likelihood: 5 }, undefined)).toBeUndefined();
});

test.each([
  [{ likelihood: 1, individuals: 5 }, "low"],
  [{ likelihood: 5, groups: 1 }, "low"],
  [{ likelihood: 2, groups: 3 }, "medium"],
  [{ likelihood: 3, groups: 4 }, "medium"],
  [{ likelihood: 3, groups: 5 }, "high"],
  [{ likelihood: 4, individuals: 4 }, "high"],
  [{ likelihood: 5, groups: 4 }, "must_not_run"],
  [{ likelihood: 2, individuals: 5 }, "medium"],
  [{ likelihood: 3, individuals: 5 }, "must_not_run"],
] as const)("%j lies in the band %s", (score, band) => {
  expect(bandOf(score, undefined)).toBe(band);
});

test("the organisation's own bands count", () => {
  expect(bandOf({ likelihood: 2, groups: 3 }, { bands: { low_to: 6, medium_to: 12, high_to: 19 } })).toBe("low");
});

test("a benefit has a level and no band", () => {
  expect(bandOf({ likelihood: 5, benefit: 5 }, undefined)).toBeUndefined();
});

test("a higher likelihood never leads to a lower band", () => {
  fc.assert(
    fc.property(anyScore, (score) => {
      const [band, worse] = [
        bandOf(score, undefined),
        bandOf({ ...score, likelihood: Math.min(5, (score.likelihood ?? 1) + 1) }, undefined),
      ];
      return band !== undefined && worse !== undefined && !isAbove(band, worse);
    }),
  );
});

test("bands are ordered as they are listed", () => {
  expect(bandNames.map((band) => isAbove(band, "medium"))).toEqual([false, false, true, true]);
});

test("another score or other criteria have another hash, another text has not", () => {
  const risk = { current: { likelihood: 2, individuals: 4 }, criteria_version: "RC-02" };
  expect(scoreHash({ ...risk, title: "Something else" } as typeof risk)).toBe(scoreHash(risk));
  expect(scoreHash({ ...risk, current: { likelihood: 3, individuals: 4 } })).not.toBe(scoreHash(risk));
  expect(scoreHash({ ...risk, criteria_version: "RC-01" })).not.toBe(scoreHash(risk));
});
