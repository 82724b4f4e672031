import { nodes } from "#core/standard/catalogue.ts";
import { kinds, type KindName } from "#core/records/all.ts";
import { all, out } from "#core/records/follow.ts";
import type { AnyRecord } from "#core/records/kind.ts";
import { check, every, some, type Check, type Clause } from "../check.ts";
import { listed } from "../facts/words.ts";
import { make, on } from "../mend.ts";

/**
 * What meets each entry of documented information that the catalogue tags as required: the kind of
 * record that holds it, or `document` for one that says it covers the clause or control. Entries are
 * named by node and name, so that an entry nobody placed stops the program at once.
 */
const held: Readonly<Record<string, KindName>> = {
  "4.3 Scope statement": "scope_statement",
  "4.4 Documented AIMS processes as far as the organisation needs them": "aims_process",
  "5.2 AI policy": "policy",
  "6.1 Records of what was done to find and handle risks and opportunities": "risk",
  "6.1.1 Records of actions taken to identify and address AI risks and opportunities": "treatment_plan",
  "6.1.2 AI risk assessment process": "document",
  "6.1.2 Risk register with scored results": "risk",
  "6.1.3 AI risk treatment process": "document",
  "6.1.3 Statement of Applicability": "soa",
  "6.1.3 AI risk treatment plan": "treatment_plan",
  "6.1.3 Approval of the plan and acceptance of residual risk": "treatment_plan",
  "6.1.4 Impact assessment results": "impact_assessment",
  "6.2 AI objectives": "objective",
  "7.2 Evidence of competence": "competence_record",
  "7.5 All documented information required by the standard and by the organisation itself": "document",
  "8.1 Enough operating records to trust that processes ran as planned": "release",
  "8.2 Results of AI risk assessments": "risk",
  "8.3 Results of AI risk treatment": "treatment_plan",
  "8.4 Results of all AI system impact assessments": "impact_assessment",
  "9.1 Monitoring and measurement results and their evaluation": "measurement",
  "9.2 Audit programme and audit results": "audit_programme",
  "9.2.1 Audit results": "audit",
  "9.2.2 Proof that the audit programme was carried out": "audit",
  "9.2.2 Audit reports": "audit",
  "9.3 Management review results": "management_review",
  "9.3.2 Review inputs as considered": "management_review",
  "9.3.3 Review results and decisions": "management_review",
  "10.2 Nature of nonconformities and actions taken": "nonconformity",
  "10.2 Results of corrective actions": "corrective_action",
  "A.2.2 AI policy": "policy",
  "A.4.2 Resource record per AI system": "ai_system",
  "A.4.3 Data resource records": "dataset",
  "A.4.4 Tooling records": "resource",
  "A.4.5 System and computing records": "resource",
  "A.4.6 Human resource and competence records per AI system": "competence_record",
  "A.5.3 Impact assessment reports with retention time": "impact_assessment",
  "A.5.4 Impacts on individuals and groups": "impact_assessment",
  "A.5.5 Impacts on society": "impact_assessment",
  "A.6.1.2 Objectives for responsible development": "objective",
  "A.6.1.3 Design and development process": "document",
  "A.6.2.2 Requirements and specification": "document",
  "A.6.2.3 Design and development record": "document",
  "A.6.2.4 Verification and validation measures and criteria": "evaluation",
  "A.6.2.5 Deployment plan": "release",
  "A.6.2.6 Operation and monitoring plan": "ai_system",
  "A.6.2.7 Technical documentation": "document",
  "A.7.2 Data management process": "document",
  "A.7.3 Acquisition and selection record": "dataset",
  "A.7.4 Data quality requirements": "dataset",
  "A.7.5 Process for recording provenance": "document",
  "A.7.6 Data preparation criteria and methods": "document",
  "A.8.4 Incident communication plan": "communication_plan",
  "A.8.5 Register of reporting duties": "obligation",
  "A.9.2 Processes for responsible use": "document",
  "A.9.3 Objectives for responsible use": "objective",
};

