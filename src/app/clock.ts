import { Refusal } from "#core/basics/refusal.ts";
import { daysBetween, dayOf, parseInstant, type Day } from "#core/basics/time.ts";
import { advanceClock, clockOf, read } from "./change.ts";
import { recomputeDue } from "./conformity.ts";
import type { Seat, World } from "./world.ts";

/** Nobody needs more of a sample, and each day that passes is for ever. */
const mostDays = 3660;

/**
 * Lets the days up to `to` pass in a sample organisation, and asks again what they change.
 *
 * @throws {Refusal} `not-permitted` in a real organisation; `conflict` backwards; `malformed` for more than ten years at once
 */
export async function letDaysPass(world: World, seat: Seat, to: Day): Promise<Day> {
  const today = await read(world, seat, async (reader) => dayOf(await clockOf(world, reader)));
  if (daysBetween(today, to) > mostDays)
    throw new Refusal("malformed", `Cannot let days pass until ${to}: that is more than ten years from ${today}`);
  await advanceClock(world, seat, parseInstant(`${to}T06:00:00.000Z`));
  await recomputeDue(world, seat);
  return to;
}
