import { at, labelsOf, textOf, type ClusterSnapshot, type KubeObject } from "./object.ts";
import { isOwned, namedModelsOf, type PodTemplate, type Workload, workloadsOf } from "./workload.ts";

/**
 * How sure it is that a workload is AI: its kind, label or accelerator says so (declared); what it runs or is given
 * says so (inferred); something hints at it and a person should look (unresolved).
 */
type Certainty = "declared" | "inferred" | "unresolved";

type Signal = {
  certainty: Certainty;
  kind: "operator" | "label" | "accelerator" | "image" | "argument" | "environment" | "volume" | "model";
  says: string;
  /** Where in the object it stands. */
  at: string;
};

type Purpose = "inference" | "training" | "notebook" | "agent" | "other";

export type AiWorkload = {
  workload: Workload;
  certainty: Certainty;
  purpose: Purpose;
  signals: readonly Signal[];
  /** The AI system that it says it belongs to. Absent: to none, so that it is a discovered one. */
  aiSystem?: string;
};

/** The label or annotation by which a workload or its namespace says to which AI system it belongs. */
export const aiSystemLabel = "aims.dev/ai-system";

type OperatorKind = { group: RegExp; kinds: RegExp; purpose: Purpose };

// The kinds by which operators run AI; `.` of a group is literal.
const operators: readonly OperatorKind[] = [
  {
    group: /^serving\.kserve\.io$/,
    kinds: /^(InferenceService|ServingRuntime|ClusterServingRuntime|LLMInferenceService|InferenceGraph|TrainedModel)$/,
    purpose: "inference",
  },
  { group: /^ray\.io$/, kinds: /^RayService$/, purpose: "inference" },
  { group: /^ray\.io$/, kinds: /^Ray(Cluster|Job|CronJob)$/, purpose: "training" },
  { group: /^kubeflow\.org$/, kinds: /^Notebook$/, purpose: "notebook" },
  {
    group: /^kubeflow\.org$/,
    kinds: /^(PyTorchJob|TFJob|MPIJob|XGBoostJob|PaddleJob|JAXJob|Experiment|Trial|Suggestion)$/,
    purpose: "training",
  },
  { group: /^trainer\.kubeflow\.org$/, kinds: /./, purpose: "training" },
  { group: /^(machinelearning|mlops)\.seldon\.io$/, kinds: /./, purpose: "inference" },
  { group: /^agents\.x-k8s\.io$/, kinds: /^Sandbox/, purpose: "agent" },
  {
    group: /^(apps\.)?nvidia\.com$/,
    kinds: /^(NIMService|NIMPipeline|NIMCache|NemoGuardrails?|DynamoGraphDeployment)$/,
    purpose: "inference",
  },
  { group: /^leaderworkerset\.x-k8s\.io$/, kinds: /^LeaderWorkerSet$/, purpose: "inference" },
];

const accelerators =
  /^(nvidia\.com\/(gpu|mig-.+|gpu\..+)|amd\.com\/gpu|google\.com\/tpu|habana\.ai\/gaudi|aws\.amazon\.com\/neuron(core|device)?|gpu\.intel\.com\/.+|cloud-tpus\.google\.com\/.+)$/;

