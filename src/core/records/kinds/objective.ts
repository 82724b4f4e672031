import { after, choice, day, group, line, lines, link, links, list, number, prose } from "../field.ts";
import { out } from "../follow.ts";
import { findRole } from "../actor.ts";
import { recordKind } from "../kind.ts";
import { concernOf, named, owner, role, type Moment } from "../deed.ts";
import { stillHere } from "../guard.ts";

export const states = ["draft", "approved", "in_progress", "achieved", "missed", "withdrawn"] as const;

export const fields = {
  statement: prose("Objective", { help: "What shall be true, in one sentence" }),
  objective_kind: choice("Kind", ["aims", "responsible_development", "responsible_use", "system"]),
  level: choice("Level", ["organisation", "unit", "system"]),
  period: line("Period", { help: "Such as 2026" }),
  policy: link("Policy", "policy"),
  policy_statement: line("Sentence of the policy that it serves"),
  obligations: links("Obligations", "obligation"),
  risks: links("Risks", "risk"),
  requirements: lines("Other requirements", { help: "Clauses, controls or documents" }),
  targets: list(
    "Targets",
    group("Target", {
      measure: link("Measure", "measure"),
      baseline: number("Baseline"),
      operator: choice("Is", ["at_least", "at_most", "equal"]),
      value: number("Target"),
      unit: line("Unit"),
      by: day("By"),
      from: day("From", { help: "When it has to hold from a day on" }),
    }),
  ),
  not_measurable_reason: prose("Why it cannot be measured"),
  plan: group("Plan", {
    actions: prose("Actions"),
    resources: prose("Resources"),
    responsible: link("Responsible", "person"),
    deadline: day("Deadline"),
    evaluation_method: prose("How it is judged"),
    judged_by: link("Judged by", "person"),
    treatment_plans: links("Treatment plans", "treatment_plan"),
  }),
  communicated_to: after(links("Told to", "person")),
  communicated_by: after(links("Told by", "communication_event")),
  outcome: after(
    group("Outcome", { on: day("On"), value: line("Value"), note: prose("Note"), by: link("By", "person") }),
  ),
  withdrawal_reason: after(prose("Why withdrawn")),
  approved_by: after(link("Approved by", "person")),
  approved_on: after(day("Approved on")),
};

const authors = [...role("aims_manager", "ai_system_owner", "risk_owner"), ...owner];
const carers = [...owner, ...named("plan.responsible", "plan.judged_by"), ...role("aims_manager", "top_management")];
const people = { responsible: out("person", "plan.responsible") };

export const kind = recordKind({
  name: "objective",
  prefix: "OBJ",
  digits: 1,
  title: "Objective",
  plural: "Objectives",
  summary: "What the organisation sets out to reach with AI, by when, and how it will know.",
  serves: ["6.2", "A.6.1.2", "A.9.3"],
  fields,
  states,
  live: ["draft", "approved", "in_progress"],
  frozen: ["approved", "in_progress", "achieved", "missed", "withdrawn"],
  columns: ["title", "objective_kind", "targets", "owner", "period"],
  deeds: {
    draft: {
      title: "Draft objective",
      from: "new",
      to: "draft",
      who: authors,
      needs: ["title", "statement", "objective_kind"],
      follow: people,
      guards: [stillHere("responsible")],
    },
    amend: {
      title: "Amend objective",
      from: ["draft"],
      who: authors,
      follow: people,
      guards: [stillHere("responsible")],
    },
    approve: {
      title: "Approve objective",
      from: ["draft"],
      to: "approved",
      who: role("top_management", "ai_system_owner", "risk_owner"),
      sets: [],
      approves: "approve",
      apart: ["creator"],
      fills: ({ actor, today }) => ({ approved_by: actor.person, approved_on: today }),
      guards: [
        { rule: "domain model, 4.3", refuse: tooLowAuthority },
        {
          rule: "6.2",
          refuse: ({ next }) =>
            next.targets?.some((target) => target.measure !== undefined) || next.not_measurable_reason !== undefined
              ? undefined
              : "it needs a target with a measure, or why it cannot be measured",
        },
      ],
    },
    start: { title: "Start objective", from: ["approved"], to: "in_progress", who: carers, sets: [] },
    tell: {
      title: "Record who was told of objective",
      from: ["approved", "in_progress", "achieved", "missed"],
      who: [...carers, ...role("communications_lead")],
      sets: ["communicated_to", "communicated_by"],
    },
    achieve: {
      title: "Record objective as achieved",
      from: ["approved", "in_progress"],
      to: "achieved",
      who: carers,
      sets: ["outcome"],
      needs: ["outcome"],
      fills: judged,
    },
    miss: {
      title: "Record objective as missed",
      from: ["approved", "in_progress"],
      to: "missed",
      who: carers,
      sets: ["outcome"],
      needs: ["outcome"],
      fills: judged,
    },
    resume: {
      title: "Take up objective again",
      from: ["achieved", "missed"],
      to: "in_progress",
      who: carers,
      sets: ["outcome"],
    },
    withdraw: {
      title: "Withdraw objective",
      from: ["draft", "approved", "in_progress"],
      to: "withdrawn",
      who: role("aims_manager", "top_management"),
      sets: ["withdrawal_reason"],
      needs: ["withdrawal_reason"],
    },
  },
});

function tooLowAuthority({ next, actor }: Moment<"objective">): string | undefined {
  if (next.level !== undefined && next.level !== "organisation") return undefined;
  return findRole(actor, "top_management", concernOf(next))
    ? undefined
    : "an objective of the whole organisation takes top management";
}

function judged({ next, actor, today }: Moment<"objective">): Record<string, unknown> {
  return { outcome: { ...next.outcome, on: next.outcome?.on ?? today, by: next.outcome?.by ?? actor.person } };
}
