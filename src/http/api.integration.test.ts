import { afterAll, beforeAll, expect, test } from "vitest";
import { doDeed } from "#app/deed.ts";
import { systemSeat } from "#app/found.ts";
import { api, type EndpointName } from "#contract/api.ts";
import type { Endpoint } from "#contract/endpoint.ts";
import {
  createRecord,
  doDeed as doDeedEndpoint,
  findRecord,
  listRecords,
  readHistory,
  readRecord,
  searchAll,
} from "#contract/record.ts";
import { ask, askRaw, exampleName, openHouse, password, type House } from "./house.testing.ts";

let house: House;
/** A risk of Example, and a concern that only its handler may see. */
let risk: string;
let concern: string;

const secretTitle = "Wrong dose suggested to a child";
const secretConcern = "My chief hides the errors of the model";

beforeAll(async () => {
  house = await openHouse();
  const { world, ada } = house;
  const seat = systemSeat(ada.organization);
  const made = await ask(
    house,
    createRecord,
    {
      kind: "risk",
      fields: {
        title: secretTitle,
        risk_kind: "threat",
        about: "use",
        cause: "Sparse data",
        event: "Wrong dose",
        consequence: "Harm",
      },
    },
    { as: ada },
  );
  risk = String(made.json()["ref"]);
  const [received] = await doDeed(world, seat, {
    kind: "concern",
    deed: "receive",
    fields: {
      title: secretConcern,
      channel: "form",
      reporter_kind: "employee",
      text: secretConcern,
      received_on: "2026-11-23",
      reporter: house.bo.ref,
    },
  });
  concern = received?.record.ref ?? "";
});
afterAll(() => house.close());

/** What each endpoint is asked in the loops below; one that is new does not compile until it is here. */
function inputs(): Record<EndpointName, Record<string, unknown>> {
  const nobody = "00000000-0000-4000-8000-000000000000";
  const theRisk = { kind: "risk", ref: risk };
  return {
    listSignInChoices: {},
    signIn: { name: "nobody", password: "nothing at all" },
    readSession: {},
    signOut: {},
    confirmPassword: { password: "wrong" },
    changePassword: { current: "wrong", next: "another long password" },
    readInvitation: { invitation: "none" },
    acceptInvitation: { invitation: "none", password },
    listTokens: {},
    createToken: { name: "loop" },
    revokeToken: { id: nobody },
    readHome: {},
    readBoard: {},
    readNode: { id: "M01" },
    listRecords: { kind: "risk" },
    createRecord: { kind: "risk", fields: {} },
    readRecord: theRisk,
    readHistory: theRisk,
    doDeed: { ...theRisk, deed: "assess", rev: 1, fields: {} },
    findRecord: { ref: risk },
    searchAll: { text: "dose" },
    listKinds: {},
    readKind: { kind: "risk" },
    readNewDeeds: { kind: "risk" },
    readLedger: {},
    listEntries: {},
    readCheckpoint: {},
    publishCheckpoint: {},
    readTile: { path: "entries/000.p/1" },
    readProof: theRisk,
    readConsistency: { from: 1, to: 2 },
    readOpenings: theRisk,
    verifyLedger: {},
    exportRecords: {},
    applyFiles: { files: [] },
    listAccounts: {},
    invitePerson: { person: house.bo.ref },
    changeAccount: { person: house.bo.ref, administrator: false },
    signOutPerson: { person: house.otto.ref },
    readHealth: {},
    readApiDocument: {},
    readApiDocs: {},
    letDaysPass: { to: "2026-12-01" },
  };
}

const endpoints: readonly Endpoint[] = api;
const inputFor = (endpoint: Endpoint) => inputs()[endpoint.name as EndpointName];

/** These serve everybody. Whoever adds one says so here. */
const open = [
  "acceptInvitation",
  "listSignInChoices",
  "readApiDocs",
  "readApiDocument",
  "readHealth",
  "readInvitation",
  "signIn",
];

test("the public endpoints are those named here", () => {
  expect(
    endpoints
      .filter(({ who }) => who === "public")
      .map(({ name }) => name)
      .sort(),
  ).toEqual(open);
});

test("a stranger is refused everywhere but at the public endpoints, and learns nothing there", async () => {
  for (const endpoint of endpoints) {
    const { status, text, headers } = await ask(house, endpoint, inputFor(endpoint));
    expect(text, endpoint.name).not.toMatch(/to a child|My chief|Ada Lund|Example of Secrets/);
    if (open.includes(endpoint.name)) continue;
    expect(status, endpoint.name).toBe(401);
    expect(JSON.parse(text), endpoint.name).toMatchObject({ code: "not-signed-in", status: 401 });
    expect(headers.get("content-type")).toBe("application/problem+json");
  }
});

