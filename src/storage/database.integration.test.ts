import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import { afterAll, expect, test } from "vitest";
import { listOrganizations, read } from "#app/change.ts";
import { publishCheckpoint, verifyLive } from "#app/ledger.ts";
import { testImages } from "#app/world.testing.ts";
import { openWorld } from "#app/world.ts";
import { createDatabase, dropDatabase } from "#test/ground/postgres.ts";
import { openDatabase } from "./database.ts";
import { migrate, readMigrations, type Migration, type OwnerSession } from "./migrate.ts";

const folder = mkdtempSync(join(tmpdir(), "aims-database-"));
afterAll(() => rmSync(folder, { recursive: true }));

const { DATABASE_URL: serverUrl } = process.env;

/** An empty database as its owner sees it, on the engine that is tested. */
async function withOwner(work: (owner: OwnerSession) => Promise<void>): Promise<void> {
  if (serverUrl === undefined) {
    const pglite = await PGlite.create();
    await work({
      run: async (text) => void (await pglite.exec(text)),
      rows: async <Row>(text: string, parameters: readonly unknown[] = []) =>
        (await pglite.query<Row>(text, [...parameters])).rows,
    });
    await pglite.close();
    return;
  }
  const url = await createDatabase(serverUrl);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await work({
    run: async (text) => void (await client.query(text)),
    rows: async <Row>(text: string, parameters: readonly unknown[] = []) =>
      (await client.query(text, [...parameters])).rows as Row[],
  });
  await client.end();
  await dropDatabase(url);
}

test("migrations run once, in order; a failed, changed, missing or unknown one is refused and nothing of it stays", async () => {
  const first: Migration = { name: "001-first", text: "create table first (a integer)", hash: "1" };
  const second: Migration = {
    name: "002-second",
    text: "create table second (a integer); insert into second values (1), (2)",
    hash: "2",
  };
  const broken: Migration = {
    name: "003-broken",
    text: "create table third (a integer); insert into nowhere values (1)",
    hash: "3",
  };
  await withOwner(async (owner) => {
    await migrate(owner, [first]);
    await migrate(owner, [first, second]);
    await migrate(owner, [first, second]);
    expect(await owner.rows("select count(*)::integer as count from second")).toEqual([{ count: 2 }]);
    await expect(migrate(owner, [first, second, broken])).rejects.toMatchObject({
      code: "incompatible",
      message: expect.stringMatching(
        /^Cannot migrate database: migration "003-broken" failed and was undone: .*nowhere/,
      ) as string,
    });
    expect(await owner.rows("select to_regclass('third') as place")).toEqual([{ place: null }]);
    expect(await owner.rows("select name from schema_migration order by 1")).toEqual([
      { name: "001-first" },
      { name: "002-second" },
    ]);
    await expect(migrate(owner, [first])).rejects.toMatchObject({
      code: "incompatible",
      message: 'Cannot open database: it is newer than this software: migration "002-second" is unknown here',
    });
    await expect(migrate(owner, [first, { ...second, hash: "9" }])).rejects.toMatchObject({
      code: "incompatible",
      message: 'Cannot open database: migration "002-second" has changed since it ran',
    });
    await expect(migrate(owner, [{ ...first, name: "000-zeroth" }, first, second])).rejects.toMatchObject({
      code: "incompatible",
    });
  });
});

test("migrations of this software have names in order, each number once", () => {
  const numbers = readMigrations().map(({ name }) => name.slice(0, 3));
  expect(numbers).toEqual([...new Set(numbers)].sort());
});

