import { addDays, dayOf, type Day } from "#core/basics/time.ts";
import { all, back } from "#core/records/follow.ts";
import type { Ref } from "#core/records/field.ts";
import type { RecordOf } from "#core/records/kind.ts";
import { check, every, some, type Check, type Says } from "../check.ts";
import { approvalOf } from "../facts/approvals.ts";
import { listed, missingFields, plain } from "../facts/words.ts";
import { make, on } from "../mend.ts";
import { settingsOf } from "../settings.ts";
import type { Today } from "../today.ts";

type Policy = RecordOf<"policy">;

/** The AI policy that everyone works under: published, also while it is looked at again. */
const isInForce = (policy: Policy): boolean =>
  policy.policy_kind === "ai_policy" && (policy.state === "published" || policy.state === "under_review");

const noPolicy = { empty: "fail", because: "no AI policy is published" } as const;

const areasToAlign = ["security", "privacy", "quality_or_safety", "procurement", "people", "records"] as const;

const daysToReview = 60;

/** Whether a trigger of the day led to a review result in time. Only triggers of the past year are asked about. */
function reviewedAfter(trigger: { ref: Ref; on: Day; what: string }, policies: readonly Policy[], today: Today): Says {
  if (!today.isWithinMonths(trigger.on, 12)) return true;
  const due = addDays(trigger.on, daysToReview);
  const policy = policies.find(isInForce);
  if (!policy) return { unknown: "no AI policy is published that could be reviewed" };
  const results = (policy.reviews ?? []).filter(
    (review) => review.done_on !== undefined && review.result !== undefined,
  );
  const own =
    results.find((review) => review.because_of === trigger.ref) ??
    results.find((review) => review.done_on !== undefined && review.done_on >= trigger.on && review.done_on <= due);
  if (own?.done_on !== undefined)
    return (
      own.done_on <= due || {
        fails: `${trigger.what} on ${trigger.on} called for a review of the policy by ${due}; it came on ${own.done_on}`,
        records: [policy.ref],
      }
    );
  return today.isPast(due)
    ? {
        fails: `${trigger.what} on ${trigger.on} called for a review of the policy by ${due}, and there is no result`,
        records: [policy.ref],
      }
    : { note: `${trigger.what} on ${trigger.on} calls for a review of the policy by ${due}` };
}

/** When the person must have acknowledged the policy: counted from its publication, or from their first day if that came later. */
function deadlineOf(person: RecordOf<"person">, policy: Policy, days: number): Day | undefined {
  if (policy.published_on === undefined) return undefined;
  const from =
    person.active_from !== undefined && person.active_from > policy.published_on
      ? person.active_from
      : policy.published_on;
  return addDays(from, days);
}

/** The first day on which one of the acknowledgements names the policy. */
function acknowledgedOn(policy: Policy, acks: readonly RecordOf<"awareness_ack">[]): Day | undefined {
  return acks
    .flatMap((ack) => ((ack.about ?? []).includes(policy.ref) && ack.given_on !== undefined ? [ack.given_on] : []))
    .sort()[0];
}

