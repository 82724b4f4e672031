import { sql, type Kysely } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { change, foundOrganization, listOrganizations, read } from "#app/change.ts";
import { openTestWorld, systemSeat } from "#app/world.testing.ts";
import type { Seat, World } from "#app/world.ts";
import { inviting, perform } from "./deeds.testing.ts";
import { leafHash } from "#core/ledger/tree.ts";
import type { Tables } from "./tables.ts";

// What the database itself refuses, whoever asks: each of these goes past the application by raw SQL.

let world: World;
let seat: Seat;
let stranger: Seat;

beforeAll(async () => {
  world = await openTestWorld();
  seat = systemSeat(await foundOrganization(world, { name: "Own", sample: false }));
  stranger = systemSeat(await foundOrganization(world, { name: "Other", sample: false }));
  for (const [as, name] of [
    [seat, "Ada"],
    [seat, "Bo"],
    [stranger, "Cy"],
  ] as const)
    await perform(world, as, inviting(name));
});
afterAll(() => world.close());

/** Runs a statement as the application's role, in a transaction that entered the organisation. */
function raw(statement: string, as: Seat = seat): Promise<unknown[]> {
  return within(as, async (db) => (await sql.raw(statement).execute(db)).rows);
}

function within<T>(as: Seat, work: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
  return world.database.db.transaction().execute(async (db) => {
    await sql`select set_config('aims.organization', ${as.organization}, true)`.execute(db);
    return work(db);
  });
}

test("a record cannot be changed behind the ledger: the transaction does not commit (INV-01)", async () => {
  await expect(raw(`update record set body = jsonb_set(body, '{job}', '"Boss"') where ref = 'P01'`)).rejects.toThrow(
    "Cannot commit record P01: it is not as its newest version says",
  );
  await expect(raw(`update record set state = 'left' where ref = 'P01'`)).rejects.toThrow(
    "it is not as its newest version says",
  );
  await expect(raw(`update record set recorded_by = 'P02' where ref = 'P01'`)).rejects.toThrow(
    "it is not as its newest version says",
  );
  expect(await raw(`select state, body ->> 'job' as job from record where ref = 'P01'`)).toEqual([
    { state: "invited", job: null },
  ]);
});

test("a record or version without an entry does not commit (INV-01)", async () => {
  const version = `insert into record_version (organization_id, record_id, rev, seq, kind, ref, deed, op, state, content_hash, state_since, recorded_at, payload, salt)
    select organization_id, record_id, 2, 999, kind, ref, 'amend', 'update', state, content_hash, state_since, recorded_at, payload, salt from record_version where ref = 'P01'`;
  await expect(raw(version)).rejects.toThrow("Cannot commit version 2 of P01: it has no entry in the ledger");
  const record = `insert into record (organization_id, record_id, kind, ref, state, rev, body, content_hash, created_at, recorded_at, state_since, search)
    select organization_id, gen_random_uuid(), kind, 'P99', state, 1, body, content_hash, created_at, recorded_at, state_since, search from record where ref = 'P01'`;
  await expect(raw(record)).rejects.toThrow("Cannot commit record P99: it has no version in the ledger");
});

test("a version whose entry commits to other content does not commit (INV-01)", async () => {
  const forged = `with newest as (select * from record_version where ref = 'P01'), entry as (
      insert into ledger_entry (organization_id, seq, entry)
      select organization_id, 900, convert_to(jsonb_set(jsonb_set(encode(entry, 'escape')::jsonb, '{rev}', '2'), '{op}', '"update"')::text, 'UTF8') from ledger_entry where seq = (select seq from newest)
    )
    insert into record_version (organization_id, record_id, rev, seq, kind, ref, deed, op, state, content_hash, state_since, recorded_at, payload, salt)
    select organization_id, record_id, 2, 900, kind, ref, 'amend', 'update', state, content_hash, state_since, recorded_at, replace(payload, 'Ada', 'Eve'), salt from newest`;
  await expect(raw(forged)).rejects.toThrow(
    "Cannot commit version 2 of P01: its entry in the ledger commits to other content",
  );
});

