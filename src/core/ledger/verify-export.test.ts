import { expect, test } from "vitest";
import { encodeUtf8, toBase64 } from "#core/basics/bytes.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { formatEntry, parseEntry, type Entry } from "./entry.ts";
import { parseBundle } from "./entry-bundle.ts";
import {
  chainedEntries,
  entryOf,
  exportOf,
  flipBit,
  log,
  nodePrimitives,
  origin,
  outcome,
  refusals,
  signedHead,
  signerOf,
  uuidOf,
} from "./sample.testing.ts";
import { leafHash, treeHead } from "./tree.ts";
import { verifyExport, type Verification } from "./verify-export.ts";

type Files = ReadonlyMap<string, Uint8Array>;
const trust = { verifierKeys: [log.verifierKey], origin };
const verify = (files: Files, more: Verification = {}) =>
  verifyExport((path) => files.get(path), trust, { using: nodePrimitives, ...more });

/** What the verification says is wrong, and where. */
async function complaint(files: Files): Promise<string> {
  try {
    await verify(files);
    return "whole";
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    return cause.message;
  }
}

const entries = chainedEntries(600, 70);
const files = await exportOf(entries);
const changed = (path: string, bytes: Uint8Array | undefined): Files => {
  const copy = new Map(files);
  if (bytes) copy.set(path, bytes);
  else copy.delete(path);
  return copy;
};
const fileAt = (path: string): Uint8Array => files.get(path) ?? new Uint8Array(0);

test("an export is whole, whatever its size and the hash used", async () => {
  for (const size of [0, 1, 2, 255, 256, 257, 512, 513]) {
    const verified = await verify(await exportOf(chainedEntries(size, 40)));
    expect(verified).toEqual({
      origin,
      ...treeHead(chainedEntries(size, 40).map((entry) => leafHash(entry))),
      entries: size,
      records: Math.min(size, 40),
    });
  }
  expect((await verifyExport(async (path) => files.get(path), trust)).records).toBe(70);
});

test("an export has the files of the specification and no other", () => {
  expect([...files.keys()].sort()).toEqual([
    "checkpoint",
    "tile/0/000",
    "tile/0/001",
    "tile/0/002.p/88",
    "tile/1/000.p/2",
    "tile/entries/000",
    "tile/entries/001",
    "tile/entries/002.p/88",
  ]);
  expect(parseBundle(fileAt("tile/entries/001"), 256)[0]).toEqual(entries[256]);
});

test("whoever verifies sees each entry once, in order", async () => {
  const seen: [number, string][] = [];
  await verify(files, { onEntry: ({ rid }, index) => seen.push([index, rid]) });
  expect(seen).toEqual(entries.map((_, index) => [index, uuidOf(index % 70)]));
});

test("an export with any file missing is refused, the file being named", async () => {
  for (const path of files.keys())
    expect(await complaint(changed(path, undefined))).toBe(`Cannot verify "${path}": it is missing`);
});

test("an export with any file cut or lengthened is refused, the file being named", async () => {
  for (const [path, bytes] of files)
    for (const forged of [bytes.slice(0, -1), new Uint8Array(0), Uint8Array.of(...bytes, 0), bytes.slice(32)])
      expect(await complaint(changed(path, forged))).toContain(`Cannot verify "${path}"`);
});

test("an export with a bit turned is refused, wherever it is", async () => {
  for (const [path, bytes] of files)
    for (let at = 0; at < 60; at++) {
      const bit = Math.floor((at * bytes.length * 8) / 60) + (at % 8);
      expect(refusals, `${path}, bit ${bit}`).toContain(
        await outcome(() => verify(changed(path, flipBit(bytes, Math.min(bit, bytes.length * 8 - 1))))),
      );
    }
}, 60_000);

