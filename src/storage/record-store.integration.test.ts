import { afterAll, beforeAll, expect, test } from "vitest";
import { endOf, parseDay, parseInstant, type Instant } from "#core/basics/time.ts";
import { back, out, via } from "#core/records/follow.ts";
import type { AnyRecord } from "#core/records/kind.ts";
import { transition } from "#core/records/transition.ts";
import { advanceClock, change, clockOf, foundOrganization, read } from "#app/change.ts";
import { openTestWorld, systemSeat } from "#app/world.testing.ts";
import type { Reader, Seat, World } from "#app/world.ts";
import { inviting, perform } from "./deeds.testing.ts";
import {
  countRecords,
  findRecord,
  findRecords,
  historyOf,
  linkSource,
  linksTo,
  listRecords,
  loadAround,
  recordsOf,
  versionsOf,
  type RecordQuery,
} from "./record-store.ts";

let world: World;
let seat: Seat;

// Ada leads, Bo and Cy report to her, Di to Bo. A day passes between the deeds on each.
beforeAll(async () => {
  world = await openTestWorld();
  seat = systemSeat(
    await foundOrganization(world, { name: "Sample", sample: true, clockAt: parseInstant("2026-01-01T08:00:00.000Z") }),
  );
  await perform(world, seat, inviting("Ada", { next_review_on: "2026-03-01" }));
  await perform(world, seat, inviting("Bo", { manager: "P01", next_review_on: "2026-02-01" }));
  await perform(world, seat, inviting("cy 100%", { manager: "P01", owner: "P01" }));
  await perform(world, seat, inviting("Di", { manager: "P02" }));
  await advanceClock(world, seat, parseInstant("2026-01-02T08:00:00.000Z"));
  await perform(world, seat, { kind: "person", ref: "P01", deed: "activate" });
  await advanceClock(world, seat, parseInstant("2026-01-03T08:00:00.000Z"));
  await perform(world, seat, { kind: "person", ref: "P02", deed: "amend", fields: { manager: "P03", job: "Tester" } });
});
afterAll(() => world.close());

const asked = <T>(work: (reader: Reader) => Promise<T>): Promise<T> => read(world, seat, work);
const refs = (records: readonly AnyRecord[]) => records.map(({ ref }) => ref);
const day = (text: string): Instant => endOf(parseDay(text));

async function pagesOf(query: RecordQuery): Promise<string[][]> {
  const pages: string[][] = [];
  for (let after: string | undefined; ;) {
    const page = await asked((reader) => listRecords(reader, { ...query, ...(after === undefined ? {} : { after }) }));
    pages.push(refs(page.records));
    if (page.next === undefined) return pages;
    after = page.next;
  }
}

test("a record is found as it is, and as it was at the end of an earlier day", async () => {
  expect(await asked((reader) => findRecord(reader, "P02"))).toMatchObject({
    rev: 2,
    manager: "P03",
    job: "Tester",
    state: "invited",
    created_at: "2026-01-01T08:00:00.002Z",
  });
  const before = await asked((reader) => findRecord(reader, "P02", day("2026-01-02")));
  expect(before).toMatchObject({ rev: 1, manager: "P01", created_at: "2026-01-01T08:00:00.002Z" });
  expect(before).not.toHaveProperty("job");
  expect(await asked((reader) => findRecord(reader, "P02", day("2025-12-31")))).toBeUndefined();
  expect(await asked((reader) => findRecord(reader, "P99"))).toBeUndefined();
  expect(refs(await asked((reader) => findRecords(reader, ["P04", "P99"])))).toEqual(["P04"]);
});

test("as at a day, records are those recorded by its end, each in its version of then", async () => {
  const asAt = async (text?: string) => {
    const found: string[] = [];
    await asked(async (reader) => {
      for await (const batch of recordsOf(reader, ["person"], text === undefined ? undefined : day(text)))
        for (const { ref, state, rev } of batch) found.push(`${ref} ${state} ${rev}`);
    });
    return found.sort();
  };
  expect(await asAt("2025-12-31")).toEqual([]);
  expect(await asAt("2026-01-01")).toEqual(["P01 invited 1", "P02 invited 1", "P03 invited 1", "P04 invited 1"]);
  expect(await asAt("2026-01-02")).toEqual(["P01 active 2", "P02 invited 1", "P03 invited 1", "P04 invited 1"]);
  expect(await asAt("2026-01-03")).toEqual(await asAt());
});

