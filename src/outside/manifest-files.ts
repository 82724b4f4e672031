import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { decodeUtf8 } from "#core/basics/bytes.ts";
import { Refusal } from "#core/basics/refusal.ts";
import type { ManifestText } from "#core/kubernetes/read-objects.ts";

const largest = 1024 * 1024 * 1024;
const manifest = /\.(ya?ml|json)$/i;

/**
 * The texts at the paths: files, folders with all their manifests, and `-` for standard input.
 *
 * @throws {Refusal} `not-found`, `too-large`, `malformed` for what is no text
 */
export function readManifests(paths: readonly string[]): ManifestText[] {
  return paths.flatMap((path) => {
    if (path === "-") return [{ file: "standard input", text: decodeUtf8(readFileSync(0)) }];
    if (!existsSync(path)) throw new Refusal("not-found", `Cannot read "${path}": there is no such file or folder`);
    return statSync(path).isDirectory() ? filesIn(path).map(readText) : [readText(path)];
  });
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => manifest.test(name))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
    .toSorted();
}

/** The text of one file. @throws {Refusal} `not-found`, `too-large`, `malformed` */
export function readText(file: string): ManifestText {
  const status = statSync(file, { throwIfNoEntry: false });
  if (!status?.isFile()) throw new Refusal("not-found", `Cannot read "${file}": there is no such file`);
  if (status.size > largest) throw new Refusal("too-large", `Cannot read "${file}": it is larger than 1 GB`);
  return { file, text: decodeUtf8(readFileSync(file)) };
}
