import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";

/** SHA-256. Whoever has a faster one than the default (the server has) passes it in. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** The SHA-256 that runs everywhere, a browser included. */
export const sha256: Sha256 = (bytes) => nobleSha256(bytes);
