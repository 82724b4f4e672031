import * as z from "zod";
import { endpoint } from "./endpoint.ts";
import { asAt, count, day, deedName, instant, kindName, mention, names, password, ref } from "./value.ts";

const about = "Records";

const fields = z
  .record(z.string().max(100), z.unknown())
  .meta({ description: "Values by field; null takes a value away" });

const line = z.object({
  ref: z.string(),
  kind: z.string(),
  title: z.string(),
  state: z.string(),
  rev: count,
  owner: z.string().nullable(),
  recordedAt: instant,
  nextReviewOn: day.nullable(),
  overdue: z.boolean(),
  orphaned: z.boolean().meta({ description: "Live, and its owner is nobody who is here" }),
  columns: z.record(z.string(), z.unknown()),
});
export type RecordLine = z.infer<typeof line>;

export const deedOffer = z.object({
  deed: z.string(),
  title: z.string(),
  to: z.string().nullable(),
  may: z
    .enum(["yes", "not-yet", "no"])
    .meta({ description: "not-yet: once what `why` says is mended; the deed's own fields may do so" }),
  why: z.string().nullable(),
  code: z.string().nullable(),
  rule: z.string().nullable(),
  sets: z.array(z.string()).nullable(),
  needs: z.array(z.string()),
  asksCredential: z.boolean(),
});
export type DeedOffer = z.infer<typeof deedOffer>;

const link = z.object({
  field: z.string(),
  ref: z.string(),
  kind: z.string().nullable(),
  title: z.string().nullable(),
  state: z.string().nullable(),
});

/** The record as it is kept: what the machine knows, and its fields by name. */
const record = z.looseObject({
  id: z.string(),
  ref: z.string(),
  kind: z.string(),
  state: z.string(),
  rev: count,
  content_hash: z.string().meta({ description: "SHA-256 of what an approval binds to" }),
  created_at: instant,
  recorded_at: instant,
  state_since: day,
  created_by: z.string().optional(),
  recorded_by: z.string().optional(),
  title: z.string().optional(),
  owner: z.string().optional(),
});

const view = z.object({
  record,
  title: z.string(),
  links: z.object({ out: z.array(link), back: z.array(link), moreBack: z.boolean() }),
  deeds: z.array(deedOffer),
  checks: z
    .array(
      z.object({
        id: z.string(),
        result: z.enum(["fail", "unknown"]),
        because: z.string(),
        nodes: z.array(z.string()),
      }),
    )
    .meta({ description: "Failing and unknown checks of today that the record decides" }),
  overdue: z.boolean(),
  orphaned: z.boolean(),
  names,
  seq: count.meta({ description: "The ledger entry of this version" }),
  asAt: day.nullable(),
  sights: z
    .array(z.object({ by: mention, rev: count, at: instant }))
    .meta({ description: "Who was shown before who reported the concern, newest first; for its handlers alone" }),
});
export type RecordView = z.infer<typeof view>;

const version = z.object({
  rev: count,
  seq: count,
  deed: z.string(),
  title: z.string(),
  op: z.string(),
  state: z.string(),
  by: mention.nullable(),
  at: instant,
  doneAt: instant.nullable(),
  because: z.string().nullable().meta({ description: "The record whose deed had this one as its effect" }),
  imported: z.boolean(),
  erasedAt: instant.nullable(),
  changes: z.array(z.object({ field: z.string(), title: z.string(), before: z.unknown(), after: z.unknown() })),
});
export type HistoryEntry = z.infer<typeof version>;

const history = z.object({ ref: z.string(), kind: z.string(), title: z.string(), versions: z.array(version), names });

/** What a deed made: the record's own new version first, then its approval and its effects. */
const made = z.object({
  ref: z.string(),
  kind: z.string(),
  rev: count,
  state: z.string(),
  versions: z.array(
    z.object({
      ref: z.string(),
      kind: z.string(),
      rev: count,
      state: z.string(),
      deed: z.string(),
      because: z.string().nullable(),
    }),
  ),
});
export type DeedDone = z.infer<typeof made>;

