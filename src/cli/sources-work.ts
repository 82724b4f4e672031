import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { dump } from "js-yaml";
import { compileToAdmissionPolicy, compileToKyverno } from "#core/sources/compile.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { dayOf, parseInstant } from "#core/basics/time.ts";
import { toJunit } from "#core/interchange/junit.ts";
import { toOpenReports } from "#core/interchange/openreports.ts";
import type { Report } from "#core/interchange/report.ts";
import { toSarif } from "#core/interchange/sarif.ts";
import { parseYaml } from "#core/interchange/yaml-text.ts";
import { readObjects } from "#core/kubernetes/read-objects.ts";
import type { Evidence, Known } from "#core/sources/evidence.ts";
import { readPolicy, type SourcePolicy } from "#core/sources/policy.ts";
import { isReference, parseReference } from "#core/sources/reference.ts";
import { componentsOf, type Component } from "#core/sources/running.ts";
import { scanSources, type SourceScan } from "#core/sources/scan.ts";
import { rules, violationsOf, type Violation } from "#core/sources/violations.ts";
import { readManifests, readText } from "#outside/manifest-files.ts";
import { credentialsOfDockerConfig, openRegistry, type Registry } from "#outside/registry.ts";
import type { Place } from "./place.ts";
import { print, printJson, printTable, say, startProgress } from "./print.ts";
import type { Compiling, Parsing, Reaching, Scanning, Verifying } from "./sources.ts";
import { versionOf } from "./version.ts";

/** Takes references apart: those of the command line, or of standard input, one a line. */
export async function parse(options: Parsing, words: readonly string[]): Promise<"failing" | void> {
  const inputs =
    words.length > 0 ? words : (readManifests(["-"])[0]?.text ?? "").split("\n").filter((line) => line !== "");
  let isFailing = false;
  const lines = inputs.map((input) => {
    const read = parseReference(input, options.kind);
    if (!isReference(read)) {
      isFailing = true;
      return JSON.stringify({
        input,
        kind: null,
        registry: null,
        repository: null,
        tag: null,
        digest: null,
        canonical: null,
        error: read.error,
      });
    }
    const { kind, registry, repository, tag = null, digest = null, revision, file, canonical } = read;
    return JSON.stringify({
      input,
      kind,
      registry,
      repository,
      tag,
      digest,
      ...(revision ? { revision } : {}),
      ...(file ? { file } : {}),
      canonical,
      error: null,
    });
  });
  if (lines.length > 0) print(lines.join("\n"));
  return isFailing ? "failing" : undefined;
}

/** Scans, prints in the form that is asked for, and fails when something breaks the policy badly enough. */
export async function scan(place: Place, options: Scanning): Promise<"failing" | void> {
  if (options.file.length === 0)
    throw new Refusal("malformed", "Cannot read a cluster: name its manifests or its dump by -f");
  const policy = readPolicyFile(options.policy);
  const snapshot = readObjects(readManifests(options.file), {
    cluster: options.file.join(", "),
    ...(options.namespace === undefined ? {} : { defaultNamespace: options.namespace }),
  });
  for (const { message, place: where } of snapshot.problems) say(`aims: ${where?.file}:${where?.line}: ${message}`);
  if (snapshot.objects.length === 0 && snapshot.notListed.length === 0)
    throw new Refusal("malformed", `Cannot read "${options.file.join(", ")}": it holds no object of a cluster`, {
      problems: snapshot.problems,
    });
  const evidence = options.verify
    ? await verified(componentsOf(snapshot), { policy, reaching: options })
    : new Map<string, Evidence>();
  const at = parseInstant(new Date().toISOString());
  const known: Known = { evidence, vulnerabilities: new Map() };
  const found = scanSources(snapshot, policy, { day: dayOf(at), known });
  printScan(found, { form: place.output, at });
  const severities = ["low", "medium", "high", "critical"];
  const isBad = ({ severity }: Violation) => severities.indexOf(severity) >= severities.indexOf(options.failOn);
  // What was asked to be verified and could not be is no pass.
  const unseen = [...evidence].filter(([, { signature, isWhole }]) => signature === "unknown" || !isWhole);
  for (const [canonical, { steps }] of unseen)
    say(`aims: ${canonical}: ${steps.find(({ ok }) => !ok)?.says ?? "it could not be verified"}`);
  return found.violations.some(isBad) || snapshot.problems.length > 0 || unseen.length > 0 ? "failing" : undefined;
}

/** Says step by step what is proven about one image. */
export async function verify(place: Place, options: Verifying, text: string): Promise<"failing" | void> {
  const policy = readPolicyFile(options.policy);
  const reference = parseReference(text);
  if (!isReference(reference)) throw new Refusal("malformed", `Cannot verify "${text}": ${reference.error}`);
  if (reference.kind !== "image" && reference.kind !== "oci")
    throw new Refusal("malformed", `Cannot verify "${text}": only what a registry keeps can be verified`);
  const component: Component = {
    workload: { kind: "Image", namespace: "", name: reference.canonical },
    role: "main",
    at: "",
    reference,
    running: [],
  };
  const evidence = await verified([component], { policy, reaching: options });
  const proven = evidence.get(reference.canonical);
  const day = dayOf(parseInstant(new Date().toISOString()));
  const known: Known = { evidence, vulnerabilities: new Map() };
  const violations = violationsOf(component, { policy, known, day });
  const isProven = proven !== undefined && proven.signature !== "unknown" && proven.isWhole;
  if (place.json)
    printJson({
      reference: reference.canonical,
      digest: proven?.digest ?? null,
      steps: proven?.steps ?? [],
      signatures: proven?.signatures ?? [],
      statements: proven?.statements ?? [],
      violations: violations.map(({ rule, severity, message, fix }) => ({ rule, severity, message, fix })),
    });
  else {
    for (const { ok, says } of proven?.steps ?? []) print(`${ok ? "proven" : "not"}: ${says}`);
    for (const { rule, message } of violations) print(`${rule}: ${message}`);
    if (violations.length === 0) print(isProven ? "It may run" : "Whether it may run is not known");
  }
  return violations.length > 0 || !isProven ? "failing" : undefined;
}

