import type { Actor, RoleKey } from "#core/records/actor.ts";
import type { KindName } from "#core/records/all.ts";
import { back, type Follow } from "#core/records/follow.ts";
import { decisions, waitingDecisions } from "./decisions.ts";
import { holds, holdsRole, type HomeGround, type HomeItem, type HomeSection } from "./item.ts";
import {
  actionsByNonconformity,
  auditWork,
  contradictions,
  failingChecks,
  numbers,
  openConcerns,
  overdueReviews,
  ownViolations,
  staleAssessments,
  violations,
  worstThing,
} from "./open.ts";
import { ownActions, ownCompetence, ownRisks, ownTasks, unconfirmed } from "./own.ts";

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

const sections: readonly Section[] = [
  {
    id: "decisions",
    title: "Decisions waiting",
    empty: "No decision waits for you.",
    roles: ["top_management"],
    needs: [
      ...decisions.map(({ kind, state }) => ({ kind, states: [state] })),
      { kind: "role_assignment", states: ["accepted"] },
    ],
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
    needs: [
      { kind: "measure", states: ["active"] },
      { kind: "measurement", newest: 300 },
    ],
    items: (ground) => (holds(ground, "top_management") ? numbers(ground) : []),
  },
  {
    id: "contradictions",
    title: "Contradictions",
    empty: "No verdict stands against its checks.",
    roles: ["aims_manager"],
    needs: [],
    items: (ground) =>
      holds(ground, "aims_manager", "lead_internal_auditor")
        ? contradictions(ground, (kind) => kind !== "implemented-unproven")
        : [],
  },
  {
    id: "stale",
    title: "Assessments gone stale",
    empty: "Every assessment speaks of its system as it is.",
    roles: ["aims_manager", "ai_system_owner"],
    needs: [{ kind: "ai_system" }, { kind: "impact_assessment" }],
    items: staleAssessments,
  },
  {
    id: "access",
    title: "High access findings",
    empty: "The newest access scans found nothing high.",
    roles: ["aims_manager"],
    needs: [
      { kind: "k8s_access_scan", newest: 40 },
      { kind: "exception", states: ["granted"] },
    ],
    items: (ground) =>
      holds(ground, "aims_manager")
        ? violations(ground, ["k8s_access_scan"])
            .filter(({ severity }) => severity === "high" || severity === "critical")
            .map(({ item }) => item)
        : [],
  },
  {
    id: "proof",
    title: "Proof run out",
    empty: "Everything said to be implemented is proven.",
    roles: ["aims_manager"],
    needs: [],
    items: (ground) =>
      holds(ground, "aims_manager") ? contradictions(ground, (kind) => kind === "implemented-unproven") : [],
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
    needs: [
      { kind: "k8s_access_scan", newest: 40 },
      { kind: "image_policy_scan", newest: 40 },
      { kind: "exception", states: ["granted"] },
    ],
    items: ownViolations,
  },
  {
    id: "concerns",
    title: "Concerns",
    empty: "No concern is open.",
    roles: ["concern_handler"],
    needs: [{ kind: "concern" }],
    items: openConcerns,
  },
  {
    id: "audits",
    title: "Audits",
    empty: "No audit is under way.",
    roles: ["lead_internal_auditor", "internal_auditor"],
    needs: [{ kind: "audit" }, { kind: "corrective_action", states: ["done"] }],
    items: auditWork,
  },
  {
    id: "risks",
    title: "My risks",
    empty: "None of your risks has to be looked at again.",
    roles: ["risk_owner"],
    needs: [],
    items: ownRisks,
  },
  { id: "actions", title: "My corrective actions", empty: "", roles: [], needs: [], items: ownActions },
  { id: "tasks", title: "My tasks", empty: "You have no open task.", roles: ["employee"], needs: [], items: ownTasks },
  { id: "competence", title: "My competence", empty: "", roles: [], needs: [], items: ownCompetence },
  {
    id: "acknowledge",
    title: "To read and confirm",
    empty: "You have confirmed all there is.",
    roles: ["employee"],
    needs: [{ kind: "policy", states: ["published"] }],
    items: unconfirmed,
  },
  {
    id: "overdue",
    title: "Overdue reviews",
    empty: "No review is overdue.",
    roles: ["aims_manager"],
    needs: [],
    items: overdueReviews,
  },
  {
    id: "checks",
    title: "Failing checks of what you look after",
    empty: "Every check of what you look after passes.",
    roles: ["aims_manager"],
    needs: [],
    items: failingChecks,
  },
];

/** The records that home screens of these roles look at, besides what points to the actor. */
export function needsOf(actor: Actor): Need[] {
  return sections
    .filter(
      (section) =>
        section.roles.length === 0 ||
        section.id === "decisions" ||
        section.roles.some((role) => role === "employee" || holdsRole(actor, role)),
    )
    .flatMap((section) => section.needs);
}

/** Sections of the actor's home screen, in order. */
export function homeOf(ground: HomeGround): HomeSection[] {
  return sections.flatMap(({ id, title, empty, roles, items }) => {
    const found = items(ground);
    const isTheirs = roles.some((role) =>
      role === "employee" ? ground.actor.kind === "person" : holdsRole(ground.actor, role),
    );
    return found.length === 0 && !isTheirs ? [] : [{ id, title, empty, items: found.slice(0, 50), of: found.length }];
  });
}
