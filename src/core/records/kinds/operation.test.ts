import { expect, test } from "vitest";
import type { Actor } from "../actor.ts";
import { acting, machine, stage } from "../deeds.testing.ts";
import { dutyAreas } from "./supplier.ts";

const manager = acting("P04", ["aims_manager"]);
const owner = acting("P06", ["ai_system_owner"]);
const engineer = acting("P12", ["ml_engineer"]);
const platform = acting("P11", ["platform_engineer"]);
const proposer = acting("P26", ["platform_engineer"]);
const steward = acting("P13", ["data_steward"]);
const buyer = acting("P15", ["procurement_lead"]);
const assessor = acting("P23", ["impact_assessor"]);
const authority = acting("P05", [], ["approve release", "approve source"]);
const nurse = acting("P22");

const people = ["P04", "P05", "P06", "P11", "P12", "P13", "P15", "P22", "P23", "P26"].map((ref) => ({ ref }));
const ground = () => stage(...people);
type Ground = ReturnType<typeof ground>;

/** Puts a record there as a story would have left it, without its deeds. */
function put({ records }: Ground, kind: string, ref: string, fields: object): void {
  records.put({
    kind,
    ref,
    id: ref,
    rev: 1,
    content_hash: "h",
    created_at: "2026-01-05T09:00:00.000Z",
    recorded_at: "2026-01-05T09:00:00.000Z",
    state_since: "2026-01-05",
    ...fields,
  } as unknown as Parameters<typeof records.put>[0]);
}

const found = (on: Ground, by: Actor = manager) =>
  on.act(by, "ai_system", "AIS-03", "discover", { name: "TriageAssist", discovered_by: "inventory", owner: "P06" });
const scope = { in_scope: true, scope_decision: { reason: "built and used by us" } };

test("what was found leaves that state only with a reasoned decision on scope", async () => {
  const on = ground();
  await found(on);
  expect(await on.declined(manager, "ai_system", "AIS-03", "adopt")).toBe(
    "guard INV-32: it is not decided, with a reason, whether it is in scope",
  );
  await on.act(manager, "ai_system", "AIS-03", "decide_scope", scope);
  expect((await on.act(manager, "ai_system", "AIS-03", "adopt")).state).toBe("idea");
});

test("only a system older than the AIMS is taken on as it runs", async () => {
  const on = ground();
  put(on, "organization", "ORG-01", { state: "established", aims_start_date: "2025-10-06" });
  await found(on);
  await on.act(manager, "ai_system", "AIS-03", "decide_scope", scope);
  expect(await on.declined(manager, "ai_system", "AIS-03", "take_on", { deployed_on: "2025-10-06", tier: 1 })).toBe(
    "guard domain model, 1.8: it came into use on 2025-10-06, after the AIMS began on 2025-10-06; release it instead",
  );
  expect((await on.act(manager, "ai_system", "AIS-03", "take_on", { deployed_on: "2025-10-05", tier: 1 })).state).toBe(
    "deployed",
  );
});

test("who owns a system does not screen it", async () => {
  const on = ground();
  await found(on);
  const both = acting("P06", ["impact_assessor"]);
  expect(await on.declined(both, "ai_system", "AIS-03", "screen", { screening: { result: "none" } })).toMatch(
    /^duties-apart domain model, section 8/,
  );
  expect(
    (await on.act(assessor, "ai_system", "AIS-03", "screen", { screening: { result: "full" } }))["screening"],
  ).toEqual({ result: "full", by: "P23", on: "2026-11-23" });
});

test("a system goes live only with an approved release", async () => {
  const on = ground();
  put(on, "ai_system", "AIS-03", { state: "verification", owner: "P06", title: "TriageAssist" });
  expect(await on.declined(owner, "ai_system", "AIS-03", "go_live")).toBe(
    "guard domain model, 4.5: it has no approved release",
  );
  put(on, "release", "REL-03", { state: "approved", owner: "P12", ai_system: "AIS-03" });
  expect(await on.act(owner, "ai_system", "AIS-03", "go_live")).toMatchObject({
    state: "deployed",
    deployed_on: "2026-11-23",
  });
});

