import { addDays, daysBetween, type Day } from "#core/basics/time.ts";
import { covers, type Actor, type RoleKey } from "#core/records/actor.ts";
import { kinds, type KindName } from "#core/records/all.ts";
import { concernOf, peopleIn, type Deed } from "#core/records/deed.ts";
import type { Ref } from "#core/records/field.ts";
import { back, type Follow } from "#core/records/follow.ts";
import type { AnyRecord, Kind, RecordOf } from "#core/records/kind.ts";
import type { MemoryRecords } from "#core/records/memory.ts";
import { isHeld } from "#core/records/story.ts";
import { maySee } from "#core/records/sight.ts";
import { nodes as catalogue } from "#core/standard/catalogue.ts";
import type { BoardNode } from "./board.ts";
import type { Outcome } from "./check.ts";
import { isExcepted, isNewest, isNewestOf, type ScanKind } from "./facts/scans.ts";
import { Today } from "./today.ts";

export type HomeItem = {
  /** The record to open; absent when `node` is what to open. */
  ref?: Ref;
  node?: string;
  title: string;
  /** Why it is here, in a sentence. */
  why: string;
  /** The day it is due, or since when it waits. */
  day?: Day;
  /** The deed that mends it. */
  deed?: { kind: string; deed: string; title: string };
};

export type HomeSection = {
  id: string;
  title: string;
  /** What an empty section says. */
  empty: string;
  items: HomeItem[];
  /** How many there are in all; `items` holds the first 50. */
  of: number;
};

/** What home screens are made from. `records` holds what `needsOf` and `aroundMe` name, and may hold more. */
export type HomeGround = {
  actor: Actor;
  day: Day;
  records: MemoryRecords;
  /** The board as the actor may see it. */
  nodes: readonly BoardNode[];
  /** Outcomes that say why, of the checks named by `checksOfHome`. */
  outcomes: readonly Outcome[];
  /** Live records whose review day is past. */
  overdue: readonly AnyRecord[];
};

/** Records that a section looks at: of a kind, perhaps in some states, perhaps the newest alone. */
export type Need = { kind: KindName; states?: readonly string[]; newest?: number };

type Section = {
  id: string;
  title: string;
  empty: string;
  /** Who has it also when it is empty; nobody else has it then. */
  roles: readonly RoleKey[];
  needs: readonly Need[];
  items: (ground: HomeGround) => HomeItem[];
};

/** The checks whose outcomes sections speak of. */
export const checksOfHome = ["ia.fresh"] as const;

/** What points to the actor's own person, and is looked at for everybody. */
export const aroundMe = {
  tasks: back("task", "assignee"),
  competence: back("competence_record", "person"),
  acknowledged: back("awareness_ack", "person"),
  doing: back("corrective_action", "doer"),
  owned: back("corrective_action", "owner"),
  risks: back("risk", "owner"),
} satisfies Follow;

/**
 * States in which a record waits for somebody's decision, and the deed that gives it: one that
 * approves, from one state to which the record was brought for it. What was only entered (a draft, a
 * candidate) waits for nobody yet, unless entering it is to ask.
 */
const decisions = (Object.values(kinds) as Kind[]).flatMap((kind) =>
  Object.values(kind.deeds)
    .filter((deed) => deed.approves === "approve" || typeof deed.approves === "function")
    .filter((deed) => deed.from !== "new" && deed.from.length === 1 && deed.to !== undefined && deed.to !== deed.from[0] && (deed.from[0] === "requested" || !isEntered(kind, deed.from[0])))
    .map((deed) => ({ kind: kind.name, state: String((deed.from as readonly string[])[0]), deed })),
);

function isEntered(kind: Kind, state: string | undefined): boolean {
  return state === "draft" || Object.values(kind.deeds).some((deed) => deed.from === "new" && deed.to === state);
}

