import { Refusal } from "#core/basics/refusal.ts";
import { dayOf, type Day, type Instant } from "#core/basics/time.ts";
import { findAuthority, findRole, isExternalAuditor, type Actor, type Concern, type RoleKey } from "./actor.ts";
import type { KindName, StatesByKind } from "./all.ts";
import type { Ref } from "./field.ts";
import { followAll, type Follow, type Records } from "./follow.ts";
import { contentOf, schemaOf, type AnyRecord, type Kind, type RecordOf } from "./kind.ts";

/** Who may do a deed. Each way names itself, so that a refusal can say whom to ask. */
export type Who =
  | { by: "role"; role: RoleKey }
  | { by: "authority"; authority: string }
  | { by: "owner" } // the record's owner
  | { by: "field"; field: string } // a person named in the record's field
  | { by: "creator" }
  | { by: "anyone" } // every active person
  | { by: "machine" } // services and the system itself: scanners, jobs, first set-up
  | { by: "administrator" };

export const role = (...roles: RoleKey[]): Who[] => roles.map((key) => ({ by: "role", role: key }));
export const authority = (name: string): Who[] => [{ by: "authority", authority: name }];
export const owner: Who[] = [{ by: "owner" }];
export const creator: Who[] = [{ by: "creator" }];
export const anyone: Who[] = [{ by: "anyone" }];
export const machine: Who[] = [{ by: "machine" }];
export const administrator: Who[] = [{ by: "administrator" }];
export const named = (...fields: string[]): Who[] => fields.map((field) => ({ by: "field", field }));

/** What a guard or an effect is told. `before` is absent when the deed creates the record. */
export type Moment<K extends KindName = KindName, F extends Follow = Follow> = {
  before: RecordOf<K> | undefined;
  /** The record as it would become. */
  next: RecordOf<K>;
  actor: Actor;
  today: Day;
  /** Records reached by the deed's `follow`, by name. */
  near: { readonly [Name in keyof F]: readonly AnyRecord[] } & Readonly<Record<string, readonly AnyRecord[]>>;
};

/** A rule that can stand in the way. Returns what is wrong, or nothing. */
export type Guard<K extends KindName = KindName> = {
  /** `INV-07`, or the section of the domain model that the rule comes from. */
  rule: string;
  code?: "guard" | "duties-apart";
  /** A sentence that completes "Cannot <deed> <record>: ...". */
  refuse: (moment: Moment<K>) => string | undefined;
};

/** What else a deed does, in the same transaction and under the same ledger. */
export type Effect =
  | { does: "create"; kind: KindName; ref?: Ref; deed: string; fields: Readonly<Record<string, unknown>> }
  | { does: "move"; kind: KindName; ref: Ref; deed: string; fields?: Readonly<Record<string, unknown>> };

/** A named act that a kind's life cycle allows. */
export type Deed<K extends KindName = KindName> = {
  /** Imperative, as on its button: "Approve policy". */
  title: string;
  /** States from which it may be done; `new` creates the record. */
  from: "new" | readonly StatesByKind[K][];
  /** The state after it; absent when it stays. A function where content decides, such as approved or approved with conditions. */
  to?: StatesByKind[K] | ((next: RecordOf<K>) => StatesByKind[K]);
  who: readonly Who[];
  /** Fields that the deed may set. Absent: all. Empty: none. */
  sets?: readonly string[];
  /** Fields that must have a value afterwards. */
  needs?: readonly string[];
  /** Fields filled by the machine from the moment: the day, the actor. A function of the moment. */
  fills?: (moment: Moment<K>) => Readonly<Record<string, unknown>>;
  /** Makes an approval record bound to the content's hash, and asks for the approver's credential again. */
  approves?:
    | "approve"
    | "approve_with_conditions"
    | "reject"
    | ((next: RecordOf<K>) => "approve" | "approve_with_conditions" | "reject");
  /** Person fields whose bearers may not do this deed (separation of duties); `creator` is who created the record. */
  apart?: readonly (string | "creator")[];
  /** The rule that `apart` enforces. INV-04 unless said otherwise. */
  apartRule?: string;
  follow?: Follow;
  guards?: readonly Guard<K>[];
  effects?: (moment: Moment<K>) => readonly Effect[];
  /** What time alone brings about: the daily tick does it as soon as its guards let it. */
  byTime?: true;
  /** What the ledger calls the operation; `update` unless said, `create` for a new record, `approve` for an approval. */
  op?: "link" | "sign";
};

