import {
  canonicalImage,
  isRegistry,
  longestReference,
  parseImageName,
  shown,
  type Malformed,
} from "./image-reference.ts";

/** From where an image, a model or data are named: a registry, a hub, a bucket, a web address, a volume claim. */
type ReferenceKind = "image" | "oci" | "hf" | "s3" | "gs" | "https" | "pvc";

/** What a workload names, taken apart. */
export type Reference = {
  input: string;
  kind: ReferenceKind;
  /** The registry, `huggingface.co`, `s3://bucket`, `https://host` or `pvc://claim`. */
  registry: string;
  /** The path in it; empty for a whole bucket or claim. */
  repository: string;
  /** A name that can move: a tag, a branch. */
  tag?: string;
  digest?: string;
  /** Of a hub, the commit: 40 hexadecimal digits. */
  revision?: string;
  /** Of a hub, the file in the repository. */
  file?: string;
  canonical: string;
};

/** Text that is no reference, with the reason. */
export type BadReference = Malformed & { input: string };

/** What the place where a text stands is for. Only it tells an image's name from a model's id of the same form. */
export type Meant = "image" | "model" | "data";

const hub = "huggingface.co";
const hubHosts = new Set([hub, "www.huggingface.co", "hf.co"]);
const hubId = /^(?:[\w][\w.-]{0,95}\/)?[\w][\w.-]{0,95}$/;
const commit = /^[0-9a-f]{40}$/;
const bucketName = /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/;
const claimName = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;

/** Whether the text was read. */
export function isReference(read: Reference | BadReference): read is Reference {
  return !("error" in read);
}

/** Whether what it names can no longer change under that name. */
export function isPinned({ digest, revision }: Reference): boolean {
  return digest !== undefined || revision !== undefined;
}

/** The reference that the text is, or why it is none. */
export function parseReference(input: string, meant: Meant = "image"): Reference | BadReference {
  const read =
    input.length > longestReference
      ? { error: `it is longer than ${longestReference} characters` }
      : taken(input, meant);
  return "error" in read ? { input, error: read.error } : { input, ...read };
}

type Taken = Omit<Reference, "input">;

function taken(input: string, meant: Meant): Taken | Malformed {
  const mark = input.indexOf("://");
  if (mark === -1)
    return meant === "image" ? imageOrHub(input) : hubReference(meant === "data" ? `datasets/${input}` : input);
  const rest = input.slice(mark + 3);
  const scheme = input.slice(0, mark).toLowerCase();
  switch (scheme) {
    case "oci":
      return ofRegistry(rest, "oci");
    case "hf":
      return hubReference(rest);
    case "s3":
    case "gs":
      return inBucket(rest, scheme);
    case "https":
      return onWeb(rest);
    case "pvc":
      return inClaim(rest);
    case "http":
      return { error: "http is open to anyone on the way: use https" };
    default:
      return { error: `the scheme "${shown(scheme)}" is not known` };
  }
}

function imageOrHub(input: string): Taken | Malformed {
  const image = ofRegistry(input, "image");
  // `name@commit` can be no image, since a digest names its algorithm: it is a model's id with its revision.
  return "error" in image && /^[^@\s]+\/[^@\s]+@[0-9a-f]{40}$/.test(input) ? hubReference(input) : image;
}

function ofRegistry(text: string, kind: "image" | "oci"): Taken | Malformed {
  const name = parseImageName(text);
  return "error" in name
    ? name
    : { kind, ...name, canonical: `${kind === "oci" ? "oci://" : ""}${canonicalImage(name)}` };
}

