import { concatBytes, sameBytes } from "#core/basics/bytes.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { sha256 as defaultSha256, type Sha256 } from "#core/basics/sha256.ts";
import type { Hash } from "./tree.ts";

export const saltBytes = 32;

/**
 * What stands in the ledger for a payload: SHA-256 over a random salt and the payload's bytes. Whoever
 * has both can show that they belong to the entry. Once both are erased, nobody can guess the payload
 * from it, and every proof still holds.
 */
export function commitTo(salt: Uint8Array, payload: Uint8Array, sha256: Sha256 = defaultSha256): Hash {
  if (salt.length !== saltBytes) throw new Error(`A salt has ${saltBytes} bytes, not ${salt.length}`);
  return sha256(concatBytes(salt, payload));
}

/** Returns the payload, now known to be the one committed to. @throws {Refusal} `proof-rejected` */
export function openCommitment(
  salt: Uint8Array,
  payload: Uint8Array,
  { commitment, bytes }: { commitment: Hash; bytes: number },
  sha256: Sha256 = defaultSha256,
): Uint8Array {
  if (salt.length !== saltBytes || payload.length !== bytes || !sameBytes(commitTo(salt, payload, sha256), commitment))
    throw new Refusal("proof-rejected", "Cannot open payload: it is not the one that the ledger committed to");
  return payload;
}
