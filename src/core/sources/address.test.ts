import { expect, test } from "vitest";
import { covers, parseAddress } from "./address.ts";
import { isReference, parseReference } from "./reference.ts";

function isCovered(address: string, input: string): boolean {
  const place = parseAddress(address);
  const reference = parseReference(input, "model");
  const image = parseReference(input);
  const read = isReference(image) ? image : reference;
  if ("error" in place) throw new Error(place.error);
  if (!isReference(read)) throw new Error(read.error);
  return covers(place, read);
}

test.each([
  ["registry.example.com", "registry.example.com/a", true],
  ["registry.example.com", "registry.example.com.evil.io/a", false],
  ["registry.example.com", "registry.example.com:5000/a", false],
  ["quay.io/org", "quay.io/org/a", true],
  ["quay.io/org", "quay.io/org", true],
  ["quay.io/org", "quay.io/organic/a", false],
  ["QUAY.io/org", "quay.IO/org/a", true],
  ["docker.io", "nginx", true],
  ["docker.io/library", "nginx", true],
  ["docker.io/library/nginx", "index.docker.io/nginx", true],
  ["docker.io/library/nginx", "nginx/nginx", false],
  ["docker.io/bitnami/", "bitnami/redis", true],
  ["docker.io/bitnami/", "bitnami", false],
  ["hf://org", "hf://org/model", true],
  ["hf://org", "hf://org-evil/model", false],
  ["huggingface.co/org", "https://huggingface.co/org/model/resolve/main/a.bin", true],
  ["hf://org/model", "hf://org/model-2", false],
  ["s3://bucket/models", "s3://bucket/models/a", true],
  ["s3://bucket/models", "s3://bucket/models-old/a", false],
  ["s3://bucket", "gs://bucket/a", false],
  ["https://models.example.com", "https://models.example.com/a", true],
  ["https://models.example.com", "https://models.example.com.evil.io/a", false],
  ["oci://ghcr.io/org", "oci://ghcr.io/org/model:1", true],
  ["pvc://claim", "pvc://claim/a", true],
])("%s covers %s: %s", (address, input, expected) => expect(isCovered(address, input)).toBe(expected));

test.each([
  "nginx",
  "org/image",
  "docker.io/nginx",
  "quay.io/org/*",
  "quay.io/org:1",
  `quay.io/org@sha256:${"a".repeat(64)}`,
  "quay.io/Org",
  "Foo/bar",
  "http://a.io/b",
  "hf://org/model@main",
  "",
])("%s is no address", (text) => expect(parseAddress(text)).toHaveProperty("error"));
