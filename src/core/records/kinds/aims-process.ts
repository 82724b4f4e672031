import { line, lines, links, number, prose } from "../field.ts";
import { recordKind } from "../kind.ts";
import { creator, owner, role } from "../deed.ts";

export const states = ["draft", "active", "retired"] as const;

export const fields = {
  purpose: prose("Purpose"),
  inputs: lines("Inputs"),
  outputs: lines("Outputs"),
  serves_nodes: lines("Serves", { help: "Clauses and controls that it carries, by their ids" }),
  criteria: prose("Criteria", { help: "When the process is under control" }),
  control_method: prose("How it is controlled"),
  records_produced: lines("Records produced", {
    help: "Their kinds, such as risk; the one that shows best that it runs first",
  }),
  expected_interval: line("Runs", { help: "How often, or on what" }),
  record_every_months: number("A record at least every", {
    unit: "months",
    least: 1,
    most: 36,
    whole: true,
    help: "When its first kind of record has none younger than this, it has stopped; 12 unless said",
  }),
  linked: links("Hands over to", "aims_process"),
  planned_by_units: lines("In the business planning of", {
    help: "Units that plan this process with their normal business",
  }),
  retired_reason: line("Why retired"),
};

const keepers = [...creator, ...owner, ...role("aims_manager")];

export const kind = recordKind({
  name: "aims_process",
  prefix: "PR",
  title: "AIMS process",
  plural: "AIMS processes",
  summary:
    "A process of the management system: what goes in and comes out, who answers for it and what it hands over to.",
  serves: ["4.4"],
  fields,
  states,
  live: ["active"],
  columns: ["title", "owner", "serves_nodes", "expected_interval"],
  deeds: {
    describe: {
      title: "Describe process",
      from: "new",
      to: "draft",
      who: role("aims_manager", "top_management"),
      needs: ["title"],
    },
    amend: { title: "Amend process", from: ["draft", "active"], who: keepers },
    activate: {
      title: "Activate process",
      from: ["draft"],
      to: "active",
      who: keepers,
      needs: ["inputs", "outputs", "criteria"],
    },
    retire: {
      title: "Retire process",
      from: ["draft", "active"],
      to: "retired",
      who: role("aims_manager", "top_management"),
      sets: ["retired_reason"],
      needs: ["retired_reason"],
    },
  },
});
