import { verify as verifySignature, type KeyObject } from "node:crypto";
import { bundleFromJSON } from "@sigstore/bundle";
import { toSignedEntity, Verifier, type TrustMaterial } from "@sigstore/verify";
import type { ProvenSignature } from "#core/sources/evidence.ts";
import type { Signer } from "#core/sources/policy.ts";
import { preAuthEncoding, signersNamed } from "#core/sources/statement.ts";
import { readSignerKey } from "./trust-root.ts";

// Whose signature it is. sigstore's library checks certificate, log and time; whose identity counts is decided here,
// since the library would take a pattern that stands anywhere in the identity.

/** Whom to believe, made ready once for many signatures. */
export type Judges = {
  keys: readonly { signer: Signer; key: KeyObject }[];
  signers: readonly Signer[];
  trust: TrustMaterial;
  verifier: Verifier;
};

/** @throws {Refusal} `malformed` for a key that is none or too weak */
export function judgesOf(signers: readonly Signer[], trust: TrustMaterial): Judges {
  const keys = signers.flatMap((signer) =>
    "key" in signer ? [{ signer, key: readSignerKey(signer.name, signer.key) }] : [],
  );
  return { keys, signers, trust, verifier: new Verifier(trust) };
}

/** Something signed: bytes with one or several signatures, and what goes with a keyless one. */
export type Signed = {
  /** What the signature is over: the payload, or its pre-authentication encoding. */
  over: Uint8Array;
  signatures: readonly Uint8Array[];
  /** Sigstore's bundle as JSON, where a certificate goes with the signature. */
  bundle?: unknown;
  /** Of a bundle with a message signature: what was signed. */
  artifact?: Uint8Array;
};

/** Proven, by whom; or not, and whether it was a stranger's good signature or none that holds. */
export type Verdict = { proven: readonly ProvenSignature[] } | { stranger: string } | { invalid: string };

/** Whose of the policy's signers the signature is. */
export function judge(signed: Signed, found: string, { keys, signers, verifier }: Judges): Verdict {
  const byKey = keys.filter(({ key }) => signed.signatures.some((signature) => holds(signed.over, key, signature)));
  if (byKey.length > 0) return { proven: byKey.map(({ signer }) => ({ signer: signer.name, by: "key", found })) };
  if (signed.bundle === undefined)
    return {
      invalid:
        keys.length === 0
          ? "it was signed with a key, and the policy names none"
          : `it does not verify with ${keys.map(({ signer }) => signer.name).join(" or ")}`,
    };
  return judgeKeyless(signed, found, { signers, verifier });
}

function holds(over: Uint8Array, key: KeyObject, signature: Uint8Array): boolean {
  return verifySignature(key.asymmetricKeyType === "ed25519" ? null : "sha256", over, key, signature);
}

function judgeKeyless(
  { bundle: json, artifact }: Signed,
  found: string,
  { signers, verifier }: Pick<Judges, "signers" | "verifier">,
): Verdict {
  try {
    const bundle = bundleFromJSON(json);
    const signer = verifier.verify(toSignedEntity(bundle, artifact === undefined ? undefined : Buffer.from(artifact)));
    const identity = signer.identity?.subjectAlternativeName;
    const issuer = signer.identity?.extensions?.issuer;
    // A key that only a hint names was verified by nobody.
    if (identity === undefined || issuer === undefined) return { invalid: "its certificate names no identity" };
    const [entry] = bundle.verificationMaterial.tlogEntries;
    const named = signersNamed(signers, { issuer, identity });
    if (named.length === 0) return { stranger: `${identity}, vouched for by ${issuer}` };
    const log = entry
      ? {
          logIndex: entry.logIndex,
          ...(entry.integratedTime === "0"
            ? {}
            : { signedAt: new Date(Number(entry.integratedTime) * 1000).toISOString() }),
        }
      : {};
    return { proven: named.map(({ name }) => ({ signer: name, by: "identity", found, issuer, identity, ...log })) };
  } catch (problem) {
    // A signature that does not hold is an answer about the image, and the others are still looked at.
    return { invalid: problem instanceof Error ? problem.message : String(problem) };
  }
}

