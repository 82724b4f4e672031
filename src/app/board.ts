import { toBase64 } from "#core/basics/bytes.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { addMonths, dayOf, type Day } from "#core/basics/time.ts";
import { checks } from "#core/conformity/all.ts";
import { boardOf, mendable, totalsOf, type BoardNode, type CheckCounts } from "#core/conformity/board.ts";
import type { CheckResult } from "#core/conformity/check.ts";
import { standingsOf, type Standing } from "#core/conformity/standing.ts";
import { isExternalAuditor, type Actor } from "#core/records/actor.ts";
import { kinds } from "#core/records/all.ts";
import type { Ref } from "#core/records/field.ts";
import type { AnyRecord } from "#core/records/kind.ts";
import { handlesConcerns, maySee } from "#core/records/sight.ts";
import { findNode, nodes } from "#core/standard/catalogue.ts";
import { readResults } from "#storage/conformity-store.ts";
import { readTree } from "#storage/ledger-store.ts";
import { findRecords } from "#storage/record-store.ts";
import { readStandings } from "#storage/standing-store.ts";
import { actorOf } from "./actor.ts";
import { clockOf, read } from "./change.ts";
import { evaluateAsAt, isCurrent, recomputeDue } from "./conformity.ts";
import type { Reader, Seat, World } from "./world.ts";

export type Board = {
  organization: { id: string; name: string; sample: boolean };
  asAt: Day;
  /** Read from the kept results; otherwise computed from the records as they were. */
  isToday: boolean;
  ledger: { size: number; root: string };
  nodes: BoardNode[];
  totals: { checks: CheckCounts; assessed: number; assessable: number; contradictions: number };
};

/** What a board is made of, before anybody's sight of it. */
export type BoardFacts = { results: readonly CheckResult[]; standings: ReadonlyMap<string, Standing> };

/** The board as at the day, today unless said. @throws {Refusal} `malformed` for a day to come */
export async function readBoard(world: World, seat: Seat, options: { asAt?: Day | undefined } = {}): Promise<Board> {
  return atHand(world, seat, options.asAt, async (reader, { day, today, isToday, facts }) => {
    const actor = await actorOf(reader, seat, today);
    const results = await asSeen(reader, actor, facts.results);
    const nodes = boardOf({
      results,
      standings: facts.standings,
      names: await namesOf(reader, actor, judgesIn(facts)),
      day,
      // What failed on a day gone by is not mended any more.
      ...(isToday ? { mendable: await statesOf(reader, actor, mendable(results.values())) } : {}),
    });
    const tree = await readTree(reader);
    return {
      organization: await organizationOf(reader),
      asAt: day,
      isToday,
      ledger: { size: tree.size, root: toBase64(tree.root) },
      nodes,
      totals: totalsOf(nodes),
    };
  });
}

/** One node of the board, and the titles of the records that decide. @throws {Refusal} `not-found` */
export async function readNode(
  world: World,
  seat: Seat,
  id: string,
  options: { asAt?: Day | undefined } = {},
): Promise<BoardNode & { names: Readonly<Record<Ref, string>> }> {
  if (!findNode(id))
    throw new Refusal("not-found", `Cannot find "${id}": no clause, control or mission item has that id`);
  const board = await readBoard(world, seat, options);
  const node = board.nodes.find((one) => one.id === id);
  if (!node) throw new Error(`The board has no node ${id}`);
  const refs = [
    ...node.checks.flatMap((check) => check.records),
    ...node.contradictions.flatMap((found) => found.records),
  ];
  return read(world, seat, async (reader) => {
    const actor = await actorOf(reader, seat, dayOf(await clockOf(world, reader)));
    return { ...node, names: Object.fromEntries(await namesOf(reader, actor, refs)) };
  });
}

/** Hands the facts of the day to `work`, first brought to today when they are behind. */
export async function atHand<T>(
  world: World,
  seat: Seat,
  asAt: Day | undefined,
  work: (reader: Reader, at: { day: Day; today: Day; isToday: boolean; facts: BoardFacts }) => Promise<T>,
): Promise<T> {
  const attempt = () =>
    read(world, seat, async (reader) => {
      const today = dayOf(await clockOf(world, reader));
      const day = asAt ?? today;
      if (day > today)
        throw new Refusal("malformed", `Cannot look at ${day}: today is ${today}`, { place: { field: "as_at" } });
      if (day < today)
        return { done: await work(reader, { day, today, isToday: false, facts: await factsAsAt(world, reader, day) }) };
      if (!(await isCurrent(reader, today))) return undefined;
      const since = addMonths(today, -11).slice(0, 7);
      const facts = { results: await readResults(reader), standings: await readStandings(reader, nodeIds, since) };
      return { done: await work(reader, { day, today, isToday: true, facts }) };
    });
  let found = await attempt();
  if (!found) {
    await recomputeDue(world, seat);
    found = await attempt();
  }
  if (!found) throw new Error("The checks were computed and are not current");
  return found.done;
}

