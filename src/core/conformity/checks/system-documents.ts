import { dayOf } from "#core/basics/time.ts";
import { all, back, out, via } from "#core/records/follow.ts";
import type { RecordOf } from "#core/records/kind.ts";
import { check, every, type Check } from "../check.ts";
import { approvalOf } from "../facts/approvals.ts";
import { topicsMissing, whyNotInForce } from "../facts/documents.ts";
import {
  isDeployedInScope,
  isDevelopedHere,
  isFromSupplier,
  isInScope,
  isPastIdea,
  newestDeployed,
} from "../facts/systems.ts";
import { listed } from "../facts/words.ts";
import { make, on } from "../mend.ts";
import type { Today } from "../today.ts";

type Document = RecordOf<"document">;
type Topics = NonNullable<Document["topics"]>;

/** Why the one document of a system does not do, or nothing: it must be approved, in effect and cover the topics. */
function faultOf(what: string, documents: readonly Document[], topics: Topics, today: Today): string | undefined {
  const [document] = documents;
  if (document === undefined) return `has no ${what}`;
  const not = whyNotInForce(document, today);
  if (not !== undefined) return not;
  const missing = topicsMissing(document, topics);
  return missing.length === 0 ? undefined : `${document.ref} does not cover ${listed(missing)}`;
}

/** Why the document does not speak of what runs, or nothing. It may describe any release of the version in use. */
function versionFault(
  documents: readonly Document[],
  described: readonly RecordOf<"release">[],
  releases: readonly RecordOf<"release">[],
): string | undefined {
  const [document] = documents;
  const runs = newestDeployed(releases);
  if (document === undefined || runs === undefined) return undefined;
  const [about] = described;
  if (about === undefined) return `${document.ref} does not say which release it describes; ${runs.ref} is in use`;
  return about.ref === runs.ref || about.version === runs.version
    ? undefined
    : `${document.ref} describes version ${about.version ?? about.ref}, and ${runs.version ?? runs.ref} is in use`;
}

const failing = (fault: string, documents: readonly Document[]) => ({
  fails: fault,
  records: documents.map((document) => document.ref),
});

const releasesOf = back("release", "ai_system");

