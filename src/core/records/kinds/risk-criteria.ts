import { addDays } from "#core/basics/time.ts";
import { after, choice, day, group, line, link, list, number, prose } from "../field.ts";
import { all, out, via } from "../follow.ts";
import { recordKind } from "../kind.ts";
import { authority, machine, role, type Effect, type Moment } from "../deed.ts";
import { editions, oneInEffect, supersedeReplaced } from "../guard.ts";
import { bandNames } from "../risk-score.ts";

export const states = ["draft", "in_approval", "approved", "superseded"] as const;

const step = (title: string) =>
  list(
    title,
    group(
      "Level",
      {
        level: number("Level", { least: 1, most: 5, whole: true }),
        name: line("Name"),
        description: prose("In words"),
        examples: prose("Examples"),
      },
      { must: ["level", "name"] },
    ),
  );
const level = (title: string) => number(title, { least: 1, most: 25, whole: true });
const months = (title: string) => number(title, { unit: "months", least: 1, most: 60, whole: true });

export const fields = {
  edition: line("Edition"),
  supersedes: link("Edition before", "risk_criteria"),
  likelihood: step("Likelihood, 1 to 5"),
  consequence: group(
    "Consequence, 1 to 5",
    {
      individuals: step("For individuals"),
      groups: step("For groups"),
      society: step("For society"),
      organisation: step("For the organisation"),
    },
    { help: "Harm to people is rated apart from harm to the organisation" },
  ),
  level_function: choice("How the level follows", ["worst_dimension_times_likelihood"]),
  bands: group(
    "Bands",
    {
      low_to: level("Low up to level"),
      medium_to: level("Medium up to level"),
      high_to: level("High up to level"),
      individuals_never: number("Must not run when individuals are rated", { least: 1, most: 5, whole: true }),
      likelihood_never: number("and likelihood is at least", { least: 1, most: 5, whole: true }),
    },
    { help: "Above high, a system must not run", must: ["low_to", "medium_to", "high_to"] },
  ),
  acceptable_to: choice("Acceptable without treatment up to", bandNames, {
    help: "The acceptance line: what lies above it is treated or accepted by the authority for its band",
  }),
  must_treat_from: choice("Must be treated from", bandNames, {
    help: "From this band on the risk owner is not the only assessor",
  }),
  authority: group("Who may accept", {
    low: line("Low"),
    medium: line("Medium"),
    high: line("High"),
    must_not_run: line("Must not run"),
  }),
  acceptance_months: group("An acceptance lasts at most", {
    usual: months("Usually"),
    high: months("In the high band"),
  }),
  review_months: group("Risks are assessed again every", {
    tier_1: months("Tier 1"),
    tier_2: months("Tier 2"),
    tier_3: months("Tier 3 and the AIMS itself"),
  }),
  approved_by: after(link("Approved by", "person")),
  approved_on: after(day("Approved on")),
};

export const kind = recordKind({
  name: "risk_criteria",
  prefix: "RC",
  title: "Risk criteria",
  plural: "Risk criteria",
  summary: "Scales, bands and authority by which AI risks are rated and accepted.",
  serves: ["6.1.1", "6.1.2"],
  fields,
  states,
  live: ["draft", "in_approval", "approved"],
  frozen: ["in_approval", "approved", "superseded"],
  columns: ["title", "edition", "approved_on", "next_review_on"],
  deeds: {
    draft: {
      title: "Draft risk criteria",
      from: "new",
      to: "draft",
      who: role("aims_manager", "risk_owner"),
      needs: ["title", "edition"],
    },
    amend: { title: "Amend risk criteria", from: ["draft"], who: role("aims_manager", "risk_owner") },
    submit: {
      title: "Submit risk criteria",
      from: ["draft"],
      to: "in_approval",
      who: role("aims_manager"),
      sets: [],
      needs: ["likelihood", "consequence", "bands", "acceptable_to"],
    },
    return: {
      title: "Return risk criteria",
      from: ["in_approval"],
      to: "draft",
      who: role("aims_manager", "top_management"),
      sets: [],
    },
    approve: {
      title: "Approve risk criteria",
      from: ["in_approval"],
      to: "approved",
      // INV-05: top management and nobody else.
      who: role("top_management"),
      sets: ["effective_from", "next_review_on"],
      approves: "approve",
      apart: ["creator"],
      follow: { ...editions("risk_criteria"), risks: all("risk"), owners: via(all("risk"), out("person", "owner")) },
      fills: ({ next, actor, today }) => ({
        approved_by: actor.person,
        approved_on: today,
        effective_from: next.effective_from ?? today,
      }),
      guards: [oneInEffect(["approved"])],
      effects: (moment) => [...supersedeReplaced(moment as unknown as Moment), ...askToScoreAgain(moment)],
    },
    review: {
      title: "Confirm risk criteria",
      from: ["approved"],
      who: [...role("aims_manager", "top_management"), ...authority("ensure AIMS conformity")],
      sets: ["next_review_on"],
      needs: ["next_review_on"],
    },
    supersede: { title: "Supersede risk criteria", from: ["approved"], to: "superseded", who: machine, sets: [] },
  },
});

/** TRG-13: whoever owns open risks has 90 days to score them by the new edition. One task an owner, not one a risk. */
function askToScoreAgain({ next, near, today }: Moment<"risk_criteria">): Effect[] {
  const here = new Set(
    (near["owners"] ?? []).filter((person) => person.state === "active").map((person) => person.ref),
  );
  const byOwner = new Map<string, string[]>();
  for (const risk of near["risks"] ?? []) {
    if (
      risk.state === "closed" ||
      risk["criteria_version"] === undefined ||
      risk.owner === undefined ||
      !here.has(risk.owner)
    )
      continue;
    byOwner.set(risk.owner, [...(byOwner.get(risk.owner) ?? []), risk.ref]);
  }
  return [...byOwner].map(([owner, risks]) => ({
    does: "create",
    kind: "task",
    ref: `${next.ref}/${owner}`,
    deed: "open",
    fields: {
      title: `Score ${risks.length === 1 ? "a risk" : `${risks.length} risks`} by ${next.title ?? next.ref}`,
      what: `New criteria are in force since ${today}: ${risks.join(", ")}`,
      why: [next.ref, ...risks],
      task_kind: "review",
      assignee: owner,
      due_on: addDays(today, 90),
    },
  }));
}
