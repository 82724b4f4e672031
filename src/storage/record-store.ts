import { sql, type RawBuilder } from "kysely";
import { Refusal } from "#core/basics/refusal.ts";
import type { Day, Instant } from "#core/basics/time.ts";
import type { LinkSource } from "#core/conformity/affected.ts";
import { kinds, type KindName } from "#core/records/all.ts";
import type { Ref } from "#core/records/field.ts";
import type { Follow } from "#core/records/follow.ts";
import type { AnyRecord } from "#core/records/kind.ts";
import type { MemoryRecords } from "#core/records/memory.ts";
import { rowsOf } from "./cursor.ts";
import { Neighbourhood } from "./neighbourhood.ts";
import type { Reader } from "./reader.ts";
import { recordColumns, toRecord, type RecordRow } from "./record-row.ts";

/** Which records a list shows. */
export type RecordQuery = {
  kinds?: readonly KindName[];
  states?: readonly string[];
  owner?: Ref;
  aiSystem?: Ref;
  /** Words that reference, title or text hold, all of them. */
  text?: string;
  /** Live records whose review day lies before this one. */
  overdueOn?: Day;
  sort?: RecordSort;
  descending?: boolean;
  /** The `next` of the page before. */
  after?: string;
  /** At most 500; 50 unless said. */
  limit?: number;
};
export type RecordSort = "ref" | "title" | "recorded_at" | "next_review_on";

/** A page of a list, and how to ask for what follows. */
export type RecordPage = { records: AnyRecord[]; next?: string };

/** Where a record is pointed to from. */
export type LinkTo = { from: Ref; kind: KindName; field: string };

/** One version of a record as it was kept. `record` is absent once its content was erased. */
export type KeptVersion = {
  rev: number;
  seq: number;
  deed: string;
  op: string;
  because?: Ref;
  recordedAt: Instant;
  recordedBy?: Ref;
  doneAt?: Instant;
  imported: boolean;
  erasedAt?: Instant;
  kind: KindName;
  ref: Ref;
  record?: AnyRecord;
};

/** Rows a query brings at once where everything is read. */
const batchSize = 2_000;

/** The record, or as it was at the end of an earlier moment. */
export async function findRecord(reader: Reader, ref: Ref, asAt?: Instant): Promise<AnyRecord | undefined> {
  if (asAt === undefined) return (await findRecords(reader, [ref]))[0];
  const { rows } = await sql<VersionRow>`
    select ${versionColumns} from record_version v join record r on r.organization_id = v.organization_id and r.record_id = v.record_id
    where v.organization_id = ${reader.organization} and v.ref = ${ref} and v.recorded_at <= ${asAt}
    order by v.rev desc limit 1`.execute(reader.db);
  return rows[0] && recordOfVersion(rows[0]);
}

/** The records of these references that there are, in no particular order. */
export async function findRecords({ db, organization }: Reader, refs: readonly Ref[]): Promise<AnyRecord[]> {
  if (refs.length === 0) return [];
  const { rows } =
    await sql<RecordRow>`select ${recordColumns} from record r where r.organization_id = ${organization} and r.ref = any(${[...refs]}::text[])`.execute(
      db,
    );
  return rows.map(toRecord);
}

/** A page of records. @throws {Refusal} `malformed` for an `after` that is none, or a limit out of bounds */
export async function listRecords({ db, organization }: Reader, query: RecordQuery): Promise<RecordPage> {
  const limit = query.limit ?? 50;
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > 500)
    throw new Refusal("malformed", `Cannot list ${limit} records: a page has 1 to 500`);
  const key = sortKeys[query.sort ?? "ref"];
  const isRef = (query.sort ?? "ref") === "ref";
  const conditions = [sql`r.organization_id = ${organization}`, ...conditionsOf(query, organization)];
  if (query.after !== undefined) {
    const [value, ref] = parseCursor(query.after);
    const beyond = query.descending ? sql`<` : sql`>`;
    conditions.push(isRef ? sql`r.ref ${beyond} ${ref}` : sql`(${key}, r.ref) ${beyond} (${value}, ${ref})`);
  }
  const direction = query.descending ? sql`desc` : sql`asc`;
  const order = isRef ? sql`r.ref ${direction}` : sql`${key} ${direction}, r.ref ${direction}`;
  const { rows } = await sql<RecordRow & { sort_key: string }>`
    select ${recordColumns}, ${key} as sort_key from record r where ${sql.join(conditions, sql` and `)} order by ${order} limit ${limit + 1}`.execute(
    db,
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    records: page.map(toRecord),
    ...(rows.length > limit && last ? { next: formatCursor(last.sort_key, last.ref) } : {}),
  };
}

