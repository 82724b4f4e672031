import { daysBetween, type Day } from "#core/basics/time.ts";
import { covers } from "./address.ts";
import { nothingKnown, standingOf, type Evidence, type Known, type Standing } from "./evidence.ts";
import { canonicalImage, parseImageName, shown } from "./image-reference.ts";
import { asksOf, type ApprovedSource, type SourcePolicy } from "./policy.ts";
import { isPinned, isReference, type Reference } from "./reference.ts";
import type { Component } from "./running.ts";

export type Severity = "critical" | "high" | "medium" | "low";

/** What each rule asks, and how bad a breach of it is unless the case says otherwise. */
export const rules = {
  "IM-01": { title: "Image from a source that is not approved", severity: "high" },
  "IM-02": { title: "Reference that can move", severity: "medium" },
  "IM-03": { title: "Signature missing, wrong or by another signer", severity: "high" },
  "IM-04": { title: "Build provenance missing or from another builder", severity: "medium" },
  "IM-05": { title: "No component list", severity: "low" },
  "IM-06": { title: "Critical vulnerability whose fix is overdue, or data too old to tell", severity: "high" },
  "IM-07": { title: "Model from a source that is not approved, or not the recorded one", severity: "high" },
  "IM-08": { title: "Data from a source that is not approved, or not the recorded ones", severity: "high" },
  "IM-09": { title: "Nothing keeps out what breaks the policy", severity: "high" },
  "IM-10": { title: "What runs is not what was released", severity: "high" },
  "IM-11": { title: "Exempted from the policy", severity: "medium" },
  "IM-12": { title: "Model that can run code when it is loaded", severity: "medium" },
  "IM-13": { title: "Base image past its end of support", severity: "low" },
} as const satisfies Record<string, { title: string; severity: Severity }>;

export type RuleId = keyof typeof rules;

export type Violation = {
  rule: RuleId;
  severity: Severity;
  /** The workload or namespace in words. */
  object: string;
  namespace: string;
  workload?: string;
  container?: string;
  /** Where in the object the reference stands. */
  at?: string;
  reference?: string;
  message: string;
  fix: string;
};

type Breach = Pick<Violation, "rule" | "message" | "fix"> & { severity?: Severity };

/** What a component is judged by. */
export type Judging = { policy: SourcePolicy; known?: Known; day: Day };

/** The approved source that the component comes from; the one with the longest path where several do. */
export function sourceOf(
  component: Pick<Component, "role" | "workload" | "reference">,
  { policy, day }: Judging,
): ApprovedSource | undefined {
  const { reference, role, workload } = component;
  if (!isReference(reference)) return undefined;
  let found: ApprovedSource | undefined;
  for (const source of policy.byRegistry.get(reference.registry) ?? []) {
    if (!isFor(source, role) || !covers(source.address, reference)) continue;
    if (source.until !== undefined && source.until < day) continue;
    if (source.namespaces !== undefined && !source.namespaces.includes(workload.namespace)) continue;
    if (!found || source.address.path.length > found.address.path.length) found = source;
  }
  return found;
}

function isFor({ kind }: ApprovedSource, role: Component["role"]): boolean {
  if (role === "data") return kind === "data";
  if (role === "model") return kind === "model";
  // An image volume holds files: a model's, or an image's.
  return kind === "image" || (role === "image_volume" && kind === "model");
}

/** Every way in which the component breaks the policy. None: it may run. */
export function violationsOf(component: Component, judging: Judging): Violation[] {
  const { workload, container, at, reference } = component;
  const place = {
    object: `${workload.kind} ${workload.namespace}/${workload.name}`,
    namespace: workload.namespace,
    workload: workload.name,
    ...(container ? { container } : {}),
    at,
    reference: reference.input,
  };
  return breaches(component, judging).map(({ rule, severity, message, fix }) => ({
    rule,
    severity: severity ?? rules[rule].severity,
    ...place,
    message,
    fix,
  }));
}

