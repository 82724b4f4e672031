import type { Reporter, TestCase } from "vitest/node";

/** Puts the reason given to `context.skip(reason)` where the JSON reporter writes it: in the test's `meta`. */
export class ReasonsReporter implements Reporter {
  onTestCaseResult(testCase: TestCase): void {
    const result = testCase.result();
    if (result.state === "skipped" && result.note) Object.assign(testCase.meta(), { skippedBecause: result.note });
  }
}
