import type { Rule } from "./rbac.ts";

// The roles for users that every cluster has from its first start, for manifests that refer to them without holding
// them. A dump of a cluster holds its own, and those win. Kubernetes RBAC, "User-facing roles".

const read = ["get", "list", "watch"];
const write = ["create", "delete", "deletecollection", "patch", "update"];

function rule(verbs: readonly string[], group: string, resources: string): Rule {
  return { verbs, apiGroups: [group], resources: resources.split(" "), resourceNames: [], nonResourceURLs: [] };
}

const apps = "deployments deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale";

const view: readonly Rule[] = [
  rule(
    read,
    "",
    "bindings configmaps endpoints events limitranges namespaces namespaces/status persistentvolumeclaims " +
      "persistentvolumeclaims/status pods pods/log pods/status replicationcontrollers replicationcontrollers/scale " +
      "replicationcontrollers/status resourcequotas resourcequotas/status serviceaccounts services services/status",
  ),
  rule(
    read,
    "apps",
    `controllerrevisions daemonsets daemonsets/status deployments/status ${apps} replicasets/status statefulsets/status`,
  ),
  rule(read, "autoscaling", "horizontalpodautoscalers horizontalpodautoscalers/status"),
  rule(read, "batch", "cronjobs cronjobs/status jobs jobs/status"),
  rule(read, "discovery.k8s.io", "endpointslices"),
  rule(read, "networking.k8s.io", "ingresses ingresses/status networkpolicies"),
  rule(read, "policy", "poddisruptionbudgets poddisruptionbudgets/status"),
];

const edit: readonly Rule[] = [
  rule(read, "", "pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy"),
  rule(["impersonate"], "", "serviceaccounts"),
  rule(write, "", "pods pods/attach pods/exec pods/portforward pods/proxy"),
  rule(["create"], "", "pods/eviction serviceaccounts/token"),
  rule(
    write,
    "",
    "configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets " +
      "serviceaccounts services services/proxy",
  ),
  rule(write, "apps", `daemonsets ${apps} deployments/rollback`),
  rule(write, "autoscaling", "horizontalpodautoscalers"),
  rule(write, "batch", "cronjobs jobs"),
  rule(write, "networking.k8s.io", "ingresses networkpolicies"),
  rule(write, "policy", "poddisruptionbudgets"),
  rule([...read, ...write], "coordination.k8s.io", "leases"),
  ...view,
];

const admin: readonly Rule[] = [
  rule(["create"], "authorization.k8s.io", "localsubjectaccessreviews"),
  rule([...read, ...write], "rbac.authorization.k8s.io", "rolebindings roles"),
  ...edit,
];

const everything: Rule = { verbs: ["*"], apiGroups: ["*"], resources: ["*"], resourceNames: [], nonResourceURLs: [] };
const everyPath: Rule = { verbs: ["*"], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: ["*"] };

export const builtInRoles: ReadonlyMap<string, readonly Rule[]> = new Map([
  ["cluster-admin", [everything, everyPath]],
  ["admin", admin],
  ["edit", edit],
  ["view", view],
]);
