import type { Problem } from "#core/basics/refusal.ts";
import type { Day } from "#core/basics/time.ts";
import type { ClusterSnapshot, NotListed } from "#core/kubernetes/object.ts";
import { admissionOf, tellsOfAdmission, type Admission } from "./admission-state.ts";
import { nothingKnown, standingOf, type Evidence, type Known, type Standing } from "./evidence.ts";
import { asksOf, type SourcePolicy } from "./policy.ts";
import { isPinned, isReference } from "./reference.ts";
import { componentsOf, type Component } from "./running.ts";
import { rules, sourceOf, tierOf, violationsOf, type RuleId, type Severity, type Violation } from "./violations.ts";

/** A component as a scan reports it. */
type ScannedComponent = {
  workload: string;
  namespace: string;
  aiSystem?: string;
  role: Component["role"];
  container?: string;
  at: string;
  reference: string;
  canonical?: string;
  digest?: string;
  pinned: boolean;
  /** Reference of the approved source. */
  source?: string;
  signature: Standing["signature"];
  signer?: string;
  provenance: Standing["provenance"];
  sbom: Standing["sbom"];
};

export type SourceScan = {
  scan: {
    cluster: string;
    day: Day;
    policy: string;
    workloads: number;
    components: number;
    notListed: readonly NotListed[];
    notEvaluated: readonly { rule: RuleId; why: string }[];
    problems: readonly Problem[];
  };
  components: readonly ScannedComponent[];
  admission: readonly Admission[];
  violations: readonly Violation[];
};

const order: Readonly<Record<Severity, number>> = { critical: 0, high: 1, medium: 2, low: 3 };

/** What runs from where on the cluster, and every way in which that breaks the policy, worst first. */
export function scanSources(
  snapshot: ClusterSnapshot,
  policy: SourcePolicy,
  { day, known = nothingKnown }: { day: Day; known?: Known },
): SourceScan {
  const judging = { policy, known, day };
  const components = componentsOf(snapshot);
  const namespaces = new Set(components.map(({ workload }) => workload.namespace));
  const hasAdmission = tellsOfAdmission(snapshot);
  const admission = hasAdmission ? admissionOf(snapshot, namespaces) : [];
  const exemptions = policy.exempt.filter(({ until }) => until === undefined || until >= day);
  const isExempt = ({ workload }: Component) =>
    exemptions.some(
      ({ namespace, workload: name }) =>
        namespace === workload.namespace && (name === undefined || name === workload.name),
    );
  const violations = [
    ...components.filter((component) => !isExempt(component)).flatMap((component) => violationsOf(component, judging)),
    ...admission.flatMap((one) => ofAdmission(one, policy)),
    ...exemptions
      .filter(({ namespace }) => namespaces.has(namespace))
      .map(({ namespace, workload, reason, until }) =>
        exemption({ namespace, workload, says: `${reason}${until ? `, until ${until}` : ", without an end"}` }),
      ),
  ].sort(
    (one, other) =>
      order[one.severity] - order[other.severity] ||
      compare(one.rule, other.rule) ||
      compare(one.object, other.object) ||
      compare(one.at ?? "", other.at ?? ""),
  );
  return {
    scan: {
      cluster: snapshot.cluster,
      day,
      policy: policy.name,
      workloads: new Set(components.map(({ workload }) => `${workload.kind}/${workload.namespace}/${workload.name}`))
        .size,
      components: components.length,
      notListed: snapshot.notListed,
      notEvaluated: notEvaluated(components, { hasAdmission, policy, known }),
      problems: snapshot.problems,
    },
    components: components.map((component) => scanned(component, judging)),
    admission,
    violations,
  };
}

/** Text by its code units, the same on every machine. */
function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function scanned(component: Component, judging: { policy: SourcePolicy; known: Known; day: Day }): ScannedComponent {
  const { workload, aiSystem, role, container, at, reference, running } = component;
  const read = isReference(reference) ? reference : undefined;
  const evidence = read && judging.known.evidence.get(read.canonical);
  const source = sourceOf(component, judging);
  const digest = read?.digest ?? running[0] ?? evidence?.digest;
  const { signer, ...standing } = standingOf(evidence, source);
  return {
    workload: `${workload.kind} ${workload.namespace}/${workload.name}`,
    namespace: workload.namespace,
    ...(aiSystem ? { aiSystem } : {}),
    role,
    ...(container ? { container } : {}),
    at,
    reference: reference.input,
    ...(read ? { canonical: read.canonical } : {}),
    ...(digest ? { digest } : {}),
    pinned: read !== undefined && isPinned(read),
    ...(source ? { source: source.ref } : {}),
    ...standing,
    ...(signer ? { signer: signer.identity ?? signer.signer } : {}),
  };
}

