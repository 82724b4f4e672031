import type { Day } from "#core/basics/time.ts";
import { followAll, type Follow, type Followed, type Path, type Records } from "#core/records/follow.ts";
import type { AnyRecord, RecordOf } from "#core/records/kind.ts";
import type { Check, CheckResult, Clause, Outcome, Result, Says } from "./check.ts";
import { settingsOf, type Settings } from "./settings.ts";
import { Today } from "./today.ts";

/** What a check is held against. `shared` starts empty and must not outlive the records. */
export type Ground = { records: Records; day: Day; shared: SharedNeighbours };

/** Neighbours that are the same for every record, such as all policies: found once for an evaluation. */
export type SharedNeighbours = Map<Path, readonly AnyRecord[]>;

/**
 * What the clause says of the record on the day. Nothing when the clause is not about the record
 * and no later day makes it so.
 */
export function outcomeOf(
  check: Check,
  position: number,
  record: AnyRecord,
  { records, day, shared }: Ground,
): Outcome | undefined {
  const clause = demandClause(check, position);
  const today = new Today(day);
  const own = record as RecordOf;
  if (!clause.where(own, today)) {
    if (today.changesOn === undefined) return undefined;
    return {
      check: check.id,
      clause: position,
      ref: record.ref,
      result: "pass",
      concerned: false,
      changesOn: today.changesOn,
    };
  }
  const says = clause.must({ ...neighbours(records, record, clause.follow, shared), record: own, today });
  const outcome: Outcome = { check: check.id, clause: position, ref: record.ref, concerned: true, ...said(says) };
  if (clause.quantifier === "latest") outcome.rank = clause.rank(own);
  if (today.changesOn !== undefined) outcome.changesOn = today.changesOn;
  return outcome;
}

function neighbours(records: Records, record: AnyRecord, paths: Follow, shared: SharedNeighbours): Followed<Follow> {
  const found: Record<string, readonly AnyRecord[]> = {};
  for (const [name, path] of Object.entries(paths)) {
    if (path.steps[0]?.way === "all") {
      let same = shared.get(path);
      if (!same) shared.set(path, (same = followAll(records, record, { path }).path));
      found[name] = same;
    } else found[name] = followAll(records, record, { path }).path;
  }
  return found as Followed<Follow>;
}

function said(says: Says): Pick<Outcome, "result" | "because" | "records"> {
  if (says === true) return { result: "pass" };
  if (typeof says === "string") return { result: "fail", because: says };
  if ("fails" in says)
    return { result: "fail", because: says.fails, ...(says.records ? { records: says.records } : {}) };
  if ("unknown" in says)
    return { result: "unknown", because: says.unknown, ...(says.records ? { records: says.records } : {}) };
  return { result: "pass", because: says.note };
}

/** Counts of a clause's outcomes; kept beside them so that a change costs what it touches, not what there is. */
export type Tally = { pass: number; fail: number; unknown: number };

/** What is known of one clause when a check is summed up: its counts and the few outcomes worth naming. */
export type ClauseSum = {
  tally: Tally;
  /** Outcomes that say why: failures, then unknowns, then passes with a note; by reference; at most 50 of each. */
  telling: readonly Outcome[];
  /** For `latest`: the outcome with the highest rank, among equals the highest reference. */
  newest?: Outcome;
  changesOn?: Day;
};

/** Sums the outcomes of one clause. */
export function sumOf(clause: Clause, outcomes: Iterable<Outcome>): ClauseSum {
  const tally: Tally = { pass: 0, fail: 0, unknown: 0 };
  const telling: Record<Outcome["result"], Outcome[]> = { fail: [], unknown: [], pass: [] };
  let newest: Outcome | undefined;
  let changesOn: Day | undefined;
  for (const outcome of outcomes) {
    if (outcome.changesOn !== undefined && (changesOn === undefined || outcome.changesOn < changesOn))
      changesOn = outcome.changesOn;
    if (!outcome.concerned) continue;
    tally[outcome.result] += 1;
    if (outcome.because !== undefined) telling[outcome.result].push(outcome);
    if (clause.quantifier === "latest" && isNewer(outcome, newest)) newest = outcome;
  }
  const first = (outcomes: Outcome[]) => outcomes.sort(byRef).slice(0, tellingOfEach);
  return {
    tally,
    telling: [...first(telling.fail), ...first(telling.unknown), ...first(telling.pass)],
    ...(newest ? { newest } : {}),
    ...(changesOn === undefined ? {} : { changesOn }),
  };
}

function isNewer(one: Outcome, other: Outcome | undefined): boolean {
  if (!other) return true;
  const [a, b] = [one.rank ?? "", other.rank ?? ""];
  return a > b || (a === b && one.ref > other.ref);
}

/** More names than these help nobody; the tally has the number. */
export const tellingOfEach = 50;

function byRef(a: Outcome, b: Outcome): number {
  return a.ref < b.ref ? -1 : a.ref > b.ref ? 1 : 0;
}

/** Whether the organisation's settings have a say when the check's clauses are summed up, whatever single records answer. */
export const leansOnSettings = (check: Check): boolean =>
  check.clauses.some((clause) => typeof clause.least !== "number");

