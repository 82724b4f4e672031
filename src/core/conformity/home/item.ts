import { daysBetween, type Day } from "#core/basics/time.ts";
import type { Actor, RoleKey } from "#core/records/actor.ts";
import type { Ref } from "#core/records/field.ts";
import type { AnyRecord } from "#core/records/kind.ts";
import type { MemoryRecords } from "#core/records/memory.ts";
import type { BoardNode } from "../board.ts";
import type { Outcome } from "../check.ts";

export type HomeItem = {
  /** The record to open; absent when `node` is what to open. */
  ref?: Ref;
  node?: string;
  title: string;
  /** Why it is here, in a sentence. */
  why: string;
  /** The day it is due, or since when it waits. */
  day?: Day;
  /** The deed that mends it. */
  deed?: { kind: string; deed: string; title: string };
};

export type HomeSection = {
  id: string;
  title: string;
  /** What an empty section says. */
  empty: string;
  items: HomeItem[];
  /** How many there are in all; `items` holds the first 50. */
  of: number;
};

/** What home screens are made from. `records` holds what `needsOf` and `aroundMe` name, and may hold more. */
export type HomeGround = {
  actor: Actor;
  day: Day;
  records: MemoryRecords;
  /** The board as the actor may see it. */
  nodes: readonly BoardNode[];
  /** Outcomes that say why, of the checks named by `checksOfHome`. */
  outcomes: readonly Outcome[];
  /** Live records whose review day is past. */
  overdue: readonly AnyRecord[];
};

export const holdsRole = (actor: Actor, role: RoleKey): boolean =>
  actor.assignments.some((assignment) => assignment.role_key === role);
export const holds = ({ actor }: HomeGround, ...roles: RoleKey[]): boolean =>
  roles.some((role) => holdsRole(actor, role));

export function dueIn(day: Day, due: Day): string {
  const days = daysBetween(day, due);
  return days < 0
    ? `was due on ${due}, ${inDays(-days)} ago`
    : days === 0
      ? "due today"
      : `due on ${due}, in ${inDays(days)}`;
}

export const inDays = (days: number): string => (days === 1 ? "1 day" : `${days} days`);

/** `M. Lindqvist`; the reference of somebody who was not loaded. */
export function shortName(records: MemoryRecords, ref: Ref): string {
  const name = records.find(ref)?.["full_name"];
  if (typeof name !== "string") return ref;
  const words = name.replace(/^Dr\.? /, "").split(" ");
  return words.length < 2 ? name : `${words[0]?.charAt(0) ?? ""}. ${words.slice(1).join(" ")}`;
}

export function byDay(a: HomeItem, b: HomeItem): number {
  return (a.day ?? "9999") < (b.day ?? "9999") ? -1 : (a.day ?? "9999") > (b.day ?? "9999") ? 1 : 0;
}
