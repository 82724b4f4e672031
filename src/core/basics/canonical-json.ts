import { isWellFormed } from "./bytes.ts";
import { Refusal } from "./refusal.ts";

/** What JSON can say, and nothing that JSON would drop or bend (`undefined`, dates, `toJSON`). */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Deeper than any document of ours, and shallow enough that no stack overflows. */
const greatestDepth = 200;

/**
 * The one text that stands for the value: names sorted by UTF-16 code units, no white space, numbers
 * as ECMAScript writes them. RFC 8785. Integers beyond 2^53-1 are refused, since another reader may round them.
 *
 * @throws {Refusal} `malformed`, with the place, for what is not JSON; `too-large` beyond 200 levels
 */
export function canonicalJson(value: Json): string {
  return write(value, []);
}

/** The members and elements through which `write` came to where it is; read only to say where something is wrong. */
type Trail = (string | number)[];

function write(value: unknown, trail: Trail): string {
  if (trail.length > greatestDepth)
    throw new Refusal(
      "too-large",
      `Cannot write ${shown(trail)} as JSON: it is nested deeper than ${greatestDepth} levels`,
    );
  if (value === null) return "null";
  switch (typeof value) {
    case "boolean":
      return value ? "true" : "false";
    case "number":
      return writeNumber(value, trail);
    case "string":
      return writeString(value, trail);
    case "object":
      return Array.isArray(value) ? writeArray(value, trail) : writeObject(value, trail);
    default:
      throw refused(trail, `it is ${value === undefined ? "undefined" : `a ${typeof value}`}`);
  }
}

function writeNumber(value: number, trail: Trail): string {
  if (!Number.isFinite(value)) throw refused(trail, `${value} is no JSON number`);
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw refused(trail, "the integer is beyond 2^53-1");
  return JSON.stringify(value);
}

function writeString(value: string, trail: Trail): string {
  if (!isWellFormed(value)) throw refused(trail, "it holds half of a surrogate pair");
  return JSON.stringify(value);
}

function writeArray(values: readonly unknown[], trail: Trail): string {
  let text = "";
  // By index, so that the holes of a sparse array are seen, as undefined, and refused.
  for (let at = 0; at < values.length; at++) {
    trail.push(at);
    text += (at === 0 ? "" : ",") + write(values[at], trail);
    trail.pop();
  }
  return `[${text}]`;
}

function writeObject(value: object, trail: Trail): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw refused(trail, "it is not a plain object");
  const members: Readonly<Record<string, unknown>> = { ...value };
  let text = "";
  // The default order of sort is that of UTF-16 code units, which RFC 8785, section 3.2.3 asks for.
  for (const name of Object.keys(members).sort()) {
    trail.push(name);
    text += `${text === "" ? "" : ","}${writeString(name, trail)}:${write(members[name], trail)}`;
    trail.pop();
  }
  return `{${text}}`;
}

function refused(trail: Trail, why: string): Refusal {
  return new Refusal("malformed", `Cannot write ${shown(trail)} as JSON: ${why}`);
}

function shown(trail: Trail): string {
  const path = trail.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`)).join("");
  return JSON.stringify(path.length > 120 ? `$${path.slice(0, 120)}...` : `$${path}`);
}
