import { createHash } from "node:crypto";
import type { Evidence, ProvenSignature, ProvenStatement, Step } from "#core/sources/evidence.ts";
import type { ImageName } from "#core/sources/image-reference.ts";
import {
  buildOf,
  kindOfPredicate,
  readStatement,
  statementPayloadType,
  whyNotAbout,
  type Statement,
} from "#core/sources/statement.ts";
import { Refusal } from "#core/basics/refusal.ts";
import type { Descriptor, Manifest, Registry } from "./registry.ts";
import {
  bundleOfAnnotations,
  envelopeOf,
  judge,
  parsed,
  type Judges,
  type Signed,
  type Verdict,
} from "./signature-check.ts";

// What is proven about an image: cosign's signature and attestation tags, their OCI 1.1 referrers, sigstore bundles.

/** More than these on one image are looked at by nobody, and so the image is not passed. */
const mostSignatures = 50;
const largestPayload = 8 * 1024 * 1024;

const simpleSigning = "application/vnd.dev.cosign.simplesigning.v1+json";
const dsse = "application/vnd.dsse.envelope.v1+json";
const isBundle = (type: string | undefined) => type?.startsWith("application/vnd.dev.sigstore.bundle") === true;

type Candidate = { found: string; layer: Descriptor; manifest: Manifest };
type Looking = { registry: Registry; image: ImageName; digest: string; judges: Judges; steps: Step[] };
type Findings = { signatures: ProvenSignature[]; strangers: number; invalid: number; statements: ProvenStatement[] };

/**
 * What is proven about the image by the signers of the judges. What could not be looked at is unknown and never
 * valid; every reason stands in the steps.
 *
 * @throws {Refusal} when the registry does not give the image itself
 */
export async function gatherEvidence(registry: Registry, image: ImageName, judges: Judges): Promise<Evidence> {
  const manifest = await registry.manifest(image, image.digest ?? image.tag ?? "latest");
  const { digest } = manifest;
  const steps: Step[] = [
    {
      ok: true,
      says: `${image.tag !== undefined && image.digest === undefined ? `tag ${image.tag} stands for` : "the registry has"} ${digest}`,
    },
  ];
  const looking: Looking = { registry, image, digest, judges, steps };
  const candidates = await findCandidates(looking);
  const base = manifest.annotations["org.opencontainers.image.base.name"];
  const common = { digest, steps, ...(base ? { base } : {}) };
  if (candidates.length > mostSignatures) {
    steps.push({
      ok: false,
      says: `more than ${mostSignatures} signatures and attestations are attached: none was looked at`,
    });
    return { ...common, signature: "invalid", signatures: [], statements: [], isWhole: false };
  }
  const findings: Findings = { signatures: [], strangers: 0, invalid: 0, statements: [] };
  // Side by side: the way to the registry is what takes time.
  const verdicts = await Promise.all(candidates.map((candidate) => readCandidate(candidate, looking)));
  verdicts.forEach((read) => note(read, findings, steps));
  const isUnknown = steps.some(({ says }) => says.startsWith(notSeen));
  const state =
    findings.signatures.length > 0
      ? "valid"
      : isUnknown
        ? "unknown"
        : findings.strangers > 0
          ? "wrong_signer"
          : findings.invalid > 0
            ? "invalid"
            : "missing";
  if (state === "missing") steps.push({ ok: false, says: "no signature is attached" });
  return {
    ...common,
    signature: state,
    signatures: findings.signatures,
    statements: findings.statements,
    isWhole: !isUnknown,
  };
}

const notSeen = "could not look at";

async function findCandidates({ registry, image, digest, steps }: Looking): Promise<Candidate[]> {
  const tag = digest.replace(":", "-");
  const [signatures, attestations, referrers] = await Promise.allSettled([
    registry.manifestIfAny(image, `${tag}.sig`),
    registry.manifestIfAny(image, `${tag}.att`),
    registry.referrers(image, digest),
  ]);
  const tagged = [signatures, attestations].flatMap((outcome, index) => {
    const found = index === 0 ? "cosign's signature tag" : "cosign's attestation tag";
    if (outcome.status === "rejected")
      steps.push({ ok: false, says: `${notSeen} ${found}: ${messageOf(outcome.reason)}` });
    const manifest = outcome.status === "fulfilled" ? outcome.value : undefined;
    return (manifest?.layers ?? []).flatMap((layer) =>
      manifest && (layer.mediaType === simpleSigning || layer.mediaType === dsse || isBundle(layer.mediaType))
        ? [{ found, layer, manifest }]
        : [],
    );
  });
  if (referrers.status === "rejected") {
    steps.push({ ok: false, says: `${notSeen} the referrers: ${messageOf(referrers.reason)}` });
    return tagged;
  }
  const { descriptors, by, isCut } = referrers.value;
  if (isCut || descriptors.length > mostSignatures) {
    steps.push({ ok: false, says: `it has more than ${mostSignatures} referrers` });
    return Array.from({ length: mostSignatures + 1 }, () => ({
      found: by,
      layer: emptyLayer,
      manifest: emptyManifest,
    }));
  }
  const manifests = await Promise.allSettled(
    descriptors.map((descriptor) => registry.manifest(image, descriptor.digest)),
  );
  return [
    ...tagged,
    ...manifests.flatMap((outcome) => {
      if (outcome.status === "rejected") {
        steps.push({ ok: false, says: `${notSeen} a referrer: ${messageOf(outcome.reason)}` });
        return [];
      }
      const manifest = outcome.value;
      // By what the manifest says itself: the index that lists it can be written by someone else.
      return manifest.layers
        .filter(({ mediaType }) => isBundle(mediaType) || mediaType === simpleSigning || mediaType === dsse)
        .map((layer) => ({ found: by, layer, manifest }));
    }),
  ];
}

