import { dayOf, type Day } from "#core/basics/time.ts";
import { back, out, via } from "#core/records/follow.ts";
import type { RecordOf } from "#core/records/kind.ts";
import { check, every, type Check } from "../check.ts";
import { approvalOf } from "../facts/approvals.ts";
import { missingTests, setBeforehand } from "../facts/evaluations.ts";
import { procedureMends, someProcedure } from "../facts/procedures.ts";
import { isDevelopedHere, isInScope } from "../facts/systems.ts";
import { listed, missingFields, plain } from "../facts/words.ts";
import { make, on } from "../mend.ts";
import type { Today } from "../today.ts";

type System = RecordOf<"ai_system">;
type Release = RecordOf<"release">;
type Evaluation = RecordOf<"evaluation">;
type Approval = RecordOf<"approval">;

const stages = ["idea", "design", "development", "verification", "deployed"] as const;
const fromVerificationOn = ["verification", "deployed", "suspended"];
const approvedDocument = ["approved", "effective"];

/** The stages that the system has passed to be where it is. */
function passedStages(system: System): readonly (typeof stages)[number][] {
  const at = stages.findIndex((stage) => stage === (system.state === "suspended" ? "deployed" : system.state));
  return stages.slice(0, Math.max(at, 0));
}

/** Why the record of the gate out of the stage is incomplete, or nothing. */
function gateFault(
  stage: (typeof stages)[number],
  {
    record,
    requirements,
    releases,
  }: { record: System; requirements: readonly RecordOf<"document">[]; releases: readonly Release[] },
): string | undefined {
  switch (stage) {
    case "idea":
      return record.scope_decision?.on === undefined || record.scope_decision.by === undefined
        ? "nobody dated and signed the decision on scope that let it leave the idea"
        : undefined;
    case "design": {
      if (record.screening?.on === undefined || record.legal_class?.on === undefined)
        return "design was left without a dated screening and legal class";
      return requirements.some((document) => approvedDocument.includes(document.state))
        ? undefined
        : "design was left without approved requirements";
    }
    case "development":
      return record.human_oversight === undefined || record.fallback === undefined
        ? "development was left without human oversight and a fallback"
        : undefined;
    case "verification":
      return releases.some((release) => release.approved_on !== undefined)
        ? undefined
        : "verification was left without an approved release";
    case "deployed":
      return undefined;
  }
}

/** What keeps an evaluation from counting for a release today, or nothing. */
function whyNotPassed(evaluation: Evaluation, today: Today): string | undefined {
  if (evaluation.state !== "reported") return `${evaluation.ref} is ${plain(evaluation.state)}`;
  if (evaluation.passed === true) return undefined;
  const accepted = (evaluation.deviations ?? []).filter(({ accepted_by: by }) => by !== undefined);
  if (accepted.length === 0)
    return `${evaluation.ref} did not pass, and nobody with release authority accepted the deviation`;
  if (accepted.some(({ until }) => until === undefined || !today.isPast(until))) return undefined;
  return `${evaluation.ref} did not pass, and its deviation was accepted until ${
    accepted
      .map(({ until }) => until ?? "")
      .sort()
      .at(-1) ?? ""
  }`;
}

/** Whether somebody who did not build the release did or reviewed the evaluation. */
function isIndependent(evaluation: Evaluation, builders: ReadonlySet<string>): boolean {
  if (evaluation.state !== "reported" || evaluation.independent !== true) return false;
  return (
    evaluation.done_by_outside !== undefined ||
    evaluation.reviewed_by !== undefined ||
    (evaluation.done_by ?? []).some((person) => !builders.has(person))
  );
}

/** Why the deployed release is not one that somebody with authority let go live, or nothing. */
function whyNotApproved(release: Release, approvals: readonly Approval[]): string | undefined {
  const { deployed_on: deployed } = release;
  if (deployed === undefined) return "it is deployed, and no day says since when";
  const approval = approvalOf(release, approvals);
  if (approval?.decided_at === undefined || approval.person === undefined)
    return `ran from ${deployed} on, and nobody approved it`;
  if (approval.as_role !== "approve release")
    return `${approval.person} approved it as ${plain(approval.as_role ?? "nobody")}, without release authority`;
  const decided: Day = dayOf(approval.decided_at);
  if (decided > deployed) return `ran from ${deployed} on, and was approved on ${decided}`;
  if (release.built_by?.length === 1 && release.built_by[0] === approval.person)
    return `${approval.person} alone built it and approved it`;
  const open = (release.deployment_plan?.conditions ?? []).filter(
    ({ met_on: met }) => met === undefined || met > deployed,
  );
  return open.length === 0
    ? undefined
    : `went live before its conditions were met: ${open.map(({ text }) => text).join("; ")}`;
}

