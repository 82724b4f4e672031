import { sql, type RawBuilder } from "kysely";
import { encodeUtf8, fromBase64, fromHex, sameBytes, toHex } from "#core/basics/bytes.ts";
import { canonicalJson, type Json } from "#core/basics/canonical-json.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { openCheckpoint } from "#core/ledger/checkpoint.ts";
import { commitTo } from "#core/ledger/commitment.ts";
import {
  emptyEdge,
  formatTile,
  growEdge,
  headOfEdge,
  partialTilesOf,
  type Edge,
  type Tile,
} from "#core/ledger/edge.ts";
import { parseEntry, type Entry } from "#core/ledger/entry.ts";
import { parseVerifierKey } from "#core/ledger/note.ts";
import { followRecord, noChains } from "#core/ledger/record-chain.ts";
import { tilePath } from "#core/ledger/tile.ts";
import { leafHash, sameHead, type Hash } from "#core/ledger/tree.ts";
import { kinds, type KindName } from "#core/records/all.ts";
import type { Ref } from "#core/records/field.ts";
import { linksOf } from "#core/records/kind.ts";
import {
  listCheckpoints,
  listKeys,
  readHead,
  readTiles,
  readTree,
  type KeptCheckpoint,
  type KeptKey,
} from "./ledger-store.ts";
import { rowsOf } from "./cursor.ts";
import type { Reader } from "./reader.ts";
import { toRecord, recordColumns, type RecordRow } from "./record-row.ts";
import { platformPrimitives, sha256 } from "./sha256.ts";

/** Something in the database that does not agree with the ledger. */
export type LedgerProblem = { message: string; ref?: Ref; seq?: number };

/** What was held against each other. It is in order when `problems` is empty. */
export type LedgerVerification = {
  entries: number;
  records: number;
  checkpoints: number;
  /** Versions whose content was erased, each with an entry that says so. */
  erased: number;
  root: Hash;
  /** The first hundred. */
  problems: readonly LedgerProblem[];
};

/** A row of the ledger and its version. Bytes come as text, which the embedded engine hands over many times faster. */
type AuditedRow = {
  seq: number;
  entry: string;
  leaf_hash: string;
  record_id: string | null;
  rev: number | null;
  kind: string | null;
  ref: string | null;
  deed: string | null;
  op: string | null;
  state: string | null;
  recorded_at: string | null;
  recorded_by: string | null;
  because_ref: string | null;
  done_at: string | null;
  payload: string | null;
  salt: string | null;
};

/** What a record's newest version says, beside the record. */
type NewestVersion = { payload: string | null; newest: number | null; same: boolean | null };

const rowsAtOnce = 2_000;
const mostProblems = 100;

/**
 * Hashes every entry again and holds against it: its content, the chain of its record, the tiles, the
 * root, every checkpoint's root and signature, the current records and their links. Problems are the
 * answer; nothing is thrown for them. Besides a batch it holds one hash a record.
 */
export async function auditLedger(
  reader: Reader,
  onProgress: (done: number, all: number) => void = () => undefined,
): Promise<LedgerVerification> {
  const audit = new Audit(reader, await listKeys(reader), await listCheckpoints(reader));
  const { size } = await readHead(reader);
  let done = 0;
  for await (const rows of rowsOf(reader, auditedRows(reader), rowsAtOnce)) {
    await audit.takeRows(rows);
    done += rows.length;
    onProgress(Math.min(done, size), size);
  }
  await audit.takeHead(size);
  await audit.takeRecords();
  return audit.result();
}

function auditedRows({ organization }: Reader): RawBuilder<AuditedRow> {
  return sql<AuditedRow>`
    select e.seq, encode(e.entry, 'escape') as entry, encode(e.leaf_hash, 'hex') as leaf_hash, v.record_id, v.rev, v.kind, v.ref, v.deed, v.op, v.state, v.recorded_at, v.recorded_by, v.because_ref, v.done_at, v.payload, encode(v.salt, 'hex') as salt
    from ledger_entry e left join record_version v on v.organization_id = e.organization_id and v.seq = e.seq
    where e.organization_id = ${organization} order by e.seq`;
}

class Audit {
  readonly #reader: Reader;
  readonly #keys: readonly KeptKey[];
  readonly #checkpoints: readonly KeptCheckpoint[];
  readonly #problems: LedgerProblem[] = [];
  readonly #chains = noChains();
  /** Versions without content, and versions that entries say were erased: the same when all is in order. */
  readonly #empty = new Set<string>();
  readonly #erased = new Set<string>();
  #integrated: { size: number; root: Hash } | undefined;
  #edge: Edge = emptyEdge;
  #checkpointsSeen = 0;

  constructor(reader: Reader, keys: readonly KeptKey[], checkpoints: readonly KeptCheckpoint[]) {
    this.#reader = reader;
    this.#keys = keys;
    this.#checkpoints = checkpoints;
  }

