import type { Day } from "#core/basics/time.ts";
import type { CheckResult } from "#core/conformity/check.ts";
import type { Version } from "#core/records/transition.ts";
import type { Seat, World, Writer } from "./world.ts";

/** A check whose answer moved. */
export type CheckMove = { id: string; before: CheckResult | undefined; after: CheckResult };

/** Where kept outcomes and results differ from what the records say. */
export type CheckDifference = { check: string; about: string; kept: string; scratch: string };

/** Asks again what the versions can have changed, and keeps the answers. */
export declare function recompute(writer: Writer, versions: readonly Version[], day: Day): Promise<CheckMove[]>;

/** Computes every outcome, tally and result anew and keeps them. */
export declare function recomputeAll(writer: Writer, day: Day): Promise<{ checks: number; outcomes: number }>;

/** Asks again what time alone can have changed by the day: the daily tick. */
export declare function recomputeDue(world: World, seat: Seat): Promise<CheckMove[]>;

/** What is kept against what the records say, computed from nothing. None: they agree. */
export declare function checkFromScratch(world: World, seat: Seat): Promise<{ checks: number; records: number; differences: CheckDifference[] }>;

/** The kept results. */
export declare function readChecks(world: World, seat: Seat): Promise<CheckResult[]>;
