import { describe, expect, test } from "vitest";
import { parseDay } from "#core/basics/time.ts";
import type { Refusal } from "#core/basics/refusal.ts";
import { readObjects } from "#core/kubernetes/read-objects.ts";
import type { Evidence, Known, VulnerabilityReport } from "./evidence.ts";
import { policyOfRecords, readPolicy, type PolicyInput } from "./policy.ts";
import { componentsOf } from "./running.ts";
import { scanSources } from "./scan.ts";

const day = parseDay("2026-11-24");
const d1 = `sha256:${"1".repeat(64)}`;
const d2 = `sha256:${"2".repeat(64)}`;
const commit = "0123456789abcdef0123456789abcdef01234567";

const base: PolicyInput = {
  sources: [
    {
      ref: "AS-01",
      kind: "image",
      address: "registry.example.com/ai",
      signers: ["ci"],
      builders: ["https://build.example.com"],
    },
    { ref: "AS-02", kind: "model", address: "hf://org" },
    { ref: "AS-03", kind: "data", address: "s3://data" },
  ],
  signers: [{ name: "ci", issuer: "https://issuer.example.com", identity: "https://example.com/ci" }],
};

const signed = (signer: string) => ({ signer, by: "identity" as const, found: "referrers" });
const builtBy = (builder: string, ...signers: string[]) => ({
  about: "provenance" as const,
  signers,
  build: { builder, repositories: [] },
});
const provenance = builtBy("https://build.example.com", "ci");
const sbom = { about: "sbom" as const, signers: ["ci"] };

type Spec = Record<string, unknown>;

function cluster(...objects: unknown[]) {
  return readObjects(
    [{ file: "cluster.json", text: JSON.stringify({ kind: "List", apiVersion: "v1", items: objects }) }],
    { cluster: "test" },
  );
}

function deployment(spec: Spec, name = "app"): unknown {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "ml" },
    spec: { template: { spec } },
  };
}

function main(image: string, more: Spec = {}): Spec {
  return { containers: [{ name: "main", image, ...more }] };
}

function broken(spec: Spec, policy: PolicyInput = base, known?: Known): string[] {
  return scanSources(cluster(deployment(spec)), readPolicy(policy), { day, known }).violations.map(({ rule }) => rule);
}

function knowing(evidence: Partial<Evidence>, report?: Omit<VulnerabilityReport, "subject" | "tool">): Known {
  const whole: Evidence = {
    digest: d1,
    signature: "valid",
    signatures: [signed("ci")],
    statements: [provenance, sbom],
    isWhole: true,
    steps: [],
    ...evidence,
  };
  return {
    evidence: new Map([[`registry.example.com/ai/app@${d1}`, whole]]),
    vulnerabilities: new Map(report ? [[d1, { subject: d1, tool: "trivy", ...report }]] : []),
  };
}

const pinned = `registry.example.com/ai/app@${d1}`;

describe("IM-01: an image comes from an approved source", () => {
  test("a pinned image of one breaks nothing", () => expect(broken(main(pinned))).toEqual([]));
  test.each([
    "registry.example.com.evil.io/ai/app",
    "registry.example.com/aix/app",
    "nginx",
    "registry.example.com:5000/ai/app",
  ])("%s does not", (image) => {
    expect(broken(main(`${image}@${d1}`))).toEqual(["IM-01"]);
  });
  test("what cannot be read is from no source", () =>
    expect(broken(main("registry.example.com/AI/app"))).toEqual(["IM-01"]));
  test.each(["initContainers", "ephemeralContainers"])("%s are looked at as well", (list) => {
    expect(broken({ ...main(pinned), [list]: [{ name: "other", image: `evil.io/a@${d1}` }] })).toEqual(["IM-01"]);
  });
  test("so are image volumes", () => {
    expect(broken({ ...main(pinned), volumes: [{ name: "model", image: { reference: `evil.io/a@${d1}` } }] })).toEqual([
      "IM-01",
    ]);
  });
  test("an approval ends with its last day", () => {
    const until = (last: string): PolicyInput => ({
      sources: [{ ref: "AS-01", kind: "image", address: "registry.example.com", until: last }],
    });
    expect(broken(main(pinned), until("2026-11-24"))).toEqual([]);
    expect(broken(main(pinned), until("2026-11-23"))).toEqual(["IM-01"]);
  });
  test("an approval for other namespaces is none here", () => {
    expect(
      broken(main(pinned), {
        sources: [{ ref: "AS-01", kind: "image", address: "registry.example.com", namespaces: ["web"] }],
      }),
    ).toEqual(["IM-01"]);
  });
  test("a source of models is none of images", () => {
    expect(
      broken(main(pinned), { sources: [{ ref: "AS-01", kind: "model", address: "registry.example.com" }] }),
    ).toEqual(["IM-01"]);
  });
});

