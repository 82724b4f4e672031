import { z } from "zod";
import { isDay, type Day } from "#core/basics/time.ts";
import { Refusal, type Problem } from "#core/basics/refusal.ts";
import { parseAddress, type Address } from "./address.ts";
import { isDigest } from "./image-reference.ts";

const day = z
  .string()
  .refine(isDay, "It is a day such as 2026-11-24")
  .transform((text) => text as Day);
const text = z.string().min(1).max(2000);
const name = z.string().min(1).max(200);
const digest = z.string().refine(isDigest, "It is a digest such as sha256 with 64 lower-case hexadecimal digits");
const tiers = z.union([z.boolean(), z.array(z.int().min(1).max(3)).max(3)]);

const signer = z.union([
  z.strictObject({
    name,
    key: z
      .string()
      .max(20_000)
      .regex(/-----BEGIN PUBLIC KEY-----/, "It is a public key in PEM"),
  }),
  z.strictObject({
    name,
    issuer: z
      .string()
      .max(500)
      .regex(/^https:\/\//, "It is the https address of who vouches for the identity"),
    identity: text.describe("The whole identity; * stands for one part between slashes"),
  }),
]);

const source = z.strictObject({
  ref: name.describe("Reference of the record, such as AS-01"),
  kind: z.enum(["image", "package", "model", "data"]),
  address: text,
  reason: text.optional(),
  signers: z.array(name).max(50).default([]),
  builders: z.array(text).max(50).default([]).describe("Builders whose provenance counts"),
  repositories: z.array(text).max(50).default([]).describe("Source repositories that provenance may name"),
  namespaces: z.array(name).max(1000).optional().describe("Only there; everywhere when absent"),
  until: day.optional(),
});

const policyText = z.strictObject({
  name: name.default("Source policy"),
  sources: z.array(source).max(5000),
  signers: z.array(signer).max(500).default([]),
  systems: z
    .array(z.strictObject({ ref: name, tier: z.int().min(1).max(3), namespaces: z.array(name).default([]) }))
    .default([]),
  defaultTier: z.int().min(1).max(3).default(1).describe("Of a workload that belongs to no AI system"),
  require: z
    .strictObject({
      digest: tiers.default(true),
      signature: tiers.default(true),
      provenance: tiers.default([1]),
      sbom: tiers.default(true),
    })
    .prefault({}),
  models: z
    .strictObject({
      revision: z.boolean().default(true),
      remoteCode: z.boolean().default(false).describe("Whether code that comes with a model may run"),
      formats: z.array(name).default(["safetensors", "gguf", "onnx"]),
      scanned: z
        .array(z.strictObject({ address: text, by: name, on: day }))
        .default([])
        .describe("Model files of other formats that were scanned"),
    })
    .prefault({}),
  artefacts: z
    .array(
      z.strictObject({
        ref: name,
        kind: z.enum(["model", "data"]),
        address: text,
        digest: z.union([digest, z.string().regex(/^[0-9a-f]{40}$/)]),
      }),
    )
    .default([]),
  releases: z.array(z.strictObject({ ref: name, namespace: name, images: z.array(digest) })).default([]),
  endOfSupport: z.array(z.strictObject({ address: text, tag: name.optional(), on: day })).default([]),
  vulnerabilities: z
    .strictObject({ fixDays: z.int().min(0).max(3650).default(14), dataDays: z.int().min(1).max(365).default(7) })
    .prefault({}),
  exempt: z
    .array(z.strictObject({ namespace: name, workload: name.optional(), reason: text, until: day.optional() }))
    .default([]),
  admission: z.strictObject({ onFailure: z.enum(["refuse", "allow"]).default("refuse") }).prefault({}),
});

type PolicyText = z.output<typeof policyText>;

/** What may be told of a policy, in a file or by records. */
export type PolicyInput = z.input<typeof policyText>;

/** Who may sign: whoever holds the key, or who the issuer says they are. */
export type Signer = z.output<typeof signer>;

export type ApprovedSource = Omit<z.output<typeof source>, "signers" | "address"> & {
  address: Address;
  signers: readonly Signer[];
  written: string;
};

/** Whence images, models and data may come, who must have signed them, and what else is asked of them. */
export type SourcePolicy = Omit<PolicyText, "sources" | "signers" | "artefacts" | "endOfSupport" | "models"> & {
  signers: readonly Signer[];
  sources: readonly ApprovedSource[];
  /** The sources by the registry that they name: what a reference is looked up in. */
  byRegistry: ReadonlyMap<string, readonly ApprovedSource[]>;
  models: Omit<PolicyText["models"], "scanned"> & { scanned: readonly { address: Address; by: string; on: Day }[] };
  artefacts: readonly (Omit<PolicyText["artefacts"][number], "address"> & { address: Address })[];
  endOfSupport: readonly (Omit<PolicyText["endOfSupport"][number], "address"> & { address: Address })[];
};

/**
 * The policy that the value tells, as it was read from YAML or JSON.
 *
 * @throws {Refusal} `malformed` with every problem; each problem's field is its path, such as `sources.0.address`
 */
export function readPolicy(value: unknown): SourcePolicy {
  const read = policyText.safeParse(value);
  if (!read.success)
    throw refusal(read.error.issues.map(({ path, message }) => ({ message, place: { field: path.join(".") } })));
  const problems: Problem[] = [];
  const policy = built(read.data, problems);
  if (problems.length > 0) throw refusal(problems);
  return policy;
}

function refusal(problems: Problem[]): Refusal {
  const [first] = problems;
  return new Refusal(
    "malformed",
    `Cannot read the source policy: ${first?.place?.field ?? ""}: ${first?.message ?? "it is empty"}`,
    { problems },
  );
}

function built(told: PolicyText, problems: Problem[]): SourcePolicy {
  const problem = (field: string, message: string) => problems.push({ message, place: { field } });
  const addressAt = (text: string, field: string): Address => {
    const found = parseAddress(text);
    if (!("error" in found)) return found;
    problem(field, `Cannot read address "${text.slice(0, 200)}": ${found.error}`);
    return { registry: "", path: "", isElsewhere: false };
  };
  const signers = new Map<string, Signer>();
  told.signers.forEach((one, index) => {
    if (signers.has(one.name)) problem(`signers.${index}.name`, `The signer "${one.name}" stands twice`);
    if ("identity" in one && /^[*/]*$/.test(one.identity))
      problem(`signers.${index}.identity`, "The identity names nobody");
    signers.set(one.name, one);
  });
  const sources = told.sources.map((one, index): ApprovedSource => {
    const address = addressAt(one.address, `sources.${index}.address`);
    const known = one.signers.flatMap((wanted, at) => {
      const found = signers.get(wanted);
      if (!found) problem(`sources.${index}.signers.${at}`, `No signer is called "${wanted}"`);
      return found ?? [];
    });
    return { ...one, written: one.address, address, signers: known };
  });
  return {
    ...told,
    signers: told.signers,
    sources,
    byRegistry: byRegistryOf(sources),
    models: {
      ...told.models,
      scanned: told.models.scanned.map((one, index) => ({
        ...one,
        address: addressAt(one.address, `models.scanned.${index}.address`),
      })),
    },
    artefacts: told.artefacts.map((one, index) => ({
      ...one,
      address: addressAt(one.address, `artefacts.${index}.address`),
    })),
    endOfSupport: told.endOfSupport.map((one, index) => ({
      ...one,
      address: addressAt(one.address, `endOfSupport.${index}.address`),
    })),
  };
}

function byRegistryOf(sources: readonly ApprovedSource[]): Map<string, ApprovedSource[]> {
  const found = new Map<string, ApprovedSource[]>();
  for (const source of sources) {
    const { registry } = source.address;
    const same = found.get(registry);
    if (same) same.push(source);
    else found.set(registry, [source]);
  }
  return found;
}

/** A record of an approved source, as far as the policy looks at it. */
export type SourceRecord = {
  ref: string;
  state: string;
  source_kind?: "image" | "package" | "model" | "data";
  address?: string;
  trust_reason?: string;
  signers?: readonly string[];
  next_review_on?: Day;
};

/**
 * What a policy says whose sources are the approved records; the rest is taken from `base`. A record's signer is
 * the name of one of the base's signers.
 */
export function policyOfRecords(records: readonly SourceRecord[], base: Omit<PolicyInput, "sources">): PolicyInput {
  const sources = records
    .filter(({ state }) => state === "approved")
    .map(
      ({
        ref,
        source_kind: kind = "image",
        address = "",
        trust_reason: reason,
        signers = [],
        next_review_on: until,
      }) => ({
        ref,
        kind,
        address,
        ...(reason ? { reason: reason.slice(0, 2000) } : {}),
        signers: [...signers],
        ...(until ? { until } : {}),
      }),
    );
  return { ...base, sources };
}

/** Whether the wish holds for a system of the tier. */
export function asksOf(wish: boolean | readonly number[], tier: number): boolean {
  return typeof wish === "boolean" ? wish : wish.includes(tier);
}
