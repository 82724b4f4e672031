import { addDays, addMonths } from "#core/basics/time.ts";
import { after, choice, day, group, line, link, list, number, prose } from "../field.ts";
import { recordKind, type AnyRecord } from "../kind.ts";
import { out } from "../follow.ts";
import { machine, named, role, type Guard, type Moment } from "../deed.ts";
import { dayHasCome, stillHere, supersedeReplaced } from "../guard.ts";

export const states = ["draft", "assessed", "valid", "expiring", "expired", "gap", "superseded", "withdrawn"] as const;

export const fields = {
  person: link("Person", "person"),
  requirement: link("Requirement", "competence_requirement"),
  supersedes: link("Renews", "competence_record"),
  basis_items: list(
    "Basis",
    group(
      "Basis item",
      {
        basis: choice("Kind", ["education", "training_record", "certificate", "assessment", "experience"]),
        what: line("What"),
        from: day("From"),
        to: day("To"),
        evidence: link("Proof", "evidence_item"),
      },
      { must: ["basis", "what"] },
    ),
  ),
  required_level: number("Level needed", {
    whole: true,
    least: 1,
    most: 4,
    help: "The requirement's level when it was assessed",
  }),
  assessed_level: number("Level found", { whole: true, least: 0, most: 4 }),
  assessed_by: link("Assessed by", "person"),
  assessed_with: line("Assessed together with"),
  assessor_basis: line("What makes the assessor fit to judge", {
    help: "Nobody judges a subject they are not competent in",
  }),
  assessed_on: day("Assessed on"),
  valid_until: day("Valid until"),
  gap_action: after(
    group(
      "Action to close the gap",
      { what: prose("What"), due: day("Due"), done_on: day("Done on") },
      { must: ["what", "due"] },
    ),
  ),
  proposed_due: after(day("New date proposed")),
  proposed_reason: after(prose("Why a new date")),
  proposed_by: after(link("Proposed by", "person")),
  note: after(prose("Note")),
  effectiveness: after(
    group(
      "Effect of the action",
      {
        checked_on: day("Checked on"),
        result: choice("Result", ["effective", "partly", "ineffective"]),
        how: prose("How it was checked"),
      },
      { must: ["checked_on", "result"] },
    ),
  ),
};

/** Days before its end on which a record is called expiring (domain model, TRG-21). */
export const expiringDays = 60;

const people = role("people_lead", "aims_manager");
const neighbours = {
  requirement: out("competence_requirement", "requirement"),
  assessor: out("person", "assessed_by"),
  holder: out("person", "person"),
};

const levelReached: Guard<"competence_record"> = {
  rule: "7.2",
  refuse: ({ next }) =>
    (next.assessed_level ?? 0) >= (next.required_level ?? 1)
      ? undefined
      : `level ${next.assessed_level ?? 0} was found and ${next.required_level ?? 1} is needed; record the gap instead`,
};
const endOf = (record: AnyRecord): string | undefined =>
  typeof record["valid_until"] === "string" ? record["valid_until"] : undefined;

function assessment({ next, near, actor, today }: Moment<"competence_record">): Readonly<Record<string, unknown>> {
  const requirement = near["requirement"]?.[0];
  const on = next.assessed_on ?? today;
  const renewal = requirement?.["renewal_months"];
  return {
    assessed_on: on,
    assessed_by: next.assessed_by ?? actor.person,
    required_level: requirement?.["level"] ?? next.required_level,
    valid_until: next.valid_until ?? (typeof renewal === "number" ? addMonths(on, renewal) : undefined),
  };
}

