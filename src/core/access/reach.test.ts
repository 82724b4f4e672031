import { expect, test } from "vitest";
import { aiWorkloadsOf } from "#core/kubernetes/ai-workload.ts";
import { readObjects } from "#core/kubernetes/read-objects.ts";
import { groundOf } from "./ground.ts";
import { readAccess } from "./rbac.ts";
import { pathsFrom } from "./reach.ts";
import { terrainOf } from "./terrain.ts";

function find(text: string, user = "eve") {
  const snapshot = readObjects([{ file: "f", text: world + text }]);
  const access = readAccess(snapshot);
  return pathsFrom(
    user,
    terrainOf(snapshot, groundOf({ snapshot, access, workloads: aiWorkloadsOf(snapshot), settings: {} })),
  );
}

// A closed namespace with a model, its key and its weights, run by an account that administers the cluster; an open one.
const world = `
---
{apiVersion: v1, kind: Namespace, metadata: {name: ml, labels: {pod-security.kubernetes.io/enforce: restricted}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: open}}
---
{apiVersion: v1, kind: ServiceAccount, metadata: {name: llm, namespace: ml}}
---
{apiVersion: v1, kind: ServiceAccount, metadata: {name: root, namespace: open}}
---
{apiVersion: v1, kind: Secret, type: kubernetes.io/service-account-token, metadata: {name: root-token, namespace: open, annotations: {kubernetes.io/service-account.name: root}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: llm, namespace: ml}
spec: {template: {spec: {serviceAccountName: llm, volumes: [{name: w, persistentVolumeClaim: {claimName: weights}}], containers: [{name: c, image: vllm/vllm-openai, volumeMounts: [{name: w, mountPath: /models}], env: [{name: OPENAI_API_KEY, valueFrom: {secretKeyRef: {name: key, key: k}}}]}]}}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: root}
roleRef: {kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: root, namespace: open}]
`;

let made = 0;
/** Rules for eve, in a namespace or everywhere: `ml: create pods; get secrets`. */
function eve(text: string, subject = "{kind: User, name: eve}"): string {
  const [, where = "", rules = ""] = /^(\S+): (.*)$/.exec(text) ?? [];
  const space = where === "all" ? "" : `, namespace: ${where}`;
  const kind = where === "all" ? "Cluster" : "";
  made += 1;
  const said = rules.split("; ").map((rule) => {
    const [verbs = "", what = "", names = ""] = rule.split(" ");
    const [resource = "", group = ""] = what.split("@");
    return `{verbs: [${verbs
      .split(",")
      .map((verb) => `"${verb}"`)
      .join(
        ",",
      )}], apiGroups: ["${group}"], resources: ["${resource}"]${names ? `, resourceNames: ["${names}"]` : ""}}`;
  });
  return (
    `---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ${kind}Role\nmetadata: {name: r${made}${space}}\nrules: [${said.join(", ")}]\n` +
    `---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ${kind}RoleBinding\nmetadata: {name: b${made}${space}}\nroleRef: {kind: ${kind}Role, name: r${made}}\nsubjects: [${subject}]\n`
  );
}

const rbac = "@rbac.authorization.k8s.io";
const certificates = "@certificates.k8s.io";

