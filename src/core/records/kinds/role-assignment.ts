import { choice, day, group, line, link, links, list, prose } from "../field.ts";
import { recordKind } from "../kind.ts";
import { machine, named, role, type Guard } from "../deed.ts";
import { out } from "../follow.ts";

export const states = ["proposed", "accepted", "ended"] as const;

export const roleKeys = [
  "top_management",
  "aims_manager",
  "ai_system_owner",
  "risk_owner",
  "impact_assessor",
  "data_steward",
  "platform_engineer",
  "ml_engineer",
  "people_lead",
  "procurement_lead",
  "communications_lead",
  "legal_advisor",
  "concern_handler",
  "internal_auditor",
  "lead_internal_auditor",
  "employee",
  "external_auditor",
] as const;

/** Powers that an assignment may carry besides those of its role (domain model, section 2). */
export const authorities = [
  "ensure AIMS conformity",
  "report AIMS performance to top management",
  "approve AI risk treatment",
  "approve impact assessment",
  "approve release",
  "approve document",
  "approve source",
  "stop system",
  "decide resources",
  "approve audit programme",
  "grant exception",
  "appoint",
] as const;

export const fields = {
  role_key: choice("Role", roleKeys),
  person: link("Person", "person"),
  reach: group(
    "Scope",
    {
      kind: choice("Scope", ["organisation", "org_unit", "ai_system", "process"]),
      org_unit: line("Unit"),
      ai_systems: links("AI systems", "ai_system"),
      process: link("Process", "aims_process"),
    },
    { must: ["kind"], help: "Where the role holds; the whole organisation when left out" },
  ),
  duties: prose("Duties"),
  duty_areas: list(
    "Duty areas",
    choice("Duty area", [
      "risk",
      "impact_assessment",
      "data_quality",
      "security",
      "safety",
      "privacy",
      "human_oversight",
      "development",
      "performance",
      "supplier",
      "legal",
    ]),
  ),
  authorities: list("Authorities", choice("Authority", authorities)),
  valid_from: day("Valid from"),
  valid_to: day("Valid to"),
  deputy: link("Deputy", "person"),
  assigned_by: link("Assigned by", "person"),
  accepted_on: day("Accepted on"),
};

const appoint = [
  ...role("top_management", "aims_manager"),
  { by: "authority", authority: "appoint" } as const,
  ...machine,
];

/** Whoever audits from outside does so for a time, and nothing else here (INV-34). */
const endsByItself: Guard<"role_assignment"> = {
  rule: "INV-34",
  refuse: ({ next, near }) => {
    const [person] = near["whose"] ?? [];
    const isOutside = person?.["is_external_auditor"] === true;
    if (next.role_key !== "external_auditor")
      return isOutside ? `${person.ref} is an external auditor, and holds no other role` : undefined;
    if (person && !isOutside) return `the record of ${person.ref} does not say that they are an external auditor`;
    if ((next.authorities ?? []).length > 0) return "an external auditor holds no authority";
    return next.valid_to === undefined
      ? 'the access of an external auditor ends by itself; name the day in "valid_to"'
      : undefined;
  },
};
const around = { follow: { whose: out("person", "person") }, guards: [endsByItself] };

export const kind = recordKind({
  name: "role_assignment",
  prefix: "ROL",
  digits: 3,
  title: "Role assignment",
  plural: "Role assignments",
  summary: "A role and its powers, given to a person for a scope and accepted by them.",
  serves: ["5.1", "5.3", "A.3.2"],
  fields,
  states,
  ownerless: true,
  live: ["proposed", "accepted"],
  columns: ["title", "role_key", "person", "valid_from", "valid_to"],
  deeds: {
    propose: {
      title: "Propose role",
      from: "new",
      to: "proposed",
      who: appoint,
      apart: ["person"],
      needs: ["role_key", "person"],
      ...around,
      fills: ({ next, actor, today }) => ({
        assigned_by: next.assigned_by ?? actor.person,
        valid_from: next.valid_from ?? today,
        title: next.title ?? `${next.role_key ?? ""} ${next.person ?? ""}`,
        owner: next.owner ?? next.person,
      }),
    },
    accept: {
      title: "Accept role",
      from: ["proposed"],
      to: "accepted",
      who: [...named("person"), ...machine],
      sets: [],
      ...around,
      fills: ({ today }) => ({ accepted_on: today }),
    },
    amend: { title: "Amend role", from: ["proposed"], who: appoint, apart: ["person"], ...around },
    end: {
      title: "End role",
      from: ["proposed", "accepted"],
      to: "ended",
      who: [...appoint, ...named("person")],
      sets: ["valid_to"],
      fills: ({ next, today }) => ({ valid_to: next.valid_to ?? today }),
    },
  },
});
