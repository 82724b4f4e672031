import { afterAll, beforeAll, expect, test } from "vitest";
import { advanceClock, foundOrganization } from "#app/change.ts";
import { readChecks } from "#app/conformity.ts";
import { doDeed } from "#app/deed.ts";
import { systemSeat } from "#app/found.ts";
import { listRecords, readRecord } from "#app/records.ts";
import { openTestWorld } from "#app/world.testing.ts";
import type { Seat, World } from "#app/world.ts";
import { parseInstant } from "#core/basics/time.ts";
import { noDaysSeen, tickDays, verifyDays } from "./daily.ts";

let world: World;
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

const born = parseInstant("2026-01-01T06:00:00.000Z");

async function found(): Promise<Seat> {
  return systemSeat(await foundOrganization(world, { name: "Days", sample: true, clockAt: born }));
}

async function openTask(seat: Seat): Promise<string> {
  const [person] = await doDeed(world, seat, {
    kind: "person",
    deed: "invite",
    fields: { full_name: "Ada Lund", employment: "employee", in_scope: true },
  });
  await doDeed(world, seat, { kind: "person", ref: person?.record.ref, deed: "activate" });
  const [task] = await doDeed(world, seat, {
    kind: "task",
    deed: "open",
    fields: { title: "Look", assignee: person?.record.ref, owner: person?.record.ref, due_on: "2026-01-10" },
  });
  return task?.record.ref ?? "";
}

async function escalations(seat: Seat, ref: string): Promise<unknown> {
  const { record } = await readRecord(world, seat, ref);
  return record["escalated"];
}

test("what falls due is done on its day, once, and not before", async () => {
  const seat = await found();
  const task = await openTask(seat);
  const seen = noDaysSeen();
  const on = async (day: string) => {
    await advanceClock(world, seat, parseInstant(`${day}T06:00:00.000Z`));
    await tickDays(world, seen);
    return escalations(seat, task);
  };
  expect(await on("2026-01-14")).toBeUndefined();
  expect(await on("2026-01-15")).toBe(1);
  await tickDays(world, seen);
  await tickDays(world, noDaysSeen());
  expect(await escalations(seat, task)).toBe(1);
  expect(await on("2026-01-24")).toBe(1);
  // Days that nobody was there for are made up for.
  expect(await on("2026-03-01")).toBe(3);
  expect(await on("2026-12-01")).toBe(3);
});

test("the history is verified once a day, and the checks read what was found", async () => {
  const seat = await found();
  await openTask(seat);
  const answer = async () => (await readChecks(world, seat)).find(({ id }) => id === "history.intact")?.result;
  expect(await answer()).toBe("unknown");
  await verifyDays(world, noDaysSeen());
  await verifyDays(world, noDaysSeen());
  expect(await answer()).toBe("pass");
  expect((await listRecords(world, seat, { kind: "snapshot" })).records).toHaveLength(1);
  await advanceClock(world, seat, parseInstant("2026-01-09T06:00:00.000Z"));
  expect(await answer()).toBe("unknown");
  await verifyDays(world, noDaysSeen());
  expect(await answer()).toBe("pass");
});
