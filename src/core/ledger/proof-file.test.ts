import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeUtf8, encodeUtf8, toBase64 } from "#core/basics/bytes.ts";
import { formatProofFile, openProofFile, openProofFileWithEntry, parseProofFile } from "./proof-file.ts";
import {
  chainedEntries,
  flipBit,
  log,
  nodePrimitives,
  origin,
  outcome,
  refusals,
  signedHead,
  signerOf,
} from "./sample.testing.ts";
import { completeRoot, inclusionProof, leafHash, treeHead } from "./tree.ts";

const entries = chainedEntries(11, 3);
const leaves = entries.map((entry) => leafHash(entry));
const checkpoint = await signedHead(treeHead(leaves));
const hashesOf = (index: number) =>
  inclusionProof(
    (level, at) => completeRoot(leaves.slice(at * 2 ** level, (at + 1) * 2 ** level)),
    index,
    leaves.length,
  );
const entryAt = (index: number) => entries[index] ?? new Uint8Array(0);
const proofOf = (index: number) =>
  formatProofFile({ extra: entryAt(index), index, hashes: hashesOf(index), checkpoint });

test("a proof opens by itself, and shows the entry and where it stands", () => {
  for (let index = 0; index < entries.length; index++) {
    const { entry, index: at, checkpoint: head } = openProofFileWithEntry(proofOf(index), log.verifierKey);
    expect(entry).toEqual(entryAt(index));
    expect([at, head.size, head.origin]).toEqual([index, 11, origin]);
  }
});

test("a proof looks as the specification writes it", () => {
  const hashes = hashesOf(10);
  expect(formatProofFile({ index: 10, hashes, checkpoint })).toBe(
    `c2sp.org/tlog-proof@v1\nindex 10\n${hashes.map((hash) => `${toBase64(hash)}\n`).join("")}\n${checkpoint}`,
  );
  expect(proofOf(10).split("\n")[1]).toBe(`extra ${toBase64(entryAt(10))}`);
});

test("a proof without its entry opens with the entry given, and only with that one", () => {
  const bare = formatProofFile({ index: 4, hashes: hashesOf(4), checkpoint });
  expect(openProofFile(bare, entryAt(4), log.verifierKey).entry).toBe(entryAt(4));
  expect(() => openProofFile(bare, entryAt(5), log.verifierKey)).toThrow("another root");
  expect(() => openProofFileWithEntry(bare, log.verifierKey)).toThrow("it does not carry its entry");
  // The entry in the file has no say when another is asked about.
  expect(() => openProofFile(proofOf(4), entryAt(5), log.verifierKey)).toThrow("another root");
});

test("a proof does not open with another key", () => {
  expect(() => openProofFileWithEntry(proofOf(2), signerOf(origin, 8).verifierKey)).toThrow("no known key signed it");
  expect(() => openProofFileWithEntry(proofOf(2), signerOf("other.example", 7).verifierKey)).toThrow(
    "no known key signed it",
  );
});

test("a proof with any one bit turned does not open", async () => {
  const bytes = encodeUtf8(proofOf(6));
  for (let bit = 0; bit < bytes.length * 8; bit++)
    expect(refusals, `bit ${bit}`).toContain(
      await outcome(() => openProofFileWithEntry(decodeUtf8(flipBit(bytes, bit)), log.verifierKey, nodePrimitives)),
    );
});

test("a proof with lines dropped, doubled or swapped does not open", async () => {
  const lines = proofOf(6).split("\n");
  for (let at = 0; at < lines.length; at++) {
    expect(refusals).toContain(
      await outcome(() => openProofFileWithEntry(lines.toSpliced(at, 1).join("\n"), log.verifierKey, nodePrimitives)),
    );
    if (at < lines.length - 1) {
      const swapped = lines
        .with(at, lines[at + 1] ?? "")
        .with(at + 1, lines[at] ?? "")
        .join("\n");
      expect(refusals, `line ${at}`).toContain(
        await outcome(() => openProofFileWithEntry(swapped, log.verifierKey, nodePrimitives)),
      );
    }
    // A signature that stands twice is still a right one.
    if (lines[at]?.startsWith("\u2014")) continue;
    expect(refusals, `line ${at}`).toContain(
      await outcome(() =>
        openProofFileWithEntry(lines.toSpliced(at, 0, lines[at] ?? "").join("\n"), log.verifierKey, nodePrimitives),
      ),
    );
  }
});

test("a proof comes back from its text", () => {
  const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(
      fc.nat(),
      fc.array(hash, { maxLength: 63 }),
      fc.option(fc.uint8Array({ minLength: 1 }), { nil: undefined }),
      (index, hashes, extra) => {
        const proof = { index, hashes, checkpoint, ...(extra ? { extra } : {}) };
        expect(parseProofFile(formatProofFile(proof))).toEqual(proof);
      },
    ),
  );
});

test("what is no proof is refused", async () => {
  const good = proofOf(6);
  for (const text of [
    "",
    "\n\n",
    checkpoint,
    good.replace("@v1", "@v2"),
    good.replace("index 6", "index 06"),
    good.replace("index 6", "index -6"),
    good.replace("extra ", "extra"),
    good.replace(/extra .*/, "extra "),
    good.replace("\n", "\r\n"),
    `${good}\n`,
    good.replace("index 6", "index 9007199254740992"),
  ])
    expect(await outcome(() => parseProofFile(text)), text.slice(0, 40)).toBe("malformed");
  expect(await outcome(() => parseProofFile("x".repeat(1_200_001)))).toBe("too-large");
  expect(await outcome(() => formatProofFile({ index: 0, hashes: [new Uint8Array(31)], checkpoint }))).toBe(
    "malformed",
  );
  expect(await outcome(() => formatProofFile({ index: 0, hashes: [], checkpoint: "x" }))).toBe("malformed");
});
