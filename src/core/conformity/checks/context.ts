import { all, out } from "#core/records/follow.ts";
import { check, every, latest, some, type Check } from "../check.ts";
import { isInScope } from "../facts/systems.ts";
import { listed, missingFields } from "../facts/words.ts";
import { make, on } from "../mend.ts";

/** Checks whose home is 4.1. */
export const checks: readonly Check[] = [
  check(
    "context.current",
    [on("context_issue", "review"), on("context_issue", "adopt"), make("context_issue", "propose")],
    some("context_issue", {
      where: (record) => record.state === "current" && record.side === "external",
      must: () => true,
      because: "no external issue is current",
    }),
    some("context_issue", {
      where: (record) => record.state === "current" && record.side === "internal",
      must: () => true,
      because: "no internal issue is current",
    }),
    every("context_issue", {
      where: (record) => record.state === "current",
      must: ({ record, today }) => {
        if (record.next_review_on === undefined) return { unknown: "no day is set for its next review" };
        return !today.isPast(record.next_review_on) || `its review was due on ${record.next_review_on}`;
      },
      empty: "fail",
      because: "no issue is current",
    }),
  ),
  check(
    "context.statement",
    [
      on("context_statement", "approve"),
      on("context_statement", "amend"),
      make("context_statement", "draft", { about: "supersedes" }),
    ],
    every("context_statement", {
      where: (record) => record.state === "approved",
      follow: { systems: all("ai_system") },
      must: ({ record, systems }) => {
        const missing = missingFields(record, ["purpose", "intended_results"]);
        if (missing.length > 0) return `it does not state its ${listed(missing)}`;
        const told = new Set(
          (record.ai_roles ?? []).filter((part) => part.roles.length > 0).map((part) => part.ai_system),
        );
        const untold = systems
          .filter((system) => isInScope(system) && !told.has(system.ref))
          .map((system) => system.ref);
        return untold.length === 0 || { fails: `it names no AI role for ${listed(untold)}`, records: untold };
      },
      empty: "fail",
      because: "no context statement is approved",
    }),
  ),
  check(
    "context.climate",
    [
      on("context_statement", "approve"),
      on("context_statement", "amend"),
      make("context_statement", "draft", { about: "supersedes" }),
    ],
    every("context_statement", {
      where: (record) => record.state === "approved",
      must: ({ record: { climate_decision: decision }, today }) => {
        if (decision === undefined) return "it does not say whether climate change is relevant";
        const missing = missingFields(decision, ["reason", "decided_by", "decided_on"]);
        if (decision.decided_on === undefined || missing.length > 0)
          return `its climate decision does not state ${listed(missing)}`;
        return (
          today.isWithinMonths(decision.decided_on, 12) ||
          `its climate decision is of ${decision.decided_on}, older than 12 months`
        );
      },
      empty: "fail",
      because: "no context statement is approved",
    }),
  ),
  check(
    "context.linked",
    [on("context_issue", "review"), make("risk", "identify", { with: { about: "aims" } })],
    every("context_issue", {
      where: (record) => record.state === "current" && record.relevance === "high",
      follow: {
        risks: out("risk", "leads_to"),
        objectives: out("objective", "leads_to"),
        plans: out("change_plan", "leads_to"),
      },
      must: ({ record, risks, objectives, plans }) =>
        risks.length + objectives.length + plans.length > 0 ||
        record.no_action_reason !== undefined ||
        "it leads to no risk, objective or change plan, and no reason says why nothing follows",
      empty: "not_applicable",
      because: "no current issue has high relevance",
    }),
  ),
  check(
    "context.reviewed_by_management",
    [on("management_review", "freeze_inputs"), make("management_review", "plan")],
    latest("management_review", {
      where: (record) => record.state === "approved" || record.state === "actions_open" || record.state === "closed",
      rank: (record) => record.held_on,
      must: ({ record }) => {
        const seen = record.inputs?.issue_changes;
        // An empty list counts when somebody says that it is empty.
        if (seen?.text === undefined && seen?.nothing_to_report_by === undefined)
          return "its inputs hold nothing about changes in issues, not even that there are none";
        return (
          seen.as_at !== undefined ||
          (seen.records ?? []).length > 0 ||
          seen.nothing_to_report_by !== undefined ||
          "its input about changes in issues is not fixed to a day"
        );
      },
      empty: "fail",
      because: "no management review is approved",
    }),
  ),
];
