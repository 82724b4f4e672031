import { findRole, isExternalAuditor, type Actor } from "./actor.ts";
import { kinds } from "./all.ts";
import { concernOf } from "./deed.ts";
import { envelope } from "./envelope.ts";
import { metaOf, type Ref } from "./field.ts";
import { linksOf, type AnyRecord } from "./kind.ts";

/** Person fields by which a record names those who handle it, not those whom it is about. */
const handling: ReadonlySet<string> = new Set(["handler", "escalated_to"]);

/** Whether the record is for its handlers alone. A kind that is sealed stays so until a handler grades the record otherwise. */
export function isSealed(record: AnyRecord): boolean {
  return (
    record.confidentiality === "sealed" || (kinds[record.kind].sealed === true && record.confidentiality === undefined)
  );
}

/**
 * The record as the actor may see it; nothing when they may not know it. A sealed record is for
 * concern handlers whom it does not name and who do not own the system concerned (INV-22). Who
 * reported is for handlers alone, also when the record is no longer sealed (INV-23). Running the
 * software gives no sight of it. An external auditor sees what their assignments reach, nothing
 * sealed, and of people no more than the name (INV-34).
 */
export function asSeenBy(actor: Actor, record: AnyRecord): AnyRecord | undefined {
  if (actor.kind === "system") return record;
  if (isExternalAuditor(actor)) return asSeenFromOutside(actor, record);
  if (isHandler(actor, record)) return record;
  if (isSealed(record)) return undefined;
  return kinds[record.kind].sealed === true ? withoutReporter(record) : record;
}

/** Whether the actor may read the record at all. */
export function maySee(actor: Actor, record: AnyRecord): boolean {
  return asSeenBy(actor, record) !== undefined;
}

/** Whether the actor may see any record of a sealed kind; a list need not look when not. */
export function handlesConcerns(actor: Actor): boolean {
  return (
    actor.kind === "system" ||
    (!isExternalAuditor(actor) && actor.assignments.some((assignment) => assignment.role_key === "concern_handler"))
  );
}

function asSeenFromOutside(actor: Actor, record: AnyRecord): AnyRecord | undefined {
  if (isSealed(record)) return undefined;
  const isOwn =
    actor.person !== undefined &&
    (record.ref === actor.person || (record.kind === "role_assignment" && record["person"] === actor.person));
  if (!isOwn && !actor.assignments.some((assignment) => reaches(assignment, record))) return undefined;
  return withoutPersonal(kinds[record.kind].sealed === true ? withoutReporter(record) : record);
}

/** Whether the assignment lets an external auditor read the record: one of its systems, or of the management system itself. */
function reaches({ role_key, reach }: Actor["assignments"][number], record: AnyRecord): boolean {
  if (role_key !== "external_auditor") return false;
  if (!reach || reach.kind === "organisation") return true;
  const concerned = record.kind === "ai_system" ? [record.ref] : (concernOf(record).ai_systems ?? []);
  if (reach.kind === "org_unit") return record.org_unit === undefined || record.org_unit === reach.org_unit;
  return concerned.length === 0 || concerned.some((system) => (reach.ai_systems ?? []).includes(system));
}

function withoutPersonal(record: AnyRecord): AnyRecord {
  const fields = kinds[record.kind].fields;
  const isShown = (name: string) => {
    const schema = fields[name];
    return name === "full_name" || schema === undefined || metaOf(schema)?.personal !== true;
  };
  // The same object says that nothing was taken away.
  if (Object.keys(record).every(isShown)) return record;
  return Object.fromEntries(Object.entries(record).filter(([name]) => isShown(name))) as AnyRecord;
}

function isHandler(actor: Actor, record: AnyRecord): boolean {
  const concern = concernOf(record);
  if (!findRole(actor, "concern_handler", concern)) return false;
  if (actor.person !== undefined && namedIn(record).includes(actor.person)) return false;
  const ownsSystem = actor.assignments.some(
    (assignment) =>
      assignment.role_key === "ai_system_owner" &&
      (assignment.reach?.ai_systems ?? []).some((system) => concern.ai_systems?.includes(system)),
  );
  return !ownsSystem;
}

/** People whom the record is about or from. Those who look after it are named in fields of the envelope or of handling. */
function namedIn(record: AnyRecord): Ref[] {
  const kind = kinds[record.kind];
  return linksOf(kind, record)
    .filter(({ field }) => {
      const head = field.split(".")[0] ?? "";
      return !Object.hasOwn(envelope, head) && !handling.has(head);
    })
    .map(({ to }) => to);
}

function withoutReporter(record: AnyRecord): AnyRecord {
  const { created_by: author, recorded_by: _, ...rest } = record;
  const fields = kinds[record.kind].fields;
  const shown = Object.entries(rest).filter(([name, value]) => {
    const schema = fields[name];
    if (name === "reporter" || (schema && metaOf(schema).personal === true)) return false;
    return !(name === "owner" && value === author);
  });
  // What is taken away is optional in every record.
  return Object.fromEntries(shown) as AnyRecord;
}
