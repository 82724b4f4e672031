import { dump } from "js-yaml";
import { z } from "zod";
import { Refusal, type Place, type Problem } from "#core/basics/refusal.ts";
import { isDay, isInstant, type Instant } from "#core/basics/time.ts";
import { kinds, type KindName } from "#core/records/all.ts";
import { refPattern, type Ref } from "#core/records/field.ts";
import { linksOf, schemaOf } from "#core/records/kind.ts";
import { problemsOf, wordsOf, type RecordedRecord, type RecordedStep } from "#core/records/recorded.ts";
import type { Told, ToldRecord } from "#core/records/story.ts";
import { parseYaml, type YamlText } from "./yaml-text.ts";

/** How the files of a folder tell their records: a history to be done anew, one to be taken over, or what is so now. */
export const formats = ["aims-story@1", "aims-export@1", "aims-records@1"] as const;
export type Format = (typeof formats)[number];

/** A record as it should be now, without a history. */
export type PlainRecord = {
  kind: KindName;
  ref: Ref;
  state?: string;
  fields: Readonly<Record<string, unknown>>;
  place?: Place;
};

/** A link that a file tells, with its place. */
export type ToldLink = { from: Ref; field: string; to: Ref; place: Place };

/** What a folder's `aims.yaml` says of it. */
export type Manifest = {
  format: Format;
  organization?: { name: string; sample?: boolean };
  /** Of a story: the day, or moment, at which the simulated clock stands when all is told. */
  clock?: string;
  exported_at?: Instant;
  ledger?: { size: number; root: string };
  records?: number;
  /** References of records that were left out because the exporter may not see them. */
  withheld?: readonly Ref[];
};

/** The name of the file that says what the folder holds. */
export const manifestFile = "aims.yaml";

/**
 * Records as YAML files, as `aims export` writes them and `aims apply` reads them. A file holds a
 * list of records of one kind. In a story:
 *
 *     kind: risk
 *     records:
 *       - ref: RSK-001
 *         history:
 *           - { deed: identify, on: 2026-02-16, by: P06, fields: { title: "...", cause: "..." } }
 *
 * In an export each step says the moment (`at`), the state after it, and what changed: `fields`,
 * `removed`. Plain records have `ref`, `fields` and perhaps `state`.
 */
export type ReadRecords = {
  told: ToldRecord[];
  recorded: RecordedRecord[];
  plain: PlainRecord[];
  links: ToldLink[];
  problems: Problem[];
};

/** The records of a story file, and what is wrong with it. @throws {Refusal} `malformed` when it is no YAML */
export function parseRecordFile(text: string, file: string): { records: ToldRecord[]; problems: Problem[] } {
  const { told, problems } = parseRecords(text, file, "aims-story@1");
  return { records: told, problems };
}

/** The records of the file, their links, and everything that is wrong with it. @throws {Refusal} `malformed`, `too-large` */
export function parseRecords(text: string, file: string, format: Format): ReadRecords {
  const yaml = parseYaml(text, file);
  const read: ReadRecords = { told: [], recorded: [], plain: [], links: [], problems: [] };
  const head = headSchema.safeParse(yaml.value);
  if (!head.success) {
    for (const issue of head.error.issues)
      say({ read, yaml }, pathOf(issue), `Cannot read "${file}": ${wordsOf(issue)}`);
    return read;
  }
  const { kind, records } = head.data;
  for (const [position, item] of records.entries())
    readRecord(read, yaml, { format, kind: kind as KindName, item, path: ["records", position] });
  return read;
}

const headSchema = z.strictObject({
  kind: z.string().refine((kind) => Object.hasOwn(kinds, kind), "is none of ours; aims kinds shows all"),
  records: z.array(z.unknown()),
});

const reference = z.string().regex(refPattern, "a reference looks like RSK-007");
const fieldsOfStep = z.record(z.string(), z.unknown());
const toldSchema = z.strictObject({
  ref: reference,
  history: z
    .array(
      z.strictObject({
        deed: z.string(),
        on: z.string(),
        by: z.string(),
        fields: fieldsOfStep.optional(),
        comment: z.string().max(100_000).optional(),
      }),
    )
    .min(1, "has no step"),
});
const recordedSchema = z.strictObject({
  ref: reference,
  history: z
    .array(
      z.strictObject({
        deed: z.string(),
        at: z.string().refine(isInstant, "an instant is written 2026-11-23T10:00:00.000Z"),
        by: z.string(),
        because: reference.optional(),
        state: z.string(),
        fields: fieldsOfStep.optional(),
        removed: z.array(z.string()).optional(),
      }),
    )
    .min(1, "has no step"),
});
const plainSchema = z.strictObject({ ref: reference, state: z.string().optional(), fields: fieldsOfStep });

