import { expect, test } from "vitest";
import { readObjects } from "#core/kubernetes/read-objects.ts";
import {
  allows,
  askerOf,
  findGrant,
  readAccess,
  reasonOf,
  whoCan,
  type PathRequest,
  type ResourceRequest,
  type Rule,
} from "./rbac.ts";

const rule = (text: string): Rule => {
  const [verbs = "", resources = "", group = "", names] = text.split(" ");
  const isPath = resources.startsWith("/") || resources === "URL";
  const list = (part: string) => part.split(",");
  return {
    verbs: list(verbs),
    apiGroups: isPath ? [] : list(group === "core" ? "" : group),
    resources: isPath ? [] : list(resources),
    resourceNames: names ? list(names) : [],
    nonResourceURLs: isPath ? list(resources === "URL" ? "*" : resources) : [],
  };
};

function request(text: string): ResourceRequest | PathRequest {
  const [verb = "", what = "", name = ""] = text.split(" ");
  if (what.startsWith("/")) return { verb, path: what };
  const [whole = "", ...group] = what.split(".");
  const [resource = "", subresource = ""] = whole.split("/");
  return { verb, group: group.join("."), resource, subresource, name, namespace: "ns" };
}

test("a rule allows what the authoriser's rules say, and nothing more", () => {
  const rows: [string, string, boolean][] = [
    ["get pods core", "get pods", true],
    ["get pods core", "GET pods", false],
    ["* pods core", "anything pods", true],
    ["get pods core", "get pods/status", false],
    ["get pods/* core", "get pods/log", false],
    ["get */log core", "get pods/log", true],
    ["get */log core", "get pods", false],
    ["create */exec core", "create pods/exec", true],
    ["get * core", "get pods/log", true],
    ["get * core", "get deployments.apps", false],
    ["get * *", "get deployments.apps", true],
    ["get deployments apps", "get deployments.apps", true],
    ["get deployments core", "get deployments.apps", false],
    ["create pods core a", "create pods", false],
    ["create pods/exec core a", "create pods/exec a", true],
    ["create pods/exec core a", "create pods/exec b", false],
    ["list secrets core a", "list secrets", false],
    ["list secrets core a", "list secrets a", true],
    ["deletecollection pods core a", "deletecollection pods", false],
    ["get * * *", "get pods a", false],
    ["get /api", "get /api", true],
    ["get /api/*", "get /api", false],
    ["get /api/*", "get /api/v1", true],
    ["get /api/**", "get /api/v1", true],
    ["get /api/*/*", "get /api/v1", false],
    ["get URL", "get /anything", true],
    ["get pods core", "get /api", false],
    ["* * *", "get /api", false],
    ["get URL", "get pods", false],
  ];
  for (const [granted, asked, answer] of rows)
    expect(allows(rule(granted), request(asked)), `${granted}: ${asked}`).toBe(answer);
});

const role = (kind: string, name: string, rules: string, more = "") =>
  `---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ${kind}\nmetadata: {name: ${name}, namespace: ns${more}}\nrules: [${rules}]\n`;
const pods = `{verbs: [get], apiGroups: [""], resources: [pods, namespaces, nodes]}`;
const binding = (kind: string, roleRef: string, subject: string) => {
  const [roleKind, name] = roleRef.split(" ");
  return `---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ${kind}\nmetadata: {name: b, namespace: ns}\nroleRef: {kind: ${roleKind}, name: ${name}}\nsubjects: [${subject}]\n`;
};
const access = (text: string) => readAccess(readObjects([{ file: "f", text }]));
const sa = "{kind: ServiceAccount, name: a, namespace: ns}";

const get = (resource: string, namespace = "ns"): ResourceRequest => ({
  verb: "get",
  group: "",
  resource,
  subresource: "",
  name: "x",
  namespace,
});

