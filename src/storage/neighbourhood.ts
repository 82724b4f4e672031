import { sql } from "kysely";
import type { KindName } from "#core/records/all.ts";
import type { Ref } from "#core/records/field.ts";
import { follow, type Follow, type Path, type Step } from "#core/records/follow.ts";
import type { AnyRecord } from "#core/records/kind.ts";
import { MemoryRecords } from "#core/records/memory.ts";
import type { Reader } from "./reader.ts";
import { toRecord, type RecordRow } from "./record-row.ts";

/** Is told of each loaded record's newest entry in the ledger, which a writer needs. */
type OnLoad = (recordId: string, newest: { rev: number; leaf: Uint8Array }) => void;

type LoadedRow = RecordRow & { leaf_hash: Uint8Array };

/** What is looked for at once: records of these references, those that such links come from, and all of these kinds. */
type Wanted = { refs?: Iterable<Ref>; pointing?: readonly LinkWanted[]; kinds?: readonly KindName[] };
type LinkWanted = { kind: KindName; field: string; to: Ref };

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
  load(refs: Iterable<Ref>): Promise<void> {
    return this.#load({ refs });
  }

  /** Loads what the paths reach from the roots: for each step of all paths together, one query. */
  around(roots: readonly AnyRecord[], follows: readonly Follow[]): Promise<MemoryRecords> {
    return this.aroundEach([{ roots, follows }]);
  }

  /** The same for several groups of roots, each with paths of its own, all walked in step. */
  async aroundEach(
    groups: readonly { roots: readonly AnyRecord[]; follows: readonly Follow[] }[],
  ): Promise<MemoryRecords> {
    let walks: Walk[] = groups.flatMap(({ roots, follows }) =>
      [...new Set(follows.flatMap((paths) => Object.values(paths)))].map((path) => ({ path, here: roots })),
    );
    for (let at = 0; walks.length > 0; at++) {
      const standing = walks.filter((walk) => at < walk.path.steps.length && walk.here.length > 0);
      const steps = standing.map(({ path, here }) => ({ step: path.steps[at] as Step, here }));
      await this.#load({
        kinds: steps.flatMap(({ step }) => (step.way === "all" ? [step.kind] : [])),
        pointing: steps.flatMap(({ step, here }) =>
          step.way === "back" ? here.map(({ ref }) => ({ kind: step.kind, field: step.field, to: ref })) : [],
        ),
        refs: steps.flatMap(({ step, here }) =>
          step.way === "out" ? here.flatMap((record) => this.#memory.linked(record, step.field)) : [],
        ),
      });
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

  async #load({ refs = [], pointing = [], kinds = [] }: Wanted): Promise<void> {
    const unknown = [...new Set(refs)].filter((ref) => !this.#known.has(ref));
    const whole = [...new Set(kinds)].filter((kind) => !this.#whole.has(kind));
    const links = new Map(pointing.map((link) => [`${link.kind} ${link.field} ${link.to}`, link]));
    for (const [key, { kind }] of links) if (this.#backward.has(key) || this.#whole.has(kind)) links.delete(key);
    if (unknown.length === 0 && whole.length === 0 && links.size === 0) return;
    const { db, organization } = this.#reader;
    const { rows } = await sql<LoadedRow>`
      select * from load_records(${organization}::uuid, ${unknown}::text[], ${JSON.stringify([...links.values()])}::json, ${whole}::text[])`.execute(
      db,
    );
    this.#take(rows);
    for (const ref of unknown) this.#known.add(ref);
    for (const key of links.keys()) this.#backward.add(key);
    for (const kind of whole) this.#whole.add(kind);
  }

  #take(rows: readonly LoadedRow[]): void {
    for (const row of rows) {
      // What is here already may be newer: the change made it.
      if (this.#known.has(row.ref) && this.#memory.find(row.ref)) continue;
      this.#onLoad?.(row.record_id, { rev: row.rev, leaf: row.leaf_hash });
      this.#known.add(row.ref);
      this.#memory.put(toRecord(row));
    }
  }
}
