import { decodeUtf8, sameBytes } from "#core/basics/bytes.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { openCheckpoint, type Checkpoint } from "./checkpoint.ts";
import { emptyEdge, formatTile, growEdge, headOfEdge, partialTilesOf, type Edge, type Tile } from "./edge.ts";
import { parseEntry, type Entry } from "./entry.ts";
import { parseBundle } from "./entry-bundle.ts";
import { checkpointPath } from "./export.ts";
import { primitives, type Primitives } from "./primitives.ts";
import { followRecord, noChains, type RecordChains } from "./record-chain.ts";
import { bundlePath, bundlesOfSize, tilePath, tileWidth, type BundleCoordinates } from "./tile.ts";
import { leafHash, sameHead, type Hash } from "./tree.ts";

/** Reads a file of the export, or finds that there is none. */
export type ReadFile = (path: string) => Uint8Array | undefined | Promise<Uint8Array | undefined>;

/** Whose log the export must be. The key has to come from elsewhere: one that lies in the export proves nothing. */
export type Trust = { verifierKeys: readonly string[]; origin: string };

/** What is done besides: with which primitives, and what sees each entry once its bundle agrees with its tile. */
export type Verification = { using?: Primitives; onEntry?: (entry: Entry, index: number) => void };

/** An export in which everything agrees: its signed head, its entries and the records that they are about. */
export type VerifiedExport = Checkpoint & { entries: number; records: number };

/**
 * Returns what an export in the layout of c2sp.org/tlog-tiles comes down to, now known to be whole: the
 * log's key signed the checkpoint, every entry hashes into every tile above it and into the signed root,
 * and each record's revisions follow one another without gap. Besides a bundle and the tiles at the edge,
 * it holds one hash a record.
 *
 * @throws {Refusal} `malformed` or `proof-rejected`, the place being the file and, as `record`, the entry's number
 */
export async function verifyExport(
  readFile: ReadFile,
  trust: Trust,
  { using = primitives, onEntry }: Verification = {},
): Promise<VerifiedExport> {
  const checkpoint = await openExportedCheckpoint(readFile, trust, using);
  const chains = noChains();
  let edge: Edge = emptyEdge;
  for (const bundle of bundlesOfSize(checkpoint.size)) {
    const entries = await readBundle(readFile, bundle);
    const leaves = entries.map((entry) => leafHash(entry, using.sha256));
    const grown = growEdge(edge, leaves, using.sha256);
    const lowest = grown.full.length > 0 ? grown.full : partialTilesOf(grown.edge).slice(0, 1);
    for (const tile of lowest) await compareTile(readFile, tile);
    entries.forEach((bytes, at) => {
      const index = bundle.index * tileWidth + at;
      const entry = openExportedEntry(bytes, leaves[at] as Hash, { index, bundle, chains });
      onEntry?.(entry, index);
    });
    edge = grown.edge;
  }
  for (const tile of partialTilesOf(edge)) await compareTile(readFile, tile);
  if (!sameHead(headOfEdge(edge, using.sha256), checkpoint))
    throw rejected(checkpointPath, "the entries come down to another root than the signed one");
  return { ...checkpoint, entries: edge.size, records: chains.places.size };
}

async function openExportedCheckpoint(
  readFile: ReadFile,
  { verifierKeys, origin }: Trust,
  using: Primitives,
): Promise<Checkpoint> {
  const bytes = await demandFile(readFile, checkpointPath);
  return inPlace({ file: checkpointPath }, () => openCheckpoint(decodeUtf8(bytes), verifierKeys, origin, using));
}

async function readBundle(readFile: ReadFile, bundle: BundleCoordinates): Promise<Uint8Array[]> {
  const file = bundlePath(bundle);
  const bytes = await demandFile(readFile, file);
  return inPlace({ file }, () => parseBundle(bytes, bundle.width));
}

async function compareTile(readFile: ReadFile, tile: Tile): Promise<void> {
  const path = tilePath(tile);
  const bytes = await demandFile(readFile, path);
  if (sameBytes(bytes, formatTile(tile))) return;
  const differing = tile.hashes.findIndex(
    (hash, at) => !sameBytes(hash, bytes.subarray(at * hash.length, (at + 1) * hash.length)),
  );
  if (differing < 0) throw rejected(path, `it has ${bytes.length} bytes, and its ${tile.width} hashes take fewer`);
  const number = tile.index * tileWidth + differing;
  throw rejected(
    path,
    tile.level === 0
      ? `entry ${number} does not hash to what the tile holds`
      : `hash ${number} is not that of the tile below`,
  );
}

function openExportedEntry(
  bytes: Uint8Array,
  leaf: Hash,
  at: { index: number; bundle: BundleCoordinates; chains: RecordChains },
): Entry {
  return inPlace({ file: bundlePath(at.bundle), record: String(at.index) }, () => {
    const entry = parseEntry(bytes);
    followRecord(at.chains, entry, leaf);
    return entry;
  });
}

async function demandFile(readFile: ReadFile, path: string): Promise<Uint8Array> {
  const bytes = await readFile(path);
  if (!bytes) throw rejected(path, "it is missing");
  return bytes;
}

// Adds to what a parser refuses where in the export it stands.
function inPlace<T>(place: { file: string; record?: string }, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    const where = place.record === undefined ? `"${place.file}"` : `entry ${place.record} in "${place.file}"`;
    throw new Refusal(cause.code, `Cannot verify ${where}: ${cause.message}`, { place, cause });
  }
}

function rejected(file: string, why: string): Refusal {
  return new Refusal("proof-rejected", `Cannot verify "${file}": ${why}`, { place: { file } });
}
