import type { Place } from "#core/basics/refusal.ts";
import type { Instant } from "#core/basics/time.ts";

export type ReportSeverity = "low" | "medium" | "high" | "critical";

export type ReportResult = {
  rule: string;
  severity: ReportSeverity;
  message: string;
  subject: string;
  /** What to change: `RoleBinding ml/trainer`. */
  object: { kind: string; name: string; namespace: string };
  /** The same result from one report to the next. */
  fingerprint: string;
  fix: string;
  place?: Place;
  /** Why it is lived with; absent when it is not. */
  accepted?: string;
};

/** What a scan found, for the formats in which pipelines and clusters exchange it. */
export type Report = {
  name: string;
  version: string;
  at: Instant;
  rules: readonly { id: string; severity: ReportSeverity; text: string }[];
  results: readonly ReportResult[];
  notEvaluated: readonly { rule: string; why: string }[];
};
