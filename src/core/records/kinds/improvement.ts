import { after, choice, day, group, link, prose } from "../field.ts";
import { recordKind } from "../kind.ts";
import { out } from "../follow.ts";
import { anyone, machine, owner, role } from "../deed.ts";
import { dayHasCome, stillHere } from "../guard.ts";

export const states = [
  "proposed",
  "accepted",
  "declined",
  "in_progress",
  "done",
  "effect_checked",
  "withdrawn",
] as const;

export const fields = {
  origin: group(
    "Comes from",
    {
      source: choice("Source", [
        "audit",
        "incident",
        "management_review",
        "concern",
        "feedback",
        "measurement",
        "idea",
        "supplier",
      ]),
      record: link("Record", []),
    },
    { must: ["source"] },
  ),
  idea: prose("Idea"),
  promised_benefit: prose("Promised benefit"),
  decision: group(
    "Decision",
    {
      decision: choice("Decision", ["accept", "decline"]),
      reason: prose("Why"),
      by: link("By", "person"),
      on: day("On"),
    },
    { must: ["decision"] },
  ),
  due: day("Due"),
  redecided_due: after(day("New date")),
  redecided_by: after(link("New date decided by", "person")),
  redecided_reason: after(prose("Why a new date")),
  done_on: after(day("Done on")),
  result: after(prose("What was done")),
  effect: after(
    group(
      "Effect",
      {
        checked_on: day("Checked on"),
        result: choice("Result", ["as_promised", "partly", "none"]),
        text: prose("What was seen"),
        checked_by: link("Checked by", "person"),
        measurement: link("Measurement", "measurement"),
      },
      { must: ["checked_on", "result"] },
    ),
  ),
};

const deciders = role("aims_manager", "top_management", "ai_system_owner");
const people = { owner: out("person", "owner") };

export const kind = recordKind({
  name: "improvement",
  prefix: "IMP",
  title: "Improvement",
  plural: "Improvements",
  summary:
    "An idea that makes the management system or an AI system better, the decision on it, and whether it kept its promise.",
  serves: ["10.1"],
  fields,
  states,
  live: ["proposed", "accepted", "in_progress", "done"],
  frozen: ["effect_checked"],
  columns: ["title", "origin", "owner", "due", "done_on"],
  deeds: {
    propose: {
      title: "Propose improvement",
      from: "new",
      to: "proposed",
      who: [...anyone, ...machine],
      needs: ["idea"],
      follow: people,
      guards: [stillHere("owner")],
    },
    amend: {
      title: "Amend improvement",
      from: ["proposed", "accepted"],
      who: [...deciders, ...owner],
      follow: people,
      guards: [stillHere("owner")],
    },
    accept: {
      title: "Accept improvement",
      from: ["proposed", "declined"],
      to: "accepted",
      who: deciders,
      sets: ["decision", "owner", "due", "promised_benefit"],
      needs: ["owner", "due"],
      fills: ({ next, actor, today }) => ({
        decision: { ...next.decision, decision: "accept", by: actor.person, on: today },
      }),
      apart: ["creator"],
      follow: people,
      guards: [stillHere("owner")],
    },
    decline: {
      title: "Decline improvement",
      from: ["proposed"],
      to: "declined",
      who: deciders,
      sets: ["decision"],
      fills: ({ next, actor, today }) => ({
        decision: { ...next.decision, decision: "decline", by: actor.person, on: today },
      }),
      apart: ["creator"],
      guards: [
        {
          rule: "4.7",
          refuse: ({ next }) =>
            next.decision?.reason === undefined ? '"decision.reason" must be filled in first' : undefined,
        },
      ],
    },
    start: {
      title: "Start improvement",
      from: ["accepted"],
      to: "in_progress",
      who: [...owner, ...deciders],
      sets: ["result"],
    },
    move_date: {
      title: "Decide new date of",
      from: ["accepted", "in_progress"],
      who: role("aims_manager", "top_management"),
      sets: ["redecided_due", "redecided_reason"],
      needs: ["redecided_due", "redecided_reason"],
      fills: ({ actor }) => ({ redecided_by: actor.person }),
      apart: ["owner"],
    },
    finish: {
      title: "Finish improvement",
      from: ["accepted", "in_progress"],
      to: "done",
      who: [...owner, ...deciders],
      sets: ["done_on", "result", "evidence", "related"],
      fills: ({ next, today }) => ({ done_on: next.done_on ?? today }),
      guards: [dayHasCome("done_on", "1.3")],
    },
    check_effect: {
      title: "Check effect of",
      from: ["done"],
      to: "effect_checked",
      who: [
        ...deciders,
        ...owner,
        ...role("impact_assessor", "internal_auditor", "lead_internal_auditor", "risk_owner"),
      ],
      sets: ["effect", "evidence"],
      needs: ["effect"],
      fills: ({ next, actor }) =>
        next.effect === undefined
          ? {}
          : { effect: { ...next.effect, checked_by: next.effect.checked_by ?? actor.person } },
    },
    withdraw: {
      title: "Withdraw improvement",
      from: ["proposed", "accepted", "in_progress"],
      to: "withdrawn",
      who: deciders,
      sets: ["result"],
      needs: ["result"],
    },
  },
});
