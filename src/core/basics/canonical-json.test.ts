import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson, type Json } from "./canonical-json.ts";

/** The number of which these are the bits, IEEE 754, as appendix B of RFC 8785 gives them. */
function numberOfBits(hex: string): number {
  return new DataView(Uint8Array.from(Buffer.from(hex, "hex")).buffer).getFloat64(0);
}

// RFC 8785, appendix B. Where the RFC writes an integer that is beyond 2^53-1, we refuse it.
test.each([
  ["0000000000000000", "0"],
  ["8000000000000000", "0"],
  ["0000000000000001", "5e-324"],
  ["8000000000000001", "-5e-324"],
  ["7fefffffffffffff", "refused"], // 1.7976931348623157e+308
  ["ffefffffffffffff", "refused"],
  ["4340000000000000", "refused"], // 9007199254740992
  ["c340000000000000", "refused"],
  ["4430000000000000", "refused"], // 295147905179352830000
  ["7fffffffffffffff", "refused"], // NaN
  ["7ff0000000000000", "refused"], // Infinity
  ["44b52d02c7e14af5", "refused"], // 9.999999999999997e+22
  ["44b52d02c7e14af6", "refused"], // 1e+23
  ["44b52d02c7e14af7", "refused"],
  ["444b1ae4d6e2ef4e", "refused"], // 999999999999999700000
  ["444b1ae4d6e2ef50", "refused"], // 1e+21
  ["3eb0c6f7a0b5ed8c", "9.999999999999997e-7"],
  ["3eb0c6f7a0b5ed8d", "0.000001"],
  ["41b3de4355555553", "333333333.3333332"],
  ["41b3de4355555554", "333333333.33333325"],
  ["41b3de4355555555", "333333333.3333333"],
  ["41b3de4355555556", "333333333.3333334"],
  ["41b3de4355555557", "333333333.33333343"],
  ["becbf647612f3696", "-0.0000033333333333333333"],
  ["43143ff3c1cb0959", "1424953923781206.2"],
  ["433fffffffffffff", "9007199254740991"],
])("the number with the bits %s is written %s", (bits, expected) => {
  const value = numberOfBits(bits);
  if (expected === "refused") expect(() => canonicalJson(value)).toThrow('Cannot write "$" as JSON');
  else expect(canonicalJson(value)).toBe(expected);
});

test("names are sorted by UTF-16 code units, and texts escaped only where they must be", () => {
  // RFC 8785, section 3.2.3.
  const members = {
    "\u20ac": "Euro Sign",
    "\r": "Carriage Return",
    "\ufb33": "Hebrew Letter Dalet With Dagesh",
    "1": "One",
    "\u{1f600}": "Emoji: Grinning Face",
    "\u0080": "Control",
    "\u00f6": "Latin Small Letter O With Diaeresis",
  };
  expect(Object.values(JSON.parse(canonicalJson(members)) as object)).toEqual([
    "One",
    "Carriage Return",
    "Control",
    "Latin Small Letter O With Diaeresis",
    "Euro Sign",
    "Emoji: Grinning Face",
    "Hebrew Letter Dalet With Dagesh",
  ]);
  expect(canonicalJson({ string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"/", literals: [null, true, false] })).toBe(
    '{"literals":[null,true,false],"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

test("the order in which members were given makes no difference, and JSON reads the text back", () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const json = shrunk(value);
      expect(JSON.parse(canonicalJson(json))).toEqual(JSON.parse(JSON.stringify(json)));
      expect(canonicalJson(turned(json))).toBe(canonicalJson(json));
    }),
  );
});

test.each([
  ["undefined", { a: undefined }, '"$.a"', "it is undefined"],
  ["a hole in an array", [1, , 2], '"$[1]"', "it is undefined"], // oxlint-disable-line no-sparse-arrays -- the hole is the case
  ["a function", { a: [() => 1] }, '"$.a[0]"', "it is a function"],
  ["a bigint", 1n, '"$"', "it is a bigint"],
  ["a date", { a: new Date(0) }, '"$.a"', "it is not a plain object"],
  ["a map", new Map(), '"$"', "it is not a plain object"],
  ["NaN", { a: { b: Number.NaN } }, '"$.a.b"', "NaN is no JSON number"],
  ["half a surrogate pair", ["\ud800"], '"$[0]"', "half of a surrogate pair"],
  ["half a surrogate pair in a name", { "\udc00": 1 }, "", "half of a surrogate pair"],
  ["an integer that is not exact", { a: 2 ** 53 }, '"$.a"', "beyond 2^53-1"],
])("%s is refused, with its place", (_, value, place, why) => {
  const write = () => canonicalJson(value as Json);
  expect(write).toThrow(why);
  expect(write).toThrow(`Cannot write ${place}`);
});

test("a toJSON member is a member like any other", () => {
  expect(() => canonicalJson({ toJSON: () => 1 } as unknown as Json)).toThrow("it is a function");
  expect(canonicalJson({ toJSON: "x", ["__proto__"]: 1 })).toBe('{"__proto__":1,"toJSON":"x"}');
});

test("a value nested too deep, or into itself, is refused instead of overflowing the stack", () => {
  const self: unknown[] = [];
  self.push(self);
  expect(() => canonicalJson(self as Json)).toThrow("nested deeper than 200 levels");
  let deep: Json = 1;
  for (let level = 0; level < 200; level++) deep = [deep];
  expect(canonicalJson(deep)).toHaveLength(401);
  expect(() => canonicalJson([deep])).toThrow("nested deeper than 200 levels");
});

// What fast-check makes may hold integers that we refuse and halves of surrogate pairs.
function shrunk(value: unknown): Json {
  if (typeof value === "number") return Number.isInteger(value) && !Number.isSafeInteger(value) ? 0 : value;
  if (typeof value === "string") return wellFormed(value);
  if (Array.isArray(value)) return value.map(shrunk);
  if (value && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [wellFormed(name), shrunk(each)]));
  return value as Json;
}

function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}

function turned(value: Json): Json {
  if (Array.isArray(value)) return value.map(turned);
  if (value && typeof value === "object")
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([name, each]) => [name, turned(each as Json)]),
    );
  return value;
}
