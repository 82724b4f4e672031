import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { findSeated, type Seated } from "#app/account.ts";
import type { World } from "#app/world.ts";
import type { Endpoint } from "#contract/endpoint.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { millisecondsOf } from "#core/basics/time.ts";

/** How the server is reached from outside. */
export type Reach = {
  /** The address that people type, `https://aims.example.com`; what the request says when absent. */
  origin?: string;
  /** A proxy of ours stands before: what it says of address and protocol is believed. */
  trustProxy?: boolean;
};

const cookieName = "aims_session";

/** Who asks, by token or cookie, when the endpoint wants to know. @throws {Refusal} `not-signed-in`, `not-permitted` */
export async function demandSeated(world: World, context: Context, endpoint: Endpoint, reach: Reach): Promise<Seated> {
  const token = tokenIn(context);
  const text = token ?? cookieIn(context, reach);
  const seated = text === undefined ? undefined : await findSeated(world, text);
  if (!seated || (seated.by === "token") !== (token !== undefined))
    throw new Refusal("not-signed-in", `Cannot ${lowerFirst(endpoint.summary)}: sign in first`);
  if (endpoint.byPersonOnly && seated.by === "token")
    throw new Refusal(
      "not-permitted",
      `Cannot ${lowerFirst(endpoint.summary)}: a token may not, sign in with your password`,
    );
  if (endpoint.who === "administrator" && !seated.seat.actor.administrator)
    throw new Refusal(
      "not-permitted",
      `Cannot ${lowerFirst(endpoint.summary)}: it takes an administrator of the software`,
    );
  return seated;
}

/**
 * Refuses a write that another site makes a browser send. A browser says from where it asks; who
 * shows a token instead of a cookie is no browser led astray.
 *
 * @throws {Refusal} `not-permitted`
 */
export function demandSameOrigin(context: Context, endpoint: Endpoint, reach: Reach): void {
  if (endpoint.method === "GET" || tokenIn(context) !== undefined) return;
  const site = context.req.header("sec-fetch-site");
  const origin = context.req.header("origin");
  const isOwn =
    site === undefined ? origin !== undefined && origin === originOf(context, reach) : site === "same-origin";
  // A program that signs in has neither header and no cookie yet.
  const isProgram = site === undefined && origin === undefined && endpoint.who === "public";
  if (!isOwn && !isProgram)
    throw new Refusal("not-permitted", `Cannot ${lowerFirst(endpoint.summary)}: the request comes from another site`);
}

/** Hands the session to the browser: out of reach of scripts and of other sites. */
export function keepCookie(
  context: Context,
  { secret, seated }: { secret: string; seated: Seated },
  { world, reach }: { world: World; reach: Reach },
): void {
  const maxAge = Math.floor((millisecondsOf(seated.endsAt) - millisecondsOf(world.now())) / 1000);
  const isSecure = isHttps(context, reach);
  setCookie(context, cookieName, secret, {
    httpOnly: true,
    sameSite: "Lax",
    path: "/",
    maxAge,
    secure: isSecure,
    ...(isSecure ? { prefix: "host" as const } : {}),
  });
}

/** Takes the session from the browser. */
export function dropCookie(context: Context, reach: Reach): void {
  const isSecure = isHttps(context, reach);
  deleteCookie(context, cookieName, { path: "/", secure: isSecure, ...(isSecure ? { prefix: "host" as const } : {}) });
}

/** Whether people reach the server by https. */
export function isHttps(context: Context, reach: Reach): boolean {
  return originOf(context, reach).startsWith("https:");
}

function originOf(context: Context, { origin, trustProxy }: Reach): string {
  if (origin !== undefined) return new URL(origin).origin;
  const { protocol, host } = new URL(context.req.url);
  const told = trustProxy === true ? context.req.header("x-forwarded-proto")?.split(",").at(-1)?.trim() : undefined;
  return `${told === "https" || told === "http" ? `${told}:` : protocol}//${host}`;
}

function tokenIn(context: Context): string | undefined {
  const header = context.req.header("authorization");
  // Whatever else stands there is no token of anybody.
  return header === undefined ? undefined : (/^Bearer ([A-Za-z0-9_-]{1,200})$/i.exec(header)?.[1] ?? "");
}

function cookieIn(context: Context, reach: Reach): string | undefined {
  return isHttps(context, reach) ? getCookie(context, cookieName, "host") : getCookie(context, cookieName);
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
