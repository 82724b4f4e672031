import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openConsistency } from "#core/ledger/consistency.ts";
import { openProofFileWithEntry } from "#core/ledger/proof-file.ts";
import { verifyExport } from "#core/ledger/verify-export.ts";
import { parseInstant } from "#core/basics/time.ts";
import { inviting, perform } from "#storage/deeds.testing.ts";
import { advanceClock, change, foundOrganization } from "./change.ts";
import {
  exportLedger,
  integrate,
  listEntries,
  proveConsistency,
  proveRecord,
  publishCheckpoint,
  publishDue,
  readLedger,
  readLogFile,
  startPublishing,
  verifyLive,
} from "./ledger.ts";
import { openTestWorld, systemSeat } from "./world.testing.ts";
import type { Seat, World } from "./world.ts";

let world: World;
let seat: Seat;
const folder = mkdtempSync(join(tmpdir(), "aims-ledger-"));

beforeAll(async () => {
  world = await openTestWorld();
  seat = systemSeat(
    await foundOrganization(world, {
      name: "Example",
      sample: true,
      clockAt: parseInstant("2026-01-01T00:00:00.000Z"),
    }),
  );
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});

test("an organisation's first entry is its birth, the second its key, and a checkpoint covers both", async () => {
  const entries = await listEntries(world, seat, 0, 10);
  expect(entries.map(({ entry }) => JSON.parse(entry) as object)).toMatchObject([
    { type: "organization", op: "create", rid: seat.organization, rev: 1 },
    { type: "ledger", op: "key", rid: seat.organization, rev: 2, prev: entries[0]?.leafHash },
  ]);
  const checkpoint = await publishCheckpoint(world, seat);
  expect(checkpoint.size).toBe(2);
  expect(checkpoint.note).toContain(`test.example/${seat.organization}/ledger\n2\n`);
});

test("a head that says nothing new is not signed again", async () => {
  const first = await publishCheckpoint(world, seat);
  expect(await publishCheckpoint(world, seat)).toEqual(first);
});

test("a record's proof opens with the key alone, and the export verifies as a whole", async () => {
  for (let count = 0; count < 300; count += 1) await perform(world, seat, inviting(`Person ${count}`));
  const before = await publishCheckpoint(world, seat);
  await perform(world, seat, { kind: "person", ref: "P07", deed: "amend", fields: { job: "Auditor" } });
  const proof = await proveRecord(world, seat, { ref: "P07" });
  const opened = openProofFileWithEntry(proof.file, proof.vkey);
  expect(JSON.parse(Buffer.from(opened.entry).toString())).toMatchObject({ type: "person", rev: 2, deed: "amend" });
  await expect(proveRecord(world, seat, { ref: "P07", rev: 3 })).rejects.toMatchObject({ code: "not-found" });

  const { from, to, hashes } = await proveConsistency(world, seat, before.size, opened.checkpoint.size);
  expect(openConsistency({ first: from, second: to, hashes })).toEqual({
    size: opened.checkpoint.size,
    root: opened.checkpoint.root,
  });

  const place = join(folder, "export");
  const exported = await exportLedger(world, seat, place);
  const vkey = readFileSync(join(place, "log.vkey"), "utf8").trim();
  const readFile = (path: string) =>
    existsSync(join(place, path)) ? new Uint8Array(readFileSync(join(place, path))) : undefined;
  const verified = await verifyExport(readFile, { verifierKeys: [vkey], origin: vkey.split("+")[0] ?? "" });
  expect(verified).toMatchObject({ entries: exported.size, size: 303 });
  for (const path of [
    "checkpoint",
    "tile/0/000",
    "tile/0/001.p/47",
    "tile/1/000.p/1",
    "tile/entries/000",
    "tile/entries/001.p/47",
  ])
    expect(Buffer.from(await readLogFile(world, seat, path)).equals(readFileSync(join(place, path))), path).toBe(true);
  await expect(readLogFile(world, seat, "tile/entries/001.p/48")).rejects.toMatchObject({ code: "not-found" });
  await expect(exportLedger(world, seat, place)).rejects.toMatchObject({ code: "conflict" });
});

