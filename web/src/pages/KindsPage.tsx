import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { listKinds } from "#contract/kind.ts";
import { query } from "../api.ts";
import { Page } from "../parts/Page.tsx";
import { headings, placeKinds } from "../shell/headings.ts";
import { ScrollRegion } from "../ui/ScrollRegion.tsx";

/** Every kind of record that an organisation keeps. */
export function KindsPage() {
  const { kinds } = useSuspenseQuery(query(listKinds, {})).data;
  const placed = placeKinds(kinds);
  return (
    <Page title="All records" lead={`${kinds.length} kinds of record, where the standard speaks of them.`}>
      <ScrollRegion label="Kinds of record">
        <table className="table" aria-label="Kinds of record">
          <thead>
            <tr>
              <th scope="col">Kind</th>
              <th scope="col">What it is</th>
              <th scope="col">Serves</th>
            </tr>
          </thead>
          {headings.map(({ phase, title }) => (
            <tbody key={phase}>
              <tr className="group">
                <th scope="rowgroup" colSpan={3}>
                  {title}
                </th>
              </tr>
              {placed[phase].map((kind) => (
                <tr key={kind.name}>
                  <td>
                    <Link to="/records/$kind" params={{ kind: kind.name }}>
                      {kind.plural}
                    </Link>
                  </td>
                  <td className="wrap">{kind.summary}</td>
                  <td className="no wrap">{kind.serves.join(", ")}</td>
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      </ScrollRegion>
    </Page>
  );
}
