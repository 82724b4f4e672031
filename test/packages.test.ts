import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

type Manifest = { dependencies: Record<string, string>; devDependencies: Record<string, string> };
type Lock = { packages: Record<string, { version?: string; optionalDependencies?: Record<string, string> }> };

const root = join(import.meta.dirname, "..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as Lock;

test("each package is named in one exact version", () => {
  const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
    .filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${name}@${version}`);
  expect(loose).toEqual([]);
});

test("the lock file holds the builds for every platform, without which npm ci refuses to install", () => {
  const locked = new Set(Object.keys(packages).map((path) => path.slice(path.lastIndexOf("node_modules/") + 13)));
  const missing = Object.entries(packages).flatMap(([path, { version, optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !locked.has(name))
      .map((name) => `${path}@${version} wants ${name}`),
  );
  expect(missing).toEqual([]);
});

test("the lock file names no address to fetch from, so that any mirror serves it", () => {
  expect(Object.entries(packages).filter(([, entry]) => "resolved" in entry)).toEqual([]);
});
