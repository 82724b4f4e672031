import { after, choice, day, group, line, link, links, list, number, prose, yesNo } from "../field.ts";
import { recordKind } from "../kind.ts";
import { authority, owner, role } from "../deed.ts";

export const states = ["planned", "reported", "withdrawn"] as const;

export const fields = {
  ai_system: link("AI system", "ai_system"),
  release: after(link("Release", "release")),
  system_version: line("System version"),
  evaluation_kind: choice("Kind", [
    "performance",
    "fairness",
    "robustness",
    "security",
    "human_factors",
    "acceptance",
    "red_team",
  ]),
  criteria: list(
    "Criteria",
    group(
      "Criterion",
      {
        metric: line("Metric"),
        threshold: line("Threshold", { help: "Such as ≤ 3.0 %" }),
        group: line("Group", { help: "Whom it is measured for, when not all" }),
      },
      { must: ["metric", "threshold"] },
    ),
  ),
  criteria_set_on: day("Criteria set on"),
  method: prose("Method"),
  dataset: link("Data set", "dataset"),
  dataset_version: line("Version of the data set"),
  model: link("Model under test", "model"),
  results: list(
    "Results",
    group(
      "Result",
      {
        metric: line("Metric"),
        group: line("Group"),
        value: line("Value"),
        n: number("Cases", { least: 0, whole: true }),
        passed: yesNo("Passed"),
      },
      { must: ["metric", "value"] },
    ),
  ),
  results_on: day("Results on"),
  passed: yesNo("Passed"),
  deviations: after(
    list(
      "Deviations",
      group(
        "Deviation",
        {
          why: prose("Why it can be accepted"),
          accepted_by: link("Accepted by", "person"),
          accepted_on: day("Accepted on"),
          until: day("Until"),
        },
        { must: ["why"] },
      ),
    ),
  ),
  done_by: links("Done by", "person"),
  done_by_outside: line("Done by, outside", { help: "People from outside who have no record here" }),
  reviewed_by: line("Reviewed by"),
  independent: yesNo("Independent", { help: "Done or reviewed by someone who did not build the system" }),
  report: prose("Report"),
  report_document: after(link("Report, document", "document")),
};

export const kind = recordKind({
  name: "evaluation",
  prefix: "EV",
  title: "Evaluation",
  plural: "Evaluations",
  summary: "A test of an AI system against criteria that were set before the results were known.",
  serves: ["A.6.2.4"],
  fields,
  states,
  live: ["planned", "reported"],
  frozen: ["reported", "withdrawn"],
  columns: ["title", "ai_system", "evaluation_kind", "passed", "results_on"],
  deeds: {
    plan: {
      title: "Plan evaluation",
      from: "new",
      to: "planned",
      who: role("ml_engineer", "ai_system_owner", "impact_assessor"),
      needs: ["ai_system", "evaluation_kind", "criteria"],
      fills: ({ next, today }) => ({
        criteria_set_on: next.criteria_set_on ?? today,
        title: next.title ?? `${next.evaluation_kind ?? ""} of ${next.ai_system ?? ""}`,
      }),
    },
    amend: {
      title: "Amend evaluation",
      from: ["planned"],
      who: role("ml_engineer", "ai_system_owner", "impact_assessor"),
      // A criterion that changes is set anew, that day.
      fills: ({ before, next, today }) =>
        JSON.stringify(before?.criteria) === JSON.stringify(next.criteria) ? {} : { criteria_set_on: today },
    },
    report: {
      title: "Report evaluation",
      from: ["planned"],
      to: "reported",
      who: role("ml_engineer", "ai_system_owner", "impact_assessor"),
      sets: [
        "results",
        "results_on",
        "passed",
        "dataset",
        "dataset_version",
        "model",
        "done_by",
        "done_by_outside",
        "reviewed_by",
        "independent",
        "report",
        "happened_on",
        "evidence",
      ],
      needs: ["results", "passed"],
      fills: ({ next, today }) => ({ results_on: next.results_on ?? today }),
      guards: [
        {
          rule: "INV-31",
          refuse: ({ next }) =>
            next.criteria_set_on !== undefined &&
            next.results_on !== undefined &&
            next.criteria_set_on < next.results_on
              ? undefined
              : `its criteria of ${next.criteria_set_on ?? "no date"} are not earlier than its results of ${next.results_on ?? "no date"}`,
        },
        {
          rule: "A.6.2.4",
          refuse: ({ next }) =>
            next.passed === true && (next.results ?? []).some((result) => result.passed === false)
              ? "a result did not pass, so the whole did not; accept a deviation afterwards"
              : undefined,
        },
      ],
    },
    accept_deviation: {
      title: "Accept deviation of evaluation",
      from: ["reported"],
      who: authority("approve release"),
      sets: ["deviations"],
      needs: ["deviations"],
      apart: ["creator", "done_by"],
      fills: ({ before, next, actor, today }) => ({
        deviations: (next.deviations ?? []).map((deviation, position) =>
          position < (before?.deviations ?? []).length
            ? deviation
            : {
                ...deviation,
                accepted_by: deviation.accepted_by ?? actor.person,
                accepted_on: deviation.accepted_on ?? today,
              },
        ),
      }),
    },
    link_release: {
      title: "Link evaluation to release",
      from: ["planned", "reported"],
      who: [...owner, ...role("ml_engineer", "ai_system_owner")],
      sets: ["release", "report_document"],
      op: "link",
    },
    withdraw: {
      title: "Withdraw evaluation",
      from: ["planned", "reported"],
      to: "withdrawn",
      who: [...owner, ...role("ai_system_owner", "ml_engineer")],
      sets: [],
    },
  },
});
