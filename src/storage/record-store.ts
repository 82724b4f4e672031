import type { Day, Instant } from "#core/basics/time.ts";
import type { LinkSource } from "#core/conformity/affected.ts";
import type { KindName } from "#core/records/all.ts";
import type { Ref } from "#core/records/field.ts";
import type { Follow } from "#core/records/follow.ts";
import type { AnyRecord } from "#core/records/kind.ts";
import type { MemoryRecords } from "#core/records/memory.ts";
import type { Reader } from "./reader.ts";

/** Which records a list shows. */
export type RecordQuery = {
  kinds?: readonly KindName[];
  states?: readonly string[];
  owner?: Ref;
  aiSystem?: Ref;
  /** Words that reference, title or text hold, all of them. */
  text?: string;
  /** Live records whose review day lies before this one. */
  overdueOn?: Day;
  sort?: RecordSort;
  descending?: boolean;
  /** The `next` of the page before. */
  after?: string;
  /** At most 500; 50 unless said. */
  limit?: number;
};
export type RecordSort = "ref" | "title" | "recorded_at" | "next_review_on";

/** A page of a list, and how to ask for what follows. */
export type RecordPage = { records: AnyRecord[]; next?: string };

/** Where a record is pointed to from. */
export type LinkTo = { from: Ref; kind: KindName; field: string };

/** One version of a record as it was kept. `record` is absent once its content was erased. */
export type KeptVersion = {
  rev: number;
  seq: number;
  deed: string;
  op: string;
  because?: Ref;
  recordedAt: Instant;
  recordedBy?: Ref;
  doneAt?: Instant;
  imported: boolean;
  erasedAt?: Instant;
  kind: KindName;
  ref: Ref;
  record?: AnyRecord;
};

/** The record, or as it was at the end of an earlier moment. */
export declare function findRecord(reader: Reader, ref: Ref, asAt?: Instant): Promise<AnyRecord | undefined>;

/** The records of these references that there are, in no particular order. */
export declare function findRecords(reader: Reader, refs: readonly Ref[]): Promise<AnyRecord[]>;

/** A page of records. @throws {Refusal} `malformed` for an `after` that is none */
export declare function listRecords(reader: Reader, query: RecordQuery): Promise<RecordPage>;

/** All records of the kinds (of all kinds when undefined) in batches, in order of reference; as they were recorded by `asAt` when given. */
export declare function recordsOf(reader: Reader, kinds?: readonly KindName[], asAt?: Instant): AsyncGenerator<AnyRecord[]>;

/** Who points to the record. */
export declare function linksTo(reader: Reader, ref: Ref): Promise<LinkTo[]>;

/** Every version of the record, the first first. */
export declare function historyOf(reader: Reader, ref: Ref): Promise<KeptVersion[]>;

/** Every version of every record, in the order of the ledger, in batches. */
export declare function versionsOf(reader: Reader, from?: number): AsyncGenerator<KeptVersion[]>;

/** The roots and every record that the paths reach from them, in one query a hop and direction. */
export declare function loadAround(reader: Reader, roots: readonly AnyRecord[], follows: readonly Follow[]): Promise<MemoryRecords>;

/** How many records there are of each kind and state. */
export declare function countRecords(reader: Reader): Promise<{ kind: KindName; state: string; count: number }[]>;

/** The links as they are in the database, for finding what a change affects. */
export declare function linkSource(reader: Reader): LinkSource;
