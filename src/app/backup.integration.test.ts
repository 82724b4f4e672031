import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, extract } from "tar";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseInstant } from "#core/basics/time.ts";
import { inviting, perform } from "#storage/deeds.testing.ts";
import { findRecord } from "#storage/record-store.ts";
import { createDatabase } from "#test/ground/postgres.ts";
import { backup, moveTo, restore, type RestoreTarget } from "./backup.ts";
import { foundOrganization, listOrganizations, read } from "./change.ts";
import { publishCheckpoint, readLedger, verifyLive } from "./ledger.ts";
import { drop, openTestWorld, systemSeat, testImages } from "./world.testing.ts";
import { openWorld, type Seat, type World } from "./world.ts";

const folder = mkdtempSync(join(tmpdir(), "aims-backup-"));
const file = join(folder, "backup.tar.gz");
const { DATABASE_URL: serverUrl } = process.env;
const databases: string[] = [];

let world: World;
let seats: Seat[];

beforeAll(async () => {
  world = await openTestWorld();
  seats = [
    systemSeat(
      await foundOrganization(world, {
        name: "Sample",
        sample: true,
        clockAt: parseInstant("2026-01-01T00:00:00.000Z"),
      }),
    ),
    systemSeat(await foundOrganization(world, { name: 'Real "one"', sample: false })),
  ];
  for (const seat of seats)
    for (let count = 0; count < 20; count += 1)
      await perform(world, seat, inviting(`Pérson "${count}"\n`, count > 0 ? { manager: "P01" } : {}));
  await backup(world, file);
});
afterAll(async () => {
  await world.close();
  for (const url of databases) await drop(url);
  rmSync(folder, { recursive: true });
});

/** A new target on the engine that is tested. */
async function newTarget(name: string): Promise<RestoreTarget> {
  const data = join(folder, name);
  if (serverUrl === undefined) return { data, images: testImages };
  const url = await createDatabase(serverUrl);
  databases.push(url);
  return { data, url };
}

async function within<T>(target: RestoreTarget, work: (restored: World) => Promise<T>): Promise<T> {
  const restored = await openWorld(target);
  try {
    return await work(restored);
  } finally {
    await restored.close();
  }
}

/** The backup with one of its files changed. */
async function altered(name: string, alter: (place: string) => void): Promise<string> {
  const place = join(folder, `${name}.files`);
  mkdirSync(place);
  await extract({ file, cwd: place });
  alter(place);
  await create({ gzip: true, file: join(folder, name), cwd: place }, readdirSync(place));
  return join(folder, name);
}

test("what was backed up is restored as it was, with another key from then on", async () => {
  const target = await newTarget("restored");
  expect(await restore(file, target)).toEqual({
    organizations: 2,
    entries: 44,
    rows: expect.any(Number) as number,
    withKeys: false,
  });
  await within(target, async (restored) => {
    expect(await listOrganizations(restored)).toEqual(await listOrganizations(world));
    for (const seat of seats) {
      expect(await read(restored, seat, (reader) => findRecord(reader, "P07"))).toEqual(
        await read(world, seat, (reader) => findRecord(reader, "P07")),
      );
      expect((await perform(restored, seat, inviting("New")))[0]?.record.ref).toBe("P21");
      await publishCheckpoint(restored, seat);
      expect((await readLedger(restored, seat)).keys.length).toBe(2);
      expect(await verifyLive(restored, seat)).toMatchObject({ entries: 24, problems: [] });
    }
  });
});

test("private keys travel only when asked, and stay readable by their owner alone", async () => {
  const withKeys = join(folder, "with-keys.tar.gz");
  expect(await backup(world, withKeys, { withKeys: true })).toMatchObject({ withKeys: true });
  expect(statSync(withKeys).mode & 0o077).toBe(0);
  const target = await newTarget("with-keys");
  await restore(withKeys, target);
  const keys = join(target.data, "keys");
  expect(readdirSync(keys).length).toBe(2);
  for (const name of readdirSync(keys)) expect(statSync(join(keys, name)).mode & 0o077).toBe(0);
  await within(target, async (restored) => {
    for (const seat of seats) {
      await perform(restored, seat, inviting("New"));
      await publishCheckpoint(restored, seat);
      expect((await readLedger(restored, seat)).keys.length).toBe(1);
    }
  });
});

