import { parseDay, type Day, type Instant } from "#core/basics/time.ts";
import { kinds, type KindName } from "#core/records/all.ts";
import type { AnyRecord, RecordOf } from "#core/records/kind.ts";
import { MemoryRecords } from "#core/records/memory.ts";
import { contentHash } from "#core/records/transition.ts";
import { checks } from "./all.ts";
import type { Result } from "./check.ts";
import { evaluate } from "./evaluate.ts";

/** The fields of a record in a test: those it needs, and what the machine knows where the test is about it. */
export type Given<K extends KindName> = Partial<{
  [Name in keyof RecordOf<K>]: RecordOf<K>[Name] extends string | undefined ? string : unknown;
}>;

/** A kept record of the kind, as small as the test needs it. Its state is `live` unless given: the first in which it counts. */
export function kept<const K extends KindName>(kind: K, ref: string, given: Given<K> = {}): AnyRecord {
  const fields = given as Readonly<Record<string, unknown>>;
  const { live, states } = kinds[kind];
  const made = "2026-01-05T09:00:00.000Z" as Instant;
  const record = {
    id: `id-${ref}`,
    kind,
    ref,
    state: live.at(-1) ?? states[0] ?? "",
    rev: 1,
    content_hash: contentHash(kinds[kind], fields),
    created_at: made,
    recorded_at: made,
    state_since: parseDay("2026-01-05"),
    ...fields,
  };
  return record as AnyRecord;
}

/** An approval of the record's content as it is. */
export function approved(record: AnyRecord, given: Given<"approval"> = {}): AnyRecord {
  return kept("approval", `APR-${record.ref}`, {
    about: record.ref,
    version_no: record.rev,
    bound_to: record.content_hash,
    decision: "approve",
    as_role: "top_management",
    person: "P01",
    decided_at: "2026-01-05T09:00:00.000Z",
    ...given,
  });
}

/** What the check answers over the records on the day: the result, and why. */
export function holds(id: string, records: readonly AnyRecord[], day: string): [Result, string] {
  const { result, because } = answerOf(id, records, day);
  return [result, because];
}

/** The whole answer of the check, with the records that decide it and the day on which it may change. */
export function answerOf(id: string, records: readonly AnyRecord[], day: string) {
  const check = checks.find((one) => one.id === id);
  if (!check) throw new Error(`There is no check ${id}`);
  return evaluate(check, { records: new MemoryRecords(records), day: day as Day, shared: new Map() }).result;
}
