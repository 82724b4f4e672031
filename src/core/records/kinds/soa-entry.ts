import { annexAControls } from "#core/standard/catalogue.ts";
import { after, choice, day, group, line, link, links, list, prose, yesNo } from "../field.ts";
import { back, out, via } from "../follow.ts";
import { recordKind, type RecordOf } from "../kind.ts";
import { machine, owner, role, type Moment } from "../deed.ts";

export const states = ["draft", "in_force", "superseded"] as const;

export const fields = {
  soa: link("Statement", "soa"),
  control_id: line("Control", { help: "One of the 38 of Annex A, or an own one such as X.RBAC" }),
  included: yesNo("Included"),
  justification: prose("Justification", { help: "Why the control is needed, or why it is not" }),
  reason_kinds: list("Kinds of reason", choice("Kind of reason", ["risk", "obligation", "objective", "good_practice"])),
  risks: links("Risks", "risk"),
  obligations: links("Obligations", "obligation"),
  objectives: links("Objectives", "objective"),
  context_issues: links("Context issues", "context_issue"),
  parties: links("Interested parties", "interested_party"),
  exclusion_reason: prose("Why excluded"),
  implementation_status: after(
    choice("Status", ["not_started", "planned", "partial", "implemented"], {
      help: "Implemented holds only while proof holds",
    }),
  ),
  status_note: after(prose("What is missing")),
  planned_for: after(day("Planned for")),
  how_implemented: after(prose("How it is carried out")),
  effectiveness: after(
    group("Effectiveness", {
      last_result: choice("Last result", ["effective", "partly", "not_effective", "unknown"]),
      on: day("On"),
      source: line("Source"),
      by: link("By", "person"),
    }),
  ),
};

const authors = [...role("aims_manager"), ...owner];
const soa = {
  soa: out("soa", "soa"),
  siblings: via(out("soa", "soa"), back("soa_entry", "soa")),
  proof: out("evidence_item", "evidence"),
};
const reasons = [
  "title",
  "summary",
  "owner",
  "evidence",
  "labels",
  "related",
  "included",
  "justification",
  "reason_kinds",
  "risks",
  "obligations",
  "objectives",
  "context_issues",
  "parties",
  "exclusion_reason",
  "implementation_status",
  "status_note",
  "planned_for",
  "how_implemented",
  "effectiveness",
] as const;

export const kind = recordKind({
  name: "soa_entry",
  prefix: "SOE",
  digits: 4,
  title: "Control in the statement of applicability",
  plural: "Controls in statements of applicability",
  summary: "Whether one control applies, for which risk or duty, how it is carried out and what proves it.",
  serves: ["6.1.3", "8.3"],
  fields,
  states,
  live: [],
  frozen: ["in_force", "superseded"],
  columns: ["control_id", "included", "implementation_status", "risks", "owner"],
  deeds: {
    open: {
      title: "Open entry for control",
      from: "new",
      to: "draft",
      who: role("aims_manager"),
      needs: ["soa", "control_id"],
      follow: soa,
      guards: [{ rule: "INV-13", refuse: takenOrUnknown }],
    },
    amend: {
      title: "Amend entry",
      from: ["draft"],
      who: authors,
      sets: reasons,
      follow: soa,
      guards: [
        { rule: "INV-02", refuse: notInDraft },
        { rule: "INV-14", refuse: unproven },
      ],
    },
    bring_into_force: { title: "Bring entry into force", from: ["draft"], to: "in_force", who: machine, sets: [] },
    report_status: {
      title: "Report status of control",
      from: ["draft", "in_force"],
      who: [...authors, ...machine],
      sets: [
        "implementation_status",
        "status_note",
        "planned_for",
        "how_implemented",
        "evidence",
        "effectiveness",
        "owner",
      ],
      follow: soa,
      guards: [{ rule: "INV-14", refuse: unproven }],
    },
    supersede: { title: "Supersede entry", from: ["draft", "in_force"], to: "superseded", who: machine, sets: [] },
  },
});

function takenOrUnknown({ next, near }: Moment<"soa_entry">): string | undefined {
  const control = next.control_id ?? "";
  if (!control.startsWith("X.") && !annexAControls.includes(control))
    return `"${control}" is no control of Annex A; own controls begin with X.`;
  const statement = near["soa"]?.[0];
  if (statement?.state !== "draft") return `${next.soa ?? "its statement"} is not a draft`;
  const twin = (near["siblings"] ?? []).find(
    (entry) => entry.ref !== next.ref && (entry as RecordOf<"soa_entry">).control_id === control,
  );
  return twin && `${twin.ref} speaks of this control already`;
}

function notInDraft({ next, near }: Moment<"soa_entry">): string | undefined {
  const statement = near["soa"]?.[0];
  return statement?.state === "draft"
    ? undefined
    : `${next.soa ?? "its statement"} is ${statement?.state ?? "missing"}, and what is submitted does not change`;
}

/** INV-14. Only the step to "implemented" asks for proof: that proof runs out later is what a check finds. */
function unproven({ before, next, near, today }: Moment<"soa_entry">): string | undefined {
  if (next.implementation_status !== "implemented" || before?.implementation_status === "implemented") return undefined;
  const proof = (near["proof"] ?? []) as readonly RecordOf<"evidence_item">[];
  return proof.some(
    (item) => item.state === "accepted" && (item.valid_until === undefined || item.valid_until >= today),
  )
    ? undefined
    : '"implemented" takes accepted proof that has not run out';
}