const sections: readonly Section[] = [
  {
    id: "decisions",
    title: "Decisions waiting",
    empty: "No decision waits for you.",
    roles: ["top_management"],
    needs: [...decisions.map(({ kind, state }) => ({ kind, states: [state] })), { kind: "role_assignment", states: ["accepted"] }],
    items: waitingDecisions,
  },
  {
    id: "worst",
    title: "The worst open thing",
    empty: "Nothing major is open.",
    roles: ["top_management"],
    needs: [{ kind: "nonconformity" }],
    items: (ground) => (holds(ground, "top_management") ? worstThing(ground) : []),
  },
  {
    id: "numbers",
    title: "Numbers",
    empty: "No measure of an objective has a value yet.",
    roles: ["top_management"],
    needs: [{ kind: "measure", states: ["active"] }, { kind: "measurement", newest: 300 }],
    items: (ground) => (holds(ground, "top_management") ? numbers(ground) : []),
  },
  {
    id: "contradictions",
    title: "Contradictions",
    empty: "No verdict stands against its checks.",
    roles: ["aims_manager"],
    needs: [],
    items: (ground) => (holds(ground, "aims_manager", "lead_internal_auditor") ? contradictions(ground, (kind) => kind !== "implemented-unproven") : []),
  },
  { id: "stale", title: "Assessments gone stale", empty: "Every assessment speaks of its system as it is.", roles: ["aims_manager", "ai_system_owner"], needs: [{ kind: "ai_system" }, { kind: "impact_assessment" }], items: staleAssessments },
  {
    id: "access",
    title: "High access findings",
    empty: "The newest access scans found nothing high.",
    roles: ["aims_manager"],
    needs: [{ kind: "k8s_access_scan", newest: 40 }, { kind: "exception", states: ["granted"] }],
    items: (ground) => (holds(ground, "aims_manager") ? violations(ground, ["k8s_access_scan"]).filter(({ severity }) => severity === "high" || severity === "critical").map(({ item }) => item) : []),
  },
  {
    id: "proof",
    title: "Proof run out",
    empty: "Everything said to be implemented is proven.",
    roles: ["aims_manager"],
    needs: [],
    items: (ground) => (holds(ground, "aims_manager") ? contradictions(ground, (kind) => kind === "implemented-unproven") : []),
  },
  {
    id: "corrective",
    title: "Corrective actions",
    empty: "No nonconformity waits for an action.",
    roles: ["aims_manager"],
    needs: [{ kind: "nonconformity" }, { kind: "corrective_action", states: ["planned", "in_progress"] }],
    items: (ground) => (holds(ground, "aims_manager") ? actionsByNonconformity(ground) : []),
  },
  {
    id: "violations",
    title: "Violations",
    empty: "The newest scans found nothing in your systems.",
    roles: ["platform_engineer", "ml_engineer"],
    needs: [{ kind: "k8s_access_scan", newest: 40 }, { kind: "image_policy_scan", newest: 40 }, { kind: "exception", states: ["granted"] }],
    items: ownViolations,
  },
  { id: "concerns", title: "Concerns", empty: "No concern is open.", roles: ["concern_handler"], needs: [{ kind: "concern" }], items: openConcerns },
  { id: "audits", title: "Audits", empty: "No audit is under way.", roles: ["lead_internal_auditor", "internal_auditor"], needs: [{ kind: "audit" }, { kind: "corrective_action", states: ["done"] }], items: auditWork },
  { id: "risks", title: "My risks", empty: "None of your risks has to be looked at again.", roles: ["risk_owner"], needs: [], items: ownRisks },
  { id: "actions", title: "My corrective actions", empty: "", roles: [], needs: [], items: ownActions },
  { id: "tasks", title: "My tasks", empty: "You have no open task.", roles: ["employee"], needs: [], items: ownTasks },
  { id: "competence", title: "My competence", empty: "", roles: [], needs: [], items: ownCompetence },
  { id: "acknowledge", title: "To read and confirm", empty: "You have confirmed all there is.", roles: ["employee"], needs: [{ kind: "policy", states: ["published"] }], items: unconfirmed },
  { id: "overdue", title: "Overdue reviews", empty: "No review is overdue.", roles: ["aims_manager"], needs: [], items: overdueReviews },
  { id: "checks", title: "Failing checks of what you look after", empty: "Every check of what you look after passes.", roles: ["aims_manager"], needs: [], items: failingChecks },
];