/** The tier that the workload is held to: the strictest of what it says of itself and what its namespace is for. */
export function tierOf(
  { workload, aiSystem }: Pick<Component, "workload" | "aiSystem">,
  { systems, defaultTier }: SourcePolicy,
): number {
  // A workload's own label may make it stricter, and never laxer than the namespace that it runs in.
  const tiers = systems
    .filter(({ ref, namespaces }) => ref === aiSystem || namespaces.includes(workload.namespace))
    .map(({ tier }) => tier);
  return tiers.length === 0 ? defaultTier : Math.min(...tiers);
}

function sourceRule(role: Component["role"]): RuleId {
  return role === "model" ? "IM-07" : role === "data" ? "IM-08" : "IM-01";
}

function breaches(component: Component, judging: Judging): Breach[] {
  const { reference, role } = component;
  const found = ofRemoteCode(component, judging);
  if (!isReference(reference)) {
    if (reference.input === "") return found;
    return [
      ...found,
      {
        rule: sourceRule(role),
        message: `"${shown(reference.input)}" is no reference: ${reference.error}`,
        fix: "Name it so that every reader takes it for the same: registry, path and digest",
      },
    ];
  }
  const source = sourceOf(component, judging);
  if (!source) found.push(ofNoSource(reference, component, judging));
  found.push(...ofMoving(component, reference, judging));
  if (reference.kind === "image" || reference.kind === "oci")
    found.push(...ofBytes(component, { reference, source }, judging));
  found.push(
    ...ofFormat(component, reference, judging),
    ...ofRecordedDigest(component, reference, judging),
    ...ofRelease(component, reference, judging),
    ...ofEndOfSupport(component, reference, judging),
  );
  return found;
}

function ofNoSource(reference: Reference, component: Component, { policy, day }: Judging): Breach {
  const { role, workload } = component;
  const lapsed = (policy.byRegistry.get(reference.registry) ?? []).find(
    (source) => isFor(source, role) && covers(source.address, reference),
  );
  const why = !lapsed
    ? `${reference.registry}/${reference.repository} is at no approved source`
    : lapsed.until !== undefined && lapsed.until < day
      ? `the approval of ${lapsed.ref} ended on ${lapsed.until}`
      : `${lapsed.ref} is not approved for namespace ${workload.namespace}`;
  return {
    rule: sourceRule(role),
    message: why,
    fix: lapsed
      ? `Renew or widen the approval of ${lapsed.ref}, or take it from another approved source`
      : `Take it from an approved source, or propose ${reference.registry}/${reference.repository} as one`,
  };
}

function ofMoving(component: Component, reference: Reference, { policy }: Judging): Breach[] {
  const { registry, repository, tag, digest, kind } = reference;
  if (digest !== undefined && tag !== undefined)
    return [
      {
        rule: "IM-02",
        severity: "low",
        message: `the tag "${tag}" beside the digest says nothing, and may mislead`,
        fix: `Write ${canonicalImage({ registry, repository, digest })}`,
      },
    ];
  if (isPinned(reference)) return [];
  if (kind === "hf")
    return policy.models.revision
      ? [
          {
            rule: "IM-02",
            message: `${repository} is taken at "${tag ?? "main"}", which can move`,
            fix: "Name the commit by its 40 hexadecimal digits",
          },
        ]
      : [];
  // A bucket and a web address have no name for one version; the recorded digest holds them (IM-07).
  if ((kind !== "image" && kind !== "oci") || !asksOf(policy.require.digest, tierOf(component, policy))) return [];
  const { running } = component;
  const [runs] = running;
  return [
    {
      rule: "IM-02",
      message: `the tag "${tag ?? "latest"}" can move${running.length > 1 ? `; ${running.length} different digests run under it` : ""}`,
      fix:
        runs === undefined || running.length > 1
          ? "Name it by its digest"
          : `Write ${canonicalImage({ registry, repository, digest: runs })}`,
    },
  ];
}

