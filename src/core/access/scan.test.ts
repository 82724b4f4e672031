import { expect, test } from "vitest";
import { readObjects } from "#core/kubernetes/read-objects.ts";
import type { Day } from "#core/basics/time.ts";
import type { ScanSettings } from "./ground.ts";
import { scanAccess } from "./scan.ts";
import { settle, standing } from "./violation.ts";

const head = "---\napiVersion: rbac.authorization.k8s.io/v1\n";
const model = (spec = "", meta = "") =>
  `---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: llm, namespace: ml-prod${meta}}\nspec: {template: {spec: {serviceAccountName: llm, automountServiceAccountToken: false, ${spec}containers: [{name: c, image: vllm/vllm-openai}]}}}\n` +
  `---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: llm, namespace: ml-prod}\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: other, namespace: ml-prod}\n`;
const rule = (verbs: string, resources: string, { group = '""', names = "" } = {}) =>
  `{verbs: [${verbs}], apiGroups: [${group}], resources: [${resources}]${names ? `, resourceNames: [${names}]` : ""}}`;
const sa = (name = "other", namespace = "ml-prod") => `{kind: ServiceAccount, name: ${name}, namespace: ${namespace}}`;

function bound(rules: string, subject = sa(), { kind = "RoleBinding", namespace = "ml-prod" } = {}): string {
  const role = kind === "RoleBinding" ? "Role" : "ClusterRole";
  return (
    `${head}kind: ${role}\nmetadata: {name: r, namespace: ${namespace}}\nrules: [${rules}]\n` +
    `${head}kind: ${kind}\nmetadata: {name: b, namespace: ${namespace}}\nroleRef: {kind: ${role}, name: r}\nsubjects: [${subject}]\n`
  );
}
const everywhere = { kind: "ClusterRoleBinding" };

const scan = (text: string, settings?: ScanSettings) => scanAccess(readObjects([{ file: "f.yaml", text }]), settings);
const rulesIn = (text: string, settings?: ScanSettings) => scan(text, settings).violations.map((each) => each.rule);

