/** A job that comes again and again. */
export type Repeating = { stop(): Promise<void> };

/**
 * Does the work, the first time after `firstMs` and then `everyMs` after each end, never twice at
 * once. A fault is told, and the work tried again at its next time.
 */
export function repeat(
  work: () => Promise<void>,
  { firstMs, everyMs, onFault }: { firstMs: number; everyMs: number; onFault: (fault: unknown) => void },
): Repeating {
  let isStopped = false;
  let running: Promise<void> = Promise.resolve();
  let timer = setTimeout(turn, firstMs);
  function turn(): void {
    running = work()
      .then(undefined, onFault)
      .then(() => {
        if (!isStopped) timer = setTimeout(turn, everyMs);
      });
  }
  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
