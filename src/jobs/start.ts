import { publishDue } from "#app/ledger.ts";
import type { World } from "#app/world.ts";
import { noDaysSeen, tickDays, verifyDays } from "./daily.ts";
import { repeat } from "./repeat.ts";

/** Jobs that run by themselves until they are stopped. */
export type Jobs = { stop(): Promise<void> };

/** Tells which job failed, and of what. The others go on, and it is tried again. */
export type OnFault = (job: string, fault: unknown) => void;

const second = 1000;
const minute = 60 * second;

/**
 * Starts what a server does without being asked: it signs the ledgers' heads each minute, and sees to
 * each new day. Several processes over one database may all do so: each job asks first whether it is
 * done, and writes under the organisation's lock. Cleaning the database is the engine's own business;
 * the embedded one has a timer for it.
 */
export function startJobs(world: World, { onFault }: { onFault: OnFault }): Jobs {
  const seen = noDaysSeen();
  const jobs = [
    repeat(() => publishDue(world), {
      firstMs: second,
      everyMs: minute,
      onFault: (fault) => onFault("sign the ledgers' heads", fault),
    }),
    repeat(() => tickDays(world, seen), {
      firstMs: 2 * second,
      everyMs: 15 * second,
      onFault: (fault) => onFault("see to the new day", fault),
    }),
    // Whoever has just started the server looks at it first: reading the whole history can wait.
    repeat(() => verifyDays(world, seen), {
      firstMs: minute,
      everyMs: minute,
      onFault: (fault) => onFault("verify the ledgers", fault),
    }),
  ];
  return {
    async stop() {
      await Promise.all(jobs.map((job) => job.stop()));
    },
  };
}
