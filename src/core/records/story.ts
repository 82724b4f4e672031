import { Refusal, type Place } from "#core/basics/refusal.ts";
import { dayOf, instantOf, isDay, millisecondsOf, type Day, type Instant } from "#core/basics/time.ts";
import type { Actor } from "./actor.ts";
import { kinds, type KindName } from "./all.ts";
import type { Ref } from "./field.ts";
import type { RecordOf } from "./kind.ts";
import { MemoryRecords } from "./memory.ts";
import { transition, type Mint, type Source, type Version } from "./transition.ts";

/** One deed of a record's history as a file tells it. */
export type Told = {
  deed: string;
  /** A day, or a day and a time of day (UTC) where the order within the day matters. */
  on: string;
  /** A person's reference, or `system`. */
  by: Ref | "system";
  fields?: Readonly<Record<string, unknown>>;
  comment?: string;
};

/** A record as a story file tells it: its history from the first deed on. */
export type ToldRecord = { kind: KindName; ref: Ref; history: readonly Told[]; place?: Place };

/** A deed in its turn: stories are replayed in the order of their moments. */
export type Turn = { kind: KindName; ref: Ref; told: Told; at: Instant; place?: Place };

/**
 * All deeds of a story in order: by day, then by time where told, then by the order of the files.
 * Deeds told by day alone start at 06:00 and follow each other by 10 ms, so that no two share a moment.
 *
 * @throws {Refusal} `malformed` for a day or time that is none
 */
export function turnsOf(records: readonly ToldRecord[]): Turn[] {
  const turns = records.flatMap((record) =>
    record.history.map((told) => ({
      kind: record.kind,
      ref: record.ref,
      told,
      key: momentOf(told.on, record),
      ...(record.place === undefined ? {} : { place: record.place }),
    })),
  );
  const ordered = turns
    .map((turn, position) => ({ turn, position }))
    .sort((a, b) => a.turn.key - b.turn.key || a.position - b.position);
  let last = 0;
  return ordered.map(({ turn: { key, ...turn } }) => {
    last = Math.max(key, last + 10);
    return { ...turn, at: instantOf(last) };
  });
}

function momentOf(on: string, record: ToldRecord): number {
  const [day = "", clock = "06:00"] = on.split(/[T ]/);
  const full = /^\d{2}:\d{2}$/.test(clock) ? `${clock}:00.000Z` : clock;
  const text = `${day}T${full}`;
  if (!isDay(day) || !/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/.test(full))
    throw new Refusal(
      "malformed",
      `Cannot read the moment "${on}" of ${record.ref}: write 2026-11-23 or 2026-11-23 14:30`,
      { place: { ...record.place, record: record.ref } },
    );
  return millisecondsOf(text as Instant);
}

/** The actor that a person is on the day, by the role assignments among the records. */
export function actorAmong(records: MemoryRecords, by: Ref | "system", day: Day): Actor {
  if (by === "system")
    return { kind: "system", id: "system", assignments: [], administrator: true, proof: "sample_clock" };
  const held = records.pointing("role_assignment", "person", by).map((ref) => records.find(ref));
  const assignments = held.filter(
    (record): record is RecordOf<"role_assignment"> =>
      record?.kind === "role_assignment" && isHeld(record as RecordOf<"role_assignment">, day),
  );
  return {
    kind: "person",
    person: by,
    id: records.find(by)?.id ?? by,
    assignments,
    administrator: false,
    proof: "sample_clock",
    ...(records.find(by)?.["is_external_auditor"] === true ? { externalAuditor: true } : {}),
  };
}

/** Whether the assignment gives its powers on the day: accepted, begun and not ended. */
export function isHeld(assignment: RecordOf<"role_assignment">, day: Day): boolean {
  return (
    assignment.state === "accepted" &&
    (assignment.valid_from === undefined || assignment.valid_from <= day) &&
    (assignment.valid_to === undefined || assignment.valid_to >= day)
  );
}

/**
 * Replays the turns in memory up to the end of `until`, each through its deed with all its guards.
 * Returns the records as they then are, and every version made. With `declined`, a deed that is
 * declined is handed there and the story goes on without it.
 *
 * @throws {Refusal} of the first deed that is declined, with its place, unless `declined` takes it
 */
export async function replay(
  turns: readonly Turn[],
  until?: Day,
  declined?: (refusal: Refusal) => void,
): Promise<{ records: MemoryRecords; versions: Version[] }> {
  const records = new MemoryRecords();
  const source: Source = {
    find: async (ref) => records.find(ref),
    around: async () => records,
    put: (record) => records.put(record),
  };
  const mint = countingMint(turns);
  const versions: Version[] = [];
  for (const turn of turns) {
    const day = dayOf(turn.at);
    if (until !== undefined && day > until) break;
    const { deed, fields, comment, by } = turn.told;
    const request = {
      kind: turn.kind,
      ref: turn.ref,
      deed,
      ...(fields === undefined ? {} : { fields }),
      ...(comment === undefined ? {} : { comment }),
    };
    try {
      versions.push(...(await transition(source, mint, request, { actor: actorAmong(records, by, day), at: turn.at })));
    } catch (refusal) {
      // A refusal deep in a story is of no use without its place.
      if (!(refusal instanceof Refusal)) throw refusal;
      const placed = new Refusal(refusal.code, `${refusal.message} (on ${day}, by ${by})`, {
        rule: refusal.rule,
        place: { ...turn.place, ...refusal.place },
        problems: refusal.problems,
      });
      if (!declined) throw placed;
      declined(placed);
    }
  }
  return { records, versions };
}

/** References that the software gives by itself never take one that the story uses. */
function countingMint(turns: readonly Turn[]): Mint {
  const taken = new Set(turns.map((turn) => turn.ref));
  const next = new Map<string, number>();
  let ids = 0;
  return {
    id: () => `id-${++ids}`,
    ref: async (kind) => {
      for (;;) {
        const number = (next.get(kind.prefix) ?? 0) + 1;
        next.set(kind.prefix, number);
        const ref = formatRef(kinds[kind.name].prefix, number, kind.digits);
        if (!taken.has(ref)) return ref;
      }
    },
  };
}

/** `RSK-007`; persons have no hyphen, `P07`. */
export function formatRef(prefix: string, number: number, digits: number): Ref {
  const padded = String(number).padStart(digits, "0");
  return prefix === "P" ? `P${padded}` : `${prefix}-${padded}`;
}
