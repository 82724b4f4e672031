import { addMonths, daysBetween, type Day } from "#core/basics/time.ts";
import { kinds } from "#core/records/all.ts";
import type { Ref } from "#core/records/field.ts";
import type { AnyRecord, RecordOf } from "#core/records/kind.ts";
import type { MemoryRecords } from "#core/records/memory.ts";
import { findNode, nodes } from "#core/standard/catalogue.ts";

/** What a person said of a node. */
export type GivenVerdict = {
  node: string;
  ref: Ref;
  value: NonNullable<RecordOf<"verdict">["value"]>;
  reason: string;
  by: Ref | undefined;
  on: Day;
};

/** Accepted evidence that proves a node, for a stretch of time. */
export type ProofItem = {
  node: string;
  ref: Ref;
  title: string;
  from: Day | undefined;
  to: Day | undefined;
  until: Day | undefined;
};

/** What the statement of applicability in force says of a control. */
export type Applicability = { node: string; ref: Ref; included: boolean; status: string | undefined };

/** What stands beside the checks of a node. */
export type Standing = {
  verdict?: GivenVerdict;
  applicability?: Applicability;
  /** The evidence whose time ends last. */
  proof?: ProofItem;
  items: number;
  /** Months, `2026-03`, that accepted evidence covers. */
  months: ReadonlySet<string>;
};

/** The record as a verdict; nothing when it is of another kind or no node of the catalogue. */
export function verdictIn(record: AnyRecord): GivenVerdict | undefined {
  if (record.kind !== "verdict") return undefined;
  const { node, value, reason, judged_by, judged_on, state_since, ref } = record as RecordOf<"verdict">;
  if (node === undefined || value === undefined || !findNode(node)) return undefined;
  return { node, ref, value, reason: reason ?? "", by: judged_by, on: judged_on ?? state_since };
}

/** Whether the verdict counts rather than the other: the later judged, then the later recorded. */
export function isLaterVerdict(
  one: Pick<GivenVerdict, "on" | "ref">,
  other: Pick<GivenVerdict, "on" | "ref"> | undefined,
): boolean {
  return !other || one.on > other.on || (one.on === other.on && one.ref > other.ref);
}

/** The record as what a statement in force says of a control. */
export function applicabilityIn(record: AnyRecord): Applicability | undefined {
  if (record.kind !== "soa_entry") return undefined;
  const { control_id, included, implementation_status, ref, state } = record as RecordOf<"soa_entry">;
  if (control_id === undefined || state !== "in_force") return undefined;
  return { node: control_id, ref, included: included === true, status: implementation_status };
}

/**
 * What accepted evidence proves: the nodes that it names, and those that the records which it
 * supports, or which cite it, are kept for; with a clause or control also the mission items that it
 * stands under.
 */
export function proofIn(record: AnyRecord, about: readonly AnyRecord[]): ProofItem[] {
  if (record.kind !== "evidence_item" || record.state !== "accepted") return [];
  const { ref, title, collected_on, period_from, period_to, valid_until, supports_nodes } =
    record as RecordOf<"evidence_item">;
  const named = [...(supports_nodes ?? []), ...about.flatMap(nodesServedBy)].filter((node) => findNode(node));
  const proven = new Set([...named, ...named.flatMap((node) => missionsOver.get(node) ?? [])]);
  return [...proven].map((node) => ({
    node,
    ref,
    title: title ?? ref,
    from: period_from ?? collected_on,
    to: period_to ?? collected_on,
    until: valid_until,
  }));
}

function nodesServedBy(record: AnyRecord): readonly string[] {
  if (record.kind !== "soa_entry") return kinds[record.kind].serves;
  const control = (record as RecordOf<"soa_entry">).control_id;
  return control === undefined ? [] : [control];
}

const missionsOver = new Map<string, string[]>();
for (const node of nodes)
  for (const covered of node.mission?.mapsTo ?? [])
    missionsOver.set(covered, [...(missionsOver.get(covered) ?? []), node.id]);

/** What evidence is ordered by: the time it proves ends last, among equals the highest reference. */
export const rankOfProof = (item: ProofItem): string => item.to ?? "";

/** No evidence proves more than these months; a mistyped year does not fill the calendar. */
const mostMonths = 120;

/** The months that the evidence covers, `2026-03`. */
export function monthsOf({ from, to }: Pick<ProofItem, "from" | "to">): string[] {
  if (from === undefined || to === undefined || to < from) return [];
  const months: string[] = [];
  for (let day = `${from.slice(0, 7)}-01` as Day; day <= to && months.length < mostMonths; day = addMonths(day, 1))
    months.push(day.slice(0, 7));
  return months;
}

/** The months of the past year, this one included, that nothing covers. */
export function gapsIn(months: ReadonlySet<string>, today: Day): string[] {
  const first = `${today.slice(0, 7)}-01` as Day;
  const year = Array.from({ length: 12 }, (_, back) => addMonths(first, -11 + back).slice(0, 7));
  return year.filter((month) => !months.has(month));
}

/** A verdict older than twelve months is shown and no longer trusted. */
export function isFaded(on: Day, today: Day): boolean {
  return addMonths(on, 12) < today;
}

/** Days from today to the last day on which the evidence counts; negative when it is past. */
export function daysLeft(until: Day, today: Day): number {
  return daysBetween(today, until);
}

/** Records that the evidence supports or that cite it. */
export function aboutEvidence(records: MemoryRecords, evidence: AnyRecord): AnyRecord[] {
  const supported = records.linked(evidence, "supports");
  const citing = (Object.keys(kinds) as (keyof typeof kinds)[]).flatMap((kind) =>
    records.pointing(kind, "evidence", evidence.ref),
  );
  return [...new Set([...supported, ...citing])]
    .map((ref) => records.find(ref))
    .filter((record) => record !== undefined);
}

/** What stands beside the checks of each node, from all records. */
export function standingsOf(records: MemoryRecords): Map<string, Standing> {
  const standings = new Map<string, Standing & { months: Set<string> }>();
  const of = (node: string) => {
    let standing = standings.get(node);
    if (!standing) standings.set(node, (standing = { items: 0, months: new Set() }));
    return standing;
  };
  for (const record of records.all("verdict")) {
    const verdict = verdictIn(record);
    if (verdict && isLaterVerdict(verdict, of(verdict.node).verdict)) of(verdict.node).verdict = verdict;
  }
  for (const record of records.all("soa_entry")) {
    const said = applicabilityIn(record);
    if (said) of(said.node).applicability = said;
  }
  for (const record of records.all("evidence_item")) {
    for (const item of proofIn(record, aboutEvidence(records, record))) {
      const standing = of(item.node);
      standing.items += 1;
      for (const month of monthsOf(item)) standing.months.add(month);
      if (isLaterProof(item, standing.proof)) standing.proof = item;
    }
  }
  return standings;
}

function isLaterProof(one: ProofItem, other: ProofItem | undefined): boolean {
  if (!other) return true;
  const [a, b] = [rankOfProof(one), rankOfProof(other)];
  return a > b || (a === b && one.ref > other.ref);
}
