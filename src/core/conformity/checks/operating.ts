import { dayOf, type Day } from "#core/basics/time.ts";
import { all, back, out, via } from "#core/records/follow.ts";
import type { KindName } from "#core/records/all.ts";
import type { RecordOf } from "#core/records/kind.ts";
import { check, every, latest, type Check, type Clause, type Result } from "../check.ts";
import { approvalOf } from "../facts/approvals.ts";
import { reviewWithin, whyNotReviewed } from "../facts/differences.ts";
import { isNewest, isNewestOf } from "../facts/scans.ts";
import { isDeployedInScope, isInScope } from "../facts/systems.ts";
import { listed, missingFields, plain } from "../facts/words.ts";
import { make, on } from "../mend.ts";

type Process = RecordOf<"aims_process">;

/** Kinds of record by which a process of operation shows that it runs, and what it means when there is none. */
const telling = {
  ai_system: "unknown",
  impact_assessment: "unknown",
  risk: "unknown",
  measurement: "unknown",
  release: "unknown",
  supplier: "not_applicable",
} as const satisfies Partial<Record<KindName, Result>>;

const isTelling = (kind: string | undefined): boolean => kind !== undefined && Object.hasOwn(telling, kind);

/** Processes are few and records many: so each newest record looks for the processes that it shows to run. */
const runs = (kind: keyof typeof telling): Clause =>
  latest(kind, {
    rank: (record) => record.recorded_at,
    follow: { processes: all("aims_process") },
    must: ({ record, processes, today }) => {
      const last = dayOf(record.recorded_at);
      const stopped = processes.filter(
        (process) =>
          isOperational(process) &&
          process.records_produced?.[0] === kind &&
          !today.isWithinMonths(last, process.record_every_months ?? 12),
      );
      return (
        stopped.length === 0 || {
          fails: `is the newest record of ${listed(stopped.map(({ ref }) => ref))}, of ${last}`,
          records: stopped.map(({ ref }) => ref),
        }
      );
    },
    empty: telling[kind],
    because: `there is no ${plain(kind)} on record`,
  });

/** Whether it runs the AI systems themselves: it serves clause 8 or a control on assessing, building, feeding, using or buying them. */
const isOperational = (process: Process): boolean =>
  process.state === "active" &&
  (process.serves_nodes ?? []).some((node) => /^(8(\.|$)|A\.(5|6|7|9|10)\.|X\.)/.test(node));

const newestOf = (days: readonly (Day | undefined)[]): Day | undefined =>
  days
    .filter((day) => day !== undefined)
    .sort()
    .at(-1);

const openNonconformity = (record: RecordOf<"nonconformity">): boolean =>
  record.state !== "closed" && record.state !== "withdrawn";
const openPlan = (plan: RecordOf<"treatment_plan">): boolean =>
  (plan.state === "approved" || plan.state === "in_progress") &&
  (plan.actions ?? []).some((action) => action.state !== "done" && action.state !== "dropped");

