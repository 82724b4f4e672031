import { z } from "zod";
import type { Day, Instant } from "#core/basics/time.ts";
import type { FieldsByKind, KindName, StatesByKind } from "./all.ts";
import type { Deed } from "./deed.ts";
import { envelope } from "./envelope.ts";
import { metaOf, type Ref } from "./field.ts";

export type Fields = Record<string, z.ZodType>;
type Values<F extends Fields> = { [Name in keyof F]?: z.output<F[Name]> };

/** What the software knows of a record besides its content. Set by the machine, never by a form. */
export type Kept = {
  /** Says nothing about the record; the ledger's `rid`. */
  id: string;
  ref: Ref;
  /** Which version this is, from 1; each deed makes the next. */
  rev: number;
  /** SHA-256, hex, of what an approval binds to: `contentOf`. */
  content_hash: string;
  created_at: Instant;
  /** The person who created the record; absent when the machine did. */
  created_by?: Ref;
  /** When this version entered the software. */
  recorded_at: Instant;
  recorded_by?: Ref;
  /** On which day the deed that led to the present state was done. */
  state_since: Day;
};

/** A record of a kind as it is kept: its fields, its state and what the machine knows. */
export type RecordOf<K extends KindName = KindName> = K extends KindName
  ? Kept & { kind: K; state: StatesByKind[K] } & Values<typeof envelope> & Values<FieldsByKind[K]>
  : never;

/** A record whose kind does not matter to the reader. */
export type AnyRecord = Kept & { kind: KindName; state: string } & Values<typeof envelope> & {
    readonly [field: string]: unknown;
  };

/** Everything there is to say about a kind of record. One file in `kinds/` each. */
export type Kind = {
  name: KindName;
  /** Starts the references: `RSK` in `RSK-007`. */
  prefix: string;
  /** Digits of the number in a reference. */
  digits: number;
  title: string;
  plural: string;
  /** What the record is, in one sentence. */
  summary: string;
  /** Catalogue nodes that the kind is evidence for. */
  serves: readonly string[];
  fields: Fields;
  states: readonly string[];
  /** States in which the record counts: it needs an active owner and its review date matters. */
  live: readonly string[];
  /** States in which the content may not change (INV-02): what an approval binds to stays as it is. */
  frozen: readonly string[];
  deeds: Readonly<Record<string, Deed>>;
  /** Where a list looks first: field names in order. */
  columns: readonly string[];
  /** Who may read it; all members unless said otherwise. */
  sealed?: boolean;
  /** Needs no owner while it is live: it belongs to another record, a person or the machine (INV-27). */
  ownerless?: true;
  /** `ledger` for the one kind that is a view of the ledger's entries. */
  kept?: "ledger";
};

/** Defines a kind. The types of its fields and states come from the exports `fields` and `states` of its file. */
export function recordKind<const Name extends KindName>(
  definition: Omit<Kind, "digits" | "frozen" | "live" | "deeds" | "states"> & {
    name: Name;
    digits?: number;
    states: readonly StatesByKind[Name][];
    live: readonly StatesByKind[Name][];
    frozen?: readonly StatesByKind[Name][];
    deeds: Readonly<Record<string, Deed<Name>>>;
  },
): Kind {
  // A deed of one kind is kept among deeds of all kinds; `perform` only hands it records of its own.
  const deeds = definition.deeds as unknown as Readonly<Record<string, Deed>>;
  return { digits: 2, frozen: [], ...definition, deeds: { ...deeds, ...handOver({ ...definition, deeds }) } };
}

/** Every kind that needs an owner lets its live records pass to another one, whatever else may change (INV-27). */
function handOver(kind: Pick<Kind, "title" | "ownerless" | "live" | "deeds">): Readonly<Record<string, Deed>> {
  if (kind.ownerless === true || kind.live.length === 0 || kind.deeds["hand_over"]) return {};
  const deed: Deed = {
    title: `Hand over ${/^[A-Z]{2}/.test(kind.title) ? kind.title : kind.title.toLowerCase()}`,
    // The states of the kind itself; the deed of one kind is never asked of another.
    from: kind.live as Exclude<Deed["from"], "new">,
    who: [{ by: "owner" }, { by: "role", role: "aims_manager" }, { by: "role", role: "top_management" }],
    sets: ["owner", "org_unit"],
    needs: ["owner"],
  };
  return { hand_over: deed };
}

