import { coversPath, type Rule } from "./rbac.ts";

// The check against escalation: whoever writes a role or binds one must already hold what it grants.
// Kubernetes, component-helpers, `Covers`.

/** A rule of one group, resource and verb, and at most one name; or of one path and verb. */
export type Atom = Rule;

/** What of the servant's rules the owner's do not cover: nothing when the owner holds it all. */
export function uncovered(owner: readonly Rule[], servant: readonly Rule[]): Atom[] {
  return servant.flatMap(atomsOf).filter((atom) => !owner.some((rule) => covers(rule, atom)));
}

/** The smallest parts of a rule. A part must be covered by one rule of the owner, whole. */
export function atomsOf(rule: Rule): Atom[] {
  const paths = rule.nonResourceURLs.flatMap((url) =>
    rule.verbs.map((verb) => ({
      verbs: [verb],
      apiGroups: [],
      resources: [],
      resourceNames: [],
      nonResourceURLs: [url],
    })),
  );
  const names = rule.resourceNames.length === 0 ? [[]] : rule.resourceNames.map((name) => [name]);
  const resources = rule.apiGroups.flatMap((group) =>
    rule.resources.flatMap((resource) =>
      rule.verbs.flatMap((verb) =>
        names.map((resourceNames) => ({
          verbs: [verb],
          apiGroups: [group],
          resources: [resource],
          resourceNames,
          nonResourceURLs: [],
        })),
      ),
    ),
  );
  return [...paths, ...resources];
}

/** Whether the one rule covers the atom: a star only by a star, never by all that it stands for. */
function covers(owner: Rule, atom: Atom): boolean {
  const holds = (mine: readonly string[], wanted: readonly string[]) =>
    mine.includes("*") || wanted.every((each) => mine.includes(each));
  return (
    holds(owner.verbs, atom.verbs) &&
    holds(owner.apiGroups, atom.apiGroups) &&
    atom.resources.every((resource) => coversResource(owner.resources, resource)) &&
    atom.nonResourceURLs.every((url) => owner.nonResourceURLs.some((mine) => coversPath(mine, url))) &&
    (owner.resourceNames.length === 0 ||
      (atom.resourceNames.length > 0 && atom.resourceNames.every((name) => owner.resourceNames.includes(name))))
  );
}

function coversResource(owner: readonly string[], resource: string): boolean {
  const slash = resource.indexOf("/");
  return (
    owner.includes("*") ||
    owner.includes(resource) ||
    (slash !== -1 && owner.includes(`*/${resource.slice(slash + 1)}`))
  );
}

/** The atom in words: `get secrets "key"`, `list deployments.apps`. */
export function sayAtom({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: Atom): string {
  const verb = verbs.join(",");
  if (nonResourceURLs.length > 0) return `${verb} ${nonResourceURLs.join(",")}`;
  const group = apiGroups.join(",");
  const names = resourceNames.length > 0 ? ` "${resourceNames.join('", "')}"` : "";
  return `${verb} ${resources.join(",")}${group === "" ? "" : `.${group}`}${names}`;
}
