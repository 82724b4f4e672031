import { addDays, addMonths, addWorkingDays, dayOf, type Day } from "#core/basics/time.ts";
import { all, back, out, via, type Follow } from "#core/records/follow.ts";
import type { RecordOf } from "#core/records/kind.ts";
import { assessableClauses } from "#core/standard/catalogue.ts";
import { check, every, some, type Check } from "../check.ts";
import { approvalOf } from "../facts/approvals.ts";
import { auditTeam, whyNotIndependent } from "../facts/audits.ts";
import { listed, missingFields } from "../facts/words.ts";
import { make, on } from "../mend.ts";

type Audit = RecordOf<"audit">;
type Programme = RecordOf<"audit_programme">;

const reportDays = 30;

const isReported = (audit: Audit): boolean => audit.state === "reported" || audit.state === "closed";
const isInEffect = (programme: Programme): boolean => programme.state === "approved" || programme.state === "running";
const isGap = (finding: RecordOf<"finding">): boolean => finding.grade === "major" || finding.grade === "minor";

const systems = out("ai_system", "ai_systems");
const assessments = via(systems, back("impact_assessment", "ai_system"));
const releases = via(systems, back("release", "ai_system"));
const risks = via(systems, back("risk", "ai_systems"));
const plans = via(risks, back("treatment_plan", "risks"));

/** Everything in the audited scope that somebody may own, assess, build or approve. */
const audited = {
  systems,
  assessments,
  releases,
  risks,
  plans,
  evaluations: via(systems, back("evaluation", "ai_system")),
  assessmentApprovals: via(assessments, back("approval", "about")),
  releaseApprovals: via(releases, back("approval", "about")),
  planApprovals: via(plans, back("approval", "about")),
  processes: all("aims_process"),
  roles: via(out("person", "auditors"), back("role_assignment", "person")),
  leadRoles: via(out("person", "lead_auditor"), back("role_assignment", "person")),
} satisfies Follow;

/** The day on which an audit's report was to be out at the latest. */
const reportDue = (audit: Audit): Day | undefined =>
  audit.fieldwork_to === undefined ? undefined : addDays(audit.fieldwork_to, reportDays);

/** Clauses and included controls that the programme plans in no audit. */
function unplanned(
  programme: Programme,
  statements: readonly RecordOf<"soa">[],
  entries: readonly RecordOf<"soa_entry">[],
): string[] {
  const inForce = new Set(statements.filter((soa) => soa.state === "approved").map((soa) => soa.ref));
  const controls = entries
    .filter((entry) => entry.soa !== undefined && inForce.has(entry.soa) && entry.included === true)
    .flatMap((entry) => (entry.control_id === undefined ? [] : [entry.control_id]));
  const planned = new Set(
    (programme.coverage ?? [])
      .filter((item) => item.planned_for !== undefined || item.audit !== undefined)
      .map((item) => item.node),
  );
  return [...assessableClauses, ...controls].filter((node) => !planned.has(node));
}

