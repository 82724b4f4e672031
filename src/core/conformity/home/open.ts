import { daysBetween, type Day } from "#core/basics/time.ts";
import type { Actor } from "#core/records/actor.ts";
import type { Ref } from "#core/records/field.ts";
import type { AnyRecord, RecordOf } from "#core/records/kind.ts";
import { maySee } from "#core/records/sight.ts";
import { nodes as catalogue } from "#core/standard/catalogue.ts";
import type { BoardNode } from "../board.ts";
import { isExcepted, isNewest, isNewestOf, type ScanKind } from "../facts/scans.ts";
import { Today } from "../today.ts";
import { byDay, holds, holdsRole, inDays, shortName, type HomeGround, type HomeItem } from "./item.ts";

export function worstThing({ records, nodes }: HomeGround): HomeItem[] {
  const open = (records.all("nonconformity") as readonly RecordOf<"nonconformity">[]).filter(
    (nonconformity) => nonconformity.state !== "closed" && nonconformity.grade === "major",
  );
  const [newest] = [...open].sort((a, b) => ((a.detected_on ?? "") > (b.detected_on ?? "") ? -1 : 1));
  if (newest)
    return [
      {
        ref: newest.ref,
        title: newest.summary ?? newest.title ?? newest.ref,
        why: `major nonconformity, ${newest.state.replaceAll("_", " ")}`,
        ...(newest.detected_on === undefined ? {} : { day: newest.detected_on }),
      },
    ];
  const failing = nodes.flatMap((node) =>
    node.checks
      .filter((check) => check.result === "fail" && check.severity === "high")
      .map((check) => ({ node: node.id, title: node.title, why: check.because })),
  );
  return failing.slice(0, 1);
}

export function numbers({ records }: HomeGround): HomeItem[] {
  const measures = (records.all("measure") as readonly RecordOf<"measure">[]).filter(
    (measure) => (measure.objectives ?? []).length > 0,
  );
  return measures
    .flatMap((measure): HomeItem[] => {
      const values = records
        .pointing("measurement", "measure", measure.ref)
        .map((ref) => records.find(ref) as RecordOf<"measurement"> | undefined)
        .filter((value) => value !== undefined && value.state !== "superseded")
        .sort((a, b) => ((a?.period_to ?? "") > (b?.period_to ?? "") ? -1 : 1));
      const [newest, before] = values;
      if (!newest) return [];
      const unit = measure.unit === undefined ? "" : ` ${measure.unit}`;
      const trend =
        before?.value === undefined || newest.value === undefined
          ? ""
          : newest.value === before.value
            ? ", as before"
            : `, ${newest.value > before.value ? "up" : "down"} from ${before.value}`;
      return [
        {
          ref: measure.ref,
          title: measure.title ?? measure.ref,
          why: `${newest.value ?? "no value"}${unit}${newest.band === undefined ? "" : ` (${newest.band})`}${trend}`,
          ...(newest.period_to === undefined ? {} : { day: newest.period_to }),
        },
      ];
    })
    .slice(0, 5);
}

export function contradictions(
  { nodes }: HomeGround,
  isWanted: (kind: BoardNode["contradictions"][number]["kind"]) => boolean,
): HomeItem[] {
  return nodes.flatMap((node) =>
    node.contradictions
      .filter(({ kind }) => isWanted(kind))
      .map(({ says }) => ({ node: node.id, title: `${node.id} ${node.title}`, why: says })),
  );
}

export function staleAssessments({ actor, records, outcomes }: HomeGround): HomeItem[] {
  return outcomes
    .filter((outcome) => outcome.check === "ia.fresh" && outcome.concerned && outcome.result !== "pass")
    .flatMap((outcome): HomeItem[] => {
      const system = records.find(outcome.ref);
      if (!system || !(holdsRole(actor, "aims_manager") || owns(actor, system.ref))) return [];
      const assessment = (outcome.records ?? []).find((ref) => records.find(ref)?.kind === "impact_assessment");
      const name = records.find(assessment ?? "")?.title;
      return [
        {
          ref: assessment ?? system.ref,
          title: `${system.title ?? system.ref}: ${name ?? assessment ?? "no assessment"}`,
          why: `waits for a judgement: ${outcome.because ?? ""}`,
        },
      ];
    });
}

