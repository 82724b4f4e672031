import type { Place, Problem } from "#core/basics/refusal.ts";
import {
  at,
  type ClusterSnapshot,
  fieldsOf,
  type KubeObject,
  listOf,
  nameOf,
  textOf,
  textsOf,
} from "#core/kubernetes/object.ts";
import { aggregate } from "./aggregate.ts";
import { builtInRoles } from "./built-in-role.ts";

// Kubernetes RBAC as its authoriser evaluates it: rules only add, and what no rule allows is not allowed.

export type Rule = {
  verbs: readonly string[];
  apiGroups: readonly string[];
  resources: readonly string[];
  /** Empty: whatever the name. */
  resourceNames: readonly string[];
  nonResourceURLs: readonly string[];
};

export type Role = {
  kind: "Role" | "ClusterRole";
  name: string;
  namespace: string;
  rules: readonly Rule[];
  /** Known to be in every cluster, and not in what was read. */
  isBuiltIn: boolean;
  /** Its rules are made from other roles; what is written by hand is overwritten. */
  isAggregated: boolean;
  place?: Place;
};

export type Subject = { kind: "User" | "Group" | "ServiceAccount"; name: string; namespace: string };

export type Binding = {
  kind: "RoleBinding" | "ClusterRoleBinding";
  name: string;
  namespace: string;
  roleRef: { kind: string; name: string };
  subjects: readonly Subject[];
  /** Absent when the role does not exist: the binding then gives nothing. */
  role?: Role;
  place?: Place;
};

/** Who asks, as the API server knows them after authentication. */
export type Asker = { user: string; groups: readonly string[] };

export type ResourceRequest = {
  verb: string;
  group: string;
  resource: string;
  subresource: string;
  /** Empty when the URL carries none. */
  name: string;
  /** Empty for the whole cluster and for objects of the cluster. */
  namespace: string;
};

export type PathRequest = { verb: string; path: string };

/** One reason why something is allowed. */
export type Grant = { binding: Binding; role: Role; rule: Rule; ruleIndex: number; subject: Subject };

export type Access = {
  roles: readonly Role[];
  bindings: readonly Binding[];
  /** Places of the bindings in `bindings`, by `u:name` and `g:name`. */
  byIdentity: ReadonlyMap<string, readonly number[]>;
  problems: readonly Problem[];
};

/** The group whose members the authoriser never asks about. */
export const mastersGroup = "system:masters";

/** The user name of a service account. */
export function accountUser(namespace: string, name: string): string {
  return `system:serviceaccount:${namespace}:${name}`;
}

/** The service account that the user name stands for, if any. */
export function accountOf(user: string): { namespace: string; name: string } | undefined {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? [];
  return namespace && name ? { namespace, name } : undefined;
}

/** The groups that the API server itself gives a user of that name. */
function impliedGroups(user: string): string[] {
  if (user === "system:anonymous") return ["system:unauthenticated"];
  const account = accountOf(user);
  return [
    ...(account ? ["system:serviceaccounts", `system:serviceaccounts:${account.namespace}`] : []),
    "system:authenticated",
  ];
}

/** The asker that the API server makes of a user name and the groups that were asked for. */
export function askerOf(user: string, groups: readonly string[] = []): Asker {
  const implied = impliedGroups(user);
  // Named groups take the place of a service account's own; everybody who is somebody is authenticated.
  return { user, groups: groups.length === 0 ? implied : [...new Set([...groups, ...implied.slice(-1)])] };
}

/** The roles and bindings of the snapshot, aggregated and indexed. */
export function readAccess({ objects }: ClusterSnapshot): Access {
  const problems: Problem[] = [];
  const rbac = objects.filter(({ group }) => group === "rbac.authorization.k8s.io");
  const found = rbac
    .filter(({ kind }) => kind === "Role" || kind === "ClusterRole")
    .map((object) => readRole(object, problems));
  const roles = [...aggregate(found, rbac), ...builtInsBeside(found)];
  const byName = new Map(roles.map((role) => [roleKey(role.kind, role.namespace, role.name), role]));
  const bindings = rbac
    .filter(({ kind }) => kind === "RoleBinding" || kind === "ClusterRoleBinding")
    .map((object) => readBinding(object, byName, problems))
    // All bindings of the cluster are visited before those of a namespace.
    .toSorted((one, other) => Number(one.kind === "RoleBinding") - Number(other.kind === "RoleBinding"));
  return { roles, bindings, byIdentity: indexOf(bindings), problems };
}

