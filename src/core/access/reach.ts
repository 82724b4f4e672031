import { podMakers } from "./danger.ts";
import { sayBinding, sayRule } from "./ground.ts";
import {
  accountOf,
  allows,
  type Asker,
  askerOf,
  bindingsOf,
  type Grant,
  identityOf,
  mastersGroup,
  type Role,
  type Rule,
} from "./rbac.ts";
import { accountNode, type Asset, type Sink, type Terrain } from "./terrain.ts";

/** One step of a path: what lets whoever stands at `from` go on to `to`, and the grants without which it does not. */
type Step = { from: string; to: string; how: string; grants: readonly Grant[] };

export type ReachPath = {
  sink: Sink;
  target: string;
  steps: readonly Step[];
  cut: readonly string[];
  isCutExact: boolean;
};

/** A right in hand: a rule in a namespace, or in all of them when the scope is empty. */
type Held = { rule: Rule; scope: string; grant: Grant };
/** An identity, and what it gave itself beyond what it was bound to. */
type Node = { label: string; base?: string; asker: Asker; more?: readonly Held[] };

const rbacGroup = "rbac.authorization.k8s.io";

/** The grant by which a cut is named. */
export function sayGrant({ binding, role, rule, ruleIndex }: Grant): string {
  return `rule ${ruleIndex + 1} of ${role.kind} ${role.name} (${sayRule(rule)}) through ${sayBinding(binding)}`;
}

/** Every harm that the user can come to do, each by a shortest path, with the smallest set of grants that prevents it. */
export function pathsFrom(user: string, terrain: Terrain, only?: Sink): ReachPath[] {
  const found = explore(user, terrain, new Set());
  return [...found.ends]
    .filter(([, { sink }]) => only === undefined || sink === only)
    .map(([target, { sink }]) => {
      const steps = stepsTo(target, found.steps);
      return { sink, target, steps, ...cutOf(user, terrain, target) };
    });
}

type Explored = { steps: ReadonlyMap<string, Step>; ends: ReadonlyMap<string, { sink: Sink }> };

/** Breadth first, so that the first step to a place lies on a shortest path. */
function explore(user: string, terrain: Terrain, without: ReadonlySet<string>): Explored {
  const steps = new Map<string, Step>();
  const ends = new Map<string, { sink: Sink }>();
  const account = accountOf(user);
  const start: Node = {
    label: account ? accountNode(account.namespace, account.name).label : `User ${user}`,
    asker: askerOf(user),
  };
  const seen = new Set([start.label]);
  const queue = [start];
  for (let node = queue.shift(); node; node = queue.shift()) {
    const from = node.label;
    const go = (next: Node, how: string, grants: readonly Grant[]) => {
      if (seen.has(next.label)) return;
      seen.add(next.label);
      steps.set(next.label, { from, to: next.label, how, grants });
      queue.push(next);
      const other = accountOf(next.asker.user);
      if (other && isOtherTenant(account?.namespace, other.namespace, terrain))
        end("other-tenant", `namespace ${other.namespace}`, {
          from: next.label,
          how: `act as ${next.label}`,
          grants: [],
        });
    };
    const end = (sink: Sink, target: string, step: Omit<Step, "to">) => {
      const label = `${sink}: ${target}`;
      if (!steps.has(label)) steps.set(label, { ...step, to: label });
      ends.set(label, { sink });
    };
    new Walk(node, terrain, {
      without,
      go,
      end: (sink, target, how, grants) => end(sink, target, { from, how, grants }),
    }).walk();
    // Whoever administers the cluster has everything, and nothing is learnt from listing it.
    if (ends.has(clusterAdmin)) break;
  }
  return { steps, ends };
}

const clusterAdmin = "cluster-admin: the cluster";

function isOtherTenant(own: string | undefined, other: string, terrain: Terrain): boolean {
  if (own === undefined || own === other) return false;
  const system = terrain.systemOf(own);
  return system === undefined || terrain.systemOf(other) !== system;
}

function stepsTo(target: string, steps: ReadonlyMap<string, Step>): Step[] {
  const path: Step[] = [];
  for (let step = steps.get(target); step; step = steps.get(step.from)) path.unshift(step);
  return path;
}

const keyOf = (grant: Grant) => `${sayBinding(grant.binding)} ${grant.ruleIndex}`;
const deepestCut = 3;

