import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { sql } from "kysely";
import { create, extract } from "tar";
import { z } from "zod";
import { toBase64 } from "#core/basics/bytes.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { demandEntries, dumpTable, enterForRestoring, listTables, loadTable } from "#storage/dump.ts";
import { auditLedger } from "#storage/ledger-audit.ts";
import { readMigrations } from "#storage/migrate.ts";
import { enterForReading, type OrganizationId } from "#storage/reader.ts";
import { apart, listOrganizations } from "./change.ts";
import { publishCheckpoint } from "./ledger.ts";
import { movedMark, openWorld, type World, type WorldSettings } from "./world.ts";

/** What a backup holds. Without its private keys a restored ledger goes on with a new key, which it announces. */
export type BackupSummary = { organizations: number; entries: number; rows: number; withKeys: boolean };

/** Tells how far a backup or a restore has come. */
export type BackupProgress = (says: string) => void;

/** Where a backup is restored to: an empty or new data folder, or besides it an empty PostgreSQL. */
export type RestoreTarget = Pick<WorldSettings, "data" | "url" | "ownerUrl" | "keys" | "host" | "images">;

const dumpedFile = z.strictObject({ rows: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) });
const manifestSchema = z.strictObject({
  format: z.literal("aims-backup@1"),
  made_at: z.string(),
  migrations: z.array(z.strictObject({ name: z.string(), hash: z.string() })),
  with_keys: z.boolean(),
  organizations: z.array(
    z.strictObject({
      id: z.uuid(),
      name: z.string(),
      checkpoint: z.strictObject({ size: z.int().min(1), root: z.string(), note: z.string() }),
      tables: z.record(z.string(), dumpedFile),
    }),
  ),
});
type Manifest = z.infer<typeof manifestSchema>;

/**
 * Writes everything into one file: a compressed tar with a manifest, each organisation's rows, one
 * table a file, and the ledgers' private keys when asked. Each ledger's head is signed first, and
 * stands in the manifest.
 *
 * @throws {Refusal} `conflict` when there is a file of that name
 */
export async function backup(
  world: World,
  file: string,
  { withKeys = false, progress = () => undefined }: { withKeys?: boolean; progress?: BackupProgress } = {},
): Promise<BackupSummary> {
  if (existsSync(file)) throw new Refusal("conflict", `Cannot write backup "${file}": there is such a file already`);
  const organizations = await listOrganizations(world);
  for (const { id } of organizations) await publishCheckpoint(world, { organization: id });
  mkdirSync(dirname(resolve(file)), { recursive: true });
  const folder = mkdtempSync(`${resolve(file)}.draft-`);
  try {
    const manifest = await dump(world, folder, { withKeys, progress });
    progress("writing the file");
    await create({ gzip: { level: 1 }, file: join(folder, "whole"), cwd: folder, portable: true, mode: 0o600 }, [
      "manifest.json",
      ...readdirSync(folder).filter((name) => name !== "manifest.json"),
    ]);
    chmodSync(join(folder, "whole"), 0o600);
    renameSync(join(folder, "whole"), file);
    return summaryOf(manifest);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Everything as it was at one moment. */
async function dump(
  world: World,
  folder: string,
  { withKeys, progress }: { withKeys: boolean; progress: BackupProgress },
): Promise<Manifest> {
  const known = await listOrganizations(world);
  const manifest: Manifest = {
    format: "aims-backup@1",
    made_at: world.now(),
    migrations: readMigrations().map(({ name, hash }) => ({ name, hash })),
    with_keys: withKeys,
    organizations: [],
  };
  await apart(() =>
    world.database.db
      .transaction()
      .setIsolationLevel("repeatable read")
      .execute(async (db) => {
        const tables = await listTables(db);
        for (const { id, name } of known) {
          const reader = await enterForReading(db, id);
          const checkpoint = await db
            .selectFrom("ledger_checkpoint")
            .selectAll()
            .where("organization_id", "=", id)
            .orderBy("size", "desc")
            .orderBy("published_at", "desc")
            .limit(1)
            .executeTakeFirstOrThrow();
          const dumped: Manifest["organizations"][number] = {
            id,
            name,
            checkpoint: { size: checkpoint.size, root: toBase64(checkpoint.root), note: checkpoint.note },
            tables: {},
          };
          mkdirSync(join(folder, id));
          for (const table of tables) {
            progress(`${name}: ${table.name}`);
            dumped.tables[table.name] = await dumpTable(reader, table, join(folder, id, `${table.name}.ndjson`));
          }
          manifest.organizations.push(dumped);
        }
      }),
  );
  if (withKeys) {
    mkdirSync(join(folder, "keys"), { mode: 0o700 });
    for (const { name, text } of world.keys.all()) writeFileSync(join(folder, "keys", name), text, { mode: 0o600 });
  }
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest, null, 2));
  return manifest;
}

