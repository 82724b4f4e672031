import fc from "fast-check";
import { expect, test } from "vitest";
import { readObjects } from "#core/kubernetes/read-objects.ts";
import { AuditReader } from "./audit-log.ts";
import { minimize, objectsOf, unusedBy, type Generalisation } from "./minimize.ts";
import { accountUser, readAccess } from "./rbac.ts";

const user = accountUser("ml", "a");
let id = 0;

type Said = {
  verb?: string;
  resource?: string;
  name?: string;
  namespace?: string;
  subresource?: string;
  group?: string;
  decision?: string;
  code?: number;
  stage?: string;
  as?: unknown;
  user?: string;
  id?: string;
  at?: string;
};

function event(said: Said = {}): string {
  const { verb = "get", resource = "pods", namespace = "ml", at = "2026-11-01T10:00:00.000000Z" } = said;
  id += 1;
  return JSON.stringify({
    kind: "Event",
    level: "Metadata",
    auditID: said.id ?? String(id),
    stage: said.stage ?? "ResponseComplete",
    verb,
    user: { username: said.user ?? user, extra: { "authentication.kubernetes.io/pod-name": ["a-0"] } },
    ...(said.as === undefined ? {} : { impersonatedUser: said.as }),
    objectRef: { resource, namespace, name: said.name, subresource: said.subresource, apiGroup: said.group },
    responseStatus: { code: said.code ?? 200 },
    stageTimestamp: at,
    annotations:
      said.decision === ""
        ? undefined
        : { "authorization.k8s.io/decision": said.decision ?? "allow", "authorization.k8s.io/reason": "RBAC: r" },
  });
}

function read(...events: string[]) {
  const reader = new AuditReader();
  for (const line of events) reader.read(line);
  return reader.finish();
}

const used = (...events: string[]) => [...read(...events).uses.keys()].map((key) => key.replace(`${user} `, ""));

test("what was used is what the authoriser allowed, whatever came of it", () => {
  const rows: [string, Said, string[]][] = [
    ["fine", { name: "p" }, ["get  pods  ml p"]],
    ["not found", { name: "p", code: 404 }, ["get  pods  ml p"]],
    ["conflict", { verb: "update", name: "p", code: 409 }, ["update  pods  ml p"]],
    ["forbidden by admission, after it was allowed", { verb: "create", code: 403 }, ["create  pods  ml "]],
    ["denied", { decision: "forbid", code: 403 }, []],
    ["denied, and yet an answer", { decision: "forbid", code: 200 }, []],
    ["no decision, code 200", { decision: "" }, ["get  pods  ml "]],
    ["no decision, code 403", { decision: "", code: 403 }, []],
    ["no decision, code 401", { decision: "", code: 401 }, []],
    ["another stage", { stage: "RequestReceived" }, []],
    ["a response that has begun", { stage: "ResponseStarted" }, []],
    ["a watch that has begun", { stage: "ResponseStarted", verb: "watch" }, ["watch  pods  ml "]],
    ["a panic", { stage: "Panic" }, ["get  pods  ml "]],
    ["a created name is in no URL", { verb: "create", name: "p" }, ["create  pods  ml "]],
    [
      "a created subresource has its name",
      { verb: "create", subresource: "exec", name: "p" },
      ["create  pods exec ml p"],
    ],
  ];
  for (const [name, said, keys] of rows) expect(used(event(said)), name).toEqual(keys);
});

test("an event counts once, whoever repeats it", () => {
  const twice = read(event({ id: "x" }), event({ id: "x" }));
  expect([...twice.uses.values()].map(({ count }) => count)).toEqual([1]);
  expect(
    read(event({ id: "y", stage: "ResponseStarted", verb: "watch" }), event({ id: "y", verb: "watch" })).uses.size,
  ).toBe(1);
});

test("whoever acts as another uses the right to do so, and the other the rest", () => {
  const { uses } = read(event({ user: "boss", as: { username: user, groups: ["system:authenticated", "extra"] } }));
  expect([...uses.keys()]).toEqual([
    `${user} get  pods  ml `,
    "boss impersonate  serviceaccounts  ml a",
    "boss impersonate  groups   extra",
  ]);
});

test("the log says its period, its gaps, what it could not read, and which pods asked", () => {
  const { coverage, uses } = read(
    event({ at: "2026-11-01T10:00:00Z" }),
    event({ at: "2026-11-01T12:30:00Z" }),
    "{",
    "{}",
    event({ at: "2026-11-01T12:40:00Z", decision: "forbid" }),
  );
  expect(coverage).toMatchObject({
    events: 3,
    denied: 1,
    first: "2026-11-01T10:00:00Z",
    last: "2026-11-01T12:40:00Z",
    unreadable: 2,
    gaps: [{ from: "2026-11-01T10:00:00Z", to: "2026-11-01T12:30:00Z" }],
  });
  expect([...uses.values()].map(({ pods, reasons }) => [...pods, ...reasons])).toEqual([["a-0", "RBAC: r"]]);
});

test("too many names are given up for any name, and the log says so", () => {
  const { coverage, uses } = read(...Array.from({ length: 1_200 }, (_, index) => event({ name: `p${index}` })));
  expect([uses.size, coverage.coarsened]).toEqual([1_001, 1]);
});

const exact: Generalisation = { names: "exact", namespaces: "exact", readTrio: false };

