import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { spawnSync } from "node:child_process";
import type { Plugin } from "esbuild";
import { root } from "./install.mjs";

// `npm run build` makes the two things that run in production: the bundle of the `aims` command, and the
// browser application. With `--if-stale`, only what is older than its sources: that costs a walk over their times.

type Product = {
  name: string;
  /** The file whose time tells when the product was made. */
  file: string;
  sources: readonly string[];
  make: () => Promise<void>;
};

const products: readonly Product[] = [
  {
    name: "command",
    file: "dist/aims.js",
    sources: ["src", "package-lock.json", "scripts/build.ts"],
    make: bundleCommand,
  },
  {
    name: "browser application",
    file: "web/dist/index.html",
    sources: ["web", "src/core", "src/contract", "package-lock.json"],
    make: buildWeb,
  },
];

/** Not sources, although they lie among them. */
const ignored = /(^|\/)(dist|node_modules)(\/|$)|\.test\.tsx?$/;

async function build(onlyIfStale: boolean): Promise<void> {
  for (const product of products) {
    if (onlyIfStale && isFresh(product)) continue;
    const started = performance.now();
    process.stderr.write(`aims: building the ${product.name}\n`);
    await product.make();
    process.stderr.write(`aims: built it in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
  }
}

function isFresh({ file, sources }: Product): boolean {
  const path = join(root, file);
  if (!existsSync(path)) return false;
  const madeMs = statSync(path).mtimeMs;
  return sources.every((source) => !hasNewer(join(root, source), madeMs));
}

function hasNewer(path: string, madeMs: number): boolean {
  const name = relative(root, path).split(sep).join("/");
  if (ignored.test(name) || !existsSync(path)) return false;
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs > madeMs;
  return readdirSync(path).some((entry) => hasNewer(join(path, entry), madeMs));
}

async function bundleCommand(): Promise<void> {
  const { build: bundle } = await import("esbuild");
  const entry = "src/cli/aims.ts";
  const shebang = readFileSync(join(root, entry), "utf8").startsWith("#!") ? "" : "#!/usr/bin/env node\n";
  await bundle({
    absWorkingDir: root,
    entryPoints: [entry],
    outdir: "dist",
    bundle: true,
    // What a command does not use stays in a file that it does not read.
    splitting: true,
    // Beside aims.js, so that every output file sees the sources at the same relative place.
    chunkNames: "chunk-[hash]",
    format: "esm",
    platform: "node",
    target: "node24",
    sourcemap: "linked",
    sourcesContent: false,
    legalComments: "none",
    logLevel: "warning",
    // Native code, WebAssembly beside its script, and worker files are found by their place in node_modules.
    external: [
      "@electric-sql/pglite",
      "@electric-sql/pglite/*",
      "@node-rs/argon2",
      "pg",
      "pino",
      "node",
      "esbuild",
      "vite",
    ],
    plugins: [keepSourcePlaces],
    banner: { js: `${shebang}${requireOfBundle}` },
  });
}

/** Packages in the older module format call `require`, which a module does not have by itself. */
const requireOfBundle =
  'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);';

/**
 * A source file that finds its neighbours by `import.meta` (a migration, a worker) still finds them from
 * within the bundle: the bundle is always run beside its sources, so it keeps naming the source's place.
 */
const keepSourcePlaces: Plugin = {
  name: "keep source places",
  setup(plugin) {
    plugin.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      if (path.includes("node_modules") || !/import\.meta\.(url|dirname|filename)/.test(text)) return undefined;
      const place = JSON.stringify(`../${relative(root, path).split(sep).join("/")}`);
      const prelude = `const urlOfSource = new URL(${place}, import.meta.url).href;`;
      const contents = text
        .replaceAll("import.meta.url", "urlOfSource")
        .replaceAll(
          "import.meta.dirname",
          'process.getBuiltinModule("node:url").fileURLToPath(new URL(".", urlOfSource))',
        )
        .replaceAll("import.meta.filename", 'process.getBuiltinModule("node:url").fileURLToPath(urlOfSource)');
      const afterShebang = contents.startsWith("#!") ? contents.indexOf("\n") + 1 : 0;
      return { contents: contents.slice(0, afterShebang) + prelude + contents.slice(afterShebang), loader: "ts" };
    });
  },
};

async function buildWeb(): Promise<void> {
  const vite = join(root, "node_modules/vite/bin/vite.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, [vite, "build", "--logLevel", "warn"], {
    cwd: join(root, "web"),
    encoding: "utf8",
  });
  process.stderr.write(stdout + stderr);
  if (status !== 0) throw new Error(`Cannot build the browser application: vite ended with ${status}`);
  const now = new Date();
  utimesSync(join(root, "web/dist/index.html"), now, now);
}

const onlyIfStale = process.argv.includes("--if-stale");
if (!onlyIfStale) rmSync(join(root, "dist"), { recursive: true, force: true });
await build(onlyIfStale);
