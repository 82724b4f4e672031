// Writes examples/fjordmark/44-awareness-ack.yaml: who of the sample organisation confirmed the AI policy
// and the use rules of their system, and when. Run after scripts/sample-workforce.ts; the same on every
// run: node scripts/sample-awareness.ts
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { addDays, daysBetween, type Day } from "#core/basics/time.ts";

const folder = join(import.meta.dirname, "..", "examples", "fjordmark");
const published = "2026-02-02" as Day;
const allTopics = "[policy, own_contribution, consequences]";

/** The use rules of each system: the document, and the days on which those who used it then confirmed it. */
const rules: Readonly<Record<string, { document: string; from: Day; days: number; clock: string }>> = {
  "uses AIS-01": { document: "DOC-51", from: "2026-02-24" as Day, days: 4, clock: "10" },
  "uses AIS-02": { document: "DOC-52", from: "2026-03-31" as Day, days: 3, clock: "08" },
  "uses AIS-03": { document: "DOC-53", from: "2026-06-08" as Day, days: 3, clock: "14" },
  "uses AIS-04": { document: "DOC-54", from: "2026-03-19" as Day, days: 2, clock: "09" },
  "uses AIS-05": { document: "DOC-55", from: "2026-02-13" as Day, days: 1, clock: "11" },
  "uses AIS-06": { document: "DOC-56", from: "2026-06-12" as Day, days: 1, clock: "18" },
};
/** SAH began with AIS-03 on 2026-10-05; its nurses had confirmed by 2 October. */
const secondSite = { job: "Emergency nurse, SAH", from: "2026-09-21" as Day, days: 12 };
/** Clinicians who came to Skriva in the autumn. */
const lateUsers = { count: 28, from: "2026-10-26" as Day, days: 5 };
/** Confirmed though no user group names them: they stand in for users on leave and for places not yet filled. */
const standIns: Readonly<Record<string, readonly string[]>> = {
  "uses AIS-01": ["P02", "P06", "P07", "P09", "P13", "P14", "P19", "P22", "P23"],
  "uses AIS-03": ["P02", "P06"],
  "uses AIS-05": ["P08", "P09", "P20"],
};
/** Confirmed the policy later than 60 days after it was published. */
const latecomers = 33;

type Told = {
  deed: string;
  on: string;
  fields?: { job?: string; labels?: string[]; active_from?: string; in_scope?: boolean };
};
type Person = { ref: string; job: string; labels: readonly string[]; from: Day };

/** Everyone in scope who is not on leave; who left in the autumn had confirmed in the spring. */
function people(file: string): Person[] {
  const document = parse(readFileSync(join(folder, file), "utf8")) as { records: { ref: string; history: Told[] }[] };
  return document.records.flatMap(({ ref, history }) => {
    const fields = Object.assign({}, ...history.map((told) => told.fields ?? {})) as NonNullable<Told["fields"]>;
    const away = history.some(({ deed }) => deed === "suspend");
    if (away || fields.in_scope !== true) return [];
    return [
      { ref, job: fields.job ?? "", labels: fields.labels ?? [], from: (fields.active_from ?? published) as Day },
    ];
  });
}

type Line = { on: string; by: string; about: readonly string[]; topics: string; method: string; score?: number };
const two = (value: number) => String(value).padStart(2, "0");

/** A working day that many days after the first, at a time that differs from person to person. */
function moment(from: Day, days: number, position: number, clock: string): string {
  const day = addDays(from, position % days);
  const weekday = (((daysBetween("1970-01-05" as Day, day) % 7) + 7) % 7) + 1;
  return `${weekday > 5 ? addDays(day, 8 - weekday) : day} ${clock}:${two((position * 7) % 60)}`;
}

const isNew = ({ from }: Person): boolean => from >= "2025-11-23";
const isAtSecondSite = ({ job, ref }: Person): boolean => job === secondSite.job || ref === "P25";
const rulesOf = ({ labels }: Person) => labels.map((label) => rules[label]).find((rule) => rule !== undefined);

