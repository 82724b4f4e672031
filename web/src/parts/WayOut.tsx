import { useQueries, useQuery } from "@tanstack/react-query";
import { checkTexts } from "#core/standard/catalogue.ts";
import type { BoardCheck } from "#contract/board.ts";
import { listKinds, readNewDeeds } from "#contract/kind.ts";
import { findRecord, type RecordView } from "#contract/record.ts";
import { query } from "../api.ts";
import { deedsThatMayMend, deedTitle } from "./deed-order.ts";
import { DeedLink } from "./DeedLink.tsx";

const mostRecords = 3;
const mostDeeds = 3;

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
  const made = useQuery({ ...query(readNewDeeds, { kind: firstKind }), enabled: asksForNew }).data?.deeds.find(
    ({ may }) => may !== "no",
  );
  const summaries = useQuery(query(listKinds, {})).data?.kinds ?? [];
  const inOrder = views.toSorted((one, other) => rankOf(kinds, one) - rankOf(kinds, other));
  const words = `${checkTexts.get(check.id)?.text ?? ""} ${check.because}`;
  const all = inOrder.map((view) =>
    deedsThatMayMend(view.deeds, words, view.record.kind.replaceAll("_", " ")).map((offer) => ({ view, offer })),
  );
  // First one deed of each record, then the second ones.
  const deeds = Array.from({ length: mostDeeds }, (_, at) => all.flatMap((each) => each[at] ?? []))
    .flat()
    .slice(0, mostDeeds);
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
          <DeedLink
            key={`${view.record.ref} ${offer.deed}`}
            open={{ kind: view.record.kind, ref: view.record.ref, deed: offer.deed }}
            first={at === 0}
          >
            {views.length > 1 ? `${offer.title} ${view.record.ref}` : deedTitle(offer, view.record.ref)}
          </DeedLink>
        ))}
      </div>
    );
  }
  const owners = [
    ...new Set(
      views.flatMap(({ record, names }) => (record.owner === undefined ? [] : [names[record.owner] ?? record.owner])),
    ),
  ];
  if (views.length > 0 || asksForNew) {
    const what = asksForNew
      ? (summaries.find(({ name }) => name === firstKind)?.title.toLowerCase() ?? "record")
      : undefined;
    return (
      <p className="faint block-note">
        {what
          ? `Missing: a ${what}. Your roles do not let you make it.`
          : owners.length > 0
            ? `With ${owners.join(", ")}`
            : "Your roles offer no deed here."}
      </p>
    );
  }
  return null;
}

// The catalogue names first the kind that a check is about.
function rankOf(kinds: readonly string[], { record }: RecordView): number {
  const at = kinds.indexOf(record.kind);
  return at < 0 ? kinds.length : at;
}
