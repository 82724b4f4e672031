import { randomUUID } from "node:crypto";
import { Refusal } from "#core/basics/refusal.ts";
import { dayOf, instantOf, millisecondsOf, type Instant } from "#core/basics/time.ts";
import type { Actor } from "#core/records/actor.ts";
import type { Ref } from "#core/records/field.ts";
import {
  atDesk,
  changeAccount,
  countAdministrators,
  dropInvitations,
  endSession,
  endSessions,
  findInvitation,
  findPeopleNamed,
  findPerson,
  findSession,
  findToken,
  forgetAttempts,
  keepAccount,
  keepInvitation,
  keepProof,
  keepSession,
  listAccounts as accountsAt,
  noteUse,
  passingDesk,
  takeProof,
  type AccountDesk,
  type Bearer,
  type KnownAccount,
  type KnownPerson,
} from "#storage/account-store.ts";
import { actorOf } from "./actor.ts";
import { demandAttempt, subjectsOf, type From } from "./attempt.ts";
import { clockOf, listOrganizations, read } from "./change.ts";
import { demandGoodPassword, hashPassword, isPassword } from "./password.ts";
import { makeSecret, readSecret } from "./secret.ts";
import type { OrganizationId, Seat, World } from "./world.ts";

/** The password of everybody in a sample organisation who has not chosen one. It is no secret: the sign-in page says it. */
export const samplePassword = "sample";

const minute = 60_000;
const hour = 60 * minute;
const idleMs = 8 * hour;
const sessionMs = 7 * 24 * hour;
const proofMs = 5 * minute;
const invitationMs = 7 * 24 * hour;

/** Somebody who showed who they are, and how. */
export type Seated = {
  seat: Seat;
  by: "password" | "token";
  account: string;
  person: { ref: Ref; name: string };
  endsAt: Instant;
  proofUntil: Instant | null;
  /** Of the session's or token's secret. */
  hash: Uint8Array;
};

/**
 * Begins a session. A name that nobody bears takes as long to be refused as a wrong password, with
 * the same words.
 *
 * @throws {Refusal} `not-signed-in`; `too-many` after several failures; `malformed` when there are several organisations and none is named
 */
export async function signIn(
  world: World,
  given: { organization?: string; name: string; password: string },
  from: From,
): Promise<{ secret: string; seated: Seated }> {
  const { name, password } = given;
  const organization = await findOrganization(world, given.organization);
  const found =
    organization && (await passingDesk(world.database, organization.id, (desk) => findPeopleNamed(desk, name.trim())));
  const known = found?.length === 1 ? found[0] : undefined;
  const subjects = organization && subjectsOf(known?.person ?? `"${name.trim().toLowerCase().slice(0, 100)}"`, from);
  if (organization && subjects) await demandAttempt(world, organization.id, subjects);
  const fits = await isHis(known, password, organization?.sample === true);
  if (!organization || !subjects || !known || !fits || !mayComeIn(known, world.now()))
    throw new Refusal("not-signed-in", `Cannot sign in as "${name}": name or password is wrong`);
  const isFirst =
    organization.sample && known.accountId === null && (await isAimsManager(world, organization.id, known));
  return atDesk(world.database, organization.id, async (desk) => {
    await forgetAttempts(desk, subjects);
    const account = await keepAccount(desk, { id: randomUUID(), person: known.person, at: world.now() });
    // Nobody set a sample up: whoever manages its AIMS runs the software as well.
    if (isFirst && (await countAdministrators(desk)) === 0) await changeAccount(desk, account, { administrator: true });
    return beginSession(world, desk, account);
  });
}

/** Whoever holds the session or token, if it is one, still holds, and they are still here. */
export async function findSeated(world: World, text: string): Promise<Seated | undefined> {
  const isToken = text.startsWith("aims_");
  const secret = readSecret(isToken ? text.slice("aims_".length) : text);
  if (!secret) return undefined;
  const now = world.now();
  return passingDesk(world.database, secret.organization, async (desk) => {
    const bearer = await (isToken ? findToken : findSession)(desk, secret.hash);
    if (!bearer || bearer.endsAt <= now || !mayComeIn(bearer, now)) return undefined;
    const idleFor = bearer.lastSeenAt === null ? undefined : millisecondsOf(now) - millisecondsOf(bearer.lastSeenAt);
    if (!isToken && idleFor !== undefined && idleFor > idleMs) return undefined;
    if (idleFor === undefined || idleFor > minute)
      await noteUse(desk, isToken ? "api_token" : "session", secret.hash, now);
    return seatedAs(secret.organization, secret.hash, bearer, isToken ? "token" : "password");
  });
}

