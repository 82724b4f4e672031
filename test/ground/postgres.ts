import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { findProgram, installPackage } from "./install-package.ts";
import { freePort } from "./port.ts";

/** A PostgreSQL server of our own, gone when the tests are. */
export type PostgresServer = {
  version: string;
  /** As a role that owns what it creates, may create databases and roles, and is no superuser. */
  ownerUrl: string;
  /** As the role that the server serves with: it owns nothing and row-level security binds it. */
  appUrl: string;
  stop: () => Promise<void>;
};

const oldestMajor = 15;

/** The roles' names, for migrations and grants; both log in without a password from this machine. */
export const roles = { superuser: "postgres", owner: "aims_owner", app: "aims_app" } as const;

/** The folder of PostgreSQL's programs: `AIMS_TEST_POSTGRES_BIN`, or the newest that the machine has. */
export function findPostgres(): string | undefined {
  const versions = existsSync("/usr/lib/postgresql") ? readdirSync("/usr/lib/postgresql") : [];
  const newestFirst = versions
    .filter((version) => Number(version) >= oldestMajor)
    .sort((a, b) => Number(b) - Number(a));
  const onPath = findProgram("initdb");
  const folders = [
    process.env["AIMS_TEST_POSTGRES_BIN"],
    ...newestFirst.map((version) => `/usr/lib/postgresql/${version}/bin`),
    onPath && dirname(onPath),
  ];
  return folders.find((folder) => folder && existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")));
}

/** Undefined when PostgreSQL is there, installed or found; else why it is not. */
export function providePostgres(): string | undefined {
  if (findPostgres()) return undefined;
  const problem = installPackage("postgresql");
  return problem ?? (findPostgres() ? undefined : `the distribution's PostgreSQL is older than ${oldestMajor}`);
}

/** Starts a server on a new data folder and a free port of the loopback, and returns once it answers. */
export async function startPostgres(): Promise<PostgresServer> {
  const bin = findPostgres();
  if (!bin) throw new Error("Cannot start PostgreSQL: it is not installed");
  const runAs = serverUser();
  const folder = mkdtempSync(join(tmpdir(), "aims-postgres-"));
  const data = join(folder, "data");
  if (runAs) chownSync(folder, runAs.uid, runAs.gid);
  const init = spawnSync(
    join(bin, "initdb"),
    ["-D", data, "-U", roles.superuser, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"],
    { ...runAs, cwd: folder, encoding: "utf8" },
  );
  if (init.status !== 0) throw new Error(`Cannot create a database folder: ${init.error?.message ?? init.stderr}`);

  const port = await freePort();
  // Nothing in these databases outlives the tests, so nothing needs to reach the disk.
  const settings = { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: "200" };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = spawn(
    join(bin, "postgres"),
    ["-D", data, "-p", String(port), "-h", "127.0.0.1", "-k", folder, ...options],
    { ...runAs, cwd: folder, stdio: ["ignore", "ignore", "pipe"] },
  );
  const log = collect(child);
  const abandon = () => child.kill("SIGQUIT");
  process.once("exit", abandon);
  const stop = async () => {
    process.removeListener("exit", abandon);
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  const url = (role: string) => `postgres://${role}@127.0.0.1:${port}/postgres`;
  try {
    const version = await untilItAnswers(child, url(roles.superuser), log);
    await query(url(roles.superuser), [
      `create role ${roles.owner} login createdb createrole`,
      `create role ${roles.app} login`,
      `grant create on database postgres to ${roles.owner}`,
      `alter schema public owner to ${roles.owner}`,
    ]);
    return { version, ownerUrl: url(roles.owner), appUrl: url(roles.app), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Makes a database of its own on the server that `serverUrl` reaches, and returns the same URL naming it.
 * `template` copies a database that nobody is connected to, which takes a tenth of migrating a new one.
 */
export async function createDatabase(serverUrl: string, template?: string): Promise<string> {
  const name = `aims_test_${randomBytes(6).toString("hex")}`;
  await query(serverUrl, [`create database ${name}${template ? ` template ${template}` : ""}`]);
  return urlOfDatabase(serverUrl, name);
}

/** Removes what `createDatabase` made, also while somebody is connected to it. */
export async function dropDatabase(databaseUrl: string): Promise<void> {
  await query(urlOfDatabase(databaseUrl, "postgres"), [
    `drop database if exists ${new URL(databaseUrl).pathname.slice(1)} with (force)`,
  ]);
}

/** The same server and role, another database. */
export function urlOfDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

async function query(url: string, statements: readonly string[]): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
    const { rows } = await client.query<{ server_version: string }>("show server_version");
    return rows[0]?.server_version ?? "unknown";
  } finally {
    await client.end();
  }
}

async function untilItAnswers(child: ChildProcess, url: string, log: () => string): Promise<string> {
  const attempts = 600;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`PostgreSQL ended at once: ${log()}`);
    try {
      return await query(url, []);
    } catch {
      // Not listening yet, or still starting up: both are what is waited for here.
      await sleep(50);
    }
  }
  throw new Error(`PostgreSQL does not answer: ${log()}`);
}

function collect(child: ChildProcess): () => string {
  const lines: string[] = [];
  child.stderr?.on("data", (chunk: Buffer) => {
    lines.push(chunk.toString());
    if (lines.length > 100) lines.shift();
  });
  return () => lines.join("").trim();
}

/** SIGINT is PostgreSQL's fast shutdown: it ends sessions instead of waiting for them. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGINT");
  const late = setTimeout(() => child.kill("SIGQUIT"), 10_000);
  await ended;
  clearTimeout(late);
}

/** PostgreSQL refuses to run as root, so root lends it the account that Debian made for it, or nobody's. */
function serverUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  const account = accounts.find(([name]) => name === "postgres") ?? accounts.find(([name]) => name === "nobody");
  if (!account) throw new Error("Cannot start PostgreSQL as root: there is neither a postgres nor a nobody account");
  return { uid: Number(account[2]), gid: Number(account[3]) };
}