if (serverUrl !== undefined) {
  test("a server that cannot be reached, and a role that nothing binds, are refused", async () => {
    await expect(openDatabase({ url: "postgres://nobody@127.0.0.1:1/none" })).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/^Cannot reach database at "127.0.0.1:1": /) as string,
    });
    const superuser = new URL(serverUrl);
    superuser.username = "postgres";
    const url = await createDatabase(superuser.href);
    await expect(openDatabase({ url, ownerUrl: url })).rejects.toMatchObject({ code: "not-permitted" });
    await dropDatabase(url);
  });

  test("whoever may not migrate is told to start with the owner's address", async () => {
    const { APP_DATABASE_URL: appUrl } = process.env;
    if (appUrl === undefined) return;
    const ownerUrl = await createDatabase(serverUrl);
    const url = new URL(appUrl);
    url.pathname = new URL(ownerUrl).pathname;
    const migrated = await openDatabase({ url: url.href, ownerUrl });
    await migrated.close();
    const again = await openDatabase({ url: url.href });
    expect(again.engine).toBe("postgres");
    await again.close();
  });
} else {
  test("a database of a newer software is refused, and the folder is free again", async () => {
    const data = join(folder, "newer");
    await (await openDatabase({ data, images: testImages })).close();
    const pglite = await PGlite.create({ dataDir: join(data, "database") });
    await pglite.exec("insert into schema_migration (name, hash) values ('999-future', '')");
    await pglite.close();
    for (let attempt = 0; attempt < 2; attempt += 1)
      await expect(openDatabase({ data, images: testImages })).rejects.toMatchObject({
        code: "incompatible",
        message: expect.stringContaining('"999-future" is unknown here') as string,
      });
  });

  test("what a creation that was cut short left behind is made anew", async () => {
    const data = join(folder, "cut");
    await (await openDatabase({ data, images: testImages })).close();
    rmSync(join(data, "database"), { recursive: true });
    mkdirSync(join(data, "database.new"));
    writeFileSync(join(data, "database.new", "PG_VERSION"), "18");
    const database = await openDatabase({ data, images: testImages });
    expect(readdirSync(data).sort()).toEqual(["database", "lock"]);
    await database.close();
    expect(existsSync(join(data, "lock"))).toBe(false);
  });

  test("a second process is refused by the name of the first, and a dead one holds nothing", async () => {
    const data = join(folder, "held");
    const holder = keepWriting(data, 0);
    await holder.says("open");
    await expect(openDatabase({ data, images: testImages })).rejects.toMatchObject({
      code: "conflict",
      message: `Cannot open data folder "${data}": process ${holder.child.pid} on ${hostname()} has it open`,
    });
    await holder.kill();
    await (await openDatabase({ data, images: testImages })).close();
  });

  test("a folder that a process on another host keeps alive is refused, and taken over once its heart stands still", async () => {
    const data = join(folder, "shared");
    const database = await openDatabase({ data, images: testImages });
    await expect(openDatabase({ data, images: testImages })).rejects.toMatchObject({ code: "conflict" });
    await database.close();
    writeFileSync(join(data, "lock"), JSON.stringify({ pid: 7, host: "elsewhere", mark: "m" }));
    await expect(openDatabase({ data, images: testImages })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("process 7 on elsewhere") as string,
    });
    utimesSync(join(data, "lock"), new Date(Date.now() - 60_000), new Date(Date.now() - 60_000));
    await (await openDatabase({ data, images: testImages })).close();
  });

  for (const [size, says] of [
    [1, "one deed a change"],
    [200, "200 records a change, as an apply does"],
  ] as const)
    test(
      `kill -9 amid writing loses nothing that was acknowledged, and the ledger verifies (${says})`,
      { timeout: 120_000 },
      async () => {
        const data = join(folder, `killed-${size}`);
        for (let round = 1; round <= 3; round += 1) {
          const writer = keepWriting(data, size);
          await writer.says("open");
          const before = await writer.counts(2 + round);
          await writer.kill();
          const acknowledged = Math.max(before, writer.newest());
          const world = await openWorld({ data, images: testImages });
          const [organization] = await listOrganizations(world);
          if (!organization) throw new Error("The organisation was acknowledged");
          const seat = { organization: organization.id };
          const kept = await read(world, seat, (reader) => reader.db.selectFrom("record").select("ref").execute());
          const earlier = keptBefore.get(data) ?? 0;
          expect(kept.length - earlier).toBeGreaterThanOrEqual(acknowledged);
          // A change is kept whole or not at all; one more than was acknowledged may have been.
          expect((kept.length - earlier) % size).toBe(0);
          expect(kept.length - earlier).toBeLessThanOrEqual(acknowledged + size);
          keptBefore.set(data, kept.length);
          await publishCheckpoint(world, seat);
          expect(await verifyLive(world, seat)).toMatchObject({ entries: kept.length + 2, problems: [] });
          await world.close();
        }
      },
    );
}

const keptBefore = new Map<string, number>();

/** A process that writes to the folder until it is killed. */
function keepWriting(
  data: string,
  size: number,
): {
  child: ChildProcess;
  says(text: string): Promise<void>;
  counts(changes: number): Promise<number>;
  newest(): number;
  kill(): Promise<void>;
} {
  const child = spawn(process.execPath, [join(import.meta.dirname, "keep-writing.testing.ts"), data, String(size)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said: string[] = [];
  let heard: () => void = () => undefined;
  let rest = "";
  child.stdout.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    said = said.concat(lines);
    heard();
  });
  const until = async (condition: () => boolean) => {
    while (!condition()) {
      if (child.exitCode !== null) throw new Error(`The writing process ended with ${child.exitCode}`);
      await new Promise<void>((resolve) => {
        heard = resolve;
        child.once("exit", () => resolve());
      });
    }
  };
  const newest = () => Number(said.filter((line) => /^\d+$/.test(line)).at(-1) ?? 0);
  return {
    child,
    newest,
    says: (text) => until(() => said.includes(text)),
    async counts(changes) {
      await until(() => newest() >= changes * size);
      return newest();
    },
    kill: () =>
      new Promise((resolve) => {
        child.once("close", () => resolve());
        child.kill("SIGKILL");
      }),
  };
}
