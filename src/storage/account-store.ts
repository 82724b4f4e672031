import { sql, type Kysely } from "kysely";
import type { Day, Instant } from "#core/basics/time.ts";
import type { Ref } from "#core/records/field.ts";
import type { Database } from "./database.ts";
import type { OrganizationId } from "./reader.ts";
import type { Tables } from "./tables.ts";

type AccountTables = Tables & {
  account: {
    organization_id: string;
    account_id: string;
    person: string;
    password_hash: string | null;
    administrator: boolean;
    identity_issuer: string | null;
    identity_subject: string | null;
    created_at: string;
    password_set_at: string | null;
    last_sign_in_at: string | null;
  };
  session: {
    organization_id: string;
    session_hash: Uint8Array;
    account_id: string;
    created_at: string;
    last_seen_at: string;
    ends_at: string;
    proof_until: string | null;
  };
  api_token: {
    organization_id: string;
    token_hash: Uint8Array;
    token_id: string;
    account_id: string;
    name: string;
    created_at: string;
    expires_at: string;
    last_used_at: string | null;
    revoked_at: string | null;
  };
  invitation: {
    organization_id: string;
    invitation_hash: Uint8Array;
    account_id: string;
    created_at: string;
    expires_at: string;
  };
  sign_in_attempt: { organization_id: string; subject: string; attempts: number; last_at: string; waits_until: string };
};

/**
 * A transaction over one organisation's accounts, sessions and tokens. They are no records: what
 * changes here has no entry in the ledger, and nothing else can be written from here.
 */
export type AccountDesk = {
  readonly db: Kysely<Pick<AccountTables, "account" | "session" | "api_token" | "invitation" | "sign_in_attempt">>;
  readonly organization: OrganizationId;
};

/** Runs `work` at the desk, and returns once what it did is on the disk. */
export async function atDesk<T>(
  database: Database,
  organization: OrganizationId,
  work: (desk: AccountDesk) => Promise<T>,
): Promise<T> {
  const result = await passingDesk(database, organization, work);
  await database.settle();
  return result;
}

/** The same for what may be lost with the power: a look, and when somebody was last seen. */
export function passingDesk<T>(
  database: Database,
  organization: OrganizationId,
  work: (desk: AccountDesk) => Promise<T>,
): Promise<T> {
  return database.db.transaction().execute(async (transaction) => {
    await sql`select set_config('aims.organization', ${organization}, true)`.execute(transaction);
    // The desk's tables alone: the cast takes the others away.
    return work({ db: transaction.withTables<AccountTables>() as unknown as AccountDesk["db"], organization });
  });
}

/** A person who may sign in, or might if they had an account. */
export type KnownPerson = {
  person: Ref;
  personId: string;
  name: string;
  email: string | null;
  state: string;
  accountId: string | null;
  passwordHash: string | null;
  administrator: boolean;
  /** Of a person from a certification body: the stretches for which they were asked to audit. Null for all others. */
  auditsDuring: readonly { from: Day | null; to: Day | null }[] | null;
  /** Where a sample's clock stands. */
  clockAt: Instant | null;
};

const personColumns = sql`r.ref as person, r.record_id as "personId", coalesce(r.title, r.ref) as name, r.body ->> 'email' as email, r.state,
  a.account_id as "accountId", a.password_hash as "passwordHash", coalesce(a.administrator, false) as administrator,
  case when r.body ->> 'is_external_auditor' = 'true' then (
    select coalesce(json_agg(json_build_object('from', h.body ->> 'valid_from', 'to', h.body ->> 'valid_to')), '[]'::json)
      from record_link l join record h on h.organization_id = l.organization_id and h.ref = l.from_ref
     where l.organization_id = r.organization_id and l.to_ref = r.ref and l.from_kind = 'role_assignment' and l.field = 'person'
       and h.body ->> 'role_key' = 'external_auditor' and h.state in ('proposed', 'accepted')
  ) end as "auditsDuring",
  (select o.clock_at from organization o where o.organization_id = r.organization_id) as "clockAt"`;
