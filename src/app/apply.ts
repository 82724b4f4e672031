import { Refusal, type Problem } from "#core/basics/refusal.ts";
import { dayOf, instantOf, isDay, millisecondsOf, type Day, type Instant } from "#core/basics/time.ts";
import {
  formats,
  manifestFile,
  parseManifest,
  parseRecords,
  type Format,
  type Manifest,
  type ReadRecords,
} from "#core/interchange/record-yaml.ts";
import { kinds, type KindName } from "#core/records/all.ts";
import type { Ref } from "#core/records/field.ts";
import type { AnyRecord } from "#core/records/kind.ts";
import { isSame, versionsOf, type RecordedRecord } from "#core/records/recorded.ts";
import { replay, turnsOf } from "#core/records/story.ts";
import { linkedKinds } from "#core/records/transition.ts";
import { findRecords, versionsOf as keptVersions, type KeptVersion } from "#storage/record-store.ts";
import { change, read } from "./change.ts";
import { postpone, recomputeAll } from "./conformity.ts";
import { gather } from "./export.ts";
import { applyPlain } from "./apply-plain.ts";
import { demandSize, readRecordFolder, type TextFile } from "./record-folder.ts";
import type { Keeping, Reader, Seat, World } from "./world.ts";

export type { TextFile } from "./record-folder.ts";
export type ApplyProgress = { done: number; of: number; says: string };

export type ApplyReport = {
  format: Format;
  files: number;
  records: number;
  created: number;
  amended: number;
  /** Records that already stood as the files tell them. */
  unchanged: number;
  /** Ledger entries made. */
  versions: number;
  says: string;
};

export type ApplyOptions = { progress?: (progress: ApplyProgress) => void };

/**
 * Brings the files' records into the organisation: as a story, as recorded elsewhere, or as plain
 * records under the actor's own authority. All is read and held against the rules first; a folder
 * with a problem changes nothing. Applied twice it changes nothing the second time.
 *
 * @throws {Refusal} `malformed` or `too-large` with every problem and its place; as `transition` else
 */
export async function applyFiles(
  world: World,
  seat: Seat,
  files: readonly TextFile[],
  options: ApplyOptions = {},
): Promise<ApplyReport> {
  const folder = readFiles(files);
  if (folder.manifest.format !== "aims-records@1") demandOperator(seat);
  switch (folder.manifest.format) {
    case "aims-story@1":
      return applyStory(world, seat, await tellStory(folder), options);
    case "aims-export@1":
      return applyRecorded(world, seat, folder, options);
    case "aims-records@1":
      await demandLinked(world, seat, folder);
      return applyPlain(world, seat, folder.plain, files.length);
  }
}

/** A history that is taken over is not judged again, so that whoever brings it in has to run the software. */
function demandOperator({ actor }: Seat): void {
  if (actor.kind !== "system" && !actor.administrator)
    throw new Refusal("not-permitted", "Cannot bring a history in: it takes an administrator of the software");
}

/** `applyFiles` on the YAML files that stand in the folder. */
export async function applyFolder(
  world: World,
  seat: Seat,
  folder: string,
  options: ApplyOptions = {},
): Promise<ApplyReport> {
  return applyFiles(world, seat, await readRecordFolder(folder), options);
}

/** Everything that the files hold. */
export type ReadFolder = ReadRecords & { manifest: Manifest; files: number };

/** The files as records. @throws {Refusal} `malformed` with all problems, `too-large`, `incompatible` */
export function readFiles(files: readonly TextFile[]): ReadFolder {
  demandSize(files);
  const first = files.find(({ path }) => path === manifestFile);
  // A folder without a manifest holds what is so now: the form that people write by hand.
  const manifest: Manifest = first ? parseManifest(first.text, first.path) : { format: "aims-records@1" };
  const folder: ReadFolder = {
    manifest,
    files: files.length,
    told: [],
    recorded: [],
    plain: [],
    links: [],
    problems: [],
  };
  for (const { path, text } of files) {
    if (path === manifestFile) continue;
    const read = readOne(text, path, manifest.format);
    for (const name of ["told", "recorded", "plain", "links", "problems"] as const)
      (folder[name] as unknown[]).push(...read[name]);
  }
  const seen = new Set<Ref>();
  for (const { ref, place } of [...folder.told, ...folder.recorded, ...folder.plain]) {
    if (seen.has(ref))
      folder.problems.push({
        message: `Cannot read ${ref}: it is told twice`,
        ...(place === undefined ? {} : { place }),
      });
    seen.add(ref);
  }
  const tellsHistories = files.some(({ text }) => /^ +history:/m.test(text));
  if (!first && folder.plain.length === 0 && folder.problems.length > 0 && tellsHistories)
    folder.problems.push({
      message: `Cannot know how the files tell their records: ${manifestFile} with a line such as "format: ${formats[1]}" is missing`,
    });
  demandNone(folder.problems);
  return folder;
}

