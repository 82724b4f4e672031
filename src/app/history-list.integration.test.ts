import { afterAll, beforeAll, expect, test } from "vitest";
import { parseDay, parseInstant } from "#core/basics/time.ts";
import { foundOrganization } from "./change.ts";
import { doDeed, doDeeds } from "./deed.ts";
import { systemSeat } from "./found.ts";
import { listRecords } from "./records.ts";
import { openTestWorld } from "./world.testing.ts";
import type { Seat, World } from "./world.ts";

let world: World;
let machine: Seat;
let member: Seat;

beforeAll(async () => {
  world = await openTestWorld();
  const organization = await foundOrganization(world, {
    name: "Example",
    sample: true,
    clockAt: parseInstant("2026-03-02T08:00:00.000Z"),
  });
  machine = systemSeat(organization);
  member = {
    organization,
    actor: {
      kind: "person",
      person: "P01",
      id: "11111111-1111-4111-8111-000000000001",
      assignments: [],
      administrator: false,
    },
    auth: "password",
  };
  await doDeeds(world, machine, [
    { kind: "person", ref: "P01", deed: "invite", fields: { full_name: "Ingrid Top", employment: "employee" } },
    { kind: "person", ref: "P01", deed: "activate" },
  ]);
  await doDeed(world, machine, {
    kind: "concern",
    ref: "CN-01",
    deed: "receive",
    fields: { title: "A worry", text: "Something is wrong", channel: "form", confidentiality: "sealed" },
  });
});
afterAll(() => world.close());

const history = (seat: Seat, more: { after?: string; limit?: number; asAt?: ReturnType<typeof parseDay> } = {}) =>
  listRecords(world, seat, { kind: "change_event", ...more });

test("the history is listed newest first, each entry under the record that it changed", async () => {
  const { records, next } = await history(machine);
  expect(
    records
      .filter(({ kind }) => kind === "person")
      .map(({ ref, rev, columns }) => [ref, rev, columns["deed"], columns["actor"]]),
  ).toEqual([
    ["P01", 2, "activate", "system"],
    ["P01", 1, "invite", "system"],
  ]);
  expect(next).toBeNull();
});

test("pages of the history go on where the one before ended", async () => {
  const first = await history(machine, { limit: 1 });
  const second = await history(machine, { limit: 1, after: first.next ?? "" });
  const numbers = [...first.records, ...second.records].map(({ columns }) => Number(columns["seq"]));
  expect(numbers).toHaveLength(2);
  expect(numbers[1]).toBeLessThan(numbers[0] ?? 0);
  await expect(history(machine, { after: "nowhere" })).rejects.toThrow(
    "a page of the history goes on after an entry's number",
  );
});

test("a sealed record's entries are shown to nobody who may not see it", async () => {
  expect((await history(member)).records.map(({ kind }) => kind)).not.toContain("concern");
});

test("as at a day before, nothing was written yet", async () => {
  expect((await history(machine, { asAt: parseDay("2026-03-01") })).records).toEqual([]);
});
