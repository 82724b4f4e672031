import { addDays, addMonths } from "#core/basics/time.ts";
import { all, back, out, via } from "#core/records/follow.ts";
import { criteriaInForce, isAbove } from "#core/records/risk-score.ts";
import { check, every, some, type Check } from "../check.ts";
import { approvalOf } from "../facts/approvals.ts";
import { isApprovedAssessment } from "../facts/assessments.ts";
import { procedureMends, someProcedure } from "../facts/procedures.ts";
import { isAboveLine, isAccepted, isOpenRisk, newestAssessment, wasAssessedBetween } from "../facts/risks.ts";
import { isHeldOn } from "../facts/roles.ts";
import { isInScope, isPastIdea } from "../facts/systems.ts";
import { make, on } from "../mend.ts";

const scales = ["individuals", "groups", "society", "organisation"] as const;
const criteria = { criteria: out("risk_criteria", "criteria_version") };
const ofSystem = { risks: back("risk", "ai_systems") };

/** Checks whose home is 6.1.1, 6.1.2 and 8.2. */
export const checks: readonly Check[] = [
  check(
    "risks.criteria",
    [
      on("risk_criteria", "approve"),
      on("risk_criteria", "submit"),
      on("risk_criteria", "amend"),
      make("risk_criteria", "draft", { about: "supersedes" }),
    ],
    some("risk_criteria", {
      where: (record) => record.state === "approved",
      follow: { approvals: back("approval", "about") },
      must: ({ record, approvals }) => {
        if (approvalOf(record, approvals) === undefined) return "nobody approved it as it stands";
        if (record.bands === undefined || record.acceptable_to === undefined)
          return "it does not tell acceptable levels from others";
        const missing = scales.filter((scale) => (record.consequence?.[scale] ?? []).length === 0);
        return missing.length === 0 || `it has no consequence scale for ${missing.join(", ")}`;
      },
      because:
        "no approved risk criteria tell acceptable from unacceptable levels with scales for individuals, groups, society and the organisation",
    }),
  ),
  check(
    "risks.both_kinds",
    [
      make("risk", "identify", { about: "ai_systems", with: { risk_kind: "threat", about: "ai_system" } }),
      make("risk", "identify", { with: { risk_kind: "opportunity", about: "aims" } }),
    ],
    some("risk", {
      where: (record) => isOpenRisk(record) && record.risk_kind === "threat",
      must: ({ record }) => record.about === "aims" || "it is not about the AIMS",
      because: "no open threat to the AIMS itself is on the list",
    }),
    every("ai_system", {
      where: isInScope,
      follow: ofSystem,
      must: ({ risks }) => risks.some((risk) => risk.risk_kind === "threat") || "no threat is named for it",
      empty: "not_applicable",
      because: "no AI system is in scope",
    }),
    some("risk", {
      must: ({ record }) => record.risk_kind === "opportunity" || "it is a threat",
      because: "no opportunity is on the list",
    }),
  ),
  check(
    "risks.actions_planned",
    [
      on("treatment_plan", "approve"),
      on("treatment_plan", "submit"),
      on("treatment_plan", "amend"),
      on("risk", "plan_treatment"),
      make("treatment_plan", "draft", { about: "risks" }),
    ],
    every("risk", {
      where: (record) =>
        isOpenRisk(record) && (record.current?.band !== undefined || record.treatment_option === "pursue"),
      follow: { ...criteria, plans: back("treatment_plan", "risks") },
      must: ({ record, criteria: [used], plans, today }) => {
        const pursued = record.risk_kind === "opportunity" && record.treatment_option === "pursue";
        if (!pursued && !isAboveLine(record, used)) return true;
        // Who keeps a risk as it is plans nothing more than to look again when the acceptance ends.
        if (record.treatment_option === "retain" && isAccepted(record, today)) return true;
        const alive = plans.filter((plan) => !["withdrawn", "superseded", "ineffective"].includes(plan.state));
        if (alive.length === 0)
          return record.treatment_option === "retain"
            ? "it is retained, and nobody accepts it until a day to come"
            : "no treatment plan is about it";
        return (
          alive.some(
            (plan) =>
              plan.effectiveness_criterion !== undefined &&
              (plan.actions ?? []).some((action) => action.who !== undefined && action.due !== undefined),
          ) || {
            fails: "its plan has no action with someone who does it, a date and a wanted effect",
            records: alive.map((plan) => plan.ref),
          }
        );
      },
      empty: "not_applicable",
      because: "no risk is assessed yet",
    }),
  ),
  check(
    "risk.assessed",
    [on("risk", "assess")],
    every("risk", {
      where: (record) => isOpenRisk(record) && record.state !== "identified",
      must: ({ record }) => {
        const score = record.risk_kind === "opportunity" ? record.inherent : record.current;
        // A threat to the AIMS itself harms the organisation; every other one may harm people.
        const asked =
          record.risk_kind === "opportunity"
            ? (["benefit"] as const)
            : record.about === "aims"
              ? (["organisation"] as const)
              : scales;
        const missing = [
          ...(score?.likelihood === undefined ? ["likelihood"] : []),
          ...asked
            .filter((dimension) => score?.[dimension] === undefined)
            .map((dimension) => (dimension === "benefit" ? dimension : `consequence for ${dimension}`)),
          ...(score?.level === undefined ? ["level"] : []),
          ...(record.criteria_version === undefined ? ["criteria used"] : []),
          ...((record.assessors ?? []).length === 0 ? ["assessor"] : []),
          ...(record.assessed_on === undefined ? ["day"] : []),
        ];
        return missing.length === 0 || `its assessment lacks ${missing.join(", ")}`;
      },
      empty: "fail",
      because: "no risk is assessed",
    }),
  ),
  check(
    "risk.coverage",
    [on("risk", "assess"), make("risk", "identify", { about: "ai_systems", with: { about: "ai_system" } })],
    every("ai_system", {
      where: isPastIdea,
      follow: ofSystem,
      must: ({ record, risks }) => {
        const newest = newestAssessment(risks);
        if (newest === undefined) return "none of its risks is assessed";
        const changed = record.last_material_change_on;
        return (
          changed === undefined ||
          newest >= changed ||
          `it changed on ${changed}, and its risks were last assessed on ${newest}`
        );
      },
      empty: "not_applicable",
      because: "no AI system in scope is past the idea",
    }),
  ),
  check(
    "risk.consistent",
    [on("risk", "assess")],
    every("risk", {
      where: (record) => isOpenRisk(record) && record.criteria_version !== undefined,
      follow: criteria,
      must: ({ record, criteria: [used], today }) => {
        if (used === undefined || used.state !== "superseded") return true;
        return (
          !today.isLongerThan(90, used.state_since) ||
          `it is scored by ${used.ref}, superseded on ${used.state_since}; last assessed on ${record.assessed_on ?? "no day"}`
        );
      },
      empty: "not_applicable",
      because: "no open risk is scored",
    }),
  ),
  check(
    "risk.owner",
    [on("risk", "hand_over"), on("risk", "assess")],
    every("risk", {
      where: isOpenRisk,
      follow: {
        holder: out("person", "owner"),
        held: via(out("person", "owner"), back("role_assignment", "person")),
        ...criteria,
      },
      must: ({ record, holder: [holder], held, criteria: [used], today }) => {
        if (holder === undefined) return "it has no owner";
        if (holder.state !== "active") return `its owner ${holder.ref} is ${holder.state}`;
        if (!held.some((assignment) => isHeldOn(today, assignment)))
          return `its owner ${holder.ref} has accepted no role`;
        const band = record.current?.band;
        const from = used?.must_treat_from ?? "high";
        const mustTreat = band !== undefined && (band === from || isAbove(band, from));
        return (
          !mustTreat ||
          (record.assessors ?? []).some((assessor) => assessor !== holder.ref) ||
          `it lies in the ${band.replaceAll("_", " ")} band, and its owner alone assessed it`
        );
      },
      empty: "fail",
      because: "no risk is open",
    }),
  ),
  check(
    "risk.uses_impacts",
    [
      make("risk", "identify", { about: "linked_impacts", with: { about: "ai_system" } }),
      on("impact_assessment", "amend"),
      make("impact_assessment", "open", { about: "supersedes" }),
    ],
    every("impact_assessment", {
      where: isApprovedAssessment,
      must: ({ record }) => {
        const loose = [...(record.impacts_on_people ?? []), ...(record.impacts_on_society ?? [])].filter(
          (row) => (row.severity ?? 0) >= 4 && row.risk === undefined,
        );
        return (
          loose.length === 0 ||
          `severe impacts without a risk: ${loose.map((row) => `${row.area.replaceAll("_", " ")} (${row.severity})`).join(", ")}`
        );
      },
      empty: "not_applicable",
      because: "no impact assessment is approved",
    }),
  ),
  check(
    "risk.process",
    [...procedureMends("6.1.2", ["method"])],
    someProcedure("6.1.2", ["method"], "how AI risks are assessed"),
  ),
  check(
    "risk.periodic",
    [on("risk", "assess"), make("risk", "identify", { about: "ai_systems", with: { about: "ai_system" } })],
    every("ai_system", {
      where: isPastIdea,
      follow: { ...ofSystem, editions: all("risk_criteria") },
      must: ({ record, risks, editions, today }) => {
        const newest = newestAssessment(risks);
        if (newest === undefined) return "none of its risks is assessed";
        const planned = criteriaInForce(editions)?.review_months;
        const months =
          record.tier === 1
            ? (planned?.tier_1 ?? 6)
            : record.tier === 2
              ? (planned?.tier_2 ?? 12)
              : (planned?.tier_3 ?? 12);
        return (
          !today.isMonthsAfter(months, newest) ||
          `its risks were last assessed on ${newest}; every ${months} months is planned`
        );
      },
      empty: "not_applicable",
      because: "no AI system in scope is past the idea",
    }),
  ),
  check(
    "risk.on_change",
    [on("risk", "assess"), on("change_plan", "amend"), make("risk", "identify"), on("incident", "follow_up")],
    every("change_plan", {
      where: (record) => record.risk_review_needed === true && record.approved_on !== undefined,
      follow: { risks: out("risk", "risks") },
      must: ({ record, risks }) => {
        const by = record.approved_on;
        if (by === undefined || wasAssessedBetween(risks, addMonths(by, -12), by)) return true;
        return `it was approved on ${by} without its risks assessed before`;
      },
      empty: "pass",
      because: "no approved change called for it",
    }),
    every("release", {
      where: (record) =>
        record.risk_review_needed === true && (record.approved_on !== undefined || record.deployed_on !== undefined),
      follow: { risks: via(out("ai_system", "ai_system"), back("risk", "ai_systems")) },
      must: ({ record, risks }) => {
        const by = record.approved_on ?? record.deployed_on;
        if (by === undefined || wasAssessedBetween(risks, addMonths(by, -6), by)) return true;
        return `${record.approved_on === undefined ? "it was deployed" : "it was approved"} on ${by} without the risks of ${record.ai_system ?? "its AI system"} assessed in the six months before`;
      },
      empty: "pass",
      because: "no approved release called for it",
    }),
    every("incident", {
      where: (record) =>
        (record.severity === "high" || record.severity === "critical") &&
        record.detected_on !== undefined &&
        record.state !== "withdrawn",
      follow: { risks: via(out("ai_system", "ai_system"), back("risk", "ai_systems")), own: out("risk", "risks") },
      must: ({ record, risks, own, today }) => {
        const found = record.detected_on;
        if (found === undefined || wasAssessedBetween([...risks, ...own], found, addDays(found, 30))) return true;
        return !today.isLongerThan(30, found) || `found on ${found}, and no risk was assessed again within 30 days`;
      },
      empty: "pass",
      because: "there was no incident of high or critical severity",
    }),
  ),
];
