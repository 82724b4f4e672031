import { after, choice, day, group, line, lines, link, list, number, prose, yesNo } from "../field.ts";
import { out } from "../follow.ts";
import { recordKind } from "../kind.ts";
import { anyone, authority, creator, machine, named, owner, role } from "../deed.ts";
import { supersedeReplaced } from "../guard.ts";

export const states = ["draft", "in_review", "approved", "effective", "superseded", "obsolete"] as const;

/** What a document may be asked to cover: procedures for data, life cycle, access and sources; papers of one AI system. */
export const topics = [
  "purpose", "performance", "data", "safety", "oversight", "legal", "security", "model_choice", "alternatives", "requirements_served", "usage", "limits", "components", "monitoring",
  "says_it_is_ai", "error_rates", "when_to_check", "help", "who_may_use", "approvals", "human_checks", "what_not_to_do", "when_it_fails",
  "privacy_and_security", "transparency", "representativeness", "accuracy", "integrity", "life_cycle_stages", "testing", "release_approval", "change_control",
  "who_may_hold_rights", "asking_and_granting", "review_and_removal", "break_glass", "sources_allowed", "proof_of_integrity", "exceptions",
  "method", "when_made", "coverage", "who_assesses", "who_approves", "when_redone", "enters_risks", "acceptance_levels",
] as const;

export const fields = {
  doc_no: line("Number"),
  doc_kind: choice("Kind", ["procedure", "plan", "template", "manual", "record", "requirements", "technical", "user_information", "use_rules", "external"]),
  edition: line("Version"),
  supersedes: link("Supersedes", "document"),
  dated: day("Dated"),
  language: line("Language"),
  format: line("Format", { help: "How it is kept: text, PDF, web page" }),
  author: link("Author", "person"),
  body: prose("Text"),
  file: group("File", { name: line("Name"), sha256: line("SHA-256"), size: number("Size", { unit: "bytes", least: 0, whole: true }) }),
  topics: list("Covers", choice("Topic", topics)),
  audiences: list("Audiences", group("Audience", { part: line("Part"), audience: line("For whom") }, { must: ["part", "audience"] })),
  covers_nodes: lines("Documents", { help: "Clauses and controls whose documented information it is" }),
  distribution: after(lines("Distribution")),
  access_level: after(choice("Access", ["public", "internal", "restricted", "sealed"])),
  storage: after(line("Kept at")),
  origin: choice("Origin", ["internal", "external"]),
  watcher: after(link("Watched by", "person", { help: "For a document from outside: who looks for new editions" })),
  last_checked_on: after(day("Last checked on")),
  describes: group("Describes", { ai_system: link("AI system", "ai_system"), release: link("Release", "release") }),
  concern_channel: group("Concern channel", {
    open_to: list("Open to", choice("Group", ["employees", "contractors", "patients_or_customers", "public"])),
    confidential: yesNo("Confidential reports"),
    anonymous: yesNo("Anonymous reports"),
    reprisal_protection: prose("Protection from reprisal"),
    addresses: lines("Ways in"),
  }, { help: "When the document sets up how concerns are raised (A.3.3)" }),
};

const authors = [...creator, ...owner, ...named("author"), ...role("aims_manager")];

export const kind = recordKind({
  name: "document",
  prefix: "DOC",
  title: "Document",
  plural: "Documents",
  summary: "Documented information: what it says, who wrote and approved it, where it is kept and who gets it.",
  serves: ["7.5.1", "7.5.2", "7.5.3"],
  fields,
  states,
  live: ["in_review", "approved", "effective"],
  frozen: ["approved", "effective", "superseded", "obsolete"],
  columns: ["title", "doc_no", "doc_kind", "edition", "effective_from", "next_review_on"],
  deeds: {
    draft: {
      title: "Draft document",
      from: "new",
      to: "draft",
      who: anyone,
      needs: ["title", "doc_kind"],
      fills: ({ next, actor }) => ({ author: next.author ?? actor.person, origin: next.origin ?? "internal", doc_no: next.doc_no ?? next.ref }),
    },
    amend: { title: "Amend document", from: ["draft", "in_review"], who: authors },
    submit: { title: "Submit document for review", from: ["draft"], to: "in_review", who: authors, sets: [] },
    return: { title: "Return document to its author", from: ["in_review"], to: "draft", who: [...authors, ...authority("approve document")], sets: [] },
    approve: {
      title: "Approve document",
      from: ["in_review"],
      to: "approved",
      who: [...authority("approve document"), ...role("top_management")],
      sets: ["next_review_on", "retention_until"],
      needs: ["edition"],
      apart: ["author", "creator"],
      approves: "approve",
    },
    put_into_effect: {
      title: "Put document into effect",
      from: ["approved"],
      to: "effective",
      who: [...authors, ...authority("approve document"), ...role("top_management")],
      sets: ["effective_from", "distribution", "access_level", "storage", "retention_until", "next_review_on"],
      fills: ({ next, today }) => ({ effective_from: next.effective_from ?? today }),
      follow: { replaced: out("document", "supersedes") },
      effects: supersedeReplaced,
    },
    distribute: { title: "Set distribution of document", from: ["approved", "effective"], who: authors, sets: ["distribution", "access_level", "storage", "retention_until", "retention_reason", "owner"] },
    check: {
      title: "Check document",
      from: ["approved", "effective"],
      who: [...authors, ...named("watcher"), ...authority("approve document")],
      sets: ["last_checked_on", "next_review_on", "watcher"],
      fills: ({ next, before, today }) => ({ last_checked_on: next.last_checked_on === before?.last_checked_on ? today : next.last_checked_on }),
    },
    supersede: { title: "Supersede document", from: ["approved", "effective"], to: "superseded", who: machine, sets: [] },
    retire: { title: "Retire document", from: ["draft", "in_review", "approved", "effective"], to: "obsolete", who: authors, sets: [] },
  },
});
