import { join } from "node:path";
import { applyFiles, type TextFile } from "#app/apply.ts";
import { readChecks } from "#app/conformity.ts";
import { initEmpty, initSample, systemSeat } from "#app/found.ts";
import type { World } from "#app/world.ts";
import { manifestFile, writeManifest, writeRecords } from "#core/interchange/record-yaml.ts";
import { kinds, type KindName } from "#core/records/all.ts";
import { fieldsOf } from "#core/records/transition.ts";
import { createDatabase, findPostgres, startPostgres } from "#test/ground/postgres.ts";
import { measure, withGoal, type Bench, type Measurement } from "./harness.ts";
import { openBenchWorld, recordsOf } from "./organisation.ts";

// Bringing many records in at once: parsed, held against their kinds, kept with their ledger entries, checks computed.

const size = 20_000;
const sample = join(import.meta.dirname, "../examples/fjordmark");

export const bench: Bench = {
  title: "Bulk apply",
  async run() {
    const measurements = await onEngine("PGlite");
    if (!findPostgres()) return measurements;
    const server = await startPostgres();
    try {
      measurements.push(...(await onEngine("PostgreSQL", await createDatabase(server.ownerUrl))));
    } finally {
      await server.stop();
    }
    return measurements;
  },
};

async function onEngine(engine: string, url?: string): Promise<Measurement[]> {
  const world = await openBenchWorld(url);
  try {
    const files = exportOf(size);
    const bulk = await measure(
      `${engine}: apply an export of ${size.toLocaleString("en")} records`,
      () => applyNew(world, files),
      { warmUps: 0, runs: 2, items: size },
    );
    const story = await measure(
      `${engine}: found the sample organisation, its story told deed by deed`,
      () => initSample(world, sample),
      { warmUps: 0, runs: 2 },
    );
    return [withGoal(bulk, "5,000 records/s", ({ perSecond }) => (perSecond ?? 0) >= 5000), story];
  } finally {
    await world.close();
  }
}

async function applyNew(world: World, files: readonly TextFile[]): Promise<void> {
  const { id } = await initEmpty(world, { name: "Bulk" });
  await applyFiles(world, systemSeat(id), files);
  await readChecks(world, systemSeat(id));
}

/** Records of simple kinds as an export writes them, each with the one deed that made it. */
function exportOf(count: number): TextFile[] {
  const records = recordsOf(count * 2)
    .filter(({ kind }) => simple.has(kind))
    .slice(0, count);
  const byKind = new Map<KindName, typeof records>();
  for (const record of records) byKind.set(record.kind, [...(byKind.get(record.kind) ?? []), record]);
  const files = [...byKind].flatMap(([kind, own]) => {
    const [deed, { to }] = Object.entries(kinds[kind].deeds).find(([, one]) => one.from === "new") ?? ["", { to: "" }];
    const told = own.map((record) => ({
      kind,
      ref: record.ref,
      history: [
        {
          deed,
          at: record.recorded_at,
          by: "system",
          state: typeof to === "string" ? to : record.state,
          fields: fieldsOf(kinds[kind], record),
        },
      ],
    }));
    return writeRecords(kind, told);
  });
  return [{ path: manifestFile, text: writeManifest({ format: "aims-export@1" }) }, ...files];
}

const simple: ReadonlySet<KindName> = new Set([
  "person",
  "awareness_ack",
  "evidence_item",
  "measurement",
  "task",
  "competence_record",
]);
