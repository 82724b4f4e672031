import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, Link, Outlet, useMatch } from "@tanstack/react-router";
import { Fragment } from "react";
import { findNode } from "#core/standard/catalogue.ts";
import { readBoard, type Board, type BoardNode } from "#contract/board.ts";
import { query } from "../api.ts";
import { CheckBar, DaysAgo, VerdictBadge } from "../parts/cells.tsx";
import { Page } from "../parts/Page.tsx";
import { verdicts } from "../parts/tones.ts";
import { useDayShown } from "../shell/session.ts";
import { Badge } from "../ui/Badge.tsx";
import { inWords, lowerFirst } from "../words.ts";
import { phases, results, type ResultFilter, type StandardSearch, type StandardTab } from "./standard-search.ts";
import { ScrollRegion } from "../ui/ScrollRegion.tsx";

const route = getRouteApi("/app/standard");

const tabs: Record<StandardTab, { title: string; has: (node: BoardNode) => boolean }> = {
  mission: { title: "Mission items", has: (node) => node.kind === "mission" },
  clauses: { title: "Clauses", has: (node) => node.kind === "clause" },
  controls: {
    title: "Controls",
    has: (node) => node.kind === "control" || node.kind === "custom_control" || node.kind === "control_objective",
  },
  contradictions: { title: "Contradictions", has: (node) => node.contradictions.length > 0 },
};

/** The standard with what the records, the proof and the people say of each part. */
export function StandardPage() {
  const search = route.useSearch();
  const { asAt } = useDayShown();
  const { data: board } = useSuspenseQuery(query(readBoard, { as_at: asAt }));
  const open = useMatch({ from: "/app/standard/$node", shouldThrow: false })?.params.node;
  const tab = search.tab ?? "mission";
  const all = board.nodes.filter(tabs[tab].has);
  const shown = all.filter((node) => passes(node, search));
  return (
    <>
      <Page title="The standard" lead={leadOf(board)}>
        <nav className="tabs" aria-label="Parts of the standard">
          {Object.entries(tabs).map(([name, { title, has }]) => (
            <Link
              key={name}
              to="/standard"
              search={(now) => ({ ...now, tab: name === "mission" ? undefined : (name as StandardTab) })}
              activeOptions={{ explicitUndefined: true }}
              aria-current={name === tab ? "page" : undefined}
            >
              {title}{" "}
              <span className="n">
                {name === "contradictions"
                  ? board.totals.contradictions
                  : board.nodes.filter((node) => has(node) && node.assessable).length}
              </span>
            </Link>
          ))}
        </nav>
        <Filters search={search} nodes={all} />
        {shown.length === 0 ? (
          <p className="empty">
            {tab === "contradictions" && all.length === 0
              ? "No verdict, implementation or record contradicts another."
              : "Nothing passes these filters."}
          </p>
        ) : (
          <Rows nodes={shown} tab={tab} open={open} board={board} />
        )}
      </Page>
      <Outlet />
    </>
  );
}