type Item = { format: Format; kind: KindName; item: unknown; path: (string | number)[] };

function readRecord(read: ReadRecords, yaml: YamlText, { format, kind, item, path }: Item): void {
  const schema = format === "aims-story@1" ? toldSchema : format === "aims-export@1" ? recordedSchema : plainSchema;
  const parsed = schema.safeParse(item);
  const named = z.object({ ref: z.string() }).safeParse(item);
  const record = named.success ? named.data.ref : undefined;
  if (!parsed.success) {
    for (const issue of parsed.error.issues)
      say(
        { read, yaml },
        [...path, ...pathOf(issue)],
        `Cannot read ${record ?? `record ${Number(path[1]) + 1}`}: ${wordsOf(issue)}`,
        record,
      );
    return;
  }
  const place = lazily(() => ({ ...yaml.placeOf(path), ...(record === undefined ? {} : { record }) }));
  if (format === "aims-story@1") {
    // The three schemas are told apart by the format that chose one.
    const told = parsed.data as { ref: Ref; history: Told[] };
    readTold(read, yaml, { kind, path, ...told });
    read.told.push({ kind, place, ...told });
  } else if (format === "aims-export@1") {
    const recorded: RecordedRecord = { kind, place, ...(parsed.data as { ref: Ref; history: RecordedStep[] }) };
    for (const { message, step, path: within } of problemsOf(recorded))
      say({ read, yaml }, [...path, "history", step, ...within], message, recorded.ref);
    for (const [step, told] of recorded.history.entries())
      collectLinks(read, yaml, {
        kind,
        ref: recorded.ref,
        fields: told.fields ?? {},
        path: [...path, "history", step, "fields"],
      });
    read.recorded.push(recorded);
  } else {
    const plain = parsed.data as z.infer<typeof plainSchema>;
    checkFields(read, yaml, { kind, ref: plain.ref, fields: plain.fields, path: [...path, "fields"] });
    if (plain.state !== undefined && !kinds[kind].states.includes(plain.state))
      say(
        { read, yaml },
        [...path, "state"],
        `Cannot read ${plain.ref}: its states are ${kinds[kind].states.join(", ")}`,
        plain.ref,
      );
    collectLinks(read, yaml, { kind, ref: plain.ref, fields: plain.fields, path: [...path, "fields"] });
    read.plain.push({ kind, place, ...plain });
  }
}

function readTold(
  read: ReadRecords,
  yaml: YamlText,
  {
    kind,
    ref,
    history,
    path,
  }: { kind: KindName; ref: Ref; history: readonly Told[]; path: readonly (string | number)[] },
): void {
  for (const [step, told] of history.entries()) {
    const at = [...path, "history", step];
    if (!Object.hasOwn(kinds[kind].deeds, told.deed))
      say(
        { read, yaml },
        [...at, "deed"],
        `Cannot do "${told.deed}" on ${ref}: its deeds are ${Object.keys(kinds[kind].deeds).join(", ")}`,
        ref,
      );
    if (!isMoment(told.on))
      say(
        { read, yaml },
        [...at, "on"],
        `Cannot read the moment "${told.on}" of ${ref}: write 2026-11-23 or 2026-11-23 14:30`,
        ref,
      );
    if (told.by !== "system" && !refPattern.test(told.by))
      say(
        { read, yaml },
        [...at, "by"],
        `Cannot read who did "${told.deed}" on ${ref}: "${told.by}" is neither a person's reference nor system`,
        ref,
      );
    checkFields(read, yaml, { kind, ref, fields: told.fields ?? {}, path: [...at, "fields"] });
    collectLinks(read, yaml, { kind, ref, fields: told.fields ?? {}, path: [...at, "fields"] });
  }
}

/** Whether the text is a day, or a day and a time of day, as stories tell them. */
function isMoment(text: string): boolean {
  const [day = "", clock] = text.split(/[T ]/);
  return (
    isDay(day) &&
    (clock === undefined || isInstant(`${day}T${/^\d{2}:\d{2}$/.test(clock) ? `${clock}:00.000Z` : clock}`))
  );
}

type Fields = {
  kind: KindName;
  ref: Ref;
  fields: Readonly<Record<string, unknown>>;
  path: readonly (string | number)[];
};

