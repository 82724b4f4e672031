import {
  canonicalRegistry,
  isRegistry,
  isRepositoryPath,
  namesRegistry,
  shown,
  type Malformed,
} from "./image-reference.ts";
import { isReference, parseReference, type Reference } from "./reference.ts";

/** A registry and a path in it, up to the boundary of a segment: everything at or below it. */
export type Address = {
  /** How a reference names the same place: a registry's host, `s3://bucket` and so on. */
  registry: string;
  path: string;
  /** Whether it names a hub, a bucket, a claim or a web address rather than a registry. */
  isElsewhere: boolean;
};

/** The address that the text names: `registry.example.com/ai`, `docker.io/library/nginx`, `hf://org`, `s3://bucket/models`; or why it names none. */
export function parseAddress(text: string): Address | Malformed {
  if (/[*?]/.test(text)) return { error: "it names everything below itself, without * or ?" };
  if (/^hf:\/\/(?:datasets\/)?[\w][\w.-]*\/?$/.test(text))
    return { registry: "huggingface.co", path: text.slice(5).replace(/\/$/, ""), isElsewhere: true };
  if (/^huggingface\.co(\/|$)/.test(text)) return parseHubAddress(text);
  const isOci = text.startsWith("oci://");
  if (!text.includes("://") || isOci) return parseRegistryAddress(isOci ? text.slice("oci://".length) : text);
  const read = parseReference(text, "model");
  if (!isReference(read)) return read;
  if (read.revision !== undefined || (read.kind === "hf" && /[@:]/.test(text.slice(5)))) return { error: oneVersion };
  return { registry: read.registry, path: read.repository, isElsewhere: true };
}

const oneVersion = "it names one version, where a place is asked for";

function parseHubAddress(text: string): Address | Malformed {
  const path = text.slice("huggingface.co".length).replace(/^\/|\/$/g, "");
  if (path !== "" && !/^[\w][\w.-]*(?:\/[\w][\w.-]*){0,2}$/.test(path))
    return { error: "it is no organisation or repository of the hub" };
  return { registry: "huggingface.co", path, isElsewhere: true };
}

function parseRegistryAddress(text: string): Address | Malformed {
  const [first = "", ...rest] = text.replace(/\/$/, "").split("/");
  if (text.includes("@")) return { error: oneVersion };
  if (!namesRegistry(first))
    return {
      error: `it names no registry: write docker.io/library/${shown(first)} or registry.example.com/${shown(first)}`,
    };
  if (!isRegistry(first)) return { error: `"${shown(first)}" is no registry` };
  // A bare word is a registry to some tools and a part of docker.io to others, by its case alone.
  if (!namesRegistry(first.toLowerCase()))
    return { error: `"${shown(first)}" names a registry only by its capitals: write its host` };
  const path = rest.join("/");
  if (path.includes(":")) return { error: oneVersion };
  if (path !== "" && !isRepositoryPath(path)) return { error: `"${shown(path)}" is no path of a repository` };
  const registry = canonicalRegistry(first);
  // `docker.io/nginx` is the image library/nginx to a runtime and the organisation nginx to a reader: two places.
  if (registry === "docker.io" && rest.length === 1 && path !== "library" && !text.endsWith("/"))
    return {
      error: `write docker.io/library/${path} for the official image, or docker.io/${path}/ for the organisation`,
    };
  return { registry, path, isElsewhere: false };
}

/** Whether the reference lies at the address or below it, by whole segments of its path. */
export function covers({ registry, path }: Address, reference: Pick<Reference, "registry" | "repository">): boolean {
  if (reference.registry !== registry) return false;
  const { repository } = reference;
  return path === "" || repository === path || (repository.startsWith(path) && repository[path.length] === "/");
}
