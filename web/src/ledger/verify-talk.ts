/** What the worker is asked: whose log, and how many entries to expect. */
export type ToWorker = { origin: string; keys: readonly string[]; size: number };

/** What it answers as it goes. `days` counts the entries of each day. */
export type FromWorker =
  | { kind: "progress"; done: number; of: number }
  | { kind: "verified"; entries: number; records: number; size: number; bytes: number; days: [string, number][] }
  | { kind: "rejected"; why: string; isRefusal: boolean };
