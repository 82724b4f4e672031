import { randomUUID } from "node:crypto";
import { getConnInfo } from "@hono/node-server/conninfo";
import { Hono, type Context } from "hono";
import { compress } from "hono/compress";
import type { Logger } from "pino";
import type { Seated } from "#app/account.ts";
import type { World } from "#app/world.ts";
import { api } from "#contract/api.ts";
import type { Endpoint } from "#contract/endpoint.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { printDocs } from "./docs.ts";
import { docsStyle } from "./docs-style.ts";
import { handlersOf, type Answering } from "./handlers.ts";
import { printDocument } from "./openapi.ts";
import { answerOf, Declined, streamOf, type Incident } from "./problem.ts";
import { readInput } from "./request.ts";
import { demandSameOrigin, demandSeated, dropCookie, isHttps, keepCookie, type Reach } from "./session.ts";
import { openAssets } from "./static.ts";

export type ApplicationSettings = Reach & {
  world: World;
  log: Logger;
  version: string;
  /** Where the browser application was built to; beside the sources unless said. */
  assets?: string;
  /** Serves this machine alone: a request that names another host was led here by a name that lies. */
  onLoopback?: boolean;
};

type Variables = { Variables: { incident: Incident } };

// What one handler is asked, once the endpoint's own types are behind us.
type AnyHandler = (asked: Record<string, unknown>) => unknown;

/** The whole HTTP side: the API of the contract, and the browser application. */
export function application(settings: ApplicationSettings): Hono<Variables> {
  const { world, log, version } = settings;
  const document = once(() => printDocument(version));
  const handlers = handlersOf(world, { version, document, docs: once(() => printDocs(version)) });
  const assets = openAssets(settings.assets);
  const app = new Hono<Variables>();

  app.use(async (context, next) => {
    const id = randomUUID();
    context.set("incident", { id, log });
    const started = performance.now();
    await next();
    shield(context, settings);
    context.header("x-request-id", id);
    log.info(
      {
        request: id,
        method: context.req.method,
        route: context.req.path.startsWith("/api/") ? routeOf(context) : "web",
        status: context.res.status,
        ms: Math.round(performance.now() - started),
      },
      "answered",
    );
  });
  app.use(async (context, next) => {
    demandOwnHost(context, settings);
    await next();
  });
  // A stream is flushed line by line, which a compressor would hold back.
  app.use("/api/*", compress({ contentTypeFilter: (type) => /^(application\/(problem\+)?json|text\/)/.test(type) }));

  for (const endpoint of api as readonly Endpoint[]) {
    // The table of handlers is typed by name; here every one is called alike, with what its type says.
    const handle = handlers[endpoint.name as keyof typeof handlers] as unknown as AnyHandler;
    app.on(endpoint.method, routeFor(endpoint), (context) => serveEndpoint(context, endpoint, { handle, settings }));
  }
  app.get("/api/docs/style.css", (context) =>
    context.body(docsStyle, 200, { "content-type": "text/css; charset=utf-8", "cache-control": "no-cache" }),
  );
  app.all("/api/*", (context) => {
    throw nothingThere(context);
  });
  app.get("*", (context) => assets(context));
  app.notFound((context) => answerOf(nothingThere(context), context.get("incident")));
  app.onError((error, context) => answerOf(error, context.get("incident")));
  return app;
}

async function serveEndpoint(
  context: Context<Variables>,
  endpoint: Endpoint,
  { handle, settings }: { handle: AnyHandler; settings: ApplicationSettings },
): Promise<Response> {
  const { world } = settings;
  demandSameOrigin(context, endpoint, settings);
  const seated = endpoint.who === "public" ? undefined : await demandSeated(world, context, endpoint, settings);
  const input = await readInput(context, endpoint);
  context.header("cache-control", "no-store");
  const answering: Answering = {
    keepSession: (begun) => keepCookie(context, begun, { world, reach: settings }),
    dropSession: () => dropCookie(context, settings),
    header: (name, value) => context.header(name, value),
  };
  const asked = { input, from: { address: addressOf(context, settings) }, ...answering, ...(seated && seatOf(seated)) };
  const given = await handle(asked);
  return answer(context, endpoint, given);
}

