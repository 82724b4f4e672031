import { createHash } from "node:crypto";
import { canonicalRegistry, isDigest, type ImageName } from "#core/sources/image-reference.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { ask, type Answer, type AskOptions } from "./guarded-request.ts";

// Reading from registries. OCI distribution specification v1.1; what they say is believed only under a digest.

export type Credentials = { username: string; password: string };

export type RegistryOptions = {
  credentialsFor?: (registry: string) => Credentials | undefined;
  /** Certificates in PEM of who else is trusted to vouch for a registry's name. */
  certificateAuthority?: string;
  /** Registries spoken to without TLS: of a test, or on the same machine. */
  plainHttp?: ReadonlySet<string>;
  timeoutMs?: number;
  retries?: number;
};

export type Descriptor = {
  mediaType: string;
  digest: string;
  size: number;
  artifactType?: string;
  annotations: Readonly<Record<string, string>>;
};

export type Manifest = {
  digest: string;
  mediaType: string;
  bytes: Uint8Array;
  artifactType?: string;
  config?: Descriptor;
  layers: readonly Descriptor[];
  /** Of an index. */
  manifests: readonly Descriptor[];
  annotations: Readonly<Record<string, string>>;
};

type Repository = Pick<ImageName, "registry" | "repository">;

/** Reads manifests and blobs of registries, and holds each against its digest. */
export type Registry = {
  /** @throws {Refusal} `not-found`, `not-permitted`, `unavailable`, `too-large`, `proof-rejected` */
  manifest(of: Repository, reference: string): Promise<Manifest>;
  /** Nothing when the registry has none under the tag. */
  manifestIfAny(of: Repository, reference: string): Promise<Manifest | undefined>;
  blob(of: Repository, descriptor: Descriptor, most: number): Promise<Uint8Array>;
  /** What refers to the digest: by the referrers API, or by the fallback tag where there is none. */
  referrers(
    of: Repository,
    digest: string,
  ): Promise<{ descriptors: readonly Descriptor[]; by: "referrers" | "fallback tag"; isCut: boolean }>;
};

const largestManifest = 4 * 1024 * 1024;
const largestToken = 1024 * 1024;
const mostReferrers = 500;
const mostPages = 10;

const types = {
  index: ["application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json"],
  manifest: ["application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json"],
};
const accepted = [...types.index, ...types.manifest].join(", ");

