import { Refusal } from "#core/basics/refusal.ts";
import { dayOf, endOf, type Day, type Instant } from "#core/basics/time.ts";
import { isExternalAuditor, type Actor } from "#core/records/actor.ts";
import { kinds, type KindName } from "#core/records/all.ts";
import { envelope } from "#core/records/envelope.ts";
import { metaOf, type Ref } from "#core/records/field.ts";
import { linksOf, type AnyRecord, type Kind } from "#core/records/kind.ts";
import { isSame } from "#core/records/recorded.ts";
import { asSeenBy, handlesConcerns } from "#core/records/sight.ts";
import { fieldsOf } from "#core/records/transition.ts";
import { checksOf, nodes } from "#core/standard/catalogue.ts";
import { readResults } from "#storage/conformity-store.ts";
import * as store from "#storage/record-store.ts";
import { sightsOf } from "#storage/sight-store.ts";
import { actorOf } from "./actor.ts";
import { nameOf, namesOf } from "./board.ts";
import { clockOf, read } from "./change.ts";
import { listHistory } from "./history-list.ts";
import { offersFor, type DeedOffer } from "./offers.ts";
import { noteShown } from "./sight.ts";
import type { Reader, Seat, World } from "./world.ts";

export type { DeedOffer } from "./offers.ts";

export type RecordQuery = {
  kind?: KindName;
  states?: readonly string[];
  owner?: Ref;
  aiSystem?: Ref;
  /** Words to find in the record. */
  text?: string;
  /** Only those whose review is overdue in a live state. */
  overdue?: boolean;
  sort?: "ref" | "title" | "recorded_at" | "next_review_on";
  descending?: boolean;
  /** `next` of the page before. */
  after?: string;
  limit?: number;
  asAt?: Day;
};

/** A record as a list shows it. */
export type RecordLine = {
  ref: Ref;
  kind: KindName;
  title: string;
  state: string;
  rev: number;
  owner: Ref | null;
  recordedAt: Instant;
  nextReviewOn: Day | null;
  overdue: boolean;
  /** Live, and its owner is nobody who is here (INV-27). */
  orphaned: boolean;
  /** The values of the kind's columns. */
  columns: Readonly<Record<string, unknown>>;
};

export type RecordPage = { records: RecordLine[]; next: string | null; names: Readonly<Record<Ref, string>> };

export type LinkLine = { field: string; ref: Ref; kind: KindName | null; title: string | null; state: string | null };

/** A check that names the record among those that decide it, and where it counts. */
export type NamingCheck = { id: string; result: "fail" | "unknown"; because: string; nodes: string[] };

export type RecordView = {
  record: AnyRecord;
  title: string;
  /** Records that it points to, and those that point to it. Sealed ones that the actor may not see are left out. */
  links: { out: LinkLine[]; back: LinkLine[]; moreBack: boolean };
  deeds: DeedOffer[];
  /** Failing and unknown checks of today that it decides; none on an earlier day. */
  checks: NamingCheck[];
  overdue: boolean;
  orphaned: boolean;
  names: Readonly<Record<Ref, string>>;
  /** The ledger entry of this version. */
  seq: number;
  asAt: Day | null;
  /** Who was shown before who reported the concern, newest first. For its handlers alone (INV-23). */
  sights: { by: { ref: Ref; name: string }; rev: number; at: Instant }[];
};

export type FieldChange = { field: string; title: string; before: unknown; after: unknown };

export type HistoryEntry = {
  rev: number;
  seq: number;
  deed: string;
  title: string;
  op: string;
  state: string;
  by: { ref: Ref; name: string } | null;
  /** When it entered the software. */
  at: Instant;
  /** The moment that an imported history claims for it; null unless imported. */
  doneAt: Instant | null;
  /** The record whose deed had this one as its effect. */
  because: Ref | null;
  /** Taken over from another ledger; not judged here. */
  imported: boolean;
  /** Its content was erased under a recorded decision. */
  erasedAt: Instant | null;
  changes: FieldChange[];
};

export type RecordHistory = {
  ref: Ref;
  kind: KindName;
  title: string;
  versions: HistoryEntry[];
  names: Readonly<Record<Ref, string>>;
};

