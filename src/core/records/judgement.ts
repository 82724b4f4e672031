import type { Moment } from "./deed.ts";
import { changesSince, factsOf, type Fact } from "./fingerprint.ts";

type Assessment = Moment<"impact_assessment">["next"];

/**
 * The fields after a proposal: one more judgement, bound to exactly this difference. What was and what
 * is are the machine's words. Nothing is added when there is no such difference, or it waits already.
 */
export function signProposal({
  before,
  next,
  actor,
  today,
  near,
}: Moment<"impact_assessment">): Record<string, unknown> {
  const known = before?.judgements ?? [];
  const facts: readonly Fact[] = factsOf(near) ?? [];
  const difference = changesSince(next.fingerprint?.facts ?? [], facts).find(
    (change) => change.field === next.proposal?.field,
  );
  const waits = known.some((judgement) => judgement.field === next.proposal?.field && judgement.decision === undefined);
  if (!next.proposal || !difference || waits) return { proposal: undefined };
  const { proposal, reason } = next.proposal;
  return {
    proposal: undefined,
    judgements: [...known, { ...difference, proposal, reason, proposed_by: actor.person, proposed_on: today }],
  };
}

/** The fields after an answer: the judgement on that fact that waits is decided and signed. */
export function signAnswer({ before, next, actor, today }: Moment<"impact_assessment">): Record<string, unknown> {
  const { answer } = next;
  if (!answer) return {};
  const signed = {
    decision: answer.decision,
    ...(answer.comment === undefined ? {} : { comment: answer.comment }),
    countersigned_by: actor.person,
    countersigned_on: today,
  };
  const judgements = (before?.judgements ?? []).map((judgement) =>
    judgement.field === answer.field && judgement.decision === undefined ? { ...judgement, ...signed } : judgement,
  );
  return { answer: undefined, judgements };
}

/** Why a proposal was not taken up, or nothing. */
export function notTakenUp({ before, next }: Moment<"impact_assessment">): string | undefined {
  return (next.judgements?.length ?? 0) > (before?.judgements?.length ?? 0)
    ? undefined
    : "the system does not differ from the assessment in that fact, or it waits for an answer already";
}

/** Why an answer answers nothing, or nothing. */
export function answersNothing({ before, next }: Moment<"impact_assessment">): string | undefined {
  return answered(before, next) === undefined ? "no judgement on that fact waits for an answer" : undefined;
}

/** Why the actor may not answer, or nothing: a judgement takes two people. */
export function countersignsOwn({ before, next, actor }: Moment<"impact_assessment">): string | undefined {
  const own = answered(before, next);
  return own !== undefined && own.proposed_by === actor.person
    ? `${actor.person} proposed the judgement on "${own.field}" and does not countersign it`
    : undefined;
}

function answered(before: Assessment | undefined, next: Assessment) {
  return next.judgements?.find(
    (judgement, position) => judgement.decision !== undefined && before?.judgements?.[position]?.decision === undefined,
  );
}
