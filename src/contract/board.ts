import * as z from "zod";
import { endpoint } from "./endpoint.ts";
import { asAt, count, day, mention, names } from "./value.ts";

const about = "Conformity";

const verdictValue = z.enum(["conforming", "partly", "nonconforming", "not_applicable"]);
const counts = z.object({ pass: count, fail: count, unknown: count, not_applicable: count, of: count });

const verdict = z.object({
  ref: z.string(),
  value: verdictValue,
  reason: z.string(),
  by: mention.nullable(),
  on: day,
  faded: z.boolean().meta({ description: "Older than twelve months: shown, no longer trusted" }),
});

const mend = z.object({
  ref: z.string().nullable().meta({ description: "The record that the deed is done on; null where it makes one" }),
  kind: z.string(),
  deed: z.string(),
  title: z.string(),
  fields: z.record(z.string(), z.unknown()).meta({ description: "What is known of the new record" }),
});

const check = z.object({
  id: z.string(),
  text: z.string(),
  severity: z.enum(["high", "medium", "low"]),
  mode: z.enum(["auto", "assisted"]),
  home: z.string(),
  result: z.enum(["pass", "fail", "unknown", "not_applicable"]),
  because: z.string(),
  records: z.array(z.string()).meta({ description: "Those that decide; at most 50" }),
  asked: count,
  satisfied: count,
  changesOn: day.nullable().meta({ description: "The day on which time alone may change the result" }),
  mends: z
    .array(mend)
    .meta({ description: "Deeds that set right what it finds, the likeliest first; none of a day gone by" }),
});
export type BoardCheck = z.infer<typeof check>;

const contradiction = z.object({
  kind: z.enum(["verdict-against-check", "implemented-unproven", "records-disagree"]),
  says: z.string(),
  records: z.array(z.string()),
  check: z.string().optional(),
});

const proof = z.object({
  ref: z.string(),
  title: z.string(),
  from: day.nullable(),
  to: day.nullable(),
  until: day.nullable().meta({ description: "The last day on which it counts" }),
  daysLeft: z.int().nullable(),
  gaps: z.array(z.string()).meta({ description: "Months of the past year that no accepted evidence covers" }),
  items: count,
});

const node = z.object({
  id: z.string(),
  kind: z.enum(["clause", "control_objective", "control", "custom_control", "mission"]),
  title: z.string(),
  parent: z.string().nullable(),
  pdca: z.string().nullable(),
  assessable: z.boolean(),
  contradictions: z.array(contradiction),
  checks: z.array(check),
  counts,
  proof: proof.nullable(),
  verdict: verdict.nullable(),
  rollUp: z.object({ value: verdictValue.nullable(), assessed: count, of: count, checks: counts }).nullable(),
});
export type BoardNode = z.infer<typeof node>;

const board = z.object({
  organization: z.object({ id: z.string(), name: z.string(), sample: z.boolean() }),
  asAt: day,
  isToday: z.boolean(),
  ledger: z.object({ size: count, root: z.string() }),
  nodes: z.array(node),
  totals: z.object({ checks: counts, assessed: count, assessable: count, contradictions: count }),
});
export type Board = z.infer<typeof board>;

export const readBoard = endpoint({
  name: "readBoard",
  method: "GET",
  path: "/api/board",
  summary: "Read each clause, control and mission item with its checks, proof, verdict and contradictions",
  about,
  who: "member",
  input: z.object({ as_at: asAt }),
  output: board,
});

export const readNode = endpoint({
  name: "readNode",
  method: "GET",
  path: "/api/nodes/{id}",
  summary: "Read one clause, control or mission item",
  about,
  who: "member",
  input: z.object({ id: z.string().max(40), as_at: asAt }),
  output: node.extend({ names }),
});

const item = z.object({
  ref: z.string().optional(),
  node: z.string().optional(),
  title: z.string(),
  why: z.string(),
  day: day.optional().meta({ description: "When it is due, or since when it waits" }),
  deed: z.object({ kind: z.string(), deed: z.string(), title: z.string() }).optional(),
});

const home = z.object({
  day,
  person: mention.nullable(),
  roles: z.array(z.string()),
  sections: z.array(
    z.object({ id: z.string(), title: z.string(), empty: z.string(), items: z.array(item), of: count }),
  ),
});
export type Home = z.infer<typeof home>;

export const readHome = endpoint({
  name: "readHome",
  method: "GET",
  path: "/api/home",
  summary: "Read what is owed by the asker, by the roles that they hold",
  about,
  who: "member",
  input: z.object({ as_at: asAt }),
  output: home,
});
