import { fork } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { basename, join } from "node:path";
import type { Bench, Measurement } from "./harness.ts";

// `npm run bench [-- NAME...]`: runs each x.bench.ts in a process of its own, so that none profits or suffers
// from another's memory, prints a table, and writes it to bench-results/.

type Result = { title: string; measurements: readonly Measurement[]; problem?: string };

const suffix = ".bench.ts";

function runApart(file: string): Promise<Result> {
  return new Promise((resolve) => {
    let result: Result = { title: file, measurements: [], problem: "it ended without a result" };
    const child = fork(import.meta.filename, ["--in-this-process", file], { execArgv: ["--expose-gc"] });
    child.on("message", (message) => (result = message as Result));
    child.on("exit", () => resolve(result));
  });
}

async function runHere(file: string): Promise<void> {
  const { bench } = (await import(join(import.meta.dirname, file))) as { bench: Bench };
  const measurements = await bench.run();
  // Whatever the benchmark left open must not keep its process alive.
  process.send?.({ title: bench.title, measurements }, () => process.exit(0));
}

function table(results: readonly Result[]): string {
  return results
    .flatMap(({ title, measurements, problem }) => [
      `\n## ${title}\n`,
      problem ? `Failed: ${problem}` : rows(measurements),
    ])
    .join("\n");
}

function rows(measurements: readonly Measurement[]): string {
  const head = ["what", "runs", "median ms", "p95 ms", "per second", "ratio", "goal"];
  const body = measurements.map(({ name, runs, medianMs, p95Ms, perSecond, ratio, goal }) => [
    name,
    String(runs),
    figure(medianMs),
    figure(p95Ms),
    perSecond === undefined ? "" : Math.round(perSecond).toLocaleString("en"),
    ratio ? `${ratio.times.toFixed(2)} x ${ratio.to}` : "",
    goal ? `${goal.isMet ? "met" : "MISSED"}: ${goal.says}` : "",
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...body].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}

function figure(ms: number): string {
  return ms >= 100 ? ms.toFixed(0) : ms.toPrecision(3);
}

function write(results: readonly Result[], text: string): string {
  const folder = join(import.meta.dirname, "../bench-results");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, new Date().toISOString().slice(0, 19).replaceAll(":", ""));
  writeFileSync(`${path}.md`, text);
  writeFileSync(`${path}.json`, JSON.stringify({ machine: machine(), results }, null, 2));
  return `${path}.md`;
}

function machine(): string {
  const model = cpus()[0]?.model ?? "unknown processor";
  return `${cpus().length} x ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
}

async function main(names: readonly string[]): Promise<void> {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith(suffix));
  const wanted = files.filter((file) => names.length === 0 || names.includes(basename(file, suffix)));
  if (wanted.length === 0) {
    console.error(
      `Cannot run "${names.join(" ")}": the benchmarks are ${files.map((file) => basename(file, suffix)).join(", ")}`,
    );
    process.exit(2);
  }
  const results: Result[] = [];
  for (const file of wanted) {
    console.error(`aims: measuring ${basename(file, suffix)}`);
    results.push(await runApart(file));
  }
  const text = `# Benchmarks\n\n${machine()}\n${table(results)}\n`;
  console.log(text);
  console.error(`aims: written to ${write(results, text)}`);
  process.exitCode = results.some(({ problem }) => problem) ? 1 : 0;
}

const [first, ...rest] = process.argv.slice(2);
if (first === "--in-this-process") await runHere(rest[0] ?? "");
else await main(process.argv.slice(2));
