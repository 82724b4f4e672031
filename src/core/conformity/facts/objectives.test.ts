import { expect, test } from "vitest";
import type { Day } from "#core/basics/time.ts";
import type { RecordOf } from "#core/records/kind.ts";
import { Today } from "../today.ts";
import { kept } from "../ground.testing.ts";
import { trackOf } from "./objectives.ts";

const measures = [
  kept("measure", "MS-02", { thresholds: { direction: "lower", green: 3, red: 3.5 } }),
  kept("measure", "MS-04", { thresholds: { direction: "higher", green: 95, red: 80 } }),
] as unknown as RecordOf<"measure">[];
const value = (measure: string, collected_on: string, amount: number, band?: string) =>
  kept("measurement", `${measure}-${collected_on}`, {
    state: "recorded",
    measure,
    collected_on,
    value: amount,
    ...(band === undefined ? {} : { band }),
  }) as RecordOf<"measurement">;
const upTo95 = { measure: "MS-04", operator: "at_least", value: 95, by: "2026-12-31" };
const downTo3 = { measure: "MS-02", operator: "at_most", value: 3, by: "2026-12-31" };
const track = (targets: readonly object[], values: readonly RecordOf<"measurement">[], day = "2026-11-23") =>
  trackOf(kept("objective", "OBJ-1", { targets }) as RecordOf<"objective">, measures, values, new Today(day as Day));

test("reached in every target is on track", () => {
  expect(track([upTo95], [value("MS-04", "2026-10-01", 96)])).toBe("on_track");
  expect(track([downTo3, upTo95], [value("MS-02", "2026-10-01", 3), value("MS-04", "2026-10-01", 95)])).toBe(
    "on_track",
  );
});

test("reached in one of two is at risk, however bad the other", () => {
  expect(track([downTo3, upTo95], [value("MS-02", "2026-10-01", 2.7), value("MS-04", "2026-10-01", 60)])).toBe(
    "at_risk",
  );
});

test("a red value is off track", () => {
  expect(track([upTo95], [value("MS-04", "2026-10-01", 79)])).toBe("off_track");
  expect(track([upTo95], [value("MS-04", "2026-10-01", 90, "red")])).toBe("off_track");
});

test("between the bands the line through the last two values decides", () => {
  expect(track([upTo95], [value("MS-04", "2026-07-01", 82), value("MS-04", "2026-10-01", 90)])).toBe("on_track");
  expect(track([upTo95], [value("MS-04", "2026-07-01", 88), value("MS-04", "2026-10-01", 90)])).toBe("at_risk");
  expect(track([upTo95], [value("MS-04", "2026-10-01", 90), value("MS-04", "2026-11-20", 86.7)])).toBe("at_risk");
});

test("when its day has passed, what is not reached is off track", () => {
  expect(track([upTo95], [value("MS-04", "2026-10-01", 94)], "2026-12-31")).toBe("at_risk");
  expect(track([upTo95], [value("MS-04", "2026-10-01", 94)], "2027-01-01")).toBe("off_track");
});

test("a corrected value does not count, and without any value nothing is known", () => {
  const wrong = { ...value("MS-04", "2026-11-01", 99), state: "superseded" } as RecordOf<"measurement">;
  expect(track([upTo95], [value("MS-04", "2026-10-01", 79), wrong])).toBe("off_track");
  expect(track([upTo95], [])).toBe("unknown");
  expect(track([], [])).toBe("unknown");
});