const seatOf = (seated: Seated) => ({ seated, seat: seated.seat });

function answer(context: Context<Variables>, endpoint: Endpoint, given: unknown): Response {
  context.header(
    "content-type",
    endpoint.mediaType.startsWith("text/") ? `${endpoint.mediaType}; charset=utf-8` : endpoint.mediaType,
  );
  switch (endpoint.answer) {
    case "json":
      return context.body(JSON.stringify(given), endpoint.status);
    case "text":
      return context.body(given as string, endpoint.status);
    case "bytes":
      return context.body(given as Uint8Array<ArrayBuffer>, endpoint.status);
    case "lines":
      return context.body(streamOf(given as AsyncIterable<unknown>, context.get("incident")), endpoint.status);
  }
}

/** `/api/records/{kind}` as the router writes it. */
function routeFor({ path, rest }: Endpoint): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => (name === rest ? `:${name}{.+}` : `:${name}`));
}

function routeOf(context: Context): string {
  // The path itself may name people and records; a log needs the route alone.
  return (
    (api as readonly Endpoint[]).find(
      (endpoint) => endpoint.method === context.req.method && patternOf(endpoint).test(context.req.path),
    )?.path ?? "none"
  );
}

function nothingThere(context: Context): Refusal {
  const { method, path } = context.req;
  const allowed = (api as readonly Endpoint[])
    .filter((endpoint) => patternOf(endpoint).test(path))
    .map((endpoint) => endpoint.method);
  if (allowed.length > 0)
    return new Declined(405, "not-found", `Cannot ${method} here: ${allowed.join(" and ")} can be asked`, {
      allow: [...new Set(allowed)].join(", "),
    });
  return new Refusal("not-found", "Cannot find this address: /api/docs tells what there is");
}

function patternOf({ path, rest }: Endpoint): RegExp {
  return new RegExp(
    `^${path.replaceAll(".", "\\.").replaceAll(/\{(\w+)\}/g, (_, name: string) => (name === rest ? ".+" : "[^/]+"))}$`,
  );
}

function addressOf(context: Context, { trustProxy }: Reach): string {
  // The last proxy is ours: what it adds is the last of the list.
  const told = trustProxy === true ? context.req.header("x-forwarded-for")?.split(",").at(-1)?.trim() : undefined;
  const incoming = (context.env as { incoming?: unknown } | undefined)?.incoming;
  return told ?? (incoming === undefined ? "unknown" : (getConnInfo(context).remote.address ?? "unknown"));
}

function demandOwnHost(context: Context, { onLoopback, origin }: ApplicationSettings): void {
  if (onLoopback !== true) return;
  const { hostname } = new URL(context.req.url);
  const own =
    /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname) ||
    (origin !== undefined && hostname === new URL(origin).hostname);
  if (!own)
    throw new Declined(421, "not-permitted", "Cannot serve this host: the server answers for this machine alone");
}

// Primitives that hold the page still while a dialog is open put a style element into it: styles cannot be forbidden inline. Scripts can.
const policyOfApplication =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const policyOfAnswers =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

function shield(context: Context, reach: Reach): void {
  context.header(
    "content-security-policy",
    context.req.path.startsWith("/api/") ? policyOfAnswers : policyOfApplication,
  );
  context.header("x-content-type-options", "nosniff");
  context.header("x-frame-options", "DENY");
  context.header("referrer-policy", "same-origin");
  context.header("cross-origin-opener-policy", "same-origin");
  context.header("cross-origin-resource-policy", "same-origin");
  context.header("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=()");
  if (isHttps(context, reach)) context.header("strict-transport-security", "max-age=31536000; includeSubDomains");
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