/**
 * The smallest set of grants on which every path to the target depends. Each set must hit the path that is left, so
 * that trying the grants of that path, and again of the next, misses none; beyond three grants it is only a set.
 */
function cutOf(user: string, terrain: Terrain, target: string): Pick<ReachPath, "cut" | "isCutExact"> {
  for (let size = 1; size <= deepestCut; size += 1) {
    const cut = hit(new Map(), size);
    if (cut) return { cut, isCutExact: true };
  }
  const taken = new Map<string, Grant>();
  for (let path = pathWithout(taken); path.length > 0; path = pathWithout(taken)) {
    const [grant] = path;
    if (!grant) break;
    taken.set(keyOf(grant), grant);
  }
  return { cut: [...taken.values()].map(sayGrant), isCutExact: false };

  function pathWithout(removed: ReadonlyMap<string, Grant>): Grant[] {
    const { steps, ends } = explore(user, terrain, new Set(removed.keys()));
    // Cluster administration holds every other harm as well.
    const left = ends.has(target) ? target : ends.has(clusterAdmin) ? clusterAdmin : undefined;
    return left === undefined ? [] : stepsTo(left, steps).flatMap(({ grants }) => grants);
  }

  function hit(removed: ReadonlyMap<string, Grant>, left: number): string[] | undefined {
    const path = pathWithout(removed);
    if (path.length === 0) return [...removed.values()].map(sayGrant);
    if (left === 0) return undefined;
    for (const grant of new Map(path.map((each) => [keyOf(each), each])).values()) {
      const cut = hit(new Map([...removed, [keyOf(grant), grant]]), left - 1);
      if (cut) return cut;
    }
    return undefined;
  }
}

type Out = {
  without: ReadonlySet<string>;
  go: (next: Node, how: string, grants: readonly Grant[]) => void;
  end: (sink: Sink, target: string, how: string, grants: readonly Grant[]) => void;
};

type Wanted = { verbs: readonly string[]; group: string; resource: string; subresource?: string };
/** A grant that matches, in its scope, and the names to which it is limited: none for no limit. */
type Match = { scope: string; names: readonly string[]; grant: Grant };

/** What one identity can do next, primitive by primitive, each under its own preconditions. */
class Walk {
  node: Node;
  terrain: Terrain;
  out: Out;
  held: readonly Held[];

  constructor(node: Node, terrain: Terrain, out: Out) {
    this.node = node;
    this.terrain = terrain;
    this.out = out;
    this.held = [...rightsOf(node, terrain, out.without), ...(node.more ?? [])];
  }

  walk(): void {
    const whole = this.held.find(({ rule, scope }) => scope === "" && isEverything(rule));
    if (whole) return this.out.end("cluster-admin", "the cluster", "hold every right", [whole.grant]);
    this.bind();
    this.escalate();
    this.impersonate();
    this.sign();
    this.intercept();
    this.runPods();
    this.enterPods();
    this.readSecrets();
    this.makeTokens();
    this.reachNodes();
  }

  find({ verbs, group, resource, subresource = "" }: Wanted): Match[] {
    return this.held.flatMap(({ rule, scope, grant }) => {
      const isFound = verbs.some((verb) => {
        // A name in the URL is there for everything but creating the object itself.
        const name = verb === "create" && subresource === "" ? "" : (rule.resourceNames[0] ?? "");
        return allows(rule, { verb, group, resource, subresource, name, namespace: scope });
      });
      return isFound ? [{ scope, names: rule.resourceNames, grant }] : [];
    });
  }

  /** Only what is held in the whole cluster counts for objects of the cluster. */
  findInCluster(wanted: Wanted): Match[] {
    return this.find(wanted).filter(({ scope }) => scope === "");
  }

  spaces(scope: string): readonly string[] {
    return scope === "" ? this.terrain.namespaces : [scope];
  }

  become(namespace: string, name: string, how: string, grants: readonly Grant[]): void {
    const { label, user } = accountNode(namespace, name);
    this.out.go({ label, asker: askerOf(user) }, how, grants);
  }

