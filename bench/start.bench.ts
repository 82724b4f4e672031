import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { testImages } from "#app/world.testing.ts";
import { initSample } from "#app/found.ts";
import { openWorld } from "#app/world.ts";
import { measure, withGoal, type Bench, type Measurement } from "./harness.ts";

// From a command typed to an answer, each time in a new process.

const root = join(import.meta.dirname, "..");

export const bench: Bench = {
  title: "Start",
  async run() {
    const folder = mkdtempSync(join(tmpdir(), "aims-bench-"));
    const data = join(folder, "data");
    try {
      const world = await openWorld({ data, images: testImages });
      await initSample(world, join(root, "examples/fjordmark"));
      await world.close();
      return [await help(), await server(data)];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** From the bundle when it is newer than the sources (`npm run build`), else from the sources. */
async function help(): Promise<Measurement> {
  const measured = await measure("aims --help", () => spawnSync(join(root, "aims"), ["--help"]), {
    warmUps: 2,
    runs: 15,
  });
  return withGoal(measured, "under 150 ms", ({ medianMs }) => medianMs < 150);
}

async function server(data: string): Promise<Measurement> {
  let stop = async () => {};
  const start = async () => {
    const port = await freePort();
    const child = spawn(join(root, "aims"), ["serve", "--data", data, "--port", String(port)], { stdio: "ignore" });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    stop = async () => {
      child.kill("SIGTERM");
      await ended;
    };
    await untilItAnswers(`http://127.0.0.1:${port}/api/openapi.json`, () => child.exitCode);
  };
  const measured = await measure("server on an existing folder, up to its first answer", start, {
    warmUps: 1,
    runs: 7,
    reset: () => stop(),
  });
  return withGoal(measured, "under 2 s", ({ medianMs }) => medianMs < 2000);
}

async function untilItAnswers(url: string, exitCode: () => number | null): Promise<void> {
  for (let attempt = 0; attempt < 3000; attempt += 1) {
    if (exitCode() !== null) throw new Error(`The server ended at once, with exit code ${exitCode()}`);
    const answers = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (answers) return;
    await sleep(10);
  }
  throw new Error("The server does not answer");
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}
