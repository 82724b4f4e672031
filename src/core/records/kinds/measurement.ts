import { findRole } from "../actor.ts";
import { after, choice, day, group, line, link, number, prose } from "../field.ts";
import { recordKind, type RecordOf } from "../kind.ts";
import { out } from "../follow.ts";
import { anyone, machine, role, type Guard } from "../deed.ts";
import { inOrder, dayHasCome, supersedeReplaced } from "../guard.ts";
import { bandOf } from "./measure.ts";

export const states = ["recorded", "evaluated", "superseded"] as const;

export const fields = {
  measure: link("Measure", "measure"),
  value: number("Value"),
  n: number("Number of cases", { whole: true, least: 0 }),
  detail: line("How it comes about", { help: "Such as 43 of 1,034 against 368 of 14,176" }),
  collected_on: day("Collected on"),
  source: line("Source"),
  band: choice("Band", ["green", "amber", "red"]),
  supersedes: link("Corrects", "measurement"),
  correction_reason: prose("Why it was corrected"),
  evaluation: after(
    group("Evaluation", { text: prose("What it means"), by: link("By", "person"), on: day("On") }, { must: ["text"] }),
  ),
  action: after(
    group(
      "What was done",
      {
        response: choice("Response", ["nonconformity", "incident", "risk_review", "plan", "accepted", "none_needed"]),
        record: link("Record", []),
        text: prose("Decision"),
        by: link("By", "person"),
        on: day("On"),
      },
      { must: ["response", "on"] },
    ),
  ),
};

/** Lets only those act whom the measure names under the field, its owner, and whoever runs the AIMS. */
const namedBy = (field: "measured_by" | "evaluated_by", does: string): Guard<"measurement"> => ({
  rule: "9.1",
  code: "duties-apart",
  refuse: ({ near, actor }) => {
    const measure = near["measure"]?.[0] as RecordOf<"measure"> | undefined;
    if (measure === undefined || actor.person === undefined) return undefined;
    if (measure[field] === actor.person || measure.owner === actor.person) return undefined;
    // Recording may be done for somebody; judging may not.
    if (field === "measured_by" && findRole(actor, "aims_manager", {})) return undefined;
    return `${measure.ref} is ${does} by ${measure[field] ?? "nobody yet"}`;
  },
});
const measure = { measure: out("measure", "measure") };
const deciders = role("aims_manager", "top_management", "ai_system_owner", "risk_owner", "people_lead");

export const kind = recordKind({
  name: "measurement",
  prefix: "MEA",
  digits: 4,
  title: "Measurement",
  plural: "Measurements",
  summary:
    "One value of a measure for one period, what it means and what was done about it. A correction is a new measurement.",
  serves: ["9.1", "6.2", "A.6.2.6"],
  fields,
  states,
  ownerless: true,
  live: ["recorded", "evaluated"],
  frozen: ["recorded", "evaluated", "superseded"],
  columns: ["title", "measure", "period_to", "value", "band"],
  deeds: {
    record: {
      title: "Record measurement",
      from: "new",
      to: "recorded",
      who: [...anyone, ...machine],
      needs: ["measure", "value", "period_to"],
      follow: { ...measure, replaced: out("measurement", "supersedes") },
      fills: ({ next, near, today }) => {
        const of = near["measure"]?.[0] as RecordOf<"measure"> | undefined;
        return {
          collected_on: next.collected_on ?? today,
          title: next.title ?? `${of?.title ?? next.measure ?? ""} to ${next.period_to ?? ""}`,
          ...(of?.thresholds === undefined || next.value === undefined
            ? {}
            : { band: bandOf(next.value, of.thresholds) }),
          ...(next.ai_systems === undefined && of?.ai_systems !== undefined ? { ai_systems: of.ai_systems } : {}),
        };
      },
      guards: [
        namedBy("measured_by", "measured"),
        inOrder("1.3", "period_from", "period_to"),
        dayHasCome("collected_on", "1.3"),
        {
          rule: "INV-24",
          refuse: ({ next }) =>
            next.supersedes !== undefined && next.correction_reason === undefined
              ? '"correction_reason" must be filled in first'
              : undefined,
        },
        {
          rule: "9.1",
          refuse: ({ near }) =>
            near["measure"]?.[0]?.state === "draft" ? "its measure is a draft; activate it first" : undefined,
        },
      ],
      effects: supersedeReplaced,
    },
    evaluate: {
      title: "Evaluate measurement",
      from: ["recorded"],
      to: "evaluated",
      who: anyone,
      sets: ["evaluation", "action"],
      needs: ["evaluation"],
      follow: measure,
      fills: ({ next, actor, today }) =>
        next.evaluation === undefined
          ? {}
          : {
              evaluation: {
                ...next.evaluation,
                by: next.evaluation.by ?? actor.person,
                on: next.evaluation.on ?? today,
              },
            },
      guards: [namedBy("evaluated_by", "evaluated")],
    },
    respond: {
      title: "Record what was done about",
      from: ["recorded", "evaluated"],
      who: deciders,
      sets: ["action", "evidence", "related"],
      needs: ["action"],
      fills: ({ next, actor }) =>
        next.action === undefined ? {} : { action: { ...next.action, by: next.action.by ?? actor.person } },
    },
    supersede: {
      title: "Supersede measurement",
      from: ["recorded", "evaluated"],
      to: "superseded",
      who: machine,
      sets: [],
    },
  },
});
