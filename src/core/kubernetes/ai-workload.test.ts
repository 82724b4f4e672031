import { expect, test } from "vitest";
import { aiWorkloadsOf, repositoryPath } from "./ai-workload.ts";
import { nameOf } from "./object.ts";
import { readObjects } from "./read-objects.ts";
import { secretsOf, workloadsOf } from "./workload.ts";

const read = (text: string) => readObjects([{ file: "f", text }]);

function check(text: string, lines: string[]): void {
  expect(
    aiWorkloadsOf(read(text)).map(
      ({ workload, certainty, purpose, signals }) =>
        `${nameOf(workload.object)} ${certainty} ${purpose}: ${signals.map(({ kind }) => kind).join(" ")}`,
    ),
  ).toEqual(lines);
}

const pod = (spec: string) => `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: ${spec}\n`;

test("workloads are recognised by resources, kinds, images, arguments, environment and volumes", () => {
  check(pod("{containers: [{name: c, image: busybox}]}"), []);
  check(pod("{containers: [{name: c, image: x, resources: {limits: {nvidia.com/gpu: 1}}}]}"), [
    "Pod default/p declared inference: accelerator",
  ]);
  check(pod("{containers: [{name: c, image: x, args: [--model, a/b]}]}"), [
    "Pod default/p inferred inference: argument",
  ]);
  check(pod("{containers: [{name: c, image: x, env: [{name: OPENAI_API_KEY}]}]}"), [
    "Pod default/p inferred inference: environment",
  ]);
  check(pod("{containers: [{name: c, image: x, env: [{name: MODEL_NAME, value: m}]}]}"), [
    "Pod default/p unresolved inference: environment",
  ]);
  check(pod("{containers: [{name: c, image: x}], volumes: [{name: v, image: {reference: r/m:1}}]}"), [
    "Pod default/p inferred inference: volume",
  ]);
  check(
    pod(
      "{initContainers: [{name: i, image: mirror.example:5000/hub/ollama/ollama:1}], containers: [{name: c, image: x}]}",
    ),
    ["Pod default/p inferred inference: image"],
  );
  check(
    `apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata: {name: s}\nspec: {predictor: {serviceAccountName: sa, model: {storageUri: "s3://b/m"}}}\n`,
    ["InferenceService default/s declared inference: operator model"],
  );
  check(
    `apiVersion: kubeflow.org/v1\nkind: Notebook\nmetadata: {name: nb}\nspec: {template: {spec: {containers: [{name: nb, image: x}]}}}\n`,
    ["Notebook default/nb declared notebook: operator"],
  );
});

test("a mirrored image is known by the path after its registry", () => {
  for (const [image, path] of [
    ["docker.io/vllm/vllm-openai:v1", "vllm/vllm-openai"],
    ["localhost/a/b@sha256:00", "a/b"],
    ["h:5000/m/vllm/x", "m/vllm/x"],
    ["vllm/x", "vllm/x"],
    ["ollama:1", "ollama"],
  ] as const)
    expect(repositoryPath(image)).toBe(path);
});

test("pod templates are found in built-in and operators' kinds alike, with the account that holds for them", () => {
  const texts: [string, string[]][] = [
    [
      "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a}\nspec: {jobTemplate: {spec: {template: {spec: {serviceAccountName: s, containers: [{name: c, image: i}]}}}}}",
      ["spec.jobTemplate.spec.template.spec s i"],
    ],
    [
      "apiVersion: ray.io/v1\nkind: RayCluster\nmetadata: {name: a}\nspec: {headGroupSpec: {template: {spec: {containers: [{name: c, image: h}]}}}, workerGroupSpecs: [{template: {spec: {serviceAccountName: w, containers: [{name: c, image: i}]}}}]}",
      ["spec.headGroupSpec.template.spec default h", "spec.workerGroupSpecs[0].template.spec w i"],
    ],
    [
      "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {name: a}\nspec: {serviceAccountName: wf, templates: [{name: t, container: {image: i}}]}",
      ["spec.templates[0] wf i"],
    ],
    [
      "apiVersion: apps.nvidia.com/v1alpha1\nkind: NIMService\nmetadata: {name: a}\nspec: {image: {repository: nvcr.io/nim/x, tag: '1'}}",
      ["spec default nvcr.io/nim/x:1"],
    ],
    [
      "apiVersion: example.com/v1\nkind: Unheard\nmetadata: {name: a}\nspec: {deep: {er: {containers: [{name: c, image: i}]}}}",
      ["spec.deep.er default i"],
    ],
  ];
  for (const [text, lines] of texts)
    expect(
      workloadsOf(read(text)).flatMap(({ templates }) =>
        templates.map(
          (template) =>
            `${template.at} ${template.serviceAccount} ${template.containers.map(({ image }) => image).join(" ")}`,
        ),
      ),
    ).toEqual(lines);
});

test("init, ephemeral and projected parts of a pod are not forgotten", () => {
  const [workload] = workloadsOf(
    read(
      pod(
        "{containers: [{name: c, image: x, envFrom: [{secretRef: {name: a}}]}], ephemeralContainers: [{name: e, image: z}], volumes: [{name: v, projected: {sources: [{secret: {name: b}}, {serviceAccountToken: {path: t}}]}}]}",
      ),
    ),
  );
  const template = workload?.templates[0];
  expect(template?.containers.map(({ role, image }) => `${role} ${image}`)).toEqual(["main x", "ephemeral z"]);
  expect(template && secretsOf(template)).toEqual(["b", "a"]);
  expect(template?.volumes[0]?.hasToken).toBe(true);
});

test("objects that are nothing they should be are read without a crash", () => {
  for (const spec of [
    "[]",
    "7",
    "{containers: 7}",
    "{containers: [7]}",
    "{containers: [{name: c, env: {}, args: {a: b}, volumeMounts: [3]}], volumes: 4}",
    "{template: {spec: null}}",
  ])
    expect(() => aiWorkloadsOf(read(pod(spec)))).not.toThrow();
});
