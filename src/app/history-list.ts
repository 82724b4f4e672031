import { Refusal } from "#core/basics/refusal.ts";
import { endOf, type Day, type Instant } from "#core/basics/time.ts";
import type { Actor } from "#core/records/actor.ts";
import { kinds, type KindName } from "#core/records/all.ts";
import { maySee } from "#core/records/sight.ts";
import { findRecords } from "#storage/record-store.ts";
import { nameOf, namesOf } from "./board.ts";
import type { RecordPage, RecordQuery } from "./records.ts";
import type { Reader } from "./world.ts";

/**
 * The history of all records as a list, newest first: one line an entry of the ledger, under the
 * reference of the record that it changed, so that opening a line opens that record. There is one
 * history, the ledger's; the kind `change_event` is this view of it.
 *
 * @throws {Refusal} `malformed` for an `after` that is none
 */
export async function listHistory(
  reader: Reader,
  actor: Actor,
  query: RecordQuery,
  day: Day | undefined,
): Promise<RecordPage> {
  const limit = query.limit ?? 50;
  if (query.after !== undefined && !/^\d{1,15}$/.test(query.after))
    throw new Refusal(
      "malformed",
      `Cannot go on after "${query.after}": a page of the history goes on after an entry's number`,
    );
  let entries = reader.db
    .selectFrom("record_version")
    .select(["seq", "kind", "ref", "rev", "deed", "state", "recorded_at", "recorded_by"])
    .where("organization_id", "=", reader.organization)
    .where("ref", "is not", null)
    .orderBy("seq", "desc")
    .limit(limit + 1);
  if (query.after !== undefined) entries = entries.where("seq", "<", Number(query.after));
  if (day !== undefined) entries = entries.where("recorded_at", "<=", endOf(day));
  const rows = await entries.execute();
  const page = rows.slice(0, limit);
  const found = await findRecords(reader, [...new Set(page.map(({ ref }) => ref ?? ""))]);
  const seen = new Map(
    [...found.values()].filter((record) => maySee(actor, record)).map((record) => [record.ref, record]),
  );
  const records = page.flatMap((row) => {
    const record = seen.get(row.ref ?? "");
    if (!record) return [];
    const kind = row.kind as KindName;
    return [
      {
        ref: record.ref,
        kind,
        title: `${kinds[kind].deeds[row.deed]?.title ?? row.deed}: ${nameOf(record)}`,
        state: row.state,
        rev: row.rev,
        owner: null,
        recordedAt: row.recorded_at as Instant,
        nextReviewOn: null,
        overdue: false,
        orphaned: false,
        columns: {
          seq: row.seq,
          at: row.recorded_at,
          actor: row.recorded_by ?? "system",
          record: record.ref,
          deed: row.deed,
        },
      },
    ];
  });
  const people = page.map(({ recorded_by }) => recorded_by).filter((one) => one !== null);
  const last = page.at(-1);
  return {
    records,
    next: rows.length > limit && last ? String(last.seq) : null,
    names: Object.fromEntries(await namesOf(reader, actor, people)),
  };
}
