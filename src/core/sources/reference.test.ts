import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseImageName } from "./image-reference.ts";
import { isPinned, isReference, parseReference } from "./reference.ts";

const hex = "a".repeat(64);
const commit = "0123456789abcdef0123456789abcdef01234567";

function canonical(input: string, meant?: "image" | "model" | "data"): string {
  const read = parseReference(input, meant);
  return isReference(read) ? read.canonical : `no: ${read.error}`;
}

describe("an image is read by the distribution grammar", () => {
  test.each([
    ["nginx", "docker.io/library/nginx:latest"],
    ["nginx:1.27", "docker.io/library/nginx:1.27"],
    ["docker.io/nginx", "docker.io/library/nginx:latest"],
    ["index.docker.io/nginx", "docker.io/library/nginx:latest"],
    ["bitnami/redis", "docker.io/bitnami/redis:latest"],
    ["localhost/a", "localhost/a:latest"],
    ["test.com:5000", "docker.io/library/test.com:5000"],
    ["test.com:5000/a", "test.com:5000/a:latest"],
    ["test:5000/a/b:c", "test:5000/a/b:c"],
    ["Foo/bar", "foo/bar:latest"],
    ["Quay.IO/org/image:v1", "quay.io/org/image:v1"],
    [`quay.io/org/image:v1@sha256:${hex}`, `quay.io/org/image@sha256:${hex}`],
    [`quay.io/a@sha512:${hex}${hex}`, `quay.io/a@sha512:${hex}${hex}`],
    ["[2001:db8::1]:5000/repo", "[2001:db8::1]:5000/repo:latest"],
    ["a/b__c/d-e.f--g", "docker.io/a/b__c/d-e.f--g:latest"],
    ["xn--7o8h.com/myimage:xn--7o8h.com", "xn--7o8h.com/myimage:xn--7o8h.com"],
  ])("%s", (input, expected) => expect(canonical(input)).toBe(expected));

  test.each([
    "",
    hex,
    "aa/asdf$$^/aa",
    "library/Ubuntu",
    "quay.io/A",
    "a//b",
    "quay.io/",
    "quay.io/a:",
    "quay.io/a@",
    "-test.com/a",
    "quay.io/a:-tag",
    `quay.io/a@sha256:${"A".repeat(64)}`,
    `quay.io/a@sha256:${"a".repeat(63)}`,
    `quay.io/a@md5:${"a".repeat(32)}`,
    `quay.io/a@sha256:${hex}@sha256:${hex}`,
    "[fe80::1%eth0]:5000/a",
    "quay.io/a___b",
    "quay.io/a ",
    "quay.io/a\n",
    "quay.io./a",
    `quay.io/${"a/".repeat(128)}`,
    `quay.io/a:${"t".repeat(129)}`,
    "x".repeat(100_000),
  ])("refused: %s", (input) => expect(isReference(parseReference(input))).toBe(false));

  test("a scheme is no part of an image's name", () =>
    expect(parseImageName("https://quay.io/a")).toHaveProperty("error"));

  test("another port is another registry", () => {
    expect(parseReference("mcr.microsoft.com:5000/a")).toMatchObject({ registry: "mcr.microsoft.com:5000" });
  });

  test("the canonical form of a canonical form is itself", () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,8}(?:[._-][a-z0-9]{1,4})?$/);
    const input = fc
      .tuple(
        fc.option(fc.constantFrom("quay.io", "Ghcr.io", "localhost:5000", "docker.io")),
        fc.array(part, { minLength: 1, maxLength: 4 }),
        fc.option(fc.stringMatching(/^[\w][\w.-]{0,20}$/)),
        fc.boolean(),
      )
      .map(
        ([registry, path, tag, hasDigest]) =>
          `${registry ? `${registry}/` : ""}${path.join("/")}${tag ? `:${tag}` : ""}${hasDigest ? `@sha256:${hex}` : ""}`,
      );
    fc.assert(
      fc.property(input, (text) => {
        const once = canonical(text);
        fc.pre(!once.startsWith("no: "));
        expect(canonical(once)).toBe(once);
      }),
    );
  });

  test("nothing that anyone writes makes it throw", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 200 }),
        fc.constantFrom("image", "model", "data" as const),
        (text, meant) => void parseReference(text, meant as "image"),
      ),
    );
  });
});

describe("models and data are read by their scheme, or as what they are meant to be", () => {
  test.each([
    [`oci://ghcr.io/org/model@sha256:${hex}`, `oci://ghcr.io/org/model@sha256:${hex}`],
    ["hf://org/model", "hf://org/model@main"],
    [`hf://org/model@${commit}/model.safetensors`, `hf://org/model@${commit}/model.safetensors`],
    [`hf://org/model:${commit}`, `hf://org/model@${commit}`],
    ["hf://datasets/org/set@v1", "hf://datasets/org/set@v1"],
    [
      `https://huggingface.co/org/model/resolve/${commit}/pytorch_model.bin`,
      `hf://org/model@${commit}/pytorch_model.bin`,
    ],
    ["https://hf.co/org/model", "hf://org/model@main"],
    [`org/model@${commit}`, `hf://org/model@${commit}`],
    ["s3://bucket/models/a/", "s3://bucket/models/a"],
    ["gs://bucket", "gs://bucket"],
    ["https://Models.example.com:443/a/b.gguf?download=true#x", "https://models.example.com/a/b.gguf"],
    ["pvc://claim/models", "pvc://claim/models"],
  ])("%s", (input, expected) => expect(canonical(input)).toBe(expected));

  test("an id without a scheme is a model's only where a model is meant", () => {
    expect(canonical("meta-llama/Llama-3.1-8B", "model")).toBe("hf://meta-llama/Llama-3.1-8B@main");
    expect(canonical("meta-llama/Llama-3.1-8B")).toMatch(/^no: /);
    expect(canonical("squad/data", "data")).toBe("hf://datasets/squad/data@main");
  });

  test.each([
    "http://models.example.com/a",
    "ftp://a/b",
    "https://user:word@models.example.com/a",
    "https://models.example.com/a/../b",
    "https://models.example.com/a/%2e%2e/b",
    "https://models.example.com/a%2fb",
    "https://models.example.com\\evil/a",
    "https:///a",
    "s3://Bucket/a",
    "s3://bucket/a//b",
    "hf://org/model@",
    "hf://org/../model",
    "hf://org/model@a@b",
    "pvc://Claim/x",
    "oci://ghcr.io/Org/model",
  ])("refused: %s", (input) => expect(isReference(parseReference(input, "model"))).toBe(false));

  test("only forty digits pin a revision", () => {
    for (const [input, pinned] of [
      [`hf://org/model@${commit}`, true],
      [`hf://org/model@${commit.slice(1)}`, false],
      ["hf://org/model@main", false],
    ] as const) {
      const read = parseReference(input);
      expect(isReference(read) && isPinned(read)).toBe(pinned);
    }
  });
});
