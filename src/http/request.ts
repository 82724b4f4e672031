import type { Context } from "hono";
import * as z from "zod";
import { membersOfPath, type Endpoint } from "#contract/endpoint.ts";
import { Refusal, type Problem } from "#core/basics/refusal.ts";
import { Declined } from "./problem.ts";

/** Deeper than any record of ours. */
const greatestDepth = 64;

/** Read and thrown away, so that whoever sends too much gets an answer and not a broken connection. */
const drainedBytes = 80_000_000;

/** What the endpoint is asked, parsed from path, query, If-Match and body. @throws {Refusal} `malformed`, `too-large` */
export async function readInput(context: Context, endpoint: Endpoint): Promise<Record<string, unknown>> {
  const named = membersOfPath(endpoint.path);
  const given: Record<string, unknown> = Object.fromEntries(named.map((name) => [name, context.req.param(name)]));
  const elsewhere =
    endpoint.method === "POST"
      ? await readBody(context.req.raw, endpoint)
      : readQuery(new URL(context.req.url).searchParams, endpoint);
  for (const [name, value] of Object.entries(elsewhere)) {
    if (named.includes(name) || name === endpoint.ifMatch)
      throw malformed(endpoint, [{ message: "it does not belong here", place: { field: name } }]);
    given[name] = value;
  }
  if (endpoint.ifMatch !== undefined) given[endpoint.ifMatch] = readVersion(context.req.header("if-match"), endpoint);
  const parsed = endpoint.input.strict().safeParse(given);
  if (!parsed.success) throw malformed(endpoint, parsed.error.issues.map(problemOf));
  return parsed.data;
}

function problemOf(issue: z.core.$ZodIssue): Problem {
  const field = issue.code === "unrecognized_keys" ? [...issue.path, issue.keys.join(", ")] : issue.path;
  const message = issue.code === "unrecognized_keys" ? "is not known here" : issue.message;
  return { message, place: { field: field.join(".") } };
}

function malformed(endpoint: Endpoint, problems: readonly Problem[]): Refusal {
  const [first] = problems;
  const why = first ? `${first.place?.field ? `"${first.place.field}": ` : ""}${first.message}` : "it is unreadable";
  return new Refusal("malformed", `Cannot ${lowerFirst(endpoint.summary)}: ${why}`, {
    problems,
    ...(first?.place ? { place: first.place } : {}),
  });
}

/** Values of a query are text; numbers and yes or no become what the schema asks for, when they can. */
function readQuery(query: URLSearchParams, { input }: Endpoint): Record<string, unknown> {
  const given: [string, unknown][] = [];
  for (const name of new Set(query.keys())) {
    const values = query.getAll(name);
    const schema = Object.hasOwn(input.shape, name) ? unwrapped(input.shape[name] as z.ZodType) : undefined;
    if (values.some((value) => value.includes("\0")))
      throw new Refusal("malformed", `Cannot read "${name}": it holds a null character`, { place: { field: name } });
    if (schema instanceof z.ZodArray) given.push([name, values]);
    else if (values.length > 1)
      throw new Refusal("malformed", `Cannot read "${name}": it is given ${values.length} times`, {
        place: { field: name },
      });
    else given.push([name, fromText(values[0] ?? "", schema)]);
  }
  return Object.fromEntries(given);
}

function fromText(text: string, schema: z.ZodType | undefined): unknown {
  if (schema instanceof z.ZodNumber && /^-?\d{1,15}$/.test(text)) return Number(text);
  if (schema instanceof z.ZodBoolean && (text === "true" || text === "false")) return text === "true";
  return text;
}

function unwrapped(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (inner instanceof z.ZodOptional) inner = inner.unwrap() as z.ZodType;
  return inner;
}

/** The version that `"3"` names; a cache on the way may have made it weak. RFC 9110, section 13.1.1. */
function readVersion(header: string | undefined, endpoint: Endpoint): number {
  if (header === undefined || header.trim() === "*")
    throw new Declined(
      428,
      "malformed",
      `Cannot ${lowerFirst(endpoint.summary)}: If-Match has to name the version that you saw, which is the record's ETag`,
    );
  const version = /^(?:W\/)?"(\d{1,9})(?:-[a-z]+)?"$/.exec(header.trim())?.[1];
  if (version === undefined)
    throw new Refusal("malformed", `Cannot ${lowerFirst(endpoint.summary)}: If-Match is no version such as "3"`);
  return Number(version);
}

async function readBody(request: Request, endpoint: Endpoint): Promise<Record<string, unknown>> {
  const text = await readText(request, endpoint);
  if (text === "") return {};
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json")
    throw new Declined(
      415,
      "malformed",
      `Cannot ${lowerFirst(endpoint.summary)}: the body has to be application/json`,
      { "accept-post": "application/json" },
    );
  demandPlain(text, endpoint);
  const value = parseJson(text, endpoint);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw malformed(endpoint, [{ message: "the body is no JSON object" }]);
  return value as Record<string, unknown>;
}

async function readText(request: Request, endpoint: Endpoint): Promise<string> {
  if (!request.body) return "";
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of request.body as ReadableStream<Uint8Array>) {
    bytes += part.length;
    if (bytes <= endpoint.bodyBytes) parts.push(part);
    else parts.length = 0;
    if (bytes > drainedBytes) break;
  }
  if (bytes > endpoint.bodyBytes)
    throw new Refusal(
      "too-large",
      `Cannot ${lowerFirst(endpoint.summary)}: the body has more than ${endpoint.bodyBytes / 1_000_000} MB`,
    );
  return decode(Buffer.concat(parts), endpoint);
}

function decode(bytes: Uint8Array, endpoint: Endpoint): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    // The decoder's TypeError says nothing that the asker could use.
    throw new Refusal("malformed", `Cannot ${lowerFirst(endpoint.summary)}: the body is not UTF-8`, { cause });
  }
}

/** Refuses, before anything is built from it, what no honest body holds. */
function demandPlain(text: string, endpoint: Endpoint): void {
  if (/\\u0000|"__proto__"\s*:/.test(text))
    throw malformed(endpoint, [{ message: "the body holds a null character or a member __proto__" }]);
  if (/(?<!\\)(?:\\\\)*\\ud[89ab][0-9a-f]{2}(?!\\ud[c-f][0-9a-f]{2})/i.test(text))
    throw malformed(endpoint, [{ message: "the body holds half of a surrogate pair" }]);
  let depth = 0;
  let isInText = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (isInText) {
      if (character === 0x5c) at++;
      else if (character === 0x22) isInText = false;
    } else if (character === 0x22) isInText = true;
    else if (character === 0x7b || character === 0x5b) depth++;
    else if (character === 0x7d || character === 0x5d) depth--;
    if (depth > greatestDepth)
      throw new Refusal(
        "too-large",
        `Cannot ${lowerFirst(endpoint.summary)}: the body is nested deeper than ${greatestDepth} levels`,
      );
  }
}

function parseJson(text: string, endpoint: Endpoint): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const where = cause instanceof SyntaxError ? /position (\d+)/.exec(cause.message)?.[1] : undefined;
    const place = where === undefined ? {} : lineAt(text, Number(where));
    throw new Refusal(
      "malformed",
      `Cannot ${lowerFirst(endpoint.summary)}: the body is not JSON${where === undefined ? "" : ` from line ${place.line}, column ${place.column}`}`,
      { cause, place },
    );
  }
}

function lineAt(text: string, position: number): { line?: number; column?: number } {
  const before = text.slice(0, position).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
