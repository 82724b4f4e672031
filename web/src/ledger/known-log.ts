import { Refusal } from "#core/basics/refusal.ts";
import type { Ledger } from "#contract/ledger.ts";

const prefix = "aims-log-";

type KnownLog = { keys: readonly string[] };

/**
 * Holds the log's keys against those that this browser saw on its first visit: a server that changes
 * its key says so here, not silently. Keys may be added, as when one is replaced.
 *
 * @throws {Refusal} `proof-rejected`
 */
export function demandKnownLog(
  ledger: Pick<Ledger, "origin" | "keys">,
  storage: Pick<Storage, "getItem" | "setItem"> = localStorage,
): void {
  const { origin } = ledger;
  const keys = ledger.keys.map(({ vkey }) => vkey);
  const kept = storage.getItem(prefix + origin);
  const known: KnownLog | undefined = kept === null ? undefined : (JSON.parse(kept) as KnownLog);
  if (known && !known.keys.some((key) => keys.includes(key)))
    throw new Refusal(
      "proof-rejected",
      `Cannot trust ledger "${origin}": its key is not the one that this browser saw before`,
    );
  if (!known || keys.some((key) => !known.keys.includes(key)))
    storage.setItem(prefix + origin, JSON.stringify({ keys: [...new Set([...(known?.keys ?? []), ...keys])] }));
}

/** The keys that may have signed a head of that size. */
export function keysFor({ keys }: Pick<Ledger, "keys">, size: number): string[] {
  return keys.filter(({ from, until }) => from <= size && (until === null || size < until)).map(({ vkey }) => vkey);
}
