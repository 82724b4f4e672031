import { describe, expect, test } from "vitest";
import type { AnyRecord } from "../kind.ts";
import { acting, stage } from "../deeds.testing.ts";

const manager = acting("P04", ["aims_manager"]);
const lead = acting("P17", ["lead_internal_auditor"]);
const auditor = acting("P18", ["internal_auditor"]);
const top = acting("P01", ["top_management"]);
const owner = acting("P06", ["ai_system_owner"]);
const committee = acting("P27", [], ["approve audit programme"]);
const everyone = ["P01", "P04", "P06", "P10", "P17", "P18", "P27"].map((ref) => ({ ref }));
const system = { name: "TriageAssist", purpose: "Second view", owner: "P06" };

describe("audit programme", () => {
  const programme = {
    title: "Programme 2026 to 2028",
    period: { from: "2026-01-01", to: "2028-12-31" },
    frequency: "twice a year",
    methods: "interviews",
    responsibilities: "P17",
    planning: "yearly",
    reporting: "to the committee",
    shaped_by: { importance: "patients first", earlier_results: "none" },
    coverage: [{ node: "8.4", planned_for: "2026 autumn" }],
  };

  test("the audit committee or top management approves it, not who drafted it, and only whole", async () => {
    const { act, declined } = stage(...everyone);
    await act(lead, "audit_programme", "AP-01", "draft", { ...programme, shaped_by: { importance: "patients first" } });
    expect(await declined(lead, "audit_programme", "AP-01", "approve")).toMatch(/^not-permitted/);
    expect(await declined(committee, "audit_programme", "AP-01", "approve")).toContain('"shaped_by.earlier_results"');
    await act(lead, "audit_programme", "AP-01", "amend", programme);
    expect((await act(committee, "audit_programme", "AP-01", "approve")).state).toBe("approved");
  });

  test("what is covered is kept without touching what was approved", async () => {
    const { act, declined } = stage(...everyone);
    await act(lead, "audit_programme", "AP-01", "draft", programme);
    const approved = await act(top, "audit_programme", "AP-01", "approve");
    await act(lead, "audit_programme", "AP-01", "start");
    const covered = await act(lead, "audit_programme", "AP-01", "update_coverage", {
      coverage: [{ node: "8.4", planned_for: "2026 autumn", covered_on: "2026-10-23" }],
    });
    expect(covered.content_hash).toBe(approved.content_hash);
    expect(await declined(lead, "audit_programme", "AP-01", "update_coverage", { coverage: [] })).toMatch(
      /^guard INV-02/,
    );
  });
});

