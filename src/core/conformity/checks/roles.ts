import type { RoleKey } from "#core/records/actor.ts";
import { kinds, type KindName } from "#core/records/all.ts";
import { all, back, out, via, type Path } from "#core/records/follow.ts";
import type { AnyRecord, RecordOf } from "#core/records/kind.ts";
import { check, every, some, type Check, type Clause } from "../check.ts";
import { coversAll, coversSystem, isHeldOn } from "../facts/roles.ts";
import { isInScope } from "../facts/systems.ts";
import { listed, plain } from "../facts/words.ts";
import { make, on } from "../mend.ts";
import type { Today } from "../today.ts";

type Assignment = RecordOf<"role_assignment">;

/** Pairs of roles that must not meet in one person for the same scope (domain model, section 8). */
const apart: readonly (readonly [RoleKey, RoleKey])[] = [
  ["aims_manager", "lead_internal_auditor"],
  ["aims_manager", "internal_auditor"],
  ["impact_assessor", "ai_system_owner"],
  ["impact_assessor", "ml_engineer"],
  ["platform_engineer", "ai_system_owner"],
  ["concern_handler", "ai_system_owner"],
  ...(
    ["ai_system_owner", "risk_owner", "impact_assessor", "ml_engineer", "platform_engineer", "data_steward"] as const
  ).flatMap((role) => [["lead_internal_auditor", role] as const, ["internal_auditor", role] as const]),
];

const dutyAreas = [
  "risk",
  "impact_assessment",
  "data_quality",
  "security",
  "safety",
  "privacy",
  "human_oversight",
  "development",
  "performance",
  "supplier",
  "legal",
] as const;

const isApart = (one: Assignment, other: Assignment): boolean =>
  apart.some(([a, b]) => (one.role_key === a && other.role_key === b) || (one.role_key === b && other.role_key === a));

/** Whether both assignments hold for a common part of the scope. */
function overlap(one: Assignment, other: Assignment): boolean {
  if (coversAll(one) || coversAll(other)) return true;
  if (one.reach?.kind === "ai_system")
    return (one.reach.ai_systems ?? []).some((system) => coversSystem(other, system));
  if (one.reach?.kind === "org_unit")
    return other.reach?.kind === "org_unit" && one.reach.org_unit === other.reach.org_unit;
  return other.reach?.kind === "process" && one.reach?.process === other.reach.process;
}

const stillExcepted = (exception: RecordOf<"exception">, today: Today): boolean =>
  exception.state === "granted" &&
  exception.compensating_measures !== undefined &&
  exception.valid_until !== undefined &&
  !today.isPast(exception.valid_until);

/** Somebody holds the role today, and is at work. */
const held = (role: RoleKey): Clause =>
  some("role_assignment", {
    where: (record, today) => record.role_key === role && isHeldOn(today, record),
    follow: { holder: out("person", "person") },
    must: ({ holder }) => holder[0]?.state === "active" || "its holder is not active",
    because: `nobody holds the role ${role}`,
  });

const carried = (authority: string): Clause =>
  some("role_assignment", {
    where: (record, today) => isHeldOn(today, record) && (record.authorities ?? []).some((one) => one === authority),
    must: () => true,
    because: `no accepted role carries "${authority}"`,
  });

/** Every kind whose records have an owner, each with the way from a person to what they own. */
const owned: Readonly<Record<string, Path>> = Object.fromEntries(
  Object.values(kinds)
    .filter((kind) => kind.ownerless !== true && kind.live.length > 0)
    .map((kind) => [kind.name, back(kind.name, "owner")]),
);