/** Prints the policy as objects for a cluster, in YAML or JSON. */
export async function compile(place: Place, { policy: file, target }: Compiling): Promise<void> {
  const policy = readPolicyFile(file);
  const day = dayOf(parseInstant(new Date().toISOString()));
  const objects = target === "vap" ? compileToAdmissionPolicy(policy, day) : [compileToKyverno(policy, day)];
  if (place.json)
    return printJson(objects.length === 1 ? objects[0] : { apiVersion: "v1", kind: "List", items: objects });
  print(objects.map((object) => dump(object, { lineWidth: -1, noRefs: true }).trimEnd()).join("\n---\n"));
}

/** The policy of a file; problems are told with the line where they stand. @throws {Refusal} */
function readPolicyFile(file: string): SourcePolicy {
  const { value, placeOf } = parseYaml(readText(file).text, file);
  try {
    return readPolicy(value);
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    const problems = refusal.problems.map(({ message, place }) => {
      const path = (place?.field ?? "")
        .split(".")
        .filter((step) => step !== "")
        .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
      return { message: `${place?.field ? `${place.field}: ` : ""}${message}`, place: { ...placeOf(path), ...place } };
    });
    throw new Refusal(
      refusal.code,
      `Cannot read source policy "${file}": ${problems.length === 1 ? "one problem" : `${problems.length} problems`}`,
      { problems, cause: refusal },
    );
  }
}

async function verified(
  components: readonly Component[],
  { policy, reaching }: { policy: SourcePolicy; reaching: Reaching },
): Promise<Map<string, Evidence>> {
  // The sigstore libraries take a while to load, so only what verifies waits for them.
  const [{ verifyComponents }, { readTrustRoot }] = await Promise.all([
    import("#outside/verify-components.ts"),
    import("#outside/trust-root.ts"),
  ]);
  const trust = readTrustRoot(reaching.trustedRoot === undefined ? undefined : readText(reaching.trustedRoot).text);
  const progress = startProgress();
  const evidence = await verifyComponents(components, policy, {
    registry: registryOf(reaching),
    trust,
    onDone: (done, of) => progress.at("Verified", done, of),
  });
  progress.end();
  return evidence;
}

function registryOf({ plainHttp, ca }: Reaching): Registry {
  const config = join(process.env["DOCKER_CONFIG"] ?? join(homedir(), ".docker"), "config.json");
  return openRegistry({
    plainHttp: new Set(plainHttp),
    ...(ca === undefined ? {} : { certificateAuthority: readText(ca).text }),
    ...(existsSync(config)
      ? { credentialsFor: credentialsOfDockerConfig(parseYaml(readFileSync(config, "utf8"), config).value) }
      : {}),
  });
}

function printScan(found: SourceScan, { form, at }: { form: Place["output"]; at: Report["at"] }): void {
  switch (form) {
    case "json":
      printJson({
        scan: found.scan,
        components: found.components,
        admission: found.admission,
        violations: found.violations,
      });
      break;
    case "sarif":
      printJson(toSarif(reportOf(found, at)));
      break;
    case "junit":
      process.stdout.write(toJunit(reportOf(found, at)));
      break;
    case "openreports":
      printJson(toOpenReports(reportOf(found, at)));
      break;
    default: {
      const { violations, scan: about } = found;
      if (violations.length > 0)
        printTable(
          ["RULE", "SEVERITY", "OBJECT", "REFERENCE", "WHY"],
          violations.map(({ rule, severity, object, reference = "", message }) => [
            rule,
            severity,
            object,
            reference,
            message,
          ]),
        );
      for (const { fix } of violations.slice(0, 1)) print(`First: ${fix}`);
      print(`${violations.length} violations; ${about.components} components of ${about.workloads} workloads`);
      for (const { rule, why } of about.notEvaluated) print(`${rule} was not evaluated: ${why}`);
    }
  }
}

function reportOf({ violations, scan: { notEvaluated } }: SourceScan, at: Report["at"]): Report {
  return {
    name: "aims",
    version: versionOf(),
    at,
    rules: Object.entries(rules).map(([id, { severity, title }]) => ({ id, severity, text: title })),
    results: violations.map(({ rule, severity, message, object, namespace, reference = "", at: where = "", fix }) => {
      const [kind = "", rest = ""] = object.split(" ");
      return {
        rule,
        severity,
        message,
        subject: reference || object,
        object: { kind, name: rest.slice(rest.indexOf("/") + 1), namespace: kind === "Namespace" ? "" : namespace },
        fingerprint: `${rule}/${object}/${where}/${reference}`,
        fix,
      };
    }),
    notEvaluated,
  };
}