type Placed = { reference: Reference; source: ApprovedSource | undefined };

/** What was proven about the bytes: signature, provenance, component list, vulnerabilities. */
function ofBytes(
  component: Component,
  { reference, source }: Placed,
  { policy, known = nothingKnown, day }: Judging,
): Breach[] {
  const tier = tierOf(component, policy);
  const evidence = known.evidence.get(reference.canonical);
  const found: Breach[] = [];
  if (evidence) {
    const standing = standingOf(evidence, source);
    if (asksOf(policy.require.signature, tier)) found.push(...ofSignature(standing, { evidence, source }));
    if (
      asksOf(policy.require.provenance, tier) &&
      (standing.provenance === "missing" || standing.provenance === "wrong_builder")
    )
      found.push({
        rule: "IM-04",
        message:
          standing.provenance === "missing"
            ? "nothing proves how it was built"
            : "its provenance names another builder or source",
        fix: "Build it where the policy's builder attests it, and push the attestation beside it",
      });
    if (asksOf(policy.require.sbom, tier) && standing.sbom === "missing")
      found.push({
        rule: "IM-05",
        message: "no signed list of its components was found",
        fix: "Attach a component list (CycloneDX or SPDX) as a signed attestation",
      });
  }
  const digest = reference.digest ?? evidence?.digest ?? component.running[0];
  const report =
    (digest === undefined ? undefined : known.vulnerabilities.get(digest)) ??
    known.vulnerabilities.get(reference.canonical);
  if (!report) return found;
  const { fixDays, dataDays } = policy.vulnerabilities;
  const age = daysBetween(report.dataOn, day);
  if (age > dataDays)
    return [
      ...found,
      {
        rule: "IM-06",
        severity: "medium",
        message: `the data on its vulnerabilities are ${age} days old: whether it has any is unknown`,
        fix: `Scan it again; data older than ${dataDays} days say nothing`,
      },
    ];
  const overdue = report.found.filter(
    ({ severity, fixedIn, fixedSince }) =>
      severity === "critical" &&
      (fixedSince === undefined ? fixedIn !== undefined && fixDays === 0 : daysBetween(fixedSince, day) > fixDays),
  );
  if (overdue.length > 0)
    found.push({
      rule: "IM-06",
      message: `${overdue
        .map(({ id, package: name }) => `${id} in ${name}`)
        .slice(0, 10)
        .join(", ")}: fixed for more than ${fixDays} days`,
      fix: "Build it anew with the fixed packages, and pin the new digest",
    });
  return found;
}

function ofSignature(
  { signature }: Standing,
  { evidence, source }: { evidence: Evidence; source: ApprovedSource | undefined },
): Breach[] {
  const why = evidence.steps
    .filter(({ ok }) => !ok)
    .map(({ says }) => says)
    .slice(0, 3)
    .join("; ");
  const message = {
    valid: undefined,
    missing: "it is not signed",
    invalid: `no signature of it holds${why ? `: ${why}` : ""}`,
    wrong_signer: "it is signed, but by none of the signers of its source",
    unknown: undefined,
  }[signature];
  if (message === undefined) return [];
  const signers = (source?.signers ?? []).map(({ name }) => name);
  return [
    {
      rule: "IM-03",
      message,
      fix:
        signers.length > 0
          ? `Have it signed by ${signers.join(" or ")}`
          : "Name the signers of its source in the policy, and have it signed by one",
    },
  ];
}

function ofRemoteCode({ remoteCode }: Component, { policy }: Judging): Breach[] {
  if (remoteCode === undefined || policy.models.remoteCode) return [];
  return [
    {
      rule: "IM-12",
      severity: "high",
      message: `"${remoteCode}" lets code run that comes with the model`,
      fix: "Take the argument away, and put the code that the model needs into the image, where it is reviewed",
    },
  ];
}