describe("audit", () => {
  const plan = {
    title: "Autumn audit",
    audit_kind: "internal",
    objectives: "whether it works",
    audited_scope: "clauses 8 to 10",
    criteria: "the standard and own rules",
    lead_auditor: "P17",
    auditors: ["P17", "P18"],
    planned_from: "2026-10-19",
    planned_to: "2026-10-23",
  };

  test("nobody audits a system that they own", async () => {
    const { act, declined } = stage(...everyone);
    await act(owner, "ai_system", "AIS-03", "register", system);
    expect(
      await declined(lead, "audit", "AU-02", "plan", { ...plan, ai_systems: ["AIS-03"], auditors: ["P17", "P06"] }),
    ).toMatch(/^duties-apart INV-15: P06 owns AIS-03/);
    expect((await act(lead, "audit", "AU-02", "plan", { ...plan, ai_systems: ["AIS-03"] })).state).toBe("planned");
  });

  test("nobody audits what they assessed in the twelve months before", async () => {
    const { act, declined, records } = stage(...everyone);
    await act(owner, "ai_system", "AIS-03", "register", system);
    const assessed = (approved_on: string) =>
      records.put({
        kind: "impact_assessment",
        ref: "IA-03",
        id: "IA-03",
        state: "approved",
        ai_system: "AIS-03",
        assessor: "P18",
        approved_on,
      } as unknown as AnyRecord);
    assessed("2025-10-19");
    expect(await declined(lead, "audit", "AU-02", "plan", { ...plan, ai_systems: ["AIS-03"] })).toMatch(
      /^duties-apart INV-15: P18 assessed in IA-03/,
    );
    assessed("2025-10-18");
    expect((await act(lead, "audit", "AU-02", "plan", { ...plan, ai_systems: ["AIS-03"] })).state).toBe("planned");
  });

  test("who has left is no auditor", async () => {
    const { declined } = stage(...everyone, { ref: "P26", state: "left" });
    expect(await declined(lead, "audit", "AU-02", "plan", { ...plan, auditors: ["P26"] })).toMatch(/^guard INV-28/);
  });

  test("it is announced only when objectives, scope, criteria, auditors and dates stand", async () => {
    const { act, declined } = stage(...everyone);
    await act(lead, "audit", "AU-02", "plan", { title: "Autumn audit", audit_kind: "internal" });
    expect(await declined(lead, "audit", "AU-02", "announce")).toContain(
      '"objectives", "audited_scope", "criteria", "auditors", "planned_from", "planned_to"',
    );
  });

  test("its report has a conclusion and readers, and then stays as it is", async () => {
    const { act, declined } = stage(...everyone);
    await act(lead, "audit", "AU-02", "plan", plan, "2026-09-28");
    await act(lead, "audit", "AU-02", "announce", {}, "2026-10-05");
    await act(lead, "audit", "AU-02", "start_fieldwork", {}, "2026-10-19");
    await act(
      auditor,
      "audit",
      "AU-02",
      "take_samples",
      { samples: [{ what: "AIS-03", why: "tier 1" }] },
      "2026-10-20",
    );
    await act(lead, "audit", "AU-02", "end_fieldwork", {}, "2026-10-23");
    expect(await declined(lead, "audit", "AU-02", "report", { issued_to: ["P01"] })).toContain('"conclusion"');
    const reported = await act(
      lead,
      "audit",
      "AU-02",
      "report",
      { issued_to: ["P01"], conclusion: { own_rules: "in the main" } },
      "2026-11-12",
    );
    expect(reported).toMatchObject({
      state: "reported",
      report_issued_on: "2026-11-12",
      fieldwork_from: "2026-10-19",
      fieldwork_to: "2026-10-23",
    });
    expect(await declined(lead, "audit", "AU-02", "take_samples", { samples: [] })).toMatch(/^wrong-state/);
  });
});

describe("finding", () => {
  const seen = {
    title: "Assessments are not renewed",
    node: "8.4",
    grade: "major",
    requirement: "renew on change",
    evidence_seen: "AIS-03 at SAH",
    statement: "two systems changed",
    auditee: "P06",
  };
  const set = async () => {
    const ground = stage(...everyone);
    await ground.act(lead, "audit", "AU-02", "plan", {
      title: "Autumn audit",
      audit_kind: "internal",
      lead_auditor: "P17",
      auditors: ["P17", "P18"],
    });
    return ground;
  };

  test("only the audit team grades", async () => {
    const { act, declined } = await set();
    expect(await declined(manager, "finding", "F-04", "draft", { ...seen, audit: "AU-02" })).toMatch(
      /^duties-apart INV-17/,
    );
    await act(auditor, "finding", "F-04", "draft", { ...seen, audit: "AU-02" });
    expect(await declined(owner, "finding", "F-04", "amend", { grade: "minor" })).toMatch(/^not-permitted/);
    expect(
      await declined(owner, "finding", "F-04", "dispute", { grade: "minor", auditee_response: "too hard" }),
    ).toMatch(/^malformed/);
  });

  test("a disputed finding is issued when it is written down how the dispute ended", async () => {
    const { act, declined } = await set();
    await act(auditor, "finding", "F-04", "draft", { ...seen, audit: "AU-02" });
    expect((await act(owner, "finding", "F-04", "dispute", { auditee_response: "It was a setting" })).state).toBe(
      "disputed",
    );
    expect(await declined(lead, "finding", "F-04", "issue")).toMatch(/^guard INV-17/);
    expect((await act(lead, "finding", "F-04", "issue", { dispute_resolution: "A setting is a change" })).state).toBe(
      "issued",
    );
  });

  test("a major or minor one is not linked or closed without a nonconformity", async () => {
    const { act, declined } = await set();
    await act(auditor, "finding", "F-04", "draft", { ...seen, audit: "AU-02" });
    await act(owner, "finding", "F-04", "agree");
    await act(lead, "finding", "F-04", "issue");
    expect(await declined(lead, "finding", "F-04", "link", { no_action_reason: "none needed" })).toMatch(
      /^guard INV-18/,
    );
    expect(await declined(lead, "finding", "F-04", "close")).toMatch(/^guard INV-18/);
    await act(manager, "nonconformity", "NC-02", "open", {
      title: "Changes unseen",
      source: "audit",
      node: "8.4",
      grade: "major",
      statement: "not renewed",
      raised_from: ["F-04"],
    });
    expect((await act(manager, "finding", "F-04", "link", { nonconformity: "NC-02" })).state).toBe("linked");
  });

  test("good practice closes by itself", async () => {
    const { act } = await set();
    await act(auditor, "finding", "F-07", "draft", { ...seen, grade: "good_practice", audit: "AU-02" });
    await act(auditor, "finding", "F-07", "agree");
    await act(lead, "finding", "F-07", "issue");
    expect((await act(lead, "finding", "F-07", "close")).state).toBe("closed");
  });
});