/** `org/name`, `org/name@revision/file`, `org/name:revision`, `datasets/org/name`. */
function hubReference(text: string): Taken | Malformed {
  const set = text.startsWith("datasets/") ? "datasets/" : "";
  const [head = "", ...tail] = text.slice(set.length).split("@");
  if (tail.length > 1) return { error: "it has more than one @" };
  const [after, ...files] = (tail[0] ?? "").split("/");
  const segments = head.split("/");
  const [id, inHead] =
    tail.length === 0 && segments.length > 2 ? [segments.slice(0, 2).join("/"), segments.slice(2)] : [head, files];
  const colon = id.lastIndexOf(":");
  const name = colon === -1 ? id : id.slice(0, colon);
  if (colon !== -1 && tail.length > 0) return { error: "it names its revision twice" };
  if (!hubId.test(name) || name.includes("..") || name.includes("--"))
    return { error: `"${shown(name)}" is no id of a repository` };
  if (tail.length > 0 && !after) return { error: "the revision after @ is empty" };
  return ofHub(set + name, colon === -1 ? after : id.slice(colon + 1), inHead.join("/"));
}

function ofHub(repository: string, at: string | undefined, file: string): Taken | Malformed {
  if (file !== "" && !isPlainPath(file)) return { error: `"${shown(file)}" is no path of a file` };
  if (at !== undefined && at !== "" && !/^[\w][\w.-]{0,127}$/.test(at))
    return { error: `"${shown(at)}" is no revision` };
  const isCommit = at !== undefined && commit.test(at);
  const read: Taken = {
    kind: "hf",
    registry: hub,
    repository,
    canonical: `hf://${repository}@${at || "main"}${file === "" ? "" : `/${file}`}`,
  };
  if (isCommit) read.revision = at;
  else read.tag = at || "main";
  if (file !== "") read.file = file;
  return read;
}

function inBucket(rest: string, kind: "s3" | "gs"): Taken | Malformed {
  const [bucket, path] = cut(rest);
  if (!bucketName.test(bucket) || bucket.includes("..")) return { error: `"${shown(bucket)}" is no bucket` };
  return below(kind, `${kind}://${bucket}`, path);
}

function inClaim(rest: string): Taken | Malformed {
  const [claim, path] = cut(rest);
  if (!claimName.test(claim)) return { error: `"${shown(claim)}" is no volume claim` };
  return below("pvc", `pvc://${claim}`, path);
}

function onWeb(rest: string): Taken | Malformed {
  const [authority, pathAndQuery] = cut(rest.replace(/#.*$/s, ""));
  if (authority.includes("@")) return { error: "a web address holds no name or password of its reader" };
  if (!isRegistry(authority)) return { error: `"${shown(authority)}" is no host` };
  const host = authority.toLowerCase().replace(/:443$/, "");
  const path = pathAndQuery.replace(/\?.*$/s, "");
  if (!hubHosts.has(host)) return below("https", `https://${host}`, path);
  const set = path.startsWith("datasets/") ? "datasets/" : "";
  const [org = "", name = "", verb, revision, ...file] = path.slice(set.length).split("/");
  const id = name === "" ? org : `${org}/${name}`;
  if (!hubId.test(id) || id.includes("..")) return { error: `"${shown(id)}" is no id of a repository` };
  if (verb !== undefined && verb !== "" && !/^(resolve|raw|blob|tree)$/.test(verb))
    return { error: `"${shown(path)}" is no file of a repository` };
  return ofHub(set + id, revision, file.join("/"));
}

function below(kind: ReferenceKind, registry: string, text: string): Taken | Malformed {
  const path = text.replace(/\/+$/, "");
  if (path !== "" && !isPlainPath(path)) return { error: `"${shown(path)}" is no plain path` };
  return { kind, registry, repository: path, canonical: path === "" ? registry : `${registry}/${path}` };
}

function cut(text: string): [string, string] {
  const slash = text.indexOf("/");
  return slash === -1 ? [text, ""] : [text.slice(0, slash), text.slice(slash + 1)];
}

/** A path that means the same to every reader: no empty or dotted part, nothing that hides one by its encoding. */
function isPlainPath(path: string): boolean {
  if (/[\u0000-\u0020\\\u007f]|%(?:2e|2f|5c|00|25)/i.test(path)) return false;
  return path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}
