import { readFileSync } from "node:fs";

/** The version of this software. */
export function versionOf(): string {
  const about = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string };
  return about.version;
}
