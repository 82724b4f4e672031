import type { NodeShape } from "./node.ts";

/** Annex A, group A.10 of ISO/IEC 42001:2023: numbers and short titles are facts, every other word is our own. */
export const annexA10 = [
  {
    id: "A.10",
    title: "Third-party and customer relationships",
    kind: "control_objective",
    parent: "A",
    assessable: false,
    summary: "Stay answerable, and share risks fairly, when others have a part in the AI system.",
    documentedInformation: [],
    evidenceKinds: ["supplier", "ai_system", "document", "evaluation", "incident", "finding", "interested_party", "obligation", "communication_event"],
    checks: [],
    alsoChecks: [],
    auditQuestions: [
      "Who else has a hand in this system?",
      "Which duty has nobody taken?",
    ],
    typicalOwner: "procurement_lead",
    pdca: "do",
    crosswalk: { iso27001: ["A.5.19"], nistAiRmf: ["GOVERN 6.1"], euAiAct: ["Art. 25"] },
  },
  {
    id: "A.10.2",
    title: "Allocating responsibilities",
    kind: "control",
    parent: "A.10",
    assessable: true,
    summary: "Split AI duties clearly among the organisation, partners, suppliers, customers and others.",
    documentedInformation: [
      { name: "Signed responsibility split", tag: "expected" },
    ],
    evidenceKinds: ["supplier", "ai_system", "document"],
    checks: [
      { id: "third.responsibilities", severity: "high", mode: "auto", records: ["supplier", "ai_system"], text: "For every ai_system with a supplier or partner, each duty area (data, testing, monitoring, incident notice, updates, oversight, legal role) is given to a named side and the split is agreed in a signed document." },
    ],
    alsoChecks: [],
    auditQuestions: [
      "If this model harms someone, which duty is yours and which is theirs?",
      "Who is the provider in the eyes of the law?",
    ],
    typicalOwner: "legal_advisor",
    pdca: "do",
    crosswalk: { iso27001: ["A.5.20", "A.5.23"], nistAiRmf: ["GOVERN 2.1", "GOVERN 6.1"], euAiAct: ["Art. 25", "Art. 26"] },
  },
  {
    id: "A.10.3",
    title: "Suppliers",
    kind: "control",
    parent: "A.10",
    assessable: true,
    summary: "Make sure that what suppliers deliver fits the organisation's way of doing AI responsibly.",
    documentedInformation: [
      { name: "Supplier assessments and monitoring", tag: "expected" },
    ],
    evidenceKinds: ["supplier", "evaluation", "incident", "finding"],
    checks: [
      { id: "supplier.due_diligence", severity: "high", mode: "auto", records: ["supplier"], text: "Every supplier of an in-scope ai_system, model, dataset or AI computing has a due-diligence result dated before first use and a review not past its due date." },
      { id: "supplier.change_watch", severity: "high", mode: "auto", records: ["supplier", "change_plan", "ai_system"], text: "Every supplier change of feature, model or terms that was announced or found was assessed within 15 working days and, where it can be held back, before it was enabled." },
      { id: "supplier.exit", severity: "medium", mode: "auto", records: ["supplier", "ai_system"], text: "Every supplier of a tier 1 system has an exit or fallback plan reviewed within 12 months." },
    ],
    alsoChecks: [],
    auditQuestions: [
      "How do you learn that your supplier swapped the model?",
      "What did you do when a supplier fell short?",
      "Could you leave within three months?",
    ],
    typicalOwner: "procurement_lead",
    pdca: "do",
    crosswalk: { iso27001: ["A.5.19", "A.5.20", "A.5.21", "A.5.22"], nistAiRmf: ["GOVERN 6.1", "GOVERN 6.2", "MANAGE 3.1", "MANAGE 3.2", "MAP 4.1", "MAP 4.2"], euAiAct: ["Art. 17", "Art. 25"] },
  },
  {
    id: "A.10.4",
    title: "Customers",
    kind: "control",
    parent: "A.10",
    assessable: true,
    summary: "Take customers' expectations and needs into account in the way AI is done.",
    documentedInformation: [
      { name: "Customer needs and agreements", tag: "expected" },
    ],
    evidenceKinds: ["interested_party", "obligation", "communication_event"],
    checks: [
      { id: "customer.needs", severity: "medium", mode: "auto", records: ["interested_party", "obligation", "ai_system"], text: "For every ai_system where the organisation acts as provider, each customer or customer group is an interested_party with recorded needs, the information given to it, and its own duties." },
    ],
    alsoChecks: [],
    auditQuestions: [
      "What do your customers need to know so that they can use your AI responsibly?",
      "Which customer expectation did you turn down?",
    ],
    typicalOwner: "ai_system_owner",
    pdca: "do",
    crosswalk: { iso27001: ["A.5.20", "A.5.31"], nistAiRmf: ["GOVERN 5.1", "MAP 1.1", "MAP 1.2"], euAiAct: ["Art. 13", "Art. 25"] },
  },
] as const satisfies readonly NodeShape[];
