import { periods } from "#core/records/kinds/measure.ts";
import { all, back, out, via } from "#core/records/follow.ts";
import type { RecordOf } from "#core/records/kind.ts";
import { check, every, some, type Check } from "../check.ts";
import { approvalOf } from "../facts/approvals.ts";
import { isInScope } from "../facts/systems.ts";
import { make, on } from "../mend.ts";

type Objective = RecordOf<"objective">;

/** Approved once and not withdrawn: also what is reached or missed was decided. */
const isDecided = (objective: Objective): boolean =>
  ["approved", "in_progress", "achieved", "missed"].includes(objective.state);
const isRunning = (objective: Objective): boolean =>
  objective.state === "approved" || objective.state === "in_progress" || objective.state === "achieved";
const hasMeasure = (objective: Objective): boolean =>
  (objective.targets ?? []).some((target) => target.measure !== undefined);

/** The last day of the time it is set for. */
const endOfObjective = (objective: Objective) =>
  objective.period_to ??
  [...(objective.targets ?? []).map((target) => target.by), objective.plan?.deadline]
    .filter((day) => day !== undefined)
    .sort()
    .at(-1);

/** Checks whose home is 6.2, A.6.1.2 and A.9.3. */
export const checks: readonly Check[] = [
  check(
    "objective.exists",
    [on("objective", "approve"), make("objective", "draft", { with: { level: "organisation" } })],
    some("objective", {
      where: (record) => isDecided(record) && (record.level === undefined || record.level === "organisation"),
      follow: { approvals: back("approval", "about") },
      must: ({ record, approvals, today }) => {
        if (approvalOf(record, approvals) === undefined) return "nobody approved it as it stands";
        const end = endOfObjective(record);
        if (end === undefined) return "it says no time";
        return !today.isPast(end) || `its time ended on ${end}`;
      },
      because: "no objective of the whole organisation is approved for the present time",
    }),
  ),
  check(
    "objective.complete",
    [on("objective", "amend"), on("objective", "withdraw"), make("objective", "draft")],
    every("objective", {
      where: isDecided,
      must: ({ record }) => {
        if (record.policy === undefined || record.policy_statement === undefined)
          return "it names no sentence of the policy that it serves";
        if ([...(record.obligations ?? []), ...(record.risks ?? []), ...(record.requirements ?? [])].length === 0)
          return "it names no requirement and no risk";
        if (!hasMeasure(record))
          return (
            record.not_measurable_reason !== undefined || "it has no measure, and no reason why it cannot be measured"
          );
        return (
          (record.targets ?? []).every(
            (target) =>
              target.measure !== undefined &&
              target.baseline !== undefined &&
              target.value !== undefined &&
              target.by !== undefined,
          ) || "a target lacks measure, baseline, value or date"
        );
      },
      empty: "fail",
      because: "no objective is approved",
    }),
  ),
  check(
    "objective.plan",
    [on("objective", "amend"), on("objective", "withdraw"), make("objective", "draft")],
    every("objective", {
      where: isDecided,
      must: ({ record }) => {
        const parts = ["actions", "resources", "responsible", "deadline", "evaluation_method"] as const;
        const missing = parts.filter((part) => record.plan?.[part] === undefined);
        return (
          missing.length === 0 || `its plan does not say ${missing.map((part) => part.replaceAll("_", " ")).join(", ")}`
        );
      },
      empty: "fail",
      because: "no objective is approved",
    }),
  ),
  check(
    "objective.tracked",
    [
      make("measurement", "record", { about: "measure" }),
      on("measurement", "evaluate"),
      make("measure", "draft", { about: "objectives", with: { about: ["objective"] } }),
    ],
    every("objective", {
      where: (record) => record.state === "in_progress" && hasMeasure(record),
      follow: {
        measures: out("measure", "targets.measure"),
        values: via(out("measure", "targets.measure"), back("measurement", "measure")),
      },
      must: ({ measures, values, today }) => {
        for (const measure of measures) {
          if (measure.frequency === undefined) return { unknown: `${measure.ref} says not how often it is measured` };
          const own = values
            .filter(
              (value) =>
                value.measure === measure.ref && value.state !== "superseded" && value.collected_on !== undefined,
            )
            .sort((a, b) => ((a.collected_on ?? "") < (b.collected_on ?? "") ? -1 : 1));
          const newest = own.at(-1);
          if (newest?.collected_on === undefined) return `${measure.ref} was never measured`;
          if (today.isLongerThan(Math.ceil(periods[measure.frequency].days * 1.5), newest.collected_on))
            return `${measure.ref} was last measured on ${newest.collected_on}; it is measured ${measure.frequency.replaceAll("_", " ")}`;
          if (newest.evaluation?.by === undefined && measure.evaluated_by === undefined)
            return `nobody is named who evaluates ${measure.ref}`;
        }
        return true;
      },
      empty: "not_applicable",
      because: "no measured objective is in progress",
    }),
  ),
  check(
    "objective.communicated",
    [on("objective", "tell"), make("communication_event", "record", { about: "about" })],
    every("objective", {
      where: isDecided,
      follow: { told: out("communication_event", "communicated_by"), about: back("communication_event", "about") },
      must: ({ record, told, about }) => {
        if ([...told, ...about].some((event) => event.state === "sent" || event.state === "confirmed")) return true;
        const responsible = record.plan?.responsible;
        return (
          (responsible !== undefined && (record.communicated_to ?? []).includes(responsible)) ||
          "no communication shows that those responsible know it"
        );
      },
      empty: "not_applicable",
      because: "no objective is approved",
    }),
  ),
  check(
    "dev.objectives",
    [
      on("ai_system", "amend"),
      on("objective", "approve"),
      on("objective", "amend"),
      make("objective", "draft", { with: { objective_kind: "responsible_development" } }),
      make("objective", "draft", { about: "ai_systems", with: { objective_kind: "responsible_development" } }),
    ],
    some("objective", {
      where: isRunning,
      must: ({ record }) => record.objective_kind === "responsible_development" || "it is of another kind",
      because: "no approved objective is about responsible development",
    }),
    every("ai_system", {
      where: (record) => isInScope(record) && ["design", "development", "verification"].includes(record.state),
      follow: {
        objectives: all("objective"),
        own: out("objective", "related.record"),
        tested: via(back("evaluation", "ai_system"), out("objective", "related.record")),
        required: via(out("document", "requirements_doc"), out("objective", "related.record")),
      },
      must: ({ objectives, own, tested, required }) => {
        const linked = new Set([...own, ...tested, ...required].map((objective) => objective.ref));
        const loose = objectives.filter(
          (objective) =>
            isRunning(objective) &&
            objective.objective_kind === "responsible_development" &&
            !linked.has(objective.ref),
        );
        return (
          loose.length === 0 || {
            fails: `no requirement or evaluation of it takes up ${loose.map((objective) => objective.ref).join(", ")}`,
            records: loose.map((objective) => objective.ref),
          }
        );
      },
      empty: "pass",
      because: "no AI system is under development",
    }),
  ),
  check(
    "use.objectives",
    [
      on("objective", "approve"),
      on("objective", "amend"),
      make("objective", "draft", { about: "ai_systems", with: { objective_kind: "responsible_use" } }),
      make("measure", "draft", { about: "objectives", with: { about: ["objective"] } }),
    ],
    some("objective", {
      where: isRunning,
      must: ({ record }) =>
        (record.objective_kind === "responsible_use" && hasMeasure(record)) ||
        "it is of another kind or has no measure",
      because: "no approved objective about responsible use has a measure",
    }),
    every("ai_system", {
      where: (record) =>
        isInScope(record) && record.tier === 1 && (record.state === "deployed" || record.state === "suspended"),
      follow: { objectives: back("objective", "ai_systems") },
      must: ({ objectives }) =>
        objectives.some((objective) => isRunning(objective) && objective.objective_kind === "responsible_use") ||
        "no objective about responsible use speaks of it",
      empty: "pass",
      because: "no tier 1 system is in use",
    }),
  ),
];
