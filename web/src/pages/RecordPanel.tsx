import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { KindDescription } from "#contract/kind.ts";
import { readRecord } from "#contract/record.ts";
import { query } from "../api.ts";
import { BlockLevel } from "../parts/BlockHead.tsx";
import { RecordBody } from "../parts/RecordBody.tsx";
import { useDayShown } from "../shell/session.ts";
import { Note } from "../ui/Badge.tsx";

/** A record beside its list, so that the list keeps its place. */
export function RecordPanel({ kind, record }: { kind: KindDescription; record: string }) {
  const { asAt } = useDayShown();
  const { data: view, error } = useQuery(query(readRecord, { kind: kind.name, ref: record, as_at: asAt }));
  return (
    <aside className="panel" aria-label={view ? `${record} ${view.title}` : record}>
      <div className="inner record">
        <div className="row between">
          <Link to="/records/$kind/$ref" params={{ kind: kind.name, ref: record }} className="button plain">
            Open as a page
          </Link>
          <Link
            to="/records/$kind"
            params={{ kind: kind.name }}
            search={(now) => ({ ...now, open: undefined, do: undefined })}
            className="button plain"
            resetScroll={false}
            activeOptions={{ exact: true, explicitUndefined: true }}
          >
            Close
          </Link>
        </div>
        {error && (
          <Note tone="bad" urgent>
            {error.message}
          </Note>
        )}
        {view && (
          <>
            <p className="quiet">
              {kind.title} <span className="no">{record}</span>
            </p>
            <h2 className="title">{view.title}</h2>
            <BlockLevel value={3}>
              <RecordBody kind={kind} view={view} />
            </BlockLevel>
          </>
        )}
      </div>
    </aside>
  );
}