test("a target that holds something is refused and left as it is", async () => {
  await expect(backup(world, file)).rejects.toMatchObject({ code: "conflict" });
  const target = await newTarget("taken");
  await restore(file, target);
  await expect(restore(file, target)).rejects.toMatchObject({ code: "conflict" });
  await expect(restore(join(folder, "nowhere"), target)).rejects.toMatchObject({ code: "not-found" });
});

// Four databases are opened here, one after the other.
test("a backup that was altered or cut is refused, and nothing of it stays", { timeout: 120_000 }, async () => {
  const organization = seats[1]?.organization ?? "";
  const cut = join(folder, "cut.tar.gz");
  writeFileSync(cut, readFileSync(file).subarray(0, 2_000));
  const changedRow = await altered("changed-row.tar.gz", (place) => {
    const path = join(place, organization, "record.ndjson");
    writeFileSync(path, readFileSync(path, "utf8").replace("P07", "P77"));
  });
  // The manifest agrees with the rows here, so that only the ledger can tell.
  const changedBoth = await altered("changed-both.tar.gz", (place) => {
    const path = join(place, organization, "record_link.ndjson");
    const lines = readFileSync(path, "utf8").split("\n");
    writeFileSync(path, lines.slice(1).join("\n"));
    const manifest = JSON.parse(readFileSync(join(place, "manifest.json"), "utf8")) as {
      organizations: { id: string; tables: Record<string, { rows: number; sha256: string }> }[];
    };
    const dumped = manifest.organizations.find(({ id }) => id === organization)?.tables;
    if (dumped) dumped["record_link"] = { rows: lines.length - 2, sha256: sha256Of(readFileSync(path)) };
    writeFileSync(join(place, "manifest.json"), JSON.stringify(manifest));
  });
  const missing = await altered("missing.tar.gz", (place) => rmSync(join(place, organization, "record.ndjson")));
  const odd = await altered("odd.tar.gz", (place) => appendFileSync(join(place, "manifest.json"), "x"));
  const older = await altered("older.tar.gz", (place) => {
    const path = join(place, "manifest.json");
    writeFileSync(path, readFileSync(path, "utf8").replace("001-records", "001-others"));
  });
  const codes: [string, string][] = [
    [cut, "malformed"],
    [changedRow, "malformed"],
    [changedBoth, "proof-rejected"],
    [missing, "malformed"],
    [odd, "malformed"],
    [older, "incompatible"],
  ];
  const target = await newTarget("refused");
  for (const [path, code] of codes) {
    await expect(restore(path, target), path).rejects.toMatchObject({ code });
    expect(readdirSync(folder).filter((name) => name.includes(".draft-"))).toEqual([]);
    if (target.url === undefined) expect(existsSync(target.data)).toBe(false);
  }
  await restore(file, target);
});

if (serverUrl !== undefined) {
  test("an embedded database moves to a server in one step, and its folder says so from then on", async () => {
    const data = join(folder, "moving");
    const url = await createDatabase(serverUrl);
    databases.push(url);
    const embedded = await openWorld({ data, images: testImages });
    const seat = systemSeat(await foundOrganization(embedded, { name: "Mover", sample: false }));
    await perform(embedded, seat, inviting("Ada"));
    await moveTo(embedded, { data, url });
    await embedded.close();
    await expect(openWorld({ data, images: testImages })).rejects.toMatchObject({ code: "conflict" });
    await within({ data, url }, async (moved) => {
      await perform(moved, seat, inviting("Bo"));
      await publishCheckpoint(moved, seat);
      expect((await readLedger(moved, seat)).keys.length).toBe(1);
      expect(await verifyLive(moved, seat)).toMatchObject({ entries: 4, records: 2, problems: [] });
    });
  });
}

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
