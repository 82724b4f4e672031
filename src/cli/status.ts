import { integrate } from "#app/ledger.ts";
import { readBoard, type Board, type BoardNode } from "#contract/board.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { parseDay } from "#core/basics/time.ts";
import { atDesk } from "./desk.ts";
import type { Place } from "./place.ts";
import { colours, print, printJson, printTable } from "./print.ts";

/** Shows the board. Failing when a check of severity high fails. @throws {Refusal} `not-found`, `malformed` */
export async function showStatus(
  place: Place,
  { node, asAt }: { node?: string; asAt?: string },
): Promise<"failing" | void> {
  const day = asAt === undefined ? {} : { as_at: parseDay(asAt) };
  const board = await atDesk(place, async (desk) => {
    // A server puts entries into the tree each minute; in a folder that nobody serves, whoever looks does.
    if (desk.at === "folder") await integrate(desk.world, desk.seat);
    return desk.ask(readBoard, day);
  });
  const nodes = node === undefined ? board.nodes : board.nodes.filter(({ id }) => id === node);
  if (nodes.length === 0)
    throw new Refusal("not-found", `Cannot find "${node ?? ""}": no clause, control or mission item has that id`);
  if (place.json) printJson(asJson(board, nodes));
  else if (node === undefined) printBoard(board);
  else printNodes(board, nodes);
  const isFailing = nodes.some(({ checks }) =>
    checks.some(({ result, severity }) => result === "fail" && severity === "high"),
  );
  return isFailing ? "failing" : undefined;
}

function asJson(board: Board, nodes: readonly BoardNode[]): unknown {
  return {
    organization: board.organization.name,
    asAt: board.asAt,
    ledger: { size: board.ledger.size, root: board.ledger.root },
    nodes: nodes.map(({ id, kind, title, verdict, checks, contradictions, proof }) => ({
      id,
      kind,
      title,
      verdict: verdict && {
        value: verdict.value,
        by: verdict.by?.ref ?? null,
        on: verdict.on,
        reason: verdict.reason,
        faded: verdict.faded,
      },
      checks: checks.map(({ id: check, result, because, records, changesOn, severity }) => ({
        id: check,
        result,
        because,
        records,
        changesOn,
        severity,
      })),
      contradictions,
      proof,
    })),
  };
}

function printBoard(board: Board): void {
  printHead(board);
  const told = board.nodes.filter(
    ({ checks, verdict, assessable }) => checks.length > 0 || verdict !== null || assessable,
  );
  printTable(
    ["", "Title", "Verdict", "Pass", "Fail", "Unknown", "Proof", "Contradictions"],
    told.map(({ id, title, verdict, counts, proof, contradictions }) => [
      id,
      title,
      verdict === null ? "-" : `${verdict.value.replaceAll("_", " ")}${verdict.faded ? " (faded)" : ""}`,
      String(counts.pass),
      counts.fail === 0 ? "0" : colours.red(String(counts.fail)),
      counts.unknown === 0 ? "0" : colours.yellow(String(counts.unknown)),
      proof === null ? "-" : proof.daysLeft === null ? "accepted" : `${proof.daysLeft} days`,
      contradictions.length === 0 ? "" : String(contradictions.length),
    ]),
  );
  const { checks, assessed, assessable, contradictions } = board.totals;
  print("");
  print(
    `${checks.pass} of ${checks.of} checks pass, ${checks.fail} fail, ${checks.unknown} unknown; ${assessed} of ${assessable} judged; ${contradictions} contradictions`,
  );
}

function printNodes(board: Board, nodes: readonly BoardNode[]): void {
  printHead(board);
  for (const { id, title, verdict, checks, contradictions, proof } of nodes) {
    print(colours.bold(`${id} ${title}`));
    print(
      verdict === null
        ? "Verdict: none yet"
        : `Verdict: ${verdict.value.replaceAll("_", " ")}, ${verdict.by?.name ?? "nobody"}, ${verdict.on}${verdict.faded ? " (faded)" : ""}: ${verdict.reason}`,
    );
    print(
      proof === null
        ? "Proof: none"
        : `Proof: ${proof.ref} ${proof.title}${proof.until === null ? "" : `, until ${proof.until}`}`,
    );
    for (const { says, records } of contradictions) print(`Contradiction: ${says} ${records.join(", ")}`.trimEnd());
    print("");
    printTable(
      ["Check", "Severity", "Result", "Because", "Records"],
      checks.map((check) => [
        check.id,
        check.severity,
        inColour(check.result),
        check.because,
        shortened(check.records),
      ]),
    );
  }
}

function printHead({ organization, asAt, ledger }: Board): void {
  print(
    `${organization.name}${organization.sample ? " (sample)" : ""} as at ${asAt}; ledger of ${ledger.size} entries, root ${ledger.root}`,
  );
  print("");
}

function inColour(result: BoardNode["checks"][number]["result"]): string {
  const words = result.replaceAll("_", " ");
  return result === "fail" ? colours.red(words) : result === "unknown" ? colours.yellow(words) : words;
}

function shortened(refs: readonly string[]): string {
  return refs.length <= 6 ? refs.join(", ") : `${refs.slice(0, 6).join(", ")} and ${refs.length - 6} more`;
}
