import { describe, expect, it } from "vitest";
import type { AnyRecord } from "#core/records/kind.ts";
import { answerOf, holds, kept } from "../ground.testing.ts";

const person = kept("person", "P11", { state: "active" });
const role = kept("role_assignment", "ROL-17", {
  state: "accepted",
  role_key: "platform_engineer",
  person: "P11",
  reach: { kind: "organisation" },
});
const asked = kept("competence_requirement", "CQ-06", {
  role_keys: ["platform_engineer"],
  level: 3,
  required_evidence: ["certificate"],
});
const record = (given: object) =>
  kept("competence_record", "CR-07", {
    state: "valid",
    person: "P11",
    requirement: "CQ-06",
    assessed_level: 3,
    assessed_by: "P05",
    valid_until: "2026-10-31",
    ...given,
  });
const ground = (...more: AnyRecord[]) => [person, role, asked, ...more];

describe("competence.defined", () => {
  it("holds when each role in use has a requirement with level and proof", () => {
    expect(holds("competence.defined", ground(), "2026-06-01")[0]).toBe("pass");
  });
  it("fails for a role without one, and for a requirement without a level or proof", () => {
    expect(holds("competence.defined", [person, role], "2026-06-01")[1]).toContain(
      "no competence requirement is set for platform_engineer",
    );
    const vague = kept("competence_requirement", "CQ-06", { role_keys: ["platform_engineer"], level: 3 });
    expect(holds("competence.defined", [person, role, vague], "2026-06-01")[0]).toBe("fail");
  });
  it("asks a duty for one system of those alone who carry it there", () => {
    const oversight = kept("competence_requirement", "CQ-05", {
      duty_area: "human_oversight",
      ai_systems: ["AIS-03"],
      level: 3,
      required_evidence: ["assessment"],
    });
    const onDuty = (system: string) =>
      kept("role_assignment", "ROL-27", {
        state: "accepted",
        role_key: "employee",
        person: "P22",
        duty_areas: ["human_oversight"],
        reach: { kind: "ai_system", ai_systems: [system] },
      });
    expect(holds("competence.defined", [oversight, onDuty("AIS-03")], "2026-06-01")[0]).toBe("pass");
    expect(holds("competence.defined", [oversight, onDuty("AIS-04")], "2026-06-01")[0]).toBe("fail");
  });
  it("asks nothing of a role that has ended", () => {
    const ended = kept("role_assignment", "ROL-17", {
      state: "accepted",
      role_key: "platform_engineer",
      person: "P11",
      valid_to: "2026-05-31",
    });
    expect(holds("competence.defined", [person, ended], "2026-06-01")[0]).toBe("fail");
    expect(
      holds(
        "competence.defined",
        [person, ended, role, asked].filter((one) => one !== ended),
        "2026-06-01",
      )[0],
    ).toBe("pass");
  });
});

describe("competence.met", () => {
  it("holds up to the last day of validity", () => {
    expect(answerOf("competence.met", ground(record({})), "2026-10-31")).toMatchObject({
      result: "pass",
      changesOn: "2026-11-01",
    });
    expect(answerOf("competence.met", ground(record({})), "2026-11-01")).toMatchObject({
      result: "fail",
      records: ["ROL-17", "CR-07"],
    });
  });
  it("fails below the level and without any record", () => {
    expect(holds("competence.met", ground(record({ assessed_level: 2 })), "2026-06-01")[0]).toBe("fail");
    expect(holds("competence.met", ground(), "2026-06-01")[1]).toContain("there is no competence record for CQ-06");
  });
  it("lets a gap action stand until its date has passed", () => {
    const gap = record({
      state: "gap",
      assessed_level: 1,
      valid_until: undefined,
      gap_action: { what: "course", due: "2026-11-13" },
    });
    expect(answerOf("competence.met", ground(gap), "2026-11-13")).toMatchObject({
      result: "pass",
      changesOn: "2026-11-14",
    });
    expect(holds("competence.met", ground(gap), "2026-11-14")[1]).toContain("its action was due on 2026-11-13");
  });
  it("does not take a proposed date for an approved one", () => {
    const gap = record({
      state: "gap",
      assessed_level: 1,
      gap_action: { what: "course", due: "2026-11-13" },
      proposed_due: "2026-12-03",
    });
    expect(holds("competence.met", ground(gap), "2026-11-23")[0]).toBe("fail");
  });
  it("asks nothing of a holder who is suspended", () => {
    expect(holds("competence.met", [kept("person", "P11", { state: "suspended" }), role, asked], "2026-06-01")[0]).toBe(
      "pass",
    );
  });
});

