import { after, choice, day, group, line, lines, link, links, list, number, prose, yesNo } from "../field.ts";
import { out } from "../follow.ts";
import { recordKind } from "../kind.ts";
import { authority, machine, named, owner, peopleIn, role, type Moment } from "../deed.ts";
import { stillHere, supersedeReplaced } from "../guard.ts";

export const states = [
  "draft",
  "in_approval",
  "approved",
  "in_progress",
  "implemented",
  "verified",
  "ineffective",
  "superseded",
  "withdrawn",
] as const;

const rating = (title: string) => number(title, { least: 1, most: 5, whole: true });

export const fields = {
  edition: line("Edition"),
  supersedes: link("Plan before", "treatment_plan"),
  risks: links("Risks", "risk"),
  actions: list(
    "Actions",
    group(
      "Action",
      {
        what: line("What"),
        who: link("Who", "person"),
        due: day("Due"),
        cost: number("Cost", { unit: "EUR", least: 0 }),
        emergency: yesNo("Emergency", {
          help: "May be done before the plan is approved; approval follows within 5 working days",
        }),
        state: after(
          choice("State", ["open", "in_progress", "running", "done", "dropped"], {
            help: "Running: a standing activity that has begun",
          }),
        ),
        done_on: after(day("Done on")),
        progress: after(line("Progress")),
        new_due: after(day("New date")),
        new_due_approved_by: after(link("New date approved by", "person")),
        new_due_approved_on: after(day("New date approved on")),
        proof: after(links("Proof", "evidence_item")),
      },
      { must: ["what"] },
    ),
  ),
  control_refs_added: lines("Controls added"),
  control_refs_removed: lines("Controls removed"),
  expected: list(
    "Score expected",
    group("Score", {
      risk: link("Risk", "risk"),
      likelihood: rating("Likelihood"),
      consequence: rating("Worst consequence"),
      note: line("Note"),
    }),
  ),
  effectiveness_criterion: line("Effect wanted", { help: "A sentence that can turn out false" }),
  effectiveness_due: day("Effect judged by"),
  effectiveness_result: after(choice("Effect", ["effective", "partly", "ineffective"])),
  effectiveness_note: after(prose("What was seen")),
  judged_by: after(link("Judged by", "person")),
  judged_on: after(day("Judged on")),
  approved_by: after(link("Approved by", "person")),
  approved_on: after(day("Approved on")),
  implemented_on: after(day("Implemented on")),
  withdrawal_reason: after(prose("Why withdrawn")),
};

const carers = [...owner, ...role("risk_owner", "ai_system_owner", "aims_manager")];
const doers = { doers: out("person", "actions.who") };