/** What the check answers, from the sums of its clauses in order. */
export function resultOf(check: Check, sums: readonly ClauseSum[], settings: Settings): CheckResult {
  const answers = check.clauses.map((clause, position) =>
    answerOf(clause, sums[position] ?? { tally: { pass: 0, fail: 0, unknown: 0 }, telling: [] }, settings),
  );
  const result = worst(answers.map((answer) => answer.result));
  const deciding = answers.filter((answer) => answer.result === result);
  const records = [...new Set(deciding.flatMap((answer) => answer.records))].slice(0, 50);
  const because = [...new Set(deciding.map((answer) => answer.because).filter((text) => text !== ""))].join("; ");
  const changes = sums
    .map((sum) => sum.changesOn)
    .filter((day) => day !== undefined)
    .sort()[0];
  return {
    id: check.id,
    result,
    because,
    records,
    asked: total(answers.map((answer) => answer.asked)),
    satisfied: total(answers.map((answer) => answer.satisfied)),
    ...(changes === undefined ? {} : { changesOn: changes }),
  };
}

type Answer = { result: Result; because: string; records: readonly string[]; asked: number; satisfied: number };

function answerOf(clause: Clause, sum: ClauseSum, settings: Settings): Answer {
  const least = typeof clause.least === "number" ? clause.least : settings[clause.least.setting] / 100;
  const { pass, fail, unknown } = sum.tally;
  const asked = pass + fail + unknown;
  const counts = { asked, satisfied: pass };
  if (asked === 0) return { ...clause.empty, records: [], ...counts };
  const worded = (result: Outcome["result"]) => wordsOf(sum.telling.filter((outcome) => outcome.result === result));
  switch (clause.quantifier) {
    case "latest": {
      const { newest } = sum;
      if (!newest) return { ...clause.empty, records: [], ...counts };
      return { result: newest.result, ...wordsOf([newest]), asked: 1, satisfied: newest.result === "pass" ? 1 : 0 };
    }
    case "some":
      if (pass >= least) return { result: "pass", because: "", records: [], ...counts };
      if (pass + unknown >= least) return { result: "unknown", ...worded("unknown"), ...counts };
      return { result: "fail", because: clause.empty.because, records: worded("fail").records, ...counts };
    case "every":
      if (least < 1) return shareOf(least, sum, counts);
      if (fail > 0) return { result: "fail", ...worded("fail"), ...counts };
      if (unknown > 0) return { result: "unknown", ...worded("unknown"), ...counts };
      return { result: "pass", because: worded("pass").because, records: [], ...counts };
  }
}

function shareOf(share: number, sum: ClauseSum, counts: { asked: number; satisfied: number }): Answer {
  const { pass, unknown } = sum.tally;
  const failing = wordsOf(sum.telling.filter((outcome) => outcome.result === "fail"));
  const because = `${pass} of ${counts.asked} satisfy it; ${Math.round(share * 100)} percent are asked for`;
  // 7 of 100 are 7 percent, though 0.07 * 100 is a little more than 7.
  const least = Math.ceil(share * counts.asked - 1e-9);
  if (pass >= least) return { result: "pass", because, records: [], ...counts };
  if (pass + unknown >= least) return { result: "unknown", because, records: failing.records, ...counts };
  return { result: "fail", because, records: failing.records, ...counts };
}

function wordsOf(outcomes: readonly Outcome[]): { because: string; records: string[] } {
  const named = outcomes
    .slice(0, 3)
    .map((outcome) => (outcome.because === undefined ? "" : `${outcome.ref}: ${outcome.because}`))
    .filter((text) => text !== "");
  const more =
    outcomes.length > 3 ? [`and ${outcomes.length === tellingOfEach ? "more" : `${outcomes.length - 3} more`}`] : [];
  return {
    because: [...named, ...more].join("; "),
    records: outcomes.flatMap((outcome) => [outcome.ref, ...(outcome.records ?? [])]),
  };
}

function worst(results: readonly Result[]): Result {
  if (results.includes("fail")) return "fail";
  if (results.includes("unknown")) return "unknown";
  if (results.includes("pass")) return "pass";
  return "not_applicable";
}

/**
 * Whether keeping the outcome adds nothing to knowing that its record is concerned: it passes without
 * a word, whatever the day. Such outcomes are counted and not kept.
 */
export function isPlain(clause: Clause, outcome: Outcome): boolean {
  return (
    outcome.concerned &&
    outcome.result === "pass" &&
    outcome.because === undefined &&
    outcome.changesOn === undefined &&
    clause.quantifier !== "latest"
  );
}

/** Whether the clause is about the record, when no outcome of it is kept: then no day alters the answer. */
export function isConcerned(clause: Clause, record: AnyRecord, day: Day): boolean {
  return clause.where(record as RecordOf, new Today(day));
}

/** Holds all records against the check from scratch. */
export function evaluate(check: Check, ground: Ground): { result: CheckResult; outcomes: Outcome[] } {
  const outcomes: Outcome[] = [];
  const sums = check.clauses.map((clause, position) => {
    const own: Outcome[] = [];
    for (const record of ground.records.all(clause.over)) {
      const outcome = outcomeOf(check, position, record, ground);
      if (outcome) own.push(outcome);
    }
    outcomes.push(...own);
    return sumOf(clause, own);
  });
  const settings = settingsOf(ground.records.all("organization") as RecordOf<"organization">[]);
  return { result: resultOf(check, sums, settings), outcomes };
}

function demandClause(check: Check, position: number): Clause {
  const clause = check.clauses[position];
  if (!clause) throw new Error(`Check ${check.id} has no clause ${position}`);
  return clause;
}

const total = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);