/** A reader of registries; tokens are kept for as long as it lives. */
export function openRegistry(options: RegistryOptions = {}): Registry {
  const tokens = new Map<string, { authorization: string; until: number }>();

  async function get(
    of: Repository,
    path: string,
    { accept, most, mayRedirect = true }: { accept?: string; most: number; mayRedirect?: boolean },
  ): Promise<Answer> {
    const host = of.registry === "docker.io" ? "registry-1.docker.io" : of.registry;
    const isPlain = options.plainHttp?.has(of.registry) === true;
    const url = new URL(path, `${isPlain ? "http" : "https"}://${host}`);
    const scope = `repository:${of.repository}:pull`;
    const key = `${of.registry} ${scope}`;
    const known = tokens.get(key);
    const asked = (authorization?: string): Promise<Answer> =>
      ask(url, {
        ...limits(isPlain),
        most,
        mayRedirect,
        headers: { ...(accept ? { accept } : {}), ...(authorization ? { authorization } : {}) },
      });
    const first = await asked(known && known.until > Date.now() ? known.authorization : undefined);
    if (first.status !== 401) return first;
    const given = await authorize(of.registry, scope, {
      challenge: first.headers["www-authenticate"] ?? "",
      isPlain,
      from: url,
    });
    tokens.set(key, given);
    return asked(given.authorization);
  }

  function limits(isPlain: boolean): Pick<AskOptions, "timeoutMs" | "retries" | "certificateAuthority" | "mayBePlain"> {
    return {
      timeoutMs: options.timeoutMs ?? 10_000,
      retries: options.retries ?? 2,
      certificateAuthority: options.certificateAuthority,
      mayBePlain: isPlain,
    };
  }

  /** Registry's challenge to authorization: basic, or a token fetched from the realm that it names. */
  async function authorize(
    registry: string,
    scope: string,
    { challenge, isPlain, from }: { challenge: string; isPlain: boolean; from: URL },
  ): Promise<{ authorization: string; until: number }> {
    const credentials = options.credentialsFor?.(canonicalRegistry(registry));
    const basic =
      credentials && `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64")}`;
    if (/^basic\b/i.test(challenge)) {
      if (!basic) throw new Refusal("not-permitted", `Cannot read from "${registry}": it asks for a name and password`);
      return { authorization: basic, until: Date.now() + 300_000 };
    }
    const parameters = new Map(
      [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name.toLowerCase(), value]),
    );
    const realm = parameters.get("realm");
    if (!/^bearer\b/i.test(challenge) || !realm || !URL.canParse(realm))
      throw new Refusal("not-permitted", `Cannot read from "${registry}": it refuses, and does not say how to sign in`);
    const url = new URL(realm);
    const service = parameters.get("service");
    if (service) url.searchParams.set("service", service);
    url.searchParams.set("scope", scope);
    // A registry that names a realm elsewhere on the private network would have us ask there, with a password.
    const answer = await ask(url, {
      ...limits(isPlain && url.host === from.host),
      most: largestToken,
      mayRedirect: false,
      mustBePublic: url.host !== from.host,
      headers: basic ? { authorization: basic } : {},
    });
    if (answer.status !== 200)
      throw new Refusal("not-permitted", `Cannot read from "${registry}": its token service answered ${answer.status}`);
    const {
      token,
      access_token: accessToken,
      expires_in: seconds,
    } = json(answer.body, registry) as { token?: unknown; access_token?: unknown; expires_in?: unknown };
    const text = typeof token === "string" ? token : accessToken;
    if (typeof text !== "string" || !/^[\x21-\x7e]+$/.test(text))
      throw new Refusal("not-permitted", `Cannot read from "${registry}": its token service gave no token`);
    return {
      authorization: `Bearer ${text}`,
      until: Date.now() + Math.max(0, Math.min(typeof seconds === "number" ? seconds : 60, 3600) - 10) * 1000,
    };
  }

  async function manifestIfAny(of: Repository, reference: string): Promise<Manifest | undefined> {
    const answer = await get(of, `/v2/${of.repository}/manifests/${reference}`, {
      accept: accepted,
      most: largestManifest,
    });
    if (answer.status === 404) return undefined;
    demandFine(answer, of);
    const digest = isDigest(reference) ? reference : digestOf(answer.body, "sha256");
    const named = answer.headers["docker-content-digest"];
    if (
      isDigest(reference)
        ? digestOf(answer.body, reference.split(":")[0] ?? "") !== reference
        : named?.startsWith("sha256:") === true && named !== digest
    )
      throw new Refusal(
        "proof-rejected",
        `Cannot believe "${of.registry}/${of.repository}": what it gave is not what the digest ${isDigest(reference) ? reference : named} stands for`,
      );
    return readManifest(answer, { digest, of });
  }

  return {
    manifestIfAny,
    async manifest(of, reference) {
      const found = await manifestIfAny(of, reference);
      if (!found) throw new Refusal("not-found", `Cannot find ${reference} in "${of.registry}/${of.repository}"`);
      return found;
    },
    async blob(of, { digest, size }, most) {
      if (!isDigest(digest))
        throw new Refusal(
          "malformed",
          `Cannot read a blob of "${of.registry}/${of.repository}": "${digest.slice(0, 80)}" is no digest`,
        );
      if (size > most)
        throw new Refusal(
          "too-large",
          `Cannot read ${digest} of "${of.registry}/${of.repository}": it says to be of ${size} bytes, more than ${most}`,
        );
      const answer = await get(of, `/v2/${of.repository}/blobs/${digest}`, { most });
      demandFine(answer, of);
      if (digestOf(answer.body, digest.split(":")[0] ?? "") !== digest)
        throw new Refusal(
          "proof-rejected",
          `Cannot believe "${of.registry}/${of.repository}": what it gave is not what the digest ${digest} stands for`,
        );
      return answer.body;
    },
    async referrers(of, digest) {
      const descriptors: Descriptor[] = [];
      let path: string | undefined = `/v2/${of.repository}/referrers/${digest}`;
      for (let page = 0; path !== undefined && page < mostPages && descriptors.length <= mostReferrers; page++) {
        const answer: Answer = await get(of, path, { accept: types.index[0] ?? "", most: largestManifest });
        if (page === 0 && (answer.status === 404 || answer.status === 405)) {
          const tagged = await manifestIfAny(of, digest.replace(":", "-"));
          const found = tagged?.manifests ?? [];
          return {
            descriptors: found.slice(0, mostReferrers),
            by: "fallback tag",
            isCut: found.length > mostReferrers,
          };
        }
        demandFine(answer, of);
        descriptors.push(
          ...descriptorsOf((json(answer.body, of.registry) as { manifests?: unknown } | null)?.manifests),
        );
        path = nextPage(answer, `/v2/${of.repository}/referrers/`);
      }
      return {
        descriptors: descriptors.slice(0, mostReferrers),
        by: "referrers",
        isCut: path !== undefined || descriptors.length > mostReferrers,
      };
    },
  };
}

