import { request } from "node:http";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createToken as createTokenAt } from "#app/api-token.ts";
import { findSeated } from "#app/account.ts";
import { call, callLines } from "#contract/call.ts";
import { readBoard } from "#contract/board.ts";
import type { Endpoint } from "#contract/endpoint.ts";
import {
  publishCheckpoint,
  readCheckpoint,
  readLedger,
  readOpenings,
  readProof,
  readTile,
  verifyLedger,
} from "#contract/ledger.ts";
import { createRecord, doDeed, listRecords, readHistory, readRecord, searchAll } from "#contract/record.ts";
import { readHealth } from "#contract/service.ts";
import { applyFiles, exportRecords } from "#contract/transfer.ts";
import { fromBase64, encodeUtf8 } from "#core/basics/bytes.ts";
import { openCheckpoint } from "#core/ledger/checkpoint.ts";
import { openCommitment } from "#core/ledger/commitment.ts";
import { parseEntry } from "#core/ledger/entry.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { parseBundle } from "#core/ledger/entry-bundle.ts";
import { openProofFileWithEntry } from "#core/ledger/proof-file.ts";
import { serve, type Serving } from "./serve.ts";
import { ask, askRaw, openHouse, type House } from "./house.testing.ts";

let house: House;
let serving: Serving;
let token: string;
let assets: string;

beforeAll(async () => {
  house = await openHouse();
  assets = mkdtempSync(join(tmpdir(), "aims-assets-"));
  writeFileSync(join(assets, "index.html"), "<!doctype html><title>Aims</title>");
  mkdirSync(join(assets, "assets"));
  writeFileSync(join(assets, "assets/app-1a2b.js"), `console.log("${"aims ".repeat(1000)}")`);
  writeFileSync(join(assets, "../aims-secret.txt"), "a secret beside the assets");
  serving = await serve({ world: house.world, log: pino({ level: "silent" }), version: "0.0.0", port: 0, assets });
  const seated = await findSeated(house.world, house.ada.cookie.slice("aims_session=".length));
  if (!seated) throw new Error("Ada is not signed in");
  ({ token } = await createTokenAt(house.world, seated, { name: "tests" }));
});
afterAll(async () => {
  await serving.close();
  await house.close();
  rmSync(assets, { recursive: true, force: true });
  rmSync(join(assets, "../aims-secret.txt"), { force: true });
});

const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  askRaw(house, `http://localhost${path}`, {
    method: "POST",
    headers: { cookie: house.ada.cookie, origin: "http://localhost", "content-type": "application/json", ...headers },
    body,
  });

const person = (fields: string) => post("/api/records/person", `{"deed":"invite","fields":${fields}}`);

/** Over a real connection, answered as it comes. */
function send(
  path: string,
  {
    method = "GET",
    headers = {},
    body = [],
  }: { method?: string; headers?: Record<string, string>; body?: Iterable<Uint8Array | string> } = {},
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(serving.url);
    const asked = request(
      { hostname, port, path, method, headers: { authorization: `Bearer ${token}`, ...headers } },
      (response) => {
        let text = "";
        response
          .setEncoding("utf8")
          .on("data", (part: string) => (text += part))
          .on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    asked.on("error", reject);
    for (const part of body) asked.write(part);
    asked.end();
  });
}

test("a body of 50 MB is refused with its size, also where it says nothing of its length, and at apply beyond that", async () => {
  const megabyte = "x".repeat(1_000_000);
  const headers = { "content-type": "application/json" };
  const large = (megabytes: number) => ['{"name":"', ...Array.from({ length: megabytes }, () => megabyte), '"}'];
  for (const [path, megabytes, limit] of [
    ["/api/tokens", 50, 1],
    ["/api/apply", 51, 50],
  ] as const) {
    const { status, text } = await send(path, { method: "POST", headers, body: large(megabytes) });
    expect(status, path).toBe(path === "/api/tokens" ? 403 : 413);
    if (path === "/api/apply") expect(text).toContain(`more than ${limit} MB`);
  }
  const { status } = await send("/api/records/risk", { method: "POST", headers, body: large(50) });
  expect(status).toBe(413);
  expect((await call(serving.url, readHealth, {})).status).toBe("ok");
}, 60_000);

test("JSON nested 10,000 deep is refused before it is read", async () => {
  for (const body of [
    `{"fields":${"[".repeat(10_000)}${"]".repeat(10_000)}}`,
    `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`,
    "[".repeat(100_000),
  ]) {
    const { status, json } = await post("/api/records/risk", body);
    expect([status, json()["code"]]).toEqual([413, "too-large"]);
  }
});