/** The records that home screens of these roles look at, besides what points to the actor. */
export function needsOf(actor: Actor): Need[] {
  return sections.filter((section) => section.roles.length === 0 || section.id === "decisions" || section.roles.some((role) => role === "employee" || holdsRole(actor, role))).flatMap((section) => section.needs);
}

/** Sections of the actor's home screen, in order. */
export function homeOf(ground: HomeGround): HomeSection[] {
  return sections.flatMap(({ id, title, empty, roles, items }) => {
    const found = items(ground);
    const isTheirs = roles.some((role) => (role === "employee" ? ground.actor.kind === "person" : holdsRole(ground.actor, role)));
    return found.length === 0 && !isTheirs ? [] : [{ id, title, empty, items: found.slice(0, 50), of: found.length }];
  });
}

const holdsRole = (actor: Actor, role: RoleKey): boolean => actor.assignments.some((assignment) => assignment.role_key === role);
const holds = ({ actor }: HomeGround, ...roles: RoleKey[]): boolean => roles.some((role) => holdsRole(actor, role));

function waitingDecisions(ground: HomeGround): HomeItem[] {
  const { actor, records, day } = ground;
  const assignments = (records.all("role_assignment") as readonly RecordOf<"role_assignment">[]).filter((assignment) => isHeld(assignment, day));
  const items = decisions.flatMap(({ kind, state, deed }) =>
    records
      .all(kind)
      .filter((record) => record.state === state && maySee(actor, record))
      .flatMap((record): HomeItem[] => {
        const named = record["waits_for"];
        const deciders = typeof named === "string" ? [named] : decidersOf(deed, record, assignments);
        const isMine = actor.person !== undefined && deciders.includes(actor.person);
        const others = deciders.filter((person) => assignments.some((assignment) => assignment.person === person && assignment.role_key === "top_management"));
        if (!isMine && !(holdsRole(actor, "top_management") && others.length > 0)) return [];
        const since = sinceOf(record);
        const days = inDays(daysBetween(since, day));
        const why = isMine ? `waits for you since ${since}, ${days}` : `with ${others.map((person) => shortName(records, person)).join(" or ")}, ${days}`;
        return [{ ref: record.ref, title: record.title ?? record.ref, why, day: since, ...(isMine ? { deed: { kind, deed: nameOfDeed(kinds[kind], deed), title: deed.title } } : {}) }];
      }),
  );
  return items.sort(byDay);
}

/** People who hold what the deed asks for, over what the record concerns. */
function decidersOf(deed: Deed, record: AnyRecord, assignments: readonly RecordOf<"role_assignment">[]): Ref[] {
  const concern = concernOf(record);
  const holders = deed.who.flatMap((who) => {
    if (who.by === "field") return peopleIn(record, who.field);
    if (who.by !== "role" && who.by !== "authority") return [];
    return assignments
      .filter((assignment) => (who.by === "role" ? assignment.role_key === who.role : (assignment.authorities ?? []).includes(who.authority as never)) && covers(assignment, concern))
      .flatMap((assignment) => (assignment.person === undefined ? [] : [assignment.person]));
  });
  const apart = new Set((deed.apart ?? []).flatMap((field) => (field === "creator" ? (record.created_by === undefined ? [] : [record.created_by]) : peopleIn(record, field))));
  return [...new Set(holders)].filter((person) => !apart.has(person));
}

function sinceOf(record: AnyRecord): Day {
  const asked = record["requested_on"];
  return typeof asked === "string" ? (asked as Day) : record.state_since;
}

function worstThing({ records, nodes }: HomeGround): HomeItem[] {
  const open = (records.all("nonconformity") as readonly RecordOf<"nonconformity">[]).filter((nonconformity) => nonconformity.state !== "closed" && nonconformity.grade === "major");
  const [newest] = [...open].sort((a, b) => ((a.detected_on ?? "") > (b.detected_on ?? "") ? -1 : 1));
  if (newest) return [{ ref: newest.ref, title: newest.summary ?? newest.title ?? newest.ref, why: `major nonconformity, ${newest.state.replaceAll("_", " ")}`, ...(newest.detected_on === undefined ? {} : { day: newest.detected_on }) }];
  const failing = nodes.flatMap((node) => node.checks.filter((check) => check.result === "fail" && check.severity === "high").map((check) => ({ node: node.id, title: node.title, why: check.because })));
  return failing.slice(0, 1);
}

