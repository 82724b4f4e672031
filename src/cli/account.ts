import { invitePerson } from "#contract/account.ts";
import {
  acceptInvitation,
  createToken as create,
  listTokens as listOf,
  revokeToken as revoke,
} from "#contract/session.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { parseDay } from "#core/basics/time.ts";
import { askPassword } from "./ask-password.ts";
import { atDesk, type Desk } from "./desk.ts";
import type { Place } from "./place.ts";
import { print, printJson, printTable, say } from "./print.ts";
import { demandRef } from "./records.ts";

/** Creates an API token of the person who is named by `--as`. @throws {Refusal} */
export async function createToken(place: Place, name: string, expires: string | undefined): Promise<void> {
  const last = expires === undefined ? {} : { expires_on: parseDay(expires) };
  const made = await atDesk(place, (desk) => demandPerson(desk, "create a token").ask(create, { name, ...last }));
  if (place.json) return printJson(made);
  print(made.token);
  say(`It works until ${made.expiresAt.slice(0, 10)} and is not shown again`);
}

/** Lists the person's tokens. */
export async function listTokens(place: Place): Promise<void> {
  const { tokens } = await atDesk(place, (desk) => demandPerson(desk, "list tokens").ask(listOf, {}));
  if (place.json) return printJson({ tokens });
  printTable(
    ["Id", "Name", "Created", "Until", "Last used"],
    tokens.map(({ id, name, createdAt, expiresAt, lastUsedAt }) => [
      id,
      name,
      createdAt,
      expiresAt ?? "",
      lastUsedAt ?? "never",
    ]),
  );
}

/** Revokes one of them. @throws {Refusal} `not-found` */
export async function revokeToken(place: Place, id: string): Promise<void> {
  await atDesk(place, (desk) => demandPerson(desk, "revoke a token").ask(revoke, { id }));
  if (place.json) return printJson({ revoked: id });
  print(`Revoked ${id}`);
}

/** Invites a person to choose a password. @throws {Refusal} `not-found`, `wrong-state` */
export async function invite(place: Place, person: string): Promise<void> {
  const made = await atDesk(place, (desk) => desk.ask(invitePerson, { person: demandRef(person) }));
  if (place.json) return printJson({ person, ...made });
  print(`${place.server ?? "<server>"}/invitation#${made.invitation}`);
  say(`${person} chooses a password there until ${made.expiresAt}; it is not shown again`);
}

/** Takes an invitation by choosing a password. @throws {Refusal} `not-found` when it no longer works; `malformed` for a weak password */
export async function accept(place: Place, invitation: string): Promise<void> {
  const password = process.env["AIMS_PASSWORD"] ?? (await askPassword("The password that you choose: "));
  const { person } = await atDesk(place, (desk) =>
    desk.ask(acceptInvitation, { invitation: invitation.replace(/^.*#/, ""), password }),
  );
  if (place.json) return printJson({ person });
  print(`${person.name} (${person.ref}) signs in with this password from now on`);
}

/** Tokens act as a person, and the operator of a folder is none. */
function demandPerson(desk: Desk, deed: string): Desk {
  if (desk.at === "folder" && desk.isOperator)
    throw new Refusal("malformed", `Cannot ${deed} of nobody: say whose by --as`);
  return desk;
}