// Each agrees with an index of the table to the letter.
const sortKeys: Record<RecordSort, RawBuilder<string>> = {
  ref: sql`r.ref`,
  title: sql`coalesce(lower(r.title), '') collate "C"`,
  recorded_at: sql`r.recorded_at`,
  next_review_on: sql`coalesce(r.next_review_on, '9999-12-31')`,
};

function conditionsOf(query: RecordQuery, organization: string): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = [];
  if (query.kinds?.length === 1) conditions.push(sql`r.kind = ${query.kinds[0]}`);
  else if (query.kinds) conditions.push(sql`r.kind = any(${[...query.kinds]}::text[])`);
  if (query.states) conditions.push(sql`r.state = any(${[...query.states]}::text[])`);
  if (query.owner !== undefined) conditions.push(sql`r.owner = ${query.owner}`);
  if (query.aiSystem !== undefined)
    conditions.push(
      sql`exists (select 1 from record_link l where l.organization_id = ${organization} and l.from_ref = r.ref and l.to_ref = ${query.aiSystem} and l.field in ('ai_systems', 'ai_system'))`,
    );
  for (const word of query.text
    ?.toLowerCase()
    .split(/\s+/)
    .filter((part) => part !== "")
    .slice(0, 10) ?? [])
    conditions.push(sql`r.search like ${`%${word.replaceAll(/[\\%_]/g, "\\$&")}%`}`);
  if (query.overdueOn !== undefined) {
    const live = Object.values(kinds).flatMap((kind) => kind.live.map((state) => `${kind.name} ${state}`));
    conditions.push(
      sql`coalesce(r.next_review_on, '9999-12-31') < ${query.overdueOn} and r.kind || ' ' || r.state = any(${live}::text[])`,
    );
  }
  return conditions;
}

function formatCursor(value: string, ref: Ref): string {
  return Buffer.from(JSON.stringify([value, ref])).toString("base64url");
}

