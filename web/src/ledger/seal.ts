import { decodeUtf8, encodeUtf8, fromBase64, toBase64 } from "#core/basics/bytes.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { call } from "#contract/call.ts";
import { readLedger, readOpenings, readProof } from "#contract/ledger.ts";
import { openCheckpoint, readUnverifiedCheckpoint } from "#core/ledger/checkpoint.ts";
import { openCommitment } from "#core/ledger/commitment.ts";
import { parseEntry, type Entry } from "#core/ledger/entry.ts";
import { openEntry } from "#core/ledger/inclusion.ts";
import { parseProofFile } from "#core/ledger/proof-file.ts";
import { leafHash } from "#core/ledger/tree.ts";
import { demandKnownLog, keysFor } from "./known-log.ts";

/** What this browser has shown itself of one version of a record. */
export type Sealed = {
  index: number;
  size: number;
  origin: string;
  entry: Entry;
  /** The leaf and its siblings up to the root, in base64. */
  path: { leaf: string; hashes: string[]; root: string };
  /** Whether the content that is on screen is what the entry committed to; nothing when the asker may not see it whole. */
  content: "as-committed" | "withheld";
  proof: string;
};

/**
 * Verifies that the version stands in the ledger: the log's key, the same as on earlier visits, signed
 * the head, the proof leads from the entry to it, and the content is the one that the entry commits to.
 *
 * @throws {Refusal} `proof-rejected` or `malformed`, and whatever the server refuses
 */
export async function openSeal(about: { kind: string; ref: string; rev: number }): Promise<Sealed> {
  const { kind, ref, rev } = about;
  const [ledger, proof, { openings }] = await Promise.all([
    call("", readLedger, {}),
    call("", readProof, { kind, ref, rev }),
    call("", readOpenings, { kind, ref }),
  ]);
  demandKnownLog(ledger);
  const { extra, index, hashes, checkpoint: note } = parseProofFile(proof);
  if (!extra) throw new Refusal("malformed", `Cannot verify ${ref}: the proof does not carry its entry`);
  const checkpoint = openCheckpoint(note, keysFor(ledger, readUnverifiedCheckpoint(note).size), ledger.origin);
  const entry = parseEntry(openEntry(extra, { index, hashes }, checkpoint));
  if (entry.type !== kind || entry.rev !== rev)
    throw new Refusal("proof-rejected", `Cannot verify ${ref}: the proof is about another record or version`);
  const opening = openings.find((each) => each.rev === rev);
  if (opening) openContent(opening, entry);
  return {
    index,
    size: checkpoint.size,
    origin: checkpoint.origin,
    entry,
    path: { leaf: toBase64(leafHash(extra)), hashes: hashes.map(toBase64), root: toBase64(checkpoint.root) },
    content: opening ? "as-committed" : "withheld",
    proof,
  };
}

/** The content that the entry commits to. @throws {Refusal} `proof-rejected` */
function openContent({ salt, payload }: { salt: string; payload: string }, { commit }: Entry): string {
  return decodeUtf8(
    openCommitment(fromBase64(salt), encodeUtf8(payload), { commitment: fromBase64(commit.d), bytes: commit.n }),
  );
}
