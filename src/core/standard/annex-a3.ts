import type { NodeShape } from "./node.ts";

/** Annex A, group A.3 of ISO/IEC 42001:2023: numbers and short titles are facts, every other word is our own. */
export const annexA3 = [
  {
    id: "A.3",
    title: "Internal organization",
    kind: "control_objective",
    parent: "A",
    assessable: false,
    summary: "Make it plain who answers for what in AI.",
    documentedInformation: [],
    evidenceKinds: ["role_assignment", "ai_system", "concern", "document", "communication_event"],
    checks: [],
    alsoChecks: [],
    auditQuestions: ["Who answers for this AI system?", "Can worries travel upwards safely?"],
    typicalOwner: "top_management",
    pdca: "do",
    crosswalk: { iso27001: ["A.5.2"], nistAiRmf: ["GOVERN 2.1"], euAiAct: [] },
  },
  {
    id: "A.3.2",
    title: "AI roles and responsibilities",
    kind: "control",
    parent: "A.3",
    assessable: true,
    summary: "Define AI duties to fit the organisation and give them to people.",
    documentedInformation: [{ name: "Responsibility matrix per AI system", tag: "expected" }],
    evidenceKinds: ["role_assignment", "ai_system"],
    checks: [
      {
        id: "roles.lifecycle",
        severity: "high",
        mode: "auto",
        records: ["role_assignment", "ai_system"],
        text: "For every in-scope ai_system these duty areas each have a named holder: risk, impact assessment, data quality, security, safety, privacy, human oversight, development or acquisition, performance, supplier, legal compliance.",
      },
    ],
    alsoChecks: ["roles.core_assigned", "roles.no_conflict"],
    auditQuestions: [
      "Who answers for safety in this system, and who for data?",
      "Is anybody both under delivery pressure and judge of readiness?",
    ],
    typicalOwner: "top_management",
    pdca: "plan",
    crosswalk: {
      iso27001: ["5.3", "A.5.2", "A.5.3"],
      nistAiRmf: ["GOVERN 2.1", "GOVERN 2.3", "GOVERN 3.2"],
      euAiAct: ["Art. 17", "Art. 26"],
    },
  },
  {
    id: "A.3.3",
    title: "Reporting of concerns",
    kind: "control",
    parent: "A.3",
    assessable: true,
    summary:
      "Give people a safe way to raise worries about how the organisation deals with an AI system, over its whole life.",
    documentedInformation: [
      { name: "Procedure for raising concerns", tag: "expected" },
      { name: "Concern log", tag: "expected" },
    ],
    evidenceKinds: ["concern", "role_assignment", "document", "communication_event"],
    checks: [
      {
        id: "concern.channel",
        severity: "high",
        mode: "auto",
        records: ["document", "role_assignment", "communication_event"],
        text: "A published concern channel exists that is open to employees and contractors, allows confidential and anonymous reports, names a handler and a deputy, and states protection from reprisal.",
      },
      {
        id: "concern.timely",
        severity: "medium",
        mode: "auto",
        records: ["concern"],
        text: "Every concern was acknowledged within 5 working days and answered or escalated within 30 days (both configurable).",
      },
      {
        id: "concern.impartial",
        severity: "high",
        mode: "auto",
        records: ["concern", "ai_system"],
        text: "No concern is or was handled by a person named in it or by the owner of the system it is about.",
      },
    ],
    alsoChecks: [],
    auditQuestions: [
      "If I worked here and worried about this model, whom could I tell without my boss knowing?",
      "Tell me about a concern that changed something.",
      "How do you make sure nobody suffers for speaking up?",
    ],
    typicalOwner: "concern_handler",
    pdca: "do",
    crosswalk: { iso27001: ["A.6.8"], nistAiRmf: ["GOVERN 4.1", "GOVERN 4.3"], euAiAct: ["Art. 87"] },
  },
] as const satisfies readonly NodeShape[];
