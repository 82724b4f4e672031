import type { TreeHead } from "#core/ledger/tree.ts";
import type { Ref } from "#core/records/field.ts";
import type { Seat, World } from "./world.ts";

export type LedgerSeat = Pick<Seat, "organization">;

/** The ledger as it stands: entries kept, entries in the tree, and its newest signed head. */
export type LedgerState = { origin: string; size: number; tree: TreeHead; checkpoint?: PublishedCheckpoint; keys: readonly string[] };

export type PublishedCheckpoint = { size: number; root: string; note: string; publishedAt: string };

export declare function readLedger(world: World, seat: LedgerSeat): Promise<LedgerState>;

/** Puts entries that are not in the tree yet into it. Returns the tree's head. */
export declare function integrate(world: World, seat: LedgerSeat): Promise<TreeHead>;

/** Integrates and signs the head, unless the newest checkpoint says the same already. */
export declare function publishCheckpoint(world: World, seat: LedgerSeat): Promise<PublishedCheckpoint>;

/** The proof that the record's version (the newest when absent) stands in the ledger, as a c2sp.org/tlog-proof file. @throws {Refusal} `not-found` */
export declare function proveRecord(world: World, seat: LedgerSeat, about: { ref: Ref; rev?: number }): Promise<{ file: string; vkey: string }>;

/** The same for any entry. @throws {Refusal} `not-found` */
export declare function proveEntry(world: World, seat: LedgerSeat, seq: number): Promise<{ file: string; vkey: string }>;

/** The hashes that show that the tree of `to` entries extends that of `from`. */
export declare function proveConsistency(world: World, seat: LedgerSeat, from: number, to: number): Promise<{ from: TreeHead; to: TreeHead; hashes: readonly Uint8Array[] }>;

/** A page of entries, as text, from `from` on. */
export declare function listEntries(world: World, seat: LedgerSeat, from: number, limit: number): Promise<{ seq: number; entry: string; leafHash: string }[]>;

/** A tile, bundle or checkpoint by its path in the tlog-tiles layout. */
export declare function readLogFile(world: World, seat: LedgerSeat, path: string): Promise<Uint8Array>;

/** Writes checkpoint, tiles, bundles and log.vkey into the folder, which must be empty or new. */
export declare function exportLedger(world: World, seat: LedgerSeat, folder: string): Promise<PublishedCheckpoint>;

/** Something in the database that does not agree with the ledger. */
export type LedgerProblem = { message: string; ref?: Ref; seq?: number };
export type LedgerVerification = { entries: number; records: number; checkpoints: number; erased: number; root: string; problems: readonly LedgerProblem[] };

/** Hashes everything again and compares tiles, roots, checkpoints, chains and records. Problems are the answer. */
export declare function verifyLive(world: World, seat: LedgerSeat, onProgress?: (done: number, all: number) => void): Promise<LedgerVerification>;
