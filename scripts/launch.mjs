import { spawn, spawnSync } from "node:child_process";
import { root } from "./install.mjs";

/** Runs `words` on the Node at `node` and ends this process when it does not end well. */
export function runFirst(node, words) {
  const { status, signal } = spawnSync(node, words, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) process.exit(signal ? 1 : (status ?? 1));
}

/** Runs `words` on the Node at `node` in place of this process: same terminal, signals and exit code. */
export function runInPlace(node, words, { cwd = process.cwd(), stdin = "inherit" } = {}) {
  const child = spawn(node, words, { cwd, stdio: [stdin, "inherit", "inherit"] });
  // On a terminal Ctrl-C reaches the child by itself; sent twice, it would read as an impatient user.
  process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  process.on("SIGHUP", () => child.kill("SIGHUP"));
  child.on("error", (error) => {
    process.stderr.write(`aims: cannot run ${node}: ${error.message}\n`);
    process.exit(3);
  });
  child.on("exit", (code, signal) => process.exit(code ?? 128 + (signal === "SIGINT" ? 2 : 15)));
}
