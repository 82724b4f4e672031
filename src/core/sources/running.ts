import {
  labelsOf,
  at,
  fieldsOf,
  listOf,
  textOf,
  type ClusterSnapshot,
  type KubeObject,
} from "#core/kubernetes/object.ts";
import { aiSystemLabel } from "#core/kubernetes/ai-workload.ts";
import { isOwned, namedModelsOf, workloadsOf, type Container, type PodTemplate } from "#core/kubernetes/workload.ts";
import { isDigest } from "./image-reference.ts";
import { parseReference, type BadReference, type Reference } from "./reference.ts";

/** What a component is to its workload. */
type ComponentRole = "main" | "init" | "ephemeral" | "image_volume" | "model" | "data";

/** Something that a workload runs or loads, as it names it, with what runs of it where the cluster knows. */
export type Component = {
  workload: { kind: string; namespace: string; name: string };
  /** The AI system that the workload or its namespace says it belongs to. */
  aiSystem?: string;
  role: ComponentRole;
  container?: string;
  /** Where in the object it stands. */
  at: string;
  reference: Reference | BadReference;
  /** Digests that run under the reference; several while a roll-out is under way or a tag has moved. */
  running: readonly string[];
  /** By which argument or variable code that comes with the model is let run. */
  remoteCode?: string;
};

/** Everything that the cluster's workloads run or load, each once for its place. */
export function componentsOf(snapshot: ClusterSnapshot): Component[] {
  const known = new Map(snapshot.objects.map((object) => [keyOf(object.kind, object.namespace, object.name), object]));
  const running = runningDigests(snapshot, known);
  const systems = systemsByNamespace(snapshot);
  const workloads = workloadsOf(snapshot);
  const templatesOf = new Map(workloads.map(({ object, templates }) => [object, templates]));
  return snapshot.objects.flatMap((object) => {
    // What a controller made is told of the controller; were that not here, it would be told of nobody.
    if (isOwned(object) && ownerOf(object, known) !== object) return [];
    const workload = { kind: object.kind, namespace: object.namespace, name: object.name };
    const aiSystem = systemOf(object) ?? systems.get(object.namespace);
    const place = { workload, ...(aiSystem ? { aiSystem } : {}) };
    const digests = (container: string, image: string) => [
      ...(running.get(`${keyOf(object.kind, object.namespace, object.name)}/${container}/${image}`) ?? []),
    ];
    return [
      ...(templatesOf.get(object) ?? []).flatMap((template) => partsOf(template, digests)),
      ...namedModelsOf(object).map((model): Part => ({
        role: "model",
        at: model.at,
        reference: parseReference(model.uri, "model"),
        running: [],
      })),
    ].map((part) => ({ ...place, ...part }));
  });
}

type Part = Omit<Component, "workload" | "aiSystem">;

function partsOf(template: PodTemplate, digests: (container: string, image: string) => string[]): Part[] {
  return [
    ...template.containers.flatMap((container) => [
      ...(container.image === ""
        ? []
        : [
            {
              role: container.role,
              container: container.name,
              at: `${container.at}.image`,
              reference: parseReference(container.image),
              running: digests(container.name, container.image),
            },
          ]),
      ...artefactsOf(container),
    ]),
    ...template.volumes.flatMap(({ image, name }): Part[] =>
      image
        ? [
            {
              role: "image_volume",
              container: name,
              at: `${template.at}.volumes["${name}"].image.reference`,
              reference: parseReference(image),
              running: [],
            },
          ]
        : [],
    ),
  ];
}

const modelFlags = new Set([
  "--model",
  "--model-id",
  "--model-path",
  "--model-uri",
  "--hf-model",
  "--tokenizer",
  "--draft-model",
  "--speculative-model",
  "--model_name_or_path",
  "--pretrained-model",
]);
const dataFlags = new Set([
  "--dataset",
  "--dataset-uri",
  "--dataset-name",
  "--dataset_name",
  "--data-uri",
  "--train-data",
]);
const modelVariables = new Set([
  "HF_MODEL_ID",
  "MODEL_ID",
  "MODEL_URI",
  "STORAGE_URI",
  "LLM_MODEL",
  "MODEL_NAME",
  "VLLM_MODEL",
  "MODEL_PATH",
  "NIM_MODEL_NAME",
]);
const dataVariables = new Set(["DATASET_URI", "DATASET", "DATASET_NAME", "DATA_URI", "TRAIN_DATA_URI"]);

