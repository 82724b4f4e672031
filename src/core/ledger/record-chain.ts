import { fromBase64, sameBytes } from "#core/basics/bytes.ts";
import { Refusal } from "#core/basics/refusal.ts";
import type { Entry } from "./entry.ts";
import { hashBytes, type Hash } from "./tree.ts";

/**
 * The newest entry seen of each record: what the next one must follow. All leaf hashes lie in one array,
 * because a million small ones would weigh ten times as much.
 */
export type RecordChains = { places: Map<string, number>; revs: number[]; leaves: Uint8Array };

/** The chains before the first entry. */
export function noChains(): RecordChains {
  return { places: new Map(), revs: [], leaves: new Uint8Array(64 * hashBytes) };
}

/**
 * Adds the entry, whose leaf hash is given, to the chain of its record.
 *
 * @throws {Refusal} `proof-rejected` when a revision was left out, or the entry names another predecessor
 */
export function followRecord(chains: RecordChains, { rid, rev, prev }: Entry, leaf: Hash): void {
  const place = chains.places.get(rid) ?? chains.places.size;
  const newest = chains.revs[place] ?? 0;
  const rejected = (why: string) => new Refusal("proof-rejected", `Cannot follow record ${rid}: ${why}`);
  if (rev !== newest + 1) throw rejected(`revision ${newest + 1} should come, and it is ${rev}`);
  const start = place * hashBytes;
  // A first revision has no predecessor, or it would be no entry.
  if (newest > 0 && !(prev && sameBytes(fromBase64(prev), chains.leaves.subarray(start, start + hashBytes))))
    throw rejected(`revision ${rev} does not name the entry of revision ${newest} as its previous one`);
  if (start === chains.leaves.length) {
    const wider = new Uint8Array(2 * chains.leaves.length);
    wider.set(chains.leaves);
    chains.leaves = wider;
  }
  chains.places.set(rid, place);
  chains.revs[place] = rev;
  chains.leaves.set(leaf, start);
}
