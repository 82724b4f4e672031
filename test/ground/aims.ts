import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "./port.ts";

// The `aims` command as people run it: a process of its own, judged by its output and its exit code.

const root = join(import.meta.dirname, "../..");

/** What a finished command left. */
export type Finished = { code: number; stdout: string; stderr: string };

type Settings = { cwd?: string; env?: Record<string, string | undefined>; stdin?: string };

/** Runs `aims` with `words` to its end. */
export function runAims(
  words: readonly string[],
  { cwd = root, env = {}, stdin = "" }: Settings = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = start(words, cwd, env);
    const output = { stdout: "", stderr: "" };
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code: code ?? -1, ...output }));
    child.stdin?.end(stdin);
  });
}

/** A running `aims serve`. */
export type RunningServer = {
  url: string;
  /** All it has printed so far. */
  output: () => string;
  /** Asks it to end as Ctrl-C would, and returns its exit code. */
  stop: () => Promise<number | null>;
  /** Ends it as a power cut would. */
  kill: () => Promise<void>;
};

/** Starts `aims serve` with `words` on a free port, and returns once it answers. */
export async function serveAims(words: readonly string[], settings: Settings = {}): Promise<RunningServer> {
  const port = await freePort();
  const child = start(["serve", "--port", String(port), ...words], settings.cwd ?? root, settings.env ?? {});
  let printed = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (printed += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (printed += text));
  child.stdin?.end();
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const abandon = () => child.kill("SIGKILL");
  process.once("exit", abandon);
  void ended.then(() => process.removeListener("exit", abandon));
  const url = `http://127.0.0.1:${port}`;
  await untilItAnswers(child, url, () => printed);
  return {
    url,
    output: () => printed,
    stop: () => {
      child.kill("SIGINT");
      return ended;
    },
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

function start(words: readonly string[], cwd: string, env: Record<string, string | undefined>): ChildProcess {
  const bundle = join(root, "dist/aims.js");
  const script = existsSync(bundle) ? bundle : join(root, "src/cli/aims.ts");
  // Colour depends on the terminal of whoever runs the tests; what a test reads must not.
  return spawn(process.execPath, [script, ...words], { cwd, env: { ...process.env, NO_COLOR: "1", ...env } });
}

async function untilItAnswers(child: ChildProcess, url: string, output: () => string): Promise<void> {
  const attempts = 1200;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`aims serve ended at once: ${output()}`);
    try {
      await fetch(url);
      return;
    } catch {
      // Not listening yet: the sample organisation may still be loading.
      await sleep(50);
    }
  }
  child.kill("SIGKILL");
  throw new Error(`aims serve does not answer: ${output()}`);
}
