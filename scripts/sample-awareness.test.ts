import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { acknowledgements, file } from "./sample-awareness.ts";

test("the sample's acknowledgements are what its script writes", () => {
  expect(readFileSync(file, "utf8") === acknowledgements()).toBe(true);
});
