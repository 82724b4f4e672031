import type { Day } from "#core/basics/time.ts";
import type { Ref } from "#core/records/field.ts";
import type { Seat, World } from "./world.ts";

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

export type HomeSection = { id: string; title: string; /** What an empty section says. */ empty: string; items: HomeItem[]; /** How many there are in all; `items` holds the first 50. */ of: number };

export type Home = { day: Day; person: { ref: Ref; name: string } | null; roles: string[]; sections: HomeSection[] };

/** What is owed by the actor, by the roles that they hold on the day. */
export declare function readHome(world: World, seat: Seat, options?: { asAt?: Day }): Promise<Home>;