/** Ends the session, or all of the person's. */
export function signOut(world: World, { seat, account, hash }: Seated, everywhere: boolean): Promise<void> {
  return atDesk(world.database, seat.organization, (desk) =>
    everywhere ? endSessions(desk, account) : endSession(desk, hash),
  );
}

/** Lets the password count for one approval within five minutes. @throws {Refusal} `not-permitted`, `too-many` */
export async function confirmPassword(world: World, seated: Seated, password: string, from: From): Promise<Instant> {
  await demandPassword(world, seated, password, from);
  const until = later(world.now(), proofMs);
  await atDesk(world.database, seated.seat.organization, (desk) => keepProof(desk, seated.hash, until));
  return until;
}

/**
 * Does the work with the proof that an approval asks for: the password given now, or the one
 * confirmed before, which then counts no more. Work that is refused does not use it up.
 */
export async function withProof<T>(
  world: World,
  seated: Seated,
  given: { password?: string } & From,
  work: (seat: Seat) => Promise<T>,
): Promise<T> {
  const { seat, hash } = seated;
  const proven: Seat = { ...seat, actor: { ...seat.actor, proof: "password" } };
  if (given.password !== undefined) {
    await demandPassword(world, seated, given.password, given);
    return work(proven);
  }
  if (seated.by === "token") return work(seat);
  const until = await atDesk(world.database, seat.organization, (desk) => takeProof(desk, hash, world.now()));
  if (until === undefined) return work(seat);
  try {
    return await work(proven);
  } catch (error) {
    await atDesk(world.database, seat.organization, (desk) => keepProof(desk, hash, until));
    throw error;
  }
}

/** Sets another password, and ends the person's other sessions. @throws {Refusal} `not-permitted`, `malformed`, `too-many` */
export async function changePassword(
  world: World,
  seated: Seated,
  given: { current: string; next: string },
  from: From,
): Promise<void> {
  const known = await demandPassword(world, seated, given.current, from);
  if (given.next === given.current)
    throw new Refusal("malformed", "Cannot set password: it is the one that you have", { place: { field: "next" } });
  demandGoodPassword(given.next, known);
  const password_hash = await hashPassword(given.next);
  await atDesk(world.database, seated.seat.organization, async (desk) => {
    await changeAccount(desk, seated.account, { password_hash, password_set_at: world.now() });
    await endSessions(desk, seated.account, seated.hash);
  });
}

/** Every account of the organisation. @throws {Refusal} `not-permitted` */
export function listAccounts(world: World, seat: Seat): Promise<KnownAccount[]> {
  demandAdministrator(seat, "list accounts");
  return passingDesk(world.database, seat.organization, (desk) => accountsAt(desk, world.now()));
}

/** An invitation for the person to choose a password; an earlier one no longer works. @throws {Refusal} `not-permitted`, `not-found`, `wrong-state` */
export async function invitePerson(
  world: World,
  seat: Seat,
  person: Ref,
  options: { administrator?: boolean } = {},
): Promise<{ invitation: string; expiresAt: Instant }> {
  demandAdministrator(seat, `invite ${person}`);
  const secret = makeSecret(seat.organization);
  const at = world.now();
  const expiresAt = later(at, invitationMs);
  await atDesk(world.database, seat.organization, async (desk) => {
    await demandHere(desk, person, { deed: "invite", at });
    const account = await keepAccount(desk, { id: randomUUID(), person, at });
    if (options.administrator === true) await changeAccount(desk, account, { administrator: true });
    await keepInvitation(desk, { hash: secret.hash, account, at, expiresAt });
  });
  return { invitation: secret.text, expiresAt };
}

