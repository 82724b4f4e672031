import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { samplePassword } from "#app/account.ts";
import { foundOrganization } from "#app/change.ts";
import { openTestWorld } from "#app/world.testing.ts";
import type { World } from "#app/world.ts";
import { listAccounts } from "#contract/account.ts";
import { readBoard } from "#contract/board.ts";
import { createRecord, readRecord } from "#contract/record.ts";
import { letDaysPass } from "#contract/service.ts";
import { changePassword, listSignInChoices, readSession, signIn } from "#contract/session.ts";
import { parseInstant } from "#core/basics/time.ts";
import { application } from "./application.ts";
import { ask, hire, type Guest, type House } from "./house.testing.ts";

let world: World;
let house: Pick<House, "app">;
let organization: Guest["organization"];

beforeAll(async () => {
  world = await openTestWorld();
  house = { app: application({ world, version: "0.0.0", log: pino({ level: "silent" }) }) as unknown as House["app"] };
  organization = await foundOrganization(world, {
    name: "Sample",
    sample: true,
    clockAt: parseInstant("2026-06-01T08:00:00.000Z"),
  });
  await hire(world, organization, { name: "May Manager", role: "aims_manager" });
  await hire(world, organization, { name: "Eve Employee" });
  await hire(world, organization, { name: "Ebb Employee" });
});
afterAll(() => world.close());

const enter = (name: string, password: string = samplePassword) => ask(house, signIn, { name, password });

async function seated(name: string): Promise<Guest> {
  const { headers, json } = await enter(name);
  const { ref } = json()["person"] as { ref: string };
  return { ref, name, organization, cookie: (headers.get("set-cookie") ?? "").split(";")[0] ?? "" };
}

test("a sample organisation tells who has a role there, one employee, and the password of all", async () => {
  expect((await ask(house, listSignInChoices, {})).json()).toEqual({
    organizations: [{ id: organization, name: "Sample", sample: true }],
    askOrganization: false,
    people: [
      { organization, ref: "P01", name: "May Manager", job: null, roles: ["AIMS manager"] },
      { organization, ref: "P02", name: "Eve Employee", job: null, roles: ["Employee"] },
    ],
    password: samplePassword,
  });
});

test("everybody there signs in with it, and whoever manages the AIMS administers the software as well", async () => {
  expect((await enter("Eve Employee", "wrong")).status).toBe(401);
  const manager = await seated("May Manager");
  const employee = await seated("Eve Employee");
  expect((await ask(house, readSession, {}, { as: manager })).json()).toMatchObject({
    administrator: true,
    assignments: [{ role: "aims_manager", title: "AIMS manager", reach: "the whole organisation" }],
    organization: { sample: true, today: "2026-06-01" },
  });
  expect((await ask(house, readSession, {}, { as: employee })).json()).toMatchObject({
    administrator: false,
    assignments: [],
  });
  expect((await ask(house, listAccounts, {}, { as: employee })).status).toBe(403);
});

test("whoever chose a password there has that one alone", async () => {
  const as = await seated("Ebb Employee");
  const next = "my very own password";
  expect((await ask(house, changePassword, { current: samplePassword, next }, { as })).status).toBe(200);
  expect((await enter("Ebb Employee")).status).toBe(401);
  expect((await enter("Ebb Employee", next)).status).toBe(201);
});

test("days pass there by command, forwards only, and what is recorded then bears the new day", async () => {
  const as = await seated("May Manager");
  expect((await ask(house, letDaysPass, { to: "2026-07-01" }, { as })).json()).toEqual({ today: "2026-07-01" });
  expect((await ask(house, readSession, {}, { as })).json()).toMatchObject({ organization: { today: "2026-07-01" } });
  expect((await ask(house, letDaysPass, { to: "2026-06-15" }, { as })).status).toBe(409);
  expect((await ask(house, letDaysPass, { to: "2126-06-15" }, { as })).status).toBe(400);
  const made = await ask(
    house,
    createRecord,
    { kind: "person", deed: "invite", fields: { full_name: "New Comer", employment: "employee" } },
    { as },
  );
  const ref = String(made.json()["ref"]);
  expect((await ask(house, readRecord, { kind: "person", ref }, { as })).json()["record"]).toMatchObject({
    state_since: "2026-07-01",
  });
  expect((await ask(house, readRecord, { kind: "person", ref, as_at: "2026-06-30" }, { as })).status).toBe(404);
  expect((await ask(house, readBoard, { as_at: "2026-06-30" }, { as })).json()).toMatchObject({
    asAt: "2026-06-30",
    isToday: false,
  });
});
