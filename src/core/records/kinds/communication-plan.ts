import { after, choice, day, group, line, lines, link, links, list, number, prose, yesNo } from "../field.ts";
import { recordKind } from "../kind.ts";
import { out } from "../follow.ts";
import { machine, owner, role } from "../deed.ts";
import { editions, oneInEffect, stillHere, supersedeReplaced } from "../guard.ts";
import { fields as incidentFields } from "./incident.ts";
import { roleKeys } from "./role-assignment.ts";

export const states = ["draft", "approved", "superseded", "withdrawn"] as const;

export const fields = {
  edition: line("Edition"),
  supersedes: link("Supersedes", "communication_plan"),
  lines: list(
    "Lines",
    group(
      "Line",
      {
        no: number("No", { whole: true, least: 1 }),
        what: prose("What"),
        trigger: line("When", { help: "The trigger or rhythm in words" }),
        every_months: number("Repeats every", { unit: "months", whole: true, least: 1, most: 36 }),
        first_due: day("First due", { help: "Later dates follow from the rhythm" }),
        window_days: number("Window before the due date", { unit: "days", whole: true, least: 1, most: 400 }),
        with_whom: links("With whom", "interested_party"),
        audience: line("Audience in words"),
        how: line("How", { help: "The channel" }),
        by: links("By whom", "person"),
        by_roles: list("By role", choice("Role", roleKeys)),
        direction: choice("Direction", ["internal", "external", "both"]),
        language_needs: prose("Language and accessibility"),
        approval_needed: yesNo("Approval needed"),
        obligations: links("Duties it serves", "obligation"),
        incident: group("For incidents", {
          audience_kinds: list(
            "Whom",
            choice("Whom", ["users", "customers", "authorities", "harmed_people", "public", "others"]),
          ),
          incident_kinds: list("Kinds", incidentFields.incident_kind),
          severities: list("Severities", incidentFields.severity),
          how_fast: line("How fast"),
        }),
        public_route: group("Route open to anyone", {
          address: line("Where"),
          languages: lines("Languages"),
          tested_on: after(day("Tried out on")),
          test_evidence: after(link("Proof of the trial", "evidence_item")),
          test_reports: after(links("Trial reports in the concern log", "concern")),
        }),
      },
      { must: ["no"] },
    ),
  ),
};

const leads = role("communications_lead", "aims_manager");

export const kind = recordKind({
  name: "communication_plan",
  prefix: "CP",
  title: "Communication plan",
  plural: "Communication plans",
  summary:
    "What is told about AI and its management system: when, to whom, how and by whom. Each edition is a record of its own.",
  serves: ["7.4", "A.8.4", "A.8.5", "A.8.3"],
  fields,
  states,
  live: ["draft", "approved"],
  frozen: ["approved", "superseded"],
  columns: ["title", "edition", "next_review_on"],
  deeds: {
    draft: { title: "Draft communication plan", from: "new", to: "draft", who: leads, needs: ["edition"] },
    amend: { title: "Amend communication plan", from: ["draft"], who: [...leads, ...owner] },
    approve: {
      title: "Approve communication plan",
      from: ["draft"],
      to: "approved",
      who: role("top_management"),
      sets: ["effective_from", "next_review_on"],
      needs: ["lines"],
      approves: "approve",
      apart: ["creator"],
      follow: { speakers: out("person", "lines.by"), ...editions("communication_plan") },
      guards: [stillHere("speakers"), oneInEffect(["approved"])],
      fills: ({ next, today }) => ({ effective_from: next.effective_from ?? today }),
      effects: supersedeReplaced,
    },
    reschedule_review: {
      title: "Set next review of",
      from: ["approved"],
      who: [...leads, ...owner],
      sets: ["next_review_on", "owner", "evidence"],
    },
    record_trial: {
      title: "Record trial of route in",
      from: ["approved"],
      who: [...leads, ...role("concern_handler"), ...owner],
      sets: ["lines", "evidence"],
    },
    supersede: { title: "Supersede communication plan", from: ["approved"], to: "superseded", who: machine, sets: [] },
    withdraw: {
      title: "Withdraw communication plan",
      from: ["draft"],
      to: "withdrawn",
      who: [...leads, ...owner],
      sets: [],
    },
  },
});
