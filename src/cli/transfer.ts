import { existsSync, readdirSync, renameSync, rmdirSync, rmSync, statSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { applyFiles as applyHere, type ApplyReport } from "#app/apply.ts";
import { systemSeat } from "#app/found.ts";
import { readRecordFolder, writeRecordFolder, type TextFile } from "#app/record-folder.ts";
import { applyFiles, exportRecords } from "#contract/transfer.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { manifestFile, parseManifest } from "#core/interchange/record-yaml.ts";
import { atDesk, type FolderDesk } from "./desk.ts";
import type { Place } from "./place.ts";
import { print, printJson, say, startProgress } from "./print.ts";

/** Brings the folder's records in. @throws {Refusal} with every problem and its place */
export async function apply(place: Place, folder: string): Promise<void> {
  const files = await readRecordFolder(folder);
  const report = await atDesk(place, (desk) =>
    desk.at === "server" ? desk.ask(applyFiles, { files }) : applyIn(desk, files),
  );
  if (place.json) return printJson(report);
  print(report.says);
}

async function applyIn(desk: FolderDesk, files: readonly TextFile[]): Promise<ApplyReport> {
  const manifest = files.find(({ path }) => path === manifestFile);
  const isHistory = manifest !== undefined && parseManifest(manifest.text, manifest.path).format !== "aims-records@1";
  // A history is brought into an empty organisation by the software; single records are somebody's deeds.
  if (desk.isOperator && !isHistory)
    say("You act as the operator of the folder, who has no power over records: --as says as whom");
  const seat = desk.isOperator && isHistory ? systemSeat(desk.organization.id) : desk.seat;
  const progress = startProgress();
  try {
    return await applyHere(desk.world, seat, files, { progress: ({ says, done, of }) => progress.at(says, done, of) });
  } finally {
    progress.end();
  }
}

/** Writes the records into a new folder: whole, or not at all. @throws {Refusal} `conflict` when the folder holds anything */
export async function exportTo(place: Place, folder: string): Promise<void> {
  const target = resolve(folder);
  demandRoom(target, folder);
  const draft = await mkdtemp(`${dirname(target)}/.aims-export-`);
  try {
    const { written, withheld } = await atDesk(place, async (desk) => {
      const found = { withheld: 0 };
      const written = await writeRecordFolder(draft, wholeFiles(desk.lines(exportRecords, {}), found));
      return { written, ...found };
    });
    if (existsSync(target)) rmdirSync(target);
    renameSync(draft, target);
    if (withheld > 0)
      say(
        `${withheld} ${withheld === 1 ? "record is" : "records are"} withheld: sealed, and not for whoever asks; --as somebody who handles concerns exports them too`,
      );
    if (place.json) return printJson({ folder, files: written, withheld });
    print(`Exported ${written} files to ${folder}`);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** The files, once the last line has said that none is missing. */
async function* wholeFiles(
  lines: AsyncIterable<TextFile | { files: number } | { failed: string }>,
  found: { withheld: number },
): AsyncGenerator<TextFile> {
  let count = 0;
  let told: number | undefined;
  for await (const line of lines) {
    if ("failed" in line) throw new Refusal("unavailable", `Cannot export: ${line.failed}`);
    if ("files" in line) told = line.files;
    else {
      if (line.path === manifestFile) found.withheld = parseManifest(line.text, line.path).withheld?.length ?? 0;
      // The server's answer must not write anywhere else.
      if (!/^[\w.-]+$/.test(line.path))
        throw new Refusal("malformed", `Cannot write file "${line.path}": it is no plain name`);
      count += 1;
      yield line;
    }
  }
  if (told !== count) throw new Refusal("unavailable", `Cannot export: the answer broke off after ${count} files`);
}

/** Whether the folder is new or empty. @throws {Refusal} `conflict`, `not-found` */
export function demandRoom(target: string, shown: string): void {
  if (existsSync(target) && !statSync(target).isDirectory())
    throw new Refusal("conflict", `Cannot write into "${shown}": it is a file`);
  if (existsSync(target) && readdirSync(target).length > 0)
    throw new Refusal("conflict", `Cannot write into "${shown}": it is not empty`);
  if (!existsSync(dirname(target)))
    throw new Refusal("not-found", `Cannot write into "${shown}": there is no folder "${dirname(shown)}"`);
}
