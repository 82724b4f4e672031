import type { Day } from "#core/basics/time.ts";
import { whyNotBuiltBy } from "./build.ts";

/** One thing that was looked at on the way to a verdict, in words that a reader of the log understands. */
export type Step = { ok: boolean; says: string };

/** Who signed, by which means, and where that is written down. */
export type ProvenSignature = {
  /** Name of the policy's signer that it was proven for. */
  signer: string;
  by: "key" | "identity";
  /** Where it was found: cosign's tag, a referrer, the fallback tag. */
  found: string;
  issuer?: string;
  identity?: string;
  logIndex?: string;
  signedAt?: string;
};

type SignatureState = "valid" | "invalid" | "missing" | "wrong_signer" | "unknown";

/** Who built it and from what, as its provenance says. */
export type Build = { builder: string; repositories: readonly string[] };

/** A statement about the bytes whose signature holds. */
export type ProvenStatement = { about: "provenance" | "sbom"; signers: readonly string[]; build?: Build };

/** What was proven about the bytes under a digest, by any signer of the policy. Whose word counts, the source says. */
export type Evidence = {
  digest: string;
  signature: SignatureState;
  signatures: readonly ProvenSignature[];
  statements: readonly ProvenStatement[];
  /** Whether everything that is attached was looked at: only then is what was not found missing. */
  isWhole: boolean;
  steps: readonly Step[];
  /** The image that it was built on, as its maker says. */
  base?: string;
};

/** What the evidence comes to for what is from the source. */
export type Standing = {
  signature: SignatureState;
  signer?: ProvenSignature;
  provenance: "valid" | "missing" | "wrong_builder" | "unknown";
  sbom: "present" | "missing" | "unknown";
};

type Trusting = { signers: readonly { name: string }[]; builders: readonly string[]; repositories: readonly string[] };

/** What the evidence comes to by the signers and builders of the source; all unknown without evidence. */
export function standingOf(evidence: Evidence | undefined, source: Trusting | undefined): Standing {
  if (!evidence) return { signature: "unknown", provenance: "unknown", sbom: "unknown" };
  const counts = new Set(source?.signers.map(({ name }) => name));
  const signer = evidence.signatures.find((signature) => counts.has(signature.signer));
  const signed = evidence.statements.filter(({ signers }) => signers.some((name) => counts.has(name)));
  const builds = signed.filter(({ about }) => about === "provenance");
  const absent = evidence.isWhole ? ("missing" as const) : ("unknown" as const);
  return {
    signature: evidence.signature === "valid" && !signer ? "wrong_signer" : evidence.signature,
    ...(signer ? { signer } : {}),
    provenance:
      builds.length === 0
        ? absent
        : source && builds.some(({ build }) => build && whyNotBuiltBy(build, source) === undefined)
          ? "valid"
          : "wrong_builder",
    sbom: signed.some(({ about }) => about === "sbom") ? "present" : absent,
  };
}

type Vulnerability = {
  id: string;
  package: string;
  severity: "critical" | "high" | "medium" | "low" | "unknown";
  fixedIn?: string;
  fixedSince?: Day;
};

/** What a scanner said about the bytes under a digest or a reference. */
export type VulnerabilityReport = { subject: string; tool: string; dataOn: Day; found: readonly Vulnerability[] };

/** What is known of components beside what the cluster says. */
export type Known = {
  /** By canonical reference. Absent where nobody looked: unknown, and never a pass. */
  evidence: ReadonlyMap<string, Evidence>;
  /** By digest or canonical reference. */
  vulnerabilities: ReadonlyMap<string, VulnerabilityReport>;
};

export const nothingKnown: Known = { evidence: new Map(), vulnerabilities: new Map() };
