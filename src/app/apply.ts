import type { Seat, World } from "./world.ts";

/** A text file of a folder of records; `path` is relative, with `/`. */
export type TextFile = { path: string; text: string };

export type ApplyProgress = { done: number; of: number; says: string };

export type ApplyReport = {
  format: "aims-story@1" | "aims-export@1" | "aims-records@1";
  files: number;
  records: number;
  created: number;
  amended: number;
  /** Records that already stood as the files tell them. */
  unchanged: number;
  /** Ledger entries made. */
  versions: number;
  says: string;
};

/**
 * Brings the files' records into the organisation: as a story, as recorded elsewhere, or as plain
 * records under the actor's own authority. All is read and held against the rules first; a folder
 * with a problem changes nothing. Applied twice it changes nothing the second time.
 *
 * @throws {Refusal} `malformed` or `too-large` with every problem and its place; as `transition` else
 */
export declare function applyFiles(world: World, seat: Seat, files: readonly TextFile[], options?: { progress?: (progress: ApplyProgress) => void }): Promise<ApplyReport>;

/** `applyFiles` on what stands in the folder. */
export declare function applyFolder(world: World, seat: Seat, folder: string, options?: { progress?: (progress: ApplyProgress) => void }): Promise<ApplyReport>;
