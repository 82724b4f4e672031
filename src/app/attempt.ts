import { Refusal } from "#core/basics/refusal.ts";
import { instantOf, millisecondsOf, type Instant } from "#core/basics/time.ts";
import { atDesk, countAttempt } from "#storage/account-store.ts";
import type { OrganizationId, World } from "./world.ts";

const hour = 60 * 60_000;

/** Attempts that cost nothing. An address may be that of a whole house. */
const freeAttempts = { account: 5, address: 50 };
const longestWaitMs = hour / 4;
const forgetAttemptsMs = 24 * hour;

/** Who asks, from where. */
export type From = { address: string };

/** Declined for a while. */
export class Wait extends Refusal {
  seconds: number;

  constructor(message: string, seconds: number) {
    super("too-many", message);
    this.seconds = seconds;
  }
}

/** Whose attempts count together: the account's, and the address's. */
export function subjectsOf(who: string, { address }: From): string[] {
  // A house has a /64 of IPv6 addresses at least, and one counts for all.
  const place = address.includes(":") && !address.includes(".") ? address.split(":").slice(0, 4).join(":") : address;
  return [`account ${who}`, `address ${place}`];
}

/** Counts an attempt to show a password. @throws {Refusal} `too-many` while earlier failures make it wait */
export async function demandAttempt(
  world: World,
  organization: OrganizationId,
  subjects: readonly string[],
): Promise<void> {
  const now = world.now();
  const waits = await atDesk(world.database, organization, async (desk) => {
    const found: (Instant | undefined)[] = [];
    for (const subject of subjects) {
      const free = subject.startsWith("account ") ? freeAttempts.account : freeAttempts.address;
      const waitAfter = (attempts: number) =>
        later(now, attempts < free ? 0 : Math.min(longestWaitMs, 1000 * 2 ** Math.min(attempts - free, 20)));
      found.push(await countAttempt(desk, { subject, now, waitAfter, forgetBefore: later(now, -forgetAttemptsMs) }));
    }
    return found.filter((until) => until !== undefined);
  });
  const until = waits.sort().at(-1);
  if (until === undefined) return;
  const seconds = Math.ceil((millisecondsOf(until) - millisecondsOf(now)) / 1000);
  throw new Wait(
    `Cannot check password: too many attempts failed; wait ${seconds} ${seconds === 1 ? "second" : "seconds"}`,
    seconds,
  );
}

function later(at: Instant, milliseconds: number): Instant {
  return instantOf(millisecondsOf(at) + milliseconds);
}
