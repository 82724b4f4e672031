import { createHash } from "node:crypto";
import { readdirSync, statSync, existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Context } from "hono";
import { Refusal } from "#core/basics/refusal.ts";
import { Declined } from "./problem.ts";

const typeOf: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
};
const compressible = /^(text\/|application\/(json|manifest)|image\/svg)/;

type Coding = "br" | "gzip" | "identity";
type Asset = { type: string; etag: string; bodies: Record<Coding, Uint8Array<ArrayBuffer>> };

const compressions = { br: promisify(brotliCompress), gzip: promisify(gzip) };

/**
 * Serves the browser application from a folder. Only files that are there when it is looked through
 * can be asked for, so that no path leads out of it. Any other address is a page of the application.
 */
export function openAssets(
  folder: string = join(import.meta.dirname, "../../web/dist"),
): (context: Context) => Promise<Response> {
  let seen = { builtMs: -1, files: new Set<string>(), assets: new Map<string, Promise<Asset>>() };

  // A new build is seen without a new start: its page is newer.
  function look(): typeof seen {
    const builtMs = statSync(join(folder, "index.html"), { throwIfNoEntry: false })?.mtimeMs ?? -1;
    if (builtMs !== seen.builtMs) seen = { builtMs, files: new Set(filesIn(folder)), assets: new Map() };
    return seen;
  }

  return async (context) => {
    const { files, assets } = look();
    const asked = decoded(context.req.path.slice(1));
    const isPage = !files.has(asked);
    const name = isPage ? "index.html" : asked;
    // A script that is gone is not a page: whoever asks for it has an old page open.
    if (!files.has(name) || (isPage && extname(asked) !== "" && !acceptsPages(context)))
      throw new Declined(
        404,
        "not-found",
        files.size === 0
          ? "Cannot show the browser application: it is not built, npm run build does"
          : "Cannot find this file: the application may have been renewed, load the page again",
      );
    const asset = await (assets.get(name) ?? keep(assets, name, readAsset(join(folder, name))));
    context.header("cache-control", name.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache");
    context.header("etag", asset.etag);
    context.header("vary", "accept-encoding");
    if (context.req.header("if-none-match")?.split(/, */).includes(asset.etag)) return context.body(null, 304);
    const coding = codingFor(context.req.header("accept-encoding") ?? "");
    if (coding !== "identity" && compressible.test(asset.type)) context.header("content-encoding", coding);
    context.header("content-type", asset.type);
    return context.body(asset.bodies[coding], 200);
  };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (cause) {
    throw new Refusal("malformed", "Cannot read this address: it is not percent-encoded as addresses are", { cause });
  }
}

function keep(assets: Map<string, Promise<Asset>>, name: string, asset: Promise<Asset>): Promise<Asset> {
  assets.set(name, asset);
  return asset;
}

async function readAsset(path: string): Promise<Asset> {
  const identity = new Uint8Array(await readFile(path));
  const type = typeOf[extname(path)] ?? "application/octet-stream";
  const etag = `"${createHash("sha256").update(identity).digest("base64url").slice(0, 22)}"`;
  if (!compressible.test(type)) return { type, etag, bodies: { br: identity, gzip: identity, identity } };
  const [br, zipped] = await Promise.all([
    compressions.br(identity, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: identity.length },
    }),
    compressions.gzip(identity, { level: 8 }),
  ]);
  return { type, etag, bodies: { br: new Uint8Array(br), gzip: new Uint8Array(zipped), identity } };
}

function codingFor(accepted: string): Coding {
  const codings = accepted.split(",").map((part) => part.trim().toLowerCase());
  const accepts = (name: string) =>
    codings.some((coding) => coding === name || (coding.startsWith(`${name};`) && !/;\s*q=0(\.0*)?$/.test(coding)));
  return accepts("br") ? "br" : accepts("gzip") ? "gzip" : "identity";
}

function acceptsPages(context: Context): boolean {
  return context.req.header("accept")?.includes("text/html") === true;
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll("\\", "/"),
    );
}
