import { sql, type RawBuilder } from "kysely";
import type { Day, Instant } from "#core/basics/time.ts";
import type { KindName } from "#core/records/all.ts";
import type { AnyRecord } from "#core/records/kind.ts";

/** A row of `record`, as far as a record is made from it. */
export type RecordRow = {
  record_id: string;
  kind: string;
  ref: string;
  state: string;
  rev: number;
  body: unknown;
  content_hash: string;
  created_at: string;
  created_by: string | null;
  recorded_at: string;
  recorded_by: string | null;
  state_since: string;
};

/** The columns that `toRecord` reads, of the table aliased `r`. */
export const recordColumns: RawBuilder<RecordRow> = sql`r.record_id, r.kind, r.ref, r.state, r.rev, r.body, r.content_hash, r.created_at, r.created_by, r.recorded_at, r.recorded_by, r.state_since`;

/** The record that the row keeps. What stands in the database was checked when it was written. */
export function toRecord(row: RecordRow): AnyRecord {
  return {
    ...(row.body as Record<string, unknown>),
    kind: row.kind as KindName,
    ref: row.ref,
    id: row.record_id,
    state: row.state,
    rev: row.rev,
    content_hash: row.content_hash,
    created_at: row.created_at as Instant,
    ...(row.created_by === null ? {} : { created_by: row.created_by }),
    recorded_at: row.recorded_at as Instant,
    ...(row.recorded_by === null ? {} : { recorded_by: row.recorded_by }),
    state_since: row.state_since as Day,
  };
}

/** What a text search looks through: the reference and every text in the fields, in lower case. */
export function searchTextOf(ref: string, fields: Readonly<Record<string, unknown>>): string {
  const texts: string[] = [ref];
  collect(fields, texts);
  return texts.join("\n").toLowerCase().slice(0, mostSearchedCharacters);
}

/** A long document is found by its beginning; its whole text would make every search as slow as the longest. */
const mostSearchedCharacters = 8_000;

function collect(value: unknown, texts: string[]): void {
  if (typeof value === "string") texts.push(value);
  else if (Array.isArray(value)) for (const item of value) collect(item, texts);
  else if (typeof value === "object" && value !== null) for (const item of Object.values(value)) collect(item, texts);
}