  /** To bind a role takes `bind` on it, where the binding is made, and the right to make the binding. */
  bind(): void {
    for (const [kind, maker] of [
      ["clusterroles", "clusterrolebindings"],
      ["clusterroles", "rolebindings"],
      ["roles", "rolebindings"],
    ] as const)
      for (const binds of this.find({ verbs: ["bind"], group: rbacGroup, resource: kind }))
        for (const makes of this.find({ verbs: ["create"], group: rbacGroup, resource: maker })) {
          if (maker === "clusterrolebindings" && (binds.scope !== "" || makes.scope !== "")) continue;
          const scope = common(binds.scope, makes.scope);
          if (scope === undefined) continue;
          const everywhere = maker === "clusterrolebindings";
          const grants = [binds.grant, makes.grant];
          for (const role of this.rolesToBind(kind, binds.names, scope))
            for (const place of everywhere ? [""] : this.spaces(scope)) {
              const where = everywhere ? "everywhere" : `in ${place}`;
              this.out.go(
                {
                  label: `${this.node.base ?? this.node.label} with ${role.kind} ${role.name} ${where}`,
                  base: this.node.base ?? this.node.label,
                  asker: this.node.asker,
                  more: [...this.held, ...role.rules.map((rule) => ({ rule, scope: place, grant: binds.grant }))],
                },
                `bind ${role.kind} ${role.name} to itself ${where}`,
                grants,
              );
            }
        }
  }

  /** Without a limit, the role that grants most is what anybody would bind. */
  rolesToBind(kind: "roles" | "clusterroles", names: readonly string[], scope: string): Role[] {
    const { roles } = this.terrain.access;
    if (kind === "roles")
      return roles.filter(
        (role) =>
          role.kind === "Role" &&
          (scope === "" || role.namespace === scope) &&
          (names.length === 0 || names.includes(role.name)),
      );
    const chosen = names.length === 0 ? ["cluster-admin"] : names;
    return roles.filter((role) => role.kind === "ClusterRole" && chosen.includes(role.name));
  }

  /** With `escalate`, a role that one already holds can be rewritten to anything, where it is bound. */
  escalate(): void {
    for (const [kind, resource] of [
      ["ClusterRole", "clusterroles"],
      ["Role", "roles"],
    ] as const)
      for (const escalates of this.find({ verbs: ["escalate"], group: rbacGroup, resource }))
        for (const writes of this.find({ verbs: ["update", "patch"], group: rbacGroup, resource })) {
          if (kind === "ClusterRole" && (escalates.scope !== "" || writes.scope !== "")) continue;
          for (const binding of bindingsOf(this.node.asker, this.terrain.access)) {
            const { role } = binding;
            if (role?.kind !== kind || role.isAggregated) continue;
            if (
              ![escalates, writes].every(
                ({ scope, names }) =>
                  (scope === "" || scope === binding.namespace) && (names.length === 0 || names.includes(role.name)),
              )
            )
              continue;
            const grants = [escalates.grant, writes.grant];
            if (binding.kind === "ClusterRoleBinding")
              this.out.end("cluster-admin", "the cluster", `rewrite ${role.kind} ${role.name}`, grants);
            else
              this.out.go(
                {
                  label: `${this.node.base ?? this.node.label} with everything in ${binding.namespace}`,
                  base: this.node.base ?? this.node.label,
                  asker: this.node.asker,
                  more: [...this.held, { rule: everything, scope: binding.namespace, grant: escalates.grant }],
                },
                `rewrite ${role.kind} ${role.name}`,
                grants,
              );
          }
        }
  }

  impersonate(): void {
    const accounts = this.find({ verbs: ["impersonate"], group: "", resource: "serviceaccounts" });
    const users = this.findInCluster({ verbs: ["impersonate"], group: "", resource: "users" });
    for (const { scope, names, grant } of accounts)
      for (const namespace of this.spaces(scope))
        for (const name of this.terrain.accountsIn.get(namespace) ?? [])
          if (names.length === 0 || names.includes(name)) this.become(namespace, name, "impersonate it", [grant]);
    for (const { names, grant } of users)
      for (const user of names.length === 0 ? this.everybody() : names) {
        const account = accountOf(user);
        if (account) this.become(account.namespace, account.name, "impersonate it", [grant]);
        else this.out.go({ label: `User ${user}`, asker: askerOf(user) }, "impersonate it", [grant]);
      }
    // A group is only impersonated together with a user or an account.
    const [first] = [...users, ...accounts];
    if (!first) return;
    for (const { names, grant } of this.findInCluster({ verbs: ["impersonate"], group: "", resource: "groups" })) {
      if (names.length === 0 || names.includes(mastersGroup))
        return this.out.end("cluster-admin", "the cluster", `impersonate group ${mastersGroup}`, [grant, first.grant]);
      for (const group of names)
        this.out.go(
          { label: `Group ${group}`, asker: { user: "", groups: [group, "system:authenticated"] } },
          "impersonate it",
          [grant, first.grant],
        );
    }
  }

