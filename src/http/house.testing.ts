import type { Hono } from "hono";
import { pino } from "pino";
import type * as z from "zod";
import { acceptInvitation, invitePerson } from "#app/account.ts";
import { doDeed } from "#app/deed.ts";
import { initEmpty, systemSeat } from "#app/found.ts";
import { openTestWorld } from "#app/world.testing.ts";
import type { OrganizationId, World } from "#app/world.ts";
import { addressOf } from "#contract/call.ts";
import { membersOfPath, type Endpoint } from "#contract/endpoint.ts";
import { parseInstant, type Instant } from "#core/basics/time.ts";
import type { Ref } from "#core/records/field.ts";
import { application } from "./application.ts";

/** The password of everybody in these tests. */
export const password = "correct horse battery";

/** A person of the house, signed in. */
export type Guest = { ref: Ref; name: string; cookie: string; organization: OrganizationId };

/** Two organisations that must not know of each other, in one world with a clock that the test moves. */
export type House = {
  world: World;
  app: Hono<never>;
  /** What was logged, a line each. */
  log: string[];
  clock: { now: Instant };
  /** Manages Example's AIMS and runs its software. */
  ada: Guest;
  /** Works at Example and holds no role. */
  bo: Guest;
  /** Handles concerns at Example. */
  cy: Guest;
  /** Is top management of Example. */
  di: Guest;
  /** Manages Other's AIMS and runs its software. */
  otto: Guest;
  close(): Promise<void>;
};

export const exampleName = "Example of Secrets";

/** Opens the house. */
export async function openHouse(): Promise<House> {
  const clock = { now: parseInstant("2026-11-24T10:00:00.000Z") };
  const world = await openTestWorld({ now: () => clock.now });
  const log: string[] = [];
  const app = application({
    world,
    version: "0.0.0",
    log: pino({ level: "info" }, { write: (line: string) => log.push(line) }),
  });
  const example = await initEmpty(world, {
    name: exampleName,
    administrator: { name: "Ada Lund", email: "ada@example.org" },
  });
  const other = await initEmpty(world, {
    name: "Other",
    administrator: { name: "Otto Berg", email: "otto@example.net" },
  });
  const ada = await signedIn(world, {
    organization: example.id,
    ref: example.administrator ?? "",
    administrator: true,
  });
  const otto = await signedIn(world, { organization: other.id, ref: other.administrator ?? "", administrator: true });
  const bo = await signedIn(world, {
    organization: example.id,
    ref: await hire(world, example.id, { name: "Bo Vik" }),
  });
  const cy = await signedIn(world, {
    organization: example.id,
    ref: await hire(world, example.id, { name: "Cy Dahl", role: "concern_handler" }),
  });
  const di = await signedIn(world, {
    organization: example.id,
    ref: await hire(world, example.id, { name: "Di Moe", role: "top_management" }),
  });
  return { world, app: app as unknown as Hono<never>, log, clock, ada, bo, cy, di, otto, close: () => world.close() };
}

/** Somebody who works there from now on, with a role when one is named. */
export async function hire(
  world: World,
  organization: OrganizationId,
  { name, role }: { name: string; role?: string },
): Promise<Ref> {
  const seat = systemSeat(organization);
  const email = `${name.split(" ")[0]?.toLowerCase() ?? ""}@example.org`;
  const [person] = await doDeed(world, seat, {
    kind: "person",
    deed: "invite",
    fields: { full_name: name, email, employment: "employee", in_scope: true },
  });
  const ref = person?.record.ref ?? "";
  await doDeed(world, seat, { kind: "person", ref, deed: "activate" });
  if (role === undefined) return ref;
  const [held] = await doDeed(world, seat, {
    kind: "role_assignment",
    deed: "propose",
    fields: { role_key: role, person: ref, reach: { kind: "organisation" } },
  });
  await doDeed(world, seat, { kind: "role_assignment", ref: held?.record.ref ?? "", deed: "accept" });
  return ref;
}

/** The person, with an account and a session. */
export async function signedIn(
  world: World,
  { organization, ref, administrator }: { organization: OrganizationId; ref: Ref; administrator?: boolean },
): Promise<Guest> {
  const { invitation } = await invitePerson(world, systemSeat(organization), ref, { administrator });
  const { secret, seated } = await acceptInvitation(world, { invitation, password });
  return { ref, name: seated.person.name, cookie: `aims_session=${secret}`, organization };
}

/** What an answer was. */
export type Answered = { status: number; headers: Headers; text: string; json: () => Record<string, unknown> };

/** Asks as a browser of that person would; as a stranger without one. */
export async function ask<Input extends z.ZodObject>(
  house: Pick<House, "app">,
  endpoint: Endpoint<Input>,
  input: z.input<Input>,
  { as, headers = {} }: { as?: Guest | undefined; headers?: Record<string, string> } = {},
): Promise<Answered> {
  const values = input as Readonly<Record<string, unknown>>;
  const version = endpoint.ifMatch === undefined ? undefined : values[endpoint.ifMatch];
  const elsewhere = new Set([...membersOfPath(endpoint.path), endpoint.ifMatch]);
  const isWrite = endpoint.method !== "GET";
  return askRaw(house, `http://localhost${addressOf(endpoint, input)}`, {
    method: endpoint.method,
    headers: {
      ...(as === undefined ? {} : { cookie: as.cookie }),
      ...(isWrite ? { origin: "http://localhost" } : {}),
      ...(version === undefined ? {} : { "if-match": `"${String(version)}"` }),
      ...(endpoint.method === "POST" ? { "content-type": "application/json" } : {}),
      ...headers,
    },
    ...(endpoint.method === "POST"
      ? { body: JSON.stringify(Object.fromEntries(Object.entries(values).filter(([name]) => !elsewhere.has(name)))) }
      : {}),
  });
}

/** Asks exactly this. */
export async function askRaw(
  { app }: Pick<House, "app">,
  address: string,
  request: RequestInit = {},
): Promise<Answered> {
  const response = await app.request(address, request);
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: () => JSON.parse(text) as Record<string, unknown>,
  };
}
