import { addDays, addWorkingDays, dayOf, type Day, type Instant } from "#core/basics/time.ts";
import { back, out, via } from "#core/records/follow.ts";
import type { RecordOf } from "#core/records/kind.ts";
import { scoreHash } from "#core/records/risk-score.ts";
import { check, every, type Check, type Says } from "../check.ts";
import { approvalOf } from "../facts/approvals.ts";
import { procedureMends, someProcedure } from "../facts/procedures.ts";
import { isAboveLine, isOpenRisk } from "../facts/risks.ts";
import { make, on } from "../mend.ts";

type Plan = RecordOf<"treatment_plan">;
type Action = NonNullable<Plan["actions"]>[number];

const begun: readonly string[] = ["in_progress", "implemented", "verified", "ineffective"];
const mayApprove = ["approve AI risk treatment", "top_management"];
const approvals = { approvals: back("approval", "about") };

/** Checks whose home is 6.1.3 (treatment) and 8.3. */
export const checks: readonly Check[] = [
  check(
    "treatment.option",
    [on("risk", "plan_treatment"), on("risk", "amend"), on("risk", "assess")],
    every("risk", {
      where: (record) => isOpenRisk(record) && record.current?.band !== undefined,
      follow: { criteria: out("risk_criteria", "criteria_version") },
      must: ({ record, criteria: [used] }) => {
        if (!isAboveLine(record, used)) return true;
        if (record.treatment_option === undefined) return "no treatment option is chosen";
        if (record.treatment_option === "retain" || record.treatment_option === "avoid") return true;
        return (
          (record.control_refs ?? []).length > 0 || `the option is ${record.treatment_option} and no control is named`
        );
      },
      empty: "not_applicable",
      because: "no risk is assessed yet",
    }),
  ),
  check(
    "treatment.approved",
    [
      on("treatment_plan", "approve"),
      on("treatment_plan", "submit"),
      make("nonconformity", "open", { about: "raised_from", with: { source: "check" } }),
    ],
    every("treatment_plan", {
      where: (record) =>
        begun.includes(record.state) ||
        ((record.state === "draft" || record.state === "in_approval") && (record.actions ?? []).some(isEmergencyDone)),
      follow: approvals,
      must: ({ record, approvals: given, today }) => {
        const approval = approvalOf(record, given);
        if (!begun.includes(record.state)) {
          const late = (record.actions ?? []).find(
            (action) =>
              isEmergencyDone(action) && action.done_on !== undefined && today.isWorkingDaysAfter(5, action.done_on),
          );
          return (
            late === undefined ||
            `"${late.what}" was done as an emergency on ${late.done_on}, and the plan was not approved within 5 working days`
          );
        }
        if (approval?.decided_at === undefined) return "nobody approved it as it stands";
        if (approval.as_role !== "approve AI risk treatment")
          return `${approval.person ?? "someone"} approved it as ${approval.as_role ?? "nobody"}; it takes the authority "approve AI risk treatment"`;
        return saysOfOrder(record, dayOf(approval.decided_at as Instant));
      },
      empty: "not_applicable",
      because: "no treatment plan has begun",
    }),
  ),
  check(
    "residual.accepted",
    [on("risk", "accept"), on("risk", "reopen")],
    every("risk", {
      where: (record) => record.state === "accepted",
      follow: approvals,
      must: ({ record, approvals: given, today }) => {
        const acceptance = record.acceptance;
        if (acceptance?.by === undefined || acceptance.on === undefined)
          return "it is marked accepted, and nobody accepted it";
        const approval = given.find(
          (one) =>
            one.person === acceptance.by &&
            one.decision === "approve" &&
            one.decided_at?.slice(0, 10) === acceptance.on,
        );
        if (approval === undefined) return `no approval by ${acceptance.by} of ${acceptance.on} stands behind it`;
        const missing = lacksAuthority(record.current?.band, approval.as_role);
        if (missing !== undefined) return `${acceptance.by} accepted it as ${approval.as_role ?? "nobody"}; ${missing}`;
        if (acceptance.score_hash !== scoreHash(record)) return "the score is no longer the one that was accepted";
        if (acceptance.expires_on === undefined) return "the acceptance has no end";
        return !today.isPast(acceptance.expires_on) || `the acceptance ended on ${acceptance.expires_on}`;
      },
      empty: "not_applicable",
      because: "no risk is accepted",
    }),
  ),
  check(
    "treatment.process",
    [...procedureMends("6.1.3", ["who_approves", "acceptance_levels"])],
    someProcedure(
      "6.1.3",
      ["who_approves", "acceptance_levels"],
      "how AI risks are treated, who approves plans and who accepts what remains",
    ),
  ),
  check(
    "treatment.implemented",
    [on("treatment_plan", "report_progress"), on("treatment_plan", "redate"), on("treatment_plan", "finish")],
    every("treatment_plan", {
      where: (record) => record.state === "approved" || record.state === "in_progress",
      must: ({ record, today }) => {
        const late = (record.actions ?? []).filter((action) => {
          const due = dueOf(action);
          return due !== undefined && !isSettled(action) && today.isLongerThan(30, due);
        });
        return (
          late.length === 0 ||
          `late by more than 30 days: ${late.map((action) => `"${action.what}" (${action.who ?? "nobody"}, due on ${dueOf(action)})`).join(", ")}`
        );
      },
      empty: "not_applicable",
      because: "no treatment plan is under way",
    }),
  ),
  check(
    "treatment.verified",
    [on("treatment_plan", "judge")],
    every("treatment_plan", {
      where: (record) => ["implemented", "verified", "ineffective"].includes(record.state),
      must: ({ record, today }) => {
        const since = record.implemented_on ?? record.state_since;
        if (record.effectiveness_result === undefined)
          return (
            !today.isLongerThan(90, since) || `implemented on ${since}, and its effect is not judged within 90 days`
          );
        const doers = new Set((record.actions ?? []).map((action) => action.who).filter((who) => who !== undefined));
        if (record.judged_by === undefined) return "its effect is judged by nobody named";
        if (doers.size === 1 && doers.has(record.judged_by))
          return `${record.judged_by} alone carried out the actions and judged their effect`;
        return (
          record.judged_on === undefined ||
          record.judged_on <= addDays(since, 90) ||
          `implemented on ${since}, and its effect was judged only on ${record.judged_on}`
        );
      },
      empty: "not_applicable",
      because: "no treatment plan is implemented",
    }),
  ),
  check(
    "treatment.revised",
    [make("treatment_plan", "draft", { about: "supersedes" }), on("risk", "accept")],
    every("treatment_plan", {
      where: (record) => record.effectiveness_result !== undefined && record.judged_on !== undefined,
      follow: {
        risks: out("risk", "risks"),
        others: via(out("risk", "risks"), back("treatment_plan", "risks")),
        next: back("treatment_plan", "supersedes"),
      },
      must: ({ record, risks, others, next, today }) => {
        const judged = record.judged_on;
        if (judged === undefined || record.effectiveness_result !== "ineffective") return true;
        const last = addDays(judged, 30);
        const within = (on: Day | undefined) => on !== undefined && on >= judged && on <= last;
        if ([...others, ...next].some((plan) => plan.ref !== record.ref && within(plan.approved_on))) return true;
        if (risks.length > 0 && risks.every((risk) => within(risk.acceptance?.on))) return true;
        return (
          !today.isLongerThan(30, judged) ||
          `judged ineffective on ${judged}, and neither a new plan was approved nor what remains accepted within 30 days`
        );
      },
      empty: "not_applicable",
      because: "no treatment plan was judged yet",
    }),
  ),
];

