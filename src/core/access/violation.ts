import type { Day } from "#core/basics/time.ts";
import type { Place } from "#core/basics/refusal.ts";

const severities = ["low", "medium", "high", "critical"] as const;
export type Severity = (typeof severities)[number];

/** What each rule flags, and how grave that is where nothing else is said. */
export const accessRules = {
  "RB-01": { severity: "critical", flags: "Cluster administration, or what equals it" },
  "RB-02": { severity: "critical", flags: "Wildcard verbs, resources or API groups" },
  "RB-03": { severity: "critical", flags: "Verbs escalate, bind or impersonate" },
  "RB-04": { severity: "high", flags: "Reading all secrets" },
  "RB-05": { severity: "high", flags: "Making or changing pods by the service account of an inference workload" },
  "RB-06": { severity: "high", flags: "Entering containers in production" },
  "RB-07": { severity: "high", flags: "Making tokens of service accounts or approving certificates" },
  "RB-08": { severity: "high", flags: "Reaching nodes, their proxy or paths of the host" },
  "RB-09": { severity: "high", flags: "Changing admission webhooks or policies" },
  "RB-10": { severity: "medium", flags: "A binding of the cluster where one of a namespace would do" },
  "RB-11": { severity: "medium", flags: "A workload that runs as the default service account" },
  "RB-12": { severity: "medium", flags: "An API token mounted without need" },
  "RB-13": { severity: "low", flags: "Rights given to a person directly" },
  "RB-14": { severity: "critical", flags: "A binding to everybody, signed in or not" },
  "RB-15": { severity: "critical", flags: "A member of the unlimited system group" },
  "RB-16": { severity: "high", flags: "Writing to the production registry and deploying from it" },
  "RB-17": { severity: "high", flags: "Rights in production for a subject of development" },
  "RB-18": { severity: "medium", flags: "A binding to somebody who is gone" },
  "RB-19": { severity: "low", flags: "A right that nobody used" },
  "RB-20": { severity: "high", flags: "An agent whose credential is wider than its tools" },
} as const satisfies Record<string, { severity: Severity; flags: string }>;

export type AccessRuleId = keyof typeof accessRules;

/** A change that mends a violation: a JSON patch (RFC 6902) of one object. */
export type Fix = {
  says: string;
  target: { kind: string; name: string; namespace: string };
  patch: readonly { op: "add" | "remove" | "replace"; path: string; value?: unknown }[];
};

export type Violation = {
  rule: AccessRuleId;
  severity: Severity;
  /** `ServiceAccount ml/trainer`, `Group developers`, or the workload itself. */
  subject: string;
  object: string;
  /** Empty when it holds in the whole cluster. */
  namespace: string;
  verbs: readonly string[];
  resources: readonly string[];
  message: string;
  /** From the subject to what it may do, step by step with the object that grants it. */
  path: readonly string[];
  fix: Fix;
  /** Absent when the workload or namespace belongs to none that is known. */
  aiSystem?: string;
  place?: Place;
  /** Set when an exception covers it today. */
  exception?: Exception;
  /** Whether the baseline already held it. */
  isKnown?: boolean;
};

/** Why a violation is lived with, who answers for that and until when. */
export type Exception = { rule: string; subject?: string; object?: string; owner: string; reason: string; until: Day };

/** The same violation from one scan to the next. */
export function violationKey({ rule, subject, object }: Pick<Violation, "rule" | "subject" | "object">): string {
  return `${rule} ${subject} ${object}`;
}

/** The violations with the exceptions that cover them on the day, and what the baseline knew. */
export function settle(
  violations: readonly Violation[],
  { exceptions, baseline, day }: { exceptions: readonly Exception[]; baseline: ReadonlySet<string>; day: Day },
): Violation[] {
  return violations.map((violation) => {
    const exception = exceptions.find(
      ({ rule, subject, object, until }) =>
        rule === violation.rule &&
        (subject ?? violation.subject) === violation.subject &&
        (object ?? violation.object) === violation.object &&
        until >= day,
    );
    const isKnown = baseline.has(violationKey(violation));
    return { ...violation, ...(exception ? { exception } : {}), ...(isKnown ? { isKnown } : {}) };
  });
}

/** The violations that are neither excepted nor known and at least as grave. */
export function standing(violations: readonly Violation[], least: Severity): Violation[] {
  return violations.filter(
    ({ severity, exception, isKnown }) =>
      !exception && !isKnown && severities.indexOf(severity) >= severities.indexOf(least),
  );
}