/** Checks whose home is 5.3 and A.3.2. */
export const checks: readonly Check[] = [
  check(
    "roles.core_assigned",
    [on("role_assignment", "accept"), on("ai_system", "hand_over"), make("role_assignment", "propose")],
    held("aims_manager"),
    held("lead_internal_auditor"),
    held("concern_handler"),
    every("ai_system", {
      where: isInScope,
      follow: {
        roles: back("role_assignment", "reach.ai_systems"),
        holders: via(back("role_assignment", "reach.ai_systems"), out("person", "person")),
      },
      must: ({ roles, holders, today }) => {
        const active = new Set(holders.filter((person) => person.state === "active").map((person) => person.ref));
        return (
          roles.some(
            (role) =>
              role.role_key === "ai_system_owner" &&
              isHeldOn(today, role) &&
              role.person !== undefined &&
              active.has(role.person),
          ) || "nobody active has accepted to own it"
        );
      },
      empty: "pass",
      because: "no AI system is in scope",
    }),
  ),
  check(
    "roles.two_duties",
    [
      on("role_assignment", "accept"),
      make("role_assignment", "propose", {
        with: { authorities: ["ensure AIMS conformity", "report AIMS performance to top management"] },
      }),
    ],
    carried("ensure AIMS conformity"),
    carried("report AIMS performance to top management"),
  ),
  check(
    "roles.accepted",
    [on("role_assignment", "accept"), on("role_assignment", "end")],
    every("role_assignment", {
      where: (record) => record.state === "proposed",
      must: ({ record, today }) =>
        !today.isLongerThan(30, record.state_since) ||
        `proposed on ${record.state_since} and not accepted within 30 days`,
      empty: "pass",
      because: "no role waits for its holder",
    }),
  ),
  check(
    "roles.no_conflict",
    [on("role_assignment", "end"), make("exception", "request", { about: "about" })],
    every("role_assignment", {
      where: (record, today) =>
        isHeldOn(today, record) && apart.some((pair) => pair.some((role) => role === record.role_key)),
      follow: {
        others: via(out("person", "person"), back("role_assignment", "person")),
        exceptions: back("exception", "about"),
        othersExceptions: via(
          via(out("person", "person"), back("role_assignment", "person")),
          back("exception", "about"),
        ),
      },
      must: ({ record, others, exceptions, othersExceptions, today }) => {
        const clash = others.find(
          (other) =>
            other.ref !== record.ref && isHeldOn(today, other) && isApart(record, other) && overlap(record, other),
        );
        if (!clash) return true;
        const excused = [...exceptions, ...othersExceptions].some(
          (exception) =>
            stillExcepted(exception, today) &&
            (exception.about ?? []).some((ref) => ref === record.ref || ref === clash.ref),
        );
        return (
          excused || {
            fails: `${record.person ?? ""} is also ${plain(clash.role_key ?? "")} (${clash.ref}) for the same scope, and no exception allows it`,
            records: [clash.ref],
          }
        );
      },
      empty: "pass",
      because: "nobody holds a role that must be kept apart from another",
    }),
  ),
  check(
    "roles.no_orphans",
    [
      ...(Object.keys(owned) as KindName[]).map((kind) => on(kind, "hand_over")),
      make("task", "open", { about: "why", with: { task_kind: "action" } }),
    ],
    every("person", {
      where: (record, today) =>
        (record.state === "left" || record.state === "suspended") && today.isWorkingDaysAfter(10, record.state_since),
      follow: owned,
      must: (told) => {
        const orphans = Object.keys(owned).flatMap((kind) =>
          ((told as unknown as Record<string, readonly AnyRecord[]>)[kind] ?? []).filter((record) =>
            kinds[kind as KindName].live.includes(record.state),
          ),
        );
        return (
          orphans.length === 0 || {
            fails: `${told.record.state} since ${told.record.state_since} and still the owner of ${listed(orphans.slice(0, 5).map((record) => record.ref))}${orphans.length > 5 ? " and more" : ""}`,
            records: orphans.map((record) => record.ref),
          }
        );
      },
      empty: "pass",
      because: "everyone who owns a record is at work",
    }),
  ),
  check(
    "roles.lifecycle",
    [on("role_assignment", "accept"), make("role_assignment", "propose")],
    every("ai_system", {
      where: isInScope,
      follow: { roles: all("role_assignment") },
      must: ({ record, roles, today }) => {
        const own = roles.filter((role) => isHeldOn(today, role) && coversSystem(role, record.ref));
        const missing = dutyAreas.filter((area) => !own.some((role) => (role.duty_areas ?? []).includes(area)));
        return missing.length === 0 || `nobody is named for ${listed(missing.map(plain))}`;
      },
      empty: "not_applicable",
      because: "no AI system is in scope",
    }),
  ),
];
