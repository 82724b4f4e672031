import * as z from "zod";
import { endpoint } from "./endpoint.ts";
import { count, instant, kindName, ref } from "./value.ts";

const about = "Ledger";
const nothing = z.object({});
const hash = z.string().meta({ description: "SHA-256, base64" });
// Of any buffer: the answer of a server and of a database alike.
const bytes = z.instanceof(Uint8Array) as z.ZodType<Uint8Array>;
const published = z.object({ size: count, root: hash, note: z.string(), publishedAt: instant });

const ledger = z.object({
  origin: z.string().meta({ description: "The name of the log" }),
  size: count.meta({ description: "Entries kept" }),
  tree: z.object({ size: count, root: hash }).meta({ description: "Entries in the tree, and its root" }),
  checkpoint: published.nullable().meta({ description: "The newest signed head" }),
  lastAt: instant.meta({ description: "When the newest entry was made" }),
  keys: z.array(z.object({ vkey: z.string(), from: count, until: count.nullable() })).meta({
    description:
      "Verifier keys, as c2sp.org/signed-note writes them, and the sizes of the log that each signed: from `from`, before `until`",
  }),
});
export type Ledger = z.infer<typeof ledger>;

export const readLedger = endpoint({
  name: "readLedger",
  method: "GET",
  path: "/api/ledger",
  summary: "Read the ledger as it stands",
  about,
  who: "member",
  input: nothing,
  output: ledger,
});

export const listEntries = endpoint({
  name: "listEntries",
  method: "GET",
  path: "/api/ledger/entries",
  summary: "List entries of the ledger",
  description: "From `from` on; without it, the newest.",
  about,
  who: "member",
  input: z.object({ from: count.optional(), limit: z.int().min(1).max(500).optional() }),
  output: z.object({
    size: count,
    entries: z.array(
      z.object({
        seq: count,
        entry: z.string().meta({ description: "The text that is hashed" }),
        leafHash: z.string(),
      }),
    ),
  }),
});

export const readCheckpoint = endpoint({
  name: "readCheckpoint",
  method: "GET",
  path: "/api/ledger/checkpoint",
  summary: "Read the newest signed head of the log",
  description:
    "c2sp.org/tlog-checkpoint. Together with the tiles, `/api/ledger` is the prefix of a log after c2sp.org/tlog-tiles.",
  about,
  who: "member",
  input: nothing,
  output: z.string(),
  answer: "text",
});

export const publishCheckpoint = endpoint({
  name: "publishCheckpoint",
  method: "POST",
  path: "/api/ledger/checkpoint",
  summary: "Sign the head of the log as it is now",
  about,
  who: "member",
  input: nothing,
  output: published,
});

export const readTile = endpoint({
  name: "readTile",
  method: "GET",
  path: "/api/ledger/tile/{path}",
  summary: "Read a tile of hashes, or a bundle of entries",
  description: "Such as tile/0/x001/067, tile/1/000.p/17 or tile/entries/000. c2sp.org/tlog-tiles.",
  about,
  who: "member",
  rest: "path",
  input: z.object({ path: z.string().max(100) }),
  output: bytes,
  answer: "bytes",
});

export const readProof = endpoint({
  name: "readProof",
  method: "GET",
  path: "/api/ledger/proof/{kind}/{ref}",
  summary: "Prove that a version of a record stands in the log",
  description: "c2sp.org/tlog-proof, with the entry in it. The newest version unless `rev` is given.",
  about,
  who: "member",
  input: z.object({ kind: kindName, ref, rev: z.int().min(1).optional() }),
  output: z.string(),
  answer: "text",
});

export const readConsistency = endpoint({
  name: "readConsistency",
  method: "GET",
  path: "/api/ledger/consistency",
  summary: "Prove that a later tree begins with an earlier one",
  description: "RFC 9162, section 2.1.4.",
  about,
  who: "member",
  input: z.object({ from: z.int().min(1), to: z.int().min(1) }),
  output: z.object({
    from: z.object({ size: count, root: hash }),
    to: z.object({ size: count, root: hash }),
    hashes: z.array(hash),
  }),
});

export const readOpenings = endpoint({
  name: "readOpenings",
  method: "GET",
  path: "/api/ledger/openings/{kind}/{ref}",
  summary: "Read salt and payload of the versions that the asker may see whole",
  description: "SHA-256 over salt and payload is the commitment in the version's entry.",
  about,
  who: "member",
  input: z.object({ kind: kindName, ref }),
  output: z.object({
    openings: z.array(
      z.object({ rev: count, seq: count, salt: z.string().meta({ description: "base64" }), payload: z.string() }),
    ),
  }),
});

const verified = z.object({
  entries: count,
  records: count,
  checkpoints: count,
  erased: count,
  root: z.string(),
  problems: z.array(z.object({ message: z.string(), ref: z.string().optional(), seq: count.optional() })),
});

export const verifyLedger = endpoint({
  name: "verifyLedger",
  method: "POST",
  path: "/api/ledger/verify",
  summary: "Hash everything again and compare",
  description: "Lines tell how far it has come; the last one what was found.",
  about,
  who: "member",
  input: nothing,
  answer: "lines",
  output: z.union([
    z.object({ done: count, of: count }),
    z.object({ result: verified }),
    z.object({ failed: z.string() }),
  ]),
});
