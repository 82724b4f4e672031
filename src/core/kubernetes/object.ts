import type { Place, Problem } from "#core/basics/refusal.ts";

/** The parts of an object that nobody has looked at yet: whatever the cluster or a file says. */
export type Fields = Readonly<Record<string, unknown>>;

/** An object of a cluster or of a manifest. */
export type KubeObject = {
  apiVersion: string;
  /** `""` for the core group. */
  group: string;
  kind: string;
  name: string;
  /** `""` for an object of the cluster. */
  namespace: string;
  fields: Fields;
  place: Place;
};

/** A kind that the reader was not let see, or could not: "there are none" must not be read into it. */
export type NotListed = { kind: string; why: string };

/** A cluster at one moment, or the manifests of one. */
export type ClusterSnapshot = {
  /** How the cluster is called, or where the manifests came from. */
  cluster: string;
  objects: readonly KubeObject[];
  notListed: readonly NotListed[];
  /** What could not be read, with its place. */
  problems: readonly Problem[];
};

const none: Fields = {};

/** The value as fields; none when it is no mapping. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : none;
}

/** The value as a list; an empty one when it is none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value as text; empty when it is none. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The texts of a list, whatever else stands in it left out. */
export function textsOf(value: unknown): readonly string[] {
  return listOf(value).filter((item) => typeof item === "string");
}

/** The part at the path, such as `at(object, "spec", "template")`. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((part, key) => fieldsOf(part)[key], value);
}

/** The labels of the object, or its annotations. */
export function labelsOf(object: KubeObject, which: "labels" | "annotations" = "labels"): Fields {
  return fieldsOf(at(object.fields, "metadata", which));
}

/** The object in words: `RoleBinding ml/trainer`. */
export function nameOf({ kind, namespace, name }: Pick<KubeObject, "kind" | "namespace" | "name">): string {
  return `${kind} ${namespace === "" ? "" : `${namespace}/`}${name}`;
}

const clusterKinds = new Set(
  (
    "Namespace Node PersistentVolume ClusterRole ClusterRoleBinding CustomResourceDefinition StorageClass PriorityClass " +
    "IngressClass RuntimeClass VolumeAttachment CSIDriver CSINode APIService CertificateSigningRequest " +
    "MutatingWebhookConfiguration ValidatingWebhookConfiguration ValidatingAdmissionPolicy " +
    "ValidatingAdmissionPolicyBinding MutatingAdmissionPolicy MutatingAdmissionPolicyBinding FlowSchema " +
    "PriorityLevelConfiguration ClusterServingRuntime ClusterTrainingRuntime ClusterPolicy ClusterQueue ResourceFlavor " +
    "ClusterStorageContainer ClusterWorkflowTemplate DeviceClass ResourceSlice Profile"
  ).split(" "),
);

/** Whether objects of the kind belong to the cluster and not to a namespace. */
export function isOfCluster(kind: string): boolean {
  return clusterKinds.has(kind);
}
