import { expect, test } from "vitest";
import { answerOf, approved, holds, kept } from "../ground.testing.ts";

const day = "2026-11-23";
const system = (change: Record<string, unknown> = {}) =>
  kept("ai_system", "AIS-06", {
    state: "deployed",
    in_scope: true,
    tier: 2,
    acquisition: "integrated",
    namespaces: ["portia-prod"],
    owner: "P20",
    ...change,
  });
const scan = (change: Record<string, unknown> = {}) =>
  kept("k8s_access_scan", "AC-1", {
    state: "taken",
    taken_at: "2026-11-23T02:10:00.000Z",
    namespaces: ["portia-prod"],
    newest_for: [{ namespace: "portia-prod", ai_system: "AIS-06" }],
    ...change,
  });
const result = (rule: string, change: Record<string, unknown> = {}) => ({
  rule,
  severity: "high",
  namespace: "portia-prod",
  subject: "serviceaccount portia-runner",
  message: "may list secrets",
  first_seen: "2026-11-09",
  ai_system: "AIS-06",
  ...change,
});
const found = (...results: unknown[]) => [system(), scan({ results })];
const exception = (change: Record<string, unknown> = {}) =>
  kept("exception", "EX-01", { state: "granted", risk: "RSK-009", valid_until: "2026-11-30", ...change });

test("the access rule says who holds rights, how they come and go, and what breaks the glass", () => {
  const topics = ["who_may_hold_rights", "asking_and_granting", "review_and_removal", "break_glass"];
  const rule = (change: Record<string, unknown> = {}) =>
    kept("document", "DOC-07", {
      state: "effective",
      doc_kind: "procedure",
      covers_nodes: ["X.RBAC"],
      topics,
      next_review_on: day,
      ...change,
    });
  expect(holds("rbac.rules", [rule(), approved(rule())], day)[0]).toBe("pass");
  expect(holds("rbac.rules", [rule(), approved(rule())], "2026-11-24")[0]).toBe("fail");
  const without = rule({ topics: topics.slice(0, 3) });
  expect(holds("rbac.rules", [without, approved(without)], day)[0]).toBe("fail");
});

test("each namespace is covered by a scan", () => {
  expect(holds("rbac.coverage", [system(), scan()], day)[0]).toBe("pass");
  expect(holds("rbac.coverage", [system({ namespaces: ["portia-prod", "portia-jobs"] }), scan()], day)).toEqual([
    "fail",
    "AIS-06: no access scan covers portia-jobs",
  ]);
  expect(holds("rbac.coverage", [system({ namespaces: [] })], day)[0]).toBe("fail");
  expect(holds("rbac.coverage", [system({ acquisition: "service", namespaces: [] })], day)[0]).toBe("not_applicable");
});

test("outside Kubernetes an accepted access review of the last 90 days stands in for a scan", () => {
  const appliance = system({
    namespaces: [],
    not_on_kubernetes: "appliance",
    access_reviews: [{ on: "2026-08-25", by: "P20", evidence: "EVD-02" }],
  });
  const proof = (change: Record<string, unknown> = {}) =>
    kept("evidence_item", "EVD-02", {
      state: "accepted",
      proves: "access_review",
      collected_on: "2026-08-25",
      ...change,
    });
  expect(answerOf("rbac.coverage", [appliance, proof()], day)).toMatchObject({
    result: "pass",
    changesOn: "2026-11-24",
  });
  expect(holds("rbac.coverage", [appliance, proof()], "2026-11-24")[0]).toBe("fail");
  expect(holds("rbac.coverage", [appliance, proof({ state: "offered" })], day)[0]).toBe("fail");
  expect(holds("rbac.coverage", [appliance, proof({ proves: "activity" })], day)[0]).toBe("fail");
});

test("a scan is of yesterday at the latest for tier 1, of the last week for the others", () => {
  const old = scan({ taken_at: "2026-11-16T02:10:00.000Z" });
  expect(answerOf("rbac.scanned", [system(), old], day)).toMatchObject({ result: "pass", changesOn: "2026-11-24" });
  expect(holds("rbac.scanned", [system(), old], "2026-11-24")[0]).toBe("fail");
  expect(holds("rbac.scanned", [system({ tier: 1 }), scan()], "2026-11-24")[0]).toBe("pass");
  expect(holds("rbac.scanned", [system({ tier: 1 }), scan()], "2026-11-25")[0]).toBe("fail");
  expect(holds("rbac.scanned", [system(), scan({ state: "failed" })], day)[0]).toBe("fail");
  expect(holds("rbac.scanned", [system()], day)[0]).toBe("fail");
});

test("what leans on a scan is unknown while there is none, while it failed and while it is old", () => {
  for (const id of ["rbac.no_high", "rbac.own_identity", "rbac.no_escalation", "rbac.separation", "rbac.leavers"]) {
    expect(holds(id, [system(), scan()], day)[0], id).toBe("pass");
    expect(holds(id, [system()], day)[0], id).toBe("unknown");
    expect(holds(id, [system(), scan({ state: "failed" })], day)[0], id).toBe("unknown");
    expect(holds(id, [system(), scan()], "2026-12-01")[0], id).toBe("unknown");
    expect(holds(id, [], day)[0], id).toBe("not_applicable");
  }
});

test("what a scan found long ago counts no more once a newer scan has taken its place", () => {
  const older = kept("k8s_access_scan", "AC-0", {
    state: "taken",
    taken_at: "2026-11-01T02:10:00.000Z",
    newest_for: [],
    results: [result("RB-04", { first_seen: "2026-09-01" })],
  });
  expect(holds("rbac.no_high", [system(), scan(), older], day)[0]).toBe("pass");
});

