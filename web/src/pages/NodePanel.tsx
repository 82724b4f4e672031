import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { findNode, nodes } from "#core/standard/catalogue.ts";
import type { Node } from "#core/standard/node.ts";
import { readBoard, readNode, type BoardCheck, type BoardNode } from "#contract/board.ts";
import { query } from "../api.ts";
import { CheckBar, countsInWords, DayText, RecordLink, VerdictBadge } from "../parts/cells.tsx";
import { DeedLink } from "../parts/DeedLink.tsx";
import { useTitle } from "../parts/Page.tsx";
import { ProofYear } from "../parts/ProofYear.tsx";
import { checkSigns, verdicts } from "../parts/tones.ts";
import { WayOut } from "../parts/WayOut.tsx";
import { useDayShown } from "../shell/session.ts";
import { Badge, Note } from "../ui/Badge.tsx";
import { inWords, withWords } from "../words.ts";

const route = getRouteApi("/app/standard/$node");
type Names = Readonly<Record<string, string>>;

/** One clause, control or mission item: what it asks, and what checks, proof and people say. */
export function NodePanel() {
  const { node: id } = route.useParams();
  const { asAt, day, isPast } = useDayShown();
  const { data: node } = useSuspenseQuery(query(readNode, { id, as_at: asAt }));
  const said = findNode(id);
  useTitle(`${id} ${node.title}`);
  return (
    <aside className="panel" aria-label={`${id} ${node.title}`}>
      <div className="inner">
        <Link
          to="/standard"
          search={(now) => ({ ...now, do: undefined })}
          className="button plain close"
          resetScroll={false}
          activeOptions={{ exact: true, explicitUndefined: true }}
        >
          Close
        </Link>
        <p className="quiet">{placeOf(node, said)}</p>
        <h2 className="title">{node.title}</h2>
        {said && <p className="quiet">{said.summary}</p>}
        {said?.mission && <p className="block-note faint">{said.mission.numbering}</p>}
        {said?.note !== undefined && <p className="block-note faint">{said.note}</p>}
        <Contradictions node={node} names={node.names} />
        <Checks node={node} names={node.names} isPast={isPast} />
        {node.assessable && <Proof node={node} day={day} />}
        {node.assessable && <Verdict node={node} isPast={isPast} />}
        <Children id={id} node={node} />
        {said && <Background node={said} />}
      </div>
    </aside>
  );
}

function placeOf(node: BoardNode, said: Node | undefined): string {
  if (said?.mission)
    return `${said.mission.cited} · mission item ${node.id} · published ${said.mission.mapsTo.join(", ")}`;
  const kinds: Record<BoardNode["kind"], string> = {
    clause: "clause",
    control: "control of Annex A",
    control_objective: "objective of Annex A",
    custom_control: "control of our own",
    mission: "mission item",
  };
  return `${node.id} · ${kinds[node.kind]}${node.pdca === null ? "" : ` · ${inWords(node.pdca)}`}`;
}

function Contradictions({ node, names }: { node: BoardNode; names: Names }) {
  if (node.contradictions.length === 0) return null;
  return (
    <section className="block" aria-labelledby="contradictions">
      <h3 id="contradictions">
        Contradictions <span>{node.contradictions.length}</span>
      </h3>
      <ul className="stack">
        {node.contradictions.map(({ says, records, kind }) => (
          <li key={`${kind} ${says}`}>
            <Note tone="bad">
              <p>{says}</p>
              <Refs records={records} names={names} />
            </Note>
          </li>
        ))}
      </ul>
    </section>
  );
}

const order: Record<BoardCheck["result"], number> = { fail: 0, unknown: 1, pass: 2, not_applicable: 3 };

