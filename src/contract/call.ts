import type * as z from "zod";
import { Refusal } from "#core/basics/refusal.ts";
import { membersOfPath, type Endpoint } from "./endpoint.ts";
import { errorOf, problem, problemType } from "./problem.ts";

export type CallSettings = {
  /** An API token; without one, a browser sends its cookie. */
  token?: string;
  signal?: AbortSignal;
};

/**
 * Asks the server at `origin` (in a browser `""`, its own) and returns what it answers: JSON, text or
 * bytes as the endpoint says. Lines are read by `callLines`.
 *
 * @throws {Refusal} the server's own; `unavailable` when it cannot be reached
 */
export async function call<Input extends z.ZodObject, Output extends z.ZodType>(
  origin: string,
  endpoint: Endpoint<Input, Output>,
  input: z.input<Input>,
  settings: CallSettings = {},
): Promise<z.output<Output>> {
  const response = await send(origin, endpoint, input, settings);
  // The server's answers are typed by the same contract; they are not parsed a second time here.
  if (endpoint.answer === "text") return (await response.text()) as z.output<Output>;
  if (endpoint.answer === "bytes") return new Uint8Array(await response.arrayBuffer()) as z.output<Output>;
  return (await response.json()) as z.output<Output>;
}

/** The lines that the server answers, as they come. @throws {Refusal} as `call` */
export async function* callLines<Input extends z.ZodObject, Output extends z.ZodType>(
  origin: string,
  endpoint: Endpoint<Input, Output>,
  input: z.input<Input>,
  settings: CallSettings = {},
): AsyncGenerator<z.output<Output>> {
  const response = await send(origin, endpoint, input, settings);
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = (rest + part.value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") yield JSON.parse(line) as z.output<Output>;
  }
}

/** Where the endpoint is asked this: its path with the query. */
export function addressOf<Input extends z.ZodObject>(endpoint: Endpoint<Input>, input: z.input<Input>): string {
  const values = input as Readonly<Record<string, unknown>>;
  const path = endpoint.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    name === endpoint.rest
      ? String(values[name]).split("/").map(encodeURIComponent).join("/")
      : encodeURIComponent(String(values[name])),
  );
  if (endpoint.method === "POST") return path;
  const query = new URLSearchParams();
  for (const [name, value] of remaining(endpoint, values))
    for (const each of Array.isArray(value) ? value : [value]) query.append(name, String(each));
  return query.size === 0 ? path : `${path}?${query}`;
}

async function send<Input extends z.ZodObject>(
  origin: string,
  endpoint: Endpoint<Input>,
  input: z.input<Input>,
  { token, signal }: CallSettings,
): Promise<Response> {
  const values = input as Readonly<Record<string, unknown>>;
  const version = endpoint.ifMatch === undefined ? undefined : values[endpoint.ifMatch];
  const request: RequestInit = {
    method: endpoint.method,
    credentials: "same-origin",
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(version === undefined ? {} : { "if-match": `"${String(version)}"` }),
      ...(endpoint.method === "POST" ? { "content-type": "application/json" } : {}),
    },
    ...(endpoint.method === "POST" ? { body: JSON.stringify(Object.fromEntries(remaining(endpoint, values))) } : {}),
    ...(signal === undefined ? {} : { signal }),
  };
  const response = await reach(origin, endpoint, addressOf(endpoint, input), request);
  if (response.ok) return response;
  throw await errorIn(response, endpoint);
}

async function reach(origin: string, endpoint: Endpoint, address: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(`${origin.replace(/\/$/, "")}${address}`, request);
  } catch (cause) {
    // Whoever stopped the call knows why.
    if (request.signal?.aborted === true) throw cause;
    throw new Refusal(
      "unavailable",
      `Cannot ${endpoint.summary.charAt(0).toLowerCase()}${endpoint.summary.slice(1)}: the server${origin ? ` at ${origin}` : ""} does not answer`,
      { cause },
    );
  }
}

async function errorIn(response: Response, endpoint: Endpoint): Promise<Error> {
  const isProblem = response.headers.get("content-type")?.startsWith(problemType) === true;
  const told = isProblem ? problem.safeParse(await response.json()) : undefined;
  return told?.success
    ? errorOf(told.data)
    : new Error(`${endpoint.method} ${endpoint.path} was answered with ${response.status}`);
}

function remaining(endpoint: Endpoint, values: Readonly<Record<string, unknown>>): [string, unknown][] {
  const elsewhere = new Set([
    ...membersOfPath(endpoint.path),
    ...(endpoint.ifMatch === undefined ? [] : [endpoint.ifMatch]),
  ]);
  return Object.entries(values).filter(([name, value]) => value !== undefined && !elsewhere.has(name));
}
