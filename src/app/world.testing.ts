import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Instant } from "#core/basics/time.ts";
import type { Actor } from "#core/records/actor.ts";
import { openDatabase } from "#storage/database.ts";
import { createDatabase, dropDatabase } from "#test/ground/postgres.ts";
import { worldOf, type OrganizationId, type Seat, type World } from "./world.ts";

/** Where tests keep images of empty databases: with the packages, so that they are made once. */
export const testImages = join(import.meta.dirname, "../../node_modules/.cache/aims-pglite");

/** A world on a database of its own: on the server that `DATABASE_URL` names, else embedded in memory. */
export async function openTestWorld(options: { now?: () => Instant } = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "aims-world-"));
  const { DATABASE_URL: serverUrl } = process.env;
  const url = serverUrl ? await createDatabase(serverUrl) : undefined;
  const database = await openDatabase(url === undefined ? { memory: true, images: testImages } : { url });
  const world = worldOf(database, { keys: join(folder, "keys"), host: "test.example", ...options });
  return {
    ...world,
    async close() {
      await world.close();
      if (url !== undefined) await drop(url);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The server ends a session a moment after its client has left, and its owner may not hurry the application's. */
export async function drop(url: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await dropDatabase(url);
    } catch (error) {
      if (attempt === 100) throw error;
      await setTimeout(20);
    }
  }
}

/** A seat of the software itself, which may do what machines may. */
export function systemSeat(organization: OrganizationId): Seat {
  const actor: Actor = { kind: "system", id: "system", assignments: [], administrator: true };
  return { organization, actor, auth: "internal" };
}
