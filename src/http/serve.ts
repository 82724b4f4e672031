import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { Refusal } from "#core/basics/refusal.ts";
import { application, type ApplicationSettings } from "./application.ts";

export type ServerSettings = Omit<ApplicationSettings, "onLoopback"> & { port: number; host?: string };

/** A server that answers. */
export type Serving = {
  /** Where it is reached: `http://127.0.0.1:4200`. */
  url: string;
  /** Takes no more requests, and returns when those under way are answered, or after ten seconds. */
  close(): Promise<void>;
};

const closeWithinMs = 10_000;

/** Serves API and browser application. @throws {Refusal} `conflict` when the port is taken; `not-permitted` when it may not be */
export async function serve({ port, host = "127.0.0.1", ...settings }: ServerSettings): Promise<Serving> {
  const onLoopback = /^(127\.|localhost$|::1$)/.test(host);
  const app = application({ ...settings, onLoopback });
  const server = createAdaptorServer({
    fetch: app.fetch,
    overrideGlobalObjects: false,
    serverOptions: {
      maxHeaderSize: 16_384,
      headersTimeout: 15_000,
      requestTimeout: 120_000,
      keepAliveTimeout: 5_000,
      connectionsCheckingInterval: 5_000,
    },
  }) as Server;
  await listen(server, port, host);
  const { port: taken } = server.address() as AddressInfo;
  return { url: `http://${host.includes(":") ? `[${host}]` : host}:${taken}`, close: () => close(server) };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE")
        reject(new Refusal("conflict", `Cannot serve at port ${port}: another program does`, { cause: error }));
      else if (error.code === "EACCES")
        reject(
          new Refusal("not-permitted", `Cannot serve at port ${port}: the system does not allow it`, { cause: error }),
        );
      else reject(error);
    });
    server.listen(port, host, resolve);
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const patience = setTimeout(() => server.closeAllConnections(), closeWithinMs);
    server.close(() => {
      clearTimeout(patience);
      resolve();
    });
    server.closeIdleConnections();
  });
}
