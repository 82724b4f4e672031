import { allows, type Rule } from "./rbac.ts";

/** What a rule lets its holder do that a rule book warns of. */
export type Danger =
  | "everything"
  | "wildcard"
  | "escalate"
  | "read-secrets"
  | "run-pods"
  | "enter-pods"
  | "make-identity"
  | "reach-nodes"
  | "change-admission";

/** One act by which a danger is reached; `ofCluster` ones are dead when bound in a namespace. */
type Act = {
  danger: Danger;
  verbs: readonly string[];
  group: string;
  resource: string;
  subresource?: string;
  ofCluster?: boolean;
};

const change = ["create", "update", "patch"];
const rbacGroup = "rbac.authorization.k8s.io";
const admission = "admissionregistration.k8s.io";

/** The objects whose making makes pods: the built-in controllers and the kinds of AI operators. */
export const podMakers: readonly { group: string; resource: string }[] = [
  ...["pods", "replicationcontrollers", "podtemplates"].map((resource) => ({ group: "", resource })),
  ...["deployments", "replicasets", "statefulsets", "daemonsets"].map((resource) => ({ group: "apps", resource })),
  ...["jobs", "cronjobs"].map((resource) => ({ group: "batch", resource })),
  ...["inferenceservices", "servingruntimes", "llminferenceservices"].map((resource) => ({
    group: "serving.kserve.io",
    resource,
  })),
  ...["rayclusters", "rayjobs", "rayservices"].map((resource) => ({ group: "ray.io", resource })),
  ...["notebooks", "pytorchjobs", "tfjobs", "mpijobs", "xgboostjobs", "experiments"].map((resource) => ({
    group: "kubeflow.org",
    resource,
  })),
  ...["trainjobs", "trainingruntimes"].map((resource) => ({ group: "trainer.kubeflow.org", resource })),
  { group: "machinelearning.seldon.io", resource: "seldondeployments" },
  ...["workflows", "cronworkflows", "workflowtemplates"].map((resource) => ({ group: "argoproj.io", resource })),
  { group: "agents.x-k8s.io", resource: "sandboxes" },
  { group: "apps.nvidia.com", resource: "nimservices" },
  { group: "leaderworkerset.x-k8s.io", resource: "leaderworkersets" },
  { group: "jobset.x-k8s.io", resource: "jobsets" },
];

const acts: readonly Act[] = [
  { danger: "escalate", verbs: ["escalate"], group: rbacGroup, resource: "roles" },
  { danger: "escalate", verbs: ["escalate"], group: rbacGroup, resource: "clusterroles", ofCluster: true },
  // A binding in a namespace may refer to a role of the cluster, and `bind` is then asked for in that namespace.
  { danger: "escalate", verbs: ["bind"], group: rbacGroup, resource: "roles" },
  { danger: "escalate", verbs: ["bind"], group: rbacGroup, resource: "clusterroles" },
  { danger: "escalate", verbs: ["impersonate"], group: "", resource: "serviceaccounts" },
  ...["users", "groups"].map(
    (resource) => ({ danger: "escalate", verbs: ["impersonate"], group: "", resource, ofCluster: true }) as const,
  ),
  // The constrained forms of impersonation have verbs of their own, in the group of authentication.
  ...["users", "groups", "uids", "serviceaccounts"].map(
    (resource) =>
      ({
        danger: "escalate",
        verbs: [
          "impersonate:user-info",
          "impersonate:serviceaccount",
          "impersonate:arbitrary-node",
          "impersonate:associated-node",
        ],
        group: "authentication.k8s.io",
        resource,
        ofCluster: resource !== "serviceaccounts",
      }) as const,
  ),
  { danger: "read-secrets", verbs: ["get", "list", "watch"], group: "", resource: "secrets" },
  ...podMakers.map(({ group, resource }) => ({ danger: "run-pods", verbs: change, group, resource }) as const),
  ...["exec", "attach", "portforward"].map(
    (subresource) =>
      ({ danger: "enter-pods", verbs: ["create", "get"], group: "", resource: "pods", subresource }) as const,
  ),
  { danger: "enter-pods", verbs: ["update", "patch"], group: "", resource: "pods", subresource: "ephemeralcontainers" },
  { danger: "make-identity", verbs: ["create"], group: "", resource: "serviceaccounts", subresource: "token" },
  {
    danger: "make-identity",
    verbs: ["update", "patch"],
    group: "certificates.k8s.io",
    resource: "certificatesigningrequests",
    subresource: "approval",
    ofCluster: true,
  },
  { danger: "make-identity", verbs: ["approve"], group: "certificates.k8s.io", resource: "signers", ofCluster: true },
  {
    danger: "reach-nodes",
    verbs: ["get", "create", "update", "patch", "delete"],
    group: "",
    resource: "nodes",
    subresource: "proxy",
    ofCluster: true,
  },
  { danger: "reach-nodes", verbs: ["create"], group: "", resource: "nodes", ofCluster: true },
  { danger: "reach-nodes", verbs: ["create"], group: "", resource: "persistentvolumes", ofCluster: true },
  ...[
    "mutatingwebhookconfigurations",
    "validatingwebhookconfigurations",
    "validatingadmissionpolicies",
    "validatingadmissionpolicybindings",
    "mutatingadmissionpolicies",
    "mutatingadmissionpolicybindings",
  ].map(
    (resource) =>
      ({
        danger: "change-admission",
        verbs: [...change, "delete"],
        group: admission,
        resource,
        ofCluster: true,
      }) as const,
  ),
];

