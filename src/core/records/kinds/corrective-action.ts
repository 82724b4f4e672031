import { addDays, type Day } from "#core/basics/time.ts";
import { findRole } from "../actor.ts";
import { after, choice, day, group, line, link, prose, yesNo } from "../field.ts";
import { recordKind, type RecordOf } from "../kind.ts";
import { all, out } from "../follow.ts";
import { named, owner, role, type Effect, type Guard, type Moment } from "../deed.ts";
import { dayHasCome, stillHere } from "../guard.ts";

export const states = ["planned", "in_progress", "done", "checked", "replaced", "cancelled"] as const;

export const fields = {
  nonconformity: link("Nonconformity", "nonconformity"),
  action: prose("Action"),
  addresses_cause: yesNo("Goes to the cause"),
  doer: link("Done by", "person"),
  team: line("Team"),
  due: day("Due"),
  redecided_due: after(day("New date")),
  redecided_by: after(link("New date approved by", "person")),
  redecided_reason: after(prose("Why a new date")),
  done_on: after(day("Done on")),
  result: after(prose("What was done")),
  effectiveness: after(
    group(
      "Effect",
      {
        criterion: prose("Criterion"),
        check_due: day("Check due"),
        checked_by: link("Checked by", "person"),
        checked_on: day("Checked on"),
        result: choice("Result", ["effective", "not_effective", "too_early"]),
        text: prose("What was seen"),
      },
      { help: "Judged by someone who neither owns nor did the action" },
    ),
  ),
  replaced_by: after(link("Replaced by", "corrective_action")),
};

/** Days that must go by between an action and the check of its effect, where the organisation set none. */
export const defaultWaitDays = 30;

const handlers = role(
  "aims_manager",
  "ai_system_owner",
  "risk_owner",
  "platform_engineer",
  "people_lead",
  "procurement_lead",
  "impact_assessor",
  "ml_engineer",
  "data_steward",
);
const people = { owner: out("person", "owner"), doer: out("person", "doer") };
const around = { organization: all("organization"), nonconformity: out("nonconformity", "nonconformity") };

const waited: Guard<"corrective_action"> = {
  rule: "INV-20",
  refuse: ({ next, near }) => {
    // That it failed can be seen at any time; that it lasts cannot.
    if (next.effectiveness?.result !== "effective") return undefined;
    const organization = near["organization"]?.[0] as RecordOf<"organization"> | undefined;
    const wait = organization?.settings?.effectiveness_wait_days ?? defaultWaitDays;
    if (next.done_on === undefined) return '"done_on" must be filled in first';
    const earliest: Day = addDays(next.done_on, wait);
    return next.effectiveness?.checked_on !== undefined && next.effectiveness.checked_on < earliest
      ? `it was done on ${next.done_on}, and its effect can be judged from ${earliest} on`
      : undefined;
  },
};

const auditorChecks: Guard<"corrective_action"> = {
  rule: "INV-20",
  code: "duties-apart",
  refuse: ({ near, actor }) => {
    const raised = near["nonconformity"]?.[0] as RecordOf<"nonconformity"> | undefined;
    if (raised?.source !== "audit") return undefined;
    const audits = findRole(actor, "internal_auditor", {}) ?? findRole(actor, "lead_internal_auditor", {});
    return audits ? undefined : `${raised.ref} was raised by an audit, and an internal auditor judges the effect`;
  },
};

/** Not effective reopens the nonconformity (INV-21). */
function reopening({ next, near }: Moment<"corrective_action">): Effect[] {
  const raised = near["nonconformity"]?.[0];
  if (
    next.effectiveness?.result !== "not_effective" ||
    raised === undefined ||
    raised.state === "reopened" ||
    raised.state === "open"
  )
    return [];
  const reason = `${next.ref} was not effective${next.effectiveness.text === undefined ? "" : `: ${next.effectiveness.text}`}`;
  return [
    {
      does: "move",
      kind: "nonconformity",
      ref: raised.ref,
      deed: "reopen",
      fields: {
        reopen_reason: reason,
        ...(next.effectiveness.checked_on === undefined ? {} : { reopened_on: next.effectiveness.checked_on }),
      },
    },
  ];
}

