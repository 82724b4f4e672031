import { isDay, type Day } from "#core/basics/time.ts";

/** A deed's form that stands open over any page. */
export type OpenDeed = {
  kind: string;
  /** Absent when the deed creates the record. */
  ref?: string;
  deed: string;
  /** What is known already. */
  fields?: Record<string, unknown>;
};

/** What every address of the application may carry. */
export type CommonSearch = { as_at?: Day; do?: OpenDeed };

/** What of an address's query the application knows; anything else is left out. */
export function readCommonSearch(search: Record<string, unknown>): CommonSearch {
  const asAt = text(search["as_at"]);
  const open = openDeed(search["do"]);
  return { ...(asAt !== undefined && isDay(asAt) ? { as_at: asAt } : {}), ...(open ? { do: open } : {}) };
}

function openDeed(value: unknown): OpenDeed | undefined {
  if (!isObject(value)) return undefined;
  const [kind, deed, ref, fields] = [text(value["kind"]), text(value["deed"]), text(value["ref"]), value["fields"]];
  if (kind === undefined || deed === undefined) return undefined;
  return { kind, deed, ...(ref === undefined ? {} : { ref }), ...(isObject(fields) ? { fields } : {}) };
}

/** The text, if it is one. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The texts, whether there was one or several. */
export function texts(value: unknown): string[] | undefined {
  const all = (Array.isArray(value) ? value : [value]).filter(
    (item): item is string => typeof item === "string" && item !== "",
  );
  return all.length > 0 ? all : undefined;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
