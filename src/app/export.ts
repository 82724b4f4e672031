import { toBase64 } from "#core/basics/bytes.ts";
import { dayOf, type Day } from "#core/basics/time.ts";
import { manifestFile, writeManifest, writeRecords } from "#core/interchange/record-yaml.ts";
import { kinds, type KindName } from "#core/records/all.ts";
import type { Ref } from "#core/records/field.ts";
import type { AnyRecord } from "#core/records/kind.ts";
import { stepsOf, type Recorded, type RecordedRecord } from "#core/records/recorded.ts";
import { asSeenBy } from "#core/records/sight.ts";
import { versionsOf } from "#storage/record-store.ts";
import { actorOf } from "./actor.ts";
import { clockOf, listOrganizations, read } from "./change.ts";
import { integrate } from "./ledger.ts";
import type { TextFile } from "./record-folder.ts";
import { noteShown, tellsReporter } from "./sight.ts";
import type { Reader, Seat, World } from "./world.ts";

/** Every record with its history, by kind; the versions that tell who reported a concern; references of those that the actor may not see whole. */
export type Gathered = {
  byKind: Map<KindName, RecordedRecord[]>;
  withheld: Ref[];
  versions: number;
  telling: AnyRecord[];
};

/** Every version of every record that the actor may see, as files that `applyFiles` takes; `aims.yaml` is the manifest and comes first. */
export async function* exportRecords(world: World, seat: Seat): AsyncGenerator<TextFile> {
  const organization = (await listOrganizations(world)).find(({ id }) => id === seat.organization);
  const { gathered, at } = await read(world, seat, async (reader) => {
    const now = await clockOf(world, reader);
    return { gathered: await gather(reader, seat, dayOf(now)), at: now };
  });
  await noteShown(world, seat, gathered.telling);
  const tree = await integrate(world, seat);
  yield {
    path: manifestFile,
    text: writeManifest({
      format: "aims-export@1",
      organization: { name: organization?.name ?? "", ...(organization?.sample === true ? { sample: true } : {}) },
      exported_at: at,
      ledger: { size: tree.size, root: toBase64(tree.root) },
      records: [...gathered.byKind.values()].reduce((sum, records) => sum + records.length, 0),
      ...(gathered.withheld.length === 0 ? {} : { withheld: gathered.withheld }),
    }),
  };
  for (const kind of [...gathered.byKind.keys()].sort()) yield* writeRecords(kind, gathered.byKind.get(kind) ?? []);
}

/** The organisation's records with their histories, as far as the actor may see them. */
export async function gather(reader: Reader, seat: Seat, day: Day): Promise<Gathered> {
  const actor = await actorOf(reader, seat, day);
  const histories = new Map<Ref, { kind: KindName; versions: Recorded[] }>();
  let versions = 0;
  for await (const batch of versionsOf(reader)) {
    for (const { kind, ref, record, deed, because, doneAt, recordedAt } of batch) {
      // Of a version that was erased under a recorded decision there is nothing left to tell.
      if (!record) continue;
      let entry = histories.get(ref);
      if (!entry) histories.set(ref, (entry = { kind, versions: [] }));
      entry.versions.push({ deed, at: doneAt ?? recordedAt, record, ...(because === undefined ? {} : { because }) });
      versions += 1;
    }
  }
  const byKind = new Map<KindName, RecordedRecord[]>();
  const withheld: Ref[] = [];
  const telling: AnyRecord[] = [];
  for (const [ref, { kind, versions: told }] of histories) {
    const present = told.at(-1)?.record;
    if (present && asSeenBy(actor, present) !== present) {
      withheld.push(ref);
      continue;
    }
    const records = byKind.get(kind) ?? [];
    telling.push(...told.map(({ record }) => record).filter(tellsReporter));
    records.push({ kind, ref, history: stepsOf(kinds[kind], told) });
    byKind.set(kind, records);
  }
  return { byKind, withheld: withheld.sort(), versions, telling };
}
