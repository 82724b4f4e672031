import { Refusal } from "#core/basics/refusal.ts";
import type { Ledger } from "#contract/ledger.ts";

const prefix = "aims-log-";

/** A head that this browser verified, its root in base64. */
export type KnownHead = { size: number; root: string };
type KnownLog = { keys: readonly string[]; head?: KnownHead };
type Memory = Pick<Storage, "getItem" | "setItem">;

/**
 * Holds the log's keys against those that this browser saw on its first visit: a server that changes
 * its key says so here, not silently. Keys may be added, as when one is replaced.
 *
 * @throws {Refusal} `proof-rejected`
 */
export function demandKnownLog({ origin, keys }: Pick<Ledger, "origin" | "keys">, memory: Memory = localStorage): void {
  const known = recall(origin, memory);
  const shown = keys.map(({ vkey }) => vkey);
  if (known && !known.keys.some((key) => shown.includes(key)))
    throw new Refusal(
      "proof-rejected",
      `Cannot trust ledger "${origin}": its key is not the one that this browser saw before`,
    );
  keep(origin, { ...known, keys: [...new Set([...(known?.keys ?? []), ...shown])] }, memory);
}

/** The head that this browser verified last; what it sees now must begin with it. */
export function knownHead(origin: string, memory: Memory = localStorage): KnownHead | undefined {
  return recall(origin, memory)?.head;
}

/** Remembers a head that was verified. */
export function keepHead(origin: string, head: KnownHead, memory: Memory = localStorage): void {
  keep(origin, { keys: [], ...recall(origin, memory), head }, memory);
}

/** The keys that may have signed a head of that size. */
export function keysFor({ keys }: Pick<Ledger, "keys">, size: number): string[] {
  return keys.filter(({ from, until }) => from <= size && (until === null || size < until)).map(({ vkey }) => vkey);
}

function recall(origin: string, memory: Memory): KnownLog | undefined {
  const kept = memory.getItem(prefix + origin);
  return kept === null ? undefined : (JSON.parse(kept) as KnownLog);
}

function keep(origin: string, known: KnownLog, memory: Memory): void {
  memory.setItem(prefix + origin, JSON.stringify(known));
}
