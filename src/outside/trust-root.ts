import { createPublicKey, type KeyObject } from "node:crypto";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import seeds from "@sigstore/tuf/seeds.json" with { type: "json" };
import { toTrustMaterial, type TrustMaterial } from "@sigstore/verify";
import { Refusal } from "#core/basics/refusal.ts";

/** Whom to believe about keyless signatures: certificate authorities and logs, read from a file or as the public ones were when this was released. */
export function readTrustRoot(text?: string): TrustMaterial {
  const plain =
    text ??
    Buffer.from(seeds["https://tuf-repo-cdn.sigstore.dev"].targets["trusted_root.json"], "base64").toString("utf8");
  try {
    return toTrustMaterial(TrustedRoot.fromJSON(JSON.parse(plain)));
  } catch (cause) {
    throw new Refusal("malformed", "Cannot read the trusted root: it is no sigstore TrustedRoot in JSON", { cause });
  }
}

/** A key that is strong enough to sign what runs. @throws {Refusal} `malformed` */
export function readSignerKey(name: string, pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch (cause) {
    throw new Refusal("malformed", `Cannot read the key of signer "${name}": it is no public key in PEM`, { cause });
  }
  const { modulusLength = 0, namedCurve = "" } = key.asymmetricKeyDetails ?? {};
  const isStrong =
    key.asymmetricKeyType === "ed25519" ||
    (key.asymmetricKeyType === "rsa" && modulusLength >= 2048) ||
    (key.asymmetricKeyType === "ec" && ["prime256v1", "secp384r1", "secp521r1"].includes(namedCurve));
  if (!isStrong)
    throw new Refusal(
      "malformed",
      `Cannot use the key of signer "${name}": it is neither P-256 or stronger, RSA of 2048 bits or more, nor Ed25519`,
    );
  return key;
}
