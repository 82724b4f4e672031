import type { Use } from "./audit-log.ts";
import { atomsOf, sayAtom, uncovered } from "./cover.ts";
import { sayBinding, saySubject, type Unused } from "./ground.ts";
import {
  type Access,
  accountOf,
  allows,
  askerOf,
  bindingsOf,
  findGrant,
  identityOf,
  type ResourceRequest,
  type Role,
  type Rule,
  type Subject,
} from "./rbac.ts";

/** How far to go beyond what was seen. Each is only taken where what was granted covers it. */
export type Generalisation = { names: "exact" | "any"; namespaces: "exact" | "any"; readTrio: boolean };

/** One place where more than what was seen is granted, or could be. */
type Choice = { of: "names" | "namespaces" | "read-trio"; taken: boolean; says: string };

/** A role in a namespace, or in the whole cluster when that is empty. */
type SmallRole = { namespace: string; rules: readonly Rule[] };

type Proof = {
  /** What was used and the new roles do not cover: nothing when the proof holds. */
  usedNotCovered: readonly string[];
  /** What the new roles hold and was not granted before: nothing when the proof holds. */
  grantedBeyond: readonly string[];
  /** What was granted and is dropped. */
  dropped: readonly string[];
};

export type Minimized = {
  roles: readonly SmallRole[];
  choices: readonly Choice[];
  proof: Proof;
  /** Used by a right that the bindings no longer hold: it would not be allowed today. */
  noLongerGranted: readonly string[];
  /** The bindings to leave, and what becomes of their roles. */
  leave: readonly { binding: string; subject: string; role: string; sharedWith: number }[];
};

const trio = ["get", "list", "watch"];

/** The smallest roles under which the user could have done all that they used, and no more than they were granted. */
export function minimize(user: string, uses: Iterable<Use>, access: Access, choose: Generalisation): Minimized {
  const asker = askerOf(user);
  const used = [...uses].filter((use) => use.user === user);
  // What everybody may do is not granted to this user, and is not theirs to lose.
  const own = new Set(
    bindingsOf(asker, access).filter(({ subjects }) => subjects.some((subject) => identityOf(subject) === `u:${user}`)),
  );
  const alone = {
    ...access,
    bindings: access.bindings.map((binding) => (own.has(binding) ? binding : { ...binding, role: undefined })),
  };
  const isOwn = ({ request }: Use) => findGrant(asker, request, alone) !== undefined;
  const mine = used.filter(isOwn);
  const noLongerGranted = used.filter((use) => !findGrant(asker, use.request, access)).map(sayUse);
  const choices: Choice[] = [];
  const granted = grantedTo(own);
  const places = new Map<string, Rule[]>();
  const resources = mine.flatMap(({ request }) => ("resource" in request ? [request] : []));
  for (const [place, requests] of placed(resources, { granted, choose, choices }))
    places.set(place, rulesFor(requests, { granted: reaching(granted, place), choose, choices }));
  const paths = mine.flatMap(({ request }) =>
    "resource" in request
      ? []
      : [{ verbs: [request.verb], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [request.path] }],
  );
  if (paths.length > 0)
    places.set("", [...(places.get("") ?? []), ...merged(paths, ({ nonResourceURLs }) => nonResourceURLs.join())]);
  const roles = [...places]
    .map(([namespace, rules]) => ({ namespace, rules }))
    .toSorted((one, other) => (one.namespace < other.namespace ? -1 : 1));
  return { roles, choices, proof: prove(mine, roles, granted), noLongerGranted, leave: leaving(own, user, access) };
}

type Granted = ReadonlyMap<string, readonly Rule[]>;

function grantedTo(bindings: Iterable<{ namespace: string; role?: Role }>): Granted {
  const granted = new Map<string, Rule[]>();
  for (const { namespace, role } of bindings)
    granted.set(namespace, [...(granted.get(namespace) ?? []), ...(role?.rules ?? [])]);
  return granted;
}

/** What holds in the place: its own rules and those of the cluster. */
function reaching(granted: Granted, place: string): Rule[] {
  return [...(granted.get("") ?? []), ...(place === "" ? [] : (granted.get(place) ?? []))];
}

type Context = { granted: Granted; choose: Generalisation; choices: Choice[] };

