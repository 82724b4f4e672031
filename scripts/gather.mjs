// Writes the two registries that follow from what lies in a folder, so that adding a kind of
// record or a group of checks touches one file. Run by `npm run gather`; a test holds them fresh.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const note = "// Written by scripts/gather.mjs from the files beside it. Do not edit.\n";

function namesIn(folder) {
  return readdirSync(root + folder)
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map((file) => file.slice(0, -3))
    .sort();
}
const snake = (name) => name.replaceAll("-", "_");

function kinds() {
  const names = namesIn("src/core/records/kinds");
  return `${note}import type { Kind } from "./kind.ts";
${names.map((name) => `import * as ${snake(name)} from "./kinds/${name}.ts";`).join("\n")}

/** Every kind of record, by name. */
export const kinds: Readonly<Record<KindName, Kind>> = {
${names.map((name) => `  ${snake(name)}: ${snake(name)}.kind,`).join("\n")}
};

export type FieldsByKind = {
${names.map((name) => `  ${snake(name)}: typeof ${snake(name)}.fields;`).join("\n")}
};

export type StatesByKind = {
${names.map((name) => `  ${snake(name)}: (typeof ${snake(name)}.states)[number];`).join("\n")}
};

export type KindName = keyof FieldsByKind;
`;
}

function checks() {
  const names = namesIn("src/core/conformity/checks");
  return `${note}import type { Check } from "./check.ts";
${names.map((name) => `import * as ${snake(name)} from "./checks/${name}.ts";`).join("\n")}

/** Every check of the catalogue, in the order of its files. */
export const checks: readonly Check[] = [
${names.map((name) => `  ...${snake(name)}.checks,`).join("\n")}
];
`;
}

const files = { "src/core/records/all.ts": kinds(), "src/core/conformity/all.ts": checks() };
let stale = 0;
for (const [file, text] of Object.entries(files)) {
  let kept = "";
  try {
    kept = readFileSync(root + file, "utf8");
  } catch {
    // Not written yet.
  }
  if (kept === text) continue;
  if (process.argv.includes("--check")) {
    console.error(`${file} is not what its folder says: run npm run gather`);
    stale = 1;
  } else writeFileSync(root + file, text);
}
process.exitCode = stale;
