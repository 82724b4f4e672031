import { findRole } from "../actor.ts";
import { choice, day, line, link, links, number, prose } from "../field.ts";
import { recordKind } from "../kind.ts";
import { anyone, machine, owner, role, type Guard } from "../deed.ts";
import { dayHasCome } from "../guard.ts";

export const states = ["identified", "decided", "active", "lapsed"] as const;

export const fields = {
  party: link("Party", "interested_party", { help: "Whose need or demand it is" }),
  obligation_kind: choice("Kind", ["law", "permit", "contract", "commitment", "expectation", "reporting"]),
  statement: prose("In plain words"),
  source_ref: line("Source", { help: "Law and article, or contract and clause" }),
  applies_from: day("Applies from", { help: "In force already when left out" }),
  applies_to: links("Applies to", "ai_system", { help: "All AI systems when left out" }),
  log_retention_days: number("Logs kept at least", {
    unit: "days",
    least: 0,
    whole: true,
    help: "When it says how long logs of the systems are kept (A.6.2.8)",
  }),
  addressed_by_aims: choice("Addressed by the AIMS", ["yes", "no"]),
  not_addressed_reason: prose("Why not addressed"),
  compliance_status: choice("Status", ["met", "partly", "not_met", "not_yet_due", "not_evaluated"]),
  evaluated_on: day("Evaluated on"),
  evaluated_by: link("Evaluated by", "person"),
  evaluation: prose("Evaluation", { help: "What was looked at and what came out" }),
  mended_by: links("Mended by", ["nonconformity", "change_plan"], {
    help: "Where it is not fully met: what brings it there",
  }),
  lapsed_reason: prose("Why lapsed"),
};

const keepers = [...role("legal_advisor", "aims_manager"), ...owner];

const noHasReason: Guard<"obligation"> = {
  rule: "4.2",
  refuse: ({ next }) =>
    next.addressed_by_aims === "no" && next.not_addressed_reason === undefined
      ? "a duty that is not addressed needs a reason"
      : undefined,
};

const lawTakesCounsel: Guard<"obligation"> = {
  rule: "4.2",
  refuse: ({ next, actor }) =>
    next.obligation_kind === "law" && next.addressed_by_aims === "no" && !findRole(actor, "legal_advisor", {})
      ? "leaving a law unaddressed takes the legal adviser"
      : undefined,
};

export const kind = recordKind({
  name: "obligation",
  prefix: "OB",
  title: "Obligation",
  plural: "Obligations",
  summary: "A duty from law, contract or promise, whether the management system takes it on, and whether it is met.",
  serves: ["4.2"],
  fields,
  states,
  live: ["identified", "decided", "active"],
  columns: ["title", "obligation_kind", "applies_from", "addressed_by_aims", "compliance_status", "evaluated_on"],
  deeds: {
    identify: {
      title: "Identify obligation",
      from: "new",
      to: "identified",
      who: anyone,
      needs: ["title", "statement"],
      fills: ({ next }) => ({ compliance_status: next.compliance_status ?? "not_evaluated" }),
    },
    amend: {
      title: "Amend obligation",
      from: ["identified", "decided", "active"],
      who: keepers,
      guards: [noHasReason, lawTakesCounsel],
    },
    decide: {
      title: "Decide on obligation",
      from: ["identified", "decided", "active"],
      to: "decided",
      who: role("legal_advisor", "aims_manager"),
      needs: ["source_ref", "addressed_by_aims"],
      guards: [noHasReason, lawTakesCounsel],
    },
    activate: {
      title: "Put obligation in force",
      from: ["decided"],
      to: "active",
      who: [...keepers, ...machine],
      sets: ["applies_from"],
      guards: [dayHasCome("applies_from", "4.2")],
    },
    evaluate: {
      title: "Evaluate obligation",
      from: ["decided", "active"],
      who: keepers,
      sets: [
        "compliance_status",
        "evaluated_on",
        "evaluated_by",
        "evaluation",
        "mended_by",
        "evidence",
        "next_review_on",
      ],
      needs: ["compliance_status"],
      fills: ({ next, before, actor, today }) => ({
        evaluated_on: next.evaluated_on === before?.evaluated_on ? today : next.evaluated_on,
        evaluated_by: next.evaluated_by === before?.evaluated_by ? actor.person : next.evaluated_by,
      }),
    },
    lapse: {
      title: "Let obligation lapse",
      from: ["identified", "decided", "active"],
      to: "lapsed",
      who: role("legal_advisor", "aims_manager"),
      sets: ["lapsed_reason"],
      needs: ["lapsed_reason"],
    },
  },
});