/** Whom the invitation is for. @throws {Refusal} `not-found` when it was used, has expired or never was */
export async function readInvitation(
  world: World,
  text: string,
): Promise<{ person: { ref: Ref; name: string }; organization: string; expiresAt: Instant }> {
  const secret = readSecret(text);
  if (!secret) throw noInvitation();
  const { invitation, known } = await passingDesk(world.database, secret.organization, (desk) =>
    demandInvitation(desk, secret.hash, world.now()),
  );
  const organization = (await listOrganizations(world)).find(({ id }) => id === secret.organization);
  return {
    person: { ref: known.person, name: known.name },
    organization: organization?.name ?? "",
    expiresAt: invitation.expiresAt,
  };
}

/** Takes the invitation, sets the password and begins a session. @throws {Refusal} `not-found`, `malformed` */
export async function acceptInvitation(
  world: World,
  given: { invitation: string; password: string },
): Promise<{ secret: string; seated: Seated }> {
  const secret = readSecret(given.invitation);
  if (!secret) throw noInvitation();
  const { known } = await passingDesk(world.database, secret.organization, (desk) =>
    demandInvitation(desk, secret.hash, world.now()),
  );
  demandGoodPassword(given.password, known);
  const password_hash = await hashPassword(given.password);
  return atDesk(world.database, secret.organization, async (desk) => {
    // It may have been used while the password was hashed.
    const { invitation } = await demandInvitation(desk, secret.hash, world.now());
    await dropInvitations(desk, invitation.account);
    await endSessions(desk, invitation.account);
    await changeAccount(desk, invitation.account, { password_hash, password_set_at: world.now() });
    return beginSession(world, desk, invitation.account);
  });
}

/** Makes the person an administrator of the software, or no longer one. @throws {Refusal} `not-permitted`; `conflict` for the last one */
export function setAdministrator(world: World, seat: Seat, person: Ref, administrator: boolean): Promise<void> {
  demandAdministrator(seat, `change account of ${person}`);
  return atDesk(world.database, seat.organization, async (desk) => {
    const known = await demandHere(desk, person, { deed: "change account of", at: world.now() });
    const account = known.accountId ?? (await keepAccount(desk, { id: randomUUID(), person, at: world.now() }));
    await changeAccount(desk, account, { administrator });
    if ((await countAdministrators(desk)) === 0)
      throw new Refusal(
        "conflict",
        `Cannot take administration from ${person}: nobody else could administer the software`,
      );
  });
}

/** Ends every session of the person. @throws {Refusal} `not-permitted`, `not-found` */
export function signOutPerson(world: World, seat: Seat, person: Ref): Promise<void> {
  demandAdministrator(seat, `sign out ${person}`);
  return atDesk(world.database, seat.organization, async (desk) => {
    const known = await findPerson(desk, person);
    if (known?.accountId == null) throw new Refusal("not-found", `Cannot sign out ${person}: they have no account`);
    await endSessions(desk, known.accountId);
  });
}

async function findOrganization(
  world: World,
  named: string | undefined,
): Promise<{ id: OrganizationId; sample: boolean } | undefined> {
  const all = await listOrganizations(world);
  if (named !== undefined)
    return all.find(({ id, name }) => id === named || name.toLowerCase() === named.trim().toLowerCase());
  if (all.length > 1)
    throw new Refusal("malformed", "Cannot sign in: there are several organisations here; name yours", {
      place: { field: "organization" },
    });
  return all[0];
}

/**
 * Whether the person is here: whoever has left or is suspended is not, from the same moment. An
 * external auditor comes in from the first day of an assignment to its last, and accepts it there (INV-34).
 */
function mayComeIn(
  { state, auditsDuring, clockAt }: Pick<KnownPerson, "state" | "auditsDuring" | "clockAt">,
  now: Instant,
): boolean {
  if (state === "suspended" || state === "left") return false;
  const today = dayOf(clockAt ?? now);
  return (
    auditsDuring === null ||
    auditsDuring.some(({ from, to }) => (from === null || from <= today) && to !== null && to >= today)
  );
}

async function isHis(known: KnownPerson | undefined, password: string, inSample: boolean): Promise<boolean> {
  const fits = await isPassword(password, known?.passwordHash);
  return fits || (inSample && known !== undefined && known.passwordHash === null && password === samplePassword);
}

