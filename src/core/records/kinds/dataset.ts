import { after, choice, day, group, line, lines, link, list, prose, yesNo } from "../field.ts";
import { back } from "../follow.ts";
import { recordKind } from "../kind.ts";
import { role } from "../deed.ts";

export const states = ["proposed", "approved", "in_use", "frozen", "withdrawn"] as const;

export const fields = {
  name: line("Name"),
  version: line("Version"),
  digest: line("Digest", { help: "SHA-256 of what is used" }),
  use: list("Use", choice("Use", ["train", "validate", "test", "operate", "retrieval_index"])),
  purpose: prose("Purpose"),
  categories: lines("Categories of data"),
  source: prose("Source"),
  approved_source: link("Approved source", "approved_source"),
  supplier: link("Supplier", "supplier"),
  acquisition_date: day("Acquired on"),
  last_updated_on: day("Last updated on"),
  quantity: line("Quantity"),
  rights_basis: prose("Rights or legal basis"),
  personal_data: choice("Personal data", ["none", "low", "yes", "held_by_supplier"], {
    help: "Low: names and the like are masked, traces may remain",
  }),
  special_category: yesNo("Special-category data"),
  subjects: prose("Whom the data is about"),
  earlier_uses: prose("Earlier uses"),
  provenance_chain: list(
    "Provenance",
    group(
      "Step",
      {
        step: line("Step"),
        input_digest: line("Digest before"),
        output_digest: line("Digest after"),
        by: line("By", { help: "Who, or which service" }),
        on: day("On"),
        tool: line("Tool"),
      },
      { must: ["step"] },
    ),
    { help: "From the source to the digest in use; each step begins with what the one before gave" },
  ),
  preparation_steps: list(
    "Preparation",
    group(
      "Step",
      { step: line("Step"), reason: line("Why"), tool_version: line("Tool and version") },
      { must: ["step"] },
    ),
  ),
  preparation_none: line("No preparation", { help: "Why none was needed or known" }),
  quality_requirements: list(
    "Quality requirements",
    group(
      "Requirement",
      { name: line("Name"), threshold: line("Threshold", { help: "Such as ≥ 97 %" }) },
      { must: ["name"] },
    ),
  ),
  quality_results: after(
    list(
      "Quality results",
      group(
        "Result",
        {
          name: line("Requirement"),
          value: line("Value"),
          pass: yesNo("Met"),
          on: day("On"),
          version: line("For version"),
          deviation: group(
            "Accepted deviation",
            { reason: prose("Why"), accepted_by: link("Accepted by", "person"), on: day("On") },
            { must: ["reason"] },
          ),
        },
        { must: ["name"] },
      ),
    ),
  ),
  known_bias: prose("Known bias issues"),
  bias_review: after(
    group(
      "Bias review",
      { on: day("On"), by: line("By"), result: prose("Result"), not_about_people: yesNo("Not about people") },
      { help: "Who is missing, who is wrongly described" },
    ),
  ),
  representativeness: prose("Representativeness"),
  retention: line("Kept how long", { help: "How long the data itself is kept, and what then" }),
  steward: after(link("Steward", ["person", "supplier"])),
  procedure: after(link("Procedure", "document")),
  procedure_version: after(line("Procedure version")),
  withdrawal_reason: after(prose("Why withdrawn")),
};

const keepers = role("data_steward", "ml_engineer", "ai_system_owner");

export const kind = recordKind({
  name: "dataset",
  prefix: "DS",
  title: "Data set",
  plural: "Data sets",
  summary:
    "Data that AI is built, tested or run with: its source and right, its quality, what was done to it, and who is missing in it.",
  serves: ["A.4.3", "A.7.2", "A.7.3", "A.7.4", "A.7.5", "A.7.6"],
  fields,
  states,
  live: ["proposed", "approved", "in_use", "frozen"],
  frozen: ["approved", "in_use", "frozen", "withdrawn"],
  columns: ["title", "version", "use", "personal_data", "steward"],
  deeds: {
    propose: {
      title: "Propose data set",
      from: "new",
      to: "proposed",
      who: keepers,
      needs: ["name", "purpose"],
      fills: ({ next }) => ({ title: next.name ?? next.title }),
    },
    amend: {
      title: "Amend data set",
      from: ["proposed"],
      who: keepers,
      fills: ({ next }) => ({ title: next.name ?? next.title }),
    },
    approve: {
      title: "Approve data set",
      from: ["proposed"],
      to: "approved",
      who: role("data_steward"),
      sets: [],
      needs: ["source", "rights_basis", "personal_data", "use", "version"],
      approves: "approve",
      apart: ["creator"],
    },
    put_in_use: { title: "Put data set in use", from: ["approved", "frozen"], to: "in_use", who: keepers, sets: [] },
    freeze: { title: "Freeze data set", from: ["approved", "in_use"], to: "frozen", who: keepers, sets: [] },
    revise: {
      title: "Open new version of data set",
      from: ["approved", "in_use", "frozen"],
      to: "proposed",
      who: keepers,
      sets: [],
    },
    record_quality: {
      title: "Record quality of data set",
      from: ["proposed", "approved", "in_use", "frozen"],
      who: keepers,
      sets: ["quality_results"],
      needs: ["quality_results"],
    },
    review_bias: {
      title: "Review bias of data set",
      from: ["proposed", "approved", "in_use", "frozen"],
      who: [...keepers, ...role("impact_assessor")],
      sets: ["bias_review"],
      needs: ["bias_review"],
    },
    follow_procedure: {
      title: "Follow procedure with data set",
      from: ["proposed", "approved", "in_use", "frozen"],
      who: keepers,
      sets: ["procedure", "procedure_version", "steward"],
      needs: ["procedure", "steward"],
    },
    withdraw: {
      title: "Withdraw data set",
      from: ["proposed", "approved", "in_use", "frozen"],
      to: "withdrawn",
      who: [...keepers, ...role("legal_advisor", "aims_manager")],
      sets: ["withdrawal_reason"],
      needs: ["withdrawal_reason"],
      follow: { releases: back("release", "datasets.dataset") },
      // Every release that used it is looked at again (TRG-03, INV-29).
      effects: ({ before, near }) =>
        (near["releases"] ?? [])
          .filter((release) => release.state === "deployed")
          .map((release) => ({
            does: "move",
            kind: "release",
            ref: release.ref,
            deed: "flag",
            fields: { flags: [...listOf(release["flags"]), `Data set ${before?.ref ?? ""} was withdrawn`] },
          })),
    },
  },
});

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