/** Who confirmed the policy late, and who came to Skriva only in the autumn. */
function choose(staff: readonly Person[]): { late: ReadonlySet<string>; autumn: ReadonlySet<string> } {
  const settled = staff.filter((person) => !isNew(person));
  const evenly = Array.from(
    { length: latecomers },
    (_, index) => Math.floor((index * settled.length) / latecomers) + 30,
  );
  const late = new Set(evenly.flatMap((position) => settled[position]?.ref ?? []));
  const skriva = settled.filter(({ labels, ref }) => labels.includes("uses AIS-01") && !late.has(ref));
  return { late, autumn: new Set(skriva.slice(-lateUsers.count).map(({ ref }) => ref)) };
}

/** When the person confirmed the policy: newcomers in their first weeks, all others in the round after it was published. */
function policyOn(person: Person, position: number, isLate: boolean): string {
  if (isNew(person) && person.from > published) return moment(addDays(person.from, 1), 20, position, "12");
  return isLate ? moment("2026-04-07" as Day, 40, position, "12") : moment(addDays(published, 1), 50, position, "12");
}

function confirmationsOf(person: Person, position: number, chosen: ReturnType<typeof choose>): Line[] {
  const by = person.ref;
  const isLate = chosen.late.has(by);
  const isAutumn = chosen.autumn.has(by);
  const own = rulesOf(person);
  const rulesFrom = isAtSecondSite(person) ? secondSite.from : own?.from;
  // Where the rules came within the round, or before the newcomer, both are confirmed at once.
  const isTogether =
    own !== undefined &&
    rulesFrom !== undefined &&
    !isLate &&
    !isAutumn &&
    (isNew(person) ? person.from > rulesFrom : rulesFrom < "2026-04-01");
  const told: Line[] = [];
  if (isNew(person) && person.from < published)
    told.push({
      on: moment(person.from, 3, position, "13"),
      by,
      about: [],
      topics: "[own_contribution, consequences]",
      method: "talk",
    });
  told.push({
    on:
      isTogether && !isNew(person)
        ? moment(own.from, own.days, position, own.clock)
        : policyOn(person, position, isLate),
    by,
    about: ["POL-01", ...(isTogether ? [own.document] : []), ...(isLate ? [] : ["TR-01"])],
    topics: allTopics,
    ...(isLate ? { method: "read_and_confirm" } : { method: "quiz", score: 80 + 10 * ((position * 5) % 3) }),
  });
  if (own !== undefined && !isTogether) {
    const round = isAtSecondSite(person) ? secondSite : isAutumn ? lateUsers : own;
    const first = person.from > round.from ? addDays(person.from, 1) : round.from;
    told.push(readingOf(by, own.document, moment(first, round.days, position, own.clock)));
  }
  return told;
}

const readingOf = (by: string, document: string, on: string): Line => ({
  on,
  by,
  about: [document],
  topics: "[own_contribution]",
  method: "read_and_confirm",
});

/** The file's text: every confirmation, oldest first. */
export function acknowledgements(): string {
  const staff = [...people("02-person.yaml"), ...people("03-workforce.yaml")];
  const chosen = choose(staff);
  const lines = [
    ...staff.flatMap((person, position) => confirmationsOf(person, position, chosen)),
    ...Object.entries(standIns).flatMap(([label, refs]) =>
      refs.flatMap((ref, position) => {
        const rule = rules[label];
        return rule === undefined
          ? []
          : [readingOf(ref, rule.document, moment(rule.from, rule.days, position, rule.clock))];
      }),
    ),
  ].sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : a.by < b.by ? -1 : 1));
  const text = lines.map(({ on, by, about, topics, method, score }, index) => {
    const fields = [
      `person: ${by}`,
      ...(about.length === 0 ? [] : [`about: [${about.join(", ")}]`]),
      `topics: ${topics}`,
      `method: ${method}`,
      ...(score === undefined ? [] : [`score: ${score}`]),
    ];
    return `  - { ref: ACK-${String(index + 1).padStart(5, "0")}, history: [{ deed: acknowledge, on: ${on}, by: ${by}, fields: { ${fields.join(", ")} } }] }`;
  });
  return `# Written by scripts/sample-awareness.ts. Do not edit.\nkind: awareness_ack\nrecords:\n${text.join("\n")}\n`;
}

export const file = join(folder, "44-awareness-ack.yaml");

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(file, acknowledgements());
