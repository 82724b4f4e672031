import type { KindName } from "#core/records/all.ts";
import type { Ref } from "#core/records/field.ts";
import type { Path } from "#core/records/follow.ts";
import type { Check, Clause } from "./check.ts";

/** A record that a change touched: its links before and after together, by field path. */
export type Touched = { ref: Ref; kind: KindName; links: ReadonlyMap<string, readonly Ref[]> };

/**
 * A question about links: `to` asks which records of the kind point to one of the refs by the field,
 * `from` where the field of these records, which are of the kind, points.
 */
export type LinkAsk = { way: "to" | "from"; kind: KindName; field: string; refs: readonly Ref[] };

/** The links as they are after the change: an answer to each question, in their order. */
export type LinkSource = { answer(asks: readonly LinkAsk[]): Promise<readonly (readonly Ref[])[]> };

/** Which records one clause must be asked of again; `all` when everything of its kind. */
export type Affected = { check: Check; position: number; subjects: ReadonlySet<Ref> | "all" };

/**
 * For each clause, the records whose outcome a change can alter: the touched ones of the clause's
 * own kind, and those that a path of its `follow` leads from to a touched one. All paths are walked
 * back in step, so that the store is asked once a step, not once a path.
 */
export async function affectedBy(
  checks: readonly Check[],
  touched: readonly Touched[],
  links: LinkSource,
): Promise<Affected[]> {
  const found = new Map<Clause, { check: Check; position: number; subjects: Set<Ref>; all: boolean }>();
  const touchedOf = new Map<KindName, Touched[]>();
  for (const record of touched) add(touchedOf, record.kind, record);
  const reached = (place: Place) => {
    let entry = found.get(place.clause);
    if (!entry)
      found.set(
        place.clause,
        (entry = { check: place.check, position: place.position, subjects: new Set(), all: false }),
      );
    return entry;
  };
  let walks: Walk[] = [];
  const places = placesOf(checks);
  for (const [kind, records] of touchedOf) {
    const refs = records.map((record) => record.ref);
    for (const place of places.over.get(kind) ?? []) for (const ref of refs) reached(place).subjects.add(ref);
    for (const stand of places.standing.get(kind) ?? []) walks.push({ ...stand, here: refs });
  }
  while (walks.length > 0) {
    walks = await stepBack(walks, touchedOf, links, reached);
  }
  return [...found.values()].map(({ check, position, subjects, all }) => ({
    check,
    position,
    subjects: all ? "all" : subjects,
  }));
}

type Place = { check: Check; clause: Clause; position: number };
/** A path on which a touched record stands after step `at`, and the records that stand there. */
type Stand = { place: Place; path: Path; at: number };
type Walk = Stand & { here: readonly Ref[] };

async function stepBack(
  walks: readonly Walk[],
  touched: ReadonlyMap<KindName, readonly Touched[]>,
  links: LinkSource,
  reached: (place: Place) => { subjects: Set<Ref>; all: boolean },
): Promise<Walk[]> {
  const asks = new Map<string, { ask: LinkAsk; walks: Walk[] }>();
  for (const walk of walks) {
    const step = walk.path.steps[walk.at];
    if (!step) continue;
    if (step.way === "all") {
      reached(walk.place).all = true;
      continue;
    }
    const before = walk.at === 0 ? walk.place.clause.over : walk.path.steps[walk.at - 1]?.kind;
    if (before === undefined) continue;
    const ask: LinkAsk =
      step.way === "out"
        ? { way: "to", kind: before, field: step.field, refs: walk.here }
        : { way: "from", kind: step.kind, field: step.field, refs: walk.here };
    const key = `${ask.way} ${ask.kind} ${ask.field} ${ask.refs.join(" ")}`;
    const same = asks.get(key);
    if (same) same.walks.push(walk);
    else asks.set(key, { ask, walks: [walk] });
  }
  const asked = [...asks.values()];
  const answers = asked.length === 0 ? [] : await links.answer(asked.map(({ ask }) => ask));
  return asked.flatMap(({ ask, walks: waiting }, index) => {
    const here = [...new Set([...(answers[index] ?? []), ...formerly(ask, touched)])];
    if (here.length === 0) return [];
    return waiting.flatMap((walk) => {
      if (walk.at > 0) return [{ ...walk, at: walk.at - 1, here }];
      const { subjects } = reached(walk.place);
      for (const ref of here) subjects.add(ref);
      return [];
    });
  });
}

/** What the touched records answered before the change; the store no longer knows. */
function formerly(ask: LinkAsk, touched: ReadonlyMap<KindName, readonly Touched[]>): Ref[] {
  const own = touched.get(ask.kind) ?? [];
  const wanted = new Set(ask.refs);
  if (ask.way === "to")
    return own
      .filter((record) => (record.links.get(ask.field) ?? []).some((to) => wanted.has(to)))
      .map((record) => record.ref);
  return own.filter((record) => wanted.has(record.ref)).flatMap((record) => record.links.get(ask.field) ?? []);
}

type Places = { over: Map<KindName, Place[]>; standing: Map<KindName, Stand[]> };
const known = new WeakMap<readonly Check[], Places>();

/** Where records of each kind stand in the checks; the same for every change, so found once. */
function placesOf(checks: readonly Check[]): Places {
  let places = known.get(checks);
  if (places) return places;
  places = { over: new Map(), standing: new Map() };
  for (const check of checks) {
    for (const [position, clause] of check.clauses.entries()) {
      const place = { check, clause, position };
      add(places.over, clause.over, place);
      for (const path of Object.values(clause.follow))
        for (const [at, step] of path.steps.entries()) add(places.standing, step.kind, { place, path, at });
    }
  }
  known.set(checks, places);
  return places;
}

function add<Item>(map: Map<KindName, Item[]>, kind: KindName, item: Item): void {
  const list = map.get(kind);
  if (list) list.push(item);
  else map.set(kind, [item]);
}
