import { Link } from "@tanstack/react-router";
import type { FieldDescription, KindDescription } from "#contract/kind.ts";
import type { DeedOffer, RecordView } from "#contract/record.ts";
import { useDayShown } from "../shell/session.ts";
import { Badge, Note } from "../ui/Badge.tsx";
import { inWords, lowerFirst, minuteOf } from "../words.ts";
import { BlockHead } from "./BlockHead.tsx";
import { DayText, RecordLink, StateBadge } from "./cells.tsx";
import { deedOnward, deedTitle } from "./deed-order.ts";
import { DeedLink } from "./DeedLink.tsx";
import { checkSigns } from "./tones.ts";
import { History } from "./History.tsx";
import { Seal } from "./Seal.tsx";
import { Value } from "./value.tsx";

type Props = { kind: KindDescription; view: RecordView };

/** A record's state, deeds and fields; in a panel also what a page shows beside them. */
export function RecordBody({ kind, view, isPage = false }: Props & { isPage?: boolean }) {
  const { record } = view;
  const { isPast } = useDayShown();
  const own = kind.fields.filter(({ common }) => !common);
  const common = kind.fields.filter((field) => field.common && field.name !== "title");
  const there = (fields: readonly FieldDescription[]) => fields.filter(({ name }) => record[name] !== undefined);
  return (
    <>
      <p className="row">
        <StateBadge state={record.state} />
        <span className="quiet">
          since <DayText day={record.state_since} />
        </span>
        {view.overdue && <Badge tone="bad">review overdue</Badge>}
        {view.orphaned && <Badge tone="attention">no owner who is here</Badge>}
      </p>
      <Steps kind={kind} state={record.state} />
      {isPast ? (
        <Note tone="past">An earlier day is shown: deeds are done today.</Note>
      ) : (
        <Deeds kind={kind.name} view={view} />
      )}
      {view.checks.length > 0 && <Naming view={view} />}
      <section className="block" aria-label="What it says">
        <Facts fields={there([...common.filter(({ name }) => name === "summary"), ...own])} view={view} />
      </section>
      <section className="block" aria-labelledby="about">
        <BlockHead id="about" detail={`version ${record.rev}, ${minuteOf(record.recorded_at)}`}>
          About the record
        </BlockHead>
        <Facts fields={there(common.filter(({ name }) => name !== "summary"))} view={view} />
        <details className="block-note">
          <summary className="quiet">Fields that are empty: {kind.fields.length - there(kind.fields).length}</summary>
          <p className="faint">
            {kind.fields
              .filter(({ name }) => record[name] === undefined)
              .map(({ title }) => title)
              .join(", ")}
          </p>
        </details>
      </section>
      {view.sights.length > 0 && <Sights view={view} />}
      {!isPage && (
        <>
          <LinksBlock kind={kind} view={view} />
          <History kind={kind} record={record.ref} />
          <Seal kind={kind.name} view={view} />
        </>
      )}
    </>
  );
}

/** Who saw a sealed record before, for those who handle it (INV-23). */
function Sights({ view }: { view: RecordView }) {
  return (
    <section className="block" aria-labelledby="sights">
      <BlockHead id="sights" detail={`${view.sights.length} times`}>
        Seen by
      </BlockHead>
      <dl className="facts">
        {view.sights.flatMap(({ by, rev, at }) => [
          <dt key={`${by.ref} ${at} when`}>{minuteOf(at)}</dt>,
          <dd key={`${by.ref} ${at}`}>
            {by.name}, version {rev}
          </dd>,
        ])}
      </dl>
    </section>
  );
}

/** The checks that the record keeps from passing, each with the clauses, controls and mission items where it counts. */
function Naming({ view }: { view: RecordView }) {
  return (
    <section className="block" aria-labelledby="naming">
      <BlockHead id="naming" detail="today">
        Checks that it decides
      </BlockHead>
      {view.checks.map((check) => (
        <article key={check.id} className="check" aria-label={`${inWords(check.result)}: ${check.id}`}>
          <span className="sign" data-result={check.result} aria-hidden="true">
            {checkSigns[check.result].sign}
          </span>
          <div>
            <p>
              <b className="strong">{inWords(check.id.slice(check.id.indexOf(".") + 1))}.</b> {check.because}
            </p>
            <p className="row">
              {check.nodes.map((node) => (
                <Link key={node} to="/standard/$node" params={{ node }} className="no linked">
                  {node}
                </Link>
              ))}
            </p>
          </div>
        </article>
      ))}
    </section>
  );
}

