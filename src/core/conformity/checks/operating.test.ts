import { expect, test } from "vitest";
import type { AnyRecord } from "#core/records/kind.ts";
import { answerOf, approved, holds, kept } from "../ground.testing.ts";

const day = "2026-11-23";
const process = (change: Record<string, unknown> = {}) =>
  kept("aims_process", "PR-04", {
    state: "active",
    serves_nodes: ["8.2"],
    criteria: "scored in time",
    control_method: "looked at weekly",
    records_produced: ["risk"],
    ...change,
  });
const recorded = (
  kind: "risk" | "ai_system" | "impact_assessment" | "release" | "measurement",
  ref: string,
  on = day,
) => kept(kind, ref, { recorded_at: `${on}T09:00:00.000Z` });
const others = [
  recorded("ai_system", "AIS-01"),
  recorded("impact_assessment", "IA-01"),
  recorded("release", "REL-01"),
  recorded("measurement", "MEA-1"),
];

test("a process of operation states criteria, control and records, and one of them is young enough", () => {
  const ran = (one: AnyRecord, on: string) =>
    holds("ops.criteria", [one, recorded("risk", "RSK-001", on), ...others], day);
  expect(ran(process(), "2025-11-23")[0]).toBe("pass");
  expect(ran(process(), "2025-11-22")).toEqual(["fail", "RSK-001: is the newest record of PR-04, of 2025-11-22"]);
  expect(ran(process({ record_every_months: 3 }), "2026-08-23")[0]).toBe("pass");
  expect(ran(process({ record_every_months: 3 }), "2026-08-22")[0]).toBe("fail");
  expect(ran(process({ criteria: undefined }), day)).toEqual(["fail", "PR-04: it states no criteria"]);
  expect(ran(process({ records_produced: [] }), day)[0]).toBe("fail");
  expect(ran(process({ serves_nodes: ["7.2"] }), day)[0]).toBe("fail");
});

test("what a process keeps is unknown when there is no record of it and no proof", () => {
  expect(holds("ops.criteria", [process(), ...others], day)).toEqual(["unknown", "there is no risk on record"]);
  const own = process({ records_produced: ["test_log"], evidence: ["EVD-1"] });
  const ground = (...more: AnyRecord[]) => [own, recorded("risk", "RSK-001"), ...others, ...more];
  expect(holds("ops.criteria", ground(), day)[0]).toBe("unknown");
  const proof = kept("evidence_item", "EVD-1", { state: "accepted", collected_on: "2025-11-23" });
  expect(holds("ops.criteria", ground(proof), day)[0]).toBe("pass");
  expect(holds("ops.criteria", ground(proof), "2026-11-24")[0]).toBe("fail");
});

const entry = (change: Record<string, unknown> = {}) =>
  kept("soa_entry", "SOA-1/A.10.2", {
    state: "in_force",
    control_id: "A.10.2",
    included: true,
    implementation_status: "partial",
    ...change,
  });

test("a control is implemented by its date, or an action or nonconformity stands for it", () => {
  const id = "ops.controls_implemented";
  expect(holds(id, [entry({ implementation_status: "implemented" })], day)[0]).toBe("pass");
  expect(answerOf(id, [entry({ planned_for: day })], day)).toMatchObject({ result: "pass", changesOn: "2026-11-24" });
  expect(holds(id, [entry({ planned_for: day })], "2026-11-24")[0]).toBe("fail");
  expect(holds(id, [entry()], day)[0]).toBe("fail");
  expect(holds(id, [entry({ included: false })], day)[0]).toBe("fail");
  const risk = kept("risk", "RSK-1", {});
  const plan = (state: string, action: string) =>
    kept("treatment_plan", "TP-1", { state, risks: ["RSK-1"], actions: [{ what: "sign", state: action }] });
  const treated = (one: AnyRecord) => holds(id, [entry({ risks: ["RSK-1"] }), risk, one], day)[0];
  expect(treated(plan("in_progress", "open"))).toBe("pass");
  expect(treated(plan("in_progress", "done"))).toBe("fail");
  expect(treated(plan("draft", "open"))).toBe("fail");
  const raised = (state: string, change: Record<string, unknown>) =>
    holds(id, [entry(), kept("nonconformity", "NC-1", { state, ...change })], day)[0];
  expect(raised("cause_known", { node: "A.10.2" })).toBe("pass");
  expect(raised("cause_known", { node: "8.4", also_nodes: ["A.10.2"] })).toBe("pass");
  expect(raised("closed", { node: "A.10.2" })).toBe("fail");
});

