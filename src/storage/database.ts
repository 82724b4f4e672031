import type { Kysely } from "kysely";
import { imagesBeside, openEmbedded } from "./embedded.ts";
import { openServer } from "./server.ts";
import type { Tables } from "./tables.ts";

/** The database that everything is kept in: PostgreSQL, or the same embedded in a folder. */
export type Database = {
  readonly engine: "pglite" | "postgres";
  readonly db: Kysely<Tables>;
  /** Returns once everything committed so far is on the disk. PostgreSQL sees to that itself. */
  settle(): Promise<void>;
  /** Does what PostgreSQL's background processes do: statistics, dead rows, checkpoint. Worth its time after a bulk load. */
  maintain(): Promise<void>;
  close(): Promise<void>;
};

export type DatabaseSettings =
  /** Embedded, in `<data>/database`. */
  | { data: string; images?: string }
  /** Embedded, in memory and gone with the process: for tests. */
  | { memory: true; images: string }
  /** A server, as the role that serves, or as the owner when `ownerUrl` is absent. */
  | { url: string; ownerUrl?: string };

/** Opens the database and brings it to the software's version. @throws {Refusal} `conflict`, `incompatible`, `unavailable`, `not-permitted` */
export function openDatabase(settings: DatabaseSettings): Promise<Database> {
  if ("url" in settings) return openServer(settings);
  if ("memory" in settings) return openEmbedded({ images: settings.images });
  return openEmbedded({ folder: settings.data, images: settings.images ?? imagesBeside(settings.data) });
}
