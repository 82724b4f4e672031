import { useQueries, useQuery } from "@tanstack/react-query";
import type { BoardCheck } from "#contract/board.ts";
import { listKinds, readNewDeeds } from "#contract/kind.ts";
import { findRecord } from "#contract/record.ts";
import { query } from "../api.ts";
import type { OpenDeed } from "../search.ts";
import { DeedLink } from "./DeedLink.tsx";

const mostDeeds = 3;

type Mend = BoardCheck["mends"][number];

/** The deeds that mend the check, as far as whoever looks may do them; else with whom they are. */
export function WayOut({ check }: { check: BoardCheck }) {
  const { mends } = check;
  const refs = [...new Set(mends.flatMap(({ ref }) => ref ?? []))];
  const made = [...new Set(mends.flatMap(({ ref, kind }) => (ref === null ? [kind] : [])))];
  const views = useQueries({
    queries: refs.map((ref) => query(findRecord, { ref })),
    combine: (answers) => answers.flatMap(({ data }) => data ?? []),
  });
  const news = useQueries({
    queries: made.map((kind) => query(readNewDeeds, { kind })),
    combine: (answers) => new Map(made.map((kind, at) => [kind, answers[at]?.data?.deeds ?? []])),
  });
  const summaries = useQuery(query(listKinds, {})).data?.kinds ?? [];
  const isOpen = (mend: Mend) => {
    const offers = mend.ref === null ? news.get(mend.kind) : views.find(({ record }) => record.ref === mend.ref)?.deeds;
    const offer = offers?.find(({ deed }) => deed === mend.deed);
    return offer !== undefined && offer.may !== "no";
  };
  const open = mends.filter(isOpen).slice(0, mostDeeds);
  if (open.length > 0) {
    return (
      <div className="way-out">
        {open.map((mend, at) => (
          <DeedLink key={`${mend.ref} ${mend.kind} ${mend.deed} ${at}`} open={openDeed(mend)} first={at === 0}>
            {mend.ref === null ? mend.title : `${mend.title} ${mend.ref}`}
          </DeedLink>
        ))}
      </div>
    );
  }
  const isRead = views.length === refs.length && made.every((kind) => (news.get(kind)?.length ?? 0) > 0);
  if (mends.length === 0 || !isRead) return null;
  const owners = [
    ...new Set(
      views.flatMap(({ record, names }) => (record.owner === undefined ? [] : [names[record.owner] ?? record.owner])),
    ),
  ];
  const missing = summaries.find(({ name }) => name === made[0])?.title.toLowerCase();
  return (
    <p className="faint block-note">
      {owners.length > 0
        ? `With ${owners.join(", ")}`
        : refs.length === 0 && missing
          ? `Missing: a ${missing}. Your roles do not let you make it.`
          : "Your roles offer no deed here."}
    </p>
  );
}

function openDeed({ ref, kind, deed, fields }: Mend): OpenDeed {
  return { kind, deed, ...(ref === null ? {} : { ref }), ...(Object.keys(fields).length > 0 ? { fields } : {}) };
}
