import { checkFromScratch } from "#app/conformity.ts";
import { readBoard, type BoardCheck } from "#contract/board.ts";
import { atDesk, atFolder } from "./desk.ts";
import type { Place } from "./place.ts";
import { colours, print, printJson, printTable } from "./print.ts";

/** Shows every check that does not pass; from scratch, whether what is kept agrees with the records. */
export async function check(place: Place, fromScratch: boolean): Promise<"failing" | void> {
  return fromScratch ? scratch(place) : atHand(place);
}

async function scratch(place: Place): Promise<"failing" | void> {
  const { checks, records, differences } = await atFolder(place, "check from scratch", (desk) =>
    checkFromScratch(desk.world, desk.seat),
  );
  const isFailing = differences.length > 0 ? "failing" : undefined;
  if (place.json) {
    printJson({ checks, records, agrees: differences.length === 0, differences });
    return isFailing;
  }
  print(
    `${checks} checks computed from ${records} records; ${differences.length === 0 ? "the kept results agree" : `${differences.length} kept results differ`}`,
  );
  if (differences.length > 0)
    printTable(
      ["Check", "About", "Kept", "From scratch"],
      differences.map((one) => [one.check, one.about, one.kept, one.scratch]),
    );
  return isFailing;
}

async function atHand(place: Place): Promise<"failing" | void> {
  const board = await atDesk(place, (desk) => desk.ask(readBoard, {}));
  const checks = [...new Map(board.nodes.flatMap((node) => node.checks).map((one) => [one.id, one])).values()];
  const order: Record<BoardCheck["result"], number> = { fail: 0, unknown: 1, pass: 2, not_applicable: 3 };
  const open = checks
    .filter(({ result }) => result === "fail" || result === "unknown")
    .sort((a, b) => order[a.result] - order[b.result] || a.id.localeCompare(b.id));
  if (place.json) printJson({ asAt: board.asAt, checks });
  else {
    printTable(
      ["Check", "Severity", "Result", "Because"],
      open.map(({ id, severity, result, because }) => [
        id,
        severity,
        result === "fail" ? colours.red(result) : colours.yellow(result),
        because,
      ]),
    );
    print("");
    print(
      `${checks.filter(({ result }) => result === "pass").length} of ${checks.length} checks pass as at ${board.asAt}`,
    );
  }
  return open.some(({ result, severity }) => result === "fail" && severity === "high") ? "failing" : undefined;
}
