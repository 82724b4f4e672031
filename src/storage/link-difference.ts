import { kinds } from "#core/records/all.ts";
import type { Ref } from "#core/records/field.ts";
import { linksOf, type AnyRecord } from "#core/records/kind.ts";
import type { Version } from "#core/records/transition.ts";

/** A link as the database keeps it. */
export type KeptLink = { from_ref: string; field: string; to_ref: string; from_kind: string };

/** What a batch of versions changes in the links, from before its first version of a record to after its last. */
export class LinkDifference {
  readonly #before = new Map<Ref, Map<string, KeptLink>>();
  readonly #after = new Map<Ref, Map<string, KeptLink>>();

  add({ before, record }: Version): void {
    if (!this.#before.has(record.ref)) this.#before.set(record.ref, before ? linksByName(before) : new Map());
    this.#after.set(record.ref, linksByName(record));
  }

  gone(): KeptLink[] {
    return difference(this.#before, this.#after);
  }

  come(): KeptLink[] {
    return difference(this.#after, this.#before);
  }
}

type LinksByRecord = ReadonlyMap<Ref, ReadonlyMap<string, KeptLink>>;

function difference(one: LinksByRecord, other: LinksByRecord): KeptLink[] {
  return [...one].flatMap(([ref, links]) =>
    [...links].filter(([name]) => other.get(ref)?.has(name) !== true).map(([, link]) => link),
  );
}

function linksByName(record: AnyRecord): Map<string, KeptLink> {
  return new Map(
    linksOf(kinds[record.kind], record).map(({ field, to }) => [
      `${field} ${to}`,
      { from_ref: record.ref, field, to_ref: to, from_kind: record.kind },
    ]),
  );
}