function leadOf({ nodes, isToday, totals }: Board): string {
  const mission = nodes.filter(({ kind }) => kind === "mission");
  const assessed = mission.filter(({ verdict }) => verdict !== null);
  const byValue = Object.entries(verdicts)
    .map(
      ([value, { words }]) =>
        [assessed.filter(({ verdict }) => verdict?.value === value).length, lowerFirst(words)] as const,
    )
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${count} ${words}`);
  const contradicted =
    totals.contradictions === 0
      ? "Nothing is contradicted."
      : totals.contradictions === 1
        ? "One contradiction."
        : `${totals.contradictions} contradictions.`;
  return `What ISO/IEC 42001:2023 asks, and what the records say ${isToday ? "today" : "as at that day"}. ${assessed.length} of ${mission.length} mission items assessed${byValue.length > 0 ? `: ${byValue.join(", ")}` : ""}. ${contradicted}`;
}

function passes(node: BoardNode, { phase, owner, result }: StandardSearch): boolean {
  if (phase !== undefined && node.pdca !== phase) return false;
  if (owner !== undefined && findNode(node.id)?.typicalOwner !== owner) return false;
  return result === undefined || resultTests[result](node);
}

const resultTests: Record<ResultFilter, (node: BoardNode) => boolean> = {
  failing: ({ counts }) => counts.fail > 0,
  unknown: ({ counts }) => counts.unknown > 0,
  contradicted: ({ contradictions }) => contradictions.length > 0,
  unassessed: ({ verdict, assessable }) => assessable && verdict === null,
  conforming: ({ verdict }) => verdict?.value === "conforming",
  partly: ({ verdict }) => verdict?.value === "partly",
  nonconforming: ({ verdict }) => verdict?.value === "nonconforming",
  not_applicable: ({ verdict }) => verdict?.value === "not_applicable",
};

const resultWords: Record<ResultFilter, string> = {
  failing: "A check fails",
  unknown: "A check is unknown",
  contradicted: "Contradicted",
  unassessed: "Not assessed",
  conforming: "Conforming",
  partly: "Partly",
  nonconforming: "Nonconforming",
  not_applicable: "Not applicable",
};

function Filters({ search, nodes }: { search: StandardSearch; nodes: readonly BoardNode[] }) {
  const navigate = route.useNavigate();
  const owners = [
    ...new Set(nodes.map(({ id }) => findNode(id)?.typicalOwner).filter((owner) => owner !== undefined)),
  ].toSorted();
  const choose = (change: StandardSearch) =>
    void navigate({ to: ".", search: (now) => ({ ...now, ...change }), resetScroll: false });
  return (
    <div className="filters" role="group" aria-label="Filters">
      <Choice
        label="Phase"
        value={search.phase}
        words={phases.map((phase) => [phase, inWords(phase)])}
        onChoose={(phase) => choose({ phase })}
        isFirst
      />
      <Choice
        label="Owner"
        value={search.owner}
        words={owners.map((owner) => [owner, inWords(owner)])}
        onChoose={(owner) => choose({ owner })}
      />
      <Choice
        label="Result"
        value={search.result}
        words={results.map((result) => [result, resultWords[result]])}
        onChoose={(result) => choose({ result })}
      />
      {(search.phase ?? search.owner ?? search.result) !== undefined && (
        <button
          type="button"
          className="button plain"
          onClick={() => choose({ phase: undefined, owner: undefined, result: undefined })}
        >
          Show all
        </button>
      )}
    </div>
  );
}

type ChoiceProps<Word extends string> = {
  label: string;
  value: Word | undefined;
  words: readonly (readonly [Word, string])[];
  onChoose: (word: Word | undefined) => void;
  isFirst?: boolean;
};

function Choice<Word extends string>({ label, value, words, onChoose, isFirst }: ChoiceProps<Word>) {
  return (
    <label>
      {label}
      <select
        className="input"
        data-filter={isFirst}
        value={value ?? ""}
        onChange={(event) => onChoose(words.find(([word]) => word === event.target.value)?.[0])}
      >
        <option value="">Any</option>
        {words.map(([word, title]) => (
          <option key={word} value={word}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}

type RowsProps = { nodes: readonly BoardNode[]; tab: StandardTab; open: string | undefined; board: Board };

function Rows({ nodes, tab, open, board }: RowsProps) {
  const groups = tab === "mission" || tab === "contradictions" ? byPhase(nodes) : [{ title: undefined, nodes }];
  return (
    <ScrollRegion label={tabs[tab].title}>
      <table className="table standard-table" aria-label={tabs[tab].title}>
        <thead>
          <tr>
            <th scope="col">No.</th>
            <th scope="col">What it asks</th>
            <th scope="col">Checks</th>
            <th scope="col">Newest proof</th>
            <th scope="col">Verdict</th>
          </tr>
        </thead>
        <tbody>
          {groups.map(({ title, nodes: inGroup }) => (
            <Fragment key={title ?? ""}>
              {title !== undefined && (
                <tr className="group">
                  <th scope="rowgroup" colSpan={5}>
                    {title}
                  </th>
                </tr>
              )}
              {inGroup.map((node) =>
                node.assessable ? (
                  <Row key={node.id} node={node} isHere={node.id === open} board={board} />
                ) : (
                  <Heading key={node.id} node={node} isHere={node.id === open} />
                ),
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function byPhase(nodes: readonly BoardNode[]): { title: string; nodes: BoardNode[] }[] {
  return phases
    .map((phase) => ({ title: inWords(phase), nodes: nodes.filter(({ pdca }) => pdca === phase) }))
    .filter((group) => group.nodes.length > 0);
}

function Row({ node, isHere, board }: { node: BoardNode; isHere: boolean; board: Board }) {
  return (
    <tr className={isHere ? "here" : undefined}>
      <td className="no">{findNode(node.id)?.mission?.cited ?? node.id}</td>
      <td className="asks">
        <NodeLink node={node} />
      </td>
      <td>
        <CheckBar counts={node.counts} />
      </td>
      <td className="quiet">
        {node.proof?.to ? <DaysAgo day={node.proof.to} today={board.asAt} /> : "none"}
        {node.proof !== null && node.proof.daysLeft !== null && node.proof.daysLeft < 0 && (
          <span className="bad-text"> expired</span>
        )}
      </td>
      <td>
        <VerdictBadge verdict={node.verdict} />
        {node.contradictions.length > 0 && (
          <>
            {" "}
            <Badge tone="bad">contradicted</Badge>
          </>
        )}
      </td>
    </tr>
  );
}

// A heading's state follows from its children, and says how many of them were looked at.
function Heading({ node, isHere }: { node: BoardNode; isHere: boolean }) {
  return (
    <tr className={`group ${isHere ? "here" : ""}`}>
      <th scope="rowgroup" colSpan={2}>
        <span className="no">{node.id}</span> <NodeLink node={node} />
      </th>
      <th scope="rowgroup" colSpan={3} className="roll-up">
        {node.rollUp &&
          `${node.rollUp.assessed} of ${node.rollUp.of} assessed${node.rollUp.value === null ? "" : `, at worst ${lowerFirst(verdicts[node.rollUp.value].words)}`}`}
      </th>
    </tr>
  );
}

function NodeLink({ node }: { node: BoardNode }) {
  return (
    <Link
      to="/standard/$node"
      params={{ node: node.id }}
      search={(now) => ({ ...now, do: undefined })}
      className="row-link"
      resetScroll={false}
    >
      {node.title}
    </Link>
  );
}
