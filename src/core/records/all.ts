// Written by scripts/gather.mjs from the files beside it. Do not edit.
import type { Kind } from "./kind.ts";
import * as ai_system from "./kinds/ai-system.ts";
import * as aims_process from "./kinds/aims-process.ts";
import * as approval from "./kinds/approval.ts";
import * as approved_source from "./kinds/approved-source.ts";
import * as audit from "./kinds/audit.ts";
import * as audit_programme from "./kinds/audit-programme.ts";
import * as awareness_ack from "./kinds/awareness-ack.ts";
import * as change_event from "./kinds/change-event.ts";
import * as change_plan from "./kinds/change-plan.ts";
import * as communication_event from "./kinds/communication-event.ts";
import * as communication_plan from "./kinds/communication-plan.ts";
import * as competence_record from "./kinds/competence-record.ts";
import * as competence_requirement from "./kinds/competence-requirement.ts";
import * as concern from "./kinds/concern.ts";
import * as context_issue from "./kinds/context-issue.ts";
import * as context_statement from "./kinds/context-statement.ts";
import * as corrective_action from "./kinds/corrective-action.ts";
import * as dataset from "./kinds/dataset.ts";
import * as document from "./kinds/document.ts";
import * as evaluation from "./kinds/evaluation.ts";
import * as evidence_item from "./kinds/evidence-item.ts";
import * as exception from "./kinds/exception.ts";
import * as finding from "./kinds/finding.ts";
import * as image_policy_scan from "./kinds/image-policy-scan.ts";
import * as impact_assessment from "./kinds/impact-assessment.ts";
import * as improvement from "./kinds/improvement.ts";
import * as incident from "./kinds/incident.ts";
import * as interested_party from "./kinds/interested-party.ts";
import * as k8s_access_scan from "./kinds/k8s-access-scan.ts";
import * as management_review from "./kinds/management-review.ts";
import * as measure from "./kinds/measure.ts";
import * as measurement from "./kinds/measurement.ts";
import * as model from "./kinds/model.ts";
import * as nonconformity from "./kinds/nonconformity.ts";
import * as objective from "./kinds/objective.ts";
import * as obligation from "./kinds/obligation.ts";
import * as organization from "./kinds/organization.ts";
import * as person from "./kinds/person.ts";
import * as policy from "./kinds/policy.ts";
import * as release from "./kinds/release.ts";
import * as resource from "./kinds/resource.ts";
import * as risk from "./kinds/risk.ts";
import * as risk_criteria from "./kinds/risk-criteria.ts";
import * as role_assignment from "./kinds/role-assignment.ts";
import * as scope_statement from "./kinds/scope-statement.ts";
import * as snapshot from "./kinds/snapshot.ts";
import * as soa from "./kinds/soa.ts";
import * as soa_entry from "./kinds/soa-entry.ts";
import * as supplier from "./kinds/supplier.ts";
import * as task from "./kinds/task.ts";
import * as training from "./kinds/training.ts";
import * as treatment_plan from "./kinds/treatment-plan.ts";
import * as verdict from "./kinds/verdict.ts";

/** Every kind of record, by name. */
export const kinds: Readonly<Record<KindName, Kind>> = {
  ai_system: ai_system.kind,
  aims_process: aims_process.kind,
  approval: approval.kind,
  approved_source: approved_source.kind,
  audit: audit.kind,
  audit_programme: audit_programme.kind,
  awareness_ack: awareness_ack.kind,
  change_event: change_event.kind,
  change_plan: change_plan.kind,
  communication_event: communication_event.kind,
  communication_plan: communication_plan.kind,
  competence_record: competence_record.kind,
  competence_requirement: competence_requirement.kind,
  concern: concern.kind,
  context_issue: context_issue.kind,
  context_statement: context_statement.kind,
  corrective_action: corrective_action.kind,
  dataset: dataset.kind,
  document: document.kind,
  evaluation: evaluation.kind,
  evidence_item: evidence_item.kind,
  exception: exception.kind,
  finding: finding.kind,
  image_policy_scan: image_policy_scan.kind,
  impact_assessment: impact_assessment.kind,
  improvement: improvement.kind,
  incident: incident.kind,
  interested_party: interested_party.kind,
  k8s_access_scan: k8s_access_scan.kind,
  management_review: management_review.kind,
  measure: measure.kind,
  measurement: measurement.kind,
  model: model.kind,
  nonconformity: nonconformity.kind,
  objective: objective.kind,
  obligation: obligation.kind,
  organization: organization.kind,
  person: person.kind,
  policy: policy.kind,
  release: release.kind,
  resource: resource.kind,
  risk: risk.kind,
  risk_criteria: risk_criteria.kind,
  role_assignment: role_assignment.kind,
  scope_statement: scope_statement.kind,
  snapshot: snapshot.kind,
  soa: soa.kind,
  soa_entry: soa_entry.kind,
  supplier: supplier.kind,
  task: task.kind,
  training: training.kind,
  treatment_plan: treatment_plan.kind,
  verdict: verdict.kind,
};

