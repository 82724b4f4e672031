import * as z from "zod";
import type { Day, Instant } from "#core/basics/time.ts";
import { refPattern } from "#core/records/field.ts";

// Days and instants arrive as any text and leave as what the house calls them; the casts add the brand
// that the pattern has shown to be deserved.

/** A calendar day, `2026-11-23`. */
export const day = z.iso.date().meta({ description: "A calendar day, such as 2026-11-23" }) as unknown as z.ZodType<
  Day,
  string
>;

/** A moment in UTC, `2026-11-23T10:00:00.000Z`. */
export const instant = z.iso
  .datetime({ precision: 3 })
  .meta({ description: "A moment in UTC, such as 2026-11-23T10:00:00.000Z" }) as unknown as z.ZodType<Instant, string>;

/** The reference of a record, `RSK-007`. */
export const ref = z
  .string()
  .max(80)
  .regex(refPattern)
  .meta({ description: "The reference of a record, such as RSK-007" });

/** The name of a kind of record, `ai_system`. */
export const kindName = z
  .string()
  .max(60)
  .regex(/^[a-z][a-z0-9_]*$/)
  .meta({ description: "A kind of record, such as risk or ai_system" });

/** The name of a deed, `approve`. */
export const deedName = z
  .string()
  .max(60)
  .regex(/^[a-z][a-z0-9_]*$/)
  .meta({ description: "A deed of the kind, such as approve" });

/** How everything stood at the end of an earlier day. */
export const asAt = day.optional().meta({ description: "Answer as at the end of this earlier day" });

export const count = z.int().min(0);

/** Names and titles of the records that an answer mentions, by reference. */
export const names = z
  .record(z.string(), z.string())
  .meta({ description: "Titles of the records mentioned, by reference" });

/** What a person types to prove who they are. Never trimmed, never shown again. */
export const password = z.string().min(1).max(1000).meta({ format: "password" });

/** A record mentioned with its title. */
export const mention = z.object({ ref: z.string(), name: z.string() });
