import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "#core/basics/refusal.ts";
import { instantOf, type Instant } from "#core/basics/time.ts";
import type { Entry } from "#core/ledger/entry.ts";
import type { Actor } from "#core/records/actor.ts";
import { openDatabase, type Database } from "#storage/database.ts";
import { keysIn, type LedgerKeys } from "#storage/ledger-keys.ts";
import type { OrganizationId } from "#storage/reader.ts";

export type { OrganizationId, Reader } from "#storage/reader.ts";
export type { Keeping, Writer } from "#storage/writer.ts";

/** What the use cases stand on: the one database, the keys that sign ledgers, and the clock. */
export type World = {
  readonly database: Database;
  readonly keys: LedgerKeys;
  /** Starts the names of ledgers: `<host>/<organisation id>/ledger`. */
  readonly host: string;
  /** The machine's clock. A sample organisation has its own: ask `clockOf`. */
  readonly now: () => Instant;
  close(): Promise<void>;
};

/** From where somebody acts: in which organisation, as whom, and how they signed in. */
export type Seat = {
  readonly organization: OrganizationId;
  readonly actor: Actor;
  readonly auth: Entry["actor"]["auth"];
};

export type WorldSettings = {
  /** The data folder: the embedded database unless `url` is given, and the ledger's keys. */
  data: string;
  /** A PostgreSQL server, as the role that serves; as the owner when `ownerUrl` is absent. */
  url?: string;
  ownerUrl?: string;
  /** Where the ledger's private keys lie, when not in the data folder. */
  keys?: string;
  /** Where images of empty databases are kept, when not beside the data folder. */
  images?: string;
  host?: string;
  now?: () => Instant;
};

/** In a data folder whose embedded database was moved to a server: two histories that go on from one would share its keys. */
export const movedMark = "moved";

/** Opens the database, migrates it when it is older than the software, and finds the keys. @throws {Refusal} `conflict`, `incompatible`, `unavailable` */
export async function openWorld(settings: WorldSettings): Promise<World> {
  const { data, url, ownerUrl, images } = settings;
  const mark = join(data, movedMark);
  if (url === undefined && existsSync(mark))
    throw new Refusal(
      "conflict",
      `Cannot open data folder "${data}": its database was moved to ${readFileSync(mark, "utf8").trim()}; open that, or remove "${mark}" to go back`,
    );
  const database = await openDatabase(
    url === undefined
      ? { data, ...(images === undefined ? {} : { images }) }
      : { url, ...(ownerUrl === undefined ? {} : { ownerUrl }) },
  );
  return worldOf(database, { ...settings, keys: settings.keys ?? join(data, "keys") });
}

/** The world over a database that is open already. */
export function worldOf(
  database: Database,
  { keys, host, now }: { keys: string; host?: string; now?: () => Instant },
): World {
  return {
    database,
    keys: keysIn(keys),
    host: host ?? "local",
    now: now ?? (() => instantOf(Date.now())),
    close: () => database.close(),
  };
}
