import { choice, group, line, lines, link, links, list, number, prose } from "../field.ts";
import { recordKind } from "../kind.ts";
import { out } from "../follow.ts";
import { owner, role } from "../deed.ts";
import { stillHere } from "../guard.ts";

export const states = ["draft", "active", "retired"] as const;

export const fields = {
  what: prose("What is measured"),
  question: prose("Question it answers"),
  method: prose("Method or formula"),
  data_source: line("Where the data come from"),
  unit: line("Unit of the value"),
  frequency: choice("Frequency", ["weekly", "monthly", "quarterly", "half_yearly", "yearly"]),
  due_within_days: number("Value due within", { unit: "days after the period", whole: true, least: 0, most: 120 }),
  thresholds: group(
    "Thresholds",
    {
      direction: choice("Better is", ["higher", "lower"]),
      green: number("Green", { help: "Good from here on" }),
      red: number("Red", { help: "Bad beyond this; between the two is amber" }),
    },
    { must: ["direction", "green", "red"] },
  ),
  measured_by: link("Measured by", "person"),
  evaluated_by: link("Evaluated by", "person"),
  evaluate_when: line("Evaluated when"),
  about: list("About", choice("About", ["objective", "ai_system", "control", "aims"])),
  objectives: links("Objectives", "objective"),
  controls: lines("Clauses and controls", { help: "Their ids, such as A.6.2.6" }),
};

/** Days in a period of each frequency, and months where it is counted in months. */
export const periods = {
  weekly: { days: 7, months: 0 },
  monthly: { days: 30, months: 1 },
  quarterly: { days: 91, months: 3 },
  half_yearly: { days: 182, months: 6 },
  yearly: { days: 365, months: 12 },
} as const;

const makers = role("aims_manager", "ai_system_owner", "risk_owner", "people_lead");
const people = { measurer: out("person", "measured_by"), evaluator: out("person", "evaluated_by") };

export const kind = recordKind({
  name: "measure",
  prefix: "MS",
  title: "Measure",
  plural: "Measures",
  summary: "What is watched, how, how often, by whom, and from which value on it is good or bad.",
  serves: ["9.1", "6.2", "A.6.2.6"],
  fields,
  states,
  live: ["draft", "active"],
  columns: ["title", "unit", "frequency", "measured_by", "evaluated_by"],
  deeds: {
    draft: {
      title: "Draft measure",
      from: "new",
      to: "draft",
      who: makers,
      needs: ["what"],
      follow: people,
      guards: [stillHere("measurer"), stillHere("evaluator")],
    },
    amend: {
      title: "Amend measure",
      from: ["draft", "active"],
      who: [...makers, ...owner],
      follow: people,
      guards: [stillHere("measurer"), stillHere("evaluator")],
    },
    activate: {
      title: "Activate measure",
      from: ["draft", "retired"],
      to: "active",
      who: [...makers, ...owner],
      sets: ["effective_from"],
      needs: ["what", "method", "data_source", "unit", "frequency", "thresholds", "measured_by", "evaluated_by"],
      fills: ({ next, today }) => ({ effective_from: next.effective_from ?? today }),
      follow: people,
      guards: [
        stillHere("measurer"),
        stillHere("evaluator"),
        {
          rule: "9.1",
          refuse: ({ next }) => {
            const limits = next.thresholds;
            if (limits === undefined) return undefined;
            const wrong = limits.direction === "higher" ? limits.red > limits.green : limits.red < limits.green;
            return wrong
              ? `its red limit ${limits.red} lies on the good side of its green limit ${limits.green}`
              : undefined;
          },
        },
      ],
    },
    retire: {
      title: "Retire measure",
      from: ["draft", "active"],
      to: "retired",
      who: [...makers, ...owner],
      sets: ["summary"],
    },
  },
});

/** The band of a value: green up to the good limit, red beyond the bad one, amber between. */
export function bandOf(
  value: number,
  limits: { direction: "higher" | "lower"; green: number; red: number },
): "green" | "amber" | "red" {
  const sign = limits.direction === "higher" ? 1 : -1;
  if (value * sign >= limits.green * sign) return "green";
  return value * sign < limits.red * sign ? "red" : "amber";
}
