import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Problem } from "#core/basics/refusal.ts";
import type { Day } from "#core/basics/time.ts";
import { checks } from "#core/conformity/all.ts";
import type { CheckResult } from "#core/conformity/check.ts";
import { evaluate } from "#core/conformity/evaluate.ts";
import { manifestFile, parseRecordFile } from "#core/interchange/record-yaml.ts";
import type { MemoryRecords } from "#core/records/memory.ts";
import { replay, turnsOf, type ToldRecord } from "#core/records/story.ts";

const folder = join(import.meta.dirname, "..", "..", "examples", "fjordmark");

/** The day on which the sample's clock stands. */
export const anchor = "2026-11-23" as Day;

/** The story as its files tell it; `only` chooses files by how their names begin, such as `02`. */
function readStory(only: readonly string[] = []): { records: ToldRecord[]; problems: Problem[] } {
  const files = readdirSync(folder)
    .filter(
      (file) =>
        file.endsWith(".yaml") &&
        file !== manifestFile &&
        (only.length === 0 || only.some((start) => file.startsWith(start))),
    )
    .sort();
  const read = files.map((file) => parseRecordFile(readFileSync(join(folder, file), "utf8"), file));
  return { records: read.flatMap(({ records }) => records), problems: read.flatMap(({ problems }) => problems) };
}

/** The sample's records as they stood at the end of the day, and every deed that was declined on the way. */
export async function loadSample(
  day: Day = anchor,
  only: readonly string[] = [],
): Promise<{ records: MemoryRecords; problems: Problem[] }> {
  const { records: told, problems } = readStory(only);
  const { records } = await replay(turnsOf(told), day, (refusal) =>
    problems.push({
      message: `${refusal.message}${refusal.rule === undefined ? "" : ` [${refusal.rule}]`}`,
      ...(refusal.place === undefined ? {} : { place: refusal.place }),
    }),
  );
  return { records, problems };
}

/** What every check answers over the records on the day, by its id. */
export function answers(records: MemoryRecords, day: Day = anchor): Map<string, CheckResult> {
  const ground = { records, day, shared: new Map() };
  return new Map(checks.map((check) => [check.id, evaluate(check, ground).result]));
}
