import type { Day } from "#core/basics/time.ts";
import { policyLabel } from "./admission-state.ts";
import { compileCel, type Compiled } from "./compile-cel.ts";
import type { SourcePolicy } from "./policy.ts";

const apiVersion = "admissionregistration.k8s.io/v1";
const name = "aims-sources";

const resourceRules = [
  {
    apiGroups: [""],
    apiVersions: ["v1"],
    operations: ["CREATE", "UPDATE"],
    resources: ["pods", "pods/ephemeralcontainers", "replicationcontrollers"],
  },
  {
    apiGroups: ["apps"],
    apiVersions: ["v1"],
    operations: ["CREATE", "UPDATE"],
    resources: ["deployments", "replicasets", "statefulsets", "daemonsets"],
  },
  { apiGroups: ["batch"], apiVersions: ["v1"], operations: ["CREATE", "UPDATE"], resources: ["jobs", "cronjobs"] },
];

// What is on its way out must be let go, whatever it runs.
const stays = "!has(object.metadata.deletionTimestamp)";

/** A ValidatingAdmissionPolicy and its binding. Kubernetes 1.30 and newer; whose signature it is, CEL cannot tell. */
export function compileToAdmissionPolicy(policy: SourcePolicy, day: Day): unknown[] {
  const compiled = compileCel(policy, day);
  const metadata = { name, labels: { [policyLabel]: name }, annotations: annotationsOf(compiled, day) };
  return [
    {
      apiVersion,
      kind: "ValidatingAdmissionPolicy",
      metadata,
      spec: {
        failurePolicy: policy.admission.onFailure === "refuse" ? "Fail" : "Ignore",
        matchConstraints: { resourceRules, ...exempting(compiled) },
        matchConditions: [{ name: "stays", expression: stays }],
        variables: compiled.variables,
        validations: compiled.validations.map(({ expression, message }) => ({
          expression,
          message,
          reason: "Forbidden",
        })),
      },
    },
    {
      apiVersion,
      kind: "ValidatingAdmissionPolicyBinding",
      metadata: { name, labels: { [policyLabel]: name } },
      spec: { policyName: name, validationActions: ["Deny"] },
    },
  ];
}

/** A Kyverno policy: the same expressions, and for sources with signers the verification that CEL cannot do. */
export function compileToKyverno(policy: SourcePolicy, day: Day): unknown {
  const compiled = compileCel(policy, day);
  const kinds = [
    "Pod",
    "Pod/ephemeralcontainers",
    "ReplicationController",
    "Deployment",
    "ReplicaSet",
    "StatefulSet",
    "DaemonSet",
    "Job",
    "CronJob",
  ];
  const where = {
    match: { any: [{ resources: { kinds, operations: ["CREATE", "UPDATE"] } }] },
    ...(compiled.exempt.length > 0 ? { exclude: { any: [{ resources: { namespaces: compiled.exempt } }] } } : {}),
  };
  return {
    apiVersion: "kyverno.io/v1",
    kind: "ClusterPolicy",
    metadata: {
      name,
      labels: { [policyLabel]: name },
      // The kinds are all named above: rules made from the rule for pods would say the same twice.
      annotations: { ...annotationsOf(compiled, day), "pod-policies.kyverno.io/autogen-controllers": "none" },
    },
    spec: {
      failurePolicy: policy.admission.onFailure === "refuse" ? "Fail" : "Ignore",
      background: false,
      rules: [
        {
          name: "sources",
          ...where,
          celPreconditions: [{ name: "stays", expression: stays }],
          validate: {
            failureAction: "Enforce",
            cel: {
              variables: compiled.variables,
              expressions: compiled.validations.map(({ expression, message }) => ({ expression, message })),
            },
          },
        },
        ...signatureRules(policy, { day, where }),
      ],
    },
  };
}

function signatureRules({ sources }: SourcePolicy, { day, where }: { day: Day; where: object }): unknown[] {
  return sources
    .filter(
      ({ kind, signers, until, address }) =>
        kind === "image" && signers.length > 0 && (until === undefined || until >= day) && !address.isElsewhere,
    )
    .map(({ ref, address: { registry, path }, signers }) => ({
      name: `signed-${ref.toLowerCase().replace(/[^a-z0-9-]/g, "-")}`,
      ...where,
      verifyImages: [
        {
          imageReferences:
            path === ""
              ? [`${registry}/*`]
              : [`${registry}/${path}:*`, `${registry}/${path}@*`, `${registry}/${path}/*`],
          failureAction: "Enforce",
          mutateDigest: false,
          verifyDigest: false,
          required: true,
          attestors: [
            {
              count: 1,
              entries: signers.map((signer) =>
                "key" in signer
                  ? { keys: { publicKeys: signer.key, rekor: { ignoreTlog: true } } }
                  : { keyless: { issuer: signer.issuer, subject: signer.identity } },
              ),
            },
          ],
        },
      ],
    }));
}

function annotationsOf({ holdsUntil }: Compiled, day: Day): Record<string, string> {
  // The API server's expressions have no clock: after this day an approval or an exemption has ended, and it is compiled anew.
  return { "aims.dev/compiled-on": day, ...(holdsUntil === undefined ? {} : { "aims.dev/holds-until": holdsUntil }) };
}

function exempting({ exempt }: Compiled): object {
  return exempt.length === 0
    ? {}
    : {
        namespaceSelector: {
          matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "NotIn", values: exempt }],
        },
      };
}
