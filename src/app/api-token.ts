import { randomUUID } from "node:crypto";
import { Refusal } from "#core/basics/refusal.ts";
import { addDays, addMonths, dayOf, endOf, type Day, type Instant } from "#core/basics/time.ts";
import { atDesk, passingDesk } from "#storage/account-store.ts";
import { keepToken, listTokens as tokensAt, revokeToken as revokeAt, type KnownToken } from "#storage/token-store.ts";
import type { Seated } from "./account.ts";
import { makeSecret } from "./secret.ts";
import type { World } from "./world.ts";

const mostTokens = 50;
const longestDays = 731;

/** The person's tokens that work. */
export function listTokens(world: World, { seat, account }: Seated): Promise<KnownToken[]> {
  return passingDesk(world.database, seat.organization, (desk) => tokensAt(desk, account, world.now()));
}

/** A token that acts as the person. It is shown this once. @throws {Refusal} `malformed`, `too-many` */
export async function createToken(
  world: World,
  { seat, account }: Seated,
  { name, expiresOn }: { name: string; expiresOn?: Day },
): Promise<{ id: string; token: string; expiresAt: Instant }> {
  const at = world.now();
  const last = expiresOn ?? addMonths(dayOf(at), 12);
  if (last < dayOf(at) || last > addDays(dayOf(at), longestDays))
    throw new Refusal(
      "malformed",
      `Cannot create token "${name}": its last day lies between today and two years from now`,
      { place: { field: "expires_on" } },
    );
  const secret = makeSecret(seat.organization);
  const id = randomUUID();
  const expiresAt = endOf(last);
  await atDesk(world.database, seat.organization, async (desk) => {
    if ((await tokensAt(desk, account, at)).length >= mostTokens)
      throw new Refusal("too-many", `Cannot create token "${name}": there are ${mostTokens} already; revoke one`);
    await keepToken(desk, { id, hash: secret.hash, account, name, at, expiresAt });
  });
  return { id, token: `aims_${secret.text}`, expiresAt };
}

/** Revokes one of the person's tokens. @throws {Refusal} `not-found` */
export async function revokeToken(world: World, { seat, account }: Seated, id: string): Promise<void> {
  const done = await atDesk(world.database, seat.organization, (desk) => revokeAt(desk, account, id, world.now()));
  if (!done) throw new Refusal("not-found", "Cannot revoke token: there is none of that id");
}
