import { expect, test } from "vitest";
import { parseInstant } from "#core/basics/time.ts";
import { toJunit } from "./junit.ts";
import { toOpenReports } from "./openreports.ts";
import type { Report, ReportResult } from "./report.ts";
import { toSarif } from "./sarif.ts";

const result: ReportResult = {
  rule: "RB-04",
  severity: "high",
  message: `ServiceAccount ml/a may list secrets & "more" <\u0001>`,
  subject: "ServiceAccount ml/a",
  object: { kind: "RoleBinding", name: "b", namespace: "ml" },
  fingerprint: "f",
  fix: "Take it out",
  place: { file: "a b.yaml", line: 3 },
};
const report: Report = {
  name: "aims",
  version: "1",
  at: parseInstant("2026-11-24T10:00:00.000Z"),
  rules: [
    { id: "RB-04", severity: "high", text: "Reading all secrets" },
    { id: "RB-19", severity: "low", text: "Unused" },
    { id: "RB-11", severity: "medium", text: "Default account" },
  ],
  results: [result, { ...result, subject: "Group g", accepted: "ada: migration, until 2026-12-01" }],
  notEvaluated: [{ rule: "RB-19", why: "no logs" }],
};

test("SARIF holds the rule, the place, the suppression and what was not evaluated", () => {
  expect(toSarif(report)).toMatchObject({
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { rules: [{ id: "RB-04" }, { id: "RB-19" }, { id: "RB-11" }] } },
        invocations: [{ toolExecutionNotifications: [{ message: { text: "RB-19 was not evaluated: no logs" } }] }],
        results: [
          {
            ruleId: "RB-04",
            ruleIndex: 0,
            level: "error",
            locations: [{ physicalLocation: { artifactLocation: { uri: "a%20b.yaml" }, region: { startLine: 3 } } }],
          },
          { suppressions: [{ status: "accepted" }] },
        ],
      },
    ],
  });
});

test("JUnit fails a case for each violation, skips what is accepted or was not evaluated, and stays XML", () => {
  const xml = toJunit(report);
  expect(xml).toContain('tests="4" failures="1" errors="0" skipped="2"');
  expect(xml).toContain("may list secrets &amp; &quot;more&quot; &lt;\ufffd&gt;");
  expect(xml).toContain('<testcase classname="RB-11" name="Default account" time="0"/>');
});

test("OpenReports has a report for each namespace, and one of the cluster for what was not evaluated", () => {
  expect(toOpenReports(report)).toMatchObject({
    items: [
      { kind: "ClusterReport", summary: { fail: 0, skip: 1 }, results: [{ policy: "RB-19", result: "skip" }] },
      {
        kind: "Report",
        metadata: { namespace: "ml" },
        summary: { fail: 1, skip: 1 },
        results: [{ result: "fail", severity: "high" }, { result: "skip" }],
      },
    ],
  });
});