const personWithAccount = sql`record r left join account a on a.organization_id = r.organization_id and a.person = r.ref`;

/** People whom the words name by reference, e-mail or full name, whatever the case; two suffice to know that they are ambiguous. */
export async function findPeopleNamed({ db, organization }: AccountDesk, words: string): Promise<KnownPerson[]> {
  const name = words.toLowerCase();
  const { rows } = await sql<KnownPerson>`
    select ${personColumns} from ${personWithAccount}
     where r.organization_id = ${organization} and r.kind = 'person'
       and (r.ref = ${words.toUpperCase()} or (lower(r.body ->> 'email') collate "C") = ${name} or (lower(r.title) collate "C") = ${name})
     limit 2`.execute(db);
  return rows;
}

/** The person of that reference. */
export async function findPerson({ db, organization }: AccountDesk, person: Ref): Promise<KnownPerson | undefined> {
  const { rows } = await sql<KnownPerson>`
    select ${personColumns} from ${personWithAccount} where r.organization_id = ${organization} and r.kind = 'person' and r.ref = ${person}`.execute(
    db,
  );
  return rows[0];
}

/** Makes the person's account when there is none. Returns its id. */
export async function keepAccount(
  { db, organization }: AccountDesk,
  account: { id: string; person: Ref; at: Instant },
): Promise<string> {
  const row = {
    organization_id: organization,
    account_id: account.id,
    person: account.person,
    administrator: false,
    created_at: account.at,
  };
  await db
    .insertInto("account")
    .values(row)
    .onConflict((conflict) => conflict.columns(["organization_id", "person"]).doNothing())
    .execute();
  const kept = await db
    .selectFrom("account")
    .select("account_id")
    .where("organization_id", "=", organization)
    .where("person", "=", account.person)
    .executeTakeFirstOrThrow();
  return kept.account_id;
}

/** Sets some of what an account says. */
export async function changeAccount(
  { db, organization }: AccountDesk,
  account: string,
  change: { password_hash?: string; password_set_at?: Instant; administrator?: boolean; last_sign_in_at?: Instant },
): Promise<void> {
  await db
    .updateTable("account")
    .set(change)
    .where("organization_id", "=", organization)
    .where("account_id", "=", account)
    .execute();
}

