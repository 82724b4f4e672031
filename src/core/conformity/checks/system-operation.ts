import { addMonths, dayOf, type Day } from "#core/basics/time.ts";
import { all, back, out, via } from "#core/records/follow.ts";
import type { RecordOf } from "#core/records/kind.ts";
import { check, every, type Check, type Says } from "../check.ts";
import { isDeployedInScope, isTierOneOrTwo } from "../facts/systems.ts";
import { listed, plain } from "../facts/words.ts";
import { make, on } from "../mend.ts";
import { settingsOf } from "../settings.ts";
import type { Today } from "../today.ts";

type System = RecordOf<"ai_system">;
type Frequency = NonNullable<RecordOf<"measure">["frequency"]>;

/** One and a half times the period, in days, with the longest month and quarter. */
const lateAfterDays: Record<Frequency, number> = {
  weekly: 10,
  monthly: 46,
  quarterly: 138,
  half_yearly: 276,
  yearly: 549,
};

const watchedAreas = [
  "performance",
  "drift",
  "errors_and_failures",
  "security",
  "support",
  "repair",
  "updates",
] as const;

const newest = <T extends string>(days: readonly (T | undefined)[]): T | undefined =>
  days
    .filter((day) => day !== undefined)
    .sort()
    .at(-1);

/** Whether the stop or fallback was exercised in time; says so of the sites where it never was. */
function exercised(system: System, today: Today): Says {
  const exercises = (system.exercises ?? []).filter((exercise) => today.hasCome(exercise.on));
  const last = newest(exercises.map((exercise) => exercise.on));
  if (last === undefined) return "neither stop nor fallback was ever exercised";
  if (!today.isWithinMonths(last, 12))
    return `stop or fallback was last exercised on ${last}, and is due every 12 months`;
  const atAll = exercises.some((exercise) => exercise.site === undefined);
  const never = atAll
    ? []
    : (system.deployment_context?.sites ?? []).filter((site) => !exercises.some((exercise) => exercise.site === site));
  return never.length === 0 || { note: `last exercised on ${last}; ${listed(never)} never practised` };
}

/** The days by which each group had to know the rules: first use, or when the rules came if that was later. */
function lateGroups(system: System, rules: RecordOf<"document">, known: readonly Day[]): string[] {
  return (system.users ?? []).flatMap((group) => {
    if (group.needs_rules === false || group.since === undefined || group.number === undefined) return [];
    if (rules.effective_from !== undefined && group.since < rules.effective_from) return [];
    const inTime = known.filter((day) => day <= (group.since ?? day)).length;
    return inTime >= group.number
      ? []
      : [`${inTime} of ${group.number} ${group.who} had confirmed them when they began on ${group.since}`];
  });
}

/** How many people took the course: as counted, or as named where they are. */
function takenBy(course: RecordOf<"training">): number {
  if (course.state !== "delivered" && course.state !== "evaluated") return 0;
  return Math.max(
    course.attended_count ?? 0,
    (course.attendance ?? []).filter((attendee) => attendee.attended !== false).length,
  );
}

