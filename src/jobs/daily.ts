import { listOrganizations } from "#app/change.ts";
import { recomputeDue } from "#app/conformity.ts";
import { doDueDeeds, todayOf } from "#app/due-deeds.ts";
import { systemSeat } from "#app/found.ts";
import { verifyToday } from "#app/verification.ts";
import type { OrganizationId, World } from "#app/world.ts";
import type { Day } from "#core/basics/time.ts";

/** The days that were seen to, by organisation. A process that starts sees to the present day once more, which changes nothing. */
export type DaysSeen = { ticked: Map<OrganizationId, Day>; verified: Map<OrganizationId, Day> };

/** No day seen to yet. */
export function noDaysSeen(): DaysSeen {
  return { ticked: new Map(), verified: new Map() };
}

/**
 * For each organisation whose day has changed: does what time brought about, and asks the checks again
 * that time alone may answer otherwise. A sample's day is that of its simulated clock.
 */
export async function tickDays(world: World, { ticked }: DaysSeen): Promise<void> {
  for (const { id } of await listOrganizations(world)) {
    const today = await todayOf(world, id);
    if (ticked.get(id) === today) continue;
    await doDueDeeds(world, id);
    await recomputeDue(world, systemSeat(id));
    ticked.set(id, today);
  }
}

/**
 * Verifies each ledger once on its organisation's day. Processes that run side by side may verify at
 * the same time; each keeps what it found only if none was kept that day, or a second account of the
 * same day, which says the same.
 */
export async function verifyDays(world: World, { verified }: DaysSeen): Promise<void> {
  for (const { id } of await listOrganizations(world)) {
    const today = await todayOf(world, id);
    if (verified.get(id) === today) continue;
    await verifyToday(world, id);
    verified.set(id, today);
  }
}