export const kind = recordKind({
  name: "treatment_plan",
  prefix: "TP",
  title: "Treatment plan",
  plural: "Treatment plans",
  summary: "What is done about risks, by whom and when, and how it is found out whether it worked.",
  serves: ["6.1.3", "8.3"],
  fields,
  states,
  live: ["draft", "in_approval", "approved", "in_progress", "implemented"],
  frozen: [
    "in_approval",
    "approved",
    "in_progress",
    "implemented",
    "verified",
    "ineffective",
    "superseded",
    "withdrawn",
  ],
  columns: ["title", "risks", "owner", "approved_on", "effectiveness_due", "effectiveness_result"],
  deeds: {
    draft: {
      title: "Draft treatment plan",
      from: "new",
      to: "draft",
      who: carers,
      needs: ["title", "risks"],
      follow: doers,
      guards: [stillHere("doers"), { rule: "INV-12", refuse: doneTooEarly }],
    },
    amend: {
      title: "Amend treatment plan",
      from: ["draft"],
      who: carers,
      follow: doers,
      guards: [stillHere("doers"), { rule: "INV-12", refuse: doneTooEarly }],
    },
    submit: {
      title: "Submit treatment plan",
      from: ["draft"],
      to: "in_approval",
      who: carers,
      sets: [],
      needs: ["risks", "actions", "effectiveness_criterion", "effectiveness_due"],
      follow: doers,
      guards: [stillHere("doers"), { rule: "6.1.3", refuse: ({ next }) => incomplete(next.actions ?? []) }],
    },
    reject: {
      title: "Reject treatment plan",
      from: ["in_approval"],
      to: "draft",
      who: authority("approve AI risk treatment"),
      sets: [],
      approves: "reject",
    },
    approve: {
      title: "Approve treatment plan",
      from: ["in_approval"],
      to: "approved",
      who: authority("approve AI risk treatment"),
      sets: [],
      approves: "approve",
      apart: ["creator"],
      follow: { replaced: out("treatment_plan", "supersedes") },
      fills: ({ actor, today }) => ({ approved_by: actor.person, approved_on: today }),
      effects: supersedeReplaced,
    },
    start: {
      title: "Start treatment plan",
      from: ["approved"],
      to: "in_progress",
      who: [...carers, ...named("actions.who")],
      sets: [],
    },
    report_emergency: {
      title: "Report emergency step of treatment plan",
      from: ["draft", "in_approval"],
      who: [...carers, ...named("actions.who")],
      sets: ["actions"],
      guards: [{ rule: "INV-12", refuse: doneTooEarly }],
    },
    report_progress: {
      title: "Report progress of treatment plan",
      from: ["approved", "in_progress"],
      to: "in_progress",
      who: [...carers, ...named("actions.who")],
      sets: ["actions"],
      guards: [{ rule: "8.3", refuse: movesDate }],
    },
    redate: {
      title: "Approve new dates of treatment plan",
      from: ["approved", "in_progress"],
      who: authority("approve AI risk treatment"),
      sets: ["actions"],
      fills: signsDates,
    },
    finish: {
      title: "Finish treatment plan",
      from: ["approved", "in_progress"],
      to: "implemented",
      who: [...carers, ...named("actions.who")],
      sets: ["actions"],
      fills: ({ next, today }) => ({ implemented_on: next.implemented_on ?? today }),
      guards: [{ rule: "8.3", refuse: ({ next }) => unfinished(next.actions ?? []) }],
    },
    judge: {
      title: "Judge effect of treatment plan",
      from: ["in_progress", "implemented", "verified", "ineffective"],
      to: (next) => (next.effectiveness_result === "ineffective" ? "ineffective" : "verified"),
      who: [
        ...role(
          "risk_owner",
          "aims_manager",
          "impact_assessor",
          "internal_auditor",
          "lead_internal_auditor",
          "top_management",
        ),
        ...authority("approve AI risk treatment"),
      ],
      sets: ["effectiveness_result", "effectiveness_note", "evidence", "actions"],
      needs: ["effectiveness_result", "effectiveness_note"],
      fills: ({ actor, today }) => ({ judged_by: actor.person, judged_on: today }),
      guards: [{ rule: "8.3", code: "duties-apart", refuse: judgesAlone }],
    },
    withdraw: {
      title: "Withdraw treatment plan",
      from: ["draft", "in_approval", "approved", "in_progress"],
      to: "withdrawn",
      who: carers,
      sets: ["withdrawal_reason"],
      needs: ["withdrawal_reason"],
    },
    supersede: {
      title: "Supersede treatment plan",
      from: ["draft", "in_approval", "approved", "in_progress", "implemented", "verified", "ineffective"],
      to: "superseded",
      who: machine,
      sets: [],
    },
  },
});

type Action = NonNullable<Moment<"treatment_plan">["next"]["actions"]>[number];

function doneTooEarly({ next }: Moment<"treatment_plan">): string | undefined {
  const early = next.actions?.find(
    (action) => (action.state === "done" || action.done_on !== undefined) && action.emergency !== true,
  );
  return early && `"${early.what}" cannot be done before the plan is approved, unless it is an emergency`;
}

function incomplete(actions: readonly Action[]): string | undefined {
  const lacking = actions.find((action) => action.who === undefined || action.due === undefined);
  return lacking && `"${lacking.what}" needs someone who does it and a date`;
}

function unfinished(actions: readonly Action[]): string | undefined {
  const left = actions.find(
    (action) => action.state !== "done" && action.state !== "running" && action.state !== "dropped",
  );
  return left && `"${left.what}" is not done`;
}

function movesDate({ before, next }: Moment<"treatment_plan">): string | undefined {
  const moved = next.actions?.find((action, position) => action.new_due !== before?.actions?.[position]?.new_due);
  return moved && `a new date for "${moved.what}" takes who may approve the plan`;
}

/** Whoever moves a date signs for it. */
function signsDates({ before, next, actor, today }: Moment<"treatment_plan">): Record<string, unknown> {
  const actions = next.actions?.map((action, position) =>
    action.new_due === before?.actions?.[position]?.new_due
      ? action
      : { ...action, new_due_approved_by: actor.person, new_due_approved_on: today },
  );
  return { actions };
}

function judgesAlone({ next, actor }: Moment<"treatment_plan">): string | undefined {
  const did = new Set(peopleIn(next, "actions.who"));
  return actor.person !== undefined && did.size === 1 && did.has(actor.person)
    ? `${actor.person} alone carried out the actions`
    : undefined;
}
