import { after, choice, day, group, line, lines, link, links, list, number, prose, yesNo } from "../field.ts";
import { out } from "../follow.ts";
import { recordKind } from "../kind.ts";
import { authority, machine, named, owner, role, type Moment } from "../deed.ts";
import { changesSince, factsOf, fingerprintCode, nearSystem, withPlanned, type Fact } from "../fingerprint.ts";
import { notOwnerOf, supersedeReplaced } from "../guard.ts";

/** Whether an assessment is stale or overdue is computed, never set. */
export const states = [
  "screening",
  "drafting",
  "consulting",
  "in_review",
  "approved",
  "approved_with_conditions",
  "rejected",
  "superseded",
  "withdrawn",
] as const;

/** What an AI system may do to persons and groups (ISO/IEC 42001, A.5.4). */
export const areasOnPeople = [
  "health_and_safety",
  "fairness",
  "privacy",
  "human_rights",
  "autonomy_and_oversight",
  "transparency_and_recourse",
  "access_to_services",
  "finances",
  "accessibility",
  "work",
] as const;

/** What it may do to society (ISO/IEC 42001, A.5.5). */
export const areasOnSociety = [
  "environment",
  "economy_and_jobs",
  "government_and_public_services",
  "public_health_and_safety",
  "culture_norms_and_democracy",
] as const;

const rating = (title: string) => number(title, { least: 1, most: 5, whole: true });

const impact = <const Areas extends readonly [string, ...string[]]>(areas: Areas) =>
  group(
    "Impact",
    {
      area: choice("Area", areas),
      who: line("Who"),
      what_happens: prose("What happens"),
      severity: rating("Severity"),
      likelihood: rating("Likelihood"),
      how_many: line("How many"),
      reversible: choice("Reversible", ["yes", "mostly", "slowly", "no"]),
      how_long: line("How long"),
      proof: prose("What it rests on"),
      measures: prose("Measures"),
      residual_severity: rating("Severity that remains"),
      residual_likelihood: rating("Likelihood that remains"),
      benefit: prose("A benefit instead"),
      not_relevant_because: prose("Not relevant because"),
      risk: link("Risk", "risk"),
    },
    { must: ["area"] },
  );

