import { expect, test } from "vitest";
import { parseManifest } from "./manifest-yaml.ts";
import { nameOf } from "./object.ts";
import { readObjects } from "./read-objects.ts";

function check(text: string, names: string[], problems: string[] = []): void {
  const snapshot = readObjects([{ file: "a.yaml", text }]);
  expect(snapshot.objects.map(nameOf)).toEqual(names);
  expect(snapshot.problems.map(({ message, place }) => `${place?.line}: ${message}`)).toEqual(problems);
}

const role = (name: string) => `apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: ${name}}\n`;

test("scalars are read as the API server's clients read them", () => {
  const rows: [string, unknown][] = [
    ["yes", true],
    ["y", true],
    ["On", true],
    ["no", false],
    ["off", false],
    ["'yes'", "yes"],
    ["~", null],
    ["0644", 420],
    ["0o14", 12],
    ["0x1F", 31],
    ["0b11", 3],
    ["-0b11", -3],
    ["1_000", 1000],
    ["1e3", 1000],
    [".5", 0.5],
    ["1:30", "1:30"],
    ["2024-01-01", "2024-01-01"],
    ["yEs", "yEs"],
    ["0899", 899],
    ["1.2.3", "1.2.3"],
  ]; // 0899 is no octal number, and the clients then take it for a decimal fraction.
  for (const [text, value] of rows) expect(parseManifest(`a: ${text}`), text).toEqual({ a: value });
});

test("documents, lists, JSON and JSON lines give their objects", () => {
  check(`# a comment\n---\n${role("a")}---\n---\n${role("b")}...\n`, ["Role default/a", "Role default/b"]);
  check(
    `{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","namespace":"x"}}]}`,
    ["Secret x/s"],
  );
  check(`{"apiVersion":"v1","kind":"PodList","items":[{"metadata":{"name":"p","namespace":"x"}}]}`, ["Pod x/p"]);
  check(
    `{"apiVersion":"v1","kind":"Node","metadata":{"name":"n"}}\n{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"x"}}\n`,
    ["Node n", "Namespace x"],
  );
});

test("a document that cannot be read is listed with its place, and the others are read", () => {
  check(
    `${role("a")}---\na: b: c\n---\n${role("b")}`,
    ["Role default/a", "Role default/b"],
    [`5: Cannot read document 2 of "a.yaml": bad indentation of a mapping entry`],
  );
  check("kind: Role\n", [], [`1: Cannot read document 1 of "a.yaml": it has no apiVersion and kind`]);
  check("apiVersion: v1\nkind: Pod\n", [], [`1: Cannot read document 1 of "a.yaml": Pod has no name`]);
  check("just text", [], [`1: Cannot read document 1 of "a.yaml": it has no apiVersion and kind`]);
});

test("an alias bomb, an endless nesting and a key that stands twice are problems, not crashes", () => {
  const bomb = `a: &a [x,x,x]\n${Array.from({ length: 120 }, (_, index) => `b${index}: *a\n`).join("")}`;
  for (const text of [bomb, "[".repeat(10_000), "a: 1\na: 2\n", "a: *nobody", '{"a":'])
    expect(readObjects([{ file: "f", text }]).problems, text.slice(0, 20)).toHaveLength(1);
});

test("a list that was refused is a kind that was not listed", () => {
  const text = `{"kind":"Status","apiVersion":"v1","status":"Failure","message":"secrets is forbidden","code":403,"details":{"kind":"secrets"}}`;
  expect(readObjects([{ file: "f", text }]).notListed).toEqual([{ kind: "secrets", why: "secrets is forbidden" }]);
});