function Checks({ node, names, isPast }: { node: BoardNode; names: Names; isPast: boolean }) {
  const open = node.checks
    .filter(({ result }) => result === "fail" || result === "unknown")
    .toSorted((one, other) => order[one.result] - order[other.result]);
  const rest = node.checks.filter(({ result }) => result === "pass" || result === "not_applicable");
  const next = rest
    .map(({ changesOn }) => changesOn)
    .filter((day) => day !== null)
    .toSorted()[0];
  if (node.counts.of === 0) return null;
  return (
    <section className="block" aria-labelledby="checks">
      <h3 id="checks">
        Checks <span>{countsInWords(node.counts)}</span>
      </h3>
      {open.map((check) => (
        <Check key={check.id} check={check} names={names} isPast={isPast} />
      ))}
      {rest.length > 0 && (
        <details>
          <summary className="quiet">
            <span className="good-text">✓</span> {open.length > 0 ? `${rest.length} more` : `All ${rest.length}`} pass
            or do not apply{next === undefined ? "" : `; the next may change on ${next}`}
          </summary>
          {rest.map((check) => (
            <Check key={check.id} check={check} names={names} isPast={isPast} />
          ))}
        </details>
      )}
    </section>
  );
}

function Check({ check, names, isPast }: { check: BoardCheck; names: Names; isPast: boolean }) {
  const { sign, words } = checkSigns[check.result];
  const isOpen = check.result === "fail" || check.result === "unknown";
  return (
    <article className="check" aria-label={`${words}: ${check.id}`}>
      <span className="sign" data-result={check.result} aria-hidden="true">
        {sign}
      </span>
      <div>
        <p>
          <span className="hidden-words">{words}. </span>
          <b className="strong">{inWords(check.id.slice(check.id.indexOf(".") + 1))}.</b> {check.because}
          {check.severity === "high" && check.result === "fail" && (
            <>
              {" "}
              <Badge tone="bad">high</Badge>
            </>
          )}
        </p>
        <p className="faint asked">
          {withWords(check.text)} <span className="no">{check.id}</span>
        </p>
        <div className="way-out">
          <Refs records={check.records.slice(0, isOpen ? 12 : 3)} names={names} />
          {check.records.length > (isOpen ? 12 : 3) && (
            <span className="faint">and {check.records.length - (isOpen ? 12 : 3)} more</span>
          )}
        </div>
        {isOpen && !isPast && <WayOut check={check} />}
      </div>
    </article>
  );
}

function Refs({ records, names }: { records: readonly string[]; names: Names }) {
  if (records.length === 0) return null;
  return (
    <ul className="chips">
      {records.map((record) => (
        <li key={record}>
          <RecordLink record={record} title={names[record]} />
        </li>
      ))}
    </ul>
  );
}

function Proof({ node, day }: { node: BoardNode; day: Parameters<typeof ProofYear>[0]["day"] }) {
  return (
    <section className="block" aria-labelledby="proof">
      <h3 id="proof">
        Proof over the year <span>{node.proof ? `${node.proof.items} accepted` : "none accepted"}</span>
      </h3>
      {node.proof ? (
        <>
          <ProofYear proof={node.proof} day={day} />
          <p>
            Newest: <RecordLink record={node.proof.ref} title={node.proof.title} />
          </p>
          <p className="quiet">
            <DayText day={node.proof.from} /> to <DayText day={node.proof.to} />
            {node.proof.until !== null && (
              <>
                , counts until <DayText day={node.proof.until} />
                {node.proof.daysLeft !== null &&
                  (node.proof.daysLeft < 0
                    ? ` (expired ${-node.proof.daysLeft} days ago)`
                    : ` (${node.proof.daysLeft} days left)`)}
              </>
            )}
          </p>
        </>
      ) : (
        <p className="quiet">Nothing was accepted as evidence for it yet. Offer a record of what was done.</p>
      )}
    </section>
  );
}

function Verdict({ node, isPast }: { node: BoardNode; isPast: boolean }) {
  const { verdict } = node;
  return (
    <section className="block" aria-labelledby="verdict">
      <h3 id="verdict">
        Verdict <span>given by a person</span>
      </h3>
      {verdict ? (
        <div className="verdict stack tight" data-tone={verdicts[verdict.value].tone}>
          <p>
            <VerdictBadge verdict={verdict} />{" "}
            <span className="quiet">
              {verdict.by?.name ?? "–"}, <DayText day={verdict.on} />
            </span>
          </p>
          <p className="prose">{verdict.reason}</p>
          {verdict.faded && <p className="quiet">Older than twelve months: shown, and no longer trusted.</p>}
          <p>
            <RecordLink record={verdict.ref} kind="verdict" />
          </p>
        </div>
      ) : (
        <p className="quiet">Nobody has judged it yet.</p>
      )}
      {!isPast && (
        <p className="block-note">
          <DeedLink
            open={{
              kind: "verdict",
              deed: "judge",
              fields: { node: node.id, ...(verdict ? { value: verdict.value } : {}) },
            }}
          >
            Judge
          </DeedLink>
        </p>
      )}
    </section>
  );
}

