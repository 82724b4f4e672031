import { hash } from "node:crypto";
import { endOf, dayOf, type Day } from "#core/basics/time.ts";
import { affectedBy, type Affected, type Touched } from "#core/conformity/affected.ts";
import { checks } from "#core/conformity/all.ts";
import type { Check, CheckResult, Clause, Outcome } from "#core/conformity/check.ts";
import {
  evaluate,
  isConcerned,
  isPlain,
  leansOnSettings,
  outcomeOf,
  resultOf,
  sumOf,
  type ClauseSum,
  type Tally,
} from "#core/conformity/evaluate.ts";
import { settingsOf, type Settings } from "#core/conformity/settings.ts";
import { standingsOf, type Standing } from "#core/conformity/standing.ts";
import { kinds, type KindName } from "#core/records/all.ts";
import type { Ref } from "#core/records/field.ts";
import { linksOf, type AnyRecord, type RecordOf } from "#core/records/kind.ts";
import { MemoryRecords } from "#core/records/memory.ts";
import type { Version } from "#core/records/transition.ts";
import { nodes } from "#core/standard/catalogue.ts";
import {
  addToTallies,
  clauseKey,
  clearConformity,
  findDue,
  findOutcomes,
  forgetCheckState,
  keepCheckState,
  keepResults,
  outcomesOf,
  readCheckState,
  readResults,
  readSums,
  readTallies,
  replaceOutcomes,
  type ClauseKey,
} from "#storage/conformity-store.ts";
import { Neighbourhood } from "#storage/neighbourhood.ts";
import { linkSource, recordsOf } from "#storage/record-store.ts";
import { readStandings } from "#storage/standing-store.ts";
import { change, clockOf, read } from "./change.ts";
import { restand, restandAll } from "./standing.ts";
import type { Reader, Seat, World, Writer } from "./world.ts";

/** A check whose answer moved. */
export type CheckMove = { id: string; before: CheckResult | undefined; after: CheckResult };

/** Where kept outcomes and results differ from what the records say. */
export type CheckDifference = { check: string; about: string; kept: string; scratch: string };

/**
 * Asks again what the versions, or the days since the last time, can have changed, and keeps the
 * answers. Called after the versions are kept, in their transaction. Returns the checks whose answer moved.
 */
export async function recompute(writer: Writer, versions: readonly Version[], day: Day): Promise<CheckMove[]> {
  const state = await readCheckState(writer);
  if (!state || state.checks !== checksEdition) return recomputeAll(writer, day).then(({ moves }) => moves);
  await restand(writer, versions);
  const touched = touchedBy(versions);
  const affected = await affectedBy(checks, [...touched.values()], linkSource(writer));
  const due = state.computedOn < day ? await findDue(writer, day) : [];
  const asked = withDue(affected, due);
  const changed = new Set(asked.length === 0 ? [] : await askAgain(writer, asked, touched, day));
  // A share that the organisation sets moves the check, though no record answers otherwise.
  if (versions.some(({ record }) => record.kind === "organization"))
    for (const check of checks) if (leansOnSettings(check)) changed.add(check);
  if (state.computedOn < day) await keepCheckState(writer, { computedOn: day, checks: checksEdition });
  return changed.size === 0 ? [] : sumUp(writer, [...changed]);
}

/** Computes every outcome, count and result anew and keeps them. */
export async function recomputeAll(
  writer: Writer,
  day: Day,
): Promise<{ checks: number; outcomes: number; moves: CheckMove[] }> {
  const before = new Map((await readResults(writer)).map((result) => [result.id, result]));
  const records = await loadAll(writer);
  await clearConformity(writer);
  const ground = { records, day, shared: new Map() };
  const results: CheckResult[] = [];
  let outcomes = 0;
  for (const check of checks) {
    const { result, outcomes: found } = evaluate(check, ground);
    const kept = found.filter((outcome) => !isPlain(clauseAt(check, outcome.clause), outcome));
    outcomes += kept.length;
    results.push(result);
    await replaceOutcomes(writer, [], kept);
    await addToTallies(writer, talliesOf(check, found));
  }
  await keepResults(writer, results);
  await restandAll(writer, records);
  await keepCheckState(writer, { computedOn: day, checks: checksEdition });
  return { checks: results.length, outcomes, moves: movesBetween(before, results) };
}

/** Before many records are brought in at once: results are computed when all are there. Read before then, they are computed at that moment. */
export async function postpone(writer: Writer): Promise<void> {
  await forgetCheckState(writer);
}

