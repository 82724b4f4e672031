import type { Request, Version } from "#core/records/transition.ts";
import type { Seat, World } from "./world.ts";

/**
 * Does the deed in one transaction: every version it makes, their ledger entries and the checks they
 * touch. The record's own version comes first, then its approval and its effects.
 *
 * @throws {Refusal} as `transition`; `credential-needed` for an approval when the seat carries no proof
 */
export declare function doDeed(world: World, seat: Seat, request: Request): Promise<Version[]>;

/** Does the deeds in order, all or none, in one transaction. @throws {Refusal} of the first that is declined */
export declare function doDeeds(world: World, seat: Seat, requests: readonly Request[]): Promise<Version[]>;
