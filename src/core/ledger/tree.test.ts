import fc from "fast-check";
import { expect, test } from "vitest";
import { fromBase64, fromHex, toBase64, toHex } from "#core/basics/bytes.ts";
import { openConsistency } from "./consistency.ts";
import { openEntry, openLeaf } from "./inclusion.ts";
import { flipBit, leavesOf } from "./sample.testing.ts";
import {
  appendHash,
  consistencyProof,
  emptyRange,
  emptyRoot,
  foldRoots,
  inclusionProof,
  leafHash,
  nodeHash,
  rootOf,
  treeHead,
  type Hash,
  type ReadHash,
  type TreeHead,
} from "./tree.ts";

// The RFC's definitions by plain recursion: what everything else is held against.
function mth(leaves: readonly Hash[]): Hash {
  const [only] = leaves;
  if (!only) return emptyRoot();
  if (leaves.length === 1) return only;
  const k = split(leaves.length);
  return nodeHash(mth(leaves.slice(0, k)), mth(leaves.slice(k)));
}
function path(m: number, leaves: readonly Hash[]): Hash[] {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  return m < k
    ? [...path(m, leaves.slice(0, k)), mth(leaves.slice(k))]
    : [...path(m - k, leaves.slice(k)), mth(leaves.slice(0, k))];
}
function subproof(m: number, leaves: readonly Hash[], whole: boolean): Hash[] {
  if (m === leaves.length) return whole ? [] : [mth(leaves)];
  const k = split(leaves.length);
  return m <= k
    ? [...subproof(m, leaves.slice(0, k), whole), mth(leaves.slice(k))]
    : [...subproof(m - k, leaves.slice(k), false), mth(leaves.slice(0, k))];
}
function split(n: number): number {
  return 2 ** Math.floor(Math.log2(n - 1));
}

const leaves = leavesOf(300);
const roots = Array.from({ length: 301 }, (_, size) => mth(leaves.slice(0, size)));
const headOf = (size: number): TreeHead => ({ size, root: roots[size] as Hash });
const readHash: ReadHash = (level, index) => mth(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));
const leafAt = (index: number): Hash => leaves[index] as Hash;
const other = leafHash(new Uint8Array(99));

test("every tree of up to 300 entries has the root of the definition, by leaves, by subtrees and one by one", () => {
  let range = emptyRange;
  expect(treeHead([])).toEqual(headOf(0));
  for (let size = 1; size <= 300; size++) {
    range = appendHash(range, leafAt(size - 1));
    expect(foldRoots(range.roots)).toEqual(roots[size]);
    if (size <= 70) expect(treeHead(leaves.slice(0, size))).toEqual(headOf(size));
    if (size <= 70) expect(rootOf(readHash, size)).toEqual(roots[size]);
  }
});

test("every entry of every tree of 1 to 33 entries is proved by the path of the definition, and opens", () => {
  for (let size = 1; size <= 33; size++)
    for (let index = 0; index < size; index++) {
      const hashes = inclusionProof(readHash, index, size);
      expect(hashes).toEqual(path(index, leaves.slice(0, size)));
      expect(openLeaf(leafAt(index), { index, hashes }, headOf(size))).toBe(leafAt(index));
    }
});

test("an inclusion proof with any sibling forged, dropped, added or moved is refused", () => {
  for (let size = 1; size <= 33; size++)
    for (let index = 0; index < size; index++) {
      const hashes = inclusionProof(readHash, index, size);
      const refused = (forged: readonly Hash[], as = index, leaf = leafAt(index), head = headOf(size)) =>
        expect(() => openLeaf(leaf, { index: as, hashes: forged }, head)).toThrow(`Cannot open entry ${as}`);
      forgeries(hashes).forEach((forged) => refused(forged));
      refused(hashes, index, other);
      refused(hashes, index, leafAt(index), { size, root: other });
      for (let elsewhere = 0; elsewhere <= size; elsewhere++) if (elsewhere !== index) refused(hashes, elsewhere);
    }
});

test("an inclusion proof with a hash of another length, or an index that is none, is refused", () => {
  const hashes = inclusionProof(readHash, 1, 4);
  for (const index of [-1, 0.5, Number.NaN, 2 ** 53])
    expect(() => openLeaf(leafAt(1), { index, hashes }, headOf(4))).toThrow("Cannot open entry");
  expect(() =>
    openLeaf(leafAt(1), { index: 1, hashes: [hashes[0]?.slice(1) ?? other, ...hashes.slice(1)] }, headOf(4)),
  ).toThrow("32 bytes");
  expect(() => openLeaf(new Uint8Array(31), { index: 0, hashes: [] }, { size: 1, root: new Uint8Array(31) })).toThrow(
    "32 bytes",
  );
});

test("a proof that is too long or too short is called so", () => {
  const hashes = inclusionProof(readHash, 2, 7);
  expect(() => openLeaf(leafAt(2), { index: 2, hashes: [...hashes, other] }, headOf(7))).toThrow("longer than the way");
  expect(() => openLeaf(leafAt(2), { index: 2, hashes: hashes.slice(0, -1) }, headOf(7))).toThrow(
    "shorter than the way",
  );
  const between = { first: headOf(4), second: headOf(7) };
  expect(() => openConsistency({ ...between, hashes: [...consistencyProof(readHash, 4, 7), other] })).toThrow(
    "longer than the way",
  );
  expect(() => openConsistency({ ...between, hashes: [] })).toThrow("shorter than the way");
  expect(() => openConsistency({ first: headOf(3), second: headOf(7), hashes: [] })).toThrow("the proof is empty");
});

