import { randomBytes, randomUUID } from "node:crypto";
import { sql, type Kysely } from "kysely";
import { encodeUtf8, toBase64 } from "#core/basics/bytes.ts";
import { canonicalJson, type Json } from "#core/basics/canonical-json.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { dayOf, instantOf, millisecondsOf, type Instant } from "#core/basics/time.ts";
import { commitTo, saltBytes } from "#core/ledger/commitment.ts";
import { formatEntry, type Entry } from "#core/ledger/entry.ts";
import { leafHash } from "#core/ledger/tree.ts";
import type { Actor } from "#core/records/actor.ts";
import { kinds } from "#core/records/all.ts";
import type { Ref } from "#core/records/field.ts";
import type { AnyRecord } from "#core/records/kind.ts";
import { fieldsOf, type Mint, type Source, type Version } from "#core/records/transition.ts";
import { FreeRefs } from "./free-refs.ts";
import { LinkDifference, type KeptLink } from "./link-difference.ts";
import { Neighbourhood } from "./neighbourhood.ts";
import type { OrganizationId, Reader } from "./reader.ts";
import { searchTextOf } from "./record-row.ts";
import { sha256 } from "./sha256.ts";
import type { Tables } from "./tables.ts";

/** What is kept of a version besides what its deed made. */
export type Keeping = Version & {
  /** Taken over from another system's history, not judged here: when and as whose deed it was done there. */
  imported?: { doneAt: Instant; by?: Ref };
  /** Earlier versions whose content goes with this one, and the code of the reason. */
  erases?: { revs: readonly number[]; reason: string };
};

/** What the ledger says of itself or of its organisation: its birth, its keys. */
export type Matter = {
  type: "organization" | "ledger";
  op: "create" | "key" | "anchor";
  deed: string;
  fields: Readonly<Record<string, Json>>;
};

/** The organisation's place in its ledger, as it was locked. */
export type LockedHead = { size: number; lastAt: Instant; sample: boolean; clockAt: Instant | undefined };

/** In whose name entries are made. */
export type Author = { actor: Actor; auth: Entry["actor"]["auth"] };

/** The software itself, where the ledger asks for an opaque id. */
export const systemId = "00000000-0000-4000-8000-000000000000";

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const userKinds: Record<Actor["kind"], Entry["actor"]["kind"]> = {
  person: "user",
  service: "service",
  system: "system",
};

/** Rows that go to the database in one statement. */
const rowsAtOnce = 250;

/**
 * The right to write, which `change` alone makes: each version that is kept gets its ledger entry in
 * the same transaction. Functions that write take one of these, so that a write without an entry does
 * not compile; the private members keep anything else from passing for one.
 */
export class Writer implements Reader {
  readonly db: Kysely<Tables>;
  readonly organization: OrganizationId;
  /** Whether the organisation is a sample: only there may the moment be moved. */
  readonly sample: boolean;
  /** Ids and references for new records. */
  readonly mint: Mint;
  /** The records as this change has left them so far. */
  readonly source: Source;
  readonly #author: Author;
  readonly #neighbourhood: Neighbourhood;
  /** The newest entry about each record that was loaded or kept. Nobody else can add one while this change holds the head. */
  readonly #newest = new Map<string, { rev: number; leaf: Uint8Array }>();
  readonly #refs: FreeRefs;
  #size: number;
  #lastAt: Instant;
  #at: Instant;
  #moved = false;

