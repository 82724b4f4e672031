import type { RefusalCode } from "#core/basics/refusal.ts";
import type { Day, Instant } from "#core/basics/time.ts";
import type { KindName } from "#core/records/all.ts";
import type { Ref } from "#core/records/field.ts";
import type { AnyRecord } from "#core/records/kind.ts";
import type { Seat, World } from "./world.ts";

export type RecordQuery = {
  kind?: KindName;
  states?: readonly string[];
  owner?: Ref;
  aiSystem?: Ref;
  /** Words to find in the record. */
  text?: string;
  /** Only those whose review is overdue in a live state. */
  overdue?: boolean;
  sort?: "ref" | "title" | "recorded_at" | "next_review_on";
  descending?: boolean;
  /** `next` of the page before. */
  after?: string;
  limit?: number;
  asAt?: Day;
};

/** A record as a list shows it. */
export type RecordLine = {
  ref: Ref;
  kind: KindName;
  title: string;
  state: string;
  rev: number;
  owner: Ref | null;
  recordedAt: Instant;
  nextReviewOn: Day | null;
  overdue: boolean;
  /** Live, and its owner is nobody who is here (INV-27). */
  orphaned: boolean;
  /** The values of the kind's columns. */
  columns: Readonly<Record<string, unknown>>;
};

export type RecordPage = { records: RecordLine[]; next: string | null; names: Readonly<Record<Ref, string>> };

/** A deed that the record's state allows, and whether the actor may do it. */
export type DeedOffer = {
  deed: string;
  title: string;
  /** The state afterwards, where it is known before the content is. */
  to: string | null;
  /** `not-yet`: the actor may, once what `why` says is mended; the deed's own fields may do so. */
  may: "yes" | "not-yet" | "no";
  /** Why not, in words; null when `may` is yes. */
  why: string | null;
  code: RefusalCode | null;
  rule: string | null;
  /** Fields that it may set; null for all. */
  sets: readonly string[] | null;
  needs: readonly string[];
  /** Asks for the approver's credential again. */
  asksCredential: boolean;
};

export type LinkLine = { field: string; ref: Ref; kind: KindName | null; title: string | null; state: string | null };

export type RecordView = {
  record: AnyRecord;
  title: string;
  /** Records that it points to, and those that point to it. Sealed ones that the actor may not see are left out. */
  links: { out: LinkLine[]; back: LinkLine[]; moreBack: boolean };
  deeds: DeedOffer[];
  overdue: boolean;
  orphaned: boolean;
  names: Readonly<Record<Ref, string>>;
  /** The ledger entry of this version. */
  seq: number;
  asAt: Day | null;
};

export type FieldChange = { field: string; title: string; before: unknown; after: unknown };

export type HistoryEntry = {
  rev: number;
  seq: number;
  deed: string;
  title: string;
  op: string;
  state: string;
  by: { ref: Ref; name: string } | null;
  /** When it entered the software. */
  at: Instant;
  /** The moment that an imported history claims for it; null unless imported. */
  doneAt: Instant | null;
  /** The record whose deed had this one as its effect. */
  because: Ref | null;
  /** Taken over from another ledger; not judged here. */
  imported: boolean;
  /** Its content was erased under a recorded decision. */
  erasedAt: Instant | null;
  changes: FieldChange[];
};

export type RecordHistory = { ref: Ref; kind: KindName; title: string; versions: HistoryEntry[]; names: Readonly<Record<Ref, string>> };

export type Hits = {
  records: RecordLine[];
  nodes: { id: string; title: string }[];
  people: { ref: Ref; name: string; job: string | null }[];
  /** Deeds that create a record, such as "Identify risk". */
  deeds: { kind: KindName; deed: string; title: string }[];
};

/** A page of records. @throws {Refusal} `malformed`, `not-found` for an unknown kind */
export declare function listRecords(world: World, seat: Seat, query: RecordQuery): Promise<RecordPage>;

/** The record, its links both ways, and what the actor may do with it. @throws {Refusal} `not-found`; also for what the actor may not see */
export declare function readRecord(world: World, seat: Seat, ref: Ref, options?: { asAt?: Day }): Promise<RecordView>;

/** Every version of the record with what it changed, newest first. @throws {Refusal} `not-found` */
export declare function readHistory(world: World, seat: Seat, ref: Ref): Promise<RecordHistory>;

/** The deeds that create a record of the kind, and whether the actor may. @throws {Refusal} `not-found` */
export declare function readNewDeeds(world: World, seat: Seat, kind: KindName): Promise<DeedOffer[]>;

/** Whatever the words find: records, nodes, people and deeds, for the command palette. */
export declare function searchAll(world: World, seat: Seat, text: string, options?: { limit?: number }): Promise<Hits>;
