import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeUtf8, encodeUtf8, toBase64, toHex } from "#core/basics/bytes.ts";
import {
  formatCheckpoint,
  openCheckpoint,
  parseCheckpoint,
  readUnverifiedCheckpoint,
  signCheckpoint,
} from "./checkpoint.ts";
import {
  formatNote,
  formatVerifierKey,
  openNote,
  parseNote,
  parseNoteBytes,
  parseVerifierKey,
  signNote,
} from "./note.ts";
import {
  flipBit,
  leavesOf,
  log,
  nodePrimitives,
  origin,
  outcome,
  refusals,
  signedHead,
  signerOf,
} from "./sample.testing.ts";
import { treeHead } from "./tree.ts";

// The example of golang.org/x/mod/sumdb/note: a key and a note that code other than ours made.
const peterKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const peterNote =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n" +
  "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

test("a note and key made elsewhere open", () => {
  const opened = openNote(peterNote, [parseVerifierKey(peterKey)]);
  expect(opened.signedBy.map(({ name }) => name)).toEqual(["PeterNeumann"]);
  expect(opened.text).toMatch(/^If you think .*\n.* is\.\n$/);
  const { name, publicKey } = parseVerifierKey(peterKey);
  expect(formatVerifierKey(name, publicKey)).toBe(peterKey);
});

test("a signed note opens for its signer, whatever its text, and with every bit turned it does not", async () => {
  const text = fc.string({ unit: "grapheme" }).map((any) => `${any.replaceAll(/[\u0000-\u001f]/g, "\n")}\n`);
  await fc.assert(
    fc.asyncProperty(text, async (body) => {
      const note = await signNote(body, [log]);
      expect(openNote(note, [parseVerifierKey(log.verifierKey)]).text).toBe(body);
      expect(formatNote(parseNote(note))).toBe(note);
      expect(parseNoteBytes(encodeUtf8(note))).toEqual(parseNote(note));
    }),
    { numRuns: 50 },
  );
});

test("signatures of unknown keys are passed over, sixteen and more", async () => {
  const strangers = Array.from({ length: 40 }, (_, at) => signerOf(`witness${at}.example`, at + 20));
  // One has the name of the log and another key, as after a change of keys.
  const note = await signNote("text\n", [...strangers, signerOf(origin, 8), log]);
  expect(openNote(note, [parseVerifierKey(log.verifierKey)]).signedBy).toHaveLength(1);
  const both = openNote(
    note,
    [log, signerOf(origin, 8)].map(({ verifierKey }) => parseVerifierKey(verifierKey)),
  );
  expect(both.signedBy).toHaveLength(2);
  expect(() => openNote(note, [parseVerifierKey(signerOf(origin, 9).verifierKey)])).toThrow("no known key signed it");
  expect(() => openNote(note, [])).toThrow("no known key signed it");
});

test("one wrong signature of a known key spoils the note, even beside a right one", async () => {
  const witness = signerOf("witness.example", 3);
  const note = await signNote("text\n", [log, { ...witness, sign: (message) => log.sign(message) }]);
  expect(openNote(note, [parseVerifierKey(log.verifierKey)]).signedBy).toHaveLength(1);
  expect(() =>
    openNote(
      note,
      [log, witness].map(({ verifierKey }) => parseVerifierKey(verifierKey)),
    ),
  ).toThrow('the signature of "witness.example" is wrong');
  const twice = await signNote("text\n", [{ ...log, sign: () => new Uint8Array(64) }, log]);
  expect(() => openNote(twice, [parseVerifierKey(log.verifierKey)])).toThrow("is wrong");
});

test("a signature of another length does not verify", async () => {
  for (const length of [1, 63, 65]) {
    const note = await signNote("text\n", [{ ...log, sign: () => new Uint8Array(length) }]);
    expect(() => openNote(note, [parseVerifierKey(log.verifierKey)])).toThrow("is wrong");
  }
});

test("a note is refused in any but its one spelling", async () => {
  const note = await signNote("text\n", [log]);
  const line = note.split("\n\n")[1] ?? "";
  for (const forged of [
    "",
    "\n",
    "text\n",
    "text\n\n",
    `text\n${line}`,
    `text\n\n${line.trimEnd()}`,
    `text\n\n${line}\n`,
    `text\n\n${line.replace("\u2014", "-")}`,
    `text\n\n${line.replaceAll(" ", "  ")}`,
    `text\n\n${line.replaceAll(" ", "\t")}`,
    `text\n\n${line.replace("=\n", "\n")}`,
    `te\rxt\n\n${line}`,
    `te\u0000xt\n\n${line}`,
    `text\r\n\r\n${line}`,
    `\ud800\n\n${line}`,
    `text\n\n\u2014 a+b AAAAAAA=\n`,
    `text\n\n\u2014 a\u00a0b AAAAAAA=\n`,
    `text\n\n\u2014 ab AAAA\n`,
    `text\n\n\u2014 ab AAAAAA==\n`,
  ])
    expect(await outcome(() => parseNote(forged)), JSON.stringify(forged)).toBe("malformed");
  expect(() => parseNoteBytes(Uint8Array.of(0xff, 10, 10))).toThrow("not UTF-8");
});