const isEmergencyDone = (action: Action): boolean => action.emergency === true && action.done_on !== undefined;

const isSettled = (action: Action): boolean =>
  action.state === "done" || action.state === "running" || action.state === "dropped";

/** A new date counts once someone with authority approved it. */
const dueOf = (action: Action): Day | undefined =>
  action.new_due !== undefined && action.new_due_approved_by !== undefined ? action.new_due : action.due;

function saysOfOrder(plan: Plan, approvedOn: Day): Says {
  for (const action of plan.actions ?? []) {
    if (action.done_on === undefined || action.done_on >= approvedOn) continue;
    if (action.emergency !== true)
      return `"${action.what}" was done on ${action.done_on}, before the approval on ${approvedOn}`;
    if (approvedOn > addWorkingDays(action.done_on, 5))
      return `"${action.what}" was done as an emergency on ${action.done_on}, and the plan was approved only on ${approvedOn}`;
  }
  return true;
}

/** Domain model, section 2: who may accept in which band. */
function lacksAuthority(band: string | undefined, asRole: string | undefined): string | undefined {
  switch (band) {
    case "low":
      return undefined;
    case "medium":
      return mayApprove.includes(asRole ?? "")
        ? undefined
        : 'the medium band takes the authority "approve AI risk treatment"';
    case "high":
      return asRole === "top_management" ? undefined : "the high band takes top management";
    default:
      return "in its band nobody may accept it";
  }
}