function numbers({ records }: HomeGround): HomeItem[] {
  const measures = (records.all("measure") as readonly RecordOf<"measure">[]).filter((measure) => (measure.objectives ?? []).length > 0);
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
      const trend = before?.value === undefined || newest.value === undefined ? "" : newest.value === before.value ? ", as before" : `, ${newest.value > before.value ? "up" : "down"} from ${before.value}`;
      return [{ ref: measure.ref, title: measure.title ?? measure.ref, why: `${newest.value ?? "no value"}${unit}${newest.band === undefined ? "" : ` (${newest.band})`}${trend}`, ...(newest.period_to === undefined ? {} : { day: newest.period_to }) }];
    })
    .slice(0, 5);
}

function contradictions({ nodes }: HomeGround, isWanted: (kind: BoardNode["contradictions"][number]["kind"]) => boolean): HomeItem[] {
  return nodes.flatMap((node) => node.contradictions.filter(({ kind }) => isWanted(kind)).map(({ says }) => ({ node: node.id, title: `${node.id} ${node.title}`, why: says })));
}

function staleAssessments({ actor, records, outcomes }: HomeGround): HomeItem[] {
  return outcomes
    .filter((outcome) => outcome.check === "ia.fresh" && outcome.concerned && outcome.result !== "pass")
    .flatMap((outcome): HomeItem[] => {
      const system = records.find(outcome.ref);
      if (!system || !(holdsRole(actor, "aims_manager") || owns(actor, system.ref))) return [];
      const assessment = (outcome.records ?? []).find((ref) => records.find(ref)?.kind === "impact_assessment");
      const name = records.find(assessment ?? "")?.title;
      return [{ ref: assessment ?? system.ref, title: `${system.title ?? system.ref}: ${name ?? assessment ?? "no assessment"}`, why: `waits for a judgement: ${outcome.because ?? ""}` }];
    });
}

const owns = (actor: Actor, system: Ref): boolean => actor.assignments.some((assignment) => assignment.role_key === "ai_system_owner" && (assignment.reach?.ai_systems ?? []).includes(system));

type Violation = { severity: string; systems: readonly Ref[]; item: HomeItem };

/** What the newest good scan of each namespace found, without what an exception in force covers. */
function violations({ records, day }: HomeGround, of: readonly ScanKind[]): Violation[] {
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
            item: { ref: scan.ref, title: `${result.rule} ${subject ?? workload ?? image ?? ""}`.trim(), why: `${result.severity}, ${days}: ${result.message}`, day: result.first_seen },
          };
        }),
    ),
  );
}

function ownViolations(ground: HomeGround): HomeItem[] {
  const engineers = ground.actor.assignments.filter((assignment) => assignment.role_key === "platform_engineer" || assignment.role_key === "ml_engineer");
  if (engineers.length === 0) return [];
  const isMine = (systems: readonly Ref[]) => engineers.some((assignment) => assignment.reach?.kind !== "ai_system" || systems.some((system) => (assignment.reach?.ai_systems ?? []).includes(system)));
  const rank = ["critical", "high", "medium", "low"];
  return violations(ground, ["k8s_access_scan", "image_policy_scan"])
    .filter(({ systems }) => isMine(systems))
    .sort((a, b) => rank.indexOf(a.severity) - rank.indexOf(b.severity) || byDay(a.item, b.item))
    .map(({ item }) => item);
}

function actionsByNonconformity({ records, day }: HomeGround): HomeItem[] {
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
      return [{ ref: nonconformity.ref, title: `${nonconformity.ref} ${nonconformity.title ?? ""}`.trim(), why: dueRange(day, first, last, dues.length), day: first }];
    })
    .sort(byDay);
}

function dueRange(day: Day, first: Day, last: Day, count: number): string {
  const [from, to] = [daysBetween(day, first), daysBetween(day, last)];
  const what = count === 1 ? "1 action" : `${count} actions`;
  if (from < 0) return `${what}, the first ${inDays(-from)} late`;
  return from === to ? `${what} due in ${inDays(from)}` : `${what} due in ${from} to ${to} days`;
}

