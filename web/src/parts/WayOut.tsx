import { useQueries, useQuery } from "@tanstack/react-query";
import { checkTexts } from "#core/standard/catalogue.ts";
import type { BoardCheck } from "#contract/board.ts";
import { listKinds, readNewDeeds } from "#contract/kind.ts";
import { findRecord, type RecordView } from "#contract/record.ts";
import { query } from "../api.ts";
import { DeedLink } from "./DeedLink.tsx";

const mostRecords = 3;
const mostDeeds = 3;
// Ends of a record's life mend nothing, though they are open nearly always.
const ends = /withdraw|cancel|revoke|reject|refuse|decline|retire|supersede|obsolete|decide_not/;

/** The deeds by which whoever looks can mend the check; else who can. */
export function WayOut({ check }: { check: BoardCheck }) {
  const views = useQueries({
    queries: check.records.slice(0, mostRecords).map((ref) => query(findRecord, { ref })),
    combine: (answers) => answers.flatMap(({ data }) => data ?? []),
  });
  const kinds = checkTexts.get(check.id)?.records ?? [];
  const firstKind = kinds[0] ?? "";
  // Where no record decides, one is missing: the deed that makes it is the way out.
  const asksForNew = check.records.length === 0 && firstKind !== "";
  const made = useQuery({ ...query(readNewDeeds, { kind: firstKind }), enabled: asksForNew }).data?.deeds.find(({ may }) => may !== "no");
  const { kinds: all } = useQuery(query(listKinds, {})).data ?? { kinds: [] };
  const deeds = views.flatMap(deedsOn).slice(0, mostDeeds);
  if (made) {
    return (
      <div className="way-out">
        <DeedLink open={{ kind: firstKind, deed: made.deed }} first>
          {made.title}
        </DeedLink>
      </div>
    );
  }
  if (deeds.length > 0) {
    return (
      <div className="way-out">
        {deeds.map(({ view, offer }, at) => (
          <DeedLink key={`${view.record.ref} ${offer.deed}`} open={{ kind: view.record.kind, ref: view.record.ref, deed: offer.deed }} first={at === 0}>
            {offer.title}
            {views.length > 1 ? `, ${view.record.ref}` : ""}
          </DeedLink>
        ))}
      </div>
    );
  }
  const owners = [...new Set(views.flatMap(({ record, names }) => (record.owner === undefined ? [] : [names[record.owner] ?? record.owner])))];
  if (views.length > 0 || asksForNew) {
    const what = asksForNew ? (all.find(({ name }) => name === firstKind)?.title.toLowerCase() ?? "record") : undefined;
    return <p className="faint block-note">{what ? `Missing: a ${what}. Your roles do not let you make it.` : owners.length > 0 ? `With ${owners.join(", ")}` : "Your roles offer no deed here."}</p>;
  }
  return null;
}

function deedsOn(view: RecordView) {
  return view.deeds.filter(({ may, deed }) => may === "yes" && !ends.test(deed) && deed !== "flag").map((offer) => ({ view, offer }));
}