/** Checks whose home is A.6.1.3, A.6.2.4 and A.6.2.5. */
export const checks: readonly Check[] = [
  check(
    "dev.process",
    [
      on("ai_system", "amend"),
      on("document", "approve"),
      on("document", "submit"),
      ...procedureMends("A.6.1.3", ["life_cycle_stages", "testing", "oversight", "release_approval", "change_control"]),
    ],
    someProcedure(
      "A.6.1.3",
      ["life_cycle_stages", "testing", "oversight", "release_approval", "change_control"],
      "how AI systems are designed and developed",
    ),
    every("ai_system", {
      where: (record) => isInScope(record) && isDevelopedHere(record),
      follow: { requirements: out("document", "requirements_doc"), releases: back("release", "ai_system") },
      must: ({ record, requirements, releases }) => {
        const faults = passedStages(record)
          .map((stage) => gateFault(stage, { record, requirements, releases }))
          .filter((fault) => fault !== undefined);
        return faults.length === 0 || faults.join("; ");
      },
      empty: "not_applicable",
      because: "no AI system is developed here",
    }),
  ),
  check(
    "eval.planned",
    [make("evaluation", "plan", { about: "ai_system" }), on("evaluation", "amend")],
    every("ai_system", {
      where: (record) => isInScope(record) && fromVerificationOn.includes(record.state),
      follow: { evaluations: back("evaluation", "ai_system") },
      must: ({ record, evaluations }) => {
        const known = evaluations.filter((evaluation) => evaluation.state !== "withdrawn");
        const missing = missingTests(record, known.filter(setBeforehand));
        if (missing.length === 0) return true;
        const late = known.filter((evaluation) => !setBeforehand(evaluation)).map(({ ref }) => ref);
        return {
          fails: `no criteria set beforehand for tests of ${listed(missing.map(plain))}${late.length === 0 ? "" : `; those of ${listed(late)} came with the results or after`}`,
          records: late,
        };
      },
      empty: "not_applicable",
      because: "no AI system has reached verification",
    }),
  ),
  check(
    "eval.passed",
    [
      on("evaluation", "accept_deviation"),
      on("evaluation", "report"),
      on("evaluation", "link_release"),
      make("evaluation", "plan", { about: "release" }),
      on("release", "roll_back"),
    ],
    every("release", {
      where: (record) =>
        record.approved_on !== undefined && (record.state === "approved" || record.state === "deployed"),
      follow: { system: out("ai_system", "ai_system"), evaluations: out("evaluation", "evaluations") },
      must: ({ record, system: [system], evaluations, today }) => {
        if (system === undefined) return "it names no AI system";
        const missing = missingTests(system, evaluations);
        const faults = evaluations
          .map((evaluation) => whyNotPassed(evaluation, today))
          .filter((fault) => fault !== undefined);
        if (missing.length > 0)
          faults.unshift(`was approved on ${record.approved_on ?? ""} without a test of ${listed(missing.map(plain))}`);
        return faults.length === 0 || { fails: faults.join("; "), records: [system.ref] };
      },
      empty: "not_applicable",
      because: "no release is approved",
    }),
  ),
  check(
    "eval.independent",
    [on("evaluation", "amend"), make("evaluation", "plan", { about: "release", with: { independent: true } })],
    every("release", {
      where: (record) => record.state === "approved" || record.state === "deployed",
      follow: { system: out("ai_system", "ai_system"), evaluations: out("evaluation", "evaluations") },
      must: ({ record, system: [system], evaluations }) => {
        if (system === undefined || (system.tier ?? 1) > 1) return true;
        const builders = new Set(record.built_by ?? []);
        return (
          evaluations.some((evaluation) => isIndependent(evaluation, builders)) ||
          "nobody who did not build it did or reviewed one of its evaluations"
        );
      },
      empty: "not_applicable",
      because: "no release is approved",
    }),
  ),
  check(
    "eval.data_separate",
    [on("evaluation", "amend"), on("evaluation", "withdraw"), make("evaluation", "plan")],
    every("evaluation", {
      where: (record) => record.state === "reported" && record.dataset !== undefined,
      follow: {
        data: out("dataset", "dataset"),
        trained: via(out("model", "model"), out("dataset", "training_datasets")),
        trained_of_system: via(
          via(out("ai_system", "ai_system"), out("model", "models")),
          out("dataset", "training_datasets"),
        ),
      },
      must: ({ record, data: [data], trained, trained_of_system: ofSystem }) => {
        const training = (record.model === undefined ? ofSystem : trained).find(({ ref }) => ref === record.dataset);
        if (training === undefined || data === undefined) return true;
        const used = record.dataset_version;
        if (used === undefined)
          return { unknown: `uses ${data.ref}, which also trains the model, and does not say which version` };
        // Another version than the one that trains is another set of data.
        return used !== training.version || `uses ${data.ref} ${used}, which also trains the model under test`;
      },
      empty: "not_applicable",
      because: "no evaluation names the data it used",
    }),
  ),
  check(
    "release.plan",
    [on("release", "meet"), on("release", "amend"), make("release", "plan", { about: "supersedes" })],
    every("release", {
      where: (record) => record.state === "deployed",
      must: ({ record }) => {
        const plan = record.deployment_plan;
        if (plan === undefined) return `runs since ${record.deployed_on ?? "an unknown day"} without a deployment plan`;
        const missing = missingFields(plan, ["environment", "components", "conditions", "rollback", "told"]);
        return missing.length === 0 || `its deployment plan does not name ${listed(missing)}`;
      },
      empty: "not_applicable",
      because: "no release is deployed",
    }),
  ),
  check(
    "release.approved",
    [
      on("release", "approve"),
      make("release", "plan", { about: "supersedes" }),
      on("release", "roll_back"),
      make("nonconformity", "open", { about: "raised_from", with: { source: "check" } }),
    ],
    every("release", {
      where: (record) => record.state === "deployed",
      follow: { approvals: back("approval", "about") },
      must: ({ record, approvals }) => whyNotApproved(record, approvals) ?? true,
      empty: "not_applicable",
      because: "no release is deployed",
    }),
  ),
];