/** Endings of files whose format can run code when a common loader reads them. */
const formatOfEnding: Readonly<Record<string, string>> = {
  bin: "pickle",
  pt: "pickle",
  pth: "pickle",
  pkl: "pickle",
  pickle: "pickle",
  ckpt: "pickle",
  joblib: "pickle",
  dill: "pickle",
  mar: "archive",
  npy: "numpy",
  npz: "numpy",
  h5: "keras",
  hdf5: "keras",
  keras: "keras",
  pb: "savedmodel",
  safetensors: "safetensors",
  gguf: "gguf",
  onnx: "onnx",
  tflite: "tflite",
  mlmodel: "coreml",
  nemo: "pickle",
};

function ofFormat({ role }: Component, reference: Reference, { policy }: Judging): Breach[] {
  if (role !== "model") return [];
  const path = reference.file ?? reference.repository;
  const format = formatOfEnding[path.slice(path.lastIndexOf(".") + 1).toLowerCase()];
  if (!path.includes(".") || format === undefined || policy.models.formats.includes(format)) return [];
  if (policy.models.scanned.some(({ address }) => covers(address, reference))) return [];
  return [
    {
      rule: "IM-12",
      message: `its format (${format}) can run code when it is loaded, and no scan of it is on record`,
      fix: `Convert it to ${policy.models.formats.slice(0, 2).join(" or ")}, or record a scan of it`,
    },
  ];
}

/** Whether what is loaded is what the record of the model or the data says. */
function ofRecordedDigest({ role, running }: Component, reference: Reference, { policy }: Judging): Breach[] {
  const recorded = policy.artefacts.filter(
    ({ address, kind }) => (role === "data") === (kind === "data") && covers(address, reference),
  );
  const loaded = reference.digest ?? reference.revision ?? running[0];
  if (recorded.length === 0 || loaded === undefined || recorded.some(({ digest }) => digest === loaded)) return [];
  const [first] = recorded;
  return [
    {
      rule: role === "data" ? "IM-08" : "IM-07",
      message: `${shown(loaded)} is loaded, where ${first?.ref ?? ""} records ${first?.digest ?? ""}`,
      fix: `Load what ${first?.ref ?? "the record"} records, or record and evaluate the new version`,
    },
  ];
}

/** Running digests held against the approved release of the namespace. */
function ofRelease({ role, workload, running }: Component, reference: Reference, { policy }: Judging): Breach[] {
  if (role !== "main" && role !== "init" && role !== "image_volume") return [];
  const releases = policy.releases.filter(({ namespace }) => namespace === workload.namespace);
  if (releases.length === 0) return [];
  const approved = new Set(releases.flatMap(({ images }) => images));
  const digests = running.length > 0 ? running : reference.digest === undefined ? [] : [reference.digest];
  const strange = digests.filter((digest) => !approved.has(digest));
  if (strange.length === 0) return [];
  const names = releases.map(({ ref }) => ref).join(", ");
  return [
    {
      rule: "IM-10",
      message: `${strange.join(", ")} is not among the images of ${names}`,
      fix: `Deploy what ${names} approved, or release this one`,
    },
  ];
}

function ofEndOfSupport(
  { role }: Component,
  reference: Reference,
  { policy, known = nothingKnown, day }: Judging,
): Breach[] {
  if (role === "model" || role === "data" || policy.endOfSupport.length === 0) return [];
  const told = known.evidence.get(reference.canonical)?.base;
  const base = told === undefined ? undefined : parseImageName(told);
  const names = [reference, ...(base && !("error" in base) ? [base] : [])];
  const past = policy.endOfSupport.find(
    ({ address, tag, on }) =>
      on < day &&
      names.some(
        (name) =>
          covers(address, name) &&
          (tag === undefined ||
            name.tag === tag ||
            name.tag?.startsWith(`${tag}.`) === true ||
            name.tag?.startsWith(`${tag}-`) === true),
      ),
  );
  return past
    ? [
        {
          rule: "IM-13",
          message: `support of its base ended on ${past.on}`,
          fix: "Build it on a base that is still supported",
        },
      ]
    : [];
}