test("a grant breaks the rules that its verbs, resources, names and place break", () => {
  const rows: [string, string, string[]][] = [
    ["nothing", bound(rule("get", "configmaps")), []],
    ["everything, everywhere", bound(rule("'*'", "'*'", { group: "'*'" }), sa(), everywhere), ["RB-01", "RB-02"]],
    ["everything, in a namespace", bound(rule("'*'", "'*'", { group: "'*'" })), ["RB-02"]],
    ["a star verb on roles", bound(rule("'*'", "roles", { group: "rbac.authorization.k8s.io" })), ["RB-02", "RB-03"]],
    [
      "bind, limited to one role",
      bound(rule("bind", "clusterroles", { group: "rbac.authorization.k8s.io", names: "cluster-admin" })),
      ["RB-03"],
    ],
    [
      "escalate on roles of the cluster, in a namespace",
      bound(rule("escalate", "clusterroles", { group: "rbac.authorization.k8s.io" })),
      [],
    ],
    ["creating bindings alone", bound(rule("create", "rolebindings", { group: "rbac.authorization.k8s.io" })), []],
    ["impersonating users, in a namespace", bound(rule("impersonate", "users")), []],
    ["impersonating users", bound(rule("impersonate", "users"), sa(), everywhere), ["RB-03"]],
    [
      "constrained impersonation",
      bound(rule('"impersonate:user-info"', "users", { group: "authentication.k8s.io" }), sa(), everywhere),
      ["RB-03"],
    ],
    ["impersonating accounts, in a namespace", bound(rule("impersonate", "serviceaccounts")), ["RB-03"]],
    ["listing secrets", bound(rule("list", "secrets")), ["RB-04"]],
    ["watching secrets", bound(rule("watch", "secrets")), ["RB-04"]],
    ["one secret", bound(rule("get", "secrets", { names: "key" })), []],
    ["creating secrets", bound(rule("create", "secrets")), []],
    ["secrets of another group", bound(rule("get", "secrets", { group: "example.com" })), []],
    ["pods, by another account", bound(rule("create", "pods")), []],
    ["pods, by the account of inference", bound(rule("create", "pods"), sa("llm")), ["RB-05"]],
    [
      "an operator's kind, by inference",
      bound(rule("patch", "inferenceservices", { group: "serving.kserve.io" }), sa("llm")),
      ["RB-05"],
    ],
    [
      "pods, by all accounts of the namespace",
      bound(rule("create", "pods"), "{kind: Group, name: system:serviceaccounts:ml-prod}"),
      ["RB-05"],
    ],
    ["exec by create", bound(rule("create", "pods/exec")), ["RB-06"]],
    ["exec by get", bound(rule("get", "pods/exec")), ["RB-06"]],
    ["a named exec", bound(rule("create", "pods/exec", { names: "llm-0" })), ["RB-06"]],
    ["ephemeral containers", bound(rule("patch", "pods/ephemeralcontainers")), ["RB-06"]],
    ["pods is not exec", bound(rule("get", "pods")), []],
    ["tokens", bound(rule("create", "serviceaccounts/token")), ["RB-07"]],
    [
      "approving certificates",
      bound(rule("approve", "signers", { group: "certificates.k8s.io" }), sa(), everywhere),
      ["RB-07"],
    ],
    ["node proxy", bound(rule("get", "nodes/proxy"), sa(), everywhere), ["RB-08"]],
    ["node proxy, in a namespace: dead", bound(rule("get", "nodes/proxy")), []],
    [
      "webhooks",
      bound(
        rule("patch", "mutatingwebhookconfigurations", { group: "admissionregistration.k8s.io" }),
        sa(),
        everywhere,
      ),
      ["RB-09"],
    ],
    ["namespaced rights, everywhere", bound(rule("get", "configmaps"), sa(), everywhere), ["RB-10"]],
    ["rights on nodes, everywhere", bound(rule("get", "nodes, pods"), sa(), everywhere), []],
    ["a person", bound(rule("get", "pods"), "{kind: User, name: ada}"), ["RB-13"]],
    ["a group of people", bound(rule("get", "pods"), "{kind: Group, name: ml-team}"), []],
    ["everybody", bound(rule("get", "pods"), "{kind: Group, name: system:authenticated}"), ["RB-14"]],
    ["nobody in particular", bound(rule("get", "pods"), "{kind: User, name: system:anonymous}"), ["RB-14"]],
    ["the unlimited group", bound(rule("get", "pods"), "{kind: Group, name: system:masters}"), ["RB-15"]],
    ["an account of development", bound(rule("get", "pods"), sa("x", "ml-dev")), ["RB-17", "RB-18"]],
    ["an account that is not there", bound(rule("get", "pods"), sa("ghost")), ["RB-18"]],
    ["the default account", bound(rule("get", "pods"), sa("default")), []],
    ["a controller of the cluster", bound(rule("get", "secrets"), sa("x", "kube-system"), everywhere), []],
    ["another namespace", bound(rule("get", "secrets"), sa(), { namespace: "shop" }), []],
  ];
  for (const [name, text, rules] of rows) expect(rulesIn(model() + text), name).toEqual(rules);
});

test("a role that nobody holds, or in whose place stands none, breaks nothing", () => {
  const [role = "", binding = ""] = bound(rule("'*'", "'*'", { group: "'*'" }))
    .split("---\n")
    .slice(1)
    .map((part) => `---\n${part}`);
  expect(rulesIn(model() + role)).toEqual([]);
  expect(rulesIn(model() + binding)).toEqual([]);
});

test("a workload breaks the rules that its account, token and host break", () => {
  const rows: [string, string, string[]][] = [
    ["its own account, no token", model(), []],
    ["the default account", model().replace("serviceAccountName: llm, ", ""), ["RB-11"]],
    ["a token without a right", model().replace("automountServiceAccountToken: false, ", ""), ["RB-12"]],
    [
      "a token that is asked for",
      model("volumes: [{name: t, projected: {sources: [{serviceAccountToken: {path: p}}]}}], ").replace(
        "automountServiceAccountToken: false, ",
        "",
      ),
      [],
    ],
    [
      "a token with a right",
      model().replace("automountServiceAccountToken: false, ", "") + bound(rule("get", "configmaps"), sa("llm")),
      [],
    ],
    ["a path of the host", model("volumes: [{name: t, hostPath: {path: /var/run}}], "), ["RB-08"]],
  ];
  for (const [name, text, rules] of rows) expect(rulesIn(text), name).toEqual(rules);
});

