import { mission } from "./mission.ts";
import type { NodeShape } from "./node.ts";

/**
 * What a custom control takes from the mission item that carries its subject: what it asks, its proof
 * and its questions, and as checks from elsewhere those that are at home there.
 */
function heldBy(id: (typeof mission)[number]["id"]): Omit<NodeShape, "id" | "title" | "kind" | "checks" | "mission"> {
  const item: NodeShape | undefined = mission.find((one) => one.id === id);
  if (!item) throw new Error(`There is no mission item ${id}`);
  const { summary, documentedInformation, evidenceKinds, auditQuestions, typicalOwner, crosswalk } = item;
  const alsoChecks = item.checks.map((check) => check.id);
  return {
    parent: null,
    assessable: true,
    summary,
    documentedInformation,
    evidenceKinds,
    alsoChecks,
    auditQuestions,
    typicalOwner,
    pdca: "do",
    crosswalk,
  };
}

const note = "Not in Annex A. Added by the organisation through risk treatment (6.1.3); gets its own soa_entry.";

/** Controls that the organisation adds through risk treatment (6.1.3), besides those of Annex A. */
export const custom = [
  {
    ...heldBy("M10"),
    id: "X.RBAC",
    title: "Least-privilege access for AI workloads",
    kind: "custom_control",
    note,
    checks: [],
  },
  {
    ...heldBy("M12"),
    id: "X.REG",
    title: "Approved registries and verified integrity for AI components",
    kind: "custom_control",
    note,
    checks: [],
  },
] as const satisfies readonly NodeShape[];
