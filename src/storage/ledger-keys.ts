import type { Signer } from "#core/ledger/note.ts";

/** Where the ledgers' private keys are kept: never in the database, whose role must not be able to sign. */
export type LedgerKeys = {
  readonly folder: string;
  /** The signer of that name with that public key, if its private key is here. */
  findSigner(vkey: string): Promise<Signer | undefined>;
  /** Makes a key of that name. Returns its verifier key. */
  create(name: string): Promise<string>;
};
