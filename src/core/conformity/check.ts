import type { Day } from "#core/basics/time.ts";
import type { CheckId } from "#core/standard/catalogue.ts";
import type { KindName } from "#core/records/all.ts";
import type { Ref } from "#core/records/field.ts";
import type { Follow, Followed } from "#core/records/follow.ts";
import type { RecordOf } from "#core/records/kind.ts";
import type { Mend } from "./mend.ts";
import type { Share } from "./settings.ts";
import type { Today } from "./today.ts";

export type Result = "pass" | "fail" | "unknown" | "not_applicable";

/**
 * What a predicate says of one record: `true`, or why not. A text is a failure; `unknown` says that
 * the facts are not there to decide; `note` passes and still has something to say.
 */
export type Says =
  | true
  | string
  | { fails: string; records?: readonly Ref[] }
  | { unknown: string; records?: readonly Ref[] }
  | { note: string };

/** What a predicate is told: the record, the neighbours that its clause follows, and the day. */
export type Told<K extends KindName, F extends Follow> = { record: RecordOf<K>; today: Today } & Followed<F>;

/** What a clause hands on, whatever its kind. */
export type AnyTold = { readonly record: RecordOf; readonly today: Today; readonly [neighbours: string]: unknown };

/**
 * One sentence of the algebra: *every | some | the latest* record of a kind satisfies a predicate on
 * a day. `where` chooses the records that the sentence is about, from the record and the day alone.
 */
export type Clause = {
  over: KindName;
  quantifier: "every" | "some" | "latest";
  /** For `every`: the share of records that must satisfy, 1 unless said, or the setting that says it. For `some`: how many must. */
  least: number | Share;
  where: (record: RecordOf, today: Today) => boolean;
  follow: Follow;
  must: (told: AnyTold) => Says;
  /** For `latest`: what the records are ordered by. */
  rank: (record: RecordOf) => string;
  /** The answer when no record is concerned, and why. */
  empty: { result: Result; because: string };
};

/**
 * A check of the catalogue, said in the algebra: all clauses must hold. `mends` are the deeds by which
 * people set right what it finds, those first that get at the cause.
 */
export type Check = { id: CheckId; mends: readonly Mend[]; clauses: readonly Clause[] };

type Sentence<K extends KindName, F extends Follow> = {
  where?: (record: RecordOf<K>, today: Today) => boolean;
  follow?: F;
  must: (told: Told<K, F>) => Says;
};
type Empty = { empty: Result; because: string };

/** Every record of the kind (that `where` chooses) satisfies `must`; with `share`, at least that part of them. */
export function every<const K extends KindName, const F extends Follow = {}>(
  over: K,
  sentence: Sentence<K, F> & Empty & { share?: number | Share },
): Clause {
  return clause(
    {
      over,
      quantifier: "every",
      least: sentence.share ?? 1,
      empty: { result: sentence.empty, because: sentence.because },
    },
    sentence,
  );
}

/** At least one record of the kind (or `least` many) satisfies `must`. `because` is said when none does. */
export function some<const K extends KindName, const F extends Follow = {}>(
  over: K,
  sentence: Sentence<K, F> & { because: string; least?: number; empty?: Result },
): Clause {
  return clause(
    {
      over,
      quantifier: "some",
      least: sentence.least ?? 1,
      empty: { result: sentence.empty ?? "fail", because: sentence.because },
    },
    sentence,
  );
}

/** No record of the kind is such. `such` returns why the record is one, or nothing. */
export function none<const K extends KindName, const F extends Follow = {}>(
  over: K,
  sentence: {
    where?: Sentence<K, F>["where"];
    follow?: F;
    such: (told: Told<K, F>) => string | { fails: string; records?: readonly Ref[] } | { unknown: string } | undefined;
    empty?: Result;
    because?: string;
  },
): Clause {
  const { such, empty = "pass", because = "there is none", ...rest } = sentence;
  return every(over, { ...rest, must: (told) => such(told) ?? true, empty, because });
}

/** The latest record of the kind (that `where` chooses), by `rank`, satisfies `must`. */
export function latest<const K extends KindName, const F extends Follow = {}>(
  over: K,
  sentence: Sentence<K, F> & Empty & { rank: (record: RecordOf<K>) => string | undefined },
): Clause {
  return {
    ...clause(
      { over, quantifier: "latest", least: 1, empty: { result: sentence.empty, because: sentence.because } },
      sentence,
    ),
    rank: (record) => sentence.rank(record as RecordOf<K>) ?? "",
  };
}

/** The check of that id: all its clauses must hold, and the mends are what to do where one does not. */
export const check = (id: CheckId, mends: readonly Mend[], ...clauses: Clause[]): Check => ({ id, mends, clauses });

function clause<K extends KindName, F extends Follow>(
  head: Pick<Clause, "quantifier" | "least" | "empty"> & { over: K },
  sentence: Sentence<K, F>,
): Clause {
  return {
    ...head,
    // A clause is only ever handed records of its own kind, with the neighbours of its own `follow`.
    where: (sentence.where ?? (() => true)) as Clause["where"],
    follow: sentence.follow ?? {},
    must: sentence.must as unknown as Clause["must"],
    rank: () => "",
  };
}

/** What one clause says of one record. Kept, so that only those that a change touches are asked again. */
export type Outcome = {
  check: string;
  clause: number;
  ref: Ref;
  result: "pass" | "fail" | "unknown";
  because?: string;
  records?: readonly Ref[];
  rank?: string;
  /** The day on which time alone may change the outcome, or whether the record is concerned. */
  changesOn?: Day;
  /** False while `where` does not choose the record but time will make it look again. */
  concerned: boolean;
};

/** What a check answers on a day. */
export type CheckResult = {
  id: string;
  result: Result;
  /** Why, in a sentence; for a pass, a note where there is one. */
  because: string;
  /** The records that decide: those that fail or are unknown, else none. At most 50. */
  records: readonly Ref[];
  /** How many records it was asked of, and how many satisfy. */
  asked: number;
  satisfied: number;
  changesOn?: Day;
};
