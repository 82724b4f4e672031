import { expect, test } from "vitest";
import { compare, measure, percentile, withGoal } from "./harness.ts";

test("a percentile is one of the measured values, by nearest rank", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
  expect([0, 0.5, 0.95, 1].map((share) => percentile(hundred, share))).toEqual([1, 50, 95, 100]);
  expect(percentile([7], 0.95)).toBe(7);
  expect(() => percentile([], 0.5)).toThrow("Cannot take a percentile: nothing was measured");
});

test("warm-ups run but are not counted, and each run is undone", async () => {
  let calls = 0;
  let resets = 0;
  const measured = await measure("counting", () => (calls += 1), {
    warmUps: 2,
    runs: 5,
    items: 10,
    reset: () => (resets += 1),
  });
  expect([calls, resets, measured.runs]).toEqual([7, 7, 5]);
  expect(measured.perSecond).toBeCloseTo(10_000 / measured.medianMs);
});

test("a comparison runs in turns and tells how many times the baseline it took", async () => {
  const order: string[] = [];
  const [base, measured] = await compare(
    { name: "base", work: () => order.push("base") },
    { name: "candidate", work: () => order.push("candidate") },
    { warmUps: 0, runs: 2 },
  );
  expect(order).toEqual(["base", "candidate", "base", "candidate"]);
  expect(measured.ratio).toEqual({ to: "base", times: measured.medianMs / base.medianMs });
});

test("a missed goal says so", async () => {
  const measured = await measure("nothing", () => undefined, { warmUps: 0, runs: 1 });
  expect(withGoal(measured, "p95 < 0 ms", ({ p95Ms }) => p95Ms < 0).goal).toEqual({ says: "p95 < 0 ms", isMet: false });
});
