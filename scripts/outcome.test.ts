import { expect, test } from "vitest";
import { asOne, type Outcome, outcomeOfTests, type Report, skipped, sum } from "./outcome.ts";

type FileResult = Report["testResults"][number];

function file(name: string, statuses: readonly string[], changes: Partial<FileResult> = {}): FileResult {
  const assertionResults = statuses.map((status, index) => ({ fullName: ` test ${index}`, status }));
  const status = statuses.includes("failed") ? "failed" : "passed";
  return { name: `/repository/${name}`, message: "", status, assertionResults, ...changes };
}

function check(code: number, files: readonly FileResult[] | undefined, expected: Partial<Outcome>): void {
  const report = files && { testResults: files };
  const nothing = { passed: 0, failures: [], skips: [] };
  expect(outcomeOfTests("unit", { code, report, root: "/repository" })).toEqual({ ...nothing, ...expected });
}

test("tests are counted by what became of them, and named where they did not pass", () => {
  check(1, [file("a.test.ts", ["passed", "failed", "skipped", "passed"]), file("b.test.ts", ["todo"])], {
    passed: 2,
    failures: ["a.test.ts: test 1"],
    skips: ["a.test.ts: test 2: no reason given", "b.test.ts: test 0: no reason given"],
  });
});

test("a skipped test says why", () => {
  const assertionResults = [{ fullName: "proves", status: "skipped", meta: { skippedBecause: "no openssl" } }];
  check(0, [file("a.test.ts", [], { assertionResults })], { skips: ["a.test.ts: proves: no openssl"] });
});

test("a file that cannot be loaded is a failure", () => {
  check(1, [file("a.test.ts", [], { status: "failed", message: "Cannot find module\nat x" })], {
    failures: ["a.test.ts: Cannot find module"],
  });
});

test("a file that breaks after its tests passed is a failure too", () => {
  check(1, [file("a.test.ts", ["passed"], { status: "failed", message: "worker exited" })], {
    passed: 1,
    failures: ["a.test.ts: worker exited"],
  });
});

test("a file whose worker died is a failure, and its unfinished tests are not counted as passed", () => {
  check(1, [file("a.test.ts", ["pending"], { status: "failed" })], {
    failures: ["a.test.ts: its tests did not end"],
    skips: ["a.test.ts: test 0: no reason given"],
  });
});

test("a run that fails without a failed test is a failure", () => {
  check(1, [file("a.test.ts", ["passed"])], {
    passed: 1,
    failures: ["unit: the test runner ended with 1 and no failed test"],
  });
});

test("a run that leaves no report is a failure, whatever its exit code", () => {
  check(0, undefined, { failures: ["unit: the test runner ended with 0 and left no report"] });
});

test("a suite without a test is a failure", () => {
  check(0, [], { failures: ["unit: there is no test in it"] });
});

test("the last line counts everything", () => {
  expect(
    sum([asOne(true, ""), asOne(false, "lint"), skipped("journeys"), { passed: 40, failures: [], skips: [] }]),
  ).toBe("41 passed, 1 failed, 1 skipped");
});
