import { expect, test } from "vitest";
import { kinds } from "./all.ts";
import { envelope } from "./envelope.ts";
import { metaOf } from "./field.ts";
import type { Kind } from "./kind.ts";
import type { z } from "zod";

const every: readonly Kind[] = Object.values(kinds);
const fieldsOf = (kind: Kind): Record<string, z.ZodType> => ({ ...envelope, ...kind.fields });
const deedsOf = (kind: Kind) =>
  Object.entries(kind.deeds).map(([name, deed]) => ({ name: `${kind.name}.${name}`, deed }));

test("every kind has its own prefix and is found by its own name", () => {
  expect(new Set(every.map((kind) => kind.prefix)).size).toBe(every.length);
  expect(Object.entries(kinds).filter(([name, kind]) => kind.name !== name)).toEqual([]);
});

test("no field of a kind hides one of the envelope or one that the machine keeps", () => {
  const kept = [
    "id",
    "ref",
    "kind",
    "state",
    "rev",
    "content_hash",
    "created_at",
    "created_by",
    "recorded_at",
    "recorded_by",
    "state_since",
  ];
  const hidden = every.flatMap((kind) =>
    Object.keys(kind.fields)
      .filter((field) => field in envelope || kept.includes(field))
      .map((field) => `${kind.name}.${field}`),
  );
  expect(hidden).toEqual([]);
});

test("every field says its title and how a form asks for it", () => {
  const silent = every.flatMap((kind) =>
    Object.entries(kind.fields)
      .filter(([, schema]) => !metaOf(schema)?.title || !metaOf(schema)?.input)
      .map(([field]) => `${kind.name}.${field}`),
  );
  expect(silent).toEqual([]);
});

test("live and frozen states, and columns, are the kind's own", () => {
  const strange = every.flatMap((kind) => [
    ...[...kind.live, ...kind.frozen]
      .filter((state) => !kind.states.includes(state))
      .map((state) => `${kind.name} state ${state}`),
    ...kind.columns
      .filter((column) => !(column in fieldsOf(kind)) && column !== "state")
      .map((column) => `${kind.name} column ${column}`),
  ]);
  expect(strange).toEqual([]);
});

test("a deed leads from states of its kind to a state of its kind", () => {
  const strange = every.flatMap((kind) =>
    deedsOf(kind).flatMap(({ name, deed }) => [
      ...(deed.from === "new"
        ? []
        : deed.from.filter((state) => !kind.states.includes(state)).map((state) => `${name} from ${state}`)),
      ...(typeof deed.to === "string" && !kind.states.includes(deed.to) ? [`${name} to ${deed.to}`] : []),
      ...(deed.from === "new" && deed.to === undefined ? [`${name} creates a record without a state`] : []),
    ]),
  );
  expect(strange).toEqual([]);
});

test("a deed names fields that its kind has", () => {
  const strange = every.flatMap((kind) =>
    deedsOf(kind).flatMap(({ name, deed }) => {
      const people = (deed.apart ?? []).filter((field) => field !== "creator");
      const named = deed.who.flatMap((who) => (who.by === "field" ? [who.field] : []));
      return [...(deed.sets ?? []), ...(deed.needs ?? []), ...people, ...named]
        .filter((field) => !((field.split(".")[0] ?? "") in fieldsOf(kind)))
        .map((field) => `${name}: ${field}`);
    }),
  );
  expect(strange).toEqual([]);
});

test("somebody may do each deed", () => {
  expect(
    every.flatMap((kind) =>
      deedsOf(kind)
        .filter(({ deed }) => deed.who.length === 0)
        .map(({ name }) => name),
    ),
  ).toEqual([]);
});

test("every state is reached from a new record, unless no deed makes one", () => {
  const unreached = every
    .filter((kind) => kind.kept === undefined)
    .flatMap((kind) => {
      const deeds = Object.values(kind.deeds);
      // Where content decides, any state may come out; those kinds are held to the others.
      if (deeds.some((deed) => typeof deed.to === "function")) return [];
      const reached = new Set<string>();
      for (let before = -1; before !== reached.size;) {
        before = reached.size;
        for (const deed of deeds)
          if (typeof deed.to === "string" && (deed.from === "new" || deed.from.some((state) => reached.has(state))))
            reached.add(deed.to);
      }
      return kind.states.filter((state) => !reached.has(state)).map((state) => `${kind.name} ${state}`);
    });
  expect(unreached).toEqual([]);
});

test("what supersedes another of its kind has a deed by which that one steps back", () => {
  const stuck = every
    .filter((kind) => "supersedes" in kind.fields && kind.states.includes("superseded") && !("supersede" in kind.deeds))
    .map((kind) => kind.name);
  expect(stuck).toEqual([]);
});

test("no deed makes, changes or removes an entry of the history", () => {
  expect(Object.keys(kinds.change_event.deeds)).toEqual([]);
});
