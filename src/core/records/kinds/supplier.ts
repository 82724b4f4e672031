import { after, choice, day, group, line, lines, link, list, prose, yesNo } from "../field.ts";
import { back } from "../follow.ts";
import { recordKind } from "../kind.ts";
import { authority, owner, role } from "../deed.ts";

export const states = ["candidate", "approved", "on_watch", "ended"] as const;

/** The areas of duty that a split gives to one side each (A.10.2). */
export const dutyAreas = [
  "data",
  "testing",
  "monitoring",
  "incident_notice",
  "updates",
  "oversight",
  "legal_role",
] as const;

export const fields = {
  name: line("Name"),
  provides: prose("Provides"),
  criticality: choice("Criticality", ["low", "medium", "high"]),
  ai_role: choice("Role in AI", [
    "provider",
    "developer",
    "hosting",
    "integrator",
    "data_provider",
    "partner",
    "other",
  ]),
  contract_ref: line("Contract"),
  first_used_on: day("First used on"),
  due_diligence: group(
    "Due diligence",
    {
      on: day("On"),
      by: link("By", "person"),
      result: choice("Result", ["ok", "ok_with_condition", "not_ok"]),
      conditions: lines("Conditions"),
      looked_at: prose("What was looked at"),
    },
    { help: "Dated before first use (A.10.3)" },
  ),
  responsibility_split: after(
    list(
      "Split of duties",
      group(
        "Duty",
        {
          duty_area: choice("Duty area", dutyAreas),
          side: choice("Side", ["us", "supplier", "shared"]),
          what: line("What it means"),
        },
        { must: ["duty_area", "side"] },
      ),
    ),
  ),
  signed_on: after(day("Split signed on")),
  split_document: after(line("Signed document")),
  certificates: after(
    list(
      "Certificates",
      group("Certificate", { name: line("Certificate"), valid_until: day("Valid until") }, { must: ["name"] }),
    ),
  ),
  watch_channel: after(lines("Watched channels", { help: "Release notes, status page, notices under the contract" })),
  watcher: after(link("Watched by", "person")),
  changes: after(
    list(
      "Changes",
      group(
        "Change",
        {
          announced_on: day("Announced on"),
          noticed_on: day("Noticed on"),
          what: prose("What changes"),
          can_hold_back: yesNo("Can be held back"),
          assessed_on: day("Assessed on"),
          assessed_by: link("Assessed by", "person"),
          result: prose("Result"),
          enabled_on: day("Enabled on"),
        },
        { must: ["what"] },
      ),
    ),
  ),
  reviews: after(
    list(
      "Reviews",
      group("Review", { on: day("On"), by: link("By", "person"), result: prose("Result") }, { must: ["on"] }),
    ),
  ),
  exit_plan: after(group("Exit plan", { text: prose("Plan"), reviewed_on: day("Reviewed on") })),
  sub_processors: after(lines("Sub-processors")),
  watch_reason: after(prose("Why on watch")),
  end_reason: after(prose("Why ended")),
};

const keepers = role("procurement_lead", "aims_manager", "ai_system_owner");
const open = ["candidate", "approved", "on_watch"] as const;

export const kind = recordKind({
  name: "supplier",
  prefix: "SU",
  title: "Supplier",
  plural: "Suppliers",
  summary:
    "Who delivers models, data, systems or computing for AI: checked before use, with duties split, watched for changes, and a way out.",
  serves: ["8.1", "A.10.2", "A.10.3"],
  fields,
  states,
  live: open,
  frozen: ["approved", "on_watch", "ended"],
  columns: ["title", "provides", "criticality", "signed_on", "next_review_on"],
  deeds: {
    propose: {
      title: "Propose supplier",
      from: "new",
      to: "candidate",
      who: keepers,
      needs: ["name", "provides"],
      fills: ({ next }) => ({ title: next.name ?? next.title }),
    },
    amend: {
      title: "Amend supplier",
      from: ["candidate"],
      who: keepers,
      fills: ({ next }) => ({ title: next.name ?? next.title }),
    },
    check: {
      title: "Record due diligence on",
      from: ["candidate"],
      who: role("procurement_lead", "legal_advisor", "aims_manager"),
      sets: ["due_diligence", "certificates"],
      needs: ["due_diligence"],
      fills: ({ next, actor, today }) => ({
        due_diligence: {
          ...next.due_diligence,
          by: next.due_diligence?.by ?? actor.person,
          on: next.due_diligence?.on ?? today,
        },
      }),
    },
    approve: {
      title: "Approve supplier",
      from: ["candidate"],
      to: "approved",
      who: [...role("top_management"), ...authority("approve source"), ...authority("decide resources")],
      sets: [],
      needs: ["due_diligence"],
      approves: (next) => (next.due_diligence?.result === "ok_with_condition" ? "approve_with_conditions" : "approve"),
      apart: ["creator", "due_diligence.by"],
      guards: [
        {
          rule: "INV-30",
          refuse: ({ next }) =>
            next.due_diligence?.result === "not_ok" ? "its due diligence ended with not ok" : undefined,
        },
      ],
    },
    revise: { title: "Open terms of", from: ["approved", "on_watch"], to: "candidate", who: keepers, sets: [] },
    split_duties: {
      title: "Split duties with",
      from: open,
      who: [...keepers, ...role("legal_advisor")],
      sets: ["responsibility_split", "signed_on", "split_document"],
      needs: ["responsibility_split"],
    },
    review: {
      title: "Review supplier",
      from: ["approved", "on_watch"],
      who: [...owner, ...keepers],
      sets: ["reviews", "next_review_on", "exit_plan", "certificates", "sub_processors"],
      needs: ["reviews"],
    },
    plan_exit: {
      title: "Plan exit from",
      from: open,
      who: [...owner, ...keepers],
      sets: ["exit_plan"],
      needs: ["exit_plan"],
    },
    watch_changes: {
      title: "Set watch over",
      from: open,
      who: [...owner, ...keepers],
      sets: ["watch_channel", "watcher"],
    },
    notice_change: {
      title: "Record change by",
      from: ["approved", "on_watch"],
      who: [...owner, ...keepers, ...role("platform_engineer", "ml_engineer", "legal_advisor", "concern_handler")],
      sets: ["changes"],
      needs: ["changes"],
    },
    assess_change: {
      title: "Assess change by",
      from: ["approved", "on_watch"],
      who: [...keepers, ...role("impact_assessor", "legal_advisor")],
      sets: ["changes"],
      needs: ["changes"],
    },
    put_on_watch: {
      title: "Put on watch",
      from: ["approved"],
      to: "on_watch",
      who: keepers,
      sets: ["watch_reason", "next_review_on"],
      needs: ["watch_reason"],
    },
    take_off_watch: {
      title: "Take off watch",
      from: ["on_watch"],
      to: "approved",
      who: keepers,
      sets: ["watch_reason"],
    },
    end: {
      title: "End supplier",
      from: open,
      to: "ended",
      who: role("procurement_lead", "top_management"),
      sets: ["end_reason"],
      needs: ["end_reason"],
      follow: { systems: back("ai_system", "suppliers") },
      guards: [
        {
          rule: "A.10.3",
          refuse: ({ near }) => {
            const served = (near["systems"] ?? []).filter((system) => system.state === "deployed");
            return served.length === 0
              ? undefined
              : `${served.map((system) => system.ref).join(", ")} still runs with what it delivers`;
          },
        },
      ],
    },
  },
});
