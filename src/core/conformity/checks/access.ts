import { addMonths } from "#core/basics/time.ts";
import { back, out, via } from "#core/records/follow.ts";
import type { RecordOf } from "#core/records/kind.ts";
import { check, every, type Check, type Clause } from "../check.ts";
import { procedureMends, someProcedure } from "../facts/procedures.ts";
import {
  everyNamespaceSeen,
  isExcepted,
  isNewest,
  isNewestOf,
  isRunHere,
  notCarriedOut,
  runsOnKubernetes,
  whyNotSeen,
} from "../facts/scans.ts";
import { isDeployedInScope } from "../facts/systems.ts";
import { make, on } from "../mend.ts";
import type { Today } from "../today.ts";

type Scan = RecordOf<"k8s_access_scan">;
type Result = NonNullable<Scan["results"]>[number];
type System = RecordOf<"ai_system">;

/** Days that a high or critical result may stay (TRG-18). */
const mayStayDays = 14;

/** cluster-admin, wildcards, escalate, bind or impersonate, all secrets, service account tokens, the unlimited group. */
const escalation = ["RB-01", "RB-02", "RB-03", "RB-04", "RB-07", "RB-15"];
const identity = ["RB-11", "RB-12"];
const bothEnds = ["RB-16"];
const orphaned = ["RB-18"];

const said = (result: Result): string =>
  `${result.rule} ${result.subject}: ${result.message} (since ${result.first_seen})`;

const about = (results: readonly Result[]) => [...new Set(results.map((result) => result.ai_system ?? []).flat())];

/** The newest scan of each AI namespace has no result that `counts`. */
function noResult(
  rules: readonly string[],
  counts: (result: Result, told: { exceptions: readonly RecordOf<"exception">[]; today: Today }) => boolean,
): Clause {
  return every("k8s_access_scan", {
    where: isNewest,
    follow: { exceptions: out("exception", "results.exception") },
    must: ({ record, exceptions, today }) => {
      const such = (record.results ?? []).filter(
        (result) =>
          (rules.length === 0 || rules.includes(result.rule)) &&
          isNewestOf(record, result.namespace) &&
          counts(result, { exceptions, today }),
      );
      if (such.length > 0) return { fails: such.map(said).join("; "), records: about(such) };
      const open = notCarriedOut(record, rules);
      return open === undefined || { unknown: open };
    },
    empty: "not_applicable",
    because: "no namespace of an AI system was scanned",
  });
}

/** The last day on which the system's owner confirmed the rights to it, and on whose word. */
function lastReview(system: System): NonNullable<System["access_reviews"]>[number] | undefined {
  return [...(system.access_reviews ?? [])].sort((a, b) => (a.on < b.on ? -1 : 1)).at(-1);
}

