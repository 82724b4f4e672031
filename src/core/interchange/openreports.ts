import { millisecondsOf, type Instant } from "#core/basics/time.ts";
import type { Report, ReportResult } from "./report.ts";

/** The report as OpenReports objects (openreports.io/v1alpha1): one a namespace, and one for what is of the cluster. */
export function toOpenReports({ name, results, notEvaluated, at }: Report): unknown {
  const namespaces = [...new Set(results.map(({ object }) => object.namespace))].toSorted();
  if (!namespaces.includes("")) namespaces.unshift("");
  const timestamp = { seconds: secondsOf(at), nanos: 0 };
  return {
    apiVersion: "v1",
    kind: "List",
    items: namespaces.map((namespace) => {
      const here = results.filter(({ object }) => object.namespace === namespace);
      const skipped = namespace === "" ? notEvaluated : [];
      const count = (isAccepted: boolean) =>
        here.filter(({ accepted }) => (accepted !== undefined) === isAccepted).length;
      return {
        apiVersion: "openreports.io/v1alpha1",
        kind: namespace === "" ? "ClusterReport" : "Report",
        metadata: {
          name: "aims-access",
          ...(namespace === "" ? {} : { namespace }),
          labels: { "app.kubernetes.io/managed-by": name },
        },
        source: name,
        summary: { pass: 0, fail: count(false), warn: 0, error: 0, skip: count(true) + skipped.length },
        results: [
          ...here.map((result) => toResult(result, timestamp)),
          ...skipped.map(({ rule, why }) => ({
            policy: rule,
            rule,
            source: name,
            result: "skip",
            message: why,
            timestamp,
          })),
        ],
        ...(namespace === "" ? {} : { scope: { apiVersion: "v1", kind: "Namespace", name: namespace } }),
      };
    }),
  };
}

function toResult(
  { rule, severity, message, subject, object, fix, accepted }: ReportResult,
  timestamp: unknown,
): unknown {
  return {
    policy: rule,
    rule,
    source: "aims",
    severity,
    result: accepted === undefined ? "fail" : "skip",
    message,
    timestamp,
    subjects: [
      { kind: object.kind, name: object.name, ...(object.namespace === "" ? {} : { namespace: object.namespace }) },
    ],
    properties: { subject, fix, ...(accepted === undefined ? {} : { accepted }) },
  };
}

function secondsOf(at: Instant): number {
  return Math.floor(millisecondsOf(at) / 1000);
}