export const listRecords = endpoint({
  name: "listRecords",
  method: "GET",
  path: "/api/records/{kind}",
  summary: "List records of a kind",
  about,
  who: "member",
  description: "Pages follow one another by `next`. A filter given several times takes any of its values.",
  input: z.object({
    kind: kindName,
    state: z.array(z.string().max(60)).max(50).optional(),
    owner: ref.optional(),
    ai_system: ref.optional(),
    text: z.string().max(200).optional().meta({ description: "Words to find, all of them" }),
    overdue: z.boolean().optional().meta({ description: "Only live records whose review day has passed" }),
    sort: z.enum(["ref", "title", "recorded_at", "next_review_on"]).optional(),
    descending: z.boolean().optional(),
    after: z.string().max(2000).optional().meta({ description: "The `next` of the page before" }),
    limit: z.int().min(1).max(500).optional(),
    as_at: asAt,
  }),
  output: z.object({ records: z.array(line), next: z.string().nullable(), names }),
});

export const createRecord = endpoint({
  name: "createRecord",
  method: "POST",
  path: "/api/records/{kind}",
  summary: "Create a record by a deed",
  about,
  who: "member",
  input: z.object({
    kind: kindName,
    deed: deedName.optional().meta({ description: "The creating deed; needed when the kind has several" }),
    ref: ref.optional().meta({ description: "The next free one unless given" }),
    fields: fields.optional(),
    comment: z.string().max(10_000).optional(),
    password: password.optional(),
  }),
  output: made,
  status: 201,
});

export const readRecord = endpoint({
  name: "readRecord",
  method: "GET",
  path: "/api/records/{kind}/{ref}",
  summary: "Read a record, its links both ways, and what the asker may do with it",
  description: "The ETag is the version that If-Match names when a deed is done.",
  about,
  who: "member",
  input: z.object({ kind: kindName, ref, as_at: asAt }),
  output: view,
});

export const findRecord = endpoint({
  name: "findRecord",
  method: "GET",
  path: "/api/refs/{ref}",
  summary: "Find a record by its reference alone",
  about,
  who: "member",
  input: z.object({ ref, as_at: asAt }),
  output: view,
});

export const readHistory = endpoint({
  name: "readHistory",
  method: "GET",
  path: "/api/records/{kind}/{ref}/history",
  summary: "Read every version of a record with what it changed, newest first",
  about,
  who: "member",
  input: z.object({ kind: kindName, ref, as_at: asAt }),
  output: history,
});

export const doDeed = endpoint({
  name: "doDeed",
  method: "POST",
  path: "/api/records/{kind}/{ref}/{deed}",
  summary: "Do a deed on a record",
  description:
    "If-Match names the version that the asker saw; when the record has changed since, the answer tells what changed. " +
    "An approving deed asks for the password: in the body, or confirmed within the last five minutes.",
  about,
  who: "member",
  ifMatch: "rev",
  input: z.object({
    kind: kindName,
    ref,
    deed: deedName,
    rev: z.int().min(1),
    fields: fields.optional(),
    comment: z.string().max(10_000).optional(),
    password: password.optional(),
  }),
  output: made,
});

export const searchAll = endpoint({
  name: "searchAll",
  method: "GET",
  path: "/api/search",
  summary: "Search records, clauses and controls, people and deeds",
  about,
  who: "member",
  input: z.object({ text: z.string().max(200), limit: z.int().min(1).max(50).optional() }),
  output: z.object({
    records: z.array(line),
    nodes: z.array(z.object({ id: z.string(), title: z.string() })),
    people: z.array(z.object({ ref: z.string(), name: z.string(), job: z.string().nullable() })),
    deeds: z.array(z.object({ kind: z.string(), deed: z.string(), title: z.string() })),
  }),
});