function parseCursor(text: string): [string, string] {
  const match = /^\["((?:[^"\\]|\\.)*)","((?:[^"\\]|\\.)*)"\]$/s.exec(Buffer.from(text, "base64url").toString("utf8"));
  if (!match)
    throw new Refusal(
      "malformed",
      `Cannot list records after ${JSON.stringify(text.slice(0, 80))}: take it from the page before`,
    );
  return JSON.parse(match[0]) as [string, string];
}

/** All records of the kinds (of all kinds when undefined), in batches; as they were recorded by `asAt` when given. */
export async function* recordsOf(
  reader: Reader,
  only?: readonly KindName[],
  asAt?: Instant,
): AsyncGenerator<AnyRecord[]> {
  const { organization } = reader;
  const ofKinds = (alias: RawBuilder<unknown>) =>
    only === undefined ? sql`true` : sql`${alias}.kind = any(${[...only]}::text[])`;
  if (asAt === undefined) {
    const records = sql<RecordRow>`select ${recordColumns} from record r where r.organization_id = ${organization} and ${ofKinds(sql`r`)}`;
    for await (const rows of rowsOf(reader, records, batchSize)) yield rows.map(toRecord);
    return;
  }
  // The versions that had no successor yet.
  const versions = sql<VersionRow>`
    select ${versionColumns} from record_version v join record r on r.organization_id = v.organization_id and r.record_id = v.record_id
    where v.organization_id = ${organization} and v.recorded_at <= ${asAt} and ${ofKinds(sql`v`)}
      and not exists (select 1 from record_version n where n.organization_id = v.organization_id and n.record_id = v.record_id and n.rev = v.rev + 1 and n.recorded_at <= ${asAt})`;
  for await (const rows of rowsOf(reader, versions, batchSize)) yield rows.map(recordOfVersion);
}

/** Who points to the record. */
export async function linksTo({ db, organization }: Reader, ref: Ref): Promise<LinkTo[]> {
  const rows = await db
    .selectFrom("record_link")
    .select(["from_ref", "from_kind", "field"])
    .where("organization_id", "=", organization)
    .where("to_ref", "=", ref)
    .orderBy("from_kind")
    .orderBy("from_ref")
    .execute();
  return rows.map((row) => ({ from: row.from_ref, kind: row.from_kind as KindName, field: row.field }));
}

type VersionRow = {
  record_id: string;
  rev: number;
  seq: number;
  kind: string;
  ref: string;
  deed: string;
  op: string;
  because_ref: string | null;
  state: string;
  content_hash: string | null;
  state_since: string;
  recorded_at: string;
  recorded_by: string | null;
  done_at: string | null;
  payload: string | null;
  imported: boolean;
  erased_at: string | null;
  created_at: string;
  created_by: string | null;
};

const versionColumns = sql`v.record_id, v.rev, v.seq, v.kind, v.ref, v.deed, v.op, v.because_ref, v.state, v.content_hash, v.state_since, v.recorded_at, v.recorded_by, v.done_at, v.payload, v.imported, v.erased_at, r.created_at, r.created_by`;

/** Of a version whose content was erased, what the machine knows stays. */
function recordOfVersion(row: VersionRow): AnyRecord {
  const body = row.payload === null ? {} : (JSON.parse(row.payload) as { fields: unknown }).fields;
  return toRecord({ ...row, body, content_hash: row.content_hash ?? "" });
}

function keptVersion(row: VersionRow): KeptVersion {
  return {
    rev: row.rev,
    seq: row.seq,
    deed: row.deed,
    op: row.op,
    ...(row.because_ref === null ? {} : { because: row.because_ref }),
    recordedAt: row.recorded_at as Instant,
    ...(row.recorded_by === null ? {} : { recordedBy: row.recorded_by }),
    ...(row.done_at === null ? {} : { doneAt: row.done_at as Instant }),
    imported: row.imported,
    ...(row.erased_at === null ? {} : { erasedAt: row.erased_at as Instant }),
    kind: row.kind as KindName,
    ref: row.ref,
    ...(row.payload === null ? {} : { record: recordOfVersion(row) }),
  };
}

/** Every version of the record, the first first. */
export async function historyOf({ db, organization }: Reader, ref: Ref): Promise<KeptVersion[]> {
  const { rows } = await sql<VersionRow>`
    select ${versionColumns} from record_version v join record r on r.organization_id = v.organization_id and r.record_id = v.record_id
    where v.organization_id = ${organization} and v.ref = ${ref} order by v.rev`.execute(db);
  return rows.map(keptVersion);
}

/** Every version of every record from an entry on, in the order of the ledger, in batches. */
export async function* versionsOf(reader: Reader, from = 0): AsyncGenerator<KeptVersion[]> {
  const versions = sql<VersionRow>`
    select ${versionColumns} from record_version v join record r on r.organization_id = v.organization_id and r.record_id = v.record_id
    where v.organization_id = ${reader.organization} and v.seq >= ${from} order by v.seq`;
  for await (const rows of rowsOf(reader, versions, batchSize)) yield rows.map(keptVersion);
}

/** The roots and every record that the paths reach from them, in one query a hop and direction. */
export function loadAround(
  reader: Reader,
  roots: readonly AnyRecord[],
  follows: readonly Follow[],
): Promise<MemoryRecords> {
  const neighbourhood = new Neighbourhood(reader);
  for (const root of roots) neighbourhood.put(root);
  return neighbourhood.around(roots, follows);
}

/** How many records there are of each kind and state. */
export async function countRecords({
  db,
  organization,
}: Reader): Promise<{ kind: KindName; state: string; count: number }[]> {
  const rows = await db
    .selectFrom("record")
    .select(["kind", "state", (eb) => eb.fn.countAll<number>().as("count")])
    .where("organization_id", "=", organization)
    .groupBy(["kind", "state"])
    .orderBy("kind")
    .orderBy("state")
    .execute();
  return rows.map((row) => ({ kind: row.kind as KindName, state: row.state, count: row.count }));
}

/** The links as they are in the database, for finding what a change affects. */
export function linkSource({ db, organization }: Reader): LinkSource {
  return {
    async answer(asks) {
      const rows = asks.flatMap(({ way, kind, field, refs }, ask) =>
        refs.map((ref) => ({ ask, way, kind, field, ref })),
      );
      const { rows: found } = await sql<{ ask: number; ref: Ref }>`
        with asked as materialized (select * from json_to_recordset(${JSON.stringify(rows)}::json) as a(ask integer, way text, kind text, field text, ref text))
        select a.ask, l.from_ref as ref from asked a join record_link l on l.organization_id = ${organization} and l.to_ref = a.ref and l.from_kind = a.kind and l.field = a.field where a.way = 'to'
        union
        select a.ask, l.to_ref from asked a join record_link l on l.organization_id = ${organization} and l.from_ref = a.ref and l.from_kind = a.kind and l.field = a.field where a.way = 'from'`.execute(
        db,
      );
      const answers = asks.map((): Ref[] => []);
      for (const { ask, ref } of found) answers[ask]?.push(ref);
      return answers;
    },
  };
}
