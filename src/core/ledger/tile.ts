import { Refusal } from "#core/basics/refusal.ts";
import { sha256 as defaultSha256, type Sha256 } from "#core/basics/sha256.ts";
import {
  completeRoot,
  consistencyRanges,
  hashBytes,
  inclusionRanges,
  isCount,
  nodesOf,
  type Hash,
  type NodeCoordinates,
  type Range,
  type ReadHash,
} from "./tree.ts";

/** A full tile holds 256 hashes: a subtree eight levels high. */
export const tileWidth = 256;

const tileHeight = 8;

/**
 * Where a tile stands: tile `index` of its level holds `width` hashes, each over 256^level entries.
 * A tile of fewer than 256 hashes is partial, and stands at the right edge of the tree.
 */
export type TileCoordinates = { level: number; index: number; width: number };

/** Where a bundle of entries stands: `width` entries from `index * 256` on. */
export type BundleCoordinates = { index: number; width: number };

/** What a path of a log in the c2sp.org/tlog-tiles layout names. */
export type LogFile = ({ kind: "tile" } & TileCoordinates) | ({ kind: "entries" } & BundleCoordinates);

/** The path of a tile, such as `tile/0/x001/x234/067` or, partial, `tile/1/000.p/17`. c2sp.org/tlog-tiles. */
export function tilePath({ level, index, width }: TileCoordinates): string {
  return `tile/${level}/${formatIndex(index)}${formatWidth(width)}`;
}

/** The path of a bundle of entries, such as `tile/entries/x001/x234/067`. c2sp.org/tlog-tiles. */
export function bundlePath({ index, width }: BundleCoordinates): string {
  return `tile/entries/${formatIndex(index)}${formatWidth(width)}`;
}

/** The tile or bundle that the path names, each in its one spelling. @throws {Refusal} `malformed` */
export function parseLogPath(path: string): LogFile {
  const match = /^tile\/(entries|[0-9]{1,2})\/((?:x[0-9]{3}\/){0,5}[0-9]{3})(?:\.p\/([0-9]{1,3}))?$/.exec(path);
  const [, level = "", digits = "", partial] = match ?? [];
  const index = Number(digits.replaceAll(/[x/]/g, ""));
  const width = partial === undefined ? tileWidth : Number(partial);
  const file: LogFile =
    level === "entries" ? { kind: "entries", index, width } : { kind: "tile", level: Number(level), index, width };
  // Writing it again refuses leading zeros, needless groups and a partial tile of 256.
  const again = file.kind === "entries" ? bundlePath(file) : tilePath(file);
  if (
    !match ||
    again !== path ||
    !isCount(index) ||
    width < 1 ||
    width > tileWidth ||
    (file.kind === "tile" && file.level > 63)
  )
    throw new Refusal(
      "malformed",
      `Cannot read path ${JSON.stringify(path.slice(0, 80))}: it names no tile and no bundle of entries`,
    );
  return file;
}

/** The tiles of a tree of that size, level by level, from left to right. */
export function* tilesOfSize(size: number): Generator<TileCoordinates> {
  for (let level = 0, rest = size; rest > 0; level++, rest = Math.floor(rest / tileWidth))
    for (const { index, width } of bundlesOfSize(rest)) yield { level, index, width };
}

/** The bundles that hold the entries of a tree of that size, from left to right. */
export function* bundlesOfSize(size: number): Generator<BundleCoordinates> {
  for (let start = 0; start < size; start += tileWidth)
    yield { index: start / tileWidth, width: Math.min(tileWidth, size - start) };
}

/** The tiles of a tree of that size from which the proof for an entry is read. @throws {Refusal} `malformed` */
export function tilesForInclusion(index: number, size: number): TileCoordinates[] {
  return tilesForRanges(inclusionRanges(index, size), size);
}

/** The tiles of the second tree from which its proof of consistency with the first is read. @throws {Refusal} `malformed` */
export function tilesForConsistency(first: number, second: number): TileCoordinates[] {
  return tilesForRanges(consistencyRanges(first, second), second);
}

/** Reads hashes of complete subtrees from the tiles of a tree of that size. */
export function hashReader(
  readTile: (tile: TileCoordinates) => readonly Hash[],
  size: number,
  sha256: Sha256 = defaultSha256,
): ReadHash {
  return (level, index) => {
    const { tile, start, end } = placeInTile({ level, index }, size);
    return completeRoot(readTile(tile).slice(start, end), sha256);
  };
}

/** The hashes that a tile's bytes hold. @throws {Refusal} `malformed` unless there are `width` of them */
export function parseTile(bytes: Uint8Array, width: number): Hash[] {
  if (bytes.length !== width * hashBytes)
    throw new Refusal(
      "malformed",
      `Cannot read tile: it holds ${bytes.length} bytes, and ${width} hashes have ${width * hashBytes}`,
    );
  return Array.from({ length: width }, (_, at) => bytes.subarray(at * hashBytes, (at + 1) * hashBytes));
}

function tilesForRanges(ranges: readonly Range[], size: number): TileCoordinates[] {
  const tiles = new Map<string, TileCoordinates>();
  for (const node of ranges.flatMap(nodesOf)) {
    const { tile } = placeInTile(node, size);
    tiles.set(tilePath(tile), tile);
  }
  return [...tiles.values()];
}

// Levels that are no multiple of eight are not stored: they are hashed from the part of a tile below them.
function placeInTile({ level, index }: NodeCoordinates, size: number): { tile: TileCoordinates } & Range {
  const tileLevel = Math.floor(level / tileHeight);
  const count = 2 ** (level % tileHeight);
  const first = index * count;
  const tileIndex = Math.floor(first / tileWidth);
  const width = Math.min(tileWidth, Math.floor(size / tileWidth ** tileLevel) - tileIndex * tileWidth);
  const start = first % tileWidth;
  if (start + count > width)
    throw new Error(`Subtree ${index} at level ${level} is not whole in a tree of ${size} entries`);
  return { tile: { level: tileLevel, index: tileIndex, width }, start, end: start + count };
}

function formatIndex(index: number): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, "0").match(/[0-9]{3}/g) ?? [];
  return groups.map((group, at) => (at === groups.length - 1 ? group : `x${group}`)).join("/");
}

function formatWidth(width: number): string {
  return width === tileWidth ? "" : `.p/${width}`;
}
