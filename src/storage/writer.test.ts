import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { recompute } from "#app/conformity.ts";
import type { Reader } from "./reader.ts";
import type { Writer } from "./writer.ts";

const sources = join(import.meta.dirname, "..");

test("only a change makes a writer", () => {
  const makers = readdirSync(sources, { recursive: true, encoding: "utf8" }).filter(
    (path) =>
      path.endsWith(".ts") &&
      !path.endsWith("writer.test.ts") &&
      /\bnew Writer\(/.test(readFileSync(join(sources, path), "utf8")),
  );
  expect(makers).toEqual([join("app", "change.ts")]);
});

test("a reader, or something of a writer's shape, does not pass for a writer", () => {
  type Shape = { [Member in keyof Writer]: Writer[Member] };
  const tries = (reader: Reader, shape: Shape): void => {
    // @ts-expect-error A reader may not write.
    void recompute(reader, [], "2026-01-01");
    // @ts-expect-error Nobody can build one by hand.
    const made: Writer = shape;
    void made;
  };
  expect(tries).toBeTypeOf("function");
});
