import { sameBytes } from "#core/basics/bytes.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { sha256 as defaultSha256, type Sha256 } from "#core/basics/sha256.ts";
import { hashBytes, isCount, leafHash, nodeHash, type Hash, type TreeHead } from "./tree.ts";

/** The way from an entry to the root: where it stands, and the siblings from the leaf up. */
export type InclusionProof = { index: number; hashes: readonly Hash[] };

/**
 * Returns the entry, now known to stand at `proof.index` in the tree. RFC 9162, section 2.1.3.2.
 *
 * @throws {Refusal} `proof-rejected`
 */
export function openEntry(
  entry: Uint8Array,
  proof: InclusionProof,
  head: TreeHead,
  sha256: Sha256 = defaultSha256,
): Uint8Array {
  openLeaf(leafHash(entry, sha256), proof, head, sha256);
  return entry;
}

/**
 * Returns the leaf hash, now known to stand at `proof.index` in the tree. RFC 9162, section 2.1.3.2.
 *
 * @throws {Refusal} `proof-rejected`
 */
export function openLeaf(leaf: Hash, proof: InclusionProof, head: TreeHead, sha256: Sha256 = defaultSha256): Hash {
  const { index, hashes } = proof;
  if (!isCount(index) || !isCount(head.size) || index >= head.size)
    throw rejected(index, `the tree has ${head.size} entries`);
  if (leaf.length !== hashBytes || hashes.some((hash) => hash.length !== hashBytes))
    throw rejected(index, "a hash is not 32 bytes long");

  // fn, sn and r are the RFC's names.
  let fn = index;
  let sn = head.size - 1;
  let r = leaf;
  for (const sibling of hashes) {
    if (sn === 0) throw rejected(index, "the proof is longer than the way to the root");
    if (fn % 2 === 1 || fn === sn) {
      r = nodeHash(sibling, r, sha256);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      r = nodeHash(r, sibling, sha256);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  if (sn !== 0) throw rejected(index, "the proof is shorter than the way to the root");
  if (!sameBytes(r, head.root)) throw rejected(index, "the proof leads to another root");
  return leaf;
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function rejected(index: number, why: string): Refusal {
  return new Refusal("proof-rejected", `Cannot open entry ${index}: ${why}`);
}
