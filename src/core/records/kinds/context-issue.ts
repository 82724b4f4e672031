import { choice, day, line, link, links, prose, yesNo } from "../field.ts";
import { recordKind } from "../kind.ts";
import { anyone, owner, role } from "../deed.ts";

export const states = ["proposed", "current", "retired", "superseded"] as const;

export const fields = {
  statement: prose("Statement"),
  side: choice("Side", ["external", "internal"]),
  category: choice("Category", [
    "legal",
    "market",
    "technology",
    "social_and_ethical",
    "environmental",
    "organisational",
    "capability",
    "contractual",
  ]),
  effect_on_results: prose("Effect on intended results", {
    help: "How it helps or hinders what the management system is to achieve",
  }),
  relevance: choice("Relevance", ["high", "medium", "low"]),
  climate_related: yesNo("Related to climate change"),
  source: line("Source"),
  leads_to: links("Leads to", ["risk", "objective", "change_plan", "obligation", "communication_plan"]),
  no_action_reason: prose("Why nothing follows"),
  supersedes: link("Supersedes", "context_issue"),
  changed_on: day("Changed on", { help: "When what it says last became otherwise" }),
  ended_reason: line("Why retired"),
};

const keepers = [...owner, ...role("aims_manager")];

export const kind = recordKind({
  name: "context_issue",
  prefix: "CI",
  title: "Issue",
  plural: "Issues",
  summary: "A condition inside or outside the organisation that helps or hinders its management system.",
  serves: ["4.1"],
  fields,
  states,
  live: ["proposed", "current"],
  columns: ["title", "side", "category", "relevance", "next_review_on"],
  deeds: {
    propose: { title: "Propose issue", from: "new", to: "proposed", who: anyone, needs: ["title", "side"] },
    amend: { title: "Amend issue", from: ["proposed", "current"], who: keepers },
    adopt: {
      title: "Adopt issue",
      from: ["proposed"],
      to: "current",
      who: role("aims_manager"),
      needs: ["side", "category", "relevance"],
      fills: ({ next, today }) => ({ changed_on: next.changed_on ?? today }),
    },
    review: {
      title: "Review issue",
      from: ["current"],
      who: keepers,
      sets: [
        "statement",
        "effect_on_results",
        "relevance",
        "leads_to",
        "no_action_reason",
        "next_review_on",
        "changed_on",
      ],
      needs: ["next_review_on"],
    },
    retire: {
      title: "Retire issue",
      from: ["proposed", "current"],
      to: "retired",
      who: role("aims_manager"),
      sets: ["ended_reason"],
      needs: ["ended_reason"],
    },
    supersede: { title: "Supersede issue", from: ["current"], to: "superseded", who: role("aims_manager"), sets: [] },
  },
});