const owns = (actor: Actor, system: Ref): boolean =>
  actor.assignments.some(
    (assignment) => assignment.role_key === "ai_system_owner" && (assignment.reach?.ai_systems ?? []).includes(system),
  );

type Violation = { severity: string; systems: readonly Ref[]; item: HomeItem };

/** What the newest good scan of each namespace found, without what an exception in force covers. */
export function violations({ records, day }: HomeGround, of: readonly ScanKind[]): Violation[] {
  const exceptions = records.all("exception") as readonly RecordOf<"exception">[];
  const today = new Today(day);
  return of.flatMap((kind) =>
    (records.all(kind) as readonly RecordOf<ScanKind>[]).filter(isNewest).flatMap((scan) =>
      (scan.results ?? [])
        .filter((result) => isNewestOf(scan, result.namespace) && !isExcepted(result, exceptions, today))
        .map((result): Violation => {
          const { subject, workload, image } = result as { subject?: string; workload?: string; image?: string };
          const days = inDays(daysBetween(result.first_seen, day));
          return {
            severity: result.severity,
            systems: result.ai_system === undefined ? (scan.ai_systems ?? []) : [result.ai_system],
            item: {
              ref: scan.ref,
              title: `${result.rule} ${subject ?? workload ?? image ?? ""}`.trim(),
              why: `${result.severity}, ${days}: ${result.message}`,
              day: result.first_seen,
            },
          };
        }),
    ),
  );
}

export function ownViolations(ground: HomeGround): HomeItem[] {
  const engineers = ground.actor.assignments.filter(
    (assignment) => assignment.role_key === "platform_engineer" || assignment.role_key === "ml_engineer",
  );
  if (engineers.length === 0) return [];
  const isMine = (systems: readonly Ref[]) =>
    engineers.some(
      (assignment) =>
        assignment.reach?.kind !== "ai_system" ||
        systems.some((system) => (assignment.reach?.ai_systems ?? []).includes(system)),
    );
  const rank = ["critical", "high", "medium", "low"];
  return violations(ground, ["k8s_access_scan", "image_policy_scan"])
    .filter(({ systems }) => isMine(systems))
    .sort((a, b) => rank.indexOf(a.severity) - rank.indexOf(b.severity) || byDay(a.item, b.item))
    .map(({ item }) => item);
}

export function actionsByNonconformity({ records, day }: HomeGround): HomeItem[] {
  return (records.all("nonconformity") as readonly RecordOf<"nonconformity">[])
    .filter((nonconformity) => nonconformity.state !== "closed")
    .flatMap((nonconformity): HomeItem[] => {
      const dues = records
        .pointing("corrective_action", "nonconformity", nonconformity.ref)
        .map((ref) => records.find(ref) as RecordOf<"corrective_action"> | undefined)
        .filter((action) => action?.state === "planned" || action?.state === "in_progress")
        .map((action) => action?.redecided_due ?? action?.due)
        .filter((due) => due !== undefined)
        .sort();
      const [first, last] = [dues[0], dues.at(-1)];
      if (first === undefined || last === undefined) return [];
      return [
        {
          ref: nonconformity.ref,
          title: `${nonconformity.ref} ${nonconformity.title ?? ""}`.trim(),
          why: dueRange(day, first, last, dues.length),
          day: first,
        },
      ];
    })
    .sort(byDay);
}

