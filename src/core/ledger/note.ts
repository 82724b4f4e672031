import {
  concatBytes,
  decodeUtf8,
  encodeUtf8,
  fromBase64,
  fromHex,
  isWellFormed,
  sameBytes,
  toBase64,
  toHex,
} from "#core/basics/bytes.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { sha256 as defaultSha256, type Sha256 } from "#core/basics/sha256.ts";
import { primitives, type Primitives } from "./primitives.ts";

/** An Ed25519 key of a named signer, as c2sp.org/signed-note knows it. */
export type VerifierKey = { name: string; id: Uint8Array; publicKey: Uint8Array };

/** A signature line: who is said to have signed with which key, and the signature. */
export type NoteSignature = { name: string; keyId: Uint8Array; signature: Uint8Array };

/**
 * A text and its signatures. It looks like this:
 *
 *     The text, which ends in a newline.
 *
 *     — example.com/log Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
 */
export type Note = { text: string; signatures: readonly NoteSignature[] };

/** A text that at least one known key signed, and those keys. */
export type OpenedNote = { text: string; signedBy: readonly VerifierKey[] };

/** Whoever signs: its key's public half, and what makes signatures with the other, wherever that is kept. */
export type Signer = {
  name: string;
  publicKey: Uint8Array;
  sign: (message: Uint8Array) => Uint8Array | Promise<Uint8Array>;
};

// c2sp.org/signed-note: a signer's name has no Unicode space and no plus; a note has no control character but the newline.
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const notInName = /[\s\u0000-\u001f\u0085+]/u;
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const notInNote = /[\u0000-\u0009\u000b-\u001f]/;

const ed25519Type = 0x01;
const keyIdBytes = 4;
const dash = "\u2014";
// The specification asks for 16 signatures at least, and a post-quantum one takes some 5,000 bytes.
const mostSignatures = 100;
const mostCharacters = 1_000_000;

/** The four bytes by which signature lines name the key. c2sp.org/signed-note, Signatures. */
export function keyIdOf(name: string, publicKey: Uint8Array, sha256: Sha256 = defaultSha256): Uint8Array {
  return sha256(concatBytes(encodeUtf8(`${name}\n`), Uint8Array.of(ed25519Type), publicKey)).slice(0, keyIdBytes);
}

/** The key as a line of text, `name+id+key`. @throws {Refusal} `malformed` when name or key cannot stand in one */
export function formatVerifierKey(name: string, publicKey: Uint8Array, sha256: Sha256 = defaultSha256): string {
  if (!isSignerName(name))
    throw new Refusal("malformed", `Cannot name key ${JSON.stringify(name)}: a name has no space and no plus`);
  if (publicKey.length !== 32)
    throw new Refusal("malformed", `Cannot write key "${name}": an Ed25519 key has 32 bytes`);
  const key = toBase64(concatBytes(Uint8Array.of(ed25519Type), publicKey));
  return `${name}+${toHex(keyIdOf(name, publicKey, sha256))}+${key}`;
}

/** The key that the text stands for. @throws {Refusal} `malformed` */
export function parseVerifierKey(text: string, sha256: Sha256 = defaultSha256): VerifierKey {
  const refused = (why: string) =>
    new Refusal("malformed", `Cannot read verifier key ${JSON.stringify(text.slice(0, 80))}: ${why}`);
  // The base64 of a key may hold a plus of its own.
  const [name, id, ...rest] = text.split("+");
  if (!name || !id || rest.length === 0) throw refused("it is not of the form name+id+key");
  if (!isSignerName(name) || !/^[0-9a-f]{8}$/.test(id)) throw refused("its name or id is not of its form");
  const bytes = fromBase64(rest.join("+"));
  if (bytes[0] !== ed25519Type || bytes.length !== 33) throw refused("it is not an Ed25519 key");
  const publicKey = bytes.slice(1);
  if (!sameBytes(fromHex(id), keyIdOf(name, publicKey, sha256)))
    throw refused("its id is not that of its name and key");
  return { name, id: fromHex(id), publicKey };
}

