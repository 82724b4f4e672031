import { spawn } from "node:child_process";
import { createHash, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { initializeCA, initializeCTLog, initializeTLog } from "@sigstore/mock";
import { findProgram, installPackage } from "#test/ground/install-package.ts";
import { freePort } from "#test/ground/port.ts";
import { preAuthEncoding } from "#core/sources/statement.ts";

// A real registry, and signatures as cosign makes them, by keys and by a certificate authority and log of the test.

/** Why no registry can be started here; nothing once it is installed. */
export function missingRegistry(): string | undefined {
  return findProgram("docker-registry") === undefined ? installPackage("docker-registry") : undefined;
}

/** Debian's docker-registry on a free port. */
export async function startRegistry(): Promise<{ host: string; stop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "aims-registry-"));
  const host = `127.0.0.1:${await freePort()}`;
  const config = join(folder, "config.yml");
  writeFileSync(
    config,
    `version: 0.1\nlog: { level: error, accesslog: { disabled: true } }\nstorage: { filesystem: { rootdirectory: ${folder}/data } }\nhttp: { addr: "${host}" }\n`,
  );
  const child = spawn("docker-registry", ["serve", config], { stdio: "ignore" });
  const ended = new Promise<void>((done) => child.once("exit", () => done()));
  for (let tried = 0; tried < 200; tried++) {
    const [outcome] = await Promise.allSettled([fetch(`http://${host}/v2/`)]);
    if (outcome.status === "fulfilled" && outcome.value.ok) break;
    await pause(25);
  }
  return {
    host,
    stop: async () => {
      child.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What the log answers, as far as bundles hold it. */
type Logged = {
  body: string;
  integratedTime: number;
  logIndex: number;
  logID: string;
  verification?: {
    signedEntryTimestamp: string;
    inclusionProof: { logIndex: number; rootHash: string; treeSize: number; checkpoint: string };
  };
};

export type Pushed = { mediaType: string; digest: string; size: number };

function digestOf(bytes: Uint8Array | string): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** Puts things into a repository of the registry. */
export function pusher(host: string, repository: string) {
  async function blob(
    bytes: Uint8Array | string,
    mediaType: string,
    annotations?: Record<string, string>,
  ): Promise<Pushed & { annotations?: Record<string, string> }> {
    const digest = digestOf(bytes);
    const begun = await fetch(`http://${host}/v2/${repository}/blobs/uploads/`, { method: "POST" });
    const to = new URL(begun.headers.get("location") ?? "", `http://${host}`);
    to.searchParams.set("digest", digest);
    const put = await fetch(to, {
      method: "PUT",
      body: typeof bytes === "string" ? bytes : new Uint8Array(bytes),
      headers: { "content-type": "application/octet-stream" },
    });
    if (put.status !== 201) throw new Error(`The registry answered ${put.status} to a blob`);
    return { mediaType, digest, size: Buffer.byteLength(bytes), ...(annotations ? { annotations } : {}) };
  }
  async function manifest(
    value: object,
    { tag, mediaType = "application/vnd.oci.image.manifest.v1+json" }: { tag?: string; mediaType?: string } = {},
  ): Promise<Pushed> {
    const text = JSON.stringify({ schemaVersion: 2, mediaType, ...value });
    const digest = digestOf(text);
    const put = await fetch(`http://${host}/v2/${repository}/manifests/${tag ?? digest}`, {
      method: "PUT",
      body: text,
      headers: { "content-type": mediaType },
    });
    if (put.status !== 201) throw new Error(`The registry answered ${put.status} to a manifest: ${await put.text()}`);
    return { mediaType, digest, size: text.length };
  }
  return {
    blob,
    manifest,
    async image(tag: string, words = tag, annotations: Record<string, string> = {}): Promise<Pushed> {
      const config = await blob(JSON.stringify({ words }), "application/vnd.oci.image.config.v1+json");
      return manifest(
        { config, layers: [await blob(`layer ${words}`, "application/vnd.oci.image.layer.v1.tar")], annotations },
        { tag },
      );
    },
    /** As cosign attaches signatures to a tag. */
    async attach(tag: string, layers: object[]): Promise<void> {
      await manifest({ config: await blob("{}", "application/vnd.oci.image.config.v1+json"), layers }, { tag });
    },
    /** As cosign attaches bundles to a registry without a referrers API. */
    async refer(
      subject: Pushed,
      bundles: readonly object[],
      said = "application/vnd.dev.sigstore.bundle.v0.3+json",
    ): Promise<void> {
      const type = "application/vnd.dev.sigstore.bundle.v0.3+json";
      const manifests = [];
      for (const bundle of bundles) {
        const config = await blob("{}", "application/vnd.oci.empty.v1+json");
        manifests.push({
          ...(await manifest({
            artifactType: type,
            config,
            layers: [await blob(JSON.stringify(bundle), type)],
            subject,
          })),
          artifactType: said,
        });
      }
      await manifest(
        { manifests },
        { tag: subject.digest.replace(":", "-"), mediaType: "application/vnd.oci.image.index.v1+json" },
      );
    },
  };
}

export function newKey(): { privateKey: KeyObject; publicKey: KeyObject; pem: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { privateKey, publicKey, pem: publicKey.export({ type: "spki", format: "pem" }).toString() };
}

export function simplePayload(digest: string, type = "cosign container image signature"): Uint8Array {
  return Buffer.from(
    JSON.stringify({
      critical: { identity: { "docker-reference": "" }, image: { "docker-manifest-digest": digest }, type },
      optional: null,
    }),
  );
}

export function statementOf(digest: string, predicateType: string, predicate: unknown = {}): Uint8Array {
  return Buffer.from(
    JSON.stringify({
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name: "", digest: { sha256: digest.slice(7) } }],
      predicateType,
      predicate,
    }),
  );
}