const emptyLayer: Descriptor = { mediaType: "", digest: "", size: 0, annotations: {} };
const emptyManifest: Manifest = {
  digest: "",
  mediaType: "",
  bytes: new Uint8Array(),
  layers: [],
  manifests: [],
  annotations: {},
};

function messageOf(reason: unknown): string {
  // A fault of ours must not pass for a fault of the registry's.
  if (!(reason instanceof Refusal)) throw reason;
  return reason.message;
}

type Read =
  | { found: string; about: "signature" | "provenance" | "sbom" | "other"; statement?: Statement; verdict: Verdict }
  | { found: string; bad: string }
  | { found: string; unseen: string };

async function readCandidate({ found, layer }: Candidate, { registry, image, digest, judges }: Looking): Promise<Read> {
  const [outcome] = await Promise.allSettled([registry.blob(image, layer, largestPayload)]);
  if (outcome.status === "rejected") {
    const { code, message } =
      outcome.reason instanceof Refusal ? outcome.reason : { code: undefined, message: messageOf(outcome.reason) };
    return code === "proof-rejected" || code === "too-large" || code === "malformed"
      ? { found, bad: message }
      : { found, unseen: message };
  }
  const bytes = outcome.value;
  if (layer.mediaType === simpleSigning) return readSimple(bytes, layer, { found, digest, judges });
  const value = parsed(Buffer.from(bytes).toString("utf8"));
  const hasEnvelope = layer.mediaType === dsse;
  const envelope = envelopeOf(
    hasEnvelope ? value : (value as { dsseEnvelope?: unknown } | null | undefined)?.dsseEnvelope,
  );
  if (!envelope) return { found, bad: "it holds no signed envelope" };
  if (envelope.payloadType !== statementPayloadType)
    return { found, bad: `its payload is of type "${envelope.payloadType.slice(0, 80)}"` };
  const statement = readStatement(parsed(Buffer.from(envelope.payload).toString("utf8")));
  if ("error" in statement) return { found, bad: statement.error };
  const hex = digest.slice(digest.indexOf(":") + 1);
  if (!statement.subjects.some(({ sha256 }) => sha256 === hex))
    return { found, bad: "its statement is about something else" };
  const bundle = hasEnvelope
    ? bundleOfAnnotations(layer.annotations, { dsseEnvelope: envelope.json })
    : hasCertificate(value)
      ? value
      : undefined;
  const signed: Signed = {
    over: envelope.over,
    signatures: envelope.signatures,
    ...(bundle === undefined ? {} : { bundle }),
  };
  return { found, about: kindOfPredicate(statement.predicateType), statement, verdict: judge(signed, found, judges) };
}

function hasCertificate(bundle: unknown): boolean {
  const { certificate, x509CertificateChain } = ((bundle as { verificationMaterial?: unknown } | null)
    ?.verificationMaterial ?? {}) as Record<string, unknown>;
  return certificate !== undefined || x509CertificateChain !== undefined;
}

function readSimple(
  payload: Uint8Array,
  layer: Descriptor,
  { found, digest, judges }: { found: string; digest: string; judges: Judges },
): Read {
  const why = whyNotAbout(parsed(Buffer.from(payload).toString("utf8")), digest);
  if (why !== undefined) return { found, bad: why };
  const signature = layer.annotations["dev.cosignproject.cosign/signature"];
  if (!signature) return { found, bad: "its layer carries no signature" };
  const content = {
    messageSignature: {
      messageDigest: { algorithm: "SHA2_256", digest: createHash("sha256").update(payload).digest("base64") },
      signature,
    },
  };
  const bundle = bundleOfAnnotations(layer.annotations, content);
  const signed: Signed = {
    over: payload,
    signatures: [new Uint8Array(Buffer.from(signature, "base64"))],
    ...(bundle === undefined ? {} : { bundle, artifact: payload }),
  };
  return { found, about: "signature", verdict: judge(signed, found, judges) };
}

function note(read: Read, findings: Findings, steps: Step[]): void {
  const { found } = read;
  if ("unseen" in read) return void steps.push({ ok: false, says: `${notSeen} what is at ${found}: ${read.unseen}` });
  if ("bad" in read) {
    findings.invalid += 1;
    return void steps.push({ ok: false, says: `${found}: ${read.bad}` });
  }
  const { about, verdict, statement } = read;
  if ("invalid" in verdict) {
    if (about === "signature") findings.invalid += 1;
    return void steps.push({ ok: false, says: `${found}: the ${nameOf[about]} does not hold: ${verdict.invalid}` });
  }
  if ("stranger" in verdict) {
    if (about === "signature") findings.strangers += 1;
    return void steps.push({
      ok: false,
      says: `${found}: the ${nameOf[about]} is by ${verdict.stranger}, who is no signer of the policy`,
    });
  }
  const who = verdict.proven.map((one) => one.identity ?? one.signer).join(", ");
  steps.push({ ok: true, says: `${found}: the ${nameOf[about]} by ${who} holds` });
  if (about === "signature") findings.signatures.push(...verdict.proven);
  else if (about !== "other") {
    const signers = verdict.proven.map(({ signer }) => signer);
    findings.statements.push({
      about,
      signers,
      ...(about === "provenance" && statement ? { build: buildOf(statement) } : {}),
    });
  }
}

const nameOf = {
  signature: "signature",
  provenance: "provenance",
  sbom: "component list",
  other: "statement",
} as const;