describe("IM-02: what is named cannot move", () => {
  test("a tag can", () => expect(broken(main("registry.example.com/ai/app:1"))).toEqual(["IM-02"]));
  test("a tag beside a digest misleads", () => {
    const [found] = scanSources(cluster(deployment(main(`registry.example.com/ai/app:1@${d1}`))), readPolicy(base), {
      day,
    }).violations;
    expect(found).toMatchObject({ rule: "IM-02", severity: "low", fix: `Write ${pinned}` });
  });
  test("a tier that need not pin does not", () =>
    expect(
      broken(main("registry.example.com/ai/app:1"), { ...base, defaultTier: 3, require: { digest: [1, 2] } }),
    ).toEqual([]));
  test("the fix names the digest that runs, which the pod of the replica set tells", () => {
    const image = "registry.example.com/ai/app:1";
    const owner = (kind: string, name: string) => [{ apiVersion: "apps/v1", kind, name, controller: true }];
    const objects = cluster(
      deployment(main(image)),
      {
        apiVersion: "apps/v1",
        kind: "ReplicaSet",
        metadata: { name: "app-1", namespace: "ml", ownerReferences: owner("Deployment", "app") },
        spec: { template: { spec: main(image) } },
      },
      {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "app-1-x", namespace: "ml", ownerReferences: owner("ReplicaSet", "app-1") },
        spec: main(image),
        status: {
          containerStatuses: [{ name: "main", imageID: `docker-pullable://registry.example.com/ai/app@${d1}` }],
        },
      },
    );
    const { violations, components } = scanSources(objects, readPolicy(base), { day });
    expect(violations.map(({ rule, fix }) => [rule, fix])).toEqual([["IM-02", `Write ${pinned}`]]);
    expect(components).toHaveLength(1);
    expect(components[0]).toMatchObject({ digest: d1, pinned: false, source: "AS-01", signature: "unknown" });
  });
  test("a pod whose controller is not listed is still looked at", () => {
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: "p",
        namespace: "ml",
        ownerReferences: [{ kind: "ReplicaSet", name: "gone", controller: true }],
      },
      spec: main(`evil.io/a@${d1}`),
    };
    expect(scanSources(cluster(pod), readPolicy(base), { day }).violations.map(({ rule }) => rule)).toEqual(["IM-01"]);
  });
});

describe("IM-03 to IM-06: what was proven about the bytes", () => {
  test.each([
    [{ signature: "valid" }, []],
    [{ signature: "missing" }, ["IM-03"]],
    [{ signature: "invalid" }, ["IM-03"]],
    [{ signature: "wrong_signer" }, ["IM-03"]],
    [{ signatures: [signed("other")] }, ["IM-03"]],
    [{ statements: [sbom] }, ["IM-04"]],
    [{ statements: [sbom, builtBy("https://build.example.com.evil", "ci")] }, ["IM-04"]],
    [{ statements: [sbom, builtBy("https://build.example.com", "other")] }, ["IM-04"]],
    [{ statements: [provenance] }, ["IM-05"]],
    [{ statements: [provenance, { ...sbom, signers: ["other"] }] }, ["IM-05"]],
    [{ statements: [], isWhole: false }, []],
  ] as [Partial<Evidence>, string[]][])("%j", (evidence, expected) =>
    expect(broken(main(pinned), base, knowing(evidence))).toEqual(expected),
  );

  test("provenance is asked of tier 1 alone", () =>
    expect(broken(main(pinned), { ...base, defaultTier: 2 }, knowing({ statements: [sbom] }))).toEqual([]));

  test("without evidence the rules are said not to have been evaluated", () => {
    const { scan } = scanSources(cluster(deployment(main(pinned))), readPolicy(base), { day });
    expect(scan.notEvaluated.map(({ rule }) => rule)).toEqual([
      "IM-03",
      "IM-04",
      "IM-05",
      "IM-06",
      "IM-09",
      "IM-10",
      "IM-13",
    ]);
  });

  const vulnerability = {
    id: "CVE-1",
    package: "zlib",
    severity: "critical",
    fixedIn: "2",
    fixedSince: parseDay("2026-11-09"),
  } as const;
  test.each([
    ["a fix of 15 days is overdue", { dataOn: day, found: [vulnerability] }, ["IM-06"]],
    ["a fix of 14 days is not", { dataOn: day, found: [{ ...vulnerability, fixedSince: parseDay("2026-11-10") }] }, []],
    ["what is not critical has time", { dataOn: day, found: [{ ...vulnerability, severity: "high" as const }] }, []],
    ["data of 7 days say something", { dataOn: parseDay("2026-11-17"), found: [] }, []],
    ["data of 8 days say nothing", { dataOn: parseDay("2026-11-16"), found: [] }, ["IM-06"]],
  ])("%s", (_, report, expected) => expect(broken(main(pinned), base, knowing({}, report))).toEqual(expected));
});

