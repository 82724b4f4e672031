import { Refusal } from "#core/basics/refusal.ts";
import { dayOf } from "#core/basics/time.ts";
import type { KindName } from "#core/records/all.ts";
import type { Ref } from "#core/records/field.ts";
import { asSeenBy } from "#core/records/sight.ts";
import { openingsOf, type Opening } from "#storage/opening-store.ts";
import { findRecord, historyOf } from "#storage/record-store.ts";
import { actorOf } from "./actor.ts";
import { clockOf, read } from "./change.ts";
import type { Reader, Seat, World } from "./world.ts";

/** Refuses as if there were none, when there is no such record of the kind that the actor may see. @throws {Refusal} `not-found` */
export function demandSight(world: World, seat: Seat, about: { kind: KindName; ref: Ref }): Promise<void> {
  return read(world, seat, async (reader) => void (await sightOf(reader, { world, seat }, about)));
}

/**
 * Salt and payload of each version that the actor may see whole: a payload from which something were
 * taken away would no longer be the one committed to.
 *
 * @throws {Refusal} `not-found`; also for what the actor may not see
 */
export function readOpenings(world: World, seat: Seat, about: { kind: KindName; ref: Ref }): Promise<Opening[]> {
  return read(world, seat, async (reader) => {
    const { actor, seen, record } = await sightOf(reader, { world, seat }, about);
    if (seen !== record) return [];
    const versions = await historyOf(reader, about.ref);
    const whole = new Set(
      versions
        .filter((version) => version.record !== undefined && asSeenBy(actor, version.record) === version.record)
        .map(({ rev }) => rev),
    );
    return (await openingsOf(reader, about.ref)).filter(({ rev }) => whole.has(rev));
  });
}

async function sightOf(
  reader: Reader,
  { world, seat }: { world: World; seat: Seat },
  { kind, ref }: { kind: KindName; ref: Ref },
) {
  const actor = await actorOf(reader, seat, dayOf(await clockOf(world, reader)));
  const record = await findRecord(reader, ref);
  const seen = record && asSeenBy(actor, record);
  if (!record || !seen || record.kind !== kind)
    throw new Refusal(
      "not-found",
      `Cannot find ${ref}: there is no such ${kind.replaceAll("_", " ")}, or you may not see it`,
    );
  return { actor, record, seen };
}
