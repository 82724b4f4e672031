import type { RecordOf } from "#core/records/kind.ts";
import type { Today } from "../today.ts";
import { coversAll } from "./roles.ts";

type Assignment = RecordOf<"role_assignment">;
type Requirement = RecordOf<"competence_requirement">;
type Competence = RecordOf<"competence_record">;

/** Whether the requirement is asked of whoever holds the assignment: by role, by duty, for the systems it names. */
export function isAskedOf(requirement: Requirement, assignment: Assignment): boolean {
  const roles = requirement.role_keys ?? [];
  // A requirement for a task alone is asked of nobody by their role.
  if (requirement.state !== "in_force" || (roles.length === 0 && requirement.duty_area === undefined)) return false;
  if (roles.length > 0 && !roles.some((role) => role === assignment.role_key)) return false;
  if (requirement.duty_area !== undefined && !(assignment.duty_areas ?? []).includes(requirement.duty_area))
    return false;
  const systems = requirement.ai_systems ?? [];
  const reach = assignment.reach;
  if (systems.length === 0 || coversAll(assignment)) return true;
  return reach?.kind === "ai_system" && systems.some((system) => (reach.ai_systems ?? []).includes(system));
}

/** Whether the role is one of the AIMS or touches an AI system; plain membership and outside auditors are not. */
export const needsCompetence = (assignment: Assignment): boolean =>
  assignment.role_key !== "external_auditor" &&
  (assignment.role_key !== "employee" || (assignment.duty_areas ?? []).length > 0);

/** Whether the record shows the level today. */
export function showsLevel(record: Competence, level: number, today: Today): boolean {
  if (record.state !== "valid" && record.state !== "expiring") return false;
  if ((record.assessed_level ?? 0) < level) return false;
  return record.valid_until === undefined || !today.isPast(record.valid_until);
}

/** Why the holder does not meet the requirement, or nothing: a gap whose action is still within its date is no failure. */
export function whyNotMet(
  requirement: Requirement,
  records: readonly Competence[],
  today: Today,
): { because: string; record?: string } | undefined {
  const own = records.filter(
    (record) => record.requirement === requirement.ref && !["draft", "superseded", "withdrawn"].includes(record.state),
  );
  if (own.some((record) => showsLevel(record, requirement.level ?? 1, today))) return undefined;
  const isUnderWay = ({ gap_action: action }: Competence) =>
    action !== undefined && action.done_on === undefined && !today.isPast(action.due);
  if (own.some(isUnderWay)) return undefined;
  const record = own.at(-1);
  if (record === undefined) return { because: `there is no competence record for ${requirement.ref}` };
  return { because: `${record.ref} for ${requirement.ref} ${whatIsWrong(record)}`, record: record.ref };
}

function whatIsWrong(record: Competence): string {
  const action = record.gap_action;
  const expired = record.valid_until !== undefined && record.state !== "gap";
  const what = expired ? `was valid until ${record.valid_until}` : `shows level ${record.assessed_level ?? 0}`;
  return action === undefined || action.done_on !== undefined
    ? `${what}, and no action is planned`
    : `${what}, and its action was due on ${action.due}`;
}
