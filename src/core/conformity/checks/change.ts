import { back, out, via } from "#core/records/follow.ts";
import type { AnyRecord, RecordOf } from "#core/records/kind.ts";
import { check, every, type Check, type Says } from "../check.ts";
import { make, on } from "../mend.ts";
import type { Today } from "../today.ts";

type Plan = RecordOf<"change_plan">;

/** Roles without which the AIMS has no head and no eye. */
const coreRoles: readonly string[] = ["top_management", "aims_manager", "lead_internal_auditor"];
const plans = { plans: back("change_plan", "affected_records") };
const quiet = { empty: "pass", because: "nothing of this kind changed in the last 12 months" } as const;

/** Checks whose home is 6.3. */
export const checks: readonly Check[] = [
  check(
    "change.planned",
    [
      on("change_plan", "approve"),
      on("change_plan", "assess"),
      make("change_plan", "propose", { about: "affected_records" }),
    ],
    every("scope_statement", {
      where: (record, today) => isNewEdition(record, record.supersedes, ["approved", "superseded"], today),
      follow: plans,
      must: ({ record, plans: known }) => saysOfPlans(known, sinceOf(record)),
      ...quiet,
    }),
    every("policy", {
      where: (record, today) =>
        isNewEdition(record, record.supersedes, ["published", "under_review", "superseded"], today),
      follow: plans,
      must: ({ record, plans: known }) => saysOfPlans(known, sinceOf(record)),
      ...quiet,
    }),
    every("risk_criteria", {
      where: (record, today) => isNewEdition(record, record.supersedes, ["approved", "superseded"], today),
      follow: plans,
      must: ({ record, plans: known }) => saysOfPlans(known, sinceOf(record)),
      ...quiet,
    }),
    every("role_assignment", {
      where: (record, today) =>
        record.state === "ended" &&
        record.accepted_on !== undefined &&
        coreRoles.includes(record.role_key ?? "") &&
        today.isWithinMonths(record.valid_to ?? record.state_since, 12),
      follow: plans,
      must: ({ record, plans: known }) => saysOfPlans(known, record.valid_to ?? record.state_since),
      ...quiet,
    }),
    every("aims_process", {
      where: (record, today) => record.state === "retired" && today.isWithinMonths(record.state_since, 12),
      follow: plans,
      must: ({ record, plans: known }) => saysOfPlans(known, record.state_since),
      ...quiet,
    }),
    every("soa", {
      where: (record, today) => isNewEdition(record, record.supersedes, ["approved", "superseded"], today),
      follow: {
        ...plans,
        entries: back("soa_entry", "soa"),
        former: via(out("soa", "supersedes"), back("soa_entry", "soa")),
      },
      must: ({ record, plans: known, entries, former }) => {
        const kept = new Set(entries.filter((entry) => entry.included === true).map((entry) => entry.control_id));
        const removed = former
          .filter((entry) => entry.included === true && !kept.has(entry.control_id))
          .map((entry) => entry.control_id);
        if (removed.length === 0) return true;
        const says = saysOfPlans(known, record.dated ?? sinceOf(record));
        return says === true ? true : `it takes out ${removed.join(", ")}: ${String(says)}`;
      },
      ...quiet,
    }),
  ),
  check(
    "change.reviewed",
    [on("change_plan", "review")],
    every("change_plan", {
      where: (record) => record.state === "done" || record.state === "reviewed",
      must: ({ record, today }) => {
        const done = record.done_on ?? record.state_since;
        if (record.state === "reviewed" && record.review?.result !== undefined) return true;
        return !today.isLongerThan(60, done) || `done on ${done}, and not reviewed within 60 days`;
      },
      empty: "not_applicable",
      because: "no planned change is done yet",
    }),
  ),
];

/** The first edition founds; every later one changes. */
function isNewEdition(
  record: AnyRecord | RecordOf,
  supersedes: string | undefined,
  states: readonly string[],
  today: Today,
): boolean {
  return supersedes !== undefined && states.includes(record.state) && today.isWithinMonths(sinceOf(record), 12);
}

const sinceOf = (record: AnyRecord | RecordOf) => record.effective_from ?? record.state_since;

function saysOfPlans(known: readonly Plan[], effective: string): Says {
  if (known.length === 0) return "no change plan speaks of it";
  const inTime = known.filter((plan) => plan.approved_on !== undefined && plan.approved_on <= effective);
  if (inTime.length === 0) return `no change plan was approved before it took effect on ${effective}`;
  return (
    inTime.some(
      (plan) =>
        plan.what !== undefined &&
        plan.consequences !== undefined &&
        plan.resources !== undefined &&
        plan.responsibilities !== undefined,
    ) || "its change plan lacks purpose, consequences, resources or responsibilities"
  );
}
