import { sql } from "kysely";
import type { Ref } from "#core/records/field.ts";
import type { Reader } from "./reader.ts";

/** What a version's entry commits to, and the salt: whoever has both can show that they belong to it. */
export type Opening = { rev: number; seq: number; salt: Uint8Array; payload: string };

/** The openings of the record's versions whose content was not erased, the first first. */
export async function openingsOf({ db, organization }: Reader, ref: Ref): Promise<Opening[]> {
  const { rows } = await sql<Opening>`
    select rev, seq, salt, payload from record_version
     where organization_id = ${organization} and ref = ${ref} and payload is not null order by rev`.execute(db);
  return rows;
}
