import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import { expect, test } from "vitest";
import { openPrepared } from "#test/ground/pglite.ts";
import { createDatabase, dropDatabase, urlOfDatabase } from "#test/ground/postgres.ts";

const { DATABASE_URL: ownerUrl, APP_DATABASE_URL: appUrl } = process.env;

// Each engine's ground is tested where that engine is: a test that can never run here would only count as skipped.
if (ownerUrl) {
  test("on the server, the role that serves owns nothing and is bound by row-level security", async (context) => {
    if (!appUrl || ownerUrl === appUrl) return context.skip("the server was given with one role (APP_DATABASE_URL)");
    const databaseUrl = await createDatabase(ownerUrl);
    const asApp = urlOfDatabase(appUrl, new URL(databaseUrl).pathname.slice(1));
    try {
      await query(
        databaseUrl,
        `create table note (text text); insert into note values ('hidden');
         alter table note enable row level security; grant select on note to public`,
      );
      expect(await query(databaseUrl, "select text from note")).toEqual([{ text: "hidden" }]);
      expect(await query(asApp, "select text from note")).toEqual([]);
      await expect(query(asApp, "alter table note disable row level security")).rejects.toThrow("must be owner");
    } finally {
      await dropDatabase(databaseUrl);
    }
  });
} else {
  test("a prepared embedded database is prepared once, and each one opened from it is its own", async () => {
    let preparations = 0;
    const folder = mkdtempSync(join(tmpdir(), "aims-ground-"));
    const prepare = async (database: PGlite) => {
      preparations += 1;
      await database.exec("create table note (text text); insert into note values ('prepared')");
    };
    try {
      const first = await openPrepared({ from: "ground", prepare, folder });
      await first.query("insert into note values ('changed')");
      await first.close();
      const second = await openPrepared({ from: "ground", prepare, folder });
      const { rows } = await second.query("select text from note");
      await second.close();
      expect(preparations).toBe(1);
      expect(rows).toEqual([{ text: "prepared" }]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
