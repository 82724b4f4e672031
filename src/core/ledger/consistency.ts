import { sameBytes } from "#core/basics/bytes.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { sha256 as defaultSha256, type Sha256 } from "#core/basics/sha256.ts";
import { hashBytes, isCount, nodeHash, type Hash, type TreeHead } from "./tree.ts";

/** Two trees, and the hashes said to show that the second begins with the whole first. */
export type ConsistencyProof = { first: TreeHead; second: TreeHead; hashes: readonly Hash[] };

/**
 * Returns the second tree, now known to hold every entry of the first in its place.
 * RFC 9162, section 2.1.4.2. A first tree without entries is refused: it proves nothing.
 *
 * @throws {Refusal} `proof-rejected`
 */
export function openConsistency({ first, second, hashes }: ConsistencyProof, sha256: Sha256 = defaultSha256): TreeHead {
  const rejected = (why: string) =>
    new Refusal(
      "proof-rejected",
      `Cannot open tree of ${second.size} entries as an extension of ${first.size}: ${why}`,
    );
  if (!isCount(first.size) || !isCount(second.size) || first.size === 0 || first.size > second.size)
    throw rejected("the sizes leave nothing to prove");
  if (hashes.some((hash) => hash.length !== hashBytes)) throw rejected("a hash is not 32 bytes long");
  if (first.size === second.size) {
    if (hashes.length > 0) throw rejected("the proof is longer than the way to the root");
    if (!sameBytes(first.root, second.root)) throw rejected("the roots differ");
    return second;
  }

  // fn, sn, fr and sr are the RFC's names. A first tree that is complete starts the way by its own root.
  const way = isPowerOfTwo(first.size) ? [first.root, ...hashes] : hashes;
  const [start, ...rest] = way;
  if (!start) throw rejected("the proof is empty");
  let fn = first.size - 1;
  let sn = second.size - 1;
  while (fn % 2 === 1) [fn, sn] = [half(fn), half(sn)];
  let fr = start;
  let sr = start;
  for (const sibling of rest) {
    if (sn === 0) throw rejected("the proof is longer than the way to the root");
    if (fn % 2 === 1 || fn === sn) {
      fr = nodeHash(sibling, fr, sha256);
      sr = nodeHash(sibling, sr, sha256);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      sr = nodeHash(sr, sibling, sha256);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  if (sn !== 0) throw rejected("the proof is shorter than the way to the root");
  if (!sameBytes(fr, first.root)) throw rejected("the proof leads to another first root");
  if (!sameBytes(sr, second.root)) throw rejected("the proof leads to another second root");
  return second;
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function isPowerOfTwo(value: number): boolean {
  let rest = value;
  while (rest % 2 === 0) rest /= 2;
  return rest === 1;
}
