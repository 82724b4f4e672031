import { endOf, type Day } from "#core/basics/time.ts";
import { boardOf } from "#core/conformity/board.ts";
import { aroundMe, checksOfHome, homeOf, needsOf, type Need } from "#core/conformity/home/home.ts";
import type { HomeSection } from "#core/conformity/home/item.ts";
import type { Outcome } from "#core/conformity/check.ts";
import { isExternalAuditor, type Actor } from "#core/records/actor.ts";
import { kinds } from "#core/records/all.ts";
import type { Ref } from "#core/records/field.ts";
import type { AnyRecord, RecordOf } from "#core/records/kind.ts";
import { MemoryRecords } from "#core/records/memory.ts";
import { handlesConcerns, maySee } from "#core/records/sight.ts";
import { findOutcomes } from "#storage/conformity-store.ts";
import { findRecord, findRecords, listRecords, loadAround, recordsOf } from "#storage/record-store.ts";
import { actorOf } from "./actor.ts";
import { asSeen, atHand, nameOf, namesOf } from "./board.ts";
import { outcomesAsAt } from "./conformity.ts";
import type { Reader, Seat, World } from "./world.ts";

export type Home = { day: Day; person: { ref: Ref; name: string } | null; roles: string[]; sections: HomeSection[] };

/** What is owed by the actor, by the roles that they hold. As at an earlier day, with the roles of today: what one may see does not come back. */
export async function readHome(world: World, seat: Seat, options: { asAt?: Day | undefined } = {}): Promise<Home> {
  return atHand(world, seat, options.asAt, async (reader, { day, today, isToday, facts }) => {
    const actor = await actorOf(reader, seat, today);
    const results = await asSeen(reader, actor, facts.results);
    const records = isToday ? await nearRecords(reader, actor) : await recordsAsAt(reader, day);
    const outcomes = isToday ? await outcomesOfHome(reader) : outcomesAsAt(records, checksOfHome, day);
    const overdue = isToday ? await overdueRecords(reader, actor, day) : overdueAmong(records, day);
    await addPeople(reader, records, overdue);
    if (isExternalAuditor(actor)) dropUnseen(actor, records);
    const nodes = boardOf({ results, standings: facts.standings, names: await namesOf(reader, actor, []), day });
    const person = actor.person === undefined ? undefined : await findRecord(reader, actor.person);
    return {
      day,
      person: person ? { ref: person.ref, name: nameOf(person) } : null,
      roles: [
        ...new Set(actor.assignments.map((assignment) => assignment.role_key).filter((key) => key !== undefined)),
      ],
      sections: homeOf({ actor, day, records, nodes, outcomes, overdue }),
    };
  });
}

function dropUnseen(actor: Actor, records: MemoryRecords): void {
  for (const kind of Object.values(kinds))
    for (const record of records.all(kind.name)) if (!maySee(actor, record)) records.remove(record.ref);
}

/** More of a kind than these are a list's business, not a home screen's. */
const mostOfKind = 500;

async function nearRecords(reader: Reader, actor: Actor): Promise<MemoryRecords> {
  const person = actor.person === undefined ? undefined : await findRecord(reader, actor.person);
  const records = person ? await loadAround(reader, [person], [aroundMe]) : new MemoryRecords();
  const needs = needsOf(actor).filter((need) => kinds[need.kind].sealed !== true || handlesConcerns(actor));
  for (const need of merged(needs)) for (const record of await neededRecords(reader, need)) records.put(record);
  return records;
}

/** One reading for each kind: all states that any section needs, or all when one needs all. */
function merged(needs: readonly Need[]): Need[] {
  const byKind = new Map<string, Need>();
  for (const need of needs) {
    const other = byKind.get(need.kind);
    const states = !other
      ? need.states
      : other.states && need.states
        ? [...new Set([...other.states, ...need.states])]
        : undefined;
    const newest = !other
      ? need.newest
      : other.newest !== undefined && need.newest !== undefined
        ? Math.max(other.newest, need.newest)
        : undefined;
    byKind.set(need.kind, {
      kind: need.kind,
      ...(states === undefined ? {} : { states }),
      ...(newest === undefined ? {} : { newest }),
    });
  }
  return [...byKind.values()];
}

async function neededRecords(reader: Reader, { kind, states, newest }: Need): Promise<AnyRecord[]> {
  const { records } = await listRecords(reader, {
    kinds: [kind],
    limit: Math.min(newest ?? mostOfKind, mostOfKind),
    ...(states === undefined ? {} : { states }),
    // Newest by the moment of recording, which for scans and measurements is that of their taking.
    sort: "recorded_at",
    descending: true,
  });
  return records;
}

function outcomesOfHome(reader: Reader): Promise<Outcome[]> {
  return findOutcomes(
    reader,
    checksOfHome.map((check) => ({ check, clause: 0 })),
  );
}

async function overdueRecords(reader: Reader, actor: Actor, day: Day): Promise<AnyRecord[]> {
  const isManager = actor.assignments.some((assignment) => assignment.role_key === "aims_manager");
  if (!isManager && actor.person === undefined) return [];
  const { records } = await listRecords(reader, {
    overdueOn: day,
    limit: mostOfKind,
    ...(isManager || actor.person === undefined ? {} : { owner: actor.person }),
  });
  return records;
}

async function recordsAsAt(reader: Reader, day: Day): Promise<MemoryRecords> {
  const records = new MemoryRecords();
  for await (const batch of recordsOf(reader, undefined, endOf(day))) for (const record of batch) records.put(record);
  return records;
}

function overdueAmong(records: MemoryRecords, day: Day): AnyRecord[] {
  return Object.values(kinds).flatMap((kind) =>
    records
      .all(kind.name)
      .filter(
        (record) =>
          record.next_review_on !== undefined && record.next_review_on < day && kind.live.includes(record.state),
      ),
  );
}

/** People whom items name: whoever holds a role, decides, or owns what is overdue. */
async function addPeople(reader: Reader, records: MemoryRecords, overdue: readonly AnyRecord[]): Promise<void> {
  const holders = (records.all("role_assignment") as readonly RecordOf<"role_assignment">[]).map(
    (assignment) => assignment.person,
  );
  const missing = [...holders, ...overdue.map((record) => record.owner)].filter(
    (ref) => ref !== undefined && records.find(ref) === undefined,
  );
  for (const person of await findRecords(reader, [...new Set(missing)] as Ref[])) records.put(person);
}
