import { after, choice, day, line, lines, link, links, number, prose } from "../field.ts";
import { recordKind } from "../kind.ts";
import { anyone, creator, machine, owner, role } from "../deed.ts";
import { adopted, dayIsPast } from "../guard.ts";

export const states = ["offered", "accepted", "rejected", "expired", "withdrawn"] as const;

export const fields = {
  evidence_kind: choice("Kind", ["file", "link", "scan", "export", "statement", "photo", "log_extract"]),
  source: line("Source", { help: "`manual`, or the connector that brought it" }),
  address: line("Address", { help: "Where it was seen; a link alone is weak, so a copy or its hash is kept too" }),
  collected_on: day("Collected on"),
  collected_by: link("Collected by", "person"),
  sha256: line("SHA-256", { help: "Of the bytes that were kept or seen" }),
  size: number("Size", { unit: "bytes", least: 0, whole: true }),
  valid_until: after(day("Valid until", { help: "Last day on which it counts as proof" })),
  supports_nodes: lines("Supports", { help: "Clauses, controls and mission items that it is proof for" }),
  supports: links("Supports records", []),
  proves: choice("Proves", ["control_effectiveness", "activity", "restore", "access_review", "exercise", "state"], {
    help: "What an auditor may take from it",
  }),
  reviewer: after(link("Reviewed by", "person")),
  reviewed_on: after(day("Reviewed on")),
  review_result: after(prose("Review", { help: "What the reviewer looked at, and why it was accepted or not" })),
};

const reviewers = role(
  "aims_manager",
  "lead_internal_auditor",
  "internal_auditor",
  "people_lead",
  "concern_handler",
  "risk_owner",
  "ai_system_owner",
  "top_management",
);
const judged = {
  sets: ["review_result", "valid_until", "supports_nodes", "supports"],
  apart: ["collected_by"],
  apartRule: "4.1",
} as const;

export const kind = recordKind({
  name: "evidence_item",
  prefix: "EVD",
  title: "Evidence",
  plural: "Evidence",
  summary: "A file, extract or statement offered as proof, for a stretch of time, and what a reviewer said of it.",
  serves: ["7.5.1", "7.5.3"],
  fields,
  states,
  live: ["offered", "accepted"],
  frozen: ["accepted", "rejected", "expired", "withdrawn"],
  columns: ["title", "evidence_kind", "period_from", "period_to", "valid_until", "reviewer"],
  deeds: {
    offer: {
      title: "Offer evidence",
      from: "new",
      to: "offered",
      who: [...anyone, ...machine],
      needs: ["title", "evidence_kind"],
      fills: ({ next, actor }) => ({
        source: next.source ?? "manual",
        collected_by: next.collected_by ?? actor.person,
        owner: next.owner ?? next.collected_by,
      }),
    },
    amend: { title: "Amend evidence", from: ["offered"], who: [...creator, ...owner, ...role("aims_manager")] },
    accept: {
      title: "Accept evidence",
      from: ["offered"],
      to: "accepted",
      who: reviewers,
      ...judged,
      needs: ["collected_on"],
      guards: [adopted],
      fills: ({ actor, today }) => ({ reviewer: actor.person, reviewed_on: today }),
    },
    reject: {
      title: "Reject evidence",
      from: ["offered"],
      to: "rejected",
      who: reviewers,
      ...judged,
      needs: ["review_result"],
      fills: ({ actor, today }) => ({ reviewer: actor.person, reviewed_on: today }),
    },
    expire: {
      title: "Let evidence expire",
      from: ["accepted"],
      to: "expired",
      who: machine,
      byTime: true,
      sets: [],
      needs: ["valid_until"],
      guards: [dayIsPast("valid_until", "4.1")],
    },
    withdraw: {
      title: "Withdraw evidence",
      from: ["offered", "accepted"],
      to: "withdrawn",
      who: [...creator, ...owner, ...role("aims_manager")],
      sets: ["review_result"],
      needs: ["review_result"],
    },
  },
});