export const fields = {
  ai_system: link("AI system", "ai_system"),
  assessment_kind: choice("Kind", ["full", "short"]),
  edition: line("Edition"),
  supersedes: link("Assessment before", "impact_assessment"),
  stage: choice("Made", ["before_purchase", "before_development", "before_first_use", "in_use", "before_change"]),
  trigger: prose("Why it is made now"),
  system_version: line("Version of the system"),
  method_version: line("Version of the method"),
  started_on: day("Begun on"),
  assessor: link("Assessor", "person"),
  co_assessors: links("Co-assessors", "person"),
  team: list(
    "Who took part",
    group("Member", { name: line("Who"), person: link("Person", "person"), part: line("As") }, { must: ["name"] }),
  ),
  planned: list(
    "Assessed before it is so",
    group(
      "Planned fact",
      { field: line("Fact"), value: line("Value"), note: line("Note") },
      { must: ["field", "value"] },
    ),
    { help: "What will be different when the change goes live, so that the assessment covers it" },
  ),
  fingerprint: group(
    "Fingerprint",
    {
      code: line("Code"),
      taken_on: day("Taken on"),
      facts: list("Facts", group("Fact", { field: line("Fact"), value: prose("Value") }, { must: ["field", "value"] })),
    },
    { help: "The facts on which the assessment rests, as they were when it was submitted" },
  ),
  system: group("System", {
    purpose: prose("Purpose"),
    functions: prose("What it does"),
    technical_setting: prose("Technical setting"),
    automated: prose("What is automated"),
    not_automated: prose("What is not automated"),
  }),
  use: group("Use", {
    intended_use: prose("Intended use"),
    excluded_uses: lines("Excluded uses"),
    foreseeable_misuse: lines("Foreseeable misuse"),
  }),
  data: group("Data", {
    sources: prose("Sources"),
    quality: prose("Quality"),
    gaps: prose("Gaps"),
    personal_data: prose("Personal data"),
    bias_review: prose("Bias review"),
  }),
  model: group("Model", {
    model_kind: prose("Kind"),
    how_made: prose("How it was made"),
    known_limits: prose("Known limits"),
    explainability: prose("How it explains itself"),
  }),
  setting: group("Setting", {
    sites: lines("Sites"),
    countries: lines("Countries"),
    languages: lines("Languages"),
    integrations: lines("Integrations"),
    social_setting: prose("Social setting"),
    volumes: line("Volumes"),
  }),
  people: group("People", {
    users: prose("Users"),
    decided_about: prose("People decided about"),
    groups: list(
      "Groups looked at",
      group(
        "Group",
        {
          name: line("Group"),
          party: after(link("Party", "interested_party", { help: "Its entry in the register of interested parties" })),
          vulnerable: yesNo("Vulnerable"),
        },
        { must: ["name"] },
      ),
    ),
    society: prose("Society"),
    asked: list(
      "Who was asked",
      group(
        "Asked",
        { who: line("Who"), how: line("How"), on: day("On"), said: prose("What they said") },
        { must: ["who"] },
      ),
    ),
    said: lines("What people said"),
  }),
  benefits: list(
    "Benefits",
    group("Benefit", { for_whom: line("For whom"), what: prose("What"), proof: prose("Proof") }, { must: ["what"] }),
  ),
  impacts_on_people: list("Impacts on people", impact(areasOnPeople)),
  impacts_on_society: list("Impacts on society", impact(areasOnSociety)),
  failure_and_misuse: list(
    "Failure and misuse",
    group(
      "Scenario",
      {
        scenario: line("Scenario"),
        likelihood: rating("Likelihood"),
        effect: prose("Effect"),
        detection: prose("How it is noticed, and what is done"),
      },
      { must: ["scenario"] },
    ),
  ),
  oversight: group("Oversight and recourse", {
    who: prose("Who oversees"),
    can_overrule: prose("Can they overrule it"),
    contest: prose("How a person contests the outcome"),
  }),
  measures: list(
    "Measures",
    group(
      "Measure",
      {
        what: line("What"),
        who: link("Who", "person"),
        due: day("Due"),
        effect_on_rating: line("Effect on the rating"),
        state: after(choice("State", ["open", "in_progress", "running", "done", "dropped"])),
        done_on: after(day("Done on")),
      },
      { must: ["what"] },
    ),
  ),
  residual: group("What remains", {
    what_remains: prose("What remains"),
    who_bears: prose("Who bears it"),
    why_acceptable: prose("Why that is acceptable"),
  }),
  conclusion: choice("Conclusion", ["go", "go_with_conditions", "no_go"]),
  conclusion_text: prose("Conclusion in words"),
  conditions: list(
    "Conditions",
    group(
      "Condition",
      {
        no: line("No"),
        text: prose("Condition"),
        due: day("Due"),
        standing: yesNo("Standing", { help: "Holds all the time instead of by a day" }),
        met_on: after(day("Met on")),
        broken_on: after(day("Broken on")),
        note: after(prose("Note")),
      },
      { must: ["text"] },
    ),
  ),
  sharing: after(
    list(
      "Who receives what",
      group(
        "Recipient",
        {
          recipient: line("Recipient"),
          party: link("Party", "interested_party"),
          person: link("Person", "person"),
          part: choice("Part", ["full", "short", "public_page"]),
          by: day("By"),
          event: link("Told by", "communication_event"),
        },
        { must: ["recipient"] },
      ),
    ),
  ),
  withheld: list(
    "Held back",
    group("Held back", { what: line("What"), from: line("From whom"), why: prose("Why") }, { must: ["what", "why"] }),
  ),
  next_look_triggers: lines("Look again at once if"),
  add_ons: group("Add-ons", {
    legal_class: prose("Legal class"),
    fundamental_rights: prose("Fundamental rights"),
    privacy_assessment: line("Privacy assessment"),
    open_questions: prose("Open questions"),
  }),
  judgements: after(
    list(
      "Differences judged",
      group(
        "Judgement",
        {
          field: line("Fact"),
          old: prose("Was"),
          new: prose("Is"),
          proposal: choice("Proposed", ["material", "no_material_effect"]),
          reason: prose("Why"),
          proposed_by: link("Proposed by", "person"),
          proposed_on: day("Proposed on"),
          decision: choice("Decision", ["agreed", "refused"]),
          countersigned_by: link("Countersigned by", "person"),
          countersigned_on: day("Countersigned on"),
          comment: prose("Comment"),
        },
        { must: ["field"] },
      ),
    ),
  ),
  proposal: after(
    group(
      "Judgement proposed",
      { field: line("Fact"), proposal: choice("Proposed", ["material", "no_material_effect"]), reason: prose("Why") },
      {
        must: ["field", "proposal", "reason"],
        help: "Handed over by the owner's deed and kept among the differences judged",
      },
    ),
  ),
  answer: after(
    group(
      "Answer to a judgement",
      { field: line("Fact"), decision: choice("Decision", ["agreed", "refused"]), comment: prose("Comment") },
      { must: ["field", "decision"], help: "Handed over by who countersigns and kept among the differences judged" },
    ),
  ),
  approved_by: after(link("Approved by", "person")),
  approved_on: after(day("Approved on")),
  rejection_reason: after(prose("Why rejected")),
};

