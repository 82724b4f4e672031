import { expect, test } from "vitest";
import { scoreHash } from "#core/records/risk-score.ts";
import { answerOf, approved, holds, kept, type Given } from "../ground.testing.ts";

const day = "2026-11-23";
const current = { likelihood: 2, individuals: 5, level: 10, band: "medium" };
const risk = (given: Given<"risk"> = {}) =>
  kept("risk", "RSK-001", { state: "treating", risk_kind: "threat", current, criteria_version: "RC-02", ...given });
const plan = (given: Given<"treatment_plan"> = {}) =>
  kept("treatment_plan", "TP-01", {
    state: "in_progress",
    risks: ["RSK-001"],
    actions: [{ what: "retrain", who: "P12", due: "2026-10-15" }],
    ...given,
  });
const byHead = { as_role: "approve AI risk treatment", person: "P05", decided_at: "2026-10-14T10:00:00.000Z" };

test("a risk above the line has an option, and a control unless it is kept or dropped", () => {
  expect(holds("treatment.option", [risk({ treatment_option: "modify", control_refs: ["A.5.4"] })], day)[0]).toBe(
    "pass",
  );
  expect(holds("treatment.option", [risk()], day)).toEqual(["fail", "RSK-001: no treatment option is chosen"]);
  expect(holds("treatment.option", [risk({ treatment_option: "modify" })], day)[0]).toBe("fail");
  expect(holds("treatment.option", [risk({ treatment_option: "avoid" })], day)[0]).toBe("pass");
  expect(holds("treatment.option", [risk({ current: { ...current, band: "low" } })], day)[0]).toBe("pass");
});

test("a plan that has begun was approved by the authority", () => {
  expect(holds("treatment.approved", [plan(), approved(plan(), byHead)], day)[0]).toBe("pass");
  expect(holds("treatment.approved", [plan()], day)).toEqual(["fail", "TP-01: nobody approved it as it stands"]);
  expect(holds("treatment.approved", [plan(), approved(plan(), { ...byHead, as_role: "risk_owner" })], day)[0]).toBe(
    "fail",
  );
  expect(holds("treatment.approved", [plan(), approved(plan(), { ...byHead, decision: "reject" })], day)[0]).toBe(
    "fail",
  );
  expect(holds("treatment.approved", [plan({ state: "draft" })], day)[0]).toBe("not_applicable");
});

const doneOn = (done_on: string, emergency = false) =>
  plan({
    actions: [
      { what: "narrow", who: "P11", due: "2026-09-30", done_on, state: "done", ...(emergency ? { emergency } : {}) },
    ],
  });

test("nothing is done before the approval, except as an emergency within 5 working days", () => {
  const says = (one: ReturnType<typeof plan>) => holds("treatment.approved", [one, approved(one, byHead)], day)[0];
  expect(says(doneOn("2026-10-14"))).toBe("pass");
  expect(says(doneOn("2026-10-13"))).toBe("fail");
  expect(says(doneOn("2026-10-07", true))).toBe("pass");
  expect(says(doneOn("2026-10-06", true))).toBe("fail");
});

test("an emergency in a draft waits at most 5 working days", () => {
  const waiting = { ...doneOn("2026-11-13", true), state: "draft" };
  expect(holds("treatment.approved", [waiting], "2026-11-20")[0]).toBe("pass");
  expect(holds("treatment.approved", [waiting], "2026-11-21")[0]).toBe("fail");
  expect(answerOf("treatment.approved", [waiting], "2026-11-16").changesOn).toBe("2026-11-21");
});

function accepted(given: { band?: string; asRole?: string; expires?: string; score?: object; person?: string } = {}) {
  const seen = { ...current, band: given.band ?? "medium" };
  const base = { current: seen, criteria_version: "RC-02" };
  const acceptance = {
    by: "P05",
    on: "2026-08-20",
    score_hash: scoreHash(base as Parameters<typeof scoreHash>[0]),
    expires_on: given.expires ?? "2027-02-20",
  };
  const record = risk({ ...base, state: "accepted", acceptance, ...(given.score ? { current: given.score } : {}) });
  return [
    record,
    kept("approval", "APR-1", {
      about: "RSK-001",
      bound_to: "other",
      decision: "approve",
      as_role: given.asRole ?? "approve AI risk treatment",
      person: given.person ?? "P05",
      decided_at: "2026-08-20T10:00:00.000Z",
    }),
  ];
}

