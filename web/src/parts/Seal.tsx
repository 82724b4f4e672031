import { useQuery } from "@tanstack/react-query";
import type { RecordView } from "#contract/record.ts";
import { download } from "../ledger/download.ts";
import { minuteOf } from "../words.ts";

/** Says whether this browser has itself verified that the version on screen stands in the ledger. */
export function Seal({ kind, view }: { kind: string; view: RecordView }) {
  const { ref, rev } = view.record;
  const { data, error, isPending } = useQuery({
    queryKey: ["seal", kind, ref, rev],
    // The cryptography is loaded by whoever looks at a record, not by the first page.
    queryFn: async () => (await import("../ledger/seal.ts")).openSeal({ kind, ref, rev }),
    staleTime: Infinity,
    retry: false,
  });
  if (isPending) {
    return (
      <div className="seal" role="status">
        Verifying entry {view.seq.toLocaleString("en")} in this browser
      </div>
    );
  }
  if (error) {
    return (
      <div className="seal" data-tone="bad" role="alert">
        ✕ Not verified: {error.message}
      </div>
    );
  }
  return (
    <details className="seal" data-tone="good">
      <summary>
        ✓ Entry {data.index.toLocaleString("en")}, verified in this browser under checkpoint{" "}
        {data.size.toLocaleString("en")}
      </summary>
      <div className="stack block-note">
        <p>
          The head of the log is signed by <span className="mono">{data.origin}</span>, {data.path.hashes.length} hashes
          lead from this entry to its root, and{" "}
          {data.content === "as-committed"
            ? "the content is the one that the entry committed to."
            : "the content is not shown to you whole, so its commitment was not opened."}
        </p>
        <p>
          Recorded {minuteOf(data.entry.ts)}, deed {data.entry.deed}, version {data.entry.rev}.
        </p>
        <ol className="mono" aria-label="From the entry to the root">
          <li>entry {data.path.leaf}</li>
          {data.path.hashes.map((hash) => (
            <li key={hash}>with {hash}</li>
          ))}
          <li>root {data.path.root}</li>
        </ol>
        <p>
          <button
            type="button"
            className="button"
            onClick={() => download(`${ref.replaceAll("/", "-")}-v${rev}.tlog-proof`, data.proof)}
          >
            Download the proof
          </button>
        </p>
        <p>
          It verifies without this server: <code>aims ledger open FILE --vkey KEY</code>
        </p>
      </div>
    </details>
  );
}
