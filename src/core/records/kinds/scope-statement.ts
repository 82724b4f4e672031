import { after, choice, day, group, line, lines, link, links, list, number, prose } from "../field.ts";
import { recordKind } from "../kind.ts";
import { creator, machine, owner, role } from "../deed.ts";
import { editions, oneInEffect, supersedeReplaced } from "../guard.ts";
import { aiRoles } from "./context-statement.ts";

export const states = ["draft", "in_approval", "approved", "superseded", "withdrawn"] as const;

export const fields = {
  edition: line("Edition"),
  supersedes: link("Supersedes", "scope_statement"),
  text: prose("Scope"),
  org_units: lines("Units"),
  sites: lines("Sites"),
  activities: list("Activities", choice("Activity", ["develop", "acquire", "provide", "run", "use"])),
  ai_roles: list("AI roles", choice("AI role", aiRoles)),
  included_systems: links("AI systems included", "ai_system"),
  excluded: list(
    "Excluded",
    group(
      "Excluded",
      { what: line("What"), why: prose("Why"), ai_system: link("AI system", "ai_system") },
      { must: ["what"] },
    ),
  ),
  interfaces: lines("Interfaces", { help: "Where the system ends and another begins" }),
  based_on: group("Based on", {
    context: link("Context statement", "context_statement"),
    parties_edition: number("Edition of the party register", { whole: true, least: 1 }),
  }),
  planning_confirmed: after(
    group(
      "Part of business planning",
      { by: link("Confirmed by", "person"), on: day("Confirmed on"), note: prose("How it was looked at") },
      {
        must: ["by", "on"],
        help: "Once a year a named person confirms that each unit plans its AIMS work with its business",
      },
    ),
  ),
};

export const kind = recordKind({
  name: "scope_statement",
  prefix: "SC",
  title: "Scope statement",
  plural: "Scope statements",
  summary: "Where the management system begins and ends: units, sites, activities, AI roles and AI systems.",
  serves: ["4.3"],
  fields,
  states,
  live: ["in_approval", "approved"],
  frozen: ["approved", "superseded", "withdrawn"],
  columns: ["title", "edition", "effective_from", "next_review_on"],
  deeds: {
    draft: {
      title: "Draft scope",
      from: "new",
      to: "draft",
      who: role("aims_manager"),
      needs: ["edition"],
      fills: ({ next }) => ({ title: next.title ?? `Scope statement ${next.edition ?? ""}` }),
    },
    amend: { title: "Amend scope", from: ["draft"], who: [...creator, ...owner, ...role("aims_manager")] },
    submit: {
      title: "Submit scope for approval",
      from: ["draft"],
      to: "in_approval",
      who: [...creator, ...owner, ...role("aims_manager")],
      sets: [],
      needs: ["text", "org_units", "sites", "activities"],
    },
    return: {
      title: "Return scope to its author",
      from: ["in_approval"],
      to: "draft",
      who: role("top_management", "aims_manager"),
      sets: [],
    },
    approve: {
      title: "Approve scope",
      from: ["in_approval"],
      to: "approved",
      // INV-05
      who: role("top_management"),
      sets: ["effective_from", "next_review_on"],
      apart: ["creator"],
      approves: "approve",
      fills: ({ next, today }) => ({ effective_from: next.effective_from ?? today }),
      follow: editions("scope_statement"),
      guards: [oneInEffect(["approved"])],
      effects: supersedeReplaced,
    },
    confirm_planning: {
      title: "Confirm business planning of scope",
      from: ["approved"],
      who: role("top_management", "aims_manager"),
      sets: ["planning_confirmed"],
      needs: ["planning_confirmed"],
      guards: [
        {
          rule: "INV-03",
          refuse: ({ next, actor }) =>
            next.planning_confirmed?.by === actor.person ? undefined : "who confirms is who signs",
        },
      ],
    },
    set_review: {
      title: "Set next review of scope",
      from: ["approved"],
      who: [...owner, ...role("aims_manager")],
      sets: ["next_review_on"],
      needs: ["next_review_on"],
    },
    supersede: { title: "Supersede scope", from: ["approved"], to: "superseded", who: machine, sets: [] },
    withdraw: {
      title: "Withdraw scope",
      from: ["draft", "in_approval"],
      to: "withdrawn",
      who: [...creator, ...owner, ...role("aims_manager")],
      sets: [],
    },
  },
});
