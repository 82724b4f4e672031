import { Environment } from "@marcbachmann/cel-js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDay } from "#core/basics/time.ts";
import { readObjects } from "#core/kubernetes/read-objects.ts";
import { selects } from "./admission-state.ts";
import { whyKeptOut } from "./admission.ts";
import { compileToAdmissionPolicy, compileToKyverno } from "./compile.ts";
import { readPolicy, type PolicyInput, type SourcePolicy } from "./policy.ts";
import { scanSources } from "./scan.ts";

const day = parseDay("2026-11-24");
const digest = `@sha256:${"a".repeat(64)}`;

const told: PolicyInput = {
  sources: [
    { ref: "AS-01", kind: "image", address: "registry.example.com/ai" },
    { ref: "AS-02", kind: "image", address: "docker.io/library/nginx" },
    { ref: "AS-03", kind: "image", address: "docker.io/bitnami/", namespaces: ["web"] },
    { ref: "AS-04", kind: "image", address: "quay.io", until: "2026-11-23" },
    { ref: "AS-05", kind: "model", address: "models.example.com:5000" },
    { ref: "AS-06", kind: "image", address: "[2001:db8::1]:5000/a" },
    { ref: "AS-07", kind: "image", address: "ghcr.io/org/a.b" },
  ],
  systems: [{ ref: "AIS-01", tier: 3, namespaces: ["web"] }],
  require: { digest: [1, 2] },
  exempt: [
    { namespace: "kube-system", reason: "the cluster's own" },
    { namespace: "old", reason: "gone", until: "2026-11-23" },
  ],
};
const policies: readonly SourcePolicy[] = [
  readPolicy(told),
  readPolicy({ sources: [] }),
  readPolicy({
    ...told,
    sources: [
      { ref: "A", kind: "image", address: "docker.io" },
      { ref: "B", kind: "image", address: "localhost" },
    ],
  }),
  readPolicy({
    ...told,
    sources: [{ ref: "A", kind: "image", address: "docker.io/library" }],
    require: { digest: false },
  }),
];

type Pod = { metadata: { name: string; namespace: string }; kind: string; apiVersion: string; spec: unknown };
type Cel = { variables: { name: string; expression: string }[]; expressions: { expression: string }[] };

/** Whether the expressions let the object in, as an API server would ask them. */
function evaluatorOf({ variables, expressions }: Cel): (object: Pod) => boolean {
  const environment = new Environment({ unlistedVariablesAreDyn: true });
  const makers = variables.map(({ name, expression }) => ({ name, run: environment.parse(expression) }));
  const checks = expressions.map(({ expression }) => environment.parse(expression));
  return (object) => {
    const context = {
      object,
      request: { namespace: object.metadata.namespace },
      variables: {} as Record<string, unknown>,
    };
    for (const { name, run } of makers) context.variables[name] = run(context);
    return checks.every((check) => check(context) === true);
  };
}

function admissionPolicy(policy: SourcePolicy): (object: Pod) => boolean {
  const [made] = compileToAdmissionPolicy(policy, day) as {
    spec: {
      variables: Cel["variables"];
      validations: Cel["expressions"];
      matchConstraints: { namespaceSelector?: unknown };
    };
  }[];
  if (!made) throw new Error("Nothing was compiled");
  const evaluate = evaluatorOf({ variables: made.spec.variables, expressions: made.spec.validations });
  return (object) =>
    !selects(made.spec.matchConstraints.namespaceSelector, {
      "kubernetes.io/metadata.name": object.metadata.namespace,
    }) || evaluate(object);
}

function kyverno(policy: SourcePolicy): (object: Pod) => boolean {
  const { spec } = compileToKyverno(policy, day) as {
    spec: { rules: { exclude?: { any: { resources: { namespaces: string[] } }[] }; validate?: { cel: Cel } }[] };
  };
  const [rule] = spec.rules;
  if (!rule?.validate) throw new Error("Nothing was compiled");
  const evaluate = evaluatorOf(rule.validate.cel);
  return (object) =>
    rule.exclude?.any.some(({ resources }) => resources.namespaces.includes(object.metadata.namespace)) === true ||
    evaluate(object);
}

function ours(policy: SourcePolicy): (object: Pod) => boolean {
  return (pod) => {
    const [object] = readObjects([{ file: "pod.json", text: JSON.stringify(pod) }]).objects;
    if (!object) throw new Error("The pod was not read");
    return whyKeptOut(object, { policy, day }).length === 0;
  };
}

const deciders = policies.map((policy) => ({
  ours: ours(policy),
  admissionPolicy: admissionPolicy(policy),
  kyverno: kyverno(policy),
}));

const registries = fc.constantFrom(
  "",
  "docker.io/",
  "index.docker.io/",
  "Docker.IO/",
  "registry.example.com/",
  "registry.example.com.evil.io/",
  "REGISTRY.example.com/",
  "registry.example.com:443/",
  "models.example.com:5000/",
  "quay.io/",
  "localhost/",
  "LocalHost/",
  "[2001:db8::1]:5000/",
  "[2001:DB8::1]:5000/",
  "ghcr.io/",
  "Foo/",
  "registryXexample.com/",
  "https://registry.example.com/",
  "/",
);
const paths = fc.constantFrom(
  "nginx",
  "library/nginx",
  "library",
  "library/nginx/x",
  "bitnami",
  "bitnami/redis",
  "ai",
  "ai/app",
  "aix/app",
  "ai/app/x",
  "AI/app",
  "a",
  "a/b",
  "ab",
  "org/a.b",
  "org/a.b/c",
  "org/axb",
  "org.x/y",
  "a.b",
  "a__b",
  "a___b",
  "a--b/c",
  "",
  "a//b",
  "f".repeat(64),
  "ai/app/",
  "localhost",
);
const tags = fc.constantFrom("", ":1", ":latest", ":-x", `:${"t".repeat(128)}`, `:${"t".repeat(129)}`, ":", ":5000/x");
const digests = fc.constantFrom(
  "",
  "",
  digest,
  digest.toUpperCase(),
  "@sha256:abc",
  `@sha512:${"b".repeat(128)}`,
  `@md5:${"a".repeat(32)}`,
  `${digest}${digest}`,
  `${digest}\n`,
);
const image = fc.oneof(
  { weight: 9, arbitrary: fc.tuple(registries, paths, tags, digests).map((parts) => parts.join("")) },
  fc.string({ maxLength: 20 }),
);
const container = image.map((text, ...rest) => ({ name: `c${rest.length}`, image: text }));