/** How many administrators there are who are still here. */
export async function countAdministrators({ db, organization }: AccountDesk): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from account a join record r on r.organization_id = a.organization_id and r.ref = a.person
     where a.organization_id = ${organization} and a.administrator and r.kind = 'person' and r.state not in ('suspended', 'left')`.execute(
    db,
  );
  return rows[0]?.count ?? 0;
}

export type KnownAccount = {
  person: Ref;
  name: string;
  email: string | null;
  state: string;
  administrator: boolean;
  hasPassword: boolean;
  invitedUntil: Instant | null;
  lastSignInAt: Instant | null;
  sessions: number;
};

/** Every account, by the person's name. */
export async function listAccounts({ db, organization }: AccountDesk, now: Instant): Promise<KnownAccount[]> {
  const { rows } = await sql<KnownAccount>`
    select r.ref as person, coalesce(r.title, r.ref) as name, r.body ->> 'email' as email, r.state, a.administrator, a.password_hash is not null as "hasPassword",
           (select i.expires_at from invitation i where i.organization_id = a.organization_id and i.account_id = a.account_id and i.expires_at > ${now}) as "invitedUntil",
           a.last_sign_in_at as "lastSignInAt",
           (select count(*)::int from session s where s.organization_id = a.organization_id and s.account_id = a.account_id and s.ends_at > ${now}) as sessions
      from account a join record r on r.organization_id = a.organization_id and r.ref = a.person and r.kind = 'person'
     where a.organization_id = ${organization} order by name, person`.execute(db);
  return rows;
}

/** Whose session or token it is, as the person's record and the account are now. */
export type Bearer = KnownPerson & {
  accountId: string;
  createdAt: Instant;
  lastSeenAt: Instant | null;
  endsAt: Instant;
  proofUntil: Instant | null;
};

/** Who holds the session. */
export async function findSession({ db, organization }: AccountDesk, hash: Uint8Array): Promise<Bearer | undefined> {
  const { rows } = await sql<Bearer>`
    select ${personColumns}, s.created_at as "createdAt", s.last_seen_at as "lastSeenAt", s.ends_at as "endsAt", s.proof_until as "proofUntil"
      from session s join account a on a.organization_id = s.organization_id and a.account_id = s.account_id
      join record r on r.organization_id = a.organization_id and r.ref = a.person and r.kind = 'person'
     where s.organization_id = ${organization} and s.session_hash = ${hash}`.execute(db);
  return rows[0];
}

/** Who holds the token, unless it was revoked. */
export async function findToken({ db, organization }: AccountDesk, hash: Uint8Array): Promise<Bearer | undefined> {
  const { rows } = await sql<Bearer>`
    select ${personColumns}, t.created_at as "createdAt", t.last_used_at as "lastSeenAt", t.expires_at as "endsAt", null as "proofUntil"
      from api_token t join account a on a.organization_id = t.organization_id and a.account_id = t.account_id
      join record r on r.organization_id = a.organization_id and r.ref = a.person and r.kind = 'person'
     where t.organization_id = ${organization} and t.token_hash = ${hash} and t.revoked_at is null`.execute(db);
  return rows[0];
}

/** Begins a session, and forgets the account's sessions that are over. */
export async function keepSession(
  { db, organization }: AccountDesk,
  session: { hash: Uint8Array; account: string; at: Instant; endsAt: Instant },
): Promise<void> {
  await db
    .deleteFrom("session")
    .where("organization_id", "=", organization)
    .where("account_id", "=", session.account)
    .where("ends_at", "<=", session.at)
    .execute();
  const row = {
    organization_id: organization,
    session_hash: session.hash,
    account_id: session.account,
    created_at: session.at,
    last_seen_at: session.at,
    ends_at: session.endsAt,
  };
  await db.insertInto("session").values(row).execute();
}

/** Notes that the session or token was used. */
export async function noteUse(
  { db, organization }: AccountDesk,
  table: "session" | "api_token",
  hash: Uint8Array,
  at: Instant,
): Promise<void> {
  if (table === "session")
    await db
      .updateTable("session")
      .set({ last_seen_at: at })
      .where("organization_id", "=", organization)
      .where("session_hash", "=", hash)
      .execute();
  else
    await db
      .updateTable("api_token")
      .set({ last_used_at: at })
      .where("organization_id", "=", organization)
      .where("token_hash", "=", hash)
      .execute();
}

/** Lets the session's password count for one approval until then. */
export async function keepProof({ db, organization }: AccountDesk, hash: Uint8Array, until: Instant): Promise<void> {
  await db
    .updateTable("session")
    .set({ proof_until: until })
    .where("organization_id", "=", organization)
    .where("session_hash", "=", hash)
    .execute();
}

/** Takes the session's proof, so that it counts once. Returns until when it held, when it still does. */
export async function takeProof(
  { db, organization }: AccountDesk,
  hash: Uint8Array,
  now: Instant,
): Promise<Instant | undefined> {
  const held = await db
    .selectFrom("session")
    .select("proof_until")
    .where("organization_id", "=", organization)
    .where("session_hash", "=", hash)
    .where("proof_until", ">", now)
    .forUpdate()
    .executeTakeFirst();
  if (!held) return undefined;
  await db
    .updateTable("session")
    .set({ proof_until: null })
    .where("organization_id", "=", organization)
    .where("session_hash", "=", hash)
    .execute();
  return held.proof_until as Instant;
}

/** Ends the session. */
export async function endSession({ db, organization }: AccountDesk, hash: Uint8Array): Promise<void> {
  await db.deleteFrom("session").where("organization_id", "=", organization).where("session_hash", "=", hash).execute();
}

/** Ends all sessions of the account, but the one to keep. */
export async function endSessions(
  { db, organization }: AccountDesk,
  account: string,
  keep?: Uint8Array,
): Promise<void> {
  let query = db.deleteFrom("session").where("organization_id", "=", organization).where("account_id", "=", account);
  if (keep) query = query.where("session_hash", "<>", keep);
  await query.execute();
}

/** Invites the account's person; an earlier invitation no longer works. */
export async function keepInvitation(
  { db, organization }: AccountDesk,
  invitation: { hash: Uint8Array; account: string; at: Instant; expiresAt: Instant },
): Promise<void> {
  await db
    .deleteFrom("invitation")
    .where("organization_id", "=", organization)
    .where("account_id", "=", invitation.account)
    .execute();
  const row = {
    organization_id: organization,
    invitation_hash: invitation.hash,
    account_id: invitation.account,
    created_at: invitation.at,
    expires_at: invitation.expiresAt,
  };
  await db.insertInto("invitation").values(row).execute();
}

/** Whom the invitation is for, while it works. */
export async function findInvitation(
  { db, organization }: AccountDesk,
  hash: Uint8Array,
  now: Instant,
): Promise<{ account: string; person: Ref; expiresAt: Instant } | undefined> {
  const { rows } = await sql<{ account: string; person: Ref; expiresAt: Instant }>`
    select a.account_id as account, a.person, i.expires_at as "expiresAt"
      from invitation i join account a on a.organization_id = i.organization_id and a.account_id = i.account_id
     where i.organization_id = ${organization} and i.invitation_hash = ${hash} and i.expires_at > ${now} for update of i`.execute(
    db,
  );
  return rows[0];
}

/** Takes all invitations of the account away. */
export async function dropInvitations({ db, organization }: AccountDesk, account: string): Promise<void> {
  await db
    .deleteFrom("invitation")
    .where("organization_id", "=", organization)
    .where("account_id", "=", account)
    .execute();
}

/**
 * Counts an attempt, unless one that went before still makes it wait. Counting comes before looking,
 * so that many attempts at once are not one. Returns the moment until which to wait, if any.
 */
export async function countAttempt(
  { db, organization }: AccountDesk,
  attempt: { subject: string; now: Instant; waitAfter: (attempts: number) => Instant; forgetBefore: Instant },
): Promise<Instant | undefined> {
  const { subject, now, waitAfter, forgetBefore } = attempt;
  await db
    .deleteFrom("sign_in_attempt")
    .where("organization_id", "=", organization)
    .where("last_at", "<", forgetBefore)
    .execute();
  // The insert takes the row's lock, also where there was none; the wait is computed under it.
  const { rows } = await sql<{ attempts: number; waits_until: Instant }>`
    insert into sign_in_attempt (organization_id, subject, attempts, last_at, waits_until) values (${organization}, ${subject}, 1, ${now}, ${now})
    on conflict (organization_id, subject) do update
      set attempts = sign_in_attempt.attempts + (case when sign_in_attempt.waits_until > ${now} then 0 else 1 end)
    returning attempts, waits_until`.execute(db);
  const row = rows[0];
  if (row && row.waits_until > now) return row.waits_until;
  await db
    .updateTable("sign_in_attempt")
    .set({ last_at: now, waits_until: waitAfter(row?.attempts ?? 1) })
    .where("organization_id", "=", organization)
    .where("subject", "=", subject)
    .execute();
  return undefined;
}

/** Forgets the attempts: the last one succeeded. */
export async function forgetAttempts({ db, organization }: AccountDesk, subjects: readonly string[]): Promise<void> {
  await db
    .deleteFrom("sign_in_attempt")
    .where("organization_id", "=", organization)
    .where("subject", "in", [...subjects])
    .execute();
}
