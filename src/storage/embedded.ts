import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { Kysely, PGliteDialect } from "kysely";
import type { Database } from "./database.ts";
import { lockFolder } from "./folder-lock.ts";
import { grantTo, migrate, readMigrations, type OwnerSession } from "./migrate.ts";
import type { Tables } from "./tables.ts";

/** The embedded engine's application role: it owns nothing, and row-level security binds it. */
const application = "aims_app";

// The defaults, without the switch that turns fsync off; and no 16 MB of zeros for each new segment of the log.
const startParams = [...PGlite.defaultStartParams.filter((parameter) => parameter !== "-F"), "-c", "wal_init_zero=off"];

const maintainEveryMs = 60 * 60_000;
const segmentsBeforeCheckpoint = 8;

/** Opens the database in `folder`, creating it there when it is not. Without a folder it lives in memory, for tests. */
export async function openEmbedded({ folder, images }: { folder?: string; images: string }): Promise<Database> {
  if (folder === undefined)
    return serve(
      await PGlite.create({ startParams, loadDataDir: new Blob([readFileSync(await provideImage(images))]) }),
      async () => undefined,
    );
  const lock = await lockFolder(folder);
  try {
    const place = join(folder, "database");
    if (!existsSync(place)) await create(place, images);
    const pglite = await PGlite.create({ dataDir: place, startParams });
    return await serve(pglite, lock.release, join(place, "pg_wal"));
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Made beside its place and moved there whole, so that whatever interrupts it leaves no half database. */
async function create(place: string, images: string): Promise<void> {
  const draft = `${place}.new`;
  rmSync(draft, { recursive: true, force: true });
  const image = new Blob([readFileSync(await provideImage(images))]);
  const pglite = await PGlite.create({ dataDir: draft, startParams, loadDataDir: image });
  await pglite.close();
  renameSync(draft, place);
}

/** A migrated, empty database as one file: loading it takes a fraction of what making it takes. */
async function provideImage(images: string): Promise<string> {
  const hash = createHash("sha256").update(pgliteVersion());
  for (const migration of readMigrations()) hash.update(migration.hash);
  const path = join(images, `database-${hash.digest("hex").slice(0, 24)}.tar`);
  if (existsSync(path)) return path;
  mkdirSync(images, { recursive: true });
  const pglite = await PGlite.create({ startParams });
  await migrate(ownerOf(pglite));
  await pglite.exec("checkpoint");
  const dump = await pglite.dumpDataDir("none");
  await pglite.close();
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, Buffer.from(await dump.arrayBuffer()));
  renameSync(draft, path);
  for (const name of readdirSync(images))
    if (/^database-.*\.tar$/.test(name) && join(images, name) !== path) removeOld(join(images, name));
  return path;
}

/** Images of other versions go once nobody has made one for a day. */
function removeOld(path: string): void {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status && Date.now() - status.mtimeMs > 24 * 60 * 60_000) rmSync(path, { force: true });
}

function pgliteVersion(): string {
  const main = new URL(import.meta.resolve("@electric-sql/pglite"));
  return readFileSync(new URL("../package.json", main), "utf8").match(/"version": *"([^"]+)"/)?.[1] ?? "";
}

function ownerOf(pglite: PGlite): OwnerSession {
  return {
    run: async (text) => void (await pglite.exec(text)),
    rows: async <Row>(text: string, parameters: readonly unknown[] = []) =>
      (await pglite.query<Row>(text, [...parameters])).rows,
  };
}

async function serve(pglite: PGlite, release: () => Promise<void>, log?: string): Promise<Database> {
  const owner = ownerOf(pglite);
  try {
    await migrate(owner);
    const [known] = await owner.rows("select 1 from pg_roles where rolname = $1", [application]);
    if (!known) await owner.run(`create role ${application}`);
    await grantTo(owner, application);
    // The engine has no background processes: what they would do, the application's role has to be allowed to.
    await owner.run(
      `grant maintain on all tables in schema public to ${application}; grant pg_checkpoint to ${application}`,
    );
    await owner.run(`set session authorization ${application}`);
  } catch (error) {
    await pglite.close();
    throw error;
  }
  const db = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) });
  const journal = log === undefined ? undefined : new Journal(log);
  const tables = (
    await pglite.query<{ name: string }>(
      "select format('%I', relname) as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'schema_migration'",
    )
  ).rows.map((row) => row.name);
  const maintain = async () => {
    await pglite.exec(`vacuum (analyze) ${tables.join(", ")}`);
    await pglite.exec("checkpoint");
  };
  const timer = setInterval(() => void maintain(), maintainEveryMs);
  timer.unref();
  let closing: Promise<void> | undefined;
  return {
    engine: "pglite",
    db,
    maintain,
    async settle() {
      if (journal === undefined) return;
      await journal.flush();
      if (journal.segments() > segmentsBeforeCheckpoint) await pglite.exec("checkpoint");
    },
    close: () =>
      (closing ??= (async () => {
        clearInterval(timer);
        await db.destroy();
        if (!pglite.closed) await pglite.close();
        await release();
      })()),
  };
}

/**
 * The write-ahead log as files. The engine writes to them at commit, yet its fsync does not reach the
 * disk; this one does. Commits that come while a flush is under way share the next.
 */
class Journal {
  readonly #folder: string;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  flush(): Promise<void> {
    if (this.#next) return this.#next;
    if (!this.#running) return (this.#running = this.#sync());
    return (this.#next = this.#running.then(() => {
      this.#next = undefined;
      return (this.#running = this.#sync());
    }));
  }

  segments(): number {
    return this.#names().length;
  }

  #names(): string[] {
    return readdirSync(this.#folder).filter((name) => /^[0-9A-F]{24}$/.test(name));
  }

  async #sync(): Promise<void> {
    // A commit reaches over two segments at most; segments prepared for later are older than the one in use.
    const newest = this.#names()
      .map((name) => ({ name, at: statSync(join(this.#folder, name)).mtimeMs }))
      .sort((a, b) => b.at - a.at)
      .slice(0, 2);
    for (const { name } of newest) {
      const file = await open(join(this.#folder, name), "r");
      try {
        await file.datasync();
      } finally {
        await file.close();
      }
    }
    this.#running = undefined;
  }
}

/** Where images of empty databases are kept when nothing else is said. */
export function imagesBeside(data: string): string {
  return join(dirname(resolve(data)), ".cache", "aims");
}