test("the place of a changed entry and of a changed hash is named", async () => {
  const second = fileAt("tile/entries/001");
  expect(await complaint(changed("tile/entries/001", flipBit(second, 8 * (second.length - 20))))).toBe(
    'Cannot verify "tile/0/001": entry 511 does not hash to what the tile holds',
  );
  expect(await complaint(changed("tile/0/002.p/88", flipBit(fileAt("tile/0/002.p/88"), 8 * 32 * 3)))).toBe(
    'Cannot verify "tile/0/002.p/88": entry 515 does not hash to what the tile holds',
  );
  expect(await complaint(changed("tile/1/000.p/2", flipBit(fileAt("tile/1/000.p/2"), 300)))).toBe(
    'Cannot verify "tile/1/000.p/2": hash 1 is not that of the tile below',
  );
});

test("entries that agree with their tiles, but not with the signed root, are refused", async () => {
  const other = await exportOf(chainedEntries(600, 71));
  other.set("checkpoint", fileAt("checkpoint"));
  expect(await complaint(other)).toBe(
    'Cannot verify "checkpoint": the entries come down to another root than the signed one',
  );
  // Entries cut off at the end need a checkpoint that the log never signed.
  const shorter = await exportOf(entries.slice(0, 599));
  shorter.set("checkpoint", fileAt("checkpoint"));
  expect(await complaint(shorter)).toBe('Cannot verify "tile/entries/002.p/88": it is missing');
});

test("an export of another log, or signed with another key, is refused", async () => {
  const read = (path: string) => files.get(path);
  await expect(verifyExport(read, { verifierKeys: [signerOf(origin, 8).verifierKey], origin })).rejects.toThrow(
    'Cannot verify "checkpoint": Cannot open note: no known key signed it',
  );
  await expect(verifyExport(read, { verifierKeys: [log.verifierKey], origin: "other.example" })).rejects.toThrow(
    "it is that of",
  );
});

// What follows is signed by the log itself: a log that lies about a record is found out by the record's chain.
async function complaintOf(list: readonly Entry[]): Promise<string> {
  return complaint(await exportOf(list.map(formatEntry)));
}
const leafOf = (entry: Entry) => toBase64(leafHash(formatEntry(entry)));
const first = entryOf(1, { rid: uuidOf(1) });
const second = entryOf(2, { rid: uuidOf(1), rev: 2, op: "update", prev: leafOf(first) });
const third = entryOf(3, { rid: uuidOf(1), rev: 3, op: "update", prev: leafOf(second) });
const stranger = entryOf(4);

test("each record's revisions follow one another without gap, between those of others", async () => {
  expect(await complaintOf([first, stranger, second, third])).toBe("whole");
});

test.each<[string, Entry[], string]>([
  [
    "a revision left out",
    [first, third],
    'Cannot verify entry 1 in "tile/entries/000.p/2": Cannot follow record 00000000-0000-4000-8000-000000000001: revision 2 should come, and it is 3',
  ],
  ["a record that does not begin", [stranger, second], "revision 1 should come, and it is 2"],
  ["a revision twice", [first, second, second], "revision 3 should come, and it is 2"],
  ["revisions in another order", [first, third, second], "revision 2 should come, and it is 3"],
  ["a record that begins again", [first, second, first], "revision 3 should come, and it is 1"],
  [
    "another predecessor",
    [first, { ...second, prev: leafOf(stranger) }],
    "revision 2 does not name the entry of revision 1 as its previous one",
  ],
  [
    "a predecessor that was replaced",
    [{ ...first, deed: "replaced" }, second],
    "revision 2 does not name the entry of revision 1",
  ],
])("%s is refused", async (_, list, expected) => {
  expect(await complaintOf(list)).toContain(expected);
});

test("a leaf that is no entry is refused, also when the log signed it", async () => {
  const list = [formatEntry(first), encodeUtf8("{}")];
  const forged = await exportOf(list);
  forged.set("checkpoint", encodeUtf8(await signedHead(treeHead(list.map((entry) => leafHash(entry))))));
  expect(await complaint(forged)).toContain('Cannot verify entry 1 in "tile/entries/000.p/2": Cannot accept entry');
  expect(parseEntry(formatEntry(first))).toEqual(first);
});

test("a fault of the reader is passed on as it is", async () => {
  const broken = () => Promise.reject(new Error("the disk is gone"));
  await expect(verifyExport(broken, trust)).rejects.toThrow(/^the disk is gone$/);
});