const nodeIds = nodes.map((node) => node.id);

/** Past days whose boards are kept: a page that is turned back and forth asks for the same few. */
const mostDays = 24;
const pastDays = new WeakMap<World["database"], Map<string, Promise<BoardFacts>>>();

/** What was so at the end of an earlier day. It cannot change any more, so it is computed once. */
function factsAsAt(world: World, reader: Reader, day: Day): Promise<BoardFacts> {
  let kept = pastDays.get(world.database);
  if (!kept) pastDays.set(world.database, (kept = new Map()));
  const key = `${reader.organization} ${day}`;
  let facts = kept.get(key);
  if (!facts) {
    facts = evaluateAsAt(reader, day).then(({ results, records }) => ({ results, standings: standingsOf(records) }));
    // A failed reading is not remembered; whoever waits for it hears of it.
    facts.then(undefined, () => kept.delete(key));
  } else kept.delete(key);
  kept.set(key, facts);
  const [oldest] = kept.keys();
  if (kept.size > mostDays && oldest !== undefined) kept.delete(oldest);
  return facts;
}

const sealedPrefixes = Object.values(kinds)
  .filter((kind) => kind.sealed === true)
  .map((kind) => kind.prefix);
const isMaybeSealed = (ref: Ref) => sealedPrefixes.some((prefix) => ref.startsWith(`${prefix}-`));

/** The results without what sealed records say, where the actor may not see them (INV-22). The answer itself stays. */
export async function asSeen(
  reader: Reader,
  actor: Actor,
  results: readonly CheckResult[],
): Promise<Map<string, CheckResult>> {
  const isOutside = isExternalAuditor(actor);
  const about = new Set(results.flatMap(({ records }) => (isOutside ? records : records.filter(isMaybeSealed))));
  const sealed = await findRecords(reader, [...about]);
  const hidden = new Set(sealed.filter((record) => !maySee(actor, record)).map((record) => record.ref));
  const handles = handlesConcerns(actor);
  return new Map(
    results.map((result) => {
      const isHidden =
        result.records.some((ref) => hidden.has(ref)) ||
        (!handles && overSealed.has(result.id) && result.because !== "");
      if (!isHidden) return [result.id, result];
      const words =
        result.result === "pass" || result.result === "not_applicable"
          ? ""
          : isOutside
            ? "records that you may not see decide"
            : "sealed records decide; who handles concerns sees which";
      return [result.id, { ...result, because: words, records: result.records.filter((ref) => !hidden.has(ref)) }];
    }),
  );
}

const overSealed: ReadonlySet<string> = new Set(
  checks.filter((check) => check.clauses.some((clause) => kinds[clause.over].sealed === true)).map((check) => check.id),
);

/** Names or titles of the records that the actor may see, by reference. */
export async function namesOf(reader: Reader, actor: Actor, refs: Iterable<Ref>): Promise<Map<Ref, string>> {
  const found = await findRecords(reader, [...new Set(refs)]);
  return new Map(found.filter((record) => maySee(actor, record)).map((record) => [record.ref, nameOf(record)]));
}

/** The records that the actor may see, by reference. */
async function statesOf(reader: Reader, actor: Actor, refs: readonly Ref[]): Promise<Map<Ref, AnyRecord>> {
  const found = await findRecords(reader, refs);
  return new Map(found.filter((record) => maySee(actor, record)).map((record) => [record.ref, record]));
}

/** What to call the record: a person by name, anything else by title. */
export function nameOf(record: AnyRecord): string {
  const name = record.kind === "person" ? record["full_name"] : undefined;
  return typeof name === "string" ? name : (record.title ?? record.ref);
}

function judgesIn({ standings }: BoardFacts): Ref[] {
  return [...standings.values()].map(({ verdict }) => verdict?.by).filter((ref) => ref !== undefined);
}

async function organizationOf({ db, organization }: Reader): Promise<Board["organization"]> {
  const row = await db
    .selectFrom("organization")
    .select(["name", "sample"])
    .where("organization_id", "=", organization)
    .executeTakeFirstOrThrow();
  return { id: organization, name: row.name, sample: row.sample };
}