function ofAdmission({ namespace, engine, mode, onFailure, exempt }: Admission, policy: SourcePolicy): Violation[] {
  const place = { object: `Namespace ${namespace}`, namespace };
  const breach = (message: string): Violation => ({
    rule: "IM-09",
    severity: rules["IM-09"].severity,
    ...place,
    message,
    fix: "Apply what `aims sources compile` prints, with its binding set to Deny and its failure policy to Fail",
  });
  const passed = exempt.map((by) => exemption({ namespace, says: `${by} passes it by` }));
  if (mode === "none") return [...passed, breach("no admission policy judges where images come from")];
  if (mode === "warn") return [...passed, breach(`${engine ?? "the admission policy"} only warns`)];
  if (onFailure === "allow" && policy.admission.onFailure === "refuse")
    return [...passed, breach(`${engine ?? "the admission policy"} lets everything pass when it fails`)];
  return passed;
}

function exemption({ namespace, workload, says }: { namespace: string; workload?: string; says: string }): Violation {
  return {
    rule: "IM-11",
    severity: rules["IM-11"].severity,
    object: workload ? `Workload ${namespace}/${workload}` : `Namespace ${namespace}`,
    namespace,
    ...(workload ? { workload } : {}),
    message: `it is exempted from the policy: ${says}`,
    fix: "End the exemption, or record it as an exception with its end",
  };
}

/** The rules that were held against nothing, or not against everything: silence about them is no pass. */
function notEvaluated(
  components: readonly Component[],
  { hasAdmission, policy, known }: { hasAdmission: boolean; policy: SourcePolicy; known: Known },
): { rule: RuleId; why: string }[] {
  const ofRegistries = components.flatMap((component) =>
    isReference(component.reference) && (component.reference.kind === "image" || component.reference.kind === "oci")
      ? [{ component, reference: component.reference }]
      : [],
  );
  const without = (is: (evidence: Evidence | undefined) => boolean, wish: boolean | readonly number[]) =>
    ofRegistries.filter(
      ({ component, reference }) =>
        asksOf(wish, tierOf(component, policy)) && is(known.evidence.get(reference.canonical)),
    ).length;
  const unsigned = without((evidence) => !evidence || evidence.signature === "unknown", policy.require.signature);
  const unbuilt = without((evidence) => !evidence?.isWhole, policy.require.provenance);
  const unlisted = without((evidence) => !evidence?.isWhole, policy.require.sbom);
  const unscanned = ofRegistries.filter(({ component, reference }) => {
    const digest = reference.digest ?? known.evidence.get(reference.canonical)?.digest ?? component.running[0];
    return (
      !known.vulnerabilities.has(reference.canonical) && !(digest !== undefined && known.vulnerabilities.has(digest))
    );
  }).length;
  const said: { rule: RuleId; why: string; count: number }[] = [
    { rule: "IM-03", count: unsigned, why: "signature was not verified" },
    { rule: "IM-04", count: unbuilt, why: "provenance was not verified" },
    { rule: "IM-05", count: unlisted, why: "component list was not looked for" },
    { rule: "IM-06", count: unscanned, why: "vulnerabilities are in no report" },
  ];
  return [
    ...said
      .filter(({ count }) => count > 0)
      .map(({ rule, why, count }) => ({
        rule,
        why: `of ${count} ${count === 1 ? "component" : "components"} the ${why}`,
      })),
    ...(hasAdmission
      ? []
      : [{ rule: "IM-09" as const, why: "what was read holds neither namespaces nor admission policies" }]),
    ...(policy.releases.length > 0 ? [] : [{ rule: "IM-10" as const, why: "the policy names no release" }]),
    ...(policy.endOfSupport.length > 0 ? [] : [{ rule: "IM-13" as const, why: "the policy names no end of support" }]),
  ];
}