describe("competence.evidence", () => {
  const proof = (state: string) => kept("evidence_item", "EVD-1", { state });
  const certificate = { basis_items: [{ basis: "certificate", what: "CKS", evidence: "EVD-1" }] };
  it("holds with a certificate that is kept", () => {
    expect(holds("competence.evidence", [record(certificate), proof("accepted")], "2026-06-01")[0]).toBe("pass");
  });
  it("fails for experience alone, for rejected proof and for judging oneself", () => {
    expect(
      holds(
        "competence.evidence",
        [record({ basis_items: [{ basis: "experience", what: "nine years" }] })],
        "2026-06-01",
      )[0],
    ).toBe("fail");
    expect(holds("competence.evidence", [record(certificate), proof("rejected")], "2026-06-01")[0]).toBe("fail");
    expect(
      holds(
        "competence.evidence",
        [record({ ...certificate, assessed_by: "P11" }), proof("accepted")],
        "2026-06-01",
      )[0],
    ).toBe("fail");
  });
  it("fails while there is no valid record at all", () => {
    expect(holds("competence.evidence", [], "2026-06-01")[0]).toBe("fail");
  });
});

describe("competence.current", () => {
  it("fails on the day after a needed record ran out", () => {
    expect(holds("competence.current", ground(record({})), "2026-10-31")[0]).toBe("pass");
    expect(holds("competence.current", ground(record({ state: "expired" })), "2026-11-01")[0]).toBe("fail");
  });
  it("does not mind an old record that was renewed, or that no role needs", () => {
    const renewed = kept("competence_record", "CR-17", {
      state: "valid",
      person: "P11",
      requirement: "CQ-06",
      supersedes: "CR-07",
    });
    expect(holds("competence.current", ground(record({ state: "expired" }), renewed), "2026-11-23")[0]).toBe("pass");
    const gone = kept("role_assignment", "ROL-17", { state: "ended", role_key: "platform_engineer", person: "P11" });
    expect(holds("competence.current", [person, gone, asked, record({ state: "expired" })], "2026-11-23")[0]).toBe(
      "pass",
    );
  });
});

describe("competence.effectiveness", () => {
  const training = (given: object) => [
    kept("training", "TR-02", { state: "delivered", closes_gap: true, delivered_on: "2026-02-19", ...given }),
  ];
  it("waits 180 days for the result", () => {
    expect(answerOf("competence.effectiveness", training({}), "2026-08-18")).toMatchObject({
      result: "pass",
      changesOn: "2026-08-19",
    });
    expect(holds("competence.effectiveness", training({}), "2026-08-19")[0]).toBe("fail");
  });
  it("holds with a result in time and fails with a late one", () => {
    expect(
      holds(
        "competence.effectiveness",
        training({ effectiveness: { checked_on: "2026-08-18", result: "effective" } }),
        "2026-11-23",
      )[0],
    ).toBe("pass");
    expect(
      holds(
        "competence.effectiveness",
        training({ effectiveness: { checked_on: "2026-08-19", result: "effective" } }),
        "2026-11-23",
      )[0],
    ).toBe("fail");
  });
  it("speaks only of trainings that close a gap", () => {
    expect(holds("competence.effectiveness", training({ closes_gap: false }), "2026-11-23")[0]).toBe("not_applicable");
  });
});
