import { all, back, out, via } from "#core/records/follow.ts";
import type { RecordOf } from "#core/records/kind.ts";
import { annexAControls } from "#core/standard/catalogue.ts";
import { check, every, some, type Check } from "../check.ts";
import { make, on } from "../mend.ts";

/** Checks whose home is 6.1.3 (Statement of Applicability). */
export const checks: readonly Check[] = [
  check(
    "soa.complete",
    [
      on("soa", "approve"),
      on("soa", "submit"),
      make("soa_entry", "open", { about: "soa" }),
      make("soa", "draft", { about: "supersedes" }),
      make("soa", "draft"),
    ],
    some("soa", {
      where: (record) => record.state === "approved",
      follow: { entries: back("soa_entry", "soa") },
      must: ({ entries }) => {
        const counts = new Map<string, number>();
        for (const entry of entries) counts.set(entry.control_id ?? "", (counts.get(entry.control_id ?? "") ?? 0) + 1);
        const missing = annexAControls.filter((control) => !counts.has(control));
        const doubled = [...counts].filter(([, count]) => count > 1).map(([control]) => control);
        if (missing.length > 0) return `it has no entry for ${missing.join(", ")}`;
        return doubled.length === 0 || `it speaks more than once of ${doubled.join(", ")}`;
      },
      because: "no approved statement of applicability has one entry for each of the 38 controls",
    }),
    every("treatment_plan", {
      where: (record) => record.state !== "withdrawn" && ownControls(record.control_refs_added).length > 0,
      follow: { statements: all("soa"), entries: via(all("soa"), back("soa_entry", "soa")) },
      must: ({ record, statements, entries }) => {
        const inForce = statements.find((statement) => statement.state === "approved");
        const known = new Set(entries.filter((entry) => entry.soa === inForce?.ref).map((entry) => entry.control_id));
        const missing = ownControls(record.control_refs_added).filter((control) => !known.has(control));
        return missing.length === 0 || `it adds ${missing.join(", ")}, of which the approved statement says nothing`;
      },
      empty: "pass",
      because: "no treatment plan adds a control of our own",
    }),
  ),
  check(
    "soa.justified",
    [on("soa_entry", "amend"), make("soa", "draft")],
    every("soa_entry", {
      where: (record) => record.state === "in_force",
      must: ({ record }) => {
        if (record.included === undefined) return `${named(record)}neither included nor excluded`;
        if (record.justification === undefined && record.exclusion_reason === undefined)
          return `${named(record)}no justification`;
        if (!record.included)
          return (
            record.exclusion_reason !== undefined || `${named(record)}excluded without saying why it is not needed`
          );
        const reasons = [...(record.risks ?? []), ...(record.obligations ?? []), ...(record.objectives ?? [])];
        return reasons.length > 0 || `${named(record)}included without a risk, obligation or objective`;
      },
      empty: "fail",
      because: "no statement of applicability is in force",
    }),
  ),
  check(
    "soa.status_true",
    [
      make("evidence_item", "offer", { about: "supports", with: { proves: "control_effectiveness" } }),
      on("evidence_item", "accept"),
      on("soa_entry", "report_status"),
    ],
    every("soa_entry", {
      where: (record) => record.state === "in_force" && record.implementation_status === "implemented",
      follow: { proof: out("evidence_item", "evidence") },
      must: ({ record, proof, today }) => {
        const holds = proof.some(
          (item) => item.state === "accepted" && (item.valid_until === undefined || !today.isPast(item.valid_until)),
        );
        if (holds) return true;
        const seen = record.effectiveness;
        if (
          seen?.last_result === "effective" &&
          seen.source?.startsWith("check ") &&
          seen.on !== undefined &&
          today.isWithinDays(seen.on, 30)
        )
          return true;
        const ended = proof
          .filter((item) => item.valid_until !== undefined && today.isPast(item.valid_until))
          .map((item) => `${item.ref} ran out on ${item.valid_until}`);
        return {
          fails: `${named(record)}implemented, unproven${ended.length > 0 ? `: ${ended.join(", ")}` : ": no accepted proof"}`,
          records: proof.map((item) => item.ref),
        };
      },
      empty: "not_applicable",
      because: "no control is said to be implemented",
    }),
  ),
  check(
    "soa.fresh",
    [on("soa", "approve"), on("soa", "submit"), make("soa", "draft", { about: "supersedes" }), make("soa", "draft")],
    every("treatment_plan", {
      where: (record) =>
        record.approved_on !== undefined &&
        record.state !== "withdrawn" &&
        [...(record.control_refs_added ?? []), ...(record.control_refs_removed ?? [])].length > 0,
      follow: { statements: all("soa") },
      must: ({ record, statements }) => {
        const inForce = statements.find((statement) => statement.state === "approved");
        if (inForce?.dated === undefined || record.approved_on === undefined)
          return "it changes controls, and no statement of applicability is approved";
        return (
          inForce.dated >= record.approved_on || {
            fails: `it changed controls on ${record.approved_on}, and ${inForce.ref} is of ${inForce.dated}`,
            records: [inForce.ref],
          }
        );
      },
      empty: "pass",
      because: "no approved treatment plan added or removed a control",
    }),
  ),
];

/** Most entries bear their control in their reference; the others are told by it. */
const named = ({ ref, control_id: control }: RecordOf<"soa_entry">): string =>
  control === undefined || ref.endsWith(`/${control}`) ? "" : `${control}: `;

const ownControls = (refs: readonly string[] | undefined): readonly string[] =>
  (refs ?? []).filter((ref) => ref.startsWith("X."));