  constructor(db: Kysely<Tables>, organization: OrganizationId, author: Author, head: LockedHead & { now: Instant }) {
    this.db = db;
    this.organization = organization;
    this.sample = head.sample;
    this.#author = author;
    this.#size = head.size;
    this.#lastAt = head.lastAt;
    this.#at = later(head.clockAt ?? head.now, next(head.lastAt));
    this.#neighbourhood = new Neighbourhood(this, (id, newest) => this.#newest.set(id, newest));
    // The database is asked before this change has kept what it made, so that both count.
    this.#refs = new FreeRefs(this, (ref) => this.#neighbourhood.records.find(ref) !== undefined);
    this.mint = { id: () => randomUUID(), ref: (kind) => this.#refs.next(kind) };
    this.source = {
      find: (ref) => this.#neighbourhood.find(ref),
      around: (record, paths) => this.#neighbourhood.around([record], [paths]),
      put: (record) => this.#neighbourhood.put(record),
    };
  }

  /** The moment of this change: later than everything that the ledger holds. */
  get at(): Instant {
    return this.#at;
  }

  /** Loads records that will be asked for, in one query. */
  load(refs: Iterable<Ref>): Promise<void> {
    return this.#neighbourhood.load(refs);
  }

  /**
   * Moves the simulated clock on, never back.
   *
   * @throws {Refusal} `not-permitted` outside a sample organisation; `conflict` backwards
   */
  moveClock(to: Instant): void {
    if (!this.sample)
      throw new Refusal("not-permitted", "Cannot move the clock: only a sample organisation has one of its own");
    if (to < this.#at) throw new Refusal("conflict", `Cannot move the clock to ${to}: it is ${this.#at} there`);
    this.#at = later(to, next(this.#lastAt));
    this.#moved = true;
  }

  /**
   * Keeps the versions, in their order, with their links and ledger entries. Versions recorded at an
   * earlier moment of this change keep theirs.
   *
   * @throws {Refusal} `stale` when a record is no longer as its version's `before`; `conflict` when its
   * reference is taken; `malformed` for text that cannot be kept
   */
  async keep(versions: readonly Keeping[]): Promise<void> {
    let running: Promise<void> = Promise.resolve();
    try {
      for (let from = 0; from < versions.length; from += rowsAtOnce) {
        const some = versions.slice(from, from + rowsAtOnce);
        await this.#loadNewest(some);
        const batch = this.#prepare(some);
        // The next rows are made while the database is busy with these.
        await running;
        running = this.#keepBatch(batch);
      }
    } finally {
      await Promise.allSettled([running]);
    }
    await running;
  }

  /** Enters what the ledger says of its organisation or of itself. */
  async announce(matter: Matter): Promise<void> {
    const rid = this.organization;
    const { rows } = await sql<{
      rev: number;
      leaf: Uint8Array;
    }>`select rev, leaf_hash as leaf from ledger_entry where organization_id = ${rid} and rid = ${rid} order by rev desc limit 1`.execute(
      this.db,
    );
    const [newest] = rows;
    if (newest) this.#newest.set(rid, newest);
    const rev = (newest?.rev ?? 0) + 1;
    const says = { rid, rev, type: matter.type, deed: matter.deed, op: matter.op, at: this.#at, state: matter.deed };
    const row = this.#enter(says, {
      kind: matter.type,
      fields: matter.fields,
      deed: matter.deed,
      rev,
      actor: this.#author.actor.person ?? this.#author.actor.kind,
      at: this.#at,
    });
    await this.#insert({
      versions: [],
      rows: [row],
      gone: [],
      come: [],
      created: 0,
      amended: 0,
      size: this.#size,
      lastAt: this.#lastAt,
    });
  }

  /** Writes down where the simulated clock stands; `change` does so at its end. */
  async finish(): Promise<void> {
    if (!this.sample || !(this.#moved || this.#lastAt >= this.#at)) return;
    await this.db
      .updateTable("organization")
      .set({ clock_at: this.#at })
      .where("organization_id", "=", this.organization)
      .execute();
  }

  #prepare(versions: readonly Keeping[]): Batch {
    const rows: Row[] = [];
    const newest = new Map<string, Row>();
    const links = new LinkDifference();
    for (const version of versions) {
      const kept = this.#newest.get(version.record.id)?.rev ?? 0;
      if (version.record.rev !== kept + 1) throw staleness(version.record, kept);
      const row = this.#rowOf(version);
      const earlier = newest.get(version.record.id);
      row.base_rev = earlier ? earlier.base_rev : row.rev - 1;
      if (earlier) earlier.newest = false;
      newest.set(version.record.id, row);
      rows.push(row);
      links.add(version);
      this.#neighbourhood.put(version.record);
    }
    const created = [...newest.values()].filter((row) => row.base_rev === 0).length;
    return {
      versions,
      rows,
      gone: links.gone(),
      come: links.come(),
      created,
      amended: newest.size - created,
      size: this.#size,
      lastAt: this.#lastAt,
    };
  }

  async #keepBatch(batch: Batch): Promise<void> {
    const { fresh, changed } = await this.#insert(batch);
    if (fresh !== batch.created) throw await this.#conflictAmong(batch.versions);
    if (changed !== batch.amended)
      throw new Error(`${changed} of ${batch.amended} records were where their newest entries say`);
    await this.#erase(batch.versions);
  }

  #rowOf(version: Keeping): Row {
    const { record, deed, imported, erases } = version;
    const kind = kinds[record.kind];
    const fields = fieldsOf(kind, record);
    if (
      record.recorded_at > this.#at ||
      record.recorded_at < this.#lastAt ||
      (!this.sample && record.recorded_at !== this.#at)
    )
      throw new Error(`Version ${record.rev} of ${record.ref} is not of the moment of its change`);
    const by = imported ? (imported.by ?? "system") : (record.recorded_by ?? "system");
    const row = this.#enter(
      {
        rid: record.id,
        rev: record.rev,
        type: record.kind,
        deed,
        op: erases ? "erase" : imported ? "import" : version.op,
        at: record.recorded_at,
        state: record.state,
        by: version.by,
        serves: kind.serves,
        erases,
      },
      {
        kind: record.kind,
        ref: record.ref,
        rev: record.rev,
        state: record.state,
        deed,
        actor: by,
        at: record.recorded_at,
        ...(version.because === undefined ? {} : { because: version.because }),
        ...(imported === undefined ? {} : { done_at: imported.doneAt }),
        // Checked by the kind's schema, which knows only JSON.
        fields: fields as Record<string, Json>,
      },
    );
    return {
      ...row,
      ref: record.ref,
      because_ref: version.because ?? null,
      content_hash: record.content_hash,
      state_since: record.state_since,
      recorded_by: record.recorded_by ?? null,
      done_at: imported?.doneAt ?? null,
      imported: imported !== undefined,
      newest: true,
      created_at: record.created_at,
      created_by: record.created_by ?? null,
      search: searchTextOf(record.ref, fields),
    };
  }

  /** Makes the entry for the payload, takes the next place in the ledger for it, and remembers its hash as the record's newest. */
  #enter(says: Said, content: { [name: string]: Json }): Row {
    const payload = canonicalJson(content);
    if (/(?<!\\)(?:\\\\)*\\u0000/.test(payload))
      throw new Refusal("malformed", `Cannot keep ${says.type}: its text holds the character U+0000`);
    const salt = randomBytes(saltBytes);
    const bytes = encodeUtf8(payload);
    const prev = this.#newest.get(says.rid)?.leaf;
    const { actor, auth } = this.#author;
    const by = says.by ?? actor;
    const entry = formatEntry({
      v: 1,
      id: randomUUID(),
      ts: says.at,
      actor: { id: uuidPattern.test(by.id) ? by.id : systemId, kind: userKinds[by.kind], auth },
      op: says.op,
      deed: says.deed,
      type: says.type,
      rid: says.rid,
      rev: says.rev,
      schema: `aims/${says.type}@1`,
      commit: { alg: "sha-256", d: toBase64(commitTo(salt, bytes, sha256)), n: bytes.length },
      ...(prev ? { prev: toBase64(prev) } : {}),
      ...(says.serves?.length ? { req: [...says.serves] } : {}),
      ...(says.erases ? { revs: [...says.erases.revs], reason: says.erases.reason } : {}),
    });
    this.#newest.set(says.rid, { rev: says.rev, leaf: leafHash(entry, sha256) });
    this.#lastAt = says.at;
    return {
      record_id: says.rid,
      rev: says.rev,
      seq: this.#size++,
      kind: says.type,
      ref: null,
      deed: says.deed,
      op: says.op,
      because_ref: null,
      state: says.state,
      content_hash: null,
      state_since: dayOf(says.at),
      recorded_at: says.at,
      recorded_by: null,
      done_at: null,
      payload,
      salt: salt.toString("hex"),
      entry: Buffer.from(entry.buffer, entry.byteOffset, entry.byteLength).toString("latin1"),
      imported: false,
      newest: false,
      base_rev: 0,
      created_at: says.at,
      created_by: null,
      search: "",
    };
  }

  /** Everything in one statement, so that a deed costs one round trip. */
  async #insert({ rows, gone, come, size, lastAt }: Batch): Promise<{ fresh: number; changed: number }> {
    const given = this.#refs.takeGiven();
    const { rows: counts } = await sql<{ fresh: number; changed: number }>`
      select * from keep_versions(${this.organization}::uuid, ${JSON.stringify(rows)}::json, ${JSON.stringify(gone)}::json, ${JSON.stringify(come)}::json, ${JSON.stringify(given)}::json, ${size}::bigint, ${lastAt})`.execute(
      this.db,
    );
    const [count] = counts;
    if (!count) throw new Error("The database did not say what it kept");
    return count;
  }

  async #erase(versions: readonly Keeping[]): Promise<void> {
    for (const { record, erases } of versions) {
      if (!erases) continue;
      await this.db
        .updateTable("record_version")
        .set({ payload: null, salt: null, content_hash: null, erased_at: record.recorded_at })
        .where("organization_id", "=", this.organization)
        .where("record_id", "=", record.id)
        .where("rev", "in", [...erases.revs])
        .where("erased_at", "is", null)
        .execute();
    }
  }

  /** An entry names the one before it, which is mostly known from loading the record. */
  async #loadNewest(versions: readonly Keeping[]): Promise<void> {
    const unknown = [
      ...new Set(
        versions.filter(({ record }) => record.rev > 1 && !this.#newest.has(record.id)).map(({ record }) => record.id),
      ),
    ];
    if (unknown.length === 0) return;
    const { rows } = await sql<{ record_id: string; rev: number; leaf: Uint8Array }>`
      select r.record_id, r.rev, e.leaf_hash as leaf from record r join ledger_entry e on e.organization_id = r.organization_id and e.rid = r.record_id and e.rev = r.rev
      where r.organization_id = ${this.organization} and r.record_id = any(${unknown}::uuid[])`.execute(this.db);
    for (const row of rows) this.#newest.set(row.record_id, row);
  }

  async #conflictAmong(versions: readonly Keeping[]): Promise<Refusal> {
    const created = versions.filter(({ record }) => record.rev === 1).map(({ record }) => record);
    const { rows } = await sql<{
      ref: string;
      record_id: string;
    }>`select ref, record_id from record where organization_id = ${this.organization} and ref = any(${created.map((record) => record.ref)}::text[])`.execute(
      this.db,
    );
    const taken = rows.find((row) => !created.some((record) => record.id === row.record_id))?.ref ?? rows[0]?.ref ?? "";
    return new Refusal("conflict", `Cannot create ${taken}: there is a record of that reference already`, {
      place: { record: taken },
    });
  }
}

