import { addDays } from "#core/basics/time.ts";
import { all, back, out, via } from "#core/records/follow.ts";
import type { RecordOf } from "#core/records/kind.ts";
import { check, every, some, type Check } from "../check.ts";
import { approvalOf } from "../facts/approvals.ts";
import { reviewWithin, whyNotReviewed } from "../facts/differences.ts";
import { procedureMends, someProcedure } from "../facts/procedures.ts";
import {
  everyNamespaceSeen,
  isExcepted,
  isNewest,
  isNewestOf,
  isRunHere,
  notCarriedOut,
  runsOnKubernetes,
  whyNotSeen,
} from "../facts/scans.ts";
import { listed } from "../facts/words.ts";
import { make, on } from "../mend.ts";
import { settingsOf } from "../settings.ts";
import type { Today } from "../today.ts";

type Scan = RecordOf<"image_policy_scan">;
type Result = NonNullable<Scan["results"]>[number];
type Workload = NonNullable<Scan["workloads"]>[number];
type Container = NonNullable<Workload["containers"]>[number];
type Placed = { workload: Workload; container: Container };
type Release = RecordOf<"release">;

const sourceKinds = ["image", "package", "model", "data"] as const;

/** Days for which data on vulnerabilities say anything (IM-06). */
const vulnerabilityDataDays = 7;

const nothingScanned = { empty: "not_applicable", because: "no namespace of an AI system was scanned" } as const;

const where = (result: Result): string =>
  [result.namespace, result.workload, result.container].filter((part) => part !== undefined).join("/");
const said = (result: Result): string =>
  `${result.rule} ${where(result)}: ${result.message} (since ${result.first_seen})`;
const place = ({ workload, container }: Placed): string =>
  `${workload.namespace}/${workload.name}/${container.name ?? container.image}`;

/** The containers of the namespaces of which the scan is the newest. */
const containersOf = (scan: Scan): Placed[] =>
  (scan.workloads ?? [])
    .filter((workload) => isNewestOf(scan, workload.namespace))
    .flatMap((workload) => (workload.containers ?? []).map((container) => ({ workload, container })));

const resultsOf = (scan: Scan, ...rules: string[]): Result[] =>
  (scan.results ?? []).filter((result) => rules.includes(result.rule) && isNewestOf(scan, result.namespace));

/** Whether a result about the container, under one of the rules, is covered by an exception in force. */
const isContainerExcepted = (
  scan: Scan,
  { workload, container }: Placed,
  rules: readonly string[],
  { exceptions, today }: { exceptions: readonly RecordOf<"exception">[]; today: Today },
): boolean =>
  resultsOf(scan, ...rules).some(
    (result) =>
      result.namespace === workload.namespace &&
      (result.workload === undefined || result.workload === workload.name) &&
      (result.container === undefined || result.container === container.name) &&
      (result.image === undefined || result.image === container.image) &&
      isExcepted(result, exceptions, today),
  );

const systemsOf = (placed: readonly Placed[]) => [
  ...new Set(placed.flatMap(({ workload }) => workload.ai_system ?? [])),
];
const systemsIn = (results: readonly Result[]) => [...new Set(results.flatMap((result) => result.ai_system ?? []))];
const exceptions = { exceptions: out("exception", "results.exception") };

/** The containers of a workload whose digest is none of those its release was approved with. */
function strangers(workload: Workload, release: Release | undefined): Container[] {
  const approved = new Set(
    (release?.images ?? []).map((image) => image.digest).filter((digest) => digest !== undefined),
  );
  return (workload.containers ?? []).filter(
    ({ role, digest }) => role !== "ephemeral" && (digest === undefined || !approved.has(digest)),
  );
}

