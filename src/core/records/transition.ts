import { encodeUtf8, toHex } from "#core/basics/bytes.ts";
import { canonicalJson, type Json } from "#core/basics/canonical-json.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { dayOf, type Instant } from "#core/basics/time.ts";
import { sha256 } from "#core/basics/sha256.ts";
import type { Actor } from "./actor.ts";
import { kinds, type KindName } from "./all.ts";
import { demandDeed, perform, type Done, type Effect } from "./deed.ts";
import { envelope } from "./envelope.ts";
import { metaOf, type Ref } from "./field.ts";
import type { Follow, Records } from "./follow.ts";
import { contentOf, linksOf, type AnyRecord, type Kind } from "./kind.ts";

/** The records as they are before the deed, as far as it needs them. What the deed makes is put back in. */
export type Source = {
  find(ref: Ref): Promise<AnyRecord | undefined>;
  /** Enough records to follow the paths from the record, which may be a draft that is not kept yet. */
  around(record: AnyRecord, paths: Follow): Promise<Records>;
  put(record: AnyRecord): void;
};

/** Makes what a pure function cannot: ids that say nothing, and the next free reference of a kind. */
export type Mint = { id(): string; ref(kind: Kind): Promise<Ref> };

/** A deed that somebody asks for. */
export type Request = {
  kind: KindName;
  /** Absent: a new record gets the next free reference. */
  ref?: Ref;
  deed: string;
  fields?: Readonly<Record<string, unknown>>;
  /** Goes with an approval. */
  comment?: string;
  /** The version that the asker saw; another one is refused as stale. */
  rev?: number;
};

/** Who does it, and when. */
export type By = { actor: Actor; at: Instant };

/** One new version of a record, and how it came about. */
export type Version = {
  before: AnyRecord | undefined;
  record: AnyRecord;
  deed: string;
  op: "create" | "update" | "approve" | "sign" | "link";
  /** The record whose deed had this one as its effect. */
  because?: Ref;
  /** Whose deed it was; absent when that is known only from elsewhere, as of an imported history. */
  by?: Pick<Actor, "id" | "kind">;
};

/**
 * Every version that the deed makes: the record's own first, then its approval and its effects, each
 * already visible to the next. Nothing is written.
 *
 * @throws {Refusal} as `perform`, and `not-found` for a link to nothing, `stale`, `conflict`
 */
export async function transition(source: Source, mint: Mint, request: Request, by: By): Promise<Version[]> {
  const versions: Version[] = [];
  const waiting: { request: Request; because?: Ref }[] = [{ request }];
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    // An effect's own effects come after it; the bound stops two deeds that call each other.
    if (versions.length > 2000) throw new Error(`Deed ${request.kind}.${request.deed} has effects without end`);
    const made = await step({ source, mint, ...by }, next.request, next.because);
    versions.push(made.version);
    waiting.unshift(...made.follows.map((follow) => ({ request: follow, because: made.version.record.ref })));
  }
  return versions;
}

async function step(
  { source, mint, actor, at }: By & { source: Source; mint: Mint },
  request: Request,
  because: Ref | undefined,
): Promise<{ version: Version; follows: Request[] }> {
  const kind = kinds[request.kind];
  if (!kind) throw new Refusal("not-found", `Cannot find kind "${request.kind}": aims kinds shows all`);
  const deed = demandDeed(kind, request.deed);
  const before = request.ref === undefined ? undefined : await source.find(request.ref);
  if (before && before.kind !== kind.name)
    throw new Refusal("conflict", `Cannot ${request.deed} ${request.ref}: it is a ${before.kind}, not a ${kind.name}`);
  if (before && request.rev !== undefined && before.rev !== request.rev)
    throw new Refusal(
      "stale",
      `Cannot ${request.deed} ${before.ref}: it has changed since you read it (version ${before.rev}, you saw ${request.rev})`,
      { place: { record: before.ref } },
    );
  const ref = request.ref ?? (await mint.ref(kind));
  const draft = {
    ...before,
    ...withoutNull(request.fields ?? {}),
    ref,
    kind: kind.name,
    state: before?.state ?? "",
  } as AnyRecord;
  const records = await source.around(draft, deed.follow ?? {});
  const done = perform(
    kind,
    before,
    { deed: request.deed, ref, fields: request.fields ?? {} },
    { actor, at, records, consequence: because !== undefined },
  );
  if (
    before === undefined &&
    done.fields["owner"] === undefined &&
    kind.ownerless !== true &&
    actor.person !== undefined
  )
    done.fields["owner"] = actor.person;
  const record = finish(kind, before, done, { ref, id: before?.id ?? mint.id(), actor, at });
  await demandLinks(source, kind, before, record);
  await demandOwner(source, kind, record, request.deed);
  source.put(record);
  const op = done.approval ? "approve" : before === undefined ? "create" : (deed.op ?? "update");
  return {
    version: {
      before,
      record,
      deed: request.deed,
      op,
      by: { id: actor.id, kind: actor.kind },
      ...(because === undefined ? {} : { because }),
    },
    follows: [...approvalOf(record, done, { actor, at }, request.comment), ...done.effects.map(asRequest)],
  };
}

