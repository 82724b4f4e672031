import { after, day, group, line, link, list, number, prose } from "../field.ts";
import { recordKind } from "../kind.ts";
import { out } from "../follow.ts";
import { authority, machine, owner, role } from "../deed.ts";
import { filled, supersedeReplaced } from "../guard.ts";

export const states = ["draft", "approved", "running", "closed", "superseded", "withdrawn"] as const;

export const fields = {
  edition: line("Edition"),
  supersedes: link("Supersedes", "audit_programme"),
  period: group("Period", { from: day("From"), to: day("To") }, { must: ["from", "to"] }),
  objectives: prose("Objectives"),
  frequency: prose("Frequency"),
  interval_months: number("An audit at least every", {
    unit: "months",
    whole: true,
    least: 1,
    most: 12,
    help: "12 unless said",
  }),
  methods: prose("Methods"),
  responsibilities: prose("Responsibilities"),
  planning: prose("Planning"),
  reporting: prose("Reporting"),
  shaped_by: group("Shaped by", {
    importance: prose("Importance of the processes"),
    earlier_results: prose("Results of earlier audits"),
    changes: prose("Changes"),
  }),
  coverage: list(
    "Coverage",
    group(
      "Clause or control",
      {
        node: line("Clause or control"),
        planned_for: line("Planned for", { help: "Such as 2027 spring" }),
        audit: after(link("Audit", "audit")),
        covered_on: after(day("Covered on")),
        not_covered_reason: after(prose("Why not covered")),
      },
      { must: ["node"] },
    ),
  ),
};

const auditors = role("lead_internal_auditor");

export const kind = recordKind({
  name: "audit_programme",
  prefix: "AP",
  title: "Audit programme",
  plural: "Audit programmes",
  summary:
    "Which audits are held in a period, how often, how, by whom, and how importance and earlier results shaped that.",
  serves: ["9.2.2"],
  fields,
  states,
  live: ["draft", "approved", "running"],
  frozen: ["approved", "running", "closed", "superseded"],
  columns: ["title", "edition", "period"],
  deeds: {
    draft: { title: "Draft audit programme", from: "new", to: "draft", who: auditors },
    amend: { title: "Amend audit programme", from: ["draft"], who: [...auditors, ...owner] },
    approve: {
      title: "Approve audit programme",
      from: ["draft"],
      to: "approved",
      who: [...role("top_management"), ...authority("approve audit programme")],
      sets: ["effective_from", "next_review_on"],
      needs: ["period", "frequency", "methods", "responsibilities", "planning", "reporting", "shaped_by"],
      approves: "approve",
      apart: ["creator"],
      follow: { replaced: out("audit_programme", "supersedes") },
      guards: [filled("9.2.2", "shaped_by", "importance", "earlier_results")],
      effects: supersedeReplaced,
    },
    start: { title: "Start audit programme", from: ["approved"], to: "running", who: auditors, sets: [] },
    update_coverage: {
      title: "Update coverage of",
      from: ["approved", "running"],
      who: [...auditors, ...role("internal_auditor")],
      sets: ["coverage", "next_review_on"],
    },
    close: { title: "Close audit programme", from: ["running"], to: "closed", who: auditors, sets: ["coverage"] },
    supersede: {
      title: "Supersede audit programme",
      from: ["approved", "running"],
      to: "superseded",
      who: machine,
      sets: [],
    },
    withdraw: {
      title: "Withdraw audit programme",
      from: ["draft"],
      to: "withdrawn",
      who: [...auditors, ...owner],
      sets: [],
    },
  },
});