test("no supplier without dated due diligence serves a system in use", async () => {
  const on = ground();
  put(on, "supplier", "SU-01", { state: "candidate", owner: "P15" });
  put(on, "ai_system", "AIS-03", { state: "deployed", owner: "P06" });
  expect(await on.declined(owner, "ai_system", "AIS-03", "amend", { suppliers: ["SU-01"] })).toBe(
    "guard INV-30: due diligence of its supplier SU-01 is not dated",
  );
  await on.act(buyer, "supplier", "SU-01", "check", { due_diligence: { result: "ok" } });
  expect((await on.act(owner, "ai_system", "AIS-03", "amend", { suppliers: ["SU-01"] }))["suppliers"]).toEqual([
    "SU-01",
  ]);
});

test("a system in use is stopped by whoever is on duty, in one act and without approval", async () => {
  const on = ground();
  put(on, "ai_system", "AIS-03", { state: "deployed", owner: "P06", on_duty: [{ person: "P22" }] });
  expect(
    await on.declined(assessor, "ai_system", "AIS-03", "suspend", { suspension: { reason: "wrong scores" } }),
  ).toMatch(/^not-permitted/);
  expect(
    await on.act(nurse, "ai_system", "AIS-03", "suspend", { suspension: { reason: "wrong scores" } }),
  ).toMatchObject({ state: "suspended", suspension: { by: "P22", on: "2026-11-23" } });
  expect(await on.declined(owner, "ai_system", "AIS-03", "resume")).toBe("guard INV-33: say why it may run again");
});

test("nobody who has left is put on duty", async () => {
  const on = stage({ ref: "P06" }, { ref: "P25", state: "left" });
  put(on, "ai_system", "AIS-03", { state: "deployed", owner: "P06" });
  expect(await on.declined(owner, "ai_system", "AIS-03", "set_duty", { on_duty: [{ person: "P25" }] })).toMatch(
    /^guard INV-28: .*P25.* has left/,
  );
});

test("a change of substance is dated while the system runs, and a claimed day stays", async () => {
  const on = ground();
  const before = {
    state: "deployed",
    owner: "P06",
    users: [{ who: "nurses", number: 112, site: "NGH" }],
    affected_groups: [{ name: "patients" }],
  };
  put(on, "ai_system", "AIS-03", before);
  const changed = async (fields: object) =>
    (await on.act(owner, "ai_system", "AIS-03", "amend", fields as Record<string, unknown>))["last_material_change_on"];
  expect(await changed({ users: [{ who: "nurses", number: 140, site: "NGH" }] })).toBeUndefined();
  expect(
    await changed({
      users: [
        { who: "nurses", number: 112, site: "NGH" },
        { who: "nurses", number: 54, site: "SAH" },
      ],
    }),
  ).toBe("2026-11-23");
  expect(await changed({ decision_effect: "decides", last_material_change_on: "2026-08-24" })).toBe("2026-08-24");
});

test("who grants access rights does not confirm them", async () => {
  const on = ground();
  put(on, "ai_system", "AIS-03", { state: "deployed", owner: "P06" });
  const review = { on: "2026-10-12", by: "P06", confirmed: 15, removed: 3 };
  expect(
    await on.declined(owner, "ai_system", "AIS-03", "review_access", {
      access_reviews: [{ ...review, rights_granted_by: "P06" }],
    }),
  ).toMatch(/^duties-apart/);
  expect(
    (
      await on.act(owner, "ai_system", "AIS-03", "review_access", {
        access_reviews: [{ ...review, rights_granted_by: "P11" }],
      })
    )["access_reviews"],
  ).toHaveLength(1);
});

const release = {
  ai_system: "AIS-03",
  version: "3.4.1",
  what_changes: "Better at night",
  built_by: ["P12"],
  datasets: [{ dataset: "DS-01" }],
  deployment_plan: {
    environment: "production",
    components: ["score"],
    rollback: "3.3.2",
    told: ["nurses"],
    conditions: [{ text: "stop exercised", met_on: "2026-11-20" }],
  },
};

/** A release that waits for approval, with all that speaks for it. */
async function readyRelease(fields: object = {}, assessment: object = {}): Promise<Ground> {
  const on = ground();
  put(on, "ai_system", "AIS-03", { state: "verification", owner: "P06", purpose: "second view" });
  put(on, "dataset", "DS-01", { state: "in_use", owner: "P13" });
  put(on, "impact_assessment", "IA-03", {
    state: "approved",
    owner: "P23",
    ai_system: "AIS-03",
    approved_on: "2026-11-01",
    next_review_on: "2027-05-01",
    fingerprint: { facts: [{ field: "purpose", value: "second view" }] },
    ...assessment,
  });
  await on.act(engineer, "release", "REL-03", "plan", { ...release, ...fields });
  await on.act(engineer, "release", "REL-03", "make_ready");
  return on;
}

