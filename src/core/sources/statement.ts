import { concatBytes, encodeUtf8 } from "#core/basics/bytes.ts";
import type { Malformed } from "./image-reference.ts";
import { isIdentity, plainRepository } from "./build.ts";
import type { Build } from "./evidence.ts";
import type { Signer } from "./policy.ts";

/** An in-toto statement: what somebody says about the bytes under some digests. */
export type Statement = {
  predicateType: string;
  predicate: unknown;
  subjects: readonly { name: string; sha256: string }[];
};

export const statementPayloadType = "application/vnd.in-toto+json";

/** The predicate by which cosign's newer signatures say "this is signed", and nothing more. */
export const signaturePredicate = "https://sigstore.dev/cosign/sign/v1";

type Fields = Readonly<Record<string, unknown>>;

function part(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, key) =>
      typeof found === "object" && found !== null && Object.hasOwn(found, key) ? (found as Fields)[key] : undefined,
    value,
  );
}

/** What a DSSE signature is over. DSSE v1, pre-authentication encoding. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  return concatBytes(encodeUtf8(`DSSEv1 ${encodeUtf8(payloadType).length} ${payloadType} ${payload.length} `), payload);
}

/** The statement that a payload holds, or why it holds none. */
export function readStatement(value: unknown): Statement | Malformed {
  const type = part(value, "_type");
  if (type !== "https://in-toto.io/Statement/v1" && type !== "https://in-toto.io/Statement/v0.1")
    return { error: "it is no in-toto statement" };
  const predicateType = part(value, "predicateType");
  const subjects = part(value, "subject");
  if (typeof predicateType !== "string" || !Array.isArray(subjects))
    return { error: "the statement has no predicate type or subject" };
  const named = (subjects as unknown[]).flatMap((subject) => {
    const sha256 = part(subject, "digest", "sha256");
    const name = part(subject, "name");
    return typeof sha256 === "string" ? [{ name: typeof name === "string" ? name : "", sha256 }] : [];
  });
  return { predicateType, predicate: part(value, "predicate"), subjects: named };
}

/** Why the payload of a simple signature is not about the image; nothing when it is. Red Hat simple signing, as cosign fills it. */
export function whyNotAbout(payload: unknown, digest: string): string | undefined {
  if (part(payload, "critical", "type") !== "cosign container image signature")
    return "its payload is no container image signature";
  const about = part(payload, "critical", "image", "docker-manifest-digest");
  return about === digest
    ? undefined
    : `its payload is about ${typeof about === "string" ? about.slice(0, 80) : "no digest"}`;
}

/** The signers of the policy whom the issuer and the identity of a certificate name. */
export function signersNamed(
  signers: readonly Signer[],
  { issuer, identity }: { issuer: string; identity: string },
): Signer[] {
  return signers.filter(
    (signer) => "issuer" in signer && signer.issuer === issuer && isIdentity(signer.identity, identity),
  );
}

/** What kind of statement it is, as far as the rules ask. */
export function kindOfPredicate(predicateType: string): "signature" | "provenance" | "sbom" | "other" {
  if (predicateType === signaturePredicate) return "signature";
  if (/^https:\/\/slsa\.dev\/provenance\/v(?:0\.1|0\.2|1)$/.test(predicateType)) return "provenance";
  if (
    /^https:\/\/cyclonedx\.org\/bom(?:\/v?\d+(?:\.\d+)?)?$|^https:\/\/spdx\.dev\/Document(?:\/v?\d+(?:\.\d+)?)?$/.test(
      predicateType,
    )
  )
    return "sbom";
  return "other";
}

/** Who built it and from what, as SLSA provenance says (v0.2 and v1). */
export function buildOf({ predicate }: Statement): Build {
  const texts = (values: unknown[]) => values.filter((value) => typeof value === "string");
  const dependencies = part(predicate, "buildDefinition", "resolvedDependencies") ?? part(predicate, "materials");
  const [builder = ""] = texts([part(predicate, "runDetails", "builder", "id"), part(predicate, "builder", "id")]);
  const repositories = texts([
    part(predicate, "buildDefinition", "externalParameters", "workflow", "repository"),
    part(predicate, "buildDefinition", "externalParameters", "source", "uri"),
    part(predicate, "invocation", "configSource", "uri"),
    ...(Array.isArray(dependencies) ? (dependencies as unknown[]).slice(0, 1).map((one) => part(one, "uri")) : []),
  ]).map(plainRepository);
  return { builder, repositories: [...new Set(repositories)] };
}
