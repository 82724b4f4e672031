import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { doDeed } from "#app/deed.ts";
import { systemSeat } from "#app/found.ts";
import { changeAccount, invitePerson, listAccounts, signOutPerson } from "#contract/account.ts";
import { createRecord, doDeed as deedEndpoint, readRecord } from "#contract/record.ts";
import { letDaysPass } from "#contract/service.ts";
import {
  acceptInvitation,
  changePassword,
  confirmPassword,
  createToken,
  listSignInChoices,
  listTokens,
  readInvitation,
  readSession,
  revokeToken,
  signIn,
  signOut,
} from "#contract/session.ts";
import { addDays, dayOf, instantOf, millisecondsOf } from "#core/basics/time.ts";
import {
  ask,
  askRaw,
  exampleName,
  hire,
  openHouse,
  password,
  signedIn,
  type Guest,
  type House,
} from "./house.testing.ts";

let house: House;

beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());
// What one test waited for must not make the next one wait.
beforeEach(() => pass(24 * 60 * 60 + 1));

function pass(seconds: number): void {
  house.clock.now = instantOf(millisecondsOf(house.clock.now) + seconds * 1000);
}

const cookieOf = (headers: Headers) => (headers.get("set-cookie") ?? "").split(";")[0] ?? "";

const enter = (name: string, secret: string = password, organization: string = exampleName) =>
  ask(house, signIn, { organization, name, password: secret });

async function guest(name: string, role?: string): Promise<Guest> {
  const { organization } = house.ada;
  const ref = await hire(house.world, organization, { name, ...(role === undefined ? {} : { role }) });
  return signedIn(house.world, { organization, ref });
}

