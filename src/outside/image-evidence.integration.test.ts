import { sign } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { standingOf, type Evidence, type Standing } from "#core/sources/evidence.ts";
import { parseImageName } from "#core/sources/image-reference.ts";
import type { Signer } from "#core/sources/policy.ts";
import { signaturePredicate } from "#core/sources/statement.ts";
import { gatherEvidence } from "./image-evidence.ts";
import { openRegistry } from "./registry.ts";
import {
  missingRegistry,
  keyedBundle,
  newKey,
  pusher,
  simplePayload,
  startRegistry,
  startSigstore,
  statementOf,
  type Pushed,
} from "./registry.testing.ts";
import { judgesOf } from "./signature-check.ts";
import { readTrustRoot } from "./trust-root.ts";

const identity = "https://github.com/org/app/.github/workflows/release.yml@refs/heads/main";
const issuer = "https://token.actions.githubusercontent.com";
const simple = "application/vnd.dev.cosign.simplesigning.v1+json";
const slsa = "https://slsa.dev/provenance/v1";

const machine: {
  host: string;
  missing?: string;
  stop: () => Promise<void>;
  sigstore: Awaited<ReturnType<typeof startSigstore>> | undefined;
} = { host: "", stop: async () => {}, sigstore: undefined };
const key = newKey();
const other = newKey();
const byKey: Signer = { name: "release key", key: key.pem };
const byIdentity: Signer = { name: "release workflow", issuer, identity };
let count = 0;
let repository = "";

beforeAll(async () => {
  machine.missing = missingRegistry();
  if (machine.missing !== undefined) return;
  Object.assign(machine, await startRegistry());
  machine.sigstore = await startSigstore();
});
afterAll(() => machine.stop());
beforeEach((context) => {
  if (machine.host === "") context.skip(machine.missing);
  repository = `ai/app-${count++}`;
});

function sigstore() {
  if (!machine.sigstore) throw new Error("No certificate authority was started");
  return machine.sigstore;
}

async function evidenceOf(
  image: Pushed,
  signers: readonly Signer[],
  source: { builders?: string[]; repositories?: string[] } = {},
): Promise<Evidence & Pick<Standing, "provenance" | "sbom">> {
  const name = parseImageName(`${machine.host}/${repository}@${image.digest}`);
  if ("error" in name) throw new Error(name.error);
  const judges = judgesOf(signers, readTrustRoot(sigstore().root));
  const evidence = await gatherEvidence(openRegistry({ plainHttp: new Set([machine.host]), retries: 0 }), name, judges);
  const { provenance, sbom } = standingOf(evidence, { signers, builders: [], repositories: [], ...source });
  return { ...evidence, provenance, sbom };
}

const signatureTag = ({ digest }: Pushed) => `${digest.replace(":", "-")}.sig`;

function keyed(payload: Uint8Array, by = key): Record<string, string> {
  return { "dev.cosignproject.cosign/signature": sign("sha256", payload, by.privateKey).toString("base64") };
}