/** How an approver showed anew who they are. */
export type Proof = NonNullable<Actor["proof"]>;

export type Done = {
  fields: Record<string, unknown>;
  state: string;
  effects: readonly Effect[];
  approval?: { decision: "approve" | "approve_with_conditions" | "reject"; asRole: string; proof?: Proof };
};

/** What is asked: the deed, the record it is about, and the fields given with it. */
export type Asked = { deed: string; ref: Ref; fields: Readonly<Record<string, unknown>> };

/** What `perform` holds a deed against. */
export type Circumstances = {
  actor: Actor;
  at: Instant;
  records: Records;
  /** Done as the effect of another deed: who may do it was decided there. */
  consequence?: boolean;
};

/**
 * The record's next fields and state, and what else follows. Pure: nothing is written.
 *
 * @throws {Refusal} `malformed`, `wrong-state`, `not-permitted`, `duties-apart`, `guard`, `credential-needed`
 */
export function perform(kind: Kind, before: AnyRecord | undefined, asked: Asked, circumstances: Circumstances): Done {
  const { ref, fields: input } = asked;
  const deed = demandDeed(kind, asked.deed);
  const { actor, at, records } = circumstances;
  const title = before?.title ?? (typeof input["title"] === "string" ? input["title"] : undefined);
  const deny = (code: ConstructorParameters<typeof Refusal>[0], reason: string, rule?: string) =>
    new Refusal(code, `Cannot ${lowerFirst(deed.title)} ${ref}${title ? ` "${title}"` : ""}: ${reason}`, {
      rule,
      place: { record: ref },
    });

  demandState(deed, before, deny);
  const given = parseInput(kind, deed, input, deny);
  const become = { kind, before, ref, at };
  const draft = nextRecord(become, { ...valuesOf(kind, before), ...given });
  const near = followAll(records, draft as AnyRecord, deed.follow ?? {}) as Moment["near"];
  const filled = deed.fills?.({ before, next: draft, actor, today: dayOf(at), near } as Moment) ?? {};
  const fields = withoutAbsent({ ...valuesOf(kind, before), ...given, ...filled });
  if (actor.kind === "person" && !Object.hasOwn(given, "suggested")) adoptRewritten(before, fields);
  const next = nextRecord(become, fields);
  const state =
    deed.to === undefined ? before?.state : typeof deed.to === "function" ? deed.to(next as RecordOf) : deed.to;
  if (state === undefined) throw new Error(`Deed ${kind.name}.${asked.deed} creates a record and names no state`);
  const moment: Moment = { before, next: { ...next, state } as RecordOf, actor, today: dayOf(at), near } as Moment;

  const asRole = demandWho(deed, before ?? next, circumstances, deny);
  demandApart(deed, before ?? next, actor, deny);
  const missing = (deed.needs ?? []).filter((field) => isEmpty(fields[field]));
  if (missing.length > 0)
    throw deny("guard", `${missing.map((field) => `"${field}"`).join(", ")} must be filled in first`);
  if (before && kind.frozen.includes(before.state) && changesContent(kind, before, fields))
    throw deny(
      "guard",
      `it is ${before.state}, and what was approved does not change; make a new version instead`,
      "INV-02",
    );
  for (const guard of deed.guards ?? []) {
    const reason = guard.refuse(moment);
    if (reason !== undefined) throw deny(guard.code ?? "guard", reason, guard.rule);
  }
  const decision = typeof deed.approves === "function" ? deed.approves(moment.next) : deed.approves;
  const unadopted = decision === undefined || decision === "reject" ? undefined : suggestedIn(moment.next);
  if (unadopted !== undefined) throw deny("guard", unadopted, "INV-35");
  if (decision !== undefined && actor.proof === undefined && circumstances.consequence !== true)
    throw deny("credential-needed", "an approval asks for the password again");
  return {
    fields,
    state,
    effects: deed.effects?.(moment) ?? [],
    ...(decision === undefined
      ? {}
      : { approval: { decision, asRole, ...(actor.proof === undefined ? {} : { proof: actor.proof }) } }),
  };
}

/** Whoever rewrites what a language model suggested makes it their own (INV-35). */
function adoptRewritten(before: AnyRecord | undefined, fields: Record<string, unknown>): void {
  const marks = before?.suggested ?? [];
  const kept = marks.filter(({ field }) => {
    const [head = ""] = field.split(".");
    return JSON.stringify(before?.[head]) === JSON.stringify(fields[head]);
  });
  if (kept.length === marks.length) return;
  if (kept.length > 0) fields["suggested"] = kept;
  else delete fields["suggested"];
}

