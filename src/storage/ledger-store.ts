import { sql, type Kysely } from "kysely";
import { fromHex } from "#core/basics/bytes.ts";
import { Refusal } from "#core/basics/refusal.ts";
import type { Instant } from "#core/basics/time.ts";
import {
  edgeFromTiles,
  formatTile,
  growEdge,
  headOfEdge,
  partialTilesOf,
  type Edge,
  type Tile,
} from "#core/ledger/edge.ts";
import { hashReader, parseTile, tilePath, tileWidth, type TileCoordinates } from "#core/ledger/tile.ts";
import { hashBytes, type Hash, type ReadHash, type TreeHead } from "#core/ledger/tree.ts";
import type { OrganizationId, Reader } from "./reader.ts";
import { sha256 } from "./sha256.ts";
import type { Tables } from "./tables.ts";

/** A signed head that was published. */
export type KeptCheckpoint = { size: number; root: Hash; note: string; publishedAt: Instant };

/** A verifier key, and for which sizes of the ledger it signs: up to and without `until`. */
export type KeptKey = { vkey: string; from: number; until?: number };

/** Entries put into the tree in one transaction. */
const entriesAtOnce = 16_384;

/** Makes the organisation's rows visible to the transaction, and keeps every other integrator out of its tree. */
export async function enterTree(db: Kysely<Tables>, organization: OrganizationId): Promise<Reader> {
  await sql`select set_config('aims.organization', ${organization}, true)`.execute(db);
  const { rows } = await sql`select 1 from ledger_tree where organization_id = ${organization} for update`.execute(db);
  if (rows.length === 0)
    throw new Refusal("not-found", `Cannot enter organisation "${organization}": there is none of that id`);
  return { db, organization };
}

/** How many entries there are, and when the last was made. */
export async function readHead({ db, organization }: Reader): Promise<{ size: number; lastAt: Instant }> {
  const row = await db
    .selectFrom("ledger_head")
    .select(["size", "last_at"])
    .where("organization_id", "=", organization)
    .executeTakeFirst();
  if (!row)
    throw new Refusal(
      "not-found",
      `Cannot read the ledger of organisation "${organization}": there is none of that id`,
    );
  return { size: row.size, lastAt: row.last_at as Instant };
}

/** The tree as far as entries are in it. */
export async function readTree({ db, organization }: Reader): Promise<TreeHead> {
  const row = await db
    .selectFrom("ledger_tree")
    .select(["size", "root"])
    .where("organization_id", "=", organization)
    .executeTakeFirst();
  if (!row)
    throw new Refusal(
      "not-found",
      `Cannot read the ledger of organisation "${organization}": there is none of that id`,
    );
  return { size: row.size, root: new Uint8Array(row.root) };
}

/** Puts the next entries into the tree. Returns the tree, and whether entries are left. The tree has to be entered. */
export async function growTree(reader: Reader): Promise<{ tree: TreeHead; isWhole: boolean }> {
  const { db, organization } = reader;
  const tree = await readTree(reader);
  // As text, which the embedded engine hands over many times faster than bytes.
  const { rows } = await sql<{ leaf: string }>`
    select encode(leaf_hash, 'hex') as leaf from ledger_entry
    where organization_id = ${organization} and seq >= ${tree.size} order by seq limit ${entriesAtOnce}`.execute(db);
  if (rows.length === 0) return { tree, isWhole: true };
  const { edge, full } = growEdge(
    await readEdge(reader, tree.size),
    rows.map(({ leaf }) => fromHex(leaf)),
    sha256,
  );
  await saveTiles(reader, [...full, ...partialTilesOf(edge)]);
  const grown = headOfEdge(edge, sha256);
  await db
    .updateTable("ledger_tree")
    .set({ size: grown.size, root: grown.root })
    .where("organization_id", "=", organization)
    .execute();
  return { tree: grown, isWhole: rows.length < entriesAtOnce };
}

async function saveTiles({ db, organization }: Reader, tiles: readonly Tile[]): Promise<void> {
  const rows = JSON.stringify(
    tiles.map((tile) => ({
      level: tile.level,
      tile_index: tile.index,
      hashes: Buffer.from(formatTile(tile)).toString("hex"),
    })),
  );
  await sql`insert into ledger_tile (organization_id, level, tile_index, hashes)
    select ${organization}::uuid, level, tile_index, decode(hashes, 'hex') from json_to_recordset(${rows}::json) as t(level integer, tile_index bigint, hashes text)
    on conflict (organization_id, level, tile_index) do update set hashes = excluded.hashes`.execute(db);
}

/** The tree as it was at an earlier size, from the tiles. @throws {Refusal} `not-found` when the tree is smaller */
export async function readTreeOf(reader: Reader, size: number): Promise<TreeHead> {
  return headOfEdge(await readEdge(reader, size), sha256);
}

