import type { Day } from "#core/basics/time.ts";

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

export type SignatureState = "valid" | "invalid" | "missing" | "wrong_signer" | "unknown";

/** What was proven about the bytes under a digest. */
export type Evidence = {
  digest: string;
  signature: SignatureState;
  signatures: readonly ProvenSignature[];
  provenance: "valid" | "missing" | "wrong_builder" | "unknown";
  sbom: "present" | "missing" | "unknown";
  steps: readonly Step[];
  /** The image that it was built on, as its maker says. */
  base?: string;
};

export type Vulnerability = { id: string; package: string; severity: "critical" | "high" | "medium" | "low" | "unknown"; fixedIn?: string; fixedSince?: Day };

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