const assessors = [...role("impact_assessor"), ...named("assessor")];
const live = ["screening", "drafting", "consulting", "in_review", "approved", "approved_with_conditions"] as const;
const approvedStates = ["approved", "approved_with_conditions"] as const;
const system = { system: out("ai_system", "ai_system") };

export const kind = recordKind({
  name: "impact_assessment",
  prefix: "IA",
  title: "Impact assessment",
  plural: "Impact assessments",
  summary: "What an AI system may do to people and society, judged by someone who does not profit from it.",
  serves: ["6.1.4", "8.4", "A.5.2", "A.5.3", "A.5.4", "A.5.5"],
  fields,
  states,
  live,
  frozen: ["in_review", ...approvedStates, "rejected", "superseded", "withdrawn"],
  columns: ["title", "ai_system", "assessment_kind", "conclusion", "approved_on", "next_review_on"],
  deeds: {
    open: {
      title: "Open impact assessment",
      from: "new",
      to: "screening",
      who: [...role("impact_assessor", "ai_system_owner", "aims_manager"), ...machine],
      needs: ["ai_system", "trigger"],
      fills: ({ next }) => ({
        title: next.title ?? `Impact assessment of ${next.ai_system ?? ""}`,
        ai_systems: next.ai_systems ?? (next.ai_system === undefined ? undefined : [next.ai_system]),
        owner: next.owner ?? next.assessor,
      }),
    },
    begin: {
      title: "Begin impact assessment",
      from: ["screening"],
      to: "drafting",
      who: assessors,
      needs: ["assessment_kind"],
      follow: system,
      fills: ({ next, actor, today }) => ({
        assessor: next.assessor ?? actor.person,
        started_on: next.started_on ?? today,
      }),
      guards: [outsideDelivery()],
    },
    supply_facts: {
      title: "Supply facts for impact assessment",
      from: ["screening", "drafting", "consulting"],
      who: role("ai_system_owner", "ml_engineer", "data_steward", "legal_advisor"),
      sets: ["system", "use", "data", "model", "setting", "planned", "add_ons", "evidence"],
    },
    amend: { title: "Amend impact assessment", from: ["screening", "drafting", "consulting"], who: assessors },
    consult: {
      title: "Consult on impact assessment",
      from: ["drafting"],
      to: "consulting",
      who: assessors,
      sets: ["people", "sharing"],
    },
    submit: {
      title: "Submit impact assessment",
      from: ["drafting", "consulting"],
      to: "in_review",
      who: assessors,
      needs: ["assessment_kind", "assessor", "conclusion", "impacts_on_people", "retention_until", "next_review_on"],
      follow: nearSystem,
      fills: ({ next, near, today }) => ({ fingerprint: takeFingerprint(next, near, today) }),
      guards: [
        outsideDelivery(),
        { rule: "domain model, section 5", refuse: ({ next }) => severeWithoutRisk(next) },
        {
          rule: "domain model, section 5",
          refuse: ({ next }) =>
            next.conclusion === "go_with_conditions" && (next.conditions ?? []).length === 0
              ? "it concludes with conditions and names none"
              : undefined,
        },
      ],
    },
    return: {
      title: "Return impact assessment",
      from: ["in_review"],
      to: "drafting",
      who: [...assessors, ...authority("approve impact assessment")],
      sets: [],
    },
    approve: {
      title: "Approve impact assessment",
      from: ["in_review"],
      to: (next) => (next.conclusion === "go_with_conditions" ? "approved_with_conditions" : "approved"),
      who: authority("approve impact assessment"),
      sets: ["next_review_on"],
      approves: (next) => (next.conclusion === "go_with_conditions" ? "approve_with_conditions" : "approve"),
      apart: ["creator", "assessor", "co_assessors"],
      apartRule: "INV-07",
      follow: { ...system, replaced: out("impact_assessment", "supersedes") },
      fills: ({ actor, today }) => ({ approved_by: actor.person, approved_on: today }),
      guards: [
        notOwnerOf("system", "INV-07"),
        {
          rule: "domain model, section 5",
          refuse: ({ next }) =>
            next.conclusion === "no_go" ? "its conclusion is no go; reject the use, or return it" : undefined,
        },
      ],
      effects: supersedeReplaced,
    },
    reject: {
      title: "Reject impact assessment",
      from: ["in_review"],
      to: "rejected",
      who: authority("approve impact assessment"),
      sets: ["rejection_reason"],
      needs: ["rejection_reason"],
      approves: "reject",
      apart: ["creator", "assessor", "co_assessors"],
      apartRule: "INV-07",
      follow: system,
      guards: [notOwnerOf("system", "INV-07")],
    },
    report_progress: {
      title: "Report measures and conditions of impact assessment",
      from: approvedStates,
      who: [...owner, ...assessors, ...role("ai_system_owner", "aims_manager"), ...named("measures.who"), ...machine],
      sets: ["measures", "conditions", "evidence"],
    },
    share: {
      title: "Record sharing of impact assessment",
      from: ["in_review", ...approvedStates],
      who: [...assessors, ...role("communications_lead", "aims_manager", "ai_system_owner")],
      sets: ["sharing"],
    },
    link_parties: {
      title: "Link groups of impact assessment to interested parties",
      from: approvedStates,
      who: [...assessors, ...role("aims_manager", "ai_system_owner")],
      sets: ["people"],
    },
    propose_judgement: {
      title: "Propose judgement on a difference to impact assessment",
      from: approvedStates,
      who: role("ai_system_owner", "aims_manager"),
      sets: ["proposal"],
      follow: nearSystem,
      fills: signProposal,
      guards: [
        {
          rule: "domain model, section 5",
          refuse: ({ before, next }) =>
            grown(before, next)
              ? undefined
              : "the system does not differ from the assessment in that fact, or it waits for an answer already",
        },
      ],
    },
    countersign: {
      title: "Countersign judgement on impact assessment",
      from: approvedStates,
      who: role("impact_assessor", "aims_manager"),
      sets: ["answer"],
      fills: signAnswer,
      guards: [
        {
          rule: "domain model, section 5",
          refuse: ({ before, next }) =>
            answered(before, next) === undefined ? "no judgement on that fact waits for an answer" : undefined,
        },
        { rule: "INV-04", code: "duties-apart", refuse: countersignsOwn },
      ],
      op: "sign",
    },
    set_review: {
      title: "Bring forward review of impact assessment",
      from: approvedStates,
      who: [...assessors, ...role("aims_manager"), ...machine],
      sets: ["next_review_on"],
      needs: ["next_review_on"],
      guards: [
        {
          rule: "domain model, section 10",
          refuse: ({ before, next }) =>
            before?.next_review_on !== undefined &&
            next.next_review_on !== undefined &&
            next.next_review_on > before.next_review_on
              ? "a review is brought forward, not put off"
              : undefined,
        },
      ],
    },
    supersede: {
      title: "Supersede impact assessment",
      from: [...approvedStates, "rejected"],
      to: "superseded",
      who: machine,
      sets: [],
    },
    withdraw: {
      title: "Withdraw impact assessment",
      from: ["screening", "drafting", "consulting", "in_review"],
      to: "withdrawn",
      who: [...assessors, ...role("aims_manager")],
      sets: ["rejection_reason"],
      needs: ["rejection_reason"],
    },
  },
});

