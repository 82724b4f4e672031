import { CommanderError } from "commander";
import { Refusal } from "#core/basics/refusal.ts";
import { program, outcome } from "./program.ts";

// The entry: whatever a command throws becomes words on standard error and an exit code.

/** Nothing failed; a check failed or a rule is broken; declined or misused; our fault. */
const exits = { fine: 0, failing: 1, refused: 2, fault: 3 } as const;

/** More problems than these are told by their number: nobody reads a thousand lines. */
const mostProblems = 50;

async function run(words: readonly string[]): Promise<number> {
  try {
    await program().parseAsync(words);
    return outcome.failing ? exits.failing : exits.fine;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exits.fine : exits.refused;
    if (error instanceof Refusal) {
      process.stderr.write(wordsOf(error));
      return exits.refused;
    }
    process.stderr.write(
      `aims: our fault: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return exits.fault;
  }
}

function wordsOf({ message, rule, problems }: Refusal): string {
  const lines = [`aims: ${message}${rule === undefined || message.includes(rule) ? "" : ` [${rule}]`}`];
  const isToldAlready =
    problems.length === 1 &&
    problems[0] !== undefined &&
    message.includes(problems[0].message) &&
    placeOf(problems[0]) === "";
  if (!isToldAlready)
    for (const problem of problems.slice(0, mostProblems)) lines.push(`  ${placeOf(problem)}${problem.message}`);
  if (problems.length > mostProblems) lines.push(`  and ${problems.length - mostProblems} more`);
  return `${lines.join("\n")}\n`;
}

function placeOf({ place }: Refusal["problems"][number]): string {
  if (place?.file === undefined) return "";
  return `${place.file}${place.line === undefined ? "" : `:${place.line}`}: `;
}

// Whoever reads our output may have read enough: `aims list risk | head`.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(exits.fine);
  });

process.exitCode = await run(process.argv);
