import { Refusal } from "./refusal.ts";

// Both are globals of Node and of every browser; they compute and reach nothing, so that core may use them.
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new (
  label: string,
  options: { fatal: boolean; ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
// By character code; 255 stands for what is no digit.
const digitOf = new Uint8Array(128).fill(255);
[...alphabet].forEach((_, digit) => (digitOf[alphabet.charCodeAt(digit)] = digit));
// What 12 bits are in base64: hashes are written and compared by the million.
const base64Pairs = [...alphabet].flatMap((first) => [...alphabet].map((second) => first + second));
const hexPairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Whether the text can be written as UTF-8: it holds no half of a surrogate pair. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

/** The text as UTF-8. @throws {Refusal} `malformed` when it holds half of a surrogate pair */
export function encodeUtf8(text: string): Uint8Array {
  if (!isWellFormed(text))
    throw new Refusal("malformed", "Cannot write text as UTF-8: it holds half of a surrogate pair");
  return encoder.encode(text);
}

/** The text whose UTF-8 the bytes are, a leading byte order mark kept. @throws {Refusal} `malformed` */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    // The decoder throws a TypeError for foreign bytes; what the asker needs to know is that this is no text.
    throw new Refusal("malformed", "Cannot read bytes as text: they are not UTF-8", { cause });
  }
}

/** The bytes in lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += hexPairs[byte];
  return text;
}

/** The bytes that lower-case hexadecimal stands for. @throws {Refusal} `malformed` */
export function fromHex(text: string): Uint8Array {
  if (!/^(?:[0-9a-f]{2})*$/.test(text))
    throw new Refusal("malformed", "Cannot read hexadecimal: it takes pairs of 0-9 and a-f");
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(text.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}

/** The bytes in standard, padded base64. RFC 4648, section 4. */
export function toBase64(bytes: Uint8Array): string {
  const rest = bytes.length % 3;
  const whole = bytes.length - rest;
  let text = "";
  for (let at = 0; at < whole; at += 3) {
    const group = (byteAt(bytes, at) << 16) | (byteAt(bytes, at + 1) << 8) | byteAt(bytes, at + 2);
    text += base64Pairs[group >> 12];
    text += base64Pairs[group & 0xfff];
  }
  if (rest === 1) text += `${base64Pairs[byteAt(bytes, whole) << 4]}==`;
  if (rest === 2) {
    const group = (byteAt(bytes, whole) << 10) | (byteAt(bytes, whole + 1) << 2);
    text += `${base64Pairs[group >> 6]}${alphabet.charAt(group & 63)}=`;
  }
  return text;
}

/**
 * The bytes that standard base64 stands for. Each value has one spelling: no white space, no missing
 * padding, no bits left over.
 *
 * @throws {Refusal} `malformed`
 */
export function fromBase64(text: string): Uint8Array {
  const refused = () => new Refusal("malformed", "Cannot read base64: it is not padded standard base64 of RFC 4648");
  if (text.length % 4 !== 0) throw refused();
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const digits = text.length - padding;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let held = 0;
  let bits = 0;
  let at = 0;
  for (let index = 0; index < digits; index++) {
    const digit = digitOf[text.charCodeAt(index)] ?? 255;
    if (digit === 255) throw refused();
    held = ((held << 6) | digit) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = (held >> bits) & 0xff;
  }
  if ((held & ((1 << bits) - 1)) !== 0) throw refused();
  return bytes;
}

/** The pieces, one after the other. */
export function concatBytes(...pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Whether both hold the same bytes. What is compared here is public, so the time it takes may tell where they differ. */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}

// Every index asked for is inside the bytes.
function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}
