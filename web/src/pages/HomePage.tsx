import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { readHome, type Home } from "#contract/board.ts";
import { query } from "../api.ts";
import { DeedLink } from "../parts/DeedLink.tsx";
import { Page } from "../parts/Page.tsx";
import { useDayShown, useSession } from "../shell/session.ts";
import { dayInWords, inWords, upperFirst } from "../words.ts";

type Section = Home["sections"][number];

/** What is owed by whoever asks, by the roles that they hold. */
export function HomePage() {
  const { day, isPast, asAt } = useDayShown();
  const { organization } = useSession();
  const { data: home } = useSuspenseQuery(query(readHome, { as_at: asAt }));
  const roles = home.roles.map(inWords);
  return (
    <Page
      title={home.person?.name ?? organization.name}
      lead={
        <>
          {isPast ? "As at " : ""}
          {dayInWords(day)}.{" "}
          {roles.length > 0 ? `${roles.join(", ")}.` : "No role: what everyone may see and do is here."}
        </>
      }
    >
      <div className="owed">
        {home.sections.map((section) => (
          <section key={section.id} aria-labelledby={`home-${section.id}`}>
            <h2 id={`home-${section.id}`}>
              {section.title}{" "}
              <span>
                {section.of === 0
                  ? "none"
                  : section.of > section.items.length
                    ? `${section.items.length} of ${section.of}`
                    : section.of}
              </span>
            </h2>
            {section.items.length === 0 ? (
              <p className="quiet block-empty">{section.empty}</p>
            ) : (
              <Items section={section} isPast={isPast} />
            )}
          </section>
        ))}
        {home.sections.length === 0 && (
          <p className="empty">Nothing is owed by you. The standard shows where the organisation stands.</p>
        )}
      </div>
    </Page>
  );
}

function Items({ section, isPast }: { section: Section; isPast: boolean }) {
  return (
    <ul>
      {section.items.map((item, at) => (
        // One record may stand here twice, for two reasons.
        <li key={`${item.ref ?? item.node ?? ""} ${at}`}>
          <div>
            {item.ref !== undefined ? (
              <Link to="/refs/$ref" params={{ ref: item.ref }} className="chip">
                <span className="ref">{item.ref}</span>
                <span className="item-title">{item.title}</span>
              </Link>
            ) : item.node !== undefined ? (
              <Link to="/standard/$node" params={{ node: item.node }} className="item-title">
                {item.title}
              </Link>
            ) : (
              <span className="item-title">{item.title}</span>
            )}
          </div>
          <p className="why">{upperFirst(item.why)}</p>
          <div className="deed">
            {item.day !== undefined && <time dateTime={item.day}>{item.day}</time>}
            {item.deed && !isPast && (
              <DeedLink
                open={{
                  kind: item.deed.kind,
                  deed: item.deed.deed,
                  ...(item.ref === undefined ? {} : { ref: item.ref }),
                }}
              >
                {item.deed.title}
              </DeedLink>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