export const kind = recordKind({
  name: "corrective_action",
  prefix: "CA",
  title: "Corrective action",
  plural: "Corrective actions",
  summary: "What is done so that a nonconformity does not happen again, and whether it worked.",
  serves: ["10.2", "10.1"],
  fields,
  states,
  live: ["planned", "in_progress", "done"],
  frozen: ["done", "checked", "replaced"],
  columns: ["title", "nonconformity", "owner", "due", "done_on"],
  deeds: {
    plan: {
      title: "Plan corrective action",
      from: "new",
      to: "planned",
      who: handlers,
      needs: ["nonconformity", "action", "due"],
      follow: people,
      guards: [stillHere("owner"), stillHere("doer")],
    },
    amend: {
      title: "Amend corrective action",
      from: ["planned"],
      who: [...handlers, ...owner],
      follow: people,
      guards: [stillHere("owner"), stillHere("doer")],
    },
    start: {
      title: "Start corrective action",
      from: ["planned"],
      to: "in_progress",
      who: [...owner, ...named("doer"), ...handlers],
      sets: ["result"],
    },
    move_date: {
      title: "Approve new date of",
      from: ["planned", "in_progress"],
      who: role("aims_manager", "top_management"),
      sets: ["redecided_due", "redecided_reason"],
      needs: ["redecided_due", "redecided_reason"],
      fills: ({ actor }) => ({ redecided_by: actor.person }),
      apart: ["owner", "doer"],
    },
    finish: {
      title: "Finish corrective action",
      from: ["planned", "in_progress"],
      to: "done",
      who: [...owner, ...named("doer"), ...handlers],
      sets: ["done_on", "result", "evidence", "effectiveness"],
      fills: ({ next, today }) => ({ done_on: next.done_on ?? today }),
      guards: [dayHasCome("done_on", "1.3")],
    },
    plan_check: {
      title: "Plan effect check of",
      from: ["planned", "in_progress", "done"],
      who: [...handlers, ...role("internal_auditor", "lead_internal_auditor")],
      sets: ["effectiveness"],
    },
    check: {
      title: "Check effect of",
      from: ["done"],
      to: (next) => (next.effectiveness?.result === "too_early" ? "done" : "checked"),
      who: role(
        "internal_auditor",
        "lead_internal_auditor",
        "aims_manager",
        "risk_owner",
        "impact_assessor",
        "top_management",
      ),
      sets: ["effectiveness", "evidence"],
      needs: ["effectiveness"],
      apart: ["owner", "doer"],
      apartRule: "INV-20",
      follow: around,
      fills: ({ next, actor, today }) => ({
        effectiveness: {
          ...next.effectiveness,
          checked_by: actor.person,
          checked_on: next.effectiveness?.checked_on ?? today,
        },
      }),
      guards: [
        waited,
        auditorChecks,
        {
          rule: "INV-20",
          refuse: ({ next }) =>
            next.effectiveness?.result === undefined ? '"effectiveness.result" must be filled in first' : undefined,
        },
        {
          rule: "INV-21",
          refuse: ({ before, next }) =>
            next.effectiveness?.result === "too_early" &&
            (next.effectiveness.check_due === undefined ||
              next.effectiveness.check_due === before?.effectiveness?.check_due)
              ? '"too early" sets a new "effectiveness.check_due"'
              : undefined,
        },
      ],
      effects: reopening,
      op: "sign",
    },
    replace: {
      title: "Replace corrective action",
      from: ["checked"],
      to: "replaced",
      who: [...owner, ...handlers],
      sets: ["replaced_by"],
      needs: ["replaced_by"],
      follow: { successor: out("corrective_action", "replaced_by") },
      guards: [
        {
          rule: "INV-21",
          refuse: ({ next }) => (next.effectiveness?.result === "effective" ? "it was effective" : undefined),
        },
        {
          rule: "INV-21",
          refuse: ({ next, near }) => {
            const successor = near["successor"]?.[0] as RecordOf<"corrective_action"> | undefined;
            return successor?.nonconformity === next.nonconformity && successor?.ref !== next.ref
              ? undefined
              : `"replaced_by" must be another action of ${next.nonconformity ?? "the same nonconformity"}`;
          },
        },
      ],
    },
    cancel: {
      title: "Cancel corrective action",
      from: ["planned", "in_progress"],
      to: "cancelled",
      who: role("aims_manager", "top_management"),
      sets: ["result"],
      needs: ["result"],
      apart: ["doer"],
    },
  },
});
