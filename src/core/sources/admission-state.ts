import {
  at,
  fieldsOf,
  listOf,
  textOf,
  textsOf,
  type ClusterSnapshot,
  type KubeObject,
} from "#core/kubernetes/object.ts";

/** What keeps out of a namespace what breaks the policy. */
export type Admission = {
  namespace: string;
  engine?: string;
  mode: "block" | "warn" | "none";
  onFailure: "refuse" | "allow";
  exempt: readonly string[];
};

type Gate = {
  engine: string;
  mode: "block" | "warn";
  onFailure: "refuse" | "allow";
  reaches: (namespace: string) => boolean;
};

/** The label by which an admission policy says that it keeps the sources; ours carry it, anyone's may. */
export const policyLabel = "aims.dev/source-policy";

const admissionKinds = new Set([
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "ValidatingWebhookConfiguration",
  "ClusterPolicy",
  "ImageValidatingPolicy",
  "ClusterImagePolicy",
]);

/** Whether the snapshot can tell of admission at all: files of a few workloads cannot. */
export function tellsOfAdmission({ objects }: ClusterSnapshot): boolean {
  return objects.some(({ kind }) => admissionKinds.has(kind) || kind === "Namespace");
}

/** For each namespace, the strictest gate that judges the images of its pods. */
export function admissionOf(snapshot: ClusterSnapshot, namespaces: Iterable<string>): Admission[] {
  const gates = gatesOf(snapshot);
  return [...namespaces].map((namespace) => {
    const reaching = gates.filter(({ reaches }) => reaches(namespace));
    const best =
      reaching.find(({ mode, onFailure }) => mode === "block" && onFailure === "refuse") ??
      reaching.find(({ mode }) => mode === "block") ??
      reaching[0];
    const passedBy = gates.filter(({ reaches }) => !reaches(namespace)).map(({ engine }) => engine);
    if (!best) return { namespace, mode: "none", onFailure: "allow", exempt: passedBy };
    return { namespace, engine: best.engine, mode: best.mode, onFailure: best.onFailure, exempt: [] };
  });
}

function gatesOf(snapshot: ClusterSnapshot): Gate[] {
  const labels = new Map(
    snapshot.objects
      .filter(({ kind }) => kind === "Namespace")
      .map((object) => [object.name, fieldsOf(at(object.fields, "metadata", "labels"))]),
  );
  const reach = (selector: unknown) => (namespace: string) =>
    selects(selector, { "kubernetes.io/metadata.name": namespace, ...labels.get(namespace) });
  return snapshot.objects.flatMap((object): Gate[] => {
    switch (object.kind) {
      case "ValidatingAdmissionPolicyBinding":
        return ofBinding(object, { snapshot, reach });
      case "ValidatingWebhookConfiguration":
        return ofWebhooks(object, reach);
      case "ClusterPolicy":
        return object.group === "kyverno.io" && judgesImages(object.fields) ? [ofKyverno(object)] : [];
      default:
        return [];
    }
  });
}

type Reach = (selector: unknown) => (namespace: string) => boolean;

function ofBinding(binding: KubeObject, { snapshot, reach }: { snapshot: ClusterSnapshot; reach: Reach }): Gate[] {
  const name = textOf(at(binding.fields, "spec", "policyName"));
  const policy = snapshot.objects.find((object) => object.kind === "ValidatingAdmissionPolicy" && object.name === name);
  if (!policy || !(isLabelled(policy) || judgesImages(policy.fields))) return [];
  const inPolicy = reach(at(policy.fields, "spec", "matchConstraints", "namespaceSelector"));
  const inBinding = reach(at(binding.fields, "spec", "matchResources", "namespaceSelector"));
  return [
    {
      engine: `ValidatingAdmissionPolicy ${name}`,
      mode: textsOf(at(binding.fields, "spec", "validationActions")).includes("Deny") ? "block" : "warn",
      onFailure: at(policy.fields, "spec", "failurePolicy") === "Ignore" ? "allow" : "refuse",
      reaches: (namespace) => inPolicy(namespace) && inBinding(namespace),
    },
  ];
}

function ofWebhooks(object: KubeObject, reach: Reach): Gate[] {
  return listOf(object.fields["webhooks"]).flatMap((webhook) => {
    const name = textOf(at(webhook, "name"));
    const judgesPods = listOf(at(webhook, "rules")).some((rule) =>
      textsOf(at(rule, "resources")).some((resource) => ["pods", "*", "pods/*", "*/*"].includes(resource)),
    );
    const isKnown = isLabelled(object) || /(^|\.)(policy\.sigstore\.dev|connaisseur|ratify|imagepolicy)/.test(name);
    if (!judgesPods || !isKnown) return [];
    return [
      {
        engine: `webhook ${name}`,
        mode: "block" as const,
        onFailure: at(webhook, "failurePolicy") === "Ignore" ? ("allow" as const) : ("refuse" as const),
        reaches: reach(at(webhook, "namespaceSelector")),
      },
    ];
  });
}

function ofKyverno(object: KubeObject): Gate {
  const spec = object.fields["spec"];
  const actions = [
    textOf(at(spec, "validationFailureAction")),
    ...listOf(at(spec, "rules")).flatMap((rule) => [
      textOf(at(rule, "validate", "failureAction")),
      ...listOf(at(rule, "verifyImages")).map((one) => textOf(at(one, "failureAction"))),
    ]),
  ];
  const excluded = new Set(
    listOf(at(spec, "rules")).flatMap((rule) =>
      [...listOf(at(rule, "exclude", "any")), ...listOf(at(rule, "exclude", "all"))].flatMap((one) =>
        textsOf(at(one, "resources", "namespaces")),
      ),
    ),
  );
  return {
    engine: `Kyverno ${object.name}`,
    mode: actions.some((action) => /^enforce$/i.test(action)) ? "block" : "warn",
    onFailure: at(spec, "failurePolicy") === "Ignore" ? "allow" : "refuse",
    reaches: (namespace) => !excluded.has(namespace),
  };
}

function isLabelled({ fields }: KubeObject): boolean {
  return at(fields, "metadata", "labels", policyLabel) !== undefined;
}

/** A policy that looks at a container's image somewhere in its text. */
function judgesImages(fields: unknown): boolean {
  return /verifyImages|\.image\b|"image"/.test(JSON.stringify(at(fields, "spec")) ?? "");
}

/** Whether labels meet a label selector; an empty one selects everything. Kubernetes LabelSelector. */
export function selects(selector: unknown, labels: Readonly<Record<string, unknown>>): boolean {
  for (const [key, value] of Object.entries(fieldsOf(at(selector, "matchLabels"))))
    if (labels[key] !== value) return false;
  return listOf(at(selector, "matchExpressions")).every((expression) => {
    const value = labels[textOf(at(expression, "key"))];
    const among = typeof value === "string" && textsOf(at(expression, "values")).includes(value);
    switch (at(expression, "operator")) {
      case "In":
        return among;
      case "NotIn":
        return !among;
      case "Exists":
        return value !== undefined;
      case "DoesNotExist":
        return value === undefined;
      default:
        return false;
    }
  });
}
