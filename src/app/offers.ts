import { Refusal, type RefusalCode } from "#core/basics/refusal.ts";
import type { Instant } from "#core/basics/time.ts";
import type { Actor } from "#core/records/actor.ts";
import { kinds, type KindName } from "#core/records/all.ts";
import { deedsFrom, perform, type Deed } from "#core/records/deed.ts";
import type { Records } from "#core/records/follow.ts";
import type { AnyRecord, Kind } from "#core/records/kind.ts";
import { loadAround } from "#storage/record-store.ts";
import type { Reader } from "./world.ts";

/** A deed that the record's state allows, and whether the actor may do it. */
export type DeedOffer = {
  deed: string;
  title: string;
  /** The state afterwards, where it is known before the content is. */
  to: string | null;
  /** `not-yet`: the actor may, once what `why` says is mended; the deed's own fields may do so. */
  may: "yes" | "not-yet" | "no";
  /** Why not, in words; null when `may` is yes. */
  why: string | null;
  code: RefusalCode | null;
  rule: string | null;
  /** Fields that it may set; null for all. */
  sets: readonly string[] | null;
  needs: readonly string[];
  /** Asks for the approver's credential again. */
  asksCredential: boolean;
};

type Asking = { actor: Actor; at: Instant };

/** What the record's state allows, or what creates a record of the kind, and whether the actor may. Deeds that only the software does are left out. */
export async function offersFor(reader: Reader, about: AnyRecord | KindName, asking: Asking): Promise<DeedOffer[]> {
  const record = typeof about === "string" ? undefined : about;
  const kind = kinds[typeof about === "string" ? about : about.kind];
  const names = deedsFrom(kind, record?.state ?? "new").filter((name) => isForPeople(kind.deeds[name]));
  const draft = record ?? ({ ref: `${kind.prefix}-0`, kind: kind.name, state: "" } as AnyRecord);
  const records = await loadAround(
    reader,
    record ? [record] : [draft],
    names.map((name) => kind.deeds[name]?.follow ?? {}),
  );
  return names.flatMap((name) => {
    const deed = kind.deeds[name];
    return deed ? [offerOf(kind, record, { name, deed }, { ...asking, records })] : [];
  });
}

function isForPeople(deed: Deed | undefined): boolean {
  return deed !== undefined && deed.who.some((who) => who.by !== "machine");
}

function offerOf(
  kind: Kind,
  record: AnyRecord | undefined,
  { name, deed }: { name: string; deed: Deed },
  asking: Asking & { records: Records },
): DeedOffer {
  const refusal = refusalOf(kind, record, name, asking);
  // A field that must be filled in is what the form is for.
  const isForTheForm =
    refusal !== undefined && (refusal.code === "malformed" || (refusal.code === "guard" && refusal.rule === undefined));
  const stands = isForTheForm ? undefined : refusal;
  return {
    deed: name,
    title: deed.title,
    to: typeof deed.to === "string" ? deed.to : (record?.state ?? null),
    may: stands === undefined ? "yes" : stands.code === "guard" ? "not-yet" : "no",
    why: stands === undefined ? null : reasonOf(stands.message, record),
    code: stands?.code ?? null,
    rule: stands?.rule ?? null,
    sets: deed.sets ?? null,
    needs: deed.needs ?? [],
    asksCredential: deed.approves !== undefined,
  };
}

function refusalOf(
  kind: Kind,
  record: AnyRecord | undefined,
  name: string,
  { actor, at, records }: Asking & { records: Records },
): Refusal | undefined {
  try {
    const ref = record?.ref ?? `${kind.prefix}-0`;
    // The credential is asked for when the deed is done, not when it is offered.
    perform(
      kind,
      record,
      { deed: name, ref, fields: {} },
      { actor: { ...actor, proof: actor.proof ?? "password" }, at, records },
    );
    return undefined;
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    return refusal;
  }
}

/** The part after "Cannot <deed> <record>: ", as a sentence of its own. */
function reasonOf(message: string, record: AnyRecord | undefined): string {
  const named =
    record === undefined ? ": " : `${record.ref}${record.title === undefined ? "" : ` "${record.title}"`}: `;
  const start = message.indexOf(named);
  const reason = start === -1 ? message : message.slice(start + named.length);
  return reason.charAt(0).toUpperCase() + reason.slice(1);
}
