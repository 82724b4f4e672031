import { describe, expect, test } from "vitest";
import { assessableClauses } from "#core/standard/catalogue.ts";
import { approved, holds, kept } from "../ground.testing.ts";

const conclusion = { own_rules: "met", standard: "met", effective_implementation: "uneven" };
const audit = (given: object = {}) =>
  kept("audit", "AU-01", {
    state: "reported",
    audit_kind: "internal",
    programme: "AP-1",
    objectives: "see",
    criteria: "the standard",
    audited_scope: "clauses 4 to 7",
    auditors: ["P17"],
    lead_auditor: "P17",
    planned_from: "2026-05-11",
    planned_to: "2026-05-15",
    fieldwork_from: "2026-05-11",
    fieldwork_to: "2026-05-15",
    report_issued_on: "2026-06-02",
    issued_to: ["P01"],
    conclusion,
    ...given,
  });
const programme = (given: object = {}) =>
  kept("audit_programme", "AP-1", {
    state: "running",
    period: { from: "2026-01-19", to: "2028-12-31" },
    frequency: "two a year",
    methods: "talks",
    responsibilities: "P17",
    planning: "three weeks ahead",
    reporting: "30 days",
    shaped_by: { importance: "patients first", earlier_results: "none yet" },
    coverage: assessableClauses.map((node) => ({ node, planned_for: "2026" })),
    ...given,
  });

describe("an audit was conducted", () => {
  test("for 12 months after its report", () => {
    expect(holds("audit.conducted", [audit()], "2027-06-02")[0]).toBe("pass");
    expect(holds("audit.conducted", [audit()], "2027-06-03")[0]).toBe("fail");
  });
  test("for less where the programme asks for one sooner", () => {
    const shorter = programme({ interval_months: 6 });
    expect(holds("audit.conducted", [audit(), shorter], "2026-12-02")[0]).toBe("pass");
    expect(holds("audit.conducted", [audit(), shorter], "2026-12-03")[0]).toBe("fail");
  });
  test("not while it is planned, not by an audit of a supplier, not with half a conclusion", () => {
    expect(holds("audit.conducted", [], "2026-07-01")[0]).toBe("fail");
    expect(holds("audit.conducted", [audit({ state: "reporting" })], "2026-07-01")[0]).toBe("fail");
    expect(holds("audit.conducted", [audit({ audit_kind: "supplier" })], "2026-07-01")[0]).toBe("fail");
    const half = audit({ conclusion: { own_rules: "met", standard: "met" } });
    expect(holds("audit.conducted", [half], "2026-07-01")[0]).toBe("fail");
  });
});

