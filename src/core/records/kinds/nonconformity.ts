import { after, choice, day, group, line, lines, link, links, prose, yesNo } from "../field.ts";
import { recordKind, type RecordOf } from "../kind.ts";
import { back, out } from "../follow.ts";
import { authority, machine, owner, role, type Guard } from "../deed.ts";
import { filled, dayHasCome } from "../guard.ts";

export const states = [
  "open",
  "contained",
  "cause_known",
  "action_planned",
  "actions_done",
  "effectiveness_pending",
  "closed",
  "reopened",
  "withdrawn",
] as const;

export const fields = {
  source: choice("Source", [
    "audit",
    "check",
    "scan",
    "measurement",
    "incident",
    "concern",
    "management_review",
    "supplier",
    "external_audit",
  ]),
  raised_from: links("Raised from", [], { help: "Finding, incident, scan, measurement or concern" }),
  node: line("Requirement", { help: "Clause or control that was not met" }),
  also_nodes: lines("Also touches"),
  statement: prose("Statement"),
  grade: choice("Grade", ["major", "minor"]),
  detected_on: day("Detected on"),
  containment: group(
    "Containment",
    { text: prose("What was done at once"), done_on: day("Done on"), by: link("By", "person") },
    { must: ["text"] },
  ),
  consequences_handled: group(
    "Consequences",
    { text: prose("What was done about the effects"), done_on: day("Done on") },
    { must: ["text"] },
  ),
  similar_cases: group(
    "Similar cases",
    { looked_where: prose("Where it was looked for"), found: prose("What was found"), on: day("On") },
    { must: ["looked_where", "found"] },
  ),
  root_cause: group(
    "Cause",
    { method: line("Method"), text: prose("Cause"), cause_code: line("Cause code"), on: day("Known on") },
    { must: ["text"] },
  ),
  plan_approved_on: after(day("Plan approved on")),
  aims_change_needed: after(yesNo("The AIMS must change")),
  aims_change_reason: after(prose("What must change, or why nothing")),
  change_plan: after(link("Change plan", "change_plan")),
  changed_documents: after(links("Changed documents", ["document", "policy", "aims_process"])),
  recurring_of: after(link("Recurrence of", "nonconformity")),
  reopened_on: after(day("Reopened on")),
  reopen_reason: after(prose("Why reopened")),
  closed_on: after(day("Closed on")),
  closing_note: after(prose("Closing note")),
  note: after(prose("Note")),
};

const handlers = role(
  "aims_manager",
  "ai_system_owner",
  "risk_owner",
  "platform_engineer",
  "people_lead",
  "procurement_lead",
);
const auditors = role("lead_internal_auditor", "internal_auditor");
const actions = { actions: back("corrective_action", "nonconformity") };

/** Not past cause_known without containment, consequences, cause and a similar-case look (INV-19). */
const understood: Guard[] = [
  filled("INV-19", "containment", "text"),
  filled("INV-19", "consequences_handled", "text"),
  filled("INV-19", "root_cause", "method", "text"),
  filled("INV-19", "similar_cases", "looked_where", "found"),
];

const approverDoesNotAct: Guard<"nonconformity"> = {
  rule: "4.7",
  code: "duties-apart",
  refuse: ({ near, actor }) => {
    const own = near["actions"]?.find((action) => actor.person !== undefined && action.owner === actor.person);
    return own && `${actor.person ?? ""} owns ${own.ref} of this plan`;
  },
};

const current = (actions: readonly RecordOf<"corrective_action">[]) =>
  actions.filter((action) => action.state !== "cancelled" && action.state !== "replaced");

