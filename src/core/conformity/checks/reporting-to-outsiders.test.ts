import { describe, expect, it } from "vitest";
import { answerOf, holds, kept } from "../ground.testing.ts";

const base = {
  no: 10,
  what: "how to report",
  trigger: "always",
  audience: "everyone",
  how: "posters",
  by: ["P19"],
  direction: "both",
};
const plan = (line: object) =>
  kept("communication_plan", "CP-02", {
    state: "approved",
    effective_from: "2026-03-02",
    lines: [{ ...base, ...line }],
  });

describe("external.route", () => {
  const route = {
    address: "web form",
    languages: ["Norwegian", "Arabic"],
    tested_on: "2026-05-21",
    test_evidence: "EVD-10",
    test_reports: ["CN-T1"],
  };
  const proof = kept("evidence_item", "EVD-10", { state: "accepted" });
  const report = kept("concern", "CN-T1", { state: "closed", test_report: true });
  const system = (languages: readonly string[]) =>
    kept("ai_system", "AIS-03", { state: "deployed", in_scope: true, deployment_context: { languages } });
  it("holds for twelve months after a trial that reached the log", () => {
    const records = [plan({ public_route: route }), proof, report];
    expect(answerOf("external.route", records, "2027-05-21")).toMatchObject({
      result: "pass",
      changesOn: "2027-05-22",
    });
    expect(holds("external.route", records, "2027-05-22")[0]).toBe("fail");
  });
  it("fails without a trial report in the log, without accepted proof, and without a route", () => {
    expect(holds("external.route", [plan({ public_route: route }), proof], "2026-11-23")[0]).toBe("fail");
    expect(
      holds(
        "external.route",
        [plan({ public_route: route }), report, kept("evidence_item", "EVD-10", { state: "rejected" })],
        "2026-11-23",
      )[0],
    ).toBe("fail");
    expect(holds("external.route", [plan({})], "2026-11-23")[0]).toBe("fail");
  });
  it("fails when those affected speak a language that the route does not", () => {
    const records = [plan({ public_route: route }), proof, report];
    expect(holds("external.route", [...records, system(["norwegian"])], "2026-11-23")[0]).toBe("pass");
    expect(holds("external.route", [...records, system(["Somali"])], "2026-11-23")[1]).toContain(
      "does not work in Somali",
    );
  });
});

describe("incident.comms_plan", () => {
  const whole = {
    audience_kinds: ["users", "authorities"],
    incident_kinds: ["harm", "near_miss", "wrong_output", "security", "data", "misuse", "outage", "legal"],
    severities: ["low", "moderate", "high", "critical"],
    how_fast: "high: two hours",
  };
  it("holds when the lines speak of every kind and severity", () => {
    expect(holds("incident.comms_plan", [plan({ incident: whole })], "2026-06-01")[0]).toBe("pass");
  });
  it("fails for a severity left out, for no speed and for no incident line", () => {
    expect(
      holds("incident.comms_plan", [plan({ incident: { ...whole, severities: ["high"] } })], "2026-06-01")[0],
    ).toBe("fail");
    expect(holds("incident.comms_plan", [plan({ incident: { ...whole, how_fast: undefined } })], "2026-06-01")[0]).toBe(
      "fail",
    );
    expect(holds("incident.comms_plan", [plan({})], "2026-06-01")[0]).toBe("fail");
  });
});

describe("incident.notified", () => {
  const incident = (notice: object) => [
    kept("incident", "INC-01", {
      notifications: [{ to: "desk users", due_at: "2026-09-29T18:55:00.000Z", ...notice }],
    }),
  ];
  it("holds up to the very moment", () => {
    expect(holds("incident.notified", incident({ sent_at: "2026-09-29T18:55:00.000Z" }), "2026-11-23")[0]).toBe("pass");
    expect(holds("incident.notified", incident({ sent_at: "2026-09-29T18:55:00.001Z" }), "2026-11-23")[0]).toBe("fail");
  });
  it("fails on the day after when nothing was sent, unless a nonconformity carries it", () => {
    expect(answerOf("incident.notified", incident({}), "2026-09-29")).toMatchObject({
      result: "pass",
      changesOn: "2026-09-30",
    });
    expect(holds("incident.notified", incident({}), "2026-09-30")[0]).toBe("fail");
    expect(holds("incident.notified", incident({ nonconformity: "NC-09" }), "2026-09-30")[0]).toBe("pass");
  });
  it("has nothing to say of an incident without notifications", () => {
    expect(holds("incident.notified", [kept("incident", "INC-02")], "2026-11-23")[0]).toBe("not_applicable");
  });
});

describe("info.duties", () => {
  const duty = kept("obligation", "OB-09", { state: "active", obligation_kind: "reporting", addressed_by_aims: "yes" });
  const yearly = { obligations: ["OB-09"], first_due: "2026-03-31", every_months: 12, window_days: 90 };
  const event = kept("communication_event", "CE-07", {
    state: "sent",
    plan: "CP-02",
    plan_line: 10,
    happened_on: "2026-03-27",
    evidence: ["EVD-1"],
  });
  it("holds when a line serves the duty and its window was met", () => {
    expect(holds("info.duties", [duty, plan(yearly), event], "2026-11-23")[0]).toBe("pass");
  });
  it("fails when no line serves it, when nobody does it, and when its window was missed", () => {
    expect(holds("info.duties", [duty, plan({})], "2026-11-23")[0]).toBe("fail");
    expect(holds("info.duties", [duty, plan({ ...yearly, by: [] }), event], "2026-11-23")[0]).toBe("fail");
    expect(holds("info.duties", [duty, plan(yearly)], "2026-03-31")[0]).toBe("pass");
    expect(holds("info.duties", [duty, plan(yearly)], "2026-04-01")[0]).toBe("fail");
  });
  it("speaks of reporting duties only", () => {
    expect(
      holds("info.duties", [kept("obligation", "OB-01", { state: "active", obligation_kind: "law" })], "2026-11-23")[0],
    ).toBe("not_applicable");
  });
});