test("what is no JSON object, no UTF-8 or of another type is refused, with its place", async () => {
  expect((await post("/api/records/risk", '{\n  "fields": {,}\n}')).json()).toMatchObject({
    status: 400,
    code: "malformed",
  });
  for (const body of ["[]", "null", "1", '"text"', "{", "{}}", "\u0000"])
    expect((await post("/api/records/risk", body)).status, body).toBe(400);
  expect((await post("/api/records/risk", "{}", { "content-type": "text/plain" })).status).toBe(415);
  expect((await post("/api/records/risk", "a=1", { "content-type": "application/x-www-form-urlencoded" })).status).toBe(
    415,
  );
  expect(
    (
      await send("/api/records/risk", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: [Uint8Array.of(0x7b, 0xff, 0x7d)],
      })
    ).status,
  ).toBe(400);
});

test("an unknown member or field is named, in body, query and record", async () => {
  expect((await post("/api/records/risk", '{"fields":{},"extra":1}')).json()).toMatchObject({
    status: 400,
    place: { field: "extra" },
  });
  expect(
    (await askRaw(house, "http://localhost/api/board?extra=1", { headers: { cookie: house.ada.cookie } })).json(),
  ).toMatchObject({ status: 400, place: { field: "extra" } });
  const { json } = await person('{"full_name":"X","employment":"employee","colour":"red"}');
  expect(json()).toMatchObject({ status: 400, code: "malformed", place: { field: "colour" } });
  expect((await person('{"full_name":"X","employment":"pirate"}')).json()).toMatchObject({
    status: 400,
    place: { field: "employment" },
  });
  expect((await post("/api/records/risk", '{"kind":"policy"}')).status).toBe(400);
  expect((await post("/api/records/risk/RSK-001/amend", '{"rev":1}', { "if-match": '"1"' })).status).toBe(400);
});

test("names of the language itself are no fields, kinds, deeds or records", async () => {
  for (const name of ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"]) {
    const { status } = await person(`{"full_name":"X","employment":"employee","${name}":{"polluted":true}}`);
    expect(status, name).toBe(400);
    expect((await post("/api/records/person", `{"deed":"${name}","fields":{}}`)).status, name).toBe(400);
    const nowhere = await ask(house, listRecords, { kind: "person", state: [name] }, { as: house.ada });
    expect(nowhere.json()["records"] ?? [], name).toEqual([]);
  }
  for (const path of [
    "/api/records/constructor",
    "/api/kinds/constructor",
    "/api/kinds/__proto__",
    "/api/nodes/constructor",
    "/api/nodes/__proto__",
  ])
    expect(
      (await askRaw(house, `http://localhost${path}`, { headers: { cookie: house.ada.cookie } })).status,
      path,
    ).toBeOneOf([400, 404]);
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
});

test("null characters and halves of surrogate pairs are refused, wherever they stand", async () => {
  for (const text of ["\\u0000", "\\ud800", "a\\udfffb", "\\uD83D\\uD83D\\uDE00"])
    expect((await person(`{"full_name":"${text}","employment":"employee"}`)).status, text).toBe(400);
  expect((await person('{"full_name":"Smile \\uD83D\\uDE00","employment":"employee"}')).status).toBe(201);
  expect((await person('{"full_name":"Backslash \\\\ud800","employment":"employee"}')).status).toBe(201);
  for (const [endpoint, input] of [
    [searchAll, { text: "\0" }],
    [listRecords, { kind: "person", text: "a\0b" }],
    [readRecord, { kind: "person", ref: "\0" }],
    [listRecords, { kind: "person", state: ["\0"] }],
  ] as const)
    expect((await ask(house, endpoint as Endpoint, input, { as: house.ada })).status, JSON.stringify(input)).toBe(400);
});

test("texts that would mean something to a database or a search pattern are only texts", async () => {
  for (const text of ["'; drop table record; --", "%", "_", "\\", "\\x", "(", "*", "a".repeat(200)]) {
    for (const [endpoint, input] of [
      [searchAll, { text }],
      [listRecords, { kind: "person", text }],
    ] as const)
      expect((await ask(house, endpoint as Endpoint, input, { as: house.ada })).status, text).toBe(200);
  }
  expect((await ask(house, searchAll, { text: "a".repeat(201) }, { as: house.ada })).status).toBe(400);
});

