import { infiniteQueryOptions, useInfiniteQuery, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import type { Day } from "#core/basics/time.ts";
import { call } from "#contract/call.ts";
import { readKind, readNewDeeds, type KindDescription } from "#contract/kind.ts";
import { listRecords, type RecordLine } from "#contract/record.ts";
import { query } from "../api.ts";
import { DayText, StateBadge } from "../parts/cells.tsx";
import { DeedLink } from "../parts/DeedLink.tsx";
import { Page } from "../parts/Page.tsx";
import { CellValue } from "../parts/value.tsx";
import { useDayShown, useSession } from "../shell/session.ts";
import { Badge, Note } from "../ui/Badge.tsx";
import { Table, type Column } from "../ui/Table.tsx";
import { inWords, lowerFirst } from "../words.ts";
import type { ListSearch, ListSort } from "./list-search.ts";
import { RecordPanel } from "./RecordPanel.tsx";

const route = getRouteApi("/app/records/$kind");
const pageSize = 200;
const sortable: Readonly<Record<string, ListSort>> = {
  ref: "ref",
  title: "title",
  recorded_at: "recorded_at",
  next_review_on: "next_review_on",
};

/** Every record of a kind, filtered and sorted by the server, with one open beside the list. */
export function RecordsPage() {
  const { kind: name } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { asAt, isPast } = useDayShown();
  const { data: kind } = useSuspenseQuery(query(readKind, { kind: name }));
  const list = useInfiniteQuery(pagesOf(name, search, asAt));
  const rows = list.data?.pages.flatMap(({ records }) => records) ?? [];
  const names = Object.assign({}, ...(list.data?.pages.map((page) => page.names) ?? [])) as Record<string, string>;
  const isFiltered =
    search.text !== undefined || search.state !== undefined || search.owner !== undefined || search.overdue === true;
  const sortBy = (key: string) => {
    const sort = sortable[key];
    if (sort)
      void navigate({
        to: ".",
        search: (now) => ({
          ...now,
          sort,
          descending: search.sort === sort && search.descending !== true ? true : undefined,
        }),
      });
  };
  return (
    <>
      <Page title={kind.plural} lead={<Lead kind={kind} />} aside={!isPast && <NewDeeds kind={name} />}>
        <Filters key={name} kind={kind} search={search} />
        {list.error ? (
          <Note tone="bad" urgent>
            {list.error.message}
          </Note>
        ) : list.isPending ? (
          <p className="empty" role="status">
            Reading
          </p>
        ) : (
          <>
            <Table
              label={kind.plural}
              columns={columnsOf(kind, search, names)}
              rows={rows}
              keyOf={({ ref, rev }) => `${ref} ${rev}`}
              isHere={({ ref }) => ref === search.open}
              empty={isFiltered ? "Nothing passes these filters." : <Empty kind={kind} isPast={isPast} />}
              onSort={sortBy}
              onEnd={list.hasNextPage && !list.isFetchingNextPage ? () => void list.fetchNextPage() : undefined}
            />
            {list.hasNextPage && (
              <p className="block-note">
                <button
                  type="button"
                  className="button"
                  disabled={list.isFetchingNextPage}
                  onClick={() => void list.fetchNextPage()}
                >
                  Show more than {rows.length.toLocaleString("en")}
                </button>
              </p>
            )}
          </>
        )}
      </Page>
      {search.open !== undefined && <RecordPanel kind={kind} record={search.open} />}
    </>
  );
}

function pagesOf(kind: string, { state, owner, text, overdue, sort, descending }: ListSearch, asAt: Day | undefined) {
  const input = { kind, state, owner, text, overdue, sort, descending, limit: pageSize, as_at: asAt };
  return infiniteQueryOptions({
    queryKey: [listRecords.name, "pages", input],
    queryFn: ({ pageParam, signal }) =>
      call("", listRecords, pageParam === undefined ? input : { ...input, after: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: (before) => before,
  });
}

function Lead({ kind }: { kind: KindDescription }) {
  return (
    <>
      {kind.summary}{" "}
      {kind.serves.length > 0 && (
        <span className="nowrap-links">
          Serves{" "}
          {kind.serves.map((node, at) => (
            <span key={node}>
              {at > 0 && ", "}
              <Link to="/standard/$node" params={{ node }}>
                {node}
              </Link>
            </span>
          ))}
          .
        </span>
      )}
    </>
  );
}

function Empty({ kind, isPast }: { kind: KindDescription; isPast: boolean }) {
  const first = kind.deeds.find(({ from }) => from === "new");
  if (isPast) return <>No {lowerFirst(kind.title)} was on record on that day.</>;
  return (
    <>
      No {lowerFirst(kind.title)} yet.
      {kind.serves.length > 0 &&
        ` ${kind.serves.join(", ")} ask${kind.serves.length === 1 ? "s" : ""} for such records.`}
      {first && ` Next step: ${lowerFirst(first.title)}.`}
    </>
  );
}

function NewDeeds({ kind }: { kind: string }) {
  const { data } = useQuery(query(readNewDeeds, { kind }));
  const may = data?.deeds.filter((deed) => deed.may !== "no") ?? [];
  return (
    <div className="deeds">
      {may.map(({ deed, title }, at) => (
        <DeedLink key={deed} open={{ kind, deed }} first={at === 0}>
          {title}
        </DeedLink>
      ))}
    </div>
  );
}

function columnsOf(
  kind: KindDescription,
  search: ListSearch,
  names: Readonly<Record<string, string>>,
): Column<RecordLine>[] {
  const sortedBy = (key: string) => {
    const sort = sortable[key];
    if (!sort) return undefined;
    return (search.sort ?? "ref") === sort ? (search.descending === true ? "descending" : "ascending") : "none";
  };
  const ref: Column<RecordLine> = {
    key: "ref",
    head: "No.",
    sorted: sortedBy("ref"),
    cell: (row) => <span className="no">{row.ref}</span>,
  };
  const title: Column<RecordLine> = {
    key: "title",
    head: "Title",
    sorted: sortedBy("title"),
    cell: (row) => <OpenLink row={row} />,
  };
  const state: Column<RecordLine> = {
    key: "state",
    head: "State",
    cell: (row) => (
      <>
        <StateBadge state={row.state} />
        {row.overdue && (
          <>
            {" "}
            <Badge tone="bad">overdue</Badge>
          </>
        )}
        {row.orphaned && (
          <>
            {" "}
            <Badge tone="attention">no owner</Badge>
          </>
        )}
      </>
    ),
  };
  const own = kind.columns
    .filter(({ field }) => field !== "title")
    .map(({ field, title: head }): Column<RecordLine> => {
      const described = kind.fields.find(({ name }) => name === field);
      const isEnd = described?.input === "day" || described?.input === "number";
      return {
        key: field,
        head,
        ...(isEnd ? { align: "end" as const } : {}),
        sorted: sortedBy(field),
        cell: (row) =>
          field === "next_review_on" ? (
            <DayText day={row.nextReviewOn} />
          ) : (
            <CellValue field={described} value={row.columns[field]} names={names} />
          ),
      };
    });
  return [ref, title, state, ...own];
}

function OpenLink({ row }: { row: RecordLine }) {
  return (
    <Link
      to="/records/$kind"
      params={{ kind: row.kind }}
      search={(now) => ({ ...now, open: row.ref, do: undefined })}
      className="row-link"
      resetScroll={false}
      activeOptions={{ exact: true, explicitUndefined: true }}
    >
      {row.title}
    </Link>
  );
}

function Filters({ kind, search }: { kind: KindDescription; search: ListSearch }) {
  const navigate = route.useNavigate();
  const { person } = useSession();
  const [words, setWords] = useState(search.text ?? "");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const choose = (change: ListSearch) =>
    void navigate({ to: ".", search: (now) => ({ ...now, ...change }), replace: true, resetScroll: false });
  // A search that is typed is asked once the typing pauses.
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <form
      className="filters"
      role="search"
      aria-label={`Filter ${kind.plural}`}
      onSubmit={(event) => event.preventDefault()}
    >
      <input
        type="search"
        className="input"
        aria-label="Words to find"
        placeholder="Words to find"
        data-filter
        value={words}
        onChange={(event) => {
          const typed = event.target.value;
          setWords(typed);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => choose({ text: typed.trim() || undefined }), 250);
        }}
      />
      <label>
        State
        <select
          className="input"
          value={search.state?.length === 1 ? search.state[0] : search.state ? "several" : ""}
          onChange={(event) => choose({ state: statesOf(event.target.value, kind) })}
        >
          <option value="">Any</option>
          {kind.live.length > 0 && kind.live.length < kind.states.length && <option value="several">In force</option>}
          {kind.states.map((state) => (
            <option key={state} value={state}>
              {inWords(state)}
            </option>
          ))}
        </select>
      </label>
      <label>
        <input
          type="checkbox"
          checked={search.owner === person.ref}
          onChange={(event) => choose({ owner: event.target.checked ? person.ref : undefined })}
        />
        Mine
      </label>
      <label>
        <input
          type="checkbox"
          checked={search.overdue === true}
          onChange={(event) => choose({ overdue: event.target.checked ? true : undefined })}
        />
        Review overdue
      </label>
      {search.owner !== undefined && search.owner !== person.ref && (
        <button type="button" className="button plain" onClick={() => choose({ owner: undefined })}>
          Owner {search.owner} ✕
        </button>
      )}
    </form>
  );
}

function statesOf(chosen: string, kind: KindDescription): string[] | undefined {
  if (chosen === "") return undefined;
  return chosen === "several" ? [...kind.live] : [chosen];
}
