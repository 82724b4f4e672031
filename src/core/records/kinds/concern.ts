import { addDays } from "#core/basics/time.ts";
import { after, choice, day, line, link, links, prose, yesNo } from "../field.ts";
import { recordKind } from "../kind.ts";
import { out } from "../follow.ts";
import { anyone, machine, role, type Guard } from "../deed.ts";
import { dayHasCome, stillHere } from "../guard.ts";

export const states = ["received", "acknowledged", "assessed", "acting", "answered", "closed", "escalated"] as const;

export const fields = {
  channel: choice("Channel", ["form", "mail", "phone", "external", "union", "meeting"]),
  reporter: link("Reporter", "person", {
    personal: true,
    help: "Empty when the person is not named; seen by the handler alone",
  }),
  reporter_kind: choice("Comes from", [
    "employee",
    "contractor",
    "affected_person",
    "relative",
    "council_or_union",
    "supplier",
    "unknown",
  ]),
  anonymous: yesNo("Not named"),
  received_on: day("Received on"),
  about: line("About"),
  text: prose("Text", { personal: true }),
  named_people: links("People named in it", "person", { personal: true }),
  test_report: yesNo("Trial of the route", { help: "Sent to see whether the route works" }),
  handler: link("Handler", "person"),
  acknowledged_on: day("Acknowledged on"),
  assessment: prose("Assessment"),
  assessed_on: day("Assessed on"),
  upheld: choice("Upheld", ["yes", "partly", "no"]),
  action: prose("What is being done"),
  outcome: choice("Outcome", ["acted", "explained", "not_upheld", "passed_on"]),
  outcome_text: prose("Outcome in words"),
  answer: prose("Answer"),
  answer_given_on: day("Answered on"),
  escalated_to: link("Escalated to", "person"),
  escalated_on: day("Escalated on"),
  escalation_reason: prose("Why escalated"),
  reprisal_check_due: after(day("Look for reprisals on")),
  reprisal_check_on: after(day("Looked for reprisals on")),
  reprisal_check_result: after(prose("Result of that look")),
  nonconformity: after(link("Nonconformity", "nonconformity")),
  risks: after(links("Risks", "risk")),
  improvements: after(links("Improvements", "improvement")),
  no_improvement_reason: after(prose("Why no improvement is needed")),
  closed_on: after(day("Closed on")),
};

const handlers = role("concern_handler");
const around = { handler: out("person", "handler"), systems: out("ai_system", "ai_systems") };

/** Nobody named in it, nor the owner of the system concerned, may handle it (INV-22). */
const impartial: Guard<"concern"> = {
  rule: "INV-22",
  code: "duties-apart",
  refuse: ({ next, near, actor }) => {
    const owners = (near["systems"] ?? []).map((system) => system.owner);
    for (const person of [next.handler, actor.person]) {
      if (person === undefined) continue;
      if ((next.named_people ?? []).includes(person)) return `${person} is named in it`;
      if (owners.includes(person)) return `${person} owns a system that it is about`;
      if (next.reporter === person) return `${person} reported it`;
    }
    return undefined;
  },
};

export const kind = recordKind({
  name: "concern",
  prefix: "CN",
  title: "Concern",
  plural: "Concerns",
  summary:
    "Someone, named or not, worries about how the organisation deals with an AI system; they get an answer and no harm.",
  serves: ["A.3.3", "A.8.3"],
  fields,
  states,
  sealed: true,
  // Its handler looks after it; the reporter must not become its owner.
  ownerless: true,
  live: ["received", "acknowledged", "assessed", "acting", "answered", "escalated"],
  frozen: ["closed"],
  columns: ["title", "channel", "received_on", "acknowledged_on", "answer_given_on"],
  deeds: {
    receive: {
      title: "Receive concern",
      from: "new",
      to: "received",
      who: [...anyone, ...machine],
      needs: ["text"],
      fills: ({ next, today }) => ({
        received_on: next.received_on ?? today,
        title: next.title ?? next.about ?? "Concern",
      }),
      guards: [dayHasCome("received_on", "1.3")],
    },
    amend: {
      title: "Amend concern",
      from: ["received", "acknowledged", "assessed", "acting", "answered", "escalated"],
      who: handlers,
      follow: around,
      guards: [impartial, stillHere("handler")],
    },
    acknowledge: {
      title: "Acknowledge concern",
      from: ["received"],
      to: "acknowledged",
      who: handlers,
      sets: ["acknowledged_on", "handler", "named_people", "ai_systems"],
      fills: ({ next, actor, today }) => ({
        acknowledged_on: next.acknowledged_on ?? today,
        handler: next.handler ?? actor.person,
      }),
      follow: around,
      guards: [impartial, stillHere("handler"), dayHasCome("acknowledged_on", "1.3")],
    },
    assess: {
      title: "Assess concern",
      from: ["acknowledged", "escalated"],
      to: "assessed",
      who: handlers,
      sets: ["assessment", "assessed_on", "upheld", "nonconformity", "risks", "related", "evidence"],
      needs: ["assessment"],
      fills: ({ next, today }) => ({ assessed_on: next.assessed_on ?? today }),
      follow: around,
      guards: [impartial],
    },
    act: {
      title: "Act on concern",
      from: ["assessed", "escalated"],
      to: "acting",
      who: handlers,
      sets: ["action", "nonconformity", "risks", "improvements", "related", "evidence"],
      needs: ["action"],
      follow: around,
      guards: [impartial],
    },
    answer: {
      title: "Answer concern",
      from: ["assessed", "acting", "escalated"],
      to: "answered",
      who: handlers,
      sets: ["answer", "answer_given_on", "outcome", "outcome_text", "reprisal_check_due", "evidence"],
      needs: ["answer", "outcome"],
      fills: ({ next, today }) => ({
        answer_given_on: next.answer_given_on ?? today,
        reprisal_check_due: next.reprisal_check_due ?? addDays(next.received_on ?? today, 90),
      }),
      follow: around,
      guards: [impartial, dayHasCome("answer_given_on", "1.3")],
    },
    escalate: {
      title: "Escalate concern",
      from: ["received", "acknowledged", "assessed", "acting", "answered"],
      to: "escalated",
      who: [...handlers, ...machine],
      sets: ["escalated_to", "escalated_on", "escalation_reason"],
      needs: ["escalation_reason"],
      fills: ({ next, today }) => ({ escalated_on: next.escalated_on ?? today }),
    },
    follow_up: {
      title: "Link what followed from",
      from: ["acknowledged", "assessed", "acting", "answered", "escalated", "closed"],
      who: handlers,
      sets: ["nonconformity", "risks", "improvements", "no_improvement_reason", "related", "evidence"],
      op: "link",
    },
    check_reprisal: {
      title: "Look for reprisals after",
      from: ["answered", "closed"],
      who: handlers,
      sets: ["reprisal_check_on", "reprisal_check_result"],
      needs: ["reprisal_check_result"],
      fills: ({ next, today }) => ({ reprisal_check_on: next.reprisal_check_on ?? today }),
      follow: around,
      guards: [impartial],
    },
    close: {
      title: "Close concern",
      from: ["answered"],
      to: "closed",
      who: handlers,
      sets: ["closed_on"],
      fills: ({ next, today }) => ({ closed_on: next.closed_on ?? today }),
      follow: around,
      guards: [impartial],
    },
  },
});
