import { createPrivateKey, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toHex } from "#core/basics/bytes.ts";
import { formatVerifierKey, parseVerifierKey, type Signer } from "#core/ledger/note.ts";

/**
 * Where the ledgers' private keys are kept: never in the database, whose role must not be able to
 * sign. One file a key, readable by its owner alone.
 */
export type LedgerKeys = {
  readonly folder: string;
  /** The signer for the verifier key, if its private half is here. */
  findSigner(vkey: string): Signer | undefined;
  /** Makes a key of that name. Returns its verifier key. */
  create(name: string): string;
  /** Every private key as PEM text, by file name: for a backup that is to hold them. */
  all(): { name: string; text: string }[];
};

/** The keys in the folder, which is made when the first key is. */
export function keysIn(folder: string): LedgerKeys {
  const pathOf = (vkey: string) => {
    const { name, id } = parseVerifierKey(vkey);
    return join(folder, `${name.replaceAll(/[^A-Za-z0-9.-]/g, "_")}-${toHex(id)}.pem`);
  };
  return {
    folder,
    findSigner(vkey) {
      const path = pathOf(vkey);
      if (!existsSync(path)) return undefined;
      return signerOf(vkey, createPrivateKey(readFileSync(path)));
    },
    create(name) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const { privateKey, publicKey } = generateKeyPairSync("ed25519");
      const vkey = formatVerifierKey(name, rawPublicKey(publicKey));
      writeFileSync(pathOf(vkey), privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600, flag: "wx" });
      return vkey;
    },
    all() {
      if (!existsSync(folder)) return [];
      return readdirSync(folder)
        .filter((name) => name.endsWith(".pem"))
        .sort()
        .map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));
    },
  };
}

function signerOf(vkey: string, key: KeyObject): Signer {
  const { name, publicKey } = parseVerifierKey(vkey);
  return { name, publicKey, sign: (message) => sign(null, message, key) };
}

function rawPublicKey(key: KeyObject): Uint8Array {
  const { x } = key.export({ format: "jwk" });
  if (x === undefined) throw new Error("An Ed25519 key has an x");
  return new Uint8Array(Buffer.from(x, "base64url"));
}
