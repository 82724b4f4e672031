import { concatBytes } from "#core/basics/bytes.ts";
import { sha256 as defaultSha256, type Sha256 } from "#core/basics/sha256.ts";
import { parseTile, tileWidth, type TileCoordinates } from "./tile.ts";
import { appendHash, completeRoot, emptyRange, emptyRoot, foldRoots, type Hash, type TreeHead } from "./tree.ts";

/**
 * What a log needs in order to grow: the hashes of the partial tile of each level. However large the
 * log, that is at most 255 hashes a level.
 */
export type Edge = { size: number; levels: readonly (readonly Hash[])[] };

/** A tile, or its beginning, with its hashes. */
export type Tile = TileCoordinates & { hashes: readonly Hash[] };

export const emptyEdge: Edge = { size: 0, levels: [] };

/** The edge after the leaves were appended, and the tiles that they filled, the lower before the higher. */
export function growEdge(
  edge: Edge,
  leaves: readonly Hash[],
  sha256: Sha256 = defaultSha256,
): { edge: Edge; full: Tile[] } {
  const levels = edge.levels.map((hashes) => [...hashes]);
  const full: Tile[] = [];
  let size = edge.size;
  for (const leaf of leaves) {
    size++;
    let hash = leaf;
    for (let level = 0, count = size; ; level++) {
      const hashes = (levels[level] ??= []);
      hashes.push(hash);
      if (hashes.length < tileWidth) break;
      count = Math.floor(count / tileWidth);
      full.push({ level, index: count - 1, width: tileWidth, hashes });
      levels[level] = [];
      hash = completeRoot(hashes, sha256);
    }
  }
  return { edge: { size, levels }, full };
}

/** The partial tiles at the edge, from the lowest level up; a level without hashes has none. */
export function partialTilesOf({ size, levels }: Edge): Tile[] {
  return levels.flatMap((hashes, level) =>
    hashes.length === 0
      ? []
      : [{ level, index: Math.floor(size / tileWidth ** (level + 1)), width: hashes.length, hashes }],
  );
}

/** The size and root of the tree that ends in the edge. */
export function headOfEdge({ size, levels }: Edge, sha256: Sha256 = defaultSha256): TreeHead {
  if (size === 0) return { size, root: emptyRoot(sha256) };
  const roots = levels
    .toReversed()
    .flatMap((hashes) => hashes.reduce((range, hash) => appendHash(range, hash, sha256), emptyRange).roots);
  return { size, root: foldRoots(roots, sha256) };
}

/** The edge of a log of that size, from the stored partial tiles. @throws {Refusal} `malformed` when one has another width */
export function edgeFromTiles(size: number, readTile: (tile: TileCoordinates) => Uint8Array): Edge {
  const levels: Hash[][] = [];
  for (let level = 0, rest = size; rest > 0; level++, rest = Math.floor(rest / tileWidth)) {
    const width = rest % tileWidth;
    levels.push(width === 0 ? [] : parseTile(readTile({ level, index: Math.floor(rest / tileWidth), width }), width));
  }
  return { size, levels };
}

/** The bytes of a tile: its hashes, one after the other. c2sp.org/tlog-tiles. */
export function formatTile({ hashes }: { hashes: readonly Hash[] }): Uint8Array {
  return concatBytes(...hashes);
}
