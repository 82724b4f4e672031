import { choice, line, list, number, prose, yesNo } from "../field.ts";
import { recordKind } from "../kind.ts";
import { owner, role } from "../deed.ts";
import { lifeStages } from "./resource.ts";
import { fields as roleFields, roleKeys } from "./role-assignment.ts";

export const states = ["in_force", "retired"] as const;

export const fields = {
  role_keys: list("Roles", choice("Role", roleKeys), { help: "Holders of these roles must meet it" }),
  duty_area: roleFields.duty_areas.element.meta({
    title: "Duty area",
    help: "Only assignments that carry this duty",
    input: "choice",
  }),
  task: line("Task", { help: "What is done, where no role says it" }),
  competence: prose("Competence", { help: "What the person must know and be able to do" }),
  level: number("Level", {
    whole: true,
    least: 1,
    most: 4,
    help: "1 aware, 2 can do with help, 3 can do alone, 4 can teach and judge",
  }),
  basis: list("Basis", choice("Basis", ["education", "training", "experience"])),
  required_evidence: list("Required proof", choice("Proof", ["certificate", "training_record", "assessment"])),
  required_evidence_note: line("Required proof in words"),
  renewal_months: number("Renewed every", { unit: "months", whole: true, least: 1, most: 120 }),
  lifecycle_stages: list("Stages of life", choice("Stage of life", lifeStages)),
  domain_expert: yesNo("Expert of the subject", {
    help: "Asks for knowledge of the field in which the system is used",
  }),
};

const people = role("people_lead", "aims_manager");

export const kind = recordKind({
  name: "competence_requirement",
  prefix: "CQ",
  title: "Competence requirement",
  plural: "Competence requirements",
  summary: "What the holder of a role, or whoever does a task, must be able to do, to what level and shown by what.",
  serves: ["7.2", "A.4.6"],
  fields,
  states,
  live: ["in_force"],
  columns: ["title", "role_keys", "level", "required_evidence", "renewal_months"],
  deeds: {
    set: {
      title: "Set competence requirement",
      from: "new",
      to: "in_force",
      who: [...people, ...role("ai_system_owner", "lead_internal_auditor")],
      needs: ["competence", "level"],
    },
    amend: { title: "Amend competence requirement", from: ["in_force"], who: [...people, ...owner] },
    retire: {
      title: "Retire competence requirement",
      from: ["in_force"],
      to: "retired",
      who: [...people, ...owner],
      sets: [],
    },
    restore: { title: "Restore competence requirement", from: ["retired"], to: "in_force", who: people },
  },
});