test("pages follow one another in every order, forwards and backwards, without gap or repetition", async () => {
  expect(await pagesOf({ kinds: ["person"], limit: 3 })).toEqual([["P01", "P02", "P03"], ["P04"]]);
  expect(await pagesOf({ sort: "title", limit: 2 })).toEqual([
    ["P01", "P02"],
    ["P03", "P04"],
  ]);
  expect(await pagesOf({ sort: "title", descending: true, limit: 3 })).toEqual([["P04", "P03", "P02"], ["P01"]]);
  expect(await pagesOf({ sort: "next_review_on", limit: 1 })).toEqual([["P02"], ["P01"], ["P03"], ["P04"]]);
  expect(await pagesOf({ sort: "recorded_at", descending: true, limit: 2 })).toEqual([
    ["P02", "P01"],
    ["P04", "P03"],
  ]);
  await expect(pagesOf({ after: "nonsense" })).rejects.toMatchObject({ code: "malformed" });
  await expect(pagesOf({ limit: 501 })).rejects.toMatchObject({ code: "malformed" });
});

test("filters hold together", async () => {
  expect(await pagesOf({ states: ["active"] })).toEqual([["P01"]]);
  expect(await pagesOf({ kinds: ["risk", "policy"] })).toEqual([[]]);
  expect(await pagesOf({ owner: "P01" })).toEqual([["P03"]]);
  expect(await pagesOf({ text: "TEST bo" })).toEqual([["P02"]]);
  expect(await pagesOf({ text: "p03" })).toEqual([["P02", "P03"]]);
  expect(await pagesOf({ text: "100%" })).toEqual([["P03"]]);
  expect(await pagesOf({ text: "1_0" })).toEqual([[]]);
  expect(await pagesOf({ overdueOn: parseDay("2026-02-02"), kinds: ["person"] })).toEqual([["P02"]]);
  expect(await pagesOf({ overdueOn: parseDay("2026-02-01") })).toEqual([[]]);
});

test("links are those of the newest version, in both directions", async () => {
  expect(await asked((reader) => linksTo(reader, "P01"))).toEqual([
    { from: "P03", kind: "person", field: "manager" },
    { from: "P03", kind: "person", field: "owner" },
  ]);
  const asks = [
    { way: "to", kind: "person", field: "manager", refs: ["P01", "P02"] },
    { way: "from", kind: "person", field: "manager", refs: ["P02", "P04"] },
    { way: "to", kind: "risk", field: "manager", refs: ["P01"] },
  ] as const;
  const answers = await asked((reader) => linkSource(reader).answer(asks));
  expect(answers.map((found) => [...found].sort())).toEqual([["P03", "P04"], ["P02", "P03"], []]);
});

test("around a record stands what its paths reach, loaded in one query a step", async () => {
  const records = await asked(async (reader) => {
    const roots = await findRecords(reader, ["P03"]);
    return loadAround(reader, roots, [
      { reports: via(back("person", "manager"), back("person", "manager")) },
      { manager: out("person", "manager") },
    ]);
  });
  expect(["P01", "P02", "P03", "P04"].map((ref) => records.find(ref)?.ref)).toEqual(["P01", "P02", "P03", "P04"]);
  expect(records.pointing("person", "manager", "P03")).toEqual(["P02"]);
});

test("within a change, what it made counts before what the database holds", async () => {
  await expect(
    change(world, seat, async (writer, at) => {
      const before = await writer.source.find("P04");
      if (!before) throw new Error("P04 is there");
      writer.source.put({ ...before, manager: "P03", rev: 2, recorded_at: at });
      const bo = await writer.source.find("P02");
      const cy = await writer.source.find("P03");
      if (!bo || !cy) throw new Error("Both are there");
      const path = { reports: back("person", "manager") };
      expect([...(await writer.source.around(cy, path)).pointing("person", "manager", "P03")].sort()).toEqual([
        "P02",
        "P04",
      ]);
      expect((await writer.source.around(bo, path)).pointing("person", "manager", "P02")).toEqual([]);
      throw new Error("seen");
    }),
  ).rejects.toThrow("seen");
  expect(await asked((reader) => findRecord(reader, "P04"))).toMatchObject({ rev: 1, manager: "P02" });
});

