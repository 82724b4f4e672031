import { concatBytes } from "#core/basics/bytes.ts";
import { Refusal } from "#core/basics/refusal.ts";

const greatestEntryBytes = 0xffff;

/**
 * The entries, each behind its length as two bytes, the greater first. c2sp.org/tlog-tiles.
 *
 * @throws {Refusal} `too-large` when an entry has more than 65,535 bytes
 */
export function formatBundle(entries: readonly Uint8Array[]): Uint8Array {
  return concatBytes(
    ...entries.flatMap((entry) => {
      if (entry.length > greatestEntryBytes)
        throw new Refusal(
          "too-large",
          `Cannot write entry of ${entry.length} bytes: a bundle holds entries of up to ${greatestEntryBytes}`,
        );
      return [Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry];
    }),
  );
}

/** The entries of a bundle, which are `width` and fill it. @throws {Refusal} `malformed` */
export function parseBundle(bytes: Uint8Array, width: number): Uint8Array[] {
  const entries: Uint8Array[] = [];
  let at = 0;
  while (entries.length < width) {
    const [high, low] = [bytes[at], bytes[at + 1]];
    if (high === undefined || low === undefined) throw malformed(`it ends after ${entries.length} of ${width} entries`);
    const end = at + 2 + high * 256 + low;
    if (end > bytes.length) throw malformed(`it ends within entry ${entries.length} of ${width}`);
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  if (at !== bytes.length) throw malformed(`${bytes.length - at} bytes follow its ${width} entries`);
  return entries;
}

function malformed(why: string): Refusal {
  return new Refusal("malformed", `Cannot read bundle of entries: ${why}`);
}
