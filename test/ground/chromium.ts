import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { findProgram, installPackage } from "./install-package.ts";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"];
const places = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

/** The browser to test with: `AIMS_TEST_CHROMIUM` or the machine's own. */
export function findChromium(): string | undefined {
  return process.env["AIMS_TEST_CHROMIUM"] ?? findProgram(...names) ?? places.find((path) => existsSync(path));
}

/** Undefined when a browser is there, installed or found; else why there is none. */
export function provideChromium(): string | undefined {
  if (findChromium()) return undefined;
  const problem = installPackage("chromium");
  return problem ?? (findChromium() ? undefined : "chromium was installed but is not on the path");
}

/** A browser that keeps quiet on the network, on a new profile. The caller closes it. */
export function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error("Cannot launch Chromium: none is installed");
  const flags = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
  ];
  // Chromium's sandbox refuses to run as root; the pages of these tests are our own.
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({ executablePath, args: flags, chromiumSandbox: !isRoot && process.env["CI"] === undefined });
}