test("a history tells each version with its place in the ledger", async () => {
  const history = await asked((reader) => historyOf(reader, "P02"));
  expect(history).toMatchObject([
    { rev: 1, deed: "invite", op: "create", seq: 3, record: { manager: "P01" } },
    { rev: 2, deed: "amend", op: "update", recordedAt: "2026-01-03T08:00:00.000Z", record: { manager: "P03" } },
  ]);
  const all: string[] = [];
  await asked(async (reader) => {
    for await (const batch of versionsOf(reader, 3))
      for (const version of batch) all.push(`${version.ref} ${version.rev}`);
  });
  expect(all).toEqual(["P02 1", "P03 1", "P04 1", "P01 2", "P02 2"]);
  expect(await asked(countRecords)).toEqual([
    { kind: "person", state: "active", count: 1 },
    { kind: "person", state: "invited", count: 3 },
  ]);
});

test("new references pass over those in use, also over those that this change uses", async () => {
  const given = await change(world, seat, async (writer, at) => {
    const made: string[] = [];
    for (const ref of ["P06", undefined, undefined, undefined]) {
      const versions = await transition(
        writer.source,
        writer.mint,
        { ...inviting("New"), ...(ref === undefined ? {} : { ref }) },
        { actor: seat.actor, at },
      );
      made.push(...versions.map(({ record }) => record.ref));
      await writer.keep(versions);
    }
    return made;
  });
  expect(given).toEqual(["P06", "P05", "P07", "P08"]);
  expect((await perform(world, seat, inviting("Next")))[0]?.record.ref).toBe("P09");
});

test("only a sample's clock can be moved, and never back", async () => {
  await expect(advanceClock(world, seat, parseInstant("2026-01-01T00:00:00.000Z"))).rejects.toMatchObject({
    code: "conflict",
  });
  await advanceClock(world, seat, parseInstant("2026-06-01T00:00:00.000Z"));
  expect(await asked((reader) => clockOf(world, reader))).toBe("2026-06-01T00:00:00.000Z");
  const real = systemSeat(await foundOrganization(world, { name: "Real", sample: false }));
  await expect(advanceClock(world, real, parseInstant("2099-01-01T00:00:00.000Z"))).rejects.toMatchObject({
    code: "not-permitted",
  });
  await expect(
    foundOrganization(world, { name: "Odd", sample: false, clockAt: parseInstant("2026-01-01T00:00:00.000Z") }),
  ).rejects.toMatchObject({ code: "not-permitted" });
  await expect(
    change(world, real, (writer) =>
      writer.db.updateTable("organization").set({ clock_at: "2020-01-01T00:00:00.000Z" }).execute(),
    ),
  ).rejects.toThrow("check constraint");
});

test("each change is later than the one before, also while the machine's clock stands still or goes back", async () => {
  const still = await openTestWorld({ now: () => parseInstant("2026-05-05T05:05:05.005Z") });
  try {
    const own = systemSeat(await foundOrganization(still, { name: "Still", sample: false }));
    const versions = [...(await perform(still, own, inviting("Ada"))), ...(await perform(still, own, inviting("Bo")))];
    expect(versions.map(({ record }) => record.recorded_at)).toEqual([
      "2026-05-05T05:05:05.006Z",
      "2026-05-05T05:05:05.007Z",
    ]);
  } finally {
    await still.close();
  }
});

test("200 changes at once, over four organisations, leave four ledgers without gap", async () => {
  const seats = await Promise.all(
    [1, 2, 3, 4].map(async (number) =>
      systemSeat(await foundOrganization(world, { name: `Crowd ${number}`, sample: false })),
    ),
  );
  await Promise.all(
    Array.from({ length: 200 }, (_, number) => perform(world, seats[number % 4] ?? seat, inviting(`Person ${number}`))),
  );
  for (const each of seats) {
    const {
      entries,
      head,
      refs: given,
    } = await read(world, each, async ({ db, organization }) => ({
      entries: await db.selectFrom("ledger_entry").select("seq").orderBy("seq").execute(),
      head: await db
        .selectFrom("ledger_head")
        .select("size")
        .where("organization_id", "=", organization)
        .executeTakeFirstOrThrow(),
      refs: await db.selectFrom("record").select("ref").execute(),
    }));
    expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 52 }, (_, seq) => seq));
    expect(head.size).toBe(52);
    expect(new Set(given.map(({ ref }) => ref)).size).toBe(50);
  }
});
