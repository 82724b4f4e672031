/** A container image, or anything else that a registry keeps, by the distribution grammar. */
export type ImageName = {
  /** Host and port in lower case; `docker.io` where none is named. The port is part of who the registry is. */
  registry: string;
  repository: string;
  /** Absent beside a digest when none is written; `latest` when neither is. */
  tag?: string;
  digest?: string;
};

/** Text that is no reference, and why. */
export type Malformed = { error: string };

/** Longer than any reference that a registry could answer; regular expressions never see more. */
export const longestReference = 2048;
const longestRepository = 255;

const domain =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$/;
const repositoryPath = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const tagText = /^\w[\w.-]{0,127}$/;

const digestLengths: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/** Whether the text is a digest of a registered algorithm, in lower-case hexadecimal. */
export function isDigest(text: string): boolean {
  const colon = text.indexOf(":");
  const length = digestLengths[text.slice(0, colon)];
  return length !== undefined && text.length - colon - 1 === length && /^[0-9a-f]+$/.test(text.slice(colon + 1));
}

/** Whether the text is a registry's host, with its port if it has one. */
export function isRegistry(text: string): boolean {
  return domain.test(text);
}

/** Whether the first part of a name is a registry: the distribution grammar's rule, which is not that of every tool. */
export function namesRegistry(first: string): boolean {
  return /[.:]/.test(first) || first === "localhost" || first !== first.toLowerCase();
}

/** Whether the text is the path of a repository. */
export function isRepositoryPath(text: string): boolean {
  return text.length <= longestRepository && repositoryPath.test(text);
}

/** The registry by the one name under which it is known here. */
export function canonicalRegistry(text: string): string {
  const lower = text.toLowerCase();
  return lower === "index.docker.io" || lower === "registry-1.docker.io" ? "docker.io" : lower;
}

/**
 * The image that the text names, by the grammar that container runtimes use (distribution/reference), or why it
 * names none. `test.com:5000` without a slash is the repository `test.com` with tag `5000`: that is the grammar.
 */
export function parseImageName(input: string): ImageName | Malformed {
  if (input === "") return { error: "it is empty" };
  if (input.length > longestReference) return { error: `it is longer than ${longestReference} characters` };
  if (/^[a-f0-9]{64}$/.test(input)) return { error: "64 hexadecimal digits are an image's id, not its name" };
  if (input.includes("://")) return { error: "an image is named without a scheme" };
  const at = input.indexOf("@");
  const digest = at === -1 ? undefined : input.slice(at + 1);
  if (digest !== undefined && !isDigest(digest))
    return { error: `"${shown(digest)}" is no digest such as sha256 with 64 lower-case hexadecimal digits` };
  const named = at === -1 ? input : input.slice(0, at);
  const slash = named.indexOf("/");
  const first = slash === -1 ? "" : named.slice(0, slash);
  const hasRegistry = slash !== -1 && namesRegistry(first);
  if (hasRegistry && !domain.test(first)) return { error: `"${shown(first)}" is no registry` };
  const rest = hasRegistry ? named.slice(slash + 1) : named;
  const colon = rest.lastIndexOf(":");
  const hasTag = colon > rest.lastIndexOf("/");
  const tag = hasTag ? rest.slice(colon + 1) : undefined;
  if (tag !== undefined && !tagText.test(tag)) return { error: `"${shown(tag)}" is no tag` };
  const path = hasTag ? rest.slice(0, colon) : rest;
  const registry = hasRegistry ? canonicalRegistry(first) : "docker.io";
  const repository = registry === "docker.io" && !path.includes("/") ? `library/${path}` : path;
  if (path === "") return { error: "it names no repository" };
  if (repository.length > longestRepository)
    return { error: `its repository is longer than ${longestRepository} characters` };
  if (!repositoryPath.test(repository))
    return {
      error:
        path === path.toLowerCase()
          ? `"${shown(path)}" is no path of a repository`
          : `the repository "${shown(path)}" is not in lower case`,
    };
  const name: ImageName = { registry, repository };
  if (tag !== undefined) name.tag = tag;
  else if (digest === undefined) name.tag = "latest";
  if (digest !== undefined) name.digest = digest;
  return name;
}

/** The one way to write the image: with its digest when it has one, since a tag beside it says nothing. */
export function canonicalImage({ registry, repository, tag, digest }: ImageName): string {
  return `${registry}/${repository}${digest === undefined ? `:${tag ?? "latest"}` : `@${digest}`}`;
}

/** As much of foreign text as a message should hold. */
export function shown(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}
