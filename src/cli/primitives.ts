import { hash } from "node:crypto";
import { primitives as portable, type Primitives } from "#core/ledger/primitives.ts";

/** The primitives for proofs, SHA-256 by the platform: it is twice as fast as the portable one. */
export const primitives: Primitives = {
  ...portable,
  sha256: (bytes) => {
    const digest = hash("sha256", bytes, "buffer");
    return new Uint8Array(digest.buffer, digest.byteOffset, digest.length);
  },
};
