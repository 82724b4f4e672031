import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

// The rule of the house: imports go down, never sideways, never up. This table is the rule; ARCHITECTURE.md draws it.

const core = [
  "core/basics",
  "core/standard",
  "core/records",
  "core/conformity",
  "core/ledger",
  "core/kubernetes",
  "core/access",
  "core/sources",
  "core/interchange",
];

/** Which rooms each room may import, besides its own files. */
const rooms: Record<string, readonly string[]> = {
  "core/basics": [],
  "core/standard": ["core/basics"],
  "core/records": ["core/basics", "core/standard"],
  "core/conformity": ["core/basics", "core/standard", "core/records"],
  "core/ledger": ["core/basics"],
  "core/kubernetes": ["core/basics"],
  "core/access": ["core/basics", "core/kubernetes"],
  "core/sources": ["core/basics", "core/kubernetes"],
  "core/interchange": core.filter((room) => room !== "core/interchange"),
  storage: core,
  outside: core,
  contract: core,
  app: [...core, "storage", "outside"],
  http: [...core, "contract", "app"],
  jobs: [...core, "app"],
  // The entry: `aims serve` opens the storage and puts http and jobs on it.
  cli: [...core, "contract", "storage", "outside", "app", "http", "jobs"],
  web: [...core, "contract"],
};

/** What a room may know of another as types alone, which leave nothing behind when the code runs. */
const typesOnly: Record<string, readonly string[]> = {
  // The catalogue is data about records: a kind or a role that does not exist must not compile in it.
  "core/standard": ["core/records"],
};

/** The files that may catch without throwing, each for its reason. Anywhere else a fault stops the work. */
const mayCatch: Record<string, string> = {
  "src/http/problem.ts": "turns refusals and faults into answers",
  "src/core/kubernetes/read-objects.ts": "lists an unreadable document with its place, and reads the others",
  "src/cli/aims.ts": "turns refusals and faults into words and exit codes",
  "src/outside/signature-check.ts":
    "a signature that does not hold is an answer about an image, and the others are still looked at",
};

/** Rooms whose data are the standard's clauses. Everywhere else a clause is a value, never a literal. */
const namesClauses = ["core/standard", "core/records", "core/conformity"];

const root = join(import.meta.dirname, "..");

type Source = { path: string; room: string; text: string; isTest: boolean };

const sources: readonly Source[] = [
  ...filesIn("src").map((path) => ({ path, room: roomOf(path) })),
  ...filesIn("web/src").map((path) => ({ path, room: "web" })),
].map((source) => ({
  ...source,
  text: readFileSync(join(root, source.path), "utf8"),
  isTest: /\.(test|testing)\.tsx?$/.test(source.path),
}));

const production = sources.filter(({ isTest }) => !isTest);

function filesIn(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => `${folder}/${file.replaceAll("\\", "/")}`);
}

function roomOf(path: string): string {
  const [, first = "", second = ""] = path.split("/");
  return first === "core" ? `core/${second}` : first;
}

