import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Day } from "#core/basics/time.ts";
import { readBoard, readHome, type Board } from "#contract/board.ts";
import { listKinds, type KindSummary } from "#contract/kind.ts";
import { query } from "../api.ts";
import { headings, isCommon, placeKinds } from "./headings.ts";

/** The way around: home, the standard, and the kinds of record where the standard speaks of them. */
export function Rail({ asAt, isAdministrator }: { asAt: Day | undefined; isAdministrator: boolean }) {
  const { kinds } = useSuspenseQuery(query(listKinds, {})).data;
  const { data: board } = useQuery(query(readBoard, { as_at: asAt }));
  const { data: home } = useQuery(query(readHome, { as_at: asAt }));
  const owed = home?.sections.reduce((sum, section) => sum + section.of, 0);
  const failing = board ? failingRecords(board) : new Map<string, number>();
  const placed = placeKinds(kinds);
  return (
    <nav className="rail" id="rail" aria-label="Main">
      <ul>
        <li>
          <Link to="/" activeOptions={{ exact: true, includeSearch: false }}>
            Home {owed !== undefined && <Count count={owed} says="on your list" />}
          </Link>
        </li>
        <li>
          <Link to="/standard" activeOptions={{ includeSearch: false }}>
            The standard{" "}
            {board && board.totals.contradictions > 0 && (
              <Count count={board.totals.contradictions} says="contradicted" isBad />
            )}
          </Link>
        </li>
      </ul>
      {headings.map(({ phase, title }) => {
        const here = placed[phase];
        const rest = here.filter((kind) => !isCommon(kind));
        return (
          <div key={phase}>
            <h2>{title}</h2>
            <ul>
              {here.filter(isCommon).map((kind) => (
                <KindLink key={kind.name} kind={kind} failing={failing.get(kind.prefix)} />
              ))}
              {phase === "trust" && (
                <li>
                  <Link to="/ledger" activeOptions={{ includeSearch: false }}>
                    Ledger {board && <Count count={board.ledger.size} says="entries" />}
                  </Link>
                </li>
              )}
            </ul>
            {rest.length > 0 && (
              <details>
                <summary>{rest.length} more</summary>
                <ul>
                  {rest.map((kind) => (
                    <KindLink key={kind.name} kind={kind} failing={failing.get(kind.prefix)} />
                  ))}
                </ul>
              </details>
            )}
          </div>
        );
      })}
      <ul>
        <li>
          <Link to="/records" activeOptions={{ exact: true, includeSearch: false }}>
            All records
          </Link>
        </li>
        {isAdministrator && (
          <li>
            <Link to="/accounts" activeOptions={{ includeSearch: false }}>
              Who may sign in
            </Link>
          </li>
        )}
      </ul>
    </nav>
  );
}

function KindLink({ kind, failing }: { kind: KindSummary; failing: number | undefined }) {
  return (
    <li>
      <Link to="/records/$kind" params={{ kind: kind.name }} activeOptions={{ includeSearch: false }}>
        {kind.plural} {failing !== undefined && <Count count={failing} says="named by failing checks" isBad />}
      </Link>
    </li>
  );
}

function Count({ count, says, isBad = false }: { count: number; says: string; isBad?: boolean }) {
  return (
    <span className={isBad ? "n bad" : "n"} title={`${count} ${says}`}>
      {count.toLocaleString("en")}
      <span className="hidden-words"> {says}</span>
    </span>
  );
}

/** How many records of each prefix decide a check that fails. */
function failingRecords(board: Board): Map<string, number> {
  const failed = board.nodes.flatMap((node) =>
    node.checks.filter((check) => check.result === "fail").flatMap((check) => check.records),
  );
  const counts = new Map<string, number>();
  for (const ref of new Set(failed)) {
    const prefix = /^[A-Za-z]+/.exec(ref)?.[0] ?? ref;
    counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
  }
  return counts;
}
