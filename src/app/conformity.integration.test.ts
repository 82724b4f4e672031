import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Refusal } from "#core/basics/refusal.ts";
import { addDays, dayOf, parseInstant, type Day, type Instant } from "#core/basics/time.ts";
import { checks } from "#core/conformity/all.ts";
import { evaluate } from "#core/conformity/evaluate.ts";
import { MemoryRecords } from "#core/records/memory.ts";
import { advanceClock, clockOf, foundOrganization, read } from "./change.ts";
import { checkFromScratch, evaluateAsAt, readChecks, recomputeDue } from "./conformity.ts";
import { doDeed } from "./deed.ts";
import { actorOfAllRoles, chanceFrom, randomRequest, type Chance } from "#core/records/random-history.testing.ts";
import { openTestWorld } from "./world.testing.ts";
import type { Seat, World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

const born = parseInstant("2026-01-01T06:00:00.000Z");

async function found(): Promise<Seat> {
  const organization = await foundOrganization(world, { name: "Random", sample: true, clockAt: born });
  return { organization, actor: actorOfAllRoles, auth: "internal" };
}

/** Does a random deed, or lets it be declined. Whether it was done. */
async function tryDeed(seat: Seat, chance: Chance, records: MemoryRecords): Promise<boolean> {
  const at = await read(world, seat, (reader) => clockOf(world, reader));
  try {
    const versions = await doDeed(world, seat, randomRequest(chance, records, at));
    for (const { record } of versions) records.put(record);
    return true;
  } catch (refusal) {
    // A random deed is often declined; a fault is not what may happen.
    if (!(refusal instanceof Refusal)) throw refusal;
    return false;
  }
}

const nextDay = async (seat: Seat, days: number): Promise<Day> => {
  const at = await read(world, seat, (reader) => clockOf(world, reader));
  const day = addDays(dayOf(at), days);
  await advanceClock(world, seat, `${day}T06:00:00.000Z` as Instant);
  return day;
};

test("after any deeds and days, what is kept is what a computation from scratch gives", async () => {
  let done = 0;
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const chance = chanceFrom(seed);
      const seat = await found();
      const records = new MemoryRecords();
      for (let step = 0; step < 120; step++) {
        if (chance.is(0.15)) await nextDay(seat, 1 + chance.below(60));
        if (chance.is(0.3)) await recomputeDue(world, seat);
        if (await tryDeed(seat, chance, records)) done += 1;
        const organization = records.all("organization")[0];
        if (organization && chance.is(0.1)) await setShare(seat, organization.ref, 1 + chance.below(100));
        if (step % 6 === 0)
          expect((await checkFromScratch(world, seat)).differences, `seed ${seed}, step ${step}`).toEqual([]);
      }
      expect((await checkFromScratch(world, seat)).differences).toEqual([]);
    }),
    { numRuns: 6 },
  );
  // Were nearly all deeds declined, nothing would have been tried.
  expect(done).toBeGreaterThan(150);
}, 300_000);

const setShare = (seat: Seat, ref: string, share: number) =>
  doDeed(world, seat, {
    kind: "organization",
    ref,
    deed: "amend",
    fields: { settings: { acknowledged_share: share } },
  });

test("the share that the organisation sets moves the check in the same transaction", async () => {
  const seat = await found();
  const invite = (ref: string) =>
    doDeed(world, seat, {
      kind: "person",
      ref,
      deed: "invite",
      fields: { full_name: ref, employment: "employee", in_scope: true },
    });
  for (const ref of ["P01", "P02"]) {
    await invite(ref);
    await doDeed(world, seat, { kind: "person", ref, deed: "activate", fields: {} });
  }
  await doDeed(world, seat, { kind: "organization", ref: "ORG-1", deed: "establish", fields: { name: "Two" } });
  const approver: Seat = { ...seat, actor: { ...actorOfAllRoles, person: "P01" } };
  const policy = (deed: string, fields: object = {}) =>
    doDeed(world, deed === "approve" ? approver : seat, { kind: "policy", ref: "POL-1", deed, fields: { ...fields } });
  await policy("draft", {
    title: "AI policy",
    policy_kind: "ai_policy",
    edition: "1",
    body: "We answer for it",
    owner: "P01",
  });
  for (const deed of ["submit", "approve"]) await policy(deed);
  await policy("publish", { channels: ["Intranet"] });
  const answer = async () => (await readChecks(world, seat)).find(({ id }) => id === "policy.communicated")?.because;
  expect(await answer()).toContain("95 percent");
  await setShare(seat, "ORG-1", 40);
  expect(await answer()).toContain("40 percent");
  expect((await checkFromScratch(world, seat)).differences).toEqual([]);
});

test("as at a day is what a replay up to that day gives", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const chance = chanceFrom(seed);
      const seat = await found();
      const records = new MemoryRecords();
      const then = new Map<Day, string>();
      let day = dayOf(born);
      for (let step = 0; step < 80; step++) {
        await tryDeed(seat, chance, records);
        if (!chance.is(0.2)) continue;
        const ground = { records, day, shared: new Map() };
        then.set(day, JSON.stringify(checks.map((check) => evaluate(check, ground).result)));
        day = await nextDay(seat, 1 + chance.below(30));
      }
      for (const [past, answers] of then) {
        const { results } = await read(world, seat, (reader) => evaluateAsAt(reader, past));
        expect(JSON.stringify(results), `seed ${seed}, ${past}`).toBe(answers);
      }
    }),
    { numRuns: 4 },
  );
}, 300_000);

test("a result that only time alters moves on its day, by the tick or by the next deed", async () => {
  const seat = await found();
  await doDeed(world, seat, {
    kind: "person",
    ref: "P01",
    deed: "invite",
    fields: { full_name: "Ada", employment: "employee" },
  });
  await doDeed(world, seat, {
    kind: "role_assignment",
    deed: "propose",
    fields: { role_key: "aims_manager", person: "P01" },
  });
  const due = (await readChecks(world, seat)).find(({ id }) => id === "roles.accepted");
  expect(due?.result).toBe("pass");
  expect(due?.changesOn).toBe("2026-02-01");
  await nextDay(seat, 30);
  expect((await recomputeDue(world, seat)).map(({ id }) => id)).not.toContain("roles.accepted");
  await nextDay(seat, 1);
  expect((await recomputeDue(world, seat)).map(({ id }) => id)).toContain("roles.accepted");
});
