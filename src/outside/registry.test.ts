import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { Refusal } from "#core/basics/refusal.ts";
import { isPublicAddress } from "./guarded-request.ts";
import { credentialsOfDockerConfig, openRegistry, type Registry, type RegistryOptions } from "./registry.ts";

// Registries that do what they must not.

type Handle = (request: IncomingMessage, response: ServerResponse, host: string) => void;

const running: (() => void)[] = [];
afterEach(() => running.splice(0).forEach((stop) => stop()));

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const text = JSON.stringify({
  schemaVersion: 2,
  mediaType: manifestType,
  config: { mediaType: "c", digest: `sha256:${"0".repeat(64)}`, size: 2 },
  layers: [],
});
const digest = `sha256:${createHash("sha256").update(text).digest("hex")}`;

async function registryThat(
  handle: Handle,
  options: RegistryOptions = {},
): Promise<{ registry: Registry; at: { registry: string; repository: string } }> {
  const server = createServer((request, response) =>
    handle(request, response, `127.0.0.1:${(server.address() as AddressInfo).port}`),
  );
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  running.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    registry: openRegistry({ plainHttp: new Set([host]), timeoutMs: 2000, retries: 0, ...options }),
    at: { registry: host, repository: "a" },
  };
}

function sendManifest(response: ServerResponse, body = text, type = manifestType): void {
  response.writeHead(200, { "content-type": type }).end(body);
}

async function refused(work: Promise<unknown>): Promise<string> {
  const [outcome] = await Promise.allSettled([work]);
  return outcome.status === "fulfilled" ? "answered" : (outcome.reason as Refusal).code;
}

describe("a registry is refused that", () => {
  test.each([
    ["hangs", () => {}, "unavailable"],
    [
      "hangs in the middle of its answer",
      (_, response) => void response.writeHead(200, { "content-type": manifestType }).write("{"),
      "unavailable",
    ],
    [
      "lies about a digest",
      (_, response) => sendManifest(response, text.replace('"layers":[]', '"layers":[ ]')),
      "proof-rejected",
    ],
    [
      "gives a manifest of another type than it says",
      (_, response) => sendManifest(response, text, "application/vnd.oci.image.index.v1+json"),
      "malformed",
    ],
    ["closes the connection", (request) => void request.socket.destroy(), "unavailable"],
    ["fails", (_, response) => void response.writeHead(500).end(), "unavailable"],
    [
      "redirects without end",
      (request, response) => void response.writeHead(302, { location: request.url }).end(),
      "unavailable",
    ],
    [
      "redirects to a private address",
      (_, response) => void response.writeHead(302, { location: "https://10.0.0.1/x" }).end(),
      "unavailable",
    ],
    [
      "redirects to the metadata of the cloud",
      (_, response) => void response.writeHead(302, { location: "http://169.254.169.254/latest" }).end(),
      "unavailable",
    ],
    [
      "redirects to a name of this machine",
      (_, response) => void response.writeHead(302, { location: "https://localhost/x" }).end(),
      "unavailable",
    ],
    [
      "asks for a token elsewhere in private",
      (_, response) =>
        void response.writeHead(401, { "www-authenticate": 'Bearer realm="https://192.168.1.1/token"' }).end(),
      "unavailable",
    ],
    ["does not say how to sign in", (_, response) => void response.writeHead(401).end(), "not-permitted"],
  ] as [string, Handle, string][])("%s", async (_, handle, code) => {
    const { registry, at } = await registryThat(handle, { timeoutMs: 300 });
    expect(await refused(registry.manifest(at, digest))).toBe(code);
  });

  test("sends without end", async () => {
    const { registry, at } = await registryThat((_, response) => {
      response.writeHead(200, { "content-type": manifestType });
      const chunk = Buffer.alloc(1024 * 1024);
      const more = (): void => void (!response.destroyed && response.write(chunk, more));
      more();
    });
    expect(await refused(registry.manifest(at, digest))).toBe("too-large");
  });

  test("says that a blob is larger than is wanted", async () => {
    const { registry, at } = await registryThat((_, response) => void response.end());
    expect(
      await refused(registry.blob(at, { mediaType: "x", digest, size: 10_000_000_000, annotations: {} }, 1000)),
    ).toBe("too-large");
  });

  test("is an index and an image at once", async () => {
    const both = JSON.stringify({ schemaVersion: 2, mediaType: manifestType, layers: [], manifests: [] });
    const { registry, at } = await registryThat((_, response) => sendManifest(response, both));
    expect(await refused(registry.manifest(at, "1"))).toBe("malformed");
  });
});