describe("a signature at cosign's tag", () => {
  async function signed(
    make: (
      image: Pushed,
    ) =>
      | { payload: Uint8Array; annotations: Record<string, string> }
      | Promise<{ payload: Uint8Array; annotations: Record<string, string> }>,
  ): Promise<Pushed> {
    const to = pusher(machine.host, repository);
    const image = await to.image("1");
    const { payload, annotations } = await make(image);
    await to.attach(signatureTag(image), [await to.blob(payload, simple, annotations)]);
    return image;
  }
  const withKey = (image: Pushed, by = key) => ({
    payload: simplePayload(image.digest),
    annotations: keyed(simplePayload(image.digest), by),
  });

  test("by the key holds", async () => {
    const evidence = await evidenceOf(await signed(withKey), [byKey]);
    expect(evidence).toMatchObject({ signature: "valid", signatures: [{ signer: "release key", by: "key" }] });
  });
  test("by another key does not", async () => {
    expect((await evidenceOf(await signed((image) => withKey(image, other)), [byKey])).signature).toBe("invalid");
  });
  test("of another image does not", async () => {
    const elsewhere = `sha256:${"0".repeat(64)}`;
    const image = await signed(() => ({
      payload: simplePayload(elsewhere),
      annotations: keyed(simplePayload(elsewhere)),
    }));
    expect((await evidenceOf(image, [byKey])).signature).toBe("invalid");
  });
  test("over something that is no image signature does not", async () => {
    const image = await signed(({ digest }) => ({
      payload: simplePayload(digest, "attestation"),
      annotations: keyed(simplePayload(digest, "attestation")),
    }));
    expect((await evidenceOf(image, [byKey])).signature).toBe("invalid");
  });
  test("with a byte changed anywhere does not", async () => {
    const image = await signed(({ digest }) => {
      const payload = simplePayload(digest);
      const annotations = keyed(payload);
      // White space that no reader of JSON minds: the claim stays, the bytes do not.
      return { payload: Buffer.concat([payload, Buffer.from(" ")]), annotations };
    });
    expect((await evidenceOf(image, [byKey])).signature).toBe("invalid");
  });
  test("keyless by the identity holds, and says where it is logged", async () => {
    const image = await signed(async ({ digest }) => ({
      payload: simplePayload(digest),
      annotations: await sigstore().annotate(simplePayload(digest), identity, issuer),
    }));
    const evidence = await evidenceOf(image, [byIdentity]);
    expect(evidence.steps).toContainEqual({
      ok: true,
      says: `cosign's signature tag: the signature by ${identity} holds`,
    });
    expect(evidence).toMatchObject({ signature: "valid", signatures: [{ by: "identity", issuer, identity }] });
  });
  test.each([
    ["an identity that only begins alike", `${identity}-evil`, issuer],
    ["an identity that only holds it", `https://evil.example.com/?${identity}`, issuer],
    ["another issuer", identity, "https://evil.example.com"],
  ])("keyless by %s does not", async (_, who, from) => {
    const image = await signed(async ({ digest }) => ({
      payload: simplePayload(digest),
      annotations: await sigstore().annotate(simplePayload(digest), who, from),
    }));
    expect((await evidenceOf(image, [byIdentity])).signature).toBe("wrong_signer");
  });
  test("keyless by an authority that nobody trusts does not", async () => {
    const stranger = await startSigstore();
    const image = await signed(async ({ digest }) => ({
      payload: simplePayload(digest),
      annotations: await stranger.annotate(simplePayload(digest), identity, issuer),
    }));
    expect((await evidenceOf(image, [byIdentity])).signature).toBe("invalid");
  });
  test("keyless without the log does not", async () => {
    const image = await signed(async ({ digest }) => {
      const { "dev.sigstore.cosign/bundle": log, ...annotations } = await sigstore().annotate(
        simplePayload(digest),
        identity,
        issuer,
      );
      expect(log).toBeDefined();
      return { payload: simplePayload(digest), annotations };
    });
    expect((await evidenceOf(image, [byIdentity])).signature).toBe("invalid");
  });
  test("among bad ones still holds", async () => {
    const to = pusher(machine.host, repository);
    const image = await to.image("1");
    const payload = simplePayload(image.digest);
    await to.attach(signatureTag(image), [
      await to.blob(payload, simple, keyed(payload, other)),
      await to.blob(payload, simple, { "dev.cosignproject.cosign/signature": "AAAA" }),
      await to.blob(payload, simple, keyed(payload)),
    ]);
    expect((await evidenceOf(image, [byKey])).signature).toBe("valid");
  });
  test("that is not there is missing", async () => {
    expect((await evidenceOf(await pusher(machine.host, repository).image("1"), [byKey])).signature).toBe("missing");
  });
  test("beyond fifty is looked at by nobody", async () => {
    const to = pusher(machine.host, repository);
    const image = await to.image("1");
    const layer = await to.blob(simplePayload(image.digest), simple, keyed(simplePayload(image.digest)));
    await to.attach(
      signatureTag(image),
      Array.from({ length: 51 }, () => layer),
    );
    expect((await evidenceOf(image, [byKey])).signature).toBe("invalid");
  });
});

