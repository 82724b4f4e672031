// Prints what the sample's story gives: deeds that are declined, then each check's answer.
//   node test/oracle/show.ts [--until 2026-10-20] [--checks policy.,docs.] [--record RSK-001] [02 04 ...]
import { parseArgs } from "node:util";
import { parseDay } from "#core/basics/time.ts";
import { anchor, answers, loadSample } from "./load.ts";

const { values, positionals } = parseArgs({
  options: { until: { type: "string" }, checks: { type: "string" }, record: { type: "string" } },
  allowPositionals: true,
});
const day = values.until === undefined ? anchor : parseDay(values.until);
const { records, problems } = await loadSample(day, positionals);
for (const { message, place } of problems) console.log(`DECLINED ${place?.file ?? ""}: ${message}`);
console.log(`${problems.length} declined`);
if (values.record !== undefined) console.log(JSON.stringify(records.find(values.record), null, 2));
const wanted = values.checks?.split(",");
for (const [id, { result, because, asked, satisfied, changesOn }] of answers(records, day)) {
  if (wanted !== undefined && !wanted.some((start) => id.startsWith(start))) continue;
  console.log(
    `${result.padEnd(14)} ${id}: ${because} (${satisfied}/${asked}${changesOn === undefined ? "" : `, changes on ${changesOn}`})`,
  );
}