export type FieldsByKind = {
  ai_system: typeof ai_system.fields;
  aims_process: typeof aims_process.fields;
  approval: typeof approval.fields;
  approved_source: typeof approved_source.fields;
  audit: typeof audit.fields;
  audit_programme: typeof audit_programme.fields;
  awareness_ack: typeof awareness_ack.fields;
  change_event: typeof change_event.fields;
  change_plan: typeof change_plan.fields;
  communication_event: typeof communication_event.fields;
  communication_plan: typeof communication_plan.fields;
  competence_record: typeof competence_record.fields;
  competence_requirement: typeof competence_requirement.fields;
  concern: typeof concern.fields;
  context_issue: typeof context_issue.fields;
  context_statement: typeof context_statement.fields;
  corrective_action: typeof corrective_action.fields;
  dataset: typeof dataset.fields;
  document: typeof document.fields;
  evaluation: typeof evaluation.fields;
  evidence_item: typeof evidence_item.fields;
  exception: typeof exception.fields;
  finding: typeof finding.fields;
  image_policy_scan: typeof image_policy_scan.fields;
  impact_assessment: typeof impact_assessment.fields;
  improvement: typeof improvement.fields;
  incident: typeof incident.fields;
  interested_party: typeof interested_party.fields;
  k8s_access_scan: typeof k8s_access_scan.fields;
  management_review: typeof management_review.fields;
  measure: typeof measure.fields;
  measurement: typeof measurement.fields;
  model: typeof model.fields;
  nonconformity: typeof nonconformity.fields;
  objective: typeof objective.fields;
  obligation: typeof obligation.fields;
  organization: typeof organization.fields;
  person: typeof person.fields;
  policy: typeof policy.fields;
  release: typeof release.fields;
  resource: typeof resource.fields;
  risk: typeof risk.fields;
  risk_criteria: typeof risk_criteria.fields;
  role_assignment: typeof role_assignment.fields;
  scope_statement: typeof scope_statement.fields;
  snapshot: typeof snapshot.fields;
  soa: typeof soa.fields;
  soa_entry: typeof soa_entry.fields;
  supplier: typeof supplier.fields;
  task: typeof task.fields;
  training: typeof training.fields;
  treatment_plan: typeof treatment_plan.fields;
  verdict: typeof verdict.fields;
};

export type StatesByKind = {
  ai_system: (typeof ai_system.states)[number];
  aims_process: (typeof aims_process.states)[number];
  approval: (typeof approval.states)[number];
  approved_source: (typeof approved_source.states)[number];
  audit: (typeof audit.states)[number];
  audit_programme: (typeof audit_programme.states)[number];
  awareness_ack: (typeof awareness_ack.states)[number];
  change_event: (typeof change_event.states)[number];
  change_plan: (typeof change_plan.states)[number];
  communication_event: (typeof communication_event.states)[number];
  communication_plan: (typeof communication_plan.states)[number];
  competence_record: (typeof competence_record.states)[number];
  competence_requirement: (typeof competence_requirement.states)[number];
  concern: (typeof concern.states)[number];
  context_issue: (typeof context_issue.states)[number];
  context_statement: (typeof context_statement.states)[number];
  corrective_action: (typeof corrective_action.states)[number];
  dataset: (typeof dataset.states)[number];
  document: (typeof document.states)[number];
  evaluation: (typeof evaluation.states)[number];
  evidence_item: (typeof evidence_item.states)[number];
  exception: (typeof exception.states)[number];
  finding: (typeof finding.states)[number];
  image_policy_scan: (typeof image_policy_scan.states)[number];
  impact_assessment: (typeof impact_assessment.states)[number];
  improvement: (typeof improvement.states)[number];
  incident: (typeof incident.states)[number];
  interested_party: (typeof interested_party.states)[number];
  k8s_access_scan: (typeof k8s_access_scan.states)[number];
  management_review: (typeof management_review.states)[number];
  measure: (typeof measure.states)[number];
  measurement: (typeof measurement.states)[number];
  model: (typeof model.states)[number];
  nonconformity: (typeof nonconformity.states)[number];
  objective: (typeof objective.states)[number];
  obligation: (typeof obligation.states)[number];
  organization: (typeof organization.states)[number];
  person: (typeof person.states)[number];
  policy: (typeof policy.states)[number];
  release: (typeof release.states)[number];
  resource: (typeof resource.states)[number];
  risk: (typeof risk.states)[number];
  risk_criteria: (typeof risk_criteria.states)[number];
  role_assignment: (typeof role_assignment.states)[number];
  scope_statement: (typeof scope_statement.states)[number];
  snapshot: (typeof snapshot.states)[number];
  soa: (typeof soa.states)[number];
  soa_entry: (typeof soa_entry.states)[number];
  supplier: (typeof supplier.states)[number];
  task: (typeof task.states)[number];
  training: (typeof training.states)[number];
  treatment_plan: (typeof treatment_plan.states)[number];
  verdict: (typeof verdict.states)[number];
};

export type KindName = keyof FieldsByKind;
