import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { decodeUtf8, toBase64 } from "#core/basics/bytes.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { parseEntry } from "#core/ledger/entry.ts";
import { parseVerifierKey } from "#core/ledger/note.ts";
import { openProofFileWithEntry } from "#core/ledger/proof-file.ts";
import { verifyExport } from "#core/ledger/verify-export.ts";
import type { Place } from "./place.ts";
import { primitives } from "./primitives.ts";
import { print, printJson, say, startProgress } from "./print.ts";

// An auditor's tools: they need core alone, and reach neither our storage nor our server.

const largestProof = 2 * 1024 * 1024;
const largestFile = 64 * 1024 * 1024;

/** Verifies an exported ledger. @throws {Refusal} `proof-rejected` with the place of the first thing that does not agree */
export async function verify({ json }: Place, folder: string | undefined, given: readonly string[]): Promise<void> {
  if (folder === undefined)
    throw new Refusal(
      "malformed",
      "Cannot verify a ledger: name the folder of an export, or say --live for the one in the database",
    );
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new Refusal("not-found", `Cannot verify "${folder}": there is no such folder`);
  const verifierKeys = given.length > 0 ? given : keysIn(folder);
  const progress = startProgress();
  const verified = await verifyExport(
    (path) => readPart(join(folder, path), path),
    { verifierKeys, origin: originOf(verifierKeys) },
    { using: primitives, onEntry: (_, index) => progress.at(`Verified ${index + 1} entries`) },
  );
  progress.end();
  if (json)
    return printJson({
      intact: true,
      origin: verified.origin,
      size: verified.size,
      root: toBase64(verified.root),
      records: verified.records,
      keyFrom: given.length > 0 ? "given" : "export",
    });
  print(
    `Intact: ${verified.entries} entries about ${verified.records} records under the signed root ${toBase64(verified.root)} of ${verified.origin}`,
  );
  if (given.length === 0)
    say(
      "The key came from the export itself: that shows that it is whole, not whose it is; give the key that you know by --vkey",
    );
}

/** Opens a proof file and shows the entry. @throws {Refusal} `malformed`, `proof-rejected` */
export async function open({ json }: Place, file: string, vkey: string): Promise<void> {
  if (!existsSync(file) || !statSync(file).isFile())
    throw new Refusal("not-found", `Cannot open "${file}": there is no such file`);
  if (statSync(file).size > largestProof)
    throw new Refusal("too-large", `Cannot open "${file}": it is larger than a proof can be`);
  const { entry: bytes, index, checkpoint } = openProofFileWithEntry(readFileSync(file, "utf8"), vkey, primitives);
  const entry = parseEntry(bytes);
  if (json)
    return printJson({
      index,
      origin: checkpoint.origin,
      size: checkpoint.size,
      root: toBase64(checkpoint.root),
      entry: JSON.parse(decodeUtf8(bytes)) as unknown,
    });
  print(`Proved: entry ${index} of ${checkpoint.size} in ${checkpoint.origin}`);
  print(JSON.stringify(entry, (_, value: unknown) => (value instanceof Uint8Array ? toBase64(value) : value), 2));
}

function originOf(keys: readonly string[]): string {
  const [first] = keys.map((key) => parseVerifierKey(key));
  if (!first) throw new Refusal("malformed", "Cannot verify a ledger: no key is known");
  return first.name;
}

/** The key that lies in the export. Good for finding what broke on the way, not for knowing whose log it is. */
function keysIn(folder: string): string[] {
  const path = join(folder, "log.vkey");
  if (!existsSync(path))
    throw new Refusal(
      "not-found",
      `Cannot verify "${folder}": no key lies in it; give the one that you know by --vkey`,
    );
  return [readFileSync(path, "utf8").trim()];
}

function readPart(path: string, shown: string): Uint8Array | undefined {
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status?.isFile()) return undefined;
  if (status.size > largestFile)
    throw new Refusal("too-large", `Cannot verify "${shown}": it is larger than any file of a log`, {
      place: { file: shown },
    });
  return readFileSync(path);
}
