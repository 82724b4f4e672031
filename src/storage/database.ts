import type { Kysely } from "kysely";
import type { Tables } from "./tables.ts";

/** The database that everything is kept in: PostgreSQL, or the same embedded in a folder. */
export type Database = {
  readonly engine: "pglite" | "postgres";
  readonly db: Kysely<Tables>;
  close(): Promise<void>;
};

export type DatabaseSettings = { data: string } | { url: string; ownerUrl?: string };

/** Opens the database and brings it to the software's version. @throws {Refusal} `conflict`, `incompatible`, `unavailable` */
export declare function openDatabase(settings: DatabaseSettings): Promise<Database>;
