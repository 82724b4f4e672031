import { useInfiniteQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { addressOf, call } from "#contract/call.ts";
import { listEntries, publishCheckpoint, readCheckpoint, readLedger, readTile, type Ledger } from "#contract/ledger.ts";
import { query, useCommand } from "../api.ts";
import { download } from "../ledger/download.ts";
import { keysFor } from "../ledger/known-log.ts";
import { verifyLog } from "../ledger/verify-log.ts";
import type { FromWorker } from "../ledger/verify-talk.ts";
import { Page } from "../parts/Page.tsx";
import { isObject } from "../search.ts";
import { announce } from "../shell/announce.tsx";
import { Note } from "../ui/Badge.tsx";
import { Table, type Column } from "../ui/Table.tsx";
import { countOf, inWords, minuteOf } from "../words.ts";
import { ScrollRegion } from "../ui/ScrollRegion.tsx";

const pageSize = 200;
// Entries come while one looks.
const lookAgainMs = 5000;

/** The ledger: what is in it, its signed head, and a verification that trusts nobody. */
export function LedgerPage() {
  const { data: ledger } = useSuspenseQuery({ ...query(readLedger, {}), refetchInterval: lookAgainMs });
  return (
    <Page
      title="Ledger"
      lead="Every change stands here as a commitment, written in the same transaction. Nothing can be taken out or put in between without the signed head saying so."
    >
      <div className="two">
        <div>
          <Entries size={ledger.size} />
        </div>
        <div>
          <Verification key={ledger.checkpoint?.size ?? 0} ledger={ledger} />
          <Head ledger={ledger} />
          <Downloads ledger={ledger} />
        </div>
      </div>
    </Page>
  );
}

type Line = {
  seq: number;
  leafHash: string;
  ts: string;
  type: string;
  deed: string;
  op: string;
  rev: number;
  by: string;
};

function Entries({ size }: { size: number }) {
  const list = useInfiniteQuery({
    queryKey: [listEntries.name, "pages", size],
    queryFn: ({ pageParam, signal }) =>
      call(
        "",
        listEntries,
        { from: Math.max(0, pageParam - pageSize), limit: Math.min(pageSize, pageParam) || 1 },
        { signal },
      ),
    initialPageParam: size,
    // Newest first: each page ends where the one before began.
    getNextPageParam: (_, __, end) => (end > pageSize ? end - pageSize : undefined),
    placeholderData: (before) => before,
  });
  const lines = list.data?.pages.flatMap(({ entries }) => entries.map(lineOf).toReversed()) ?? [];
  return (
    <section aria-labelledby="entries">
      <h2 id="entries" className="block-head">
        Entries <span>{countOf(size, "entry", "entries")}, newest first</span>
      </h2>
      {list.error && (
        <Note tone="bad" urgent>
          {list.error.message}
        </Note>
      )}
      {!list.isPending && (
        <Table
          label="Entries"
          columns={columns}
          rows={lines}
          keyOf={({ seq }) => String(seq)}
          empty="No entry yet. The first record makes the first one."
          onEnd={list.hasNextPage && !list.isFetchingNextPage ? () => void list.fetchNextPage() : undefined}
        />
      )}
      {list.hasNextPage && (
        <p className="block-note">
          <button
            type="button"
            className="button"
            disabled={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            Show more than {lines.length.toLocaleString("en")}
          </button>
        </p>
      )}
    </section>
  );
}

const columns: readonly Column<Line>[] = [
  {
    key: "seq",
    head: "Entry",
    align: "end",
    cell: ({ seq }) => <span className="no">{seq.toLocaleString("en")}</span>,
  },
  { key: "ts", head: "Recorded, UTC", cell: ({ ts }) => <time dateTime={ts}>{minuteOf(ts)}</time> },
  { key: "type", head: "Kind", cell: ({ type }) => inWords(type) },
  { key: "deed", head: "Deed", cell: ({ deed }) => inWords(deed) },
  { key: "rev", head: "Version", align: "end", cell: ({ rev }) => rev },
  { key: "by", head: "By a", cell: ({ by }) => inWords(by) },
  { key: "hash", head: "Leaf hash", cell: ({ leafHash }) => <span className="no">{leafHash.slice(0, 12)}…</span> },
];

// An entry is shown as it is kept. What it lacks is left empty: verifying is not this table's business.
function lineOf({ seq, entry, leafHash }: { seq: number; entry: string; leafHash: string }): Line {
  const held = JSON.parse(entry) as Record<string, unknown>;
  const word = (name: string) => (typeof held[name] === "string" ? held[name] : "");
  const actor = isObject(held["actor"]) ? held["actor"]["kind"] : undefined;
  return {
    seq,
    leafHash,
    ts: word("ts"),
    type: word("type"),
    deed: word("deed"),
    op: word("op"),
    rev: Number(held["rev"]),
    by: typeof actor === "string" ? actor : "",
  };
}

type Run =
  | { state: "idle" }
  | { state: "running"; done: number; of: number }
  | { state: "over"; told: Exclude<FromWorker, { kind: "progress" }>; ms: number };

// Larger logs are verified when somebody asks for it.
const mostByItself = 50_000;

function Verification({ ledger }: { ledger: Ledger }) {
  const size = ledger.checkpoint?.size ?? 0;
  const [asked, setAsked] = useState(size > 0 && size <= mostByItself ? 1 : 0);
  const [told, setTold] = useState<{ asked: number; run: Run }>();
  const run: Run =
    told?.asked === asked ? told.run : asked === 0 ? { state: "idle" } : { state: "running", done: 0, of: size };
  const { origin, keys } = ledger;
  // A worker is a thing of the outside world that has to be started and ended.
  useEffect(() => {
    if (asked === 0) return undefined;
    const since = performance.now();
    return verifyLog({ origin, keys, size }, (word) =>
      setTold({
        asked,
        run:
          word.kind === "progress"
            ? { state: "running", done: word.done, of: word.of }
            : { state: "over", told: word, ms: performance.now() - since },
      }),
    );
  }, [asked, origin, keys, size]);
  return (
    <section aria-labelledby="verification">
      <h2 id="verification" className="block-head">
        Verified in this browser <span>every entry, tile and signature</span>
      </h2>
      {size === 0 ? <p className="quiet">No head was signed yet.</p> : <Outcome run={run} />}
      {size > 0 && run.state !== "running" && (
        <p className="block-note">
          <button type="button" className="button" onClick={() => setAsked(asked + 1)}>
            {run.state === "idle" ? `Verify ${countOf(size, "entry", "entries")}` : "Verify again"}
          </button>
        </p>
      )}
    </section>
  );
}

function Outcome({ run }: { run: Run }) {
  if (run.state === "idle") return null;
  if (run.state === "running") {
    return (
      <div className="stack tight" role="status">
        <progress className="progress" aria-label="Verification" max={Math.max(1, run.of)} value={run.done} />
        <p className="quiet">
          {run.done.toLocaleString("en")} of {countOf(run.of, "entry", "entries")}
        </p>
      </div>
    );
  }
  const { told } = run;
  if (told.kind === "rejected") {
    return (
      <Note tone="bad" urgent>
        ✕ {told.isRefusal ? "The ledger does not agree with itself" : "The verification did not come to its end"}:{" "}
        {told.why}
      </Note>
    );
  }
  return (
    <>
      <Note tone="good">
        ✓ {countOf(told.entries, "entry", "entries")} about {countOf(told.records, "record")} hash into the signed root
        of checkpoint {told.head.size.toLocaleString("en")}
        {told.extends !== undefined &&
          `, which begins with the ${told.extends.toLocaleString("en")} that this browser saw before`}
        : {(told.bytes / 1_000_000).toFixed(1)} MB read and verified in {(run.ms / 1000).toFixed(1)} s.
      </Note>
      <Growth days={told.days} />
    </>
  );
}

const chart = { width: 360, height: 96, foot: 16 };

/** How the ledger grew, day by day. */
function Growth({ days }: { days: readonly [string, number][] }) {
  const inOrder = days.toSorted(([one], [other]) => one.localeCompare(other));
  const [first, last] = [inOrder[0]?.[0], inOrder.at(-1)?.[0]];
  if (first === undefined || last === undefined) return null;
  const total = inOrder.reduce((sum, [, count]) => sum + count, 0);
  const at = (day: string) => Date.parse(`${day}T00:00:00Z`);
  const span = Math.max(1, at(last) - at(first));
  const sums = inOrder.reduce<number[]>((all, [, count]) => [...all, (all.at(-1) ?? 0) + count], []);
  const points = inOrder.map(([day], index) => {
    const sum = sums[index] ?? 0;
    return {
      x: ((at(day) - at(first)) / span) * chart.width,
      y: (chart.height - chart.foot) * (1 - sum / total),
      sum,
      day,
    };
  });
  const base = chart.height - chart.foot;
  // Between two days nothing was added: the line steps.
  const line = points.map(({ x, y }, index) => (index === 0 ? `M0 ${base}V${y}` : `H${x}V${y}`)).join("");
  return (
    <figure className="growth-figure">
      <svg
        viewBox={`0 0 ${chart.width} ${chart.height}`}
        width="100%"
        role="img"
        aria-label={`From ${first} to ${last} the ledger grew to ${total} entries`}
        className="marks"
      >
        <path d={`${line}V${base}Z`} className="growth-area" />
        <path d={line} className="growth" />
        <line x1={0} x2={chart.width} y1={base} y2={base} className="axis" />
        <text x={0} y={chart.height - 3}>
          {first}
        </text>
        <text x={chart.width} y={chart.height - 3} textAnchor="end">
          {last}
        </text>
        <text x={2} y={11}>
          {total.toLocaleString("en")}
        </text>
      </svg>
      <details>
        <summary className="quiet">Growth as a table</summary>
        <ScrollRegion label="Growth by month" className="growth-table">
          <table className="table" aria-label="Growth by month">
            <thead>
              <tr>
                <th scope="col">Month</th>
                <th scope="col" className="end">
                  Entries
                </th>
                <th scope="col" className="end">
                  In all
                </th>
              </tr>
            </thead>
            <tbody>
              {[...Map.groupBy(points, ({ day }) => day.slice(0, 7))].map(([month, within]) => (
                <tr key={month}>
                  <td>{month}</td>
                  <td className="end">
                    {inOrder.filter(([day]) => day.startsWith(month)).reduce((all, [, count]) => all + count, 0)}
                  </td>
                  <td className="end">{within.at(-1)?.sum}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      </details>
    </figure>
  );
}

function Head({ ledger }: { ledger: Ledger }) {
  const publish = useCommand(publishCheckpoint);
  const { checkpoint } = ledger;
  return (
    <section className="block" aria-labelledby="head">
      <h2 id="head" className="block-head">
        Signed head {checkpoint && <span>{minuteOf(checkpoint.publishedAt)}</span>}
      </h2>
      <dl className="facts">
        <dt>Log</dt>
        <dd className="mono">{ledger.origin}</dd>
        <dt>Checkpoint</dt>
        <dd>{checkpoint ? countOf(checkpoint.size, "entry", "entries") : "none yet"}</dd>
        <dt>Since then</dt>
        <dd>{countOf(ledger.size - (checkpoint?.size ?? 0), "entry", "entries")}</dd>
        <dt>Root</dt>
        <dd className="mono">{checkpoint?.root ?? ledger.tree.root}</dd>
        {ledger.keys.map(({ vkey, from, until }) => [
          <dt key={`${vkey} title`}>Verifier key{until !== null && `, of sizes ${from} to ${until - 1}`}</dt>,
          <dd key={vkey} className="mono">
            {vkey}
          </dd>,
        ])}
      </dl>
      {ledger.size > (checkpoint?.size ?? 0) && (
        <p className="block-note">
          <button
            type="button"
            className="button"
            disabled={publish.isPending}
            onClick={() =>
              publish.mutate(
                {},
                { onSuccess: ({ size }) => announce(`The head of ${size.toLocaleString("en")} entries is signed`) },
              )
            }
          >
            Sign the head as it is now
          </button>
        </p>
      )}
      {publish.error && (
        <Note tone="bad" urgent>
          {publish.error.message}
        </Note>
      )}
    </section>
  );
}

function Downloads({ ledger }: { ledger: Ledger }) {
  if (!ledger.checkpoint) return null;
  const { note } = ledger.checkpoint;
  return (
    <section className="block" aria-labelledby="downloads">
      <h2 id="downloads" className="block-head">
        To take away
      </h2>
      <p className="row">
        <button type="button" className="button" onClick={() => download("checkpoint", note)}>
          Checkpoint
        </button>
        <button
          type="button"
          className="button"
          onClick={() => download("log.vkey", `${keysFor(ledger, ledger.checkpoint?.size ?? 0).join("\n")}\n`)}
        >
          Verifier key
        </button>
      </p>
      <p className="quiet block-note">
        Tiles and entries lie in the layout of c2sp.org/tlog-tiles: the checkpoint at{" "}
        <code>{addressOf(readCheckpoint, {})}</code>, tiles under <code>{addressOf(readTile, { path: "" })}</code>. The
        whole log in a folder: <code>aims ledger export DIR</code>
      </p>
    </section>
  );
}
