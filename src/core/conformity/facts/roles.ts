import type { RoleKey } from "#core/records/actor.ts";
import type { Ref } from "#core/records/field.ts";
import type { RecordOf } from "#core/records/kind.ts";
import type { Today } from "../today.ts";

type Assignment = RecordOf<"role_assignment">;

/** Whether the assignment gives its powers today: accepted, begun, not ended. */
export function isHeldOn(today: Today, assignment: Assignment): boolean {
  if (assignment.state !== "accepted") return false;
  if (assignment.valid_from !== undefined && !today.hasCome(assignment.valid_from)) return false;
  return assignment.valid_to === undefined || !today.isPast(assignment.valid_to);
}

/** Whether the person holds the role today by one of the assignments. */
export function holdsRole(
  person: Ref | undefined,
  role: RoleKey,
  assignments: readonly Assignment[],
  today: Today,
): boolean {
  return (
    person !== undefined &&
    assignments.some(
      (assignment) => assignment.person === person && assignment.role_key === role && isHeldOn(today, assignment),
    )
  );
}

/** Whether the assignment holds for everything, as far as its scope goes. */
export function coversAll(assignment: Assignment): boolean {
  return assignment.reach === undefined || assignment.reach.kind === "organisation";
}

/** Whether the assignment holds for the AI system. */
export function coversSystem(assignment: Assignment, system: Ref): boolean {
  return (
    coversAll(assignment) ||
    (assignment.reach?.kind === "ai_system" && (assignment.reach.ai_systems ?? []).includes(system))
  );
}
