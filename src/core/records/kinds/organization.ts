import { day, group, line, lines, number, prose } from "../field.ts";
import { recordKind } from "../kind.ts";
import { administrator, machine, role } from "../deed.ts";

export const states = ["established"] as const;

export const fields = {
  name: line("Name"),
  about: prose("What it does"),
  sites: lines("Sites"),
  org_units: lines("Units", { help: "Units as people name them; records refer to them" }),
  aims_start_date: day("AIMS started on", {
    help: "Checks that compare with the past bind what came later (domain model, 1.8)",
  }),
  certification: group("Certification", {
    body: line("Certification body"),
    stage_1_on: day("Stage 1"),
    stage_2_on: day("Stage 2"),
    certified_on: day("Certified on"),
  }),
  settings: group(
    "Settings",
    {
      acknowledged_share: number("Share of people who acknowledge the policy", {
        unit: "percent",
        least: 1,
        most: 100,
        whole: true,
      }),
      acknowledge_within_days: number("Policy acknowledged within", { unit: "days", least: 1, most: 365, whole: true }),
      concern_acknowledge_working_days: number("Concerns acknowledged within", {
        unit: "working days",
        least: 1,
        most: 60,
        whole: true,
      }),
      concern_answer_days: number("Concerns answered within", { unit: "days", least: 1, most: 365, whole: true }),
      effectiveness_wait_days: number("Wait before checking a corrective action", {
        unit: "days",
        least: 0,
        most: 365,
        whole: true,
      }),
      log_retention_days: number("Logs kept at least", { unit: "days", least: 1, most: 10_000, whole: true }),
      vulnerability_days: number("Critical vulnerabilities fixed within", {
        unit: "days",
        least: 1,
        most: 365,
        whole: true,
      }),
    },
    { help: "What the organisation set itself; each has a default" },
  ),
};

export const kind = recordKind({
  name: "organization",
  prefix: "ORG",
  title: "Organisation",
  plural: "Organisation",
  summary: "Who runs this management system, since when, and the limits it set itself.",
  serves: ["4.1", "4.3"],
  fields,
  states,
  ownerless: true,
  live: ["established"],
  columns: ["title", "aims_start_date"],
  deeds: {
    establish: { title: "Establish organisation", from: "new", to: "established", who: [...machine, ...administrator] },
    amend: { title: "Amend organisation", from: ["established"], who: role("aims_manager", "top_management") },
  },
});