function builtInsBeside(found: readonly Role[]): Role[] {
  const known = new Set(found.filter(({ kind }) => kind === "ClusterRole").map(({ name }) => name));
  return [...builtInRoles]
    .filter(([name]) => !known.has(name))
    .map(([name, rules]) => ({
      kind: "ClusterRole",
      name,
      namespace: "",
      rules,
      isBuiltIn: true,
      isAggregated: false,
    }));
}

function roleKey(kind: string, namespace: string, name: string): string {
  return kind === "ClusterRole" ? `/${name}` : `${namespace}/${name}`;
}

function readRole(object: KubeObject, problems: Problem[]): Role {
  const rules = object.fields["rules"];
  if (rules !== undefined && rules !== null && !Array.isArray(rules))
    problems.push({ message: `Cannot read the rules of ${nameOf(object)}: they are no list`, place: object.place });
  return {
    kind: object.kind as Role["kind"],
    name: object.name,
    namespace: object.namespace,
    rules: listOf(rules).map((rule, index) =>
      readRule(rule, `rule ${index + 1} of ${nameOf(object)}`, { object, problems }),
    ),
    isBuiltIn: false,
    isAggregated: at(object.fields, "aggregationRule") != null,
    place: object.place,
  };
}

function readRule(
  value: unknown,
  which: string,
  { object, problems }: { object: KubeObject; problems: Problem[] },
): Rule {
  const fields = fieldsOf(value);
  const texts = (key: string) => {
    const list = fields[key];
    if (list !== undefined && list !== null && (!Array.isArray(list) || list.some((item) => typeof item !== "string")))
      problems.push({ message: `Cannot read ${key} of ${which}: it is no list of texts`, place: object.place });
    return textsOf(list);
  };
  return {
    verbs: texts("verbs"),
    apiGroups: texts("apiGroups"),
    resources: texts("resources"),
    resourceNames: texts("resourceNames"),
    nonResourceURLs: texts("nonResourceURLs"),
  };
}

function readBinding(object: KubeObject, roles: ReadonlyMap<string, Role>, problems: Problem[]): Binding {
  const roleRef = {
    kind: textOf(at(object.fields, "roleRef", "kind")),
    name: textOf(at(object.fields, "roleRef", "name")),
  };
  const { kind, name, namespace, place } = object;
  // A binding of the cluster refers to roles of the cluster only.
  const role =
    kind === "ClusterRoleBinding" && roleRef.kind !== "ClusterRole"
      ? undefined
      : roles.get(roleKey(roleRef.kind, namespace, roleRef.name));
  if (!role)
    problems.push({
      message: `${nameOf(object)} refers to ${roleRef.kind} "${roleRef.name}", which is not there`,
      place,
    });
  const subjects = listOf(object.fields["subjects"]).flatMap((value): Subject[] => {
    const subject = {
      kind: textOf(at(value, "kind")),
      name: textOf(at(value, "name")),
      namespace: textOf(at(value, "namespace")),
    };
    if (subject.kind === "User" || subject.kind === "Group") return [{ ...subject, kind: subject.kind, namespace: "" }];
    if (subject.kind === "ServiceAccount")
      return [{ ...subject, kind: subject.kind, namespace: subject.namespace || namespace }];
    problems.push({ message: `Cannot read a subject of ${nameOf(object)}: its kind is "${subject.kind}"`, place });
    return [];
  });
  return { kind: kind as Binding["kind"], name, namespace, roleRef, subjects, place, ...(role ? { role } : {}) };
}

/** The key of the subject in `byIdentity`. Absent for a service account without a namespace: it is nobody. */
export function identityOf({ kind, name, namespace }: Subject): string | undefined {
  if (kind === "Group") return `g:${name}`;
  if (kind === "User") return `u:${name}`;
  return namespace === "" ? undefined : `u:${accountUser(namespace, name)}`;
}

function indexOf(bindings: readonly Binding[]): Map<string, number[]> {
  const index = new Map<string, number[]>();
  bindings.forEach((binding, place) => {
    for (const subject of binding.subjects) {
      const identity = identityOf(subject);
      if (identity === undefined) continue;
      const places = index.get(identity);
      if (!places) index.set(identity, [place]);
      else if (places.at(-1) !== place) places.push(place);
    }
  });
  return index;
}

/** The bindings that speak of the asker, in the order in which the authoriser visits them. */
export function bindingsOf({ user, groups }: Asker, { bindings, byIdentity }: Access): Binding[] {
  const lists = [`u:${user}`, ...groups.map((group) => `g:${group}`)].flatMap(
    (identity) => byIdentity.get(identity) ?? [],
  );
  return [...new Set(lists)].toSorted((one, other) => one - other).flatMap((place) => bindings[place] ?? []);
}