function readOne(text: string, path: string, format: Format): ReadRecords {
  try {
    return parseRecords(text, path, format);
  } catch (problem) {
    // One unreadable file must not hide what is wrong in the others; a size beyond all bounds ends it.
    if (!(problem instanceof Refusal) || problem.code !== "malformed") throw problem;
    const problems: Problem[] = [
      { message: problem.message, ...(problem.place === undefined ? {} : { place: problem.place }) },
    ];
    return { told: [], recorded: [], plain: [], links: [], problems };
  }
}

function demandNone(problems: readonly Problem[]): void {
  const [first] = problems;
  if (!first) return;
  const more = problems.length === 1 ? "" : ` (and ${problems.length - 1} more)`;
  const place =
    first.place?.file === undefined || first.message.includes(first.place.file)
      ? ""
      : ` (${first.place.file}${first.place.line === undefined ? "" : `, line ${first.place.line}`})`;
  throw new Refusal("malformed", `${first.message}${place}${more}`, {
    problems,
    ...(first.place === undefined ? {} : { place: first.place }),
  });
}

/** Every link leads to a record that the files tell or that is there, of a kind that the field takes. */
async function demandLinked(world: World, seat: Seat, folder: ReadFolder): Promise<void> {
  const told = [...folder.told, ...folder.recorded, ...folder.plain];
  const kindOf = new Map<Ref, KindName>(told.map(({ ref, kind }) => [ref, kind]));
  const withheld = new Set(folder.manifest.withheld);
  const people = folder.recorded.flatMap(({ ref, history, place }) =>
    history.flatMap(({ by, because }) =>
      [...(by === "system" ? [] : [by]), ...(because === undefined ? [] : [because])].map((to) => ({
        from: ref,
        field: "by",
        to,
        place: place ?? {},
      })),
    ),
  );
  const links = [...folder.links, ...people];
  const missing = [...new Set(links.map(({ to }) => to).filter((to) => !kindOf.has(to) && !withheld.has(to)))];
  const there = missing.length === 0 ? [] : await read(world, seat, (reader) => findRecords(reader, missing));
  for (const { ref, kind } of there) kindOf.set(ref, kind);
  const problems: Problem[] = [];
  for (const link of links) {
    const { from, field, to } = link;
    if (withheld.has(to)) continue;
    const kind = kindOf.get(to);
    const owner = kindOf.get(from);
    const wanted = field === "by" || owner === undefined ? [] : linkedKinds(kinds[owner], field);
    if (kind === undefined)
      problems.push({
        message: `Cannot link ${from} field "${field}" to ${to}: there is no such record`,
        place: link.place,
      });
    else if (wanted.length > 0 && !wanted.includes(kind))
      problems.push({
        message: `Cannot link ${from} field "${field}" to ${to}: it is a ${kind}, not a ${wanted.join(" or ")}`,
        place: link.place,
      });
  }
  demandNone(problems);
}

/** Keeps a story that was told; only a sample that holds nothing else can take it. */
export async function applyStory(
  world: World,
  seat: Seat,
  { folder, versions }: ToldStory,
  options: ApplyOptions,
): Promise<ApplyReport> {
  const isSample = await read(world, seat, async ({ db, organization }) => {
    const row = await db
      .selectFrom("organization")
      .select("sample")
      .where("organization_id", "=", organization)
      .executeTakeFirst();
    return row?.sample === true;
  });
  if (!isSample)
    throw new Refusal(
      "not-permitted",
      "Cannot tell a story here: its days are past, and only a sample organisation has a clock of its own",
    );
  const clock = folder.manifest.clock;
  return keepAll(world, seat, {
    versions,
    folder,
    options,
    ...(clock === undefined ? {} : { clock: standingAt(clock) }),
  });
}

