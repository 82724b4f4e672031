import { AuditReader } from "#core/access/audit-log.ts";
import { scanAccess } from "#core/access/scan.ts";
import { readObjects } from "#core/kubernetes/read-objects.ts";
import { type Bench, compare, measure, type Measurement, withGoal } from "./harness.ts";

const api = "rbac.authorization.k8s.io/v1";
const megabyte = 2 ** 20;

/** A dump of a cluster, as `kubectl get -o json` prints it, with the proportions of one that many teams share. */
function clusterOf(accounts: number): string {
  const items: unknown[] = [];
  const namespaces = Math.max(1, accounts / 50);
  for (let at = 0; at < namespaces; at += 1)
    items.push({ apiVersion: "v1", kind: "Namespace", metadata: { name: `ns-${at}` } });
  for (let at = 0; at < accounts; at += 1) {
    const namespace = `ns-${at % namespaces}`;
    items.push({ apiVersion: "v1", kind: "ServiceAccount", metadata: metadata(`sa-${at}`, namespace) });
    if (at % 2 === 0)
      items.push({ apiVersion: api, kind: "Role", metadata: metadata(`role-${at}`, namespace), rules: rules(at) });
    for (const more of [0, 1])
      items.push({
        apiVersion: api,
        kind: "RoleBinding",
        metadata: metadata(`binding-${at}-${more}`, namespace),
        roleRef:
          more === 1 && at % 10 === 0
            ? { kind: "ClusterRole", name: "edit" }
            : { kind: "Role", name: `role-${roleOf(at, namespaces)}` },
        subjects: [{ kind: "ServiceAccount", name: `sa-${at}`, namespace }],
      });
    if (at % 20 === 0) items.push(workload(at, namespace));
  }
  return JSON.stringify({ apiVersion: "v1", kind: "List", items });
}

/** The role of an even account in the same namespace. */
function roleOf(at: number, namespaces: number): number {
  return at % 2 === 0 || namespaces % 2 === 0 ? at - (at % 2) : Math.max(0, at - namespaces);
}

/** What the API server adds to every object. */
function metadata(name: string, namespace: string): unknown {
  return {
    name,
    namespace,
    uid: `00000000-0000-4000-8000-${name.padStart(12, "0")}`,
    resourceVersion: "123456",
    creationTimestamp: "2026-01-01T00:00:00Z",
    labels: { "app.kubernetes.io/name": name, "app.kubernetes.io/managed-by": "Helm" },
    annotations: { "meta.helm.sh/release-name": name },
  };
}

function rules(at: number): unknown[] {
  return [
    { apiGroups: [""], resources: ["configmaps", "services", "pods"], verbs: ["get", "list", "watch"] },
    { apiGroups: [""], resources: at % 10 === 0 ? ["secrets"] : ["events"], verbs: ["get", "list", "create"] },
    { apiGroups: ["apps"], resources: ["deployments", "statefulsets"], verbs: at % 30 === 0 ? ["*"] : ["get", "list"] },
  ];
}

function workload(at: number, namespace: string): unknown {
  const containers = [
    { name: "model", image: "mirror.example/vllm/vllm-openai:v1", resources: { limits: { "nvidia.com/gpu": "1" } } },
  ];
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadata(`llm-${at}`, namespace),
    spec: { template: { spec: { serviceAccountName: `sa-${at}`, containers } } },
  };
}

function scan(text: string): number {
  return scanAccess(readObjects([{ file: "cluster.json", text }])).violations.length;
}

async function scans(): Promise<Measurement[]> {
  const whole = clusterOf(10_000);
  const [parsed, scanned] = await compare(
    { name: `JSON.parse of ${Math.round(whole.length / megabyte)} MB`, work: () => JSON.parse(whole) },
    { name: "scan of 10,000 accounts, 20,000 bindings, 5,000 roles", work: () => scan(whole) },
    { warmUps: 1, runs: 7 },
  );
  const memory = peakMegabytes();
  const tenth = clusterOf(1_000);
  const small = await measure("scan of a tenth of it", () => scan(tenth), { warmUps: 1, runs: 7 });
  const tenfold = clusterOf(100_000);
  const large = await measure("scan of ten times it", () => scan(tenfold), { warmUps: 0, runs: 2 });
  return [
    parsed,
    withGoal(
      scanned,
      `under 3 s, under 500 MB (${memory} MB), at most 3 times the parse`,
      ({ medianMs, ratio }) => medianMs < 3000 && memory < 500 && (ratio?.times ?? 0) <= 3,
    ),
    small,
    withGoal(
      { ...large, ratio: { to: scanned.name, times: large.medianMs / scanned.medianMs } },
      "close to linear: at most 15 times",
      ({ ratio }) => (ratio?.times ?? 0) <= 15,
    ),
  ];
}

/** The most memory that this process ever took, Node and the text of the dump included. */
function peakMegabytes(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}

function event(at: number): string {
  return JSON.stringify({
    kind: "Event",
    apiVersion: "audit.k8s.io/v1",
    level: "Metadata",
    auditID: `00000000-0000-4000-8000-${String(at).padStart(12, "0")}`,
    stage: "ResponseComplete",
    requestURI: `/api/v1/namespaces/ns-${at % 100}/pods/pod-${at}?timeout=10s`,
    verb: ["get", "list", "watch", "update"][at % 4],
    user: {
      username: `system:serviceaccount:ns-${at % 100}:sa-${at % 500}`,
      uid: "u",
      groups: ["system:serviceaccounts", "system:authenticated"],
      extra: { "authentication.kubernetes.io/pod-name": [`pod-${at % 50}`] },
    },
    sourceIPs: ["10.0.0.1"],
    userAgent: "controller/v1.36.0 (linux/amd64)",
    objectRef: { resource: "pods", namespace: `ns-${at % 100}`, name: `pod-${at % 10_000}`, apiVersion: "v1" },
    responseStatus: { metadata: {}, code: 200 },
    requestReceivedTimestamp: "2026-11-01T10:00:00.000000Z",
    stageTimestamp: "2026-11-01T10:00:00.010000Z",
    annotations: {
      "authorization.k8s.io/decision": "allow",
      "authorization.k8s.io/reason": `RBAC: allowed by RoleBinding "b/ns-${at % 100}" of Role "r" to ServiceAccount "sa-${at % 500}/ns-${at % 100}"`,
    },
  });
}

async function logs(): Promise<Measurement[]> {
  const lines = Array.from({ length: 50_000 }, (_, at) => event(at));
  const read = () => {
    const reader = new AuditReader();
    for (const line of lines) reader.read(line);
    return reader.finish();
  };
  return [
    withGoal(
      await measure("audit log of 50,000 events", read, { warmUps: 1, runs: 7, items: lines.length }),
      "50,000 events/s",
      ({ perSecond = 0 }) => perSecond >= 50_000,
    ),
  ];
}

export const bench: Bench = {
  title: "Access of a large cluster",
  run: async () => [...(await scans()), ...(await logs())],
};
