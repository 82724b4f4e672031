import { fromBase64, toBase64 } from "#core/basics/bytes.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { openNote, parseNote, parseVerifierKey, signNote, type Signer } from "./note.ts";
import { primitives, type Primitives } from "./primitives.ts";
import { hashBytes, isCount, type TreeHead } from "./tree.ts";

/**
 * The head of a log, under the name of the log. Signed, it looks like this:
 *
 *     example.com/0b6f/ledger
 *     70000
 *     CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
 *
 *     — example.com/0b6f/ledger Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
 */
export type Checkpoint = TreeHead & { origin: string };

/** The text that is signed. c2sp.org/tlog-checkpoint. @throws {Refusal} `malformed` when it could not be read again */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  if (origin === "" || origin.includes("\n") || !isCount(size) || root.length !== hashBytes)
    throw new Refusal(
      "malformed",
      `Cannot write checkpoint of ${JSON.stringify(origin)}: its origin, size or root is not of its form`,
    );
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/**
 * The checkpoint that the signed text states. Extension lines are refused: the specification advises
 * against them, no ledger writes them, and nobody could say what they vouch for.
 *
 * @throws {Refusal} `malformed`
 */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin = "", size = "", root = "", ...rest] = text.split("\n");
  if (rest.length !== 1 || rest[0] !== "" || !/^(?:0|[1-9][0-9]{0,15})$/.test(size))
    throw new Refusal("malformed", "Cannot read checkpoint: it is not of the form of c2sp.org/tlog-checkpoint");
  const checkpoint = { origin, size: Number(size), root: fromBase64(root) };
  if (formatCheckpoint(checkpoint) !== text)
    throw new Refusal("malformed", "Cannot read checkpoint: it is not in its one spelling");
  return checkpoint;
}

/** The checkpoint as a signed note. @throws {Refusal} `malformed` */
export function signCheckpoint(checkpoint: Checkpoint, signers: readonly Signer[]): Promise<string> {
  return signNote(formatCheckpoint(checkpoint), signers);
}

/**
 * Returns the checkpoint, now known to be signed by the log of that origin with one of the keys. The
 * keys may include those of witnesses, but a witness alone does not make a checkpoint of the log.
 *
 * @throws {Refusal} `malformed` or `proof-rejected`
 */
export function openCheckpoint(
  source: string,
  verifierKeys: readonly string[],
  origin: string,
  { sha256, verify }: Primitives = primitives,
): Checkpoint {
  const keys = verifierKeys.map((key) => parseVerifierKey(key, sha256));
  const { text, signedBy } = openNote(source, keys, { verify });
  const checkpoint = parseCheckpoint(text);
  if (checkpoint.origin !== origin)
    throw new Refusal(
      "proof-rejected",
      `Cannot open checkpoint of ${JSON.stringify(origin)}: it is that of ${JSON.stringify(checkpoint.origin)}`,
    );
  if (!signedBy.some(({ name }) => name === origin))
    throw new Refusal(
      "proof-rejected",
      `Cannot open checkpoint of ${JSON.stringify(origin)}: the log itself did not sign it with a known key`,
    );
  return checkpoint;
}

/** What the checkpoint says, its signatures not verified: for showing it, never for relying on it. @throws {Refusal} `malformed` */
export function readUnverifiedCheckpoint(source: string): Checkpoint {
  return parseCheckpoint(parseNote(source).text);
}
