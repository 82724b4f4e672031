import { createPublicKey, hash, verify } from "node:crypto";
import { ed25519 } from "@noble/curves/ed25519.js";
import { encodeUtf8, toBase64 } from "#core/basics/bytes.ts";
import { parseInstant } from "#core/basics/time.ts";
import { signCheckpoint } from "./checkpoint.ts";
import { commitTo } from "./commitment.ts";
import { formatEntry, type Entry } from "./entry.ts";
import { exportFiles } from "./export.ts";
import { formatVerifierKey, type Signer } from "./note.ts";
import type { Primitives } from "./primitives.ts";
import { leafHash, treeHead, type Hash, type TreeHead } from "./tree.ts";

export const origin = "ledger.example/0b6f/ledger";

/** What a server passes in: Node's own hash and Ed25519, many times faster than those for a browser. */
export const nodePrimitives: Primitives = {
  sha256: (bytes) => hash("sha256", bytes, "buffer"),
  verify: (signature, message, publicKey) =>
    verify(
      null,
      message,
      createPublicKey({
        key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(publicKey).toString("base64url") },
        format: "jwk",
      }),
      signature,
    ),
};

/** A signer whose key follows from its name and a number. */
export function signerOf(name: string, seed: number): Signer & { verifierKey: string } {
  const secret = new Uint8Array(32).fill(seed);
  const publicKey = ed25519.getPublicKey(secret);
  return {
    name,
    publicKey,
    sign: (message) => ed25519.sign(message, secret),
    verifierKey: formatVerifierKey(name, publicKey),
  };
}

export const log = signerOf(origin, 7);

export function uuidOf(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;
}

export const saltOf = (index: number): Uint8Array => new Uint8Array(32).fill(index % 251);
export const payloadOf = (index: number): Uint8Array => encodeUtf8(`{"title":"Record ${index}"}`);

export function entryOf(index: number, more: Partial<Entry> = {}): Entry {
  return {
    v: 1,
    id: uuidOf(1_000_000 + index),
    ts: parseInstant("2026-11-23T10:00:00.000Z"),
    actor: { id: uuidOf(9), kind: "user", auth: "password" },
    op: "create",
    deed: "propose",
    type: "risk",
    rid: uuidOf(index),
    rev: 1,
    schema: "aims/risk@1",
    commit: { alg: "sha-256", d: toBase64(commitTo(saltOf(index), payloadOf(index))), n: payloadOf(index).length },
    ...more,
  };
}

/** Entries about `records` records in turn, each revision naming the one before. */
export function chainedEntries(count: number, records: number): Uint8Array[] {
  const leaves: Hash[] = [];
  return Array.from({ length: count }, (_, index) => {
    const before = leaves[index - records];
    const follows = before ? { op: "update" as const, deed: "amend", prev: toBase64(before) } : {};
    const bytes = formatEntry(
      entryOf(index, { rid: uuidOf(index % records), rev: Math.floor(index / records) + 1, ...follows }),
    );
    leaves.push(leafHash(bytes));
    return bytes;
  });
}

/** Leaves of a tree in which only the shape matters. */
export function leavesOf(count: number): Hash[] {
  return Array.from({ length: count }, (_, index) => leafHash(encodeUtf8(`leaf ${index}`)));
}

/** The files of an export of the entries, signed by `log`. */
export async function exportOf(entries: readonly Uint8Array[]): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for await (const { path, bytes } of exportFiles(entries)) files.set(path, bytes);
  files.set("checkpoint", encodeUtf8(await signedHead(treeHead(entries.map((entry) => leafHash(entry))))));
  return files;
}

export function signedHead(head: TreeHead): Promise<string> {
  return signCheckpoint({ origin, ...head }, [log]);
}

/** The code of the refusal with which the work ends, or `opened`. Anything else it throws is passed on. */
export async function outcome(work: () => unknown): Promise<string> {
  try {
    await work();
    return "opened";
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.name === "Refusal") return String(cause.code);
    throw cause;
  }
}

/** Both of the codes with which a forgery may be turned away. */
export const refusals = ["malformed", "proof-rejected"];

/** The bytes with one bit turned over. */
export function flipBit(bytes: Uint8Array, bit: number): Uint8Array {
  const flipped = Uint8Array.from(bytes);
  const at = Math.floor(bit / 8);
  flipped[at] = (flipped[at] ?? 0) ^ (1 << (bit % 8));
  return flipped;
}
