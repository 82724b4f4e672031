import type { Ref } from "./field.ts";
import type { RecordOf } from "./kind.ts";

/** Who asks. Authority comes from accepted `role_assignment` records, never from a flag (domain model, section 2). */
export type Actor = {
  kind: "person" | "service" | "system";
  /** The person's record; absent for machines. */
  person?: Ref;
  /** The opaque id that the ledger names. */
  id: string;
  /** Accepted role assignments that are valid on the day of the deed. */
  assignments: readonly RecordOf<"role_assignment">[];
  /** Runs the software: accounts, backups, connectors. Gives no power over records. */
  administrator: boolean;
  /** Comes from a certification body, as the person's record says. */
  externalAuditor?: true;
  /** How the actor proved anew who they are, for an approval. */
  proof?: "password" | "passkey" | "identity_provider" | "sample_clock";
};

export type RoleKey = NonNullable<RecordOf<"role_assignment">["role_key"]>;

/** What a scope is held against: the AI systems and unit that a record concerns. */
export type Concern = { ref?: Ref; ai_systems?: readonly Ref[]; org_unit?: string; process?: Ref };

/** Whether an assignment's scope covers the concern. An assignment for one system covers records of that system alone. */
export function covers(assignment: RecordOf<"role_assignment">, concern: Concern): boolean {
  const scope = assignment.reach;
  if (!scope || scope.kind === "organisation") return true;
  if (scope.kind === "ai_system") {
    const covered = scope.ai_systems ?? [];
    if (concern.ref !== undefined && covered.includes(concern.ref)) return true;
    const concerned = concern.ai_systems ?? [];
    return concerned.length > 0 && concerned.every((system) => covered.includes(system));
  }
  if (scope.kind === "org_unit") return concern.org_unit !== undefined && concern.org_unit === scope.org_unit;
  return concern.process !== undefined && concern.process === scope.process;
}

/** Whether the actor audits from outside: reads for a time, within a reach, and writes no records (domain model, section 2). */
export function isExternalAuditor(actor: Actor): boolean {
  return (
    actor.kind === "person" &&
    (actor.externalAuditor === true ||
      actor.assignments.some((assignment) => assignment.role_key === "external_auditor"))
  );
}

/** The assignment by which the actor holds the role for the concern. */
export function findRole(actor: Actor, role: RoleKey, concern: Concern): RecordOf<"role_assignment"> | undefined {
  return actor.assignments.find((assignment) => assignment.role_key === role && covers(assignment, concern));
}

/** The assignment by which the actor holds the authority, such as `approve release`, for the concern. */
export function findAuthority(
  actor: Actor,
  authority: string,
  concern: Concern,
): RecordOf<"role_assignment"> | undefined {
  return actor.assignments.find(
    (assignment) => (assignment.authorities ?? []).includes(authority as never) && covers(assignment, concern),
  );
}
