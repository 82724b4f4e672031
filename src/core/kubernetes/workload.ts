import { at, fieldsOf, listOf, textOf, textsOf, type ClusterSnapshot, type Fields, type KubeObject } from "./object.ts";

type ContainerRole = "main" | "init" | "ephemeral";

export type Container = {
  role: ContainerRole;
  name: string;
  image: string;
  command: readonly string[];
  args: readonly string[];
  /** Name and literal value; the value is absent where it comes from elsewhere. */
  env: readonly { name: string; value?: string; secret?: string; configMap?: string }[];
  /** Secrets and config maps whose every key becomes a variable. */
  envFrom: readonly { secret?: string; configMap?: string }[];
  mounts: readonly { name: string; path: string; readOnly: boolean }[];
  limits: readonly string[];
  isPrivileged: boolean;
  /** Where in the object it stands: `spec.template.spec.containers[0]`. */
  at: string;
};

/** What pods of a workload look like. */
export type PodTemplate = {
  at: string;
  serviceAccount: string;
  /** As the pod says; undefined leaves it to the service account. */
  mountsToken: boolean | undefined;
  containers: readonly Container[];
  volumes: readonly Volume[];
  labels: Fields;
  nodeSelector: Fields;
  hostNamespaces: boolean;
  resourceClaims: number;
};

type Volume = {
  name: string;
  /** A volume of several sources counts once for each. */
  secrets: readonly string[];
  configMaps: readonly string[];
  claim?: string;
  hostPath?: string;
  /** The reference of an OCI image that is mounted as files: how models come without a download. */
  image?: string;
  hasToken: boolean;
};

/** An object that runs containers, with the templates of its pods. */
export type Workload = { object: KubeObject; templates: readonly PodTemplate[] };

/** A model or its files named by an operator's own fields, outside any container. */
export type NamedModel = { uri: string; at: string };

const deepest = 24;

/**
 * Everything that runs containers: the built-in kinds and those of operators. A pod template is known by its
 * `containers`, wherever it stands, so that a kind nobody has heard of is not overlooked.
 */
export function workloadsOf({ objects }: ClusterSnapshot): Workload[] {
  return objects.filter(mayRun).flatMap((object) => {
    const templates = templatesOf(object);
    return templates.length > 0 ? [{ object, templates }] : [];
  });
}

const quiet = new Set(
  (
    "Role ClusterRole RoleBinding ClusterRoleBinding ServiceAccount Secret ConfigMap Namespace Node Event Endpoints " +
    "EndpointSlice CustomResourceDefinition Service Ingress NetworkPolicy PersistentVolume PersistentVolumeClaim Lease " +
    "ValidatingAdmissionPolicy MutatingWebhookConfiguration ValidatingWebhookConfiguration StorageClass Status"
  ).split(" "),
);

function mayRun({ kind }: KubeObject): boolean {
  return !quiet.has(kind);
}

/** Pods and replica sets that a controller made: what holds of them is said of the controller. */
export function isOwned({ fields }: KubeObject): boolean {
  return listOf(at(fields, "metadata", "ownerReferences")).some((owner) => fieldsOf(owner)["controller"] === true);
}

