import { dayOf } from "#core/basics/time.ts";
import { after, choice, day, group, instant, line, link, links, list, number, prose } from "../field.ts";
import { recordKind, type RecordOf } from "../kind.ts";
import { out } from "../follow.ts";
import { anyone, machine, owner, role } from "../deed.ts";
import { dayHasCome } from "../guard.ts";

export const states = ["reported", "triaged", "contained", "investigated", "resolved", "closed", "withdrawn"] as const;

export const fields = {
  ai_system: link("AI system", "ai_system"),
  incident_kind: choice("Kind", ["harm", "near_miss", "wrong_output", "security", "data", "misuse", "outage", "legal"]),
  severity: choice("Severity", ["low", "moderate", "high", "critical"]),
  occurred_on: day("Occurred on"),
  occurred_at: instant("Began at"),
  ended_at: instant("Ended at"),
  detected_on: day("Detected on"),
  detected_at: instant("Detected at"),
  detected_how: prose("How it was found"),
  affected: group("Affected", {
    who: prose("Who"),
    how_many: number("How many", { whole: true, least: 0 }),
    effect: prose("Effect on them"),
    parties: links("Parties", "interested_party"),
  }),
  description: prose("What happened"),
  containment: group(
    "Containment",
    { text: prose("What was done at once"), at: instant("At"), by: link("By", "person") },
    { must: ["text"] },
  ),
  notifications: list(
    "Notifications",
    group(
      "Notification",
      {
        to: line("To"),
        party: link("Party", "interested_party"),
        duty: line("Duty", { help: "Law, contract clause or line of the plan" }),
        obligation: link("Obligation", "obligation"),
        due_at: instant("Due"),
        sent_at: instant("Sent"),
        how: line("How"),
        communication: link("Communication", "communication_event"),
        nonconformity: link("Nonconformity for a late one", "nonconformity"),
      },
      { must: ["to"] },
    ),
  ),
  reportable: group(
    "Report to an authority",
    {
      decision: choice("Decision", ["notifiable", "not_notifiable", "undecided"]),
      law: line("Law"),
      by: link("By", "person"),
      on: day("On"),
      reason: prose("Why"),
    },
    { must: ["decision"] },
  ),
  cause: prose("Cause"),
  lessons: prose("Lessons"),
  nonconformity: after(link("Nonconformity", "nonconformity")),
  risks: after(links("Risks looked at again", "risk")),
  improvements: after(links("Improvements", "improvement")),
  no_improvement_reason: after(prose("Why no improvement is needed")),
  resolved_on: day("Resolved on"),
  closed_on: after(day("Closed on")),
};

const handlers = role(
  "aims_manager",
  "ai_system_owner",
  "platform_engineer",
  "ml_engineer",
  "data_steward",
  "legal_advisor",
  "concern_handler",
);
const open = ["reported", "triaged", "contained", "investigated", "resolved"] as const;

export const kind = recordKind({
  name: "incident",
  prefix: "INC",
  title: "Incident",
  plural: "Incidents",
  summary:
    "An AI system did, or nearly did, harm or something it should not; who was told, why it happened, what was learned.",
  serves: ["A.8.4", "10.2", "8.2", "A.6.2.6"],
  fields,
  states,
  live: ["reported", "triaged", "contained", "investigated", "resolved"],
  frozen: ["closed"],
  columns: ["title", "ai_system", "severity", "occurred_on", "detected_on"],
  deeds: {
    report: {
      title: "Report incident",
      from: "new",
      to: "reported",
      who: [...anyone, ...machine],
      needs: ["description"],
      fills: ({ next, today }) => ({
        detected_on: next.detected_on ?? (next.detected_at === undefined ? today : dayOf(next.detected_at)),
        occurred_on: next.occurred_on ?? (next.occurred_at === undefined ? undefined : dayOf(next.occurred_at)),
      }),
      guards: [dayHasCome("detected_on", "1.3"), dayHasCome("occurred_on", "1.3")],
    },
    amend: { title: "Amend incident", from: open, who: [...handlers, ...owner] },
    triage: {
      title: "Triage incident",
      from: ["reported"],
      to: "triaged",
      who: [...handlers, ...owner],
      needs: ["severity", "incident_kind"],
    },
    contain: {
      title: "Contain incident",
      from: ["reported", "triaged"],
      to: "contained",
      who: [...handlers, ...owner],
      needs: ["containment", "severity", "incident_kind"],
    },
    notify: {
      title: "Record notification of",
      from: open,
      who: [...handlers, ...role("communications_lead"), ...owner],
      sets: ["notifications", "evidence"],
      needs: ["notifications"],
    },
    decide_reportable: {
      title: "Decide on reporting of",
      from: open,
      who: role("legal_advisor"),
      sets: ["reportable"],
      needs: ["reportable"],
      fills: ({ next, actor, today }) =>
        next.reportable === undefined
          ? {}
          : {
              reportable: {
                ...next.reportable,
                by: next.reportable.by ?? actor.person,
                on: next.reportable.on ?? today,
              },
            },
    },
    investigate: {
      title: "Record investigation of",
      from: ["contained"],
      to: "investigated",
      who: [...handlers, ...owner],
      needs: ["cause"],
    },
    resolve: {
      title: "Resolve incident",
      from: ["investigated"],
      to: "resolved",
      who: [...handlers, ...owner],
      needs: ["lessons"],
      fills: ({ next, today }) => ({ resolved_on: next.resolved_on ?? today }),
    },
    follow_up: {
      title: "Link what followed from",
      from: [...open, "closed"],
      who: [...handlers, ...owner],
      sets: ["nonconformity", "risks", "improvements", "no_improvement_reason", "evidence", "related"],
      op: "link",
    },
    close: {
      title: "Close incident",
      from: ["resolved"],
      to: "closed",
      who: role("aims_manager"),
      sets: ["closed_on"],
      fills: ({ next, today }) => ({ closed_on: next.closed_on ?? today }),
      apart: ["owner"],
      follow: { system: out("ai_system", "ai_system"), nonconformity: out("nonconformity", "nonconformity") },
      guards: [
        {
          rule: "4.7",
          code: "duties-apart",
          refuse: ({ near, actor }) =>
            actor.person !== undefined && near["system"]?.[0]?.owner === actor.person
              ? `${actor.person} owns ${near["system"]?.[0]?.ref ?? "the system"}`
              : undefined,
        },
        {
          rule: "F9",
          refuse: ({ near }) => {
            const raised = near["nonconformity"]?.[0] as RecordOf<"nonconformity"> | undefined;
            return raised !== undefined && raised.state !== "closed" && raised.state !== "withdrawn"
              ? `${raised.ref} is ${raised.state}; it closes first`
              : undefined;
          },
        },
        {
          rule: "F9",
          refuse: ({ next }) =>
            next.reportable?.decision === "undecided"
              ? "nobody has decided whether an authority must be told"
              : undefined,
        },
      ],
    },
    reopen: {
      title: "Reopen incident",
      from: ["resolved", "closed"],
      to: "contained",
      who: role("aims_manager"),
      sets: ["summary"],
    },
    withdraw: {
      title: "Withdraw incident",
      from: ["reported", "triaged"],
      to: "withdrawn",
      who: role("aims_manager"),
      sets: ["lessons"],
      needs: ["lessons"],
    },
  },
});
