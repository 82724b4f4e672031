import type { KnownHead } from "./known-log.ts";

/** What the worker is asked: whose log, how many entries to expect, and with what head it has to begin. */
export type ToWorker = { origin: string; keys: readonly string[]; size: number; known: KnownHead | undefined };

/** What it answers as it goes. `days` counts the entries of each day. */
export type FromWorker =
  | { kind: "progress"; done: number; of: number }
  | {
      kind: "verified";
      entries: number;
      records: number;
      head: KnownHead;
      /** The size of the head that it was shown to extend. */
      extends: number | undefined;
      bytes: number;
      days: [string, number][];
    }
  | { kind: "rejected"; why: string; isRefusal: boolean };