type Annotations = Readonly<Record<string, string>>;

/**
 * What cosign wrote into the annotations of a layer, in the form of a bundle; nothing without a certificate.
 *
 * `dev.sigstore.cosign/certificate`, `dev.sigstore.cosign/bundle`, `dev.sigstore.cosign/rfc3161timestamp`
 */
export function bundleOfAnnotations(annotations: Annotations, content: Readonly<Record<string, unknown>>): unknown {
  const certificate = annotations["dev.sigstore.cosign/certificate"];
  if (!certificate) return undefined;
  const [raw = ""] = certificatesOf(certificate);
  const log = parsed(annotations["dev.sigstore.cosign/bundle"]) as
    | {
        SignedEntryTimestamp?: string;
        Payload?: { body?: string; integratedTime?: number; logIndex?: number; logID?: string };
      }
    | undefined;
  const stamp = parsed(annotations["dev.sigstore.cosign/rfc3161timestamp"]) as
    | { SignedRFC3161Timestamp?: string }
    | undefined;
  const { body = "", integratedTime = 0, logIndex = 0, logID = "" } = log?.Payload ?? {};
  const { kind, apiVersion } = (parsed(Buffer.from(body, "base64").toString("utf8")) ?? {}) as {
    kind?: string;
    apiVersion?: string;
  };
  return {
    mediaType: "application/vnd.dev.sigstore.bundle+json;version=0.1",
    verificationMaterial: {
      x509CertificateChain: { certificates: [{ rawBytes: raw }] },
      tlogEntries: log
        ? [
            {
              logIndex: String(logIndex),
              logId: { keyId: Buffer.from(logID, "hex").toString("base64") },
              kindVersion: { kind, version: apiVersion },
              integratedTime: String(integratedTime),
              inclusionPromise: { signedEntryTimestamp: log.SignedEntryTimestamp },
              canonicalizedBody: body,
            },
          ]
        : [],
      timestampVerificationData: {
        rfc3161Timestamps: stamp?.SignedRFC3161Timestamp ? [{ signedTimestamp: stamp.SignedRFC3161Timestamp }] : [],
      },
    },
    ...content,
  };
}

function certificatesOf(pem: string): string[] {
  return [...pem.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g)].map(
    ([, body = ""]) => body.replace(/\s/g, ""),
  );
}

/** JSON that a stranger wrote; nothing when it is none, since the next step then finds that something is missing. */
export function parsed(text: string | undefined): unknown {
  if (text === undefined || text.length > 4 * 1024 * 1024) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A DSSE envelope, taken apart. */
export type Envelope = {
  payloadType: string;
  payload: Uint8Array;
  over: Uint8Array;
  signatures: readonly Uint8Array[];
  json: unknown;
};

/** The envelope that the value is; nothing when it is none. */
export function envelopeOf(value: unknown): Envelope | undefined {
  const { payloadType, payload, signatures } = (value ?? {}) as {
    payloadType?: unknown;
    payload?: unknown;
    signatures?: unknown;
  };
  if (
    typeof payloadType !== "string" ||
    typeof payload !== "string" ||
    !Array.isArray(signatures) ||
    signatures.length > 20
  )
    return undefined;
  const bytes = new Uint8Array(Buffer.from(payload, "base64"));
  const all = (signatures as unknown[]).flatMap((one) => {
    const { sig } = (one ?? {}) as { sig?: unknown };
    return typeof sig === "string" ? [new Uint8Array(Buffer.from(sig, "base64"))] : [];
  });
  return { payloadType, payload: bytes, over: preAuthEncoding(payloadType, bytes), signatures: all, json: value };
}