async function demandPassword(
  world: World,
  { seat, person }: Seated,
  password: string,
  from: From,
): Promise<KnownPerson> {
  const subjects = subjectsOf(person.ref, from);
  await demandAttempt(world, seat.organization, subjects);
  const organization = await findOrganization(world, seat.organization);
  const known = await passingDesk(world.database, seat.organization, (desk) => findPerson(desk, person.ref));
  // The session stands: what is wrong is the password alone.
  if (!known || !(await isHis(known, password, organization?.sample === true)))
    throw new Refusal("credential-needed", "Cannot confirm: the password is wrong", { place: { field: "password" } });
  await atDesk(world.database, seat.organization, (desk) => forgetAttempts(desk, subjects));
  return known;
}

async function demandHere(
  desk: AccountDesk,
  person: Ref,
  { deed, at }: { deed: string; at: Instant },
): Promise<KnownPerson> {
  const known = await findPerson(desk, person);
  if (!known) throw new Refusal("not-found", `Cannot ${deed} ${person}: there is no such person`);
  if (!mayComeIn(known, at)) {
    const isOver = known.auditsDuring !== null && known.state !== "suspended" && known.state !== "left";
    const reason = isOver ? "they are an external auditor without an assignment for today" : `they are ${known.state}`;
    throw new Refusal("wrong-state", `Cannot ${deed} ${person} "${known.name}": ${reason}`);
  }
  return known;
}

async function demandInvitation(
  desk: AccountDesk,
  hash: Uint8Array,
  now: Instant,
): Promise<{ invitation: { account: string; person: Ref; expiresAt: Instant }; known: KnownPerson }> {
  const invitation = await findInvitation(desk, hash, now);
  const known = invitation && (await findPerson(desk, invitation.person));
  if (!invitation || !known || !mayComeIn(known, now)) throw noInvitation();
  return { invitation, known };
}

function noInvitation(): Refusal {
  return new Refusal("not-found", "Cannot use invitation: it was used, has expired or was replaced; ask for another");
}

function demandAdministrator(seat: Seat, deed: string): void {
  if (!seat.actor.administrator)
    throw new Refusal("not-permitted", `Cannot ${deed}: it takes an administrator of the software`);
}

async function beginSession(
  world: World,
  desk: AccountDesk,
  account: string,
): Promise<{ secret: string; seated: Seated }> {
  const at = world.now();
  const secret = makeSecret(desk.organization);
  await keepSession(desk, { hash: secret.hash, account, at, endsAt: later(at, sessionMs) });
  await changeAccount(desk, account, { last_sign_in_at: at });
  const bearer = await findSession(desk, secret.hash);
  if (!bearer) throw new Error("A session that was just begun is not there");
  return { secret: secret.text, seated: seatedAs(desk.organization, secret.hash, bearer, "password") };
}

function seatedAs(organization: OrganizationId, hash: Uint8Array, bearer: Bearer, by: Seated["by"]): Seated {
  // Roles are looked up where they are used: at the moment of the deed, on the organisation's own day.
  const actor: Actor = {
    kind: "person",
    person: bearer.person,
    id: bearer.personId,
    assignments: [],
    administrator: bearer.administrator,
  };
  return {
    seat: { organization, actor, auth: by === "token" ? "apikey" : "password" },
    by,
    account: bearer.accountId,
    person: { ref: bearer.person, name: bearer.name },
    endsAt: bearer.endsAt,
    proofUntil: bearer.proofUntil,
    hash,
  };
}

function isAimsManager(
  world: World,
  organization: OrganizationId,
  { person, personId }: KnownPerson,
): Promise<boolean> {
  const actor: Actor = { kind: "person", person, id: personId, assignments: [], administrator: false };
  return read(world, { organization }, async (reader) => {
    const { assignments } = await actorOf(
      reader,
      { organization, actor, auth: "password" },
      dayOf(await clockOf(world, reader)),
    );
    return assignments.some(({ role_key: role }) => role === "aims_manager");
  });
}

function later(at: Instant, milliseconds: number): Instant {
  return instantOf(millisecondsOf(at) + milliseconds);
}