describe("the audit programme", () => {
  test("covers today, from its first day to its last", () => {
    const records = [programme(), approved(programme())];
    expect(holds("audit.programme", records, "2026-01-18")[0]).toBe("fail");
    expect(holds("audit.programme", records, "2026-01-19")[0]).toBe("pass");
    expect(holds("audit.programme", records, "2028-12-31")[0]).toBe("pass");
    expect(holds("audit.programme", records, "2029-01-01")[0]).toBe("fail");
  });
  test("must be approved as it stands, and say how it was shaped", () => {
    expect(holds("audit.programme", [programme()], "2026-07-01")[0]).toBe("fail");
    expect(holds("audit.programme", [programme({ methods: "other" }), approved(programme())], "2026-07-01")[0]).toBe(
      "fail",
    );
    const draft = programme({ state: "draft" });
    expect(holds("audit.programme", [draft, approved(draft)], "2026-07-01")[0]).toBe("fail");
    const unshaped = programme({ shaped_by: { importance: "patients first" } });
    expect(holds("audit.programme", [unshaped, approved(unshaped)], "2026-07-01")[0]).toBe("fail");
    for (const part of ["frequency", "methods", "responsibilities", "planning", "reporting"]) {
      const without = programme({ [part]: undefined });
      expect(holds("audit.programme", [without, approved(without)], "2026-07-01")[0]).toBe("fail");
    }
  });
  test("plans every clause and every control that the statement in force includes", () => {
    const statement = kept("soa", "SOA-1", { state: "approved" });
    const entry = (id: string, given: object = {}) =>
      kept("soa_entry", `SOA-1/${id}`, { soa: "SOA-1", control_id: id, included: true, state: "in_force", ...given });
    expect(holds("audit.coverage", [programme()], "2026-07-01")[0]).toBe("pass");
    expect(holds("audit.coverage", [programme(), statement, entry("A.2.2")], "2026-07-01")).toEqual([
      "fail",
      expect.stringContaining("A.2.2"),
    ]);
    expect(
      holds("audit.coverage", [programme(), statement, entry("A.10.4", { included: false })], "2026-07-01")[0],
    ).toBe("pass");
    const without = programme({
      coverage: (programme()["coverage"] as { node: string }[]).filter(({ node }) => node !== "8.4"),
    });
    expect(holds("audit.coverage", [without], "2026-07-01")[1]).toContain("8.4");
    expect(holds("audit.coverage", [], "2026-07-01")[0]).toBe("fail");
  });
  test("leaves nothing of a reported audit without an answer", () => {
    const items = programme()["coverage"] as { node: string }[];
    const given = (more: object) =>
      programme({ coverage: items.map((item) => (item.node === "7.2" ? { ...item, audit: "AU-01", ...more } : item)) });
    expect(holds("audit.coverage", [given({}), audit()], "2026-07-01")[1]).toContain("7.2");
    expect(holds("audit.coverage", [given({}), audit({ state: "fieldwork" })], "2026-07-01")[0]).toBe("pass");
    expect(holds("audit.coverage", [given({ covered_on: "2026-05-15" }), audit()], "2026-07-01")[0]).toBe("pass");
    const excused = audit({ nodes_not_covered: [{ node: "7.2", reason: "nobody there" }] });
    expect(holds("audit.coverage", [given({}), excused], "2026-07-01")[0]).toBe("pass");
  });
});

test("an audit past planning is defined", () => {
  expect(holds("audit.defined", [audit({ state: "planned", criteria: undefined })], "2026-07-01")[0]).toBe(
    "not_applicable",
  );
  expect(holds("audit.defined", [audit()], "2026-07-01")[0]).toBe("pass");
  for (const part of ["objectives", "criteria", "audited_scope"])
    expect(holds("audit.defined", [audit({ [part]: undefined })], "2026-07-01")[0]).toBe("fail");
  expect(holds("audit.defined", [audit({ auditors: [] })], "2026-07-01")[0]).toBe("fail");
  expect(holds("audit.defined", [audit({ fieldwork_to: undefined, planned_to: undefined })], "2026-07-01")[0]).toBe(
    "fail",
  );
});