/** By namespace; what is alike in several becomes one right of the cluster where that is chosen and was granted. */
function placed(
  requests: readonly ResourceRequest[],
  { granted, choose, choices }: Context,
): Map<string, ResourceRequest[]> {
  const places = new Map<string, ResourceRequest[]>();
  const alike = new Map<string, ResourceRequest[]>();
  for (const request of requests) {
    const key = `${request.verb} ${request.group} ${request.resource}/${request.subresource}`;
    alike.set(key, [...(alike.get(key) ?? []), request]);
  }
  for (const group of alike.values()) {
    const spaces = new Set(group.map(({ namespace }) => namespace));
    const [first] = group;
    const isWide =
      first !== undefined && spaces.size > 1 && uncovered(granted.get("") ?? [], [exactRule(first)]).length === 0;
    if (isWide)
      choices.push({
        of: "namespaces",
        taken: choose.namespaces === "any",
        says: `${sayAtom(exactRule({ ...first, name: "" }))} in ${spaces.size} namespaces: any namespace`,
      });
    for (const request of group) {
      const place = isWide && choose.namespaces === "any" ? "" : request.namespace;
      places.set(place, [...(places.get(place) ?? []), request]);
    }
  }
  return places;
}

function exactRule({ verb, group, resource, subresource, name }: ResourceRequest): Rule {
  return {
    verbs: [verb],
    apiGroups: [group],
    resources: [subresource === "" ? resource : `${resource}/${subresource}`],
    resourceNames: name === "" ? [] : [name],
    nonResourceURLs: [],
  };
}

type RuleContext = { granted: readonly Rule[]; choose: Generalisation; choices: Choice[] };

function rulesFor(requests: readonly ResourceRequest[], { granted, choose, choices }: RuleContext): Rule[] {
  const isGranted = (rule: Rule) => uncovered(granted, [rule]).length === 0;
  const nameless = new Map<string, Rule[]>();
  for (const request of requests) {
    const rule = exactRule(request);
    const key = `${rule.verbs[0]} ${rule.apiGroups[0]} ${rule.resources[0]}`;
    nameless.set(key, [...(nameless.get(key) ?? []), rule]);
  }
  const rules = [...nameless.values()].flatMap((group): Rule[] => {
    const [first] = group;
    if (!first) return [];
    const any = { ...first, resourceNames: [] };
    if (group.some(({ resourceNames }) => resourceNames.length === 0)) return [any];
    const names = [...new Set(group.flatMap(({ resourceNames }) => resourceNames))].toSorted();
    const isOpen = isGranted(any);
    if (isOpen)
      choices.push({
        of: "names",
        taken: choose.names === "any",
        says: `${sayAtom(any)}: ${names.length} names seen, any name`,
      });
    return [isOpen && choose.names === "any" ? any : { ...first, resourceNames: names }];
  });
  const widened = rules.flatMap((rule): Rule[] => {
    const [verb = ""] = rule.verbs;
    const missing = trio.filter(
      (each) => each !== verb && !rules.some((other) => other.verbs.includes(each) && sameButVerbs(other, rule)),
    );
    const more = missing.map((each) => ({ ...rule, verbs: [each] })).filter(isGranted);
    if (!trio.includes(verb) || more.length === 0) return [rule];
    choices.push({
      of: "read-trio",
      taken: choose.readTrio,
      says: `${sayAtom(rule)}: ${more.map(({ verbs }) => verbs[0]).join(" and ")} as well`,
    });
    return choose.readTrio ? [rule, ...more] : [rule];
  });
  const byVerb = merged(widened, ({ apiGroups, resources, resourceNames }) =>
    [apiGroups, resources, resourceNames].join("|"),
  );
  return mergedResources(byVerb);
}

function sameButVerbs(one: Rule, other: Rule): boolean {
  return (
    one.apiGroups[0] === other.apiGroups[0] &&
    one.resources[0] === other.resources[0] &&
    one.resourceNames.join() === other.resourceNames.join()
  );
}

/** Rules alike but for their verbs, as one. */
function merged(rules: readonly Rule[], by: (rule: Rule) => string): Rule[] {
  const made = new Map<string, Rule>();
  for (const rule of rules) {
    const before = made.get(by(rule));
    made.set(by(rule), before ? { ...before, verbs: [...new Set([...before.verbs, ...rule.verbs])].toSorted() } : rule);
  }
  return [...made.values()];
}

function mergedResources(rules: readonly Rule[]): Rule[] {
  const made = new Map<string, Rule>();
  for (const rule of rules) {
    // Names are of one resource each; put together they would name each other's.
    const key = [
      rule.apiGroups,
      rule.verbs,
      rule.resourceNames.length === 0 ? "" : [rule.resources, rule.resourceNames],
    ].join("|");
    const before = made.get(key);
    made.set(
      key,
      before ? { ...before, resources: [...new Set([...before.resources, ...rule.resources])].toSorted() } : rule,
    );
  }
  return [...made.values()].toSorted((one, other) => (sayAtom(one) < sayAtom(other) ? -1 : 1));
}

