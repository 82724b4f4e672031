import type { Kysely } from "kysely";
import type { Instant } from "#core/basics/time.ts";
import type { Ref } from "#core/records/field.ts";
import type { Mint, Source, Version } from "#core/records/transition.ts";
import type { OrganizationId, Reader } from "./reader.ts";
import type { Tables } from "./tables.ts";

/** What is kept of a version besides what its deed made. */
export type Keeping = Version & {
  /** Taken over from another system's history, not judged here: when and as whose deed it was done there. */
  imported?: { doneAt: Instant };
};

/**
 * The right to write, which `change` alone makes: each version that is kept gets its ledger entry in
 * the same transaction. Functions that write take one of these, so that a write without an entry does
 * not compile.
 */
export declare class Writer implements Reader {
  #made: true;
  readonly db: Kysely<Tables>;
  readonly organization: OrganizationId;
  /** References and ids for new records. */
  readonly mint: Mint;
  /** The records as this change has left them so far. */
  readonly source: Source & { find(ref: Ref): ReturnType<Source["find"]> };
  /** The moment of this change: later than everything that the ledger holds. */
  get at(): Instant;
  /** Whether the organisation is a sample: only there may the moment be moved. */
  readonly sample: boolean;
  /** Moves the simulated clock. @throws {Refusal} `not-permitted` outside a sample organisation; `conflict` backwards */
  moveClock(to: Instant): void;
  /**
   * Keeps the versions, in their order, with their links and ledger entries.
   *
   * @throws {Refusal} `stale` when a record is no longer as its version's `before`; `conflict` when its reference is taken
   */
  keep(versions: readonly Keeping[]): Promise<void>;
}
