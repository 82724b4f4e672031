import { change } from "#app/change.ts";
import type { Seat, World } from "#app/world.ts";
import { transition, type Request, type Version } from "#core/records/transition.ts";

/** Does the deed and keeps what it makes, without checks: what tests of the store need of a use case. */
export function perform(world: World, seat: Seat, request: Request): Promise<Version[]> {
  return change(world, seat, async (writer, at) => {
    const versions = await transition(writer.source, writer.mint, request, { actor: seat.actor, at });
    await writer.keep(versions);
    return versions;
  });
}

/** A request to invite a person of that name. */
export function inviting(name: string, fields: Readonly<Record<string, unknown>> = {}): Request {
  return { kind: "person", deed: "invite", fields: { full_name: name, employment: "employee", ...fields } };
}
