import type { NodeShape } from "./node.ts";

/** Controls that the organisation adds through risk treatment (6.1.3), besides those of Annex A. */
export const custom = [
  {
    id: "X.RBAC",
    title: "Least-privilege access for AI workloads",
    kind: "custom_control",
    parent: null,
    assessable: true,
    summary: "AI workloads, and the people and machines around them, hold only the rights they need; rights are scanned, reviewed and enforced.",
    note: "Not in Annex A. Added by the organisation through risk treatment (6.1.3); gets its own soa_entry.",
    documentedInformation: [
      { name: "Access control rules for AI workloads", tag: "expected" },
      { name: "Access scan results", tag: "expected" },
      { name: "Access review records", tag: "expected" },
      { name: "Exceptions", tag: "expected" },
    ],
    evidenceKinds: ["k8s_access_scan", "exception", "document", "role_assignment", "ai_system", "soa_entry", "evidence_item"],
    checks: [],
    alsoChecks: ["rbac.rules", "rbac.coverage", "rbac.scanned", "rbac.no_high", "rbac.own_identity", "rbac.no_escalation", "rbac.separation", "rbac.reviewed", "rbac.leavers"],
    auditQuestions: [
      "Show me everything this inference service could do in the cluster, and why it needs each right.",
      "Who could swap the production model tonight without anyone else noticing?",
      "Which rights were removed at the last review?",
      "When was break-glass last used, and who looked at it afterwards?",
    ],
    typicalOwner: "platform_engineer",
    pdca: "do",
    crosswalk: { iso27001: ["8.1", "A.5.3", "A.5.15", "A.5.18", "A.8.2", "A.8.3"], nistAiRmf: ["MEASURE 2.7", "MANAGE 4.1", "GOVERN 2.1"], euAiAct: ["Art. 15", "Art. 26"] },
  },
  {
    id: "X.REG",
    title: "Approved registries and verified integrity for AI components",
    kind: "custom_control",
    parent: null,
    assessable: true,
    summary: "Every image, model file, package and dataset in an AI system comes from an approved place and is proven to be unchanged.",
    note: "Not in Annex A. Added by the organisation through risk treatment (6.1.3); gets its own soa_entry.",
    documentedInformation: [
      { name: "Registry and source policy", tag: "expected" },
      { name: "List of approved sources", tag: "expected" },
      { name: "Image and artefact scan results", tag: "expected" },
      { name: "Exceptions", tag: "expected" },
    ],
    evidenceKinds: ["approved_source", "image_policy_scan", "release", "model", "dataset", "exception", "document"],
    checks: [],
    alsoChecks: ["image.policy", "image.approved_sources", "image.scanned", "image.only_approved", "image.pinned", "image.signed", "image.enforced", "image.model_data", "image.matches_release", "image.vulnerabilities"],
    auditQuestions: [
      "Where did this model file come from, and how do you know it is the one you tested?",
      "What happens if someone tries to run an unsigned image in this namespace? Show me.",
      "Who can add a registry to the approved list?",
      "Which exceptions are open and when do they end?",
    ],
    typicalOwner: "platform_engineer",
    pdca: "do",
    crosswalk: { iso27001: ["8.1", "A.5.21", "A.8.9", "A.8.19", "A.8.32"], nistAiRmf: ["GOVERN 6.1", "MAP 4.1", "MAP 4.2", "MANAGE 3.1", "MANAGE 3.2", "MEASURE 2.7"], euAiAct: ["Art. 10", "Art. 15", "Art. 25"] },
  },
] as const satisfies readonly NodeShape[];
