import { readBoard } from "#app/board.ts";
import { checkFromScratch } from "#app/conformity.ts";
import { checks } from "#core/conformity/all.ts";
import { evaluate } from "#core/conformity/evaluate.ts";
import { MemoryRecords } from "#core/records/memory.ts";
import { dayOf } from "#core/basics/time.ts";
import { createDatabase, findPostgres, startPostgres } from "#test/ground/postgres.ts";
import { measure, withGoal, type Bench, type Measurement } from "./harness.ts";
import { fillOrganization, openBenchWorld, recordsOf } from "./organisation.ts";

// Reading the board must cost the same whatever the number of records; computing it from scratch may not.

const sizes = [1_000, 10_000, 100_000];

export const bench: Bench = {
  title: "The board",
  async run() {
    const measurements = [...(await fromScratch()), ...(await onEngine("PGlite"))];
    if (!findPostgres()) return measurements;
    const server = await startPostgres();
    try {
      measurements.push(...(await onEngine("PostgreSQL", await createDatabase(server.ownerUrl))));
    } finally {
      await server.stop();
    }
    return measurements;
  },
};

async function onEngine(engine: string, url?: string): Promise<Measurement[]> {
  const world = await openBenchWorld(url);
  try {
    const measurements: Measurement[] = [];
    for (const size of sizes) {
      const seat = await fillOrganization(world, size);
      const read = await measure(
        `${engine}: read the board of ${size.toLocaleString("en")} records`,
        () => readBoard(world, seat),
        { warmUps: 10, runs: 60 },
      );
      measurements.push(withGoal(read, "p95 under 20 ms", ({ p95Ms }) => p95Ms < 20));
      if (size === sizes.at(-1))
        measurements.push(
          await measure(`${engine}: compare it with a computation from scratch`, () => checkFromScratch(world, seat), {
            warmUps: 0,
            runs: 1,
          }),
        );
    }
    return measurements;
  } finally {
    await world.close();
  }
}

async function fromScratch(): Promise<Measurement[]> {
  const size = 100_000;
  const all = recordsOf(size);
  const day = dayOf(all[0]?.recorded_at ?? ("" as never));
  const load = await measure(
    `put ${size.toLocaleString("en")} records in memory with their links`,
    () => new MemoryRecords(all),
    { warmUps: 1, runs: 5, items: size },
  );
  const records = new MemoryRecords(all);
  const evaluated = await measure(
    `evaluate ${checks.length} checks over ${size.toLocaleString("en")} records from scratch`,
    () => checks.map((check) => evaluate(check, { records, day, shared: new Map() }).result),
    { warmUps: 1, runs: 5, items: size },
  );
  return [load, withGoal(evaluated, "100,000 records under 5 s", ({ medianMs }) => medianMs + load.medianMs < 5000)];
}