  everybody(): string[] {
    const named = this.terrain.access.bindings.flatMap(({ subjects }) =>
      subjects.flatMap((subject) => (subject.kind === "Group" ? [] : [identityOf(subject)?.slice(2) ?? ""])),
    );
    return [...new Set(named)].filter((user) => user !== "");
  }

  /** A client certificate for any name: ask for it, approve it, and be let sign by the signer of clients. */
  sign(): void {
    const group = "certificates.k8s.io";
    const [asks] = this.findInCluster({ verbs: ["create"], group, resource: "certificatesigningrequests" });
    const [approves] = this.findInCluster({
      verbs: ["update", "patch"],
      group,
      resource: "certificatesigningrequests",
      subresource: "approval",
    });
    const signs = this.findInCluster({ verbs: ["approve"], group, resource: "signers" }).find(
      ({ names }) =>
        names.length === 0 || names.some((name) => /^kubernetes\.io\/(kube-apiserver-client|\*)$/.test(name)),
    );
    if (!asks || !approves || !signs) return;
    const grants = [asks.grant, approves.grant, signs.grant];
    // The API server refuses certificates for its unlimited group, and no other.
    for (const user of this.everybody())
      this.out.go({ label: `User ${user}`, asker: askerOf(user) }, "sign a certificate for it", grants);
    for (const { subjects } of this.terrain.access.bindings)
      for (const { kind, name } of subjects)
        if (kind === "Group" && name !== mastersGroup)
          this.out.go(
            { label: `Group ${name}`, asker: { user: "", groups: [name, "system:authenticated"] } },
            "sign a certificate for it",
            grants,
          );
  }

  intercept(): void {
    const group = "admissionregistration.k8s.io";
    const verbs = ["create", "update", "patch"];
    const [webhook] = this.findInCluster({ verbs, group, resource: "mutatingwebhookconfigurations" });
    if (webhook)
      return this.out.end("cluster-admin", "the cluster", "change every object on its way in by a webhook", [
        webhook.grant,
      ]);
    const [policy] = this.findInCluster({ verbs, group, resource: "mutatingadmissionpolicies" });
    const [bound] = this.findInCluster({ verbs, group, resource: "mutatingadmissionpolicybindings" });
    if (policy && bound)
      this.out.end("cluster-admin", "the cluster", "change every object on its way in by a policy", [
        policy.grant,
        bound.grant,
      ]);
  }

  runPods(): void {
    for (const { group, resource } of podMakers)
      for (const { scope, grant } of this.find({ verbs: ["create", "update", "patch"], group, resource }))
        for (const namespace of this.spaces(scope)) {
          const how = `run a pod in ${namespace} by ${resource}`;
          for (const account of this.terrain.accountsIn.get(namespace) ?? ["default"])
            this.become(namespace, account, `${how} as it`, [grant]);
          const labels = this.find({ verbs: ["update", "patch"], group: "", resource: "namespaces" }).find(
            ({ scope: place, names }) =>
              (place === "" || place === namespace) && (names.length === 0 || names.includes(namespace)),
          );
          if (this.terrain.isOpen(namespace)) this.out.end("node", "a node", `${how} with a path of the host`, [grant]);
          else if (labels)
            this.out.end(
              "node",
              "a node",
              `lower the pod security of ${namespace} and ${how} with a path of the host`,
              [labels.grant, grant],
            );
          this.take(this.terrain.assetsIn.get(namespace) ?? [], () => how, [grant]);
          this.mountVolume(namespace, how, grant);
        }
  }

  /** A volume of the host that a claim mounts: pod security does not look behind claims. */
  mountVolume(namespace: string, how: string, grant: Grant): void {
    const [volume] = this.findInCluster({ verbs: ["create"], group: "", resource: "persistentvolumes" });
    const claim = this.find({ verbs: ["create"], group: "", resource: "persistentvolumeclaims" }).find(
      ({ scope }) => scope === "" || scope === namespace,
    );
    if (volume && claim)
      this.out.end("node", "a node", `create a volume of the host, claim it and ${how}`, [
        volume.grant,
        claim.grant,
        grant,
      ]);
  }

