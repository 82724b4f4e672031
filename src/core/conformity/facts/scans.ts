import { dayOf } from "#core/basics/time.ts";
import { back } from "#core/records/follow.ts";
import type { RecordOf } from "#core/records/kind.ts";
import { every, type Clause } from "../check.ts";
import type { Today } from "../today.ts";
import { isDeployedInScope } from "./systems.ts";

export type ScanKind = "k8s_access_scan" | "image_policy_scan";
type Scan = RecordOf<ScanKind>;
type System = RecordOf<"ai_system">;
type Exception = RecordOf<"exception">;

/** Whether it runs where the organisation itself answers for it: not as a supplier's service. */
export const isRunHere = (system: System): boolean => system.acquisition !== "service";

/** Whether it is in use, in scope, and runs on a cluster of the organisation, as far as is known. */
export const runsOnKubernetes = (system: System): boolean =>
  isDeployedInScope(system) && isRunHere(system) && system.not_on_kubernetes === undefined;

/** Whether it is the newest scan of a namespace of an AI system, and ended without error. */
export const isNewest = (scan: Scan): boolean => scan.state === "taken" && (scan.newest_for ?? []).length > 0;

/** Whether the scan is the newest one of the namespace; what belongs to no namespace counts with any. */
export const isNewestOf = (scan: Scan, namespace: string | undefined): boolean =>
  namespace === undefined || (scan.newest_for ?? []).some((place) => place.namespace === namespace);

/** How old a scan may be: a day for tier 1, a week for the others. Within a day means of today or yesterday. */
const mayBeDaysOld = (system: System): number => ((system.tier ?? 1) === 1 ? 1 : 7);

/** Why nothing can be said of a namespace of the system today, or nothing when the newest scan of each is good and young enough. */
export function whyNotSeen(system: System, scans: readonly Scan[], today: Today): string | undefined {
  const namespaces = system.namespaces ?? [];
  if (namespaces.length === 0) return "names no Kubernetes namespace";
  for (const namespace of namespaces) {
    const scan = scans.find(({ newest_for: places }) =>
      (places ?? []).some((place) => place.namespace === namespace && place.ai_system === system.ref),
    );
    if (scan?.taken_at === undefined) return `no scan covers ${namespace}`;
    if (scan.state === "failed") return `the newest scan of ${namespace}, ${scan.ref}, ended with an error`;
    const taken = dayOf(scan.taken_at);
    const days = mayBeDaysOld(system);
    if (today.isLongerThan(days, taken))
      return `${namespace} was last scanned on ${taken}, and is due every ${days === 1 ? "day" : `${days} days`}`;
  }
  return undefined;
}

/** What leans on scans is unknown while a namespace of a deployed AI system has no good scan that is young enough. */
export const everyNamespaceSeen = (kind: ScanKind): Clause =>
  every("ai_system", {
    where: runsOnKubernetes,
    follow: { scans: back(kind, "newest_for.ai_system") },
    must: ({ record, scans, today }) => {
      const reason = whyNotSeen(record, scans, today);
      return reason === undefined || { unknown: reason };
    },
    empty: "not_applicable",
    because: "no deployed AI system runs on Kubernetes",
  });

/** Whether an exception that is in force and names a risk covers the result of a scan. */
export function isExcepted(
  result: { rule: string; exception?: string },
  exceptions: readonly Exception[],
  today: Today,
): boolean {
  const exception = exceptions.find(({ ref }) => ref === result.exception);
  return (
    exception?.state === "granted" &&
    exception.risk !== undefined &&
    (exception.rule === undefined || exception.rule === result.rule) &&
    exception.valid_until !== undefined &&
    !today.isPast(exception.valid_until)
  );
}

/** The rules, of those asked about, that the scan did not carry out, with why. */
export function notCarriedOut(scan: Scan, rules: readonly string[]): string | undefined {
  const open = (scan.not_evaluated ?? []).filter(({ rule }) => rules.includes(rule));
  return open.length === 0 ? undefined : open.map(({ rule, why }) => `${rule} was not carried out: ${why}`).join("; ");
}
