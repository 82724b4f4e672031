import { addDays, addWorkingDays } from "#core/basics/time.ts";
import { back, out } from "#core/records/follow.ts";
import { check, every, some, type Check } from "../check.ts";
import { missedAfter } from "../facts/measures.ts";
import { isDeployedInScope, isTierOneOrTwo } from "../facts/systems.ts";
import { listed, missingFields } from "../facts/words.ts";
import { make, on } from "../mend.ts";

/** Checks whose home is 9.1. */
export const checks: readonly Check[] = [
  check(
    "measure.defined",
    [on("measure", "amend"), make("measure", "draft")],
    every("measure", {
      where: (record) => record.state === "active",
      must: ({ record }) => {
        const missing = missingFields(record, [
          "what",
          "method",
          "data_source",
          "frequency",
          "measured_by",
          "evaluated_by",
          "evaluate_when",
          "thresholds",
        ]);
        return missing.length === 0 || `it does not state ${listed(missing)}`;
      },
      empty: "fail",
      because: "no measure is active",
    }),
  ),
  check(
    "measure.coverage",
    [
      on("measure", "activate"),
      make("measure", "draft", { about: "objectives", with: { about: ["objective"] } }),
      make("measure", "draft", { about: "ai_systems", with: { about: ["ai_system"] } }),
    ],
    every("objective", {
      // An objective that cannot be measured says why; 6.2 asks for measures where practicable.
      where: (record) =>
        ["approved", "in_progress", "achieved"].includes(record.state) && record.not_measurable_reason === undefined,
      follow: { measures: out("measure", "targets.measure"), others: back("measure", "objectives") },
      must: ({ measures, others }) =>
        [...measures, ...others].some((measure) => measure.state === "active") || "it has no active measure",
      empty: "not_applicable",
      because: "no objective is approved",
    }),
    every("ai_system", {
      where: (record) => isDeployedInScope(record) && isTierOneOrTwo(record),
      follow: { measures: back("measure", "ai_systems") },
      must: ({ record, measures }) =>
        measures.some((measure) => measure.state === "active") ||
        `it is deployed in tier ${record.tier ?? "unknown"} and has no active measure`,
      empty: "not_applicable",
      because: "no AI system of tier 1 or 2 is deployed",
    }),
    some("measure", {
      where: (record) => record.state === "active",
      must: ({ record }) => (record.about ?? []).includes("aims") || "it does not look at the AIMS as a whole",
      because: "no active measure looks at the AIMS as a whole",
    }),
  ),
  check(
    "measure.on_time",
    [make("measurement", "record", { about: "measure" })],
    every("measure", {
      where: (record) => record.state === "active",
      follow: { measurements: back("measurement", "measure") },
      must: ({ record, measurements, today }) => {
        const next = missedAfter(record, measurements);
        if (next === undefined) return { unknown: "it has no frequency or no first day" };
        return !today.isPast(next.last) || `a value was due on ${next.due}, and more than half a period has gone by`;
      },
      empty: "fail",
      because: "no measure is active",
    }),
  ),
  check(
    "measure.evaluated",
    [
      on("measurement", "evaluate"),
      make("nonconformity", "open", { about: "raised_from", with: { source: "measurement" } }),
      make("measurement", "record"),
    ],
    every("measurement", {
      where: (record, today) =>
        record.state !== "superseded" && record.period_to !== undefined && today.isWithinMonths(record.period_to, 12),
      must: ({ record, today }) => {
        if (record.period_to === undefined) return { unknown: "it names no period" };
        const last = addDays(record.period_to, 30);
        const { text, by, on } = record.evaluation ?? {};
        if (text === undefined || by === undefined || on === undefined)
          return !today.isPast(last) || `it was to be evaluated in writing by ${last}`;
        return on <= last || `it was evaluated on ${on}, later than ${last}`;
      },
      empty: "unknown",
      because: "no measurement covers the last 12 months",
    }),
  ),
  check(
    "measure.breach_acted",
    [
      on("measurement", "respond"),
      make("nonconformity", "open", { about: "raised_from", with: { source: "measurement" } }),
    ],
    every("measurement", {
      where: (record) => record.state !== "superseded" && record.band === "red",
      follow: { raised: back("nonconformity", "raised_from") },
      must: ({ record, raised, today }) => {
        const found = record.collected_on ?? record.period_to;
        if (found === undefined) return { unknown: "it has no date" };
        const last = addWorkingDays(found, 10);
        const opened = raised.map(({ detected_on: on }) => on).filter((on) => on !== undefined);
        const acted = record.action !== undefined && record.action.response !== "none_needed" ? [record.action.on] : [];
        const on = [...acted, ...opened].sort()[0];
        if (on !== undefined) return on <= last || `it was acted on on ${on}, later than ${last}`;
        return !today.isPast(last) || `it is red since ${found}, and nothing was done or decided by ${last}`;
      },
      empty: "pass",
      because: "no measurement is in the red band",
    }),
  ),
];
