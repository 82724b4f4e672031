import type { Instant } from "#core/basics/time.ts";
import type { Writer } from "#storage/writer.ts";
import type { OrganizationId, Reader } from "#storage/reader.ts";
import type { Seat, World } from "./world.ts";

/**
 * Runs `work` and keeps what it did together with its ledger entries, in one transaction: either all
 * is kept or nothing is. This is the only way to write.
 */
export declare function change<T>(world: World, seat: Seat, work: (writer: Writer, at: Instant) => Promise<T>): Promise<T>;

/** Runs `work` in a read-only transaction that sees one organisation, at one moment. */
export declare function read<T>(world: World, seat: Pick<Seat, "organization">, work: (reader: Reader) => Promise<T>): Promise<T>;

/** Founds an organisation and its ledger. A sample carries that mark for ever, and has a clock of its own that starts at `clockAt`. */
export declare function foundOrganization(world: World, about: { name: string; sample: boolean; clockAt?: Instant }): Promise<OrganizationId>;

/** The moment as the organisation knows it: the machine's, or the sample's simulated one. */
export declare function clockOf(world: World, reader: Reader): Promise<Instant>;

/** Moves a sample organisation's clock on. @throws {Refusal} `not-permitted` for a real organisation; `conflict` backwards */
export declare function advanceClock(world: World, seat: Seat, to: Instant): Promise<void>;

/** Every organisation in the database, by name. */
export declare function listOrganizations(world: World): Promise<readonly { id: OrganizationId; name: string; sample: boolean }[]>;