test("a session that never was, or a token of another form, is a stranger's", async () => {
  const bearers: Record<string, string>[] = [
    { cookie: `aims_session=${"A".repeat(64)}` },
    { cookie: "aims_session=short" },
    { cookie: "aims_session=%00%ff; aims_session=x" },
    { cookie: "=;;;==" },
    { authorization: `Bearer aims_${"A".repeat(64)}` },
    { authorization: "Bearer" },
    { authorization: "Basic YTpi" },
    { authorization: `Bearer ${house.ada.cookie.slice("aims_session=".length)}` },
  ];
  for (const headers of bearers) {
    const { status } = await askRaw(house, "http://localhost/api/board", { headers });
    expect(status, JSON.stringify(headers)).toBe(401);
  }
});

test("a member without a role is refused what takes one, and never causes a fault", async () => {
  const { bo } = house;
  for (const endpoint of endpoints.filter(({ name }) => name !== "signOut")) {
    const { status, text } = await ask(house, endpoint, inputFor(endpoint), { as: bo });
    expect(status, `${endpoint.name}: ${text.slice(0, 300)}`).toBeLessThan(500);
    expect(text, endpoint.name).not.toMatch(/My chief/);
    if (endpoint.who === "administrator") expect(status, endpoint.name).toBe(403);
  }
  for (const [endpoint, input] of [
    [doDeedEndpoint, { kind: "risk", ref: risk, deed: "assess", rev: 1, fields: {} }],
    [createRecord, { kind: "policy", fields: { title: "Mine", policy_kind: "ai_policy", edition: "1" } }],
  ] as const) {
    const { status, json } = await ask(house, endpoint as Endpoint, input, { as: bo });
    expect(status).toBe(403);
    expect(json()).toMatchObject({ code: "not-permitted", rule: "INV-03" });
  }
});

test("a member of another organisation finds nothing of this one at any endpoint", async () => {
  const { otto, bo } = house;
  for (const endpoint of endpoints.filter(({ name }) => name !== "signOut")) {
    const { status, text } = await ask(house, endpoint, inputFor(endpoint), { as: otto });
    expect(status, `${endpoint.name}: ${text.slice(0, 300)}`).toBeLessThan(500);
    expect(text, endpoint.name).not.toMatch(/to a child|My chief|Ada Lund|Bo Vik|Example of Secrets|ada@example\.org/);
    if (["readRecord", "readHistory", "doDeed", "findRecord", "readProof", "readOpenings"].includes(endpoint.name))
      expect(status, endpoint.name).toBe(404);
    // Bo's reference is nobody's there.
    if (["invitePerson", "changeAccount"].includes(endpoint.name))
      expect(status, `${endpoint.name} ${bo.ref}`).toBe(404);
  }
});

test("one organisation's session is nothing under another's id", async () => {
  const secret = Buffer.from(house.ada.cookie.slice("aims_session=".length), "base64url");
  const other = Buffer.from(house.otto.organization.replaceAll("-", ""), "hex");
  const forged = Buffer.concat([other, secret.subarray(16)]).toString("base64url");
  const { status } = await askRaw(house, "http://localhost/api/session", {
    headers: { cookie: `aims_session=${forged}` },
  });
  expect(status).toBe(401);
});

test("every answer is as the contract says, with nothing besides", async () => {
  for (const endpoint of endpoints.filter(
    ({ answer, method, who }) => answer === "json" && method === "GET" && who !== "administrator",
  )) {
    const { status, json } = await ask(house, endpoint, inputFor(endpoint), { as: house.ada });
    expect(status, endpoint.name).toBe(200);
    const parsed = endpoint.output.safeParse(json());
    expect(parsed.error?.issues.slice(0, 3), endpoint.name).toBeUndefined();
    expect(parsed.data, endpoint.name).toEqual(json());
  }
});

