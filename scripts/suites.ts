import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { provideChromium } from "../test/ground/chromium.ts";
import { type PostgresServer, providePostgres, startPostgres } from "../test/ground/postgres.ts";
import { root } from "./install.mjs";
import { asOne, nothing, type Outcome, outcomeOfTests, type Report, skipped, sum } from "./outcome.ts";

// Runs the suites one after the other and says at the end, in one line, what came of all of them.

type Suite = { name: string; about: string; run: () => Promise<Outcome> };

const suites: readonly Suite[] = [
  { name: "types", about: "three compilations, one a set of globals", run: checkTypes },
  {
    name: "lint",
    about: "oxlint; warnings do not fail",
    run: () => runTool("lint: oxlint", ["node_modules/oxlint/bin/oxlint"]),
  },
  { name: "unit", about: "the architecture, and all that needs no database", run: () => runTests("unit", {}) },
  { name: "build", about: "the command's bundle and the browser application", run: buildProducts },
  { name: "pglite", about: "integration on the embedded database", run: () => runTests("integration", {}) },
  { name: "postgres", about: "the same tests on a PostgreSQL server", run: testOnPostgres },
  { name: "journeys", about: "people's ways through a real Chromium", run: testJourneys },
  { name: "independent", about: "our proofs in other people's programs", run: () => runTests("independent", {}) },
];

/** What hangs must not keep everything else from being reported. */
const suiteTimeoutMs = 25 * 60_000;

const reports = join(root, "test-results");

async function checkTypes(): Promise<Outcome> {
  const projects = ["src/core", ".", "web"];
  const codes: number[] = [];
  for (const project of projects) codes.push(await runNode(["node_modules/typescript/bin/tsc", "-p", project], {}));
  const failed = projects.filter((_, index) => codes[index] !== 0);
  return asOne(failed.length === 0, `types: tsc -p ${failed.join(", tsc -p ")}`);
}

async function runTool(name: string, words: readonly string[]): Promise<Outcome> {
  return asOne((await runNode(words, {})) === 0, name);
}

async function buildProducts(): Promise<Outcome> {
  return runTool("build: scripts/build.ts", ["scripts/build.ts", "--if-stale"]);
}

async function testOnPostgres(): Promise<Outcome> {
  const { DATABASE_URL: ownerUrl, APP_DATABASE_URL: appUrl = ownerUrl } = process.env;
  if (ownerUrl) return runTests("integration", { DATABASE_URL: ownerUrl, APP_DATABASE_URL: appUrl });
  const problem = providePostgres();
  if (problem) return skipped(`postgres: ${problem}`);
  let server: PostgresServer | undefined;
  try {
    server = await startPostgres();
    process.stderr.write(`aims: testing on PostgreSQL ${server.version}\n`);
    return await runTests("integration", { DATABASE_URL: server.ownerUrl, APP_DATABASE_URL: server.appUrl });
  } finally {
    await server?.stop();
  }
}

async function testJourneys(): Promise<Outcome> {
  const problem = provideChromium();
  return problem ? skipped(`journeys: ${problem}`) : runTests("journeys", {});
}

/** Runs one of the projects of vitest.config.ts. PGlite is meant where `environment` names no database. */
async function runTests(project: string, environment: Record<string, string | undefined>): Promise<Outcome> {
  const onServer = environment["DATABASE_URL"] !== undefined;
  const report = join(reports, `${project}${onServer ? "-postgres" : ""}.json`);
  rmSync(report, { force: true });
  const code = await runNode(["node_modules/vitest/vitest.mjs", "run", "--project", project], {
    DATABASE_URL: undefined,
    APP_DATABASE_URL: undefined,
    ...environment,
    AIMS_TEST_REPORT: report,
  });
  const written = existsSync(report) ? (JSON.parse(readFileSync(report, "utf8")) as Report) : undefined;
  return outcomeOfTests(project, { code, report: written, root });
}

const running = new Set<number>();

/** Runs a script in a process group of its own, so that nothing it started is left behind. */
function runNode(words: readonly string[], environment: Record<string, string | undefined>): Promise<number> {
  return new Promise((resolve) => {
    const env = { ...process.env, ...environment };
    const child = spawn(process.execPath, words, {
      cwd: root,
      env,
      stdio: ["ignore", "inherit", "inherit"],
      detached: true,
    });
    const { pid } = child;
    if (pid !== undefined) running.add(pid);
    const late = setTimeout(() => {
      process.stderr.write(`aims: ${words.join(" ")} did not end in ${suiteTimeoutMs / 60_000} minutes\n`);
      if (pid !== undefined) endGroup(pid);
    }, suiteTimeoutMs);
    const settle = (code: number) => {
      clearTimeout(late);
      if (pid !== undefined) {
        endGroup(pid);
        running.delete(pid);
      }
      resolve(code);
    };
    child.once("error", () => settle(127));
    child.once("exit", (code) => settle(code ?? 1));
  });
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The group is empty already, which is how it should be.
  }
}

function chosen(names: readonly string[]): readonly Suite[] {
  const unknown = names.filter((name) => !suites.some((suite) => suite.name === name));
  if (unknown.length > 0) {
    const known = suites.map(({ name, about }) => `  ${name.padEnd(12)} ${about}`).join("\n");
    process.stderr.write(`Cannot run "${unknown.join('", "')}": the suites are\n${known}\n`);
    process.exit(2);
  }
  return names.length === 0 ? suites : suites.filter(({ name }) => names.includes(name));
}

async function runSafely({ name, about, run }: Suite): Promise<Outcome> {
  const started = performance.now();
  process.stdout.write(`\n== ${name}: ${about}\n`);
  let outcome: Outcome;
  try {
    outcome = await run();
  } catch (error) {
    // A suite that cannot even start is a failed one, and the others are still worth running.
    outcome = { ...nothing, failures: [`${name}: ${error instanceof Error ? error.message : String(error)}`] };
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`== ${name}: ${sum([outcome])} (${seconds} s)\n`);
  return outcome;
}

async function main(): Promise<void> {
  const wanted = chosen(process.argv.slice(2));
  mkdirSync(reports, { recursive: true });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => {
      running.forEach(endGroup);
      process.exit(130);
    });
  }
  const outcomes: Outcome[] = [];
  for (const suite of wanted) outcomes.push(await runSafely(suite));
  process.stdout.write("\n");
  for (const line of outcomes.flatMap(({ failures }) => failures)) process.stdout.write(`failed: ${line}\n`);
  for (const line of outcomes.flatMap(({ skips }) => skips)) process.stdout.write(`skipped: ${line}\n`);
  process.stdout.write(`${sum(outcomes)}\n`);
  process.exitCode = outcomes.some(({ failures }) => failures.length > 0) ? 1 : 0;
}

await main();