export type Hits = {
  records: RecordLine[];
  nodes: { id: string; title: string }[];
  people: { ref: Ref; name: string; job: string | null }[];
  /** Deeds that create a record, such as "Identify risk". */
  deeds: { kind: KindName; deed: string; title: string }[];
};

/** A page of records. @throws {Refusal} `malformed`, `not-found` for an unknown kind */
export async function listRecords(world: World, seat: Seat, query: RecordQuery): Promise<RecordPage> {
  if (query.kind !== undefined) demandKind(query.kind);
  return looking(world, seat, async (reader, { actor, today }) => {
    const only = query.kind === undefined ? kindsFor(actor) : [query.kind];
    const day = query.asAt !== undefined && query.asAt < today ? query.asAt : undefined;
    if (query.kind !== undefined && kinds[query.kind].kept === "ledger") return listHistory(reader, actor, query, day);
    const page =
      day === undefined
        ? await store.listRecords(reader, storeQuery(query, only, today))
        : await listAsAt(reader, query, only, day);
    const seen = seenOf(actor, page.records, query.text);
    const gone = await goneOwners(reader, seen);
    const records = seen.map((record) => lineOf(record, day ?? today, gone));
    const mentioned = seen.flatMap((record) => mentionsIn(record, kinds[record.kind].columns));
    return { records, next: page.next ?? null, names: Object.fromEntries(await namesOf(reader, actor, mentioned)) };
  });
}

/** The record, its links both ways, and what the actor may do with it. @throws {Refusal} `not-found`, also for what the actor may not see */
export async function readRecord(
  world: World,
  seat: Seat,
  ref: Ref,
  options: { asAt?: Day | undefined } = {},
): Promise<RecordView> {
  const view = await looking(world, seat, async (reader, { actor, today, now }): Promise<RecordView> => {
    const day = options.asAt !== undefined && options.asAt < today ? options.asAt : undefined;
    const whole = await store.findRecord(reader, ref, day && endOf(day));
    const record = whole && asSeenBy(actor, whole);
    if (!record) throw notFound(ref, day);
    const links = await linksAround(reader, actor, record, day);
    const gone = await goneOwners(reader, [record]);
    const version = (await store.historyOf(reader, ref)).find(({ rev }) => rev === record.rev);
    const { overdue, orphaned } = lineOf(record, day ?? today, gone);
    const sights = kinds[record.kind].sealed === true && record === whole ? await sightsOf(reader, record.id) : [];
    const mentioned = [
      ...linksOf(kinds[record.kind], record).map(({ to }) => to),
      ...sights.map(({ person }) => person),
      record.created_by,
      record.recorded_by,
    ].filter((one) => one !== undefined);
    const names = await namesOf(reader, actor, mentioned);
    return {
      record,
      title: nameOf(record),
      links,
      deeds: day === undefined ? await offersFor(reader, record, { actor, at: now }) : [],
      checks: day === undefined ? await checksNaming(reader, ref, { ownAlone: isExternalAuditor(actor) }) : [],
      overdue,
      orphaned,
      names: Object.fromEntries(names),
      seq: version?.seq ?? 0,
      asAt: day ?? null,
      sights: sights.map(({ person, rev, at }) => ({
        by: { ref: person, name: names.get(person) ?? person },
        rev,
        at,
      })),
    };
  });
  await noteShown(world, seat, [view.record]);
  return view;
}

/** The failing and unknown checks of today that the record decides, each with what it says of this record. With `ownAlone`, only what is said of no other. */
async function checksNaming(reader: Reader, ref: Ref, { ownAlone }: { ownAlone: boolean }): Promise<NamingCheck[]> {
  const own = `${ref}: `;
  return (await readResults(reader)).flatMap(({ id, result, because, records }) => {
    if ((result !== "fail" && result !== "unknown") || !records.includes(ref)) return [];
    // A check says of each record "RSK-001: why"; what it says of others stands on theirs.
    const start = because.startsWith(own) ? 0 : because.indexOf(`; ${own}`);
    if (start < 0 && ownAlone) return [];
    const mine =
      start < 0
        ? because
        : because.slice(because.indexOf(own, start) + own.length).split(/; (?=[A-Z][A-Za-z0-9./-]*: |and )/)[0];
    return [
      {
        id,
        result,
        because: mine ?? because,
        nodes: nodes.filter((node) => checksOf(node).some((check) => check === id)).map((node) => node.id),
      },
    ];
  });
}

