import type { Evidence } from "#core/sources/evidence.ts";
import type { SourcePolicy } from "#core/sources/policy.ts";
import { isReference, type Reference } from "#core/sources/reference.ts";
import type { Component } from "#core/sources/running.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { gatherEvidence } from "./image-evidence.ts";
import type { Registry } from "./registry.ts";
import { judgesOf } from "./signature-check.ts";
import type { TrustMaterial } from "@sigstore/verify";

/** At most so many images at once: a registry that is asked for everything at once answers nobody. */
const atOnce = 16;

/** What is proven about each image of the components, by canonical reference. */
export async function verifyComponents(
  components: readonly Component[],
  policy: SourcePolicy,
  {
    registry,
    trust,
    onDone,
  }: { registry: Registry; trust: TrustMaterial; onDone?: (done: number, of: number) => void },
): Promise<Map<string, Evidence>> {
  const judges = judgesOf(policy.signers, trust);
  const wanted = new Map<string, { reference: Reference; digests: Set<string> }>();
  for (const { reference, running } of components) {
    if (!isReference(reference) || (reference.kind !== "image" && reference.kind !== "oci")) continue;
    const { digests } = wanted.get(reference.canonical) ?? { digests: new Set<string>() };
    for (const digest of reference.digest === undefined ? running : [reference.digest]) digests.add(digest);
    wanted.set(reference.canonical, { reference, digests });
  }
  const evidence = new Map<string, Evidence>();
  const queue = [...wanted];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [canonical, { reference, digests }] = next;
      // What runs is what counts; where nobody knows it, what the tag stands for now.
      const names = digests.size === 0 ? [reference] : [...digests].map((digest) => ({ ...reference, digest }));
      const found = await Promise.all(
        names.map((name) => evidenceOrReason(gatherEvidence(registry, name, judges), name)),
      );
      const [worst] = found.sort((one, other) => order.indexOf(one.signature) - order.indexOf(other.signature));
      if (worst) evidence.set(canonical, worst);
      onDone?.(evidence.size, wanted.size);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, queue.length) }, work));
  return evidence;
}

/** Worst first: of several digests under one tag, none may hide behind a better one. */
const order: readonly Evidence["signature"][] = ["invalid", "wrong_signer", "missing", "unknown", "valid"];

/** An image that the registry does not give is unknown, with the reason. */
async function evidenceOrReason(work: Promise<Evidence>, { digest }: Reference): Promise<Evidence> {
  const [outcome] = await Promise.allSettled([work]);
  if (outcome.status === "fulfilled") return outcome.value;
  const { reason } = outcome as { reason: unknown };
  if (!(reason instanceof Refusal)) throw reason;
  const isLie = reason.code === "proof-rejected";
  return {
    digest: digest ?? "",
    signature: isLie ? "invalid" : "unknown",
    signatures: [],
    statements: [],
    isWhole: false,
    steps: [{ ok: false, says: reason.message }],
  };
}
