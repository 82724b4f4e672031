import { describe, expect, it } from "vitest";
import { answerOf, holds, kept } from "../ground.testing.ts";

const all = ["policy", "own_contribution", "consequences"];
const someone = (given: object = {}) =>
  kept("person", "P1001", {
    state: "active",
    in_scope: true,
    employment: "employee",
    active_from: "2020-01-01",
    ...given,
  });
const ack = (given_on: string, topics: readonly string[] = all, ref = "ACK-1") =>
  kept("awareness_ack", ref, { person: "P1001", topics, given_on });
const organization = kept("organization", "ORG-01", { aims_start_date: "2025-10-06" });

describe("awareness.current", () => {
  it("holds for twelve months, the last day included", () => {
    const records = [someone(), ack("2026-02-10")];
    expect(answerOf("awareness.current", records, "2027-02-10")).toMatchObject({
      result: "pass",
      changesOn: "2027-02-11",
    });
    expect(holds("awareness.current", records, "2027-02-11")[0]).toBe("fail");
  });
  it("lets several acknowledgements cover the topics together", () => {
    const halves = [
      ack("2026-02-10", ["policy"], "ACK-1"),
      ack("2026-03-10", ["own_contribution", "consequences"], "ACK-2"),
    ];
    expect(holds("awareness.current", [someone(), ...halves], "2026-06-01")[0]).toBe("pass");
    expect(holds("awareness.current", [someone(), ...halves.slice(0, 1)], "2026-06-01")[1]).toContain(
      "own contribution and consequences",
    );
  });
  it("leaves newcomers their first thirty days", () => {
    const newcomer = someone({ active_from: "2026-05-04" });
    const settled = kept("person", "P1002", { state: "active", in_scope: true, active_from: "2020-01-01" });
    const aware = kept("awareness_ack", "ACK-2", { person: "P1002", topics: all, given_on: "2026-02-10" });
    expect(answerOf("awareness.current", [newcomer, settled, aware], "2026-06-03")).toMatchObject({
      result: "pass",
      changesOn: "2026-06-04",
    });
    expect(holds("awareness.current", [newcomer, settled, aware], "2026-06-04")[0]).toBe("fail");
  });
  it("asks nothing of those suspended or out of scope", () => {
    expect(
      holds(
        "awareness.current",
        [someone({ state: "suspended" }), someone({ in_scope: false, ref: "P1002" })],
        "2026-06-01",
      )[0],
    ).toBe("not_applicable");
  });
});

describe("awareness.newcomers", () => {
  const newcomer = someone({ active_from: "2026-05-04" });
  it("gives newcomers thirty days", () => {
    expect(answerOf("awareness.newcomers", [organization, newcomer], "2026-06-03")).toMatchObject({
      result: "pass",
      changesOn: "2026-06-04",
    });
    expect(holds("awareness.newcomers", [organization, newcomer], "2026-06-04")[0]).toBe("fail");
  });
  it("holds with a first acknowledgement on the thirtieth day and fails with one on the next", () => {
    expect(holds("awareness.newcomers", [organization, newcomer, ack("2026-06-03")], "2026-11-23")[0]).toBe("pass");
    expect(holds("awareness.newcomers", [organization, newcomer, ack("2026-06-04")], "2026-11-23")[0]).toBe("fail");
  });
  it("leaves out who came before the management system began", () => {
    expect(holds("awareness.newcomers", [organization, someone({ active_from: "2025-06-01" })], "2026-01-05")[0]).toBe(
      "pass",
    );
  });
});

describe("awareness.contractors", () => {
  const contractor = someone({ employment: "contractor" });
  it("asks the same of contractors, and of them alone", () => {
    expect(holds("awareness.contractors", [organization, contractor, ack("2026-02-10")], "2026-06-01")[0]).toBe("pass");
    expect(holds("awareness.contractors", [organization, contractor], "2026-06-01")[0]).toBe("fail");
    expect(holds("awareness.contractors", [organization, someone()], "2026-06-01")[0]).toBe("not_applicable");
  });
  it("fails for a new contractor who was told too late", () => {
    const late = [organization, someone({ employment: "contractor", active_from: "2026-05-04" }), ack("2026-06-20")];
    expect(holds("awareness.contractors", late, "2026-07-01")[0]).toBe("fail");
  });
});
