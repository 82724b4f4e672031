import { sql, type RawBuilder } from "kysely";
import type { Day } from "#core/basics/time.ts";
import type { CheckResult, Outcome, Result } from "#core/conformity/check.ts";
import { tellingOfEach, type ClauseSum, type Tally } from "#core/conformity/evaluate.ts";
import type { Ref } from "#core/records/field.ts";
import type { Reader } from "./reader.ts";
import type { Writer } from "./writer.ts";

/** One clause of a check, by its position. */
export type ClauseKey = { check: string; clause: number };

/** Until which day the kept results hold, and by which checks they were found. */
export type CheckState = { computedOn: Day; checks: string };

/** The state, or nothing when the results have to be computed from scratch. */
export async function readCheckState(reader: Reader): Promise<CheckState | undefined> {
  const { rows } = await sql<{ computed_on: string; checks: string }>`
    select computed_on, checks from check_state where organization_id = ${reader.organization}`.execute(reader.db);
  const row = rows[0];
  return row && { computedOn: row.computed_on as Day, checks: row.checks };
}

/** Says until which day the results hold. */
export async function keepCheckState(writer: Writer, state: CheckState): Promise<void> {
  await sql`
    insert into check_state (organization_id, computed_on, checks) values (${writer.organization}, ${state.computedOn}, ${state.checks})
    on conflict (organization_id) do update set computed_on = excluded.computed_on, checks = excluded.checks`.execute(
    writer.db,
  );
}

/** Says that the results no longer hold: whoever reads them next has them computed from scratch. */
export async function forgetCheckState(writer: Writer): Promise<void> {
  await sql`delete from check_state where organization_id = ${writer.organization}`.execute(writer.db);
}

/** Kept outcomes of the clauses: of these records, or of all when `refs` is absent. */
export async function findOutcomes(
  reader: Reader,
  asks: readonly (ClauseKey & { refs?: readonly Ref[] })[],
): Promise<Outcome[]> {
  if (asks.length === 0) return [];
  const rows = asks.flatMap(({ check, clause, refs }): object[] =>
    refs ? refs.map((ref) => ({ check, clause, ref })) : [{ check, clause }],
  );
  const { rows: found } = await sql<OutcomeRow>`
    select o.* from json_to_recordset(${json(rows)}) as asked("check" text, clause int, ref text)
      join check_outcome o on o.organization_id = ${reader.organization} and o.check_id = asked."check" and o.clause = asked.clause and (asked.ref is null or o.ref = asked.ref)`.execute(
    reader.db,
  );
  return found.map(outcomeOfRow);
}

/** Kept outcomes that a day up to this one may have changed. */
export async function findDue(reader: Reader, day: Day): Promise<(ClauseKey & { ref: Ref })[]> {
  const { rows } = await sql<{ check_id: string; clause: number; ref: string }>`
    select check_id, clause, ref from check_outcome where organization_id = ${reader.organization} and changes_on <= ${day}`.execute(
    reader.db,
  );
  return rows.map((row) => ({ check: row.check_id, clause: row.clause, ref: row.ref }));
}

/** Takes the outcomes of these clauses and records away and keeps the new ones. */
export async function replaceOutcomes(
  writer: Writer,
  gone: readonly (ClauseKey & { ref: Ref })[],
  kept: readonly Outcome[],
): Promise<void> {
  for (const part of inParts(gone)) {
    await sql`
      delete from check_outcome o using json_to_recordset(${json(part)}) as gone("check" text, clause int, ref text)
       where o.organization_id = ${writer.organization} and o.check_id = gone."check" and o.clause = gone.clause and o.ref = gone.ref`.execute(
      writer.db,
    );
  }
  for (const part of inParts(kept)) {
    await sql`
      insert into check_outcome (organization_id, check_id, clause, ref, result, concerned, rank, because, records, changes_on)
      select ${writer.organization}::uuid, "check", clause, ref, result, concerned, rank, because, records, "changesOn"
        from json_to_recordset(${json(part)}) as kept("check" text, clause int, ref text, result text, concerned boolean, rank text, because text, records json, "changesOn" text)`.execute(
      writer.db,
    );
  }
}