/** Checks whose home is 8.1. */
export const checks: readonly Check[] = [
  check(
    "ops.criteria",
    [make("evidence_item", "offer", { about: "supports", with: { proves: "activity" } }), on("aims_process", "amend")],
    every("aims_process", {
      where: isOperational,
      follow: { proof: out("evidence_item", "evidence") },
      must: ({ record, proof, today }) => {
        const missing = missingFields(record, ["criteria", "control_method", "records_produced"]);
        if (missing.length > 0) return `it states no ${listed(missing)}`;
        if (isTelling(record.records_produced?.[0])) return true;
        // What it keeps is not asked after here, so proof of it has to be linked.
        const last = newestOf(proof.filter((item) => item.state === "accepted").map((item) => item.collected_on));
        const months = record.record_every_months ?? 12;
        if (last === undefined)
          return { unknown: `no proof is linked of the ${listed(record.records_produced ?? [])} that it produces` };
        return (
          today.isWithinMonths(last, months) ||
          `its last proof is of ${last}, and one is expected every ${months} months`
        );
      },
      empty: "fail",
      because: "no process of operation is active",
    }),
    runs("ai_system"),
    runs("impact_assessment"),
    runs("risk"),
    runs("measurement"),
    runs("release"),
    runs("supplier"),
  ),
  check(
    "ops.controls_implemented",
    [
      on("soa_entry", "report_status"),
      make("nonconformity", "open", { about: "raised_from", with: { source: "check" } }),
      make("treatment_plan", "draft"),
    ],
    every("soa_entry", {
      where: (record) => record.state === "in_force" && record.included === true,
      follow: {
        plans: via(out("risk", "risks"), back("treatment_plan", "risks")),
        nonconformities: all("nonconformity"),
      },
      must: ({ record, plans, nonconformities, today }) => {
        if (record.implementation_status === "implemented") return true;
        const planned = record.planned_for;
        if (planned !== undefined && !today.isPast(planned)) return true;
        if (plans.some(openPlan)) return true;
        const control = record.control_id;
        if (
          control !== undefined &&
          nonconformities.some(
            (one) => openNonconformity(one) && (one.node === control || (one.also_nodes ?? []).includes(control)),
          )
        )
          return true;
        return planned === undefined
          ? `${control ?? ""} is not implemented, and no date, treatment action or nonconformity stands for it`
          : `${control ?? ""} was planned for ${planned} and is not implemented, and no treatment action or nonconformity stands for it`;
      },
      empty: "fail",
      because: "no statement of applicability is in force",
    }),
  ),
  check(
    "ops.control_effectiveness",
    [
      on("soa_entry", "report_status"),
      make("evidence_item", "offer", { about: "supports", with: { proves: "control_effectiveness" } }),
      make("audit", "plan", { with: { audit_kind: "internal" } }),
    ],
    every("soa_entry", {
      where: (record) =>
        record.state === "in_force" && record.included === true && record.implementation_status === "implemented",
      follow: { proof: out("evidence_item", "evidence"), audits: all("audit") },
      must: ({ record, proof, audits, today }) => {
        const { control_id: control, effectiveness } = record;
        // Measures and scans report to the entry, as its last result.
        const reported = effectiveness?.last_result === "unknown" ? undefined : effectiveness?.on;
        const shown = proof
          .filter(
            (item) =>
              (item.state === "accepted" || item.state === "expired") &&
              item.proves !== "activity" &&
              item.proves !== "state",
          )
          .map((item) => item.collected_on);
        const audited = audits
          .filter(
            (audit) =>
              control !== undefined &&
              (audit.nodes ?? []).includes(control) &&
              !(audit.nodes_not_covered ?? []).some(({ node }) => node === control),
          )
          .map((audit) => audit.report_issued_on);
        const last = newestOf([reported, ...shown, ...audited]);
        if (last === undefined)
          return `${control ?? ""} is said to be implemented, and no measure, scan, test or audit shows that it works`;
        return (
          today.isWithinMonths(last, 12) ||
          `${control ?? ""} was last shown to work on ${last}, and is due every 12 months`
        );
      },
      empty: "not_applicable",
      because: "no control is said to be implemented",
    }),
  ),
  check(
    "ops.changes_controlled",
    [
      on("release", "approve"),
      make("release", "plan", { about: "ai_system" }),
      make("nonconformity", "open", { about: "raised_from", with: { source: "check" } }),
    ],
    every("release", {
      // What ended more than a year ago is of another period.
      where: (record, today) =>
        record.deployed_on !== undefined &&
        (record.ended_on === undefined || today.isWithinMonths(record.ended_on, 12)),
      follow: { system: out("ai_system", "ai_system"), approvals: back("approval", "about") },
      must: ({ record, system, approvals }) => {
        const ran = record.deployed_on;
        if (ran === undefined || !system.some((one) => one.in_scope !== false)) return true;
        const decided = approvalOf(record, approvals)?.decided_at;
        const refs = system.map(({ ref }) => ref);
        if (decided === undefined) return { fails: `ran from ${ran} on, and nobody approved it`, records: refs };
        return (
          dayOf(decided) <= ran || { fails: `ran from ${ran} on, and was approved on ${dayOf(decided)}`, records: refs }
        );
      },
      empty: "not_applicable",
      because: "nothing was deployed in the past 12 months",
    }),
    every("ai_system", {
      where: isDeployedInScope,
      follow: { releases: back("release", "ai_system") },
      must: ({ releases }) =>
        releases.some((release) => release.state === "deployed") || "is in use, and no release is recorded as deployed",
      empty: "not_applicable",
      because: "no AI system is deployed",
    }),
  ),
  check(
    "ops.unplanned_changes",
    [on("release", "review_difference"), on("release", "note_difference"), make("release", "record_unapproved")],
    every("release", {
      where: (record) => (record.differences ?? []).length > 0,
      must: ({ record, today }) => {
        const faults = (record.differences ?? [])
          .map((difference) => whyNotReviewed(difference, today))
          .filter((fault) => fault !== undefined);
        return faults.length === 0 || faults.join("; ");
      },
      empty: "pass",
      because: "no difference was found between what runs and what was approved",
    }),
    every("image_policy_scan", {
      where: (record) => isNewest(record) && (record.results ?? []).some(({ rule }) => rule === "IM-10"),
      follow: { releases: out("release", "workloads.release") },
      must: ({ record, releases, today }) => {
        const open = (record.results ?? []).filter(
          (result) =>
            result.rule === "IM-10" &&
            isNewestOf(record, result.namespace) &&
            today.isWorkingDaysAfter(reviewWithin, result.first_seen) &&
            !releases.some(
              (release) =>
                release.ai_system === result.ai_system &&
                (release.differences ?? []).some(({ found_on: found }) => found >= result.first_seen),
            ),
        );
        return (
          open.length === 0 || {
            fails: open
              .map((result) => `"${result.message}" is seen since ${result.first_seen} and was not reviewed`)
              .join("; "),
            records: open.flatMap((result) => result.ai_system ?? []),
          }
        );
      },
      empty: "pass",
      because: "no scan found a difference",
    }),
  ),
  check(
    "ops.outsourced",
    [on("supplier", "review"), on("supplier", "split_duties"), on("supplier", "amend")],
    every("supplier", {
      where: (record) => record.state !== "ended",
      follow: { systems: back("ai_system", "suppliers") },
      must: ({ record, systems, today }) => {
        if (!systems.some(isInScope)) return true;
        if ((record.responsibility_split ?? []).length === 0) return "has no allocated responsibilities";
        if (record.next_review_on === undefined) return "has no date for its next review";
        return !today.isPast(record.next_review_on) || `its review was due on ${record.next_review_on}`;
      },
      empty: "not_applicable",
      because: "there is no supplier",
    }),
  ),
];
