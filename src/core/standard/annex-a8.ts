import type { NodeShape } from "./node.ts";

/** Annex A, group A.8 of ISO/IEC 42001:2023: numbers and short titles are facts, every other word is our own. */
export const annexA8 = [
  {
    id: "A.8",
    title: "Information for interested parties of AI systems",
    kind: "control_objective",
    parent: "A",
    assessable: false,
    summary: "Give those concerned what they need to understand the system, judge its risks and speak up.",
    documentedInformation: [],
    evidenceKinds: ["document", "ai_system", "communication_event", "concern", "evidence_item", "communication_plan", "incident", "obligation", "interested_party"],
    checks: [],
    alsoChecks: [],
    auditQuestions: [
      "What do the people concerned get to know?",
      "How do they talk back?",
    ],
    typicalOwner: "communications_lead",
    pdca: "do",
    crosswalk: { iso27001: [], nistAiRmf: ["MEASURE 2.8"], euAiAct: ["Art. 13", "Art. 50"] },
  },
  {
    id: "A.8.2",
    title: "System documentation and information for users",
    kind: "control",
    parent: "A.8",
    assessable: true,
    summary: "Work out what users need to know and give it to them.",
    documentedInformation: [
      { name: "User information", tag: "expected" },
    ],
    evidenceKinds: ["document", "ai_system", "communication_event"],
    checks: [
      { id: "info.users", severity: "high", mode: "auto", records: ["ai_system", "document", "communication_event"], text: "Every deployed ai_system has user information matching the deployed release that says it is AI, its purpose, how to use it, limits and known error rates, when a person must check, and where to get help; it was given to users before first use." },
    ],
    alsoChecks: [],
    auditQuestions: [
      "Does the user know they are dealing with AI, and when not to trust it?",
      "Show me what changed in the user guide with the last release.",
    ],
    typicalOwner: "ai_system_owner",
    pdca: "do",
    crosswalk: { iso27001: ["A.5.37"], nistAiRmf: ["MAP 2.2", "MEASURE 2.8", "MEASURE 2.9"], euAiAct: ["Art. 13", "Art. 26", "Art. 50"] },
  },
  {
    id: "A.8.3",
    title: "External reporting",
    kind: "control",
    parent: "A.8",
    assessable: true,
    summary: "Give people outside a way to report harm or other bad effects of an AI system to the organisation.",
    note: "Often misread as the organisation reporting outwards. It is about receiving reports from outside; outward reporting duties sit in A.8.4 and A.8.5.",
    documentedInformation: [
      { name: "Public reporting route", tag: "expected" },
      { name: "Reports received", tag: "expected" },
    ],
    evidenceKinds: ["concern", "communication_event", "evidence_item"],
    checks: [
      { id: "external.route", severity: "high", mode: "auto", records: ["communication_event", "concern", "evidence_item"], text: "A public route exists, in the languages of the people affected, by which anyone can report an adverse effect of any deployed ai_system; it was tried out within the past 12 months and test reports reached the concern log." },
    ],
    alsoChecks: ["concern.timely"],
    auditQuestions: [
      "I am a patient with a complaint about your algorithm. What do I do?",
      "What did you learn from the last such report?",
    ],
    typicalOwner: "concern_handler",
    pdca: "do",
    crosswalk: { iso27001: ["A.6.8"], nistAiRmf: ["GOVERN 5.1", "GOVERN 5.2", "MEASURE 3.3"], euAiAct: ["Art. 26", "Art. 72", "Art. 85"] },
  },
  {
    id: "A.8.4",
    title: "Communication of incidents",
    kind: "control",
    parent: "A.8",
    assessable: true,
    summary: "Plan how users of the system are told about incidents, and write the plan down.",
    documentedInformation: [
      { name: "Incident communication plan", tag: "required" },
    ],
    evidenceKinds: ["communication_plan", "incident", "communication_event"],
    checks: [
      { id: "incident.comms_plan", severity: "high", mode: "auto", records: ["communication_plan"], text: "The approved communication_plan has at least one line for AI incidents that states whom to tell (users, customers, authorities, others), what, how fast, how and by whom, for each incident kind and severity." },
      { id: "incident.notified", severity: "high", mode: "auto", records: ["incident"], text: "Every notification listed on an incident has sent_at on or before its due_at, or an open nonconformity." },
    ],
    alsoChecks: [],
    auditQuestions: [
      "What exactly triggers a message to users, and to an authority?",
      "How long did it take the last time?",
    ],
    typicalOwner: "communications_lead",
    pdca: "act",
    crosswalk: { iso27001: ["A.5.24", "A.5.26", "A.5.5"], nistAiRmf: ["GOVERN 4.3", "MANAGE 4.3"], euAiAct: ["Art. 26", "Art. 73"] },
  },
  {
    id: "A.8.5",
    title: "Information for interested parties",
    kind: "control",
    parent: "A.8",
    assessable: true,
    summary: "Find out and write down what must be reported about the AI system, to whom.",
    documentedInformation: [
      { name: "Register of reporting duties", tag: "required" },
    ],
    evidenceKinds: ["obligation", "communication_plan", "communication_event", "interested_party"],
    checks: [
      { id: "info.duties", severity: "medium", mode: "auto", records: ["obligation", "communication_plan", "communication_event"], text: "Every obligation of kind reporting has a matching communication_plan line with an owner, and no such line missed its window in the period." },
    ],
    alsoChecks: [],
    auditQuestions: [
      "Which facts about this system must you give to which body, by when?",
      "Who asked you for information, and what did you send?",
    ],
    typicalOwner: "legal_advisor",
    pdca: "do",
    crosswalk: { iso27001: ["A.5.5", "A.5.31"], nistAiRmf: ["GOVERN 4.2", "MANAGE 4.3", "MEASURE 2.8"], euAiAct: ["Art. 13", "Art. 26", "Art. 49", "Art. 50", "Art. 86"] },
  },
] as const satisfies readonly NodeShape[];