function templatesOf(object: KubeObject): PodTemplate[] {
  const found: PodTemplate[] = [];
  walk(object.fields["spec"], "spec", "default");
  return found;

  /** A workflow names the service account once for all of its steps: what stands further out holds further in. */
  function walk(value: unknown, path: string, outer: string): void {
    if (typeof value !== "object" || value === null || path.split(/[.[]/).length > deepest) return;
    if (Array.isArray(value)) {
      value.forEach((item, index) => walk(item, `${path}[${index}]`, outer));
      return;
    }
    const fields = value as Fields;
    const account = textOf(fields["serviceAccountName"]) || textOf(fields["serviceAccount"]) || outer;
    if (isPodSpec(fields)) {
      found.push({ ...templateOf(fields, path, fieldsOf(object.fields["metadata"])), serviceAccount: account });
      return;
    }
    for (const [key, part] of Object.entries(fields)) walk(part, `${path}.${key}`, account);
  }
}

function isPodSpec(fields: Fields): boolean {
  const isContainer = (value: unknown) => {
    const { image, name } = fieldsOf(value) as { image?: unknown; name?: unknown };
    return typeof image === "string" || typeof name === "string";
  };
  if (Array.isArray(fields["containers"]))
    return fields["containers"].length > 0 && fields["containers"].every(isContainer);
  // A server of models names its one container `model`, a step of a workflow `container`, a microservice its image.
  return (
    ["model", "container", "script"].some(
      (key) => typeof at(fields[key], "image") === "string" || typeof at(fields, key, "storageUri") === "string",
    ) || isImageSpec(fields)
  );
}

/** Operators that run one image say `image: repository, tag`, or the whole reference. */
function isImageSpec(fields: Fields): boolean {
  const { image } = fields as { image?: unknown };
  return (
    (typeof image === "string" && image !== "" && !("reference" in fields)) ||
    typeof at(image, "repository") === "string"
  );
}

function templateOf(spec: Fields, path: string, metadata: Fields): Omit<PodTemplate, "serviceAccount"> {
  const containers = [
    ...containersIn(spec["initContainers"], "init", `${path}.initContainers`),
    ...containersIn(spec["containers"], "main", `${path}.containers`),
    ...containersIn(spec["ephemeralContainers"], "ephemeral", `${path}.ephemeralContainers`),
    ...containersIn(spec["sidecars"], "main", `${path}.sidecars`),
    ...["model", "container", "script"].flatMap((key) =>
      Object.keys(fieldsOf(spec[key])).length > 0 ? [containerOf(fieldsOf(spec[key]), "main", `${path}.${key}`)] : [],
    ),
    ...(Array.isArray(spec["containers"]) || !isImageSpec(spec) ? [] : [containerOf(spec, "main", path)]),
  ];
  return {
    at: path,
    mountsToken:
      typeof spec["automountServiceAccountToken"] === "boolean" ? spec["automountServiceAccountToken"] : undefined,
    containers,
    volumes: listOf(spec["volumes"]).map(volumeOf),
    labels: fieldsOf(metadata["labels"]),
    nodeSelector: fieldsOf(spec["nodeSelector"]),
    hostNamespaces: ["hostNetwork", "hostPID", "hostIPC"].some((key) => spec[key] === true),
    resourceClaims: listOf(spec["resourceClaims"]).length,
  };
}

function containersIn(value: unknown, role: ContainerRole, path: string): Container[] {
  return listOf(value).map((item, index) => containerOf(fieldsOf(item), role, `${path}[${index}]`));
}

function containerOf(fields: Fields, role: ContainerRole, path: string): Container {
  const { image } = fields as { image?: unknown };
  const tag = textOf(at(image, "tag"));
  return {
    role,
    name: textOf(fields["name"]),
    image: typeof image === "string" ? image : textOf(at(image, "repository")) + (tag ? `:${tag}` : ""),
    command: textsOf(fields["command"]),
    args: textsOf(fields["args"]),
    env: listOf(fields["env"]).map((item) => {
      const variable = fieldsOf(item);
      const value = variable["value"];
      return {
        name: textOf(variable["name"]),
        ...(typeof value === "string" ? { value } : {}),
        ...nonEmpty("secret", at(variable, "valueFrom", "secretKeyRef", "name")),
        ...nonEmpty("configMap", at(variable, "valueFrom", "configMapKeyRef", "name")),
      };
    }),
    envFrom: listOf(fields["envFrom"]).map((item) => ({
      ...nonEmpty("secret", at(item, "secretRef", "name")),
      ...nonEmpty("configMap", at(item, "configMapRef", "name")),
    })),
    mounts: listOf(fields["volumeMounts"]).map((item) => ({
      name: textOf(at(item, "name")),
      path: textOf(at(item, "mountPath")),
      readOnly: at(item, "readOnly") === true,
    })),
    limits: [
      ...new Set([
        ...Object.keys(fieldsOf(at(fields, "resources", "limits"))),
        ...Object.keys(fieldsOf(at(fields, "resources", "requests"))),
      ]),
    ],
    isPrivileged: at(fields, "securityContext", "privileged") === true,
    at: path,
  };
}

function volumeOf(value: unknown): Volume {
  const sources = [value, ...listOf(at(value, "projected", "sources"))];
  const texts = (...path: string[]) =>
    sources.map((source) => textOf(at(source, ...path))).filter((text) => text !== "");
  return {
    name: textOf(at(value, "name")),
    secrets: [...texts("secret", "secretName"), ...texts("secret", "name")],
    configMaps: texts("configMap", "name"),
    ...nonEmpty("claim", at(value, "persistentVolumeClaim", "claimName")),
    ...nonEmpty("hostPath", at(value, "hostPath", "path")),
    ...nonEmpty("image", at(value, "image", "reference")),
    hasToken: sources.some((source) => at(source, "serviceAccountToken") !== undefined),
  };
}

function nonEmpty<Key extends string>(key: Key, value: unknown): { [K in Key]?: string } {
  const made: { [K in Key]?: string } = {};
  if (typeof value === "string" && value !== "") made[key] = value;
  return made;
}

/** The secrets that a pod of the template can read, by where they are named. */
export function secretsOf(template: PodTemplate): string[] {
  return [
    ...new Set([
      ...template.volumes.flatMap(({ secrets }) => secrets),
      ...template.containers.flatMap(({ env, envFrom }) =>
        [...env, ...envFrom].flatMap(({ secret }) => (secret ? [secret] : [])),
      ),
    ]),
  ];
}

/** The models that an object names in its operator's fields: `storageUri`, `modelUri` and the like. */
export function namedModelsOf(object: KubeObject): NamedModel[] {
  const found: NamedModel[] = [];
  walk(object.fields["spec"], "spec", 0);
  return found;

  function walk(value: unknown, path: string, depth: number): void {
    if (typeof value !== "object" || value === null || depth > deepest) return;
    for (const [key, part] of Object.entries(value)) {
      const here = Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`;
      if (/^(?:storageUri|modelUri|model_uri|modelURI)$/.test(key) && typeof part === "string")
        found.push({ uri: part, at: here });
      else if (key === "uri" && path.endsWith(".model") && typeof part === "string")
        found.push({ uri: part, at: here });
      else walk(part, here, depth + 1);
    }
  }
}