test("an approved release deploys and puts its system into use", async () => {
  const on = await readyRelease();
  expect(await on.act(authority, "release", "REL-03", "approve")).toMatchObject({
    state: "approved",
    approver: "P05",
    approved_on: "2026-11-23",
  });
  await on.act(engineer, "release", "REL-03", "deploy");
  expect(on.records.find("AIS-03")).toMatchObject({ state: "deployed", deployed_on: "2026-11-23" });
});

test("a release waits for its conditions, and for someone who did not ask for it", async () => {
  const on = ground();
  put(on, "ai_system", "AIS-03", { state: "verification", owner: "P06" });
  put(on, "dataset", "DS-01", { state: "in_use", owner: "P13" });
  await on.act(engineer, "release", "REL-03", "plan", {
    ...release,
    deployment_plan: { conditions: [{ text: "stop exercised" }] },
  });
  expect(await on.declined(engineer, "release", "REL-03", "make_ready")).toBe(
    "guard A.6.2.5: not met yet: stop exercised",
  );
  const ready = await readyRelease();
  expect(await ready.declined(acting("P12", [], ["approve release"]), "release", "REL-03", "approve")).toMatch(
    /^duties-apart INV-04/,
  );
  expect(await ready.declined(engineer, "release", "REL-03", "approve")).toMatch(/^not-permitted INV-03/);
});

test("the only builder of a release does not approve it", async () => {
  const sole = await readyRelease({ built_by: ["P05"] });
  expect(await sole.declined(authority, "release", "REL-03", "approve")).toBe(
    "duties-apart INV-09: P05 alone built it",
  );
  const two = await readyRelease({ built_by: ["P05", "P12"] });
  expect((await two.act(authority, "release", "REL-03", "approve")).state).toBe("approved");
});

test("no release is approved on an assessment that is missing, rejected, overdue or no longer of what it is", async () => {
  const why = async (assessment: object) =>
    (await readyRelease({}, assessment)).declined(authority, "release", "REL-03", "approve");
  expect(await why({ state: "drafting" })).toBe("guard INV-08: its AI system has no approved impact assessment");
  expect(await why({ state: "rejected" })).toBe("guard INV-08: the impact assessment of its AI system was rejected");
  expect(await why({ next_review_on: "2026-11-22" })).toBe(
    "guard INV-08: impact assessment IA-03 was due again on 2026-11-22",
  );
  expect(await why({ fingerprint: { facts: [{ field: "purpose", value: "decide alone" }] } })).toBe(
    "guard INV-08: impact assessment IA-03 does not cover what has changed since: purpose",
  );
});

test("a difference that two people judged to be without effect does not hold a release up, nor one that was planned", async () => {
  const stale = { fingerprint: { facts: [{ field: "purpose", value: "view" }] } };
  const judged = await readyRelease(
    {},
    {
      ...stale,
      judgements: [{ field: "purpose", new: "second view", proposal: "no_material_effect", decision: "agreed" }],
    },
  );
  expect((await judged.act(authority, "release", "REL-03", "approve")).state).toBe("approved");
  const planned = await readyRelease({}, { ...stale, planned: [{ field: "purpose", value: "view" }] });
  expect((await planned.act(authority, "release", "REL-03", "approve")).state).toBe("approved");
});

test("a withdrawn data set blocks new releases and flags those that used it", async () => {
  const on = await readyRelease();
  put(on, "release", "REL-01", {
    state: "deployed",
    owner: "P12",
    ai_system: "AIS-03",
    datasets: [{ dataset: "DS-01" }],
  });
  await on.act(steward, "dataset", "DS-01", "withdraw", { withdrawal_reason: "no right to use it" });
  expect(on.records.find("REL-01")?.["flags"]).toEqual(["Data set DS-01 was withdrawn"]);
  expect(await on.declined(authority, "release", "REL-03", "approve")).toBe(
    "guard INV-29: it uses DS-01, which was withdrawn",
  );
});

