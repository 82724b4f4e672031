import { z } from "zod";
import { isDay, isInstant, type Day, type Instant } from "#core/basics/time.ts";
import type { KindName } from "./all.ts";

/** What forms, lists, the API document and the history say about a field. Times carry their unit in `unit`. */
export type FieldMeta = {
  title: string;
  /** One sentence: why the field is asked for. */
  help?: string;
  unit?: string;
  /** How a form asks: a line, several lines, a day, a choice ... */
  input: "line" | "prose" | "number" | "day" | "instant" | "choice" | "yes-no" | "link" | "list" | "group";
  /** The kinds that a link may point to. */
  link?: readonly KindName[];
  /** May still be set after approval: it is not part of what an approval binds to. */
  after?: boolean;
  /** Personal data that may be erased under a recorded decision. */
  personal?: boolean;
};

type Say = { help?: string; unit?: string; personal?: boolean };

/** A reference to a record, `RSK-007`. References are unique in an organisation and never reused. */
export type Ref = string;
export const refPattern = /^[A-Z][A-Za-z0-9]*([-./][A-Za-z0-9][A-Za-z0-9.]*)*$/;

const meta = (title: string, input: FieldMeta["input"], say: Say & { link?: readonly KindName[] } = {}): FieldMeta => ({
  title,
  input,
  ...say,
});

/** One line of text. */
export const line = (title: string, say?: Say) =>
  z
    .string()
    .min(1)
    .max(500)
    .meta(meta(title, "line", say));

/** Text of several lines. */
export const prose = (title: string, say?: Say) =>
  z
    .string()
    .min(1)
    .max(100_000)
    .meta(meta(title, "prose", say));

/** A number; whole when `whole`. */
export const number = (title: string, say?: Say & { least?: number; most?: number; whole?: boolean }) => {
  let schema = z
    .number()
    .min(say?.least ?? -1e15)
    .max(say?.most ?? 1e15);
  if (say?.whole) schema = schema.int();
  return schema.meta(meta(title, "number", { help: say?.help, unit: say?.unit }));
};

/** A calendar day, `2026-11-23`. */
export const day = (title: string, say?: Say) =>
  z
    .custom<Day>(
      (value) => typeof value === "string" && isDay(value),
      "a day is written 2026-11-23 and exists in the calendar",
    )
    .meta(meta(title, "day", say));

/** A moment in UTC, `2026-11-23T10:00:00.000Z`. */
export const instant = (title: string, say?: Say) =>
  z
    .custom<Instant>(
      (value) => typeof value === "string" && isInstant(value),
      "an instant is written 2026-11-23T10:00:00.000Z",
    )
    .meta(meta(title, "instant", say));

/** One of a closed list of words. */
export const choice = <const Words extends readonly [string, ...string[]]>(title: string, words: Words, say?: Say) =>
  z.enum(words).meta(meta(title, "choice", say));

export const yesNo = (title: string, say?: Say) => z.boolean().meta(meta(title, "yes-no", say));

/** A reference to one record of the given kinds. */
export const link = (title: string, to: KindName | readonly KindName[], say?: Say) =>
  z
    .string()
    .max(80)
    .regex(refPattern, "a reference looks like RSK-007")
    .meta(meta(title, "link", { ...say, link: typeof to === "string" ? [to] : to }));

/** References to records of the given kinds. */
export const links = (title: string, to: KindName | readonly KindName[], say?: Say) =>
  list(title, link(title, to), say);

/** Several of the same. */
export const list = <Item extends z.ZodType>(title: string, item: Item, say?: Say) =>
  z
    .array(item)
    .max(10_000)
    .meta(meta(title, "list", say));

/** Several lines of text. */
export const lines = (title: string, say?: Say) => list(title, line(title), say);

/**
 * Fields that belong together. Those named in `must` have to be there whenever the group is;
 * all others may be absent, since what is missing is a check's business, not the form's.
 */
export const group = <const Shape extends Record<string, z.ZodType>, const Must extends keyof Shape & string = never>(
  title: string,
  shape: Shape,
  say?: Say & { must?: readonly Must[] },
) => {
  const must = new Set<string>(say?.must ?? []);
  const loose = Object.fromEntries(
    Object.entries(shape).map(([name, schema]) => [name, must.has(name) ? schema : schema.optional()]),
  );
  // The cast states what the loop above did: optional unless named in `must`.
  const schema = z.strictObject(loose) as unknown as z.ZodObject<
    { [Name in keyof Shape]: Name extends Must ? Shape[Name] : z.ZodOptional<Shape[Name]> },
    z.core.$strict
  >;
  return schema.meta(meta(title, "group", { help: say?.help }));
};

/** Marks a field as set after approval (progress, dates met): an approval does not bind to it. */
export const after = <Schema extends z.ZodType>(schema: Schema): Schema =>
  schema.meta({ ...metaOf(schema), after: true });

/** What is said about a field. */
export function metaOf(schema: z.ZodType): FieldMeta {
  let inner: z.ZodType = schema;
  while (inner instanceof z.ZodOptional) inner = inner.unwrap() as z.ZodType;
  // Every schema of a record comes from this file, which gives each its meta.
  return inner.meta() as FieldMeta;
}
