// Writes examples/fjordmark/44-awareness-ack.yaml: who of the sample organisation confirmed the AI policy
// and the use rules of their system, and when. Run after scripts/sample-workforce.ts; the same on every
// run: node scripts/sample-awareness.ts
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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
const lines: Line[] = [];
const two = (value: number) => String(value).padStart(2, "0");

/** A working day that many days after the first, at a time that differs from person to person. */
function moment(from: Day, days: number, position: number, clock: string): string {
  const day = addDays(from, position % days);
  const weekday = (((daysBetween("1970-01-05" as Day, day) % 7) + 7) % 7) + 1;
  return `${weekday > 5 ? addDays(day, 8 - weekday) : day} ${clock}:${two((position * 7) % 60)}`;
}
const scoreOf = (position: number) => 80 + 10 * ((position * 5) % 3);

const staff = [...people("02-person.yaml"), ...people("03-workforce.yaml")];
const settled = staff.filter(({ from }) => from < "2025-11-23");
const late = new Set(
  Array.from(
    { length: latecomers },
    (_, index) => settled[Math.floor((index * settled.length) / latecomers) + 30]?.ref,
  ),
);
const skriva = settled.filter(({ labels, ref }) => labels.includes("uses AIS-01") && !late.has(ref));
const autumn = new Set(skriva.slice(-lateUsers.count).map(({ ref }) => ref));

for (const [position, { ref, job, labels, from }] of staff.entries()) {
  const own = labels.map((label) => rules[label]).find((rule) => rule !== undefined);
  const isNew = from >= "2025-11-23";
  const confirmsLate = late.has(ref);
  let waiting = own;
  if (isNew && from < published)
    lines.push({
      on: moment(from, 3, position, "13"),
      by: ref,
      about: [],
      topics: "[own_contribution, consequences]",
      method: "talk",
    });
  // Newcomers hear of the policy in their first weeks, all others in the round after it was published.
  const start =
    isNew && from > published ? addDays(from, 1) : confirmsLate ? ("2026-04-07" as Day) : addDays(published, 1);
  const span = isNew && from > published ? 20 : confirmsLate ? 40 : 50;
  let on = moment(start, span, position, "12");
  let about = ["POL-01"];
  if (own !== undefined && !confirmsLate && !autumn.has(ref)) {
    const isSecondSite = job === secondSite.job || ref === "P25";
    const rulesFrom = isSecondSite ? secondSite.from : own.from;
    // Where the rules came within the round, or before the newcomer, both are confirmed at once.
    if (isNew && from > rulesFrom) [about, waiting] = [["POL-01", own.document], undefined];
    else if (!isNew && rulesFrom < "2026-04-01")
      [on, about, waiting] = [moment(own.from, own.days, position, own.clock), ["POL-01", own.document], undefined];
  }
  lines.push({
    on,
    by: ref,
    about: confirmsLate ? about : [...about, "TR-01"],
    topics: allTopics,
    method: confirmsLate ? "read_and_confirm" : "quiz",
    ...(confirmsLate ? {} : { score: scoreOf(position) }),
  });
  if (waiting === undefined) continue;
  const site = job === secondSite.job || ref === "P25" ? secondSite : autumn.has(ref) ? lateUsers : waiting;
  const first = from > site.from ? addDays(from, 1) : site.from;
  lines.push({
    on: moment(first, site.days, position, waiting.clock),
    by: ref,
    about: [waiting.document],
    topics: "[own_contribution]",
    method: "read_and_confirm",
  });
}
for (const [label, refs] of Object.entries(standIns)) {
  const rule = rules[label];
  for (const [position, ref] of refs.entries())
    if (rule !== undefined)
      lines.push({
        on: moment(rule.from, rule.days, position, rule.clock),
        by: ref,
        about: [rule.document],
        topics: "[own_contribution]",
        method: "read_and_confirm",
      });
}

lines.sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : a.by < b.by ? -1 : 1));
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
writeFileSync(
  join(folder, "44-awareness-ack.yaml"),
  `# Written by scripts/sample-awareness.ts. Do not edit.\nkind: awareness_ack\nrecords:\n${text.join("\n")}\n`,
);