export const kind = recordKind({
  name: "nonconformity",
  prefix: "NC",
  title: "Nonconformity",
  plural: "Nonconformities",
  summary: "A requirement was not met: contained, its effects dealt with, its cause found, the fix proven.",
  serves: ["10.2", "10.1"],
  fields,
  states,
  live: ["open", "contained", "cause_known", "action_planned", "actions_done", "effectiveness_pending", "reopened"],
  frozen: ["action_planned", "actions_done", "effectiveness_pending", "closed"],
  columns: ["title", "grade", "node", "source", "detected_on"],
  deeds: {
    open: {
      title: "Open nonconformity",
      from: "new",
      to: "open",
      who: [...role("aims_manager"), ...auditors, ...machine],
      needs: ["source", "node", "statement", "grade"],
      fills: ({ next, today }) => ({ detected_on: next.detected_on ?? today }),
      guards: [dayHasCome("detected_on", "1.3")],
    },
    amend: {
      title: "Amend nonconformity",
      from: ["open", "contained", "cause_known", "reopened"],
      who: [...handlers, ...owner, ...auditors],
    },
    contain: {
      title: "Contain nonconformity",
      from: ["open", "reopened"],
      to: "contained",
      who: [...handlers, ...owner],
      sets: ["containment", "consequences_handled", "evidence", "related"],
      needs: ["containment"],
    },
    find_cause: {
      title: "Record cause of",
      from: ["contained", "reopened"],
      to: "cause_known",
      who: [...handlers, ...owner],
      sets: ["root_cause", "similar_cases", "consequences_handled", "containment", "evidence", "related"],
      needs: ["root_cause"],
    },
    approve_plan: {
      title: "Approve plan of",
      from: ["cause_known"],
      to: "action_planned",
      who: [...role("top_management"), ...authority("approve AI risk treatment"), ...role("aims_manager")],
      sets: ["plan_approved_on"],
      // After a reopening there is an older day already; the plan approved now is another one.
      fills: ({ next, before, today }) => ({
        plan_approved_on: next.plan_approved_on === before?.plan_approved_on ? today : next.plan_approved_on,
      }),
      approves: "approve",
      apart: ["creator", "owner"],
      follow: actions,
      guards: [
        ...understood,
        approverDoesNotAct,
        {
          rule: "4.7",
          refuse: ({ near }) =>
            current((near["actions"] ?? []) as RecordOf<"corrective_action">[]).length > 0
              ? undefined
              : "it has no corrective action",
        },
      ],
    },
    finish_actions: {
      title: "Record that the actions are done for",
      from: ["action_planned"],
      to: "actions_done",
      who: [...handlers, ...owner],
      sets: [],
      follow: actions,
      guards: [
        {
          rule: "4.7",
          refuse: ({ near }) => {
            const open = current((near["actions"] ?? []) as RecordOf<"corrective_action">[]).find(
              (action) => action.done_on === undefined,
            );
            return open && `${open.ref} is not done`;
          },
        },
      ],
    },
    await_effect: {
      title: "Wait for effect of",
      from: ["actions_done"],
      to: "effectiveness_pending",
      who: [...handlers, ...owner, ...machine],
      sets: [],
    },
    decide_aims_change: {
      title: "Decide on changing the AIMS after",
      from: ["open", "contained", "cause_known", "action_planned", "actions_done", "effectiveness_pending", "reopened"],
      who: [...role("aims_manager"), ...owner],
      sets: ["aims_change_needed", "aims_change_reason", "change_plan", "changed_documents"],
    },
    note: {
      title: "Note progress of",
      from: ["open", "contained", "cause_known", "action_planned", "actions_done", "effectiveness_pending", "reopened"],
      who: [...handlers, ...owner, ...auditors],
      sets: ["note", "recurring_of", "evidence", "related", "next_review_on"],
    },
    close: {
      title: "Close nonconformity",
      from: ["effectiveness_pending", "actions_done"],
      to: "closed",
      who: [...auditors, ...role("aims_manager")],
      sets: [
        "closing_note",
        "closed_on",
        "aims_change_needed",
        "aims_change_reason",
        "change_plan",
        "changed_documents",
      ],
      fills: ({ next, today }) => ({ closed_on: next.closed_on ?? today }),
      apart: ["owner"],
      apartRule: "INV-20",
      follow: actions,
      guards: [
        {
          rule: "INV-20",
          refuse: ({ near }) => {
            const unproven = current((near["actions"] ?? []) as RecordOf<"corrective_action">[]).find(
              (action) => action.effectiveness?.result !== "effective",
            );
            return unproven && `${unproven.ref} is not shown to be effective`;
          },
        },
        {
          rule: "INV-20",
          code: "duties-apart",
          refuse: ({ near, actor }) => {
            const own = current((near["actions"] ?? []) as RecordOf<"corrective_action">[]).find(
              (action) => actor.person !== undefined && [action.owner, action.doer].includes(actor.person),
            );
            return own && `${actor.person ?? ""} owned or did ${own.ref}`;
          },
        },
        {
          rule: "10.2",
          refuse: ({ next }) =>
            next.aims_change_needed === undefined ? '"aims_change_needed" must be answered first' : undefined,
        },
      ],
    },
    reopen: {
      title: "Reopen nonconformity",
      from: ["contained", "cause_known", "action_planned", "actions_done", "effectiveness_pending", "closed"],
      to: "reopened",
      who: [...auditors, ...role("aims_manager"), ...machine],
      sets: ["reopened_on", "reopen_reason"],
      needs: ["reopen_reason"],
      fills: ({ next, before, today }) => ({
        reopened_on: next.reopened_on === before?.reopened_on ? today : next.reopened_on,
      }),
    },
    withdraw: {
      title: "Withdraw nonconformity",
      from: ["open", "contained"],
      to: "withdrawn",
      who: [...role("aims_manager"), ...auditors],
      sets: ["closing_note"],
      needs: ["closing_note"],
      follow: { findings: out("finding", "raised_from") },
      guards: [
        {
          rule: "INV-18",
          refuse: ({ near }) => {
            const graded = (near["findings"] as readonly RecordOf<"finding">[] | undefined)?.find(
              (finding) => finding.grade === "major" || finding.grade === "minor",
            );
            return graded && `${graded.ref} is graded ${graded.grade ?? ""} and needs it`;
          },
        },
      ],
    },
  },
});
