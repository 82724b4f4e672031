import { expect, test, vi } from "vitest";
import { repeat } from "./repeat.ts";

test("work comes again after each end, also after a fault, and ends when it is stopped", async () => {
  vi.useFakeTimers();
  try {
    const faults: unknown[] = [];
    let runs = 0;
    const job = repeat(
      async () => {
        runs += 1;
        if (runs === 2) throw new Error("once");
      },
      { firstMs: 10, everyMs: 100, onFault: (fault) => faults.push(fault) },
    );
    await vi.advanceTimersByTimeAsync(9);
    expect(runs).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(runs).toBe(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(runs).toBe(3);
    expect(faults).toHaveLength(1);
    await job.stop();
    await vi.advanceTimersByTimeAsync(1000);
    expect(runs).toBe(3);
  } finally {
    vi.useRealTimers();
  }
});

test("work that is under way is not begun again, and stopping waits for it", async () => {
  vi.useFakeTimers();
  try {
    let runs = 0;
    let finish = () => {};
    const job = repeat(
      () => {
        runs += 1;
        return new Promise<void>((resolve) => (finish = resolve));
      },
      { firstMs: 0, everyMs: 10, onFault: () => {} },
    );
    await vi.advanceTimersByTimeAsync(1000);
    expect(runs).toBe(1);
    let isStopped = false;
    const stopping = job.stop().then(() => (isStopped = true));
    await vi.advanceTimersByTimeAsync(0);
    expect(isStopped).toBe(false);
    finish();
    await stopping;
    await vi.advanceTimersByTimeAsync(1000);
    expect(runs).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});
