import { addMonths, dayOf } from "#core/basics/time.ts";
import { choice, day, group, line, lines, link, links, list, prose } from "../field.ts";
import { recordKind, type RecordOf } from "../kind.ts";
import { back, out, via } from "../follow.ts";
import { named, role, type Guard } from "../deed.ts";
import { inOrder, dayHasCome, stillHere } from "../guard.ts";

export const states = ["planned", "announced", "fieldwork", "reporting", "reported", "closed", "cancelled"] as const;

export const fields = {
  programme: link("Programme", "audit_programme"),
  audit_kind: choice("Kind", ["internal", "supplier", "mock", "external"]),
  objectives: prose("Objectives"),
  audited_scope: prose("Scope"),
  nodes: lines("Clauses and controls", { help: "Their ids in the catalogue" }),
  criteria: prose("Criteria", { help: "What it is held against" }),
  lead_auditor: link("Lead auditor", "person"),
  auditors: links("Auditors", "person"),
  auditees: links("Auditees", "person"),
  plan: prose("Plan"),
  independence: list(
    "Independence",
    group(
      "Look at one auditor",
      {
        auditor: link("Auditor", "person"),
        checked_on: day("Checked on"),
        checked_by: link("Checked by", "person"),
        result: prose("Result"),
      },
      { must: ["auditor", "result"] },
    ),
  ),
  samples: list(
    "Samples",
    group("Sample", {
      record: link("Record", []),
      what: line("What"),
      why: prose("Why this one"),
      taken_on: day("Taken on"),
    }),
  ),
  planned_from: day("Planned from"),
  planned_to: day("Planned to"),
  announced_on: day("Announced on"),
  fieldwork_from: day("Fieldwork from"),
  fieldwork_to: day("Fieldwork to"),
  conclusion: group("Conclusion", {
    own_rules: prose("Conformity with own rules"),
    standard: prose("Conformity with the standard"),
    effective_implementation: prose("Put into practice and kept up"),
    text: prose("In one sentence"),
  }),
  nodes_not_covered: list(
    "Not covered",
    group("Not covered", { node: line("Clause or control"), reason: prose("Why") }, { must: ["node", "reason"] }),
  ),
  report: prose("Report"),
  report_issued_on: day("Report issued on"),
  issued_to: links("Issued to", "person"),
  cancel_reason: prose("Why cancelled"),
};

const team = [...role("lead_internal_auditor", "internal_auditor"), ...named("lead_auditor")];
const lead = [...role("lead_internal_auditor"), ...named("lead_auditor")];
const people = { auditors: out("person", "auditors"), lead: out("person", "lead_auditor") };
const audited = {
  ...people,
  systems: out("ai_system", "ai_systems"),
  assessments: via(out("ai_system", "ai_systems"), back("impact_assessment", "ai_system")),
  releases: via(out("ai_system", "ai_systems"), back("release", "ai_system")),
  approvals: via(via(out("ai_system", "ai_systems"), back("release", "ai_system")), back("approval", "about")),
  roles: via(out("person", "auditors"), back("role_assignment", "person")),
};

/** Who may not audit it, and why not (INV-15): owners and approvers of what is audited, and whoever runs the AIMS. */
const independent: Guard<"audit"> = {
  rule: "INV-15",
  code: "duties-apart",
  refuse: ({ next, near, today }) => {
    const team = [...(next.auditors ?? []), ...(next.lead_auditor === undefined ? [] : [next.lead_auditor])];
    const since = addMonths(next.fieldwork_from ?? next.planned_from ?? today, -12);
    for (const auditor of team) {
      const owned = [...(near["systems"] ?? []), ...(near["assessments"] ?? []), ...(near["releases"] ?? [])].find(
        (record) => record.owner === auditor,
      );
      if (owned) return `${auditor} owns ${owned.ref}, which is audited`;
      const assessed = (near["assessments"] as readonly RecordOf<"impact_assessment">[] | undefined)?.find(
        (assessment) =>
          (assessment.approved_on ?? today) >= since &&
          [assessment.assessor, ...(assessment.co_assessors ?? [])].includes(auditor),
      );
      if (assessed) return `${auditor} assessed in ${assessed.ref} less than 12 months before`;
      const approved = (near["approvals"] as readonly RecordOf<"approval">[] | undefined)?.find(
        (approval) =>
          approval.person === auditor && approval.decided_at !== undefined && dayOf(approval.decided_at) >= since,
      );
      if (approved) return `${auditor} approved ${approved.about ?? "what is audited"} less than 12 months before`;
      const runs = (near["roles"] as readonly RecordOf<"role_assignment">[] | undefined)?.find(
        (held) => held.person === auditor && held.role_key === "aims_manager" && held.state === "accepted",
      );
      if (runs && next.audit_kind === "internal") return `${auditor} runs the management system as AIMS manager`;
    }
    return undefined;
  },
};