/** Checks whose home is M12 (approved sources and proven integrity, held under 8.1). */
export const checks: readonly Check[] = [
  check(
    "image.policy",
    [...procedureMends("X.REG", ["sources_allowed", "proof_of_integrity", "exceptions"])],
    someProcedure(
      "X.REG",
      ["sources_allowed", "proof_of_integrity", "exceptions"],
      "which sources of images, packages, models and data are allowed",
    ),
  ),
  check(
    "image.approved_sources",
    [
      on("approved_source", "approve"),
      on("approved_source", "endorse"),
      on("approved_source", "revise"),
      make("approved_source", "propose"),
    ],
    ...sourceKinds.map((kind) =>
      some("approved_source", {
        where: (record) => record.state === "approved" && record.source_kind === kind,
        must: () => true,
        because: `no source of the kind ${kind} is approved`,
      }),
    ),
    every("approved_source", {
      where: (record) => record.state === "approved",
      follow: { approvals: back("approval", "about") },
      must: ({ record, approvals, today }) => {
        if (record.owner === undefined) return "it has no owner";
        if (approvalOf(record, approvals) === undefined) return "nobody approved it as it stands";
        if (record.next_review_on === undefined) return "it has no date for its next review";
        return !today.isPast(record.next_review_on) || `its review was due on ${record.next_review_on}`;
      },
      empty: "fail",
      because: "no source is approved",
    }),
  ),
  check(
    "image.scanned",
    [make("task", "open", { about: "why", with: { task_kind: "action" } }), on("ai_system", "amend")],
    every("ai_system", {
      where: runsOnKubernetes,
      follow: { scans: back("image_policy_scan", "newest_for.ai_system") },
      must: ({ record, scans, today }) => whyNotSeen(record, scans, today) ?? true,
      empty: "not_applicable",
      because: "no deployed AI system runs on Kubernetes",
    }),
    every("image_policy_scan", {
      where: isNewest,
      must: ({ record }) => {
        const counts = record.object_counts;
        const missing = (["init", "sidecar", "ephemeral"] as const).filter((role) => counts?.[role] === undefined);
        return missing.length === 0 || `it does not say that it looked at ${listed(missing)} containers`;
      },
      ...nothingScanned,
    }),
  ),
  check(
    "image.only_approved",
    [
      on("approved_source", "approve"),
      make("task", "open", { about: "why", with: { task_kind: "action" } }),
      make("exception", "request", { about: "about" }),
      on("image_policy_scan", "link_exceptions"),
      make("approved_source", "propose", { with: { source_kind: "image" } }),
    ],
    everyNamespaceSeen("image_policy_scan"),
    every("image_policy_scan", {
      where: isNewest,
      follow: { ...exceptions, sources: out("approved_source", "workloads.containers.source") },
      must: ({ record, exceptions, sources, today }) => {
        const results = resultsOf(record, "IM-01").filter((result) => !isExcepted(result, exceptions, today));
        if (results.length > 0) return { fails: results.map(said).join("; "), records: systemsIn(results) };
        const approved = new Set(sources.filter((source) => source.state === "approved").map((source) => source.ref));
        const foreign = containersOf(record).filter(
          (placed) =>
            (placed.container.source === undefined || !approved.has(placed.container.source)) &&
            !isContainerExcepted(record, placed, ["IM-01"], { exceptions, today }),
        );
        if (foreign.length > 0)
          return {
            fails: foreign
              .map(
                (placed) =>
                  `${place(placed)} comes from ${placed.container.source ?? "no approved source"}, which is not approved`,
              )
              .join("; "),
            records: systemsOf(foreign),
          };
        const open = notCarriedOut(record, ["IM-01"]);
        return open === undefined || { unknown: open };
      },
      ...nothingScanned,
    }),
  ),
  check(
    "image.pinned",
    [make("task", "open", { about: "why", with: { task_kind: "action" } })],
    everyNamespaceSeen("image_policy_scan"),
    every("image_policy_scan", {
      where: isNewest,
      must: ({ record }) => {
        const results = resultsOf(record, "IM-02");
        if (results.length > 0) return { fails: results.map(said).join("; "), records: systemsIn(results) };
        const loose = containersOf(record).filter(({ container }) => container.pinned === false);
        if (loose.length > 0)
          return {
            fails: loose.map((placed) => `${place(placed)} is named by tag`).join("; "),
            records: systemsOf(loose),
          };
        const open = notCarriedOut(record, ["IM-02"]);
        return open === undefined || { unknown: open };
      },
      ...nothingScanned,
    }),
  ),
  check(
    "image.signed",
    [
      make("task", "open", { about: "why", with: { task_kind: "action" } }),
      make("exception", "request", { about: "about" }),
      on("image_policy_scan", "link_exceptions"),
    ],
    everyNamespaceSeen("image_policy_scan"),
    every("image_policy_scan", {
      where: isNewest,
      follow: exceptions,
      must: ({ record, exceptions, today }) => {
        const results = resultsOf(record, "IM-03").filter((result) => !isExcepted(result, exceptions, today));
        if (results.length > 0) return { fails: results.map(said).join("; "), records: systemsIn(results) };
        // What is let in from a source without approval has no signer of ours: that exception speaks of both.
        const unsigned = containersOf(record).filter(
          (placed) =>
            placed.container.signature !== "valid" &&
            !isContainerExcepted(record, placed, ["IM-01", "IM-03"], { exceptions, today }),
        );
        const known = unsigned.filter(
          ({ container }) => container.signature !== undefined && container.signature !== "unknown",
        );
        if (known.length > 0)
          return {
            fails: known
              .map((placed) => `the signature of ${place(placed)} is ${placed.container.signature ?? ""}`)
              .join("; "),
            records: systemsOf(known),
          };
        if (unsigned.length > 0)
          return {
            unknown: `the signature of ${listed(unsigned.map(place))} was not verified`,
            records: systemsOf(unsigned),
          };
        const open = notCarriedOut(record, ["IM-03"]);
        return open === undefined || { unknown: open };
      },
      ...nothingScanned,
    }),
  ),
  check(
    "image.enforced",
    [make("task", "open", { about: "why", with: { task_kind: "action" } })],
    everyNamespaceSeen("image_policy_scan"),
    every("image_policy_scan", {
      where: isNewest,
      must: ({ record }) => {
        const namespaces = [...new Map((record.newest_for ?? []).map((held) => [held.namespace, held.ai_system]))];
        const faults = namespaces.flatMap(([namespace, system]) => {
          const found = (record.admission ?? []).find((one) => one.namespace === namespace);
          if (found === undefined)
            return { system, unknown: true, why: `nothing is known of an admission policy in ${namespace}` };
          if (found.mode !== "block")
            return {
              system,
              unknown: false,
              why: `the admission policy of ${namespace} ${found.mode === "warn" ? "only warns" : "is absent"}`,
            };
          if (found.on_failure === "refuse") return [];
          return found.on_failure === undefined
            ? {
                system,
                unknown: true,
                why: `it is not known what the admission policy of ${namespace} does when it fails`,
              }
            : { system, unknown: false, why: `the admission policy of ${namespace} lets everything in when it fails` };
        });
        const broken = faults.filter(({ unknown }) => !unknown);
        const told = broken.length > 0 ? broken : faults;
        const text = told.map(({ why }) => why).join("; ");
        const records = told.map(({ system }) => system);
        if (told.length === 0) return true;
        return broken.length > 0 ? { fails: text, records } : { unknown: text, records };
      },
      ...nothingScanned,
    }),
  ),
  check(
    "image.model_data",
    [
      on("release", "note_difference"),
      on("release", "review_difference"),
      make("task", "open", { about: "why", with: { task_kind: "action" } }),
    ],
    everyNamespaceSeen("image_policy_scan"),
    every("release", {
      where: (record) => record.state === "deployed",
      follow: {
        system: out("ai_system", "ai_system"),
        used_models: out("model", "models.model"),
        used_data: out("dataset", "datasets.dataset"),
        model_sources: via(out("model", "models.model"), out("approved_source", "source")),
        data_sources: via(out("dataset", "datasets.dataset"), out("approved_source", "approved_source")),
      },
      must: ({ record, system, used_models, used_data, model_sources, data_sources }) => {
        if (!system.some(isRunHere)) return true;
        const approved = new Set(
          [...model_sources, ...data_sources]
            .filter((source) => source.state === "approved")
            .map((source) => source.ref),
        );
        const faults = [
          // A file that the organisation itself loads; what a supplier hosts has none.
          ...used_models
            .filter((model) => model.hosted === undefined || model.hosted === "by_us")
            .flatMap((model) => {
              const loaded = (record.models ?? []).find((one) => one.model === model.ref)?.digest;
              if (model.source === undefined || !approved.has(model.source))
                return `${model.ref} comes from no approved source`;
              if (model.artifact_digest === undefined || loaded === undefined)
                return `the digest of ${model.ref} is not recorded`;
              return loaded === model.artifact_digest ? [] : `${model.ref} is not the file that was recorded`;
            }),
          ...used_data
            .filter((data) => (data.use ?? []).some((use) => use === "operate" || use === "retrieval_index"))
            .flatMap((data) => {
              const loaded = (record.datasets ?? []).find((one) => one.dataset === data.ref);
              if (data.approved_source === undefined || !approved.has(data.approved_source))
                return `${data.ref} comes from no approved source`;
              if (data.digest === undefined || loaded?.digest === undefined)
                return `the digest of ${data.ref} is not recorded`;
              // A newer version than the release began with is compared where it runs, by the scan.
              if (loaded.version !== data.version) return [];
              return loaded.digest === data.digest ? [] : `${data.ref} is not what was recorded`;
            }),
        ];
        return faults.length === 0 || faults.join("; ");
      },
      empty: "not_applicable",
      because: "no release is deployed",
    }),
    every("image_policy_scan", {
      where: isNewest,
      must: ({ record }) => {
        const results = resultsOf(record, "IM-07", "IM-08");
        if (results.length > 0) return { fails: results.map(said).join("; "), records: systemsIn(results) };
        const loaded = (record.artefacts ?? []).filter((artefact) => isNewestOf(record, artefact.namespace));
        const other = loaded.filter((artefact) => artefact.equal === false);
        const refs = (artefacts: typeof loaded) => artefacts.flatMap(({ model, dataset }) => model ?? dataset ?? []);
        if (other.length > 0)
          return { fails: `what runs is not what was recorded: ${listed(refs(other))}`, records: refs(other) };
        const unknown = loaded.filter((artefact) => artefact.equal === undefined);
        if (unknown.length > 0)
          return { unknown: `not compared with what was recorded: ${listed(refs(unknown))}`, records: refs(unknown) };
        const open = notCarriedOut(record, ["IM-07", "IM-08"]);
        return open === undefined || { unknown: open };
      },
      ...nothingScanned,
    }),
  ),
  check(
    "image.matches_release",
    [
      on("release", "review_difference"),
      on("release", "note_difference"),
      make("task", "open", { about: "why", with: { task_kind: "action" } }),
    ],
    everyNamespaceSeen("image_policy_scan"),
    every("image_policy_scan", {
      where: isNewest,
      follow: { releases: out("release", "workloads.release") },
      must: ({ record, releases, today }) => {
        const faults: string[] = [];
        const records = new Set<string>();
        for (const workload of (record.workloads ?? []).filter((one) => isNewestOf(record, one.namespace))) {
          const release = releases.find(({ ref }) => ref === workload.release);
          const other = strangers(workload, release);
          if (other.length === 0) continue;
          const name = `${workload.namespace}/${workload.name}`;
          const seen = resultsOf(record, "IM-10")
            .filter(
              (result) =>
                result.namespace === workload.namespace &&
                (result.workload === undefined || result.workload === workload.name),
            )
            .map((result) => result.first_seen)
            .sort()[0];
          const noted = (release?.differences ?? []).filter(
            (difference) => seen !== undefined && difference.found_on >= seen,
          );
          if (
            noted.length > 0 &&
            noted.every(
              (difference) => difference.reviewed_on !== undefined && whyNotReviewed(difference, today) === undefined,
            )
          )
            continue;
          if (seen !== undefined && !today.isWorkingDaysAfter(reviewWithin, seen)) continue;
          records.add(release?.ref ?? workload.ai_system ?? record.ref);
          faults.push(
            release === undefined
              ? `no release stands behind ${name}`
              : `${name} runs ${listed(other.map((container) => container.image))}, which ${release.ref} was not approved with${seen === undefined ? "" : `, since ${seen}`}`,
          );
        }
        if (faults.length > 0) return { fails: faults.join("; "), records: [...records] };
        const open = notCarriedOut(record, ["IM-10"]);
        return open === undefined || { unknown: open };
      },
      ...nothingScanned,
    }),
  ),
  check(
    "image.vulnerabilities",
    [
      make("task", "open", { about: "why", with: { task_kind: "action" } }),
      make("exception", "request", { about: "about" }),
      on("image_policy_scan", "link_exceptions"),
    ],
    everyNamespaceSeen("image_policy_scan"),
    every("image_policy_scan", {
      where: isNewest,
      follow: { ...exceptions, organization: all("organization") },
      must: ({ record, exceptions, organization, today }) => {
        const days = settingsOf(organization).vulnerability_days;
        const open: { placed: Placed; why: string }[] = [];
        const blind: Placed[] = [];
        for (const placed of containersOf(record)) {
          const { vulnerability_data_on: data, critical_vulnerabilities: critical } = placed.container;
          for (const { id, fixed_since: fixed } of critical ?? [])
            if (
              fixed !== undefined &&
              today.isLongerThan(days, fixed) &&
              !isContainerExcepted(record, placed, ["IM-06"], { exceptions, today })
            )
              open.push({
                placed,
                why: `${id} in ${place(placed)}, mended since ${fixed}, was due by ${addDays(fixed, days)}`,
              });
          if (data === undefined || today.isLongerThan(vulnerabilityDataDays, data)) blind.push(placed);
        }
        if (open.length > 0)
          return { fails: open.map(({ why }) => why).join("; "), records: systemsOf(open.map(({ placed }) => placed)) };
        if (blind.length > 0)
          return {
            unknown: `no data of the last ${vulnerabilityDataDays} days on vulnerabilities of ${place(blind[0] as Placed)}${blind.length > 1 ? ` and ${blind.length - 1} more` : ""}`,
            records: systemsOf(blind),
          };
        const unseen = notCarriedOut(record, ["IM-06"]);
        return unseen === undefined || { unknown: unseen };
      },
      ...nothingScanned,
    }),
  ),
];
