import { accountOf, type Binding, mastersGroup, type Role, type Rule, type Subject } from "./rbac.ts";
import { type Danger, dangersOf, type Found, isResourceOfCluster } from "./danger.ts";
import { type Ground, pathOf, sayBinding, saySubject } from "./ground.ts";
import { accessRules, type AccessRuleId, type Fix, type Violation } from "./violation.ts";

const ruleOf: Record<Danger, AccessRuleId> = {
  everything: "RB-01",
  wildcard: "RB-02",
  escalate: "RB-03",
  "read-secrets": "RB-04",
  "run-pods": "RB-05",
  "enter-pods": "RB-06",
  "make-identity": "RB-07",
  "reach-nodes": "RB-08",
  "change-admission": "RB-09",
};

const everybody = new Set(["system:anonymous", "system:unauthenticated", "system:authenticated"]);

/** What is wrong with the bindings that reach into the namespaces of AI. */
export function judgeBindings(ground: Ground): Violation[] {
  return ground.access.bindings
    .filter((binding) => binding.kind === "ClusterRoleBinding" || ground.isJudged(binding.namespace))
    .flatMap((binding) =>
      binding.subjects.flatMap((subject, index) =>
        judge({ ground, binding, subject, index, dangers: dangersIn(binding) }),
      ),
    );
}

type Case = { ground: Ground; binding: Binding; subject: Subject; index: number; dangers: readonly Held[] };
type Held = { role: Role; rule: Rule; ruleIndex: number; found: Found };

const known = new WeakMap<Role, { cluster?: Held[]; namespace?: Held[] }>();

/** A role is bound many times; its dangers are those of its rules. */
function dangersIn({ kind, role }: Binding): Held[] {
  if (!role) return [];
  const scope = kind === "ClusterRoleBinding" ? "cluster" : "namespace";
  const made = known.get(role) ?? {};
  known.set(role, made);
  return (made[scope] ??= role.rules.flatMap((rule, ruleIndex) =>
    dangersOf(rule, scope).map((found) => ({ role, rule, ruleIndex, found })),
  ));
}

function judge(each: Case): Violation[] {
  const { ground, binding, subject } = each;
  const { role } = binding;
  // Parts of the cluster itself hold what they need to run it; whoever administers it is judged elsewhere.
  if (isOfSystem(subject) || ground.settings.breakGlass?.includes(saySubject(subject))) return [];
  if (subject.kind === "Group" && subject.name === mastersGroup)
    return isDefault(binding) ? [] : [violation(each, "RB-15", [], `${saySubject(subject)} is bound`)];
  if (!role) return judgeGone(each);
  if (everybody.has(subject.name) && subject.kind !== "ServiceAccount")
    return isHarmless(role)
      ? []
      : [violation(each, "RB-14", [], `${saySubject(subject)} holds ${role.kind} ${role.name}`)];
  return [
    ...judgeDangers(each),
    ...judgeScope(each, role),
    ...judgePerson(each, role),
    ...judgeStage(each, role),
    ...judgeGone(each),
  ];
}

function isOfSystem({ kind, name, namespace }: Subject): boolean {
  if (kind === "ServiceAccount") return namespace === "kube-system";
  if (accountOf(name)?.namespace === "kube-system") return true;
  return (
    name.startsWith("system:") &&
    name !== mastersGroup &&
    !everybody.has(name) &&
    !accountOf(name) &&
    // Grants to these groups flow to workloads.
    !/^system:serviceaccounts(:|$)/.test(name)
  );
}

/** The cluster's own bindings carry this name and role from its first start. */
function isDefault({ kind, name, roleRef }: Binding): boolean {
  return kind === "ClusterRoleBinding" && name === "cluster-admin" && roleRef.name === "cluster-admin";
}

