import {
  listRecords,
  findRecord,
  readHistory,
  type HistoryEntry,
  type RecordLine,
  type RecordView,
} from "#contract/record.ts";
import { describeKind } from "#contract/describe-kind.ts";
import { parseDay } from "#core/basics/time.ts";
import { refPattern } from "#core/records/field.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { atDesk } from "./desk.ts";
import { demandKind } from "./kinds.ts";
import type { Place } from "./place.ts";
import { colours, print, printJson, printTable } from "./print.ts";
import type { Listing } from "./program.ts";

const largestPage = 500;

/** Lists records of a kind, page by page to the last. @throws {Refusal} `not-found` for an unknown kind */
export async function list(place: Place, name: string, options: Listing): Promise<void> {
  const kind = demandKind(name);
  const { state, of: owner, system: ai_system, text, overdue, sort, descending, limit, asAt } = options;
  for (const one of state ?? [])
    if (!kind.states.includes(one as never))
      throw new Refusal(
        "malformed",
        `Cannot list ${kind.plural.toLowerCase()} in state "${one}": the states are ${kind.states.join(", ")}`,
      );
  const query = {
    kind: kind.name,
    state,
    owner,
    ai_system,
    text,
    overdue,
    sort,
    descending,
    as_at: asAt === undefined ? undefined : parseDay(asAt),
  };
  const { records, names } = await atDesk(place, async (desk) => {
    const found: { records: RecordLine[]; names: Record<string, string> } = { records: [], names: {} };
    for (let after: string | undefined; ;) {
      const left = limit === undefined ? largestPage : Math.min(largestPage, limit - found.records.length);
      const page = await desk.ask(listRecords, { ...query, after, limit: left });
      found.records.push(...page.records);
      Object.assign(found.names, page.names);
      if (page.next === null || found.records.length === limit) return found;
      after = page.next;
    }
  });
  if (place.json) return printJson({ kind: kind.name, records });
  const { columns } = describeKind(kind);
  printTable(
    ["Ref", "State", ...columns.map(({ title }) => title)],
    records.map((record) => [
      record.ref,
      `${record.state}${record.overdue ? " (overdue)" : ""}`,
      ...columns.map(({ field }) => inWords(record.columns[field], names)),
    ]),
  );
}

/** Shows a record, or every version of it. @throws {Refusal} `not-found` */
export async function show(
  place: Place,
  ref: string,
  { history, asAt }: { history?: true; asAt?: string },
): Promise<void> {
  const day = asAt === undefined ? {} : { as_at: parseDay(asAt) };
  const about = { ref: demandRef(ref), ...day };
  if (history !== true) {
    const view = await atDesk(place, (desk) => desk.ask(findRecord, about));
    return place.json ? printJson(view) : printView(view);
  }
  const told = await atDesk(place, async (desk) => {
    const { record } = await desk.ask(findRecord, about);
    return desk.ask(readHistory, { kind: record.kind, ...about });
  });
  if (place.json) return printJson(told);
  print(colours.bold(`${told.ref} ${told.title}`));
  for (const version of told.versions) printVersion(version, told.names);
}

/** The text as a reference. @throws {Refusal} `malformed` */
export function demandRef(text: string): string {
  if (!refPattern.test(text)) throw new Refusal("malformed", `Cannot read reference "${text}": one is written RSK-007`);
  return text;
}

function printView({ record, title, links, deeds, overdue, orphaned, names, seq, asAt, sights }: RecordView): void {
  print(`${colours.bold(`${record.ref} ${title}`)}${asAt === null ? "" : ` as at ${asAt}`}`);
  print(
    `${record.kind.replaceAll("_", " ")}, ${record.state} since ${record.state_since}, version ${record.rev}, ledger entry ${seq}${overdue ? ", overdue" : ""}${orphaned ? ", without an owner who is here" : ""}`,
  );
  print("");
  const { fields } = describeKind(demandKind(record.kind));
  printTable(
    ["Field", "Value"],
    fields
      .filter(({ name }) => record[name] !== undefined)
      .map(({ name, title: told }) => [told, inWords(record[name], names)]),
  );
  if (links.out.length + links.back.length > 0) {
    print("");
    printTable(
      ["Link", "Ref", "State", "Title"],
      [
        ...links.out.map(({ field, ref, state, title: told }) => [`${field} ->`, ref, state ?? "", told ?? ""]),
        ...links.back.map(({ field, ref, state, title: told }) => [`<- ${field}`, ref, state ?? "", told ?? ""]),
      ],
    );
    if (links.moreBack) print("and more that point here");
  }
  if (sights.length > 0) {
    print("");
    printTable(
      ["Who reported was shown to", "At", "Version"],
      sights.map(({ by, at, rev }) => [`${by.name} (${by.ref})`, at, `${rev}`]),
    );
  }
  if (deeds.length === 0) return;
  print("");
  printTable(
    ["Deed", "May", "Why not"],
    deeds.map(({ deed, may, why }) => [deed, may, why ?? ""]),
  );
}

function printVersion(
  { rev, seq, title, state, by, at, doneAt, because, imported, erasedAt, changes }: HistoryEntry,
  names: Readonly<Record<string, string>>,
): void {
  print("");
  print(
    `${colours.bold(`${rev}`)} ${doneAt ?? at} ${title} -> ${state}, ${by?.name ?? "the software"}, ledger entry ${seq}${because === null ? "" : `, because of ${because}`}${imported ? ", imported" : ""}${erasedAt === null ? "" : `, erased ${erasedAt}`}`,
  );
  for (const { title: field, before, after } of changes)
    print(
      `  ${field}: ${before === undefined || before === null ? "" : `${inWords(before, names)} -> `}${inWords(after, names)}`,
    );
}

function inWords(value: unknown, names: Readonly<Record<string, string>>): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value))
    return value.map((item) => inWords(item, names)).join(typeof value[0] === "object" ? "; " : ", ");
  if (typeof value === "object")
    return Object.entries(value)
      .map(([name, part]) => `${name.replaceAll("_", " ")}: ${inWords(part, names)}`)
      .join(", ");
  const text = String(value);
  return names[text] === undefined ? text.replaceAll(/\s*\n\s*/g, " ") : `${text} ${names[text]}`;
}
