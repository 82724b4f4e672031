import { formatBundle } from "./entry-bundle.ts";
import { emptyEdge, formatTile, growEdge, headOfEdge, partialTilesOf, type Edge } from "./edge.ts";
import { sha256 as defaultSha256, type Sha256 } from "#core/basics/sha256.ts";
import { bundlePath, tilePath, tileWidth } from "./tile.ts";
import { leafHash, type TreeHead } from "./tree.ts";

/** A file of an exported log, its path relative to the export. */
export type ExportedFile = { path: string; bytes: Uint8Array };

/** The name of the signed checkpoint in an export. c2sp.org/tlog-tiles. */
export const checkpointPath = "checkpoint";

/**
 * The bundles and tiles of the log with these entries, in the layout of c2sp.org/tlog-tiles, and last what
 * they come down to. Entries are taken as they are needed; no more than one bundle is held.
 */
export async function* exportFiles(
  entries: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  sha256: Sha256 = defaultSha256,
): AsyncGenerator<ExportedFile, TreeHead> {
  let edge: Edge = emptyEdge;
  let held: Uint8Array[] = [];
  for await (const entry of entries) {
    held.push(entry);
    if (held.length < tileWidth) continue;
    const grown = growEdge(
      edge,
      held.map((each) => leafHash(each, sha256)),
      sha256,
    );
    yield { path: bundlePath({ index: edge.size / tileWidth, width: tileWidth }), bytes: formatBundle(held) };
    for (const tile of grown.full) yield { path: tilePath(tile), bytes: formatTile(tile) };
    edge = grown.edge;
    held = [];
  }
  if (held.length > 0) {
    yield { path: bundlePath({ index: edge.size / tileWidth, width: held.length }), bytes: formatBundle(held) };
    edge = growEdge(
      edge,
      held.map((each) => leafHash(each, sha256)),
      sha256,
    ).edge;
  }
  for (const tile of partialTilesOf(edge)) yield { path: tilePath(tile), bytes: formatTile(tile) };
  return headOfEdge(edge, sha256);
}
