import { assessableClauses, childrenOf, findNode } from "#core/standard/catalogue.ts";
import { all, back, out } from "#core/records/follow.ts";
import type { RecordOf } from "#core/records/kind.ts";
import { check, every, some, type Check } from "../check.ts";
import { listed, missingFields } from "../facts/words.ts";
import { make, on } from "../mend.ts";

/** The clauses at the end of the tree, which a process must serve by themselves or by a heading above them. */
const served = assessableClauses.filter((id) => childrenOf(id).length === 0);

/** The clause and all headings above it. */
function withParents(id: string): string[] {
  const parent = findNode(id)?.parent;
  return parent === null || parent === undefined ? [id] : [id, ...withParents(parent)];
}

function clausesWithout(processes: readonly RecordOf<"aims_process">[]): string[] {
  const named = new Set(
    processes.filter((process) => process.state === "active").flatMap((process) => process.serves_nodes ?? []),
  );
  return served.filter((id) => !withParents(id).some((node) => named.has(node)));
}

/** Checks whose home is 4.4. */
export const checks: readonly Check[] = [
  check(
    "aims.processes",
    [on("aims_process", "amend"), on("aims_process", "activate"), make("aims_process", "describe")],
    every("aims_process", {
      where: (record) => record.state === "active",
      follow: { after: out("aims_process", "linked"), before: back("aims_process", "linked") },
      must: ({ record, after, before }) => {
        const missing = missingFields(record, ["owner", "inputs", "outputs", "criteria"]);
        if (missing.length > 0) return `it has no ${listed(missing)}`;
        return after.length + before.length > 0 || "it is linked to no other process";
      },
      empty: "fail",
      because: "no process is active",
    }),
    every("organization", {
      follow: { processes: all("aims_process") },
      must: ({ processes }) => {
        const missing = clausesWithout(processes);
        return missing.length === 0 || `no process serves ${listed(missing)}`;
      },
      empty: "fail",
      because: "no organisation is set up",
    }),
  ),
  check(
    "aims.pulse",
    [
      on("risk", "assess"),
      make("measurement", "record"),
      make("audit", "plan", { with: { audit_kind: "internal" } }),
      make("management_review", "plan"),
      make("improvement", "propose"),
    ],
    some("risk", {
      where: (record, today) => record.assessed_on !== undefined && today.isWithinMonths(record.assessed_on, 12),
      must: () => true,
      because: "no risk was assessed in the past 12 months",
    }),
    some("measurement", {
      where: (record, today) => record.collected_on !== undefined && today.isWithinMonths(record.collected_on, 12),
      must: () => true,
      because: "nothing was measured in the past 12 months",
    }),
    some("audit", {
      where: (record, today) =>
        (record.state === "reported" || record.state === "closed") &&
        record.report_issued_on !== undefined &&
        today.isWithinMonths(record.report_issued_on, 12),
      must: () => true,
      because: "no audit was reported in the past 12 months",
    }),
    some("management_review", {
      where: (record, today) =>
        (record.state === "approved" || record.state === "actions_open" || record.state === "closed") &&
        record.held_on !== undefined &&
        today.isWithinMonths(record.held_on, 12),
      must: () => true,
      because: "no management review of the past 12 months is approved",
    }),
    every("organization", {
      follow: { improvements: all("improvement"), actions: all("corrective_action") },
      must: ({ improvements, actions, today }) => {
        const days = [...improvements, ...actions].map((one) => one.done_on).filter((day) => day !== undefined);
        return (
          days.some((day) => today.isWithinMonths(day, 12)) ||
          "no improvement or corrective action was completed in the past 12 months"
        );
      },
      empty: "fail",
      because: "no organisation is set up",
    }),
  ),
];