/** What an entry says besides its payload. */
type Said = {
  rid: string;
  rev: number;
  type: string;
  deed: string;
  op: Entry["op"];
  at: Instant;
  state: string;
  /** Whose deed it was, when not the author's of this change: a story is told in the name of its people. */
  by?: Keeping["by"];
  serves?: readonly string[];
  erases?: Keeping["erases"];
};

/** A version on its way into the database. */
type Row = {
  record_id: string;
  rev: number;
  seq: number;
  kind: string;
  ref: string | null;
  deed: string;
  op: string;
  because_ref: string | null;
  state: string;
  content_hash: string | null;
  state_since: string;
  recorded_at: string;
  recorded_by: string | null;
  done_at: string | null;
  payload: string;
  salt: string;
  entry: string;
  imported: boolean;
  /** Of several versions of one record in a batch, the last becomes the current record. */
  newest: boolean;
  /** The revision that the record must have in the database before the batch; 0 when there must be none. */
  base_rev: number;
  created_at: string;
  created_by: string | null;
  search: string;
};

/** Rows that go to the database in one statement, and what is to be seen afterwards. */
type Batch = {
  versions: readonly Keeping[];
  rows: readonly Row[];
  gone: readonly KeptLink[];
  come: readonly KeptLink[];
  created: number;
  amended: number;
  size: number;
  lastAt: Instant;
};

function staleness(record: AnyRecord, kept: number): Refusal {
  return new Refusal(
    "stale",
    `Cannot keep version ${record.rev} of ${record.ref}: version ${kept} is the newest that is kept`,
    { place: { record: record.ref } },
  );
}

function next(instant: Instant): Instant {
  return instantOf(millisecondsOf(instant) + 1);
}

function later(one: Instant, other: Instant): Instant {
  return one > other ? one : other;
}
