import { expect, test } from "vitest";
import type { FieldDescription } from "#contract/kind.ts";
import { changesOf, fieldsOf, withoutEmpty } from "./draft.ts";

const field = (
  name: string,
  input: FieldDescription["input"],
  more: Partial<FieldDescription> = {},
): FieldDescription => ({
  name,
  title: name,
  input,
  must: false,
  after: false,
  personal: false,
  common: false,
  ...more,
});
const title = field("title", "line", { common: true });
const level = field("level", "number");
const score = field("score", "group", { parts: [level, field("reason", "prose")] });
const names = field("names", "list", { item: field("names", "line") });

test("only what is other than before is sent", () => {
  expect(changesOf([title, level], { title: "Old", level: 3 }, { title: "New", level: 3 })).toEqual({ title: "New" });
});

test("a value taken away is sent as null", () => {
  expect(changesOf([title, names], { title: "Old", names: ["a"] }, { title: "", names: [] })).toEqual({
    title: null,
    names: null,
  });
});

test("a group of which nothing is filled in is not there, and zero is a value", () => {
  expect(withoutEmpty(score, { reason: "" })).toBeUndefined();
  expect(withoutEmpty(score, { level: 0, reason: "" })).toEqual({ level: 0 });
});

test("blank lines of a list are left out", () => {
  expect(withoutEmpty(names, ["a", " ", "b "])).toEqual(["a", "b"]);
});

test("a field that the record lacks and the form leaves empty changes nothing", () => {
  expect(changesOf([score, names, title], {}, { score: {}, names: [], title: "" })).toEqual({});
});

test("what a deed needs is asked first, what every record has last, and what it may not set not at all", () => {
  const owner = field("owner", "link", { common: true });
  const { first, more } = fieldsOf([level, score, title, owner], ["level", "title", "owner", "score"], ["score"]);
  expect(first.map(({ name }) => name)).toEqual(["score", "title", "level"]);
  expect(more.map(({ name }) => name)).toEqual(["owner"]);
  expect(fieldsOf([level, title], [], []).first).toEqual([]);
  expect(fieldsOf([level, title], null, []).first).toHaveLength(2);
});