  async takeRows(rows: readonly AuditedRow[]): Promise<void> {
    this.#integrated ??= await readTree(this.#reader);
    const leaves = rows.map((row, at) => this.#takeRow(row, this.#edge.size + at));
    // In pieces that end where a checkpoint or the tree does, whose roots are compared there.
    const ends = [...this.#checkpoints.map(({ size }) => size), this.#integrated.size].filter(
      (size) => size > this.#edge.size && size <= this.#edge.size + leaves.length,
    );
    for (const end of [...new Set([...ends, this.#edge.size + leaves.length])].sort((a, b) => a - b)) {
      const { edge, full } = growEdge(this.#edge, leaves.splice(0, end - this.#edge.size), sha256);
      await this.#compareTiles(full.filter((tile) => lastEntryOf(tile) <= (this.#integrated?.size ?? 0)));
      this.#edge = edge;
      await this.#compareRoots(end);
    }
  }

  async takeHead(size: number): Promise<void> {
    const integrated = (this.#integrated ??= await readTree(this.#reader));
    if (size !== this.#edge.size)
      this.#report({ message: `The head counts ${size} entries, and there are ${this.#edge.size}` });
    if (integrated.size > this.#edge.size)
      this.#report({ message: `The tree has ${integrated.size} entries, and the ledger ${this.#edge.size}` });
    for (const { size: signed } of this.#checkpoints.slice(this.#checkpointsSeen))
      this.#report({
        message: `A checkpoint over ${signed} entries was signed, and the ledger has ${this.#edge.size}`,
      });
    for (const key of this.#empty)
      if (!this.#erased.has(key))
        this.#report({ message: `Version ${key} has lost its content, and no entry says that it was erased` });
    for (const key of this.#erased)
      if (!this.#empty.has(key))
        this.#report({ message: `Version ${key} was erased after an entry, and its content is there` });
    const { rows } = await sql<{
      count: number;
    }>`select count(*) as count from record_version where organization_id = ${this.#reader.organization}`.execute(
      this.#reader.db,
    );
    if (rows[0]?.count !== this.#edge.size)
      this.#report({
        message: `${rows[0]?.count ?? 0} versions are kept, and the ledger has ${this.#edge.size} entries`,
      });
  }

  /** Holds the current records and their links against their newest versions. */
  async takeRecords(): Promise<void> {
    const { db, organization } = this.#reader;
    const { rows: lost } = await sql<{ ref: string }>`
      select distinct v.ref from record_version v where v.organization_id = ${organization} and v.ref is not null
        and not exists (select 1 from record r where r.organization_id = v.organization_id and r.record_id = v.record_id) limit ${mostProblems}`.execute(
      db,
    );
    for (const { ref } of lost) this.#report({ message: `${ref} is in the ledger, and there is no such record`, ref });
    let links = 0;
    const records = sql<RecordRow & NewestVersion>`
      select ${recordColumns}, v.payload, v.rev as newest,
        (r.kind, r.ref, r.state, r.rev, r.state_since, r.recorded_at) = (v.kind, v.ref, v.state, v.rev, v.state_since, v.recorded_at) and r.recorded_by is not distinct from v.recorded_by and r.content_hash is not distinct from v.content_hash as same
      from record r left join lateral (select * from record_version v where v.organization_id = r.organization_id and v.record_id = r.record_id order by v.rev desc limit 1) v on true
      where r.organization_id = ${organization}`;
    for await (const rows of rowsOf(this.#reader, records, rowsAtOnce)) {
      for (const row of rows) this.#takeRecord(row);
      links += await this.#takeLinks(rows);
    }
    const { rows: kept } = await sql<{
      count: number;
    }>`select count(*) as count from record_link where organization_id = ${organization}`.execute(db);
    if (kept[0]?.count !== links)
      this.#report({ message: `${kept[0]?.count ?? 0} links are kept, and the records hold ${links}` });
  }

  result(): LedgerVerification {
    return {
      entries: this.#edge.size,
      // The organisation itself is a chain of the ledger and no record.
      records: Math.max(0, this.#chains.places.size - 1),
      checkpoints: this.#checkpointsSeen,
      erased: this.#empty.size,
      root: headOfEdge(this.#edge, sha256).root,
      problems: this.#problems,
    };
  }

  #takeRow(row: AuditedRow, seq: number): Hash {
    // ASCII without backslashes, so that its escaped form is the entry itself; anything else will not hash to its leaf.
    const bytes = encodeUtf8(row.entry);
    const leaf = leafHash(bytes, sha256);
    const where = { seq, ...(row.ref === null ? {} : { ref: row.ref }) };
    if (row.seq !== seq) this.#report({ message: `Entry ${seq} is missing`, seq });
    if (toHex(leaf) !== row.leaf_hash)
      this.#report({ message: `Entry ${seq} does not hash to what is kept beside it`, ...where });
    this.#attempt(where, () => {
      const entry = parseEntry(bytes);
      followRecord(this.#chains, entry, leaf);
      for (const rev of entry.revs ?? []) this.#erased.add(`${rev} of ${entry.rid}`);
      this.#takeVersion(row, entry, where);
    });
    return leaf;
  }

  #takeVersion(row: AuditedRow, entry: Entry, where: { seq: number; ref?: Ref }): void {
    if (row.record_id === null) return this.#report({ message: `Entry ${where.seq} has no version`, ...where });
    if (
      row.record_id !== entry.rid ||
      row.rev !== entry.rev ||
      row.deed !== entry.deed ||
      row.op !== entry.op ||
      row.kind !== entry.type ||
      row.recorded_at !== entry.ts
    )
      this.#report({ message: `Version ${row.rev} says otherwise than entry ${where.seq}`, ...where });
    if (row.payload === null || row.salt === null) return void this.#empty.add(`${entry.rev} of ${entry.rid}`);
    const payload = encodeUtf8(row.payload);
    if (
      payload.length !== entry.commit.n ||
      !sameBytes(commitTo(fromHex(row.salt), payload, sha256), fromBase64(entry.commit.d))
    )
      return this.#report({
        message: `Version ${entry.rev} is not the one that entry ${where.seq} commits to`,
        ...where,
      });
    const says = JSON.parse(row.payload) as { ref?: string; state?: string; because?: string; done_at?: string };
    if (
      row.ref !== null &&
      (says.ref !== row.ref ||
        says.state !== row.state ||
        (says.because ?? null) !== row.because_ref ||
        (says.done_at ?? null) !== row.done_at)
    )
      this.#report({ message: `Version ${entry.rev} says otherwise than its content`, ...where });
  }

  #takeRecord(row: RecordRow & NewestVersion): void {
    if (row.newest === null)
      return this.#report({ message: `${row.ref} is a record, and the ledger knows nothing of it`, ref: row.ref });
    const says = row.payload === null ? {} : (JSON.parse(row.payload) as { fields: Json }).fields;
    // What a kept record holds is JSON: the database parsed it as such.
    if (row.same !== true || canonicalJson(row.body as Json) !== canonicalJson(says))
      this.#report({ message: `${row.ref} is not as its newest version says`, ref: row.ref });
  }

  async #takeLinks(rows: readonly RecordRow[]): Promise<number> {
    const { rows: kept } = await sql<{ name: string }>`
      select from_ref || ' ' || from_kind || ' ' || field || ' ' || to_ref as name from record_link
      where organization_id = ${this.#reader.organization} and from_ref = any(${rows.map((row) => row.ref)}::text[])`.execute(
      this.#reader.db,
    );
    const names = new Set(kept.map(({ name }) => name));
    let count = 0;
    for (const row of rows) {
      const held = new Set(
        linksOf(kinds[row.kind as KindName], toRecord(row)).map(
          ({ field, to }) => `${row.ref} ${row.kind} ${field} ${to}`,
        ),
      );
      count += held.size;
      const missing = [...held].find((name) => !names.has(name));
      if (missing !== undefined) this.#report({ message: `A link of ${row.ref} is missing: ${missing}`, ref: row.ref });
    }
    return count;
  }

  async #compareTiles(tiles: readonly Tile[]): Promise<void> {
    if (tiles.length === 0) return;
    const kept = await readTiles(this.#reader, tiles);
    for (const tile of tiles)
      this.#attempt({}, () =>
        sameBytes(kept(tile), formatTile(tile))
          ? undefined
          : this.#report({ message: `Tile "${tilePath(tile)}" does not hold the hashes of its entries` }),
      );
  }

  async #compareRoots(size: number): Promise<void> {
    const head = headOfEdge(this.#edge, sha256);
    if (this.#integrated?.size === size) {
      await this.#compareTiles(partialTilesOf(this.#edge));
      if (!sameHead(head, this.#integrated))
        this.#report({ message: `The tree of ${size} entries has another root than its entries` });
    }
    for (
      let next = this.#checkpoints[this.#checkpointsSeen];
      next && next.size === size;
      next = this.#checkpoints[this.#checkpointsSeen]
    ) {
      this.#checkpointsSeen += 1;
      const checkpoint = next;
      if (!sameBytes(checkpoint.root, head.root))
        this.#report({ message: `The checkpoint over ${size} entries has another root than its entries` });
      this.#attempt({}, () => this.#openCheckpoint(checkpoint, head.root));
    }
  }

  #openCheckpoint({ note, size }: KeptCheckpoint, root: Hash): void {
    const valid = this.#keys
      .filter((key) => key.from < size && (key.until === undefined || size <= key.until))
      .map((key) => key.vkey);
    const [first] = valid;
    if (first === undefined) throw new Refusal("proof-rejected", `No key was valid for ${size} entries`);
    if (
      !sameHead(openCheckpoint(note, valid, parseVerifierKey(first, sha256).name, platformPrimitives), { size, root })
    )
      this.#report({ message: `The checkpoint over ${size} entries states another head than its entries` });
  }

  /** Runs a step whose refusal is an answer here. */
  #attempt(where: { seq?: number; ref?: Ref }, step: () => void): void {
    try {
      step();
    } catch (cause) {
      if (!(cause instanceof Refusal)) throw cause;
      this.#report({ message: cause.message, ...where });
    }
  }

  #report(problem: LedgerProblem): void {
    if (this.#problems.length < mostProblems) this.#problems.push(problem);
  }
}

function lastEntryOf({ level, index, width }: Tile): number {
  return (index * 256 + width) * 256 ** level;
}
