import { choice, day, group, line, lines, link, list, prose, yesNo } from "../field.ts";
import { recordKind } from "../kind.ts";
import { creator, machine, owner, role } from "../deed.ts";
import { editions, oneInEffect, supersedeReplaced } from "../guard.ts";

export const states = ["draft", "approved", "superseded", "withdrawn"] as const;

/** The parts that an organisation can play for an AI system (ISO/IEC 22989 gives the words). */
export const aiRoles = ["provider", "producer_or_developer", "user_or_deployer", "partner", "other"] as const;

export const fields = {
  edition: line("Edition"),
  supersedes: link("Supersedes", "context_statement"),
  purpose: prose("Purpose", { help: "What the organisation is there for" }),
  intended_results: lines("Intended results of the AIMS"),
  ai_roles: list(
    "AI roles",
    group(
      "AI role",
      {
        ai_system: link("AI system", "ai_system"),
        roles: list("Roles", choice("Role", aiRoles)),
        decided_by: link("Decided by", "person"),
        note: line("Note"),
      },
      { must: ["ai_system", "roles"] },
    ),
    { help: "The part played for each AI system in scope" },
  ),
  climate_decision: group(
    "Climate decision",
    {
      relevant: yesNo("Relevant"),
      reason: prose("Reason"),
      decided_by: link("Decided by", "person"),
      decided_on: day("Decided on"),
    },
    { must: ["relevant"], help: "Whether climate change is an issue for this management system" },
  ),
};

export const kind = recordKind({
  name: "context_statement",
  prefix: "CS",
  title: "Context statement",
  plural: "Context statements",
  summary:
    "What the organisation is for, what its management system is to achieve, and which part it plays for each AI system.",
  serves: ["4.1"],
  fields,
  states,
  live: ["approved"],
  frozen: ["approved", "superseded", "withdrawn"],
  columns: ["title", "edition", "effective_from", "next_review_on"],
  deeds: {
    draft: {
      title: "Draft context statement",
      from: "new",
      to: "draft",
      who: role("aims_manager", "top_management"),
      needs: ["edition"],
      fills: ({ next }) => ({ title: next.title ?? `Context statement ${next.edition ?? ""}` }),
    },
    amend: { title: "Amend context statement", from: ["draft"], who: [...creator, ...owner, ...role("aims_manager")] },
    approve: {
      title: "Approve context statement",
      from: ["draft"],
      to: "approved",
      who: role("top_management"),
      sets: ["effective_from", "next_review_on"],
      needs: ["edition", "purpose", "intended_results"],
      apart: ["creator"],
      approves: "approve",
      fills: ({ next, today }) => ({ effective_from: next.effective_from ?? today }),
      follow: editions("context_statement"),
      guards: [oneInEffect(["approved"])],
      effects: supersedeReplaced,
    },
    supersede: { title: "Supersede context statement", from: ["approved"], to: "superseded", who: machine, sets: [] },
    withdraw: {
      title: "Withdraw context statement",
      from: ["draft"],
      to: "withdrawn",
      who: [...creator, ...owner, ...role("aims_manager")],
      sets: [],
    },
  },
});