function openConcerns({ actor, records }: HomeGround): HomeItem[] {
  return (records.all("concern") as readonly RecordOf<"concern">[])
    .filter((concern) => maySee(actor, concern as AnyRecord) && holdsRole(actor, "concern_handler"))
    .flatMap((concern): HomeItem[] => {
      const title = concern.title ?? concern.about ?? concern.ref;
      if (concern.reprisal_check_due !== undefined && concern.reprisal_check_on === undefined) return [{ ref: concern.ref, title, why: `look for reprisals on ${concern.reprisal_check_due}`, day: concern.reprisal_check_due }];
      return concern.state === "closed" ? [] : [{ ref: concern.ref, title, why: concern.state.replaceAll("_", " "), day: concern.received_on ?? concern.state_since }];
    })
    .sort(byDay);
}

function auditWork(ground: HomeGround): HomeItem[] {
  if (!holds(ground, "lead_internal_auditor", "internal_auditor")) return [];
  const audits = (ground.records.all("audit") as readonly RecordOf<"audit">[])
    .filter((audit) => !["reported", "closed", "cancelled"].includes(audit.state))
    .map((audit): HomeItem => ({ ref: audit.ref, title: audit.title ?? audit.ref, why: audit.state, ...(audit.planned_from === undefined ? {} : { day: audit.planned_from }) }));
  const effects = (ground.records.all("corrective_action") as readonly RecordOf<"corrective_action">[])
    .filter((action) => action.state === "done" && action.effectiveness?.checked_by === ground.actor.person && action.effectiveness?.checked_on === undefined)
    .map((action): HomeItem => ({ ref: action.ref, title: action.title ?? action.ref, why: "its effect waits to be checked", ...(action.effectiveness?.check_due === undefined ? {} : { day: action.effectiveness.check_due }) }));
  return [...audits, ...effects].sort(byDay);
}

function mine(ground: HomeGround, kind: KindName, field: string): AnyRecord[] {
  const me = ground.actor.person;
  return me === undefined ? [] : ground.records.pointing(kind, field, me).map((ref) => ground.records.find(ref)).filter((record) => record !== undefined);
}

function ownRisks(ground: HomeGround): HomeItem[] {
  const soon = addDays(ground.day, 60);
  return (mine(ground, "risk", "owner") as RecordOf<"risk">[])
    .filter((risk) => risk.state !== "closed")
    .flatMap((risk): HomeItem[] => {
      const title = risk.title ?? risk.ref;
      const ends = risk.acceptance?.expires_on;
      if (risk.next_review_on !== undefined && risk.next_review_on < ground.day) return [{ ref: risk.ref, title, why: `review was due on ${risk.next_review_on}`, day: risk.next_review_on }];
      return risk.state === "accepted" && ends !== undefined && ends <= soon ? [{ ref: risk.ref, title, why: `acceptance ends on ${ends}`, day: ends }] : [];
    })
    .sort(byDay);
}

function ownActions(ground: HomeGround): HomeItem[] {
  const actions = new Map([...mine(ground, "corrective_action", "doer"), ...mine(ground, "corrective_action", "owner")].map((action) => [action.ref, action as RecordOf<"corrective_action">]));
  return [...actions.values()]
    .filter((action) => action.state === "planned" || action.state === "in_progress")
    .map((action): HomeItem => {
      const due = action.redecided_due ?? action.due;
      return { ref: action.ref, title: action.title ?? action.action ?? action.ref, why: due === undefined ? "no day is set" : dueIn(ground.day, due), ...(due === undefined ? {} : { day: due }) };
    })
    .sort(byDay);
}

function ownTasks(ground: HomeGround): HomeItem[] {
  return (mine(ground, "task", "assignee") as RecordOf<"task">[])
    .filter((task) => task.state === "open")
    .map((task): HomeItem => ({ ref: task.ref, title: task.title ?? task.ref, why: task.due_on === undefined ? "no day is set" : dueIn(ground.day, task.due_on), ...(task.due_on === undefined ? {} : { day: task.due_on }), deed: { kind: "task", deed: "finish", title: "Finish task" } }))
    .sort(byDay);
}