/** A story as told: every version it makes, the moment before the first, and where its clock stands in the end. */
export type ToldStory = { folder: ReadFolder; versions: readonly Keeping[]; from: Instant };

/**
 * Tells the story in memory, each deed with all its guards on its own day. The ids of the records are
 * not yet those of an organisation.
 *
 * @throws {Refusal} `malformed` with every deed that is declined
 */
export async function tellStory(folder: ReadFolder): Promise<ToldStory> {
  const turns = turnsOf(folder.told);
  const [first] = turns;
  if (!first) throw new Refusal("malformed", "Cannot tell a story: the folder holds no record");
  const declined: Problem[] = [];
  const { versions } = await replay(turns, undefined, (refusal) =>
    declined.push({ message: refusal.message, ...(refusal.place === undefined ? {} : { place: refusal.place }) }),
  );
  demandNone(declined);
  return { folder, versions, from: instantOf(millisecondsOf(first.at) - 1000) };
}

/** A story's day ends at noon: what happens next happens on that day too. */
function standingAt(clock: string): Instant {
  if (isDay(clock)) return `${clock}T12:00:00.000Z` as Instant;
  const [day = "", time = ""] = clock.split(/[T ]/);
  return `${day}T${/^\d{2}:\d{2}$/.test(time) ? `${time}:00.000Z` : time}` as Instant;
}

/** Takes the histories over as they are. Schema, links and life cycle were checked; who and under which guards is not judged. */
async function applyRecorded(
  world: World,
  seat: Seat,
  folder: ReadFolder,
  options: ApplyOptions,
): Promise<ApplyReport> {
  const standing = await read(world, seat, async (reader) =>
    (await isEmpty(reader))
      ? undefined
      : gather(reader, { ...seat, actor: { ...seat.actor, kind: "system" } }, "9999-12-31" as Day),
  );
  if (standing) {
    const held = new Map([...standing.byKind.values()].flat().map((record) => [record.ref, record]));
    if (folder.recorded.every((record) => continues(held.get(record.ref), record))) return unchanged(folder);
    const other = folder.recorded.find((record) => departs(held.get(record.ref), record));
    if (other)
      throw new Refusal(
        "conflict",
        `Cannot bring the records in: ${other.ref} is there already, with another history than the files tell`,
        { place: { ...other.place, record: other.ref } },
      );
  }
  await demandLinked(world, seat, folder);
  const versions = folder.recorded.flatMap((record) => versionsOf(record, record.ref)).sort(byMoment);
  const made = versions.map((version) => ({
    ...version,
    imported: {
      doneAt: version.record.recorded_at,
      ...(version.record.recorded_by === undefined ? {} : { by: version.record.recorded_by }),
    },
  }));
  return keepAll(world, seat, { versions: made, folder, options });
}

/** Whether the record's history begins as told. */
function continues(held: RecordedRecord | undefined, told: RecordedRecord): boolean {
  return held !== undefined && told.history.every((step, at) => isSame(held.history[at], step));
}

/** Whether the two histories part somewhere, rather than one being the beginning of the other. */
function departs(held: RecordedRecord | undefined, told: RecordedRecord): boolean {
  if (held === undefined) return false;
  const shared = Math.min(held.history.length, told.history.length);
  return told.history.slice(0, shared).some((step, at) => !isSame(held.history[at], step));
}

/** In the order of their moments; at the same moment causes before their effects. */
function byMoment(a: Keeping, b: Keeping): number {
  const [one, other] = [a.record.recorded_at, b.record.recorded_at];
  return one < other ? -1 : one > other ? 1 : Number(a.because !== undefined) - Number(b.because !== undefined);
}

async function isEmpty(reader: Reader): Promise<boolean> {
  const { db, organization } = reader;
  return (
    (await db
      .selectFrom("record")
      .select("ref")
      .where("organization_id", "=", organization)
      .limit(1)
      .executeTakeFirst()) === undefined
  );
}

/** `clock` is where a sample's clock stands when all is kept. */
type Bringing = { versions: readonly Keeping[]; folder: ReadFolder; options: ApplyOptions; clock?: Instant };

