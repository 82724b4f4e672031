import { defineConfig } from "vitest/config";
import { ReasonsReporter } from "./test/ground/reasons-reporter.ts";

// Other people's implementations of the same formats (Go, openssl), where the machine has them.
const independent = ["src/**/independent.test.ts", "src/**/*.independent.test.ts", "test/independent/**/*.test.ts"];
const integration = ["src/**/*.integration.test.ts", "test/integration/**/*.test.ts", "test/transcripts/**/*.test.ts"];
const journeys = ["test/journeys/**/*.test.ts"];

/** Exhaustive tests of proofs take seconds alone, and several times that beside others on two cores. */
const unitTimeoutMs = 60_000;

/** A database takes seconds to create on a busy machine; a test that hangs must still end. */
const databaseTimeoutMs = 30_000;

/** Where `npm test` reads the result. It is the JSON reporter's, with the reasons of skipped tests added. */
const report = process.env["AIMS_TEST_REPORT"];

export default defineConfig({
  test: {
    reporters: report ? ["default", new ReasonsReporter(), ["json", { outputFile: report }]] : ["default"],
    projects: [
      {
        test: {
          name: "unit",
          include: ["{src,test,bench,scripts}/**/*.test.ts", "web/src/**/*.test.{ts,tsx}"],
          exclude: ["**/node_modules/**", ...integration, ...independent, ...journeys],
          pool: "threads",
          // Node's worker threads need no fresh globals here: tests of pure functions share nothing.
          isolate: false,
          testTimeout: unitTimeoutMs,
        },
      },
      {
        test: {
          name: "integration",
          include: integration,
          pool: "forks",
          maxWorkers: 2,
          testTimeout: databaseTimeoutMs,
          hookTimeout: databaseTimeoutMs * 2,
        },
      },
      {
        test: {
          name: "journeys",
          include: journeys,
          pool: "forks",
          // One Chromium and one server at a time: a second worker hardly helps on two cores.
          maxWorkers: 1,
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "independent",
          include: independent,
          pool: "forks",
          maxWorkers: 1,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