function ownCompetence(ground: HomeGround): HomeItem[] {
  return (mine(ground, "competence_record", "person") as RecordOf<"competence_record">[])
    .filter((record) => record.state !== "superseded" && record.state !== "withdrawn" && record.state !== "draft")
    .flatMap((record): HomeItem[] => {
      const until = record.valid_until;
      const title = record.title ?? record.ref;
      if (record.state === "gap") return [{ ref: record.ref, title, why: "a gap is open" }];
      if (until === undefined || until > addDays(ground.day, 60)) return [];
      return [{ ref: record.ref, title, why: until < ground.day ? `expired on ${until}` : `runs out on ${until}`, day: until }];
    });
}

function unconfirmed(ground: HomeGround): HomeItem[] {
  const { actor, records } = ground;
  const me = actor.person === undefined ? undefined : (records.find(actor.person) as RecordOf<"person"> | undefined);
  if (!me || me.in_scope !== true) return [];
  const confirmed = new Set((mine(ground, "awareness_ack", "person") as RecordOf<"awareness_ack">[]).flatMap((given) => given.about ?? []));
  return records.all("policy").filter((policy) => policy.state === "published" && !confirmed.has(policy.ref)).map((policy) => ({ ref: policy.ref, title: policy.title ?? policy.ref, why: "published, and not confirmed by you", day: policy.state_since }));
}

function overdueReviews(ground: HomeGround): HomeItem[] {
  const { actor, records, overdue } = ground;
  const isTheirs = (record: AnyRecord) => holdsRole(actor, "aims_manager") || (actor.person !== undefined && record.owner === actor.person);
  return overdue
    .filter((record) => isTheirs(record) && maySee(actor, record))
    .map((record): HomeItem => ({ ref: record.ref, title: record.title ?? record.ref, why: `review was due on ${record.next_review_on ?? ""}${record.owner === undefined ? ", and it has no owner" : `, with ${shortName(records, record.owner)}`}`, ...(record.next_review_on === undefined ? {} : { day: record.next_review_on }) }))
    .sort(byDay);
}

function failingChecks({ actor, nodes }: HomeGround): HomeItem[] {
  const theirs = new Set(catalogue.filter((node) => holdsRole(actor, node.typicalOwner)).map((node) => node.id));
  const seen = new Set<string>();
  return nodes
    .filter((node) => theirs.has(node.id))
    .flatMap((node) => node.checks.filter((check) => check.home === node.id).map((check) => ({ node, check })))
    .filter(({ check }) => (check.result === "fail" || check.result === "unknown") && !seen.has(check.id) && seen.add(check.id) !== undefined)
    .sort((a, b) => severityRank.indexOf(a.check.severity) - severityRank.indexOf(b.check.severity))
    .map(({ node, check }) => ({ node: node.id, title: `${node.id} ${check.id}`, why: check.because === "" ? check.text : check.because }));
}

const severityRank = ["high", "medium", "low"];

function dueIn(day: Day, due: Day): string {
  const days = daysBetween(day, due);
  return days < 0 ? `was due on ${due}, ${inDays(-days)} ago` : days === 0 ? "due today" : `due on ${due}, in ${inDays(days)}`;
}

const inDays = (days: number): string => (days === 1 ? "1 day" : `${days} days`);

/** `M. Lindqvist`; the reference of somebody who was not loaded. */
function shortName(records: MemoryRecords, ref: Ref): string {
  const name = records.find(ref)?.["full_name"];
  if (typeof name !== "string") return ref;
  const words = name.replace(/^Dr\.? /, "").split(" ");
  return words.length < 2 ? name : `${words[0]?.charAt(0) ?? ""}. ${words.slice(1).join(" ")}`;
}

function nameOfDeed(kind: Kind, deed: Deed): string {
  return Object.entries(kind.deeds).find(([, one]) => one === deed)?.[0] ?? "";
}

function byDay(a: HomeItem, b: HomeItem): number {
  return (a.day ?? "9999") < (b.day ?? "9999") ? -1 : (a.day ?? "9999") > (b.day ?? "9999") ? 1 : 0;
}