/** Every version of the record with what it changed, newest first. @throws {Refusal} `not-found` */
export async function readHistory(world: World, seat: Seat, ref: Ref): Promise<RecordHistory> {
  const shown: AnyRecord[] = [];
  const history = await looking(world, seat, async (reader, { actor }): Promise<RecordHistory> => {
    const versions = await store.historyOf(reader, ref);
    const present = versions.at(-1)?.record;
    const seen = present && asSeenBy(actor, present);
    if (!seen) throw notFound(ref);
    const kind = kinds[seen.kind];
    const entries: HistoryEntry[] = [];
    let before: AnyRecord | undefined;
    for (const version of versions) {
      // An earlier version may have been sealed when the newest is not.
      const after = version.record && asSeenBy(actor, version.record);
      const hidesAuthor =
        version.record !== undefined &&
        after?.created_by === undefined &&
        version.recordedBy === version.record.created_by;
      entries.push(entryOf(kind, version, { before, after, by: hidesAuthor ? undefined : version.recordedBy }));
      if (after) shown.push((before = after));
    }
    const mentioned = entries.flatMap((entry) => [
      ...(entry.by ? [entry.by.ref] : []),
      ...(entry.because === null ? [] : [entry.because]),
      ...entry.changes.flatMap(({ before: old, after: next }) => [...textsIn(old), ...textsIn(next)]),
    ]);
    const names = await namesOf(reader, actor, mentioned.slice(0, mostNames));
    for (const entry of entries) if (entry.by) entry.by.name = names.get(entry.by.ref) ?? entry.by.ref;
    return { ref, kind: seen.kind, title: nameOf(seen), versions: entries.reverse(), names: Object.fromEntries(names) };
  });
  await noteShown(world, seat, shown);
  return history;
}

/** The deeds that create a record of the kind, and whether the actor may. @throws {Refusal} `not-found` */
export async function readNewDeeds(world: World, seat: Seat, kind: KindName): Promise<DeedOffer[]> {
  demandKind(kind);
  return looking(world, seat, (reader, { actor, now }) => offersFor(reader, kind, { actor, at: now }));
}

/** Whatever the words find: records, nodes, people and deeds, for the command palette. */
export async function searchAll(
  world: World,
  seat: Seat,
  text: string,
  options: { limit?: number | undefined } = {},
): Promise<Hits> {
  const limit = options.limit ?? 8;
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return { records: [], nodes: [], people: [], deeds: [] };
  const matches = (candidate: string) => words.every((word) => candidate.toLowerCase().includes(word));
  return looking(world, seat, async (reader, { actor, today }) => {
    const others = kindsFor(actor).filter((kind) => kind !== "person");
    const found = await store.listRecords(reader, { kinds: others, text, limit });
    const seen = seenOf(actor, found.records, text);
    const gone = await goneOwners(reader, seen);
    const people = await store.listRecords(reader, { kinds: ["person"], text, limit });
    return {
      records: seen.map((record) => lineOf(record, today, gone)),
      nodes: nodes
        .filter((node) => matches(`${node.id} ${node.title}`))
        .slice(0, limit)
        .map(({ id, title }) => ({ id, title })),
      people: seenOf(actor, people.records, text).map((person) => ({
        ref: person.ref,
        name: nameOf(person),
        job: typeof person["job"] === "string" ? person["job"] : null,
      })),
      deeds: creatingDeeds.filter(({ title, kind }) => matches(`${title} ${kinds[kind].title}`)).slice(0, limit),
    };
  });
}

/** Deeds by which people make a record. */
const creatingDeeds = Object.values(kinds).flatMap((kind) =>
  Object.entries(kind.deeds)
    .filter(([, deed]) => deed.from === "new" && deed.who.some((who) => who.by !== "machine"))
    .map(([deed, { title }]) => ({ kind: kind.name, deed, title })),
);

/** The records as the actor may see them. Words do not find what an external auditor is not shown. */
function seenOf(actor: Actor, records: readonly AnyRecord[], text: string | undefined): AnyRecord[] {
  const seen = records.map((record) => asSeenBy(actor, record)).filter((record) => record !== undefined);
  return isExternalAuditor(actor) ? seen.filter((record) => says(record, text)) : seen;
}