/**
 * Restores a backup into an empty or new data folder, or into an empty PostgreSQL. It counts as done
 * only after each ledger was verified against its records; before that nothing stands in its place.
 *
 * @throws {Refusal} `conflict` when the target holds something; `malformed`, `incompatible`; `proof-rejected`
 */
export async function restore(
  file: string,
  target: RestoreTarget,
  { progress = () => undefined }: { progress?: BackupProgress } = {},
): Promise<BackupSummary> {
  if (!existsSync(file)) throw new Refusal("not-found", `Cannot restore "${file}": there is no such file`);
  const data = resolve(target.data);
  if (target.url === undefined && existsSync(data) && readdirSync(data).length > 0)
    throw new Refusal("conflict", `Cannot restore into "${target.data}": the folder is not empty`);
  mkdirSync(dirname(data), { recursive: true });
  const draft = mkdtempSync(`${data}.draft-`);
  try {
    const files = join(draft, "files");
    mkdirSync(files);
    progress("reading the file");
    await unpack(file, files);
    const manifest = readManifest(files, file);
    const place = join(draft, "data");
    const world = await openWorld({
      ...target,
      data: target.url === undefined ? place : data,
      ...(target.keys === undefined ? {} : { keys: target.keys }),
    });
    try {
      await load(world, files, manifest, progress);
      await world.database.maintain();
    } finally {
      await world.close();
    }
    const keys = target.keys ?? join(target.url === undefined ? place : data, "keys");
    if (manifest.with_keys) putKeys(join(files, "keys"), keys);
    if (target.url === undefined) {
      if (existsSync(data)) rmdirSync(data);
      renameSync(place, data);
    }
    return summaryOf(manifest);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/**
 * Moves everything into an empty PostgreSQL: a backup and its restore. The data folder keeps its keys,
 * and its embedded database is marked as moved, so that no second history of it goes on.
 */
export async function moveTo(
  world: World,
  target: RestoreTarget & { url: string },
  { progress = () => undefined }: { progress?: BackupProgress } = {},
): Promise<BackupSummary> {
  mkdirSync(target.data, { recursive: true });
  const folder = mkdtempSync(join(target.data, "moving-"));
  try {
    const file = join(folder, "backup.tar.gz");
    await backup(world, file, { progress });
    const summary = await restore(file, target, { progress });
    const { hostname, port, pathname } = new URL(target.url);
    if (world.database.engine === "pglite")
      writeFileSync(
        join(target.data, movedMark),
        `postgres://${hostname}${port === "" ? "" : `:${port}`}${pathname}\n`,
      );
    return summary;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function unpack(file: string, folder: string): Promise<void> {
  try {
    // Strict: anything odd in the file ends the reading; names that lead elsewhere and links are not written.
    await extract({
      file,
      cwd: folder,
      strict: true,
      filter: (path, entry) =>
        isOurs(path) &&
        (!("type" in entry) || entry.type === "File" || entry.type === "Directory" || entry.type === "OldFile"),
    });
  } catch (cause) {
    throw new Refusal("malformed", `Cannot restore "${file}": it is not a whole backup`, { cause });
  }
}

function isOurs(path: string): boolean {
  return /^(?:manifest\.json|keys\/?|keys\/[A-Za-z0-9._-]+\.pem|[0-9a-f-]{36}\/?|[0-9a-f-]{36}\/[a-z_]+\.ndjson)$/.test(
    path,
  );
}

function readManifest(files: string, file: string): Manifest {
  const path = join(files, "manifest.json");
  const refused = (why: string) => new Refusal("malformed", `Cannot restore "${file}": ${why}`);
  if (!existsSync(path)) throw refused("it holds no manifest");
  const { success, data: manifest, error } = manifestSchema.safeParse(parseJson(readFileSync(path, "utf8"), refused));
  if (!success)
    throw refused(
      `its manifest is not of its form: ${error.issues[0]?.path.join(".") ?? ""} ${error.issues[0]?.message ?? ""}`,
    );
  const own = readMigrations();
  if (
    manifest.migrations.length !== own.length ||
    manifest.migrations.some(({ name, hash }, at) => own[at]?.name !== name || own[at].hash !== hash)
  )
    throw new Refusal(
      "incompatible",
      `Cannot restore "${file}": another version of the software made it; restore it with that one, then start the newer`,
    );
  for (const { id, name, tables } of manifest.organizations)
    for (const table of Object.keys(tables))
      if (!existsSync(join(files, id, `${table}.ndjson`)))
        throw refused(`it does not hold table "${table}" of ${name}`);
  return manifest;
}

function parseJson(text: string, refused: (why: string) => Refusal): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused("its manifest is not JSON");
  }
}

/** One transaction, in which each organisation is verified before the next: all is there, or nothing. */
async function load(world: World, files: string, manifest: Manifest, progress: BackupProgress): Promise<void> {
  if ((await listOrganizations(world)).length > 0)
    throw new Refusal("conflict", "Cannot restore: the database is not empty");
  await apart(() =>
    world.database.db.transaction().execute(async (db) => {
      await sql`set local statement_timeout = 0`.execute(db);
      const tables = await listTables(db);
      for (const { id, name, tables: dumped, checkpoint } of manifest.organizations) {
        const reader = await enterForRestoring(db, id as OrganizationId);
        const unknown = Object.keys(dumped).find((table) => !tables.some((own) => own.name === table));
        if (unknown !== undefined)
          throw new Refusal("malformed", `Cannot restore table "${unknown}": there is no such table`);
        for (const table of tables) {
          const expected = dumped[table.name];
          const path = join(files, id, `${table.name}.ndjson`);
          if (!expected)
            throw new Refusal(
              "malformed",
              `Cannot restore table "${table.name}" of ${name}: the backup does not hold it`,
            );
          progress(`${name}: ${table.name}`);
          await loadTable(db, table, path, expected);
        }
        progress(`${name}: verifying`);
        await demandEntries(reader);
        const found = await auditLedger(reader);
        const [problem] = found.problems;
        if (problem)
          throw new Refusal("proof-rejected", `Cannot restore ${name}: ${problem.message}`, {
            problems: found.problems.map(({ message }) => ({ message })),
          });
        const newest = await db
          .selectFrom("ledger_checkpoint")
          .select("note")
          .where("size", "=", checkpoint.size)
          .where("note", "=", checkpoint.note)
          .executeTakeFirst();
        if (!newest || found.entries < checkpoint.size)
          throw new Refusal(
            "proof-rejected",
            `Cannot restore ${name}: its ledger is not the one that the manifest names`,
          );
      }
    }),
  );
}

function putKeys(from: string, to: string): void {
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(from)) {
    const path = join(to, name);
    if (!existsSync(path)) writeFileSync(path, readFileSync(join(from, name)), { mode: 0o600 });
  }
}

function summaryOf(manifest: Manifest): BackupSummary {
  const rows = manifest.organizations.flatMap(({ tables }) => Object.values(tables).map((table) => table.rows));
  return {
    organizations: manifest.organizations.length,
    entries: manifest.organizations.reduce((sum, { tables }) => sum + (tables["ledger_entry"]?.rows ?? 0), 0),
    rows: rows.reduce((sum, count) => sum + count, 0),
    withKeys: manifest.with_keys,
  };
}