function checkFields(read: ReadRecords, yaml: YamlText, { kind, ref, fields, path }: Fields): void {
  // A null takes a value away; the schema knows only values.
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
  const parsed = schemaOf(kinds[kind]).safeParse(given);
  for (const issue of parsed.error?.issues ?? []) {
    const within = issue.code === "unrecognized_keys" ? [...pathOf(issue), issue.keys[0] ?? ""] : pathOf(issue);
    say({ read, yaml }, [...path, ...within], `Cannot read ${ref}: ${wordsOf(issue)}`, ref);
  }
}

function collectLinks(read: ReadRecords, yaml: YamlText, { kind, ref, fields, path }: Fields): void {
  for (const { field, to } of linksOf(kinds[kind], fields)) {
    read.links.push({
      from: ref,
      field,
      to,
      place: lazily(() => ({ ...yaml.placeOf([...path, ...field.split(".").slice(0, 1)]), record: ref, field })),
    });
  }
}

/** A place that is looked up when somebody asks for it: most records and links are fine, and a line is found by counting. */
function lazily(find: () => Place): Place {
  let found: Place | undefined;
  const once = () => (found ??= find());
  return {
    get file() {
      return once().file;
    },
    get line() {
      return once().line;
    },
    get record() {
      return once().record;
    },
    get field() {
      return once().field;
    },
  } as Place;
}

/** What a file is read into, and the document that it is read from. */
type Reading = { read: ReadRecords; yaml: YamlText };

function say({ read, yaml }: Reading, path: readonly (string | number)[], message: string, record?: Ref): void {
  const fields = path.indexOf("fields");
  const field = fields === -1 ? undefined : path.slice(fields + 1).join(".");
  read.problems.push({
    message,
    place: { ...yaml.placeOf(path), ...(record === undefined ? {} : { record }), ...(field ? { field } : {}) },
  });
}

const pathOf = (issue: z.core.$ZodIssue): (string | number)[] =>
  issue.path.map((part) => (typeof part === "symbol" ? String(part) : part));

const manifestSchema = z.strictObject({
  format: z.enum(formats),
  organization: z.strictObject({ name: z.string().min(1).max(500), sample: z.boolean().optional() }).optional(),
  clock: z.string().refine(isMoment, "write 2026-11-23 or 2026-11-23 14:30").optional(),
  exported_at: z.string().refine(isInstant, "an instant is written 2026-11-23T10:00:00.000Z").optional(),
  ledger: z.strictObject({ size: z.int().min(0), root: z.string() }).optional(),
  records: z.int().min(0).optional(),
  withheld: z.array(reference).optional(),
});

/** What the manifest says. @throws {Refusal} `malformed`; `incompatible` for a format of another version */
export function parseManifest(text: string, file: string): Manifest {
  const yaml = parseYaml(text, file);
  const format = z.object({ format: z.string() }).safeParse(yaml.value);
  if (format.success && !formats.some((known) => known === format.data.format))
    throw new Refusal(
      "incompatible",
      `Cannot read "${file}": format "${format.data.format}" is none of ${formats.join(", ")}`,
      { place: yaml.placeOf(["format"]) },
    );
  const parsed = manifestSchema.safeParse(yaml.value);
  if (parsed.success) return parsed.data as Manifest;
  const problems = parsed.error.issues.map((issue) => ({
    message: `Cannot read "${file}": ${wordsOf(issue)}`,
    place: yaml.placeOf(pathOf(issue)),
  }));
  throw new Refusal("malformed", problems[0]?.message ?? `Cannot read "${file}"`, {
    problems,
    place: problems[0]?.place,
  });
}

/** The manifest as a file's text. */
export const writeManifest = (manifest: Manifest): string => write(manifest);

/** More records than these make a file that no editor likes. */
const mostInFile = 2000;

/** The records of one kind as files, by reference: `risk.yaml`, then `risk-2.yaml` and so on. */
export function writeRecords(kind: KindName, records: readonly RecordedRecord[]): { path: string; text: string }[] {
  const sorted = [...records].sort((a, b) => (a.ref < b.ref ? -1 : a.ref > b.ref ? 1 : 0));
  const files = [];
  for (let at = 0; at < sorted.length; at += mostInFile) {
    const part = sorted.slice(at, at + mostInFile).map(({ ref, history }) => ({ ref, history }));
    files.push({
      path: `${kind.replaceAll("_", "-")}${at === 0 ? "" : `-${at / mostInFile + 1}`}.yaml`,
      text: write({ kind, records: part }),
    });
  }
  return files;
}

const write = (value: unknown): string => dump(value, { lineWidth: 110, noRefs: true });