/** Why the record's text is nobody's yet; nothing when people adopted all of it. */
export function suggestedIn({ suggested = [] }: Pick<AnyRecord, "suggested">): string | undefined {
  if (suggested.length === 0) return undefined;
  const told = suggested.map(({ field, model }) => `"${field}" by ${model}`).join(", ");
  return `a language model suggested ${told}; rewrite it, or take the mark away, to adopt it first`;
}

/** The deed of that name. @throws {Refusal} `not-found` */
export function demandDeed(kind: Kind, name: string): Deed {
  const deed = Object.hasOwn(kind.deeds, name) ? kind.deeds[name] : undefined;
  if (!deed)
    throw new Refusal(
      "not-found",
      `Cannot do "${name}" on ${article(kind.title)} ${kind.title.toLowerCase()}: its deeds are ${Object.keys(kind.deeds).join(", ")}`,
    );
  return deed;
}

/** Names of the deeds that the record's state allows, whoever asks. */
export function deedsFrom(kind: Kind, state: string | "new"): string[] {
  return Object.entries(kind.deeds)
    .filter(([, deed]) =>
      state === "new" ? deed.from === "new" : deed.from !== "new" && (deed.from as readonly string[]).includes(state),
    )
    .map(([name]) => name);
}

type Deny = (code: ConstructorParameters<typeof Refusal>[0], reason: string, rule?: string) => Refusal;

function demandState(deed: Deed, before: AnyRecord | undefined, deny: Deny): void {
  if (deed.from === "new") {
    if (before) throw deny("conflict", "it exists already");
    return;
  }
  if (!before) throw deny("not-found", "it does not exist yet");
  if (!(deed.from as readonly string[]).includes(before.state))
    throw deny("wrong-state", `it is ${before.state}, and must be ${deed.from.join(" or ")}`);
}

function parseInput(
  kind: Kind,
  deed: Deed,
  input: Readonly<Record<string, unknown>>,
  deny: Deny,
): Record<string, unknown> {
  // A null takes a value away; the schema knows only values.
  const removed = Object.keys(input).filter((name) => input[name] === null);
  const schema = schemaOf(kind);
  const parsed = schema.safeParse(Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null)));
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => ({
      message: issue.message,
      place: { field: issue.path.join(".") || (issue.code === "unrecognized_keys" ? issue.keys.join(", ") : "") },
    }));
    const first = problems[0];
    throw new Refusal(
      "malformed",
      deny(
        "malformed",
        `${first?.place.field ? `field "${first.place.field}": ` : ""}${first?.message ?? "unreadable"}`,
      ).message,
      { problems, place: first?.place },
    );
  }
  for (const name of removed)
    if (!Object.hasOwn(schema.shape, name)) throw deny("malformed", `"${name}" is no field of it`);
  const allowed = deed.sets;
  const given: Record<string, unknown> = {
    ...parsed.data,
    ...Object.fromEntries(removed.map((name) => [name, undefined])),
  };
  const outside = allowed === undefined ? [] : Object.keys(given).filter((name) => !allowed.includes(name));
  if (outside.length > 0)
    throw deny(
      "malformed",
      `this deed does not set ${outside.map((name) => `"${name}"`).join(", ")}; it sets ${allowed?.join(", ") || "nothing"}`,
    );
  return given;
}

function nextRecord(
  { kind, before, ref, at }: { kind: Kind; before: AnyRecord | undefined; ref: Ref; at: Instant },
  fields: Record<string, unknown>,
): AnyRecord {
  return {
    ...withoutAbsent(fields),
    id: before?.id ?? "",
    ref,
    kind: kind.name,
    state: before?.state ?? "",
    rev: (before?.rev ?? 0) + 1,
    content_hash: "",
    created_at: before?.created_at ?? at,
    ...(before?.created_by === undefined ? {} : { created_by: before.created_by }),
    recorded_at: at,
    state_since: before?.state_since ?? dayOf(at),
  };
}

