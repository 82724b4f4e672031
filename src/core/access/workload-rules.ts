import { type AiWorkload } from "#core/kubernetes/ai-workload.ts";
import { type KubeObject, labelsOf, nameOf, textOf } from "#core/kubernetes/object.ts";
import type { PodTemplate } from "#core/kubernetes/workload.ts";
import { sayAtom, uncovered } from "./cover.ts";
import { type Ground, sayRule } from "./ground.ts";
import { accountUser, askerOf, bindingsOf, type Rule } from "./rbac.ts";
import { accessRules, type AccessRuleId, type Fix, type Violation } from "./violation.ts";

/** The annotation in which an agent says what its tools need: `get,list pods; create jobs.batch`. */
const toolRightsAnnotation = "aims.dev/tool-rights";

/** What is wrong with the workloads themselves. */
export function judgeWorkloads(ground: Ground): Violation[] {
  return [
    ...ground.workloads.flatMap((workload) => judge(ground, workload)),
    ...judgeWriters(ground),
    ...judgeUnused(ground),
  ];
}

function judge(ground: Ground, ai: AiWorkload): Violation[] {
  const { object, templates } = ai.workload;
  return [
    ...templates.flatMap((template) => [
      ...judgeIdentity(ground, ai, template),
      ...judgeToken(ground, ai, template),
      ...judgeHost(ground, ai, template),
    ]),
    ...judgeTools(ground, ai, object),
  ];
}

function judgeIdentity(ground: Ground, ai: AiWorkload, template: PodTemplate): Violation[] {
  if (template.serviceAccount !== "default") return [];
  const { object } = ai.workload;
  return [
    violation(ground, ai, "RB-11", {
      message: `${nameOf(object)} runs as the service account default of ${object.namespace}`,
      path: [nameOf(object), template.at, `ServiceAccount ${object.namespace}/default`],
      fix: patch(object, `Give ${object.name} a service account of its own`, [
        { op: "add", path: `${pointerOf(template)}/serviceAccountName`, value: object.name },
      ]),
    }),
  ];
}

function judgeToken(ground: Ground, ai: AiWorkload, template: PodTemplate): Violation[] {
  const { object } = ai.workload;
  const account = ground.objectOf("ServiceAccount", object.namespace, template.serviceAccount);
  const mounts = template.mountsToken ?? account?.fields["automountServiceAccountToken"] !== false;
  // A pod that asks for a token by a volume of its own says that it needs one.
  if (!mounts || template.volumes.some(({ hasToken }) => hasToken)) return [];
  const own = ground.access.byIdentity.get(`u:${accountUser(object.namespace, template.serviceAccount)}`) ?? [];
  if (own.length > 0) return [];
  return [
    violation(ground, ai, "RB-12", {
      message: `${nameOf(object)} mounts a token of ServiceAccount ${object.namespace}/${template.serviceAccount}, which holds no right of its own`,
      path: [nameOf(object), template.at, `ServiceAccount ${object.namespace}/${template.serviceAccount}`],
      fix: patch(object, "Mount no token", [
        { op: "add", path: `${pointerOf(template)}/automountServiceAccountToken`, value: false },
      ]),
    }),
  ];
}

function judgeHost(ground: Ground, ai: AiWorkload, template: PodTemplate): Violation[] {
  const { object } = ai.workload;
  const reasons = [
    ...template.volumes.flatMap(({ hostPath }) => (hostPath ? [`mounts ${hostPath} of the host`] : [])),
    ...template.containers.filter(({ isPrivileged }) => isPrivileged).map(({ name }) => `runs ${name} privileged`),
    ...(template.hostNamespaces ? ["shares namespaces of the host"] : []),
  ];
  if (reasons.length === 0) return [];
  const at = template.volumes.findIndex(({ hostPath }) => hostPath);
  const fix = at === -1 ? [] : [{ op: "remove" as const, path: `${pointerOf(template)}/volumes/${at}` }];
  return [
    violation(ground, ai, "RB-08", {
      message: `${nameOf(object)} ${reasons.join(" and ")}`,
      path: [nameOf(object), template.at, "node"],
      fix: patch(object, "Keep the pod off the host", fix),
    }),
  ];
}

/** What an agent says its tools need, as rules. Absent: it says nothing. */
export function toolRightsOf(object: KubeObject): Rule[] | undefined {
  const text = textOf(labelsOf(object, "annotations")[toolRightsAnnotation]);
  if (text === "") return undefined;
  return text.split(";").flatMap((part) => {
    const [verbs = "", resources = ""] = part.trim().split(/\s+/);
    return resources.split(",").map((each) => {
      const [, resource = "", group = ""] = /^([^.]+)\.?(.*)$/.exec(each) ?? [];
      return {
        verbs: verbs.split(","),
        apiGroups: [group],
        resources: [resource],
        resourceNames: [],
        nonResourceURLs: [],
      };
    });
  });
}

