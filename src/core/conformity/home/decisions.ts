import { daysBetween, type Day } from "#core/basics/time.ts";
import { covers } from "#core/records/actor.ts";
import { kinds } from "#core/records/all.ts";
import { concernOf, peopleIn, type Deed } from "#core/records/deed.ts";
import type { Ref } from "#core/records/field.ts";
import type { AnyRecord, Kind, RecordOf } from "#core/records/kind.ts";
import { maySee } from "#core/records/sight.ts";
import { isHeld } from "#core/records/story.ts";
import { byDay, holdsRole, inDays, shortName, type HomeGround, type HomeItem } from "./item.ts";

/**
 * States in which a record waits for somebody's decision, and the deed that gives it: one that
 * approves, from one state to which the record was brought for it. What was only entered (a draft, a
 * candidate) waits for nobody yet, unless entering it is to ask.
 */
export const decisions = (Object.values(kinds) as Kind[]).flatMap((kind) =>
  Object.values(kind.deeds)
    .filter((deed) => deed.approves === "approve" || typeof deed.approves === "function")
    .filter(
      (deed) =>
        deed.from !== "new" &&
        deed.from.length === 1 &&
        deed.to !== undefined &&
        deed.to !== deed.from[0] &&
        (deed.from[0] === "requested" || !isEntered(kind, deed.from[0])),
    )
    .map((deed) => ({ kind: kind.name, state: String((deed.from as readonly string[])[0]), deed })),
);

function isEntered(kind: Kind, state: string | undefined): boolean {
  return state === "draft" || Object.values(kind.deeds).some((deed) => deed.from === "new" && deed.to === state);
}

export function waitingDecisions(ground: HomeGround): HomeItem[] {
  const { actor, records, day } = ground;
  const assignments = (records.all("role_assignment") as readonly RecordOf<"role_assignment">[]).filter((assignment) =>
    isHeld(assignment, day),
  );
  const items = decisions.flatMap(({ kind, state, deed }) =>
    records
      .all(kind)
      .filter((record) => record.state === state && maySee(actor, record))
      .flatMap((record): HomeItem[] => {
        const named = record["waits_for"];
        const deciders = typeof named === "string" ? [named] : decidersOf(deed, record, assignments);
        const isMine = actor.person !== undefined && deciders.includes(actor.person);
        const others = deciders.filter((person) =>
          assignments.some((assignment) => assignment.person === person && assignment.role_key === "top_management"),
        );
        if (!isMine && !(holdsRole(actor, "top_management") && others.length > 0)) return [];
        const since = sinceOf(record);
        const days = inDays(daysBetween(since, day));
        const why = isMine
          ? `waits for you since ${since}, ${days}`
          : `with ${others.map((person) => shortName(records, person)).join(" or ")}, ${days}`;
        return [
          {
            ref: record.ref,
            title: record.title ?? record.ref,
            why,
            day: since,
            ...(isMine ? { deed: { kind, deed: nameOfDeed(kinds[kind], deed), title: deed.title } } : {}),
          },
        ];
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
      .filter(
        (assignment) =>
          (who.by === "role"
            ? assignment.role_key === who.role
            : (assignment.authorities ?? []).includes(who.authority as never)) && covers(assignment, concern),
      )
      .flatMap((assignment) => (assignment.person === undefined ? [] : [assignment.person]));
  });
  const apart = new Set(
    (deed.apart ?? []).flatMap((field) =>
      field === "creator" ? (record.created_by === undefined ? [] : [record.created_by]) : peopleIn(record, field),
    ),
  );
  return [...new Set(holders)].filter((person) => !apart.has(person));
}

function sinceOf(record: AnyRecord): Day {
  const asked = record["requested_on"];
  return typeof asked === "string" ? (asked as Day) : record.state_since;
}

function nameOfDeed(kind: Kind, deed: Deed): string {
  return Object.entries(kind.deeds).find(([, one]) => one === deed)?.[0] ?? "";
}
