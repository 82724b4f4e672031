import {
  at,
  fieldsOf,
  type KubeObject,
  labelsOf,
  listOf,
  textOf,
  textsOf,
  type Fields,
} from "#core/kubernetes/object.ts";
import type { Role, Rule } from "./rbac.ts";

type Part = { role: Role; labels: Fields; selectors: readonly unknown[] | undefined };

/**
 * The roles with the rules that the cluster's controller gives them: an aggregated role has the rules of all roles
 * that its selectors match, sorted by name, without itself, each rule once, and nothing else. Roles may be made of
 * aggregated ones, so it goes on until nothing changes.
 */
export function aggregate(roles: readonly Role[], objects: readonly KubeObject[]): Role[] {
  const objectOf = new Map(objects.filter(({ kind }) => kind === "ClusterRole").map((object) => [object.name, object]));
  const parts: Part[] = roles.flatMap((role) => {
    const object = role.kind === "ClusterRole" ? objectOf.get(role.name) : undefined;
    if (!object) return [];
    const selectors = role.isAggregated
      ? listOf(at(object.fields, "aggregationRule", "clusterRoleSelectors"))
      : undefined;
    // What was written by hand into an aggregated role is overwritten, so it must not flow on.
    return [{ role: selectors ? { ...role, rules: [] } : role, labels: labelsOf(object), selectors }];
  });
  const sorted = parts.toSorted((one, other) => (one.role.name < other.role.name ? -1 : 1));
  const aggregated = parts.filter(({ selectors }) => selectors !== undefined);
  const sources = new Map(aggregated.map((part) => [part, sourcesOf(part, sorted)]));
  // Rules are only ever added from round to round, so their number tells whether something changed.
  for (let changed = true; changed;) {
    changed = false;
    for (const [part, from] of sources) {
      const rules = withoutDoubles(from.flatMap(({ role }) => role.rules));
      if (rules.length === part.role.rules.length) continue;
      part.role = { ...part.role, rules };
      changed = true;
    }
  }
  const made = new Map(parts.map(({ role }) => [role.name, role]));
  return roles.map((role) => (role.kind === "ClusterRole" ? (made.get(role.name) ?? role) : role));
}

function sourcesOf(part: Part, sorted: readonly Part[]): Part[] {
  const chosen = (part.selectors ?? []).flatMap((selector) =>
    sorted.filter((other) => other !== part && selects(selector, other.labels)),
  );
  return [...new Set(chosen)];
}

/** Kubernetes label selectors; one that says nothing selects everything. */
function selects(selector: unknown, labels: Fields): boolean {
  const wanted = Object.entries(fieldsOf(at(selector, "matchLabels")));
  return (
    wanted.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value) &&
    listOf(at(selector, "matchExpressions")).every((expression) => meets(expression, labels))
  );
}

function meets(expression: unknown, labels: Fields): boolean {
  const { key, operator, values } = fieldsOf(expression);
  const name = textOf(key);
  const has = Object.hasOwn(labels, name);
  const isAmong = has && textsOf(values).includes(textOf(labels[name]));
  switch (operator) {
    case "In":
      return isAmong;
    case "NotIn":
      return !isAmong;
    case "Exists":
      return has;
    case "DoesNotExist":
      return !has;
    default:
      return false;
  }
}

function withoutDoubles(rules: readonly Rule[]): Rule[] {
  return [...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values()];
}
