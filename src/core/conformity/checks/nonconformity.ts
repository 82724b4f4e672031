import { addDays, addMonths, dayOf, type Day } from "#core/basics/time.ts";
import { all, back, out } from "#core/records/follow.ts";
import type { RecordOf } from "#core/records/kind.ts";
import { check, every, type Check } from "../check.ts";
import { listed } from "../facts/words.ts";
import { make, on } from "../mend.ts";
import { settingsOf } from "../settings.ts";

type Nonconformity = RecordOf<"nonconformity">;
type Action = RecordOf<"corrective_action">;

/** Days from detection, or from reopening, to an approved plan. */
const planDays = { major: 14, minor: 30 } as const;

const pastCause = ["action_planned", "actions_done", "effectiveness_pending", "closed"];

/** What of containing and understanding the nonconformity leaves open. */
function leftOpen({ containment, consequences_handled, root_cause, similar_cases }: Nonconformity): string[] {
  return [
    ...(containment?.text === undefined ? ["containment"] : []),
    ...(consequences_handled?.text === undefined ? ["consequences"] : []),
    ...(root_cause?.text === undefined ? ["cause"] : []),
    ...(root_cause?.method === undefined ? ["the method by which the cause was found"] : []),
    ...(similar_cases?.looked_where === undefined || similar_cases.found === undefined
      ? ["a look for similar cases"]
      : []),
  ];
}

/** Why the action is not shown to have worked, or nothing. */
function whyUnproven(action: Action, waitDays: number): string | undefined {
  const { result, checked_by: judge, checked_on: on } = action.effectiveness ?? {};
  if (result !== "effective") return `${action.ref} is not shown to be effective`;
  if (judge === undefined || on === undefined) return `nobody signed the effect of ${action.ref}`;
  if (judge === action.owner || judge === action.doer)
    return `${judge} judged the effect of ${action.ref} and owned or did it`;
  if (action.done_on === undefined) return `${action.ref} has no day on which it was done`;
  const earliest: Day = addDays(action.done_on, waitDays);
  return on < earliest ? `the effect of ${action.ref} was judged on ${on}, before ${earliest}` : undefined;
}

/** Whether the newer one repeats the closed one: same requirement, same cause, within 12 months of the closing. */
function repeats(closed: Nonconformity, newer: Nonconformity): boolean {
  const [first, again] = [closed.detected_on, newer.detected_on];
  const code = closed.root_cause?.cause_code;
  if (newer.ref === closed.ref || newer.state === "withdrawn") return false;
  if (first === undefined || again === undefined || again <= first || code === undefined) return false;
  return (
    newer.node === closed.node &&
    newer.root_cause?.cause_code?.toLowerCase() === code.toLowerCase() &&
    again <= addMonths(closed.closed_on ?? closed.state_since, 12) &&
    newer.recurring_of !== closed.ref &&
    (closed.reopened_on === undefined || closed.reopened_on < again)
  );
}

/** Checks whose home is 10.2. */
export const checks: readonly Check[] = [
  check(
    "nc.handled",
    [on("nonconformity", "amend"), on("nonconformity", "note"), on("nonconformity", "reopen")],
    every("nonconformity", {
      where: (record) => pastCause.includes(record.state),
      must: ({ record }) => {
        const open = leftOpen(record);
        return open.length === 0 || `it does not say: ${listed(open)}`;
      },
      empty: "pass",
      because: "no nonconformity is past finding its cause",
    }),
  ),
  check(
    "nc.prompt",
    [
      on("nonconformity", "approve_plan"),
      on("nonconformity", "find_cause"),
      on("nonconformity", "contain"),
      on("nonconformity", "note"),
    ],
    every("nonconformity", {
      where: (record) => record.state !== "closed" && record.state !== "withdrawn",
      follow: { approvals: back("approval", "about") },
      must: ({ record, approvals, today }) => {
        // A cause that was not found the first time is looked for anew, with the same patience.
        const from = record.reopened_on ?? record.detected_on;
        if (from === undefined) return { unknown: "nobody wrote down when it was detected" };
        if (record.grade === undefined) return { unknown: "it has no grade" };
        const last = addDays(from, planDays[record.grade]);
        const planned = approvals
          .filter(({ decision }) => decision === "approve" || decision === "approve_with_conditions")
          .flatMap(({ decided_at: at }) => (at === undefined ? [] : [dayOf(at)]))
          .filter((day) => day >= from)
          .sort()[0];
        const since = record.reopened_on === undefined ? `detected on ${from}` : `reopened on ${from}`;
        if (planned === undefined)
          return !today.isPast(last) || `it is ${record.grade}, ${since}, and no plan was approved by ${last}`;
        return (
          planned <= last ||
          `it is ${record.grade}, ${since}, and its plan was approved on ${planned}, later than ${last}`
        );
      },
      empty: "pass",
      because: "no nonconformity is open",
    }),
  ),
  check(
    "nc.not_overdue",
    [on("corrective_action", "finish"), on("corrective_action", "move_date")],
    every("corrective_action", {
      where: (record) => record.state === "planned" || record.state === "in_progress",
      must: ({ record, today }) => {
        const due = record.redecided_by === undefined ? record.due : (record.redecided_due ?? record.due);
        if (due === undefined) return { unknown: "it has no due date" };
        return !today.isLongerThan(30, due) || `it was due on ${due}, is not done, and no new date is approved`;
      },
      empty: "pass",
      because: "no corrective action is open",
    }),
  ),
  check(
    "ca.effectiveness",
    [on("nonconformity", "reopen"), on("corrective_action", "check"), on("corrective_action", "plan_check")],
    every("nonconformity", {
      where: (record) => record.state === "closed",
      follow: { actions: back("corrective_action", "nonconformity"), organization: all("organization") },
      must: ({ actions, organization }) => {
        const current = actions.filter(({ state }) => state !== "cancelled" && state !== "replaced");
        if (current.length === 0) return "it was closed without a corrective action";
        const wait = settingsOf(organization).effectiveness_wait_days;
        const reasons = current.flatMap((action) => whyUnproven(action, wait) ?? []);
        return reasons.length === 0 || reasons.join("; ");
      },
      empty: "pass",
      because: "no nonconformity is closed",
    }),
  ),
  check(
    "nc.aims_changes",
    [
      on("nonconformity", "decide_aims_change"),
      on("nonconformity", "reopen"),
      make("change_plan", "propose", { about: "affected_records" }),
    ],
    every("nonconformity", {
      where: (record) => record.state === "closed",
      follow: { plans: out("change_plan", "change_plan") },
      must: ({ record, plans }) => {
        if (record.aims_change_needed === undefined) return "it was closed without saying whether the AIMS must change";
        return (
          !record.aims_change_needed || plans.length > 0 || "it says that the AIMS must change and links no change plan"
        );
      },
      empty: "pass",
      because: "no nonconformity is closed",
    }),
  ),
  check(
    "nc.no_repeat",
    [on("nonconformity", "note"), on("nonconformity", "reopen")],
    every("nonconformity", {
      where: (record) => record.state === "closed",
      follow: { others: all("nonconformity") },
      must: ({ record, others }) => {
        const again = others.filter((other) => repeats(record, other));
        return (
          again.length === 0 || {
            fails: `${listed(again.map(({ ref }) => ref))} has the same requirement and cause; reopen this one or link it as recurring`,
            records: again.map(({ ref }) => ref),
          }
        );
      },
      empty: "pass",
      because: "no nonconformity is closed",
    }),
  ),
];
