/** What one way of doing something cost. */
export type Measurement = {
  name: string;
  runs: number;
  medianMs: number;
  p95Ms: number;
  /** Things done in a second at the median, where a run does several. */
  perSecond?: number;
  /** How many times the median of the baseline that ran in turns with it: what to trust on a noisy machine. */
  ratio?: { to: string; times: number };
  /** The figure to reach, in words, and whether it was. */
  goal?: { says: string; isMet: boolean };
};

/** A file `x.bench.ts` exports one of these as `bench`; `npm run bench -- x` runs it alone. */
export type Bench = { title: string; run: () => Promise<Measurement[]> };

export type Work = () => unknown;

type Settings = {
  /** Runs before counting starts, so that the code is compiled and the caches are filled. */
  warmUps?: number;
  runs?: number;
  /** How many things one run does. */
  items?: number;
  /** Undoes a run, off the clock. */
  reset?: Work;
};

/** Measures `work` alone. */
export async function measure(name: string, work: Work, settings: Settings = {}): Promise<Measurement> {
  const { warmUps = 3, runs = 20 } = settings;
  for (let run = 0; run < warmUps; run += 1) await timed(work, settings.reset);
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) times.push(await timed(work, settings.reset));
  return summary(name, times, settings.items);
}

/** Measures `work` and its baseline in turns, so that whatever slows the machine slows both. */
export async function compare(
  baseline: { name: string; work: Work },
  candidate: { name: string; work: Work },
  settings: Settings = {},
): Promise<[Measurement, Measurement]> {
  const { warmUps = 3, runs = 20, reset } = settings;
  const times: { baseline: number[]; candidate: number[] } = { baseline: [], candidate: [] };
  for (let run = -warmUps; run < runs; run += 1) {
    const spent = [await timed(baseline.work, reset), await timed(candidate.work, reset)] as const;
    if (run < 0) continue;
    times.baseline.push(spent[0]);
    times.candidate.push(spent[1]);
  }
  const base = summary(baseline.name, times.baseline, settings.items);
  const measured = summary(candidate.name, times.candidate, settings.items);
  return [base, { ...measured, ratio: { to: base.name, times: measured.medianMs / base.medianMs } }];
}

/** The measurement, held against a goal. */
export function withGoal(measured: Measurement, says: string, isMet: (measured: Measurement) => boolean): Measurement {
  return { ...measured, goal: { says, isMet: isMet(measured) } };
}

/** The smallest of `sorted` that at least `share` of them do not exceed (the nearest-rank percentile). */
export function percentile(sorted: readonly number[], share: number): number {
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  if (value === undefined) throw new Error("Cannot take a percentile: nothing was measured");
  return value;
}

async function timed(work: Work, reset: Work | undefined): Promise<number> {
  const started = performance.now();
  await work();
  const spent = performance.now() - started;
  await reset?.();
  return spent;
}

function summary(name: string, times: readonly number[], items: number | undefined): Measurement {
  const sorted = times.toSorted((a, b) => a - b);
  const medianMs = percentile(sorted, 0.5);
  const measured = { name, runs: sorted.length, medianMs, p95Ms: percentile(sorted, 0.95) };
  return items === undefined ? measured : { ...measured, perSecond: (items * 1000) / medianMs };
}
