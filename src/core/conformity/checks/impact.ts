import { addDays } from "#core/basics/time.ts";
import { fingerprintOf, partsOfSystem, unjudgedChanges, type Difference } from "#core/records/fingerprint.ts";
import { all, back, out, via } from "#core/records/follow.ts";
import type { RecordOf } from "#core/records/kind.ts";
import { areasOnPeople, areasOnSociety } from "#core/records/assessment-sections.ts";
import { check, every, type Check } from "../check.ts";
import { isApprovedAssessment, newestApproved, sectionsMissing } from "../facts/assessments.ts";
import { procedureMends, someProcedure } from "../facts/procedures.ts";
import { isInScope } from "../facts/systems.ts";
import { plain } from "../facts/words.ts";
import { make, on } from "../mend.ts";

type Assessment = RecordOf<"impact_assessment">;
type Row = {
  area: string;
  severity?: number | undefined;
  likelihood?: number | undefined;
  benefit?: string | undefined;
  not_relevant_because?: string | undefined;
};

const isApprovedFull = (assessment: Assessment): boolean =>
  isApprovedAssessment(assessment) && assessment.assessment_kind === "full";
const isInUse = (system: RecordOf<"ai_system">): boolean =>
  isInScope(system) && (system.state === "deployed" || system.state === "suspended");
const assessments = { assessments: back("impact_assessment", "ai_system") };
const noneApproved = { empty: "not_applicable", because: "no impact assessment is approved" } as const;
const noneFull = { empty: "not_applicable", because: "no full impact assessment is approved" } as const;

