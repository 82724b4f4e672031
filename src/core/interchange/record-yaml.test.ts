import fc from "fast-check";
import { expect, test } from "vitest";
import type { Instant } from "#core/basics/time.ts";
import type { RecordedRecord } from "#core/records/recorded.ts";
import { parseManifest, parseRecordFile, parseRecords, writeManifest, writeRecords } from "./record-yaml.ts";
import { parseYaml } from "./yaml-text.ts";

const at = "2026-01-05T06:00:00.000Z" as Instant;
const person = (ref: string, fields: Record<string, unknown>): RecordedRecord => ({
  kind: "person",
  ref,
  history: [{ deed: "invite", at, by: "system", state: "invited", fields }],
});

test("records written are read as they were, in order of reference", () => {
  const records = [person("P02", { full_name: "Bo", manager: "P01" }), person("P01", { full_name: "Ada" })];
  const [file] = writeRecords("person", records);
  expect(file?.path).toBe("person.yaml");
  const read = parseRecords(file?.text ?? "", "person.yaml", "aims-export@1");
  expect(read.problems).toEqual([]);
  expect(read.recorded.map(({ kind, ref, history }) => ({ kind, ref, history }))).toEqual([records[1], records[0]]);
  expect(read.links.map(({ from, field, to }) => [from, field, to])).toEqual([["P02", "manager", "P01"]]);
});

test("any text comes back as it was", () => {
  const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 200 });
  const tricky = fc.constantFrom(
    "yes",
    "2026-01-01",
    "~",
    "null",
    "0x1F",
    "1e3",
    "- a",
    "a: b",
    "# a",
    " a",
    "a\n",
    "a\n\nb \n  c",
    "\ta",
    "'a'",
    '"a"',
    "%",
    "@a",
    "`a`",
    "---",
    "...",
    "? a",
    "!a",
    "&a",
    "*a",
    "|",
    ">",
    "a  \n",
    "\n",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(text, tricky), { minLength: 1, maxLength: 4 }), (names) => {
      const records = names.map((full_name, index) => person(`P${index + 10}`, { full_name }));
      const [file] = writeRecords("person", records);
      const read = parseRecords(file?.text ?? "", "person.yaml", "aims-export@1");
      expect(read.recorded.map((record) => record.history[0]?.fields?.["full_name"])).toEqual(names);
    }),
  );
});

test("prose is written as a block and without flow", () => {
  const [file] = writeRecords("person", [
    person("P01", { full_name: "Ada", summary: "One line.\n\nAnother, after a gap.\n", ai_systems: ["AIS-01"] }),
  ]);
  expect(file?.text).toContain("          summary: |\n            One line.\n\n            Another, after a gap.\n");
  expect(file?.text).toContain("          ai_systems:\n            - AIS-01\n");
});

test("more than 2,000 records of a kind are split over files", () => {
  const records = Array.from({ length: 2001 }, (_, index) =>
    person(`P${String(index).padStart(5, "0")}`, { full_name: "Somebody" }),
  );
  expect(writeRecords("person", records).map(({ path }) => path)).toEqual(["person.yaml", "person-2.yaml"]);
});

test("a manifest comes back as it was, and one of another version is named", () => {
  const manifest = {
    format: "aims-export@1",
    organization: { name: "Fjord: north", sample: true },
    exported_at: at,
    ledger: { size: 3, root: "AAAA" },
    records: 2,
    withheld: ["CN-01"],
  } as const;
  expect(parseManifest(writeManifest(manifest), "aims.yaml")).toEqual(manifest);
  expect(() => parseManifest("format: aims-export@2\n", "aims.yaml")).toThrow(
    'Cannot read "aims.yaml": format "aims-export@2" is none of aims-story@1, aims-export@1, aims-records@1',
  );
  expect(() => parseManifest("format: aims-story@1\nclok: 2026-01-01\n", "aims.yaml")).toThrow(
    '"clok" is no field of it',
  );
});

const story = `kind: person
records:
  - ref: P01
    history:
      - deed: invite
        on: 2026-01-05
        by: system
        fields:
          full_name: Ada
          employment: employee
`;
const problemsOf = (text: string) =>
  parseRecordFile(text, "01.yaml").problems.map(({ message, place }) => [message, place?.line]);

test("a story file is read, and what is wrong in one is said with its line", () => {
  expect(parseRecordFile(story, "01.yaml")).toMatchObject({ problems: [], records: [{ kind: "person", ref: "P01" }] });
  expect(problemsOf(story.replace("full_name: Ada", "fullname: Ada"))).toEqual([
    ['Cannot read P01: "fullname" is no field of it', 9],
  ]);
  expect(problemsOf(story.replace("employee", "king"))[0]?.[1]).toBe(10);
  expect(problemsOf(story.replace("2026-01-05", "2026-13-05"))).toEqual([
    ['Cannot read the moment "2026-13-05" of P01: write 2026-11-23 or 2026-11-23 14:30', 6],
  ]);
  expect(problemsOf(story.replace("by: system", "by: the boss"))[0]?.[1]).toBe(7);
  expect(problemsOf(story.replace("ref: P01", "ref: 17"))[0]?.[1]).toBe(3);
  expect(problemsOf(story.replace("deed: invite", "deed: invent"))[0]?.[1]).toBe(5);
  expect(problemsOf("kind: person\n")).toEqual([
    ['Cannot read "01.yaml": field "records": Invalid input: expected array, received undefined', 1],
  ]);
});

test("YAML that is none, or asks for too much, is refused with its place", () => {
  const reading = (text: string) => () => parseYaml(text, "a.yaml");
  expect(reading("a: [1")).toThrow(/^Cannot read "a.yaml" at line \d/);
  expect(reading("a: 1\na: 2")).toThrow('Cannot read "a.yaml" at line 2: duplicated mapping key');
  expect(reading("")).toThrow('Cannot read "a.yaml"');
  expect(reading("a: 1\n---\nb: 2\n")).toThrow('Cannot read "a.yaml": it holds several documents');
  expect(reading("[".repeat(10_000))).toThrow("nesting exceeded maxDepth (64)");
  expect(reading(`a: &a 1\nb: [${Array(101).fill("*a").join(", ")}]`)).toThrow("aliases exceeded maxAliases (100)");
  expect(reading("a: &a [*a]")).toThrow('Cannot read "a.yaml"');
  const bomb = [
    "a: &a [1,1,1,1,1,1,1,1,1,1]",
    ...[..."bcdefghi"].map((name, index) => `${name}: &${name} [${Array(10).fill(`*${"abcdefgh"[index]}`).join(",")}]`),
  ].join("\n");
  expect(reading(bomb)).toThrow("its aliases stand for more than 2000000 values");
  expect(reading("x".repeat(10 * 1024 * 1024 + 1))).toThrow("it is larger than 10 MB");
});

test("a word is no truth value, and a day no moment, unless its spelling shows it", () => {
  expect(parseYaml("a: yes\nb: 2026-01-01\nc: 1_000\nd: true\ne: 0644\n", "a.yaml").value).toMatchObject({
    a: "yes",
    b: "2026-01-01",
    c: "1_000",
    d: true,
  });
});
