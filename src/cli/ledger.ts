import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { existsSync, renameSync, rmdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { exportLedger } from "#app/ledger.ts";
import { findRecord } from "#contract/record.ts";
import { publishCheckpoint, readLedger, readProof, readTile, verifyLedger } from "#contract/ledger.ts";
import { encodeUtf8, fromBase64 } from "#core/basics/bytes.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { parseBundle } from "#core/ledger/entry-bundle.ts";
import { checkpointPath, exportFiles } from "#core/ledger/export.ts";
import { bundlePath, bundlesOfSize } from "#core/ledger/tile.ts";
import { sameHead } from "#core/ledger/tree.ts";
import { atDesk, type Desk } from "./desk.ts";
import type { Place } from "./place.ts";
import { primitives } from "./primitives.ts";
import { print, printJson, say, startProgress } from "./print.ts";
import { demandRef } from "./records.ts";
import { demandRoom } from "./transfer.ts";

/** Writes the log into a new folder, whole or not at all. @throws {Refusal} `conflict`, `proof-rejected` */
export async function exportTo(place: Place, folder: string): Promise<void> {
  const target = resolve(folder);
  demandRoom(target, folder);
  const draft = await mkdtemp(join(dirname(target), ".aims-ledger-"));
  try {
    const { size, vkey } = await atDesk(place, async (desk) => {
      const { size } =
        desk.at === "folder" ? await exportLedger(desk.world, desk.seat, draft) : await fetchLog(desk, draft);
      const { keys } = await desk.ask(readLedger, {});
      return {
        size,
        vkey: keys.findLast(({ from, until }) => from < size && (until === null || size <= until))?.vkey ?? "",
      };
    });
    if (existsSync(target)) rmdirSync(target);
    renameSync(draft, target);
    if (place.json) return printJson({ folder, entries: size, vkey });
    print(`Exported ${size} entries to ${folder}`);
    say(`Whoever verifies them has to know the log's key from elsewhere: ${vkey}`);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** The log by the way that anybody may go: its checkpoint, its bundles, and the tiles that they come down to. */
async function fetchLog(desk: Desk, folder: string): Promise<{ size: number }> {
  const { size, root, note } = await desk.ask(publishCheckpoint, {});
  const { keys } = await desk.ask(readLedger, {});
  const entries = async function* () {
    for (const bundle of bundlesOfSize(size))
      yield* parseBundle(await desk.ask(readTile, { path: bundlePath(bundle).slice("tile/".length) }), bundle.width);
  };
  const files = exportFiles(entries(), primitives.sha256);
  let next = await files.next();
  for (; !next.done; next = await files.next()) await save(join(folder, next.value.path), next.value.bytes);
  if (!sameHead(next.value, { size, root: fromBase64(root) }))
    throw new Refusal(
      "proof-rejected",
      "Cannot export ledger: its entries come down to another root than its checkpoint",
    );
  const signedBy = keys.findLast(({ from, until }) => from < size && (until === null || size <= until));
  await save(join(folder, "log.vkey"), encodeUtf8(`${signedBy?.vkey ?? ""}\n`));
  await save(
    join(folder, "log.vkeys"),
    encodeUtf8(keys.map(({ vkey, from, until }) => `${vkey} ${from} ${until ?? "-"}\n`).join("")),
  );
  await save(join(folder, checkpointPath), encodeUtf8(note));
  return { size };
}

async function save(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}

/** Hashes everything in the database again. Failing when anything is not what the ledger says. */
export async function verifyLive(place: Place, folder: string | undefined): Promise<"failing" | void> {
  if (folder !== undefined)
    throw new Refusal("malformed", `Cannot verify "${folder}" live: --live is for the ledger in the database`);
  const progress = startProgress();
  const result = await atDesk(place, async (desk) => {
    for await (const line of desk.lines(verifyLedger, {})) {
      if ("failed" in line) throw new Refusal("unavailable", `Cannot verify ledger: ${line.failed}`);
      if ("result" in line) return line.result;
      progress.at("Verifying", line.done, line.of);
    }
    throw new Refusal("unavailable", "Cannot verify ledger: the answer broke off");
  });
  progress.end();
  if (place.json) printJson({ intact: result.problems.length === 0, ...result });
  else {
    print(
      `${result.entries} entries, ${result.records} records, ${result.checkpoints} checkpoints, ${result.erased} erased versions; root ${result.root}`,
    );
    print(
      result.problems.length === 0
        ? "The history is intact"
        : `The history is not intact: ${result.problems.length} problems`,
    );
    for (const { ref, message } of result.problems) print(`  ${ref === undefined ? "" : `${ref}: `}${message}`);
  }
  return result.problems.length === 0 ? undefined : "failing";
}

/** Prints the proof file of a record's version. @throws {Refusal} `not-found` */
export async function prove(place: Place, ref: string, rev: number | undefined): Promise<void> {
  const { proof, vkey } = await atDesk(place, async (desk) => {
    const { record } = await desk.ask(findRecord, { ref: demandRef(ref) });
    const proof = await desk.ask(readProof, { kind: record.kind, ref, rev });
    const { keys } = await desk.ask(readLedger, {});
    return { proof, vkey: keys.at(-1)?.vkey ?? "" };
  });
  if (place.json) return printJson({ ref, proof, vkey });
  process.stdout.write(proof);
  say(`The log's key: ${vkey}`);
}
