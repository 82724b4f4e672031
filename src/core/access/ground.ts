import { type AiWorkload } from "#core/kubernetes/ai-workload.ts";
import { aiSystemLabel } from "#core/kubernetes/ai-workload.ts";
import { type ClusterSnapshot, type KubeObject, labelsOf, textOf } from "#core/kubernetes/object.ts";
import { type Access, type Binding, type Grant, type Rule, type Subject } from "./rbac.ts";

/** A right that nobody used over a period that audit logs cover. */
export type Unused = { subject: string; object: string; namespace: string; rights: readonly string[]; days: number };

export type ScanSettings = {
  /** Namespaces to judge, beside those where AI runs. */
  namespaces?: readonly string[];
  /** Subjects whose cluster administration is meant, as `Group break-glass`. */
  breakGlass?: readonly string[];
  /** Subjects who may write to the production model or image registry. Absent: not known. */
  registryWriters?: readonly string[];
  /** Users who left the organisation. */
  gone?: readonly string[];
  unused?: readonly Unused[];
};

/** What the rules are held against. */
export type Ground = {
  snapshot: ClusterSnapshot;
  access: Access;
  workloads: readonly AiWorkload[];
  settings: ScanSettings;
  /** Namespaces in which AI runs; all of them when none is known, so that roles without workloads are judged too. */
  isJudged: (namespace: string) => boolean;
  isProduction: (namespace: string) => boolean;
  systemOf: (namespace: string) => string | undefined;
  objectOf: (kind: "ServiceAccount" | "Namespace", namespace: string, name: string) => KubeObject | undefined;
  /** Service accounts under which inference runs, as `namespace/name`. */
  inferring: ReadonlySet<string>;
  /** Service accounts of notebooks. */
  noting: ReadonlySet<string>;
};

const development =
  /(^|[-_.])(dev|devel|development|test|testing|staging|sandbox|lab|play|notebooks?|experiments?)([-_.]|$)/i;

export function groundOf(from: {
  snapshot: ClusterSnapshot;
  access: Access;
  workloads: readonly AiWorkload[];
  settings: ScanSettings;
}): Ground {
  const { snapshot, workloads, settings } = from;
  const objects = new Map(
    snapshot.objects
      .filter(({ kind }) => kind === "ServiceAccount" || kind === "Namespace")
      .map((object) => [`${object.kind}/${object.namespace}/${object.name}`, object]),
  );
  const judged = new Set([
    ...workloads.map(({ workload }) => workload.object.namespace),
    ...(settings.namespaces ?? []),
  ]);
  const systems = new Map(
    workloads.flatMap(({ workload, aiSystem }) => (aiSystem ? [[workload.object.namespace, aiSystem] as const] : [])),
  );
  const objectOf = (kind: "ServiceAccount" | "Namespace", namespace: string, name: string) =>
    objects.get(`${kind}/${namespace}/${name}`);
  const stageOf = (namespace: string): string => {
    const object = objectOf("Namespace", "", namespace);
    const labels = object ? labelsOf(object) : {};
    return textOf(labels["environment"]) || textOf(labels["env"]) || textOf(labels["aims.dev/stage"]) || namespace;
  };
  const accounts = (purpose: string) =>
    new Set(
      workloads
        .filter((each) => each.purpose === purpose)
        .flatMap(({ workload }) =>
          workload.templates.map(({ serviceAccount }) => `${workload.object.namespace}/${serviceAccount}`),
        ),
    );
  return {
    ...from,
    isJudged: (namespace) => judged.size === 0 || judged.has(namespace),
    isProduction: (namespace) => !development.test(stageOf(namespace)),
    systemOf: (namespace) => {
      const object = objectOf("Namespace", "", namespace);
      return systems.get(namespace) ?? ((object && textOf(labelsOf(object)[aiSystemLabel])) || undefined);
    },
    objectOf,
    inferring: accounts("inference"),
    noting: accounts("notebook"),
  };
}

/** The subject in words: `ServiceAccount ml/trainer`. */
export function saySubject({ kind, name, namespace }: Subject): string {
  return `${kind} ${namespace === "" ? "" : `${namespace}/`}${name}`;
}

/** The binding in words. */
export function sayBinding({ kind, name, namespace }: Pick<Binding, "kind" | "name" | "namespace">): string {
  return `${kind} ${namespace === "" ? "" : `${namespace}/`}${name}`;
}

/** The rule in words: `get,list secrets`. */
export function sayRule({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: Rule): string {
  const groups = apiGroups.filter((group) => group !== "").join(",");
  const what = [
    ...(resources.length > 0 ? [`${resources.join(",")}${groups === "" ? "" : `.${groups}`}`] : []),
    ...nonResourceURLs,
  ].join(" and ");
  return `${verbs.join(",")} ${what}${resourceNames.length > 0 ? ` named ${resourceNames.join(", ")}` : ""}`;
}

/** The way from a subject to a rule that it holds, step by step. */
export function pathOf({
  binding,
  role,
  rule,
  ruleIndex,
  subject,
}: Omit<Grant, "subject"> & { subject: Subject }): string[] {
  return [
    saySubject(subject),
    sayBinding(binding),
    `${role.kind} ${role.namespace === "" ? "" : `${role.namespace}/`}${role.name}${role.isBuiltIn ? " (of every cluster)" : ""}`,
    `rule ${ruleIndex + 1}: ${sayRule(rule)}`,
  ];
}
