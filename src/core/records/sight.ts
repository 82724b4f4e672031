import { findRole, type Actor } from "./actor.ts";
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
 * software gives no sight of it.
 */
export function asSeenBy(actor: Actor, record: AnyRecord): AnyRecord | undefined {
  if (actor.kind === "system") return record;
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
  return actor.kind === "system" || actor.assignments.some((assignment) => assignment.role_key === "concern_handler");
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
