import { dayOf, type Day } from "#core/basics/time.ts";
import { all, back, out, via } from "#core/records/follow.ts";
import type { RecordOf } from "#core/records/kind.ts";
import { check, every, some, type Check } from "../check.ts";
import { coversAll, holdsRole, isHeldOn } from "../facts/roles.ts";
import { listed } from "../facts/words.ts";
import { make, on } from "../mend.ts";
import type { Today } from "../today.ts";

const patienceDays = 30;

const isYes = (approval: RecordOf<"approval">): boolean =>
  approval.decision === "approve" || approval.decision === "approve_with_conditions";

/** Whether the decision was made in the past 12 months. */
const isRecent = (approval: RecordOf<"approval">, today: Today): boolean =>
  approval.decided_at !== undefined && today.isWithinMonths(dayOf(approval.decided_at), 12);

const waits = (since: Day, today: Today, with_: string): true | string =>
  !today.isLongerThan(patienceDays, since) || `waiting since ${since} for ${with_}`;

const nothingWaits = { empty: "pass", because: "no decision waits for top management" } as const;

/** Units of the scope that neither an objective nor a process of the AIMS names as part of their planning. */
function unitsUnplanned(
  scope: RecordOf<"scope_statement">,
  processes: readonly RecordOf<"aims_process">[],
  objectives: readonly RecordOf<"objective">[],
): string[] {
  const planned = new Set([
    ...processes
      .filter((process) => process.state === "active")
      .flatMap((process) => [
        ...(process.planned_by_units ?? []),
        ...(process.org_unit === undefined ? [] : [process.org_unit]),
      ]),
    ...objectives
      .filter(
        (objective) =>
          objective.state === "approved" || objective.state === "in_progress" || objective.state === "achieved",
      )
      .flatMap((objective) => (objective.org_unit === undefined ? [] : [objective.org_unit])),
  ]);
  return (scope.org_units ?? []).filter((unit) => !planned.has(unit));
}

/** Checks whose home is 5.1. */
export const checks: readonly Check[] = [
  check(
    "leadership.assigned",
    [on("role_assignment", "accept"), make("role_assignment", "propose", { with: { role_key: "top_management" } })],
    some("role_assignment", {
      where: (record, today) => record.role_key === "top_management" && isHeldOn(today, record),
      follow: { holder: out("person", "person") },
      must: ({ record, holder }) => {
        if (!coversAll(record)) return "it does not cover the whole AIMS scope";
        return holder[0]?.state === "active" || "its holder is not active";
      },
      because: "no accepted assignment of top management covers the whole scope",
    }),
  ),
  check(
    "leadership.engaged",
    [on("policy", "open_review"), on("policy", "keep"), make("management_review", "plan"), on("resource", "approve")],
    some("approval", {
      where: (record, today) => isYes(record) && record.as_role === "top_management" && isRecent(record, today),
      follow: { policies: out("policy", "about") },
      must: ({ policies }) =>
        policies.some((policy) => policy.policy_kind === "ai_policy") || "it is about something else",
      because: "top management has not approved or reconfirmed the AI policy in the past 12 months",
    }),
    some("approval", {
      where: (record, today) => isYes(record) && isRecent(record, today),
      follow: { reviews: out("management_review", "about") },
      must: ({ record, reviews }) =>
        reviews.some((review) => review.chair === record.person) || "it is about something else",
      because: "no management review of the past 12 months was approved by its chair",
    }),
    some("approval", {
      where: isRecent,
      follow: {
        resources: out("resource", "about"),
        roles: via(out("person", "person"), back("role_assignment", "person")),
      },
      // A refusal is a decision too.
      must: ({ record, resources, roles, today }) =>
        (resources.length > 0 && holdsRole(record.person, "top_management", roles, today)) ||
        "it is about something else",
      because: "top management has decided no request for resources in the past 12 months",
    }),
  ),
  check(
    "leadership.prompt",
    [
      on("resource", "approve"),
      on("resource", "refuse"),
      on("policy", "approve"),
      on("policy", "return"),
      on("scope_statement", "approve"),
      on("soa", "approve"),
      on("task", "finish"),
    ],
    every("resource", {
      where: (record) => record.state === "requested",
      must: ({ record, today }) =>
        waits(record.requested_on ?? record.state_since, today, record.waits_for ?? "top management"),
      ...nothingWaits,
    }),
    every("policy", {
      where: (record) => record.state === "in_approval",
      must: ({ record, today }) => waits(record.state_since, today, "top management"),
      ...nothingWaits,
    }),
    every("scope_statement", {
      where: (record) => record.state === "in_approval",
      must: ({ record, today }) => waits(record.state_since, today, "top management"),
      ...nothingWaits,
    }),
    every("soa", {
      where: (record) => record.state === "in_approval",
      must: ({ record, today }) => waits(record.state_since, today, "top management"),
      ...nothingWaits,
    }),
    every("task", {
      where: (record) => record.state === "open" && record.task_kind === "decision",
      follow: { roles: via(out("person", "assignee"), back("role_assignment", "person")) },
      must: ({ record, roles, today }) =>
        !holdsRole(record.assignee, "top_management", roles, today) ||
        waits(dayOf(record.created_at), today, record.assignee ?? "top management"),
      ...nothingWaits,
    }),
  ),
  check(
    "leadership.integrated",
    [on("scope_statement", "confirm_planning"), make("aims_process", "describe"), make("objective", "draft")],
    every("scope_statement", {
      where: (record) => record.state === "approved",
      follow: { processes: all("aims_process"), objectives: all("objective") },
      must: ({ record, processes, objectives, today }) => {
        const missing = unitsUnplanned(record, processes, objectives);
        if (missing.length > 0) return `no objective or process of the AIMS is in the planning of ${listed(missing)}`;
        const confirmed = record.planning_confirmed;
        if (confirmed === undefined)
          return { unknown: "nobody has confirmed that the units plan it with their business" };
        return (
          today.isWithinMonths(confirmed.on, 12) || { unknown: `${confirmed.by} last confirmed it on ${confirmed.on}` }
        );
      },
      empty: "unknown",
      because: "no scope statement is approved",
    }),
  ),
  check(
    "leadership.spoke",
    [on("communication_event", "send"), make("communication_event", "record")],
    some("communication_event", {
      where: (record, today) =>
        (record.state === "sent" || record.state === "confirmed") &&
        record.happened_on !== undefined &&
        today.isWithinMonths(record.happened_on, 12),
      // What AI is for, and why it is watched, stands in the policy and in the context statement.
      follow: {
        roles: via(out("person", "by"), back("role_assignment", "person")),
        policies: out("policy", "about"),
        contexts: out("context_statement", "about"),
      },
      must: ({ record, roles, policies, contexts, today }) => {
        if (!(record.by ?? []).some((person) => holdsRole(person, "top_management", roles, today)))
          return "nobody of top management gave it";
        return (
          policies.length + contexts.length > 0 || "it is linked neither to the AI policy nor to the context statement"
        );
      },
      because: "nobody of top management has spoken about why responsible AI matters in the past 12 months",
    }),
  ),
];