/** Adds the differences to the clauses' counts. */
export async function addToTallies(writer: Writer, differences: readonly (ClauseKey & Tally)[]): Promise<void> {
  if (differences.length === 0) return;
  await sql`
    insert into check_tally (organization_id, check_id, clause, pass, fail, unknown)
    select ${writer.organization}::uuid, "check", clause, pass, fail, unknown
      from json_to_recordset(${json(differences)}) as d("check" text, clause int, pass int, fail int, unknown int)
    on conflict (organization_id, check_id, clause) do update
      set pass = check_tally.pass + excluded.pass, fail = check_tally.fail + excluded.fail, unknown = check_tally.unknown + excluded.unknown`.execute(
    writer.db,
  );
}

/** Every clause's counts. */
export async function readTallies(reader: Reader): Promise<(ClauseKey & Tally)[]> {
  const { rows } =
    await sql<TallyRow>`select check_id, clause, pass, fail, unknown from check_tally where organization_id = ${reader.organization}`.execute(
      reader.db,
    );
  return rows.map((row) => ({
    check: row.check_id,
    clause: row.clause,
    pass: row.pass,
    fail: row.fail,
    unknown: row.unknown,
  }));
}

/** What is kept of each clause, summed: its counts, the outcomes that say why, the newest and the next day of change. */
export async function readSums(
  reader: Reader,
  clauses: readonly (ClauseKey & { latest: boolean })[],
): Promise<Map<string, ClauseSum>> {
  const asked = sql`json_to_recordset(${json(clauses)}) as asked("check" text, clause int, latest boolean)`;
  const own = sql`o.organization_id = ${reader.organization} and o.check_id = asked."check" and o.clause = asked.clause`;
  const { rows: counts } = await sql<TallyRow & { changes_on: string | null }>`
    select asked."check" as check_id, asked.clause, coalesce(t.pass, 0) as pass, coalesce(t.fail, 0) as fail, coalesce(t.unknown, 0) as unknown,
           (select min(o.changes_on) from check_outcome o where ${own}) as changes_on
      from ${asked} left join check_tally t on t.organization_id = ${reader.organization} and t.check_id = asked."check" and t.clause = asked.clause`.execute(
    reader.db,
  );
  const { rows: outcomes } = await sql<OutcomeRow & { is_newest: boolean }>`
    select told.*, false as is_newest from ${asked} cross join (values ('fail'), ('unknown'), ('pass')) as said(result)
      cross join lateral (select o.* from check_outcome o where ${own} and o.result = said.result and o.concerned and o.because is not null order by o.ref limit ${sql.lit(tellingOfEach)}) told
    union all
    select newest.*, true from ${asked}
      cross join lateral (select o.* from check_outcome o where ${own} and o.concerned and o.rank is not null order by o.rank desc, o.ref desc limit 1) newest
     where asked.latest`.execute(reader.db);
  return sumsOf(counts, outcomes);
}

function sumsOf(
  counts: readonly (TallyRow & { changes_on: string | null })[],
  outcomes: readonly (OutcomeRow & { is_newest: boolean })[],
): Map<string, ClauseSum> {
  const sums = new Map<string, ClauseSum & { telling: Outcome[] }>();
  for (const { check_id, clause, pass, fail, unknown, changes_on } of counts)
    sums.set(clauseKey({ check: check_id, clause }), {
      tally: { pass, fail, unknown },
      telling: [],
      ...(changes_on === null ? {} : { changesOn: changes_on as Day }),
    });
  for (const row of outcomes) {
    const sum = sums.get(clauseKey({ check: row.check_id, clause: row.clause }));
    if (!sum) continue;
    if (row.is_newest) sum.newest = outcomeOfRow(row);
    else sum.telling.push(outcomeOfRow(row));
  }
  const order = { fail: 0, unknown: 1, pass: 2 } as const;
  for (const sum of sums.values())
    sum.telling.sort((a, b) => order[a.result] - order[b.result] || (a.ref < b.ref ? -1 : 1));
  return sums;
}