/** Checks whose home is A.6.2.2, A.6.2.3, A.6.2.7, A.8.2, the use rules of A.9.2 and the supplier's instructions of A.9.4. */
export const checks: readonly Check[] = [
  check(
    "sys.requirements",
    [
      on("document", "approve"),
      on("document", "submit"),
      on("document", "amend"),
      make("document", "draft", { about: "ai_systems", with: { doc_kind: "requirements" } }),
      on("ai_system", "amend"),
    ],
    every("ai_system", {
      where: isPastIdea,
      follow: {
        requirements: out("document", "requirements_doc"),
        approvals: via(out("document", "requirements_doc"), back("approval", "about")),
      },
      must: ({ record, requirements, approvals, today }) => {
        const fault = faultOf(
          "requirements document",
          requirements,
          ["purpose", "performance", "data", "safety", "oversight", "legal"],
          today,
        );
        if (fault !== undefined) return failing(fault, requirements);
        const [document] = requirements;
        const decided = document && approvalOf(document, approvals)?.decided_at;
        if (document === undefined || decided === undefined)
          return failing("its requirements document has no approval of what it says now", requirements);
        const changed = record.last_material_change_on;
        if (changed !== undefined && dayOf(decided) < changed)
          return failing(
            `${document.ref} was approved on ${dayOf(decided)}, and the system changed in substance on ${changed}`,
            requirements,
          );
        return true;
      },
      empty: "not_applicable",
      because: "no AI system in scope is past the idea",
    }),
  ),
  check(
    "sys.design_record",
    [
      on("document", "approve"),
      on("document", "submit"),
      on("document", "amend"),
      make("document", "draft", { about: "ai_systems", with: { doc_kind: "technical" } }),
      on("ai_system", "amend"),
    ],
    every("ai_system", {
      where: (record) => isPastIdea(record) && record.state !== "design" && isDevelopedHere(record),
      follow: { design: out("document", "design_doc") },
      must: ({ design, today }) => {
        const fault = faultOf(
          "design record",
          design,
          ["model_choice", "alternatives", "data", "security", "oversight", "requirements_served"],
          today,
        );
        return fault === undefined || failing(fault, design);
      },
      empty: "not_applicable",
      because: "no AI system is developed here",
    }),
  ),
  check(
    "sys.technical_docs",
    [
      on("document", "approve"),
      on("document", "submit"),
      on("document", "amend"),
      make("document", "draft", { about: "ai_systems", with: { doc_kind: "technical" } }),
      on("ai_system", "amend"),
    ],
    every("ai_system", {
      where: isDeployedInScope,
      follow: {
        papers: out("document", "technical_doc"),
        described: via(out("document", "technical_doc"), out("release", "describes.release")),
        releases: releasesOf,
      },
      must: ({ papers, described, releases, today }) => {
        const fault =
          faultOf(
            "technical documentation",
            papers,
            ["purpose", "usage", "limits", "components", "oversight", "monitoring"],
            today,
          ) ??
          ((papers[0]?.audiences ?? []).length === 0
            ? `${papers[0]?.ref ?? ""} does not say for whom each part is`
            : undefined) ??
          versionFault(papers, described, releases);
        return fault === undefined || failing(fault, papers);
      },
      empty: "not_applicable",
      because: "no AI system is deployed",
    }),
  ),
  check(
    "info.users",
    [
      on("document", "approve"),
      on("document", "submit"),
      on("document", "amend"),
      make("communication_event", "record", { about: "about" }),
      make("document", "draft", { about: "ai_systems", with: { doc_kind: "user_information" } }),
      on("ai_system", "amend"),
    ],
    every("ai_system", {
      where: isDeployedInScope,
      follow: {
        papers: out("document", "user_info_doc"),
        described: via(out("document", "user_info_doc"), out("release", "describes.release")),
        releases: releasesOf,
        told: back("communication_event", "about"),
        organization: all("organization"),
      },
      must: ({ record, papers, described, releases, told, organization, today }) => {
        const fault =
          faultOf(
            "user information",
            papers,
            ["says_it_is_ai", "purpose", "usage", "limits", "error_rates", "when_to_check", "help"],
            today,
          ) ?? versionFault(papers, described, releases);
        if (fault !== undefined) return failing(fault, papers);
        const given = told
          .filter((event) => event.state === "sent" || event.state === "confirmed")
          .map((event) => event.happened_on ?? event.state_since)
          .sort()[0];
        if (given === undefined) return failing("no communication on record gave its users this information", papers);
        const start = organization[0]?.aims_start_date;
        // What ran before the management system began could not be held to it at first use (domain model, 1.8).
        const isBound = record.deployed_on !== undefined && (start === undefined || record.deployed_on >= start);
        return (
          !isBound ||
          given <= (record.deployed_on ?? given) ||
          failing(
            `its users were first informed on ${given}, and it was in use from ${record.deployed_on ?? ""}`,
            papers,
          )
        );
      },
      empty: "not_applicable",
      because: "no AI system is deployed",
    }),
  ),
  check(
    "use.rules",
    [
      on("document", "approve"),
      on("document", "submit"),
      on("document", "amend"),
      make("document", "draft", { about: "ai_systems", with: { doc_kind: "use_rules" } }),
      on("ai_system", "amend"),
    ],
    every("ai_system", {
      where: isDeployedInScope,
      follow: { rules: out("document", "use_rules_doc") },
      must: ({ rules, today }) => {
        const fault = faultOf(
          "use rules",
          rules,
          ["who_may_use", "purpose", "approvals", "human_checks", "what_not_to_do", "when_it_fails"],
          today,
        );
        return fault === undefined || failing(fault, rules);
      },
      empty: "not_applicable",
      because: "no AI system is deployed",
    }),
  ),
  check(
    "use.supplier_instructions",
    [
      on("ai_system", "amend"),
      make("document", "draft", { about: "ai_systems", with: { doc_kind: "external", origin: "external" } }),
    ],
    every("ai_system", {
      where: (record) =>
        isInScope(record) &&
        isFromSupplier(record) &&
        (record.state === "verification" || record.state === "deployed" || record.state === "suspended"),
      follow: { papers: out("document", "supplier_instructions.document") },
      must: ({ record, papers }) => {
        const instructions = record.supplier_instructions ?? [];
        if (instructions.length === 0) return "comes from a supplier and links to no instructions";
        const faults = instructions.flatMap(
          ({ supplier, document, version, version_since, use_rules_checked_on: checked }) => {
            const which = version === undefined ? "the version in use" : `version ${version}`;
            const paper = papers.find((candidate) => candidate.ref === document);
            if (paper === undefined) return [`has no instructions of ${supplier} for ${which}`];
            if (paper.state === "superseded" || paper.state === "obsolete") return [`${paper.ref} is ${paper.state}`];
            if (checked === undefined)
              return [`its use rules were never checked against the instructions for ${which}`];
            return version_since !== undefined && checked < version_since
              ? [`its use rules were last checked on ${checked}, and ${which} has been in use since ${version_since}`]
              : [];
          },
        );
        return faults.length === 0 || { fails: faults.join("; "), records: papers.map((paper) => paper.ref) };
      },
      empty: "not_applicable",
      because: "no AI system comes from a supplier",
    }),
  ),
];
