import fc from "fast-check";
import { expect, test } from "vitest";
import { concatBytes } from "#core/basics/bytes.ts";
import { edgeFromTiles, emptyEdge, formatTile, growEdge, headOfEdge, partialTilesOf, type Tile } from "./edge.ts";
import { formatBundle, parseBundle } from "./entry-bundle.ts";
import { leavesOf } from "./sample.testing.ts";
import {
  bundlePath,
  bundlesOfSize,
  hashReader,
  parseLogPath,
  parseTile,
  tilePath,
  tilesForConsistency,
  tilesForInclusion,
  tilesOfSize,
} from "./tile.ts";
import { completeRoot, consistencyProof, inclusionProof, treeHead, type Hash, type ReadHash } from "./tree.ts";

test.each([
  [{ level: 0, index: 0, width: 256 }, "tile/0/000"],
  [{ level: 0, index: 999, width: 1 }, "tile/0/999.p/1"],
  [{ level: 0, index: 1_234_067, width: 8 }, "tile/0/x001/x234/067.p/8"],
  [{ level: 1, index: 1000, width: 255 }, "tile/1/x001/000.p/255"],
  [{ level: 63, index: 5, width: 256 }, "tile/63/005"],
])("the tile %j lies at %s", (tile, path) => {
  expect(tilePath(tile)).toBe(path);
  expect(parseLogPath(path)).toEqual({ kind: "tile", ...tile });
});

test("paths of tiles and bundles come back from their text", () => {
  const index = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
  const width = fc.integer({ min: 1, max: 256 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 63 }), index, width, (level, at, wide) => {
      expect(parseLogPath(tilePath({ level, index: at, width: wide }))).toEqual({
        kind: "tile",
        level,
        index: at,
        width: wide,
      });
      expect(parseLogPath(bundlePath({ index: at, width: wide }))).toEqual({ kind: "entries", index: at, width: wide });
    }),
  );
});

test.each([
  "",
  "checkpoint",
  "tile/0",
  "tile/0/",
  "tile/0/0",
  "tile/0/00",
  "tile/0/0000",
  "tile/0/x000/001",
  "tile/00/000",
  "tile/64/000",
  "tile/-1/000",
  "tile/0/000.p/0",
  "tile/0/000.p/256",
  "tile/0/000.p/007",
  "tile/0/000.p/",
  "tile/0/000.p/1/",
  "/tile/0/000",
  "tile/0/001/067",
  "tile/0/x001/x067",
  "tile/entries/x",
  "tile/entry/000",
  "tile/entries/../000",
  "tile/0/000\n",
  "tile/0/x999/x999/x999/x999/x999/999",
])("%j names no tile and no bundle", (path) => {
  expect(() => parseLogPath(path)).toThrow("Cannot read path");
});

test("a tree of 70,000 entries has the tiles that the specification counts", () => {
  const tiles = [...tilesOfSize(70_000)].map(tilePath);
  expect(tiles).toHaveLength(273 + 1 + 1 + 1 + 1);
  expect(tiles.slice(-5)).toEqual([
    "tile/0/272",
    "tile/0/273.p/112",
    "tile/1/000",
    "tile/1/001.p/17",
    "tile/2/000.p/1",
  ]);
  expect([...bundlesOfSize(70_000)].map(bundlePath).slice(-2)).toEqual(["tile/entries/272", "tile/entries/273.p/112"]);
  expect([...tilesOfSize(256)].map(tilePath)).toEqual(["tile/0/000", "tile/1/000.p/1"]);
  expect([...tilesOfSize(0)]).toEqual([]);
  expect([...bundlesOfSize(0)]).toEqual([]);
});

test("a bundle gives back its entries, empty ones included", () => {
  const entries = fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 256 });
  fc.assert(
    fc.property(entries, (list) => {
      expect(parseBundle(formatBundle(list), list.length)).toEqual(list);
    }),
  );
  expect(formatBundle([Uint8Array.of(7), new Uint8Array(0)])).toEqual(Uint8Array.of(0, 1, 7, 0, 0));
  expect(parseBundle(formatBundle([new Uint8Array(65_535)]), 1)[0]).toHaveLength(65_535);
});