test("a query that says something twice, or a number that is none, is refused", async () => {
  for (const query of [
    "limit=1&limit=2",
    "limit=many",
    "limit=0",
    "limit=501",
    "limit=1.5",
    "limit=-1",
    "limit=1e2",
    "overdue=maybe",
    "sort=secret",
    "as_at=2026-13-01",
  ])
    expect(
      (await askRaw(house, `http://localhost/api/records/person?${query}`, { headers: { cookie: house.ada.cookie } }))
        .status,
      query,
    ).toBe(400);
  expect(
    (
      await askRaw(house, "http://localhost/api/records/person?state=active&state=left", {
        headers: { cookie: house.ada.cookie },
      })
    ).status,
  ).toBe(200);
});

test("no path leads out of the log, and a tile that is not there is not found", async () => {
  await call(serving.url, publishCheckpoint, {}, { token });
  for (const path of [
    "..%2fcheckpoint",
    "..%2f..%2fetc%2fpasswd",
    "0/../../x",
    "entries/..",
    "entries/000.p/0",
    "entries/000.p/257",
    "0/000.p/01",
    "0/x000/000",
    "00/000",
    "64/000",
    "0/0000",
    "entries/x",
    "%00",
    "0/000%00",
    "0//000",
    "0/-01",
    `0/${"x999/".repeat(5)}999`,
  ]) {
    const { status } = await send(`/api/ledger/tile/${path}`);
    expect(status, path).toBeOneOf([400, 404]);
  }
});

test("no path leads out of the assets", async () => {
  for (const path of [
    "/../aims-secret.txt",
    "/%2e%2e/aims-secret.txt",
    "/..%2faims-secret.txt",
    "/assets/..%2f..%2faims-secret.txt",
    "/assets/%2e%2e/%2e%2e/aims-secret.txt",
    "/..\\aims-secret.txt",
    "//aims-secret.txt",
    "/assets/../../aims-secret.txt",
    "/%00",
    "/assets/%zz",
  ]) {
    const { status, text } = await send(path);
    expect(text, path).not.toContain("a secret beside");
    expect(status, path).toBeLessThan(500);
  }
});

test("assets are compressed and kept for ever, pages asked again each time, and any address without a file is the application", async () => {
  const script = await fetch(`${serving.url}/assets/app-1a2b.js`, { headers: { "accept-encoding": "br" } });
  expect([
    script.status,
    script.headers.get("content-encoding"),
    script.headers.get("cache-control"),
    script.headers.get("content-type"),
  ]).toEqual([200, "br", "public, max-age=31536000, immutable", "text/javascript; charset=utf-8"]);
  expect(await script.text()).toContain("aims aims");
  for (const path of ["/", "/standard/6.1.2", "/records/risk/RSK-001?as_at=2026-01-01"]) {
    const page = await fetch(serving.url + path, { headers: { accept: "text/html" } });
    expect([page.status, page.headers.get("cache-control")], path).toEqual([200, "no-cache"]);
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    const again = await fetch(serving.url + path, {
      headers: { accept: "text/html", "if-none-match": page.headers.get("etag") ?? "" },
    });
    expect(again.status).toBe(304);
  }
  expect((await fetch(`${serving.url}/assets/gone.js`)).status).toBe(404);
});

test("headers of 20 kB, half a request and another host's name are refused, and the server goes on", async () => {
  expect((await send("/api/health", { headers: { "x-long": "a".repeat(20_000) } })).status).toBe(431);
  expect((await send("/api/health", { headers: { host: "evil.example" } })).status).toBe(421);
  const { hostname, port } = new URL(serving.url);
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.end("GARBAGE\r\n\r\n"));
    let text = "";
    socket
      .setEncoding("utf8")
      .on("data", (part: string) => (text += part))
      .on("close", () => resolve(text));
  });
  expect(answer).toContain("400 Bad Request");
  expect((await call(serving.url, readHealth, {})).status).toBe("ok");
});

test("the client throws the server's own refusal, and says so when nobody answers", async () => {
  await expect(call(serving.url, readBoard, {})).rejects.toMatchObject({ name: "Refusal", code: "not-signed-in" });
  await expect(call(serving.url, readRecord, { kind: "risk", ref: "RSK-999" }, { token })).rejects.toMatchObject({
    code: "not-found",
  });
  const made = await call(
    serving.url,
    createRecord,
    { kind: "person", deed: "invite", fields: { full_name: "Client Made", employment: "employee" } },
    { token },
  );
  await expect(
    call(serving.url, doDeed, { kind: "person", ref: made.ref, deed: "amend", rev: 9, fields: {} }, { token }),
  ).rejects.toMatchObject({ code: "stale" });
  await expect(call("http://127.0.0.1:1", readHealth, {})).rejects.toMatchObject({ code: "unavailable" });
  const { versions } = await call(serving.url, readHistory, { kind: "person", ref: made.ref }, { token });
  expect(versions.map(({ rev, deed, by }) => [rev, deed, by?.name])).toEqual([[1, "invite", "Ada Lund"]]);
});

