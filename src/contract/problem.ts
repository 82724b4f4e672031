import * as z from "zod";
import { Refusal, type RefusalCode } from "#core/basics/refusal.ts";

const place = z.object({
  file: z.string().optional(),
  line: z.number().optional(),
  column: z.number().optional(),
  record: z.string().optional(),
  field: z.string().optional(),
});

/** Why a wish was declined or failed. RFC 9457, with what this software adds. */
export const problem = z.object({
  type: z.string().meta({ description: "Where the documentation tells about this kind of refusal" }),
  title: z.string(),
  status: z.int(),
  detail: z.string().meta({ description: "What was asked and why it was declined, in a sentence" }),
  code: z.string().meta({ description: "The kind of refusal, such as stale or not-permitted; fault when it is ours" }),
  rule: z.string().optional().meta({ description: "The rule that stands in the way, such as INV-07" }),
  place: place.optional(),
  problems: z.array(z.object({ message: z.string(), place: place.optional() })).optional(),
  request_id: z.string().meta({ description: "Names this request in the server's log" }),
});
export type Problem = z.infer<typeof problem>;

export const problemType = "application/problem+json";

// A table, so that a code of the server that this client does not know is told from one that it does.
const codes: Record<RefusalCode, true> = {
  malformed: true,
  "too-large": true,
  "not-found": true,
  "not-signed-in": true,
  "not-permitted": true,
  "duties-apart": true,
  "wrong-state": true,
  guard: true,
  stale: true,
  conflict: true,
  "credential-needed": true,
  "too-many": true,
  "proof-rejected": true,
  incompatible: true,
  unavailable: true,
};

/** The server's refusal as it was thrown there; a fault when the server says that it failed. */
export function errorOf({ code, detail, rule, place: where, problems, request_id: id }: Problem): Error {
  if (!Object.hasOwn(codes, code)) return new Error(`${detail} (request ${id})`);
  return new Refusal(code as RefusalCode, detail, { rule, place: where, problems });
}
