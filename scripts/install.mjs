// Brings the checkout to the state that package-lock.json describes. It is plain JavaScript without
// dependencies because it runs on whatever Node the machine has, before anything is installed.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

const runtimeFolder = join(root, "node_modules", "node");
const runtime = join(runtimeFolder, "bin", process.platform === "win32" ? "node.exe" : "node");

/** The oldest Node that runs TypeScript files directly and has all that the server uses. */
const oldestMajor = 24;

/** The path of the Node that package-lock.json pins, installing everything first where that is due. */
export function pinnedNode() {
  if (!isInstalled()) install();
  if (existsSync(runtime)) return runtime;
  return runtimeOfLastResort();
}

/** Compares content, not times: a checkout gives every file the same time, and a copy a new one. */
function isInstalled() {
  const wanted = packagesIn(join(root, "package-lock.json"));
  const present = packagesIn(join(root, "node_modules", ".package-lock.json"));
  if (!wanted) throw new Error("Cannot install: package-lock.json is missing or unreadable");
  if (!present) return false;
  return Object.entries(wanted).every(
    ([path, entry]) => path === "" || entry.optional || entry.peer || present[path]?.version === entry.version,
  );
}

function packagesIn(lockPath) {
  if (!existsSync(lockPath)) return undefined;
  try {
    return JSON.parse(readFileSync(lockPath, "utf8")).packages;
  } catch {
    // A half-written lock of an interrupted installation: install again.
    return undefined;
  }
}

function install() {
  say("installing the packages that package-lock.json names (npm ci)");
  run(...npm("ci", "--no-audit", "--no-fund", "--loglevel=error"));
  if (!existsSync(runtime)) {
    // Newer npm versions do not run install scripts unasked, and this package's script is what brings the binary.
    say("fetching the pinned Node, whose install script npm did not run");
    spawnSync(process.execPath, ["installArchSpecificPackage.js"], { cwd: runtimeFolder, stdio: toStderr });
  }
}

function runtimeOfLastResort() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major >= oldestMajor) return process.execPath;
  say(`cannot go on: the pinned Node is not in ${runtimeFolder}, and this one (${process.version}) is too old`);
  say(`delete node_modules and try again, or run with Node ${oldestMajor} or newer`);
  process.exit(3);
}

/** Within `npm start` the npm that runs is named in the environment; outside, the one on the path. */
function npm(...words) {
  const { npm_execpath: script } = process.env;
  if (script?.endsWith(".js")) return [process.execPath, [script, ...words]];
  return [process.platform === "win32" ? "npm.cmd" : "npm", words];
}

function run(command, words) {
  const { status, error } = spawnSync(command, words, {
    cwd: root,
    stdio: toStderr,
    shell: process.platform === "win32",
  });
  if (status === 0) return;
  say(`cannot install: ${command} ${words.join(" ")} ended with ${error?.message ?? status}`);
  process.exit(3);
}

/** Standard output belongs to the command that is run afterwards. */
const toStderr = ["ignore", 2, 2];

function say(text) {
  process.stderr.write(`aims: ${text}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) process.stdout.write(`${pinnedNode()}\n`);
