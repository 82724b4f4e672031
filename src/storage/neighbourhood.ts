import { sql } from "kysely";
import type { KindName } from "#core/records/all.ts";
import type { Ref } from "#core/records/field.ts";
import { follow, type Follow, type Path, type Step } from "#core/records/follow.ts";
import type { AnyRecord } from "#core/records/kind.ts";
import { MemoryRecords } from "#core/records/memory.ts";
import type { Reader } from "./reader.ts";
import { recordColumns, toRecord, type RecordRow } from "./record-row.ts";

/** Is told of each loaded record's newest entry in the ledger, which a writer needs. */
type OnLoad = (recordId: string, newest: { rev: number; leaf: Uint8Array }) => void;

type LoadedRow = RecordRow & { leaf_hash?: Uint8Array };

/** How far one path has been walked, from all its roots together. */
type Walk = { path: Path; here: readonly AnyRecord[] };

/**
 * Records of one transaction as they are asked for, each loaded once. It stays true as long as nobody
 * else writes: within a change, which holds the organisation's lock, or within one snapshot. What the
 * change itself makes is put in and counts before what the database holds.
 */
export class Neighbourhood {
  readonly #reader: Reader;
  readonly #memory = new MemoryRecords();
  /** References that were looked for, whether or not there is such a record. */
  readonly #known = new Set<Ref>();
  /** `kind field target` of links whose sources are all here. */
  readonly #backward = new Set<string>();
  readonly #whole = new Set<KindName>();
  readonly #onLoad: OnLoad | undefined;

  constructor(reader: Reader, onLoad?: OnLoad) {
    this.#reader = reader;
    this.#onLoad = onLoad;
  }

  get records(): MemoryRecords {
    return this.#memory;
  }

  put(record: AnyRecord): void {
    this.#known.add(record.ref);
    this.#memory.put(record);
  }

  async find(ref: Ref): Promise<AnyRecord | undefined> {
    if (!this.#known.has(ref)) await this.load([ref]);
    return this.#memory.find(ref);
  }

  /** Loads the records of these references that are not here yet, in one query. */
  async load(refs: Iterable<Ref>): Promise<void> {
    const missing = [...new Set(refs)].filter((ref) => !this.#known.has(ref));
    if (missing.length === 0) return;
    this.#take(await this.#rows(sql`r.ref = any(${missing}::text[])`));
    for (const ref of missing) this.#known.add(ref);
  }

  /** Loads what the paths reach from the roots: for each step of all paths together, one query a direction. */
  async around(roots: readonly AnyRecord[], follows: readonly Follow[]): Promise<MemoryRecords> {
    const paths = new Set(follows.flatMap((paths) => Object.values(paths)));
    let walks: Walk[] = [...paths].map((path) => ({ path, here: roots }));
    for (let at = 0; walks.length > 0; at++) {
      const standing = walks.filter((walk) => at < walk.path.steps.length && walk.here.length > 0);
      const steps = standing.map(({ path, here }) => ({ step: path.steps[at] as Step, here }));
      await this.#loadWhole(steps.filter(({ step }) => step.way === "all").map(({ step }) => step.kind));
      await this.#loadPointing(steps.flatMap(({ step, here }) => (step.way === "back" ? here.map((record) => ({ kind: step.kind, field: step.field, to: record.ref })) : [])));
      await this.load(steps.flatMap(({ step, here }) => (step.way === "out" ? here.flatMap((record) => this.#memory.linked(record, step.field)) : [])));
      walks = standing.map(({ path, here }) => ({ path, here: this.#step(here, path.steps[at] as Step) }));
    }
    return this.#memory;
  }

  #step(here: readonly AnyRecord[], step: Step): AnyRecord[] {
    const reached = new Map<Ref, AnyRecord>();
    for (const record of here) {
      for (const next of follow(this.#memory, record, { kind: step.kind, steps: [step] })) reached.set(next.ref, next);
      if (step.way === "all") break;
    }
    return [...reached.values()];
  }

  async #loadWhole(wanted: readonly KindName[]): Promise<void> {
    const missing = [...new Set(wanted)].filter((kind) => !this.#whole.has(kind));
    if (missing.length === 0) return;
    this.#take(await this.#rows(sql`r.kind = any(${missing}::text[])`));
    for (const kind of missing) this.#whole.add(kind);
  }

  async #loadPointing(wanted: readonly { kind: KindName; field: string; to: Ref }[]): Promise<void> {
    const missing = new Map(wanted.map((link) => [`${link.kind} ${link.field} ${link.to}`, link]));
    for (const [key, { kind }] of missing) if (this.#backward.has(key) || this.#whole.has(kind)) missing.delete(key);
    if (missing.size === 0) return;
    const { organization } = this.#reader;
    const links = JSON.stringify([...missing.values()]);
    this.#take(
      await this.#rows(sql`r.ref in (
        select l.from_ref from json_to_recordset(${links}::json) as wanted(kind text, field text, "to" text)
        join record_link l on l.organization_id = ${organization} and l.to_ref = wanted."to" and l.from_kind = wanted.kind and l.field = wanted.field)`),
    );
    for (const key of missing.keys()) this.#backward.add(key);
  }

  async #rows(condition: ReturnType<typeof sql>): Promise<LoadedRow[]> {
    const { db, organization } = this.#reader;
    const query = this.#onLoad
      ? sql<LoadedRow>`select ${recordColumns}, e.leaf_hash from record r join ledger_entry e on e.organization_id = r.organization_id and e.rid = r.record_id and e.rev = r.rev where r.organization_id = ${organization} and ${condition}`
      : sql<LoadedRow>`select ${recordColumns} from record r where r.organization_id = ${organization} and ${condition}`;
    return (await query.execute(db)).rows;
  }

  #take(rows: readonly LoadedRow[]): void {
    for (const row of rows) {
      // What is here already may be newer: the change made it.
      if (this.#known.has(row.ref) && this.#memory.find(row.ref)) continue;
      if (row.leaf_hash) this.#onLoad?.(row.record_id, { rev: row.rev, leaf: row.leaf_hash });
      this.#known.add(row.ref);
      this.#memory.put(toRecord(row));
    }
  }
}
