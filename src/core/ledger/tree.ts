import { sameBytes } from "#core/basics/bytes.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { sha256 as defaultSha256, type Sha256 } from "#core/basics/sha256.ts";

/** A SHA-256 hash, 32 bytes. */
export type Hash = Uint8Array;

/** What a Merkle tree comes down to: how many entries, and the one hash over them all. */
export type TreeHead = { size: number; root: Hash };

/** The entries from `start` up to and without `end`, as the RFC's D[start:end]. */
export type Range = { start: number; end: number };

/** A complete subtree: the entries from `index * 2^level` on, `2^level` of them. */
export type NodeCoordinates = { level: number; index: number };

/** Finds the hash of a complete subtree. */
export type ReadHash = (level: number, index: number) => Hash;

export const hashBytes = 32;

// What is about to be hashed is put together here, since a fresh array a hash costs as much as the hash.
// A hash function is done with it when it returns.
const nodeScratch = new Uint8Array(1 + 2 * hashBytes);
const leafScratch = new Uint8Array(1 + 16 * 1024);

/** The hash of an entry. RFC 9162, section 2.1.1. */
export function leafHash(entry: Uint8Array, sha256: Sha256 = defaultSha256): Hash {
  const length = entry.length + 1;
  const prefixed = length <= leafScratch.length ? leafScratch.subarray(0, length) : new Uint8Array(length);
  prefixed[0] = 0;
  prefixed.set(entry, 1);
  return sha256(prefixed);
}

/** The hash of a node over its two children. RFC 9162, section 2.1.1. */
export function nodeHash(left: Hash, right: Hash, sha256: Sha256 = defaultSha256): Hash {
  nodeScratch[0] = 1;
  nodeScratch.set(left, 1);
  nodeScratch.set(right, 1 + hashBytes);
  return sha256(nodeScratch);
}

/** The root of the tree without entries: the hash of nothing. RFC 9162, section 2.1.1. */
export function emptyRoot(sha256: Sha256 = defaultSha256): Hash {
  return sha256(new Uint8Array(0));
}

/**
 * A tree without its inside: the roots of the complete subtrees into which its entries fall, the
 * largest first. A tree of 13 entries has three, over 8, 4 and 1 of them.
 */
export type CompactRange = { size: number; roots: readonly Hash[] };

export const emptyRange: CompactRange = { size: 0, roots: [] };

/** The range with one more leaf (or complete subtree, all of one height) at its end. */
export function appendHash(range: CompactRange, leaf: Hash, sha256: Sha256 = defaultSha256): CompactRange {
  const roots = [...range.roots];
  let hash = leaf;
  for (let size = range.size; size % 2 === 1; size = Math.floor(size / 2)) {
    const left = roots.pop();
    if (!left) throw new Error("A compact range has fewer roots than its size says");
    hash = nodeHash(left, hash, sha256);
  }
  roots.push(hash);
  return { size: range.size + 1, roots };
}

/** The root over the range, which is not empty. */
export function foldRoots(roots: readonly Hash[], sha256: Sha256 = defaultSha256): Hash {
  const last = roots.at(-1);
  if (!last) throw new Error("No hash stands for an empty range");
  let hash = last;
  for (const left of roots.slice(0, -1).reverse()) hash = nodeHash(left, hash, sha256);
  return hash;
}

/** The size and root of the tree over the leaf hashes. RFC 9162, section 2.1.1. */
export function treeHead(leaves: readonly Hash[], sha256: Sha256 = defaultSha256): TreeHead {
  if (leaves.length === 0) return { size: 0, root: emptyRoot(sha256) };
  const range = leaves.reduce((so, leaf) => appendHash(so, leaf, sha256), emptyRange);
  return { size: range.size, root: foldRoots(range.roots, sha256) };
}

/** The root of a complete subtree over its hashes, whose number is a power of two. */
export function completeRoot(hashes: readonly Hash[], sha256: Sha256 = defaultSha256): Hash {
  let row = hashes;
  while (row.length > 1) {
    const above: Hash[] = [];
    // Both are there: the number is a power of two, and the loop ends before it.
    for (let at = 0; at < row.length; at += 2) above.push(nodeHash(row[at] as Hash, row[at + 1] as Hash, sha256));
    row = above;
  }
  const [root] = row;
  if (!root) throw new Error("No hash stands for an empty subtree");
  return root;
}

