import { expect, test } from "vitest";
import { inTermsOf, parseTranscript } from "./transcript.ts";

test("commands, their output, exit codes and files are told apart", () => {
  const text =
    "# Lists nothing.\n# uses sample\n\n$ aims list risk \\\n  --data d\nRef <n>\n\nlast\n[2]\n\n$ cat a/b\nx\n-- a/b --\nx\n";
  expect(parseTranscript(text)).toEqual({
    about: "Lists nothing.",
    usesSample: true,
    files: [{ path: "a/b", text: "x\n" }],
    steps: [
      { line: 4, command: "aims list risk --data d", expected: ["Ref <n>", "", "last"], code: 2 },
      { line: 11, command: "cat a/b", expected: ["x"], code: 0 },
    ],
  });
});

test("what varies fits its pattern alone, and dots stand for any lines", () => {
  const expected = ["size <n>", "...", "end of <day>"];
  expect(inTermsOf(expected, ["size 12", "a", "b", "end of 2026-11-23"])).toEqual(expected);
  expect(inTermsOf(expected, ["size 12", "end of 2026-11-23"])).toEqual(expected);
  expect(inTermsOf(expected, ["size many", "end of 2026-11-23"])).toEqual(["size many", "end of <day>"]);
  expect(inTermsOf(expected, ["size 12", "end of 2026-11-23", "more"])).not.toEqual(expected);
  expect(inTermsOf([], ["unforeseen"])).toEqual(["unforeseen"]);
  expect(inTermsOf(["..."], [])).toEqual(["..."]);
});

test("a dot in the expected output is a dot", () => {
  expect(inTermsOf(["1.0 (a)"], ["1x0 (a)"])).toEqual(["1x0 (a)"]);
});