/** Asks again what time alone can have changed by today: the daily tick. Nothing is asked twice a day. */
export async function recomputeDue(world: World, seat: Seat): Promise<CheckMove[]> {
  const isDue = await read(
    world,
    seat,
    async (reader) => !(await isCurrent(reader, dayOf(await clockOf(world, reader)))),
  );
  return isDue ? change(world, seat, (writer, at) => recompute(writer, [], dayOf(at))) : [];
}

/** Whether the kept results are those of the day. */
export async function isCurrent(reader: Reader, day: Day): Promise<boolean> {
  const state = await readCheckState(reader);
  return state !== undefined && state.checks === checksEdition && state.computedOn >= day;
}

/** The kept results, first brought to today when they are not. */
export async function readChecks(world: World, seat: Seat): Promise<CheckResult[]> {
  await recomputeDue(world, seat);
  return read(world, seat, (reader) => readResults(reader));
}

/** Computes everything anew and keeps it, whatever is kept: for another edition of the software, or when `checkFromScratch` found a difference. */
export function mendChecks(world: World, seat: Seat): Promise<CheckMove[]> {
  return change(world, seat, async (writer, at) => (await recomputeAll(writer, dayOf(at))).moves);
}

/** What every check answers of the records as they were recorded by the end of the day. Nothing kept is looked at. */
export async function evaluateAsAt(
  reader: Reader,
  day: Day,
): Promise<{ results: CheckResult[]; records: MemoryRecords }> {
  const records = await loadAll(reader, day);
  const ground = { records, day, shared: new Map() };
  return { results: checks.map((check) => evaluate(check, ground).result), records };
}

/** What the named checks say of each record, as a home screen quotes it. */
export function outcomesAsAt(records: MemoryRecords, ids: readonly string[], day: Day): Outcome[] {
  const ground = { records, day, shared: new Map() };
  return checks.filter((check) => ids.includes(check.id)).flatMap((check) => evaluate(check, ground).outcomes);
}

/** What is kept against what the records say, computed from nothing. No difference: they agree. */
export async function checkFromScratch(
  world: World,
  seat: Seat,
): Promise<{ checks: number; records: number; differences: CheckDifference[] }> {
  await recomputeDue(world, seat);
  return read(world, seat, async (reader) => {
    const day = dayOf(await clockOf(world, reader));
    const records = await loadAll(reader);
    const ground = { records, day, shared: new Map() };
    const kept = new Map<string, Outcome>();
    for await (const batch of outcomesOf(reader))
      for (const outcome of batch) kept.set(`${clauseKey(outcome)} ${outcome.ref}`, outcome);
    const tallies = new Map((await readTallies(reader)).map((tally) => [clauseKey(tally), tally]));
    const results = new Map((await readResults(reader)).map((result) => [result.id, result]));
    const differences: CheckDifference[] = [];
    const compare = (check: string, about: string, one: unknown, other: unknown) => {
      const [held, scratch] = [spelled(one), spelled(other)];
      if (held !== scratch) differences.push({ check, about, kept: held, scratch });
    };
    for (const check of checks) {
      const { result, outcomes } = evaluate(check, ground);
      for (const outcome of outcomes) {
        const key = `${clauseKey(outcome)} ${outcome.ref}`;
        if (!isPlain(clauseAt(check, outcome.clause), outcome))
          compare(check.id, `clause ${outcome.clause} of ${outcome.ref}`, kept.get(key), outcome);
        else if (kept.has(key))
          compare(check.id, `clause ${outcome.clause} of ${outcome.ref}`, kept.get(key), undefined);
        kept.delete(key);
      }
      for (const tally of talliesOf(check, outcomes))
        compare(
          check.id,
          `counts of clause ${tally.clause}`,
          tallies.get(clauseKey(tally)) ?? { ...tally, pass: 0, fail: 0, unknown: 0 },
          tally,
        );
      compare(check.id, "result", results.get(check.id), result);
      results.delete(check.id);
    }
    for (const outcome of kept.values())
      compare(outcome.check, `clause ${outcome.clause} of ${outcome.ref}`, outcome, undefined);
    for (const result of results.values()) compare(result.id, "result", result, undefined);
    const standings = standingsOf(records);
    const stood = await readStandings(
      reader,
      nodes.map((node) => node.id),
      "",
    );
    for (const { id } of nodes)
      compare(id, "what stands beside the checks", standingText(stood.get(id)), standingText(standings.get(id)));
    return {
      checks: checks.length,
      records: kindNames.reduce((sum, kind) => sum + records.all(kind).length, 0),
      differences,
    };
  });
}

/**
 * Names the checks by what they say, as far as it stands in their clauses. Another edition's results
 * are computed anew rather than mended.
 */