/** What every cluster lets everybody do: ask what one may do oneself, and read which API there is. */
function isHarmless({ rules }: Role): boolean {
  return rules.every(
    ({ verbs, apiGroups, resources, nonResourceURLs }) =>
      (resources.length === 0 ||
        (apiGroups.every((group) => /^(authorization|authentication)\.k8s\.io$/.test(group)) &&
          resources.every((resource) => resource.startsWith("self")))) &&
      (nonResourceURLs.length === 0 ||
        (verbs.every((verb) => verb === "get" || verb === "head") &&
          nonResourceURLs.every((url) => /^\/(api|apis|healthz|livez|readyz|openapi|version)(\/|\*|$)/.test(url)))),
  );
}

function judgeDangers(each: Case): Violation[] {
  const { ground, binding, subject, dangers } = each;
  const byRule = new Map<AccessRuleId, Held[]>();
  for (const held of dangers) {
    const id = ruleOf[held.found.danger];
    byRule.set(id, [...(byRule.get(id) ?? []), held]);
  }
  const made = [...byRule].flatMap(([id, held]) => {
    if (id === "RB-05" && !infers(subject, ground)) return [];
    if (id === "RB-06" && binding.kind === "RoleBinding" && !ground.isProduction(binding.namespace)) return [];
    return [violation(each, id, held, messageOf(id, subject, held))];
  });
  // Who administers the cluster holds wildcards as well, and the role is called so even in one namespace.
  const everything = byRule.get("RB-01");
  const bound = binding.roleRef.name === "cluster-admin" ? byRule.get("RB-02") : undefined;
  return [
    ...made,
    ...(everything ? [violation(each, "RB-02", everything, messageOf("RB-02", subject, everything))] : []),
    ...(bound
      ? [
          violation(
            each,
            "RB-01",
            bound,
            `${saySubject(subject)} holds cluster-admin in namespace ${binding.namespace}`,
          ),
        ]
      : []),
  ];
}

function messageOf(id: AccessRuleId, subject: Subject, held: readonly Held[]): string {
  const what = held.map(({ found }) => `${found.verbs.join(",")} ${found.resources.join(",")}`).join("; ");
  return `${saySubject(subject)} may ${what}: ${accessRules[id].flags.toLowerCase()}`;
}

/** Whether inference runs under the subject, in its own name or as one of a group of service accounts. */
function infers({ kind, name, namespace }: Subject, { inferring }: Ground): boolean {
  if (kind === "ServiceAccount") return inferring.has(`${namespace}/${name}`);
  const account = accountOf(name);
  if (kind === "User") return account !== undefined && inferring.has(`${account.namespace}/${account.name}`);
  if (name === "system:serviceaccounts") return inferring.size > 0;
  const [, of] = /^system:serviceaccounts:(.+)$/.exec(name) ?? [];
  return of !== undefined && [...inferring].some((each) => each.startsWith(`${of}/`));
}

function judgeScope(each: Case, role: Role): Violation[] {
  const { ground, binding, subject } = each;
  if (binding.kind !== "ClusterRoleBinding" || subject.kind !== "ServiceAccount" || !ground.isJudged(subject.namespace))
    return [];
  const wouldDo = role.rules.every(
    ({ apiGroups, resources, nonResourceURLs }) =>
      nonResourceURLs.length === 0 &&
      resources.every(
        (resource) => resource !== "*" && !apiGroups.some((group) => isResourceOfCluster(group, resource)),
      ),
  );
  if (!wouldDo || role.rules.length === 0) return [];
  return [
    violation(
      each,
      "RB-10",
      [],
      `${saySubject(subject)} holds ${role.name} in every namespace, and all it grants lives in namespaces`,
    ),
  ];
}

function judgePerson(each: Case, role: Role): Violation[] {
  const { subject } = each;
  if (subject.kind !== "User" || subject.name.startsWith("system:")) return [];
  return [violation(each, "RB-13", [], `${saySubject(subject)} holds ${role.name} directly and not through a group`)];
}

