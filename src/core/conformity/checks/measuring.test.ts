import { describe, expect, it } from "vitest";
import { answerOf, holds, kept } from "../ground.testing.ts";

const whole = {
  what: "errors",
  method: "count",
  data_source: "sample",
  unit: "%",
  frequency: "monthly",
  due_within_days: 10,
  thresholds: { direction: "lower", green: 2, red: 3 },
  measured_by: "P12",
  evaluated_by: "P02",
  evaluate_when: "monthly",
  effective_from: "2026-05-31",
};
const measure = (given: object = {}) => kept("measure", "MS-07", { state: "active", ...whole, ...given });
const value = (given: object = {}) =>
  kept("measurement", "MEA-0001", {
    state: "recorded",
    measure: "MS-07",
    value: 1.5,
    period_from: "2026-09-01",
    period_to: "2026-09-30",
    collected_on: "2026-10-08",
    band: "green",
    ...given,
  });

describe("measure.defined", () => {
  it("holds for a whole measure and fails for one without an evaluator", () => {
    expect(holds("measure.defined", [measure()], "2026-06-01")[0]).toBe("pass");
    expect(holds("measure.defined", [measure({ evaluated_by: undefined })], "2026-06-01")[1]).toContain("evaluated by");
  });
  it("fails while no measure is active", () => {
    expect(holds("measure.defined", [measure({ state: "draft" })], "2026-06-01")[0]).toBe("fail");
  });
});

describe("measure.coverage", () => {
  const aims = measure({ ref: "MS-01", about: ["aims"] });
  const system = (tier: number) => kept("ai_system", "AIS-05", { state: "deployed", in_scope: true, tier });
  const objective = (given: object) => kept("objective", "OBJ-1", { state: "in_progress", ...given });
  it("asks a measure of each deployed system of tier 1 or 2", () => {
    expect(holds("measure.coverage", [aims, system(2)], "2026-06-01")).toEqual([
      "fail",
      "AIS-05: it is deployed in tier 2 and has no active measure",
    ]);
    expect(holds("measure.coverage", [aims, system(3)], "2026-06-01")[0]).toBe("pass");
    expect(holds("measure.coverage", [aims, system(2), measure({ ai_systems: ["AIS-05"] })], "2026-06-01")[0]).toBe(
      "pass",
    );
  });
  it("asks a measure of each approved objective that can be measured", () => {
    expect(holds("measure.coverage", [aims, objective({})], "2026-06-01")[0]).toBe("fail");
    expect(holds("measure.coverage", [aims, objective({ targets: [{ measure: "MS-01" }] })], "2026-06-01")[0]).toBe(
      "pass",
    );
    expect(
      holds(
        "measure.coverage",
        [aims, objective({ not_measurable_reason: "one event in ten years" })],
        "2026-06-01",
      )[0],
    ).toBe("pass");
  });
  it("asks for one measure of the AIMS as a whole", () => {
    expect(holds("measure.coverage", [measure()], "2026-06-01")[0]).toBe("fail");
  });
});

describe("measure.on_time", () => {
  it("gives the days for collecting and half a period", () => {
    const records = [measure(), value()];
    // September's value is there; October's was due on 10 November.
    expect(answerOf("measure.on_time", records, "2026-11-25")).toMatchObject({
      result: "pass",
      changesOn: "2026-11-26",
    });
    expect(holds("measure.on_time", records, "2026-11-26")[1]).toContain("a value was due on 2026-11-10");
  });
  it("counts from the day it was put to use when there is no value yet", () => {
    expect(holds("measure.on_time", [measure()], "2026-07-25")[0]).toBe("pass");
    expect(holds("measure.on_time", [measure()], "2026-07-26")[0]).toBe("fail");
  });
  it("does not count a value that was corrected", () => {
    expect(holds("measure.on_time", [measure(), value({ state: "superseded" })], "2026-11-23")[0]).toBe("fail");
  });
});

describe("measure.evaluated", () => {
  it("waits thirty days after the period", () => {
    expect(answerOf("measure.evaluated", [value()], "2026-10-30")).toMatchObject({
      result: "pass",
      changesOn: "2026-10-31",
    });
    expect(holds("measure.evaluated", [value()], "2026-10-31")[0]).toBe("fail");
  });
  it("asks for words, a name and a day in time", () => {
    const evaluated = (on: string) => [value({ state: "evaluated", evaluation: { text: "fine", by: "P02", on } })];
    expect(holds("measure.evaluated", evaluated("2026-10-30"), "2026-11-23")[0]).toBe("pass");
    expect(holds("measure.evaluated", evaluated("2026-10-31"), "2026-11-23")[0]).toBe("fail");
  });
  it("is unknown while nothing is measured", () => {
    expect(holds("measure.evaluated", [], "2026-11-23")[0]).toBe("unknown");
  });
});

describe("measure.breach_acted", () => {
  const red = (given: object = {}) => value({ band: "red", collected_on: "2026-10-09", ...given });
  it("gives ten working days", () => {
    expect(answerOf("measure.breach_acted", [red()], "2026-10-23")).toMatchObject({
      result: "pass",
      changesOn: "2026-10-24",
    });
    expect(holds("measure.breach_acted", [red()], "2026-10-24")[0]).toBe("fail");
  });
  it("holds with a response in time and fails with a late one or none", () => {
    expect(
      holds(
        "measure.breach_acted",
        [red({ action: { response: "risk_review", record: "RSK-001", on: "2026-10-21" } })],
        "2026-11-23",
      )[0],
    ).toBe("pass");
    expect(
      holds("measure.breach_acted", [red({ action: { response: "risk_review", on: "2026-10-26" } })], "2026-11-23")[0],
    ).toBe("fail");
    expect(
      holds("measure.breach_acted", [red({ action: { response: "none_needed", on: "2026-10-12" } })], "2026-11-23")[0],
    ).toBe("fail");
  });
  it("holds when a nonconformity was raised from it in time", () => {
    expect(
      holds(
        "measure.breach_acted",
        [red(), kept("nonconformity", "NC-02", { raised_from: ["MEA-0001"], detected_on: "2026-10-20" })],
        "2026-11-23",
      )[0],
    ).toBe("pass");
  });
  it("does not mind amber", () => {
    expect(holds("measure.breach_acted", [red({ band: "amber" })], "2026-11-23")[0]).toBe("pass");
  });
});