const pod: fc.Arbitrary<Pod> = fc
  .record({
    namespace: fc.constantFrom("ml", "web", "kube-system", "old"),
    kind: fc.constantFrom("Pod", "Deployment", "CronJob"),
    containers: fc.array(container, { minLength: 1, maxLength: 2 }),
    initContainers: fc.option(fc.array(container, { minLength: 1, maxLength: 2 }), { nil: undefined, freq: 1 }),
    ephemeralContainers: fc.option(fc.array(container, { minLength: 1, maxLength: 1 }), { nil: undefined, freq: 1 }),
    mounted: fc.option(image, { nil: undefined, freq: 1 }),
  })
  .map(({ namespace, kind, mounted, ...rest }) => {
    const spec = {
      ...rest,
      volumes: [
        { name: "tmp", emptyDir: {} },
        ...(mounted === undefined ? [] : [{ name: "model", image: { reference: mounted } }]),
      ],
    };
    const deep =
      kind === "Pod"
        ? spec
        : kind === "CronJob"
          ? { jobTemplate: { spec: { template: { spec } } } }
          : { template: { spec } };
    // As it arrives: what is absent is not there, rather than undefined.
    return JSON.parse(
      JSON.stringify({ apiVersion: "v1", kind, metadata: { name: "p", namespace }, spec: deep }),
    ) as Pod;
  });

describe("the admission policy, Kyverno and our own judgement say the same", () => {
  test("of thousands of generated pods", () => {
    const counts = { in: 0, out: 0 };
    fc.assert(
      fc.property(pod, (object) => {
        for (const { ours: judge, admissionPolicy: first, kyverno: second } of deciders) {
          const isIn = judge(object);
          counts[isIn ? "in" : "out"] += 1;
          expect({ admissionPolicy: first(object), kyverno: second(object) }).toEqual({
            admissionPolicy: isIn,
            kyverno: isIn,
          });
        }
      }),
      { numRuns: 3000 },
    );
    expect(counts.in).toBeGreaterThan(500);
    expect(counts.out).toBeGreaterThan(500);
  });

  test("of every name alone", () => {
    const all = (arbitrary: fc.Arbitrary<string>) => [...new Set(fc.sample(arbitrary, { numRuns: 400, seed: 1 }))];
    for (const registry of all(registries))
      for (const path of all(paths))
        for (const end of ["", ":1", digest, `:1${digest}`]) {
          const text = registry + path + end;
          if (text === "") continue;
          const object: Pod = {
            apiVersion: "v1",
            kind: "Pod",
            metadata: { name: "p", namespace: "web" },
            spec: { containers: [{ name: "c", image: text }] },
          };
          for (const { ours: judge, admissionPolicy: first } of deciders)
            expect([text, first(object)]).toEqual([text, judge(object)]);
        }
  });
});

test("what is compiled satisfies the rule that something must keep out", () => {
  const policy = readPolicy({ ...told, exempt: [] });
  const workload = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", namespace: "ml" },
    spec: { containers: [{ name: "c", image: `registry.example.com/ai/app${digest}` }] },
  };
  for (const compiled of [compileToAdmissionPolicy(policy, day), [compileToKyverno(policy, day)]]) {
    const items = [{ apiVersion: "v1", kind: "Namespace", metadata: { name: "ml" } }, workload, ...compiled];
    const objects = readObjects([{ file: "c.json", text: JSON.stringify({ apiVersion: "v1", kind: "List", items }) }]);
    expect(scanSources(objects, policy, { day }).violations).toEqual([]);
  }
});

test("an approval that has ended is not compiled, and the next end is said", () => {
  const [made] = compileToAdmissionPolicy(
    readPolicy({
      sources: [
        { ref: "A", kind: "image", address: "quay.io", until: "2026-12-01" },
        { ref: "B", kind: "image", address: "gone.example.com", until: "2026-11-01" },
      ],
    }),
    day,
  );
  expect(JSON.stringify(made)).not.toContain("gone");
  expect(made).toMatchObject({ metadata: { annotations: { "aims.dev/holds-until": "2026-12-01" } } });
});

test("Kyverno is told of the signers", () => {
  const policy = readPolicy({
    sources: [{ ref: "AS-01", kind: "image", address: "quay.io/org", signers: ["ci"] }],
    signers: [{ name: "ci", issuer: "https://i.example.com", identity: "https://example.com/ci" }],
  });
  expect(compileToKyverno(policy, day)).toMatchObject({
    spec: {
      rules: [
        {},
        {
          verifyImages: [
            {
              imageReferences: ["quay.io/org:*", "quay.io/org@*", "quay.io/org/*"],
              attestors: [{ entries: [{ keyless: { subject: "https://example.com/ci" } }] }],
            },
          ],
        },
      ],
    },
  });
});
