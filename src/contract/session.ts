import * as z from "zod";
import { endpoint } from "./endpoint.ts";
import { day, instant, mention, password } from "./value.ts";

const about = "Signing in";
const nothing = z.object({});
const done = z.object({ done: z.literal(true) });

/** A role that the person holds today, and how far it reaches. */
const assignment = z.object({ ref: z.string(), role: z.string(), title: z.string(), reach: z.string() });

/** Who is signed in, where, and what they are there. */
export const session = z.object({
  person: mention,
  administrator: z.boolean().meta({ description: "Runs the software; gives no power over records" }),
  assignments: z.array(assignment),
  organization: z.object({
    id: z.string(),
    name: z.string(),
    sample: z.boolean().meta({ description: "A sample organisation, whose time is simulated" }),
    today: day,
  }),
  by: z.enum(["password", "token"]),
  proofUntil: instant
    .nullable()
    .meta({ description: "Until when the password confirmed last counts for one approval" }),
  endsAt: instant.nullable(),
});
export type Session = z.infer<typeof session>;

export const readSession = endpoint({
  name: "readSession",
  method: "GET",
  path: "/api/session",
  summary: "Read who is signed in",
  about,
  who: "member",
  input: nothing,
  output: session,
});

export const signIn = endpoint({
  name: "signIn",
  method: "POST",
  path: "/api/session",
  summary: "Sign in",
  description: "Sets a cookie. After several failures the account and the address have to wait.",
  about,
  who: "public",
  input: z.object({
    organization: z.string().max(500).optional().meta({ description: "Name or id; needed when there are several" }),
    name: z.string().min(1).max(500).meta({ description: "Full name, e-mail or reference of the person" }),
    password,
  }),
  output: session,
  status: 201,
});

export const signOut = endpoint({
  name: "signOut",
  method: "DELETE",
  path: "/api/session",
  summary: "Sign out, here or everywhere",
  about,
  who: "member",
  input: z.object({ everywhere: z.boolean().optional() }),
  output: done,
  byPersonOnly: true,
});

export const confirmPassword = endpoint({
  name: "confirmPassword",
  method: "POST",
  path: "/api/session/confirm",
  summary: "Confirm the password for one approval",
  description: "The proof counts for five minutes and for one approving deed.",
  about,
  who: "member",
  input: z.object({ password }),
  output: z.object({ until: instant }),
  byPersonOnly: true,
});

export const changePassword = endpoint({
  name: "changePassword",
  method: "POST",
  path: "/api/session/password",
  summary: "Change the password",
  description: "Ends every other session of the person.",
  about,
  who: "member",
  input: z.object({ current: password, next: password }),
  output: done,
  byPersonOnly: true,
});

const organizationChoice = z.object({ id: z.string(), name: z.string(), sample: z.boolean() });

export const listSignInChoices = endpoint({
  name: "listSignInChoices",
  method: "GET",
  path: "/api/people-to-sign-in-as",
  summary: "List people of the sample organisations to sign in as",
  description: "Sample organisations alone tell who their people are, and the password that all of them share.",
  about,
  who: "public",
  input: nothing,
  output: z.object({
    organizations: z
      .array(organizationChoice)
      .meta({ description: "The sample organisations, and all when there is only one" }),
    askOrganization: z.boolean().meta({ description: "There are several: signing in names one" }),
    people: z.array(
      z.object({
        organization: z.string(),
        ref: z.string(),
        name: z.string(),
        job: z.string().nullable(),
        roles: z.array(z.string()),
      }),
    ),
    password: z.string().nullable(),
  }),
});

export const readInvitation = endpoint({
  name: "readInvitation",
  method: "POST",
  path: "/api/invitation",
  summary: "Read whom an invitation is for",
  about,
  who: "public",
  input: z.object({ invitation: z.string().max(200) }),
  output: z.object({ person: mention, organization: z.string(), expiresAt: instant }),
});

export const acceptInvitation = endpoint({
  name: "acceptInvitation",
  method: "POST",
  path: "/api/invitation/accept",
  summary: "Accept an invitation by choosing a password",
  description: "Signs in as well.",
  about,
  who: "public",
  input: z.object({ invitation: z.string().max(200), password }),
  output: session,
  status: 201,
});

export const listTokens = endpoint({
  name: "listTokens",
  method: "GET",
  path: "/api/tokens",
  summary: "List the person's API tokens",
  about,
  who: "member",
  input: nothing,
  output: z.object({
    tokens: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        createdAt: instant,
        expiresAt: instant.nullable(),
        lastUsedAt: instant.nullable(),
      }),
    ),
  }),
});

export const createToken = endpoint({
  name: "createToken",
  method: "POST",
  path: "/api/tokens",
  summary: "Create an API token",
  description:
    "The token is shown this once. It acts as the person, without the power to approve unless the password is sent along.",
  about,
  who: "member",
  input: z.object({
    name: z.string().trim().min(1).max(100),
    expires_on: day.optional().meta({ description: "The last day on which it works; a year from now unless said" }),
  }),
  output: z.object({ id: z.string(), token: z.string(), expiresAt: instant }),
  status: 201,
  byPersonOnly: true,
});

export const revokeToken = endpoint({
  name: "revokeToken",
  method: "DELETE",
  path: "/api/tokens/{id}",
  summary: "Revoke an API token",
  about,
  who: "member",
  input: z.object({ id: z.uuid() }),
  output: done,
});