test("a note beyond all measure is refused unread", () => {
  expect(() => parseNote("x".repeat(1_000_001))).toThrow("more than 1000000 characters");
  expect(() => parseNote(`text\n\n${"\u2014 ab AAAAAAA=\n".repeat(101)}`)).toThrow("more than 100 signatures");
});

test("what could not be read again is not written", async () => {
  for (const text of ["", "no newline", "bell \u0007\n", "\ud800\n"])
    expect(await outcome(() => signNote(text, [log]))).toBe("malformed");
  expect(await outcome(() => signNote("text\n", []))).toBe("malformed");
  for (const name of ["", "a b", "a+b", "a\u2003b", "a\u0085b", "a\nb"])
    expect(() => formatVerifierKey(name, log.publicKey)).toThrow("Cannot name key");
  expect(() => formatVerifierKey("a", new Uint8Array(31))).toThrow("32 bytes");
});

test("a verifier key whose name, id or key was changed is refused", async () => {
  const [name = "", id = "", key = ""] = log.verifierKey.split(/\+(.{8})\+/);
  expect(`${name}+${id}+${key}`).toBe(log.verifierKey);
  for (const forged of [
    "",
    name,
    `${name}+${id}`,
    `x${name}+${id}+${key}`,
    `${name}+00000000+${key}`,
    `${name}+${id.toUpperCase()}x+${key}`,
    `${name}+${id}+AA==`,
    `${name}+${id}+${key}=`,
    `${name}+${id}+${key} `,
    `${name} +${id}+${key}`,
    `+${id}+${key}`,
  ])
    expect(await outcome(() => parseVerifierKey(forged)), forged).toBe("malformed");
  // Type 0x04, a cosignature key, is not one that signs checkpoints of ours.
  const cosigner = toBase64(Uint8Array.of(4, ...log.publicKey));
  expect(() => parseVerifierKey(`${name}+${id}+${cosigner}`)).toThrow("not an Ed25519 key");
});

const head = treeHead(leavesOf(5));

test("a checkpoint is three lines and its signature, and opens", async () => {
  const note = await signedHead(head);
  expect(note.split("\n").slice(0, 4)).toEqual([origin, "5", toBase64(head.root), ""]);
  expect(openCheckpoint(note, [log.verifierKey], origin)).toEqual({ origin, ...head });
  expect(readUnverifiedCheckpoint(note)).toEqual({ origin, ...head });
});

test("a checkpoint with any one bit turned does not open", async () => {
  const bytes = encodeUtf8(await signedHead(head));
  for (let bit = 0; bit < bytes.length * 8; bit++)
    expect(refusals, `bit ${bit}`).toContain(
      await outcome(() => openCheckpoint(decodeUtf8(flipBit(bytes, bit)), [log.verifierKey], origin, nodePrimitives)),
    );
});

test("a checkpoint of another log, or signed by a witness alone, does not open", async () => {
  const witness = signerOf("witness.example", 3);
  const other = await signCheckpoint({ origin: "other.example", ...head }, [log]);
  expect(() => openCheckpoint(other, [log.verifierKey], origin)).toThrow('it is that of "other.example"');
  const alone = await signCheckpoint({ origin, ...head }, [witness]);
  expect(() => openCheckpoint(alone, [witness.verifierKey, log.verifierKey], origin)).toThrow(
    "the log itself did not sign it",
  );
  const both = await signCheckpoint({ origin, ...head }, [witness, log]);
  expect(openCheckpoint(both, [witness.verifierKey, log.verifierKey], origin).size).toBe(5);
});

test("a checkpoint in another spelling is refused, also when it is signed", async () => {
  const root = toBase64(head.root);
  for (const text of [
    `${origin}\n05\n${root}\n`,
    `${origin}\n-5\n${root}\n`,
    `${origin}\n5.0\n${root}\n`,
    `${origin}\n9007199254740992\n${root}\n`,
    `\n5\n${root}\n`,
    `${origin}\n5\n${toBase64(new Uint8Array(31))}\n`,
    `${origin}\n5\n${root}\nextension\n`,
    `${origin}\n5\n`,
    `${origin}\n5\n${toHex(head.root)}\n`,
  ]) {
    expect(await outcome(() => parseCheckpoint(text)), text).toBe("malformed");
    expect(
      await outcome(async () => openCheckpoint(await signNote(text, [log]), [log.verifierKey], origin)),
      text,
    ).toBe("malformed");
  }
  for (const size of [-1, 0.5, 2 ** 53])
    expect(() => formatCheckpoint({ origin, size, root: head.root })).toThrow("Cannot write checkpoint");
  expect(parseCheckpoint(formatCheckpoint({ origin, size: 2 ** 53 - 1, root: head.root })).size).toBe(2 ** 53 - 1);
});