/** Versions that one transaction keeps: large enough to be fast, small enough to let others write in between. */
const versionsAtOnce = 2000;

/**
 * Keeps the versions in an empty organisation, in several transactions, and computes the checks when
 * all are there. Broken off half-way, it goes on where it stopped; held already, it changes nothing.
 */
async function keepAll(world: World, seat: Seat, { versions, folder, options, clock }: Bringing): Promise<ApplyReport> {
  const { done, ids } = await whereItStopped(world, seat, versions);
  if (done === versions.length) return unchanged(folder);
  for (let from = done; from < versions.length; from += versionsAtOnce) {
    const part = versions.slice(from, from + versionsAtOnce);
    const isLast = from + versionsAtOnce >= versions.length;
    await change(world, seat, async (writer, at) => {
      if (from === done) await postpone(writer);
      const lastAt = part.at(-1)?.record.recorded_at;
      if (part[0]?.imported === undefined && lastAt !== undefined) writer.moveClock(lastAt);
      const settle = (record: AnyRecord): AnyRecord => {
        let id = ids.get(record.ref);
        if (id === undefined) ids.set(record.ref, (id = writer.mint.id()));
        return { ...record, id };
      };
      const kept = part.map((version) => {
        const record = settle(version.record);
        const before = version.before && settle(version.before);
        return version.imported
          ? { ...version, before, record: { ...record, recorded_at: at } }
          : { ...version, before, record, ...authorOf(record, ids) };
      });
      await writer.keep(kept);
      if (!isLast) return;
      if (clock !== undefined && clock > writer.at) writer.moveClock(clock);
      await recomputeAll(writer, dayOf(writer.at));
    });
    options.progress?.({
      done: Math.min(from + versionsAtOnce, versions.length),
      of: versions.length,
      says: "Keeping records",
    });
  }
  const created = new Set(
    versions
      .slice(done)
      .filter(({ before }) => before === undefined)
      .map(({ record }) => record.ref),
  ).size;
  const brought = versions.length - done;
  return {
    format: folder.manifest.format,
    files: folder.files,
    records: created,
    created,
    amended: 0,
    unchanged: 0,
    versions: brought,
    says:
      done === 0
        ? `Brought in ${created} records in ${brought} versions`
        : `Went on where it had stopped: brought in ${created} more records in ${brought} versions`,
  };
}

/** In whose name the ledger enters the version: its person's, by the id that the record has here. */
function authorOf(record: AnyRecord, ids: ReadonlyMap<Ref, string>): Pick<Keeping, "by"> {
  const id = record.recorded_by === undefined ? undefined : ids.get(record.recorded_by);
  return id === undefined ? { by: undefined } : { by: { id, kind: "person" } };
}

/** How many of the versions are kept already, and the ids of their records. @throws {Refusal} `conflict` when the organisation holds others */
async function whereItStopped(
  world: World,
  seat: Seat,
  versions: readonly Keeping[],
): Promise<{ done: number; ids: Map<Ref, string> }> {
  const ids = new Map<Ref, string>();
  let done = 0;
  const taken = () =>
    new Refusal(
      "conflict",
      "Cannot bring the records in: the organisation holds records already, and a history can only be brought into an empty one",
    );
  await read(world, seat, async (reader) => {
    for await (const batch of keptVersions(reader)) {
      for (const kept of batch) {
        const told = versions[done];
        // What came after all of it was told is nobody's business here.
        if (!told) return;
        if (!isTheSame(kept, told)) throw taken();
        if (kept.record) ids.set(kept.ref, kept.record.id);
        done += 1;
      }
    }
  });
  return { done, ids };
}

function isTheSame(kept: KeptVersion, { record, deed, imported }: Keeping): boolean {
  return (
    kept.ref === record.ref &&
    kept.rev === record.rev &&
    kept.deed === deed &&
    (kept.doneAt ?? kept.recordedAt) === (imported?.doneAt ?? record.recorded_at)
  );
}

function unchanged(folder: ReadFolder): ApplyReport {
  const records = folder.told.length + folder.recorded.length;
  return {
    format: folder.manifest.format,
    files: folder.files,
    records,
    created: 0,
    amended: 0,
    unchanged: records,
    versions: 0,
    says: `Nothing to change: all ${records} records stand as told`,
  };
}