test("what the ledger holds is neither changed nor taken away (INV-01)", async () => {
  for (const statement of [
    "update ledger_entry set entry = entry",
    "delete from ledger_entry",
    "truncate ledger_entry",
    "update ledger_checkpoint set note = ''",
    "delete from ledger_checkpoint",
    "delete from record_version",
    "truncate record_version",
    "delete from record",
    "delete from organization",
    "delete from ledger_head",
    "delete from ledger_key",
  ])
    await expect(raw(statement), statement).rejects.toThrow(/permission denied/);
  for (const statement of [
    "update record_version set payload = '{}' where ref = 'P01'",
    "update record_version set deed = 'judge' where ref = 'P01'",
    "update record_version set erased_at = recorded_at where ref = 'P01'",
  ])
    await expect(raw(statement), statement).rejects.toThrow("a version that was kept can only be erased");
  await expect(
    raw(
      "update record_version set payload = null, salt = null, content_hash = null, erased_at = recorded_at where ref = 'P01'",
    ),
  ).rejects.toThrow("Cannot commit erasure of version 1 of P01: no entry of the ledger says so");
});

test("the owner of the tables is stopped too (INV-01)", async () => {
  for (const table of ["ledger_entry", "ledger_checkpoint", "record_version", "record"]) {
    const { rows } = await sql<{ trigger: string; bits: number }>`
      select tgname as trigger, tgtype::integer as bits from pg_trigger where tgrelid = ${table}::regclass and tgname = 'only_added_to' and tgenabled = 'O'`.execute(
      world.database.db,
    );
    // Bits of pg_trigger.tgtype: 2 before, 8 delete, 32 truncate; row triggers would have 1.
    expect(
      rows.map(({ bits }) => bits & 43),
      table,
    ).toEqual([42]);
  }
});

test("the database computes the leaf hash of RFC 9162, and reads record, revision and commitment from the entry itself", async () => {
  const rows = await within(seat, async (db) => await db.selectFrom("ledger_entry").selectAll().execute());
  expect(rows.length).toBe(4);
  for (const { entry, leaf_hash, rid, rev, commitment } of rows) {
    const says = JSON.parse(Buffer.from(entry).toString()) as { rid: string; rev: number; commit: { d: string } };
    expect(Buffer.from(leaf_hash).equals(Buffer.from(leafHash(entry)))).toBe(true);
    expect([rid, rev, Buffer.from(commitment).toString("base64")]).toEqual([says.rid, says.rev, says.commit.d]);
  }
});

test("another organisation's rows are invisible and cannot be written", async () => {
  for (const table of [
    "organization",
    "record",
    "record_version",
    "record_link",
    "ledger_entry",
    "ledger_head",
    "ledger_key",
    "ledger_tree",
  ]) {
    const rows = (await raw(`select distinct organization_id from ${table}`)) as { organization_id: string }[];
    expect(
      rows.every((row) => row.organization_id === seat.organization),
      table,
    ).toBe(true);
  }
  expect(await raw(`select ref from record where organization_id = '${stranger.organization}'`)).toEqual([]);
  expect(
    await raw(`update organization set name = 'Mine' where organization_id = '${stranger.organization}' returning 1`),
  ).toEqual([]);
  await expect(
    raw(`insert into record_link values ('${stranger.organization}', 'P01', 'manager', 'P02', 'person')`),
  ).rejects.toThrow("row-level security");
  await expect(
    raw(
      `update record_link set organization_id = '${stranger.organization}'; insert into ref_counter values ('${stranger.organization}', 'P', 1)`,
    ),
  ).rejects.toThrow(/row-level security|multiple commands/);
});

test("without an organisation there is nothing to see, and nobody is bound less than that", async () => {
  const { rows } = await sql`select * from record`.execute(world.database.db);
  expect(rows).toEqual([]);
  await expect(sql`alter table record disable row level security`.execute(world.database.db)).rejects.toThrow(
    "must be owner",
  );
  const { rows: roles } = await sql<{
    free: boolean;
  }>`select rolsuper or rolbypassrls as free from pg_roles where rolname = current_user`.execute(world.database.db);
  expect(roles).toEqual([{ free: false }]);
  await expect(sql`insert into schema_migration values ('999-x', '')`.execute(world.database.db)).rejects.toThrow(
    "permission denied",
  );
});