test("an accepted risk has an acceptance by the authority for its band, of this score, that has not ended", () => {
  expect(holds("residual.accepted", accepted(), "2027-02-20")[0]).toBe("pass");
  expect(holds("residual.accepted", accepted(), "2027-02-21")).toEqual([
    "fail",
    "RSK-001: the acceptance ended on 2027-02-20",
  ]);
  expect(holds("residual.accepted", accepted({ asRole: "owner" }), day)[0]).toBe("fail");
  expect(holds("residual.accepted", accepted({ band: "low", asRole: "owner" }), day)[0]).toBe("pass");
  expect(holds("residual.accepted", accepted({ band: "high" }), day)[0]).toBe("fail");
  expect(holds("residual.accepted", accepted({ band: "high", asRole: "top_management" }), day)[0]).toBe("pass");
  expect(holds("residual.accepted", accepted({ band: "must_not_run", asRole: "top_management" }), day)[0]).toBe("fail");
  expect(holds("residual.accepted", accepted({ score: { ...current, likelihood: 1 } }), day)).toEqual([
    "fail",
    "RSK-001: the score is no longer the one that was accepted",
  ]);
  expect(holds("residual.accepted", accepted({ person: "P06" }), day)[0]).toBe("fail");
  expect(holds("residual.accepted", [risk()], day)[0]).toBe("not_applicable");
});

test("an approved procedure says how risks are treated and who accepts", () => {
  const procedure = (topics: readonly string[]) =>
    kept("document", "DOC-01", { state: "effective", doc_kind: "procedure", covers_nodes: ["6.1.3"], topics });
  const full = procedure(["who_approves", "acceptance_levels"]);
  expect(holds("treatment.process", [full, approved(full)], day)[0]).toBe("pass");
  const half = procedure(["who_approves"]);
  expect(holds("treatment.process", [half, approved(half)], day)[0]).toBe("fail");
});

test("no action is late by more than 30 days without a new date that was approved", () => {
  expect(holds("treatment.implemented", [plan()], "2026-11-14")[0]).toBe("pass");
  expect(holds("treatment.implemented", [plan()], "2026-11-15")).toEqual([
    "fail",
    'TP-01: late by more than 30 days: "retrain" (P12, due on 2026-10-15)',
  ]);
  const late = (more: object) => plan({ actions: [{ what: "retrain", who: "P12", due: "2026-10-15", ...more }] });
  expect(holds("treatment.implemented", [late({ state: "done" })], day)[0]).toBe("pass");
  expect(holds("treatment.implemented", [late({ new_due: "2026-12-18" })], day)[0]).toBe("fail");
  expect(holds("treatment.implemented", [late({ new_due: "2026-12-18", new_due_approved_by: "P05" })], day)[0]).toBe(
    "pass",
  );
  expect(answerOf("treatment.implemented", [plan()], "2026-11-01").changesOn).toBe("2026-11-15");
});

const finished = (given: Given<"treatment_plan"> = {}) =>
  plan({ state: "implemented", implemented_on: "2026-06-30", ...given });
const judged = { state: "verified", effectiveness_result: "effective", judged_by: "P23", judged_on: "2026-07-28" };

test("the effect of a finished plan is judged within 90 days, and not by its only doer", () => {
  expect(holds("treatment.verified", [finished()], "2026-09-28")[0]).toBe("pass");
  expect(holds("treatment.verified", [finished()], "2026-09-29")[0]).toBe("fail");
  expect(holds("treatment.verified", [finished(judged)], day)[0]).toBe("pass");
  expect(holds("treatment.verified", [finished({ ...judged, judged_by: "P12" })], day)[0]).toBe("fail");
  expect(holds("treatment.verified", [finished({ ...judged, judged_on: "2026-09-28" })], day)[0]).toBe("pass");
  expect(holds("treatment.verified", [finished({ ...judged, judged_on: "2026-09-29" })], day)[0]).toBe("fail");
});

test("what did not work is followed within 30 days by a new plan or a new acceptance", () => {
  const failed = finished({
    ...judged,
    state: "ineffective",
    effectiveness_result: "ineffective",
    judged_on: "2026-10-01",
  });
  expect(holds("treatment.revised", [failed, risk()], "2026-10-31")[0]).toBe("pass");
  expect(holds("treatment.revised", [failed, risk()], "2026-11-01")[0]).toBe("fail");
  const next = { ...plan({ approved_on: "2026-10-20" }), ref: "TP-02" };
  expect(holds("treatment.revised", [failed, risk(), next], day)[0]).toBe("pass");
  expect(holds("treatment.revised", [failed, risk(), { ...next, approved_on: "2026-10-31" }], day)[0]).toBe("pass");
  expect(holds("treatment.revised", [failed, risk(), { ...next, approved_on: "2026-11-01" }], day)[0]).toBe("fail");
  expect(holds("treatment.revised", [failed, risk({ acceptance: { on: "2026-10-31", by: "P01" } })], day)[0]).toBe(
    "pass",
  );
});
