import type { Day } from "#core/basics/time.ts";
import type { Actor } from "#core/records/actor.ts";
import type { Ref } from "#core/records/field.ts";
import { back, type Follow } from "#core/records/follow.ts";
import type { AnyRecord, RecordOf } from "#core/records/kind.ts";
import { isHeld } from "#core/records/story.ts";
import type { Source } from "#core/records/transition.ts";
import { findRecord, loadAround } from "#storage/record-store.ts";
import type { Reader, Seat, Writer } from "./world.ts";

const held = { held: back("role_assignment", "person") } satisfies Follow;

/** The seat's actor with the roles that they hold on the day, as far as this change has come. */
export async function actorNow(writer: Writer, seat: Seat, day: Day): Promise<Actor> {
  return assemble(writer.source, seat.actor, day);
}

/** The seat's actor with the roles that they hold on the day, as the database has them. */
export async function actorOf(reader: Reader, seat: Seat, day: Day): Promise<Actor> {
  const find = (ref: Ref) => findRecord(reader, ref);
  const around = (record: AnyRecord, paths: Follow) => loadAround(reader, [record], [paths]);
  return assemble({ find, around }, seat.actor, day);
}

/** Roles come from accepted assignments, whatever the seat brought along; machines hold none. */
async function assemble(source: Pick<Source, "find" | "around">, actor: Actor, day: Day): Promise<Actor> {
  if (actor.kind !== "person" || actor.person === undefined) return actor;
  const person = await source.find(actor.person);
  if (!person || person.state === "suspended" || person.state === "left") return { ...actor, assignments: [] };
  const records = await source.around(person, held);
  const assignments = records
    .pointing("role_assignment", "person", person.ref)
    .map((ref) => records.find(ref))
    .filter(
      (record): record is RecordOf<"role_assignment"> =>
        record?.kind === "role_assignment" && isHeld(record as RecordOf<"role_assignment">, day),
    );
  return {
    ...actor,
    assignments,
    ...(person["is_external_auditor"] === true ? { externalAuditor: true as const } : {}),
  };
}