/** The schema of all fields that a person may set: closed, so that an unknown field is named. */
export function schemaOf(kind: Kind): z.ZodObject {
  let schema = schemas.get(kind);
  if (!schema) {
    const shape = Object.fromEntries(
      Object.entries({ ...envelope, ...kind.fields }).map(([name, field]) => [name, field.optional()]),
    );
    schema = z.strictObject(shape);
    schemas.set(kind, schema);
  }
  return schema;
}
const schemas = new WeakMap<Kind, z.ZodObject>();

/** One place where a record points to another. */
export type LinkFound = { field: string; to: Ref };

/** Every link that the record's fields hold; `field` is the path without list positions, `actions.who`. */
export function linksOf(kind: Kind, record: { readonly [field: string]: unknown }): LinkFound[] {
  const found: LinkFound[] = [];
  for (const [name, form] of formsOf(kind)) {
    const value = record[name];
    if (value !== undefined && form.hasLinks) collectLinks(form, value, name, found);
  }
  return found;
}

function collectLinks(form: Form, value: unknown, field: string, found: LinkFound[]): void {
  if (form.item && Array.isArray(value)) {
    for (const item of value) collectLinks(form.item, item, field, found);
  } else if (form.parts && typeof value === "object" && value !== null) {
    for (const [name, part] of form.parts) {
      const item = (value as Record<string, unknown>)[name];
      if (item !== undefined && part.hasLinks) collectLinks(part, item, `${field}.${name}`, found);
    }
  } else if (form.isLink && typeof value === "string") {
    found.push({ field, to: value });
  }
}

/** The part of the record that an approval binds to: its fields without those marked as set after approval. */
export function contentOf(kind: Kind, record: { readonly [field: string]: unknown }): Record<string, unknown> {
  const content: Record<string, unknown> = { kind: kind.name };
  for (const [name, form] of formsOf(kind)) {
    const value = record[name];
    if (value === undefined) continue;
    const bound = boundPart(form, value);
    if (bound !== undefined) content[name] = bound;
  }
  return content;
}

function boundPart(form: Form, value: unknown): unknown {
  if (form.isAfter) return undefined;
  const { item, parts } = form;
  if (item && Array.isArray(value)) return value.map((one) => boundPart(item, one)).filter((one) => one !== undefined);
  if (parts && typeof value === "object" && value !== null) {
    const bound = parts
      .map(([name, part]) => [name, (value as Record<string, unknown>)[name], part] as const)
      .filter(([, one]) => one !== undefined)
      .map(([name, one, part]) => [name, boundPart(part, one)] as const)
      .filter(([, one]) => one !== undefined);
    return Object.fromEntries(bound);
  }
  return value;
}

/** What walking a value asks of its schema, found once: every record that is read or written is walked. */
type Form = {
  isAfter: boolean;
  isLink: boolean;
  hasLinks: boolean;
  item?: Form;
  parts?: readonly (readonly [string, Form])[];
};

const forms = new WeakMap<Kind, readonly (readonly [string, Form])[]>();

function formsOf(kind: Kind): readonly (readonly [string, Form])[] {
  let known = forms.get(kind);
  if (!known)
    forms.set(
      kind,
      (known = Object.entries({ ...envelope, ...kind.fields }).map(
        ([name, schema]) => [name, formOf(schema)] as const,
      )),
    );
  return known;
}

function formOf(schema: z.ZodType): Form {
  const isAfter = metaOf(schema)?.after === true;
  let inner = schema;
  while (inner instanceof z.ZodOptional) inner = inner.unwrap() as z.ZodType;
  if (inner instanceof z.ZodArray) {
    const item = formOf(inner.element as z.ZodType);
    return { isAfter, isLink: false, hasLinks: item.hasLinks, item };
  }
  if (inner instanceof z.ZodObject) {
    const parts = Object.entries(inner.shape).map(([name, part]) => [name, formOf(part as z.ZodType)] as const);
    return { isAfter, isLink: false, hasLinks: parts.some(([, part]) => part.hasLinks), parts };
  }
  const isLink = metaOf(inner)?.input === "link";
  return { isAfter, isLink, hasLinks: isLink };
}
