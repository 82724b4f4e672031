import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { PGlite, type PGliteOptions } from "@electric-sql/pglite";

/** Snapshots live as long as node_modules: a newer PGlite comes with new ones. */
const cache = join(import.meta.dirname, "../../node_modules/.cache/aims-pglite");

/** How a test's database comes to be. */
export type Preparation = {
  /** All that `prepare` depends on, such as the text of the migrations: another text, another snapshot. */
  from: string;
  prepare: (database: PGlite) => Promise<void>;
  options?: PGliteOptions;
  /** Where snapshots are kept. */
  folder?: string;
};

/** Snapshots take 40 MB each, and every change to a migration makes a new one. */
const keepUnusedForMs = 24 * 60 * 60 * 1000;

/** A database in memory as `prepare` left one. It is prepared once; after that a snapshot is loaded. */
export async function openPrepared(preparation: Preparation): Promise<PGlite> {
  const { from, options, folder = cache } = preparation;
  const path = join(folder, `${createHash("sha256").update(from).digest("hex").slice(0, 32)}.tar`);
  if (existsSync(path)) utimesSync(path, new Date(), new Date());
  else await prepareOnce(path, preparation);
  return PGlite.create({ ...options, loadDataDir: new Blob([readFileSync(path)]) });
}

async function prepareOnce(path: string, { prepare, options }: Preparation): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  removeUnused(dirname(path));
  const database = await PGlite.create({ ...options });
  try {
    await prepare(database);
    const dump = await database.dumpDataDir("none");
    // Two test files may prepare at the same time: each moves a whole snapshot into place.
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, Buffer.from(await dump.arrayBuffer()));
    renameSync(draft, path);
  } finally {
    await database.close();
  }
}

function removeUnused(folder: string): void {
  for (const path of readdirSync(folder).map((name) => join(folder, name))) {
    const status = statSync(path, { throwIfNoEntry: false });
    if (status && Date.now() - status.mtimeMs > keepUnusedForMs) rmSync(path, { force: true });
  }
}