test("an agent is held to the tools that it declares", () => {
  const agent = (tools: string) =>
    model("", `, labels: {aims.dev/purpose: agent}, annotations: {aims.dev/tool-rights: "${tools}"}`);
  const rights = bound(rule("get,list", "pods"), sa("llm"));
  expect(rulesIn(agent("get,list pods") + rights)).toEqual([]);
  expect(scan(agent("get pods") + rights).violations.map(({ rule: id, message }) => `${id} ${message}`)).toEqual([
    "RB-20 Deployment ml-prod/llm may list pods, and its tools need get pods",
  ]);
  expect(scan(model("", ", labels: {aims.dev/purpose: agent}")).notEvaluated).toContainEqual({
    rule: "RB-20",
    why: "Deployment ml-prod/llm declares no tools",
  });
});

test("what could not be listed is not evaluated, and not a pass", () => {
  const refused = (kind: string) =>
    `---\n{"kind":"Status","apiVersion":"v1","status":"Failure","message":"no","details":{"kind":"${kind}"}}\n`;
  const rules = (text: string) => scan(text).notEvaluated.map((each) => each.rule);
  expect(rules(model())).toEqual(["RB-16", "RB-19"]);
  expect(rules(model() + refused("rolebindings"))).toContain("RB-04");
  expect(rules(model() + refused("serviceaccounts"))).toContain("RB-18");
  expect(rulesIn(model() + refused("serviceaccounts") + bound(rule("get", "pods"), sa("ghost")))).toEqual([]);
  expect(rules(`---\na: b: c\n${model()}`)).toContain("RB-18");
});

test("settings say who breaks the glass, who left, who writes to the registry and what is unused", () => {
  const all = bound(rule("'*'", "'*'", { group: "'*'" }), "{kind: Group, name: glass}", everywhere);
  expect(rulesIn(model() + all, { breakGlass: ["Group glass"] })).toEqual([]);
  expect(rulesIn(model() + bound(rule("get", "pods"), "{kind: User, name: ada}"), { gone: ["ada"] })).toEqual([
    "RB-18",
    "RB-13",
  ]);
  expect(
    rulesIn(model() + bound(rule("patch", "deployments", { group: "apps" }), "{kind: Group, name: ci}"), {
      registryWriters: ["Group ci"],
    }),
  ).toEqual(["RB-16"]);
  const unused = {
    subject: "ServiceAccount ml-prod/llm",
    object: "RoleBinding ml-prod/b",
    namespace: "ml-prod",
    rights: ["get pods"],
  };
  expect(rulesIn(model(), { unused: [{ ...unused, days: 90 }] })).toEqual(["RB-19"]);
  expect(rulesIn(model(), { unused: [{ ...unused, days: 89 }] })).toEqual([]);
});

test("a violation shows its path and a patch; a shared role is not cut under someone else", () => {
  const [alone] = scan(model() + bound(`${rule("get", "configmaps")}, ${rule("list", "secrets")}`)).violations;
  expect(alone?.path).toEqual([
    "ServiceAccount ml-prod/other",
    "RoleBinding ml-prod/b",
    "Role ml-prod/r",
    "rule 2: list secrets",
  ]);
  expect(alone?.fix).toMatchObject({
    target: { kind: "Role", name: "r" },
    patch: [{ op: "remove", path: "/rules/1" }],
  });
  const [shared] = scan(model() + bound(rule("list", "secrets"), `{kind: Group, name: g}, ${sa()}`)).violations.filter(
    ({ subject }) => subject.includes("other"),
  );
  expect(shared?.fix).toMatchObject({
    target: { kind: "RoleBinding", name: "b" },
    patch: [{ op: "remove", path: "/subjects/1" }],
  });
});

test("an exception covers its violation up to its end, and the baseline what was known", () => {
  const { violations } = scan(model() + bound(rule("list", "secrets")));
  const exceptions = [{ rule: "RB-04", owner: "ada", reason: "migration", until: "2026-12-01" as Day }];
  const left = (day: string, baseline: string[] = []) =>
    standing(settle(violations, { exceptions, baseline: new Set(baseline), day: day as Day }), "low").length;
  expect([
    left("2026-12-01"),
    left("2026-12-02"),
    left("2026-12-02", ["RB-04 ServiceAccount ml-prod/other RoleBinding ml-prod/b"]),
  ]).toEqual([0, 1, 0]);
  expect(standing(violations, "critical")).toEqual([]);
});
