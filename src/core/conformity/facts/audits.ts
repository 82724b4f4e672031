import { dayOf, type Day } from "#core/basics/time.ts";
import type { Ref } from "#core/records/field.ts";
import type { RecordOf } from "#core/records/kind.ts";

type Audit = RecordOf<"audit">;
type Approval = RecordOf<"approval">;

/** Everybody who audits, the lead first. */
export const auditTeam = (audit: Audit): Ref[] => [
  ...new Set([...(audit.lead_auditor === undefined ? [] : [audit.lead_auditor]), ...(audit.auditors ?? [])]),
];

/** What lies in the audited scope, and the roles of the auditors. */
type AuditedScope = {
  systems: readonly RecordOf<"ai_system">[];
  assessments: readonly RecordOf<"impact_assessment">[];
  releases: readonly RecordOf<"release">[];
  risks: readonly RecordOf<"risk">[];
  plans: readonly RecordOf<"treatment_plan">[];
  evaluations: readonly RecordOf<"evaluation">[];
  assessmentApprovals: readonly Approval[];
  releaseApprovals: readonly Approval[];
  planApprovals: readonly Approval[];
  processes: readonly RecordOf<"aims_process">[];
  roles: readonly RecordOf<"role_assignment">[];
  leadRoles: readonly RecordOf<"role_assignment">[];
};

/**
 * Why the person may not audit that scope (INV-15): owns, assessed, carried out or approved something
 * in it since the day. Nothing when the person may.
 */
export function whyNotIndependent(auditor: Ref, audit: Audit, since: Day, scope: AuditedScope): string | undefined {
  const owned = [...scope.systems, ...scope.assessments, ...scope.releases, ...scope.risks, ...scope.plans].find(
    (record) => record.owner === auditor && record.state !== "withdrawn" && record.state !== "superseded",
  );
  if (owned) return `${auditor} owns ${owned.ref}`;
  const process = ownedProcess(auditor, audit, scope.processes);
  if (process) return `${auditor} owns ${process.ref}, which carries ${process.node}`;
  const assessed = assessedSince(auditor, since, scope);
  if (assessed) return `${auditor} assessed in ${assessed}`;
  const acted = scope.plans.find((plan) =>
    (plan.actions ?? []).some((action) => action.who === auditor && (action.done_on ?? since) >= since),
  );
  if (acted) return `${auditor} carries out ${acted.ref}`;
  const approved = [...scope.assessmentApprovals, ...scope.releaseApprovals, ...scope.planApprovals].find(
    (approval) =>
      approval.person === auditor && approval.decided_at !== undefined && dayOf(approval.decided_at) >= since,
  );
  if (approved) return `${auditor} decided on ${approved.about ?? "something in its scope"}`;
  const runs = [...scope.roles, ...scope.leadRoles].some(
    (held) =>
      held.person === auditor &&
      held.role_key === "aims_manager" &&
      (held.state === "accepted" || (held.state === "ended" && (held.valid_to ?? held.state_since) >= since)),
  );
  return runs && audit.audit_kind === "internal"
    ? `${auditor} runs the AIMS or did less than 12 months before`
    : undefined;
}

function ownedProcess(auditor: Ref, audit: Audit, processes: readonly RecordOf<"aims_process">[]) {
  const left = new Set((audit.nodes_not_covered ?? []).map((item) => item.node));
  const nodes = new Set((audit.nodes ?? []).filter((node) => !left.has(node)));
  for (const process of processes) {
    if (process.owner !== auditor || process.state !== "active") continue;
    const node = (process.serves_nodes ?? []).find((served) => nodes.has(served));
    if (node !== undefined) return { ref: process.ref, node };
  }
  return undefined;
}

/** A record in the scope that the person assessed, scored or judged since the day. */
function assessedSince(auditor: Ref, since: Day, scope: AuditedScope): Ref | undefined {
  const { assessments, risks, evaluations, plans } = scope;
  return (
    assessments.find(
      (assessment) =>
        (assessment.approved_on ?? since) >= since &&
        [assessment.assessor, ...(assessment.co_assessors ?? [])].includes(auditor),
    ) ??
    risks.find((risk) => (risk.assessors ?? []).includes(auditor) && (risk.assessed_on ?? since) >= since) ??
    evaluations.find(
      (evaluation) => (evaluation.done_by ?? []).includes(auditor) && (evaluation.results_on ?? since) >= since,
    ) ??
    plans.find((plan) => plan.judged_by === auditor && (plan.judged_on ?? since) >= since)
  )?.ref;
}