test("what is published again and again covers new entries of every organisation, and stops when told", async () => {
  const other = systemSeat(await foundOrganization(world, { name: "Published", sample: false }));
  const faults: unknown[] = [];
  const publishing = startPublishing(world, { everyMs: 10, onFault: (fault) => faults.push(fault) });
  for (let size = 0; size < 2; size = (await readLedger(world, other)).checkpoint?.size ?? 0)
    await new Promise((resolve) => setTimeout(resolve, 10));
  await publishing.stop();
  await perform(world, other, inviting("Late"));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect((await readLedger(world, other)).checkpoint?.size).toBe(2);
  await publishDue(world);
  expect((await readLedger(world, other)).checkpoint?.size).toBe(3);
  expect(faults).toEqual([]);
});

test("a head is signed anew when it is a day old, although nothing was added", async () => {
  const other = systemSeat(
    await foundOrganization(world, { name: "Quiet", sample: true, clockAt: parseInstant("2026-01-01T00:00:00.000Z") }),
  );
  const first = await publishCheckpoint(world, other);
  await advanceClock(world, other, parseInstant("2026-01-01T23:59:00.000Z"));
  expect(await publishCheckpoint(world, other)).toEqual(first);
  await advanceClock(world, other, parseInstant("2026-01-02T00:01:00.000Z"));
  expect(await publishCheckpoint(world, other)).toEqual({ ...first, publishedAt: "2026-01-02T00:01:00.000Z" });
  expect(await verifyLive(world, other)).toMatchObject({ checkpoints: 2, problems: [] });
});

test("a ledger whose private key is gone goes on with a new one, which an entry announces", async () => {
  const other = systemSeat(await foundOrganization(world, { name: "Keyless", sample: false }));
  await publishCheckpoint(world, other);
  rmSync(world.keys.folder, { recursive: true });
  await perform(world, other, inviting("Ada"));
  const { note, size } = await publishCheckpoint(world, other);
  const { keys, origin } = await readLedger(world, other);
  expect(keys.map(({ from, until }) => [from, until])).toEqual([
    [1, 4],
    [3, undefined],
  ]);
  expect(note).toContain(`${origin}\n${size}\n`);
  expect(await verifyLive(world, other)).toMatchObject({ entries: 4, records: 1, checkpoints: 2, problems: [] });
});

test("live verification finds everything in order", async () => {
  await integrate(world, seat);
  const progress: number[] = [];
  const found = await verifyLive(world, seat, (done) => progress.push(done));
  expect(found.problems).toEqual([]);
  expect(found).toMatchObject({ entries: 303, records: 300, erased: 0 });
  expect(progress.at(-1)).toBe(303);
});

test("an erased version is told from a lost one, and everything still verifies", async () => {
  const versions = await perform(world, seat, { kind: "person", ref: "P08", deed: "amend", fields: { job: "Tester" } });
  await change(world, seat, async (writer, at) => {
    const before = versions[0]?.record;
    if (!before) throw new Error("There is a record");
    const record = { ...before, full_name: "Erased", title: "Erased", rev: before.rev + 1, recorded_at: at };
    await writer.keep([{ before, record, deed: "erase", op: "update", erases: { revs: [1, 2], reason: "art17" } }]);
  });
  const { rows } = await change(world, seat, (writer) =>
    sql<{
      rev: number;
      payload: string | null;
    }>`select rev, payload from record_version where ref = 'P08' order by rev`.execute(writer.db),
  );
  expect(rows.map((row) => row.payload === null)).toEqual([true, true, false]);
  await publishCheckpoint(world, seat);
  expect(await verifyLive(world, seat)).toMatchObject({ erased: 2, problems: [] });
});
