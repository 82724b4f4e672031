import type { NodeShape } from "./node.ts";

/** Annex A, group A.9 of ISO/IEC 42001:2023: numbers and short titles are facts, every other word is our own. */
export const annexA9 = [
  {
    id: "A.9",
    title: "Use of AI systems",
    kind: "control_objective",
    parent: "A",
    assessable: false,
    summary: "Use AI responsibly and as the organisation's own rules say.",
    documentedInformation: [],
    evidenceKinds: ["document", "training", "awareness_ack", "ai_system", "objective", "measure", "measurement", "incident", "concern"],
    checks: [],
    alsoChecks: [],
    auditQuestions: [
      "Is it used as meant?",
      "How would you notice if not?",
    ],
    typicalOwner: "ai_system_owner",
    pdca: "do",
    crosswalk: { iso27001: ["A.5.10"], nistAiRmf: ["MAP 3.5"], euAiAct: ["Art. 26"] },
  },
  {
    id: "A.9.2",
    title: "Processes for responsible use of AI systems",
    kind: "control",
    parent: "A.9",
    assessable: true,
    summary: "Define and write down how AI systems may be used: approvals, limits, oversight, cost, training.",
    documentedInformation: [
      { name: "Processes for responsible use", tag: "required" },
    ],
    evidenceKinds: ["document", "training", "awareness_ack", "ai_system"],
    checks: [
      { id: "use.rules", severity: "high", mode: "auto", records: ["ai_system", "document"], text: "Every deployed ai_system has approved use rules that state who may use it, for what, required approvals, human checks, what not to enter or do, and what to do when it fails." },
      { id: "use.users_ready", severity: "medium", mode: "auto", records: ["ai_system", "awareness_ack", "training"], text: "Every user of a tier 1 or 2 ai_system has an awareness_ack of the current use rules, and the training they call for, dated before first use." },
    ],
    alsoChecks: [],
    auditQuestions: [
      "(To a user) What are you not allowed to do with this tool?",
      "Who approved that your department may use it?",
    ],
    typicalOwner: "ai_system_owner",
    pdca: "do",
    crosswalk: { iso27001: ["A.5.10", "A.5.37"], nistAiRmf: ["GOVERN 1.4", "GOVERN 3.2", "MAP 3.5"], euAiAct: ["Art. 14", "Art. 26"] },
  },
  {
    id: "A.9.3",
    title: "Objectives for responsible use of AI system",
    kind: "control",
    parent: "A.9",
    assessable: true,
    summary: "Name goals for responsible use and write them down.",
    documentedInformation: [
      { name: "Objectives for responsible use", tag: "required" },
    ],
    evidenceKinds: ["objective", "measure", "ai_system"],
    checks: [
      { id: "use.objectives", severity: "medium", mode: "auto", records: ["objective", "measure"], text: "At least one approved objective of kind responsible_use exists with a measure, and every tier 1 ai_system in use links to one." },
    ],
    alsoChecks: [],
    auditQuestions: [
      "How do you tell responsible use from careless use, in numbers?",
      "How often do people overrule the system, and is that good or bad?",
    ],
    typicalOwner: "ai_system_owner",
    pdca: "plan",
    crosswalk: { iso27001: ["6.2"], nistAiRmf: ["GOVERN 1.2", "MAP 1.3"], euAiAct: ["Art. 14", "Art. 26"] },
  },
  {
    id: "A.9.4",
    title: "Intended use of the AI system",
    kind: "control",
    parent: "A.9",
    assessable: true,
    summary: "Make sure the system is used for what it is meant for and as its documents say.",
    documentedInformation: [
      { name: "Use reviews", tag: "expected" },
    ],
    evidenceKinds: ["ai_system", "measurement", "incident", "concern"],
    checks: [
      { id: "use.intended", severity: "high", mode: "auto", records: ["ai_system", "measurement"], text: "Every deployed tier 1 or 2 ai_system has a use review within the past 6 months that compares real use with intended_use and excluded_uses; each deviation found has a decision." },
      { id: "use.supplier_instructions", severity: "medium", mode: "auto", records: ["ai_system", "supplier", "document"], text: "Every ai_system from a supplier links to the supplier's instructions for the version in use, and its use rules were checked against them after the last version change." },
    ],
    alsoChecks: [],
    auditQuestions: [
      "What do people use it for that you did not plan?",
      "Which instruction of the supplier is hardest to follow here?",
    ],
    typicalOwner: "ai_system_owner",
    pdca: "check",
    crosswalk: { iso27001: ["A.5.10"], nistAiRmf: ["MAP 1.1", "MAP 3.3", "MEASURE 2.4"], euAiAct: ["Art. 13", "Art. 26"] },
  },
] as const satisfies readonly NodeShape[];