function demandWho(deed: Deed, record: AnyRecord, { actor, consequence }: Circumstances, deny: Deny): string {
  if (consequence === true) return "consequence";
  if (isExternalAuditor(actor)) return demandOwnRole(deed, record, actor, deny);
  for (const who of deed.who) {
    const as = heldAs(who, record, actor);
    if (as !== undefined) return as;
  }
  throw deny("not-permitted", `it takes ${deed.who.map(nameOf).join(" or ")}`, "INV-03");
}

/** An external auditor reads. The one thing that waits for them is to accept the role, or to lay it down (INV-34). */
function demandOwnRole(deed: Deed, record: AnyRecord, actor: Actor, deny: Deny): string {
  const own =
    record.kind !== "role_assignment"
      ? undefined
      : deed.who.find((who) => who.by === "field" && heldAs(who, record, actor));
  if (own?.by === "field") return own.field;
  throw deny("not-permitted", "an external auditor reads records and writes none", "INV-34");
}

function heldAs(who: Who, record: AnyRecord, actor: Actor): string | undefined {
  const concern = concernOf(record);
  switch (who.by) {
    case "role":
      return findRole(actor, who.role, concern) && who.role;
    case "authority":
      return findAuthority(actor, who.authority, concern) && who.authority;
    case "owner":
      return actor.person !== undefined && record.owner === actor.person ? "owner" : undefined;
    case "creator":
      return actor.person !== undefined && (record.created_by ?? actor.person) === actor.person ? "creator" : undefined;
    case "field":
      return actor.person !== undefined && peopleIn(record, who.field).includes(actor.person) ? who.field : undefined;
    case "anyone":
      // Whoever runs the software is somebody, and has no person's record here.
      return actor.kind === "person" && actor.person !== undefined ? "employee" : undefined;
    case "machine":
      return actor.kind === "person" ? undefined : actor.kind;
    case "administrator":
      return actor.administrator ? "administrator" : undefined;
  }
}

/** The AI systems, unit and process that the record concerns. */
export function concernOf(record: AnyRecord): Concern {
  const own = record["ai_system"];
  const systems = [...(record.ai_systems ?? []), ...(typeof own === "string" ? [own] : [])];
  return {
    ref: record.ref,
    ai_systems: systems,
    ...(record.org_unit === undefined ? {} : { org_unit: record.org_unit }),
  };
}

function demandApart(deed: Deed, record: AnyRecord, actor: Actor, deny: Deny): void {
  const me = actor.person;
  if (me === undefined) return;
  for (const field of deed.apart ?? []) {
    const bearers =
      field === "creator" ? (record.created_by === undefined ? [] : [record.created_by]) : peopleIn(record, field);
    if (bearers.includes(me))
      throw deny(
        "duties-apart",
        `${me} is its ${field === "creator" ? "author" : field.replaceAll("_", " ")}, and these duties are kept apart`,
        deed.apartRule ?? "INV-04",
      );
  }
}

/** The refs that a person field holds, also inside lists and groups: `actions.who`. */
export function peopleIn(record: AnyRecord, path: string): Ref[] {
  const walk = (value: unknown, rest: readonly string[]): Ref[] => {
    if (Array.isArray(value)) return value.flatMap((item) => walk(item, rest));
    const [head, ...tail] = rest;
    if (head === undefined) return typeof value === "string" ? [value] : [];
    return typeof value === "object" && value !== null ? walk((value as Record<string, unknown>)[head], tail) : [];
  };
  return walk(record, path.split("."));
}

/** Whom the way names, to complete "it takes ...". */
export function nameOf(who: Who): string {
  switch (who.by) {
    case "role":
      return `the role ${who.role}`;
    case "authority":
      return `the authority "${who.authority}"`;
    case "owner":
      return "its owner";
    case "creator":
      return "its author";
    case "field":
      return `the person named in "${who.field}"`;
    case "anyone":
      return "a member of the organisation";
    case "machine":
      return "the software itself";
    case "administrator":
      return "an administrator of the software";
  }
}

function valuesOf(kind: Kind, record: AnyRecord | undefined): Record<string, unknown> {
  if (!record) return {};
  return Object.fromEntries(
    Object.keys(schemaOf(kind).shape)
      .filter((name) => record[name] !== undefined)
      .map((name) => [name, record[name]]),
  );
}

function withoutAbsent(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function changesContent(kind: Kind, before: AnyRecord, fields: Record<string, unknown>): boolean {
  return JSON.stringify(contentOf(kind, before)) !== JSON.stringify(contentOf(kind, fields));
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}

const article = (noun: string) => (/^[aeiou]/i.test(noun) ? "an" : "a");
const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
