import { after, choice, day, group, line, lines, link, links, list, prose, yesNo } from "../field.ts";
import { out } from "../follow.ts";
import { recordKind } from "../kind.ts";
import { authority, machine, named, owner, role, type Moment } from "../deed.ts";
import { sections } from "../assessment-sections.ts";
import { factsOf, fingerprintCode, nearSystem, withPlanned } from "../fingerprint.ts";
import { answersNothing, countersignsOwn, notTakenUp, signAnswer, signProposal } from "../judgement.ts";
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
  ...sections,
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
      guards: [{ rule: "domain model, section 5", refuse: notTakenUp }],
    },
    countersign: {
      title: "Countersign judgement on impact assessment",
      from: approvedStates,
      who: role("impact_assessor", "aims_manager"),
      sets: ["answer"],
      fills: signAnswer,
      guards: [
        { rule: "domain model, section 5", refuse: answersNothing },
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
