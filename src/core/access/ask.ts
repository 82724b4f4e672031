import { Refusal } from "#core/basics/refusal.ts";
import { isResourceOfCluster } from "./danger.ts";
import {
  type Access,
  type Asker,
  askerOf,
  findGrant,
  mastersGroup,
  type PathRequest,
  reasonOf,
  type ResourceRequest,
} from "./rbac.ts";

export type Answer = { allowed: boolean; reason: string };

/** Whether the asker may do what the request says, and the binding, role and subject by which. */
export function answer(asker: Asker, request: ResourceRequest | PathRequest, access: Access): Answer {
  if (asker.groups.includes(mastersGroup)) return { allowed: true, reason: `members of ${mastersGroup} are not asked` };
  const grant = findGrant(asker, request, access);
  return grant ? { allowed: true, reason: reasonOf(grant) } : { allowed: false, reason: "no binding allows it" };
}

// The groups of resources that people name without one.
const groups = new Map(
  Object.entries({
    apps: "deployments replicasets statefulsets daemonsets controllerrevisions",
    batch: "jobs cronjobs",
    "rbac.authorization.k8s.io": "roles rolebindings clusterroles clusterrolebindings",
    "networking.k8s.io": "ingresses networkpolicies ingressclasses",
    autoscaling: "horizontalpodautoscalers",
    policy: "poddisruptionbudgets",
    "storage.k8s.io": "storageclasses volumeattachments csidrivers csinodes",
    "certificates.k8s.io": "certificatesigningrequests signers",
    "apiextensions.k8s.io": "customresourcedefinitions",
    "apiregistration.k8s.io": "apiservices",
    "coordination.k8s.io": "leases",
    "admissionregistration.k8s.io":
      "mutatingwebhookconfigurations validatingwebhookconfigurations validatingadmissionpolicies validatingadmissionpolicybindings",
    "serving.kserve.io": "inferenceservices servingruntimes clusterservingruntimes",
    "ray.io": "rayclusters rayjobs rayservices",
    "kubeflow.org": "notebooks pytorchjobs tfjobs mpijobs",
  }).flatMap(([group, resources]) => resources.split(" ").map((resource) => [resource, group] as const)),
);

/**
 * The request that `VERB RESOURCE[.GROUP][/SUBRESOURCE] [NAME]` says. A resource without a group is of the group that
 * has the best known one of that name; a path begins with `/`.
 *
 * @throws {Refusal} `malformed`
 */
export function parseRequest(
  verb: string,
  what: string,
  { name = "", namespace = "default" }: { name?: string; namespace?: string } = {},
): ResourceRequest | PathRequest {
  if (what.startsWith("/")) return { verb, path: what };
  const [, resource = "", group, subresource = ""] = /^([^./]+|\*)(?:\.([^/]*))?(?:\/(.+))?$/.exec(what) ?? [];
  if (resource === "" || verb === "")
    throw new Refusal(
      "malformed",
      `Cannot read "${what}": a resource is written pods, deployments.apps or pods/exec, a path /healthz`,
    );
  const known = group ?? groups.get(resource) ?? "";
  // The URL of a namespace carries its own name.
  const place = resource === "namespaces" ? name : isResourceOfCluster(known, resource) ? "" : namespace;
  return { verb, group: known, resource, subresource, name, namespace: place };
}

/**
 * One line of a list of questions: `{user, groups, verb, group, resource, subresource, name, namespace}` or
 * `{user, groups, verb, path}`. Groups that are listed are all that the user has; without a list they are those that
 * the API server gives.
 *
 * @throws {Refusal} `malformed` with the line
 */
export function parseQuestion(text: string, line: number): { asker: Asker; request: ResourceRequest | PathRequest } {
  const refuse = (why: string) => new Refusal("malformed", `Cannot read question ${line}: ${why}`, { place: { line } });
  const question = parsed(text, refuse);
  const said = (key: string): string => {
    const value = question[key];
    if (value !== undefined && value !== null && typeof value !== "string") throw refuse(`${key} is no text`);
    return value ?? "";
  };
  const { groups: given } = question;
  if (
    given !== undefined &&
    given !== null &&
    !(Array.isArray(given) && given.every((each) => typeof each === "string"))
  )
    throw refuse("groups is no list of texts");
  const user = said("user");
  const asker = given ? { user, groups: given as string[] } : askerOf(user);
  if (said("verb") === "" || (said("path") === "" && said("resource") === ""))
    throw refuse("it takes a verb, and a resource or a path");
  const request =
    said("path") === ""
      ? {
          verb: said("verb"),
          group: said("group"),
          resource: said("resource"),
          subresource: said("subresource"),
          name: said("name"),
          namespace: said("namespace"),
        }
      : { verb: said("verb"), path: said("path") };
  return { asker, request };
}

function parsed(text: string, refuse: (why: string) => Refusal): Record<string, unknown> {
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw refuse("it is no JSON");
  }
  throw refuse("it is no JSON object");
}
