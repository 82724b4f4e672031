import { after, choice, day, group, instant, line, lines, link, list, number, prose, yesNo } from "../field.ts";
import { recordKind } from "../kind.ts";
import { machine, role } from "../deed.ts";
import { nearScan, newestFor, placesOf, takeOver } from "../newest-scan.ts";

export const states = ["taken", "failed"] as const;

const severity = choice("Severity", ["low", "medium", "high", "critical"]);

const container = group(
  "Container",
  {
    role: choice("Role", ["main", "init", "sidecar", "ephemeral"]),
    name: line("Name"),
    image: line("Image", { help: "As the workload names it" }),
    digest: line("Digest", { help: "What runs" }),
    pinned: yesNo("Named by digest"),
    source: link("Source", "approved_source"),
    signature: choice("Signature", ["valid", "invalid", "missing", "wrong_signer", "unknown"]),
    signer: line("Signer"),
    sbom: choice("Component list", ["present", "missing", "unknown"]),
    provenance: choice("Build provenance", ["valid", "missing", "wrong_builder", "unknown"]),
    critical_vulnerabilities: list(
      "Critical vulnerabilities with a fix",
      group(
        "Vulnerability",
        { id: line("Id"), package: line("Package"), fixed_since: day("Fix available since") },
        { must: ["id"] },
      ),
    ),
    vulnerability_data_on: day("Vulnerability data of"),
  },
  { must: ["role", "image"] },
);

export const fields = {
  cluster: line("Cluster"),
  namespaces: lines("Namespaces"),
  taken_at: instant("Taken at"),
  tool: line("Tool"),
  tool_version: line("Tool version"),
  ruleset_version: line("Rule set"),
  object_counts: group("Objects read", {
    workloads: number("Workloads", { least: 0, whole: true }),
    containers: number("Containers", { least: 0, whole: true }),
    init: number("Init containers", { least: 0, whole: true }),
    sidecar: number("Sidecars", { least: 0, whole: true }),
    ephemeral: number("Ephemeral containers", { least: 0, whole: true }),
  }),
  raw_sha256: line("Digest of the raw input"),
  error: prose("Error", { help: "Why it did not end well; what leans on the scan is then unknown" }),
  not_evaluated: list(
    "Rules not evaluated",
    group("Rule", { rule: line("Rule"), why: line("Why") }, { must: ["rule", "why"] }),
  ),
  workloads: list(
    "Workloads",
    group(
      "Workload",
      {
        workload_kind: line("Kind"),
        name: line("Name"),
        namespace: line("Namespace"),
        ai_system: link("AI system", "ai_system"),
        release: link("Release", "release"),
        containers: list("Containers", container),
      },
      { must: ["name", "namespace"] },
    ),
  ),
  admission: list(
    "Admission",
    group(
      "Admission",
      {
        namespace: line("Namespace"),
        engine: line("Engine"),
        mode: choice("Mode", ["block", "warn", "none"]),
        on_failure: choice("When the checker fails", ["refuse", "allow"]),
        exempt: lines("Exempt"),
      },
      { must: ["namespace", "mode"] },
    ),
    { help: "Whether what breaks the policy is kept out, also while the checker is down" },
  ),
  artefacts: list(
    "Models and data",
    group("Artefact", {
      model: link("Model", "model"),
      dataset: link("Data set", "dataset"),
      namespace: line("Namespace"),
      ai_system: link("AI system", "ai_system"),
      source: link("Source", "approved_source"),
      digest: line("Digest", { help: "What is loaded" }),
      equal: yesNo("Equals the recorded digest"),
    }),
  ),
  results: list(
    "Results",
    group(
      "Result",
      {
        rule: line("Rule", { help: "IM-01 to IM-13" }),
        severity,
        namespace: line("Namespace"),
        workload: line("Workload"),
        container: line("Container"),
        image: line("Image"),
        message: prose("What it means"),
        first_seen: day("First seen"),
        ai_system: link("AI system", "ai_system"),
        exception: after(link("Exception", "exception")),
      },
      { must: ["rule", "severity", "message", "first_seen"] },
    ),
  ),
  gone: list(
    "Gone since the last scan",
    group(
      "Gone",
      {
        rule: line("Rule"),
        severity,
        where: line("Where"),
        message: line("What it was"),
        first_seen: day("First seen"),
        last_seen: day("Last seen"),
      },
      { must: ["rule"] },
    ),
  ),
  previous: link("Scan before", "image_policy_scan"),
  newest_for: newestFor,
};

export const kind = recordKind({
  name: "image_policy_scan",
  prefix: "IM",
  digits: 4,
  title: "Image scan",
  plural: "Image scans",
  summary:
    "Which images, models and data run in the namespaces of AI systems, whence they come, and whether anything else could start there.",
  serves: ["8.1"],
  fields,
  states,
  ownerless: true,
  live: [],
  frozen: ["taken", "failed"],
  columns: ["title", "cluster", "taken_at", "object_counts"],
  deeds: {
    record: {
      title: "Record image scan",
      from: "new",
      to: (next) => (next.error === undefined ? "taken" : "failed"),
      who: [...machine, ...role("platform_engineer")],
      needs: ["cluster", "namespaces", "taken_at"],
      follow: nearScan("image_policy_scan"),
      fills: ({ next, near }) => {
        const places = placesOf(next, near);
        return {
          title: next.title ?? `Image scan ${next.cluster ?? ""} ${next.taken_at?.slice(0, 10) ?? ""}`,
          ai_systems: next.ai_systems ?? [...new Set(places.map((place) => place.ai_system))],
          newest_for: places,
        };
      },
      effects: ({ next, near }) => takeOver("image_policy_scan", next, near),
    },
    give_way: {
      title: "Give way to a newer scan",
      from: ["taken", "failed"],
      who: machine,
      sets: ["newest_for"],
      op: "link",
    },
    link_exceptions: {
      title: "Link exceptions to image scan",
      from: ["taken"],
      who: [...machine, ...role("platform_engineer", "aims_manager")],
      sets: ["results"],
      needs: ["results"],
      op: "link",
    },
  },
});
