import { createHash, randomBytes } from "node:crypto";
import type { OrganizationId } from "./world.ts";

/** What a session, token or invitation is known by: 256 random bits behind the organisation's id. Only its hash is kept. */
export type Secret = { organization: OrganizationId; hash: Uint8Array };

const organizationBytes = 16;
const randomBytesOfSecret = 32;
const pattern = /^[A-Za-z0-9_-]{64}$/;

/** A new secret. `text` is shown once. */
export function makeSecret(organization: OrganizationId): Secret & { text: string } {
  const bytes = Buffer.concat([Buffer.from(organization.replaceAll("-", ""), "hex"), randomBytes(randomBytesOfSecret)]);
  return { organization, hash: hashOf(bytes), text: bytes.toString("base64url") };
}

/** The secret that the text is, if it is of the form of one. */
export function readSecret(text: string): Secret | undefined {
  if (!pattern.test(text)) return undefined;
  const bytes = Buffer.from(text, "base64url");
  const id = bytes.subarray(0, organizationBytes).toString("hex");
  const organization =
    `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}` as OrganizationId;
  return { organization, hash: hashOf(bytes) };
}

function hashOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha256").update(bytes).digest());
}
