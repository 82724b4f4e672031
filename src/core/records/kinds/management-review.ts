import { findRole } from "../actor.ts";
import { after, choice, day, group, line, lines, link, links, list, number, prose } from "../field.ts";
import { recordKind } from "../kind.ts";
import { out } from "../follow.ts";
import { named, owner, role, type Guard } from "../deed.ts";
import { dayHasCome, stillHere } from "../guard.ts";

export const states = [
  "planned",
  "inputs_ready",
  "held",
  "minuted",
  "approved",
  "actions_open",
  "closed",
  "cancelled",
] as const;

/** The inputs that every review considers (ISO/IEC 42001, 9.3.2). */
export const requiredInputs = [
  "earlier_actions",
  "issue_changes",
  "party_changes",
  "nc_and_ca_trends",
  "monitoring_results",
  "audit_results",
  "improvement_opportunities",
] as const;

const input = (title: string) =>
  group(title, {
    text: prose("What was seen", { help: '"Nothing to report" is content when someone signs it' }),
    records: links("Records as they stood", []),
    as_at: day("As they stood on"),
    nothing_to_report_by: link("Nothing to report, signed", "person"),
  });
const answer = (title: string) =>
  group(title, { answer: choice("Answer", ["yes", "not_fully", "no"]), reason: prose("Why") }, { must: ["answer"] });

export const fields = {
  planned_on: day("Planned on"),
  held_on: day("Held on"),
  chair: link("Chair", "person"),
  attendees: links("Attendees", "person"),
  guests: lines("Guests"),
  excused: list(
    "Excused",
    group("Excused", { person: link("Person", "person"), note: line("Note") }, { must: ["person"] }),
  ),
  inputs: group("Inputs", {
    earlier_actions: input("Actions from earlier reviews"),
    issue_changes: input("Changes in issues"),
    party_changes: input("Changes in parties' needs"),
    nc_and_ca_trends: input("Nonconformities and corrective actions"),
    monitoring_results: input("Monitoring and measurement"),
    audit_results: input("Audit results"),
    improvement_opportunities: input("Chances to improve"),
    risks: input("Risks"),
    incidents: input("Incidents"),
    concerns: input("Concerns"),
    resources: input("Resources"),
    suppliers: input("Suppliers"),
  }),
  conclusions: group("Conclusions", {
    suitable: answer("Suitable"),
    adequate: answer("Adequate"),
    effective: answer("Effective"),
  }),
  decisions: list(
    "Decisions",
    group(
      "Decision",
      {
        no: line("No"),
        text: prose("Decision"),
        decision_kind: choice("Kind", ["improvement", "change", "resource", "none_needed"]),
        none_needed_for: choice("None needed for", ["improvement", "change"]),
        reason: prose("Why none is needed"),
        owner: link("Owner", "person"),
        due: day("Due"),
        progress: after(choice("Progress", ["open", "in_progress", "done", "broken"])),
        done_on: after(day("Done on")),
        redecided_due: after(day("New date")),
        redecided_by: after(link("New date decided by", "person")),
        follow_up: after(links("Became", ["task", "change_plan", "improvement", "resource", "treatment_plan", "risk"])),
        note: after(prose("Note")),
      },
      { must: ["no", "decision_kind"] },
    ),
  ),
  minutes: prose("Minutes"),
  pages: number("Pages of the pack", { whole: true, least: 1 }),
  cancel_reason: prose("Why cancelled"),
};

const manager = role("aims_manager");

/** Valid only if its chair held top_management and all required inputs have content (INV-25). */
const isComplete: Guard<"management_review"> = {
  rule: "INV-25",
  refuse: ({ next, actor }) => {
    if (!findRole(actor, "top_management", {})) return `${actor.person ?? "the chair"} does not hold top_management`;
    const empty = requiredInputs.filter((name) => {
      const given = next.inputs?.[name];
      return given?.text === undefined && given?.nothing_to_report_by === undefined;
    });
    return empty.length === 0
      ? undefined
      : `${empty.map((name) => `"inputs.${name}"`).join(", ")} must be filled in or signed as nothing to report`;
  },
};

export const kind = recordKind({
  name: "management_review",
  prefix: "MR",
  title: "Management review",
  plural: "Management reviews",
  summary: "Top management looks at how the management system does, on fixed inputs, and decides.",
  serves: ["9.3.1", "9.3.2", "9.3.3", "10.1"],
  fields,
  states,
  live: ["planned", "inputs_ready", "held", "minuted", "approved", "actions_open"],
  frozen: ["approved", "actions_open", "closed"],
  columns: ["title", "held_on", "chair", "next_review_on"],
  deeds: {
    plan: {
      title: "Plan management review",
      from: "new",
      to: "planned",
      who: [...manager, ...role("top_management")],
      needs: ["planned_on"],
    },
    amend: { title: "Amend management review", from: ["planned", "inputs_ready"], who: [...manager, ...owner] },
    freeze_inputs: {
      title: "Freeze inputs of",
      from: ["planned"],
      to: "inputs_ready",
      who: manager,
      sets: ["inputs", "pages", "evidence"],
      needs: ["inputs"],
    },
    hold: {
      title: "Record holding of",
      from: ["inputs_ready"],
      to: "held",
      who: [...manager, ...named("chair")],
      needs: ["chair", "attendees"],
      fills: ({ next, today }) => ({ held_on: next.held_on ?? today }),
      follow: { chair: out("person", "chair") },
      guards: [stillHere("chair"), dayHasCome("held_on", "1.3")],
    },
    minute: {
      title: "Minute management review",
      from: ["held"],
      to: "minuted",
      who: manager,
      sets: ["minutes", "conclusions", "decisions", "excused", "guests", "attendees"],
      needs: ["conclusions", "decisions"],
      follow: { owners: out("person", "decisions.owner") },
      guards: [stillHere("owners")],
    },
    approve: {
      title: "Approve management review",
      from: ["minuted"],
      to: "approved",
      who: named("chair"),
      sets: ["next_review_on"],
      approves: "approve",
      apart: ["creator"],
      guards: [isComplete],
      op: "sign",
    },
    send_back: { title: "Send back minutes of", from: ["minuted"], to: "held", who: named("chair"), sets: [] },
    open_actions: {
      title: "Open actions of",
      from: ["approved"],
      to: "actions_open",
      who: manager,
      sets: ["decisions"],
    },
    update_actions: {
      title: "Update actions of",
      from: ["actions_open"],
      who: [...manager, ...named("decisions.owner")],
      sets: ["decisions", "next_review_on", "evidence"],
    },
    redecide: {
      title: "Decide new dates in",
      from: ["actions_open"],
      who: [...named("chair"), ...role("top_management")],
      sets: ["decisions"],
    },
    close: {
      title: "Close management review",
      from: ["actions_open"],
      to: "closed",
      who: [...manager, ...named("chair")],
      sets: [],
      guards: [
        {
          rule: "9.3.3",
          refuse: ({ next }) => {
            const open = (next.decisions ?? []).filter(
              (decision) => decision.decision_kind !== "none_needed" && decision.done_on === undefined,
            );
            return open.length === 0
              ? undefined
              : `decision ${open.map((decision) => decision.no).join(", ")} is not done`;
          },
        },
      ],
    },
    cancel: {
      title: "Cancel management review",
      from: ["planned", "inputs_ready"],
      to: "cancelled",
      who: [...manager, ...role("top_management")],
      sets: ["cancel_reason"],
      needs: ["cancel_reason"],
    },
  },
});