const checksEdition = hash(
  "sha256",
  JSON.stringify(
    checks.map((check) => [
      check.id,
      check.clauses.map((clause) => [
        clause.over,
        clause.quantifier,
        clause.least,
        clause.empty,
        clause.follow,
        String(clause.where),
        String(clause.must),
        String(clause.rank),
      ]),
    ]),
  ),
);

function standingText(standing: Standing | undefined): unknown {
  return standing && { ...standing, months: [...standing.months].sort() };
}

const kindNames = Object.keys(kinds) as KindName[];

type TouchedRecord = Touched & { before: AnyRecord | undefined; after: AnyRecord };

/** Each record that the versions are of, as it was before the first of them, with all links it had on the way. */
function touchedBy(versions: readonly Version[]): Map<Ref, TouchedRecord> {
  const touched = new Map<Ref, TouchedRecord & { links: Map<string, Ref[]> }>();
  const collect = (links: Map<string, Ref[]>, record: AnyRecord) => {
    for (const { field, to } of linksOf(kinds[record.kind], record)) {
      const targets = links.get(field);
      if (!targets) links.set(field, [to]);
      else if (!targets.includes(to)) targets.push(to);
    }
  };
  for (const { before, record } of versions) {
    let entry = touched.get(record.ref);
    if (!entry) {
      touched.set(
        record.ref,
        (entry = { ref: record.ref, kind: record.kind, before, after: record, links: new Map() }),
      );
      if (before) collect(entry.links, before);
    }
    entry.after = record;
    collect(entry.links, record);
  }
  return touched;
}

function withDue(affected: readonly Affected[], due: readonly (ClauseKey & { ref: Ref })[]): Affected[] {
  const byClause = new Map(affected.map((item) => [clauseKey({ check: item.check.id, clause: item.position }), item]));
  const added = new Map<string, { check: Check; position: number; subjects: Set<Ref> }>();
  for (const { check: id, clause, ref } of due) {
    const key = clauseKey({ check: id, clause });
    const check = checks.find((one) => one.id === id);
    if (!check || byClause.get(key)?.subjects === "all") continue;
    let entry = added.get(key);
    if (!entry) {
      const subjects = byClause.get(key)?.subjects;
      added.set(key, (entry = { check, position: clause, subjects: new Set(subjects === "all" ? [] : subjects) }));
    }
    entry.subjects.add(ref);
  }
  return [
    ...affected.filter((item) => !added.has(clauseKey({ check: item.check.id, clause: item.position }))),
    ...added.values(),
  ];
}

/** Asks the clauses of the records again and keeps what they say. Returns the checks of which an outcome changed. */
async function askAgain(
  writer: Writer,
  asked: readonly Affected[],
  touched: ReadonlyMap<Ref, TouchedRecord>,
  day: Day,
): Promise<Check[]> {
  const former = new Map<string, Outcome>();
  const asks = asked.map(({ check, position, subjects }) => ({
    check: check.id,
    clause: position,
    ...(subjects === "all" ? {} : { refs: [...subjects] }),
  }));
  for (const outcome of await findOutcomes(writer, asks)) former.set(`${clauseKey(outcome)} ${outcome.ref}`, outcome);
  const gone: (ClauseKey & { ref: Ref })[] = [];
  const kept: Outcome[] = [];
  const differences = new Map<string, ClauseKey & Tally>();
  const changed = new Set<Check>();
  for (const { affected, records, roots } of await groundsOf(writer, asked, touched)) {
    const ground = { records, day, shared: new Map() };
    for (const { check, position, subjects } of affected) {
      const clause = clauseAt(check, position);
      for (const record of roots) {
        if (subjects !== "all" && !subjects.has(record.ref)) continue;
        const key = { check: check.id, clause: position };
        const now = outcomeOf(check, position, record, ground);
        const stored = former.get(`${clauseKey(key)} ${record.ref}`);
        const before =
          stored ?? plainBefore(clause, touched.has(record.ref) ? touched.get(record.ref)?.before : record, day);
        const next = now && !isPlain(clause, now) ? now : undefined;
        const isSame = spelled(stored) === spelled(next) && countsAs(before) === countsAs(now);
        if (isSame) continue;
        changed.add(check);
        if (stored) gone.push({ ...key, ref: record.ref });
        if (next) kept.push(next);
        addTo(differences, key, countsAs(before), -1);
        addTo(differences, key, countsAs(now), 1);
      }
    }
  }
  await replaceOutcomes(writer, gone, kept);
  await addToTallies(
    writer,
    [...differences.values()].filter(({ pass, fail, unknown }) => pass !== 0 || fail !== 0 || unknown !== 0),
  );
  return [...changed];
}

type Answered = Outcome["result"] | undefined;

