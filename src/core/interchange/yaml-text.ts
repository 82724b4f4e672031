import { constructFromEvents, EVENT_ID, getScalarValue, parseEvents, YAMLException, type Event } from "js-yaml";
import { Refusal, type Place } from "#core/basics/refusal.ts";

/** No record of ours is nested deeper, and no stack overflows at this depth. */
const greatestDepth = 64;
const mostAliases = 100;
/** Aliases let a short text stand for an endless one; what they stand for is counted. */
const mostValues = 2_000_000;
const greatestBytes = 10 * 1024 * 1024;

/** A YAML document with the places of its parts. */
export type YamlText = {
  value: unknown;
  /** Where the part at the path stands; where its nearest known part stands when there is none. */
  placeOf(path: readonly (string | number)[]): Place;
};

/**
 * The document that the text holds. Keys stand once, nesting and aliases have bounds, and no value
 * gets a type that its spelling does not show: YAML 1.2's core schema.
 *
 * @throws {Refusal} `malformed` with the place; `too-large`
 */
export function parseYaml(text: string, file: string): YamlText {
  if (text.length > greatestBytes)
    throw new Refusal("too-large", `Cannot read "${file}": it is larger than 10 MB`, { place: { file } });
  let events: Event[];
  let value: unknown;
  try {
    events = parseEvents(text, { maxDepth: greatestDepth });
    const documents = constructFromEvents(events, { source: text, maxAliases: mostAliases });
    if (documents.length !== 1)
      throw new Refusal(
        "malformed",
        `Cannot read "${file}": it holds ${documents.length === 0 ? "nothing" : "several documents"}`,
        { place: { file } },
      );
    value = documents[0];
  } catch (problem) {
    if (!(problem instanceof YAMLException)) throw problem;
    const { mark, reason } = problem as YAMLException & { mark?: { line: number; column: number }; reason: string };
    const place = mark ? { file, line: mark.line + 1, column: mark.column + 1 } : { file };
    throw new Refusal("malformed", `Cannot read "${file}"${mark ? ` at line ${mark.line + 1}` : ""}: ${reason}`, {
      place,
      cause: problem,
    });
  }
  if (events.some((event) => event.type === EVENT_ID.ALIAS) && sizeOf(value, new Map()) > mostValues)
    throw new Refusal("too-large", `Cannot read "${file}": its aliases stand for more than ${mostValues} values`, {
      place: { file },
    });
  return { value, placeOf: (path) => ({ file, line: lineAt(text, offsetOf(events, text, path)) }) };
}

/** How many values the value stands for; endless when it holds itself. */
function sizeOf(value: unknown, known: Map<object, number>): number {
  if (typeof value !== "object" || value === null) return 1;
  const seen = known.get(value);
  if (seen !== undefined) return seen;
  // Whoever comes back here while the sum is still open stands in a circle.
  known.set(value, Number.POSITIVE_INFINITY);
  const size = Object.values(value).reduce((sum: number, part) => sum + sizeOf(part, known), 1);
  known.set(value, size);
  return size;
}

function offsetOf(events: readonly Event[], text: string, path: readonly (string | number)[]): number {
  let at = 1;
  let offset = 0;
  for (const part of path) {
    const event = events[at];
    if (event?.type === EVENT_ID.MAPPING) {
      let key = at + 1;
      while (
        events[key] !== undefined &&
        events[key]?.type !== EVENT_ID.POP &&
        keyAt(events, text, key) !== String(part)
      )
        key = afterNode(events, afterNode(events, key));
      const found = events[key];
      if (found?.type !== EVENT_ID.SCALAR) return offset;
      offset = found.valueStart;
      at = afterNode(events, key);
    } else if (event?.type === EVENT_ID.SEQUENCE && typeof part === "number") {
      let item = at + 1;
      for (let left = part; left > 0 && events[item]?.type !== EVENT_ID.POP; left--) item = afterNode(events, item);
      const start = startOf(events[item]);
      if (start === undefined) return offset;
      offset = start;
      at = item;
    } else return offset;
  }
  return offset;
}

function keyAt(events: readonly Event[], text: string, at: number): string | undefined {
  const event = events[at];
  return event?.type === EVENT_ID.SCALAR ? getScalarValue(text, event) : undefined;
}

function afterNode(events: readonly Event[], at: number): number {
  let depth = 0;
  for (let next = at; next < events.length; next++) {
    const type = events[next]?.type;
    if (type === EVENT_ID.MAPPING || type === EVENT_ID.SEQUENCE) depth += 1;
    else if (type === EVENT_ID.POP) depth -= 1;
    if (depth <= 0) return next + 1;
  }
  return events.length;
}

function startOf(event: Event | undefined): number | undefined {
  if (event?.type === EVENT_ID.SCALAR) return event.valueStart;
  if (event?.type === EVENT_ID.MAPPING || event?.type === EVENT_ID.SEQUENCE) return event.start;
  return event?.type === EVENT_ID.ALIAS ? event.anchorStart : undefined;
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) line += 1;
  return line;
}
