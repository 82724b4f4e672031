import { load } from "js-yaml";
import { Refusal, type Problem } from "#core/basics/refusal.ts";
import { kinds, type KindName } from "#core/records/all.ts";
import { refPattern } from "#core/records/field.ts";
import type { Told, ToldRecord } from "#core/records/story.ts";

/**
 * Records as YAML files, as `aims export` writes them and `aims apply` reads them. A file holds a
 * list of records of one kind:
 *
 *     kind: risk
 *     records:
 *       - ref: RSK-001
 *         history:
 *           - { deed: identify, on: 2026-02-16, by: P06, fields: { title: "...", cause: "..." } }
 *           - { deed: assess, on: 2026-10-21, by: P06, fields: { current: { likelihood: 2 } } }
 */
export function parseRecordFile(text: string, file: string): { records: ToldRecord[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const document = parseText(text, file);
  const kind = document["kind"];
  if (typeof kind !== "string" || !Object.hasOwn(kinds, kind)) {
    problems.push({ message: `Cannot read "${file}": kind "${String(kind)}" is none of ours`, place: { file } });
    return { records: [], problems };
  }
  const list = document["records"];
  if (!Array.isArray(list)) {
    problems.push({ message: `Cannot read "${file}": it has no list "records"`, place: { file } });
    return { records: [], problems };
  }
  const records = list.flatMap((item: unknown, position) => {
    const problem = problemOf(item);
    if (problem !== undefined) {
      problems.push({ message: `Cannot read record ${position + 1} of "${file}": ${problem}`, place: { file } });
      return [];
    }
    const told = item as { ref: string; history: Told[] };
    return [{ kind: kind as KindName, ref: told.ref, history: told.history, place: { file } }];
  });
  return { records, problems };
}

function parseText(text: string, file: string): Record<string, unknown> {
  let document: unknown;
  try {
    document = load(text, { filename: file });
  } catch (problem) {
    // The library's message says line and column.
    throw new Refusal("malformed", `Cannot read "${file}": ${problem instanceof Error ? problem.message : String(problem)}`, { place: { file }, cause: problem });
  }
  if (typeof document !== "object" || document === null || Array.isArray(document)) throw new Refusal("malformed", `Cannot read "${file}": it holds no mapping`, { place: { file } });
  return document as Record<string, unknown>;
}

function problemOf(item: unknown): string | undefined {
  if (typeof item !== "object" || item === null) return "it is no mapping";
  const { ref, history } = item as Record<string, unknown>;
  if (typeof ref !== "string" || !refPattern.test(ref)) return `ref "${String(ref)}" is no reference such as RSK-007`;
  if (!Array.isArray(history) || history.length === 0) return `${ref} has no history`;
  for (const told of history as Partial<Told>[]) {
    if (typeof told.deed !== "string" || typeof told.on !== "string" || typeof told.by !== "string") return `${ref} has a step without deed, on or by`;
  }
  return undefined;
}
