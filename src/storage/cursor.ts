import { sql, type RawBuilder } from "kysely";
import type { Reader } from "./reader.ts";

let opened = 0;

/**
 * The rows of the query, in batches. The query is planned and run once: page after page by key, a
 * database without statistics would sort the whole table for each page.
 */
export async function* rowsOf<Row>(
  { db }: Pick<Reader, "db">,
  query: RawBuilder<Row>,
  atOnce: number,
): AsyncGenerator<Row[]> {
  const cursor = sql.id(`rows_${++opened}`);
  // All rows are wanted, not the first ones soon.
  await sql`set local cursor_tuple_fraction = 1`.execute(db);
  await sql`declare ${cursor} no scroll cursor for ${query}`.execute(db);
  let isSound = true;
  try {
    for (;;) {
      // After an error the transaction takes no more statements, and the cursor goes with it.
      isSound = false;
      const { rows } = await sql<Row>`fetch forward ${sql.lit(atOnce)} from ${cursor}`.execute(db);
      isSound = true;
      if (rows.length === 0) return;
      yield rows;
    }
  } finally {
    if (isSound) await sql`close ${cursor}`.execute(db);
  }
}
