import type { NodeShape } from "./node.ts";

/** Annex A, group A.5 of ISO/IEC 42001:2023: numbers and short titles are facts, every other word is our own. */
export const annexA5 = [
  {
    id: "A.5",
    title: "Assessing impacts of AI systems",
    kind: "control_objective",
    parent: "A",
    assessable: false,
    summary: "Find out what an AI system does to people, groups and society through its whole life.",
    documentedInformation: [],
    evidenceKinds: ["document", "ai_system", "impact_assessment", "interested_party"],
    checks: [],
    alsoChecks: [],
    auditQuestions: [
      "Whom does this system help and whom could it hurt?",
      "What did you change because of that?",
    ],
    typicalOwner: "impact_assessor",
    pdca: "do",
    crosswalk: { iso27001: [], nistAiRmf: ["MAP 5.1"], euAiAct: ["Art. 27"] },
  },
  {
    id: "A.5.2",
    title: "AI system impact assessment process",
    kind: "control",
    parent: "A.5",
    assessable: true,
    summary: "Set up a process to judge what may happen to individuals, groups and societies because of an AI system.",
    documentedInformation: [
      { name: "Impact assessment procedure", tag: "expected" },
    ],
    evidenceKinds: ["document", "ai_system", "impact_assessment"],
    checks: [
      { id: "ia.screening", severity: "high", mode: "auto", records: ["ai_system", "impact_assessment"], text: "Every ai_system that entered stage design, or was bought, after the organisation's AIMS start date has a screening result (full, short or none with reason) dated before it entered stage development or before its contract was signed; older systems have one dated within 90 days after that start." },
    ],
    alsoChecks: ["ia.process"],
    auditQuestions: [
      "Who decides which systems get a full assessment, by which test?",
      "What makes you redo one?",
    ],
    typicalOwner: "impact_assessor",
    pdca: "plan",
    crosswalk: { iso27001: ["6.1.2", "A.5.34"], nistAiRmf: ["MAP 1.1", "MAP 5.1"], euAiAct: ["Art. 9", "Art. 27"] },
  },
  {
    id: "A.5.3",
    title: "Documentation of AI system impact assessments",
    kind: "control",
    parent: "A.5",
    assessable: true,
    summary: "Write the results down and keep them for a set time.",
    documentedInformation: [
      { name: "Impact assessment reports with retention time", tag: "required" },
    ],
    evidenceKinds: ["impact_assessment"],
    checks: [
      { id: "ia.documented", severity: "high", mode: "auto", records: ["impact_assessment"], text: "Every approved impact_assessment has all sections of its template completed, a retention_until date, the people who took part, and the version of the ai_system assessed." },
    ],
    alsoChecks: [],
    auditQuestions: [
      "How long do you keep these and why that long?",
      "Can I see the first version as well as the latest?",
    ],
    typicalOwner: "impact_assessor",
    pdca: "do",
    crosswalk: { iso27001: ["8.2", "A.5.33"], nistAiRmf: ["MAP 5.1", "GOVERN 4.2"], euAiAct: ["Art. 18", "Art. 27"] },
  },
  {
    id: "A.5.4",
    title: "Assessing AI system impact on individuals or groups of individuals",
    kind: "control",
    parent: "A.5",
    assessable: true,
    summary: "Judge and write down effects on single people and groups: fairness, safety, privacy, rights, access, money, autonomy and more.",
    documentedInformation: [
      { name: "Impacts on individuals and groups", tag: "required" },
    ],
    evidenceKinds: ["impact_assessment", "interested_party"],
    checks: [
      { id: "ia.individuals", severity: "high", mode: "auto", records: ["impact_assessment"], text: "Every approved full impact_assessment rates, or calls not relevant with a reason, each individual-level area: fairness, health and safety, privacy, human rights, autonomy and oversight, transparency and recourse, access to services, finances, accessibility, work." },
    ],
    alsoChecks: [],
    auditQuestions: [
      "Who could be treated worse by this, and how did you look?",
      "Are children, older people or people with a disability among those affected?",
      "How can someone contest the outcome?",
    ],
    typicalOwner: "impact_assessor",
    pdca: "do",
    crosswalk: { iso27001: ["A.5.34"], nistAiRmf: ["MAP 1.6", "MAP 5.1", "MEASURE 2.10", "MEASURE 2.11"], euAiAct: ["Art. 27", "Art. 86"] },
  },
  {
    id: "A.5.5",
    title: "Assessing societal impacts of AI systems",
    kind: "control",
    parent: "A.5",
    assessable: true,
    summary: "Judge and write down effects on society: environment, economy, public life, health and safety at large, culture and values.",
    documentedInformation: [
      { name: "Impacts on society", tag: "required" },
    ],
    evidenceKinds: ["impact_assessment"],
    checks: [
      { id: "ia.society", severity: "high", mode: "auto", records: ["impact_assessment"], text: "Every approved full impact_assessment rates, or calls not relevant with a reason, each society-level area: environment, economy and jobs, government and public services, public health and safety, culture, norms and democracy." },
    ],
    alsoChecks: [],
    auditQuestions: [
      "If everybody in your sector used this system, what would change?",
      "What did you find out about its energy use?",
    ],
    typicalOwner: "impact_assessor",
    pdca: "do",
    crosswalk: { iso27001: [], nistAiRmf: ["MAP 1.6", "MAP 5.1", "MEASURE 2.12"], euAiAct: ["Art. 27"] },
  },
] as const satisfies readonly NodeShape[];