test("a binding speaks of the subjects, the place and the role that it names", () => {
  const user = "system:serviceaccount:ns:a";
  const rows: [string, string, string, string, ResourceRequest, boolean][] = [
    ["RoleBinding", "Role r", sa, user, get("pods"), true],
    ["RoleBinding", "Role r", sa, user, get("pods", "other"), false],
    ["RoleBinding", "Role r", "{kind: ServiceAccount, name: a}", user, get("pods"), true],
    ["RoleBinding", "Role r", `{kind: User, name: "system:serviceaccount:ns:a"}`, user, get("pods"), true],
    ["RoleBinding", "Role r", `{kind: User, name: "*"}`, user, get("pods"), false],
    ["RoleBinding", "Role r", "{kind: Group, name: system:serviceaccounts}", user, get("pods"), true],
    ["RoleBinding", "Role r", "{kind: Group, name: system:serviceaccounts:ns}", user, get("pods"), true],
    ["RoleBinding", "Role r", "{kind: Group, name: system:serviceaccounts:other}", user, get("pods"), false],
    ["RoleBinding", "Role r", "{kind: Group, name: system:authenticated}", "bob", get("pods"), true],
    ["RoleBinding", "Role r", "{kind: Group, name: system:authenticated}", "system:anonymous", get("pods"), false],
    ["RoleBinding", "Role r", "{kind: Group, name: bob}", "bob", get("pods"), false],
    ["RoleBinding", "ClusterRole c", sa, user, get("pods"), true],
    ["RoleBinding", "ClusterRole c", sa, user, get("nodes", ""), false],
    ["RoleBinding", "ClusterRole c", sa, user, get("namespaces", "ns"), true],
    ["RoleBinding", "Role missing", sa, user, get("pods"), false],
    ["ClusterRoleBinding", "ClusterRole c", sa, user, get("pods", "other"), true],
    ["ClusterRoleBinding", "ClusterRole c", sa, user, get("nodes", ""), true],
    ["ClusterRoleBinding", "Role r", sa, user, get("pods"), false],
    ["ClusterRoleBinding", "ClusterRole c", "{kind: ServiceAccount, name: a}", user, get("pods"), false],
    ["ClusterRoleBinding", "ClusterRole cluster-admin", sa, user, get("anything"), true],
  ];
  for (const [kind, roleRef, subject, asker, asked, answer] of rows) {
    const read = access(role("Role", "r", pods) + role("ClusterRole", "c", pods) + binding(kind, roleRef, subject));
    expect(findGrant(askerOf(asker), asked, read) !== undefined, `${kind} ${roleRef} ${subject} ${asker}`).toBe(answer);
  }
});

test("a missing role is a problem, and the other bindings still hold", () => {
  const read = access(
    role("Role", "r", pods) +
      binding("RoleBinding", "Role missing", sa) +
      binding("RoleBinding", "Role r", sa).replace("name: b,", "name: b2,"),
  );
  expect(read.problems.map(({ message }) => message)).toEqual([
    `RoleBinding ns/b refers to Role "missing", which is not there`,
  ]);
  expect(findGrant(askerOf("system:serviceaccount:ns:a"), get("pods"), read)?.binding.name).toBe("b2");
});

test("the reason is said as the authoriser says it", () => {
  const read = access(role("Role", "r", pods) + binding("RoleBinding", "Role r", sa));
  const grant = findGrant(askerOf("system:serviceaccount:ns:a"), get("pods"), read);
  expect(grant && reasonOf(grant)).toBe(`RBAC: allowed by RoleBinding "b/ns" of Role "r" to ServiceAccount "a/ns"`);
  expect(whoCan(get("pods"), read).map(reasonOf)).toEqual([grant && reasonOf(grant)]);
  expect(whoCan(get("pods", "other"), read)).toEqual([]);
});

test("named groups take the place of a service account's own", () => {
  expect(askerOf("system:serviceaccount:ns:a").groups).toEqual([
    "system:serviceaccounts",
    "system:serviceaccounts:ns",
    "system:authenticated",
  ]);
  expect(askerOf("system:serviceaccount:ns:a", ["g"]).groups).toEqual(["g", "system:authenticated"]);
});

test("aggregation is a fix-point, sorted, without doubles, and overwrites what was written by hand", () => {
  const cluster = (name: string, labels: string, rules: string, aggregation = "") =>
    `---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: ${name}, labels: {${labels}}}\nrules: [${rules}]\n${aggregation}`;
  const selects = (selector: string) => `aggregationRule: {clusterRoleSelectors: [${selector}]}\n`;
  const verb = (name: string) => `{verbs: [${name}], apiGroups: [""], resources: [pods]}`;
  const read = access(
    cluster("top", "", verb("byhand"), selects("{matchLabels: {to: top}}")) +
      cluster(
        "middle",
        "to: top",
        `${verb("lost")}, ${verb("gone")}`,
        selects("{matchExpressions: [{key: to, operator: In, values: [middle]}]}"),
      ) +
      cluster("z", "to: middle", verb("zz")) +
      cluster("aa", "to: middle", `${verb("zz")}, ${verb("first")}`) +
      cluster("self", "self: t", verb("own"), selects("{matchLabels: {self: t}}")),
  );
  const verbs = (name: string) => read.roles.find((each) => each.name === name)?.rules.map((each) => each.verbs[0]);
  expect([verbs("top"), verbs("middle"), verbs("self")]).toEqual([["zz", "first"], ["zz", "first"], []]);
});