test("each primitive leads where it leads under its own preconditions, and nowhere else", () => {
  const assets = ["model-weights", "production-endpoint", "provider-keys"];
  const rows: [string, string, string[]][] = [
    ["reading pods", "all: get,list pods", []],
    ["pods in a closed namespace", "ml: create pods", assets],
    ["a controller does as well", "ml: patch deployments@apps", assets],
    ["an operator's kind does as well", "ml: create inferenceservices@serving.kserve.io", assets],
    ["a limit to names is no limit to creating", "ml: create pods llm", []],
    ["pods beside the administrator", "open: create pods", ["cluster-admin", "node"]],
    ["pods and the label of the namespace", "ml: create pods; patch namespaces ml", [...assets, "node"].toSorted()],
    ["pods and the label of another", "ml: create pods; patch namespaces open", assets],
    ["exec by get", "ml: get pods/exec", assets],
    ["exec where nothing runs", "open: create pods/exec", []],
    ["ephemeral containers", "ml: patch pods/ephemeralcontainers", assets],
    ["a key by its name", "ml: get secrets key", ["provider-keys"]],
    ["another secret by its name", "ml: get secrets other", []],
    ["the token of the administrator", "open: list secrets", ["cluster-admin"]],
    ["a token that is made", "open: create serviceaccounts/token root", ["cluster-admin"]],
    ["a token of another", "open: create serviceaccounts/token other", []],
    ["binding without the right to bind", `all: create rolebindings${rbac}; create clusterrolebindings${rbac}`, []],
    ["the right to bind without binding", `all: bind clusterroles${rbac}`, []],
    [
      "binding to cluster-admin by name",
      `all: create clusterrolebindings${rbac}; bind clusterroles${rbac} cluster-admin`,
      ["cluster-admin"],
    ],
    ["binding to a harmless role by name", `all: create clusterrolebindings${rbac}; bind clusterroles${rbac} view`, []],
    // A binding in a namespace reaches the namespace itself, and so its pod security.
    [
      "binding in a namespace",
      `ml: create rolebindings${rbac}; bind clusterroles${rbac}`,
      [...assets, "node"].toSorted(),
    ],
    ["escalate without writing", `all: escalate clusterroles${rbac}`, []],
    ["escalate and write one's own role", `all: escalate,update clusterroles${rbac}`, ["cluster-admin"]],
    ["escalate a role of the cluster, in a namespace", `ml: escalate,update clusterroles${rbac}`, []],
    ["escalate one's own role in a namespace", `ml: escalate,update roles${rbac}`, [...assets, "node"].toSorted()],
    ["impersonating the unlimited group alone", "all: impersonate groups", []],
    [
      "impersonating a user and the unlimited group",
      "all: impersonate users bob; impersonate groups system:masters",
      ["cluster-admin"],
    ],
    ["impersonating users, in a namespace", "ml: impersonate users", []],
    ["impersonating the administrator", "open: impersonate serviceaccounts root", ["cluster-admin"]],
    [
      "approving without being let sign",
      `all: create certificatesigningrequests${certificates}; update certificatesigningrequests/approval${certificates}`,
      [],
    ],
    [
      "a certificate",
      `all: create certificatesigningrequests${certificates}; update certificatesigningrequests/approval${certificates}; approve signers${certificates} kubernetes.io/kube-apiserver-client`,
      ["cluster-admin"],
    ],
    [
      "a certificate of another signer",
      `all: create certificatesigningrequests${certificates}; update certificatesigningrequests/approval${certificates}; approve signers${certificates} example.com/x`,
      [],
    ],
    ["a webhook", "all: patch mutatingwebhookconfigurations@admissionregistration.k8s.io", ["cluster-admin"]],
    ["node proxy", "all: get nodes/proxy", ["node"]],
    ["node proxy, in a namespace", "ml: get nodes/proxy", []],
    ["a volume of the host without a claim", "all: create persistentvolumes", []],
  ];
  for (const [name, rules, harms] of rows)
    expect([...new Set(find(eve(rules)).map(({ sink }) => sink))].toSorted(), name).toEqual(harms);
});

test("a volume of the host gets past pod security by a claim", () => {
  const text = eve("ml: create pods; create persistentvolumeclaims");
  const isNode = (more: string) => find(text + more).some(({ sink }) => sink === "node");
  expect([isNode(""), isNode(eve("all: create persistentvolumes"))]).toEqual([false, true]);
});

test("a path shows its steps and the grants, through identities that are taken over", () => {
  const text =
    eve("ml: create pods/exec") +
    eve("open: create serviceaccounts/token", "{kind: Group, name: system:serviceaccounts:ml}");
  const path = find(text).find(({ sink }) => sink === "cluster-admin");
  expect(path?.steps.map(({ how, to }) => `${how} -> ${to}`)).toEqual([
    "enter a pod in ml by pods/exec that runs as it -> ServiceAccount ml/llm",
    "ask for a token of it -> ServiceAccount open/root",
    "hold every right -> cluster-admin: the cluster",
  ]);
  expect(path?.cut).toHaveLength(1);
});

test("the cut is the smallest: one grant for one way, two for two ways, and it closes all of them", () => {
  const one = find(eve("ml: get secrets key"))[0];
  const two = find(eve("ml: get secrets key") + eve("ml: create pods/exec")).find(
    ({ sink }) => sink === "provider-keys",
  );
  expect([one?.cut.length, two?.cut.length, two?.isCutExact]).toEqual([1, 2, true]);
});

test("whoever may act as an account of another system is another tenant's guest", () => {
  const sinks = find(
    eve("open: impersonate serviceaccounts", "{kind: ServiceAccount, name: llm, namespace: ml}").replaceAll(
      "root",
      "x",
    ),
    "system:serviceaccount:ml:llm",
  ).map(({ sink }) => sink);
  expect(sinks).toContain("other-tenant");
});