function judgeStage(each: Case, role: Role): Violation[] {
  const { ground, binding, subject } = each;
  const from =
    subject.kind === "ServiceAccount"
      ? subject.namespace
      : (/^system:serviceaccounts:(.+)$/.exec(subject.name)?.[1] ?? "");
  if (from === "" || from === binding.namespace) return [];
  const isOfDevelopment = !ground.isProduction(from) || ground.noting.has(`${subject.namespace}/${subject.name}`);
  const isInProduction =
    binding.kind === "RoleBinding"
      ? ground.isProduction(binding.namespace)
      : ground.workloads.some(({ workload }) => ground.isProduction(workload.object.namespace));
  if (!isOfDevelopment || !isInProduction || role.rules.every(({ resources }) => resources.length === 0)) return [];
  return [
    violation(
      each,
      "RB-17",
      [],
      `${saySubject(subject)} of development holds ${role.name} in ${binding.namespace === "" ? "every namespace" : binding.namespace}`,
    ),
  ];
}

function judgeGone(each: Case): Violation[] {
  const { ground, subject } = each;
  const hasLeft = subject.kind === "User" && ground.settings.gone?.includes(subject.name);
  // The account `default` is in every namespace, and manifests do not hold it.
  const isMissing =
    subject.kind === "ServiceAccount" &&
    subject.name !== "default" &&
    !ground.objectOf("ServiceAccount", subject.namespace, subject.name);
  if (!hasLeft && !isMissing) return [];
  return [
    violation(each, "RB-18", [], hasLeft ? `${saySubject(subject)} left` : `${saySubject(subject)} does not exist`),
  ];
}

function violation(each: Case, rule: AccessRuleId, held: readonly Held[], message: string): Violation {
  const { ground, binding, subject } = each;
  const [first] = held;
  const namespace = binding.namespace || subject.namespace;
  const aiSystem = ground.systemOf(namespace);
  return {
    rule,
    severity: accessRules[rule].severity,
    subject: saySubject(subject),
    object: sayBinding(binding),
    namespace: binding.namespace,
    verbs: [...new Set(held.flatMap(({ found }) => found.verbs))],
    resources: [...new Set(held.flatMap(({ found }) => found.resources))],
    message,
    path: first
      ? pathOf({ ...first, binding, subject })
      : [saySubject(subject), sayBinding(binding), `${binding.roleRef.kind} ${binding.roleRef.name}`],
    fix: fixOf(each, rule, held),
    ...(aiSystem ? { aiSystem } : {}),
    ...(binding.place ? { place: binding.place } : {}),
  };
}

/** A rule is taken out where the role is the subject's alone; a shared role is left whole and the subject taken out. */
function fixOf({ ground, binding, subject, index }: Case, rule: AccessRuleId, held: readonly Held[]): Fix {
  const [first] = held;
  const users = first ? (sharedBy(ground).get(first.role) ?? 0) : 0;
  if (first && !first.role.isBuiltIn && !first.role.isAggregated && users === 1 && rule !== "RB-01") {
    const { kind, name, namespace } = first.role;
    const indexes = [...new Set(held.map(({ ruleIndex }) => ruleIndex))].toSorted((one, other) => other - one);
    return {
      says: `Take ${indexes.length === 1 ? `rule ${first.ruleIndex + 1}` : `${indexes.length} rules`} out of ${kind} ${name}, which nobody else holds`,
      target: { kind, name, namespace },
      patch: indexes.map((at) => ({ op: "remove", path: `/rules/${at}` })),
    };
  }
  const { kind, name, namespace } = binding;
  return {
    says:
      rule === "RB-10"
        ? `Bind ${binding.roleRef.name} to ${saySubject(subject)} by a RoleBinding in ${subject.namespace}, and take it out of ${sayBinding(binding)}`
        : `Take ${saySubject(subject)} out of ${sayBinding(binding)}`,
    target: { kind, name, namespace },
    patch: [{ op: "remove", path: `/subjects/${index}` }],
  };
}

const shares = new WeakMap<Ground, Map<Role, number>>();

/** How many subjects hold each role. */
function sharedBy(ground: Ground): Map<Role, number> {
  const made = shares.get(ground);
  if (made) return made;
  const counted = new Map<Role, number>();
  for (const { role, subjects } of ground.access.bindings)
    if (role) counted.set(role, (counted.get(role) ?? 0) + subjects.length);
  shares.set(ground, counted);
  return counted;
}
