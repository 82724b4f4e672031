import type { KindSummary } from "#contract/kind.ts";

/** The four phases, and what vouches for them. */
export const headings = [
  { phase: "plan", title: "Plan" },
  { phase: "do", title: "Do" },
  { phase: "check", title: "Check" },
  { phase: "act", title: "Act" },
  { phase: "trust", title: "Trust" },
] as const;

type Heading = (typeof headings)[number]["phase"];

// Kinds that stand in the rail at once. One that is not named is not lost: it stands under "more" of its phase.
const common = new Set([
  "context_issue",
  "interested_party",
  "policy",
  "risk",
  "soa",
  "objective",
  "ai_system",
  "impact_assessment",
  "supplier",
  "release",
  "person",
  "resource",
  "communication_event",
  "k8s_access_scan",
  "image_policy_scan",
  "concern",
  "measure",
  "audit",
  "management_review",
  "nonconformity",
  "incident",
  "improvement",
  "evidence_item",
]);

/** Whether the kind stands in the rail without a further click. */
export function isCommon(kind: KindSummary): boolean {
  return common.has(kind.name);
}

/** Each kind under the phase that most of what it serves belongs to, in the order of the standard. */
export function placeKinds(kinds: readonly KindSummary[]): Record<Heading, KindSummary[]> {
  const placed: Record<Heading, KindSummary[]> = { plan: [], do: [], check: [], act: [], trust: [] };
  const inOrder = kinds.toSorted((one, other) => compareNodes(one.serves[0] ?? "", other.serves[0] ?? ""));
  for (const kind of inOrder) placed[headingOf(kind)].push(kind);
  return placed;
}

function headingOf(kind: KindSummary): Heading {
  if (kind.kept === "ledger" || kind.serves.length === 0) return "trust";
  const phases = kind.serves.flatMap((node) => phaseOf(node) ?? []);
  const [most] = headings
    .map(({ phase }, at) => ({ phase, at, count: phases.filter((each) => each === phase).length }))
    .filter(({ count }) => count > 0)
    // What is planned as well as done stands where it is done.
    .toSorted((one, other) => other.count - one.count || other.at - one.at);
  return most?.phase ?? "do";
}

// Clauses 4 to 6 plan, 7 and 8 do, 9 checks, 10 acts. Controls are done wherever nothing else is said.
function phaseOf(node: string): Heading | undefined {
  const clause = Number.parseInt(node, 10);
  if (Number.isNaN(clause)) return undefined;
  return clause < 7 ? "plan" : clause < 9 ? "do" : clause === 9 ? "check" : "act";
}

function compareNodes(one: string, other: string): number {
  return one.localeCompare(other, "en", { numeric: true });
}
