import { parseDay } from "#core/basics/time.ts";
import type { ClusterSnapshot } from "#core/kubernetes/object.ts";
import { readObjects } from "#core/kubernetes/read-objects.ts";
import { whyKeptOut } from "#core/sources/admission.ts";
import { readPolicy } from "#core/sources/policy.ts";
import { parseReference } from "#core/sources/reference.ts";
import { scanSources } from "#core/sources/scan.ts";
import { sourceOf } from "#core/sources/violations.ts";
import { type Bench, measure, type Measurement, withGoal } from "./harness.ts";

const day = parseDay("2026-11-24");
const digest = `sha256:${"a".repeat(64)}`;
const references = 100_000;
const pods = 10_000;
const reviews = 2_000;

const policy = readPolicy({
  sources: Array.from({ length: 200 }, (_, at) => ({
    ref: `AS-${at}`,
    kind: "image" as const,
    address: `registry-${at % 20}.example.com/team-${at}`,
  })),
});

/** Half of them from approved sources, some from none, some that are none. */
function imageOf(at: number): string {
  const host = `registry-${at % 25}.example.com`;
  return at % 50 === 0
    ? `${host}/Team`
    : `${host}/team-${at % 400}/app-${at % 1000}${at % 2 === 0 ? `@${digest}` : ":v1"}`;
}

function podOf(at: number): unknown {
  const container = (name: string, more: number) => ({
    name,
    image: imageOf(at + more),
    args: ["--port", "80"],
    env: [{ name: "A", value: "b" }],
  });
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `pod-${at}`, namespace: `ns-${at % 100}` },
    spec: {
      initContainers: [container("init", 7)],
      containers: [container("main", 0), container("sidecar", 3)],
      volumes: [{ name: "v", emptyDir: {} }],
    },
    status: { containerStatuses: [{ name: "main", imageID: `${imageOf(at).split(/[:@]/)[0] ?? ""}@${digest}` }] },
  };
}

export const bench: Bench = {
  title: "Sources",
  async run() {
    const items = Array.from({ length: pods }, (_, at) => podOf(at));
    const cluster = readObjects([
      { file: "cluster.json", text: JSON.stringify({ apiVersion: "v1", kind: "List", items }) },
    ]);
    return [await parsed(), await scanned(cluster), await reviewed(cluster)];
  },
};

async function parsed(): Promise<Measurement> {
  const inputs = Array.from({ length: references }, (_, at) => imageOf(at));
  const workload = { kind: "Pod", namespace: "a", name: "a" };
  const measured = await measure(
    "100,000 references parsed and matched",
    () =>
      inputs.forEach((input) =>
        sourceOf({ role: "main", workload, reference: parseReference(input) }, { policy, day }),
      ),
    { warmUps: 1, runs: 7 },
  );
  return withGoal(measured, "under 1 s", ({ medianMs }) => medianMs < 1000);
}

async function scanned(cluster: ClusterSnapshot): Promise<Measurement> {
  const measured = await measure("10,000 pods scanned", () => scanSources(cluster, policy, { day }), {
    warmUps: 1,
    runs: 5,
  });
  return withGoal(measured, "under 2 s", ({ medianMs }) => medianMs < 2000);
}

async function reviewed({ objects }: ClusterSnapshot): Promise<Measurement> {
  const measured = await measure(
    "2,000 pods judged at admission, without the network",
    () => objects.slice(0, reviews).forEach((object) => whyKeptOut(object, { policy, day })),
    { warmUps: 1, runs: 7 },
  );
  return withGoal(measured, "under 1 s", ({ medianMs }) => medianMs < 1000);
}