/** A bundle with a key's signature. */
export function keyedBundle(payload: Uint8Array, { privateKey }: { privateKey: KeyObject }): object {
  const payloadType = "application/vnd.in-toto+json";
  const signature = sign("sha256", preAuthEncoding(payloadType, payload), privateKey);
  return {
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: {
      publicKey: { hint: "" },
      tlogEntries: [],
      timestampVerificationData: { rfc3161Timestamps: [] },
    },
    dsseEnvelope: {
      payloadType,
      payload: Buffer.from(payload).toString("base64"),
      signatures: [{ sig: signature.toString("base64"), keyid: "" }],
    },
  };
}

/** A certificate authority, its log of certificates and a log of signatures, made for the test. */
export async function startSigstore() {
  const keys = () => generateKeyPairSync("ec", { namedCurve: "P-256" });
  const ctLog = await initializeCTLog(keys());
  const authority = await initializeCA(generateKeyPairSync("ec", { namedCurve: "P-384" }), ctLog);
  const log = await initializeTLog("https://rekor.example.com", keys());
  const bytes = (view: ArrayBufferView<ArrayBuffer>) => Buffer.from(view.buffer, view.byteOffset, view.byteLength);
  const validFor = { start: new Date(Date.now() - 3_600_000).toISOString() };
  const logOf = (publicKey: Buffer, keyId: Buffer, baseUrl: string) => ({
    baseUrl,
    hashAlgorithm: "SHA2_256",
    publicKey: { rawBytes: publicKey.toString("base64"), keyDetails: "PKIX_ECDSA_P256_SHA_256", validFor },
    logId: { keyId: keyId.toString("base64") },
  });
  const root = {
    mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    tlogs: [logOf(log.publicKey, createHash("sha256").update(log.publicKey).digest(), "https://rekor.example.com")],
    certificateAuthorities: [
      {
        subject: { organization: "test", commonName: "test" },
        uri: "https://fulcio.example.com",
        certChain: { certificates: [{ rawBytes: bytes(authority.rootCertificate).toString("base64") }] },
        validFor,
      },
    ],
    ctlogs: [logOf(ctLog.publicKey, bytes(ctLog.logID), "https://ct.example.com")],
    timestampAuthorities: [],
  };
  async function certify(identity: string, issuer: string) {
    const { privateKey, publicKey } = keys();
    const spki = publicKey.export({ type: "spki", format: "der" });
    const certificate = await authority.issueCertificate({
      publicKey: new Uint8Array(spki),
      subjectAltName: identity,
      extensions: [
        { oid: "1.3.6.1.4.1.57264.1.1", value: issuer, legacy: true },
        { oid: "1.3.6.1.4.1.57264.1.8", value: issuer },
      ],
    });
    const raw = bytes(certificate).toString("base64");
    return {
      privateKey,
      raw,
      pem: `-----BEGIN CERTIFICATE-----\n${raw.replace(/(.{64})/g, "$1\n").trim()}\n-----END CERTIFICATE-----\n`,
    };
  }
  async function logged(proposed: object) {
    const [entry] = Object.values(await log.log(proposed));
    if (!entry) throw new Error("The log kept nothing");
    return entry as unknown as Logged;
  }
  return {
    root: JSON.stringify(root),
    /** Annotations of a layer as cosign writes them. */
    async annotate(payload: Uint8Array, identity: string, issuer: string): Promise<Record<string, string>> {
      const { privateKey, pem } = await certify(identity, issuer);
      const signature = sign("sha256", payload, privateKey).toString("base64");
      const entry = await logged({
        apiVersion: "0.0.1",
        kind: "hashedrekord",
        spec: {
          data: { hash: { algorithm: "sha256", value: createHash("sha256").update(payload).digest("hex") } },
          signature: { content: signature, publicKey: { content: Buffer.from(pem).toString("base64") } },
        },
      });
      return {
        "dev.cosignproject.cosign/signature": signature,
        "dev.sigstore.cosign/certificate": pem,
        "dev.sigstore.cosign/bundle": JSON.stringify({
          SignedEntryTimestamp: entry.verification?.signedEntryTimestamp,
          Payload: {
            body: entry.body,
            integratedTime: entry.integratedTime,
            logIndex: entry.logIndex,
            logID: entry.logID,
          },
        }),
      };
    },
    async bundle(payload: Uint8Array, identity: string, issuer: string): Promise<object> {
      const { privateKey, raw, pem } = await certify(identity, issuer);
      const payloadType = "application/vnd.in-toto+json";
      const signature = sign("sha256", preAuthEncoding(payloadType, payload), privateKey).toString("base64");
      const dsseEnvelope = {
        payloadType,
        payload: Buffer.from(payload).toString("base64"),
        signatures: [{ sig: signature, keyid: "" }],
      };
      const hash = (text: Uint8Array | string) => ({
        algorithm: "sha256",
        value: createHash("sha256").update(text).digest("hex"),
      });
      const entry = await logged({
        apiVersion: "0.0.1",
        kind: "dsse",
        spec: {
          envelopeHash: hash(JSON.stringify(dsseEnvelope)),
          payloadHash: hash(payload),
          signatures: [{ signature, verifier: Buffer.from(pem).toString("base64") }],
        },
      });
      const proof = entry.verification?.inclusionProof;
      return {
        mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
        verificationMaterial: {
          certificate: { rawBytes: raw },
          tlogEntries: [
            {
              logIndex: String(entry.logIndex),
              logId: { keyId: Buffer.from(entry.logID, "hex").toString("base64") },
              kindVersion: { kind: "dsse", version: "0.0.1" },
              integratedTime: String(entry.integratedTime),
              inclusionPromise: { signedEntryTimestamp: entry.verification?.signedEntryTimestamp },
              inclusionProof: {
                logIndex: String(proof?.logIndex),
                rootHash: Buffer.from(proof?.rootHash ?? "", "hex").toString("base64"),
                treeSize: String(proof?.treeSize),
                hashes: [],
                checkpoint: { envelope: proof?.checkpoint },
              },
              canonicalizedBody: entry.body,
            },
          ],
        },
        dsseEnvelope,
      };
    },
  };
}
