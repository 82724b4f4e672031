import { kinds } from "#core/records/all.ts";
import type { AnyRecord } from "#core/records/kind.ts";
import { noteSights } from "#storage/sight-store.ts";
import { clockOf, read } from "./change.ts";
import type { Seat, World } from "./world.ts";

/** Whether the record, as it is about to be shown, tells who reported it. */
export function tellsReporter(record: AnyRecord): boolean {
  return kinds[record.kind].sealed === true && (record["reporter"] !== undefined || record.created_by !== undefined);
}

/**
 * Notes that the actor is shown who reported (INV-23). It comes before the answer: what cannot be
 * noted is not shown.
 */
export async function noteShown(world: World, seat: Seat, shown: readonly AnyRecord[]): Promise<void> {
  const { person } = seat.actor;
  const telling = shown.filter(tellsReporter).map(({ id, rev }) => ({ id, rev }));
  if (person === undefined || telling.length === 0) return;
  const at = await read(world, seat, (reader) => clockOf(world, reader));
  await noteSights(world.database, seat.organization, { person, at, shown: telling });
}
