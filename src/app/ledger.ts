import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { decodeUtf8, encodeUtf8, toBase64 } from "#core/basics/bytes.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { millisecondsOf, type Instant } from "#core/basics/time.ts";
import { openCheckpoint, signCheckpoint } from "#core/ledger/checkpoint.ts";
import { openConsistency } from "#core/ledger/consistency.ts";
import { formatBundle } from "#core/ledger/entry-bundle.ts";
import { checkpointPath, exportFiles } from "#core/ledger/export.ts";
import { parseVerifierKey, type Signer } from "#core/ledger/note.ts";
import { formatProofFile } from "#core/ledger/proof-file.ts";
import { parseLogPath, tilesForConsistency, tilesForInclusion, tileWidth } from "#core/ledger/tile.ts";
import { consistencyProof, inclusionProof, leafHash, sameHead, type Hash, type TreeHead } from "#core/ledger/tree.ts";
import type { Ref } from "#core/records/field.ts";
import { auditLedger, type LedgerVerification } from "#storage/ledger-audit.ts";
import {
  enterTree,
  findCheckpoint,
  findSeq,
  growTree,
  listKeys,
  readEntries,
  readHashes,
  readHead,
  readTiles,
  readTree,
  readTreeOf,
  saveCheckpoint,
  type KeptCheckpoint,
  type KeptKey,
} from "#storage/ledger-store.ts";
import type { OrganizationId, Reader } from "#storage/reader.ts";
import { platformPrimitives, sha256 } from "#storage/sha256.ts";
import { systemId } from "#storage/writer.ts";
import { announceKey, apart, change, clockOf, listOrganizations, read } from "./change.ts";
import type { Seat, World } from "./world.ts";

export type { LedgerProblem, LedgerVerification } from "#storage/ledger-audit.ts";
export type { KeptCheckpoint, KeptKey } from "#storage/ledger-store.ts";

/** In which organisation; whoever may read it at all may read its ledger, which holds no content. */
export type LedgerSeat = Pick<Seat, "organization">;

/** The ledger as it stands: entries kept, entries in the tree, and its newest signed head. */
export type LedgerState = {
  origin: string;
  size: number;
  lastAt: Instant;
  tree: TreeHead;
  checkpoint?: KeptCheckpoint;
  keys: readonly KeptKey[];
};

/** A proof as a text file that needs nothing but the key to be verified. */
export type ProofOffer = { file: string; vkey: string; seq: number; checkpoint: KeptCheckpoint };

/** Without new entries a head is signed anew each day, so that nobody mistakes an old one for the newest. */
const freshForMs = 24 * 60 * 60_000;

/** The organisation's ledger as it stands now. */
export function readLedger(world: World, seat: LedgerSeat): Promise<LedgerState> {
  return read(world, seat, async (reader) => {
    const { size, lastAt } = await readHead(reader);
    const keys = await listKeys(reader);
    const checkpoint = await findCheckpoint(reader);
    return {
      origin: originAmong(keys),
      size,
      lastAt,
      tree: await readTree(reader),
      keys,
      ...(checkpoint ? { checkpoint } : {}),
    };
  });
}

/** Puts entries that are not in the tree yet into it. Returns the tree's head. */
export async function integrate(world: World, { organization }: LedgerSeat): Promise<TreeHead> {
  for (;;) {
    const { tree, isWhole } = await inTree(world, organization, growTree);
    if (isWhole) return tree;
  }
}

/**
 * Integrates and signs the head, unless the newest checkpoint says the same already. A head is signed
 * only after it was proved to extend the one that was signed before.
 */
export async function publishCheckpoint(world: World, seat: LedgerSeat): Promise<KeptCheckpoint> {
  await demandSigner(world, seat.organization);
  await integrate(world, seat);
  return inTree(world, seat.organization, async (reader) => {
    const keys = await listKeys(reader);
    const tree = await readTree(reader);
    const newest = await findCheckpoint(reader);
    const now = await clockOf(world, reader);
    if (newest) {
      await demandExtension(reader, newest, { tree, keys });
      if (newest.size === tree.size && millisecondsOf(now) - millisecondsOf(newest.publishedAt) < freshForMs)
        return newest;
    }
    const note = await signCheckpoint({ origin: originAmong(keys), ...tree }, [activeSigner(world, keys)]);
    const published: KeptCheckpoint = { ...tree, note, publishedAt: now };
    await saveCheckpoint(reader, published);
    return published;
  });
}

/** Publishes for every organisation that has new entries, or whose head is a day old. */
export async function publishDue(world: World): Promise<void> {
  for (const { id } of await listOrganizations(world)) await publishCheckpoint(world, { organization: id });
}