/** Checks whose home is 9.2.1 or 9.2.2. */
export const checks: readonly Check[] = [
  check(
    "audit.conducted",
    [
      on("audit", "report"),
      on("audit", "write_report"),
      on("audit", "end_fieldwork"),
      on("audit", "start_fieldwork"),
      on("audit", "announce"),
      make("audit", "plan", { with: { audit_kind: "internal" } }),
    ],
    some("audit", {
      where: (record, today) =>
        isReported(record) &&
        record.audit_kind === "internal" &&
        record.report_issued_on !== undefined &&
        today.isWithinMonths(record.report_issued_on, 12),
      follow: { programmes: out("audit_programme", "programme") },
      must: ({ record, programmes, today }) => {
        const interval = programmes[0]?.interval_months ?? 12;
        if (record.report_issued_on !== undefined && today.isMonthsAfter(interval, record.report_issued_on))
          return `it was reported on ${record.report_issued_on}, and the programme asks for an audit every ${interval} months`;
        const { own_rules, standard, effective_implementation } = record.conclusion ?? {};
        const silent = [
          ...(own_rules === undefined ? ["conformity with own rules"] : []),
          ...(standard === undefined ? ["conformity with the standard"] : []),
          ...(effective_implementation === undefined ? ["whether it is put into practice"] : []),
        ];
        return silent.length === 0 || `its conclusion does not speak of ${listed(silent)}`;
      },
      because:
        "no internal audit of the past 12 months, or of the interval that the programme sets, was reported with a conclusion on own rules, on the standard and on whether it is put into practice",
    }),
  ),
  check(
    "audit.programme",
    [
      on("audit_programme", "approve"),
      on("audit_programme", "amend"),
      make("audit_programme", "draft", { about: "supersedes" }),
    ],
    some("audit_programme", {
      where: isInEffect,
      follow: { approvals: back("approval", "about") },
      must: ({ record, approvals, today }) => {
        const { from, to } = record.period ?? {};
        if (from === undefined || to === undefined) return "it names no period";
        if (!today.hasCome(from)) return `it begins on ${from}`;
        if (today.isPast(to)) return `it ended on ${to}`;
        if (approvalOf(record, approvals) === undefined) return "nobody approved it as it stands";
        const missing = missingFields(record, ["frequency", "methods", "responsibilities", "planning", "reporting"]);
        if (record.shaped_by?.importance === undefined) missing.push("how importance shaped it");
        if (record.shaped_by?.earlier_results === undefined) missing.push("how earlier results shaped it");
        return missing.length === 0 || `it does not state ${listed(missing)}`;
      },
      because:
        "no approved audit programme covers today and states frequency, methods, responsibilities, planning, reporting and what shaped it",
    }),
  ),
  check(
    "audit.coverage",
    [
      on("audit_programme", "update_coverage"),
      make("audit", "plan", { about: "programme", with: { audit_kind: "internal" } }),
      make("audit", "plan", { with: { audit_kind: "internal" } }),
    ],
    every("audit_programme", {
      where: isInEffect,
      follow: { statements: all("soa"), entries: all("soa_entry") },
      must: ({ record, statements, entries }) => {
        const open = unplanned(record, statements, entries);
        return open.length === 0 || `it plans no audit of ${listed(open)}`;
      },
      empty: "fail",
      because: "no audit programme is approved",
    }),
    every("audit", {
      where: isReported,
      follow: { programmes: out("audit_programme", "programme") },
      must: ({ record, programmes }) => {
        const excused = new Set((record.nodes_not_covered ?? []).map((item) => item.node));
        const open = programmes
          .flatMap((programme) => programme.coverage ?? [])
          .filter(
            (item) =>
              item.audit === record.ref &&
              item.covered_on === undefined &&
              item.not_covered_reason === undefined &&
              !excused.has(item.node),
          )
          .map((item) => item.node);
        return open.length === 0 || `it was to cover ${listed(open)}, and neither did nor says why not`;
      },
      empty: "not_applicable",
      because: "no audit is reported yet",
    }),
  ),
  check(
    "audit.defined",
    [on("audit", "amend"), make("task", "open", { about: "why", with: { task_kind: "action" } })],
    every("audit", {
      where: (record) => record.state !== "planned" && record.state !== "cancelled",
      must: ({ record }) => {
        const missing = missingFields(record, ["objectives", "criteria", "audited_scope", "auditors"]);
        if ((record.fieldwork_from ?? record.planned_from) === undefined) missing.push("its first day");
        if ((record.fieldwork_to ?? record.planned_to) === undefined) missing.push("its last day");
        return missing.length === 0 || `it does not state ${listed(missing)}`;
      },
      empty: "not_applicable",
      because: "no audit is past planning",
    }),
  ),
  check(
    "audit.independence",
    [
      on("audit", "amend"),
      make("task", "open", { about: "why", with: { task_kind: "review" } }),
      make("nonconformity", "open", { about: "raised_from", with: { source: "audit" } }),
    ],
    every("audit", {
      where: (record) => record.state !== "cancelled",
      follow: audited,
      must: ({ record, ...near }) => {
        const team = auditTeam(record);
        if (team.length === 0) return record.state === "planned" ? true : { unknown: "it names no auditor" };
        const from = record.fieldwork_from ?? record.planned_from;
        if (from === undefined) return { unknown: "it has no first day" };
        const reasons = team.flatMap((auditor) => whyNotIndependent(auditor, record, addMonths(from, -12), near) ?? []);
        return reasons.length === 0 || reasons.join("; ");
      },
      empty: "not_applicable",
      because: "no audit is planned",
    }),
  ),
  check(
    "audit.reported",
    [
      on("audit", "report"),
      on("audit", "write_report"),
      make("nonconformity", "open", { about: "raised_from", with: { source: "audit" } }),
    ],
    every("audit", {
      where: (record) => record.fieldwork_to !== undefined && record.state !== "cancelled",
      must: ({ record, today }) => {
        const last = reportDue(record);
        if (last === undefined) return { unknown: "nobody wrote down when fieldwork ended" };
        if (record.report_issued_on === undefined || !isReported(record))
          return (
            !today.isPast(last) || `fieldwork ended on ${record.fieldwork_to ?? ""}, and its report was due on ${last}`
          );
        if (record.report_issued_on > last)
          return `its report went out on ${record.report_issued_on}, later than ${last}`;
        return (record.issued_to ?? []).length > 0 || "its report was issued to nobody";
      },
      empty: "not_applicable",
      because: "no audit has ended its fieldwork",
    }),
  ),
  check(
    "audit.findings_followed",
    [make("nonconformity", "open", { about: "raised_from", with: { source: "audit" } }), on("finding", "link")],
    every("finding", {
      where: (record) => isGap(record) && ["issued", "linked", "closed"].includes(record.state),
      follow: {
        audits: out("audit", "audit"),
        linked: out("nonconformity", "nonconformity"),
        raised: back("nonconformity", "raised_from"),
      },
      must: ({ record, audits, linked, raised, today }) => {
        const reported =
          record.audit === undefined ? (record.happened_on ?? dayOf(record.created_at)) : audits[0]?.report_issued_on;
        if (reported === undefined) return true;
        const last = addWorkingDays(reported, 10);
        const opened = [...linked, ...raised]
          .filter((one) => one.state !== "withdrawn")
          .map((one) => dayOf(one.created_at))
          .sort()[0];
        if (opened === undefined)
          return (
            !today.isPast(last) || `it is graded ${record.grade ?? ""}, and no nonconformity was opened by ${last}`
          );
        return opened <= last || `its nonconformity was opened on ${opened}, later than ${last}`;
      },
      empty: "not_applicable",
      because: "no finding is graded major or minor",
    }),
  ),
];
