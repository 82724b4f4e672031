import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { Refusal } from "#core/basics/refusal.ts";
import { instantOf, millisecondsOf, type Instant } from "#core/basics/time.ts";
import { parseVerifierKey } from "#core/ledger/note.ts";
import { emptyRoot } from "#core/ledger/tree.ts";
import { enterForReading, type OrganizationId, type Reader } from "#storage/reader.ts";
import { Writer, systemId, type LockedHead } from "#storage/writer.ts";
import type { Seat, World } from "./world.ts";

/** Whether this flow of work is in a transaction already: the embedded engine has one connection, and would wait for itself. */
const inTransaction = new AsyncLocalStorage<true>();

/**
 * Runs `work` and keeps what it did together with its ledger entries, in one transaction: either all
 * is kept or nothing is. This is the only way to write, and the only maker of a `Writer`.
 *
 * The organisation's ledger head is locked first, not last: checks are computed in the same
 * transaction, and must see a state that nobody else is about to alter. Writes of one organisation
 * follow one another; those of different organisations do not wait.
 *
 * @throws {Refusal} `not-found` for an organisation that there is not; and what `work` throws
 */
export async function change<T>(
  world: World,
  seat: Seat,
  work: (writer: Writer, at: Instant) => Promise<T>,
): Promise<T> {
  const result = await apart(() =>
    world.database.db.transaction().execute(async (db) => {
      const { rows } = await sql<{
        size: number | null;
        last_at: Instant;
        sample: boolean;
        clock_at: Instant | null;
      }>`select * from enter_for_writing(${seat.organization}::uuid)`.execute(db);
      const [row] = rows;
      if (!row || row.size === null) throw unknownOrganization(seat.organization);
      const head: LockedHead = {
        size: row.size,
        lastAt: row.last_at,
        sample: row.sample,
        clockAt: row.clock_at ?? undefined,
      };
      const writer = new Writer(db, seat.organization, seat, { ...head, now: world.now() });
      const result = await work(writer, writer.at);
      await writer.finish();
      return result;
    }),
  );
  await world.database.settle();
  return result;
}

/** Runs `work` in a read-only transaction that sees one organisation, at one moment. */
export function read<T>(
  world: World,
  seat: Pick<Seat, "organization">,
  work: (reader: Reader) => Promise<T>,
): Promise<T> {
  return apart(() =>
    world.database.db
      .transaction()
      .setIsolationLevel("repeatable read")
      .execute(async (db) => work(await enterForReading(db, seat.organization))),
  );
}

/** Runs a transaction, and refuses to begin one inside another. */
export function apart<T>(work: () => Promise<T>): Promise<T> {
  if (inTransaction.getStore())
    throw new Error("A change or read began inside another: hand on its writer or reader instead");
  return inTransaction.run(true, work);
}

/**
 * Founds an organisation and its ledger, whose first entry is the birth and whose second is the key. A
 * sample carries that mark for ever, and has a clock of its own that starts at `clockAt`.
 */
export async function foundOrganization(
  world: World,
  about: { name: string; sample: boolean; clockAt?: Instant },
): Promise<OrganizationId> {
  if (about.name.trim() === "" || about.name.length > 500)
    throw new Refusal("malformed", "Cannot found organisation: its name has 1 to 500 characters");
  if (!about.sample && about.clockAt !== undefined)
    throw new Refusal("not-permitted", `Cannot found "${about.name}" with a clock of its own: only a sample has one`);
  const organization = randomUUID() as OrganizationId;
  const born = about.clockAt ?? world.now();
  const clock = about.sample ? born : undefined;
  const before = instantOf(millisecondsOf(born) - 1);
  await apart(() =>
    world.database.db.transaction().execute(async (db) => {
      await sql`select set_config('aims.organization', ${organization}, true)`.execute(db);
      await db
        .insertInto("organization")
        .values({
          organization_id: organization,
          name: about.name,
          sample: about.sample,
          born_at: born,
          clock_at: clock ?? null,
        })
        .execute();
      await db.insertInto("ledger_head").values({ organization_id: organization, size: 0, last_at: before }).execute();
      await db
        .insertInto("ledger_tree")
        .values({ organization_id: organization, size: 0, root: emptyRoot() })
        .execute();
      const author = {
        actor: { kind: "system", id: systemId, assignments: [], administrator: true },
        auth: "internal",
      } as const;
      const writer = new Writer(db, organization, author, {
        size: 0,
        lastAt: before,
        sample: about.sample,
        clockAt: clock,
        now: world.now(),
      });
      await writer.announce({
        type: "organization",
        op: "create",
        deed: "found",
        fields: { name: about.name, sample: about.sample },
      });
      await announceKey(world, writer);
      await writer.finish();
    }),
  );
  await world.database.settle();
  return organization;
}

/** Makes a key for the organisation's ledger and enters it there. Returns the verifier key. */
export async function announceKey(world: World, writer: Writer): Promise<string> {
  const { db, organization } = writer;
  // A ledger keeps the name it was born with, wherever it is served from.
  const former = await db
    .selectFrom("ledger_key")
    .select("vkey")
    .where("organization_id", "=", organization)
    .orderBy("valid_from_size")
    .limit(1)
    .executeTakeFirst();
  const vkey = world.keys.create(former ? parseVerifierKey(former.vkey).name : originOf(world, organization));
  await writer.announce({ type: "ledger", op: "key", deed: "announce_key", fields: { vkey } });
  const head = await db
    .selectFrom("ledger_head")
    .select("size")
    .where("organization_id", "=", organization)
    .executeTakeFirstOrThrow();
  await db
    .updateTable("ledger_key")
    .set({ retired_at_size: head.size })
    .where("organization_id", "=", organization)
    .where("retired_at_size", "is", null)
    .execute();
  await db
    .insertInto("ledger_key")
    .values({ organization_id: organization, vkey, valid_from_size: head.size - 1, announced_at: writer.at })
    .execute();
  return vkey;
}

/** The name of the organisation's ledger, and of its key. */
export function originOf(world: Pick<World, "host">, organization: OrganizationId): string {
  return `${world.host}/${organization}/ledger`;
}

/** The moment as the organisation knows it: the machine's, or the sample's simulated one. */
export async function clockOf(world: World, { db, organization }: Reader): Promise<Instant> {
  const row = await db
    .selectFrom("organization")
    .select("clock_at")
    .where("organization_id", "=", organization)
    .executeTakeFirst();
  if (!row) throw unknownOrganization(organization);
  return (row.clock_at as Instant | null) ?? world.now();
}

/** Moves a sample organisation's clock on. @throws {Refusal} `not-permitted` for a real organisation; `conflict` backwards */
export function advanceClock(world: World, seat: Seat, to: Instant): Promise<void> {
  return change(world, seat, async (writer) => writer.moveClock(to));
}

/** Every organisation in the database, by name. */
export function listOrganizations(
  world: World,
): Promise<readonly { id: OrganizationId; name: string; sample: boolean }[]> {
  return apart(() =>
    world.database.db.transaction().execute(async (db) => {
      await sql`select set_config('transaction_read_only', 'on', true), set_config('aims.directory', 'on', true)`.execute(
        db,
      );
      const rows = await db
        .selectFrom("organization")
        .select(["organization_id", "name", "sample"])
        .orderBy("name")
        .orderBy("organization_id")
        .execute();
      return rows.map((row) => ({ id: row.organization_id as OrganizationId, name: row.name, sample: row.sample }));
    }),
  );
}

function unknownOrganization(organization: string): Refusal {
  return new Refusal("not-found", `Cannot enter organisation "${organization}": there is none of that id`);
}