/** Both directions: the new roles cover what was used, and the old ones cover the new. */
function prove(used: readonly Use[], roles: readonly SmallRole[], granted: Granted): Proof {
  const small: Granted = new Map(roles.map(({ namespace, rules }) => [namespace, rules]));
  const usedNotCovered = used.filter(
    ({ request }) =>
      uncovered(reaching(small, "resource" in request ? request.namespace : ""), [
        "resource" in request ? exactRule(request) : pathRule(request.verb, request.path),
      ]).length > 0,
  );
  const grantedBeyond = roles.flatMap(({ namespace, rules }) =>
    uncovered(reaching(granted, namespace), rules).map((atom) => sayIn(sayAtom(atom), namespace)),
  );
  const dropped = [...granted].flatMap(([namespace, rules]) =>
    uncovered(reaching(small, namespace), rules).map((atom) => sayIn(sayAtom(atom), namespace)),
  );
  return { usedNotCovered: usedNotCovered.map(sayUse), grantedBeyond, dropped: [...new Set(dropped)] };
}

function pathRule(verb: string, path: string): Rule {
  return { verbs: [verb], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [path] };
}

function sayIn(what: string, namespace: string): string {
  return namespace === "" ? what : `${what} in ${namespace}`;
}

function sayUse({ request }: Use): string {
  return "resource" in request
    ? sayIn(sayAtom(exactRule(request)), request.namespace)
    : `${request.verb} ${request.path}`;
}

/** A role that others hold as well stays as it is; this subject only leaves its binding. */
function leaving(own: ReadonlySet<Access["bindings"][number]>, user: string, access: Access): Minimized["leave"] {
  return [...own].map((binding) => {
    const holders = new Set(
      access.bindings
        .filter(({ role }) => role !== undefined && role === binding.role)
        .flatMap(({ subjects }) => subjects.map(identityOf)),
    );
    holders.delete(`u:${user}`);
    const subject = binding.subjects.find((each) => identityOf(each) === `u:${user}`);
    return {
      binding: sayBinding(binding),
      subject: subject ? saySubject(subject) : user,
      role: `${binding.roleRef.kind} ${binding.roleRef.name}`,
      sharedWith: holders.size,
    };
  });
}

/** The rights of the user's own bindings that no use needed in the days that the log covers. */
export function unusedBy(
  user: string,
  uses: Iterable<Use>,
  { access, days }: { access: Access; days: number },
): Unused[] {
  const used = [...uses].filter((use) => use.user === user);
  return bindingsOf(askerOf(user), access).flatMap((binding) => {
    const subject = binding.subjects.find((each) => identityOf(each) === `u:${user}`);
    if (!subject || !binding.role) return [];
    const here = used.filter(
      ({ request }) =>
        binding.kind === "ClusterRoleBinding" || ("resource" in request && request.namespace === binding.namespace),
    );
    const rights = binding.role.rules
      .flatMap(atomsOf)
      .filter((atom) => !here.some(({ request }) => allows(atom, request)));
    if (rights.length === 0) return [];
    return [
      {
        subject: saySubject(subject),
        object: sayBinding(binding),
        namespace: binding.namespace,
        rights: rights.map(sayAtom),
        days,
      },
    ];
  });
}

/** The roles and bindings as objects for the cluster. */
export function objectsOf(user: string, { roles }: Minimized): unknown[] {
  const account = accountOf(user);
  const subject: Subject = account
    ? { kind: "ServiceAccount", ...account }
    : { kind: "User", name: user, namespace: "" };
  const name = `${account ? account.name : user.replace(/[^a-z0-9-]+/gi, "-").toLowerCase()}-least`;
  const api = "rbac.authorization.k8s.io";
  return roles.flatMap(({ namespace, rules }) => {
    const kind = namespace === "" ? "ClusterRole" : "Role";
    const metadata = { name, ...(namespace === "" ? {} : { namespace }) };
    return [
      { apiVersion: `${api}/v1`, kind, metadata, rules: rules.map(written) },
      {
        apiVersion: `${api}/v1`,
        kind: `${kind}Binding`,
        metadata,
        roleRef: { apiGroup: api, kind, name },
        subjects: [
          subject.kind === "ServiceAccount" ? subject : { kind: subject.kind, name: subject.name, apiGroup: api },
        ],
      },
    ];
  });
}

function written(rule: Rule): Partial<Rule> {
  return Object.fromEntries(Object.entries(rule).filter(([, list]) => list.length > 0));
}