test("an inner node does not pass for an entry", () => {
  const inner = new Uint8Array(64);
  inner.set(leafAt(0));
  inner.set(leafAt(1), 32);
  expect(() =>
    openEntry(inner, { index: 0, hashes: [nodeHash(leafAt(2), leafAt(3))] }, { size: 2, root: roots[4] as Hash }),
  ).toThrow("another root");
});

test("consistency of every pair of trees of up to 64 entries is proved as the definition has it, and opens", () => {
  for (let second = 1; second <= 64; second++)
    for (let first = 1; first <= second; first++) {
      const hashes = consistencyProof(readHash, first, second);
      expect(hashes).toEqual(subproof(first, leaves.slice(0, second), true));
      expect(openConsistency({ first: headOf(first), second: headOf(second), hashes })).toEqual(headOf(second));
    }
});

test("consistency holds for random pairs of trees of up to 300 entries", () => {
  const pair = fc
    .integer({ min: 1, max: 300 })
    .chain((second) => fc.tuple(fc.integer({ min: 1, max: second }), fc.constant(second)));
  fc.assert(
    fc.property(pair, ([first, second]) => {
      const hashes = consistencyProof(readHash, first, second);
      expect(hashes).toEqual(subproof(first, leaves.slice(0, second), true));
      openConsistency({ first: headOf(first), second: headOf(second), hashes });
    }),
  );
});

test("a consistency proof with any hash forged, dropped or added, or between other trees, is refused", () => {
  for (let second = 1; second <= 33; second++)
    for (let first = 1; first <= second; first++) {
      const hashes = consistencyProof(readHash, first, second);
      const refused = (forged: readonly Hash[], from = headOf(first), to = headOf(second)) =>
        expect(() => openConsistency({ first: from, second: to, hashes: forged })).toThrow("Cannot open tree");
      forgeries(hashes).forEach((forged) => refused(forged));
      refused(hashes, { size: first, root: other });
      refused(hashes, headOf(first), { size: second, root: other });
      if (first < second) refused(hashes, headOf(second), headOf(first));
      if (first > 1) refused(hashes, { size: first - 1, root: roots[first] as Hash });
    }
});

test("the empty tree proves nothing, and nothing is proved outside a tree", () => {
  expect(() => consistencyProof(readHash, 0, 4)).toThrow("Cannot prove that a tree of 4 entries extends one of 0");
  expect(() => consistencyProof(readHash, 5, 4)).toThrow("Cannot prove");
  expect(() => inclusionProof(readHash, 4, 4)).toThrow("Cannot prove entry 4: the tree has 4 entries");
  expect(() => inclusionProof(readHash, -1, 4)).toThrow("Cannot prove entry -1");
  expect(() => openConsistency({ first: headOf(0), second: headOf(4), hashes: [] })).toThrow("nothing to prove");
  expect(() => openConsistency({ first: headOf(0), second: headOf(0), hashes: [] })).toThrow("nothing to prove");
});

// The eight leaves, roots and proofs with which implementations of RFC 6962 are compared.
const reference = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
].map((hex) => leafHash(fromHex(hex)));
test("the reference tree of RFC 6962 has its published roots", () => {
  expect(Array.from({ length: 9 }, (_, size) => toHex(treeHead(reference.slice(0, size)).root))).toEqual([
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ]);
});

test("the reference tree of RFC 6962 has its published proofs", () => {
  const read: ReadHash = (level, index) => mth(reference.slice(index * 2 ** level, (index + 1) * 2 ** level));
  expect(inclusionProof(read, 5, 8).map(toBase64)).toEqual([
    "vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms=",
    "yoVOoSjtBQtBs1/8G4e46yveRh6eO1WW7Oa51ZdaCuA=",
    "037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=",
  ]);
  expect(consistencyProof(read, 6, 8).map(toBase64)).toEqual([
    "DrxdNDf74tsVi58Sah0RjjCBgQMdCpSfje3t68VY72o=",
    "yoVOoSjtBQtBs1/8G4e46yveRh6eO1WW7Oa51ZdaCuA=",
    "037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=",
  ]);
  expect(consistencyProof(read, 2, 5).map(toBase64)).toEqual([
    "Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4=",
    "vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms=",
  ]);
  expect(toBase64(reference[5] as Hash)).toBe("QnGia+DYqE8L1UyMMC58s6O10fpngKQLzOKHNHfatlg=");
  expect(fromBase64("XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=")).toEqual(mth(reference));
});

test("an entry longer than the scratch space, and one after it, hash as the definition says", () => {
  const definition = (entry: Uint8Array) => treeHead([leafHash(entry)]).root;
  const long = new Uint8Array(40_000).fill(3);
  const short = new Uint8Array(3).fill(3);
  const [first, , again] = [toHex(definition(short)), definition(long), toHex(definition(short))];
  expect(again).toBe(first);
  expect(first).toBe(toHex(leafHash(Uint8Array.of(3, 3, 3))));
});

function forgeries(hashes: readonly Hash[]): Hash[][] {
  const forged: Hash[][] = [
    [...hashes, other],
    [other, ...hashes],
  ];
  const last = hashes.at(-1);
  if (last) forged.push([...hashes, last]);
  hashes.forEach((hash, at) => {
    forged.push(
      hashes.with(at, other),
      hashes.with(at, flipBit(hash, (at * 37) % 256)),
      hashes.toSpliced(at, 1),
      hashes.toSpliced(at, 0, other),
    );
    const next = hashes[at + 1];
    if (next) forged.push(hashes.with(at, next).with(at + 1, hash));
  });
  return forged;
}
