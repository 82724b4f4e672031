import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { file, workforce } from "./sample-workforce.ts";

test("the sample's workforce is what its script writes", () => {
  expect(readFileSync(file, "utf8") === workforce()).toBe(true);
});