describe("management review", () => {
  const seen = { text: "looked at" };
  const inputs = {
    earlier_actions: seen,
    issue_changes: seen,
    party_changes: seen,
    nc_and_ca_trends: seen,
    monitoring_results: seen,
    audit_results: seen,
    improvement_opportunities: { nothing_to_report_by: "P04" },
  };
  const decisions = [
    { no: "D1", text: "no new site without check", decision_kind: "change", owner: "P06", due: "2026-10-01" },
  ];
  const hold = async (given: object, chair = "P01") => {
    const ground = stage(...everyone);
    await ground.act(manager, "management_review", "MR-01", "plan", {
      title: "Review 2026",
      planned_on: "2026-09-17",
      chair,
      attendees: ["P01", "P04"],
    });
    await ground.act(manager, "management_review", "MR-01", "freeze_inputs", { inputs: given });
    await ground.act(manager, "management_review", "MR-01", "hold");
    await ground.act(manager, "management_review", "MR-01", "minute", {
      conclusions: { suitable: { answer: "yes" } },
      decisions,
    });
    return ground;
  };

  test("it is approved by its chair, who holds top management, when every input has content", async () => {
    const { act, declined } = await hold(inputs);
    expect(await declined(manager, "management_review", "MR-01", "approve")).toMatch(/^not-permitted/);
    expect((await act(top, "management_review", "MR-01", "approve")).state).toBe("approved");
  });

  test("an input that is empty and not signed as nothing to report stands in the way", async () => {
    const { declined } = await hold({ ...inputs, party_changes: {} });
    expect(await declined(top, "management_review", "MR-01", "approve")).toMatch(
      /^guard INV-25: "inputs\.party_changes"/,
    );
  });

  test("a chair without top management does not make it valid", async () => {
    const { declined } = await hold(inputs, "P10");
    expect(await declined(acting("P10", ["people_lead"]), "management_review", "MR-01", "approve")).toMatch(
      /^guard INV-25/,
    );
  });

  test("actions move on without touching what was approved, and it closes when all are done", async () => {
    const { act, declined } = await hold(inputs);
    const approved = await act(top, "management_review", "MR-01", "approve");
    await act(manager, "management_review", "MR-01", "open_actions");
    expect(await declined(manager, "management_review", "MR-01", "close")).toMatch(/^guard 9\.3\.3: decision D1/);
    expect(
      await declined(manager, "management_review", "MR-01", "update_actions", {
        decisions: [{ ...decisions[0], due: "2027-01-01" }],
      }),
    ).toMatch(/^guard INV-02/);
    const done = await act(manager, "management_review", "MR-01", "update_actions", {
      decisions: [{ ...decisions[0], progress: "done", done_on: "2026-09-30" }],
    });
    expect(done.content_hash).toBe(approved.content_hash);
    expect((await act(manager, "management_review", "MR-01", "close")).state).toBe("closed");
  });
});