/** What a file imports: statements (also of several lines), side effects, re-exports and dynamic imports. */
function importsOf(text: string): { specifier: string; isType: boolean }[] {
  const pattern = /(?:^(?:import|export)(\s+type)?\b[^;"']*?\bfrom|^import|\bimport\s*\()\s*["']([^"'\n]+)["']/gm;
  return [...withoutComments(text).matchAll(pattern)].map(([, type, specifier]) => ({
    specifier: specifier ?? "",
    isType: type !== undefined,
  }));
}

/** Line comments only where no quote precedes them, so that an address in a string stays whole. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^([^"'`\n]*?)\/\/.*$/gm, "$1");
}

function targetRoom(specifier: string, { path }: Source): string | undefined {
  if (specifier.startsWith("#test/")) return "test";
  if (specifier.startsWith("#")) return roomOf(`src/${specifier.slice(1)}`);
  if (!specifier.startsWith(".")) return undefined;
  const target = relative(root, join(root, dirname(path), specifier)).replaceAll("\\", "/");
  return target.startsWith("web/src/") ? "web" : target.startsWith("src/") ? roomOf(target) : target;
}

test("every folder is a room of the table", () => {
  expect([...new Set(sources.map(({ room }) => room))].filter((room) => !(room in rooms))).toEqual([]);
});

test("imports go down only", () => {
  const wrong = production.flatMap((source) =>
    importsOf(source.text).flatMap(({ specifier, isType }) => {
      const room = targetRoom(specifier, source);
      const isAllowed = !room || room === source.room || rooms[source.room]?.includes(room);
      const isAllowedAsType = isType && room && typesOnly[source.room]?.includes(room);
      return isAllowed || isAllowedAsType ? [] : [`${source.path} imports ${specifier}`];
    }),
  );
  expect(wrong).toEqual([]);
});

test("another room is reached by #, one's own by ./", () => {
  const wrong = sources.flatMap((source) =>
    importsOf(source.text).flatMap(({ specifier }) => {
      const room = targetRoom(specifier, source);
      const isReachedRightly = !room || specifier.startsWith("#") === (room !== source.room);
      return isReachedRightly || /\.(css|json|svg)$/.test(specifier) ? [] : [`${source.path} imports ${specifier}`];
    }),
  );
  expect(wrong).toEqual([]);
});

test("core reaches no Node module and no package but the pure ones", () => {
  const pure = /^(#core\/|\.{1,2}\/|zod$|zod\/|@noble\/|js-yaml$|yaml$)/;
  const wrong = production
    .filter(({ room }) => room.startsWith("core/"))
    .flatMap(({ path, text }) =>
      importsOf(text)
        .filter(({ specifier }) => !pure.test(specifier))
        .map(({ specifier }) => `${path} imports ${specifier}`),
    );
  expect(wrong).toEqual([]);
});

test("what is caught is thrown again, said better, but where there is a reason not to", () => {
  const swallowing = production
    .filter(({ path }) => !(path in mayCatch))
    .filter(({ text }) => catchBlocks(withoutComments(text)).some((block) => !/\bthrow\b/.test(block)))
    .map(({ path }) => path);
  expect(swallowing).toEqual([]);
});

/** The text of each block that follows a `catch`, and of what a promise's `.catch` is given. */
function catchBlocks(text: string): string[] {
  return [...text.matchAll(/\bcatch\s*(?:\(\s*\w+[^)]*\)\s*)?\{|\.catch\(/g)].map(({ 0: head, index }) => {
    const start = index + head.length;
    const [open, close] = head.endsWith("{") ? ["{", "}"] : ["(", ")"];
    let depth = 1;
    let end = start;
    for (; depth > 0 && end < text.length; end += 1) depth += text[end] === open ? 1 : text[end] === close ? -1 : 0;
    return text.slice(start, end);
  });
}

test("no code names a clause", () => {
  const clause = /["'`](?:A\.(?:[2-9]|10)(?:\.\d{1,2})?|(?:[4-9]|10)\.\d{1,2}(?:\.\d{1,2})?)["'`]/;
  const named = production
    .filter(({ room }) => !namesClauses.includes(room))
    .flatMap(({ path, text }) => {
      const found = clause.exec(withoutComments(text));
      return found ? [`${path} names ${found[0]}`] : [];
    });
  expect(named).toEqual([]);
});

test("no file has a name that says nothing", () => {
  expect(sources.map(({ path }) => path).filter((path) => /\/(index|types|utils|helpers)\.tsx?$/.test(path))).toEqual(
    [],
  );
});

test("no file names a folder of one machine or the host of a package registry", () => {
  // Put together here, so that this file does not hold what it looks for.
  const hosts = ["registry.npmjs", "registry.yarnpkg", "pypi", "files.pythonhosted", "crates", "proxy.golang"];
  const folders = ["work", "home/[a-z]+", "Users/[A-Za-z]+"].map((folder) => `(?<![\\w.:/-])/${folder}/`);
  const forbidden = new RegExp(
    [...hosts.map((host) => `\\b${host.replace(".", "\\.")}\\.(?:org|io|com)\\b`), ...folders, "\\.\\./shared/"].join(
      "|",
    ),
  );
  const tracked = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  const wrong = tracked
    .split("\0")
    .filter((path) => path !== "" && path !== "LICENSE" && existsSync(join(root, path)))
    .flatMap((path) => {
      const found = forbidden.exec(readFileSync(join(root, path), "utf8"));
      return found ? [`${path}: ${found[0]}`] : [];
    });
  expect(wrong).toEqual([]);
});
