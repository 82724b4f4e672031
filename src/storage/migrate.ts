import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "#core/basics/refusal.ts";

/** A connection as the owner of the tables. */
export type OwnerSession = {
  /** Runs one or more statements. */
  run(text: string): Promise<void>;
  rows<Row>(text: string, parameters?: readonly unknown[]): Promise<Row[]>;
};

/** A step from one form of the tables to the next. Never changed once it was released. */
export type Migration = { name: string; text: string; hash: string };

const folder = join(import.meta.dirname, "migrations");

/** The migrations of this software, in their order. */
export function readMigrations(): Migration[] {
  return readdirSync(folder)
    .filter((file) => /^\d{3}-[a-z0-9-]+\.sql$/.test(file))
    .sort()
    .map((file) => {
      const text = readFileSync(join(folder, file), "utf8");
      return { name: file.slice(0, -".sql".length), text, hash: createHash("sha256").update(text).digest("hex") };
    });
}

/**
 * Brings the database to the software's form, each step in a transaction of its own.
 *
 * @throws {Refusal} `incompatible` when it is newer than the software, a step that it took has changed since, or a step fails
 */
export async function migrate(owner: OwnerSession, migrations: readonly Migration[] = readMigrations()): Promise<void> {
  await owner.run(
    "create table if not exists schema_migration (name text primary key, hash text not null, applied_at timestamptz not null default now())",
  );
  const applied = await appliedOf(owner);
  demandSame(applied, migrations);
  for (const migration of migrations.slice(applied.length)) await take(owner, migration);
}

/** Refuses a database that is not of the software's form, for whoever may not migrate. @throws {Refusal} `incompatible` */
export async function demandMigrated(
  session: OwnerSession,
  migrations: readonly Migration[] = readMigrations(),
): Promise<void> {
  const applied = await appliedOf(session);
  demandSame(applied, migrations);
  const missing = migrations[applied.length];
  if (missing)
    throw new Refusal(
      "incompatible",
      `Cannot open database: migration "${missing.name}" has not run; start once with the owner's address`,
    );
}

type Applied = { name: string; hash: string };

function appliedOf(session: OwnerSession): Promise<Applied[]> {
  return session.rows<Applied>("select name, hash from schema_migration order by name");
}

function demandSame(applied: readonly Applied[], migrations: readonly Migration[]): void {
  for (const [position, { name, hash }] of applied.entries()) {
    const own = migrations[position];
    if (own === undefined || own.name !== name) {
      const why = migrations.some((migration) => migration.name === name)
        ? "its migrations ran in another order"
        : `it is newer than this software: migration "${name}" is unknown here`;
      throw new Refusal("incompatible", `Cannot open database: ${why}`);
    }
    if (own.hash !== hash)
      throw new Refusal("incompatible", `Cannot open database: migration "${name}" has changed since it ran`);
  }
}

async function take(owner: OwnerSession, { name, text, hash }: Migration): Promise<void> {
  try {
    await owner.run(
      `begin; ${text}\n; insert into schema_migration (name, hash) values ('${name}', '${hash}'); commit`,
    );
  } catch (cause) {
    await owner.run("rollback");
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Refusal("incompatible", `Cannot migrate database: migration "${name}" failed and was undone: ${reason}`, {
      cause,
    });
  }
}

/** Lets the application's role work on the rows, and no more than that. */
export async function grantTo(owner: OwnerSession, role: string): Promise<void> {
  const name = `"${role.replaceAll('"', '""')}"`;
  await owner.run(
    [
      `grant usage on schema public to ${name}`,
      `grant select, insert, update, delete on all tables in schema public to ${name}`,
      `revoke insert, update, delete on schema_migration from ${name}`,
      `grant execute on all functions in schema public to ${name}`,
    ].join(";"),
  );
  await owner.rows("select protect_ledger($1)", [role]);
}