/** Whether every word stands in the record. */
function says(record: AnyRecord, words: string | undefined): boolean {
  const wanted =
    words
      ?.toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== "") ?? [];
  if (wanted.length === 0) return true;
  const text = `${record.ref}\n${textsIn(fieldsOf(kinds[record.kind], record)).join("\n")}`.toLowerCase();
  return wanted.every((word) => text.includes(word));
}

type Looking = { actor: Actor; today: Day; now: Instant };

function looking<T>(world: World, seat: Seat, work: (reader: Reader, looking: Looking) => Promise<T>): Promise<T> {
  return read(world, seat, async (reader) => {
    const now = await clockOf(world, reader);
    const today = dayOf(now);
    return work(reader, { actor: await actorOf(reader, seat, today), today, now });
  });
}

function demandKind(kind: string): void {
  if (!Object.hasOwn(kinds, kind)) throw new Refusal("not-found", `Cannot find kind "${kind}": aims kinds shows all`);
}

/** What somebody may not see is not there for them: a refusal of another kind would tell. */
function notFound(ref: Ref, day?: Day): Refusal {
  return new Refusal(
    "not-found",
    `Cannot find record "${ref}"${day === undefined ? "" : ` as at ${day}`}: there is none that you may see`,
    { place: { record: ref } },
  );
}

function kindsFor(actor: Actor): KindName[] {
  const handles = handlesConcerns(actor);
  return Object.values(kinds)
    .filter((kind) => kind.kept !== "ledger" && (handles || kind.sealed !== true))
    .map((kind) => kind.name);
}

function storeQuery(query: RecordQuery, only: readonly KindName[], today: Day): store.RecordQuery {
  const { states, owner, aiSystem, text, sort, descending, after, limit } = query;
  return {
    kinds: only,
    ...(states === undefined ? {} : { states }),
    ...(owner === undefined ? {} : { owner }),
    ...(aiSystem === undefined ? {} : { aiSystem }),
    ...(text === undefined ? {} : { text }),
    ...(query.overdue === true ? { overdueOn: today } : {}),
    ...(sort === undefined ? {} : { sort }),
    ...(descending === undefined ? {} : { descending }),
    ...(after === undefined ? {} : { after }),
    ...(limit === undefined ? {} : { limit }),
  };
}

/** A page of records as they were on an earlier day. Computed from versions: rarer and slower than a list of today. */
async function listAsAt(
  reader: Reader,
  query: RecordQuery,
  only: readonly KindName[],
  day: Day,
): Promise<{ records: AnyRecord[]; next?: string }> {
  const fitting: AnyRecord[] = [];
  for await (const batch of store.recordsOf(reader, only, endOf(day)))
    fitting.push(...batch.filter((record) => fits(record, query, day)));
  const key = (record: AnyRecord) =>
    query.sort === "title"
      ? (record.title ?? "").toLowerCase()
      : query.sort === "recorded_at"
        ? record.recorded_at
        : query.sort === "next_review_on"
          ? (record.next_review_on ?? "9999-12-31")
          : "";
  const turn = query.descending === true ? -1 : 1;
  const order = (a: AnyRecord, b: AnyRecord) =>
    turn * (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a.ref < b.ref ? -1 : a.ref > b.ref ? 1 : 0);
  fitting.sort(order);
  const start = query.after === undefined ? 0 : fitting.findIndex((record) => record.ref === query.after) + 1;
  const limit = query.limit ?? 50;
  const records = fitting.slice(start, start + limit);
  const last = records.at(-1);
  return { records, ...(last && start + limit < fitting.length ? { next: last.ref } : {}) };
}

function fits(record: AnyRecord, query: RecordQuery, day: Day): boolean {
  const systems = [...(record.ai_systems ?? []), record["ai_system"]];
  return (
    (query.states === undefined || query.states.includes(record.state)) &&
    (query.owner === undefined || record.owner === query.owner) &&
    (query.aiSystem === undefined || systems.includes(query.aiSystem)) &&
    (query.overdue !== true || isOverdue(record, day)) &&
    says(record, query.text)
  );
}

