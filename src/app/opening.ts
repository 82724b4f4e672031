import { Refusal } from "#core/basics/refusal.ts";
import { dayOf } from "#core/basics/time.ts";
import type { KindName } from "#core/records/all.ts";
import type { Ref } from "#core/records/field.ts";
import { asSeenBy } from "#core/records/sight.ts";
import { openingsOf, type Opening } from "#storage/opening-store.ts";
import { findRecord, historyOf } from "#storage/record-store.ts";
import { actorOf } from "./actor.ts";
import { clockOf, read } from "./change.ts";
import { noteShown } from "./sight.ts";
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
export async function readOpenings(world: World, seat: Seat, about: { kind: KindName; ref: Ref }): Promise<Opening[]> {
  const { openings, shown } = await read(world, seat, async (reader) => {
    const { actor, seen, record } = await sightOf(reader, { world, seat }, about);
    if (seen !== record) return { openings: [], shown: [] };
    const versions = await historyOf(reader, about.ref);
    const whole = versions
      .map((version) => version.record)
      .filter((version) => version !== undefined && asSeenBy(actor, version) === version)
      .filter((version) => version !== undefined);
    const revs = new Set(whole.map(({ rev }) => rev));
    return { openings: (await openingsOf(reader, about.ref)).filter(({ rev }) => revs.has(rev)), shown: whole };
  });
  await noteShown(world, seat, shown);
  return openings;
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
