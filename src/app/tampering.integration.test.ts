import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inviting, perform } from "#storage/deeds.testing.ts";
import { createDatabase } from "#test/ground/postgres.ts";
import { foundOrganization } from "./change.ts";
import { publishCheckpoint, verifyLive } from "./ledger.ts";
import { drop, systemSeat, testImages } from "./world.testing.ts";
import { openWorld, type Seat, type World } from "./world.ts";

// Somebody with the database's own password switches the triggers off and changes rows. Each way of doing it
// has an organisation of its own, and live verification has to say what happened there.

const { DATABASE_URL: serverUrl } = process.env;
const folder = mkdtempSync(join(tmpdir(), "aims-tampering-"));
const json = "encode(entry, 'escape')::jsonb";

/** Statements, and what is said afterwards. `$` stands for the organisation's id. */
const ways: Record<string, { statements: readonly string[]; says: RegExp }> = {
  "nothing at all": { statements: [], says: /^$/ },
  "a record's field": {
    statements: [
      `update record set body = jsonb_set(body, '{job}', '"Boss"') where organization_id = $ and ref = 'P02'`,
    ],
    says: /P02 is not as its newest version says/,
  },
  "a record's state": {
    statements: ["update record set state = 'left' where organization_id = $ and ref = 'P02'"],
    says: /P02 is not as its newest version says/,
  },
  "a record and its version": {
    statements: [
      `update record_version set payload = replace(payload, 'Person 1', 'Person X') where organization_id = $ and ref = 'P02'`,
      `update record set body = (select payload::jsonb -> 'fields' from record_version v where v.organization_id = $ and v.ref = 'P02') where organization_id = $ and ref = 'P02'`,
    ],
    says: /Version 1 is not the one that entry 3 commits to/,
  },
  "who a version is by": {
    statements: [
      "update record_version set recorded_at = '2001-01-01T00:00:00.000Z' where organization_id = $ and ref = 'P02'",
    ],
    says: /says otherwise than entry 3|P02 is not as/,
  },
  "an entry": {
    statements: [
      `update ledger_entry set entry = convert_to((jsonb_set(${json}, '{deed}', '"amend"'))::text, 'UTF8') where organization_id = $ and seq = 3`,
    ],
    says: /Cannot accept entry|says otherwise|does not hold the hashes/,
  },
  "an entry, in its canonical form": {
    statements: [
      `update ledger_entry set entry = convert_to(replace(convert_from(entry, 'UTF8'), '"deed":"invite"', '"deed":"amend"'), 'UTF8') where organization_id = $ and seq = 3`,
    ],
    says: /Version 1 says otherwise than entry 3/,
  },
  "the newest entries away": {
    statements: [
      "delete from record where organization_id = $ and ref = 'P05'",
      "delete from record_version where organization_id = $ and ref = 'P05'",
      "delete from ledger_entry where organization_id = $ and seq = 6",
      "update ledger_head set size = 6 where organization_id = $",
    ],
    says: /A checkpoint over 7 entries was signed, and the ledger has 6|The tree has 7 entries/,
  },
  "an entry in the middle away": {
    statements: ["delete from ledger_entry where organization_id = $ and seq = 4"],
    says: /Entry 4 is missing/,
  },
  "a record away": {
    statements: ["delete from record where organization_id = $ and ref = 'P03'"],
    says: /P03 is in the ledger, and there is no such record/,
  },
  "a version's content away": {
    statements: [
      "update record_version set payload = null, salt = null, content_hash = null, erased_at = recorded_at where organization_id = $ and ref = 'P04'",
    ],
    says: /has lost its content, and no entry says that it was erased/,
  },
  "a tile": {
    statements: [
      "update ledger_tile set hashes = overlay(hashes placing '\\x00'::bytea from 40) where organization_id = $",
    ],
    says: /Tile "tile\/0\/000.p\/7" does not hold the hashes of its entries/,
  },
  "the tree's root": {
    statements: ["update ledger_tree set root = sha256('x') where organization_id = $"],
    says: /The tree of 7 entries has another root than its entries/,
  },
  "a checkpoint": {
    statements: ["update ledger_checkpoint set note = replace(note, E'\\n7\\n', E'\\n8\\n') where organization_id = $"],
    says: /signature of ".*" is wrong/,
  },
  "a link": {
    statements: ["delete from record_link where organization_id = $ and from_ref = 'P02'"],
    says: /A link of P02 is missing/,
  },
  "a link more": {
    statements: ["insert into record_link values ($, 'P01', 'manager', 'P05', 'person')"],
    says: /5 links are kept, and the records hold 4/,
  },
  "a record that never was": {
    statements: [
      "insert into record (organization_id, record_id, kind, ref, state, rev, body, content_hash, created_at, recorded_at, state_since, search) select organization_id, gen_random_uuid(), kind, 'P99', state, 1, body, content_hash, created_at, recorded_at, state_since, search from record where organization_id = $ and ref = 'P01'",
    ],
    says: /P99 is a record, and the ledger knows nothing of it/,
  },
};

let world: World;
let url: string | undefined;
const seats = new Map<string, Seat>();

beforeAll(async () => {
  url = serverUrl === undefined ? undefined : await createDatabase(serverUrl);
  const settings = { data: join(folder, "data"), images: testImages, ...(url === undefined ? {} : { url }) };
  world = await openWorld(settings);
  for (const way of Object.keys(ways)) {
    const seat = systemSeat(await foundOrganization(world, { name: way, sample: false }));
    seats.set(way, seat);
    for (let number = 0; number < 5; number += 1)
      await perform(world, seat, inviting(`Person ${number}`, number > 0 ? { manager: "P01" } : {}));
    await publishCheckpoint(world, seat);
  }
  await world.close();
  await tamper();
  world = await openWorld(settings);
}, 120_000);
afterAll(async () => {
  await world.close();
  if (url !== undefined) await drop(url);
  rmSync(folder, { recursive: true });
});

async function tamper(): Promise<void> {
  const client =
    url === undefined
      ? await PGlite.create({ dataDir: join(folder, "data", "database") })
      : new pg.Client({ connectionString: url });
  if (client instanceof pg.Client) await client.connect();
  const run = async (text: string) =>
    void (await (client instanceof pg.Client ? client.query(text) : client.exec(text)));
  for (const table of ["record", "record_version", "ledger_entry", "ledger_checkpoint"])
    await run(`alter table ${table} disable trigger user`);
  for (const [way, { statements }] of Object.entries(ways)) {
    const organization = seats.get(way)?.organization ?? "";
    await run(`select set_config('aims.organization', '${organization}', false)`);
    for (const statement of statements) await run(statement.replaceAll("$", `'${organization}'`));
  }
  for (const table of ["record", "record_version", "ledger_entry", "ledger_checkpoint"])
    await run(`alter table ${table} enable trigger user`);
  if (client instanceof pg.Client) await client.end();
  else await client.close();
}

for (const [way, { says }] of Object.entries(ways))
  test(`whoever changes ${way} behind the ledger is found`, async () => {
    const seat = seats.get(way);
    if (!seat) throw new Error("Each way has its organisation");
    const { problems } = await verifyLive(world, seat);
    expect(problems.map(({ message }) => message).join("\n")).toMatch(says);
  });

test("a head that does not extend the one signed before is not signed", async () => {
  for (const way of ["a tile", "a checkpoint"]) {
    const seat = seats.get(way);
    if (!seat) throw new Error("Each way has its organisation");
    await perform(world, seat, inviting("Late"));
    await expect(publishCheckpoint(world, seat), way).rejects.toMatchObject({ code: "proof-rejected" });
  }
});
