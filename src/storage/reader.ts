import { sql, type Kysely } from "kysely";
import type { Tables } from "./tables.ts";

/** An organisation's id. It says nothing; the name may change. */
export type OrganizationId = string & { readonly __organization: unique symbol };

/**
 * A transaction in which one organisation's rows are visible and no others. Conditions on
 * `organization_id` stand in queries all the same: they let a distributed engine find the shard, and
 * the planner the index.
 */
export type Reader = { readonly db: Kysely<Tables>; readonly organization: OrganizationId };

/** Makes the organisation's rows visible to the transaction, for reading only. */
export async function enterForReading(db: Kysely<Tables>, organization: OrganizationId): Promise<Reader> {
  await sql`select set_config('transaction_read_only', 'on', true), set_config('aims.organization', ${organization}, true)`.execute(
    db,
  );
  return { db, organization };
}
