import { z } from "zod";
import { decodeUtf8, encodeUtf8 } from "#core/basics/bytes.ts";
import { canonicalJson, type Json } from "#core/basics/canonical-json.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { isInstant } from "#core/basics/time.ts";

// Nothing that stands in an entry can ever be taken out again, so that each member is of a form in which
// no name, address or sentence fits: what is about people belongs into the payload, which can be erased.
const uuid = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
const hash = z.string().regex(/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/);
const count = z.int().min(0);
const revision = z.int().min(1);

// Members stand in the order of RFC 8785 at every level. What the schema returns is in this order, so
// that the parser can compare spellings without sorting; in another order it would refuse every entry.
const schema = z.strictObject({
  actor: z.strictObject({
    auth: z.enum(["password", "passkey", "oidc", "apikey", "scim", "local", "internal"]),
    /** An opaque id; who it is stands in a table that can be erased. */
    id: uuid,
    kind: z.enum(["user", "service", "agent", "system"]),
  }),
  /** What the payload was, for whoever has it and its salt. */
  commit: z.strictObject({ alg: z.literal("sha-256"), d: hash, n: count }),
  deed: z.string().regex(/^[a-z][a-z_]{0,40}$/),
  files: z
    .array(
      z.strictObject({
        d: hash,
        mt: z.string().regex(/^[a-z0-9][a-z0-9.+-]{0,62}\/[a-z0-9][a-z0-9.+-]{0,100}$/),
        n: count,
      }),
    )
    .max(100)
    .optional(),
  id: uuid,
  op: z.enum(["create", "update", "approve", "sign", "link", "export", "erase", "key", "anchor", "import"]),
  /** The leaf hash of the previous entry about this record. Absent in its first. */
  prev: hash.optional(),
  reason: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{0,40}$/)
    .optional(),
  /** The clauses and controls that it serves. */
  req: z
    .array(z.string().regex(/^[A-Z0-9]{1,4}(?:\.[0-9]{1,3}){0,4}$/))
    .max(100)
    .optional(),
  /** Counts the entries about this record, from 1 and without gaps. */
  rev: revision,
  /** Erased revisions, in an `erase` entry and only there. */
  revs: z.array(revision).min(1).max(2000).optional(),
  rid: uuid,
  schema: z.string().regex(/^aims\/[a-z][a-z0-9_]{0,62}@[1-9][0-9]{0,5}$/),
  /** When the ledger recorded it. */
  ts: z.string().refine(isInstant, "is no instant such as 2026-11-23T10:00:00.000Z"),
  /** The record's kind, or `organization` or `ledger`. */
  type: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/),
  v: z.literal(1),
});

/**
 * One line of the ledger: that somebody did something to a record, and what the record then was, as a
 * commitment. It never holds content.
 */
export type Entry = z.infer<typeof schema>;

/** The specification of the log allows 65,535 bytes; an entry without content needs far fewer. */
export const greatestEntryBytes = 16 * 1024;

/**
 * The bytes of the entry that are hashed and kept. RFC 8785.
 *
 * @throws {Refusal} `malformed`, with the member; `too-large` beyond 16 KiB
 */
export function formatEntry(entry: Entry): Uint8Array {
  // The cast hides that an optional member might be there with the value undefined, which canonicalJson refuses.
  const bytes = encodeUtf8(canonicalJson(demandEntry(entry) as Json));
  if (bytes.length > greatestEntryBytes) throw tooLarge("write", bytes.length);
  return bytes;
}

/**
 * The entry that the bytes state, in their one spelling: a member given twice, an unknown one or another
 * order is refused.
 *
 * @throws {Refusal} `malformed`, with the member; `too-large` beyond 16 KiB
 */
export function parseEntry(bytes: Uint8Array): Entry {
  if (bytes.length > greatestEntryBytes) throw tooLarge("read", bytes.length);
  const text = decodeUtf8(bytes);
  const entry = demandEntry(parseJson(text));
  // No member can hold a character or number that JSON.stringify writes otherwise than RFC 8785.
  if (JSON.stringify(entry) !== text) throw malformed("it is not in the canonical form of RFC 8785");
  return entry;
}

function demandEntry(value: unknown): Entry {
  const { success, data: entry, error } = schema.safeParse(value);
  if (!success) {
    const [issue] = error.issues;
    throw malformed(`${issue?.path.join(".") || "it"}: ${issue?.message ?? "is of another form"}`);
  }
  if ((entry.rev === 1) !== (entry.prev === undefined))
    throw malformed("prev: the first entry about a record has no previous one, and every other has");
  if ((entry.op === "erase") !== (entry.revs !== undefined))
    throw malformed("revs: an erase entry, and no other, names what was erased");
  if (entry.revs?.some((rev, at, revs) => rev >= entry.rev || rev <= (revs[at - 1] ?? 0)))
    throw malformed("revs: erased revisions come before the entry's own, each once, in their order");
  return entry;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The engine's SyntaxError quotes the text, which may be anybody's.
    throw new Refusal("malformed", "Cannot read entry: it is not JSON", { cause });
  }
}

function malformed(why: string): Refusal {
  return new Refusal("malformed", `Cannot accept entry: ${why}`);
}

function tooLarge(deed: "read" | "write", bytes: number): Refusal {
  return new Refusal("too-large", `Cannot ${deed} entry: it has ${bytes} bytes, and ${greatestEntryBytes} are allowed`);
}