function lineOf(record: AnyRecord, day: Day, gone: ReadonlySet<Ref>): RecordLine {
  const kind = kinds[record.kind];
  return {
    ref: record.ref,
    kind: record.kind,
    title: nameOf(record),
    state: record.state,
    rev: record.rev,
    owner: record.owner ?? null,
    recordedAt: record.recorded_at,
    nextReviewOn: record.next_review_on ?? null,
    overdue: isOverdue(record, day),
    orphaned:
      kind.ownerless !== true &&
      kind.live.includes(record.state) &&
      (record.owner === undefined || gone.has(record.owner)),
    columns: Object.fromEntries(
      kind.columns.filter((name) => record[name] !== undefined).map((name) => [name, record[name]]),
    ),
  };
}

function isOverdue(record: AnyRecord, day: Day): boolean {
  return (
    record.next_review_on !== undefined && record.next_review_on < day && kinds[record.kind].live.includes(record.state)
  );
}

/** Owners of these records who are not here any more. */
async function goneOwners(reader: Reader, records: readonly AnyRecord[]): Promise<Set<Ref>> {
  const owners = [...new Set(records.map((record) => record.owner).filter((owner) => owner !== undefined))];
  const people = await store.findRecords(reader, owners);
  return new Set(people.filter((person) => person.state === "left").map((person) => person.ref));
}

function mentionsIn(record: AnyRecord, fields: readonly string[]): Ref[] {
  const shown = new Set([...fields, "owner"]);
  return linksOf(kinds[record.kind], record)
    .filter(({ field }) => shown.has(field.split(".")[0] ?? ""))
    .map(({ to }) => to);
}

/** Links that a page shows; more are a list of their own. */
const mostLinks = 200;
const mostNames = 500;

async function linksAround(
  reader: Reader,
  actor: Actor,
  record: AnyRecord,
  day: Day | undefined,
): Promise<RecordView["links"]> {
  const outward = linksOf(kinds[record.kind], record).slice(0, mostLinks);
  const inward = await store.linksTo(reader, record.ref);
  const shown = inward.slice(0, mostLinks);
  const there = new Map<Ref, AnyRecord>();
  for (const found of await store.findRecords(reader, [
    ...new Set([...outward.map(({ to }) => to), ...shown.map(({ from }) => from)]),
  ])) {
    const then = day === undefined ? found : await store.findRecord(reader, found.ref, endOf(day));
    if (then) there.set(then.ref, then);
  }
  const line = (field: string, ref: Ref): LinkLine[] => {
    const found = there.get(ref);
    if (!found) return [{ field, ref, kind: null, title: null, state: null }];
    const seen = asSeenBy(actor, found);
    return seen ? [{ field, ref, kind: seen.kind, title: nameOf(seen), state: seen.state }] : [];
  };
  // As at an earlier day only what pointed here then counts.
  const pointed = shown.filter(({ from, field }) => {
    const found = there.get(from);
    return (
      found !== undefined &&
      linksOf(kinds[found.kind], found).some((link) => link.field === field && link.to === record.ref)
    );
  });
  return {
    out: outward.flatMap(({ field, to }) => line(field, to)),
    back: pointed.flatMap(({ field, from }) => line(field, from)),
    moreBack: inward.length > shown.length,
  };
}

type Between = { before: AnyRecord | undefined; after: AnyRecord | undefined; by: Ref | undefined };

function entryOf(kind: Kind, version: store.KeptVersion, { before, after, by }: Between): HistoryEntry {
  return {
    rev: version.rev,
    seq: version.seq,
    deed: version.deed,
    title: kind.deeds[version.deed]?.title ?? version.deed,
    op: version.op,
    state: after?.state ?? before?.state ?? "",
    by: by === undefined ? null : { ref: by, name: by },
    at: version.recordedAt,
    doneAt: version.doneAt ?? null,
    because: version.because ?? null,
    imported: version.imported,
    erasedAt: version.erasedAt ?? null,
    changes: after ? changesBetween(kind, before, after) : [],
  };
}

function changesBetween(kind: Kind, before: AnyRecord | undefined, after: AnyRecord): FieldChange[] {
  const schemas = { ...envelope, ...kind.fields };
  const changes = Object.entries(schemas)
    .filter(([name]) => !isSame(before?.[name], after[name]))
    .map(([name, schema]) => ({
      field: name,
      title: metaOf(schema).title,
      before: before?.[name] ?? null,
      after: after[name] ?? null,
    }));
  return before !== undefined && before.state !== after.state
    ? [{ field: "state", title: "State", before: before.state, after: after.state }, ...changes]
    : changes;
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
