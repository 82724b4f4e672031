import { sql } from "kysely";
import type { Instant } from "#core/basics/time.ts";
import type { Ref } from "#core/records/field.ts";
import type { Database } from "./database.ts";
import type { OrganizationId, Reader } from "./reader.ts";

/** That somebody was shown who reported the concern. */
export type Sight = { rev: number; person: Ref; at: Instant };

/** Notes what a person is about to be shown: kept on the disk before this returns. */
export async function noteSights(
  database: Database,
  organization: OrganizationId,
  { person, at, shown }: { person: Ref; at: Instant; shown: readonly { id: string; rev: number }[] },
): Promise<void> {
  await database.db.transaction().execute(async (db) => {
    await sql`select set_config('aims.organization', ${organization}, true)`.execute(db);
    await sql`
      insert into sight_log (organization_id, record_id, rev, person, seen_at)
      select ${organization}::uuid, s.id, s.rev, ${person}, ${at} from json_to_recordset(${JSON.stringify(shown)}::json) as s(id uuid, rev integer)
      on conflict do nothing`.execute(db);
  });
  await database.settle();
}

const mostSights = 200;

/** Who saw it, the newest first. */
export async function sightsOf({ db, organization }: Reader, id: string): Promise<Sight[]> {
  const { rows } = await sql<Sight>`
    select rev, person, seen_at as at from sight_log
     where organization_id = ${organization} and record_id = ${id} order by seen_at desc, person, rev limit ${mostSights}`.execute(
    db,
  );
  return rows;
}