test("answers with data are not kept by anybody, and every answer is shielded", async () => {
  for (const endpoint of endpoints.filter(({ name }) => !["signOut", "readTile"].includes(name))) {
    const { headers } = await ask(house, endpoint, inputFor(endpoint), { as: house.bo });
    expect(headers.get("cache-control"), endpoint.name).toBe("no-store");
    expect(headers.get("content-security-policy"), endpoint.name).toContain("default-src 'none'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  }
});

test("a record's ETag is its version, and a deed that names it makes the next", async () => {
  const { ada } = house;
  const before = await ask(house, readRecord, { kind: "risk", ref: risk }, { as: ada });
  const rev = Number(/^"(\d+)"$/.exec(before.headers.get("etag") ?? "")?.[1]);
  expect((before.json()["record"] as { rev: number }).rev).toBe(rev);
  const done = await ask(
    house,
    doDeedEndpoint,
    { kind: "risk", ref: risk, deed: "amend", rev, fields: { summary: "Seen twice" } },
    { as: ada },
  );
  expect(done.text).toContain(risk);
  expect(done.status).toBe(200);
  expect(done.headers.get("etag")).toBe(`"${rev + 1}"`);
  expect(done.json()).toMatchObject({ ref: risk, kind: "risk", rev: rev + 1 });
});

test("a deed without If-Match is asked to name the version", async () => {
  const { status, json } = await askRaw(house, `http://localhost/api/records/risk/${risk}/amend`, {
    method: "POST",
    headers: { cookie: house.ada.cookie, origin: "http://localhost", "content-type": "application/json" },
    body: '{"fields":{}}',
  });
  expect(status).toBe(428);
  expect(String(json()["detail"])).toContain("If-Match");
  for (const version of ["*", "3", '"x"', 'W/"', '"-1"'])
    expect(
      (
        await ask(
          house,
          doDeedEndpoint,
          { kind: "risk", ref: risk, deed: "amend", rev: 1 },
          { as: house.ada, headers: { "if-match": version } },
        )
      ).status,
      version,
    ).toBeOneOf([400, 428]);
});

test("a stale deed is refused and told what changed meanwhile, by whom", async () => {
  const { ada } = house;
  const { json: current } = await ask(house, readRecord, { kind: "risk", ref: risk }, { as: ada });
  const { rev } = current()["record"] as { rev: number };
  expect(
    (
      await ask(
        house,
        doDeedEndpoint,
        { kind: "risk", ref: risk, deed: "amend", rev, fields: { summary: "By the faster one" } },
        { as: ada },
      )
    ).status,
  ).toBe(200);
  const { status, json } = await ask(
    house,
    doDeedEndpoint,
    { kind: "risk", ref: risk, deed: "amend", rev, fields: { summary: "By the slower one" } },
    { as: ada },
  );
  expect(status).toBe(412);
  expect(json()).toMatchObject({ code: "stale", problems: [{ place: { record: risk, field: "summary" } }] });
  expect(JSON.stringify(json()["problems"])).toMatch(/By the faster one.*Ada Lund/);
});

test("a sealed record is nothing to those who may not see it: not by reading, deed, proof, search or list", async () => {
  const { bo, cy, ada } = house;
  for (const as of [bo, ada]) {
    expect((await ask(house, readRecord, { kind: "concern", ref: concern }, { as })).status).toBe(404);
    expect((await ask(house, readHistory, { kind: "concern", ref: concern }, { as })).status).toBe(404);
    const deed = await ask(
      house,
      doDeedEndpoint,
      { kind: "concern", ref: concern, deed: "acknowledge", rev: 1 },
      { as },
    );
    expect(deed.status).toBe(404);
    expect(deed.text).not.toContain("My chief");
    for (const [endpoint, input] of [
      [listRecords, { kind: "concern" }],
      [searchAll, { text: "chief" }],
      [findRecord, { ref: concern }],
    ] as const)
      expect((await ask(house, endpoint as Endpoint, input, { as })).text).not.toContain("My chief");
  }
  expect((await ask(house, readRecord, { kind: "concern", ref: concern }, { as: cy })).text).toContain(secretConcern);
});

test("a record is only there under its own kind", async () => {
  for (const endpoint of [readRecord, readHistory] as const)
    expect((await ask(house, endpoint as Endpoint, { kind: "policy", ref: risk }, { as: house.ada })).status).toBe(404);
  expect((await ask(house, listRecords, { kind: "nothing" }, { as: house.ada })).status).toBe(404);
});

test("pages follow one another to the end, and a cursor that is none is refused", async () => {
  const { ada } = house;
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = (
      await ask(
        house,
        listRecords,
        { kind: "person", limit: 2, ...(after === undefined ? {} : { after }) },
        { as: ada },
      )
    ).json() as { records: { ref: string }[]; next: string | null };
    seen.push(...page.records.map(({ ref }) => ref));
    after = page.next ?? undefined;
  } while (after !== undefined);
  expect(seen).toEqual([...new Set(seen)].sort());
  expect(seen.length).toBe(4);
  for (const bad of ["x", "e30", "bnVsbA", "eyJhIjoxfQ", "..", "A".repeat(1999)]) {
    const { status } = await ask(house, listRecords, { kind: "person", after: bad }, { as: ada });
    expect(status, bad).toBe(400);
  }
});

test("as at an earlier day there is what was recorded by then, and nothing to do", async () => {
  const { ada } = house;
  expect((await ask(house, readRecord, { kind: "risk", ref: risk, as_at: "2026-11-23" }, { as: ada })).status).toBe(
    404,
  );
  const today = await ask(house, readRecord, { kind: "risk", ref: risk, as_at: "2026-11-24" }, { as: ada });
  expect(today.status).toBe(200);
  for (const as_at of ["2026-02-30", "yesterday", "2026-11-24T10:00", ""])
    expect((await ask(house, readRecord, { kind: "risk", ref: risk, as_at }, { as: ada })).status, as_at).toBe(400);
});

test("the organisation's name is told to its members alone", async () => {
  expect(
    (await askRaw(house, "http://localhost/api/session", { headers: { cookie: house.bo.cookie } })).json(),
  ).toMatchObject({ organization: { name: exampleName, sample: false, today: "2026-11-24" } });
});

test("unknown addresses and methods are told apart", async () => {
  const { ada } = house;
  const headers = { cookie: ada.cookie };
  expect((await askRaw(house, "http://localhost/api/nothing", { headers })).status).toBe(404);
  const wrong = await askRaw(house, "http://localhost/api/board", {
    method: "PUT",
    headers: { ...headers, origin: "http://localhost" },
  });
  expect(wrong.status).toBe(405);
  expect(wrong.headers.get("allow")).toBe("GET");
});
