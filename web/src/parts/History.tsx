import { useQuery } from "@tanstack/react-query";
import type { KindDescription } from "#contract/kind.ts";
import { readHistory, type HistoryEntry } from "#contract/record.ts";
import { query } from "../api.ts";
import { useDayShown } from "../shell/session.ts";
import { Badge, Note } from "../ui/Badge.tsx";
import { countOf, minuteOf } from "../words.ts";
import { BlockHead } from "./BlockHead.tsx";
import { RecordLink, StateBadge } from "./cells.tsx";
import { deedTitle } from "./deed-order.ts";
import { Changes } from "./Changes.tsx";

type Names = Readonly<Record<string, string>>;

/** How the record came to be what it is: who did what, when, and what it changed. */
export function History({ kind, record }: { kind: KindDescription; record: string }) {
  const { asAt } = useDayShown();
  const { data, error } = useQuery(query(readHistory, { kind: kind.name, ref: record, as_at: asAt }));
  return (
    <section className="block" aria-labelledby="history">
      <BlockHead id="history" detail={data && countOf(data.versions.length, "version")}>
        History
      </BlockHead>
      {error && <Note tone="bad">{error.message}</Note>}
      <ol className="history">
        {data?.versions.map((version) => (
          <Version key={version.rev} record={record} version={version} kind={kind} names={data.names} />
        ))}
      </ol>
    </section>
  );
}

function Version({
  record,
  version,
  kind,
  names,
}: {
  record: string;
  version: HistoryEntry;
  kind: KindDescription;
  names: Names;
}) {
  const isFirst = version.rev === 1;
  return (
    <li>
      <p className="row">
        <b className="strong">{deedTitle(version, record)}</b>
        <StateBadge state={version.state} />
        {version.imported && <Badge tone="neutral">taken over</Badge>}
      </p>
      <p className="quiet">
        {version.by?.name ?? "The software"}, <time dateTime={version.at}>{minuteOf(version.at)}</time> · version{" "}
        {version.rev}, entry {version.seq.toLocaleString("en")}
      </p>
      {version.doneAt !== null && version.doneAt.slice(0, 10) !== version.at.slice(0, 10) && (
        <p className="quiet">Said to have been done on {version.doneAt.slice(0, 10)}</p>
      )}
      {version.because !== null && (
        <p className="quiet">
          Effect of <RecordLink record={version.because} title={names[version.because]} />
        </p>
      )}
      {version.erasedAt !== null && (
        <p className="quiet">
          Its content was erased on {version.erasedAt.slice(0, 10)} under a recorded decision; the proof stays.
        </p>
      )}
      {version.changes.length > 0 &&
        (isFirst ? (
          <details>
            <summary className="quiet">{version.changes.length} fields were filled in</summary>
            <Changes changes={version.changes} fields={kind.fields} names={names} />
          </details>
        ) : (
          <Changes changes={version.changes} fields={kind.fields} names={names} />
        ))}
    </li>
  );
}
