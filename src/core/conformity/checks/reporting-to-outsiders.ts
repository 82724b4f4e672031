import { dayOf } from "#core/basics/time.ts";
import { all, back, out, via } from "#core/records/follow.ts";
import type { RecordOf } from "#core/records/kind.ts";
import { fields as incidentFields } from "#core/records/kinds/incident.ts";
import { check, every, some, type Check } from "../check.ts";
import { missedDues, missingOf } from "../facts/communication.ts";
import { isDeployedInScope } from "../facts/systems.ts";
import { listed, plain } from "../facts/words.ts";
import { make, on } from "../mend.ts";

type Plan = RecordOf<"communication_plan">;

const isApproved = (plan: Plan): boolean => plan.state === "approved";
const routesOf = (plans: readonly Plan[]) =>
  plans.filter(isApproved).flatMap((plan) => (plan.lines ?? []).flatMap((line) => line.public_route ?? []));
const named = (language: string): string => language.trim().toLowerCase();

/** What an incident line leaves open, in plain words. */
function openInIncidentLine(line: NonNullable<Plan["lines"]>[number]): string[] {
  return [
    ...missingOf(line),
    ...((line.incident?.audience_kinds ?? []).length > 0 ? [] : ["whom to tell"]),
    ...(line.incident?.how_fast === undefined ? ["how fast"] : []),
  ];
}

/** Kinds and severities of incident that no line speaks of, each pair once. */
function uncoveredIncidents(plan: Plan): string[] {
  const lines = (plan.lines ?? []).flatMap((line) => line.incident ?? []);
  return incidentFields.incident_kind.options.flatMap((kind) =>
    incidentFields.severity.options
      .filter(
        (severity) =>
          !lines.some(
            (line) => (line.incident_kinds ?? []).includes(kind) && (line.severities ?? []).includes(severity),
          ),
      )
      .map((severity) => `${plain(kind)}, ${severity}`),
  );
}

/** Checks whose home is A.8.3, A.8.4 and A.8.5. */
export const checks: readonly Check[] = [
  check(
    "external.route",
    [
      on("communication_plan", "record_trial"),
      on("communication_plan", "amend"),
      make("communication_plan", "draft", { about: "supersedes" }),
      make("communication_plan", "draft"),
    ],
    some("communication_plan", {
      where: isApproved,
      follow: {
        proofs: out("evidence_item", "lines.public_route.test_evidence"),
        reports: out("concern", "lines.public_route.test_reports"),
      },
      must: ({ record, proofs, reports, today }) => {
        const routes = routesOf([record]);
        if (routes.length === 0) return "it has no line with a route open to anyone";
        const tried = routes.filter(
          (route) => route.tested_on !== undefined && today.isWithinMonths(route.tested_on, 12),
        );
        if (tried.length === 0) return "its route was not tried out in the last 12 months";
        const proven = tried.some(
          (route) =>
            proofs.some((proof) => proof.ref === route.test_evidence && proof.state === "accepted") &&
            reports.some((report) => (route.test_reports ?? []).includes(report.ref) && report.test_report === true),
        );
        return proven || "no accepted proof and no trial report in the concern log show that the trial arrived";
      },
      because:
        "no route by which anyone can report harm was tried out in the last 12 months with reports that reached the concern log",
    }),
    every("ai_system", {
      where: isDeployedInScope,
      follow: { plans: all("communication_plan") },
      must: ({ record, plans }) => {
        const spoken = new Set(routesOf(plans).flatMap((route) => (route.languages ?? []).map(named)));
        if (spoken.size === 0) return "no route says in which languages it works";
        const missing = (record.deployment_context?.languages ?? []).filter((language) => !spoken.has(named(language)));
        return missing.length === 0 || `the route does not work in ${listed(missing)}`;
      },
      empty: "not_applicable",
      because: "no AI system in scope is deployed",
    }),
  ),
  check(
    "incident.comms_plan",
    [on("communication_plan", "amend"), make("communication_plan", "draft", { about: "supersedes" })],
    some("communication_plan", {
      where: isApproved,
      must: ({ record }) => {
        const lines = (record.lines ?? []).filter((line) => line.incident !== undefined);
        if (lines.length === 0) return "it has no line for incidents";
        const open = lines
          .map((line) => ({ line, missing: openInIncidentLine(line) }))
          .filter(({ missing }) => missing.length > 0);
        if (open.length > 0)
          return open.map(({ line, missing }) => `line ${line.no} does not say ${listed(missing)}`).join("; ");
        const uncovered = uncoveredIncidents(record);
        return (
          uncovered.length === 0 || `no line speaks of incidents of these kinds: ${uncovered.slice(0, 5).join("; ")}`
        );
      },
      because:
        "no approved communication plan says for every kind and severity of incident whom to tell, what, how fast, how and by whom",
    }),
  ),
  check(
    "incident.notified",
    [on("incident", "notify"), make("nonconformity", "open", { about: "raised_from", with: { source: "incident" } })],
    every("incident", {
      where: (record) => (record.notifications ?? []).some((notice) => notice.due_at !== undefined),
      must: ({ record, today }) => {
        const late = (record.notifications ?? []).filter(({ due_at: due, sent_at: sent, nonconformity }) => {
          if (due === undefined || nonconformity !== undefined) return false;
          return sent === undefined ? today.isPast(dayOf(due)) : sent > due;
        });
        if (late.length === 0) return true;
        return late
          .map(
            ({ to, due_at: due, sent_at: sent }) =>
              `${to} was to be told by ${due ?? ""} and ${sent === undefined ? "was not" : `was told at ${sent}`}`,
          )
          .join("; ");
      },
      empty: "not_applicable",
      because: "no incident lists a notification with a due time",
    }),
  ),
  check(
    "info.duties",
    [make("communication_event", "record", { about: "about" }), make("communication_plan", "draft")],
    every("obligation", {
      where: (record) =>
        record.obligation_kind === "reporting" && record.addressed_by_aims !== "no" && record.state !== "lapsed",
      follow: {
        plans: all("communication_plan"),
        events: via(all("communication_plan"), back("communication_event", "plan")),
      },
      must: ({ record, plans, events, today }) => {
        const lines = plans
          .filter(isApproved)
          .flatMap((plan) => (plan.lines ?? []).map((line) => ({ plan, line })))
          .filter(({ line }) => (line.obligations ?? []).includes(record.ref));
        if (lines.length === 0) return "no line of the communication plan serves it";
        if (!lines.some(({ line }) => (line.by ?? []).length + (line.by_roles ?? []).length > 0))
          return "the line that serves it names nobody who does it";
        const missed = lines.flatMap(({ plan, line }) => {
          const own = events.filter((event) => event.plan === plan.ref);
          return missedDues(plan, line, own, today).map((due) => `line ${line.no} was due on ${due}`);
        });
        return missed.length === 0 || `${missed.join("; ")} and is not shown to be done`;
      },
      empty: "not_applicable",
      because: "no duty to report is on record",
    }),
  ),
];