/** `check clause`, to keep clauses apart in a map. */
export const clauseKey = ({ check, clause }: ClauseKey): string => `${check} ${clause}`;

/** Keeps what the checks answer. */
export async function keepResults(writer: Writer, results: readonly CheckResult[]): Promise<void> {
  if (results.length === 0) return;
  await sql`
    insert into check_result (organization_id, check_id, result, because, records, asked, satisfied, changes_on)
    select ${writer.organization}::uuid, id, result, because, records, asked, satisfied, "changesOn"
      from json_to_recordset(${json(results)}) as r(id text, result text, because text, records json, asked int, satisfied int, "changesOn" text)
    on conflict (organization_id, check_id) do update
      set result = excluded.result, because = excluded.because, records = excluded.records, asked = excluded.asked, satisfied = excluded.satisfied, changes_on = excluded.changes_on`.execute(
    writer.db,
  );
}

/** What the checks answer: all, or those named. */
export async function readResults(reader: Reader, ids?: readonly string[]): Promise<CheckResult[]> {
  const named =
    ids === undefined ? sql`` : sql`and check_id in (select value from json_array_elements_text(${json(ids)}))`;
  const { rows } =
    await sql<ResultRow>`select * from check_result where organization_id = ${reader.organization} ${named} order by check_id`.execute(
      reader.db,
    );
  return rows.map((row) => ({
    id: row.check_id,
    result: row.result as Result,
    because: row.because,
    records: row.records,
    asked: row.asked,
    satisfied: row.satisfied,
    ...(row.changes_on === null ? {} : { changesOn: row.changes_on as Day }),
  }));
}

/** Takes everything away that was computed. */
export async function clearConformity(writer: Writer): Promise<void> {
  const { db, organization } = writer;
  await sql`delete from check_outcome where organization_id = ${organization}`.execute(db);
  await sql`delete from check_tally where organization_id = ${organization}`.execute(db);
  await sql`delete from check_result where organization_id = ${organization}`.execute(db);
}

/** Every kept outcome, in batches, in order of clause and reference. */
export async function* outcomesOf(reader: Reader): AsyncGenerator<Outcome[]> {
  let last: OutcomeRow | undefined;
  for (;;) {
    const beyond =
      last === undefined ? sql`` : sql`and (check_id, clause, ref) > (${last.check_id}, ${last.clause}, ${last.ref})`;
    const { rows }: { rows: OutcomeRow[] } = await sql<OutcomeRow>`
      select * from check_outcome where organization_id = ${reader.organization} ${beyond} order by check_id, clause, ref limit 5000`.execute(
      reader.db,
    );
    if (rows.length > 0) yield rows.map(outcomeOfRow);
    last = rows.at(-1);
    if (rows.length < 5000) return;
  }
}

type OutcomeRow = {
  check_id: string;
  clause: number;
  ref: string;
  result: string;
  concerned: boolean;
  rank: string | null;
  because: string | null;
  records: string[] | null;
  changes_on: string | null;
};
type TallyRow = { check_id: string; clause: number; pass: number; fail: number; unknown: number };
type ResultRow = {
  check_id: string;
  result: string;
  because: string;
  records: string[];
  asked: number;
  satisfied: number;
  changes_on: string | null;
};

function outcomeOfRow(row: OutcomeRow): Outcome {
  return {
    check: row.check_id,
    clause: row.clause,
    ref: row.ref,
    // The table's own CHECK keeps the word to these three.
    result: row.result as Outcome["result"],
    concerned: row.concerned,
    ...(row.because === null ? {} : { because: row.because }),
    ...(row.records === null ? {} : { records: row.records }),
    ...(row.rank === null ? {} : { rank: row.rank }),
    ...(row.changes_on === null ? {} : { changesOn: row.changes_on as Day }),
  };
}

/** A list as one parameter: the number of placeholders of a statement has an end. Sent as text, since each driver writes JSON its own way. */
function json(value: unknown): RawBuilder<unknown> {
  return sql`${JSON.stringify(value)}::text::json`;
}

function* inParts<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let at = 0; at < items.length; at += 5000) yield items.slice(at, at + 5000);
}
