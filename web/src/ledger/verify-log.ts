import type { Ledger } from "#contract/ledger.ts";
import { demandKnownLog, keepHead, keysFor, knownHead } from "./known-log.ts";
import type { FromWorker, ToWorker } from "./verify-talk.ts";

/**
 * Verifies the whole log in a worker, against the key and the head that this browser knows already, and
 * remembers the head when all of it agrees. Returns what ends it.
 */
export function verifyLog(
  { origin, keys, size }: Pick<Ledger, "origin" | "keys" | "size">,
  tell: (word: FromWorker) => void,
): () => void {
  const reject = (error: unknown) =>
    tell({ kind: "rejected", why: error instanceof Error ? error.message : String(error), isRefusal: true });
  const worker = new Worker(new URL("./verify-worker.ts", import.meta.url), { type: "module" });
  worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => {
    if (data.kind === "verified") keepHead(origin, data.head);
    tell(data);
  });
  worker.addEventListener("error", ({ message }) =>
    tell({ kind: "rejected", why: message || "it could not start", isRefusal: false }),
  );
  const start = async () => {
    demandKnownLog({ origin, keys });
    worker.postMessage({
      origin,
      keys: keysFor({ keys }, size),
      size,
      known: knownHead(origin),
    } satisfies ToWorker);
  };
  start().then(undefined, reject);
  return () => worker.terminate();
}