test("checkpoint, bundle, proof and opening that the API hands out verify one another", async () => {
  const { ref } = await call(
    serving.url,
    createRecord,
    { kind: "person", deed: "invite", fields: { full_name: "Proven Person", employment: "employee" } },
    { token },
  );
  const ledger = await call(serving.url, readLedger, {}, { token });
  const vkey = ledger.keys.at(-1)?.vkey ?? "";
  const proof = await call(serving.url, readProof, { kind: "person", ref }, { token });
  const opened = openProofFileWithEntry(proof, vkey);
  const entry = parseEntry(opened.entry);
  const { openings } = await call(serving.url, readOpenings, { kind: "person", ref }, { token });
  const [opening] = openings;
  const payload = openCommitment(fromBase64(opening?.salt ?? ""), encodeUtf8(opening?.payload ?? ""), {
    commitment: fromBase64(entry.commit.d),
    bytes: entry.commit.n,
  });
  expect(new TextDecoder().decode(payload)).toContain("Proven Person");
  const checkpoint = openCheckpoint(await call(serving.url, readCheckpoint, {}, { token }), [vkey], ledger.origin);
  expect(checkpoint.size).toBe(ledger.size);
  const bundle = parseBundle(
    await call(serving.url, readTile, { path: `entries/000.p/${checkpoint.size}` }, { token }),
    checkpoint.size,
  );
  expect(bundle[opened.index]).toEqual(opened.entry);
});

test("a reference that holds a slash is one segment of the path", async () => {
  const at = { kind: "person", ref: "P-1/A.5" };
  const made = await call(
    serving.url,
    createRecord,
    { ...at, deed: "invite", fields: { full_name: "Slashed", employment: "employee" } },
    { token },
  );
  expect(made.ref).toBe(at.ref);
  expect((await call(serving.url, readRecord, at, { token })).title).toBe("Slashed");
  expect(
    (await call(serving.url, doDeed, { ...at, deed: "amend", rev: 1, fields: { job: "Nurse" } }, { token })).rev,
  ).toBe(2);
  expect((await call(serving.url, readHistory, at, { token })).versions).toHaveLength(2);
  expect((await send("/api/records/person/P-1/A.5")).status, "unencoded it is the address of a deed").toBe(405);
});

test("the ledger is verified once at a time", async () => {
  const both = await Promise.all(
    [1, 2].map(async () => {
      const told = [];
      try {
        for await (const line of callLines(serving.url, verifyLedger, {}, { token })) told.push(line);
      } catch (error) {
        if (!(error instanceof Refusal) || error.code !== "too-many") throw error;
        return "refused";
      }
      return told.length > 0 ? "verified" : "nothing";
    }),
  );
  expect(both).toContain("verified");
  expect(both).not.toContain("nothing");
});

test("verification and export come line by line to their end", async () => {
  const lines = [];
  for await (const line of callLines(serving.url, verifyLedger, {}, { token })) lines.push(line);
  expect(lines.at(-1)).toMatchObject({ result: { problems: [] } });
  const files: { path?: string; files?: number }[] = [];
  for await (const line of callLines(serving.url, exportRecords, {}, { token }))
    files.push(line as { path?: string; files?: number });
  expect(files.at(-1)).toEqual({ files: files.length - 1 });
  expect(files.map(({ path }) => path)).toContain("aims.yaml");
});

test("files that are none, or lead out of their folder, change nothing", async () => {
  const before = await call(serving.url, readLedger, {}, { token });
  for (const files of [
    [{ path: "risk.yaml", text: "- [unclosed" }],
    [{ path: "../../x.yaml", text: "[]" }],
    [{ path: "risk.yaml", text: "kind: nothing\nrecords: []" }],
    [{ path: "", text: "" }],
  ])
    await expect(call(serving.url, applyFiles, { files }, { token }), JSON.stringify(files)).rejects.toMatchObject({
      name: "Refusal",
    });
  expect((await call(serving.url, readLedger, {}, { token })).size).toBe(before.size);
});

test("a second server on the same port is refused", async () => {
  await expect(
    serve({
      world: house.world,
      log: pino({ level: "silent" }),
      version: "0",
      port: Number(new URL(serving.url).port),
      assets,
    }),
  ).rejects.toMatchObject({ code: "conflict" });
});
