import { readFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { change, foundOrganization, read } from "#app/change.ts";
import { exportLedger, integrate, proveRecord, publishCheckpoint, verifyLive } from "#app/ledger.ts";
import { systemSeat, testImages } from "#app/world.testing.ts";
import { openWorld, type Seat, type World } from "#app/world.ts";
import { verifyExport } from "#core/ledger/verify-export.ts";
import { kinds } from "#core/records/all.ts";
import { contentHash, type Version } from "#core/records/transition.ts";
import { dayOf, type Instant } from "#core/basics/time.ts";
import { platformPrimitives } from "#storage/sha256.ts";
import { createDatabase, findPostgres, startPostgres } from "#test/ground/postgres.ts";
import { findRecord } from "#storage/record-store.ts";
import { measure, withGoal, type Bench, type Measurement } from "./harness.ts";

// Records with their entries in bulk, then everything that is done with a ledger of 100,000 of them.

const entries = Number(process.env["AIMS_BENCH_ENTRIES"] ?? 100_000);
const atOnce = 1_000;

export const bench: Bench = {
  title: `A ledger of ${entries.toLocaleString("en")} entries`,
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
  const folder = mkdtempSync(join(tmpdir(), "aims-bench-"));
  const world = await openWorld({
    data: join(folder, "data"),
    images: testImages,
    ...(url === undefined ? {} : { url }),
  });
  try {
    const seat = systemSeat(await foundOrganization(world, { name: "Bench", sample: false }));
    return await measureLedger(world, seat, { engine, place: join(folder, "export") });
  } finally {
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureLedger(
  world: World,
  seat: Seat,
  { engine, place }: { engine: string; place: string },
): Promise<Measurement[]> {
  const once = { warmUps: 0, runs: 1, items: entries };
  const measurements: Measurement[] = [];
  let next = 0;
  const keepMore = () =>
    change(world, seat, (writer, at) =>
      writer.keep(Array.from({ length: atOnce }, () => newRisk(next++, writer.mint.id(), at))),
    );
  const kept = await measure(`${engine}: records kept with their entries, ${atOnce} a transaction`, keepMore, {
    warmUps: 1,
    runs: entries / atOnce - 1,
    items: atOnce,
  });
  measurements.push(withGoal(kept, "5,000/s", ({ perSecond }) => (perSecond ?? 0) >= 5_000));
  await world.database.maintain();
  measurements.push(await measure(`${engine}: entries put into the tree`, () => integrate(world, seat), once));
  const { size } = await publishCheckpoint(world, seat);
  const proof = await measure(
    `${engine}: a proof`,
    () => proveRecord(world, seat, { ref: refOf(Math.floor(Math.random() * entries)) }),
    { runs: 100 },
  );
  measurements.push(withGoal(proof, "< 5 ms", ({ medianMs }) => medianMs < 5));
  measurements.push(
    await measure(
      `${engine}: a record read`,
      () => read(world, seat, (reader) => findRecord(reader, refOf(Math.floor(Math.random() * entries)))),
      { runs: 100 },
    ),
  );
  measurements.push(
    await measure(`${engine}: everything verified, records included`, () => verifyLive(world, seat), once),
  );
  measurements.push(await measure(`${engine}: exported`, () => exportLedger(world, seat, place), once));
  measurements.push(await offline(place, size));
  rmSync(place, { recursive: true });
  return measurements;
}

async function offline(place: string, size: number): Promise<Measurement> {
  const vkey = readFileSync(join(place, "log.vkey"), "utf8").trim();
  const trust = { verifierKeys: [vkey], origin: vkey.split("+")[0] ?? "" };
  const readFile = (path: string) =>
    existsSync(join(place, path)) ? new Uint8Array(readFileSync(join(place, path))) : undefined;
  const measured = await measure(
    "the export verified offline",
    () => verifyExport(readFile, trust, { using: platformPrimitives }),
    { warmUps: 1, runs: 3, items: size },
  );
  return withGoal(measured, "100,000/s", ({ perSecond }) => (perSecond ?? 0) >= 100_000);
}

function refOf(number: number): string {
  return `RSK-${String(number).padStart(6, "0")}`;
}

function newRisk(number: number, id: string, at: Instant): Version {
  const fields = {
    title: `Risk ${number}`,
    summary:
      "The model may judge people of one region by data of another, and nobody may notice before the first complaints. ".repeat(
        3,
      ),
    owner: "P01",
    next_review_on: "2027-05-01",
    ai_systems: [`SYS-${number % 100}`],
  };
  const record = {
    ...fields,
    kind: "risk",
    ref: refOf(number),
    id,
    state: "identified",
    rev: 1,
    content_hash: contentHash(kinds.risk, fields),
    created_at: at,
    recorded_at: at,
    state_since: dayOf(at),
  };
  // A risk as its first deed leaves it; the deed's rules are measured elsewhere.
  return { before: undefined, record: record as Version["record"], deed: "identify", op: "create" };
}
