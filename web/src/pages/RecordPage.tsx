import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { readKind } from "#contract/kind.ts";
import { readRecord } from "#contract/record.ts";
import { query } from "../api.ts";
import { useTitle } from "../parts/Page.tsx";
import { LinksBlock, RecordBody } from "../parts/RecordBody.tsx";
import { History } from "../parts/History.tsx";
import { Seal } from "../parts/Seal.tsx";
import { useDayShown } from "../shell/session.ts";

const route = getRouteApi("/app/records/$kind/$ref");

/** One record: what it says, what may be done, what it belongs to, how it came to be, and the proof. */
export function RecordPage() {
  const { kind: name, ref } = route.useParams();
  const { asAt } = useDayShown();
  const { data: kind } = useSuspenseQuery(query(readKind, { kind: name }));
  const { data: view } = useSuspenseQuery(query(readRecord, { kind: name, ref, as_at: asAt }));
  useTitle(`${ref} ${view.title}`);
  return (
    <main id="main" tabIndex={-1}>
      <nav className="quiet crumb" aria-label="Where it belongs">
        <Link to="/records/$kind" params={{ kind: name }}>
          {kind.plural}
        </Link>
        <span className="no">{ref}</span>
      </nav>
      <div className="page-head">
        <h1>{view.title}</h1>
      </div>
      <div className="two">
        <div className="record">
          <RecordBody kind={kind} view={view} isPage />
        </div>
        <div>
          <Seal kind={name} view={view} />
          <History kind={kind} record={ref} />
          <LinksBlock kind={kind} view={view} />
        </div>
      </div>
    </main>
  );
}