describe("an auditor is independent", () => {
  const scoped = audit({ ai_systems: ["AIS-03"], nodes: ["8.4"] });
  const says = (...records: ReturnType<typeof kept>[]) =>
    holds("audit.independence", [scoped, ...records], "2026-07-01");
  const system = kept("ai_system", "AIS-03", { owner: "P06" });
  const auditor = kept("person", "P17", { state: "active" });

  test("who has nothing to do with what is audited", () => {
    expect(says(system)[0]).toBe("pass");
    expect(
      holds("audit.independence", [audit({ fieldwork_from: undefined, planned_from: undefined })], "2026-07-01")[0],
    ).toBe("unknown");
  });
  test("not who owns the system or a process that carries an audited clause", () => {
    expect(says(kept("ai_system", "AIS-03", { owner: "P17" }))).toEqual(["fail", expect.stringContaining("AIS-03")]);
    const process = kept("aims_process", "PR-03", { state: "active", owner: "P17", serves_nodes: ["8.4"] });
    expect(says(system, process)[0]).toBe("fail");
    expect(says(system, { ...process, serves_nodes: ["9.2"] })[0]).toBe("pass");
  });
  test("not who assessed, judged or approved something in its scope in the 12 months before", () => {
    const assessed = (on: string) =>
      kept("impact_assessment", "IA-03", { ai_system: "AIS-03", assessor: "P17", approved_on: on });
    expect(says(system, assessed("2025-05-11"))[0]).toBe("fail");
    expect(says(system, assessed("2025-05-10"))[0]).toBe("pass");
    const risk = kept("risk", "RSK-001", { ai_systems: ["AIS-03"] });
    const plan = (on: string) =>
      kept("treatment_plan", "TP-01", { risks: ["RSK-001"], judged_by: "P17", judged_on: on });
    expect(says(system, risk, plan("2026-02-01"))[0]).toBe("fail");
    expect(says(system, risk, plan("2025-05-10"))[0]).toBe("pass");
    const release = kept("release", "REL-03", { ai_system: "AIS-03" });
    const approval = (at: string) => kept("approval", "APR-1", { about: "REL-03", person: "P17", decided_at: at });
    expect(says(system, release, approval("2026-01-01T09:00:00.000Z"))[0]).toBe("fail");
    expect(says(system, release, approval("2025-01-01T09:00:00.000Z"))[0]).toBe("pass");
  });
  test("not who runs the AIMS, or ran it within the 12 months", () => {
    const runs = (given: object) =>
      kept("role_assignment", "ROL-1", { person: "P17", role_key: "aims_manager", state: "accepted", ...given });
    expect(says(system, auditor, runs({}))[0]).toBe("fail");
    expect(says(system, auditor, runs({ state: "ended", valid_to: "2025-05-11" }))[0]).toBe("fail");
    expect(says(system, auditor, runs({ state: "ended", valid_to: "2025-05-10" }))[0]).toBe("pass");
  });
});

test("a report goes out to someone within 30 days after fieldwork", () => {
  const silent = audit({ state: "reporting", report_issued_on: undefined });
  expect(holds("audit.reported", [silent], "2026-06-14")[0]).toBe("pass");
  expect(holds("audit.reported", [silent], "2026-06-15")[0]).toBe("fail");
  expect(holds("audit.reported", [audit({ report_issued_on: "2026-06-14" })], "2026-07-01")[0]).toBe("pass");
  expect(holds("audit.reported", [audit({ report_issued_on: "2026-06-15" })], "2026-07-01")[0]).toBe("fail");
  expect(holds("audit.reported", [audit({ issued_to: [] })], "2026-07-01")[0]).toBe("fail");
  expect(holds("audit.reported", [audit({ fieldwork_to: undefined })], "2026-07-01")[0]).toBe("not_applicable");
});

describe("a finding graded major or minor", () => {
  const finding = kept("finding", "F-01", { state: "issued", grade: "minor", audit: "AU-01" });
  const opened = (on: string, given: object = {}) =>
    kept("nonconformity", "NC-01", { raised_from: ["F-01"], created_at: `${on}T09:00:00.000Z`, ...given });

  test("has a nonconformity by the tenth working day after the report", () => {
    // 2026-06-02 is a Tuesday.
    expect(holds("audit.findings_followed", [finding, audit()], "2026-06-16")[0]).toBe("pass");
    expect(holds("audit.findings_followed", [finding, audit()], "2026-06-17")[0]).toBe("fail");
    expect(holds("audit.findings_followed", [finding, audit(), opened("2026-06-16")], "2026-07-01")[0]).toBe("pass");
    expect(holds("audit.findings_followed", [finding, audit(), opened("2026-06-17")], "2026-07-01")[0]).toBe("fail");
  });
  test("is not followed by one that was withdrawn; an opportunity needs none", () => {
    const records = [finding, audit(), opened("2026-06-03", { state: "withdrawn" })];
    expect(holds("audit.findings_followed", records, "2026-07-01")[0]).toBe("fail");
    expect(holds("audit.findings_followed", [{ ...finding, grade: "opportunity" }, audit()], "2026-07-01")[0]).toBe(
      "not_applicable",
    );
  });
});
