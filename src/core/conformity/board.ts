import type { Day } from "#core/basics/time.ts";
import type { Ref } from "#core/records/field.ts";
import type { AnyRecord } from "#core/records/kind.ts";
import { checksOf, checkTexts, childrenOf, nodes } from "#core/standard/catalogue.ts";
import type { Node } from "#core/standard/node.ts";
import { checks as allChecks } from "./all.ts";
import type { CheckResult, Result } from "./check.ts";
import { mendsOpen, type MendOffer } from "./mend.ts";
import { daysLeft, gapsIn, isFaded, type Standing } from "./standing.ts";

export type VerdictValue = "conforming" | "partly" | "nonconforming" | "not_applicable";

/** What a person last said of a node. */
export type BoardVerdict = {
  ref: Ref;
  value: VerdictValue;
  reason: string;
  by: { ref: Ref; name: string } | null;
  on: Day;
  /** Older than twelve months: still shown, no longer trusted. */
  faded: boolean;
};

export type BoardCheck = {
  id: string;
  text: string;
  severity: "high" | "medium" | "low";
  mode: "auto" | "assisted";
  /** The node that the check is at home on. */
  home: string;
  result: Result;
  because: string;
  /** Those that decide and that the actor may see; at most 50. */
  records: Ref[];
  asked: number;
  satisfied: number;
  /** The day on which time alone may change the result. */
  changesOn: Day | null;
  /** Deeds that set right what it finds, the likeliest first. None while it passes, nor of a day gone by. */
  mends: MendOffer[];
};

/** Two things that cannot both be true. Shown first: an auditor finds them first. */
export type Contradiction = {
  kind: "verdict-against-check" | "implemented-unproven" | "records-disagree";
  says: string;
  records: Ref[];
  check?: string;
};

/** The newest accepted evidence for the node. */
export type BoardProof = {
  ref: Ref;
  title: string;
  from: Day | null;
  to: Day | null;
  /** The last day on which it counts. */
  until: Day | null;
  /** Days from today to that day; negative when it is past. */
  daysLeft: number | null;
  /** Months of the past year, `2026-03`, that no accepted evidence covers. */
  gaps: string[];
  /** How many accepted items support the node. */
  items: number;
};

export type CheckCounts = { pass: number; fail: number; unknown: number; not_applicable: number; of: number };

export type BoardNode = {
  id: string;
  kind: Node["kind"];
  title: string;
  parent: string | null;
  pdca: Node["pdca"];
  assessable: boolean;
  contradictions: Contradiction[];
  checks: BoardCheck[];
  counts: CheckCounts;
  proof: BoardProof | null;
  verdict: BoardVerdict | null;
  /** Of a parent: its worst assessed descendant, and how many of those that can be assessed anybody has looked at. */
  rollUp: { value: VerdictValue | null; assessed: number; of: number; checks: CheckCounts } | null;
};

/** What the board is put together from. */
export type BoardGround = {
  results: ReadonlyMap<string, CheckResult>;
  standings: ReadonlyMap<string, Standing>;
  /** Names of people, by reference. */
  names: ReadonlyMap<Ref, string>;
  day: Day;
  /** The records that `mendable` named, as they are now; absent when nothing can be mended any more. */
  mendable?: ReadonlyMap<Ref, Pick<AnyRecord, "ref" | "kind" | "state">>;
};

/** Of the records that decide a check so many are looked at for what mends it. */
const mostMendable = 8;
const mendsOf = new Map(allChecks.map(({ id, mends }) => [id as string, mends]));

/** The records whose state says which deeds mend what fails or is unknown. */
export function mendable(results: Iterable<CheckResult>): Ref[] {
  return [...new Set([...results].flatMap(mendableOf))];
}

const mendableOf = ({ result, records }: CheckResult): readonly Ref[] =>
  result === "fail" || result === "unknown" ? records.slice(0, mostMendable) : [];

/**
 * Every node of the catalogue with its four things: checks, proof, verdict and contradictions (domain
 * model, section 12). A check that nothing was computed for is unknown.
 */
export function boardOf(ground: BoardGround): BoardNode[] {
  const byId = new Map<string, BoardNode>(nodes.map((node) => [node.id, nodeOf(node, ground)]));
  for (const node of nodes) {
    const own = byId.get(node.id);
    const below = descendantsOf(node.id)
      .map((child) => byId.get(child.id))
      .filter((child) => child !== undefined);
    if (own && below.length > 0) own.rollUp = rollUp(below);
  }
  return [...byId.values()];
}

function nodeOf(node: Node, ground: BoardGround): BoardNode {
  const standing: Standing = ground.standings.get(node.id) ?? { items: 0, months: new Set() };
  const checks = checksOf(node).map((id) => checkOf(id, ground));
  const verdict = verdictOf(standing, ground);
  return {
    id: node.id,
    kind: node.kind,
    title: node.title,
    parent: node.parent,
    pdca: node.pdca,
    assessable: node.assessable,
    contradictions: contradictionsOf(verdict, checks, standing, ground),
    checks,
    counts: countsOf(checks),
    proof: proofOf(standing, ground.day),
    verdict,
    rollUp: null,
  };
}