test("what ran without approval is recorded as it was, and never names one", async () => {
  const on = ground();
  put(on, "ai_system", "AIS-03", { state: "deployed", owner: "P06" });
  const ran = { ai_system: "AIS-03", version: "3.4.1", what_changes: "site switch", deployed_on: "2026-10-05" };
  expect(await on.declined(owner, "release", "REL-07", "record_unapproved", { ...ran, approver: "P05" })).toMatch(
    /^guard INV-03/,
  );
  expect(await on.act(owner, "release", "REL-07", "record_unapproved", ran)).toMatchObject({
    state: "deployed",
    happened_on: "2026-10-05",
    deployed_on: "2026-10-05",
  });
  expect(await on.declined(authority, "release", "REL-07", "approve")).toMatch(/^wrong-state/);
});

test("criteria are set on an earlier day than the results", async () => {
  const on = ground();
  put(on, "ai_system", "AIS-03", { state: "verification", owner: "P06" });
  await on.act(engineer, "evaluation", "EV-01", "plan", {
    ai_system: "AIS-03",
    evaluation_kind: "performance",
    criteria: [{ metric: "under-triage", threshold: "≤ 3.0 %" }],
  });
  const result = { results: [{ metric: "under-triage", value: "2.8 %", passed: true }], passed: true };
  expect(await on.declined(engineer, "evaluation", "EV-01", "report", { ...result, results_on: "2026-11-23" })).toMatch(
    /^guard INV-31/,
  );
  expect(
    (await on.act(engineer, "evaluation", "EV-01", "report", { ...result, results_on: "2026-11-24" }, "2026-11-24"))
      .state,
  ).toBe("reported");
});

test("a criterion that is changed is set anew", async () => {
  const on = ground();
  put(on, "ai_system", "AIS-03", { state: "verification", owner: "P06" });
  await on.act(
    engineer,
    "evaluation",
    "EV-01",
    "plan",
    { ai_system: "AIS-03", evaluation_kind: "performance", criteria: [{ metric: "m", threshold: "1" }] },
    "2026-11-02",
  );
  expect(
    (await on.act(engineer, "evaluation", "EV-01", "amend", { criteria: [{ metric: "m", threshold: "2" }] }))[
      "criteria_set_on"
    ],
  ).toBe("2026-11-23");
});

test("a failed result is accepted by release authority, not by who made the test", async () => {
  const on = ground();
  put(on, "evaluation", "EV-08", {
    state: "reported",
    owner: "P12",
    created_by: "P12",
    done_by: ["P12"],
    passed: false,
  });
  const deviation = { deviations: [{ why: "a person has to click", until: "2026-12-15" }] };
  expect(
    await on.declined(acting("P12", [], ["approve release"]), "evaluation", "EV-08", "accept_deviation", deviation),
  ).toMatch(/^duties-apart/);
  expect((await on.act(authority, "evaluation", "EV-08", "accept_deviation", deviation))["deviations"]).toEqual([
    { why: "a person has to click", until: "2026-12-15", accepted_by: "P05", accepted_on: "2026-11-23" },
  ]);
});

test("a source takes three people: who proposes it, who endorses it, who approves it", async () => {
  const on = ground();
  await on.act(proposer, "approved_source", "AS-01", "propose", {
    source_kind: "image",
    address: "registry.example/ai",
    trust_reason: "our pipeline",
  });
  expect(await on.declined(proposer, "approved_source", "AS-01", "endorse")).toMatch(/^duties-apart/);
  expect(await on.declined(authority, "approved_source", "AS-01", "approve", { next_review_on: "2027-05-01" })).toMatch(
    /"endorsed_by" must be filled in first/,
  );
  await on.act(platform, "approved_source", "AS-01", "endorse");
  expect(
    await on.declined(acting("P11", [], ["approve source"]), "approved_source", "AS-01", "approve", {
      next_review_on: "2027-05-01",
    }),
  ).toMatch(/^duties-apart/);
  expect((await on.act(authority, "approved_source", "AS-01", "approve", { next_review_on: "2027-05-01" })).state).toBe(
    "approved",
  );
});

test("a revoked source flags each running release that came from it, once", async () => {
  const on = ground();
  put(on, "approved_source", "AS-05", { state: "approved", owner: "P11" });
  put(on, "model", "MD-04", { state: "approved", owner: "P12", source: "AS-05" });
  put(on, "release", "REL-03", {
    state: "deployed",
    owner: "P12",
    models: [{ model: "MD-04" }],
    images: [{ image: "x", source: "AS-05" }],
  });
  put(on, "release", "REL-02", { state: "retired", owner: "P12", models: [{ model: "MD-04" }] });
  await on.act(authority, "approved_source", "AS-05", "revoke", { revocation_reason: "key lost" });
  expect(on.records.find("REL-03")?.["flags"]).toEqual(["Source AS-05 was revoked"]);
  expect(on.records.find("REL-02")?.["flags"]).toBeUndefined();
});

