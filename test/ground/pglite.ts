import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PGlite, type PGliteOptions } from "@electric-sql/pglite";

/** Snapshots live as long as node_modules: a newer PGlite comes with new ones. */
const cache = join(import.meta.dirname, "../../node_modules/.cache/aims-pglite");

/** How a test's database comes to be. */
export type Preparation = {
  /** All that `prepare` depends on, such as the text of the migrations: another text, another snapshot. */
  from: string;
  prepare: (database: PGlite) => Promise<void>;
  options?: PGliteOptions;
};

/** A database in memory as `prepare` left one. It is prepared once; after that a snapshot is loaded. */
export async function openPrepared({ from, prepare, options = {} }: Preparation): Promise<PGlite> {
  const path = join(cache, `${createHash("sha256").update(from).digest("hex").slice(0, 32)}.tar`);
  if (!existsSync(path)) await prepareOnce(path, prepare, options);
  return PGlite.create({ ...options, loadDataDir: new Blob([readFileSync(path)]) });
}

async function prepareOnce(
  path: string,
  prepare: (database: PGlite) => Promise<void>,
  options: PGliteOptions,
): Promise<void> {
  const database = await PGlite.create(options);
  try {
    await prepare(database);
    const dump = await database.dumpDataDir("none");
    mkdirSync(cache, { recursive: true });
    // Two test files may prepare at the same time: each moves a whole snapshot into place.
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, Buffer.from(await dump.arrayBuffer()));
    renameSync(draft, path);
  } finally {
    await database.close();
  }
}
