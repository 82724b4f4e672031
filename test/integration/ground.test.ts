import pg from "pg";
import { expect, test } from "vitest";
import { openPrepared } from "#test/ground/pglite.ts";
import { createDatabase, dropDatabase, urlOfDatabase } from "#test/ground/postgres.ts";

const { DATABASE_URL: ownerUrl, APP_DATABASE_URL: appUrl } = process.env;

test("a prepared embedded database is prepared once, and each one opened from it is its own", async () => {
  let preparations = 0;
  // A text of its own makes a snapshot of its own, whatever earlier runs left.
  const from = `ground ${process.pid} ${performance.timeOrigin}`;
  const open = () =>
    openPrepared({
      from,
      prepare: async (database) => {
        preparations += 1;
        await database.exec("create table note (text text); insert into note values ('prepared')");
      },
    });
  const first = await open();
  await first.query("insert into note values ('changed')");
  await first.close();
  const second = await open();
  const { rows } = await second.query("select text from note");
  await second.close();
  expect(preparations).toBe(1);
  expect(rows).toEqual([{ text: "prepared" }]);
});

test("on the server, the role that serves owns nothing and is bound by row-level security", async (context) => {
  if (!ownerUrl || !appUrl || ownerUrl === appUrl) return context.skip("no server with two roles (DATABASE_URL)");
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

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
