import type { Build } from "./evidence.ts";

/**
 * Whether the identity is the one that is asked for, the whole of it: `*` stands for some characters of one part
 * between slashes, everything else for itself.
 */
export function isIdentity(asked: string, identity: string): boolean {
  const pattern = asked.split("*").map((literal) => literal.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&"));
  return new RegExp(`^${pattern.join("[^/]*")}$`).test(identity);
}

/** The address of a repository without what tells a version of it. */
export function plainRepository(uri: string): string {
  return uri
    .replace(/^git\+/, "")
    .replace(/@[^/]*(?:\/.*)?$/, "")
    .replace(/#.*$/, "")
    .replace(/\.git$/, "")
    .replace(/\/$/, "");
}

/** Why the build does not satisfy the source; nothing when it does. A source that names no builder trusts those of its signers. */
export function whyNotBuiltBy(
  build: Build,
  { builders, repositories }: { builders: readonly string[]; repositories: readonly string[] },
): string | undefined {
  if (builders.length > 0 && !builders.some((asked) => isIdentity(asked, build.builder)))
    return `it was built by "${build.builder.slice(0, 200)}"`;
  if (
    repositories.length > 0 &&
    !build.repositories.some((repository) =>
      repositories.some((asked) => isIdentity(plainRepository(asked), repository)),
    )
  )
    return `it was built from "${(build.repositories[0] ?? "").slice(0, 200)}"`;
  return undefined;
}