/** Who answers for the system or builds it does not judge what it does to people (domain model, section 8). */
function outsideDelivery() {
  return {
    rule: "domain model, section 8",
    code: "duties-apart" as const,
    refuse: ({ next, near }: Moment<"impact_assessment">) => {
      const owned = (near["system"] ?? []).find(
        (found) =>
          found.owner !== undefined &&
          (found.owner === next.assessor || (next.co_assessors ?? []).includes(found.owner)),
      );
      return owned && `${owned.owner} owns ${owned.ref}, and who owns a system does not assess it`;
    },
  };
}

function severeWithoutRisk(next: Moment<"impact_assessment">["next"]): string | undefined {
  const severe = [...(next.impacts_on_people ?? []), ...(next.impacts_on_society ?? [])].find(
    (row) => (row.severity ?? 0) >= 4 && row.risk === undefined,
  );
  return severe && `the impact on "${severe.area}" is rated ${severe.severity} and names no risk`;
}

function takeFingerprint(
  next: Moment<"impact_assessment">["next"],
  near: Moment["near"],
  today: string,
): Record<string, unknown> | undefined {
  const facts = factsOf(near);
  if (!facts) return undefined;
  const assessed = withPlanned(facts, next.planned ?? []);
  return { code: fingerprintCode(next.ai_system ?? "", assessed), taken_on: today, facts: assessed };
}

