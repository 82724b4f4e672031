// Written by scripts/gather.mjs from the files beside it. Do not edit.
import type { Kind } from "./kind.ts";
import * as approval from "./kinds/approval.ts";
import * as organization from "./kinds/organization.ts";
import * as person from "./kinds/person.ts";
import * as role_assignment from "./kinds/role-assignment.ts";
import * as verdict from "./kinds/verdict.ts";

/** Every kind of record, by name. */
export const kinds: Readonly<Record<KindName, Kind>> = {
  approval: approval.kind,
  organization: organization.kind,
  person: person.kind,
  role_assignment: role_assignment.kind,
  verdict: verdict.kind,
};

export type FieldsByKind = {
  approval: typeof approval.fields;
  organization: typeof organization.fields;
  person: typeof person.fields;
  role_assignment: typeof role_assignment.fields;
  verdict: typeof verdict.fields;
};

export type StatesByKind = {
  approval: (typeof approval.states)[number];
  organization: (typeof organization.states)[number];
  person: (typeof person.states)[number];
  role_assignment: (typeof role_assignment.states)[number];
  verdict: (typeof verdict.states)[number];
};

export type KindName = keyof FieldsByKind;