/** The complete subtrees into which the entries of a range that a proof names fall, the largest first. */
export function nodesOf({ start, end }: Range): NodeCoordinates[] {
  const nodes: NodeCoordinates[] = [];
  for (let at = start; at < end;) {
    let level = 0;
    let width = 1;
    while (at % (2 * width) === 0 && at + 2 * width <= end) {
      width *= 2;
      level++;
    }
    nodes.push({ level, index: at / width });
    at += width;
  }
  return nodes;
}

/** The hash over a range, read from the complete subtrees it is made of. */
export function hashOfRange(readHash: ReadHash, range: Range, sha256: Sha256 = defaultSha256): Hash {
  return foldRoots(
    nodesOf(range).map(({ level, index }) => readHash(level, index)),
    sha256,
  );
}

/** The root of the tree of that size. RFC 9162, section 2.1.1. */
export function rootOf(readHash: ReadHash, size: number, sha256: Sha256 = defaultSha256): Hash {
  return size === 0 ? emptyRoot(sha256) : hashOfRange(readHash, { start: 0, end: size }, sha256);
}

/**
 * The siblings on the way from an entry to the root, from the leaf up. RFC 9162, section 2.1.3.1.
 *
 * @throws {Refusal} `malformed` when the entry is not in a tree of that size
 */
export function inclusionRanges(index: number, size: number): Range[] {
  if (!isCount(index) || !isCount(size) || index >= size)
    throw new Refusal("malformed", `Cannot prove entry ${index}: the tree has ${size} entries`);
  const siblings: Range[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + largestPowerBelow(end - start);
    if (index < middle) {
      siblings.push({ start: middle, end });
      end = middle;
    } else {
      siblings.push({ start, end: middle });
      start = middle;
    }
  }
  return siblings.reverse();
}

/**
 * The subtrees that show that the tree of the second size begins with the whole tree of the first.
 * RFC 9162, section 2.1.4.1.
 *
 * @throws {Refusal} `malformed` unless 0 < first <= second: the empty tree proves nothing
 */
export function consistencyRanges(first: number, second: number): Range[] {
  if (!isCount(first) || !isCount(second) || first === 0 || first > second)
    throw new Refusal(
      "malformed",
      `Cannot prove that a tree of ${second} entries extends one of ${first}: the first must have 1 to ${second}`,
    );
  const ranges: Range[] = [];
  let [start, end] = [0, second];
  while (end !== first) {
    const middle = start + largestPowerBelow(end - start);
    if (first <= middle) {
      ranges.push({ start: middle, end });
      end = middle;
    } else {
      ranges.push({ start, end: middle });
      start = middle;
    }
  }
  // A first tree that is itself the left subtree is known to the verifier, who has its root.
  if (start > 0) ranges.push({ start, end });
  return ranges.reverse();
}

/**
 * The hashes that lead from the entry at `index` to the root of the tree of that size.
 * RFC 9162, section 2.1.3.1.
 *
 * @throws {Refusal} `malformed` when the entry is not in a tree of that size
 */
export function inclusionProof(
  readHash: ReadHash,
  index: number,
  size: number,
  sha256: Sha256 = defaultSha256,
): Hash[] {
  return inclusionRanges(index, size).map((range) => hashOfRange(readHash, range, sha256));
}

/**
 * The hashes that show that the tree of the second size extends the tree of the first.
 * RFC 9162, section 2.1.4.1.
 *
 * @throws {Refusal} `malformed` unless 0 < first <= second
 */
export function consistencyProof(
  readHash: ReadHash,
  first: number,
  second: number,
  sha256: Sha256 = defaultSha256,
): Hash[] {
  return consistencyRanges(first, second).map((range) => hashOfRange(readHash, range, sha256));
}

/** Whether both trees have the same size and root. */
export function sameHead(one: TreeHead, other: TreeHead): boolean {
  return one.size === other.size && sameBytes(one.root, other.root);
}

/** Whether the number can count entries. */
export function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

// The RFC's k: the largest power of two smaller than the number, which is above 1.
function largestPowerBelow(value: number): number {
  let power = 1;
  while (power * 2 < value) power *= 2;
  return power;
}