// A namespace does not hold these, so that a binding in one gives nothing on them.
const ofCluster = new Set(acts.filter((act) => act.ofCluster).map((act) => `${act.group}/${act.resource}`));
const alsoOfCluster =
  /^(nodes|persistentvolumes|namespaces|clusterroles|clusterrolebindings|customresourcedefinitions|storageclasses|priorityclasses|certificatesigningrequests|apiservices|ingressclasses|runtimeclasses|volumeattachments|csidrivers|csinodes|users|groups|tokenreviews|subjectaccessreviews|selfsubjectaccessreviews|selfsubjectrulesreviews|clusterservingruntimes|clustertrainingruntimes|clusterqueues|resourceflavors|deviceclasses|resourceslices)$/;

/** Whether objects of the resource belong to the cluster, as far as that is known. */
export function isResourceOfCluster(group: string, resource: string): boolean {
  const [whole = ""] = resource.split("/");
  return ofCluster.has(`${group}/${whole}`) || alsoOfCluster.test(whole);
}

/** One danger of a rule, with the verbs and resources by which it is reached. */
export type Found = { danger: Danger; verbs: string[]; resources: string[] };

/**
 * The dangers of a rule that is bound in the whole cluster or in a namespace. A rule limited to names is dangerous
 * for what works by name: `bind` limited to `cluster-admin` is all there is, reading one secret is not reading all.
 */
export function dangersOf(rule: Rule, scope: "cluster" | "namespace"): Found[] {
  const hasStar = {
    verbs: rule.verbs.includes("*"),
    resources: rule.resources.includes("*"),
    groups: rule.apiGroups.includes("*"),
  };
  const isNamed = rule.resourceNames.length > 0;
  if (hasStar.verbs && hasStar.resources && hasStar.groups && !isNamed)
    return [said(scope === "cluster" ? "everything" : "wildcard", ["*"], ["*"])];
  const wild = rule.resources.length > 0 && (hasStar.verbs || hasStar.resources || hasStar.groups) && !isNamed;
  const found = new Map<Danger, { verbs: Set<string>; resources: Set<string> }>();
  for (const act of acts) {
    if (act.ofCluster && scope === "namespace") continue;
    if (isNamed && act.danger === "read-secrets") continue;
    const name = rule.resourceNames[0] ?? "";
    const { group, resource, subresource = "" } = act;
    const verbs = act.verbs.filter((verb) => {
      // A name in the URL is there for everything but creating the object itself.
      const isNameless = verb === "create" && subresource === "";
      return allows(rule, { verb, group, resource, subresource, name: isNameless ? "" : name, namespace: "any" });
    });
    if (verbs.length === 0) continue;
    const entry = found.get(act.danger) ?? { verbs: new Set(), resources: new Set() };
    for (const verb of verbs) entry.verbs.add(verb);
    entry.resources.add(subresource === "" ? resource : `${resource}/${subresource}`);
    found.set(act.danger, entry);
  }
  return [
    ...(wild ? [said("wildcard", rule.verbs, rule.resources)] : []),
    ...[...found].map(([danger, { verbs, resources }]) => said(danger, verbs, resources)),
  ];
}

function said(danger: Danger, verbs: Iterable<string>, resources: Iterable<string>): Found {
  return { danger, verbs: [...verbs], resources: [...resources] };
}
