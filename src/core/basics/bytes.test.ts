import fc from "fast-check";
import { expect, test } from "vitest";
import {
  concatBytes,
  decodeUtf8,
  encodeUtf8,
  fromBase64,
  fromHex,
  isWellFormed,
  sameBytes,
  toBase64,
  toHex,
} from "./bytes.ts";

test("base64 and hexadecimal agree with those of Node, both ways", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
      expect(toHex(bytes)).toBe(Buffer.from(bytes).toString("hex"));
      expect(fromBase64(toBase64(bytes))).toEqual(bytes);
      expect(fromHex(toHex(bytes))).toEqual(bytes);
    }),
  );
});

test("what is not the one base64 spelling of some bytes is refused", () => {
  for (const text of [
    "A",
    "AA",
    "AAA",
    "AA=A",
    "A===",
    "====",
    "AB==",
    "AAB=",
    "AA==AA==",
    "AA= ",
    "AA\n=",
    "AA-_",
    "AAA\u00e9",
    " AAAA",
  ])
    expect(() => fromBase64(text), JSON.stringify(text)).toThrow("Cannot read base64");
});

test("what is not lower-case hexadecimal is refused", () => {
  for (const text of ["a", "AB", "0g", "0x00", " 00", "00\n"])
    expect(() => fromHex(text), JSON.stringify(text)).toThrow("Cannot read hexadecimal");
});

test("text comes back from its UTF-8, a byte order mark included", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => decodeUtf8(encodeUtf8(text)) === text));
  expect(decodeUtf8(encodeUtf8("\ufeffa"))).toBe("\ufeffa");
});

test("half of a surrogate pair is no text, and foreign bytes are none", () => {
  for (const text of ["\ud800", "a\udfffb", "\udc00\ud800"]) {
    expect(isWellFormed(text)).toBe(false);
    expect(() => encodeUtf8(text)).toThrow("half of a surrogate pair");
  }
  expect(isWellFormed("\u{1f600}")).toBe(true);
  for (const bytes of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82]])
    expect(() => decodeUtf8(Uint8Array.from(bytes))).toThrow("not UTF-8");
});

test("bytes are joined in order, and compared in length and content", () => {
  expect(concatBytes(Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(2, 3))).toEqual(Uint8Array.of(1, 2, 3));
  expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
  expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
  expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false);
});
