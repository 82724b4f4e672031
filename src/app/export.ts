import type { TextFile } from "./apply.ts";
import type { Seat, World } from "./world.ts";

/** Every version of every record that the actor may see, as files that `applyFiles` takes; `aims.yaml` is the manifest. */
export declare function exportRecords(world: World, seat: Seat): AsyncIterable<TextFile>;

/** Writes the export into an empty or absent folder. @throws {Refusal} `conflict` when it holds anything */
export declare function exportFolder(world: World, seat: Seat, folder: string): Promise<{ files: number; records: number; versions: number; sealed: number }>;