/** Publishes again and again until it is stopped. A fault stops it and is told. */
export function startPublishing(
  world: World,
  { everyMs = 60_000, onFault }: { everyMs?: number; onFault: (fault: unknown) => void },
): { stop(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  let isBusy = false;
  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    running = publishDue(world).then(
      () => void (isBusy = false),
      (fault: unknown) => {
        clearInterval(timer);
        onFault(fault);
      },
    );
  }, everyMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

/**
 * The proof that the record's version (the newest unless said) stands in the ledger, as a
 * c2sp.org/tlog-proof file that carries the entry.
 *
 * @throws {Refusal} `not-found`
 */
export function proveRecord(
  world: World,
  seat: LedgerSeat,
  { ref, rev }: { ref: Ref; rev?: number },
): Promise<ProofOffer> {
  const which = rev === undefined ? ref : `version ${rev} of ${ref}`;
  return prove(world, seat, async (reader) => {
    const seq = await findSeq(reader, ref, rev);
    if (seq === undefined) throw new Refusal("not-found", `Cannot prove ${which}: there is none`);
    return seq;
  });
}

/** The same for any entry. @throws {Refusal} `not-found` */
export function proveEntry(world: World, seat: LedgerSeat, seq: number): Promise<ProofOffer> {
  return prove(world, seat, async (reader) => {
    const { size } = await readHead(reader);
    if (!Number.isSafeInteger(seq) || seq < 0 || seq >= size)
      throw new Refusal("not-found", `Cannot prove entry ${seq}: the ledger has ${size}`);
    return seq;
  });
}

async function prove(world: World, seat: LedgerSeat, find: (reader: Reader) => Promise<number>): Promise<ProofOffer> {
  const tried = () =>
    read(world, seat, async (reader) => {
      const seq = await find(reader);
      const checkpoint = await findCheckpoint(reader);
      return checkpoint && checkpoint.size > seq ? await proofUnder(reader, checkpoint, seq) : undefined;
    });
  const proof = await tried();
  if (proof) return proof;
  // The entry is newer than the newest signed head.
  await publishCheckpoint(world, seat);
  const second = await tried();
  if (!second) throw new Error("A checkpoint that was just published covers every entry made before it");
  return second;
}

async function proofUnder(reader: Reader, checkpoint: KeptCheckpoint, seq: number): Promise<ProofOffer> {
  const { size, note } = checkpoint;
  const hashes = inclusionProof(await readHashes(reader, size, tilesForInclusion(seq, size)), seq, size, sha256);
  const [entry] = await readEntries(reader, seq, 1);
  if (!entry) throw new Error(`Entry ${seq} lies within the ledger and is not there`);
  const file = formatProofFile({ extra: entry, index: seq, hashes, checkpoint: note });
  return { file, vkey: signingKey(await listKeys(reader), size), seq, checkpoint };
}

/** The two trees, and the hashes that show that the larger extends the smaller. @throws {Refusal} `malformed`, `not-found` */
export function proveConsistency(
  world: World,
  seat: LedgerSeat,
  from: number,
  to: number,
): Promise<{ from: TreeHead; to: TreeHead; hashes: readonly Hash[] }> {
  return read(world, seat, async (reader) => {
    const tree = await readTree(reader);
    if (to > tree.size) throw new Refusal("not-found", `Cannot prove ${to} entries: the tree has ${tree.size}`);
    const readHash = await readHashes(reader, to, tilesForConsistency(from, to));
    return {
      from: await readTreeOf(reader, from),
      to: await readTreeOf(reader, to),
      hashes: consistencyProof(readHash, from, to, sha256),
    };
  });
}

/** A page of entries as text, from `from` on. */
export function listEntries(
  world: World,
  seat: LedgerSeat,
  from: number,
  limit: number,
): Promise<{ seq: number; entry: string; leafHash: string }[]> {
  return read(world, seat, async (reader) =>
    (await readEntries(reader, from, limit)).map((entry, at) => ({
      seq: from + at,
      entry: decodeUtf8(entry),
      leafHash: toBase64(leafHash(entry, sha256)),
    })),
  );
}

/**
 * A file of the log by its path in the layout of c2sp.org/tlog-tiles: `checkpoint`, `log.vkey`, a tile
 * or a bundle of entries.
 *
 * @throws {Refusal} `malformed` for a path that names none, `not-found` beyond the newest checkpoint
 */
export async function readLogFile(world: World, seat: LedgerSeat, path: string): Promise<Uint8Array> {
  if (path === checkpointPath) return encodeUtf8((await publishCheckpoint(world, seat)).note);
  return read(world, seat, async (reader) => {
    if (path === keyPath) return encodeUtf8(`${signingKey(await listKeys(reader), (await readHead(reader)).size)}\n`);
    const file = parseLogPath(path);
    if (file.kind === "tile") return (await readTiles(reader, [file]))(file);
    const { size } = await readTree(reader);
    const start = file.index * tileWidth;
    if (start + file.width > size)
      throw new Refusal("not-found", `Cannot read "${path}": the ledger does not reach that far`);
    return formatBundle(await readEntries(reader, start, file.width));
  });
}

/** In an export, the key that signed its checkpoint; and all keys with the sizes they signed for. */
const keyPath = "log.vkey";
const keysPath = "log.vkeys";

/**
 * Writes the log into the folder, which must be empty or not there yet: `checkpoint`, `log.vkey`,
 * tiles and bundles of entries.
 *
 * @throws {Refusal} `conflict` when the folder holds something
 */
export async function exportLedger(world: World, seat: LedgerSeat, folder: string): Promise<KeptCheckpoint> {
  if (existsSync(folder) && (await readdir(folder)).length > 0)
    throw new Refusal("conflict", `Cannot export ledger to "${folder}": the folder is not empty`);
  const checkpoint = await publishCheckpoint(world, seat);
  const files = exportFiles(entriesUpTo(world, seat, checkpoint.size), sha256);
  for (;;) {
    const next = await files.next();
    if (next.done) {
      if (!sameHead(next.value, checkpoint))
        throw new Refusal(
          "proof-rejected",
          "Cannot export ledger: its entries come down to another root than its checkpoint",
        );
      break;
    }
    await save(join(folder, next.value.path), next.value.bytes);
  }
  const keys = await read(world, seat, listKeys);
  await save(join(folder, keyPath), encodeUtf8(`${signingKey(keys, checkpoint.size)}\n`));
  await save(
    join(folder, keysPath),
    encodeUtf8(keys.map(({ vkey, from, until }) => `${vkey} ${from} ${until ?? "-"}\n`).join("")),
  );
  await save(join(folder, checkpointPath), encodeUtf8(checkpoint.note));
  return checkpoint;
}

/** Hashes everything again and compares tiles, roots, checkpoints, chains, versions and records. Problems are the answer. */
export function verifyLive(
  world: World,
  seat: LedgerSeat,
  onProgress?: (done: number, all: number) => void,
): Promise<LedgerVerification> {
  return read(world, seat, (reader) => auditLedger(reader, onProgress));
}

async function* entriesUpTo(world: World, seat: LedgerSeat, size: number): AsyncGenerator<Uint8Array> {
  const atOnce = 4_096;
  for (let from = 0; from < size; from += atOnce)
    yield* await read(world, seat, (reader) => readEntries(reader, from, Math.min(atOnce, size - from)));
}

async function save(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}

/** Tiles and checkpoints follow from entries: they are written in transactions of their own, and make none. */
async function inTree<T>(world: World, organization: OrganizationId, work: (reader: Reader) => Promise<T>): Promise<T> {
  const result = await apart(() =>
    world.database.db.transaction().execute(async (db) => work(await enterTree(db, organization))),
  );
  await world.database.settle();
  return result;
}

/** A ledger that came without its private keys goes on with a new one, which its next entry announces. */
async function demandSigner(world: World, organization: OrganizationId): Promise<void> {
  const keys = await read(world, { organization }, listKeys);
  if (findActiveSigner(world, keys)) return;
  const seat: Seat = {
    organization,
    actor: { kind: "system", id: systemId, assignments: [], administrator: true },
    auth: "internal",
  };
  await change(world, seat, (writer) => announceKey(world, writer));
}

function activeSigner(world: World, keys: readonly KeptKey[]): Signer {
  const signer = findActiveSigner(world, keys);
  if (!signer) throw new Error("The ledger's key went away while it was in use");
  return signer;
}

function findActiveSigner(world: World, keys: readonly KeptKey[]): Signer | undefined {
  const active = keys.findLast((key) => key.until === undefined);
  return active && world.keys.findSigner(active.vkey);
}

/** c2sp.org/tlog-checkpoint: a log must not sign a head that does not extend every one it signed. */
async function demandExtension(
  reader: Reader,
  newest: KeptCheckpoint,
  { tree, keys }: { tree: TreeHead; keys: readonly KeptKey[] },
): Promise<void> {
  const vkeys = keys.map((key) => key.vkey);
  const signed = openCheckpoint(newest.note, vkeys, originAmong(keys), platformPrimitives);
  const readHash = await readHashes(reader, tree.size, tilesForConsistency(signed.size, tree.size));
  openConsistency(
    {
      first: signed,
      second: await readTreeOf(reader, tree.size),
      hashes: consistencyProof(readHash, signed.size, tree.size, sha256),
    },
    sha256,
  );
}

function originAmong(keys: readonly KeptKey[]): string {
  const newest = keys.at(-1);
  if (!newest) throw new Error("Every ledger announces a key at its birth");
  return parseVerifierKey(newest.vkey).name;
}

/** The key that signs checkpoints of that size: the newest of those that are valid for it. */
function signingKey(keys: readonly KeptKey[], size: number): string {
  const key = keys.findLast(({ from, until }) => from < size && (until === undefined || size <= until));
  if (!key) throw new Error(`No key of the ledger is valid for ${size} entries`);
  return key.vkey;
}
