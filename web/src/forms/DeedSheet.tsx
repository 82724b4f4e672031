import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { OpenDeed } from "../search.ts";
import { deedTitle } from "../parts/deed-order.ts";
import { Sheet } from "../ui/Sheet.tsx";
import { Note } from "../ui/Badge.tsx";
import { query } from "../api.ts";
import { readKind, readNewDeeds } from "#contract/kind.ts";
import { readRecord, type DeedOffer, type RecordView } from "#contract/record.ts";
import { inWords } from "../words.ts";
import { DeedForm } from "./DeedForm.tsx";

type Props = { open: OpenDeed; onClose: () => void };

/** The form of a deed, in a panel over the page. */
export function DeedSheet({ open, onClose }: Props) {
  const kind = useQuery(query(readKind, { kind: open.kind }));
  const record = useQuery({
    ...query(readRecord, { kind: open.kind, ref: open.ref ?? "" }),
    enabled: open.ref !== undefined,
  });
  const offered = useQuery({ ...query(readNewDeeds, { kind: open.kind }), enabled: open.ref === undefined });
  const described = kind.data?.deeds.find(({ name }) => name === open.deed);
  const offer = (open.ref === undefined ? offered.data?.deeds : record.data?.deeds)?.find(
    ({ deed }) => deed === open.deed,
  );
  const error = kind.error ?? record.error ?? offered.error;
  // The form stays as it was opened: once its deed is done, the record no longer offers it.
  const [kept, setKept] = useState<{ offer: DeedOffer; view: RecordView | undefined }>();
  const isThere =
    kind.data !== undefined && (open.ref === undefined ? offered.data !== undefined : record.data !== undefined);
  if (!kept && isThere && offer) setKept({ offer, view: record.data });
  return (
    <Sheet title={described ? deedTitle(described, open.ref ?? "") : inWords(open.deed)} onClose={onClose}>
      {error && (
        <Note tone="bad" urgent>
          {error.message}
        </Note>
      )}
      {isThere && !kept && !offer && (
        <Note tone="attention">
          {record.data
            ? `${open.ref} is ${inWords(record.data.record.state).toLowerCase()}: this deed is not open from there`
            : "There is no such deed"}
        </Note>
      )}
      {kind.data && kept && (
        <DeedForm kind={kind.data} offer={kept.offer} view={kept.view} known={open.fields ?? {}} onClose={onClose} />
      )}
    </Sheet>
  );
}
