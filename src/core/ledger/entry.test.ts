import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeUtf8, encodeUtf8, toBase64 } from "#core/basics/bytes.ts";
import { canonicalJson, type Json } from "#core/basics/canonical-json.ts";
import { parseInstant } from "#core/basics/time.ts";
import { commitTo, openCommitment } from "./commitment.ts";
import { formatEntry, parseEntry, type Entry } from "./entry.ts";
import { entryOf, outcome, payloadOf, saltOf, uuidOf } from "./sample.testing.ts";

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toBase64);
const anyEntry: fc.Arbitrary<Entry> = fc
  .record({
    files: fc.option(
      fc.array(fc.record({ d: hash, mt: fc.constantFrom("application/pdf", "image/svg+xml"), n: fc.nat() })),
      { nil: undefined },
    ),
    req: fc.option(fc.array(fc.constantFrom("6.1.2", "A.6.2.4", "4.1")), { nil: undefined }),
    reason: fc.option(fc.constantFrom("art-17-1-a", "no_longer_needed"), { nil: undefined }),
    revs: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 1 }), { nil: undefined }),
    rev: fc.integer({ min: 1, max: 100 }),
    prev: hash,
    id: fc.nat().map(uuidOf),
    ts: fc
      .date({ min: new Date("2000-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
      .map((date) => parseInstant(date.toISOString())),
  })
  .map(({ files, req, reason, revs, prev, rev, id, ts }) => ({
    ...entryOf(1, { id, ts }),
    ...(files ? { files } : {}),
    ...(req ? { req } : {}),
    ...(reason ? { reason } : {}),
    ...(revs
      ? { revs: revs.toSorted((one, other) => one - other), op: "erase" as const, rev: 100, prev }
      : { rev, ...(rev > 1 ? { prev } : {}) }),
  }));

test("an entry comes back from its bytes, which are those of RFC 8785 whatever the order of its members", () => {
  fc.assert(
    fc.property(anyEntry, (entry) => {
      const bytes = formatEntry(entry);
      expect(parseEntry(bytes)).toEqual(entry);
      expect(decodeUtf8(bytes)).toBe(canonicalJson(entry as Json));
      expect(formatEntry(Object.fromEntries(Object.entries(entry).reverse()) as Entry)).toEqual(bytes);
    }),
  );
});

test("an entry looks like this", () => {
  const entry = entryOf(3, {
    op: "approve",
    deed: "approve",
    req: ["5.2"],
    reason: "renewal",
    files: [{ d: toBase64(new Uint8Array(32)), mt: "application/pdf", n: 5 }],
  });
  expect(decodeUtf8(formatEntry(entry))).toBe(
    `{"actor":{"auth":"password","id":"00000000-0000-4000-8000-000000000009","kind":"user"},"commit":{"alg":"sha-256","d":"${entry.commit.d}","n":20},` +
      `"deed":"approve","files":[{"d":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","mt":"application/pdf","n":5}],"id":"00000000-0000-4000-8000-0000000f4243","op":"approve",` +
      `"reason":"renewal","req":["5.2"],"rev":1,"rid":"00000000-0000-4000-8000-000000000003","schema":"aims/risk@1","ts":"2026-11-23T10:00:00.000Z","type":"risk","v":1}`,
  );
});

test.each<[string, object]>([
  ["an unknown member", { note: "x" }],
  ["an unknown member within", { actor: { ...entryOf(1).actor, name: "Ada" } }],
  ["a missing member", { deed: undefined }],
  ["an optional member that is undefined", { reason: undefined }],
  ["another version", { v: 2 }],
  ["free text as a reason", { reason: "Because Ada asked" }],
  ["free text as a deed", { deed: "Approve it" }],
  ["a name as an actor", { actor: { ...entryOf(1).actor, id: "ada@example.com" } }],
  ["an id in capitals", { rid: uuidOf(0xabc).toUpperCase() }],
  ["a day that is none", { ts: "2026-02-30T10:00:00.000Z" }],
  ["an instant in another zone", { ts: "2026-11-23T10:00:00.000+01:00" }],
  ["an instant without milliseconds", { ts: "2026-11-23T10:00:00Z" }],
  ["an unknown op", { op: "delete" }],
  ["revision 0", { rev: 0 }],
  ["a fraction", { rev: 1.5 }],
  ["a number beyond 2^53-1", { commit: { ...entryOf(1).commit, n: 2 ** 53 } }],
  ["a negative length", { commit: { ...entryOf(1).commit, n: -1 } }],
  ["another hash", { commit: { ...entryOf(1).commit, alg: "md5" } }],
  ["a commitment that is too short", { commit: { ...entryOf(1).commit, d: "AAAA" } }],
  ["a commitment with bits left over", { commit: { ...entryOf(1).commit, d: `${"A".repeat(42)}B=` } }],
  ["a schema of nobody", { schema: "risk@1" }],
  ["a requirement that is a sentence", { req: ["see clause 5"] }],
  ["a first revision with a predecessor", { prev: toBase64(new Uint8Array(32)) }],
  ["a later revision without one", { rev: 2 }],
  ["erased revisions outside an erasure", { revs: [1] }],
  ["an erasure of nothing", { op: "erase" }],
  ["an erasure of itself", { op: "erase", rev: 2, prev: toBase64(new Uint8Array(32)), revs: [2] }],
  ["an erasure of the same twice", { op: "erase", rev: 3, prev: toBase64(new Uint8Array(32)), revs: [1, 1] }],
])("%s is refused in an entry, written or read", async (_, change) => {
  const entry = { ...entryOf(1), ...change };
  expect(await outcome(() => formatEntry(entry as Entry))).toBe("malformed");
  // What is undefined is simply not there once it is text.
  const text = JSON.stringify(
    Object.fromEntries(Object.entries(entry).sort(([one], [other]) => (one < other ? -1 : 1))),
  );
  if (!("reason" in change && change.reason === undefined))
    expect(await outcome(() => parseEntry(encodeUtf8(text)))).toBe("malformed");
});

test("bytes that are another spelling of an entry are refused", async () => {
  const text = decodeUtf8(formatEntry(entryOf(1)));
  for (const other of [
    `${text} `,
    ` ${text}`,
    `\ufeff${text}`,
    text.replace('"v":1', '"v":1.0'),
    text.replace('"v":1', '"v":1,"v":1'),
    text.replace('"rev":1', '"rev":1e0'),
    text.replace("aims", "\\u0061ims"),
    text.replace('{"actor"', '{"v":1,"actor"'),
    `{"v":1,${text.slice(1).replace(',"v":1', "")}`,
    "",
    "null",
    "[]",
    '"x"',
    "{",
    "[".repeat(9000),
  ])
    expect(await outcome(() => parseEntry(encodeUtf8(other))), other.slice(0, 40)).toBe("malformed");
  expect(await outcome(() => parseEntry(Uint8Array.of(0xff)))).toBe("malformed");
});

test("the refusal names the member and not its value", () => {
  expect(() => formatEntry(entryOf(1, { reason: "Ada's secret" }))).toThrow(/^Cannot accept entry: reason: (?!.*Ada)/);
  expect(() => parseEntry(encodeUtf8('{"Ada'))).toThrow(/^Cannot read entry: it is not JSON$/);
});

test("an entry of more than 16 KiB is refused", async () => {
  const files = Array.from({ length: 100 }, () => ({
    d: toBase64(new Uint8Array(32)),
    mt: `application/${"x".repeat(100)}`,
    n: 1,
  }));
  expect(await outcome(() => formatEntry(entryOf(1, { files })))).toBe("too-large");
  expect(await outcome(() => parseEntry(new Uint8Array(16 * 1024 + 1)))).toBe("too-large");
});

test("a commitment is the hash of salt and payload, and opens for them alone", () => {
  const [salt, payload] = [saltOf(3), payloadOf(3)];
  const commitment = commitTo(salt, payload);
  // As `openssl dgst -sha256` has it of 32 bytes 0x03 and the text {"title":"Record 3"}.
  expect(toBase64(commitment)).toBe("Hj1mVShwrpZfR2mDiom6EsQPfHzTZghRAuRFXbDTsk0=");
  const opened = { commitment, bytes: payload.length };
  expect(openCommitment(salt, payload, opened)).toBe(payload);
  for (const [otherSalt, otherPayload] of [
    [saltOf(4), payload],
    [salt, payloadOf(4)],
    [salt.slice(1), payload],
    [new Uint8Array(32), new Uint8Array(0)],
  ] as const)
    expect(() => openCommitment(otherSalt, otherPayload, opened)).toThrow("Cannot open payload");
  expect(() => openCommitment(salt, payload, { commitment, bytes: payload.length + 1 })).toThrow("Cannot open payload");
  expect(() => commitTo(new Uint8Array(31), payload)).toThrow("A salt has 32 bytes");
});