describe("a bundle that refers to the image", () => {
  async function referred(make: (image: Pushed) => object[] | Promise<object[]>, said?: string): Promise<Pushed> {
    const to = pusher(machine.host, repository);
    const image = await to.image("1");
    await to.refer(image, await make(image), said);
    return image;
  }
  const signature = ({ digest }: Pushed) => statementOf(digest, signaturePredicate);

  test("signs it by a key", async () => {
    const evidence = await evidenceOf(await referred((image) => [keyedBundle(signature(image), key)]), [byKey]);
    expect(evidence).toMatchObject({ signature: "valid", signatures: [{ found: "fallback tag" }] });
  });
  test("signs it by an identity", async () => {
    expect(
      (
        await evidenceOf(
          await referred(async (image) => [await sigstore().bundle(signature(image), identity, issuer)]),
          [byIdentity],
        )
      ).signature,
    ).toBe("valid");
  });
  test("is known by its manifest, whatever the index calls it", async () => {
    expect(
      (await evidenceOf(await referred((image) => [keyedBundle(signature(image), key)], "text/plain"), [byKey]))
        .signature,
    ).toBe("valid");
  });
  test("about another image signs nothing", async () => {
    expect(
      (
        await evidenceOf(
          await referred(() => [keyedBundle(statementOf(`sha256:${"0".repeat(64)}`, signaturePredicate), key)]),
          [byKey],
        )
      ).signature,
    ).toBe("invalid");
  });
  test("is no signature when it is an attestation", async () => {
    const evidence = await evidenceOf(await referred(({ digest }) => [keyedBundle(statementOf(digest, slsa), key)]), [
      byKey,
    ]);
    expect(evidence).toMatchObject({ signature: "missing", provenance: "valid" });
  });
  test("changed anywhere does not hold", async () => {
    const image = await referred(async (it) => {
      const bundle = JSON.stringify(await sigstore().bundle(signature(it), identity, issuer));
      const { dsseEnvelope, verificationMaterial } = JSON.parse(bundle) as {
        dsseEnvelope: { payload: string; signatures: { sig: string }[] };
        verificationMaterial: {
          tlogEntries: { canonicalizedBody: string; integratedTime: string }[];
          certificate: { rawBytes: string };
        };
      };
      const flip = (base64: string) => {
        const bytes = Buffer.from(base64, "base64");
        const at = Math.floor(bytes.length / 2);
        bytes[at] = (bytes[at] ?? 0) ^ 1;
        return bytes.toString("base64");
      };
      const [entry] = verificationMaterial.tlogEntries;
      const [sig] = dsseEnvelope.signatures;
      const remade = (envelope: object, material: object) => ({
        mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
        verificationMaterial: { ...verificationMaterial, ...material },
        dsseEnvelope: { ...dsseEnvelope, ...envelope },
      });
      return [
        remade({ signatures: [{ sig: flip(sig?.sig ?? ""), keyid: "" }] }, {}),
        remade(
          {
            payload: Buffer.concat([Buffer.from(dsseEnvelope.payload, "base64"), Buffer.from(" ")]).toString("base64"),
          },
          {},
        ),
        remade({}, { certificate: { rawBytes: flip(verificationMaterial.certificate.rawBytes) } }),
        remade({}, { tlogEntries: [{ ...entry, canonicalizedBody: flip(entry?.canonicalizedBody ?? "") }] }),
        remade({}, { tlogEntries: [{ ...entry, integratedTime: String(Number(entry?.integratedTime) + 1) }] }),
        remade({}, { tlogEntries: [] }),
      ];
    });
    const evidence = await evidenceOf(image, [byIdentity]);
    expect(evidence.signature).toBe("invalid");
    expect(evidence.steps.filter(({ ok }) => !ok)).toHaveLength(6);
  });

  const built = (builder: string, from: string) => ({
    buildDefinition: { externalParameters: { workflow: { repository: from } } },
    runDetails: { builder: { id: builder } },
  });
  const builder = "https://github.com/actions/runner";
  test.each([
    ["by the builder from the repository", builder, "https://github.com/org/app", "valid"],
    ["by another builder", `${builder}-evil`, "https://github.com/org/app", "wrong_builder"],
    ["from another repository", builder, "https://github.com/org/app-evil", "wrong_builder"],
  ])("proves that it was built %s: %4$s", async (_, by, from, expected) => {
    const image = await referred(({ digest }) => [keyedBundle(statementOf(digest, slsa, built(by, from)), key)]);
    expect(
      (await evidenceOf(image, [byKey], { builders: [builder], repositories: ["https://github.com/org/app"] }))
        .provenance,
    ).toBe(expected);
  });
  test("holds a list of components when a signer made it", async () => {
    const list = ({ digest }: Pushed, by: typeof key) => [
      keyedBundle(statementOf(digest, "https://cyclonedx.org/bom/v1.6"), by),
    ];
    expect((await evidenceOf(await referred((image) => list(image, key)), [byKey])).sbom).toBe("present");
    repository = `ai/app-${count++}`;
    expect((await evidenceOf(await referred((image) => list(image, other)), [byKey])).sbom).toBe("missing");
  });
});
