import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import pg from "pg";
import { change, foundOrganization } from "#app/change.ts";
import { recomputeAll } from "#app/conformity.ts";
import { doDeed } from "#app/deed.ts";
import { systemSeat, testImages } from "#app/world.testing.ts";
import { openWorld, type Seat, type World } from "#app/world.ts";
import { dayOf } from "#core/basics/time.ts";
import { transition, type Request } from "#core/records/transition.ts";
import { createDatabase, findPostgres, startPostgres } from "#test/ground/postgres.ts";
import { compare, measure, withGoal, type Bench, type Measurement } from "./harness.ts";

// One deed with its ledger entry and its checks, against the same write without either: the same rules are
// asked, the same row is read, updated and versioned, in a transaction of its own.

const organizations = 8;
const people = 100;

export const bench: Bench = {
  title: "One deed",
  async run() {
    const measurements = await onEngine("PGlite");
    if (!findPostgres()) return measurements;
    const server = await startPostgres();
    try {
      const url = await createDatabase(server.ownerUrl);
      measurements.push(...(await onEngine("PostgreSQL", url)));
    } finally {
      await server.stop();
    }
    return measurements;
  },
};

async function onEngine(engine: string, url?: string): Promise<Measurement[]> {
  const folder = mkdtempSync(join(tmpdir(), "aims-bench-"));
  if (url !== undefined) await withClient(url, plainTables);
  const world = await openWorld({
    data: join(folder, "data"),
    images: testImages,
    ...(url === undefined ? {} : { url }),
  });
  try {
    const seats = await Promise.all(
      Array.from({ length: organizations }, (_, number) => newOrganization(world, `Organisation ${number}`)),
    );
    await world.database.maintain();
    return await measureDeeds(world, seats, { engine, hasPlain: url !== undefined });
  } finally {
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureDeeds(
  world: World,
  seats: readonly Seat[],
  { engine, hasPlain }: { engine: string; hasPlain: boolean },
): Promise<Measurement[]> {
  const [seat] = seats;
  if (!seat) throw new Error("There are organisations");
  const measurements: Measurement[] = [];
  const withLedger = () =>
    change(world, seat, async (writer, at) =>
      writer.keep(await transition(writer.source, writer.mint, amending(), { actor: seat.actor, at })),
    );
  measurements.push(
    await measure(`${engine}: a deed with its ledger entry, without checks`, withLedger, {
      warmUps: 30,
      runs: 200,
      items: 1,
    }),
  );
  const whole = () => doDeed(world, seat, amending());
  if (hasPlain) {
    await change(world, seat, (writer) =>
      sql`insert into plain_record select r.organization_id, r.ref, r.rev, r.body from record r`.execute(writer.db),
    );
    const [base, measured] = await compare(
      { name: `${engine}: the same write without ledger and checks`, work: () => writePlain(world, seat) },
      { name: `${engine}: a deed with ledger entry and checks`, work: whole },
      { warmUps: 30, runs: 200 },
    );
    measurements.push(
      base,
      withGoal(measured, "at most 2.5 x the write without", ({ ratio }) => (ratio?.times ?? 0) <= 2.5),
    );
  } else
    measurements.push(
      await measure(`${engine}: a deed with ledger entry and checks`, whole, { warmUps: 30, runs: 200, items: 1 }),
    );
  const crowd = await measure(
    `${engine}: deeds over ${organizations} organisations at once`,
    () => Promise.all(seats.flatMap((each) => Array.from({ length: 10 }, () => doDeed(world, each, amending())))),
    { warmUps: 2, runs: 10, items: organizations * 10 },
  );
  measurements.push(withGoal(crowd, "500/s", ({ perSecond }) => (perSecond ?? 0) >= 500));
  return measurements;
}

let count = 0;
function amending(): Request {
  count += 1;
  return {
    kind: "person",
    ref: `P${String(1 + (count % people)).padStart(2, "0")}`,
    deed: "amend",
    fields: { job: `Job ${count}` },
  };
}

async function newOrganization(world: World, name: string): Promise<Seat> {
  const seat = systemSeat(await foundOrganization(world, { name, sample: false }));
  await change(world, seat, async (writer, at) => {
    for (let number = 0; number < people; number += 1)
      await writer.keep(
        await transition(
          writer.source,
          writer.mint,
          { kind: "person", deed: "invite", fields: { full_name: `Person ${number}`, employment: "employee" } },
          { actor: seat.actor, at },
        ),
      );
    await recomputeAll(writer, dayOf(at));
  });
  return seat;
}

/** What a store of records without ledger and checks would do for the same deed. */
async function writePlain(world: World, seat: Seat): Promise<void> {
  const request = amending();
  await world.database.db.transaction().execute(async (db) => {
    await sql`select set_config('aims.organization', ${seat.organization}, true)`.execute(db);
    const { rows } = await sql<{
      rev: number;
      body: Record<string, unknown>;
    }>`select rev, body from plain_record where organization_id = ${seat.organization} and ref = ${request.ref} for update`.execute(
      db,
    );
    const [row] = rows;
    if (!row) throw new Error("There is a record");
    const body = JSON.stringify({ ...row.body, ...request.fields });
    await sql`update plain_record set rev = rev + 1, body = ${body}::jsonb where organization_id = ${seat.organization} and ref = ${request.ref} and rev = ${row.rev}`.execute(
      db,
    );
    await sql`insert into plain_version values (${seat.organization}::uuid, ${request.ref}, ${row.rev + 1}, ${body})`.execute(
      db,
    );
  });
}

async function plainTables(client: pg.Client): Promise<void> {
  await client.query(`create table plain_record (organization_id uuid, ref text, rev integer, body jsonb, primary key (organization_id, ref));
    create table plain_version (organization_id uuid, ref text, rev integer, payload text, primary key (organization_id, ref, rev));`);
  for (const table of ["plain_record", "plain_version"])
    await client.query(`alter table ${table} enable row level security; alter table ${table} force row level security;
      create policy own on ${table} using (organization_id = nullif(current_setting('aims.organization', true), '')::uuid)`);
}

async function withClient(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
