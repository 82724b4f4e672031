import type { Day } from "#core/basics/time.ts";
import type { KubeObject } from "#core/kubernetes/object.ts";
import type { Known } from "./evidence.ts";
import type { SourcePolicy } from "./policy.ts";
import { componentsOf, type Component } from "./running.ts";
import { violationsOf, type RuleId, type Violation } from "./violations.ts";

/** Roles of what a pod cannot start without: what admission judges. Arguments are judged by scans. */
const judgedRoles: ReadonlySet<Component["role"]> = new Set(["main", "init", "ephemeral", "image_volume"]);

/** Rules whose breach keeps an object out. */
const keepingOut: ReadonlySet<RuleId> = new Set(["IM-01", "IM-02", "IM-03", "IM-04"]);

/** What admission would look at of the object. */
function judgedComponents(object: KubeObject): Component[] {
  return componentsOf({ cluster: "", objects: [object], notListed: [], problems: [] }).filter(({ role }) =>
    judgedRoles.has(role),
  );
}

/** Whether the whole namespace is exempted on the day. An exemption of one workload holds in scans alone, since a pod names its workload as it likes. */
export function isExemptNamespace(namespace: string, policy: SourcePolicy, day: Day): boolean {
  return policy.exempt.some(
    (one) => one.namespace === namespace && one.workload === undefined && (one.until === undefined || one.until >= day),
  );
}

/** Why the object is kept out; nothing when it may come in. */
export function whyKeptOut(
  object: KubeObject,
  judging: { policy: SourcePolicy; day: Day; known?: Known },
): Violation[] {
  if (isExemptNamespace(object.namespace, judging.policy, judging.day)) return [];
  return judgedComponents(object)
    .flatMap((component) => violationsOf(component, judging))
    .filter(({ rule, severity }) => keepingOut.has(rule) && severity !== "low");
}