function dueRange(day: Day, first: Day, last: Day, count: number): string {
  const [from, to] = [daysBetween(day, first), daysBetween(day, last)];
  const what = count === 1 ? "1 action" : `${count} actions`;
  if (from < 0) return `${what}, the first ${inDays(-from)} late`;
  return from === to ? `${what} due in ${inDays(from)}` : `${what} due in ${from} to ${to} days`;
}

export function openConcerns({ actor, records }: HomeGround): HomeItem[] {
  return (records.all("concern") as readonly RecordOf<"concern">[])
    .filter((concern) => maySee(actor, concern as AnyRecord) && holdsRole(actor, "concern_handler"))
    .flatMap((concern): HomeItem[] => {
      const title = concern.title ?? concern.about ?? concern.ref;
      if (concern.reprisal_check_due !== undefined && concern.reprisal_check_on === undefined)
        return [
          {
            ref: concern.ref,
            title,
            why: `look for reprisals on ${concern.reprisal_check_due}`,
            day: concern.reprisal_check_due,
          },
        ];
      return concern.state === "closed"
        ? []
        : [
            {
              ref: concern.ref,
              title,
              why: concern.state.replaceAll("_", " "),
              day: concern.received_on ?? concern.state_since,
            },
          ];
    })
    .sort(byDay);
}

export function auditWork(ground: HomeGround): HomeItem[] {
  if (!holds(ground, "lead_internal_auditor", "internal_auditor")) return [];
  const audits = (ground.records.all("audit") as readonly RecordOf<"audit">[])
    .filter((audit) => !["reported", "closed", "cancelled"].includes(audit.state))
    .map((audit): HomeItem => ({
      ref: audit.ref,
      title: audit.title ?? audit.ref,
      why: audit.state,
      ...(audit.planned_from === undefined ? {} : { day: audit.planned_from }),
    }));
  const effects = (ground.records.all("corrective_action") as readonly RecordOf<"corrective_action">[])
    .filter(
      (action) =>
        action.state === "done" &&
        action.effectiveness?.checked_by === ground.actor.person &&
        action.effectiveness?.checked_on === undefined,
    )
    .map((action): HomeItem => ({
      ref: action.ref,
      title: action.title ?? action.ref,
      why: "its effect waits to be checked",
      ...(action.effectiveness?.check_due === undefined ? {} : { day: action.effectiveness.check_due }),
    }));
  return [...audits, ...effects].sort(byDay);
}

export function overdueReviews(ground: HomeGround): HomeItem[] {
  const { actor, records, overdue } = ground;
  const isTheirs = (record: AnyRecord) =>
    holdsRole(actor, "aims_manager") || (actor.person !== undefined && record.owner === actor.person);
  return overdue
    .filter((record) => isTheirs(record) && maySee(actor, record))
    .map((record): HomeItem => ({
      ref: record.ref,
      title: record.title ?? record.ref,
      why: `review was due on ${record.next_review_on ?? ""}${record.owner === undefined ? ", and it has no owner" : `, with ${shortName(records, record.owner)}`}`,
      ...(record.next_review_on === undefined ? {} : { day: record.next_review_on }),
    }))
    .sort(byDay);
}

export function failingChecks({ actor, nodes }: HomeGround): HomeItem[] {
  const theirs = new Set(catalogue.filter((node) => holdsRole(actor, node.typicalOwner)).map((node) => node.id));
  const seen = new Set<string>();
  return nodes
    .filter((node) => theirs.has(node.id))
    .flatMap((node) => node.checks.filter((check) => check.home === node.id).map((check) => ({ node, check })))
    .filter(
      ({ check }) =>
        (check.result === "fail" || check.result === "unknown") &&
        !seen.has(check.id) &&
        seen.add(check.id) !== undefined,
    )
    .sort((a, b) => severityRank.indexOf(a.check.severity) - severityRank.indexOf(b.check.severity))
    .map(({ node, check }) => ({
      node: node.id,
      title: `${node.id} ${check.id}`,
      why: check.because === "" ? check.text : check.because,
    }));
}

const severityRank = ["high", "medium", "low"];
