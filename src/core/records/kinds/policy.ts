import { after, choice, day, group, line, lines, link, list, prose } from "../field.ts";
import { recordKind } from "../kind.ts";
import { creator, machine, owner, role } from "../deed.ts";
import { editions, oneInEffect, supersedeReplaced } from "../guard.ts";
import { aiRoles } from "./context-statement.ts";

export const states = [
  "draft",
  "in_review",
  "in_approval",
  "approved",
  "published",
  "under_review",
  "superseded",
  "withdrawn",
] as const;

export const fields = {
  policy_kind: choice("Kind", ["ai_policy", "topic_policy"]),
  edition: line("Edition"),
  supersedes: link("Supersedes", "policy"),
  body: prose("Text"),
  statements: group(
    "Required statements",
    {
      fit_to_purpose: prose("Fits the purpose"),
      frame_for_objectives: prose("Frame for objectives"),
      commitment_to_requirements: prose("Commitment to requirements"),
      commitment_to_improvement: prose("Commitment to improvement"),
    },
    { help: "ISO/IEC 42001, 5.2: where the text says each" },
  ),
  ai_uses: group("AI uses", {
    how_we_decide: prose("How we decide to develop, buy or use AI"),
    ai_roles: list("AI roles we act in", choice("AI role", aiRoles)),
    what_we_do_not_do: prose("What we do not do"),
  }),
  alignment: after(
    list(
      "Alignment with other policies",
      group(
        "Other policy",
        {
          area: choice("Area", [
            "security",
            "privacy",
            "quality_or_safety",
            "procurement",
            "people",
            "records",
            "other",
          ]),
          other_policy: line("Policy"),
          result: choice("Result", ["agrees", "adapted", "conflict"]),
          date: day("Looked at on"),
          note: prose("Note"),
          plan: prose("Plan"),
          plan_due: day("Plan due"),
        },
        { must: ["area", "other_policy"] },
      ),
    ),
  ),
  audience: prose("Audience"),
  languages: lines("Languages"),
  channels: after(lines("Channels inside")),
  external_availability: after(line("Where outsiders read it", { help: "A public address, or how to ask for it" })),
  review_triggers: lines("Review triggers"),
  reviews: after(
    list(
      "Reviews",
      group(
        "Review",
        {
          trigger: line("Trigger"),
          because_of: link("Because of", []),
          due: day("Due"),
          done_on: day("Done on"),
          result: choice("Result", ["kept", "changed", "withdrawn"]),
          by: link("By", "person"),
          note: prose("What was looked at"),
        },
        { must: ["trigger"] },
      ),
    ),
  ),
  published_on: after(day("Published on")),
};

const authors = [...creator, ...owner, ...role("aims_manager")];

export const kind = recordKind({
  name: "policy",
  prefix: "POL",
  title: "Policy",
  plural: "Policies",
  summary: "What top management sets for the use and building of AI, or for one topic of it.",
  serves: ["5.2", "A.2.2", "A.2.3", "A.2.4"],
  fields,
  states,
  live: ["in_review", "in_approval", "approved", "published", "under_review"],
  frozen: ["approved", "published", "under_review", "superseded", "withdrawn"],
  columns: ["title", "policy_kind", "edition", "published_on", "next_review_on"],
  deeds: {
    draft: {
      title: "Draft policy",
      from: "new",
      to: "draft",
      who: role("aims_manager", "top_management"),
      needs: ["title", "policy_kind", "edition"],
    },
    amend: { title: "Amend policy", from: ["draft", "in_review"], who: authors },
    send_for_review: {
      title: "Send policy for review",
      from: ["draft"],
      to: "in_review",
      who: authors,
      sets: [],
      needs: ["body"],
    },
    submit: {
      title: "Submit policy for approval",
      from: ["draft", "in_review"],
      to: "in_approval",
      who: authors,
      sets: [],
      needs: ["body"],
    },
    return: {
      title: "Return policy to its author",
      from: ["in_review", "in_approval"],
      to: "draft",
      who: role("top_management", "aims_manager"),
      sets: [],
    },
    approve: {
      title: "Approve policy",
      from: ["in_approval"],
      to: "approved",
      // INV-05
      who: role("top_management"),
      sets: ["effective_from", "next_review_on"],
      apart: ["creator"],
      approves: "approve",
    },
    publish: {
      title: "Publish policy",
      from: ["approved"],
      to: "published",
      who: role("aims_manager", "communications_lead", "top_management"),
      sets: ["channels", "external_availability", "published_on", "effective_from"],
      needs: ["channels"],
      fills: ({ next, today }) => ({
        published_on: next.published_on ?? today,
        effective_from: next.effective_from ?? today,
      }),
      follow: editions("policy"),
      guards: [
        oneInEffect(
          ["published", "under_review"],
          (one, other) =>
            one.kind === "policy" && one.policy_kind === "ai_policy" && other["policy_kind"] === "ai_policy",
        ),
      ],
      effects: supersedeReplaced,
    },
    note_trigger: {
      title: "Note review trigger of policy",
      from: ["published", "under_review"],
      who: [...authors, ...machine],
      sets: ["reviews"],
    },
    align: {
      title: "Record alignment of policy",
      from: ["approved", "published", "under_review"],
      who: authors,
      sets: ["alignment"],
      needs: ["alignment"],
    },
    open_review: {
      title: "Open review of policy",
      from: ["published"],
      to: "under_review",
      who: [...authors, ...role("top_management"), ...machine],
      sets: ["reviews"],
    },
    keep: {
      title: "Keep policy",
      from: ["under_review"],
      to: "published",
      // The review's result is a decision of top management on the same content.
      who: role("top_management"),
      sets: ["reviews", "next_review_on"],
      needs: ["reviews"],
      apart: ["creator"],
      approves: "approve",
    },
    announce: {
      title: "Set channels of policy",
      from: ["published", "under_review"],
      who: [...authors, ...role("communications_lead")],
      sets: ["channels", "external_availability"],
    },
    supersede: {
      title: "Supersede policy",
      from: ["approved", "published", "under_review"],
      to: "superseded",
      who: machine,
      sets: [],
    },
    withdraw: {
      title: "Withdraw policy",
      from: ["draft", "in_review", "in_approval", "approved", "published", "under_review"],
      to: "withdrawn",
      who: role("top_management"),
      sets: [],
    },
  },
});
