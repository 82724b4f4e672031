import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

test("the registries of kinds and checks are what their folders say", () => {
  const { status, stderr } = spawnSync(process.execPath, ["scripts/gather.mjs", "--check"], {
    cwd: join(import.meta.dirname, ".."),
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});
