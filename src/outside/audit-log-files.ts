import { createReadStream, existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { Refusal } from "#core/basics/refusal.ts";

const longestLine = 16 * 1024 * 1024;

/**
 * The lines of audit logs at the paths, oldest file first: files, gzip, folders, `-` for standard input. Never more
 * than a line is held.
 *
 * @throws {Refusal} `not-found`, `malformed` for broken gzip, `too-large` for a line without end
 */
export async function* readAuditLines(paths: readonly string[]): AsyncGenerator<string> {
  for (const path of paths.flatMap(filesAt)) yield* linesOf(path);
}

function filesAt(path: string): string[] {
  if (path === "-") return [path];
  if (!existsSync(path))
    throw new Refusal("not-found", `Cannot read audit log "${path}": there is no such file or folder`);
  if (!statSync(path).isDirectory()) return [path];
  // A rotated log carries its time in its name, and the newest carries none.
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(log|json|ndjson|jsonl)(\.gz)?$|\.gz$/.test(name))
    .map((name) => join(path, name))
    .filter((file) => statSync(file).isFile())
    .toSorted((one, other) => statSync(one).mtimeMs - statSync(other).mtimeMs);
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const raw: Readable = path === "-" ? process.stdin : createReadStream(path, { highWaterMark: 1024 * 1024 });
  const unpacker = path.endsWith(".gz") ? createGunzip() : undefined;
  // A failure of the file must reach whoever waits for the unpacked bytes.
  if (unpacker) raw.on("error", (error) => unpacker.destroy(error));
  const stream = unpacker ? raw.pipe(unpacker) : raw;
  stream.setEncoding("utf8");
  let rest = "";
  try {
    for await (const chunk of stream as AsyncIterable<string>) {
      const text = rest + chunk;
      let start = 0;
      for (let end = text.indexOf("\n", start); end !== -1; end = text.indexOf("\n", start)) {
        yield text.slice(start, end);
        start = end + 1;
      }
      rest = text.slice(start);
      if (rest.length > longestLine)
        throw new Refusal("too-large", `Cannot read audit log "${path}": a line is longer than 16 MB`);
    }
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && String(cause.code).startsWith("Z_"))
      throw new Refusal("malformed", `Cannot read audit log "${path}": its gzip is broken`, { cause });
    throw cause;
  }
  if (rest !== "") yield rest;
}
