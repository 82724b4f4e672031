import { spawnSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { Refusal } from "#core/basics/refusal.ts";

/** That this process alone works on a folder. */
export type FolderLock = { release(): Promise<void> };

type Holder = { pid: number; host: string; mark: string };

const heartbeatMs = 5_000;
const lostAfterMs = 30_000;

/**
 * Locks the folder against every other process. Two locks serve together: a socket of the kernel's,
 * which goes with the process however it ends, and a file whose time is kept fresh, for processes
 * on other hosts or in other containers that share the folder.
 *
 * @throws {Refusal} `conflict`, naming the process that has it
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, "lock");
  const socket = await holdSocket(folder, path);
  const holder = readHolder(path);
  if (holder && isAtWork(holder, path)) {
    await closeServer(socket);
    throw taken(folder, holder);
  }
  const own: Holder = { pid: process.pid, host: hostname(), mark: randomUUID() };
  writeFileSync(path, JSON.stringify(own), { mode: 0o600 });
  const beat = setInterval(() => {
    if (existsSync(path)) utimesSync(path, new Date(), new Date());
  }, heartbeatMs);
  beat.unref();
  return {
    async release() {
      clearInterval(beat);
      if (readHolder(path)?.mark === own.mark) rmSync(path, { force: true });
      await closeServer(socket);
    },
  };
}

function holdSocket(folder: string, path: string): Promise<Server | undefined> {
  // Only Linux has sockets that no file stands for; elsewhere the file alone has to do.
  if (process.platform !== "linux") return Promise.resolve(undefined);
  const name = `\0aims-${createHash("sha256").update(realpathSync(folder)).digest("hex").slice(0, 40)}`;
  return new Promise((resolve, reject) => {
    const server = createServer((connection) => connection.destroy());
    server.unref();
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? taken(folder, readHolder(path)) : error),
    );
    server.listen({ path: name }, () => resolve(server));
  });
}

function closeServer(server: Server | undefined): Promise<void> {
  return new Promise((resolve) => (server ? server.close(() => resolve()) : resolve()));
}

function readHolder(path: string): Holder | undefined {
  if (!existsSync(path)) return undefined;
  const match = /^\{"pid":(\d+),"host":("[^"]*"),"mark":("[^"]*")\}$/.exec(readFileSync(path, "utf8"));
  const [, pid, host, mark] = match ?? [];
  // A file that was cut off half-written belongs to a process that did not get far.
  if (pid === undefined || host === undefined || mark === undefined) return undefined;
  return { pid: Number(pid), host: JSON.parse(host) as string, mark: JSON.parse(mark) as string };
}

function isAtWork(holder: Holder, path: string): boolean {
  if (holder.host === hostname()) {
    // The socket was free, so that no process in this network namespace holds the folder on Linux.
    if (process.platform === "linux") return false;
    return holder.pid !== process.pid && spawnSync("kill", ["-0", String(holder.pid)]).status === 0;
  }
  return Date.now() - statSync(path).mtimeMs < lostAfterMs;
}

function taken(folder: string, holder: Holder | undefined): Refusal {
  const who = holder ? `process ${holder.pid} on ${holder.host} has it open` : "another process has it open";
  return new Refusal("conflict", `Cannot open data folder "${folder}": ${who}`);
}