describe("IM-07, IM-08, IM-12: models and data", () => {
  const args = (...words: string[]) => main(pinned, { args: words });
  test.each([
    [["--model", `org/model@${commit}`], []],
    [[`--model=org/model`, "--revision", commit], []],
    [["--model", "org/model"], ["IM-02"]],
    [["--model", `other/model@${commit}`], ["IM-07"]],
    [["--model", "/models/a"], []],
    [["--model", `org/model@${commit}`, "--trust-remote-code"], ["IM-12"]],
    [["--trust-remote-code"], ["IM-12"]],
    [["--model", `hf://org/model@${commit}/pytorch_model.bin`], ["IM-12"]],
    [["--model", `hf://org/model@${commit}/model.safetensors`], []],
    [["--dataset-uri", "s3://data/a"], []],
    [["--dataset-uri", "s3://other/a"], ["IM-08"]],
  ])("%j", (words, expected) => expect(broken(args(...words))).toEqual(expected));

  test("a variable is followed into the argument", () => {
    expect(
      broken(main(pinned, { args: ["--model", "$(WHICH)"], env: [{ name: "WHICH", value: `evil/model@${commit}` }] })),
    ).toEqual(["IM-07"]);
  });
  test("a shell's script is looked through", () => {
    expect(broken(main(pinned, { command: ["sh", "-c", `exec vllm serve evil/model@${commit} --port 80`] }))).toEqual([
      "IM-07",
    ]);
  });
  test("an operator's storage address is a model", () => {
    const service = {
      apiVersion: "serving.kserve.io/v1beta1",
      kind: "InferenceService",
      metadata: { name: "m", namespace: "ml" },
      spec: { predictor: { model: { storageUri: "s3://evil/model" } } },
    };
    expect(
      scanSources(cluster(service), readPolicy(base), { day }).violations.map(({ rule, at }) => [rule, at]),
    ).toEqual([["IM-07", "spec.predictor.model.storageUri"]]);
  });
  test("a scan on record lets a pickle in", () => {
    expect(
      broken(args("--model", `hf://org/model@${commit}/pytorch_model.bin`), {
        ...base,
        models: { scanned: [{ address: "hf://org/model", by: "picklescan", on: "2026-11-01" }] },
      }),
    ).toEqual([]);
  });
  test("another revision than the recorded one is not the model", () => {
    const artefacts = (digest: string): PolicyInput => ({
      ...base,
      artefacts: [{ ref: "MD-01", kind: "model", address: "hf://org/model", digest }],
    });
    expect(broken(args("--model", `org/model@${commit}`), artefacts(commit))).toEqual([]);
    expect(broken(args("--model", `org/model@${commit}`), artefacts("f".repeat(40)))).toEqual(["IM-07"]);
  });
});

