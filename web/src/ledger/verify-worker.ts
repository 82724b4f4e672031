import { call } from "#contract/call.ts";
import { readCheckpoint, readTile } from "#contract/ledger.ts";
import { verifyExport } from "#core/ledger/verify-export.ts";
import { checkpointPath } from "#core/ledger/export.ts";
import { encodeUtf8 } from "#core/basics/bytes.ts";
import { Refusal } from "#core/basics/refusal.ts";
import type { FromWorker, ToWorker } from "./verify-talk.ts";

const tilePrefix = "tile/";
const everyEntries = 256;

/** Reads the whole log from the server and verifies it, off the page's own thread. */
async function verify({ origin, keys, size }: ToWorker): Promise<void> {
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
        if (index % everyEntries === 0) tell({ kind: "progress", done: index, of: size });
      },
    },
  );
  tell({
    kind: "verified",
    entries: verified.entries,
    records: verified.records,
    size: verified.size,
    bytes,
    days: [...days],
  });
}

function tell(message: FromWorker): void {
  postMessage(message);
}

addEventListener("message", (event: MessageEvent<ToWorker>) => {
  verify(event.data).then(undefined, (error: unknown) => {
    tell({
      kind: "rejected",
      why: error instanceof Error ? error.message : String(error),
      isRefusal: error instanceof Refusal,
    });
  });
});
