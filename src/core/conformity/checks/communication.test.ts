import { describe, expect, it } from "vitest";
import { answerOf, holds, kept } from "../ground.testing.ts";

const inside = {
  no: 1,
  what: "policy",
  trigger: "yearly",
  audience: "all staff",
  how: "talk",
  by: ["P01"],
  direction: "internal",
};
const outside = {
  no: 8,
  what: "quarterly note",
  trigger: "each quarter",
  audience: "patient council",
  how: "letter",
  by: ["P16"],
  direction: "external",
  first_due: "2026-07-31",
  every_months: 3,
  window_days: 31,
};
const plan = (lines: readonly object[], given: object = {}) =>
  kept("communication_plan", "CP-02", { state: "approved", effective_from: "2026-03-02", lines, ...given });
const told = (happened_on: string, given: object = {}) =>
  kept("communication_event", "CE-10", {
    state: "sent",
    plan: "CP-02",
    plan_line: 8,
    happened_on,
    evidence: ["EVD-1"],
    ...given,
  });

describe("comms.plan_complete", () => {
  it("holds when every line says all five things, inside and outside", () => {
    expect(holds("comms.plan_complete", [plan([inside, outside])], "2026-06-01")[0]).toBe("pass");
    expect(holds("comms.plan_complete", [plan([{ ...inside, direction: "both" }])], "2026-06-01")[0]).toBe("pass");
  });
  it("fails for a line that leaves one open, for one side alone, for a draft and for nothing", () => {
    expect(holds("comms.plan_complete", [plan([inside, { ...outside, how: undefined }])], "2026-06-01")[0]).toBe(
      "fail",
    );
    expect(holds("comms.plan_complete", [plan([inside])], "2026-06-01")[0]).toBe("fail");
    expect(holds("comms.plan_complete", [plan([inside, outside], { state: "draft" })], "2026-06-01")[0]).toBe("fail");
    expect(holds("comms.plan_complete", [], "2026-06-01")[0]).toBe("fail");
  });
});

describe("comms.done", () => {
  it("waits for the due day and fails on the next", () => {
    const records = [plan([outside]), told("2026-07-21")];
    expect(answerOf("comms.done", records, "2026-10-31")).toMatchObject({ result: "pass", changesOn: "2026-11-01" });
    expect(holds("comms.done", records, "2026-11-01")[1]).toContain("line 8 (quarterly note) was due on 2026-10-31");
  });
  it("counts only what was told inside the window, with proof", () => {
    expect(holds("comms.done", [plan([outside]), told("2026-06-30")], "2026-08-01")[0]).toBe("pass");
    expect(holds("comms.done", [plan([outside]), told("2026-06-29")], "2026-08-01")[0]).toBe("fail");
    expect(holds("comms.done", [plan([outside]), told("2026-08-01")], "2026-08-01")[0]).toBe("fail");
    expect(holds("comms.done", [plan([outside]), told("2026-07-21", { evidence: [] })], "2026-08-01")[0]).toBe("fail");
  });
  it("fails when a planned communication passed its day", () => {
    const planned = kept("communication_event", "CE-11", { state: "planned", due_on: "2026-09-01" });
    expect(holds("comms.done", [plan([inside]), planned], "2026-09-01")[0]).toBe("pass");
    expect(holds("comms.done", [plan([inside]), planned], "2026-09-02")[0]).toBe("fail");
  });
  it("does not ask for what fell due before the plan was in force", () => {
    expect(holds("comms.done", [plan([outside], { effective_from: "2026-08-15" })], "2026-09-01")[0]).toBe("pass");
  });
});

describe("comms.owner_active", () => {
  const active = kept("person", "P16", { state: "active" });
  it("holds for an active person and for a role with an active holder", () => {
    expect(holds("comms.owner_active", [plan([outside]), active], "2026-06-01")[0]).toBe("pass");
    const held = kept("role_assignment", "ROL-9", {
      state: "accepted",
      role_key: "communications_lead",
      person: "P16",
    });
    const byRole = plan([{ ...outside, by: undefined, by_roles: ["communications_lead"] }]);
    expect(holds("comms.owner_active", [byRole, held, active], "2026-06-01")[0]).toBe("pass");
    expect(holds("comms.owner_active", [byRole, active], "2026-06-01")[0]).toBe("fail");
  });
  it("fails when the person has left", () => {
    expect(
      holds("comms.owner_active", [plan([outside]), kept("person", "P16", { state: "left" })], "2026-06-01")[1],
    ).toContain("line 8: P16 is not active");
  });
});