test("a person signs in by full name, e-mail or reference, whatever the case", async () => {
  for (const name of ["Bo Vik", "bo vik", "BO@example.org", house.bo.ref, house.bo.ref.toLowerCase()]) {
    const { status, json, headers } = await enter(name);
    expect(status, name).toBe(201);
    expect(json()).toMatchObject({
      person: { ref: house.bo.ref, name: "Bo Vik" },
      by: "password",
      administrator: false,
      organization: { name: exampleName },
    });
    expect(headers.get("set-cookie")).toMatch(/^aims_session=[\w-]{64}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(
      (await askRaw(house, "http://localhost/api/session", { headers: { cookie: cookieOf(headers) } })).status,
    ).toBe(200);
  }
});

test("over https the cookie is secure and bound to the host", async () => {
  const { headers } = await askRaw(house, "https://localhost/api/session", {
    method: "POST",
    headers: { "content-type": "application/json", origin: "https://localhost" },
    body: JSON.stringify({ organization: exampleName, name: "Bo Vik", password }),
  });
  expect(headers.get("set-cookie")).toMatch(/^__Host-aims_session=.*; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  expect(headers.get("strict-transport-security")).toContain("max-age=");
});

test("a wrong password, an unknown name, an unknown organisation and a person without an account are refused alike", async () => {
  await hire(house.world, house.ada.organization, { name: "Em Noaccount" });
  const answers = [
    await enter("Bo Vik", "wrong password"),
    await enter("Nobody At All"),
    await enter("Bo Vik", password, "Nowhere"),
    await enter("Em Noaccount"),
    await enter("bo' or '1'='1"),
  ];
  for (const { status, json, headers } of answers) {
    expect(status).toBe(401);
    expect(String(json()["detail"])).toMatch(/^Cannot sign in as ".*": name or password is wrong$/);
    expect(headers.get("set-cookie")).toBeNull();
  }
});

test("with several organisations, whoever names none is asked to", async () => {
  const { status, json } = await ask(house, signIn, { name: "Bo Vik", password });
  expect([status, json()["place"]]).toEqual([400, { field: "organization" }]);
});

test("after five failures an account waits, twice as long each time, also for the right password, and also when nobody bears the name", async () => {
  for (const name of ["Cy Dahl", "Nobody Here"]) {
    for (let attempt = 1; attempt <= 5; attempt++)
      expect((await enter(name, "wrong password")).status, `${name} ${attempt}`).toBe(401);
    const waits: number[] = [];
    for (let round = 0; round < 4; round++) {
      const { status, headers } = await enter(name, password);
      expect(status).toBe(429);
      const seconds = Number(headers.get("retry-after"));
      waits.push(seconds);
      pass(seconds);
      expect((await enter(name, "wrong password")).status).toBe(401);
    }
    expect(waits).toEqual([1, 2, 4, 8]);
    pass(60);
    expect((await enter(name, password)).status).toBe(name === "Cy Dahl" ? 201 : 401);
  }
  expect((await enter("Cy Dahl", "wrong password")).status).toBe(401);
});

test("attempts at the same moment count each", async () => {
  const answers = await Promise.all(Array.from({ length: 12 }, () => enter("Di Moe", "wrong password")));
  const refused = answers.filter(({ status }) => status === 401).length;
  expect(refused).toBeLessThanOrEqual(5);
  expect(answers.length - refused).toBe(answers.filter(({ status }) => status === 429).length);
});

test("an address that tries many names waits as well", async () => {
  let first = 0;
  for (let attempt = 1; attempt <= 60 && first === 0; attempt++)
    if ((await enter(`Nobody ${attempt}`, "wrong password")).status === 429) first = attempt;
  expect(first).toBeGreaterThan(40);
  expect(first).toBeLessThanOrEqual(51);
}, 60_000);

test("a session ends when nobody uses it for eight hours, and in any case after a week", async () => {
  const idle = await guest("Ida Idle");
  pass(8 * 60 * 60 + 1);
  expect((await ask(house, readSession, {}, { as: idle })).status).toBe(401);
  const busy = await guest("Bea Busy");
  for (let hours = 0; hours < 7 * 24; hours += 6) {
    expect((await ask(house, readSession, {}, { as: busy })).status, `after ${hours} hours`).toBe(200);
    pass(6 * 60 * 60);
  }
  expect((await ask(house, readSession, {}, { as: busy })).status).toBe(401);
});

test("whoever leaves or is suspended is out at the same moment, by session and token, and cannot come back", async () => {
  const { organization } = house.ada;
  for (const deed of ["leave", "suspend"]) {
    const name = `Gone By ${deed}`;
    const gone = await guest(name);
    const { json } = await ask(house, createToken, { name: "laptop" }, { as: gone });
    const byToken = { authorization: `Bearer ${String(json()["token"])}` };
    expect((await ask(house, readSession, {}, { headers: byToken })).status).toBe(200);
    await doDeed(house.world, systemSeat(organization), { kind: "person", ref: gone.ref, deed });
    expect((await ask(house, readSession, {}, { as: gone })).status).toBe(401);
    expect((await ask(house, readSession, {}, { headers: byToken })).status).toBe(401);
    expect((await enter(name)).status).toBe(401);
    expect((await ask(house, invitePerson, { person: gone.ref }, { as: await ada() })).status).toBe(409);
  }
});

test("signing out ends this session, or all of them", async () => {
  const { organization } = house.ada;
  const one = await guest("Sue Out");
  const two = await signedIn(house.world, { organization, ref: one.ref });
  expect((await ask(house, readSession, {}, { as: one })).status, "an accepted invitation ends earlier sessions").toBe(
    401,
  );
  const three = { ...two, cookie: cookieOf((await enter("Sue Out")).headers) };
  const out = await ask(house, signOut, {}, { as: three });
  expect(out.headers.get("set-cookie")).toMatch(/^aims_session=; Max-Age=0/);
  expect((await ask(house, readSession, {}, { as: three })).status).toBe(401);
  expect((await ask(house, readSession, {}, { as: two })).status).toBe(200);
  const four = { ...two, cookie: cookieOf((await enter("Sue Out")).headers) };
  await ask(house, signOut, { everywhere: true }, { as: four });
  for (const as of [two, four]) expect((await ask(house, readSession, {}, { as })).status).toBe(401);
});

test("a write by cookie has to come from the own site, a write by token from anywhere", async () => {
  const as = await guest("Fay Forged");
  const send = (headers: Record<string, string>) =>
    askRaw(house, "http://localhost/api/tokens", {
      method: "POST",
      headers: { cookie: as.cookie, "content-type": "application/json", ...headers },
      body: '{"name":"x"}',
    });
  const foreign: Record<string, string>[] = [
    {},
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: "http://localhost:81" },
    { origin: "http://localhost", "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { "sec-fetch-site": "none" },
  ];
  for (const headers of foreign) expect((await send(headers)).status, JSON.stringify(headers)).toBe(403);
  const own: Record<string, string>[] = [
    { origin: "http://localhost" },
    { "sec-fetch-site": "same-origin" },
    { origin: "http://localhost", "sec-fetch-site": "same-origin" },
  ];
  for (const headers of own) expect((await send(headers)).status, JSON.stringify(headers)).toBe(201);
  const { json } = await ask(house, createToken, { name: "program" }, { as });
  const revoke = await askRaw(house, `http://localhost/api/tokens/${String(json()["id"])}`, {
    method: "DELETE",
    headers: { authorization: `Bearer ${String(json()["token"])}`, origin: "https://elsewhere.example" },
  });
  expect(revoke.status).toBe(200);
  const forcedSignIn = await askRaw(house, "http://localhost/api/session", {
    method: "POST",
    headers: { origin: "https://evil.example", "content-type": "application/json" },
    body: JSON.stringify({ organization: exampleName, name: "Fay Forged", password }),
  });
  expect(forcedSignIn.status).toBe(403);
});

test("an API token acts as its person, is shown once, can be revoked, and ends on its day", async () => {
  const as = await guest("Tom Token");
  const made = await ask(house, createToken, { name: "pipeline", expires_on: day(10) }, { as });
  const headers = { authorization: `Bearer ${String(made.json()["token"])}` };
  expect((await ask(house, readSession, {}, { headers })).json()).toMatchObject({
    person: { ref: as.ref },
    by: "token",
  });
  const listed = await ask(house, listTokens, {}, { as });
  expect(listed.json()["tokens"]).toMatchObject([{ name: "pipeline", lastUsedAt: house.clock.now }]);
  expect(listed.text).not.toContain(String(made.json()["token"]).slice(10));
  for (const [endpoint, input] of [
    [createToken, { name: "child" }],
    [changePassword, { current: password, next: "a password of a thief" }],
    [confirmPassword, { password }],
  ] as const)
    expect((await ask(house, endpoint as typeof createToken, input as never, { headers })).status, endpoint.name).toBe(
      403,
    );
  const other = await ask(house, createToken, { name: "other" }, { as });
  expect(
    (await ask(house, revokeToken, { id: String(other.json()["id"]) }, { as: await ada() })).status,
    "another person's token",
  ).toBe(404);
  await ask(house, revokeToken, { id: String(other.json()["id"]) }, { as });
  expect(
    (await ask(house, readSession, {}, { headers: { authorization: `Bearer ${String(other.json()["token"])}` } }))
      .status,
  ).toBe(401);
  pass(10 * 24 * 60 * 60);
  expect((await ask(house, readSession, {}, { headers })).status).toBe(200);
  pass(24 * 60 * 60);
  expect((await ask(house, readSession, {}, { headers })).status).toBe(401);
});

test("a token's last day lies between today and two years from now", async () => {
  const as = await guest("Una Until");
  for (const expires_on of [day(-1), day(800)])
    expect((await ask(house, createToken, { name: "x", expires_on }, { as })).status, expires_on).toBe(400);
});

test("no secret is kept as it was given", async () => {
  const as = await guest("Hal Hash");
  const { json } = await ask(house, createToken, { name: "x" }, { as });
  const { invitation } = (await ask(house, invitePerson, { person: as.ref }, { as: await ada() })).json() as {
    invitation: string;
  };
  const secrets = [as.cookie.slice("aims_session=".length), String(json()["token"]).slice(5), invitation];
  const dumped = await house.world.database.db.transaction().execute(async (db) => {
    await sql`select set_config('aims.organization', ${as.organization}, true)`.execute(db);
    const parts: string[] = [];
    for (const table of ["account", "session", "api_token", "invitation", "sign_in_attempt"]) {
      const { rows } = await sql<{ row: string }>`select to_json(t)::text as row from ${sql.table(table)} t`.execute(
        db,
      );
      parts.push(...rows.map(({ row }) => row));
    }
    return parts.join("\n");
  });
  expect(dumped).toContain("$argon2id$v=19$m=19456,t=2,p=1$");
  const random = secrets.map((secret) => Buffer.from(secret, "base64url").subarray(16));
  const forms = [
    password,
    ...secrets,
    ...random.flatMap((bytes) => [bytes.toString("hex"), bytes.toString("base64"), bytes.toString("base64url")]),
  ];
  // Not `not.toContain`: a failure would print the whole of it.
  expect(forms.filter((form) => dumped.includes(form))).toEqual([]);
});

test("an invitation works once, for a week, until it is replaced, and demands a password that is hard to guess", async () => {
  const ref = await hire(house.world, house.ada.organization, { name: "Nia Newcomer" });
  const invite = async () =>
    String((await ask(house, invitePerson, { person: ref }, { as: await ada() })).json()["invitation"]);
  const replaced = await invite();
  const invitation = await invite();
  expect((await ask(house, readInvitation, { invitation: replaced })).status).toBe(404);
  expect((await ask(house, readInvitation, { invitation })).json()).toMatchObject({
    person: { ref, name: "Nia Newcomer" },
    organization: exampleName,
  });
  for (const weak of ["short", "aaaaaaaaaaaaaaaa", "NiaNewcomer123", "nia@example.org"])
    expect((await ask(house, acceptInvitation, { invitation, password: weak })).status, weak).toBe(400);
  const accepted = await ask(house, acceptInvitation, { invitation, password });
  expect(accepted.status).toBe(201);
  expect(
    (await askRaw(house, "http://localhost/api/session", { headers: { cookie: cookieOf(accepted.headers) } })).status,
  ).toBe(200);
  expect((await ask(house, acceptInvitation, { invitation, password })).status).toBe(404);
  const late = await invite();
  pass(7 * 24 * 60 * 60 + 1);
  expect((await ask(house, acceptInvitation, { invitation: late, password })).status).toBe(404);
});

test("another password ends the person's other sessions, and takes the present one", async () => {
  const as = await guest("Pia Password");
  const elsewhere = { ...as, cookie: cookieOf((await enter("Pia Password")).headers) };
  const next = "entirely different words";
  expect((await ask(house, changePassword, { current: "wrong", next }, { as })).json()).toMatchObject({
    code: "credential-needed",
    place: { field: "password" },
  });
  expect((await ask(house, changePassword, { current: password, next: password }, { as })).status).toBe(400);
  expect((await ask(house, changePassword, { current: password, next }, { as })).status).toBe(200);
  expect((await ask(house, readSession, {}, { as })).status).toBe(200);
  expect((await ask(house, readSession, {}, { as: elsewhere })).status).toBe(401);
  expect((await enter("Pia Password")).status).toBe(401);
  expect((await enter("Pia Password", next)).status).toBe(201);
});

test("an administrator sees accounts and ends sessions, is not the last to go, and has no power over records", async () => {
  const admin = await ada();
  const as = await guest("Adi Admin");
  expect((await ask(house, listAccounts, {}, { as })).status).toBe(403);
  expect((await ask(house, changeAccount, { person: admin.ref, administrator: false }, { as: admin })).status).toBe(
    409,
  );
  expect((await ask(house, changeAccount, { person: as.ref, administrator: true }, { as: admin })).status).toBe(200);
  const { json } = await ask(house, listAccounts, {}, { as });
  expect(json()["accounts"]).toContainEqual(
    expect.objectContaining({ person: as.ref, name: "Adi Admin", administrator: true, hasPassword: true, sessions: 1 }),
  );
  const denied = await ask(
    house,
    createRecord,
    { kind: "policy", fields: { title: "By power of the software", policy_kind: "ai_policy", edition: "9" } },
    { as },
  );
  expect(denied.json()).toMatchObject({ code: "not-permitted", status: 403 });
  const bo = await guest("Out Sider");
  expect((await ask(house, signOutPerson, { person: bo.ref }, { as })).status).toBe(200);
  expect((await ask(house, readSession, {}, { as: bo })).status).toBe(401);
});

test("an approval asks for the password again: in the body, or confirmed for the one deed within five minutes", async () => {
  const manager = await ada();
  const approver = await guest("Top Chief", "top_management");
  const approve = async (ref: string, more: { password?: string } = {}, as: Guest = approver) =>
    ask(house, deedEndpoint, { kind: "policy", ref, deed: "approve", rev: 2, fields: {}, ...more }, { as });

  const first = await submittedPolicy(manager, "One");
  const bare = await approve(first);
  expect(bare.json()).toMatchObject({ status: 401, code: "credential-needed" });
  expect((await approve(first, { password: "wrong" })).json()).toMatchObject({
    status: 401,
    code: "credential-needed",
    place: { field: "password" },
  });
  expect(
    (await ask(house, readRecord, { kind: "policy", ref: first }, { as: manager })).json()["record"],
  ).toMatchObject({ state: "in_approval", rev: 2 });
  const done = await approve(first, { password });
  expect(done.json()).toMatchObject({
    ref: first,
    state: "approved",
    rev: 3,
    versions: [{ kind: "policy" }, { kind: "approval", because: first }],
  });

  const [second, third] = [await submittedPolicy(manager, "Two"), await submittedPolicy(manager, "Three")];
  expect((await ask(house, confirmPassword, { password: "wrong" }, { as: approver })).status).toBe(401);
  expect((await ask(house, confirmPassword, { password }, { as: approver })).json()["until"]).toBe(
    instantOf(millisecondsOf(house.clock.now) + 300_000),
  );
  const refusedFirst = await ask(
    house,
    deedEndpoint,
    { kind: "policy", ref: second, deed: "approve", rev: 1, fields: {} },
    { as: approver },
  );
  expect(refusedFirst.status, "a refused approval does not use the proof up").toBe(412);
  expect((await approve(second)).status).toBe(200);
  expect((await approve(third)).status, "the proof counts once").toBe(401);
  await ask(house, confirmPassword, { password }, { as: approver });
  pass(301);
  expect((await approve(third)).status, "and for five minutes").toBe(401);
});

test("of two approvals at once, one proof serves one", async () => {
  const manager = await ada();
  const approver = await guest("Twin Chief", "top_management");
  const refs = [await submittedPolicy(manager, "Left"), await submittedPolicy(manager, "Right")];
  await ask(house, confirmPassword, { password }, { as: approver });
  const answers = await Promise.all(
    refs.map((ref) =>
      ask(house, deedEndpoint, { kind: "policy", ref, deed: "approve", rev: 2, fields: {} }, { as: approver }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
});

test("a token approves only with the password beside it", async () => {
  const manager = await ada();
  const approver = await guest("Token Chief", "top_management");
  const ref = await submittedPolicy(manager, "By token");
  const { json } = await ask(house, createToken, { name: "x" }, { as: approver });
  const headers = { authorization: `Bearer ${String(json()["token"])}` };
  await ask(house, confirmPassword, { password }, { as: approver });
  expect(
    (await ask(house, deedEndpoint, { kind: "policy", ref, deed: "approve", rev: 2, fields: {} }, { headers })).status,
    "a session's proof is not the token's",
  ).toBe(401);
  expect(
    (
      await ask(
        house,
        deedEndpoint,
        { kind: "policy", ref, deed: "approve", rev: 2, fields: {}, password },
        { headers },
      )
    ).status,
  ).toBe(200);
});

test("time passes by command in a sample organisation alone", async () => {
  const { status, json } = await ask(house, letDaysPass, { to: day(3) }, { as: await ada() });
  expect([status, json()["code"]]).toEqual([403, "not-permitted"]);
});

test("real organisations name nobody to sign in as", async () => {
  expect((await ask(house, listSignInChoices, {})).json()).toEqual({
    organizations: [],
    askOrganization: true,
    people: [],
    password: null,
  });
});

/** Ada, with a session that time has not ended. */
async function ada(): Promise<Guest> {
  const { headers, status } = await enter("Ada Lund");
  expect(status).toBe(201);
  return { ...house.ada, cookie: cookieOf(headers) };
}

async function submittedPolicy(as: Guest, title: string): Promise<string> {
  const made = await ask(
    house,
    createRecord,
    { kind: "policy", fields: { title, policy_kind: "topic_policy", edition: "1", body: "We use AI with care." } },
    { as },
  );
  const ref = String(made.json()["ref"]);
  const submitted = await ask(house, deedEndpoint, { kind: "policy", ref, deed: "submit", rev: 1 }, { as });
  expect(submitted.status, submitted.text).toBe(200);
  return ref;
}

function day(fromNow: number): string {
  return instantOf(millisecondsOf(house.clock.now) + fromNow * 24 * 60 * 60 * 1000).slice(0, 10);
}

test("an external auditor comes in while an assignment lasts, and their session and token end with it (INV-34)", async () => {
  const { world } = house;
  const { organization, ref: someone } = house.ada;
  const seat = systemSeat(organization);
  const today = dayOf(house.clock.now);
  const [invited] = await doDeed(world, seat, {
    kind: "person",
    deed: "invite",
    fields: { full_name: "Ex Tern", employment: "external", is_external_auditor: true },
  });
  const ref = invited?.record.ref ?? "";
  await doDeed(world, seat, { kind: "person", ref, deed: "activate" });
  expect((await ask(house, invitePerson, { person: ref }, { as: await ada() })).status).toBe(409);
  const [held] = await doDeed(world, seat, {
    kind: "role_assignment",
    deed: "propose",
    fields: { role_key: "external_auditor", person: ref, valid_to: addDays(today, 2) },
  });
  const role = held?.record.ref ?? "";
  const as = await signedIn(world, { organization, ref });
  const statusOf = async (path: string, headers: Record<string, string> = { cookie: as.cookie }) =>
    (await askRaw(house, `http://localhost${path}`, { headers })).status;
  // Until the role is accepted there is that role to see, and no more.
  expect(await statusOf(`/api/records/role_assignment/${role}`)).toBe(200);
  expect(await statusOf(`/api/records/person/${someone}`)).toBe(404);
  expect(
    (await ask(house, deedEndpoint, { kind: "role_assignment", ref: role, deed: "accept", rev: 1 }, { as })).status,
  ).toBe(200);
  expect(await statusOf(`/api/records/person/${someone}`)).toBe(200);
  const made = await ask(house, createToken, { name: "audit" }, { as });
  expect(made.status).toBe(201);
  const token = { authorization: `Bearer ${String(made.json()["token"])}` };
  expect(await statusOf("/api/session", token)).toBe(200);
  const report = { title: "T", risk_kind: "threat", cause: "a", event: "b", consequence: "c" };
  const refused = await ask(house, createRecord, { kind: "risk", deed: "identify", fields: report }, { as });
  expect([refused.status, refused.json()["rule"]]).toEqual([403, "INV-34"]);
  pass(3 * 24 * 60 * 60);
  expect(await statusOf("/api/session")).toBe(401);
  expect(await statusOf("/api/session", token)).toBe(401);
  expect((await enter("Ex Tern")).status).toBe(401);
});
