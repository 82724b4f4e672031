import { choice, day, group, list, number, prose, yesNo } from "../field.ts";
import { recordKind } from "../kind.ts";
import { owner, role } from "../deed.ts";

export const states = ["active", "inactive"] as const;

export const fields = {
  party_kinds: list(
    "Kinds",
    choice("Kind", [
      "user",
      "affected_person",
      "affected_group",
      "employee",
      "regulator",
      "supplier",
      "partner",
      "customer",
      "owner",
      "community",
      "insurer",
      "press",
    ]),
  ),
  needs: list(
    "Needs",
    group(
      "Need",
      { text: prose("Need"), importance: choice("Importance", ["high", "medium", "low"]) },
      { must: ["text"] },
    ),
  ),
  influence: choice("Influence", ["high", "medium", "low"]),
  how_consulted: prose("How consulted"),
  last_engaged_on: day("Last engaged on"),
  is_affected_group: yesNo("Affected by our AI", { help: "People whom an AI system decides about or touches" }),
  vulnerable: yesNo("Vulnerable"),
  needs_policy: yesNo("Needs to be able to read the AI policy"),
  register_edition: number("Edition of the register", {
    whole: true,
    least: 1,
    help: "The edition in which this entry took its present form; the highest one is the register's",
  }),
  inactive_reason: prose("Why inactive"),
};

const keepers = [...role("aims_manager", "communications_lead", "legal_advisor"), ...owner];

export const kind = recordKind({
  name: "interested_party",
  prefix: "IP",
  title: "Interested party",
  plural: "Interested parties",
  summary: "Someone who can affect the organisation's AI or is affected by it, and what they need.",
  serves: ["4.2"],
  fields,
  states,
  live: ["active"],
  columns: ["title", "party_kinds", "influence", "is_affected_group", "last_engaged_on", "next_review_on"],
  deeds: {
    register: {
      title: "Register party",
      from: "new",
      to: "active",
      who: role("aims_manager", "communications_lead", "legal_advisor"),
      needs: ["title"],
    },
    amend: { title: "Amend party", from: ["active"], who: keepers },
    engage: {
      title: "Record talk with party",
      from: ["active"],
      who: keepers,
      sets: ["last_engaged_on", "how_consulted", "needs", "register_edition", "evidence"],
      needs: ["last_engaged_on"],
    },
    deactivate: {
      title: "Deactivate party",
      from: ["active"],
      to: "inactive",
      who: role("aims_manager"),
      sets: ["inactive_reason", "register_edition"],
      needs: ["inactive_reason"],
    },
    reactivate: {
      title: "Reactivate party",
      from: ["inactive"],
      to: "active",
      who: role("aims_manager"),
      sets: ["register_edition"],
    },
  },
});
