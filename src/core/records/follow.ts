import type { KindName } from "./all.ts";
import type { AnyRecord, RecordOf } from "./kind.ts";
import type { Ref } from "./field.ts";

/** One step from a record to its neighbours. `field` is a link's path without list positions. */
export type Step =
  | { way: "out"; kind: KindName; field: string } // records that the record's field points to
  | { way: "back"; kind: KindName; field: string } // records of the kind whose field points to the record
  | { way: "all"; kind: KindName }; // every record of the kind; only for kinds of which there are few

/** A way from a record to others, in one or more steps. */
export type Path<K extends KindName = KindName> = { steps: readonly Step[]; kind: K };

/** The records that the field points to, of the given kind. */
export const out = <const K extends KindName>(kind: K, field: string): Path<K> => ({
  kind,
  steps: [{ way: "out", kind, field }],
});

/** The records of the kind whose field points to this one. */
export const back = <const K extends KindName>(kind: K, field: string): Path<K> => ({
  kind,
  steps: [{ way: "back", kind, field }],
});

/** Every record of the kind. Costly for kinds with many records: each change of one touches every reader. */
export const all = <const K extends KindName>(kind: K): Path<K> => ({ kind, steps: [{ way: "all", kind }] });

/** First one way, then, from each record reached, the next. */
export const via = <const K extends KindName>(first: Path, then: Path<K>): Path<K> => ({
  kind: then.kind,
  steps: [...first.steps, ...then.steps],
});

export type Follow = Readonly<Record<string, Path>>;

/** What following gives: for each name, the records reached, each once, in order of reference. */
export type Followed<F extends Follow> = {
  readonly [Name in keyof F]: F[Name] extends Path<infer K> ? readonly RecordOf<K>[] : never;
};

/** Records and links at one moment, as far as they were loaded. */
export type Records = {
  find(ref: Ref): AnyRecord | undefined;
  /** Refs of records of the kind whose link field points to `to`. */
  pointing(kind: KindName, field: string, to: Ref): readonly Ref[];
  all(kind: KindName): readonly AnyRecord[];
  linked(record: AnyRecord, field: string): readonly Ref[];
};

/** The records that the path reaches from the record. */
export function follow(records: Records, from: AnyRecord, path: Path): AnyRecord[] {
  let here: AnyRecord[] = [from];
  for (const step of path.steps) {
    const next = new Map<Ref, AnyRecord>();
    for (const record of here) {
      for (const reached of oneStep(records, record, step)) next.set(reached.ref, reached);
      if (step.way === "all") break;
    }
    here = [...next.values()];
  }
  return here.sort((a, b) => (a.ref < b.ref ? -1 : a.ref > b.ref ? 1 : 0));
}

function oneStep(records: Records, record: AnyRecord, step: Step): AnyRecord[] {
  if (step.way === "all") return [...records.all(step.kind)];
  const refs =
    step.way === "out" ? records.linked(record, step.field) : records.pointing(step.kind, step.field, record.ref);
  return refs
    .map((ref) => records.find(ref))
    .filter((found) => found !== undefined && found.kind === step.kind) as AnyRecord[];
}

/** Follows every path of the map. */
export function followAll<F extends Follow>(records: Records, from: AnyRecord, paths: F): Followed<F> {
  // The path's kind and the records' kind agree by construction of `oneStep`.
  return Object.fromEntries(
    Object.entries(paths).map(([name, path]) => [name, follow(records, from, path)]),
  ) as unknown as Followed<F>;
}