  enterPods(): void {
    const ways: readonly Wanted[] = [
      { verbs: ["create", "get"], group: "", resource: "pods", subresource: "exec" },
      { verbs: ["create", "get"], group: "", resource: "pods", subresource: "attach" },
      { verbs: ["update", "patch"], group: "", resource: "pods", subresource: "ephemeralcontainers" },
    ];
    for (const way of ways)
      for (const { scope, grant } of this.find(way))
        for (const namespace of this.spaces(scope)) {
          const how = `enter a pod in ${namespace} by pods/${way.subresource}`;
          for (const account of this.terrain.runningIn.get(namespace) ?? [])
            this.become(namespace, account, `${how} that runs as it`, [grant]);
          this.take(this.terrain.assetsIn.get(namespace) ?? [], (asset) => `${how} of ${asset.workload}`, [grant]);
        }
  }

  readSecrets(): void {
    const reads = this.find({ verbs: ["get", "list", "watch"], group: "", resource: "secrets" });
    for (const { scope, names, grant } of reads)
      for (const namespace of this.spaces(scope)) {
        const mayRead = (secret: string) => names.length === 0 || names.includes(secret);
        for (const [secret, account] of this.terrain.tokensIn.get(namespace) ?? [])
          if (mayRead(secret)) this.become(namespace, account, `read its token in Secret ${secret}`, [grant]);
        const keys = (this.terrain.assetsIn.get(namespace) ?? []).filter(
          ({ secret }) => secret !== undefined && mayRead(secret),
        );
        this.take(keys, () => `read the secret in ${namespace}`, [grant]);
        // A secret of the type of tokens is filled by the cluster for whichever account it names.
        const makes =
          names.length > 0
            ? undefined
            : this.find({ verbs: ["create"], group: "", resource: "secrets" }).find(
                (made) => made.scope === "" || made.scope === namespace,
              );
        if (makes)
          for (const account of this.terrain.accountsIn.get(namespace) ?? [])
            this.become(namespace, account, "create a token secret for it and read it", [makes.grant, grant]);
      }
  }

  makeTokens(): void {
    for (const { scope, names, grant } of this.find({
      verbs: ["create"],
      group: "",
      resource: "serviceaccounts",
      subresource: "token",
    }))
      for (const namespace of this.spaces(scope))
        for (const account of this.terrain.accountsIn.get(namespace) ?? [])
          if (names.length === 0 || names.includes(account))
            this.become(namespace, account, "ask for a token of it", [grant]);
  }

  reachNodes(): void {
    const [proxy] = this.findInCluster({
      verbs: ["get", "create"],
      group: "",
      resource: "nodes",
      subresource: "proxy",
    });
    if (!proxy) return;
    this.out.end("node", "a node", "speak to the kubelet through the proxy", [proxy.grant]);
    for (const [namespace, accounts] of this.terrain.runningIn)
      for (const account of accounts)
        this.become(namespace, account, "enter a pod that runs as it by the kubelet", [proxy.grant]);
  }

  take(assets: readonly Asset[], how: (asset: Asset) => string, grants: readonly Grant[]): void {
    for (const asset of assets) this.out.end(asset.sink, `${asset.name} in ${asset.namespace}`, how(asset), grants);
  }
}

const everything: Rule = { verbs: ["*"], apiGroups: ["*"], resources: ["*"], resourceNames: [], nonResourceURLs: [] };

function isEverything({ verbs, apiGroups, resources, resourceNames }: Rule): boolean {
  return [verbs, apiGroups, resources].every((list) => list.includes("*")) && resourceNames.length === 0;
}

/** The scope in which both hold; undefined when there is none. */
function common(one: string, other: string): string | undefined {
  return one === "" ? other : other === "" || other === one ? one : undefined;
}

function rightsOf({ asker }: Node, { access }: Terrain, without: ReadonlySet<string>): Held[] {
  return bindingsOf(asker, access).flatMap((binding) => {
    const { role } = binding;
    const subject = binding.subjects.find((each) =>
      each.kind === "Group" ? asker.groups.includes(each.name) : identityOf(each) === `u:${asker.user}`,
    );
    if (!role || !subject) return [];
    return role.rules.flatMap((rule, ruleIndex) => {
      const grant = { binding, role, rule, ruleIndex, subject };
      return without.has(keyOf(grant)) ? [] : [{ rule, scope: binding.namespace, grant }];
    });
  });
}
