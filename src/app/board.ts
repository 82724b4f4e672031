import type { Day } from "#core/basics/time.ts";
import type { Result } from "#core/conformity/check.ts";
import type { Ref } from "#core/records/field.ts";
import type { Seat, World } from "./world.ts";

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
  /** The node that the check is defined on, when it also counts here. */
  home: string;
  result: Result;
  because: string;
  /** Those that decide and that the actor may see; at most 50. */
  records: Ref[];
  asked: number;
  satisfied: number;
  /** The day on which time alone may change the result. */
  changesOn: Day | null;
};

/** Two things that cannot both be true. Shown first: an auditor finds them first. */
export type Contradiction = { kind: "verdict-against-check" | "implemented-unproven" | "records-disagree"; says: string; records: Ref[]; check?: string };

/** The newest accepted evidence for the node. */
export type BoardProof = {
  ref: Ref;
  title: string;
  from: Day | null;
  to: Day | null;
  /** The last day on which it counts, and how many days are left until then; negative when past. */
  until: Day | null;
  daysLeft: number | null;
  /** Months of the past year, `2026-03`, that no accepted evidence covers. */
  gaps: string[];
  /** How many accepted items support the node. */
  items: number;
};

export type CheckCounts = { pass: number; fail: number; unknown: number; not_applicable: number; of: number };

export type BoardNode = {
  id: string;
  kind: "clause" | "control_objective" | "control" | "mission";
  title: string;
  parent: string | null;
  pdca: string | null;
  assessable: boolean;
  contradictions: Contradiction[];
  checks: BoardCheck[];
  counts: CheckCounts;
  proof: BoardProof | null;
  verdict: BoardVerdict | null;
  /** Of a parent: its worst assessed child, and how many of its assessable children anybody has looked at. */
  rollUp: { value: VerdictValue | null; assessed: number; of: number; checks: CheckCounts } | null;
};

export type Board = {
  organization: { id: string; name: string; sample: boolean };
  asAt: Day;
  /** Read from the kept results; otherwise computed from the records as they were. */
  isToday: boolean;
  ledger: { size: number; root: string };
  nodes: BoardNode[];
  totals: { checks: CheckCounts; assessed: number; assessable: number; contradictions: number };
};

/** The board as at the day, today unless said. @throws {Refusal} `malformed` for a day to come */
export declare function readBoard(world: World, seat: Seat, options?: { asAt?: Day }): Promise<Board>;

/** One node of the board, and the records that decide its checks by title. @throws {Refusal} `not-found` */
export declare function readNode(world: World, seat: Seat, id: string, options?: { asAt?: Day }): Promise<BoardNode & { names: Readonly<Record<Ref, string>> }>;
