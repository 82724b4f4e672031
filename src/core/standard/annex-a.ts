import type { NodeShape } from "./node.ts";

/** The head of Annex A of ISO/IEC 42001:2023. */
export const annexA = [
  {
    id: "A",
    title: "Annex A reference controls",
    kind: "control_objective",
    parent: null,
    assessable: false,
    summary: "The list of 38 controls in nine groups against which the organisation compares its own choice of controls. A control counts only when the SoA includes it.",
    documentedInformation: [],
    evidenceKinds: ["policy", "approval", "document", "management_review", "role_assignment", "ai_system", "concern", "communication_event", "resource", "model", "dataset", "approved_source", "k8s_access_scan", "competence_requirement", "competence_record", "impact_assessment", "interested_party", "objective", "aims_process", "release", "evaluation", "image_policy_scan", "measure", "measurement", "incident", "evidence_item", "supplier", "obligation", "communication_plan", "training", "awareness_ack", "finding"],
    checks: [],
    alsoChecks: [],
    auditQuestions: [
      "Which controls did you leave out and which did you add?",
      "How do you know the ones you kept work?",
    ],
    typicalOwner: "aims_manager",
    pdca: "do",
    crosswalk: { iso27001: [], nistAiRmf: [], euAiAct: [] },
  },
] as const satisfies readonly NodeShape[];
