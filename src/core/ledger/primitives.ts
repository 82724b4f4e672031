import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256, type Sha256 } from "#core/basics/sha256.ts";

/** Whether the Ed25519 signature over the message was made by the key. RFC 8032. */
export type VerifyEd25519 = (signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array) => boolean;

/** The two functions on which every proof stands. */
export type Primitives = { sha256: Sha256; verify: VerifyEd25519 };

/** The primitives that run everywhere, a browser included. */
export const primitives: Primitives = { sha256, verify: verifyEd25519 };

function verifyEd25519(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  // A signature or key of the wrong length throws in the library; here it is simply one that does not verify.
  if (signature.length !== 64 || publicKey.length !== 32) return false;
  // RFC 8032 to the letter, as openssl and Go verify; the library's default is the laxer ZIP215.
  return ed25519.verify(signature, message, publicKey, { zip215: false });
}