/** Checks whose home is 6.1.4, 8.4 and A.5.2 to A.5.5. */
export const checks: readonly Check[] = [
  check(
    "ia.process",
    [
      ...procedureMends("6.1.4", [
        "when_made",
        "coverage",
        "who_assesses",
        "who_approves",
        "when_redone",
        "enters_risks",
      ]),
    ],
    someProcedure(
      "6.1.4",
      ["when_made", "coverage", "who_assesses", "who_approves", "when_redone", "enters_risks"],
      "how impact assessments are made",
    ),
  ),
  check(
    "ia.shared",
    [on("impact_assessment", "share"), make("communication_event", "record", { about: "about" })],
    every("impact_assessment", {
      where: (record) => isApprovedAssessment(record) && record.approved_on !== undefined,
      follow: { told: out("communication_event", "sharing.event"), about: back("communication_event", "about") },
      must: ({ record, told, about, today }) => {
        const approved = record.approved_on;
        const recipients = record.sharing ?? [];
        if (approved === undefined || recipients.length === 0) return "it does not record who receives its results";
        const last = addDays(approved, 30);
        const sent = [...told, ...about].filter((event) => event.state === "sent" || event.state === "confirmed");
        const reached = (recipient: (typeof recipients)[number]) =>
          sent.some(
            (event) =>
              (event.ref === recipient.event ||
                (recipient.party !== undefined && (event.with_whom ?? []).includes(recipient.party))) &&
              (event.happened_on ?? event.state_since) <= last,
          );
        const missed = recipients.filter((recipient) => !reached(recipient));
        return (
          missed.length === 0 ||
          !today.isPast(last) ||
          `approved on ${approved}, and not shown to be shared within 30 days with ${missed.map((recipient) => recipient.recipient).join(", ")}`
        );
      },
      ...noneApproved,
    }),
  ),
  check(
    "ia.technical_and_social",
    [make("impact_assessment", "open", { about: "supersedes" }), on("impact_assessment", "amend")],
    every("impact_assessment", {
      where: isApprovedFull,
      must: ({ record }) => {
        const missing = [
          ...(record.system?.technical_setting === undefined ? ["technical setting"] : []),
          ...(record.setting?.social_setting === undefined ? ["social setting"] : []),
          ...(record.use?.intended_use === undefined ? ["intended use"] : []),
          ...((record.use?.foreseeable_misuse ?? []).length === 0 ? ["foreseeable misuse"] : []),
        ];
        return missing.length === 0 || `it says nothing of ${missing.join(", ")}`;
      },
      ...noneFull,
    }),
  ),
  check(
    "ia.exists",
    [
      on("impact_assessment", "approve"),
      on("impact_assessment", "submit"),
      on("impact_assessment", "begin"),
      make("impact_assessment", "open", { about: "ai_system" }),
      on("ai_system", "screen"),
    ],
    every("ai_system", {
      where: isInUse,
      follow: assessments,
      must: ({ record, assessments: own }) => {
        const wanted = record.screening?.result;
        if (wanted === undefined) return "it is in use and was never screened";
        if (wanted === "none")
          return record.screening?.reason !== undefined || "screening found that none is needed, and does not say why";
        const approved = own.filter(isApprovedAssessment);
        if (approved.length === 0) return "no impact assessment of it is approved";
        return (
          approved.some((one) => one.assessment_kind === "full" || one.assessment_kind === wanted) || {
            fails: `screening asks for a ${wanted} assessment, and only a short one is approved`,
            records: approved.map((one) => one.ref),
          }
        );
      },
      empty: "not_applicable",
      because: "no AI system in scope is in use",
    }),
  ),
  check(
    "ia.fresh",
    [
      on("impact_assessment", "propose_judgement"),
      on("impact_assessment", "countersign"),
      make("impact_assessment", "open", { about: "ai_system" }),
    ],
    every("ai_system", {
      where: (record) => isInScope(record) && record.state !== "idea",
      follow: { ...assessments, ...partsOfSystem },
      must: ({ record, assessments: own, models, datasets, suppliers }) => {
        const newest = newestApproved(own);
        // That there is none at all is the matter of another check.
        if (newest === undefined) return true;
        if (newest.fingerprint?.facts === undefined)
          return { unknown: `${newest.ref} holds no fingerprint to compare with`, records: [newest.ref] };
        const open = unjudgedChanges(newest, fingerprintOf(record, { models, datasets, suppliers }));
        return (
          open.length === 0 || {
            fails: `${record.last_material_change_on === undefined ? "it" : `since ${record.last_material_change_on} it`} differs from what ${newest.ref} assessed, and nobody has judged it: ${open.map(inWords).join("; ")}`,
            records: [newest.ref],
          }
        );
      },
      empty: "not_applicable",
      because: "no AI system in scope is past the idea",
    }),
  ),
  check(
    "ia.interval",
    [
      make("impact_assessment", "open", { about: "supersedes" }),
      make("impact_assessment", "open", { about: "ai_system" }),
      on("impact_assessment", "set_review"),
    ],
    every("ai_system", {
      where: isInScope,
      follow: assessments,
      must: ({ assessments: own, today }) => {
        const newest = newestApproved(own);
        if (newest === undefined) return true;
        if (newest.next_review_on === undefined)
          return { fails: `${newest.ref} says not when it is looked at again`, records: [newest.ref] };
        return (
          !today.isPast(newest.next_review_on) || {
            fails: `${newest.ref} was due again on ${newest.next_review_on}`,
            records: [newest.ref],
          }
        );
      },
      empty: "not_applicable",
      because: "no AI system is in scope",
    }),
  ),
  check(
    "ia.separation",
    [
      make("impact_assessment", "open", { about: "supersedes" }),
      make("nonconformity", "open", { about: "raised_from", with: { source: "check" } }),
    ],
    every("impact_assessment", {
      where: (record) => isApprovedAssessment(record) || record.state === "superseded",
      follow: { approvals: back("approval", "about"), system: out("ai_system", "ai_system") },
      must: ({ record, approvals, system }) => {
        const deciders = approvals
          .filter((approval) => approval.decision === "approve" || approval.decision === "approve_with_conditions")
          .map((approval) => approval.person);
        if (deciders.length === 0) return { unknown: "no approval of it is on record" };
        for (const person of deciders) {
          if (person === undefined) continue;
          if (person === record.assessor || (record.co_assessors ?? []).includes(person))
            return `${person} assessed and approved it`;
          if (system.some((one) => one.owner === person))
            return `${person} owns ${record.ai_system ?? "the system"} and approved it`;
        }
        return true;
      },
      ...noneApproved,
    }),
  ),
  check(
    "ia.before_release",
    [
      make("impact_assessment", "open", { about: "supersedes", with: { stage: "in_use" } }),
      make("nonconformity", "open", { about: "raised_from", with: { source: "check" } }),
      make("impact_assessment", "open", { with: { stage: "in_use" } }),
    ],
    every("release", {
      where: (record) =>
        record.deployed_on !== undefined && (record.ia_needed === true || record.first_release === true),
      follow: {
        organization: all("organization"),
        known: via(out("ai_system", "ai_system"), back("impact_assessment", "ai_system")),
      },
      must: ({ record, organization, known }) => {
        const start = organization[0]?.aims_start_date;
        const deployed = record.deployed_on;
        if (deployed === undefined || (start !== undefined && deployed <= start)) return true;
        const before = known.filter(
          (one) =>
            (isApprovedAssessment(one) || one.state === "superseded") &&
            one.approved_on !== undefined &&
            one.approved_on <= deployed,
        );
        if (before.length === 0) return `it was deployed on ${deployed} without an approved impact assessment before`;
        const named =
          record.impact_assessment === undefined
            ? before
            : before.filter((one) => one.ref === record.impact_assessment);
        if (named.length === 0)
          return {
            fails: `it was deployed on ${deployed}, before ${record.impact_assessment} was approved`,
            records: known.map((one) => one.ref),
          };
        return (
          named.some((one) => coversSite(one, record.site)) || {
            fails: `it was deployed on ${deployed} at ${record.site}, which no assessment approved by then covers`,
            records: named.map((one) => one.ref),
          }
        );
      },
      empty: "not_applicable",
      because: "no release that needs one was deployed",
    }),
  ),
  check(
    "ia.conditions_met",
    [on("impact_assessment", "report_progress"), make("task", "open", { about: "why", with: { task_kind: "action" } })],
    every("impact_assessment", {
      where: (record) => isApprovedAssessment(record) && (record.conditions ?? []).length > 0,
      must: ({ record, today }) => {
        const open = (record.conditions ?? []).flatMap((condition) => {
          const name = condition.no ?? condition.text;
          if (condition.broken_on !== undefined) return [`condition ${name} was broken on ${condition.broken_on}`];
          return condition.due !== undefined && condition.met_on === undefined && today.isPast(condition.due)
            ? [`condition ${name} was due on ${condition.due} and is not met`]
            : [];
        });
        return open.length === 0 || open.join(", ");
      },
      empty: "not_applicable",
      because: "no approval of an impact assessment set conditions",
    }),
  ),
  check(
    "ia.screening",
    [on("ai_system", "screen")],
    every("ai_system", {
      where: (record) => isInScope(record) && record.state !== "idea",
      follow: { organization: all("organization") },
      must: ({ record, organization, today }) => {
        const { result, on, reason } = record.screening ?? {};
        const start = organization[0]?.aims_start_date;
        const isOlder = start !== undefined && record.deployed_on !== undefined && record.deployed_on < start;
        if (isOlder) {
          const last = addDays(start, 90);
          if (result === undefined || on === undefined)
            return !today.isPast(last) || `it is older than the AIMS and was to be screened by ${last}`;
          return on <= last || `it is older than the AIMS and was screened on ${on}; by ${last} was asked`;
        }
        if (result === undefined || on === undefined)
          return record.state === "design" && record.contract_signed_on === undefined ? true : "it was never screened";
        if (result === "none" && reason === undefined)
          return "screening found that no assessment is needed, and does not say why";
        const bound = record.contract_signed_on ?? record.deployed_on;
        return (
          bound === undefined ||
          on <= bound ||
          `it was screened on ${on}, after ${record.contract_signed_on === undefined ? "first use" : "the contract was signed"} on ${bound}`
        );
      },
      empty: "not_applicable",
      because: "no AI system in scope is past the idea",
    }),
  ),
  check(
    "ia.documented",
    [make("impact_assessment", "open", { about: "supersedes" }), on("impact_assessment", "amend")],
    every("impact_assessment", {
      where: isApprovedAssessment,
      must: ({ record }) => {
        const missing = [
          ...sectionsMissing(record),
          ...(record.retention_until === undefined ? ["how long it is kept"] : []),
          ...((record.team ?? []).length === 0 ? ["who took part"] : []),
          ...(record.system_version === undefined ? ["version of the system"] : []),
        ];
        return missing.length === 0 || `it lacks ${missing.join(", ")}`;
      },
      ...noneApproved,
    }),
  ),
  check(
    "ia.individuals",
    [make("impact_assessment", "open", { about: "supersedes" }), on("impact_assessment", "amend")],
    every("impact_assessment", {
      where: isApprovedFull,
      must: ({ record }) => saysOfAreas(areasOnPeople, record.impacts_on_people ?? []),
      ...noneFull,
    }),
  ),
  check(
    "ia.society",
    [make("impact_assessment", "open", { about: "supersedes" }), on("impact_assessment", "amend")],
    every("impact_assessment", {
      where: isApprovedFull,
      must: ({ record }) => saysOfAreas(areasOnSociety, record.impacts_on_society ?? []),
      ...noneFull,
    }),
  ),
];

function saysOfAreas(areas: readonly string[], rows: readonly Row[]): true | string {
  const open = areas.filter(
    (area) =>
      !rows.some(
        (row) =>
          row.area === area &&
          ((row.severity !== undefined && row.likelihood !== undefined) ||
            row.benefit !== undefined ||
            row.not_relevant_because !== undefined),
      ),
  );
  return open.length === 0 || `neither rated nor called not relevant with a reason: ${open.map(plain).join(", ")}`;
}

function coversSite(assessment: Assessment, site: string | undefined): boolean {
  if (site === undefined) return true;
  const assessed =
    assessment.fingerprint?.facts?.find((fact) => fact.field === "sites")?.value.split("; ") ??
    assessment.setting?.sites ??
    [];
  return assessed.includes(site);
}

/** Long texts are compared on the assessment's page; a sentence names them. */
function inWords({ field, old, new: now }: Difference): string {
  return old.length > 90 || now.length > 90
    ? plain(field)
    : `${plain(field)} ${old === "" ? "none" : old} → ${now === "" ? "none" : now}`;
}