/** The record as it is kept after the deed. */
function finish(
  kind: Kind,
  before: AnyRecord | undefined,
  done: Done,
  made: { ref: Ref; id: string; actor: Actor; at: Instant },
): AnyRecord {
  const day = dayOf(made.at);
  return {
    ...done.fields,
    kind: kind.name,
    ref: made.ref,
    id: made.id,
    state: done.state,
    rev: (before?.rev ?? 0) + 1,
    content_hash: contentHash(kind, done.fields),
    created_at: before?.created_at ?? made.at,
    ...creatorOf(before, made.actor),
    recorded_at: made.at,
    ...(made.actor.person === undefined ? {} : { recorded_by: made.actor.person }),
    state_since: before?.state === done.state ? before.state_since : day,
  };
}

function creatorOf(before: AnyRecord | undefined, actor: Actor): { created_by?: Ref } {
  const by = before ? before.created_by : actor.person;
  return by === undefined ? {} : { created_by: by };
}

/** SHA-256, hex, over the canonical JSON of what an approval binds to (domain model, 1.2). */
export function contentHash(kind: Kind, fields: { readonly [field: string]: unknown }): string {
  return toHex(sha256(encodeUtf8(canonicalJson(contentOf(kind, fields) as Json))));
}

/** The fields of the record that people set, without what the machine knows. */
export function fieldsOf(kind: Kind, record: AnyRecord): Record<string, unknown> {
  const names = [...Object.keys(envelope), ...Object.keys(kind.fields)];
  return Object.fromEntries(names.filter((name) => record[name] !== undefined).map((name) => [name, record[name]]));
}

function approvalOf(record: AnyRecord, done: Done, { actor, at }: By, comment: string | undefined): Request[] {
  if (!done.approval) return [];
  const fields = {
    title: `${record.ref} version ${record.rev}: ${done.approval.decision}`,
    about: record.ref,
    version_no: record.rev,
    bound_to: record.content_hash,
    decision: done.approval.decision,
    as_role: done.approval.asRole,
    decided_at: at,
    ...(actor.person === undefined ? {} : { person: actor.person }),
    ...(done.approval.proof === undefined ? {} : { proof: done.approval.proof }),
    ...(comment === undefined ? {} : { comment }),
    ...(record.ai_systems === undefined ? {} : { ai_systems: record.ai_systems }),
  };
  return [{ kind: "approval", deed: "give", fields }];
}

function asRequest(effect: Effect): Request {
  if (effect.does === "create")
    return {
      kind: effect.kind,
      deed: effect.deed,
      fields: effect.fields,
      ...(effect.ref === undefined ? {} : { ref: effect.ref }),
    };
  return {
    kind: effect.kind,
    ref: effect.ref,
    deed: effect.deed,
    ...(effect.fields === undefined ? {} : { fields: effect.fields }),
  };
}

async function demandLinks(
  source: Source,
  kind: Kind,
  before: AnyRecord | undefined,
  record: AnyRecord,
): Promise<void> {
  const known = new Set(before ? linksOf(kind, before).map((link) => `${link.field} ${link.to}`) : []);
  for (const { field, to } of linksOf(kind, record)) {
    if (known.has(`${field} ${to}`) || to === record.ref) continue;
    const target = await source.find(to);
    const place = { record: record.ref, field };
    if (!target)
      throw new Refusal("not-found", `Cannot link ${record.ref} field "${field}" to ${to}: there is no such record`, {
        place,
      });
    const wanted = linkedKinds(kind, field);
    if (wanted.length > 0 && !wanted.includes(target.kind))
      throw new Refusal(
        "malformed",
        `Cannot link ${record.ref} field "${field}" to ${to}: it is a ${target.kind}, not a ${wanted.join(" or ")}`,
        { place },
      );
  }
}

/** The kinds that the link field at the path may point to; none named: any. */
export function linkedKinds(kind: Kind, path: string): readonly KindName[] {
  const [head = "", ...rest] = path.split(".");
  let schema: unknown = { ...envelope, ...kind.fields }[head];
  for (;;) {
    const part = schema as { unwrap?: () => unknown; element?: unknown; shape?: Record<string, unknown> };
    if (part.element !== undefined) schema = part.element;
    else if (part.shape !== undefined) schema = part.shape[rest.shift() ?? ""];
    else if (typeof part.unwrap === "function") schema = part.unwrap();
    else return metaOf(schema as Parameters<typeof metaOf>[0])?.link ?? [];
  }
}

async function demandOwner(source: Source, kind: Kind, record: AnyRecord, deed: string): Promise<void> {
  if (kind.ownerless === true || !kind.live.includes(record.state)) return;
  const refuse = (reason: string) =>
    new Refusal("guard", `Cannot ${deed} ${record.ref}: ${reason}`, {
      rule: "INV-27",
      place: { record: record.ref, field: "owner" },
    });
  if (record.owner === undefined) throw refuse("a live record has one owner; name one");
  const person = await source.find(record.owner);
  if (person?.state === "left") throw refuse(`its owner ${record.owner} has left; name another`);
}

function withoutNull(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