test("a supplier is approved by someone who neither proposed nor checked it, and not against its check", async () => {
  const on = ground();
  await on.act(buyer, "supplier", "SU-03", "propose", { name: "Kadenza", provides: "rosters" });
  expect(await on.declined(authority, "supplier", "SU-03", "approve")).toMatch(
    /"due_diligence" must be filled in first/,
  );
  await on.act(buyer, "supplier", "SU-03", "check", { due_diligence: { result: "not_ok" } });
  expect(await on.declined(authority, "supplier", "SU-03", "approve")).toBe(
    "guard INV-30: its due diligence ended with not ok",
  );
  await on.act(buyer, "supplier", "SU-03", "check", {
    due_diligence: { result: "ok_with_condition", conditions: ["notice"] },
  });
  expect(await on.declined(acting("P15", ["top_management"]), "supplier", "SU-03", "approve")).toMatch(/^duties-apart/);
  await on.act(authority, "supplier", "SU-03", "approve");
  expect(on.records.all("approval")).toMatchObject([{ about: "SU-03", decision: "approve_with_conditions" }]);
});

test("an approved supplier keeps its terms, while split, changes and exit go on", async () => {
  const on = ground();
  put(on, "supplier", "SU-03", { state: "approved", owner: "P15", name: "Kadenza" });
  const split = dutyAreas.map((duty_area) => ({ duty_area, side: "us" }));
  expect(
    (
      await on.act(buyer, "supplier", "SU-03", "split_duties", { responsibility_split: split, signed_on: "2026-11-20" })
    )["signed_on"],
  ).toBe("2026-11-20");
  expect(await on.declined(buyer, "supplier", "SU-03", "amend", { provides: "all" })).toMatch(/^wrong-state/);
});

test("neither a model nor a supplier that a running system needs is ended", async () => {
  const on = ground();
  put(on, "model", "MD-04", { state: "approved", owner: "P12" });
  put(on, "supplier", "SU-01", { state: "approved", owner: "P15" });
  put(on, "ai_system", "AIS-03", { state: "deployed", owner: "P06", models: ["MD-04"], suppliers: ["SU-01"] });
  expect(await on.declined(engineer, "model", "MD-04", "retire")).toMatch(/AIS-03 still runs on it/);
  expect(await on.declined(buyer, "supplier", "SU-01", "end", { end_reason: "cost" })).toMatch(
    /AIS-03 still runs with what it delivers/,
  );
});

test("a data set is approved by the steward who did not propose it, and then stays as it is", async () => {
  const on = ground();
  const fields = {
    name: "Visits",
    version: "v4",
    purpose: "train",
    use: ["train"],
    source: "own",
    rights_basis: "public task",
    personal_data: "yes",
  };
  await on.act(steward, "dataset", "DS-01", "propose", fields);
  expect(await on.declined(steward, "dataset", "DS-01", "approve")).toMatch(/^duties-apart INV-04/);
  await on.act(engineer, "dataset", "DS-02", "propose", fields);
  await on.act(steward, "dataset", "DS-02", "approve");
  expect(await on.declined(engineer, "dataset", "DS-02", "amend", { quantity: "more" })).toMatch(/^wrong-state/);
  expect(
    (await on.act(steward, "dataset", "DS-02", "review_bias", { bias_review: { on: "2026-11-23", result: "known" } }))
      .state,
  ).toBe("approved");
});

test("a scan that did not end well is kept as failed", async () => {
  const on = ground();
  const scan = { cluster: "fhg-prod-1", namespaces: ["triage-prod"], taken_at: "2026-11-23T02:10:00.000Z" };
  expect((await on.act(machine, "k8s_access_scan", "AC-1", "record", scan)).state).toBe("taken");
  expect(
    (await on.act(machine, "image_policy_scan", "IM-1", "record", { ...scan, error: "list of pods was refused" }))
      .state,
  ).toBe("failed");
  expect(await on.declined(nurse, "k8s_access_scan", "AC-2", "record", scan)).toMatch(/^not-permitted/);
});
