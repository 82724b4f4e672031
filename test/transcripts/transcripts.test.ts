import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, dropDatabase } from "#test/ground/postgres.ts";
import { inTermsOf, parseTranscript, type Transcript } from "./transcript.ts";

// The command line as people type it: every transcript in a folder of its own, by the shell, with `aims` on its path.

const root = join(import.meta.dirname, "../..");
const { DATABASE_URL: server } = process.env;

/** With a server, only what is about servers: the rest would be the same once more. */
const folder = join(import.meta.dirname, server ? "on-a-server" : "in-a-folder");

/** Each command is a process that opens a database: a second on an idle machine, several on a busy one. */
const mostMs = 900_000;

let ground: string;
let sample: string | undefined;

beforeAll(() => {
  ground = mkdtempSync(join(tmpdir(), "aims-transcripts-"));
  mkdirSync(join(ground, "bin"));
  // `exec`, so that a signal sent to `aims` reaches it.
  writeFileSync(join(ground, "bin/aims"), `#!/bin/sh\nexec "${join(root, "aims")}" "$@"\n`, { mode: 0o755 });
});
afterAll(() => rmSync(ground, { recursive: true, force: true }));

const transcripts = readdirSync(folder)
  .filter((name) => name.endsWith(".txt"))
  .map((name) => ({ name, transcript: parseTranscript(readFileSync(join(folder, name), "utf8")) }));

for (const { name, transcript } of transcripts)
  test(
    `${name.slice(0, -".txt".length)}: ${transcript.about}`,
    async () => {
      const place = await stage(transcript);
      const database = server ? await createDatabase(server) : undefined;
      try {
        for (const { line, command, expected, code } of transcript.steps) {
          const done = await shell(command, place, database);
          const shown = inTermsOf(expected, done.lines);
          expect({ shown: shown.join("\n"), code: done.code }, `${name}, line ${line}: $ ${command}`).toEqual({
            shown: expected.join("\n"),
            code,
          });
        }
      } finally {
        if (database !== undefined) await dropDatabase(database);
        rmSync(place, { recursive: true, force: true });
      }
    },
    mostMs,
  );

/** The transcript's folder, with its files in it. */
async function stage({ usesSample, files }: Transcript): Promise<string> {
  const place = mkdtempSync(join(ground, "t-"));
  shareImages(place);
  if (usesSample) cpSync(await makeSample(), join(place, "sample"), { recursive: true });
  for (const { path, text } of files) {
    mkdirSync(dirname(join(place, path)), { recursive: true });
    writeFileSync(join(place, path), text);
  }
  return place;
}

/** Images of empty databases are the same for all: made once, they save seconds each time. */
function shareImages(place: string): void {
  const images = join(root, "node_modules/.cache/aims-pglite");
  mkdirSync(images, { recursive: true });
  mkdirSync(join(place, ".cache"));
  symlinkSync(images, join(place, ".cache/aims"));
}

async function makeSample(): Promise<string> {
  if (sample !== undefined) return sample;
  const place = mkdtempSync(join(ground, "sample-"));
  shareImages(place);
  const done = await shell("aims init --data sample --sample", place, undefined);
  if (done.code !== 0) throw new Error(`The sample cannot be made: ${done.lines.join("\n")}`);
  return (sample = join(place, "sample"));
}

function shell(command: string, cwd: string, database: string | undefined): Promise<{ lines: string[]; code: number }> {
  const {
    PATH,
    DATABASE_URL: _server,
    AIMS_SERVER: _address,
    AIMS_TOKEN: _token,
    AIMS_PASSWORD: _password,
    ...env
  } = process.env;
  return new Promise((resolve, reject) => {
    // The shell sends standard error where standard output goes, so that they come in their order.
    const child = spawn("sh", ["-c", `exec 2>&1\n${command}`], {
      cwd,
      env: {
        ...env,
        PATH: `${join(ground, "bin")}:${PATH ?? ""}`,
        NO_COLOR: "1",
        ALTER: `${process.execPath} ${join(import.meta.dirname, "alter-database.ts")}`,
        ...(database === undefined ? {} : { DATABASE: database }),
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (part: string) => (text += part));
    child.once("error", reject);
    child.once("close", (code) =>
      resolve({ lines: text === "" ? [] : text.replace(/\n$/, "").split("\n"), code: code ?? -1 }),
    );
  });
}