/** The note as text. @throws {Refusal} `malformed` when it could not be read again as the same note */
export function formatNote({ text, signatures }: Note): string {
  const lines = signatures.map(
    ({ name, keyId, signature }) => `${dash} ${name} ${toBase64(concatBytes(keyId, signature))}\n`,
  );
  const whole = `${text}\n${lines.join("")}`;
  if (
    !isNoteText(text) ||
    signatures.length === 0 ||
    signatures.some(({ name, keyId }) => !isSignerName(name) || keyId.length !== keyIdBytes)
  )
    throw new Refusal(
      "malformed",
      "Cannot write note: its text or a signature is not of the form of c2sp.org/signed-note",
    );
  return whole;
}

/** The text and signatures of a note, none of them verified. @throws {Refusal} `malformed` or `too-large` */
export function parseNote(source: string): Note {
  if (source.length > mostCharacters)
    throw new Refusal("too-large", `Cannot read note: it has more than ${mostCharacters} characters`);
  // The text may hold empty lines: the last one parts it from the signatures.
  const end = source.lastIndexOf("\n\n");
  const text = source.slice(0, end + 1);
  const lines = source.slice(end + 2).split("\n");
  if (
    end < 0 ||
    lines.pop() !== "" ||
    lines.length === 0 ||
    !isNoteText(text) ||
    notInNote.test(source) ||
    !isWellFormed(source)
  )
    throw malformed();
  if (lines.length > mostSignatures)
    throw new Refusal("too-large", `Cannot read note: it has more than ${mostSignatures} signatures`);
  const note = { text, signatures: lines.map(parseSignatureLine) };
  if (formatNote(note) !== source) throw malformed();
  return note;
}

/**
 * Returns the note's text and the keys, of those given, that signed it. Signatures of other keys are
 * passed over, which is what lets a key be replaced and witnesses add theirs.
 *
 * @throws {Refusal} `malformed`; `proof-rejected` when no known key signed, or a known key's signature is wrong
 */
export function openNote(
  source: string,
  keys: readonly VerifierKey[],
  { verify }: Pick<Primitives, "verify"> = primitives,
): OpenedNote {
  const { text, signatures } = parseNote(source);
  const message = encodeUtf8(text);
  const signedBy = new Set<VerifierKey>();
  for (const { name, keyId, signature } of signatures) {
    const [key, ...others] = keys.filter((known) => known.name === name && sameBytes(known.id, keyId));
    if (!key) continue;
    if (others.some(({ publicKey }) => !sameBytes(publicKey, key.publicKey)))
      throw new Refusal("proof-rejected", `Cannot open note: two known keys of "${name}" share one id`);
    if (!verify(signature, message, key.publicKey))
      throw new Refusal("proof-rejected", `Cannot open note: the signature of "${name}" is wrong`);
    signedBy.add(key);
  }
  if (signedBy.size === 0) throw new Refusal("proof-rejected", "Cannot open note: no known key signed it");
  return { text, signedBy: [...signedBy] };
}

/** The note over the text, signed by each of the signers. @throws {Refusal} `malformed` when the text can stand in no note */
export async function signNote(
  text: string,
  signers: readonly Signer[],
  sha256: Sha256 = defaultSha256,
): Promise<string> {
  const message = encodeUtf8(text);
  const signatures = await Promise.all(
    signers.map(async ({ name, publicKey, sign }) => ({
      name,
      keyId: keyIdOf(name, publicKey, sha256),
      signature: await sign(message),
    })),
  );
  return formatNote({ text, signatures });
}

/** The note whose UTF-8 the bytes are, none of its signatures verified. @throws {Refusal} `malformed` or `too-large` */
export function parseNoteBytes(bytes: Uint8Array): Note {
  return parseNote(decodeUtf8(bytes));
}

function parseSignatureLine(line: string): NoteSignature {
  const [mark, name, encoded, ...more] = line.split(" ");
  if (mark !== dash || !name || !isSignerName(name) || !encoded || more.length > 0) throw malformed();
  const bytes = fromBase64(encoded);
  if (bytes.length <= keyIdBytes) throw malformed();
  return { name, keyId: bytes.slice(0, keyIdBytes), signature: bytes.slice(keyIdBytes) };
}

function isSignerName(name: string): boolean {
  return name !== "" && !notInName.test(name) && isWellFormed(name);
}

function isNoteText(text: string): boolean {
  return text.endsWith("\n") && !notInNote.test(text) && isWellFormed(text);
}

function malformed(): Refusal {
  return new Refusal("malformed", "Cannot read note: it is not of the form of c2sp.org/signed-note");
}