export const kind = recordKind({
  name: "audit",
  prefix: "AU",
  title: "Audit",
  plural: "Audits",
  summary: "One audit: what it was held against, by whom, which samples, and its conclusion.",
  serves: ["9.2.1", "9.2.2"],
  fields,
  states,
  live: ["planned", "announced", "fieldwork", "reporting", "reported"],
  frozen: ["reported", "closed"],
  columns: ["title", "audit_kind", "lead_auditor", "fieldwork_from", "report_issued_on"],
  deeds: {
    plan: {
      title: "Plan audit",
      from: "new",
      to: "planned",
      who: [...role("lead_internal_auditor"), ...role("procurement_lead")],
      needs: ["audit_kind"],
      follow: audited,
      guards: [stillHere("auditors"), stillHere("lead"), independent, inOrder("1.3", "planned_from", "planned_to")],
    },
    amend: {
      title: "Amend audit",
      from: ["planned", "announced"],
      who: lead,
      follow: audited,
      guards: [stillHere("auditors"), stillHere("lead"), independent, inOrder("1.3", "planned_from", "planned_to")],
    },
    announce: {
      title: "Announce audit",
      from: ["planned"],
      to: "announced",
      who: lead,
      sets: ["announced_on", "auditees", "plan"],
      needs: ["objectives", "audited_scope", "criteria", "auditors", "planned_from", "planned_to"],
      fills: ({ next, today }) => ({ announced_on: next.announced_on ?? today }),
      follow: audited,
      guards: [stillHere("auditors"), stillHere("lead"), independent],
    },
    start_fieldwork: {
      title: "Start fieldwork of",
      from: ["announced"],
      to: "fieldwork",
      who: lead,
      sets: ["fieldwork_from", "independence", "samples"],
      fills: ({ next, today }) => ({ fieldwork_from: next.fieldwork_from ?? today }),
      follow: audited,
      guards: [stillHere("auditors"), stillHere("lead"), independent],
    },
    take_samples: { title: "Take samples in", from: ["announced", "fieldwork"], who: team, sets: ["samples"] },
    end_fieldwork: {
      title: "End fieldwork of",
      from: ["fieldwork"],
      to: "reporting",
      who: lead,
      sets: ["fieldwork_to", "samples", "nodes_not_covered"],
      fills: ({ next, today }) => ({ fieldwork_to: next.fieldwork_to ?? today }),
      guards: [inOrder("1.3", "fieldwork_from", "fieldwork_to")],
    },
    write_report: {
      title: "Write report of",
      from: ["reporting"],
      who: team,
      sets: ["conclusion", "report", "nodes_not_covered", "samples", "issued_to"],
    },
    report: {
      title: "Issue report of",
      from: ["reporting"],
      to: "reported",
      who: lead,
      sets: ["conclusion", "report", "report_issued_on", "issued_to", "nodes_not_covered"],
      needs: ["conclusion", "issued_to"],
      fills: ({ next, today }) => ({ report_issued_on: next.report_issued_on ?? today }),
      guards: [dayHasCome("report_issued_on", "1.3")],
      op: "sign",
    },
    close: { title: "Close audit", from: ["reported"], to: "closed", who: lead, sets: [] },
    cancel: {
      title: "Cancel audit",
      from: ["planned", "announced"],
      to: "cancelled",
      who: lead,
      sets: ["cancel_reason"],
      needs: ["cancel_reason"],
    },
  },
});
