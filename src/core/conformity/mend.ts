import { kinds, type KindName } from "#core/records/all.ts";
import { deedsFrom } from "#core/records/deed.ts";
import { envelope } from "#core/records/envelope.ts";
import { metaOf, type FieldMeta, type Ref } from "#core/records/field.ts";
import type { AnyRecord } from "#core/records/kind.ts";
import type { z } from "zod";

/** A deed by which people set right what a check finds: one on a record that decides it, or one that makes a record. */
export type Mend =
  | { on: KindName; deed: string }
  | {
      make: KindName;
      deed: string;
      /** The link of the new record that is filled with a deciding record. */
      about?: string;
      /** What else is known of the new record. */
      with?: Readonly<Record<string, unknown>>;
    };

/** On those deciding records of the kind whose state allows the deed. */
export const on = (kind: KindName, deed: string): Mend => ({ on: kind, deed });

/** By a new record of the kind. */
export const make = (
  kind: KindName,
  deed: string,
  known: { about?: string; with?: Readonly<Record<string, unknown>> } = {},
): Mend => ({ make: kind, deed, ...known });

/** A mend as it is offered: on which record, or with what filled in. */
export type MendOffer = {
  /** Null where the deed makes a record. */
  ref: Ref | null;
  kind: KindName;
  deed: string;
  title: string;
  fields: Readonly<Record<string, unknown>>;
};

/** More records than these one cannot choose from at a glance; each is a link beside. */
const mostRecords = 3;

/**
 * What of the mends can be done as the deciding records stand, those first that the check names first.
 * Whether the one who looks may do it is another question.
 */
export function mendsOpen(
  mends: readonly Mend[],
  deciding: readonly Pick<AnyRecord, "ref" | "kind" | "state">[],
): MendOffer[] {
  return mends.flatMap((mend): MendOffer[] => {
    if ("on" in mend) {
      const kind = kinds[mend.on];
      return deciding
        .filter((record) => record.kind === mend.on && deedsFrom(kind, record.state).includes(mend.deed))
        .slice(0, mostRecords)
        .map(({ ref }) => ({ ref, kind: mend.on, deed: mend.deed, title: titleOf(mend.on, mend.deed), fields: {} }));
    }
    const told = { ref: null, kind: mend.make, deed: mend.deed, title: titleOf(mend.make, mend.deed) };
    const { about } = mend;
    if (about === undefined) return [{ ...told, fields: { ...mend.with } }];
    const link = linkOf(mend.make, about);
    const subject = deciding.find(({ kind }) => link.to.length === 0 || link.to.includes(kind));
    // Something else decides than what the record would be about: this mend is for another clause.
    if (!subject && deciding.length > 0) return [];
    return [
      { ...told, fields: { ...mend.with, ...(subject ? { [about]: link.isList ? [subject.ref] : subject.ref } : {}) } },
    ];
  });
}

/** Which kinds the link field points to, all when empty, and whether it holds several. Throws when the field is no link. */
export function linkOf(kind: KindName, field: string): { to: readonly KindName[]; isList: boolean } {
  const schema = ({ ...envelope, ...kinds[kind].fields } as Readonly<Record<string, z.ZodType>>)[field];
  const meta = schema && metaOf(schema);
  const link = meta?.input === "list" && schema ? itemOf(schema) : meta;
  if (link?.input !== "link") throw new Error(`Field "${field}" of ${kind} is no link`);
  return { to: link.link ?? [], isList: meta?.input === "list" };
}

function itemOf(list: z.ZodType): FieldMeta | undefined {
  let inner = list;
  while ("unwrap" in inner && !("element" in inner)) inner = (inner as z.ZodOptional<z.ZodType>).unwrap();
  return "element" in inner ? metaOf((inner as z.ZodArray<z.ZodType>).element) : undefined;
}

function titleOf(kind: KindName, name: string): string {
  const deed = kinds[kind].deeds[name];
  if (!deed) throw new Error(`The kind ${kind} has no deed ${name}`);
  return deed.title;
}