function Children({ id, node }: { id: string; node: BoardNode }) {
  const { asAt } = useDayShown();
  const { data: board } = useSuspenseQuery(query(readBoard, { as_at: asAt }));
  const children = board.nodes.filter(({ parent }) => parent === id);
  if (children.length === 0) return null;
  return (
    <section className="block" aria-labelledby="children">
      <h3 id="children">
        Within it{" "}
        {node.rollUp && (
          <span>
            {node.rollUp.assessed} of {node.rollUp.of} assessed, {countsInWords(node.rollUp.checks)}
          </span>
        )}
      </h3>
      <ul>
        {children.map((child) => (
          <li key={child.id} className="check">
            <span className="no">{child.id.slice(child.id.lastIndexOf("."))}</span>
            <div>
              <p>
                <Link to="/standard/$node" params={{ node: child.id }} search={(now) => now} resetScroll={false}>
                  {child.id} {child.title}
                </Link>
              </p>
              <p className="row">
                <CheckBar counts={child.rollUp?.checks ?? child.counts} />
                {child.assessable && <VerdictBadge verdict={child.verdict} />}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What an auditor would ask, what papers are looked for, and where else the subject stands. */
function Background({ node }: { node: Node }) {
  const { iso27001, nistAiRmf, euAiAct } = node.crosswalk;
  const mission = nodes.filter((each) => each.mission?.mapsTo.includes(node.id));
  return (
    <>
      {node.auditQuestions.length > 0 && (
        <section className="block" aria-labelledby="questions">
          <h3 id="questions">An auditor would ask</h3>
          <ul className="bullets">
            {node.auditQuestions.map((question) => (
              <li key={question}>{question}</li>
            ))}
          </ul>
        </section>
      )}
      {node.documentedInformation.length > 0 && (
        <section className="block" aria-labelledby="papers">
          <h3 id="papers">Documented information</h3>
          <ul className="bullets">
            {node.documentedInformation.map(({ name, tag }) => (
              <li key={name}>
                {name} <span className="faint">{tag}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section className="block" aria-labelledby="elsewhere">
        <h3 id="elsewhere">
          The same subject elsewhere <span>not equivalence</span>
        </h3>
        <dl className="facts">
          <dt>Usually owned by</dt>
          <dd>{inWords(node.typicalOwner)}</dd>
          {mission.length > 0 && (
            <>
              <dt>Mission items</dt>
              <dd>
                {mission.map((each) => (
                  <div key={each.id}>
                    <Link to="/standard/$node" params={{ node: each.id }} search={(now) => now} resetScroll={false}>
                      {each.id} {each.title}
                    </Link>
                  </div>
                ))}
              </dd>
            </>
          )}
          {node.mission && (
            <>
              <dt>Published as</dt>
              <dd className="row">
                {node.mission.mapsTo.map((id) => (
                  <Link key={id} to="/standard/$node" params={{ node: id }} search={(now) => now} resetScroll={false}>
                    {id}
                  </Link>
                ))}
              </dd>
            </>
          )}
          {[
            ["ISO/IEC 27001", iso27001],
            ["NIST AI RMF", nistAiRmf],
            ["EU AI Act", euAiAct],
          ].map(([title, items]) => (
            <Crosswalk key={String(title)} title={String(title)} items={items as readonly string[]} />
          ))}
          <dt>Evidence comes from</dt>
          <dd className="row">
            {node.evidenceKinds.map((kind) => (
              <Link key={kind} to="/records/$kind" params={{ kind }}>
                {inWords(kind)}
              </Link>
            ))}
          </dd>
        </dl>
      </section>
    </>
  );
}

function Crosswalk({ title, items }: { title: string; items: readonly string[] }) {
  if (items.length === 0) return null;
  return (
    <>
      <dt>{title}</dt>
      <dd>{items.join(", ")}</dd>
    </>
  );
}
