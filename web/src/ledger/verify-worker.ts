import { encodeUtf8, fromBase64, toBase64 } from "#core/basics/bytes.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { openConsistency } from "#core/ledger/consistency.ts";
import { checkpointPath } from "#core/ledger/export.ts";
import type { TreeHead } from "#core/ledger/tree.ts";
import { verifyExport } from "#core/ledger/verify-export.ts";
import { call } from "#contract/call.ts";
import { readCheckpoint, readConsistency, readTile } from "#contract/ledger.ts";
import type { KnownHead } from "./known-log.ts";
import type { FromWorker, ToWorker } from "./verify-talk.ts";

const tilePrefix = "tile/";
const entriesBetweenWords = 256;

/** Reads the whole log from the server and verifies it, off the page's own thread. */
async function verify({ origin, keys, size, known }: ToWorker): Promise<void> {
  const days = new Map<string, number>();
  let bytes = 0;
  const verified = await verifyExport(
    async (path) => {
      if (path === checkpointPath) return encodeUtf8(await call("", readCheckpoint, {}));
      const file = await call("", readTile, { path: path.slice(tilePrefix.length) });
      bytes += file.length;
      return file;
    },
    { verifierKeys: keys, origin },
    {
      onEntry: ({ ts }, index) => {
        const day = ts.slice(0, 10);
        days.set(day, (days.get(day) ?? 0) + 1);
        if (index % entriesBetweenWords === 0) tell({ kind: "progress", done: index, of: size });
      },
    },
  );
  if (known) await demandExtension(known, verified);
  tell({
    kind: "verified",
    entries: verified.entries,
    records: verified.records,
    head: { size: verified.size, root: toBase64(verified.root) },
    extends: known?.size,
    bytes,
    days: [...days],
  });
}

/** A log that was shortened or rewritten since the last visit is no extension of what was seen then. */
async function demandExtension(known: KnownHead, head: TreeHead): Promise<void> {
  if (known.size > head.size)
    throw new Refusal(
      "proof-rejected",
      `Cannot trust head of ${head.size} entries: this browser has seen ${known.size} before`,
    );
  const hashes =
    known.size === head.size ? [] : (await call("", readConsistency, { from: known.size, to: head.size })).hashes;
  const first = { size: known.size, root: fromBase64(known.root) };
  openConsistency({ first, second: head, hashes: hashes.map(fromBase64) });
}

function tell(message: FromWorker): void {
  postMessage(message);
}

addEventListener("message", (event: MessageEvent<ToWorker>) => {
  verify(event.data).then(undefined, (error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    tell({ kind: "rejected", why, isRefusal: error instanceof Refusal });
  });
});
