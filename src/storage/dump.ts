import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { sql, type Kysely } from "kysely";
import { Refusal } from "#core/basics/refusal.ts";
import { rowsOf } from "./cursor.ts";
import type { OrganizationId, Reader } from "./reader.ts";
import type { Tables } from "./tables.ts";

/** A table whose rows belong to organisations, and the columns that are kept, not computed. */
export type DumpedTable = { name: string; columns: readonly string[]; key: readonly string[] };

/** How many rows a file holds, and the SHA-256 over it. */
export type DumpedFile = { rows: number; sha256: string };

const rowsAtOnce = 1_000;

/** Every table of organisations' rows, each after those that its foreign keys point to. */
export async function listTables(db: Kysely<Tables>): Promise<DumpedTable[]> {
  const { rows: tables } = await sql<DumpedTable>`
    select c.relname as name,
      (select json_agg(a.attname order by a.attnum) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
      (select json_agg(a.attname order by k.position) from pg_index i cross join lateral unnest(i.indkey::smallint[]) with ordinality as k(number, position)
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number where i.indrelid = c.oid and i.indisprimary) as key
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id') order by c.relname`.execute(
    db,
  );
  const { rows: pointers } = await sql<{ from: string; to: string }>`
    select f.relname as "from", t.relname as "to" from pg_constraint k join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
    where k.contype = 'f' and k.connamespace = 'public'::regnamespace and f.oid <> t.oid`.execute(db);
  const ordered: DumpedTable[] = [];
  const visit = (table: DumpedTable) => {
    if (ordered.includes(table)) return;
    for (const { from, to } of pointers) {
      const target = from === table.name ? tables.find(({ name }) => name === to) : undefined;
      if (target) visit(target);
    }
    ordered.push(table);
  };
  for (const table of tables) visit(table);
  return ordered;
}

/** Writes the organisation's rows of the table into a file, one JSON object a line, in the order of their key. */
export async function dumpTable(
  reader: Reader,
  { name, columns, key }: DumpedTable,
  path: string,
): Promise<DumpedFile> {
  const { organization } = reader;
  const out = createWriteStream(path, { mode: 0o600 });
  const hash = createHash("sha256");
  let rows = 0;
  const query = sql<{ line: string }>`
    select row_to_json(t)::text as line from (
      select ${sql.join(columns.map((column) => sql.ref(column)))} from ${sql.table(name)} where organization_id = ${organization}::uuid
      order by ${sql.join(key.map((column) => sql.ref(column)))}
    ) t`;
  for await (const lines of rowsOf(reader, query, rowsAtOnce)) {
    const text = lines.map(({ line }) => `${line}\n`).join("");
    rows += lines.length;
    hash.update(text);
    if (!out.write(text)) await once(out, "drain");
  }
  out.end();
  await once(out, "close");
  return { rows, sha256: hash.digest("hex") };
}

/** Puts the rows of the file into the table. @throws {Refusal} `malformed` when it is not the file that was dumped */
export async function loadTable(
  db: Kysely<Tables>,
  { name, columns }: DumpedTable,
  path: string,
  expected: DumpedFile,
): Promise<void> {
  const hash = createHash("sha256");
  let rows = 0;
  let held: string[] = [];
  const names = sql.join(columns.map((column) => sql.ref(column)));
  // By its schema: a bare `record` is PostgreSQL's word for any row.
  const rowType = sql.table(`public.${name}`);
  const put = async () => {
    await sql`insert into ${sql.table(name)} (${names}) select ${names} from json_populate_recordset(null::${rowType}, ${`[${held.join(",")}]`}::json)`.execute(
      db,
    );
    held = [];
  };
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: 0 })) {
    hash.update(`${line}\n`);
    rows += 1;
    held.push(line);
    if (held.length === rowsAtOnce) await put();
  }
  if (held.length > 0) await put();
  if (rows !== expected.rows || hash.digest("hex") !== expected.sha256)
    throw new Refusal("malformed", `Cannot restore table "${name}": its file is not the one that was written`);
}

/** Enters the organisation for putting in rows that were kept elsewhere, their ledger entries among them. */
export async function enterForRestoring(db: Kysely<Tables>, organization: OrganizationId): Promise<Reader> {
  await sql`select set_config('aims.organization', ${organization}, true)`.execute(db);
  await sql`set constraints all deferred`.execute(db);
  return { db, organization };
}

/** Holds rows against their ledger entries now, while their organisation is entered. */
export async function demandEntries({ db }: Reader): Promise<void> {
  await sql`set constraints all immediate`.execute(db);
}
