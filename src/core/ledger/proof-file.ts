import { fromBase64, toBase64 } from "#core/basics/bytes.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { openCheckpoint, readUnverifiedCheckpoint, type Checkpoint } from "./checkpoint.ts";
import { openEntry } from "./inclusion.ts";
import { parseVerifierKey } from "./note.ts";
import { primitives, type Primitives } from "./primitives.ts";
import { hashBytes, isCount, type Hash } from "./tree.ts";

/**
 * That an entry stands in a log, in a file that needs nothing else but the log's key. c2sp.org/tlog-proof:
 *
 *     c2sp.org/tlog-proof@v1
 *     extra eyJhY3RvciI6ey...
 *     index 73894
 *     gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
 *
 *     example.com/0b6f/ledger
 *     109482
 *     sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=
 *
 *     — example.com/0b6f/ledger hI2DJw...
 *
 * The specification leaves `extra` to the application, sets no limit to it, and warns that nothing vouches
 * for it. Ours holds the entry's own bytes, so that the file can be opened by itself. They are trusted
 * only after they were hashed and the proof led from them to the signed root. A reader who has the entry
 * from elsewhere ignores the line.
 */
export type ProofFile = { extra?: Uint8Array; index: number; hashes: readonly Hash[]; checkpoint: string };

/** An entry now known to stand at `index` under the checkpoint. */
export type OpenedProof = { entry: Uint8Array; index: number; checkpoint: Checkpoint };

const header = "c2sp.org/tlog-proof@v1";
// No tree has a longer way from leaf to root: sizes stop at 2^53-1.
const mostHashes = 63;
const mostCharacters = 1_200_000;

/** The proof as text. @throws {Refusal} `malformed` when it could not be read again as the same proof */
export function formatProofFile({ extra, index, hashes, checkpoint }: ProofFile): string {
  if (
    !isCount(index) ||
    hashes.length > mostHashes ||
    hashes.some((hash) => hash.length !== hashBytes) ||
    extra?.length === 0
  )
    throw new Refusal("malformed", `Cannot write proof of entry ${index}: its index or a hash is not of its form`);
  readUnverifiedCheckpoint(checkpoint);
  const lines = [header, ...(extra ? [`extra ${toBase64(extra)}`] : []), `index ${index}`, ...hashes.map(toBase64), ""];
  return `${lines.join("\n")}\n${checkpoint}`;
}

/** The proof, nothing in it verified. @throws {Refusal} `malformed` or `too-large` */
export function parseProofFile(source: string): ProofFile {
  if (source.length > mostCharacters)
    throw new Refusal("too-large", `Cannot read proof: it has more than ${mostCharacters} characters`);
  const end = source.indexOf("\n\n");
  const [first, ...rest] = source.slice(0, Math.max(end, 0)).split("\n");
  const extra = rest[0]?.startsWith("extra ") ? fromBase64(rest.shift()?.slice("extra ".length) ?? "") : undefined;
  const index = /^index (0|[1-9][0-9]{0,15})$/.exec(rest.shift() ?? "")?.[1];
  if (first !== header || index === undefined || rest.length > mostHashes) throw malformed();
  const proof: ProofFile = { index: Number(index), hashes: rest.map(fromBase64), checkpoint: source.slice(end + 2) };
  if (extra) proof.extra = extra;
  if (formatProofFile(proof) !== source) throw malformed();
  return proof;
}

/**
 * Returns the entry, now known to stand in the log whose key is given: the checkpoint is signed by that
 * key under its own name as origin, and the proof leads from the entry to its root.
 *
 * @throws {Refusal} `malformed` or `proof-rejected`
 */
export function openProofFile(
  source: string,
  entry: Uint8Array,
  verifierKey: string,
  using: Primitives = primitives,
): OpenedProof {
  const { index, hashes, checkpoint: note } = parseProofFile(source);
  const { name } = parseVerifierKey(verifierKey, using.sha256);
  const checkpoint = openCheckpoint(note, [verifierKey], name, using);
  return { entry: openEntry(entry, { index, hashes }, checkpoint, using.sha256), index, checkpoint };
}

/**
 * Returns the entry that the file itself carries, now known to stand in the log whose key is given.
 *
 * @throws {Refusal} `malformed`, also when the file carries no entry; `proof-rejected`
 */
export function openProofFileWithEntry(
  source: string,
  verifierKey: string,
  using: Primitives = primitives,
): OpenedProof {
  const { extra } = parseProofFile(source);
  if (!extra)
    throw new Refusal("malformed", "Cannot open proof: it does not carry its entry, so that the entry must be given");
  return openProofFile(source, extra, verifierKey, using);
}

function malformed(): Refusal {
  return new Refusal("malformed", "Cannot read proof: it is not of the form of c2sp.org/tlog-proof@v1");
}
