import type { RoleKey } from "#core/records/actor.ts";
import type { KindName } from "#core/records/all.ts";

/** One condition over records, in a sentence. What carries it out is the check of the same id in `conformity`. */
export type CheckText = {
  id: string;
  /** How much a failure matters; not the grade of a nonconformity, which a person gives. */
  severity: "high" | "medium" | "low";
  /** `auto`: decidable from records alone. `assisted`: the software gathers, a named person decides. */
  mode: "auto" | "assisted";
  records: readonly KindName[];
  text: string;
};

/** A clause, control or mission item: what it asks, in our own words, and how it is looked at. */
export type NodeShape = {
  id: string;
  title: string;
  kind: "clause" | "control_objective" | "control" | "custom_control" | "mission";
  parent: string | null;
  /** False for headings, whose state follows from their children. */
  assessable: boolean;
  summary: string;
  note?: string;
  /** For a mission item: its number as cited, and where the published standard holds the subject. */
  mission?: { cited: string; text: string; mapsTo: readonly string[]; numbering: string };
  /** `required`: the standard calls for it (for a control: only if the SoA includes it). `expected`: auditors usually ask. */
  documentedInformation: readonly { name: string; tag: "required" | "expected" }[];
  evidenceKinds: readonly KindName[];
  /** Checks at home here. */
  checks: readonly CheckText[];
  /** Checks at home elsewhere that count here too. */
  alsoChecks: readonly string[];
  auditQuestions: readonly string[];
  typicalOwner: RoleKey;
  pdca: "plan" | "do" | "check" | "act";
  /** Same subject elsewhere, not equivalence. */
  crosswalk: { iso27001: readonly string[]; nistAiRmf: readonly string[]; euAiAct: readonly string[] };
};

export type Node = NodeShape;