/** What there is nothing of when nothing went wrong. */
const mayBeNone = new Set<KindName>(["nonconformity", "corrective_action"]);

/** The kinds of document that are the information, where a document need not name the control. */
const documentKinds: Readonly<Record<string, string>> = {
  "A.6.2.2": "requirements",
  "A.6.2.3": "technical",
  "A.6.2.7": "technical",
  "A.9.2": "use_rules",
};

type Entry = { node: string; name: string; kind: KindName; isControl: boolean };

const required: readonly Entry[] = nodes
  .filter((node) => node.kind === "clause" || node.kind === "control")
  .flatMap((node) =>
    node.documentedInformation
      .filter((entry) => entry.tag === "required")
      .map((entry) => ({
        node: node.id,
        name: entry.name,
        kind: kindFor(`${node.id} ${entry.name}`),
        isControl: node.kind === "control",
      })),
  );

function kindFor(entry: string): KindName {
  const kind = held[entry];
  if (kind === undefined) throw new Error(`Nothing is said to meet the required documented information "${entry}"`);
  return kind;
}

/** Whether the record meets the entry: it counts in its life, and a document covers the clause or control. */
function meets(record: AnyRecord, entry: Entry): boolean {
  if (record.kind === "document") {
    if (record.state !== "approved" && record.state !== "effective") return false;
    const covers = (record["covers_nodes"] ?? []) as readonly string[];
    const ofKind = documentKinds[entry.node];
    return (
      entry.node === "7.5" || covers.includes(entry.node) || (ofKind !== undefined && record["doc_kind"] === ofKind)
    );
  }
  if (notYet.has(record.state)) return false;
  const { live } = kinds[record.kind];
  // A record that ended well is still the record of what was done.
  return live.length === 0 || live.includes(record.state) || ended.has(record.state);
}

const notYet = new Set([
  "draft",
  "in_approval",
  "screening",
  "drafting",
  "consulting",
  "in_review",
  "requested",
  "proposed",
  "withdrawn",
  "cancelled",
  "rejected",
  "refused",
]);
const ended = new Set(["closed", "verified", "achieved", "done", "checked", "reviewed", "retired", "released"]);

const forClause = (entry: Entry): Clause =>
  some(entry.kind, {
    where: (record) => meets(record, entry),
    must: () => true,
    ...(mayBeNone.has(entry.kind)
      ? { because: "nothing had to be put right", empty: "pass" }
      : { because: `nothing is kept for "${entry.name}" (${entry.node})` }),
  });

/** One clause a kind: each included control that asks for such a record has one. */
function forControls(kind: KindName): Clause {
  const entries = required.filter((entry) => entry.isControl && entry.kind === kind);
  return every("soa_entry", {
    where: (record) =>
      record.state === "in_force" &&
      record.included === true &&
      entries.some((entry) => entry.node === record.control_id),
    follow: { statement: out("soa", "soa"), kept: all(kind) },
    must: ({ record, statement, kept }) => {
      if (statement[0]?.state !== "approved") return true;
      const missing = entries.filter(
        (entry) => entry.node === record.control_id && !(kept as readonly AnyRecord[]).some((one) => meets(one, entry)),
      );
      return (
        missing.length === 0 ||
        `nothing is kept for ${listed(missing.map((entry) => `"${entry.name}"`))} (${record.control_id ?? ""})`
      );
    },
    empty: "not_applicable",
    because: "no included control asks for it",
  });
}

const kindsForControls = [...new Set(required.filter((entry) => entry.isControl).map((entry) => entry.kind))];

/** The check at home on 7.5.1. */
export const checks: readonly Check[] = [
  check(
    "docs.required_set",
    [
      on("soa_entry", "report_status"),
      make("document", "draft"),
      make("task", "open", { about: "why", with: { task_kind: "action" } }),
    ],
    ...required.filter((entry) => !entry.isControl).map(forClause),
    ...kindsForControls.map(forControls),
  ),
];
