import type { NodeShape } from "./node.ts";

/** Annex A, group A.2 of ISO/IEC 42001:2023: numbers and short titles are facts, every other word is our own. */
export const annexA2 = [
  {
    id: "A.2",
    title: "Policies related to AI",
    kind: "control_objective",
    parent: "A",
    assessable: false,
    summary: "Give clear direction for AI from the top, in line with the business and the law.",
    documentedInformation: [],
    evidenceKinds: ["policy", "approval", "document", "management_review"],
    checks: [],
    alsoChecks: [],
    auditQuestions: [
      "Does the direction from the top reach the people who build and use AI?",
      "Do your policies agree with one another?",
    ],
    typicalOwner: "top_management",
    pdca: "do",
    crosswalk: { iso27001: ["A.5.1"], nistAiRmf: ["GOVERN 1.1"], euAiAct: [] },
  },
  {
    id: "A.2.2",
    title: "AI policy",
    kind: "control",
    parent: "A.2",
    assessable: true,
    summary: "Write down a policy for building or using AI systems.",
    documentedInformation: [
      { name: "AI policy", tag: "required" },
    ],
    evidenceKinds: ["policy", "approval"],
    checks: [
      { id: "policy.ai_uses", severity: "medium", mode: "auto", records: ["policy", "context_statement"], text: "The published AI policy says how the organisation decides to develop, buy or use AI, names the AI roles it acts in, and states what it will not do with AI." },
    ],
    alsoChecks: ["policy.approved", "policy.content"],
    auditQuestions: [
      "Which uses of AI does your policy forbid?",
      "How does it differ for systems you build and systems you buy?",
    ],
    typicalOwner: "top_management",
    pdca: "plan",
    crosswalk: { iso27001: ["5.2", "A.5.1"], nistAiRmf: ["GOVERN 1.1", "GOVERN 1.2", "GOVERN 1.4"], euAiAct: ["Art. 5", "Art. 17"] },
  },
  {
    id: "A.2.3",
    title: "Alignment with other organizational policies",
    kind: "control",
    parent: "A.2",
    assessable: true,
    summary: "Find out which other policies touch AI, or are touched by it, and make them agree.",
    documentedInformation: [
      { name: "Alignment review of other policies", tag: "expected" },
    ],
    evidenceKinds: ["policy", "document"],
    checks: [
      { id: "policy.alignment", severity: "medium", mode: "auto", records: ["policy"], text: "The published AI policy lists every affected policy (at least security, privacy, quality or safety, procurement, people, records), each with an alignment result dated within 12 months, and no result 'conflict' lacks a dated plan." },
    ],
    alsoChecks: [],
    auditQuestions: [
      "Where did your AI policy clash with another policy, and which one won?",
      "Does your procurement policy mention AI?",
    ],
    typicalOwner: "aims_manager",
    pdca: "plan",
    crosswalk: { iso27001: ["A.5.1", "A.5.36"], nistAiRmf: ["GOVERN 1.2", "GOVERN 1.4"], euAiAct: ["Art. 17"] },
  },
  {
    id: "A.2.4",
    title: "Review of the AI policy",
    kind: "control",
    parent: "A.2",
    assessable: true,
    summary: "Look at the AI policy again at set times, and sooner when something calls for it.",
    documentedInformation: [
      { name: "Policy review records", tag: "expected" },
    ],
    evidenceKinds: ["policy", "management_review", "approval"],
    checks: [
      { id: "policy.reviewed", severity: "medium", mode: "auto", records: ["policy", "task"], text: "Each planned policy review was completed by its date with a result, and each listed trigger (new law in force, high or critical incident, scope change) led to a review result within 60 days." },
    ],
    alsoChecks: [],
    auditQuestions: [
      "What made you change, or keep, the policy at the last review?",
      "Which event would make you review it tomorrow?",
    ],
    typicalOwner: "top_management",
    pdca: "check",
    crosswalk: { iso27001: ["5.2", "A.5.1", "A.5.35"], nistAiRmf: ["GOVERN 1.1", "GOVERN 1.5"], euAiAct: ["Art. 17"] },
  },
] as const satisfies readonly NodeShape[];
