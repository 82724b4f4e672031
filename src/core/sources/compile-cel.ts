import type { Day } from "#core/basics/time.ts";
import type { Address } from "./address.ts";
import { asksOf, type ApprovedSource, type SourcePolicy } from "./policy.ts";
import { isExemptNamespace } from "./admission.ts";

// The policy as expressions that the API server evaluates. CEL there knows no image references, so the grammar is
// written out as patterns of RE2; each pattern takes a whole reference, from its first character to its last.

const segment = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
/** The first segment of a name without a registry: one with a dot would be a registry. */
const undotted = "[a-z0-9]+(?:(?:_|__|-+)[a-z0-9]+)*";
const tag = ":[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}";
const digest = "@(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})";
const dockerHosts = "(?i:docker[.]io|index[.]docker[.]io|registry-1[.]docker[.]io)/";

/** Text of a registry or path as a pattern of itself: of their characters only these three mean anything else. */
function literal(text: string): string {
  return text.replace(/[.[\]]/g, (character) => `\\${character}`);
}

/** A pattern for the name part of every reference at the address or below it. */
function patternOf({ registry, path }: Address): string {
  const below = `(?:/${segment})*`;
  if (registry !== "docker.io") {
    const host = /[a-z]/.test(registry) ? `(?i:${literal(registry)})` : literal(registry);
    return path === "" ? `${host}/${segment}${below}` : `${host}/${literal(path)}${below}`;
  }
  const implicit = `${undotted}(?:/${segment})+`;
  if (path === "") return `${dockerHosts}${segment}${below}|${segment}|${implicit}`;
  if (path === "library")
    return `${dockerHosts}${segment}|${dockerHosts}library(?:/${segment})+|${segment}|library(?:/${segment})+`;
  const [first = "", second, ...rest] = path.split("/");
  const named = `(?:${dockerHosts})${/[.]/.test(first) ? "" : "?"}${literal(path)}`;
  const official =
    first === "library" && second !== undefined && rest.length === 0 ? `|(?:${dockerHosts})?${literal(second)}` : "";
  // `docker.io/org` alone is the image library/org, and no part of the organisation.
  return second === undefined ? `${named}(?:/${segment})+` : `${named}${below}${official}`;
}

/** What is written the same in every object that carries the policy. */
export type Compiled = {
  validations: readonly { expression: string; message: string }[];
  variables: readonly { name: string; expression: string }[];
  exempt: readonly string[];
  holdsUntil?: Day;
};

/** The policy's rules about where images come from and how they are named, as CEL over `object` and `request`. */
export function compileCel(policy: SourcePolicy, day: Day): Compiled {
  const current = policy.sources.filter(
    ({ until, address }) => (until === undefined || until >= day) && !address.isElsewhere,
  );
  const ends = [
    ...policy.sources.flatMap(({ until }) => until ?? []),
    ...policy.exempt.flatMap(({ until }) => until ?? []),
  ]
    .filter((until) => until >= day)
    .sort();
  const [holdsUntil] = ends;
  const exempt = [...new Set(policy.exempt.map(({ namespace }) => namespace))].filter((namespace) =>
    isExemptNamespace(namespace, policy, day),
  );
  return {
    variables: [
      {
        name: "pod",
        expression:
          'object.kind == "Pod" ? object.spec : object.kind == "CronJob" ? object.spec.jobTemplate.spec.template.spec : object.spec.template.spec',
      },
      // A template may leave an image to whoever fills it in; the pod that comes of it is judged again.
      {
        name: "images",
        expression: ["containers", "initContainers", "ephemeralContainers"]
          .map(
            (list) =>
              `(has(variables.pod.${list}) ? variables.pod.${list}.filter(c, has(c.image) && c.image != "").map(c, c.image) : [])`,
          )
          .join(" + "),
      },
      {
        name: "mounted",
        expression:
          "has(variables.pod.volumes) ? variables.pod.volumes.filter(v, has(v.image) && has(v.image.reference) && v.image.reference != '').map(v, v.image.reference) : []",
      },
    ],
    validations: [
      {
        expression: `variables.images.all(i, ${fromSources(current.filter(({ kind }) => kind === "image"))}) && variables.mounted.all(i, ${fromSources(current.filter(({ kind }) => kind === "image" || kind === "model"))})`,
        message: "IM-01: an image comes from no approved source",
      },
      {
        expression: `${pinning(policy)} || (variables.images + variables.mounted).all(i, i.matches(${quoted(`${digest}$`)}))`,
        message: "IM-02: an image is not named by its digest",
      },
    ],
    exempt,
    ...(holdsUntil === undefined ? {} : { holdsUntil }),
  };
}

/** An expression over `i`: whether it is at one of the sources, in the namespace of the request. */
function fromSources(sources: readonly ApprovedSource[]): string {
  const groups = new Map<string, ApprovedSource[]>();
  for (const source of sources) {
    const key = source.namespaces === undefined ? "" : JSON.stringify([...source.namespaces].sort());
    groups.set(key, [...(groups.get(key) ?? []), source]);
  }
  const terms = [...groups].map(([namespaces, group]) => {
    const names = [...new Set(group.map(({ address }) => patternOf(address)))].join("|");
    const matches = `i.matches(${quoted(`^(?:${names})(?:${tag})?(?:${digest})?$`)})`;
    return namespaces === "" ? matches : `(request.namespace in ${namespaces} && ${matches})`;
  });
  if (terms.length === 0) return "false";
  // 64 hexadecimal digits are an image's id; `localhost/` is a registry though it has no dot.
  return `size(i) <= 2048 && !i.matches("^[a-f0-9]{64}$") && (${localhostApart(terms, sources)})`;
}

function localhostApart(terms: readonly string[], sources: readonly ApprovedSource[]): string {
  const approved = sources.some(({ address }) => address.registry === "localhost");
  const all = terms.join(" || ");
  return approved ? all : `!i.matches("^(?i:localhost)/") && (${all})`;
}

/** An expression that is true where no digest is asked for. */
function pinning({ require: { digest: wish }, systems, defaultTier }: SourcePolicy): string {
  const tiers = new Map<string, number>();
  for (const { tier, namespaces } of systems)
    for (const namespace of namespaces) tiers.set(namespace, Math.min(tier, tiers.get(namespace) ?? tier));
  const isAsked = asksOf(wish, defaultTier);
  const others = [...tiers]
    .filter(([, tier]) => asksOf(wish, tier) !== isAsked)
    .map(([namespace]) => namespace)
    .sort();
  if (isAsked) return others.length === 0 ? "false" : `request.namespace in ${JSON.stringify(others)}`;
  return others.length === 0 ? "true" : `!(request.namespace in ${JSON.stringify(others)})`;
}

function quoted(pattern: string): string {
  return JSON.stringify(pattern);
}
