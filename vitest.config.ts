import { defineConfig } from "vitest/config";

const integration = ["src/**/*.integration.test.ts", "test/integration/**/*.test.ts"];

/** A database takes seconds to create on a busy machine; a test that hangs must still end. */
const databaseTimeoutMs = 30_000;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["src/**/*.test.ts", "web/src/**/*.test.{ts,tsx}", "test/*.test.ts", "bench/*.test.ts", "scripts/*.test.ts"],
          exclude: ["**/node_modules/**", ...integration],
          pool: "threads",
          // Node's worker threads need no fresh globals here: tests of pure functions share nothing.
          isolate: false,
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
          include: ["test/journeys/**/*.test.ts"],
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
          include: ["test/independent/**/*.test.ts"],
          pool: "forks",
          maxWorkers: 1,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
