import { createHash } from "node:crypto";
import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { Refusal } from "#core/basics/refusal.ts";
import type { Database } from "./database.ts";
import { demandMigrated, grantTo, migrate, type OwnerSession } from "./migrate.ts";
import type { Tables } from "./tables.ts";

/** Any number that no other software would take: processes that start together migrate one after the other. */
const migrationLock = 4_200_142_001;

/** Opens a PostgreSQL server: migrates as the owner, then serves as a role that owns nothing. */
export async function openServer({ url, ownerUrl }: { url: string; ownerUrl?: string }): Promise<Database> {
  const served =
    ownerUrl === undefined ? await asOwner(url, (owner) => roleOf(owner, url)) : { url, role: userOf(url) };
  const owned = ownerUrl ?? (served.url === url ? undefined : url);
  if (owned === undefined) await asOwner(url, demandMigrated);
  else
    await asOwner(owned, async (owner) => {
      await owner.rows("select pg_advisory_lock($1)", [migrationLock]);
      await migrate(owner);
      await grantTo(owner, served.role);
    });
  const pool = new pg.Pool({
    connectionString: served.url,
    max: 20,
    application_name: "aims",
    statement_timeout: 300_000,
    idle_in_transaction_session_timeout: 120_000,
    types: { getTypeParser: parserOf },
  });
  // A connection that breaks while idle is replaced by the pool; the next query says so if none can be made.
  pool.on("error", () => undefined);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  await demandBoundRole(db);
  let closing: Promise<void> | undefined;
  return {
    engine: "postgres",
    db,
    settle: async () => undefined,
    maintain: async () => undefined,
    close: () => (closing ??= db.destroy()),
  };
}

/** 64-bit numbers as numbers: they count entries and rows, and stay far below 2^53. */
const parserOf: typeof pg.types.getTypeParser = ((oid: number, format?: "text" | "binary") =>
  oid === pg.types.builtins.INT8
    ? Number
    : pg.types.getTypeParser(oid, format as "text")) as typeof pg.types.getTypeParser;

/**
 * The role that serves when only one address was given. An owner makes one for it, whose password
 * follows from the owner's, so that every process that knows the one knows the other.
 */
async function roleOf(session: OwnerSession, url: string): Promise<{ url: string; role: string }> {
  const [own] = await session.rows<{ user: string; owns: boolean; database: string }>(
    `select current_user::text as "user", current_database()::text as database,
       has_schema_privilege('public', 'create') and coalesce((select pg_has_role(relowner, 'usage') from pg_class where oid = to_regclass('public.schema_migration')), true) as owns`,
  );
  if (!own) throw new Error("The server does not say who is connected");
  if (!own.owns) return { url, role: own.user };
  const role = `${own.user}_serves`.slice(0, 63);
  const password = createHash("sha256")
    .update(`aims, the role that serves\n${new URL(url).password}`)
    .digest("hex");
  const [known] = await session.rows("select 1 from pg_roles where rolname = $1", [role]);
  // Roles belong to the whole server, where no lock of ours reaches: another process may make it at the same time.
  if (!known)
    await session.run(
      `do $$ begin create role ${quoted(role)} login password '${password}'; exception when duplicate_object or unique_violation then null; end $$`,
    );
  const serving = new URL(url);
  serving.username = role;
  serving.password = password;
  return { url: serving.href, role };
}

/** Row-level security does not bind a superuser, nor the owner's own tables unless forced. @throws {Refusal} `not-permitted` */
async function demandBoundRole(db: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{
    free: boolean;
    name: string;
  }>`select rolsuper or rolbypassrls as free, rolname::text as name from pg_roles where rolname = current_user`.execute(
    db,
  );
  if (rows[0]?.free !== false) {
    await db.destroy();
    throw new Refusal(
      "not-permitted",
      `Cannot serve as database role "${rows[0]?.name ?? ""}": row-level security does not bind it`,
    );
  }
}

async function asOwner<T>(url: string, work: (owner: OwnerSession) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: "aims", connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
  } catch (cause) {
    const { hostname, port } = new URL(url);
    const reason =
      cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : String(cause);
    throw new Refusal("unavailable", `Cannot reach database at "${hostname}${port ? `:${port}` : ""}": ${reason}`, {
      cause,
    });
  }
  try {
    return await work({
      run: async (text) => void (await client.query(text)),
      rows: async <Row>(text: string, parameters: readonly unknown[] = []) =>
        (await client.query(text, [...parameters])).rows as Row[],
    });
  } finally {
    await client.end();
  }
}

function userOf(url: string): string {
  return decodeURIComponent(new URL(url).username);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