/** The models and data that a container is told to load, by its arguments and variables. */
function artefactsOf(container: Container): Part[] {
  const env = new Map(container.env.map(({ name, value }) => [name, value]));
  const resolve = (text: string) =>
    text.replace(/\$\(([A-Za-z_][\w.-]*)\)/g, (whole, name: string) => env.get(name) ?? whole);
  const words = wordsOf(container).map(resolve);
  const remoteCode =
    words.find((word) => /^--trust[-_]remote[-_]code(?:=(?:true|1|yes))?$/i.test(word)) ??
    container.env.find(
      ({ name, value }) => name.endsWith("TRUST_REMOTE_CODE") && /^(?:true|1|yes|on)$/i.test(value ?? ""),
    )?.name;
  const revision =
    valueAfter(words, new Set(["--revision", "--model-revision"])) ??
    env.get("HF_MODEL_REVISION") ??
    env.get("REVISION");
  const named: { text: string; meant: "model" | "data"; at: string }[] = [
    ...valuesAfter(words, modelFlags).map((text) => ({ text, meant: "model" as const, at: `${container.at}.args` })),
    ...served(words).map((text) => ({ text, meant: "model" as const, at: `${container.at}.args` })),
    ...valuesAfter(words, dataFlags).map((text) => ({ text, meant: "data" as const, at: `${container.at}.args` })),
    ...container.env.flatMap(({ name, value }) => {
      const meant = modelVariables.has(name)
        ? ("model" as const)
        : dataVariables.has(name)
          ? ("data" as const)
          : undefined;
      // A model's name without a slash is what the service calls it; an address has one.
      return meant && value && value.includes("/")
        ? [{ text: resolve(value), meant, at: `${container.at}.env["${name}"]` }]
        : [];
    }),
  ];
  const parts = new Map<string, Part>();
  for (const { text, meant, at: place } of named) {
    // A path in the container holds what another component brought there.
    if (/^(?:\.{0,2}\/|file:\/\/)/.test(text) || parts.has(text)) continue;
    const isBareHub = meant === "model" && revision !== undefined && /^[\w.-]+\/[\w.-]+$/.test(text);
    parts.set(text, {
      role: meant,
      container: container.name,
      at: place,
      reference: parseReference(isBareHub ? `${text}@${revision}` : text, meant),
      running: [],
      ...(remoteCode && meant === "model" ? { remoteCode } : {}),
    });
  }
  if (remoteCode && ![...parts.values()].some(({ role }) => role === "model"))
    parts.set("", {
      role: "model",
      container: container.name,
      at: container.at,
      reference: { input: "", error: "the container does not say which model it loads" },
      running: [],
      remoteCode,
    });
  return [...parts.values()];
}

/** Arguments as the container gets them; a shell's script is cut at its blanks, which is near enough to find a flag. */
function wordsOf({ command, args }: Container): string[] {
  return [...command, ...args]
    .flatMap((word) =>
      /\s/.test(word) ? word.split(/[\s;&|]+/).map((part) => part.replace(/^["']|["']$/g, "")) : [word],
    )
    .filter((word) => word !== "");
}

function valuesAfter(words: readonly string[], flags: ReadonlySet<string>): string[] {
  return words.flatMap((word, index) => {
    const equals = word.indexOf("=");
    if (equals > 0 && flags.has(word.slice(0, equals))) return [word.slice(equals + 1)];
    const next = words[index + 1];
    return flags.has(word) && next !== undefined && !next.startsWith("-") ? [next] : [];
  });
}

function valueAfter(words: readonly string[], flags: ReadonlySet<string>): string | undefined {
  return valuesAfter(words, flags)[0];
}

/** `vllm serve MODEL` and its like. */
function served(words: readonly string[]): string[] {
  const index = words.findIndex(
    (word, at) => word === "serve" && /(^|\/)(vllm|sglang|lmdeploy)$/.test(words[at - 1] ?? ""),
  );
  const next = index === -1 ? undefined : words[index + 1];
  return next !== undefined && !next.startsWith("-") ? [next] : [];
}

function systemOf(object: KubeObject): string | undefined {
  return textOf(labelsOf(object)[aiSystemLabel]) || textOf(labelsOf(object, "annotations")[aiSystemLabel]) || undefined;
}

function systemsByNamespace({ objects }: ClusterSnapshot): Map<string, string> {
  return new Map(
    objects.flatMap((object) => {
      const system = object.kind === "Namespace" ? systemOf(object) : undefined;
      return system ? [[object.name, system] as const] : [];
    }),
  );
}

function keyOf(kind: string, namespace: string, name: string): string {
  return `${kind}/${namespace}/${name}`;
}

/** The object that is told of what the object runs: its controller's controller, as far as they are known. */
function ownerOf(object: KubeObject, known: ReadonlyMap<string, KubeObject>): KubeObject {
  let found = object;
  // Pod, replica set, deployment, and what an operator put above: no chain is longer, and a circle ends.
  for (let step = 0; step < 8; step++) {
    const owner = listOf(at(found.fields, "metadata", "ownerReferences"))
      .map(fieldsOf)
      .find(({ controller }) => controller === true);
    const above =
      owner &&
      (known.get(keyOf(textOf(owner["kind"]), found.namespace, textOf(owner["name"]))) ??
        known.get(keyOf(textOf(owner["kind"]), "", textOf(owner["name"]))));
    if (!above || above === object) return found;
    found = above;
  }
  return found;
}

/** By workload, container and image: the digests that the pods' status tells. */
function runningDigests(
  { objects }: ClusterSnapshot,
  known: ReadonlyMap<string, KubeObject>,
): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const pod of objects) {
    if (pod.kind !== "Pod" || pod.group !== "") continue;
    const images = new Map(
      ["containers", "initContainers", "ephemeralContainers"].flatMap((list) =>
        listOf(at(pod.fields, "spec", list)).map(
          (item) => [textOf(at(item, "name")), textOf(at(item, "image"))] as const,
        ),
      ),
    );
    const owner = ownerOf(pod, known);
    for (const list of ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"])
      for (const status of listOf(at(pod.fields, "status", list))) {
        const name = textOf(at(status, "name"));
        // `docker-pullable://name@sha256:...`; a bare `sha256:...` is the id of the configuration, no manifest's digest.
        const [, digest] = /@([a-z0-9]+:[0-9a-f]+)$/.exec(textOf(at(status, "imageID"))) ?? [];
        if (digest === undefined || !isDigest(digest)) continue;
        const key = `${keyOf(owner.kind, owner.namespace, owner.name)}/${name}/${images.get(name) ?? ""}`;
        const same = found.get(key);
        if (same) same.add(digest);
        else found.set(key, new Set([digest]));
      }
  }
  return found;
}