/** Checks whose home is M10 (least-privilege access, held under 8.1). */
export const checks: readonly Check[] = [
  check(
    "rbac.rules",
    [...procedureMends("X.RBAC", ["who_may_hold_rights", "asking_and_granting", "review_and_removal", "break_glass"])],
    someProcedure(
      "X.RBAC",
      ["who_may_hold_rights", "asking_and_granting", "review_and_removal", "break_glass"],
      "who may hold which rights around AI workloads",
    ),
  ),
  check(
    "rbac.coverage",
    [
      on("ai_system", "amend"),
      on("ai_system", "review_access"),
      make("evidence_item", "offer", { about: "supports", with: { proves: "access_review" } }),
    ],
    every("ai_system", {
      where: (record) => isDeployedInScope(record) && isRunHere(record),
      follow: {
        scans: back("k8s_access_scan", "newest_for.ai_system"),
        proof: out("evidence_item", "access_reviews.evidence"),
      },
      must: ({ record, scans, proof, today }) => {
        if (record.not_on_kubernetes !== undefined) {
          const accepted = proof.filter((item) => item.state === "accepted" && item.proves === "access_review");
          const last = accepted
            .map((item) => item.collected_on)
            .filter((on) => on !== undefined)
            .sort()
            .at(-1);
          if (last === undefined)
            return "is not on Kubernetes, and no accepted proof of an access review stands in for a scan";
          return (
            today.isWithinDays(last, 90) ||
            `is not on Kubernetes, and the proof of its access review is of ${last}, more than 90 days old`
          );
        }
        const namespaces = record.namespaces ?? [];
        if (namespaces.length === 0) return "names no Kubernetes namespace, and is not marked as running elsewhere";
        const covered = new Set(
          scans.flatMap((scan) =>
            (scan.newest_for ?? []).filter((place) => place.ai_system === record.ref).map((place) => place.namespace),
          ),
        );
        const open = namespaces.filter((namespace) => !covered.has(namespace));
        return open.length === 0 || `no access scan covers ${open.join(", ")}`;
      },
      empty: "not_applicable",
      because: "the organisation runs no deployed AI system itself",
    }),
  ),
  check(
    "rbac.scanned",
    [make("task", "open", { about: "why", with: { task_kind: "action" } }), on("ai_system", "amend")],
    every("ai_system", {
      where: runsOnKubernetes,
      follow: { scans: back("k8s_access_scan", "newest_for.ai_system") },
      must: ({ record, scans, today }) => whyNotSeen(record, scans, today) ?? true,
      empty: "not_applicable",
      because: "no deployed AI system runs on Kubernetes",
    }),
  ),
  check(
    "rbac.no_high",
    [
      make("exception", "request", { about: "about" }),
      make("task", "open", { about: "why", with: { task_kind: "action" } }),
      on("k8s_access_scan", "link_exceptions"),
    ],
    everyNamespaceSeen("k8s_access_scan"),
    noResult(
      [],
      (result, { exceptions, today }) =>
        (result.severity === "high" || result.severity === "critical") &&
        today.isLongerThan(mayStayDays, result.first_seen) &&
        !isExcepted(result, exceptions, today),
    ),
  ),
  check(
    "rbac.own_identity",
    [
      make("task", "open", { about: "why", with: { task_kind: "action" } }),
      make("exception", "request", { about: "about" }),
      on("k8s_access_scan", "link_exceptions"),
    ],
    everyNamespaceSeen("k8s_access_scan"),
    noResult(identity, () => true),
  ),
  check(
    "rbac.no_escalation",
    [
      make("task", "open", { about: "why", with: { task_kind: "action" } }),
      make("exception", "request", { about: "about" }),
      on("k8s_access_scan", "link_exceptions"),
    ],
    everyNamespaceSeen("k8s_access_scan"),
    noResult(escalation, (result, { exceptions, today }) => !isExcepted(result, exceptions, today)),
  ),
  check(
    "rbac.separation",
    [
      make("task", "open", { about: "why", with: { task_kind: "action" } }),
      make("exception", "request", { about: "about" }),
      on("k8s_access_scan", "link_exceptions"),
    ],
    everyNamespaceSeen("k8s_access_scan"),
    // An exception for such a subject names the second person's approval as what is done instead.
    noResult(bothEnds, (result, { exceptions, today }) => !isExcepted(result, exceptions, today)),
  ),
  check(
    "rbac.reviewed",
    [on("ai_system", "review_access")],
    every("ai_system", {
      where: isDeployedInScope,
      follow: {
        owners: via(out("person", "access_reviews.by"), back("role_assignment", "person")),
      },
      must: ({ record, owners, today }) => {
        const review = lastReview(record);
        if (review === undefined) {
          const since = record.deployed_on;
          if (since !== undefined && !today.isMonthsAfter(3, since))
            return { note: `in use since ${since}, first access review due by ${addMonths(since, 3)}` };
          return "nobody ever confirmed the rights to it";
        }
        if (today.isMonthsAfter(3, review.on))
          return `the rights to it were last confirmed on ${review.on}, and are due every quarter`;
        if (review.by === undefined) return `the access review of ${review.on} names nobody who did it`;
        if (review.rights_granted_by === undefined)
          return { unknown: `the access review of ${review.on} does not say who grants the rights` };
        if (review.by === review.rights_granted_by)
          return `${review.by} confirmed on ${review.on} the rights that ${review.by} grants`;
        // Whoever owned it then may have handed it over since.
        const owned =
          review.by === record.owner ||
          owners.some((held) => held.person === review.by && held.role_key === "ai_system_owner");
        return owned || `${review.by}, who confirmed the rights on ${review.on}, does not own it`;
      },
      empty: "not_applicable",
      because: "no AI system is deployed",
    }),
  ),
  check(
    "rbac.leavers",
    [
      make("task", "open", { about: "why", with: { task_kind: "action" } }),
      make("exception", "request", { about: "about" }),
      on("k8s_access_scan", "link_exceptions"),
    ],
    everyNamespaceSeen("k8s_access_scan"),
    noResult(orphaned, () => true),
    every("k8s_access_scan", {
      where: isNewest,
      follow: { people: out("person", "results.person") },
      must: ({ record, people }) => {
        const left = new Set(people.filter((person) => person.state === "left").map((person) => person.ref));
        const such = (record.results ?? []).filter(
          (result) =>
            result.person !== undefined &&
            left.has(result.person) &&
            !orphaned.includes(result.rule) &&
            isNewestOf(record, result.namespace),
        );
        return (
          such.length === 0 || {
            fails: such
              .map((result) => `${result.subject} has left and still holds rights (${result.rule})`)
              .join("; "),
            records: [...left],
          }
        );
      },
      empty: "not_applicable",
      because: "no namespace of an AI system was scanned",
    }),
  ),
];
