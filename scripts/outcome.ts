import { relative } from "node:path";

/** What came of a suite. */
export type Outcome = {
  passed: number;
  /** Each failure in a line. */
  failures: readonly string[];
  /** Each skipped suite or test in a line, with the reason. */
  skips: readonly string[];
};

/** The part of the JSON reporter's format that is read here; `skippedBecause` is added by our own reporter. */
export type Report = {
  testResults: readonly {
    name: string;
    message: string;
    status: string;
    assertionResults: readonly { fullName: string; status: string; meta?: { skippedBecause?: string } }[];
  }[];
};

export const nothing: Outcome = { passed: 0, failures: [], skips: [] };

/** The outcome of what either works or does not. */
export function asOne(isGood: boolean, failure: string): Outcome {
  return isGood ? { ...nothing, passed: 1 } : { ...nothing, failures: [failure] };
}

/** The outcome of a suite that could not run here. */
export function skipped(reason: string): Outcome {
  return { ...nothing, skips: [reason] };
}

type Run = {
  /** The test runner's exit code. */
  code: number;
  /** Absent when it ended before it wrote one. */
  report: Report | undefined;
  /** The folder that files are named from. */
  root: string;
};

/** The outcome of a run of tests. Nothing tested is a failure, and so is a run that failed without a failed test. */
export function outcomeOfTests(name: string, { code, report, root }: Run): Outcome {
  if (!report) return { ...nothing, failures: [`${name}: the test runner ended with ${code} and left no report`] };
  const outcome = read(report, root);
  if (outcome.failures.length > 0) return outcome;
  if (outcome.passed + outcome.skips.length === 0) return { ...outcome, failures: [`${name}: there is no test in it`] };
  // A worker that dies, or an error outside of any test.
  if (code !== 0) return { ...outcome, failures: [`${name}: the test runner ended with ${code} and no failed test`] };
  return outcome;
}

function read({ testResults }: Report, root: string): Outcome {
  const tests = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map((result) => ({ ...result, line: `${relative(root, name)}: ${result.fullName.trim()}` })),
  );
  const brokenFiles = testResults.filter(
    ({ status, assertionResults }) => status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  );
  return {
    passed: tests.filter(({ status }) => status === "passed").length,
    failures: [
      ...tests.filter(({ status }) => status === "failed").map(({ line }) => line),
      ...brokenFiles.map(
        ({ name, message }) => `${relative(root, name)}: ${message.split("\n")[0] || "its tests did not end"}`,
      ),
    ],
    skips: tests
      .filter(({ status }) => status !== "passed" && status !== "failed")
      .map(({ line, meta }) => `${line}: ${meta?.skippedBecause ?? "no reason given"}`),
  };
}

/** All outcomes in the words that `npm test` ends with. */
export function sum(outcomes: readonly Outcome[]): string {
  const passed = outcomes.reduce((total, outcome) => total + outcome.passed, 0);
  const failed = outcomes.flatMap(({ failures }) => failures).length;
  const skips = outcomes.flatMap((outcome) => outcome.skips).length;
  return `${passed} passed, ${failed} failed, ${skips} skipped`;
}