test("the list of organisations is told to those who ask for it by name", async () => {
  expect((await listOrganizations(world)).map(({ name }) => name)).toEqual(["Other", "Own"]);
});

test("a refused deed leaves no entry, and a stale version is refused", async () => {
  const count = async () =>
    (await read(world, seat, (reader) => reader.db.selectFrom("ledger_entry").select("seq").execute())).length;
  const before = await count();
  await expect(perform(world, seat, { kind: "person", ref: "P01", deed: "approve" })).rejects.toMatchObject({
    code: "not-found",
  });
  const [made] = await perform(world, seat, { kind: "person", ref: "P01", deed: "amend", fields: { job: "Chief" } });
  expect(await count()).toBe(before + 1);
  if (!made) throw new Error("A deed makes a version");
  await expect(
    change(world, seat, (writer, at) => writer.keep([{ ...made, record: { ...made.record, recorded_at: at } }])),
  ).rejects.toMatchObject({ code: "stale" });
  await expect(
    change(world, seat, (writer, at) =>
      writer.keep([
        { ...made, before: undefined, record: { ...made.record, id: writer.mint.id(), rev: 1, recorded_at: at } },
      ]),
    ),
  ).rejects.toMatchObject({ code: "conflict" });
  expect(await count()).toBe(before + 1);
});

test("text that the database cannot hold is refused before it gets there", async () => {
  await expect(perform(world, seat, inviting("N\u0000l"))).rejects.toMatchObject({ code: "malformed" });
  const [kept] = await perform(world, seat, inviting("Back\\u0000slash"));
  expect(kept?.record.title).toBe("Back\\u0000slash");
});

test("an unknown organisation cannot be entered", async () => {
  const nowhere = systemSeat("00000000-0000-4000-8000-00000000dead" as Seat["organization"]);
  await expect(perform(world, nowhere, inviting("Ada"))).rejects.toMatchObject({ code: "not-found" });
});

test("a change within a change is a fault, told at once instead of a wait without end", async () => {
  await expect(change(world, seat, () => perform(world, seat, inviting("Ada")))).rejects.toThrow(
    "began inside another",
  );
});

test("organization_id leads every primary key, unique index, index and foreign key, and row-level security is forced everywhere", async () => {
  const outside = ["schema_migration"];
  const { rows: tables } = await sql<{ name: string; guarded: boolean; policies: number }>`
    select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as guarded, (select count(*) from pg_policy p where p.polrelid = c.oid and p.polcmd = '*') as policies
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`.execute(
    world.database.db,
  );
  const inside = tables.filter(({ name }) => !outside.includes(name));
  expect(inside.length).toBeGreaterThan(11);
  expect(inside.filter(({ guarded, policies }) => !guarded || policies !== 1).map(({ name }) => name)).toEqual([]);

  const { rows: indexes } = await sql<{ name: string; leads: string | null }>`
    select i.indexrelid::regclass::text as name, a.attname as leads from pg_index i join pg_class c on c.oid = i.indrelid
    left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
    where c.relnamespace = 'public'::regnamespace and c.relname <> all(${outside}::text[])`.execute(world.database.db);
  expect(indexes.length).toBeGreaterThan(15);
  expect(indexes.filter(({ leads }) => leads !== "organization_id")).toEqual([]);

  const { rows: keyless } = await sql<{ name: string }>`
    select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not exists (select 1 from pg_index i where i.indrelid = c.oid and i.indisprimary)`.execute(
    world.database.db,
  );
  expect(keyless).toEqual([]);

  const { rows: foreign } = await sql<{ name: string; from: string; to: string }>`
    select k.conname as name, f.attname as "from", t.attname as "to" from pg_constraint k
    join pg_attribute f on f.attrelid = k.conrelid and f.attnum = k.conkey[1] join pg_attribute t on t.attrelid = k.confrelid and t.attnum = k.confkey[1]
    where k.contype = 'f' and k.connamespace = 'public'::regnamespace`.execute(world.database.db);
  expect(foreign.length).toBeGreaterThan(5);
  expect(foreign.filter(({ from, to }) => from !== "organization_id" || to !== "organization_id")).toEqual([]);
});
