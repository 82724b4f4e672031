import { after, choice, line, link, prose, yesNo } from "../field.ts";
import { recordKind, type RecordOf } from "../kind.ts";
import { back, out } from "../follow.ts";
import { named, role, type Guard } from "../deed.ts";
import { stillHere } from "../guard.ts";

export const states = ["draft", "agreed", "disputed", "issued", "linked", "closed", "withdrawn"] as const;

export const fields = {
  audit: link("Audit", "audit"),
  other_source: line("Other source", { help: "Where it does not come from an audit on record" }),
  grade: choice("Grade", ["major", "minor", "opportunity", "good_practice"]),
  node: line("Clause or control"),
  about_control: line("Control concerned", { help: "Where the clause is not enough, such as X.RBAC" }),
  requirement: prose("Requirement in own words"),
  evidence_seen: prose("What was seen"),
  statement: prose("Statement", { help: "What the gap is" }),
  raised_by: link("Raised by", "person"),
  auditee: link("Auditee", "person"),
  auditee_response: prose("Response of the auditee"),
  disputed: yesNo("Disputed"),
  dispute_resolution: prose("How the dispute ended"),
  nonconformity: after(link("Nonconformity", "nonconformity")),
  improvement: after(link("Improvement", "improvement")),
  no_action_reason: after(prose("Why nothing follows")),
};

const auditors = [...role("lead_internal_auditor", "internal_auditor"), ...named("raised_by")];
const lead = role("lead_internal_auditor");
const content = [
  "title",
  "summary",
  "grade",
  "node",
  "about_control",
  "requirement",
  "evidence_seen",
  "statement",
  "auditee",
  "ai_systems",
  "evidence",
  "related",
  "happened_on",
];

/** A major or minor finding always has a nonconformity (INV-18). */
const hasNonconformity: Guard<"finding"> = {
  rule: "INV-18",
  refuse: ({ next, near }) => {
    if (next.grade !== "major" && next.grade !== "minor") return undefined;
    const raised = near["raised"] as readonly RecordOf<"nonconformity">[] | undefined;
    return next.nonconformity !== undefined || (raised ?? []).length > 0
      ? undefined
      : `it is graded ${next.grade} and has no nonconformity`;
  },
};

export const kind = recordKind({
  name: "finding",
  prefix: "F",
  title: "Finding",
  plural: "Findings",
  summary: "What an auditor saw against a requirement, graded by the audit team, and what became of it.",
  serves: ["9.2.1", "9.2.2", "10.1"],
  fields,
  states,
  live: ["draft", "agreed", "disputed", "issued", "linked"],
  frozen: ["issued", "linked", "closed"],
  columns: ["title", "grade", "node", "audit", "nonconformity"],
  deeds: {
    draft: {
      title: "Draft finding",
      from: "new",
      to: "draft",
      who: [...role("lead_internal_auditor", "internal_auditor"), ...role("procurement_lead", "aims_manager")],
      needs: ["node", "statement"],
      fills: ({ next, actor }) => ({ raised_by: next.raised_by ?? actor.person }),
      follow: { audit: out("audit", "audit") },
      // Auditees may dispute a grade and never give one (INV-17).
      guards: [
        {
          rule: "INV-17",
          code: "duties-apart",
          refuse: ({ near, actor }) => {
            const audit = near["audit"]?.[0] as RecordOf<"audit"> | undefined;
            const team = [
              ...(audit?.auditors ?? []),
              ...(audit?.lead_auditor === undefined ? [] : [audit.lead_auditor]),
            ];
            return audit === undefined || actor.person === undefined || team.includes(actor.person)
              ? undefined
              : `${actor.person} is not of the team of ${audit.ref}`;
          },
        },
      ],
    },
    amend: { title: "Amend finding", from: ["draft", "disputed"], who: auditors, sets: content },
    agree: {
      title: "Agree to finding",
      from: ["draft", "disputed"],
      to: "agreed",
      who: [...named("auditee"), ...auditors],
      sets: ["auditee_response", "dispute_resolution"],
      needs: ["grade", "evidence_seen", "requirement"],
    },
    dispute: {
      title: "Dispute finding",
      from: ["draft"],
      to: "disputed",
      who: [...named("auditee"), ...role("ai_system_owner", "aims_manager")],
      sets: ["auditee_response"],
      needs: ["auditee_response"],
      fills: () => ({ disputed: true }),
      apart: ["raised_by"],
      apartRule: "INV-17",
    },
    issue: {
      title: "Issue finding",
      from: ["agreed", "disputed"],
      to: "issued",
      who: lead,
      sets: ["dispute_resolution"],
      needs: ["grade", "node", "requirement", "evidence_seen", "statement"],
      follow: { auditee: out("person", "auditee") },
      guards: [
        stillHere("auditee"),
        {
          rule: "INV-17",
          refuse: ({ next }) =>
            next.disputed === true && next.dispute_resolution === undefined
              ? "it is disputed, and how the dispute ended is not written down"
              : undefined,
        },
      ],
      op: "sign",
    },
    link: {
      title: "Link finding",
      from: ["issued"],
      to: "linked",
      who: [...role("aims_manager", "lead_internal_auditor", "internal_auditor")],
      sets: ["nonconformity", "improvement", "no_action_reason"],
      follow: { raised: back("nonconformity", "raised_from") },
      guards: [
        hasNonconformity,
        {
          rule: "10.1",
          refuse: ({ next }) =>
            next.nonconformity === undefined && next.improvement === undefined && next.no_action_reason === undefined
              ? 'name a nonconformity, an improvement or in "no_action_reason" why nothing follows'
              : undefined,
        },
      ],
      op: "link",
    },
    close: {
      title: "Close finding",
      from: ["issued", "linked"],
      to: "closed",
      who: [...role("lead_internal_auditor", "internal_auditor")],
      sets: [],
      follow: { raised: back("nonconformity", "raised_from") },
      guards: [hasNonconformity],
    },
    withdraw: {
      title: "Withdraw finding",
      from: ["draft", "agreed", "disputed"],
      to: "withdrawn",
      who: lead,
      sets: ["dispute_resolution"],
    },
  },
});
