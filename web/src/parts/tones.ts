import type { KindName, StatesByKind } from "#core/records/all.ts";
import type { BoardCheck, BoardNode } from "#contract/board.ts";
import type { Tone } from "../ui/Badge.tsx";

type State = StatesByKind[KindName];

// A state of any kind that has no tone here does not compile.
const tones: Record<State, Tone> = {
  accepted: "good", achieved: "good", active: "good", agreed: "good", allocated: "good", approved: "good", checked: "good", closed: "good", confirmed: "good",
  current: "good", deployed: "good", done: "good", effect_checked: "good", effective: "good", established: "good", evaluated: "good", granted: "good", implemented: "good",
  in_force: "good", in_use: "good", issued: "good", published: "good", reported: "good", resolved: "good", reviewed: "good", running: "good", valid: "good",
  verified: "good", decided: "good", answered: "good", frozen: "good", delivered: "good", sent: "good", held: "good",
  acknowledged: "attention", acting: "attention", action_planned: "attention", actions_done: "attention", actions_open: "attention", announced: "attention",
  approved_with_conditions: "attention", assessed: "attention", cause_known: "attention", consulting: "attention", contained: "attention", disputed: "attention",
  drafting: "attention", effectiveness_pending: "attention", expiring: "attention", fieldwork: "attention", in_approval: "attention", in_progress: "attention",
  in_review: "attention", inputs_ready: "attention", investigated: "attention", minuted: "attention", on_watch: "attention", ready: "attention",
  received: "attention", reporting: "attention", requested: "attention", screening: "attention", treating: "attention", treatment_planned: "attention",
  triaged: "attention", under_review: "attention", discovered: "attention", offered: "attention",
  escalated: "bad", expired: "bad", failed: "bad", gap: "bad", ineffective: "bad", lapsed: "bad", missed: "bad", open: "bad", rejected: "bad", reopened: "bad",
  revoked: "bad", suspended: "bad", refused: "bad",
  cancelled: "neutral", candidate: "neutral", declined: "neutral", design: "neutral", development: "neutral", draft: "neutral", ended: "neutral", given: "neutral",
  idea: "neutral", identified: "neutral", inactive: "neutral", invited: "neutral", left: "neutral", linked: "neutral", made: "neutral", obsolete: "neutral",
  planned: "neutral", proposed: "neutral", replaced: "neutral", recorded: "neutral", released: "neutral", retired: "neutral", rolled_back: "neutral", superseded: "neutral",
  taken: "neutral", verification: "neutral", withdrawn: "neutral", written: "neutral",
};

/** What a record's state means at a glance. */
export function toneOfState(state: string): Tone {
  return tones[state as State] ?? "neutral";
}

type VerdictValue = NonNullable<BoardNode["verdict"]>["value"];

/** A verdict's words and tone. */
export const verdicts: Record<VerdictValue, { words: string; tone: Tone }> = {
  conforming: { words: "Conforming", tone: "good" },
  partly: { words: "Partly", tone: "attention" },
  nonconforming: { words: "Nonconforming", tone: "bad" },
  not_applicable: { words: "Not applicable", tone: "neutral" },
};

/** A check result's sign and words: never colour alone. */
export const checkSigns: Record<BoardCheck["result"], { sign: string; words: string }> = {
  fail: { sign: "✕", words: "Fails" },
  unknown: { sign: "?", words: "Unknown" },
  pass: { sign: "✓", words: "Passes" },
  not_applicable: { sign: "–", words: "Does not apply" },
};
