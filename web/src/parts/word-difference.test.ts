import fc from "fast-check";
import { expect, test } from "vitest";
import { differenceOf } from "./word-difference.ts";

const oldOf = (stretches: ReturnType<typeof differenceOf>) =>
  stretches
    .filter(({ how }) => how !== "new")
    .map(({ text }) => text)
    .join("");
const newOf = (stretches: ReturnType<typeof differenceOf>) =>
  stretches
    .filter(({ how }) => how !== "gone")
    .map(({ text }) => text)
    .join("");

test("only the words that changed are marked", () => {
  expect(differenceOf("Review every six months by the board", "Review every three months by the board")).toEqual([
    { how: "same", text: "Review every " },
    { how: "gone", text: "six" },
    { how: "new", text: "three" },
    { how: "same", text: " months by the board" },
  ]);
});

test("words in the middle are found again between two changes, but not a blank or one short word", () => {
  const kept = (before: string, after: string) =>
    differenceOf(before, after)
      .filter(({ how }) => how === "same")
      .map(({ text }) => text);
  expect(kept("a between the two c", "x between the two y")).toEqual([" between the two "]);
  expect(differenceOf("a b c", "x b y")).toEqual([
    { how: "gone", text: "a b c" },
    { how: "new", text: "x b y" },
  ]);
});

test("from nothing everything is new, and to nothing everything goes", () => {
  expect(differenceOf("", "a b")).toEqual([{ how: "new", text: "a b" }]);
  expect(differenceOf("a b", "")).toEqual([{ how: "gone", text: "a b" }]);
  expect(differenceOf("same", "same")).toEqual([{ how: "same", text: "same" }]);
});

test("both texts can be read back from the difference", () => {
  const text = fc.array(fc.constantFrom("a", "b", "c", " ", "\n"), { maxLength: 40 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const stretches = differenceOf(before, after);
      expect(oldOf(stretches)).toBe(before);
      expect(newOf(stretches)).toBe(after);
    }),
  );
});

test("texts of many words are still told apart, without the table that would be too large", () => {
  const long = Array.from({ length: 4000 }, (_, at) => `w${at}`).join(" ");
  const other = Array.from({ length: 4000 }, (_, at) => `v${at}`).join(" ");
  expect(differenceOf(long, other)).toEqual([
    { how: "gone", text: long },
    { how: "new", text: other },
  ]);
});
