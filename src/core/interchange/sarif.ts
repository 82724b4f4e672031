import type { Report, ReportResult, ReportSeverity } from "./report.ts";

const levels: Record<ReportSeverity, "note" | "warning" | "error"> = {
  low: "note",
  medium: "warning",
  high: "error",
  critical: "error",
};
/** What code hosts sort by. */
const grades: Record<ReportSeverity, number> = { low: 3, medium: 5, high: 8, critical: 9.5 };

/** The report as a SARIF 2.1.0 log. */
export function toSarif({ name, version, rules, results, notEvaluated, at }: Report): unknown {
  return {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name,
            version,
            rules: rules.map(({ id, severity, text }) => ({
              id,
              shortDescription: { text },
              defaultConfiguration: { level: levels[severity] },
              properties: { "security-severity": grades[severity].toFixed(1) },
            })),
          },
        },
        invocations: [
          {
            executionSuccessful: true,
            endTimeUtc: at,
            toolExecutionNotifications: notEvaluated.map(({ rule, why }) => ({
              level: "warning",
              associatedRule: { id: rule },
              message: { text: `${rule} was not evaluated: ${why}` },
            })),
          },
        ],
        results: results.map((result) =>
          toResult(
            result,
            rules.findIndex(({ id }) => id === result.rule),
          ),
        ),
      },
    ],
  };
}

function toResult(result: ReportResult, ruleIndex: number): unknown {
  const { rule, severity, message, object, fingerprint, place, accepted, fix } = result;
  const physicalLocation =
    place?.file === undefined
      ? {}
      : {
          physicalLocation: {
            artifactLocation: { uri: encodeURI(place.file) },
            region: { startLine: place.line ?? 1 },
          },
        };
  const fullyQualifiedName = `${object.kind}/${object.namespace === "" ? "" : `${object.namespace}/`}${object.name}`;
  return {
    ruleId: rule,
    ruleIndex,
    kind: "fail",
    level: levels[severity],
    message: { text: `${message}. ${fix}` },
    locations: [
      { ...physicalLocation, logicalLocations: [{ name: object.name, fullyQualifiedName, kind: "resource" }] },
    ],
    partialFingerprints: { "aims/v1": fingerprint },
    ...(accepted === undefined
      ? {}
      : { suppressions: [{ kind: "external", status: "accepted", justification: accepted }] }),
  };
}