/** The first grant that allows the request, as the authoriser finds it. Absent: it is not allowed by RBAC. */
export function findGrant(asker: Asker, request: ResourceRequest | PathRequest, access: Access): Grant | undefined {
  for (const grant of grantsFor(asker, request, access)) return grant;
  return undefined;
}

/** Every grant that allows the request. */
function* grantsFor(asker: Asker, request: ResourceRequest | PathRequest, access: Access): Generator<Grant> {
  for (const binding of bindingsOf(asker, access)) {
    const { role } = binding;
    if (!role || !reaches(binding, request)) continue;
    const subject = binding.subjects.find((each) => isAsker(each, asker));
    if (!subject) continue;
    for (const [ruleIndex, rule] of role.rules.entries())
      if (allows(rule, request)) yield { binding, role, rule, ruleIndex, subject };
  }
}

/** A binding in a namespace gives nothing elsewhere, nothing on objects of the cluster and nothing on paths. */
function reaches(binding: Binding, request: ResourceRequest | PathRequest): boolean {
  return (
    binding.kind === "ClusterRoleBinding" ||
    ("resource" in request && request.namespace !== "" && request.namespace === binding.namespace)
  );
}

function isAsker(subject: Subject, { user, groups }: Asker): boolean {
  const identity = identityOf(subject);
  return subject.kind === "Group" ? groups.includes(subject.name) : identity === `u:${user}`;
}

/** Whether the rule allows the request. Kubernetes RBAC, `RuleAllows`. */
export function allows(rule: Rule, request: ResourceRequest | PathRequest): boolean {
  if (!matchesVerb(rule, request.verb)) return false;
  if (!("resource" in request)) return rule.nonResourceURLs.some((url) => coversPath(url, request.path));
  const { group, resource, subresource, name } = request;
  return (
    (rule.apiGroups.includes("*") || rule.apiGroups.includes(group)) &&
    matchesResource(rule, resource, subresource) &&
    // A request without a name in its URL is not allowed by a rule that is limited to names.
    (rule.resourceNames.length === 0 || rule.resourceNames.includes(name))
  );
}

function matchesVerb({ verbs }: Rule, verb: string): boolean {
  return verbs.includes("*") || verbs.includes(verb);
}

function matchesResource({ resources }: Rule, resource: string, subresource: string): boolean {
  const whole = subresource === "" ? resource : `${resource}/${subresource}`;
  // `pods/*` means nothing to the authoriser, and `pods` says nothing of `pods/exec`.
  return (
    resources.includes("*") ||
    resources.includes(whole) ||
    (subresource !== "" && resources.includes(`*/${subresource}`))
  );
}

/** All stars at the end are one: `/api/*` covers `/api/v1` and not `/api`. */
export function coversPath(url: string, path: string): boolean {
  return url === "*" || url === path || (url.endsWith("*") && path.startsWith(url.replace(/\*+$/, "")));
}

/** Every subject that may do what the request says, once for each binding and rule that lets it. */
export function whoCan(request: ResourceRequest | PathRequest, { roles, bindings }: Access): Grant[] {
  const allowing = new Map<Role, number[]>();
  for (const role of roles) {
    const indexes = role.rules.flatMap((rule, index) => (allows(rule, request) ? [index] : []));
    if (indexes.length > 0) allowing.set(role, indexes);
  }
  return bindings.flatMap((binding) => {
    const { role } = binding;
    const indexes = role && reaches(binding, request) ? allowing.get(role) : undefined;
    if (!role || !indexes) return [];
    return indexes.flatMap((ruleIndex) => {
      const rule = role.rules[ruleIndex];
      return rule
        ? binding.subjects.filter(identityOf).map((subject) => ({ binding, role, rule, ruleIndex, subject }))
        : [];
    });
  });
}

/** The grant in the words of the authoriser, which the audit log repeats. */
export function reasonOf({ binding, subject }: Grant): string {
  const where = binding.kind === "RoleBinding" ? `${binding.name}/${binding.namespace}` : binding.name;
  const whom = subject.kind === "ServiceAccount" ? `${subject.name}/${subject.namespace}` : subject.name;
  return `RBAC: allowed by ${binding.kind} "${where}" of ${binding.roleRef.kind} "${binding.roleRef.name}" to ${subject.kind} "${whom}"`;
}
