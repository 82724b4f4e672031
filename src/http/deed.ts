import { withProof, type Seated } from "#app/account.ts";
import type { From } from "#app/attempt.ts";
import { doDeed } from "#app/deed.ts";
import { demandSight } from "#app/opening.ts";
import { readHistory } from "#app/records.ts";
import type { Seat, World } from "#app/world.ts";
import type { DeedDone, HistoryEntry } from "#contract/record.ts";
import { Refusal, type Problem } from "#core/basics/refusal.ts";
import { kinds, type KindName } from "#core/records/all.ts";
import { deedsFrom, demandDeed } from "#core/records/deed.ts";
import type { Kind } from "#core/records/kind.ts";
import type { Request, Version } from "#core/records/transition.ts";

/** The kind of that name. @throws {Refusal} `not-found` */
export function demandKind(name: string): Kind & { name: KindName } {
  const kind = Object.hasOwn(kinds, name) ? kinds[name as KindName] : undefined;
  if (!kind) throw new Refusal("not-found", `Cannot find kind "${name}": GET /api/kinds lists all`);
  return kind;
}

/** What goes with a deed, as it is asked over HTTP. */
type Asked = {
  kind: string;
  ref?: string;
  deed?: string;
  fields?: Record<string, unknown>;
  comment?: string;
  password?: string;
};

/** Creates a record by the kind's creating deed. */
export function create(world: World, who: { seated: Seated; from: From }, asked: Asked): Promise<DeedDone> {
  const kind = demandKind(asked.kind);
  const creating = deedsFrom(kind, "new");
  const [only] = creating;
  const deed = asked.deed ?? (creating.length === 1 ? only : undefined);
  if (deed === undefined || !creating.includes(deed))
    throw new Refusal(
      "malformed",
      `Cannot create a ${kind.title.toLowerCase()}: ${creating.length === 0 ? "no deed does" : `name the deed, one of ${creating.join(", ")}`}`,
      { place: { field: "deed" } },
    );
  return act(world, who, { ...asked, kind: kind.name, deed });
}

/** Does a deed on a record that is there and that the asker may see. */
export async function perform(
  world: World,
  who: { seated: Seated; from: From },
  asked: Asked & { ref: string; deed: string; rev: number },
): Promise<DeedDone> {
  const kind = demandKind(asked.kind);
  await demandSight(world, who.seated.seat, { kind: kind.name, ref: asked.ref });
  try {
    return await act(world, who, { ...asked, kind: kind.name });
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== "stale") throw error;
    throw await withWhatChanged(error, { world, seat: who.seated.seat, ref: asked.ref, rev: asked.rev });
  }
}

async function act(
  world: World,
  { seated, from }: { seated: Seated; from: From },
  asked: Asked & { kind: KindName; deed: string; rev?: number },
): Promise<DeedDone> {
  const { kind, ref, deed, fields, comment, rev, password } = asked;
  const request: Request = {
    kind,
    deed,
    ...(ref === undefined ? {} : { ref }),
    ...(fields === undefined ? {} : { fields }),
    ...(comment === undefined ? {} : { comment }),
    ...(rev === undefined ? {} : { rev }),
  };
  const asks = demandDeed(demandKind(kind), deed).approves !== undefined;
  const work = (seat: Seat) => doDeed(world, seat, request);
  const given = password === undefined ? from : { ...from, password };
  return doneBy(asks ? await withProof(world, seated, given, work) : await work(seated.seat));
}

function doneBy(versions: readonly Version[]): DeedDone {
  const [own] = versions;
  if (!own) throw new Error("A deed made no version");
  const { ref, kind, rev, state } = own.record;
  return {
    ref,
    kind,
    rev,
    state,
    versions: versions.map(({ record, deed, because }) => ({
      ref: record.ref,
      kind: record.kind,
      rev: record.rev,
      state: record.state,
      deed,
      because: because ?? null,
    })),
  };
}

/** The refusal of a stale write, with what others changed since: field by field, who and when. */
async function withWhatChanged(
  stale: Refusal,
  { world, seat, ref, rev }: { world: World; seat: Seat; ref: string; rev: number },
): Promise<Refusal> {
  const { versions } = await readHistory(world, seat, ref);
  const problems = versions.filter((version) => version.rev > rev).flatMap((version) => changesOf(version, ref));
  return new Refusal("stale", stale.message, { place: { record: ref }, problems, cause: stale });
}

function changesOf(version: HistoryEntry, record: string): Problem[] {
  const how = `version ${version.rev}, ${version.deed} by ${version.by?.name ?? "the software"}, ${version.at}`;
  if (version.changes.length === 0) return [{ message: `it became ${version.state} (${how})`, place: { record } }];
  return version.changes.map(({ field, title, before, after }) => ({
    message: `"${title}" changed from ${shown(before)} to ${shown(after)} (${how})`,
    place: { record, field },
  }));
}

function shown(value: unknown): string {
  const text = value === undefined || value === null ? "nothing" : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}
