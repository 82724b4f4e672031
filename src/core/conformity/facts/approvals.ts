import type { RecordOf } from "#core/records/kind.ts";

type Approval = RecordOf<"approval">;

/**
 * The newest approval of exactly this content, or nothing. Approvals bind to a hash: one of other
 * content does not carry over (domain model, 1.2). They are followed by `back("approval", "about")`.
 */
export function approvalOf(record: { content_hash: string }, approvals: readonly Approval[]): Approval | undefined {
  return approvals
    .filter(
      (approval) =>
        approval.bound_to === record.content_hash &&
        (approval.decision === "approve" || approval.decision === "approve_with_conditions"),
    )
    .reduce<Approval | undefined>(
      (newest, approval) =>
        newest === undefined || (approval.decided_at ?? "") > (newest.decided_at ?? "") ? approval : newest,
      undefined,
    );
}
