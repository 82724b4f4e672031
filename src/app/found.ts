import type { Ref } from "#core/records/field.ts";
import type { ApplyProgress } from "./apply.ts";
import type { World } from "./world.ts";

/** A new organisation with its own record and its first person, who may appoint. The id is the organisation's. */
export declare function initEmpty(world: World, given: { name: string; administrator: { name: string; email?: string } }): Promise<{ id: string; administrator: Ref }>;

/** A sample organisation, marked so for ever, with the story of the folder told from its first day to its last. */
export declare function initSample(world: World, folder: string, options?: { progress?: (progress: ApplyProgress) => void }): Promise<{ id: string; name: string }>;
