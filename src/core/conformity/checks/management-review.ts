import { back, out, via } from "#core/records/follow.ts";
import type { RecordOf } from "#core/records/kind.ts";
import { requiredInputs } from "#core/records/kinds/management-review.ts";
import { check, every, latest, type Check } from "../check.ts";
import { approvalOf } from "../facts/approvals.ts";
import { listed, plain } from "../facts/words.ts";
import { make, on } from "../mend.ts";
import type { Today } from "../today.ts";

type Review = RecordOf<"management_review">;
type Decision = NonNullable<Review["decisions"]>[number];

const isApproved = (review: Review): boolean =>
  review.state === "approved" || review.state === "actions_open" || review.state === "closed";

const newestApproved = {
  where: isApproved,
  rank: (review: Review) => review.held_on,
  empty: "fail",
  because: "no management review is approved",
} as const;

/** Whether the assignment gave its holder top management's powers on the day. */
const ledOn = (day: string, role: RecordOf<"role_assignment">): boolean =>
  role.role_key === "top_management" &&
  role.accepted_on !== undefined &&
  role.accepted_on <= day &&
  (role.valid_from === undefined || role.valid_from <= day) &&
  ((role.state === "accepted" && (role.valid_to === undefined || role.valid_to >= day)) ||
    (role.state === "ended" && (role.valid_to ?? role.state_since) >= day));

/** Whether the decision answers for improvement or for change: by deciding something or by saying why nothing. */
const answersFor = (subject: "improvement" | "change", decision: Decision): boolean =>
  decision.decision_kind === subject ||
  (decision.decision_kind === "none_needed" && decision.none_needed_for === subject && decision.reason !== undefined);

/** Whether the decision is late by more than 30 days. A new date counts when someone other than its owner decided it. */
function isLate(decision: Decision, today: Today): boolean {
  if (decision.decision_kind === "none_needed" || decision.done_on !== undefined) return false;
  const moved = decision.redecided_by !== undefined && decision.redecided_by !== decision.owner;
  const due = moved ? (decision.redecided_due ?? decision.due) : decision.due;
  return due !== undefined && today.isLongerThan(30, due);
}

/** Checks whose home is 9.3.1, 9.3.2 or 9.3.3. */
export const checks: readonly Check[] = [
  check(
    "mr.held",
    [
      on("management_review", "approve"),
      on("management_review", "minute"),
      on("management_review", "hold"),
      on("management_review", "freeze_inputs"),
      make("management_review", "plan"),
    ],
    latest("management_review", {
      ...newestApproved,
      follow: {
        approvals: back("approval", "about"),
        roles: via(out("person", "chair"), back("role_assignment", "person")),
      },
      must: ({ record, approvals, roles, today }) => {
        const held = record.held_on;
        if (held === undefined) return { unknown: "nobody wrote down when it was held" };
        if (approvalOf(record, approvals) === undefined) return "nobody approved it as it stands";
        if (!roles.some((role) => ledOn(held, role)))
          return `${record.chair ?? "its chair"} did not hold top management on ${held}`;
        const months = record.review_interval_months ?? 12;
        return (
          !today.isMonthsAfter(months, held) || `it was held on ${held}, and the next was due within ${months} months`
        );
      },
    }),
  ),
  check(
    "mr.verdict",
    [on("management_review", "minute"), make("management_review", "plan")],
    latest("management_review", {
      ...newestApproved,
      must: ({ record }) => {
        const silent = (["suitable", "adequate", "effective"] as const).filter(
          (part) => record.conclusions?.[part] === undefined,
        );
        return silent.length === 0 || `it does not conclude whether the AIMS is ${listed(silent)}`;
      },
    }),
  ),
  check(
    "mr.inputs",
    [on("management_review", "freeze_inputs"), make("management_review", "plan")],
    latest("management_review", {
      ...newestApproved,
      must: ({ record }) => {
        const empty = requiredInputs.filter((name) => {
          const input = record.inputs?.[name];
          return input?.text === undefined && input?.nothing_to_report_by === undefined;
        });
        return empty.length === 0 || `nothing is written down about ${listed(empty.map(plain))}`;
      },
    }),
  ),
  check(
    "mr.decisions",
    [
      on("management_review", "update_actions"),
      on("management_review", "open_actions"),
      on("management_review", "minute"),
      make("management_review", "plan"),
    ],
    every("management_review", {
      where: isApproved,
      must: ({ record }) => {
        const decisions = record.decisions ?? [];
        const silent = (["improvement", "change"] as const).filter(
          (subject) => !decisions.some((decision) => answersFor(subject, decision)),
        );
        if (silent.length > 0) return `it decides nothing on ${listed(silent)}, and does not say why none is needed`;
        const loose = decisions.filter(
          (decision) =>
            decision.decision_kind !== "none_needed" && (decision.owner === undefined || decision.due === undefined),
        );
        return loose.length === 0 || `${listed(loose.map(({ no }) => no))} lacks an owner or a date`;
      },
      empty: "not_applicable",
      because: "no management review is approved",
    }),
  ),
  check(
    "mr.actions",
    [on("management_review", "update_actions"), on("management_review", "redecide")],
    every("management_review", {
      where: isApproved,
      must: ({ record, today }) => {
        const late = (record.decisions ?? []).filter((decision) => isLate(decision, today));
        return (
          late.length === 0 ||
          late
            .map(
              ({ no, text, owner, due }) =>
                `${no} (${text ?? "no text"}) was due on ${due ?? ""}, ${owner ?? "nobody"} has it, and no new date is decided`,
            )
            .join("; ")
        );
      },
      empty: "not_applicable",
      because: "no management review is approved",
    }),
  ),
];
