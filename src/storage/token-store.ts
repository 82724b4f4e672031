import type { Instant } from "#core/basics/time.ts";
import type { AccountDesk } from "./account-store.ts";

export type KnownToken = {
  id: string;
  name: string;
  createdAt: Instant;
  expiresAt: Instant;
  lastUsedAt: Instant | null;
};

/** The account's tokens that work, the newest first. */
export async function listTokens(
  { db, organization }: AccountDesk,
  account: string,
  now: Instant,
): Promise<KnownToken[]> {
  const rows = await db
    .selectFrom("api_token")
    .select([
      "token_id as id",
      "name",
      "created_at as createdAt",
      "expires_at as expiresAt",
      "last_used_at as lastUsedAt",
    ])
    .where("organization_id", "=", organization)
    .where("account_id", "=", account)
    .where("revoked_at", "is", null)
    .where("expires_at", ">", now)
    .orderBy("created_at", "desc")
    .orderBy("token_id")
    .execute();
  // The columns' domain is that of instants.
  return rows as KnownToken[];
}

/** Keeps a new token of the account. */
export async function keepToken(
  { db, organization }: AccountDesk,
  token: { id: string; hash: Uint8Array; account: string; name: string; at: Instant; expiresAt: Instant },
): Promise<void> {
  const { id, hash, account, name, at, expiresAt } = token;
  await db
    .insertInto("api_token")
    .values({
      organization_id: organization,
      token_hash: hash,
      token_id: id,
      account_id: account,
      name,
      created_at: at,
      expires_at: expiresAt,
    })
    .execute();
}

/** Revokes the account's token. Returns whether there was one that worked. */
export async function revokeToken(
  { db, organization }: AccountDesk,
  account: string,
  token: string,
  at: Instant,
): Promise<boolean> {
  const done = await db
    .updateTable("api_token")
    .set({ revoked_at: at })
    .where("organization_id", "=", organization)
    .where("account_id", "=", account)
    .where("token_id", "=", token)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}