function digestOf(bytes: Uint8Array, algorithm: string): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`;
}

function demandFine({ status }: Answer, { registry, repository }: Repository): void {
  if (status === 200) return;
  if (status === 401 || status === 403)
    throw new Refusal("not-permitted", `Cannot read "${registry}/${repository}": the registry refuses (${status})`);
  if (status === 404) throw new Refusal("not-found", `Cannot read "${registry}/${repository}": there is no such thing`);
  throw new Refusal("unavailable", `Cannot read "${registry}/${repository}": the registry answered ${status}`);
}

/** The address of the next page, where it is one of the same list. RFC 8288. */
function nextPage({ headers }: Answer, under: string): string | undefined {
  const [, next] = /<([^>]+)>\s*;\s*rel="?next"?/.exec(headers["link"] ?? "") ?? [];
  if (next === undefined) return undefined;
  const url = new URL(next, "https://registry.invalid");
  return url.host === "registry.invalid" && url.pathname.startsWith(under) ? url.pathname + url.search : undefined;
}

function json(bytes: Uint8Array, registry: string): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8")) as unknown;
  } catch (cause) {
    throw new Refusal("malformed", `Cannot read what "${registry}" answered: it is no JSON`, { cause });
  }
}

function readManifest({ body, headers }: Answer, { digest, of }: { digest: string; of: Repository }): Manifest {
  const value = json(body, of.registry) as Record<string, unknown>;
  const refuse = (why: string): never => {
    throw new Refusal("malformed", `Cannot read ${digest} of "${of.registry}/${of.repository}": ${why}`);
  };
  if (typeof value !== "object" || value === null || value["schemaVersion"] !== 2)
    return refuse("it is no manifest of version 2");
  const said = (headers["content-type"] ?? "").split(";")[0]?.trim() ?? "";
  const within = value["mediaType"];
  const mediaType = typeof within === "string" ? within : said;
  // The same bytes must not be an index to one reader and an image to the other.
  if (typeof within === "string" && said !== within)
    refuse(`the registry calls it "${said.slice(0, 100)}", it calls itself "${within.slice(0, 100)}"`);
  const isIndex = types.index.includes(mediaType);
  if (!isIndex && !types.manifest.includes(mediaType)) refuse(`its type "${mediaType.slice(0, 100)}" is not known`);
  if (isIndex ? "layers" in value || "config" in value : "manifests" in value)
    refuse("it is an index and an image at once");
  const [config] = descriptorsOf([value["config"]]);
  const artifactType = value["artifactType"];
  return {
    digest,
    mediaType,
    bytes: body,
    ...(typeof artifactType === "string" ? { artifactType } : {}),
    ...(config ? { config } : {}),
    layers: descriptorsOf(value["layers"]),
    manifests: descriptorsOf(value["manifests"]),
    annotations: textsOf(value["annotations"]),
  };
}

function descriptorsOf(value: unknown): Descriptor[] {
  if (!Array.isArray(value)) return [];
  return (value as unknown[]).flatMap((item) => {
    const { mediaType, digest, size, artifactType, annotations } = (item ?? {}) as Record<string, unknown>;
    if (typeof mediaType !== "string" || typeof digest !== "string" || typeof size !== "number") return [];
    return [
      {
        mediaType,
        digest,
        size,
        ...(typeof artifactType === "string" ? { artifactType } : {}),
        annotations: textsOf(annotations),
      },
    ];
  });
}

function textsOf(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

/** What a file of the form of `~/.docker/config.json` says about whom to be at a registry. */
export function credentialsOfDockerConfig(value: unknown): (registry: string) => Credentials | undefined {
  const { auths } = (value ?? {}) as { auths?: Record<string, { auth?: unknown }> };
  const found = new Map<string, Credentials>();
  for (const [address, { auth }] of Object.entries(auths ?? {})) {
    if (typeof auth !== "string") continue;
    const [, username = "", password = ""] = /^([^:]*):(.*)$/s.exec(Buffer.from(auth, "base64").toString("utf8")) ?? [];
    const host = address.replace(/^https?:\/\//, "").split("/")[0] ?? "";
    if (username !== "") found.set(canonicalRegistry(host), { username, password });
  }
  return (registry) => found.get(registry);
}
