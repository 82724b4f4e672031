import { startPublishing } from "#app/ledger.ts";
import type { World } from "#app/world.ts";

/** Jobs that run by themselves until they are stopped. */
export type Jobs = { stop(): Promise<void> };

/** Tells which job failed, and of what. The others go on. */
export type OnFault = (job: string, fault: unknown) => void;

/** Starts what a server does without being asked. */
export function startJobs(world: World, { onFault }: { onFault: OnFault }): Jobs {
  const publishing = startPublishing(world, { onFault: (fault) => onFault("publish checkpoints", fault) });
  return { stop: () => publishing.stop() };
}
