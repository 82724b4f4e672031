import * as z from "zod";
import { nameOf, type Deed } from "#core/records/deed.ts";
import { envelope } from "#core/records/envelope.ts";
import { metaOf } from "#core/records/field.ts";
import { schemaOf, type Kind } from "#core/records/kind.ts";
import type { FieldDescription, KindDescription, KindSummary } from "./kind.ts";

// Not for the browser, which asks the server: whoever imports kinds carries all of them along.

/** A kind as a list of kinds shows it. */
export function summarizeKind(kind: Kind): KindSummary {
  return {
    name: kind.name,
    title: kind.title,
    plural: kind.plural,
    summary: kind.summary,
    prefix: kind.prefix,
    serves: [...kind.serves],
    states: [...kind.states],
    live: [...kind.live],
    sealed: kind.sealed === true,
    kept: kind.kept ?? "records",
  };
}

/** Everything that a form, a list or a person at a terminal needs to know of the kind. */
export function describeKind(kind: Kind): KindDescription {
  let description = descriptions.get(kind);
  if (!description) descriptions.set(kind, (description = described(kind)));
  return description;
}
const descriptions = new WeakMap<Kind, KindDescription>();

function described(kind: Kind): KindDescription {
  // What must be there for a deed, the deed says in its needs.
  const own = describeFields(kind.fields, { common: false, must: () => false });
  const common = describeFields(envelope, { common: true, must: () => false });
  const titles = new Map([...common, ...own].map((field) => [field.name, field.title]));
  return {
    ...summarizeKind(kind),
    frozen: [...kind.frozen],
    columns: kind.columns.map((field) => ({ field, title: titles.get(field) ?? field.replaceAll("_", " ") })),
    fields: [...own, ...common],
    deeds: Object.entries(kind.deeds).map(([name, deed]) => describeDeed(name, deed)),
    schema: jsonSchemaOf(schemaOf(kind)),
  };
}

/** The JSON Schema (2020-12) of a schema: titles and helps of fields are its annotations. */
export function jsonSchemaOf(schema: z.ZodType, io: "input" | "output" = "input"): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any", override: annotate });
  return rest;
}

type Overridden = { zodSchema: z.core.$ZodTypes; jsonSchema: Record<string, unknown> };

/** What a field's meta says, in the words of JSON Schema; what that has no word for stands behind `x-`. */
function annotate({ zodSchema, jsonSchema }: Overridden): void {
  if (zodSchema instanceof z.ZodCustom && jsonSchema["type"] === undefined && jsonSchema["input"] === undefined) {
    Object.assign(jsonSchema, { type: "string", contentEncoding: "binary" });
    return;
  }
  const { input, help, unit, link, after, personal } = jsonSchema as Partial<ReturnType<typeof metaOf>>;
  if (input === undefined) return;
  for (const name of ["input", "help", "unit", "link", "after", "personal"]) delete jsonSchema[name];
  if (help !== undefined) jsonSchema["description"] = help;
  if (unit !== undefined) jsonSchema["x-unit"] = unit;
  if (link !== undefined) jsonSchema["x-links-to"] = link;
  if (after === true) jsonSchema["x-set-after-approval"] = true;
  if (personal === true) jsonSchema["x-personal"] = true;
  if (input === "day") Object.assign(jsonSchema, { type: "string", format: "date" });
  if (input === "instant") Object.assign(jsonSchema, { type: "string", format: "date-time" });
}

type Setting = { common: boolean; must: (schema: z.ZodType) => boolean };

function describeFields(fields: Readonly<Record<string, z.ZodType>>, setting: Setting): FieldDescription[] {
  return Object.entries(fields).map(([name, schema]) => describeField(name, schema, setting));
}

function describeField(name: string, schema: z.ZodType, { common, must }: Setting): FieldDescription {
  const meta = metaOf(schema);
  const inner = unwrapped(schema);
  const inGroup: Setting = { common, must: (part) => !(part instanceof z.ZodOptional) };
  return {
    name,
    title: meta.title,
    ...(meta.help === undefined ? {} : { help: meta.help }),
    ...(meta.unit === undefined ? {} : { unit: meta.unit }),
    input: meta.input,
    must: must(schema),
    after: meta.after === true,
    personal: meta.personal === true,
    common,
    ...(meta.link === undefined ? {} : { kinds: [...meta.link] }),
    ...limitsOf(inner),
    ...(inner instanceof z.ZodEnum ? { words: inner.options.map(String) } : {}),
    ...(inner instanceof z.ZodArray
      ? { item: describeField(name, inner.element as z.ZodType, { common, must: () => false }) }
      : {}),
    ...(inner instanceof z.ZodObject
      ? { parts: describeFields(inner.shape as Record<string, z.ZodType>, inGroup) }
      : {}),
  };
}

function limitsOf(schema: z.ZodType): Pick<FieldDescription, "least" | "most" | "whole" | "longest"> {
  if (schema instanceof z.ZodString) return schema.maxLength === null ? {} : { longest: schema.maxLength };
  if (!(schema instanceof z.ZodNumber)) return {};
  // Beyond these a field has no bound of its own.
  const bound = (value: number | null) => (value !== null && Math.abs(value) < 1e15 ? value : undefined);
  const [least, most] = [bound(schema.minValue), bound(schema.maxValue)];
  return {
    ...(least === undefined ? {} : { least }),
    ...(most === undefined ? {} : { most }),
    ...(schema.format === "safeint" ? { whole: true } : {}),
  };
}

function unwrapped(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (inner instanceof z.ZodOptional) inner = inner.unwrap() as z.ZodType;
  return inner;
}

function describeDeed(name: string, deed: Deed): KindDescription["deeds"][number] {
  return {
    name,
    title: deed.title,
    from: deed.from === "new" ? "new" : [...deed.from],
    to: typeof deed.to === "string" ? deed.to : null,
    who: deed.who.map(nameOf),
    apart: [...(deed.apart ?? [])],
    sets: deed.sets === undefined ? null : [...deed.sets],
    needs: [...(deed.needs ?? [])],
    asksCredential: deed.approves !== undefined,
  };
}