export const kind = recordKind({
  name: "competence_record",
  prefix: "CR",
  title: "Competence record",
  plural: "Competence records",
  summary: "Whether one person meets one competence requirement, on what basis, judged by whom, and until when.",
  serves: ["7.2", "A.4.6"],
  fields,
  states,
  ownerless: true,
  live: ["draft", "assessed", "valid", "expiring", "gap"],
  frozen: ["valid", "expiring", "expired", "superseded"],
  columns: ["title", "person", "requirement", "assessed_level", "valid_until"],
  deeds: {
    draft: {
      title: "Draft competence record",
      from: "new",
      to: "draft",
      who: [...people, ...role("lead_internal_auditor", "ai_system_owner", "top_management"), ...named("assessed_by")],
      needs: ["person", "requirement"],
      follow: neighbours,
      fills: ({ next, near }) => ({
        title: next.title ?? `${next.person ?? ""}: ${near["requirement"]?.[0]?.title ?? next.requirement ?? ""}`,
      }),
      guards: [stillHere("holder")],
    },
    amend: { title: "Amend competence record", from: ["draft", "assessed", "gap"], who: people },
    assess: {
      title: "Assess competence",
      from: ["draft", "gap"],
      to: (next) => ((next.assessed_level ?? 0) >= (next.required_level ?? 1) ? "assessed" : "gap"),
      who: [
        ...named("assessed_by"),
        ...role("top_management", "people_lead", "ai_system_owner", "lead_internal_auditor"),
      ],
      needs: ["assessed_level", "assessor_basis"],
      apart: ["person"],
      apartRule: "INV-16",
      follow: neighbours,
      fills: assessment,
      guards: [
        stillHere("assessor"),
        dayHasCome("assessed_on", "1.3"),
        {
          rule: "INV-16",
          code: "duties-apart",
          refuse: ({ next }) => (next.assessed_by === next.person ? "nobody assesses their own competence" : undefined),
        },
      ],
      op: "sign",
    },
    confirm: {
      title: "Confirm competence",
      from: ["assessed"],
      to: "valid",
      who: people,
      sets: [],
      apart: ["person"],
      apartRule: "INV-16",
      follow: { replaced: out("competence_record", "supersedes") },
      guards: [levelReached],
      effects: supersedeReplaced,
    },
    record_gap: {
      title: "Record competence gap",
      from: ["draft", "assessed"],
      to: "gap",
      who: [...people, ...named("assessed_by")],
      sets: ["gap_action"],
      needs: ["gap_action"],
    },
    plan_action: {
      title: "Plan action for",
      from: ["gap", "expiring", "expired"],
      who: [...people, ...named("assessed_by")],
      sets: ["gap_action"],
      needs: ["gap_action"],
      // A date that has run out moves only by `propose_date` and `approve_date`.
      guards: [
        {
          rule: "7.2",
          refuse: ({ before, next, today }) =>
            before?.gap_action !== undefined &&
            before.gap_action.due < today &&
            next.gap_action?.due !== before.gap_action.due
              ? `its action was due on ${before.gap_action.due}; propose a new date and have it approved`
              : undefined,
        },
      ],
    },
    propose_date: {
      title: "Propose new date for",
      from: ["gap", "expiring", "expired"],
      who: [...people, ...named("person", "assessed_by")],
      sets: ["proposed_due", "proposed_reason"],
      needs: ["gap_action", "proposed_due", "proposed_reason"],
      fills: ({ actor }) => ({ proposed_by: actor.person }),
    },
    approve_date: {
      title: "Approve new date for",
      from: ["gap", "expiring", "expired"],
      who: [...people, ...role("top_management")],
      sets: [],
      needs: ["gap_action"],
      apart: ["person", "proposed_by"],
      // The deed takes the proposal away, so it is asked of the record as it was.
      guards: [
        {
          rule: "7.2",
          refuse: ({ before }) => (before?.proposed_due === undefined ? "no new date is proposed" : undefined),
        },
      ],
      fills: ({ next }) => ({
        ...(next.gap_action === undefined
          ? {}
          : { gap_action: { ...next.gap_action, due: next.proposed_due ?? next.gap_action.due } }),
        proposed_due: undefined,
        proposed_reason: undefined,
        proposed_by: undefined,
      }),
    },
    check_effect: {
      title: "Check effect for",
      from: ["gap", "assessed", "valid", "expiring", "expired"],
      who: [...people, ...named("assessed_by")],
      sets: ["effectiveness", "gap_action"],
      needs: ["effectiveness"],
      apart: ["person"],
      apartRule: "INV-16",
    },
    note: {
      title: "Note on",
      from: ["draft", "assessed", "valid", "expiring", "expired", "gap"],
      who: [...people, ...named("assessed_by")],
      sets: ["note", "next_review_on"],
    },
    mark_expiring: {
      title: "Mark as expiring",
      from: ["valid"],
      to: "expiring",
      who: machine,
      byTime: true,
      sets: [],
      guards: [
        {
          rule: "TRG-21",
          refuse: ({ next, today }) => {
            const end = endOf(next as AnyRecord);
            return end !== undefined && end <= addDays(today, expiringDays)
              ? undefined
              : `it is valid until ${end ?? "further notice"}`;
          },
        },
      ],
    },
    expire: {
      title: "Mark as expired",
      from: ["valid", "expiring"],
      to: "expired",
      who: machine,
      byTime: true,
      sets: [],
      guards: [
        {
          rule: "TRG-21",
          refuse: ({ next, today }) => {
            const end = endOf(next as AnyRecord);
            return end !== undefined && end < today ? undefined : `it is valid until ${end ?? "further notice"}`;
          },
        },
      ],
    },
    supersede: {
      title: "Supersede competence record",
      from: ["valid", "expiring", "expired", "gap"],
      to: "superseded",
      who: machine,
      sets: [],
    },
    withdraw: {
      title: "Withdraw competence record",
      from: ["draft", "assessed", "valid", "expiring", "expired", "gap"],
      to: "withdrawn",
      who: people,
      sets: [],
    },
  },
});
