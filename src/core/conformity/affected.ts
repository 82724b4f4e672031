import type { KindName } from "#core/records/all.ts";
import type { Ref } from "#core/records/field.ts";
import type { Path } from "#core/records/follow.ts";
import type { Check } from "./check.ts";

/** A record that a change touched: its links before and after, by field path. */
export type Touched = { ref: Ref; kind: KindName; links: ReadonlyMap<string, readonly Ref[]> };

/** Asks the links as they are after the change. */
export type LinkSource = {
  /** Refs of records of the kind whose field points to one of the targets. */
  pointing(kind: KindName, field: string, targets: readonly Ref[]): Promise<readonly Ref[]>;
  /** Refs that the records' field points to. */
  linked(kind: KindName, field: string, from: readonly Ref[]): Promise<readonly Ref[]>;
};

/** Which records one clause must be asked of again; `all` when everything of its kind. */
export type Affected = { check: Check; position: number; subjects: ReadonlySet<Ref> | "all" };

/**
 * For each clause, the records whose outcome a change can alter: the touched ones of the clause's
 * own kind, and those that a path of its `follow` leads from to a touched one. A touched record's
 * links count as they were and as they are.
 */
export async function affectedBy(checks: readonly Check[], touched: readonly Touched[], links: LinkSource): Promise<Affected[]> {
  const asked = new Map<string, Promise<readonly Ref[]>>();
  const reader = new BackwardReader(touched, links, asked);
  const found: Affected[] = [];
  for (const check of checks) {
    for (const [position, clause] of check.clauses.entries()) {
      const subjects = new Set<Ref>(touched.filter((record) => record.kind === clause.over).map((record) => record.ref));
      let everything = false;
      for (const path of Object.values(clause.follow)) {
        const reached = await reader.subjectsOf(clause.over, path);
        if (reached === "all") everything = true;
        else for (const ref of reached) subjects.add(ref);
      }
      if (everything) found.push({ check, position, subjects: "all" });
      else if (subjects.size > 0) found.push({ check, position, subjects });
    }
  }
  return found;
}

class BackwardReader {
  readonly #touched: readonly Touched[];
  readonly #links: LinkSource;
  readonly #asked: Map<string, Promise<readonly Ref[]>>;

  constructor(touched: readonly Touched[], links: LinkSource, asked: Map<string, Promise<readonly Ref[]>>) {
    this.#touched = touched;
    this.#links = links;
    this.#asked = asked;
  }

  /** Walks the path backwards from each touched record that may stand on it, to the records it starts from. */
  async subjectsOf(over: KindName, path: Path): Promise<ReadonlySet<Ref> | "all"> {
    const subjects = new Set<Ref>();
    for (const [index, step] of path.steps.entries()) {
      const standing = this.#touched.filter((record) => record.kind === step.kind).map((record) => record.ref);
      if (standing.length === 0) continue;
      let here: readonly Ref[] = standing;
      for (let at = index; at >= 0 && here.length > 0; at--) {
        const back = path.steps[at];
        if (!back) break;
        if (back.way === "all") return "all";
        const before = at === 0 ? over : path.steps[at - 1]?.kind;
        if (before === undefined) break;
        here = back.way === "out" ? await this.#pointing(before, back.field, here) : await this.#linked(back.kind, back.field, here);
      }
      for (const ref of here) subjects.add(ref);
    }
    return subjects;
  }

  async #pointing(kind: KindName, field: string, targets: readonly Ref[]): Promise<readonly Ref[]> {
    const wanted = new Set(targets);
    // A touched record that pointed there before the change no longer does for the store.
    const formerly = this.#touched.filter((record) => record.kind === kind && (record.links.get(field) ?? []).some((to) => wanted.has(to))).map((record) => record.ref);
    return union(await this.#once(`p ${kind} ${field} ${targets.join(" ")}`, () => this.#links.pointing(kind, field, targets)), formerly);
  }

  async #linked(kind: KindName, field: string, from: readonly Ref[]): Promise<readonly Ref[]> {
    const own = this.#touched.filter((record) => record.kind === kind && from.includes(record.ref)).flatMap((record) => record.links.get(field) ?? []);
    const others = from.filter((ref) => !this.#touched.some((record) => record.ref === ref));
    if (others.length === 0) return union(own, []);
    return union(await this.#once(`l ${kind} ${field} ${others.join(" ")}`, () => this.#links.linked(kind, field, others)), own);
  }

  #once(key: string, ask: () => Promise<readonly Ref[]>): Promise<readonly Ref[]> {
    let answer = this.#asked.get(key);
    if (!answer) this.#asked.set(key, (answer = ask()));
    return answer;
  }
}

function union(one: readonly Ref[], other: readonly Ref[]): readonly Ref[] {
  return [...new Set([...one, ...other])];
}
