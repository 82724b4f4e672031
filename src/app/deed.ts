import { dayOf, type Instant } from "#core/basics/time.ts";
import { transition, type Request, type Version } from "#core/records/transition.ts";
import { actorNow } from "./actor.ts";
import { change } from "./change.ts";
import { recompute } from "./conformity.ts";
import type { Seat, World, Writer } from "./world.ts";

/**
 * Does the deed in one transaction: every version it makes, their ledger entries and the checks they
 * touch. The record's own version comes first, then its approval and its effects.
 *
 * @throws {Refusal} as `transition`; `credential-needed` for an approval when the seat carries no proof
 */
export function doDeed(world: World, seat: Seat, request: Request): Promise<Version[]> {
  return doDeeds(world, seat, [request]);
}

/** Does the deeds in order, all or none, in one transaction. @throws {Refusal} of the first that is declined */
export function doDeeds(world: World, seat: Seat, requests: readonly Request[]): Promise<Version[]> {
  return change(world, seat, async (writer, at) => {
    const versions = await makeVersions(writer, seat, requests, at);
    await writer.keep(versions);
    await recompute(writer, versions, dayOf(at));
    return versions;
  });
}

/** The versions that the requests make one after the other; not kept yet. */
async function makeVersions(writer: Writer, seat: Seat, requests: readonly Request[], at: Instant): Promise<Version[]> {
  const versions: Version[] = [];
  let actor = await actorNow(writer, seat, dayOf(at));
  for (const request of requests) {
    const made = await transition(writer.source, writer.mint, request, { actor, at });
    versions.push(...made);
    if (made.some(({ record }) => record.kind === "role_assignment" || record.kind === "person"))
      actor = await actorNow(writer, seat, dayOf(at));
  }
  return versions;
}
