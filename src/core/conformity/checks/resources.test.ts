import { describe, expect, it } from "vitest";
import { answerOf, holds, kept } from "../ground.testing.ts";

const year = { from: "2026-01-01", to: "2026-12-31" };
const granted = (ref: string, resource_kind: string, more = {}) =>
  kept("resource", ref, { state: "allocated", resource_kind, period: year, ...more });
const five = ["people", "infrastructure", "environment", "technology", "financial"].map((kind, at) =>
  granted(`RES-0${at + 1}`, kind),
);

describe("resource.five_kinds", () => {
  it("holds when each of the five kinds was decided for the period", () => {
    expect(holds("resource.five_kinds", five, "2026-06-01")[0]).toBe("pass");
  });
  it("fails when one kind was never decided", () => {
    expect(holds("resource.five_kinds", five.slice(1), "2026-06-01")).toEqual([
      "fail",
      "no people resource was decided for the current planning period",
    ]);
  });
  it("counts a refusal as a decision, and a request as none", () => {
    const rest = five.slice(1);
    expect(
      holds("resource.five_kinds", [...rest, granted("RES-09", "people", { state: "refused" })], "2026-06-01")[0],
    ).toBe("pass");
    expect(
      holds("resource.five_kinds", [...rest, granted("RES-09", "people", { state: "requested" })], "2026-06-01")[0],
    ).toBe("fail");
  });
  it("holds on the period's last day and fails on the next", () => {
    expect(answerOf("resource.five_kinds", five, "2026-12-31")).toMatchObject({
      result: "pass",
      changesOn: "2027-01-01",
    });
    expect(holds("resource.five_kinds", five, "2027-01-01")[0]).toBe("fail");
  });
});

describe("resource.no_gap", () => {
  const short = { approved_quantity: 2, allocated_quantity: 1.4, unit: "FTE", allocated_on: "2026-04-01" };
  it("holds when all that was approved is allocated", () => {
    expect(
      holds("resource.no_gap", [granted("RES-01", "people", { ...short, allocated_quantity: 2 })], "2026-11-23")[0],
    ).toBe("pass");
  });
  it("fails on the 61st day of a gap that nothing explains", () => {
    const gap = [granted("RES-01", "people", short)];
    expect(answerOf("resource.no_gap", gap, "2026-05-31")).toMatchObject({ result: "pass", changesOn: "2026-06-01" });
    expect(holds("resource.no_gap", gap, "2026-06-01")[0]).toBe("fail");
  });
  it("lets a linked risk explain the gap, and says so", () => {
    const [result, because] = holds(
      "resource.no_gap",
      [granted("RES-01", "people", { ...short, risk: "RSK-011" })],
      "2026-11-23",
    );
    expect(result).toBe("pass");
    expect(because).toContain("RSK-011");
  });
  it("lets a dated plan explain the gap until its date has passed", () => {
    const planned = [granted("RES-01", "people", { ...short, gap_plan: { what: "hire", due: "2026-10-15" } })];
    expect(holds("resource.no_gap", planned, "2026-10-15")[0]).toBe("pass");
    expect(holds("resource.no_gap", planned, "2026-10-16")[0]).toBe("fail");
  });
});

describe("resource.per_system", () => {
  const system = kept("ai_system", "AIS-01", { state: "deployed", in_scope: true });
  const people = granted("RES-11", "people", { ai_systems: ["AIS-01"] });
  const cluster = granted("RES-12", "infrastructure", { ai_systems: ["AIS-01"] });
  it("holds when people and computing are allocated to a deployed system", () => {
    expect(holds("resource.per_system", [system, people, cluster], "2026-06-01")[0]).toBe("pass");
  });
  it("fails and names what is missing", () => {
    expect(holds("resource.per_system", [system, people], "2026-06-01")[1]).toContain(
      "no technology or infrastructure resource",
    );
  });
  it("does not count what is only approved", () => {
    expect(
      holds(
        "resource.per_system",
        [system, cluster, granted("RES-11", "people", { state: "approved", ai_systems: ["AIS-01"] })],
        "2026-06-01",
      )[0],
    ).toBe("fail");
  });
  it("speaks of deployed systems only", () => {
    expect(
      holds("resource.per_system", [kept("ai_system", "AIS-02", { state: "design", in_scope: true })], "2026-06-01")[0],
    ).toBe("not_applicable");
  });
});

describe("resource.budget", () => {
  const budget = (more: object) => [
    granted("RES-07", "financial", { approved_quantity: 1_420_000, actual: 1_096_400, ...more }),
  ];
  it("holds until the 90th day after the actual figures", () => {
    expect(answerOf("resource.budget", budget({ actual_on: "2026-08-02" }), "2026-10-31")).toMatchObject({
      result: "pass",
      changesOn: "2026-11-01",
    });
    expect(holds("resource.budget", budget({ actual_on: "2026-08-02" }), "2026-11-01")[0]).toBe("fail");
  });
  it("fails without actual figures, or for another year", () => {
    expect(holds("resource.budget", budget({}), "2026-11-23")[0]).toBe("fail");
    expect(
      holds(
        "resource.budget",
        budget({ actual_on: "2026-11-20", period: { from: "2025-01-01", to: "2025-12-31" } }),
        "2026-11-23",
      )[0],
    ).toBe("fail");
  });
});
