import { expect, test } from "vitest";
import { answerOf, holds, kept } from "../ground.testing.ts";

const party = (ref: string, given: object = {}) =>
  kept("interested_party", ref, {
    needs: [{ text: "Safety" }],
    influence: "high",
    next_review_on: "2027-10-20",
    last_engaged_on: "2026-09-24",
    ...given,
  });

test("every active party has a need and is in date", () => {
  expect(holds("parties.current", [party("IP-01")], "2027-10-20")[0]).toBe("pass");
  expect(holds("parties.current", [party("IP-01")], "2027-10-21")).toEqual([
    "fail",
    "IP-01: its review was due on 2027-10-20",
  ]);
  expect(holds("parties.current", [party("IP-01", { needs: [] })], "2026-11-23")).toEqual([
    "fail",
    "IP-01: no need of it is recorded",
  ]);
  expect(holds("parties.current", [party("IP-01", { state: "inactive" })], "2026-11-23")[0]).toBe("fail");
});

const system = (given: object = {}) =>
  kept("ai_system", "AIS-05", {
    state: "deployed",
    in_scope: true,
    affected_groups: [{ name: "carers", party: "IP-01" }],
    ...given,
  });

test("each affected group of a system in scope has an active party", () => {
  expect(holds("parties.affected", [system(), party("IP-01")], "2026-11-23")[0]).toBe("pass");
  expect(holds("parties.affected", [system({ affected_groups: [{ name: "carers" }] })], "2026-11-23")).toEqual([
    "fail",
    'AIS-05: nobody in the register of interested parties stands for "carers"',
  ]);
  expect(holds("parties.affected", [system(), party("IP-01", { state: "inactive" })], "2026-11-23")[0]).toBe("fail");
  expect(holds("parties.affected", [system({ affected_groups: [] })], "2026-11-23")[0]).toBe("unknown");
  expect(holds("parties.affected", [system({ in_scope: false, affected_groups: [] })], "2026-11-23")[0]).toBe(
    "not_applicable",
  );
});

test("the groups of the newest assessment count too, those of older ones do not", () => {
  const assessment = (ref: string, approved_on: string, groups: object[]) =>
    kept("impact_assessment", ref, { state: "approved", ai_system: "AIS-05", approved_on, people: { groups } });
  const older = assessment("IA-01", "2026-01-01", [{ name: "nobody's group" }]);
  const newer = assessment("IA-02", "2026-06-01", [{ name: "carers", party: "IP-01" }]);
  expect(holds("parties.affected", [system(), party("IP-01"), older, newer], "2026-11-23")[0]).toBe("pass");
  expect(holds("parties.affected", [system(), party("IP-01"), older], "2026-11-23")[0]).toBe("fail");
});

const duty = (given: object = {}) =>
  kept("obligation", "OB-01", {
    owner: "P14",
    source_ref: "Art. 4",
    addressed_by_aims: "yes",
    compliance_status: "met",
    evaluated_on: "2026-09-01",
    ...given,
  });

test("an obligation is decided when it has an owner, a source and a yes, or a no with a reason", () => {
  expect(holds("parties.requirements_decided", [duty()], "2026-11-23")[0]).toBe("pass");
  expect(holds("parties.requirements_decided", [duty({ addressed_by_aims: "no" })], "2026-11-23")).toEqual([
    "fail",
    "OB-01: it is not addressed and no reason says why",
  ]);
  expect(
    holds(
      "parties.requirements_decided",
      [duty({ addressed_by_aims: "no", not_addressed_reason: "Not ours" })],
      "2026-11-23",
    )[0],
  ).toBe("pass");
  expect(holds("parties.requirements_decided", [duty({ source_ref: undefined })], "2026-11-23")).toEqual([
    "fail",
    "OB-01: it has no source ref",
  ]);
  expect(holds("parties.requirements_decided", [duty({ addressed_by_aims: undefined })], "2026-11-23")[0]).toBe("fail");
  expect(holds("parties.requirements_decided", [], "2026-11-23")[0]).toBe("fail");
});

test("a duty in force is evaluated every six months unless it says otherwise", () => {
  expect(holds("obligations.evaluated", [duty()], "2027-03-01")[0]).toBe("pass");
  expect(holds("obligations.evaluated", [duty()], "2027-03-02")[0]).toBe("fail");
  expect(holds("obligations.evaluated", [duty({ review_interval_months: 12 })], "2027-03-02")[0]).toBe("pass");
  expect(holds("obligations.evaluated", [duty({ compliance_status: "not_evaluated" })], "2026-11-23")[0]).toBe("fail");
});

test("a duty is asked about from the day it applies", () => {
  const coming = duty({ applies_from: "2027-12-02", evaluated_on: undefined });
  expect(holds("obligations.evaluated", [coming], "2027-12-01")[0]).toBe("not_applicable");
  expect(answerOf("obligations.evaluated", [coming], "2027-12-01").changesOn).toBe("2027-12-02");
  expect(holds("obligations.evaluated", [coming], "2027-12-02")[0]).toBe("fail");
});

test("a duty that is not met needs an open nonconformity or an approved plan with a date", () => {
  const broken = duty({ compliance_status: "not_met", mended_by: ["NC-02", "CH-01"] });
  expect(holds("obligations.evaluated", [broken], "2026-11-23")[0]).toBe("fail");
  expect(
    holds(
      "obligations.evaluated",
      [broken, kept("nonconformity", "NC-02", { state: "action_planned" })],
      "2026-11-23",
    )[0],
  ).toBe("pass");
  expect(
    holds("obligations.evaluated", [broken, kept("nonconformity", "NC-02", { state: "closed" })], "2026-11-23")[0],
  ).toBe("fail");
  expect(
    holds(
      "obligations.evaluated",
      [broken, kept("change_plan", "CH-01", { state: "in_progress", due: "2027-01-01" })],
      "2026-11-23",
    )[0],
  ).toBe("pass");
  expect(
    holds("obligations.evaluated", [broken, kept("change_plan", "CH-01", { state: "in_progress" })], "2026-11-23")[0],
  ).toBe("fail");
});

test("a party of high influence was talked with in the past twelve months", () => {
  expect(holds("parties.heard", [party("IP-01")], "2027-09-24")[0]).toBe("pass");
  expect(holds("parties.heard", [party("IP-01")], "2027-09-25")).toEqual([
    "fail",
    "IP-01: it was last talked with on 2026-09-24",
  ]);
  expect(holds("parties.heard", [party("IP-01", { last_engaged_on: undefined })], "2026-11-23")[0]).toBe("fail");
  expect(
    holds("parties.heard", [party("IP-01", { influence: "low", last_engaged_on: undefined })], "2026-11-23")[0],
  ).toBe("not_applicable");
});