test("a bundle that is cut, lengthened or counted wrongly is refused", () => {
  const bundle = formatBundle([Uint8Array.of(1, 2, 3), Uint8Array.of(4)]);
  for (let end = 0; end < bundle.length; end++)
    expect(() => parseBundle(bundle.slice(0, end), 2)).toThrow("Cannot read bundle of entries: it ends");
  expect(() => parseBundle(concatBytes(bundle, Uint8Array.of(0)), 2)).toThrow("1 bytes follow its 2 entries");
  expect(() => parseBundle(bundle, 1)).toThrow("3 bytes follow its 1 entries");
  expect(() => parseBundle(bundle, 3)).toThrow("it ends after 2 of 3 entries");
  expect(() => formatBundle([new Uint8Array(65_536)])).toThrow("Cannot write entry of 65536 bytes");
});

test("a tile of another width is refused", () => {
  expect(parseTile(new Uint8Array(64), 2)).toHaveLength(2);
  for (const width of [1, 3])
    expect(() => parseTile(new Uint8Array(64), width)).toThrow("Cannot read tile: it holds 64 bytes");
});

// A log grown far enough for three levels; every hash of it is also known by its place.
const leaves = leavesOf(66_000);
const tiles = new Map<string, Tile>();
const grown = grow(leaves, 1000);
function grow(all: readonly Hash[], batch: number) {
  let edge = emptyEdge;
  for (let at = 0; at < all.length; at += batch) {
    const step = growEdge(edge, all.slice(at, at + batch));
    for (const tile of step.full) tiles.set(tilePath(tile), tile);
    edge = step.edge;
  }
  for (const tile of partialTilesOf(edge)) tiles.set(tilePath(tile), tile);
  return edge;
}

test("a log grown in batches has the tiles and root of the whole tree", () => {
  expect([...tiles.keys()].sort()).toEqual([...tilesOfSize(leaves.length)].map(tilePath).sort());
  expect(headOfEdge(grown)).toEqual(treeHead(leaves));
  expect(tiles.get("tile/1/000")?.hashes[3]).toEqual(completeRoot(leaves.slice(768, 1024)));
  expect(tiles.get("tile/2/000.p/1")?.hashes[0]).toEqual(completeRoot(leaves.slice(0, 65_536)));
});

test("the root at the edge is that of the tree around every boundary of a tile", () => {
  for (const size of [0, 1, 2, 3, 255, 256, 257, 511, 512, 513, 767, 65_535, 65_536, 65_537, 65_792]) {
    const { edge } = growEdge(emptyEdge, leaves.slice(0, size));
    expect(headOfEdge(edge)).toEqual(treeHead(leaves.slice(0, size)));
    expect(partialTilesOf(edge).map(tilePath)).toEqual(
      [...tilesOfSize(size)].map(tilePath).filter((path) => path.includes(".p/")),
    );
  }
});

test("a log goes on growing from its stored partial tiles as if it had never stopped", () => {
  for (const size of [0, 1, 255, 256, 300, 65_536, 65_900]) {
    const { edge } = growEdge(emptyEdge, leaves.slice(0, size));
    const stored = new Map(partialTilesOf(edge).map((tile) => [tilePath(tile), formatTile(tile)]));
    const read = edgeFromTiles(size, (tile) => stored.get(tilePath(tile)) ?? new Uint8Array(0));
    expect(headOfEdge(growEdge(read, leaves.slice(size)).edge)).toEqual(headOfEdge(grown));
    if (size === 300)
      expect(() =>
        edgeFromTiles(299, (tile) => stored.get(tilePath({ ...tile, width: tile.width + 1 })) ?? new Uint8Array(0)),
      ).toThrow("Cannot read tile");
  }
});

test("proofs read from the tiles named beforehand are those read from the leaves", () => {
  const size = leaves.length;
  const byLeaves: ReadHash = (level, index) => completeRoot(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));
  const fromTiles = (named: readonly { level: number; index: number; width: number }[]): ReadHash => {
    const loaded = new Map(named.map((tile) => [tilePath(tile), tiles.get(tilePath(tile))?.hashes ?? []]));
    return hashReader((tile) => loaded.get(tilePath(tile)) ?? [], size);
  };
  for (const index of [0, 1, 255, 256, 257, 65_535, 65_536, 65_999]) {
    const named = tilesForInclusion(index, size);
    expect(named.length).toBeLessThanOrEqual(5);
    expect(inclusionProof(fromTiles(named), index, size)).toEqual(inclusionProof(byLeaves, index, size));
  }
  for (const first of [1, 2, 255, 256, 257, 40_000, 65_535, 65_536, 65_999, 66_000])
    expect(consistencyProof(fromTiles(tilesForConsistency(first, size)), first, size)).toEqual(
      consistencyProof(byLeaves, first, size),
    );
});