function judgeTools(ground: Ground, ai: AiWorkload, object: KubeObject): Violation[] {
  const declared = ai.purpose === "agent" ? toolRightsOf(object) : undefined;
  if (!declared) return [];
  return [...new Set(ai.workload.templates.map(({ serviceAccount }) => serviceAccount))].flatMap((name) => {
    const bindings = bindingsOf(askerOf(accountUser(object.namespace, name)), ground.access);
    const beyond = bindings
      .flatMap(({ role }) => uncovered(declared, role?.rules ?? []))
      .filter(({ resources }) => resources.some((resource) => !resource.startsWith("self")));
    if (beyond.length === 0) return [];
    const said = [...new Set(beyond.map(sayAtom))];
    return [
      violation(ground, ai, "RB-20", {
        message: `${nameOf(object)} may ${said.slice(0, 5).join("; ")}${said.length > 5 ? ` and ${said.length - 5} more` : ""}, and its tools need ${declared.map(sayRule).join("; ")}`,
        path: [nameOf(object), `ServiceAccount ${object.namespace}/${name}`, ...said],
        fix: patch(object, `Bind ServiceAccount ${name} to a role of what its tools need`, []),
      }),
    ];
  });
}

/** Whoever writes to the registry of production must not deploy from it. */
function judgeWriters(ground: Ground): Violation[] {
  const writers = new Set(ground.settings.registryWriters ?? []);
  if (writers.size === 0) return [];
  return ground.access.bindings.flatMap((binding) => {
    const deploys = binding.role?.rules.find(
      ({ verbs, resources }) =>
        verbs.some((verb) => /^(\*|create|update|patch)$/.test(verb)) &&
        resources.some((resource) => /^(\*|deployments|statefulsets|inferenceservices|pods)$/.test(resource)),
    );
    const isThere =
      binding.kind === "ClusterRoleBinding" ||
      (ground.isJudged(binding.namespace) && ground.isProduction(binding.namespace));
    if (!deploys || !isThere) return [];
    return binding.subjects.flatMap(({ kind, name, namespace }, index) => {
      const subject = `${kind} ${namespace === "" ? "" : `${namespace}/`}${name}`;
      if (!writers.has(subject)) return [];
      const object = `${binding.kind} ${binding.namespace === "" ? "" : `${binding.namespace}/`}${binding.name}`;
      return [
        {
          rule: "RB-16" as const,
          severity: accessRules["RB-16"].severity,
          subject,
          object,
          namespace: binding.namespace,
          verbs: deploys.verbs,
          resources: deploys.resources,
          message: `${subject} writes to the production registry and may ${sayRule(deploys)}`,
          path: [subject, object, sayRule(deploys)],
          fix: {
            says: `Take ${subject} out of ${object}`,
            target: { kind: binding.kind, name: binding.name, namespace: binding.namespace },
            patch: [{ op: "remove" as const, path: `/subjects/${index}` }],
          },
        },
      ];
    });
  });
}

function judgeUnused({ settings, systemOf }: Ground): Violation[] {
  return (settings.unused ?? [])
    .filter(({ days }) => days >= 90)
    .map(({ subject, object, namespace, rights, days }) => {
      const aiSystem = systemOf(namespace);
      const [kind = "", name = ""] = object.split(" ");
      return {
        rule: "RB-19",
        severity: accessRules["RB-19"].severity,
        subject,
        object,
        namespace,
        verbs: [],
        resources: [],
        message: `${subject} did not use in ${days} days: ${rights.slice(0, 5).join("; ")}${rights.length > 5 ? ` and ${rights.length - 5} more` : ""}`,
        path: [subject, object, ...rights],
        fix: {
          says: "Give it the smallest role that its use needs",
          target: { kind, name: name.slice(name.indexOf("/") + 1), namespace },
          patch: [],
        },
        ...(aiSystem ? { aiSystem } : {}),
      };
    });
}

function violation(
  ground: Ground,
  ai: AiWorkload,
  rule: AccessRuleId,
  said: { message: string; path: string[]; fix: Fix },
): Violation {
  const { object } = ai.workload;
  const aiSystem = ai.aiSystem ?? ground.systemOf(object.namespace);
  return {
    rule,
    severity: accessRules[rule].severity,
    subject: nameOf(object),
    object: nameOf(object),
    namespace: object.namespace,
    verbs: [],
    resources: [],
    ...said,
    ...(aiSystem ? { aiSystem } : {}),
    place: object.place,
  };
}

function patch({ kind, name, namespace }: KubeObject, says: string, changes: Fix["patch"]): Fix {
  return { says, target: { kind, name, namespace }, patch: changes };
}

/** `spec.workerGroupSpecs[0].template.spec` as a JSON pointer. RFC 6901. */
function pointerOf({ at }: PodTemplate): string {
  return `/${at.replace(/\[(\d+)\]/g, ".$1").replaceAll(".", "/")}`;
}