/** How an outcome whose row is not kept counted: it passed without a word, or the clause was not about the record. */
function plainBefore(
  clause: Clause,
  record: AnyRecord | undefined,
  day: Day,
): Pick<Outcome, "result" | "concerned"> | undefined {
  return record && isConcerned(clause, record, day) ? { result: "pass", concerned: true } : undefined;
}

function countsAs(outcome: Pick<Outcome, "result" | "concerned"> | undefined): Answered {
  return outcome?.concerned === true ? outcome.result : undefined;
}

function addTo(differences: Map<string, ClauseKey & Tally>, key: ClauseKey, answer: Answered, by: 1 | -1): void {
  if (answer === undefined) return;
  let entry = differences.get(clauseKey(key));
  if (!entry) differences.set(clauseKey(key), (entry = { ...key, pass: 0, fail: 0, unknown: 0 }));
  entry[answer] += by;
}

/** For each kind that clauses are over: the records asked about, and their neighbourhood. */
async function groundsOf(
  writer: Writer,
  asked: readonly Affected[],
  touched: ReadonlyMap<Ref, TouchedRecord>,
): Promise<{ affected: Affected[]; roots: readonly AnyRecord[]; records: MemoryRecords }[]> {
  const byKind = new Map<KindName, Affected[]>();
  for (const item of asked) {
    const { over } = clauseAt(item.check, item.position);
    byKind.set(over, [...(byKind.get(over) ?? []), item]);
  }
  const near = new Neighbourhood(writer);
  for (const { after } of touched.values()) near.put(after);
  const whole = [...byKind].filter(([, items]) => items.some((item) => item.subjects === "all")).map(([kind]) => kind);
  if (whole.length > 0)
    for await (const batch of recordsOf(writer, whole)) for (const record of batch) near.put(record);
  await near.load(asked.flatMap((item) => (item.subjects === "all" ? [] : [...item.subjects])));
  const grounds = [...byKind].map(([kind, affected]) => {
    const subjects = new Set(affected.flatMap((item) => (item.subjects === "all" ? [] : [...item.subjects])));
    const roots = near.records.all(kind).filter((record) => whole.includes(kind) || subjects.has(record.ref));
    return {
      affected,
      roots,
      records: near.records,
      follows: affected.map((item) => clauseAt(item.check, item.position).follow),
    };
  });
  await near.aroundEach(grounds);
  return grounds;
}

async function sumUp(writer: Writer, changed: readonly Check[]): Promise<CheckMove[]> {
  const before = new Map(
    (
      await readResults(
        writer,
        changed.map((check) => check.id),
      )
    ).map((result) => [result.id, result]),
  );
  const sums = await readSums(
    writer,
    changed.flatMap((check) =>
      check.clauses.map((clause, position) => ({
        check: check.id,
        clause: position,
        latest: clause.quantifier === "latest",
      })),
    ),
  );
  const empty: ClauseSum = { tally: { pass: 0, fail: 0, unknown: 0 }, telling: [] };
  const settings = await readSettings(writer);
  const results = changed.map((check) =>
    resultOf(
      check,
      check.clauses.map((_, position) => sums.get(clauseKey({ check: check.id, clause: position })) ?? empty),
      settings,
    ),
  );
  await keepResults(writer, results);
  return movesBetween(before, results);
}

async function readSettings(reader: Reader): Promise<Settings> {
  const organizations: AnyRecord[] = [];
  for await (const batch of recordsOf(reader, ["organization"])) organizations.push(...batch);
  return settingsOf(organizations as RecordOf<"organization">[]);
}

function movesBetween(before: ReadonlyMap<string, CheckResult>, results: readonly CheckResult[]): CheckMove[] {
  return results
    .filter((after) => before.get(after.id)?.result !== after.result)
    .map((after) => ({ id: after.id, before: before.get(after.id), after }));
}

function talliesOf(check: Check, outcomes: readonly Outcome[]): (ClauseKey & Tally)[] {
  return check.clauses.map((clause, position) => ({
    check: check.id,
    clause: position,
    ...sumOf(
      clause,
      outcomes.filter((outcome) => outcome.clause === position),
    ).tally,
  }));
}

async function loadAll(reader: Reader, day?: Day): Promise<MemoryRecords> {
  const records = new MemoryRecords();
  for await (const batch of recordsOf(reader, undefined, day && endOf(day)))
    for (const record of batch) records.put(record);
  return records;
}

function clauseAt(check: Check, position: number): Clause {
  const clause = check.clauses[position];
  if (!clause) throw new Error(`Check ${check.id} has no clause ${position}`);
  return clause;
}

/** The same text for equal values, whatever the order of their members. */
function spelled(value: unknown): string {
  if (value === undefined) return "nothing";
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
