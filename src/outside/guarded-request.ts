import { lookup as resolve, type LookupAddress } from "node:dns";
import { request as plainRequest, type IncomingHttpHeaders, type RequestOptions } from "node:http";
import { request as tlsRequest } from "node:https";
import { BlockList, isIP } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { rootCertificates } from "node:tls";
import { Refusal } from "#core/basics/refusal.ts";

// Asking hosts that may be hostile: they hang, send without end, and point to addresses that are not theirs to see.

export type AskOptions = {
  /** Of the whole answer, not of a pause in it. */
  timeoutMs: number;
  retries: number;
  /** The most bytes that the answer may have. */
  most: number;
  headers: Readonly<Record<string, string>>;
  mayRedirect: boolean;
  mayBePlain: boolean;
  /** Whether the host must have a public address, since somebody else named it. */
  mustBePublic?: boolean;
  certificateAuthority?: string;
};

export type Answer = { status: number; headers: Readonly<Record<string, string | undefined>>; body: Uint8Array };

const mostRedirects = 5;
const longestWaitMs = 5_000;
const worthAnotherTry = new Set([429, 502, 503, 504]);
const failuresWorthAnotherTry = new Set(["ECONNRESET", "ECONNREFUSED", "EPIPE", "EAI_AGAIN", "ETIMEDOUT"]);

const notPublic = new BlockList();
for (const [address, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
] as const)
  notPublic.addSubnet(address, prefix, "ipv4");
for (const [address, prefix] of [
  ["::", 128],
  ["::1", 128],
  ["64:ff9b::", 96],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
] as const)
  notPublic.addSubnet(address, prefix, "ipv6");

/** Whether the address belongs to the whole network and not to this machine or its surroundings. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && !notPublic.check(address, family === 6 ? "ipv6" : "ipv4");
}

/**
 * The answer to a GET, within its bounds. A redirect leads to public addresses over TLS alone, and takes no
 * authorization to another host.
 *
 * @throws {Refusal} `unavailable`, `too-large`
 */
export async function ask(url: URL, options: AskOptions): Promise<Answer> {
  for (let tried = 0; ; tried++) {
    const [outcome] = await Promise.allSettled([followed(url, options)]);
    const mayTryAgain = tried < options.retries;
    if (outcome.status === "rejected") {
      const { code } = outcome.reason as { code?: string };
      if (!mayTryAgain || code === undefined || !failuresWorthAnotherTry.has(code))
        throw saidBetter(outcome.reason, url);
      await pause(200 * 2 ** tried);
    } else if (mayTryAgain && worthAnotherTry.has(outcome.value.status)) {
      await pause(waitOf(outcome.value, tried));
    } else return outcome.value;
  }
}

function waitOf({ headers }: Answer, tried: number): number {
  const asked = Number(headers["retry-after"]);
  return Number.isFinite(asked) && asked > 0 ? Math.min(asked * 1000, longestWaitMs) : 200 * 2 ** tried;
}

function saidBetter(reason: unknown, url: URL): unknown {
  if (reason instanceof Refusal || !(reason instanceof Error)) return reason;
  return new Refusal("unavailable", `Cannot reach "${url.host}": ${reason.message || reason.name}`, { cause: reason });
}

async function followed(from: URL, options: AskOptions): Promise<Answer> {
  const deadline = AbortSignal.timeout(options.timeoutMs);
  let url = from;
  let headers = options.headers;
  let mustBePublic = options.mustBePublic === true;
  for (let hop = 0; ; hop++) {
    const answer = await once(
      url,
      { ...options, headers, mustBePublic, mayBePlain: options.mayBePlain && url.host === from.host },
      deadline,
    );
    const { location } = answer.headers;
    if (answer.status < 300 || answer.status > 399 || location === undefined) return answer;
    if (!options.mayRedirect || hop >= mostRedirects)
      throw new Refusal(
        "unavailable",
        `Cannot follow "${url.host}": it redirects ${options.mayRedirect ? "without end" : "where it must not"}`,
      );
    if (!URL.canParse(location, url))
      throw new Refusal("unavailable", `Cannot follow "${url.host}": it redirects to no address`);
    url = new URL(location, url);
    if (url.host !== from.host) {
      headers = Object.fromEntries(Object.entries(headers).filter(([name]) => name !== "authorization"));
      mustBePublic = true;
    }
  }
}

type Once = AskOptions & { mustBePublic: boolean };

function once(
  url: URL,
  { headers, most, mayBePlain, mustBePublic, certificateAuthority, timeoutMs }: Once,
  deadline: AbortSignal,
): Promise<Answer> {
  const isPlain = url.protocol === "http:";
  if (url.protocol !== "https:" && !(isPlain && mayBePlain))
    throw new Refusal("unavailable", `Cannot ask "${url.host}": it is not reached by https`);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (mustBePublic && isIP(host) !== 0 && !isPublicAddress(host)) throw privateAddress(url.host, host);
  const settings: RequestOptions & { ca?: string[] } = {
    method: "GET",
    headers: { ...headers, "accept-encoding": "identity", "user-agent": "aims" },
    signal: deadline,
  };
  if (certificateAuthority !== undefined) settings.ca = [...rootCertificates, certificateAuthority];
  // Looked at where the connection is made, so that a name cannot have one address for us and another for it.
  if (mustBePublic) settings.lookup = lookupPublic;
  return new Promise((answer, fail) => {
    const late = () =>
      fail(new Refusal("unavailable", `Cannot read from "${url.host}": it did not answer within ${timeoutMs} ms`));
    if (deadline.aborted) return late();
    deadline.addEventListener("abort", late, { once: true });
    const request = (isPlain ? plainRequest : tlsRequest)(url, settings, (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on("data", (chunk: Buffer) => {
        length += chunk.length;
        if (length > most) {
          fail(new Refusal("too-large", `Cannot read from "${url.host}": the answer is larger than ${most} bytes`));
          request.destroy();
        } else chunks.push(chunk);
      });
      response.on("end", () =>
        answer({
          status: response.statusCode ?? 0,
          headers: plainHeaders(response.headers),
          body: new Uint8Array(Buffer.concat(chunks)),
        }),
      );
      response.on("error", fail);
    });
    request.on("error", fail);
    request.end();
  });
}

function privateAddress(host: string, address: string): Refusal {
  return new Refusal(
    "unavailable",
    `Cannot ask "${host}": ${address} is no public address, and somebody else named it`,
  );
}

const lookupPublic: RequestOptions["lookup"] = (host, options, done) => {
  resolve(host, { ...options, all: true }, (error, found: LookupAddress[]) => {
    const wrong = error ? undefined : found.find(({ address }) => !isPublicAddress(address));
    const problem = error ?? (wrong ? privateAddress(host, wrong.address) : undefined);
    const [first] = found ?? [];
    if (problem || !first) return done(problem ?? new Error("it has no address"), "", 4);
    return options.all ? done(null, found) : done(null, first.address, first.family);
  });
};

function plainHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
    ),
  );
}
