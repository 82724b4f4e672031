import { dayOf } from "#core/basics/time.ts";
import { back, out } from "#core/records/follow.ts";
import type { RecordOf } from "#core/records/kind.ts";
import { check, every, some, type Check } from "../check.ts";
import { make, on } from "../mend.ts";

type Improvement = RecordOf<"improvement">;

const counts = (improvement: Improvement): boolean => improvement.state !== "withdrawn";
const leadsNowhere = "it leads to no improvement, and nobody wrote that none is needed";
const origins = { origins: back("improvement", "origin.record") };

/** Checks whose home is 10.1. */
export const checks: readonly Check[] = [
  check(
    "improve.sources",
    [
      on("concern", "follow_up"),
      on("incident", "follow_up"),
      on("finding", "link"),
      make("improvement", "propose"),
      on("management_review", "update_actions"),
    ],
    some("finding", {
      where: (record, today) =>
        ["issued", "linked", "closed"].includes(record.state) &&
        today.isWithinMonths(record.happened_on ?? dayOf(record.created_at), 12),
      follow: { linked: out("improvement", "improvement"), ...origins },
      must: ({ record, linked, origins: made }) =>
        [...linked, ...made].some(counts) || record.no_action_reason !== undefined || leadsNowhere,
      because: "none of the audit findings of the past 12 months leads to an improvement or says why none is needed",
      empty: "pass",
    }),
    some("incident", {
      where: (record, today) =>
        record.state !== "withdrawn" && today.isWithinMonths(record.detected_on ?? dayOf(record.created_at), 12),
      follow: { linked: out("improvement", "improvements"), ...origins },
      must: ({ record, linked, origins: made }) =>
        [...linked, ...made].some(counts) || record.no_improvement_reason !== undefined || leadsNowhere,
      because: "none of the incidents of the past 12 months leads to an improvement or says why none is needed",
      empty: "pass",
    }),
    some("management_review", {
      where: (record, today) =>
        ["approved", "actions_open", "closed"].includes(record.state) &&
        record.held_on !== undefined &&
        today.isWithinMonths(record.held_on, 12),
      follow: { linked: out("improvement", "decisions.follow_up"), ...origins },
      must: ({ record, linked, origins: made }) =>
        [...linked, ...made].some(counts) ||
        (record.decisions ?? []).some(
          (decision) => decision.none_needed_for === "improvement" && decision.reason !== undefined,
        ) ||
        leadsNowhere,
      because: "no management review of the past 12 months leads to an improvement or says why none is needed",
      empty: "pass",
    }),
    some("concern", {
      where: (record, today) =>
        record.test_report !== true && today.isWithinMonths(record.received_on ?? dayOf(record.created_at), 12),
      follow: { linked: out("improvement", "improvements"), ...origins },
      must: ({ record, linked, origins: made }) =>
        [...linked, ...made].some(counts) || record.no_improvement_reason !== undefined || leadsNowhere,
      because: "none of the concerns of the past 12 months leads to an improvement or says why none is needed",
      empty: "pass",
    }),
  ),
  check(
    "improve.flow",
    [on("improvement", "finish"), on("improvement", "move_date")],
    every("improvement", {
      where: (record) => record.state === "accepted" || record.state === "in_progress",
      must: ({ record, today }) => {
        const due = record.redecided_by === undefined ? record.due : (record.redecided_due ?? record.due);
        if (due === undefined) return { unknown: "it was accepted without a date" };
        return !today.isLongerThan(60, due) || `it was due on ${due}, is not done, and no new date is decided`;
      },
      empty: "pass",
      because: "no accepted improvement is open",
    }),
  ),
  check(
    "improve.effect",
    [on("improvement", "check_effect")],
    every("improvement", {
      where: (record) => record.state === "done" || record.state === "effect_checked",
      must: ({ record }) => {
        if (record.promised_benefit === undefined)
          return "it promised no benefit that its effect could be held against";
        return (
          record.effect !== undefined ||
          `it was done on ${record.done_on ?? record.state_since}, and nobody has looked at its effect`
        );
      },
      empty: "not_applicable",
      because: "no improvement is completed",
    }),
  ),
];
