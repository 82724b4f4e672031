import type { KindName } from "./all.ts";
import { suggestedIn, type Deed, type Guard, type Moment } from "./deed.ts";
import { all, out, type Follow } from "./follow.ts";

/** Refuses a deed that names a person who has left (INV-28). The deed's `follow` must lead there under the name. */
export const stillHere = (near: string): Guard => ({
  rule: "INV-28",
  refuse: (moment) => {
    const gone = (moment.near[near] ?? []).find((person) => person.state === "left");
    return gone === undefined ? undefined : `${gone.title ?? gone.ref} (${near.replaceAll("_", " ")}) has left`;
  },
});

/** Refuses while it says what a language model suggested and nobody adopted: that is never proof (INV-35). */
export const adopted: Guard = { rule: "INV-35", refuse: ({ next }) => suggestedIn(next) };

/** Where the deed that brings an edition into effect finds the one it replaces, and all others of its kind. */
export const editions = (kind: KindName): Follow => ({ replaced: out(kind, "supersedes"), others: all(kind) });

/**
 * Refuses a second edition in effect beside the first (INV-06): whatever is in one of the states must
 * be what this one supersedes. `sameLine` chooses what counts as the same thing, all of the kind unless said.
 */
export const oneInEffect = (
  states: readonly string[],
  sameLine: (one: Moment["next"], other: { readonly [field: string]: unknown }) => boolean = () => true,
): Guard => ({
  rule: "INV-06",
  refuse: ({ next, near }) => {
    const replaced = new Set((near["replaced"] ?? []).map((record) => record.ref));
    const other = (near["others"] ?? []).find(
      (record) =>
        record.ref !== next.ref && states.includes(record.state) && !replaced.has(record.ref) && sameLine(next, record),
    );
    return other === undefined ? undefined : `${other.ref} is in effect; name it in "supersedes"`;
  },
});

/** The effect of an edition that comes into effect: the one before it is superseded. Every such kind has a deed `supersede`. */
export const supersedeReplaced: NonNullable<Deed["effects"]> = ({ near }) =>
  (near["replaced"] ?? [])
    .filter((record) => record.state !== "superseded" && record.state !== "withdrawn")
    .map((record) => ({ does: "move", kind: record.kind, ref: record.ref, deed: "supersede" }));

/** Refuses while the day in the field has not come. */
export const dayHasCome = (field: string, rule: string): Guard => ({
  rule,
  refuse: ({ next, today }) => {
    const day = (next as { readonly [name: string]: unknown })[field];
    return typeof day === "string" && day > today ? `its "${field.replaceAll("_", " ")}" is ${day}` : undefined;
  },
});

/** Refuses the owner of a record that the deed follows under the name, such as the owner of the AI system. */
export const notOwnerOf = (near: string, rule: string): Guard => ({
  rule,
  code: "duties-apart",
  refuse: (moment) => {
    const own = (moment.near[near] ?? []).find(
      (record) => moment.actor.person !== undefined && record.owner === moment.actor.person,
    );
    return own === undefined ? undefined : `${moment.actor.person} owns ${own.ref}, and these duties are kept apart`;
  },
});

/** Refuses while parts of a group are empty: `filled("INV-19", "root_cause", "method", "text")`. */
export const filled = (rule: string, field: string, ...parts: string[]): Guard => ({
  rule,
  refuse: ({ next }) => {
    const group = (next as { readonly [name: string]: unknown })[field];
    const values = typeof group === "object" && group !== null ? (group as { readonly [name: string]: unknown }) : {};
    const missing = parts.filter((part) => values[part] === undefined || values[part] === "");
    return missing.length === 0
      ? undefined
      : `${missing.map((part) => `"${field}.${part}"`).join(", ")} must be filled in first`;
  },
});

/** Refuses a first day that lies after the second. */
export const inOrder = (rule: string, first: string, second: string): Guard => ({
  rule,
  refuse: ({ next }) => {
    const values = next as { readonly [name: string]: unknown };
    const [from, to] = [values[first], values[second]];
    return typeof from === "string" && typeof to === "string" && from > to
      ? `"${first}" ${from} lies after "${second}" ${to}`
      : undefined;
  },
});

/** Refuses until the day in the field lies in the past: what is good until the 31st ends on the day after. */
export const dayIsPast = (field: string, rule: string): Guard => ({
  rule,
  refuse: ({ next, today }) => {
    const day = (next as { readonly [name: string]: unknown })[field];
    return typeof day === "string" && day >= today ? `its "${field.replaceAll("_", " ")}" is ${day}` : undefined;
  },
});