describe("a registry is read", () => {
  test("that has the manifest", async () => {
    const { registry, at } = await registryThat((_, response) => sendManifest(response));
    expect((await registry.manifest(at, "latest")).digest).toBe(digest);
  });

  test("again, when it is busy", async () => {
    let asked = 0;
    const { registry, at } = await registryThat(
      (_, response) => void (asked++ === 0 ? response.writeHead(503).end() : sendManifest(response)),
      { retries: 1 },
    );
    expect((await registry.manifest(at, digest)).digest).toBe(digest);
  });

  test("with a token that its realm gives for name and password, which is kept", async () => {
    let tokens = 0;
    const { registry, at } = await registryThat(
      (request, response, host) => {
        if (request.url?.startsWith("/token")) {
          tokens++;
          const isRight =
            request.headers.authorization === `Basic ${Buffer.from("me:word").toString("base64")}` &&
            request.url.includes("scope=repository%3Aa%3Apull");
          return void response.writeHead(isRight ? 200 : 403).end(JSON.stringify({ token: "t", expires_in: 300 }));
        }
        if (request.headers.authorization === "Bearer t") return sendManifest(response);
        response.writeHead(401, { "www-authenticate": `Bearer realm="http://${host}/token",service="s"` }).end();
      },
      { credentialsFor: () => ({ username: "me", password: "word" }) },
    );
    await registry.manifest(at, digest);
    await registry.manifest(at, digest);
    expect(tokens).toBe(1);
  });

  test("by name and password", async () => {
    const { registry, at } = await registryThat(
      (request, response) =>
        request.headers.authorization?.startsWith("Basic ")
          ? sendManifest(response)
          : void response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end(),
      { credentialsFor: credentialsOfDockerConfig({ auths: {} }) },
    );
    expect(await refused(registry.manifest(at, digest))).toBe("not-permitted");
    const { registry: known, at: there } = await registryThat(
      (request, response) =>
        request.headers.authorization === "Basic YTpi"
          ? sendManifest(response)
          : void response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end(),
      { credentialsFor: () => ({ username: "a", password: "b" }) },
    );
    expect((await known.manifest(there, digest)).digest).toBe(digest);
  });

  test("page by page, as long as the pages are of the list", async () => {
    const descriptor = { mediaType: manifestType, digest, size: 1 };
    const { registry, at } = await registryThat((request, response) => {
      const isSecond = request.url?.includes("page=2") === true;
      const headers = isSecond
        ? { link: '<https://evil.example.com/x>; rel="next"' }
        : { link: `</v2/a/referrers/${digest}?page=2>; rel="next"` };
      response.writeHead(200, headers).end(JSON.stringify({ schemaVersion: 2, manifests: [descriptor] }));
    });
    expect(await registry.referrers(at, digest)).toMatchObject({
      descriptors: [{ digest }, { digest }],
      by: "referrers",
      isCut: false,
    });
  });

  test("and said to be cut, where it lists thousands", async () => {
    const manifests = Array.from({ length: 10_000 }, () => ({ mediaType: manifestType, digest, size: 1 }));
    const { registry, at } = await registryThat(
      (_, response) => void response.writeHead(200).end(JSON.stringify({ schemaVersion: 2, manifests })),
    );
    expect((await registry.referrers(at, digest)).isCut).toBe(true);
  });
});

test("credentials are those of the registry and of no other", () => {
  const credentials = credentialsOfDockerConfig({
    auths: { "https://index.docker.io/v1/": { auth: Buffer.from("me:a:b").toString("base64") }, "quay.io": {} },
  });
  expect(credentials("docker.io")).toEqual({ username: "me", password: "a:b" });
  expect(credentials("quay.io")).toBeUndefined();
});

test.each([
  ["8.8.8.8", true],
  ["10.1.2.3", false],
  ["127.0.0.1", false],
  ["169.254.169.254", false],
  ["172.31.0.1", false],
  ["172.32.0.1", true],
  ["100.64.0.1", false],
  ["::1", false],
  ["fd00::1", false],
  ["fe80::1", false],
  ["::ffff:10.0.0.1", false],
  ["64:ff9b::a00:1", false],
  ["2606:4700::1111", true],
  ["no address", false],
])("%s is public: %s", (address, expected) => expect(isPublicAddress(address)).toBe(expected));
