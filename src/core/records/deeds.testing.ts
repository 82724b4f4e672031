import { Refusal } from "#core/basics/refusal.ts";
import type { Day, Instant } from "#core/basics/time.ts";
import type { Actor, RoleKey } from "./actor.ts";
import type { KindName } from "./all.ts";
import type { Ref } from "./field.ts";
import type { AnyRecord, RecordOf } from "./kind.ts";
import { MemoryRecords } from "./memory.ts";
import { formatRef } from "./story.ts";
import { transition, type Mint, type Source } from "./transition.ts";

/** A person with roles over the whole organisation. Words that are no role are authorities. */
export function acting(person: Ref, roles: readonly RoleKey[] = [], authorities: readonly string[] = []): Actor {
  const held = (roles.length > 0 ? roles : (["employee"] as const)).map(
    (role_key, position) =>
      ({
        kind: "role_assignment",
        ref: `ROL-${person}-${position}`,
        state: "accepted",
        role_key,
        person,
        authorities,
      }) as unknown as RecordOf<"role_assignment">,
  );
  return { kind: "person", person, id: person, assignments: held, administrator: false, proof: "password" };
}

export const machine: Actor = { kind: "system", id: "system", assignments: [], administrator: false };

/** A deed as a test tells it. */
export type Act = readonly [
  actor: Actor,
  kind: KindName,
  ref: Ref,
  deed: string,
  fields?: Readonly<Record<string, unknown>>,
  on?: string,
];

/** Records in memory on which deeds are done, each through all its guards. */
export function stage(...people: readonly { ref: Ref; state?: string }[]) {
  const records = new MemoryRecords(
    people.map(
      ({ ref, state }) =>
        ({ kind: "person", ref, id: ref, state: state ?? "active", title: ref }) as unknown as AnyRecord,
    ),
  );
  const source: Source = {
    find: async (ref) => records.find(ref),
    around: async () => records,
    put: (record) => records.put(record),
  };
  let made = 0;
  const mint: Mint = {
    id: () => `id-${++made}`,
    ref: async (kind) => formatRef(kind.prefix, ++made + 900, kind.digits),
  };
  /** Does the deed and returns the record as it then is. */
  const act = async (...[actor, kind, ref, deed, fields = {}, on = "2026-11-23"]: Act): Promise<AnyRecord> => {
    await transition(source, mint, { kind, ref, deed, fields }, { actor, at: `${on as Day}T09:00:00.000Z` as Instant });
    const record = records.find(ref);
    if (!record) throw new Error(`${ref} was not kept`);
    return record;
  };
  /** What the deed is declined with: the code, the rule where there is one, and why. Fails when it is done. */
  const declined = async (...told: Act): Promise<string> => {
    try {
      await act(...told);
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      return `${refusal.code}${refusal.rule === undefined ? "" : ` ${refusal.rule}`}: ${refusal.message.split(": ").slice(1).join(": ")}`;
    }
    throw new Error(`${told[3]} of ${told[2]} was not declined`);
  };
  return { records, act, declined };
}
