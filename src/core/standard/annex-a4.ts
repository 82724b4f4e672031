import type { NodeShape } from "./node.ts";

/** Annex A, group A.4 of ISO/IEC 42001:2023: numbers and short titles are facts, every other word is our own. */
export const annexA4 = [
  {
    id: "A.4",
    title: "Resources for AI systems",
    kind: "control_objective",
    parent: "A",
    assessable: false,
    summary: "Know what each AI system is made of and leans on, so that risks and impacts can be seen in full.",
    documentedInformation: [],
    evidenceKinds: ["resource", "ai_system", "model", "dataset", "approved_source", "k8s_access_scan", "competence_requirement", "competence_record", "role_assignment"],
    checks: [],
    alsoChecks: [],
    auditQuestions: [
      "What is this AI system made of?",
      "Which part could fail you first?",
    ],
    typicalOwner: "ai_system_owner",
    pdca: "do",
    crosswalk: { iso27001: ["A.5.9"], nistAiRmf: ["MAP 2.1"], euAiAct: [] },
  },
  {
    id: "A.4.2",
    title: "Resource documentation",
    kind: "control",
    parent: "A.4",
    assessable: true,
    summary: "List the resources each AI system needs at each stage of its life.",
    documentedInformation: [
      { name: "Resource record per AI system", tag: "required" },
    ],
    evidenceKinds: ["resource", "ai_system", "model", "dataset"],
    checks: [
      { id: "resource.register", severity: "medium", mode: "auto", records: ["ai_system", "resource", "model", "dataset"], text: "Every in-scope ai_system lists, for its present stage, its components, data, tooling, computing and people; an empty list has a reason." },
    ],
    alsoChecks: [],
    auditQuestions: [
      "What does this system stop working without?",
      "Show me the same list for the stage before.",
    ],
    typicalOwner: "ai_system_owner",
    pdca: "do",
    crosswalk: { iso27001: ["A.5.9"], nistAiRmf: ["GOVERN 1.6", "MAP 2.1"], euAiAct: ["Art. 11"] },
  },
  {
    id: "A.4.3",
    title: "Data resources",
    kind: "control",
    parent: "A.4",
    assessable: true,
    summary: "Document the data an AI system uses.",
    documentedInformation: [
      { name: "Data resource records", tag: "required" },
    ],
    evidenceKinds: ["dataset", "ai_system"],
    checks: [
      { id: "dataset.documented", severity: "high", mode: "auto", records: ["dataset", "ai_system"], text: "Every dataset linked to an in-scope ai_system states purpose, source, categories, last update, quality requirements, preparation, retention, known bias issues and a data steward." },
    ],
    alsoChecks: [],
    auditQuestions: [
      "Where did this training set come from and when was it last refreshed?",
      "Who looks after it?",
    ],
    typicalOwner: "data_steward",
    pdca: "do",
    crosswalk: { iso27001: ["A.5.9", "A.5.12"], nistAiRmf: ["MAP 2.1", "MAP 2.3"], euAiAct: ["Art. 10", "Art. 11"] },
  },
  {
    id: "A.4.4",
    title: "Tooling resources",
    kind: "control",
    parent: "A.4",
    assessable: true,
    summary: "Document the tools used: algorithms, training and test tools, optimisers, pipelines, and the like.",
    documentedInformation: [
      { name: "Tooling records", tag: "required" },
    ],
    evidenceKinds: ["resource", "ai_system", "approved_source"],
    checks: [
      { id: "tooling.documented", severity: "medium", mode: "auto", records: ["resource", "ai_system"], text: "Every ai_system that the organisation develops has at least one resource of category tooling with name, version, source and licence, and each tool's source is an approved_source or has an exception." },
    ],
    alsoChecks: [],
    auditQuestions: [
      "Which tools did you use to build and test this, in which version?",
      "Who decides that a new tool may be used?",
    ],
    typicalOwner: "ml_engineer",
    pdca: "do",
    crosswalk: { iso27001: ["A.5.9", "A.5.32"], nistAiRmf: ["MAP 2.1"], euAiAct: ["Art. 11"] },
  },
  {
    id: "A.4.5",
    title: "System and computing resources",
    kind: "control",
    parent: "A.4",
    assessable: true,
    summary: "Document the machines and services an AI system runs on, their limits and their footprint.",
    documentedInformation: [
      { name: "System and computing records", tag: "required" },
    ],
    evidenceKinds: ["resource", "ai_system", "k8s_access_scan"],
    checks: [
      { id: "computing.documented", severity: "medium", mode: "auto", records: ["resource", "ai_system"], text: "Every deployed ai_system has a computing resource record with location, hosting party, capacity limit, environment (dev, test, production) and an energy or footprint note." },
    ],
    alsoChecks: [],
    auditQuestions: [
      "Where does this model run, who runs it for you, and what happens when it is full?",
      "What does it cost the environment?",
    ],
    typicalOwner: "platform_engineer",
    pdca: "do",
    crosswalk: { iso27001: ["A.5.9", "A.5.23", "A.8.6"], nistAiRmf: ["MAP 2.1", "MEASURE 2.12"], euAiAct: ["Art. 11", "Art. 15"] },
  },
  {
    id: "A.4.6",
    title: "Human resources",
    kind: "control",
    parent: "A.4",
    assessable: true,
    summary: "Document the people and skills needed to build, run, change and watch over an AI system.",
    documentedInformation: [
      { name: "Human resource and competence records per AI system", tag: "required" },
    ],
    evidenceKinds: ["resource", "competence_requirement", "competence_record", "role_assignment"],
    checks: [
      { id: "people.documented", severity: "medium", mode: "auto", records: ["resource", "competence_requirement", "ai_system"], text: "Every in-scope ai_system has people resources and competence_requirements for development or acquisition, operation, oversight and retirement, including at least one domain expert." },
    ],
    alsoChecks: ["competence.met"],
    auditQuestions: [
      "Which skills does this team lack?",
      "Who brings the view of the people affected?",
    ],
    typicalOwner: "people_lead",
    pdca: "do",
    crosswalk: { iso27001: ["7.2", "A.6.3"], nistAiRmf: ["GOVERN 3.1", "MAP 1.2", "MAP 3.4"], euAiAct: ["Art. 4", "Art. 14", "Art. 26"] },
  },
] as const satisfies readonly NodeShape[];