/** The proposal becomes one more judgement, bound to exactly this difference: what was and what is are the machine's words. */
function signProposal({ before, next, actor, today, near }: Moment<"impact_assessment">): Record<string, unknown> {
  const known = before?.judgements ?? [];
  const facts: readonly Fact[] = factsOf(near) ?? [];
  const difference = changesSince(next.fingerprint?.facts ?? [], facts).find(
    (change) => change.field === next.proposal?.field,
  );
  const waits = known.some((judgement) => judgement.field === next.proposal?.field && judgement.decision === undefined);
  if (!next.proposal || !difference || waits) return { proposal: undefined };
  return {
    proposal: undefined,
    judgements: [
      ...known,
      {
        ...difference,
        proposal: next.proposal.proposal,
        reason: next.proposal.reason,
        proposed_by: actor.person,
        proposed_on: today,
      },
    ],
  };
}

function signAnswer({ before, next, actor, today }: Moment<"impact_assessment">): Record<string, unknown> {
  const { answer } = next;
  if (!answer) return {};
  const judgements = (before?.judgements ?? []).map((judgement) =>
    judgement.field === answer.field && judgement.decision === undefined
      ? {
          ...judgement,
          decision: answer.decision,
          ...(answer.comment === undefined ? {} : { comment: answer.comment }),
          countersigned_by: actor.person,
          countersigned_on: today,
        }
      : judgement,
  );
  return { answer: undefined, judgements };
}

type Assessment = Moment<"impact_assessment">["next"];

const grown = (before: Assessment | undefined, next: Assessment): boolean =>
  (next.judgements?.length ?? 0) > (before?.judgements?.length ?? 0);

/** The judgement that this deed answers. */
function answered(before: Assessment | undefined, next: Assessment) {
  return next.judgements?.find(
    (judgement, position) => judgement.decision !== undefined && before?.judgements?.[position]?.decision === undefined,
  );
}

function countersignsOwn({ before, next, actor }: Moment<"impact_assessment">): string | undefined {
  const own = answered(before, next);
  return own !== undefined && own.proposed_by === actor.person
    ? `${actor.person} proposed the judgement on "${own.field}" and does not countersign it`
    : undefined;
}