async function readEdge(reader: Reader, size: number): Promise<Edge> {
  const wanted: TileCoordinates[] = [];
  for (let level = 0, rest = size; rest > 0; level++, rest = Math.floor(rest / tileWidth))
    if (rest % tileWidth !== 0) wanted.push({ level, index: Math.floor(rest / tileWidth), width: rest % tileWidth });
  const tiles = await readTiles(reader, wanted);
  return edgeFromTiles(size, tiles);
}

/**
 * The tiles' bytes, by their coordinates. A partial tile of an earlier size is the beginning of what
 * is stored now.
 *
 * @throws {Refusal} `not-found` when one is not stored, or not that wide yet
 */
export async function readTiles(
  { db, organization }: Reader,
  wanted: readonly TileCoordinates[],
): Promise<(tile: TileCoordinates) => Uint8Array> {
  const places = JSON.stringify(wanted.map(({ level, index }) => ({ level, tile_index: index })));
  const { rows } = await sql<{ level: number; tile_index: number; hashes: Uint8Array }>`
    select t.level, t.tile_index, t.hashes from json_to_recordset(${places}::json) as w(level integer, tile_index bigint)
    join ledger_tile t on t.organization_id = ${organization} and t.level = w.level and t.tile_index = w.tile_index`.execute(
    db,
  );
  const byPlace = new Map(rows.map((row) => [`${row.level} ${row.tile_index}`, row.hashes]));
  return (tile) => {
    const hashes = byPlace.get(`${tile.level} ${tile.index}`);
    if (!hashes || hashes.length < tile.width * hashBytes)
      throw new Refusal("not-found", `Cannot read "${tilePath(tile)}": the ledger does not reach that far`);
    return new Uint8Array(hashes.subarray(0, tile.width * hashBytes));
  };
}

/** Reads hashes of complete subtrees of the tree of that size, from the tiles that a proof needs. */
export async function readHashes(reader: Reader, size: number, tiles: readonly TileCoordinates[]): Promise<ReadHash> {
  const bytesOf = await readTiles(reader, tiles);
  return hashReader((tile) => parseTile(bytesOf(tile), tile.width), size, sha256);
}

/** The entries from `from` on, in order, `limit` of them at most. */
export async function readEntries({ db, organization }: Reader, from: number, limit: number): Promise<Uint8Array[]> {
  const { rows } = await sql<{ entry: string }>`
    select encode(entry, 'hex') as entry from ledger_entry
    where organization_id = ${organization} and seq >= ${from} order by seq limit ${limit}`.execute(db);
  return rows.map(({ entry }) => fromHex(entry));
}

/** The place in the ledger of the record's version, or of its newest. */
export async function findSeq({ db, organization }: Reader, ref: string, rev?: number): Promise<number | undefined> {
  const { rows } = await sql<{ seq: number }>`
    select seq from record_version where organization_id = ${organization} and ref = ${ref} ${rev === undefined ? sql`` : sql`and rev = ${rev}`} order by rev desc limit 1`.execute(
    db,
  );
  return rows[0]?.seq;
}

/** The newest checkpoint, if any was published. */
export async function findCheckpoint({ db, organization }: Reader): Promise<KeptCheckpoint | undefined> {
  const row = await db
    .selectFrom("ledger_checkpoint")
    .selectAll()
    .where("organization_id", "=", organization)
    .orderBy("size", "desc")
    .orderBy("published_at", "desc")
    .limit(1)
    .executeTakeFirst();
  return row && checkpointOf(row);
}

/** Every checkpoint, the smallest first. */
export async function listCheckpoints({ db, organization }: Reader): Promise<KeptCheckpoint[]> {
  const rows = await db
    .selectFrom("ledger_checkpoint")
    .selectAll()
    .where("organization_id", "=", organization)
    .orderBy("size")
    .orderBy("published_at")
    .execute();
  return rows.map(checkpointOf);
}

export async function saveCheckpoint(
  { db, organization }: Reader,
  { size, root, note, publishedAt }: KeptCheckpoint,
): Promise<void> {
  await db
    .insertInto("ledger_checkpoint")
    .values({ organization_id: organization, size, root, note, published_at: publishedAt })
    .execute();
}

function checkpointOf(row: Tables["ledger_checkpoint"]): KeptCheckpoint {
  return { size: row.size, root: new Uint8Array(row.root), note: row.note, publishedAt: row.published_at as Instant };
}

/** The ledger's verifier keys, the first announced first. The last one signs. */
export async function listKeys({ db, organization }: Reader): Promise<KeptKey[]> {
  const rows = await db
    .selectFrom("ledger_key")
    .selectAll()
    .where("organization_id", "=", organization)
    .orderBy("valid_from_size")
    .execute();
  return rows.map((row) => ({
    vkey: row.vkey,
    from: row.valid_from_size,
    ...(row.retired_at_size === null ? {} : { until: row.retired_at_size }),
  }));
}
