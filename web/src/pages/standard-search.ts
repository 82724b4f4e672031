import { text } from "../search.ts";

const standardTabs = ["mission", "clauses", "controls", "contradictions"] as const;
export type StandardTab = (typeof standardTabs)[number];
export const phases = ["plan", "do", "check", "act"] as const;
type Phase = (typeof phases)[number];
export const results = [
  "failing",
  "unknown",
  "contradicted",
  "unassessed",
  "conforming",
  "partly",
  "nonconforming",
  "not_applicable",
] as const;
export type ResultFilter = (typeof results)[number];

/** Which part of the standard is looked at. All of it stands in the address. */
export type StandardSearch = { tab?: StandardTab; phase?: Phase; owner?: string; result?: ResultFilter };

export function readStandardSearch(search: Record<string, unknown>): StandardSearch {
  const tab = standardTabs.find((each) => each === search["tab"]);
  const phase = phases.find((each) => each === search["phase"]);
  const result = results.find((each) => each === search["result"]);
  const owner = text(search["owner"]);
  return {
    ...(tab ? { tab } : {}),
    ...(phase ? { phase } : {}),
    ...(owner === undefined ? {} : { owner }),
    ...(result ? { result } : {}),
  };
}
