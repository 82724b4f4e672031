import type { World } from "./world.ts";

/** What a backup holds and whether keys travel in it. */
export type BackupSummary = { organizations: number; rows: number; withKeys: boolean };

/** Writes everything into one file. Keys travel only when asked. */
export declare function backup(world: World, file: string, options?: { withKeys?: boolean }): Promise<BackupSummary>;

/** Restores a backup into an empty data folder, or an empty PostgreSQL, and verifies each ledger before it counts as done. */
export declare function restore(file: string, target: { data: string; url?: string; ownerUrl?: string }): Promise<BackupSummary>;

/** Moves everything into a PostgreSQL. */
export declare function moveTo(world: World, target: { data: string; url: string; ownerUrl?: string }): Promise<BackupSummary>;
