import { z } from "zod";
import { addDays, dayOf, type Day, type Instant } from "#core/basics/time.ts";
import type { Actor } from "./actor.ts";
import { kinds, type KindName } from "./all.ts";
import { deedsFrom } from "./deed.ts";
import { envelope } from "./envelope.ts";
import { metaOf, type Ref } from "./field.ts";
import type { Kind, RecordOf } from "./kind.ts";
import type { MemoryRecords } from "./memory.ts";
import { authorities, roleKeys } from "./kinds/role-assignment.ts";
import type { Request } from "./transition.ts";
import { nodes } from "#core/standard/catalogue.ts";

/** A source of chance that the same seed repeats. */
export type Chance = {
  below(limit: number): number;
  of<Item>(items: readonly Item[]): Item | undefined;
  is(share: number): boolean;
};

export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return { below, of: (items) => items[below(items.length)], is: (share) => next() < share };
}

/** One who may do whatever the life cycles allow: the machine with every role and authority. */
export const actorOfAllRoles: Actor = {
  kind: "system",
  id: "system",
  assignments: roleKeys.map(
    (role_key) => ({ role_key, authorities: [...authorities] }) as unknown as RecordOf<"role_assignment">,
  ),
  administrator: true,
  proof: "sample_clock",
};

const names = (Object.keys(kinds) as KindName[]).filter(
  (name) => kinds[name].kept !== "ledger" && Object.keys(kinds[name].deeds).length > 0,
);

/** A deed chosen at random among those that the records' states allow, with random fields. It may well be declined. */
export function randomRequest(chance: Chance, records: MemoryRecords, at: Instant): Request {
  const existing = names.flatMap((name) => records.all(name));
  const record = chance.is(0.55) ? chance.of(existing) : undefined;
  const kind = record ? kinds[record.kind] : kinds[chance.of(names) ?? "person"];
  const deed = chance.of(deedsFrom(kind, record?.state ?? "new"));
  if (deed === undefined)
    return { kind: "person", deed: "invite", fields: { full_name: "Somebody", employment: "employee" } };
  const definition = kind.deeds[deed];
  const may = definition?.sets ?? Object.keys({ ...envelope, ...kind.fields });
  const wanted = may.filter((field) => chance.is(record ? 0.25 : 0.6) || definition?.needs?.includes(field) === true);
  return {
    kind: kind.name,
    ...(record ? { ref: record.ref } : {}),
    deed,
    fields: fieldsFor(kind, wanted, { chance, records, day: dayOf(at) }),
  };
}

type Ground = { chance: Chance; records: MemoryRecords; day: Day };

function fieldsFor(kind: Kind, wanted: readonly string[], ground: Ground): Record<string, unknown> {
  const schemas: Readonly<Record<string, z.ZodType>> = { ...envelope, ...kind.fields };
  const given = wanted.map(
    (name) =>
      [name, name === "confidentiality" || !schemas[name] ? undefined : valueFor(schemas[name], ground, name)] as const,
  );
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

function valueFor(schema: z.ZodType, ground: Ground, name: string): unknown {
  const { chance, records, day } = ground;
  let inner = schema;
  while (inner instanceof z.ZodOptional) inner = inner.unwrap() as z.ZodType;
  const meta = metaOf(inner);
  if (inner instanceof z.ZodArray) {
    const items = Array.from({ length: chance.below(3) }, () =>
      valueFor(inner.element as z.ZodType, ground, name),
    ).filter((item) => item !== undefined);
    return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
  }
  if (inner instanceof z.ZodObject) {
    const parts = Object.entries(inner.shape as Record<string, z.ZodType>).map(
      ([part, of]) =>
        [part, of instanceof z.ZodOptional && chance.is(0.4) ? undefined : valueFor(of, ground, part)] as const,
    );
    const group = Object.fromEntries(parts.filter(([, value]) => value !== undefined));
    return inner.safeParse(group).success ? group : undefined;
  }
  switch (meta?.input) {
    case "link":
      return linkFor(meta.link ?? [], chance, records);
    case "day":
      return addDays(day, chance.below(500) - 330);
    case "instant":
      return `${addDays(day, -chance.below(90))}T08:00:00.000Z`;
    case "choice":
      return chance.of((inner as z.ZodEnum).options);
    case "yes-no":
      return chance.is(0.6);
    case "number":
      return [1 + chance.below(5), chance.below(40)].find((value) => inner.safeParse(value).success);
    default:
      return textFor(name, chance);
  }
}

function linkFor(to: readonly KindName[], chance: Chance, records: MemoryRecords): Ref | undefined {
  const candidates = (to.length === 0 ? names : to).flatMap((kind) => records.all(kind));
  return chance.of(candidates)?.ref;
}

/** Texts that YAML could misread stand among the plain ones. */
const texts = [
  "Something",
  "yes",
  "2026-01-01",
  "- a list?",
  "key: value",
  "# no comment",
  "two\nlines\n",
  "  indented\n more ",
  "007",
  "~",
  "null",
  "'quoted' \"twice\"",
  "Ærøskøbing 😀",
  "a long line that goes on beyond what an editor shows, so that it is folded when written, and must come back in one piece",
];

function textFor(name: string, chance: Chance): string {
  if (name === "node" || name === "supports_nodes" || name === "control_id") return chance.of(nodes)?.id ?? "M01";
  return chance.of(texts) ?? "Something";
}
