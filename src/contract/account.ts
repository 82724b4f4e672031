import * as z from "zod";
import { endpoint } from "./endpoint.ts";
import { instant, ref } from "./value.ts";

const about = "Accounts";
const done = z.object({ done: z.literal(true) });

/** What an administrator sees of a person who may sign in. */
const account = z.object({
  person: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  state: z.string().meta({ description: "The state of the person's record; suspended and left cannot sign in" }),
  administrator: z.boolean(),
  hasPassword: z.boolean(),
  invitedUntil: instant.nullable(),
  lastSignInAt: instant.nullable(),
  sessions: z.int(),
});

export const listAccounts = endpoint({
  name: "listAccounts",
  method: "GET",
  path: "/api/accounts",
  summary: "List who may sign in",
  about,
  who: "administrator",
  input: z.object({}),
  output: z.object({ accounts: z.array(account) }),
});

export const invitePerson = endpoint({
  name: "invitePerson",
  method: "POST",
  path: "/api/accounts/{person}/invite",
  summary: "Invite a person to choose a password",
  description: "Makes the account when there is none. The invitation is shown this once and works for seven days.",
  about,
  who: "administrator",
  input: z.object({ person: ref }),
  output: z.object({ invitation: z.string(), expiresAt: instant }),
  status: 201,
  byPersonOnly: true,
});

export const changeAccount = endpoint({
  name: "changeAccount",
  method: "POST",
  path: "/api/accounts/{person}",
  summary: "Make a person an administrator of the software, or no longer one",
  about,
  who: "administrator",
  input: z.object({ person: ref, administrator: z.boolean() }),
  output: done,
  byPersonOnly: true,
});

export const signOutPerson = endpoint({
  name: "signOutPerson",
  method: "POST",
  path: "/api/accounts/{person}/sign-out",
  summary: "End all sessions of a person",
  about,
  who: "administrator",
  input: z.object({ person: ref }),
  output: done,
});
