import { type AiWorkload, aiWorkloadsOf } from "#core/kubernetes/ai-workload.ts";
import { type ClusterSnapshot, nameOf } from "#core/kubernetes/object.ts";
import type { Problem } from "#core/basics/refusal.ts";
import { judgeBindings } from "./binding-rules.ts";
import { type Access, readAccess } from "./rbac.ts";
import { type Ground, groundOf, type ScanSettings } from "./ground.ts";
import type { AccessRuleId, Violation } from "./violation.ts";
import { judgeWorkloads, toolRightsOf } from "./workload-rules.ts";

/** A rule that could not be held against the cluster, and why: not a pass. */
type NotEvaluated = { rule: AccessRuleId; why: string };

export type AccessScan = {
  cluster: string;
  objects: number;
  workloads: readonly AiWorkload[];
  violations: readonly Violation[];
  notEvaluated: readonly NotEvaluated[];
  problems: readonly Problem[];
  access: Access;
};

/** What the rules for access find in the cluster, and what they could not look at. */
export function scanAccess(snapshot: ClusterSnapshot, settings: ScanSettings = {}): AccessScan {
  const access = readAccess(snapshot);
  const workloads = aiWorkloadsOf(snapshot);
  const ground = groundOf({ snapshot, access, workloads, settings });
  const notEvaluated = notEvaluatedIn(ground);
  const left = new Set(notEvaluated.map(({ rule }) => rule));
  const violations = [...judgeBindings(ground), ...judgeWorkloads(ground)].filter(
    // What was found is found, whatever else could not be seen; only what follows from absence is not.
    ({ rule }) => !(left.has(rule) && (rule === "RB-18" || rule === "RB-12")),
  );
  return {
    cluster: snapshot.cluster,
    objects: snapshot.objects.length,
    workloads,
    violations: violations.toSorted(byGravity),
    notEvaluated,
    problems: [...snapshot.problems, ...access.problems],
    access,
  };
}

const rank = { critical: 0, high: 1, medium: 2, low: 3 };

function byGravity(one: Violation, other: Violation): number {
  return (
    rank[one.severity] - rank[other.severity] ||
    byText(one.rule, other.rule) ||
    byText(one.subject, other.subject) ||
    byText(one.object, other.object)
  );
}

function byText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

const ofBindings: readonly AccessRuleId[] = [
  "RB-01",
  "RB-02",
  "RB-03",
  "RB-04",
  "RB-05",
  "RB-06",
  "RB-07",
  "RB-08",
  "RB-09",
  "RB-10",
  "RB-13",
  "RB-14",
  "RB-15",
  "RB-17",
  "RB-18",
];

/** Which rules lean on a kind. What the kind's name is in the list call or in the object is the same to us. */
const leanOn: readonly { kind: RegExp; rules: readonly AccessRuleId[] }[] = [
  { kind: /^(cluster)?role(binding)?s?$/i, rules: [...ofBindings, "RB-12", "RB-20"] },
  { kind: /^serviceaccounts?$/i, rules: ["RB-12", "RB-18"] },
  {
    kind: /^(pods?|deployments?|statefulsets?|daemonsets?|jobs?|cronjobs?|replicasets?)$/i,
    rules: ["RB-05", "RB-11", "RB-12", "RB-20"],
  },
  { kind: /^namespaces?$/i, rules: ["RB-06", "RB-17"] },
];

function notEvaluatedIn({ snapshot, settings, workloads }: Ground): NotEvaluated[] {
  const found = snapshot.notListed.flatMap(({ kind, why }) =>
    leanOn
      .filter((lean) => lean.kind.test(kind))
      .flatMap(({ rules }) => rules.map((rule) => ({ rule, why: `${kind} could not be listed: ${why}` }))),
  );
  const unread = snapshot.problems.map(({ message }) => ({ rule: "RB-18" as const, why: message }));
  const hasAccounts = snapshot.objects.some(({ kind }) => kind === "ServiceAccount");
  const agents = workloads.filter(({ purpose }) => purpose === "agent");
  return [
    ...new Map(
      [
        ...found,
        ...unread,
        ...(hasAccounts ? [] : [{ rule: "RB-18" as const, why: "the input holds no service accounts" }]),
        ...(settings.registryWriters
          ? []
          : [{ rule: "RB-16" as const, why: "it is not said who may write to the production registry" }]),
        ...(settings.unused ? [] : [{ rule: "RB-19" as const, why: "it takes audit logs of 90 days" }]),
        ...agents
          .filter(({ workload }) => toolRightsOf(workload.object) === undefined)
          .map(({ workload }) => ({ rule: "RB-20" as const, why: `${nameOf(workload.object)} declares no tools` })),
      ].map((each) => [each.rule, each] as const),
    ).values(),
  ];
}
