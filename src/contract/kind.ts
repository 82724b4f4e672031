import * as z from "zod";
import { endpoint } from "./endpoint.ts";
import { kindName } from "./value.ts";
import { deedOffer } from "./record.ts";

const about = "Kinds of record";

/** What a form needs to know of a field. Groups have `parts`, lists an `item`. */
export type FieldDescription = {
  name: string;
  title: string;
  help?: string;
  unit?: string;
  input: "line" | "prose" | "number" | "day" | "instant" | "choice" | "yes-no" | "link" | "list" | "group";
  /** What a choice chooses from. */
  words?: string[];
  /** The kinds that a link may point to; none means any. */
  kinds?: string[];
  /** Has to be there whenever its group is. */
  must: boolean;
  /** May still be set after an approval. */
  after: boolean;
  personal: boolean;
  /** Every kind has it. */
  common: boolean;
  least?: number;
  most?: number;
  whole?: boolean;
  longest?: number;
  parts?: FieldDescription[];
  item?: FieldDescription;
};

const field: z.ZodType<FieldDescription> = z
  .lazy(() =>
    z.object({
      name: z.string(),
      title: z.string(),
      help: z.string().optional(),
      unit: z.string().optional(),
      input: z.enum(["line", "prose", "number", "day", "instant", "choice", "yes-no", "link", "list", "group"]),
      words: z.array(z.string()).optional(),
      kinds: z.array(z.string()).optional(),
      must: z.boolean(),
      after: z.boolean(),
      personal: z.boolean(),
      common: z.boolean(),
      least: z.number().optional(),
      most: z.number().optional(),
      whole: z.boolean().optional(),
      longest: z.number().optional(),
      parts: z.array(field).optional(),
      item: field.optional(),
    }),
  )
  .meta({ id: "Field" });

const deed = z.object({
  name: z.string(),
  title: z.string(),
  from: z
    .union([z.literal("new"), z.array(z.string())])
    .meta({ description: "The states that allow it; new when it creates the record" }),
  to: z.string().nullable().meta({ description: "The state afterwards; null when it stays or content decides" }),
  who: z.array(z.string()).meta({ description: "Who may do it: one of these" }),
  apart: z.array(z.string()).meta({ description: "Those who may not: their duties are kept apart" }),
  sets: z.array(z.string()).nullable().meta({ description: "The fields that it may set; null for all" }),
  needs: z.array(z.string()),
  asksCredential: z.boolean(),
});

const summary = z.object({
  name: z.string(),
  title: z.string(),
  plural: z.string(),
  summary: z.string(),
  prefix: z.string(),
  serves: z.array(z.string()).meta({ description: "Clauses and controls that it is evidence for" }),
  states: z.array(z.string()),
  live: z.array(z.string()),
  sealed: z.boolean(),
  kept: z.enum(["records", "ledger"]),
});

const description = summary.extend({
  frozen: z.array(z.string()),
  columns: z.array(z.object({ field: z.string(), title: z.string() })),
  fields: z.array(field),
  deeds: z.array(deed),
  schema: z.record(z.string(), z.unknown()).meta({ description: "JSON Schema of the fields" }),
});
export type KindSummary = z.infer<typeof summary>;
export type KindDescription = z.infer<typeof description>;

export const listKinds = endpoint({
  name: "listKinds",
  method: "GET",
  path: "/api/kinds",
  summary: "List the kinds of record",
  about,
  who: "member",
  input: z.object({}),
  output: z.object({ kinds: z.array(summary) }),
});

export const readKind = endpoint({
  name: "readKind",
  method: "GET",
  path: "/api/kinds/{kind}",
  summary: "Read a kind: its fields, states and deeds",
  about,
  who: "member",
  input: z.object({ kind: kindName }),
  output: description,
});

export const readNewDeeds = endpoint({
  name: "readNewDeeds",
  method: "GET",
  path: "/api/kinds/{kind}/deeds",
  summary: "List the deeds that create such a record, and whether the asker may",
  about,
  who: "member",
  input: z.object({ kind: kindName }),
  output: z.object({ deeds: z.array(deedOffer) }),
});