/** Checks whose home is 5.2, A.2.2, A.2.3 and A.2.4. */
export const checks: readonly Check[] = [
  check(
    "policy.approved",
    [
      on("policy", "publish"),
      on("policy", "approve"),
      on("policy", "submit"),
      on("policy", "keep"),
      on("policy", "open_review"),
      make("policy", "draft", { about: "supersedes", with: { policy_kind: "ai_policy" } }),
    ],
    every("policy", {
      where: isInForce,
      follow: { approvals: back("approval", "about") },
      must: ({ record, approvals, today }) => {
        const approval = approvalOf(record, approvals);
        if (!approval) return "no approval is bound to the text that is published";
        if (approval.as_role !== "top_management")
          return `it was approved as ${approval.as_role ?? "nobody in particular"}, not by top management`;
        if (record.next_review_on === undefined) return "no day is set for its next review";
        return !today.isPast(record.next_review_on) || `its review was due on ${record.next_review_on}`;
      },
      ...noPolicy,
    }),
  ),
  check(
    "policy.content",
    [on("policy", "amend"), make("policy", "draft", { about: "supersedes", with: { policy_kind: "ai_policy" } })],
    every("policy", {
      where: isInForce,
      must: ({ record }) => {
        const missing = missingFields(record.statements ?? {}, [
          "fit_to_purpose",
          "frame_for_objectives",
          "commitment_to_requirements",
          "commitment_to_improvement",
        ]);
        return missing.length === 0 || `it does not say where it holds ${listed(missing)}`;
      },
      ...noPolicy,
    }),
  ),
  check(
    "policy.communicated",
    [make("awareness_ack", "acknowledge", { about: "person", with: { topics: ["policy"] } }), on("policy", "announce")],
    some("policy", { where: isInForce, must: () => true, because: "no AI policy is published" }),
    every("person", {
      where: (record) => record.state === "active" && record.in_scope === true,
      share: { setting: "acknowledged_share" },
      follow: { acks: back("awareness_ack", "person"), policies: all("policy"), organization: all("organization") },
      must: ({ record, acks, policies, organization, today }) => {
        const policy = policies.find(isInForce);
        if (!policy) return { unknown: "no AI policy is published" };
        const deadline = deadlineOf(record, policy, settingsOf(organization).acknowledge_within_days);
        if (deadline === undefined) return { unknown: `${policy.ref} does not say when it was published` };
        const given = acknowledgedOn(policy, acks);
        if (given !== undefined) return given <= deadline || `acknowledged on ${given}, after ${deadline}`;
        return !today.isPast(deadline) || `not acknowledged by ${deadline}`;
      },
      empty: "unknown",
      because: "nobody is registered as working in scope",
    }),
  ),
  check(
    "policy.available",
    [on("policy", "announce"), make("communication_event", "record", { about: "about" })],
    every("policy", {
      where: isInForce,
      follow: { parties: all("interested_party"), events: back("communication_event", "about") },
      must: ({ record, parties, events }) => {
        if ((record.channels ?? []).length === 0) return "no channel inside the organisation is recorded";
        if (record.external_availability !== undefined) return true;
        const told = new Set(
          events
            .filter((event) => event.state === "sent" || event.state === "confirmed")
            .flatMap((event) => event.with_whom ?? []),
        );
        const untold = parties
          .filter((party) => party.state === "active" && party.needs_policy === true && !told.has(party.ref))
          .map((party) => party.title ?? party.ref);
        return untold.length === 0 || `it has no public address, and was not given to ${listed(untold)}`;
      },
      ...noPolicy,
    }),
  ),
  check(
    "policy.ai_uses",
    [on("policy", "amend"), make("policy", "draft", { about: "supersedes", with: { policy_kind: "ai_policy" } })],
    every("policy", {
      where: isInForce,
      must: ({ record }) => {
        const missing = missingFields(record.ai_uses ?? {}, ["how_we_decide", "ai_roles", "what_we_do_not_do"]);
        return missing.length === 0 || `it does not state ${listed(missing)}`;
      },
      ...noPolicy,
    }),
  ),
  check(
    "policy.alignment",
    [on("policy", "align"), make("policy", "draft", { about: "supersedes", with: { policy_kind: "ai_policy" } })],
    every("policy", {
      where: isInForce,
      must: ({ record, today }) => {
        const held = record.alignment ?? [];
        const missing = areasToAlign.filter(
          (area) => !held.some((other) => other.area === area && other.result !== undefined),
        );
        if (missing.length > 0) return `it was not held against the policies on ${listed(missing.map(plain))}`;
        const old = held
          .filter((other) => other.date === undefined || !today.isWithinMonths(other.date, 12))
          .map((other) => other.other_policy);
        if (old.length > 0) return `it was not held against ${listed(old)} in the past 12 months`;
        const planless = held
          .filter((other) => other.result === "conflict" && (other.plan === undefined || other.plan_due === undefined))
          .map((other) => other.other_policy);
        return planless.length === 0 || `its conflict with ${listed(planless)} has no dated plan`;
      },
      ...noPolicy,
    }),
  ),
  check(
    "policy.reviewed",
    [
      on("policy", "keep"),
      on("policy", "open_review"),
      on("policy", "note_trigger"),
      make("task", "open", { about: "why", with: { task_kind: "review" } }),
    ],
    every("policy", {
      where: isInForce,
      must: ({ record, today }) => {
        if (record.next_review_on !== undefined && today.isPast(record.next_review_on))
          return `its planned review was due on ${record.next_review_on}`;
        const late = (record.reviews ?? []).find(
          (review) =>
            review.due !== undefined &&
            (review.done_on === undefined ? today.isPast(review.due) : review.result === undefined),
        );
        return late === undefined || `its review for "${late.trigger}" was due on ${late.due ?? ""} and has no result`;
      },
      ...noPolicy,
    }),
    every("incident", {
      where: (record) => record.severity === "high" || record.severity === "critical",
      follow: { policies: all("policy") },
      must: ({ record, policies, today }) =>
        reviewedAfter(
          {
            ref: record.ref,
            on: record.detected_on ?? dayOf(record.created_at),
            what: `the ${record.severity ?? ""} incident`,
          },
          policies,
          today,
        ),
      empty: "pass",
      because: "no high or critical incident is recorded",
    }),
    every("scope_statement", {
      where: (record) => record.state === "approved" && record.supersedes !== undefined,
      follow: { policies: all("policy") },
      must: ({ record, policies, today }) =>
        reviewedAfter(
          { ref: record.ref, on: record.effective_from ?? record.state_since, what: "the change of scope" },
          policies,
          today,
        ),
      empty: "pass",
      because: "the scope has not changed",
    }),
    every("obligation", {
      where: (record, today) =>
        record.state !== "lapsed" &&
        record.obligation_kind === "law" &&
        record.applies_from !== undefined &&
        today.hasCome(record.applies_from),
      follow: { policies: all("policy"), organization: all("organization") },
      must: ({ record, policies, organization, today }) => {
        // Laws that were in force when the AIMS began are part of its first policy.
        const start = organization[0]?.aims_start_date;
        if (record.applies_from === undefined || (start !== undefined && record.applies_from < start)) return true;
        return reviewedAfter(
          { ref: record.ref, on: record.applies_from, what: "the law that came into force" },
          policies,
          today,
        );
      },
      empty: "pass",
      because: "no law has come into force",
    }),
  ),
];
