import { kinds, type KindName } from "./all.ts";
import type { Ref } from "./field.ts";
import type { Records } from "./follow.ts";
import { linksOf, type AnyRecord } from "./kind.ts";

/** Records held in memory, with their links in both directions. */
export class MemoryRecords implements Records {
  readonly #byRef = new Map<Ref, AnyRecord>();
  readonly #byKind = new Map<KindName, Map<Ref, AnyRecord>>();
  /** From record to the targets of each of its link fields. */
  readonly #out = new Map<Ref, Map<string, Ref[]>>();
  /** `kind field target` to the records that point there. */
  readonly #back = new Map<string, Set<Ref>>();
  readonly #sorted = new Map<KindName, readonly AnyRecord[]>();

  constructor(records: Iterable<AnyRecord> = []) {
    for (const record of records) this.put(record);
  }

  /** Adds the record, or replaces the one of the same reference. */
  put(record: AnyRecord): void {
    this.remove(record.ref);
    this.#byRef.set(record.ref, record);
    let sameKind = this.#byKind.get(record.kind);
    if (!sameKind) this.#byKind.set(record.kind, (sameKind = new Map()));
    sameKind.set(record.ref, record);
    this.#sorted.delete(record.kind);
    const outward = new Map<string, Ref[]>();
    for (const { field, to } of linksOf(kinds[record.kind], record)) {
      const targets = outward.get(field);
      if (!targets) outward.set(field, [to]);
      else if (!targets.includes(to)) targets.push(to);
      const key = `${record.kind} ${field} ${to}`;
      let sources = this.#back.get(key);
      if (!sources) this.#back.set(key, (sources = new Set()));
      sources.add(record.ref);
    }
    this.#out.set(record.ref, outward);
  }

  remove(ref: Ref): void {
    const record = this.#byRef.get(ref);
    if (!record) return;
    this.#byRef.delete(ref);
    this.#byKind.get(record.kind)?.delete(ref);
    this.#sorted.delete(record.kind);
    for (const [field, targets] of this.#out.get(ref) ?? [])
      for (const to of targets) this.#back.get(`${record.kind} ${field} ${to}`)?.delete(ref);
    this.#out.delete(ref);
  }

  find(ref: Ref): AnyRecord | undefined {
    return this.#byRef.get(ref);
  }

  pointing(kind: KindName, field: string, to: Ref): readonly Ref[] {
    return [...(this.#back.get(`${kind} ${field} ${to}`) ?? [])];
  }

  linked(record: AnyRecord, field: string): readonly Ref[] {
    const kept = this.#byRef.get(record.ref);
    // A record that is about to become (a deed's draft) is not kept yet: its own fields count.
    if (kept !== record)
      return linksOf(kinds[record.kind], record)
        .filter((link) => link.field === field)
        .map((link) => link.to);
    return this.#out.get(record.ref)?.get(field) ?? [];
  }

  all(kind: KindName): readonly AnyRecord[] {
    let sorted = this.#sorted.get(kind);
    if (!sorted) {
      sorted = [...(this.#byKind.get(kind)?.values() ?? [])].sort((a, b) =>
        a.ref < b.ref ? -1 : a.ref > b.ref ? 1 : 0,
      );
      this.#sorted.set(kind, sorted);
    }
    return sorted;
  }
}
