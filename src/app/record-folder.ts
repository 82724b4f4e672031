import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Refusal } from "#core/basics/refusal.ts";

/** A text file of a folder of records; `path` is relative, with `/`. */
export type TextFile = { path: string; text: string };

const greatestFile = 10 * 1024 * 1024;
const greatestFolder = 200 * 1024 * 1024;

/** The folder's YAML files, in order of their names. @throws {Refusal} `not-found`, `too-large`, `malformed` */
export async function readRecordFolder(folder: string): Promise<TextFile[]> {
  const isFolder = await stat(folder).then(
    (status) => status.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new Refusal("not-found", `Cannot read folder "${folder}": there is none`);
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = found
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const files: TextFile[] = [];
  let bytes = 0;
  for (const path of paths) {
    const shown = path.slice(join(folder, "/").length).replaceAll("\\", "/");
    const { size } = await stat(path);
    bytes += size;
    if (size > greatestFile)
      throw new Refusal("too-large", `Cannot read "${shown}": it is larger than 10 MB`, { place: { file: shown } });
    if (bytes > greatestFolder)
      throw new Refusal("too-large", `Cannot read folder "${folder}": it holds more than 200 MB`);
    files.push({ path: shown, text: textOf(await readFile(path), shown) });
  }
  if (files.length === 0) throw new Refusal("not-found", `Cannot read folder "${folder}": it holds no YAML file`);
  return files;
}

function textOf(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    // The decoder knows neither the file nor what was asked of it.
    throw new Refusal("malformed", `Cannot read "${file}": it is not UTF-8`, { place: { file }, cause });
  }
}

/** Writes the files into a folder that is new or empty. @throws {Refusal} `conflict` */
export async function writeRecordFolder(folder: string, files: AsyncIterable<TextFile>): Promise<number> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0)
    throw new Refusal("conflict", `Cannot write into "${folder}": it is not empty`);
  let written = 0;
  for await (const { path, text } of files) {
    await writeFile(join(folder, path), text);
    written += 1;
  }
  return written;
}

/** Guards what comes in another way than from a folder, such as over the network. @throws {Refusal} `too-large` */
export function demandSize(files: readonly TextFile[]): void {
  let bytes = 0;
  for (const { path, text } of files) {
    const size = Buffer.byteLength(text);
    bytes += size;
    if (size > greatestFile)
      throw new Refusal("too-large", `Cannot read "${path}": it is larger than 10 MB`, { place: { file: path } });
  }
  if (bytes > greatestFolder)
    throw new Refusal("too-large", "Cannot read the files: they hold more than 200 MB together");
}