describe("IM-09 and IM-11: what keeps out", () => {
  const labels = { "aims.dev/source-policy": "x" };
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "ml" } };
  const gate = (failurePolicy = "Fail") => ({
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicy",
    metadata: { name: "s", labels },
    spec: { failurePolicy, matchConstraints: {} },
  });
  const binding = (action = "Deny", more: Spec = {}) => ({
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name: "b" },
    spec: { policyName: "s", validationActions: [action], ...more },
  });
  const rulesWith = (...objects: unknown[]) =>
    scanSources(cluster(namespace, deployment(main(pinned)), ...objects), readPolicy(base), { day }).violations.map(
      ({ rule }) => rule,
    );

  test("a binding that denies does", () => expect(rulesWith(gate(), binding())).toEqual([]));
  test("nothing does not", () => expect(rulesWith()).toEqual(["IM-09"]));
  test("a policy without a binding does not", () => expect(rulesWith(gate())).toEqual(["IM-09"]));
  test("a warning does not", () => expect(rulesWith(gate(), binding("Warn"))).toEqual(["IM-09"]));
  test("one that fails open does not", () => expect(rulesWith(gate("Ignore"), binding())).toEqual(["IM-09"]));
  test("one that passes the namespace by does not, and that is an exemption", () => {
    const selector = {
      matchResources: {
        namespaceSelector: {
          matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "NotIn", values: ["ml"] }],
        },
      },
    };
    expect(rulesWith(gate(), binding("Deny", selector))).toEqual(["IM-09", "IM-11"]);
  });
  test("an exemption takes its violations away and is one itself, until it ends", () => {
    const exempt = (until: string): PolicyInput => ({
      ...base,
      exempt: [{ namespace: "ml", reason: "moving", until }],
    });
    expect(broken(main("evil.io/a"), exempt("2026-11-24"))).toEqual(["IM-11"]);
    expect(broken(main("evil.io/a"), exempt("2026-11-23"))).toEqual(["IM-01", "IM-02"]);
  });
});

test("IM-10: what runs in the namespace is what its release approved", () => {
  const releases = (digest: string): PolicyInput => ({
    ...base,
    releases: [{ ref: "REL-01", namespace: "ml", images: [digest] }],
  });
  expect(broken(main(pinned), releases(d1))).toEqual([]);
  expect(broken(main(pinned), releases(d2))).toEqual(["IM-10"]);
});

test("IM-13: a base whose support has ended, by what its maker says it was built on", () => {
  const policy: PolicyInput = {
    ...base,
    endOfSupport: [{ address: "docker.io/library/debian", tag: "10", on: "2024-06-30" }],
  };
  expect(broken(main(pinned), policy, knowing({ base: "debian:10-slim" }))).toEqual(["IM-13"]);
  expect(broken(main(pinned), policy, knowing({ base: "debian:12" }))).toEqual([]);
});

test("cron jobs and the resources of operators are looked at", () => {
  const cron = {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name: "c", namespace: "ml" },
    spec: { jobTemplate: { spec: { template: { spec: main("evil.io/a") } } } },
  };
  const ray = {
    apiVersion: "ray.io/v1",
    kind: "RayCluster",
    metadata: { name: "r", namespace: "ml" },
    spec: { headGroupSpec: { template: { spec: main("evil.io/b") } } },
  };
  expect(componentsOf(cluster(cron, ray)).map(({ reference }) => reference.input)).toEqual(["evil.io/a", "evil.io/b"]);
});

describe("a policy", () => {
  const problemsOf = (value: unknown): string[] => {
    try {
      readPolicy(value);
      return [];
    } catch (refusal) {
      return (refusal as Refusal).problems.map(({ place }) => place?.field ?? "");
    }
  };
  test.each([
    [{ sources: [{ ref: "A", kind: "image", address: "nginx" }] }, ["sources.0.address"]],
    [{ sources: [{ ref: "A", kind: "image", address: "quay.io", signers: ["x"] }] }, ["sources.0.signers.0"]],
    [{ sources: [], signers: [{ name: "a", issuer: "http://a", identity: "b" }] }, ["signers.0.issuer"]],
    [{ sources: [], signers: [{ name: "a", issuer: "https://a", identity: "*" }] }, ["signers.0.identity"]],
    [{ sources: [], wish: 1 }, [""]],
    [{}, ["sources"]],
    [null, [""]],
  ])("%j is refused with its place", (value, fields) => expect(problemsOf(value)).toEqual(fields));

  test("is told by approved records alone", () => {
    const told = policyOfRecords(
      [
        { ref: "AS-01", state: "approved", source_kind: "image", address: "quay.io/org" },
        { ref: "AS-02", state: "revoked", source_kind: "image", address: "quay.io/old" },
        { ref: "AS-03", state: "proposed", source_kind: "image", address: "quay.io/new" },
      ],
      {},
    );
    expect(readPolicy(told).sources.map(({ ref }) => ref)).toEqual(["AS-01"]);
  });
});
