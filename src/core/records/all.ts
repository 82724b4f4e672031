// Written by scripts/gather.mjs from the files beside it. Do not edit.
import type { Kind } from "./kind.ts";
import * as ai_system from "./kinds/ai-system.ts";
import * as aims_process from "./kinds/aims-process.ts";
import * as approval from "./kinds/approval.ts";
import * as approved_source from "./kinds/approved-source.ts";
import * as change_event from "./kinds/change-event.ts";
import * as context_issue from "./kinds/context-issue.ts";
import * as context_statement from "./kinds/context-statement.ts";
import * as dataset from "./kinds/dataset.ts";
import * as document from "./kinds/document.ts";
import * as evaluation from "./kinds/evaluation.ts";
import * as evidence_item from "./kinds/evidence-item.ts";
import * as exception from "./kinds/exception.ts";
import * as image_policy_scan from "./kinds/image-policy-scan.ts";
import * as interested_party from "./kinds/interested-party.ts";
import * as k8s_access_scan from "./kinds/k8s-access-scan.ts";
import * as model from "./kinds/model.ts";
import * as obligation from "./kinds/obligation.ts";
import * as organization from "./kinds/organization.ts";
import * as person from "./kinds/person.ts";
import * as policy from "./kinds/policy.ts";
import * as release from "./kinds/release.ts";
import * as risk from "./kinds/risk.ts";
import * as risk_criteria from "./kinds/risk-criteria.ts";
import * as role_assignment from "./kinds/role-assignment.ts";
import * as scope_statement from "./kinds/scope-statement.ts";
import * as snapshot from "./kinds/snapshot.ts";
import * as supplier from "./kinds/supplier.ts";
import * as task from "./kinds/task.ts";
import * as treatment_plan from "./kinds/treatment-plan.ts";
import * as verdict from "./kinds/verdict.ts";

/** Every kind of record, by name. */
export const kinds: Readonly<Record<KindName, Kind>> = {
  ai_system: ai_system.kind,
  aims_process: aims_process.kind,
  approval: approval.kind,
  approved_source: approved_source.kind,
  change_event: change_event.kind,
  context_issue: context_issue.kind,
  context_statement: context_statement.kind,
  dataset: dataset.kind,
  document: document.kind,
  evaluation: evaluation.kind,
  evidence_item: evidence_item.kind,
  exception: exception.kind,
  image_policy_scan: image_policy_scan.kind,
  interested_party: interested_party.kind,
  k8s_access_scan: k8s_access_scan.kind,
  model: model.kind,
  obligation: obligation.kind,
  organization: organization.kind,
  person: person.kind,
  policy: policy.kind,
  release: release.kind,
  risk: risk.kind,
  risk_criteria: risk_criteria.kind,
  role_assignment: role_assignment.kind,
  scope_statement: scope_statement.kind,
  snapshot: snapshot.kind,
  supplier: supplier.kind,
  task: task.kind,
  treatment_plan: treatment_plan.kind,
  verdict: verdict.kind,
};

export type FieldsByKind = {
  ai_system: typeof ai_system.fields;
  aims_process: typeof aims_process.fields;
  approval: typeof approval.fields;
  approved_source: typeof approved_source.fields;
  change_event: typeof change_event.fields;
  context_issue: typeof context_issue.fields;
  context_statement: typeof context_statement.fields;
  dataset: typeof dataset.fields;
  document: typeof document.fields;
  evaluation: typeof evaluation.fields;
  evidence_item: typeof evidence_item.fields;
  exception: typeof exception.fields;
  image_policy_scan: typeof image_policy_scan.fields;
  interested_party: typeof interested_party.fields;
  k8s_access_scan: typeof k8s_access_scan.fields;
  model: typeof model.fields;
  obligation: typeof obligation.fields;
  organization: typeof organization.fields;
  person: typeof person.fields;
  policy: typeof policy.fields;
  release: typeof release.fields;
  risk: typeof risk.fields;
  risk_criteria: typeof risk_criteria.fields;
  role_assignment: typeof role_assignment.fields;
  scope_statement: typeof scope_statement.fields;
  snapshot: typeof snapshot.fields;
  supplier: typeof supplier.fields;
  task: typeof task.fields;
  treatment_plan: typeof treatment_plan.fields;
  verdict: typeof verdict.fields;
};

export type StatesByKind = {
  ai_system: (typeof ai_system.states)[number];
  aims_process: (typeof aims_process.states)[number];
  approval: (typeof approval.states)[number];
  approved_source: (typeof approved_source.states)[number];
  change_event: (typeof change_event.states)[number];
  context_issue: (typeof context_issue.states)[number];
  context_statement: (typeof context_statement.states)[number];
  dataset: (typeof dataset.states)[number];
  document: (typeof document.states)[number];
  evaluation: (typeof evaluation.states)[number];
  evidence_item: (typeof evidence_item.states)[number];
  exception: (typeof exception.states)[number];
  image_policy_scan: (typeof image_policy_scan.states)[number];
  interested_party: (typeof interested_party.states)[number];
  k8s_access_scan: (typeof k8s_access_scan.states)[number];
  model: (typeof model.states)[number];
  obligation: (typeof obligation.states)[number];
  organization: (typeof organization.states)[number];
  person: (typeof person.states)[number];
  policy: (typeof policy.states)[number];
  release: (typeof release.states)[number];
  risk: (typeof risk.states)[number];
  risk_criteria: (typeof risk_criteria.states)[number];
  role_assignment: (typeof role_assignment.states)[number];
  scope_statement: (typeof scope_statement.states)[number];
  snapshot: (typeof snapshot.states)[number];
  supplier: (typeof supplier.states)[number];
  task: (typeof task.states)[number];
  treatment_plan: (typeof treatment_plan.states)[number];
  verdict: (typeof verdict.states)[number];
};

export type KindName = keyof FieldsByKind;