/** Checks whose home is A.6.2.6, A.6.2.8, the readiness of users of A.9.2 and the use review of A.9.4. */
export const checks: readonly Check[] = [
  check(
    "monitor.plan",
    [on("ai_system", "amend")],
    every("ai_system", {
      where: isDeployedInScope,
      must: ({ record }) => {
        const plan = record.monitoring_plan ?? [];
        if (plan.length === 0) return "has no monitoring plan";
        const missing = watchedAreas.filter((area) => !plan.some((line) => line.area === area)).map(plain);
        const bare = plan
          .filter((line) => line.owner === undefined || line.threshold === undefined)
          .map((line) => plain(line.area));
        const faults = [
          ...(missing.length === 0 ? [] : [`its monitoring plan does not cover ${listed(missing)}`]),
          ...(bare.length === 0 ? [] : [`its monitoring plan names no owner or threshold for ${listed(bare)}`]),
        ];
        return faults.length === 0 || faults.join("; ");
      },
      empty: "not_applicable",
      because: "no AI system is deployed",
    }),
  ),
  check(
    "monitor.running",
    [
      make("measurement", "record", { about: "measure" }),
      make("measure", "draft", { about: "ai_systems", with: { about: ["ai_system"] } }),
    ],
    every("ai_system", {
      where: (record) => isDeployedInScope(record) && isTierOneOrTwo(record),
      follow: {
        measures: back("measure", "ai_systems"),
        values: via(back("measure", "ai_systems"), back("measurement", "measure")),
      },
      must: ({ measures, values, today }) => {
        const active = measures.filter((measure) => measure.state === "active");
        if (active.length === 0) return "has no active measure";
        const stale = active.map((measure) => {
          const last = newest(
            values
              .filter((value) => value.measure === measure.ref && value.state !== "superseded")
              .map((value) => value.collected_on ?? dayOf(value.created_at)),
          );
          if (last !== undefined && !today.isLongerThan(lateAfterDays[measure.frequency ?? "monthly"], last))
            return undefined;
          return last === undefined
            ? `${measure.ref} has no value yet`
            : `${measure.ref} is ${plain(measure.frequency ?? "monthly")} and was last measured on ${last}`;
        });
        if (stale.includes(undefined)) return true;
        return { fails: stale.join("; "), records: active.map((measure) => measure.ref) };
      },
      empty: "not_applicable",
      because: "no AI system of tier 1 or 2 is deployed",
    }),
  ),
  check(
    "monitor.stop_tested",
    [on("ai_system", "record_exercise"), on("ai_system", "set_duty")],
    every("ai_system", {
      where: (record) => isDeployedInScope(record) && (record.tier ?? 1) === 1,
      follow: { people: out("person", "on_duty.person") },
      must: ({ record, people, today }) => {
        const here = new Set(people.filter((person) => person.state === "active").map((person) => person.ref));
        const onDuty = (record.on_duty ?? []).filter(
          (duty) =>
            here.has(duty.person) &&
            (duty.from === undefined || today.hasCome(duty.from)) &&
            (duty.to === undefined || !today.isPast(duty.to)),
        );
        if (onDuty.length === 0) return "names nobody on duty who can stop it and is still here";
        return exercised(record, today);
      },
      empty: "not_applicable",
      because: "no AI system of tier 1 is deployed",
    }),
  ),
  check(
    "logs.enabled",
    [on("ai_system", "verify_logging"), on("ai_system", "amend")],
    every("ai_system", {
      where: isDeployedInScope,
      follow: { duties: back("obligation", "applies_to"), organization: all("organization") },
      must: ({ record, duties, organization, today }) => {
        const { logging } = record;
        if (logging?.enabled !== true) return "does not log";
        if ((logging.what ?? []).length === 0) return "does not list what it logs";
        const asked = Math.max(
          settingsOf(organization).log_retention_days,
          ...duties.filter((duty) => duty.state !== "lapsed").map((duty) => duty.log_retention_days ?? 0),
        );
        if (logging.retention_days === undefined) return "does not say how long its logs are kept";
        if (logging.retention_days < asked)
          return `keeps its logs for ${logging.retention_days} days, and ${asked} are asked for`;
        if (logging.verified_on === undefined) return "nobody has checked that its logs arrive";
        return (
          today.isWithinDays(logging.verified_on, 90) ||
          `its logs were last seen to arrive on ${logging.verified_on}, and that is checked every 90 days`
        );
      },
      empty: "not_applicable",
      because: "no AI system is deployed",
    }),
  ),
  check(
    "use.users_ready",
    [make("awareness_ack", "acknowledge", { about: "about" }), make("training", "plan"), on("ai_system", "amend")],
    every("ai_system", {
      where: (record) => isDeployedInScope(record) && isTierOneOrTwo(record),
      follow: {
        rules: out("document", "use_rules_doc"),
        confirmed: via(out("document", "use_rules_doc"), back("awareness_ack", "about")),
        courses: out("training", "use_training"),
      },
      must: ({ record, rules, confirmed, courses, today }) => {
        const [current] = rules;
        if (current === undefined) return "has no use rules that its users could confirm";
        const users = (record.users ?? []).filter((group) => group.needs_rules !== false);
        if (users.length === 0 || users.some((group) => group.number === undefined))
          return { unknown: "it is not said how many people use it" };
        const asked = users.reduce((sum, group) => sum + (group.number ?? 0), 0);
        const first = new Map<string, Day>();
        for (const { person, given_on } of confirmed) {
          if (person === undefined || given_on === undefined || !today.hasCome(given_on)) continue;
          const known = first.get(person);
          if (known === undefined || given_on < known) first.set(person, given_on);
        }
        if (first.size < asked)
          return { fails: `${first.size} of ${asked} users have confirmed ${current.ref}`, records: [current.ref] };
        const late = lateGroups(record, current, [...first.values()]);
        if (late.length > 0) return { fails: late.join("; "), records: [current.ref] };
        const untaught = courses.filter((course) => takenBy(course) < asked);
        return (
          untaught.length === 0 || {
            fails: untaught.map((course) => `${takenBy(course)} of ${asked} users took ${course.ref}`).join("; "),
            records: untaught.map((course) => course.ref),
          }
        );
      },
      empty: "not_applicable",
      because: "no AI system of tier 1 or 2 is deployed",
    }),
  ),
  check(
    "use.intended",
    [on("ai_system", "review_use")],
    every("ai_system", {
      where: (record) => isDeployedInScope(record) && isTierOneOrTwo(record),
      must: ({ record, today }) => {
        const reviews = (record.use_reviews ?? []).filter((review) => today.hasCome(review.on));
        const last = newest(reviews.map((review) => review.on));
        if (last === undefined) {
          const began = record.deployed_on;
          // The six months run from first use: before they are over there need not be a review yet.
          if (began !== undefined && !today.isMonthsAfter(6, began))
            return { note: `in use since ${began}, first use review due by ${addMonths(began, 6)}` };
          return "its real use was never compared with its intended use";
        }
        if (!today.isWithinMonths(last, 6)) return `its use was last reviewed on ${last}, and is due every 6 months`;
        const open = reviews
          .flatMap((review) => review.deviations ?? [])
          .filter((deviation) => deviation.decision === undefined);
        if (open.length > 0) return `no decision on the deviation "${open[0]?.what ?? ""}"`;
        return (
          reviews.some((review) => review.on === last && review.compared !== undefined) ||
          `its use review of ${last} does not say what was compared`
        );
      },
      empty: "not_applicable",
      because: "no AI system of tier 1 or 2 is deployed",
    }),
  ),
];