function Facts({ fields, view }: { fields: readonly FieldDescription[]; view: RecordView }) {
  return (
    <dl className="facts">
      {fields.flatMap((field) => [
        <dt key={`${field.name} title`}>{field.title}</dt>,
        <dd key={field.name}>
          <Value field={field} value={view.record[field.name]} names={view.names} />
        </dd>,
      ])}
    </dl>
  );
}

/** The life cycle, with the place where the record stands. States in which it is in force are underlined. */
function Steps({ kind, state }: { kind: KindDescription; state: string }) {
  if (kind.states.length < 2) return null;
  return (
    <ol className="steps" aria-label="Life cycle">
      {kind.states.map((each) => (
        <li
          key={each}
          className={kind.live.includes(each) ? "live" : undefined}
          aria-current={each === state ? "step" : undefined}
        >
          {inWords(each)}
        </li>
      ))}
    </ol>
  );
}

function Deeds({ kind, view }: { kind: string; view: RecordView }) {
  const can = view.deeds.filter(({ may }) => may !== "no");
  const cannot = view.deeds.filter(({ may }) => may === "no");
  const onward = deedOnward(can, view.record.state);
  return (
    <div>
      {can.length > 0 && (
        <div className="deeds" role="group" aria-label="Deeds">
          {can.map((offer) => (
            <DeedLink key={offer.deed} open={{ kind, ref: view.record.ref, deed: offer.deed }} first={offer === onward}>
              {deedTitle(offer, view.record.ref)}
              {offer.may === "not-yet" && <span className="faint"> (not yet)</span>}
            </DeedLink>
          ))}
        </div>
      )}
      {cannot.length > 0 && (
        <details className="deeds-not">
          <summary>
            {cannot.length} {cannot.length === 1 ? "deed is" : "deeds are"} not yours to do
          </summary>
          <ul>
            {cannot.map((offer) => (
              <li key={offer.deed}>
                <Reason offer={offer} record={view.record.ref} />
              </li>
            ))}
          </ul>
        </details>
      )}
      {view.deeds.length === 0 && <p className="quiet">From here no deed leads on: what is recorded stays.</p>}
    </div>
  );
}

function Reason({ offer, record }: { offer: DeedOffer; record: string }) {
  return (
    <>
      <button type="button" className="button" disabled>
        {deedTitle(offer, record)}
      </button>{" "}
      <span className="quiet">
        {offer.why}
        {offer.rule !== null && ` (${offer.rule})`}
      </span>
    </>
  );
}

const mostLinksOpen = 12;

/** What the record points to and what points to it. */
export function LinksBlock({ kind, view }: Props) {
  const { out, back, moreBack } = view.links;
  const titleOf = (path: string) => titleOfPath(kind.fields, path.split("."));
  if (out.length + back.length === 0) return null;
  return (
    <section className="block" aria-labelledby="links">
      <BlockHead id="links" detail={`${out.length} out, ${back.length}${moreBack ? " and more" : ""} in`}>
        Links
      </BlockHead>
      <LinkList links={out} say={(link) => titleOf(link.field)} />
      {back.length > 0 && (
        <details className="block-note" open={out.length + back.length <= mostLinksOpen}>
          <summary className="quiet">
            Named by {back.length}
            {moreBack ? " and more" : ""} {back.length === 1 ? "record" : "records"}
          </summary>
          <LinkList
            links={back}
            say={(link) =>
              `${link.kind === null ? "A record" : inWords(link.kind)} names it as ${lowerFirst(inWords(link.field.split(".").at(-1) ?? ""))}`
            }
          />
        </details>
      )}
    </section>
  );
}

type LinkLine = RecordView["links"]["out"][number];

function LinkList({ links, say }: { links: readonly LinkLine[]; say: (link: LinkLine) => string }) {
  const groups = Map.groupBy(links, say);
  return (
    <dl className="links">
      {[...groups].flatMap(([title, inGroup]) => [
        <dt key={`${title} title`} className="faint">
          {title}
        </dt>,
        <dd key={title}>
          <ul>
            {[...new Map(inGroup.map((link) => [link.ref, link])).values()].map((link) => (
              <li key={link.ref} className="row">
                <RecordLink record={link.ref} title={link.title} kind={link.kind} />
                {link.state !== null && <StateBadge state={link.state} />}
              </li>
            ))}
          </ul>
        </dd>,
      ])}
    </dl>
  );
}

function titleOfPath(fields: readonly FieldDescription[], path: readonly string[]): string {
  const [head, ...rest] = path;
  const field = fields.find(({ name }) => name === head);
  if (!field) return inWords(head ?? "");
  const parts = field.parts ?? field.item?.parts;
  return rest.length > 0 && parts ? `${field.title}, ${lowerFirst(titleOfPath(parts, rest))}` : field.title;
}