test("a high result may stay 14 days", () => {
  expect(answerOf("rbac.no_high", found(result("RB-04")), day)).toMatchObject({
    result: "pass",
    changesOn: "2026-11-24",
  });
  expect(holds("rbac.no_high", found(result("RB-04")), "2026-11-24")[0]).toBe("fail");
  expect(holds("rbac.no_high", found(result("RB-04", { severity: "medium" })), "2026-11-24")[0]).toBe("pass");
  expect(holds("rbac.no_high", found(result("RB-04", { namespace: "shop-prod" })), "2026-11-24")[0]).toBe("pass");
  expect(holds("rbac.no_high", found(result("RB-16", { namespace: undefined })), "2026-11-24")[0]).toBe("fail");
});

test("an exception covers a result while it is in force, names a risk and is about that rule", () => {
  const records = (change: Record<string, unknown> = {}) => [
    ...found(result("RB-02", { first_seen: "2026-06-16", severity: "critical", exception: "EX-01" })),
    exception({ rule: "RB-02", ...change }),
  ];
  for (const id of ["rbac.no_high", "rbac.no_escalation"]) {
    expect(holds(id, records(), "2026-11-30")[0], id).toBe("pass");
    expect(holds(id, records({ valid_until: "2026-11-22" }), day)[0], id).toBe("fail");
    expect(holds(id, records({ state: "requested" }), day)[0], id).toBe("fail");
    expect(holds(id, records({ risk: undefined }), day)[0], id).toBe("fail");
    expect(holds(id, records({ rule: "RB-04" }), day)[0], id).toBe("fail");
  }
});

test("workloads run under an identity of their own and mount a token only when they need it", () => {
  for (const rule of ["RB-11", "RB-12"]) {
    expect(holds("rbac.own_identity", found(result(rule, { severity: "medium" })), day)[0]).toBe("fail");
    // Nothing in the sentence lets an exception stand in.
    expect(holds("rbac.own_identity", [...found(result(rule, { exception: "EX-01" })), exception()], day)[0]).toBe(
      "fail",
    );
  }
  expect(holds("rbac.own_identity", found(result("RB-13", { severity: "low" })), day)[0]).toBe("pass");
});

test("a rule that was not carried out leaves the answer open", () => {
  const scanned = scan({ not_evaluated: [{ rule: "RB-12", why: "pods were not read" }] });
  expect(holds("rbac.own_identity", [system(), scanned], day)).toEqual([
    "unknown",
    "AC-1: RB-12 was not carried out: pods were not read",
  ]);
  expect(holds("rbac.separation", [system(), scanned], day)[0]).toBe("pass");
});

test("no subject can reach further than it may, on the first day it is seen", () => {
  for (const rule of ["RB-01", "RB-02", "RB-03", "RB-04", "RB-07", "RB-15"])
    expect(holds("rbac.no_escalation", found(result(rule, { first_seen: day })), day)[0], rule).toBe("fail");
  expect(holds("rbac.no_escalation", found(result("RB-06")), day)[0]).toBe("pass");
});

test("nobody both changes the registry and deploys, unless an exception names a second person", () => {
  expect(holds("rbac.separation", found(result("RB-16")), day)[0]).toBe("fail");
  expect(holds("rbac.separation", [...found(result("RB-16", { exception: "EX-01" })), exception()], day)[0]).toBe(
    "pass",
  );
});

test("each owner confirmed the rights within the quarter, and does not grant them", () => {
  const reviewed = (review: Record<string, unknown> = {}, change: Record<string, unknown> = {}) =>
    system({ access_reviews: [{ on: "2026-08-23", by: "P20", rights_granted_by: "P11", ...review }], ...change });
  expect(answerOf("rbac.reviewed", [reviewed()], day)).toMatchObject({ result: "pass", changesOn: "2026-11-24" });
  expect(holds("rbac.reviewed", [reviewed()], "2026-11-24")[0]).toBe("fail");
  expect(holds("rbac.reviewed", [reviewed({ rights_granted_by: "P20" })], day)[0]).toBe("fail");
  expect(holds("rbac.reviewed", [reviewed({ rights_granted_by: undefined })], day)[0]).toBe("unknown");
  expect(holds("rbac.reviewed", [reviewed({}, { state: "development" })], day)[0]).toBe("not_applicable");
  const other = reviewed({ by: "P11", rights_granted_by: "P26" });
  expect(holds("rbac.reviewed", [other, kept("person", "P11")], day)[0]).toBe("fail");
  const role = kept("role_assignment", "ROL-1", { person: "P11", role_key: "ai_system_owner", state: "ended" });
  expect(holds("rbac.reviewed", [other, kept("person", "P11"), role], day)[0]).toBe("pass");
});

test("the first access review is due three months after first use", () => {
  const fresh = system({ deployed_on: "2026-08-23" });
  expect(holds("rbac.reviewed", [fresh], day)[0]).toBe("pass");
  expect(holds("rbac.reviewed", [fresh], "2026-11-24")).toEqual([
    "fail",
    "AIS-06: nobody ever confirmed the rights to it",
  ]);
});

test("no binding names somebody who left, also when they leave after the scan", () => {
  expect(holds("rbac.leavers", found(result("RB-18", { severity: "medium" })), day)[0]).toBe("fail");
  const bound = found(result("RB-13", { severity: "low", person: "P21", subject: "user mei.chen" }));
  expect(holds("rbac.leavers", [...bound, kept("person", "P21", { state: "active" })], day)[0]).toBe("pass");
  expect(holds("rbac.leavers", [...bound, kept("person", "P21", { state: "left" })], day)).toEqual([
    "fail",
    "AC-1: user mei.chen has left and still holds rights (RB-13)",
  ]);
});
