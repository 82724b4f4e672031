import { after, choice, day, group, instant, line, lines, link, list, number, prose } from "../field.ts";
import { recordKind } from "../kind.ts";
import { machine, role } from "../deed.ts";
import { nearScan, newestFor, placesOf, takeOver } from "../newest-scan.ts";

export const states = ["taken", "failed"] as const;

const severities = ["low", "medium", "high", "critical"] as const;

export const fields = {
  cluster: line("Cluster"),
  namespaces: lines("Namespaces"),
  taken_at: instant("Taken at"),
  tool: line("Tool"),
  tool_version: line("Tool version"),
  ruleset_version: line("Rule set"),
  object_counts: group("Objects read", {
    subjects: number("Subjects", { least: 0, whole: true }),
    roles: number("Roles", { least: 0, whole: true }),
    bindings: number("Bindings", { least: 0, whole: true }),
    workloads: number("Workloads", { least: 0, whole: true }),
    service_accounts: number("Service accounts", { least: 0, whole: true }),
  }),
  raw_sha256: line("Digest of the raw input"),
  error: prose("Error", { help: "Why it did not end well; what leans on the scan is then unknown" }),
  not_evaluated: list(
    "Rules not evaluated",
    group("Rule", { rule: line("Rule"), why: line("Why") }, { must: ["rule", "why"] }),
  ),
  results: list(
    "Results",
    group(
      "Result",
      {
        rule: line("Rule", { help: "RB-01 to RB-20" }),
        severity: choice("Severity", severities),
        namespace: line("Namespace"),
        subject: line("Subject"),
        object: line("Object"),
        verbs: lines("Verbs"),
        resources: lines("Resources"),
        message: prose("What it means"),
        first_seen: day("First seen"),
        ai_system: link("AI system", "ai_system"),
        person: link("Person", "person", { help: "Whom a binding names, when the organisation knows them" }),
        exception: after(link("Exception", "exception")),
      },
      { must: ["rule", "severity", "subject", "message", "first_seen"] },
    ),
  ),
  gone: list(
    "Gone since the last scan",
    group(
      "Gone",
      {
        rule: line("Rule"),
        severity: choice("Severity", severities),
        subject: line("Subject"),
        message: line("What it was"),
        first_seen: day("First seen"),
        last_seen: day("Last seen"),
      },
      { must: ["rule", "subject"] },
    ),
  ),
  previous: link("Scan before", "k8s_access_scan"),
  newest_for: newestFor,
};

export const kind = recordKind({
  name: "k8s_access_scan",
  prefix: "AC",
  digits: 4,
  title: "Access scan",
  plural: "Access scans",
  summary:
    "Who can do what in the namespaces of AI systems, read from a cluster at one moment and held against the access rules.",
  serves: ["8.1"],
  fields,
  states,
  ownerless: true,
  live: [],
  frozen: ["taken", "failed"],
  columns: ["title", "cluster", "taken_at", "object_counts"],
  deeds: {
    record: {
      title: "Record access scan",
      from: "new",
      to: (next) => (next.error === undefined ? "taken" : "failed"),
      who: [...machine, ...role("platform_engineer")],
      needs: ["cluster", "namespaces", "taken_at"],
      follow: nearScan("k8s_access_scan"),
      fills: ({ next, near }) => {
        const places = placesOf(next, near);
        return {
          title: next.title ?? `Access scan ${next.cluster ?? ""} ${next.taken_at?.slice(0, 10) ?? ""}`,
          ai_systems: next.ai_systems ?? [...new Set(places.map((place) => place.ai_system))],
          newest_for: places,
        };
      },
      effects: ({ next, near }) => takeOver("k8s_access_scan", next, near),
    },
    give_way: {
      title: "Give way to a newer scan",
      from: ["taken", "failed"],
      who: machine,
      sets: ["newest_for"],
      op: "link",
    },
    link_exceptions: {
      title: "Link exceptions to access scan",
      from: ["taken"],
      who: [...machine, ...role("platform_engineer", "aims_manager")],
      sets: ["results"],
      needs: ["results"],
      op: "link",
    },
  },
});