function checkOf(id: string, ground: BoardGround): BoardCheck {
  const result = ground.results.get(id);
  const said = checkTexts.get(id);
  if (!said) throw new Error(`The catalogue has no check ${id}`);
  const { text, severity, mode, home } = said;
  if (!result)
    return {
      id,
      text,
      severity,
      mode,
      home,
      result: "unknown",
      because: "it was not computed",
      records: [],
      asked: 0,
      satisfied: 0,
      changesOn: null,
      mends: [],
    };
  const { because, records, asked, satisfied, changesOn } = result;
  return {
    id,
    text,
    severity,
    mode,
    home,
    result: result.result,
    because,
    records: [...records],
    asked,
    satisfied,
    changesOn: changesOn ?? null,
    mends: mendsOfCheck(result, ground),
  };
}

function mendsOfCheck(result: CheckResult, { mendable }: BoardGround): MendOffer[] {
  if (!mendable || (result.result !== "fail" && result.result !== "unknown")) return [];
  const deciding = mendableOf(result).flatMap((ref) => mendable.get(ref) ?? []);
  return mendsOpen(mendsOf.get(result.id) ?? [], deciding);
}

function verdictOf({ verdict }: Standing, { names, day }: BoardGround): BoardVerdict | null {
  if (!verdict) return null;
  const { ref, value, reason, by, on } = verdict;
  return {
    ref,
    value,
    reason,
    by: by === undefined ? null : { ref: by, name: names.get(by) ?? by },
    on,
    faded: isFaded(on, day),
  };
}

function proofOf({ proof, items, months }: Standing, day: Day): BoardProof | null {
  if (!proof) return null;
  const { ref, title, from, to, until } = proof;
  return {
    ref,
    title,
    from: from ?? null,
    to: to ?? null,
    until: until ?? null,
    daysLeft: until === undefined ? null : daysLeft(until, day),
    gaps: gapsIn(months, day),
    items,
  };
}

/**
 * A person calls a node conforming while a check of weight says otherwise (medium ones too: a person's
 * word is about the whole node); a control said to be implemented without proof that holds; a verdict
 * that the statement of applicability rules out.
 */
function contradictionsOf(
  verdict: BoardVerdict | null,
  checks: readonly BoardCheck[],
  { applicability }: Standing,
  { results }: BoardGround,
): Contradiction[] {
  const found: Contradiction[] = [];
  if (verdict?.value === "conforming")
    for (const check of checks)
      if (check.result === "fail" && check.severity !== "low")
        found.push({
          kind: "verdict-against-check",
          says: `Judged conforming on ${verdict.on}, while ${check.id} fails: ${check.because}`,
          records: [verdict.ref, ...check.records],
          check: check.id,
        });
  const unproven = results.get(statusCheck);
  if (applicability && unproven?.result === "fail" && unproven.records.includes(applicability.ref))
    found.push({
      kind: "implemented-unproven",
      says: "The statement of applicability says implemented, and no accepted proof in force shows it",
      records: [applicability.ref],
      check: statusCheck,
    });
  if (applicability?.included === true && verdict?.value === "not_applicable")
    found.push({
      kind: "records-disagree",
      says: "Judged not applicable, while the statement of applicability includes it",
      records: [verdict.ref, applicability.ref],
    });
  if (applicability?.included === false && (verdict?.value === "conforming" || verdict?.value === "partly"))
    found.push({
      kind: "records-disagree",
      says: `Judged ${verdict.value}, while the statement of applicability excludes it`,
      records: [verdict.ref, applicability.ref],
    });
  return found;
}

/** The check that holds each "implemented" against its proof (INV-14). */
const statusCheck = "soa.status_true";

function countsOf(checks: readonly Pick<BoardCheck, "result">[]): CheckCounts {
  const counts: CheckCounts = { pass: 0, fail: 0, unknown: 0, not_applicable: 0, of: checks.length };
  for (const { result } of checks) counts[result] += 1;
  return counts;
}

const badness: Record<VerdictValue, number> = { not_applicable: 0, conforming: 1, partly: 2, nonconforming: 3 };

/** A parent is no better than its worst assessed child. */
function rollUp(below: readonly BoardNode[]): NonNullable<BoardNode["rollUp"]> {
  const assessable = below.filter((node) => node.assessable);
  const values = assessable.map((node) => node.verdict?.value).filter((value) => value !== undefined);
  const worst = values.reduce<VerdictValue | null>(
    (value, next) => (value === null || badness[next] > badness[value] ? next : value),
    null,
  );
  const checks = new Map(below.flatMap((node) => node.checks.map((check) => [check.id, check] as const)));
  return { value: worst, assessed: values.length, of: assessable.length, checks: countsOf([...checks.values()]) };
}

function descendantsOf(id: string): readonly Node[] {
  return childrenOf(id).flatMap((child) => [child, ...descendantsOf(child.id)]);
}

/** Counts over the whole board: each check once. */
export function totalsOf(board: readonly BoardNode[]): {
  checks: CheckCounts;
  assessed: number;
  assessable: number;
  contradictions: number;
} {
  const checks = new Map(board.flatMap((node) => node.checks.map((check) => [check.id, check] as const)));
  const assessable = board.filter((node) => node.assessable);
  return {
    checks: countsOf([...checks.values()]),
    assessed: assessable.filter((node) => node.verdict !== null).length,
    assessable: assessable.length,
    contradictions: board.reduce((sum, node) => sum + node.contradictions.length, 0),
  };
}
