import { after, choice, day, group, line, link, links, list, lines, number, prose } from "./field.ts";
import type { z } from "zod";

/**
 * The fields that every record may carry besides its kind's own (domain model, section 3). An
 * approval does not bind to them, except title and summary: they say who looks after a record and
 * until when, not what it says.
 */
export const envelope = {
  title: line("Title"),
  summary: prose("Summary"),
  owner: after(link("Owner", "person", { help: "The one person who answers for this record" })),
  org_unit: after(line("Unit")),
  scope: after(line("Scope", { help: "Part of the organisation that the record speaks of, when not all" })),
  ai_systems: links("AI systems", "ai_system", {
    help: "AI systems concerned; none means the management system itself",
  }),
  happened_on: day("Happened on", { help: "When it took place in the world, which may be before it was recorded" }),
  period_from: day("Proof from", { help: "First day of the time it is proof for" }),
  period_to: day("Proof to", { help: "Last day of the time it is proof for" }),
  effective_from: after(day("In effect from")),
  next_review_on: after(day("Next review", { help: "Overdue when this day has passed in a live state" })),
  review_interval_months: after(number("Review every", { unit: "months", least: 1, most: 120, whole: true })),
  confidentiality: after(choice("Confidentiality", ["public", "internal", "restricted", "sealed"])),
  retention_until: after(day("Keep until")),
  retention_reason: after(line("Why kept")),
  evidence: after(links("Evidence", "evidence_item")),
  related: after(
    list(
      "Related records",
      group(
        "Related record",
        {
          relation: choice("Relation", [
            "derives_from",
            "treats",
            "controls",
            "evidences",
            "measures",
            "assesses",
            "affects",
            "raises",
            "answers",
            "supersedes",
            "implements",
            "conflicts_with",
            "communicates",
            "depends_on",
          ]),
          record: link("Record", []),
        },
        { must: ["relation", "record"] },
      ),
    ),
  ),
  suggested: after(
    list(
      "Suggested text",
      group(
        "Suggestion",
        { field: line("Field"), model: line("Language model"), on: day("On") },
        { must: ["field", "model", "on"] },
      ),
      {
        help: "Text that a language model suggested and nobody has adopted yet; whoever rewrites it, or takes its line away here, adopts it",
      },
    ),
  ),
  labels: after(lines("Labels")),
  external_ids: after(
    list(
      "Ids elsewhere",
      group("Id elsewhere", { system: line("System"), id: line("Id") }, { must: ["system", "id"] }),
    ),
  ),
} satisfies Record<string, z.ZodType>;