// The path of the repository after its registry, so that a mirrored image is known as well.
const images: readonly { path: RegExp; says: string; purpose: Purpose }[] = [
  [/vllm/, "vLLM", "inference"],
  [/text-generation-inference/, "Text Generation Inference", "inference"],
  [/text-embeddings-inference/, "Text Embeddings Inference", "inference"],
  [/triton(-inference-)?server/, "Triton", "inference"],
  [/(^|\/)ollama(\/|$)/, "Ollama", "inference"],
  [/(^|\/)rayproject\/|(^|\/)ray(-ml|-llm)?$/, "Ray", "training"],
  [/llm-d/, "llm-d", "inference"],
  [/sglang/, "SGLang", "inference"],
  [/lmdeploy/, "LMDeploy", "inference"],
  [/(^|\/)nim\//, "NIM", "inference"],
  [/dynamo/, "Dynamo", "inference"],
  [/llama[-.]?cpp/, "llama.cpp", "inference"],
  [/localai/, "LocalAI", "inference"],
  [/torchserve|pytorch-serve/, "TorchServe", "inference"],
  [/tensorflow\/serving|tf-?serving/, "TensorFlow Serving", "inference"],
  [/(^|\/)pytorch(\/|$)|(^|\/)tensorflow(\/|$)/, "a training framework", "training"],
  [/jupyter|(^|\/)notebook-servers?\//, "Jupyter", "notebook"],
  [/mlflow|mlserver/, "MLflow or MLServer", "inference"],
  [/litellm/, "LiteLLM", "inference"],
].map(([path, says, purpose]) => ({ path, says, purpose }) as { path: RegExp; says: string; purpose: Purpose });

const providerKey =
  /^(OPENAI|ANTHROPIC|AZURE_OPENAI|COHERE|MISTRAL|GEMINI|GOOGLE_AI|GROQ|TOGETHER|REPLICATE|FIREWORKS|DEEPSEEK|BEDROCK|VERTEX_AI|XAI)_(API_?KEY|KEY|TOKEN|API_TOKEN)$|^AWS_BEARER_TOKEN_BEDROCK$/;
const hubKey = /^(HF_TOKEN|HUGGING_?FACE_HUB_TOKEN|HUGGINGFACE_TOKEN|WANDB_API_KEY|NGC_API_KEY|COMET_API_KEY)$/;
const modelVariable =
  /^(HF_MODEL_ID|MODEL_NAME|MODEL_ID|MODEL_PATH|MODEL_URI|LLM_MODEL|OPENAI_(BASE_URL|MODEL)|ANTHROPIC_MODEL|VLLM_.+|TRANSFORMERS_CACHE|HF_HOME|NIM_.+)$/;

/** Whether the variable holds the key of a provider of AI, whom the organisation pays and trusts. */
export function isProviderKey(name: string): boolean {
  return providerKey.test(name) || hubKey.test(name);
}

/** The path of the repository after its registry, without tag and digest: `vllm/vllm-openai`. */
export function repositoryPath(image: string): string {
  const name = image.replace(/@.*$/, "").replace(/:[^/:]*$/, "");
  const [first = "", ...rest] = name.split("/");
  return rest.length > 0 && (/[.:]/.test(first) || first === "localhost") ? rest.join("/") : name;
}

/** The workloads that are AI or may be, with what says so. Pods of a controller are left to the controller. */
export function aiWorkloadsOf(snapshot: ClusterSnapshot): AiWorkload[] {
  const systems = new Map(
    snapshot.objects
      .filter(({ kind, group }) => kind === "Namespace" && group === "")
      .map((object) => [object.name, systemOf(object)]),
  );
  const running = workloadsOf(snapshot);
  const known = new Set(running.map(({ object }) => object));
  // An operator's object that names a model and no container runs all the same.
  const bare = snapshot.objects
    .filter((object) => !known.has(object) && operatorOf(object))
    .map((object) => ({ object, templates: [] }));
  return [...running, ...bare].flatMap((workload) => {
    if (isOwned(workload.object)) return [];
    const signals = signalsOf(workload);
    const certainty = (["declared", "inferred", "unresolved"] as const).find((sure) =>
      signals.some((signal) => signal.certainty === sure),
    );
    if (!certainty) return [];
    const aiSystem = systemOf(workload.object) ?? systems.get(workload.object.namespace);
    return [{ workload, certainty, purpose: purposeOf(workload), signals, ...(aiSystem ? { aiSystem } : {}) }];
  });
}

function systemOf(object: KubeObject): string | undefined {
  return textOf(labelsOf(object)[aiSystemLabel]) || textOf(labelsOf(object, "annotations")[aiSystemLabel]) || undefined;
}

function operatorOf({ group, kind }: KubeObject): OperatorKind | undefined {
  return operators.find((operator) => operator.group.test(group) && operator.kinds.test(kind));
}

function purposeOf({ object, templates }: Workload): Purpose {
  const said = textOf(labelsOf(object)["aims.dev/purpose"]);
  if (["inference", "training", "notebook", "agent"].includes(said)) return said as Purpose;
  const operator = operatorOf(object);
  if (operator) return operator.purpose;
  const paths = templates.flatMap(({ containers }) => containers.map(({ image }) => repositoryPath(image)));
  const known = images.find(({ path }) => paths.some((image) => path.test(image)));
  if (known) return known.purpose;
  if (/agent/.test(object.name)) return "agent";
  return object.kind === "Job" || object.kind === "CronJob" ? "training" : "inference";
}

function signalsOf(workload: Workload): Signal[] {
  const { object, templates } = workload;
  const operator = operatorOf(object);
  const system = systemOf(object);
  return [
    ...(operator ? [signal("declared", "operator", `${object.kind} of ${object.group}`, "kind")] : []),
    ...(system ? [signal("declared", "label", `AI system ${system}`, `metadata.labels["${aiSystemLabel}"]`)] : []),
    ...namedModelsOf(object).map(({ uri, at: place }) => signal("declared", "model", uri, place)),
    ...templates.flatMap(signalsOfTemplate),
  ];
}

function signalsOfTemplate(template: PodTemplate): Signal[] {
  const found: Signal[] = [];
  if (template.resourceClaims > 0)
    found.push(signal("unresolved", "accelerator", "claims a device", `${template.at}.resourceClaims`));
  for (const container of template.containers) {
    const path = repositoryPath(container.image).toLowerCase();
    const image = images.find((known) => known.path.test(path));
    if (image) found.push(signal("inferred", "image", `${image.says}: ${container.image}`, `${container.at}.image`));
    for (const limit of container.limits.filter((name) => accelerators.test(name)))
      found.push(signal("declared", "accelerator", limit, `${container.at}.resources`));
    const words = [...container.command, ...container.args];
    const model = words.findIndex((word) =>
      /^--(model|model-id|model-path|served-model-name|model-name)(=|$)/.test(word),
    );
    if (model !== -1) {
      const next = words[model] ?? "";
      found.push(
        signal(
          "inferred",
          "argument",
          next.includes("=") ? next : `${next} ${words[model + 1] ?? ""}`.trim(),
          `${container.at}.args`,
        ),
      );
    }
    for (const { name, value } of container.env) {
      if (isProviderKey(name)) found.push(signal("inferred", "environment", name, `${container.at}.env`));
      else if (modelVariable.test(name))
        found.push(
          signal(
            /^(MODEL_NAME|MODEL_PATH)$/.test(name) ? "unresolved" : "inferred",
            "environment",
            value ? `${name}=${value}` : name,
            `${container.at}.env`,
          ),
        );
    }
    for (const mount of container.mounts.filter(({ path: folder }) =>
      /^\/(mnt\/)?models?(\/|$)|\/huggingface(\/|$)/.test(folder),
    ))
      found.push(signal("inferred", "volume", `${mount.name} at ${mount.path}`, `${container.at}.volumeMounts`));
  }
  for (const volume of template.volumes)
    if (volume.image)
      found.push(signal("inferred", "volume", `image volume ${volume.image}`, `${template.at}.volumes`));
  return found;
}

function signal(certainty: Certainty, kind: Signal["kind"], says: string, place: string): Signal {
  return { certainty, kind, says, at: place };
}

/** The level of pod security that a namespace enforces; privileged where it says none. Kubernetes Pod Security Admission. */
export function podSecurityOf(namespace: KubeObject | undefined): "privileged" | "baseline" | "restricted" {
  const level = namespace
    ? textOf(at(namespace.fields, "metadata", "labels", "pod-security.kubernetes.io/enforce"))
    : "";
  return level === "baseline" || level === "restricted" ? level : "privileged";
}