test("what is implemented was shown to work within 12 months", () => {
  const id = "ops.control_effectiveness";
  const done = (change: Record<string, unknown> = {}) => entry({ implementation_status: "implemented", ...change });
  expect(holds(id, [entry()], day)[0]).toBe("not_applicable");
  expect(holds(id, [done()], day)[0]).toBe("fail");
  const seen = { effectiveness: { last_result: "effective", on: "2025-11-23" } };
  expect(holds(id, [done(seen)], day)[0]).toBe("pass");
  expect(holds(id, [done(seen)], "2026-11-24")[0]).toBe("fail");
  expect(holds(id, [done({ effectiveness: { last_result: "unknown", on: day } })], day)[0]).toBe("fail");
  const proof = (proves: string) =>
    kept("evidence_item", "EVD-1", { state: "accepted", proves, collected_on: "2026-10-01" });
  expect(holds(id, [done({ evidence: ["EVD-1"] }), proof("control_effectiveness")], day)[0]).toBe("pass");
  expect(holds(id, [done({ evidence: ["EVD-1"] }), proof("state")], day)[0]).toBe("fail");
  const audit = (change: Record<string, unknown> = {}) =>
    kept("audit", "AU-1", { state: "reported", nodes: ["A.10.2"], report_issued_on: "2026-06-02", ...change });
  expect(holds(id, [done(), audit()], day)[0]).toBe("pass");
  expect(holds(id, [done(), audit({ nodes_not_covered: [{ node: "A.10.2", reason: "no time" }] })], day)[0]).toBe(
    "fail",
  );
});

const system = kept("ai_system", "AIS-03", { state: "deployed", in_scope: true });
const release = (change: Record<string, unknown> = {}) =>
  kept("release", "REL-03", { state: "deployed", ai_system: "AIS-03", deployed_on: "2026-06-08", ...change });

test("whatever ran was approved before", () => {
  const id = "ops.changes_controlled";
  const one = release();
  const on = (instant: string, record = one) => approved(record, { decided_at: instant });
  expect(holds(id, [system, one, on("2026-06-08T09:00:00.000Z")], day)[0]).toBe("pass");
  expect(holds(id, [system, one, on("2026-06-09T09:00:00.000Z")], day)[0]).toBe("fail");
  expect(holds(id, [system, one], day)).toEqual(["fail", "REL-03: ran from 2026-06-08 on, and nobody approved it"]);
  expect(holds(id, [system], day)[0]).toBe("fail");
});

test("what ended more than a year ago is of another period", () => {
  const now = release();
  const before = kept("release", "REL-01", {
    state: "retired",
    ai_system: "AIS-03",
    deployed_on: "2025-06-01",
    ended_on: "2025-11-23",
  });
  const ground = [system, now, approved(now), before];
  expect(holds("ops.changes_controlled", ground, day)[0]).toBe("fail");
  expect(holds("ops.changes_controlled", ground, "2026-11-24")[0]).toBe("pass");
});

test("a difference is reviewed within five working days, with what follows from it", () => {
  const id = "ops.unplanned_changes";
  // Friday the 13th to Friday the 20th.
  const found = (change: Record<string, unknown> = {}) =>
    release({ differences: [{ found_on: "2026-11-13", what: "shown elsewhere", ...change }] });
  expect(holds(id, [found()], "2026-11-20")[0]).toBe("pass");
  expect(holds(id, [found()], "2026-11-21")[0]).toBe("fail");
  expect(holds(id, [found({ reviewed_on: "2026-11-20", consequence: "hidden" })], day)[0]).toBe("pass");
  expect(holds(id, [found({ reviewed_on: "2026-11-21", consequence: "hidden" })], day)[0]).toBe("fail");
  expect(holds(id, [found({ reviewed_on: "2026-11-20" })], day)[0]).toBe("fail");
  expect(holds(id, [release()], day)[0]).toBe("pass");
});

test("a difference that a scan sees is noted on the release within five working days", () => {
  const id = "ops.unplanned_changes";
  const scan = kept("image_policy_scan", "IM-1", {
    state: "taken",
    newest_for: [{ namespace: "triage-prod", ai_system: "AIS-03" }],
    workloads: [{ name: "score", namespace: "triage-prod", ai_system: "AIS-03", release: "REL-03" }],
    results: [
      {
        rule: "IM-10",
        severity: "high",
        namespace: "triage-prod",
        message: "another digest",
        first_seen: "2026-11-13",
        ai_system: "AIS-03",
      },
    ],
  });
  expect(holds(id, [scan, release()], "2026-11-20")[0]).toBe("pass");
  expect(holds(id, [scan, release()], "2026-11-21")[0]).toBe("fail");
  const noted = release({
    differences: [{ found_on: "2026-11-13", what: "digest", reviewed_on: "2026-11-16", consequence: "rolled back" }],
  });
  expect(holds(id, [scan, noted], day)[0]).toBe("pass");
});

test("each supplier of a system in scope has duties and a review not past its date", () => {
  const served = kept("ai_system", "AIS-01", { state: "deployed", in_scope: true, suppliers: ["SU-01"] });
  const supplier = (change: Record<string, unknown> = {}) =>
    kept("supplier", "SU-01", {
      state: "approved",
      responsibility_split: [{ duty_area: "incidents", side: "supplier" }],
      next_review_on: day,
      ...change,
    });
  expect(holds("ops.outsourced", [served, supplier()], day)[0]).toBe("pass");
  expect(holds("ops.outsourced", [served, supplier()], "2026-11-24")[0]).toBe("fail");
  expect(holds("ops.outsourced", [served, supplier({ responsibility_split: [] })], day)[0]).toBe("fail");
  expect(holds("ops.outsourced", [supplier({ responsibility_split: [] })], day)[0]).toBe("pass");
  expect(holds("ops.outsourced", [served, supplier({ state: "ended" })], day)[0]).toBe("not_applicable");
});