function bound(rules: string, { kind = "RoleBinding", more = "" } = {}): string {
  const role = kind === "RoleBinding" ? "Role" : "ClusterRole";
  return (
    `---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ${role}\nmetadata: {name: r, namespace: ml}\nrules: [${rules}]\n` +
    `---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ${kind}\nmetadata: {name: b, namespace: ml}\nroleRef: {kind: ${role}, name: r}\nsubjects: [{kind: ServiceAccount, name: a, namespace: ml}${more}]\n`
  );
}

const small = (grants: string, events: string[], choose: Partial<Generalisation> = {}) =>
  minimize(user, read(...events).uses.values(), readAccess(readObjects([{ file: "f", text: grants }])), {
    ...exact,
    ...choose,
  });
const rulesOf = (found: ReturnType<typeof small>) =>
  found.roles.map(
    ({ namespace, rules }) =>
      `${namespace}: ${rules.map(({ verbs, resources, resourceNames }) => `${verbs.join()} ${resources.join()} ${resourceNames.join()}`.trim()).join("; ")}`,
  );
const all = '{verbs: ["*"], apiGroups: ["*"], resources: ["*"]}';

test("the smallest role holds what was used, in rules that are as few as they can be", () => {
  const events = [
    event({ name: "p" }),
    event({ name: "q" }),
    event({ verb: "list" }),
    event({ verb: "list", resource: "services" }),
    event({ verb: "create", resource: "jobs", group: "batch" }),
  ];
  const found = small(bound(all), events);
  expect(rulesOf(found)).toEqual(["ml: create jobs; get pods p,q; list pods,services"]);
  expect(found.proof).toMatchObject({ usedNotCovered: [], grantedBeyond: [], dropped: ["* *.* in ml"] });
  expect(found.choices.filter(({ of }) => of === "names")).toEqual([
    { of: "names", taken: false, says: "get pods: 2 names seen, any name" },
  ]);
});

test("a choice is taken only where what was granted covers it", () => {
  const wide = bound('{verbs: [get, list], apiGroups: [""], resources: [pods]}', { kind: "ClusterRoleBinding" });
  const events = [event({ name: "p" }), event({ name: "p", namespace: "other" })];
  expect(rulesOf(small(wide, events))).toEqual(["ml: get pods p", "other: get pods p"]);
  expect(rulesOf(small(wide, events, { names: "any", namespaces: "any", readTrio: true }))).toEqual([
    ": get,list pods",
  ]);
  const named = bound('{verbs: [get], apiGroups: [""], resources: [pods], resourceNames: [p]}');
  expect(small(named, [event({ name: "p" })], { names: "any", namespaces: "any", readTrio: true })).toMatchObject({
    choices: [],
    proof: { grantedBeyond: [] },
  });
});

test("a shared role stays for those who hold it as well, and only the user leaves it", () => {
  expect(small(bound(all, { more: ", {kind: Group, name: g}" }), [event()]).leave).toEqual([
    { binding: "RoleBinding ml/b", subject: "ServiceAccount ml/a", role: "Role r", sharedWith: 1 },
  ]);
});

test("what was used and is not granted today is told, not granted anew", () => {
  const found = small(bound('{verbs: [get], apiGroups: [""], resources: [pods]}'), [
    event(),
    event({ verb: "delete", name: "p" }),
  ]);
  expect([rulesOf(found), found.noLongerGranted]).toEqual([["ml: get pods"], [`delete pods "p" in ml`]]);
});

test("rights that no use needed are named, stars only when nothing of theirs was used", () => {
  const unused = (rules: string, ...events: string[]) =>
    unusedBy(user, read(...events).uses.values(), {
      access: readAccess(readObjects([{ file: "f", text: bound(rules) }])),
      days: 100,
    }).flatMap(({ rights }) => rights);
  expect(unused('{verbs: [get, list], apiGroups: [""], resources: [pods]}', event())).toEqual(["list pods"]);
  expect(unused(all, event())).toEqual([]);
  expect(unused(all, event({ namespace: "other" }))).toEqual(["* *.*"]);
});

test("whatever was used, the proof holds in both directions and the printed role reads back", () => {
  const some = fc.record({
    verb: fc.constantFrom("get", "list", "create", "delete"),
    resource: fc.constantFrom("pods", "secrets"),
    namespace: fc.constantFrom("ml", "other"),
    name: fc.constantFrom("", "p", "q"),
  });
  const rule = fc.record({
    verbs: fc.subarray(["get", "list", "create", "*"], { minLength: 1 }),
    resources: fc.subarray(["pods", "secrets", "*"], { minLength: 1 }),
    names: fc.subarray(["p", "q"]),
  });
  fc.assert(
    fc.property(
      fc.array(some, { maxLength: 8 }),
      fc.array(rule, { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      (said, rules, isWide) => {
        const text = rules
          .map(
            ({ verbs, resources, names }) =>
              `{verbs: ${JSON.stringify(verbs)}, apiGroups: [""], resources: ${JSON.stringify(resources)}, resourceNames: ${JSON.stringify(names)}}`,
          )
          .join(", ");
        const grants = bound(text, { kind: isWide ? "ClusterRoleBinding" : "RoleBinding" });
        const found = small(
          grants,
          said.map((each) => event(each)),
          { names: "any", namespaces: "any", readTrio: true },
        );
        expect([found.proof.usedNotCovered, found.proof.grantedBeyond]).toEqual([[], []]);
        const again = readObjects([
          { file: "f", text: JSON.stringify({ apiVersion: "v1", kind: "List", items: objectsOf(user, found) }) },
        ]);
        expect(again.problems).toEqual([]);
      },
    ),
  );
});
