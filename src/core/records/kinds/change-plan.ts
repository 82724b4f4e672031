import { after, choice, day, group, link, links, prose, yesNo } from "../field.ts";
import { out } from "../follow.ts";
import { recordKind, type RecordOf } from "../kind.ts";
import { authority, named, owner, role } from "../deed.ts";
import { stillHere } from "../guard.ts";

export const states = [
  "proposed",
  "assessed",
  "approved",
  "rejected",
  "in_progress",
  "done",
  "reviewed",
  "withdrawn",
] as const;

export const fields = {
  what: prose("What changes"),
  why_now: prose("Why now"),
  consequences: prose("Consequences looked at", { help: "Also those nobody wants" }),
  keeps_aims_whole: prose("How the AIMS stays whole", { help: "What must not fall apart while it changes" }),
  resources: prose("Resources"),
  responsibilities: prose("Responsibilities"),
  responsible: link("Responsible", "person"),
  affected_records: after(
    links("Records it changes", [], { help: "Editions, roles and processes that exist because of this change" }),
  ),
  risk_review_needed: yesNo("Risks to be assessed again"),
  risks: links("Risks looked at", "risk"),
  risks_assessed_on: day("Risks assessed on", {
    help: "When the risks looked at were last assessed before the decision",
  }),
  ia_needed: yesNo("Impact assessment needed"),
  communication_needed: yesNo("To be told to others"),
  rollback: prose("Way back"),
  effective_on: day("Takes effect on"),
  trigger: choice("Because of", [
    "review",
    "audit",
    "incident",
    "law",
    "supplier",
    "objective",
    "idea",
    "organisation",
  ]),
  due: day("Done by"),
  approved_by: after(link("Approved by", "person")),
  approved_on: after(day("Approved on")),
  rejection_reason: after(prose("Why rejected")),
  progress: after(prose("Progress")),
  done_on: after(day("Done on")),
  review: after(
    group("Review", {
      on: day("On"),
      by: link("By", "person"),
      result: choice("Result", ["as_planned", "partly", "not_as_planned"]),
      note: prose("What was seen"),
    }),
  ),
};

const authors = [...owner, ...role("aims_manager")];
const people = { responsible: out("person", "responsible"), risks: out("risk", "risks") };

export const kind = recordKind({
  name: "change_plan",
  prefix: "CH",
  title: "Change plan",
  plural: "Change plans",
  summary: "A change to the AIMS, thought through before it takes effect.",
  serves: ["6.3", "8.1"],
  fields,
  states,
  live: ["proposed", "assessed", "approved", "in_progress", "done"],
  frozen: ["approved", "rejected", "in_progress", "done", "reviewed", "withdrawn"],
  columns: ["title", "responsible", "effective_on", "approved_on", "due"],
  deeds: {
    propose: {
      title: "Propose change",
      from: "new",
      to: "proposed",
      who: [
        ...role(
          "aims_manager",
          "top_management",
          "ai_system_owner",
          "risk_owner",
          "platform_engineer",
          "procurement_lead",
          "legal_advisor",
          "impact_assessor",
          "people_lead",
          "lead_internal_auditor",
        ),
      ],
      needs: ["title", "what", "why_now"],
    },
    amend: {
      title: "Amend change",
      from: ["proposed", "assessed"],
      who: authors,
      follow: people,
      guards: [stillHere("responsible")],
    },
    assess: {
      title: "Assess change",
      from: ["proposed"],
      to: "assessed",
      who: authors,
      needs: ["consequences", "keeps_aims_whole", "resources", "responsibilities", "responsible"],
      follow: people,
      guards: [stillHere("responsible")],
    },
    approve: {
      title: "Approve change",
      from: ["assessed"],
      to: "approved",
      who: [...role("top_management"), ...authority("approve AI risk treatment")],
      sets: [],
      approves: "approve",
      apart: ["creator"],
      follow: people,
      fills: ({ actor, today }) => ({ approved_by: actor.person, approved_on: today }),
      guards: [
        {
          rule: "8.2",
          refuse: ({ next, near }) => {
            if (next.risk_review_needed !== true) return undefined;
            const looked = (near["risks"] ?? []) as readonly RecordOf<"risk">[];
            const unseen = looked.find((risk) => risk.assessed_on === undefined);
            return looked.length === 0 || unseen
              ? `its risks are to be assessed first${unseen ? `, among them ${unseen.ref}` : "; name them"}`
              : undefined;
          },
        },
      ],
    },
    reject: {
      title: "Reject change",
      from: ["proposed", "assessed"],
      to: "rejected",
      who: [...role("top_management"), ...authority("approve AI risk treatment")],
      sets: ["rejection_reason"],
      needs: ["rejection_reason"],
      approves: "reject",
    },
    start: {
      title: "Start change",
      from: ["approved"],
      to: "in_progress",
      who: [...authors, ...named("responsible")],
      sets: ["progress", "affected_records"],
    },
    report_progress: {
      title: "Report progress of change",
      from: ["approved", "in_progress"],
      who: [...authors, ...named("responsible")],
      sets: ["progress", "affected_records", "related", "evidence"],
    },
    finish: {
      title: "Finish change",
      from: ["approved", "in_progress"],
      to: "done",
      who: [...authors, ...named("responsible")],
      sets: ["progress", "affected_records", "done_on", "evidence"],
      fills: ({ next, today }) => ({ done_on: next.done_on ?? today }),
    },
    review: {
      title: "Review change",
      from: ["done"],
      to: "reviewed",
      who: [
        ...authors,
        ...role("top_management", "internal_auditor", "lead_internal_auditor"),
        ...authority("approve AI risk treatment"),
      ],
      sets: ["review", "evidence"],
      needs: ["review"],
      fills: ({ next, actor, today }) => ({
        review: { ...next.review, on: next.review?.on ?? today, by: next.review?.by ?? actor.person },
      }),
      guards: [
        {
          rule: "6.3",
          refuse: ({ next }) => (next.review?.result === undefined ? "say whether it went as planned" : undefined),
        },
      ],
    },
    withdraw: {
      title: "Withdraw change",
      from: ["proposed", "assessed", "approved"],
      to: "withdrawn",
      who: authors,
      sets: ["rejection_reason"],
      needs: ["rejection_reason"],
    },
  },
});
