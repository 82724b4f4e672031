import type { RecordOf } from "#core/records/kind.ts";
import { back } from "#core/records/follow.ts";
import { some, type Clause } from "../check.ts";
import { make, on, type Mend } from "../mend.ts";
import { approvalOf } from "./approvals.ts";
import { topicsMissing, whyNotInForce } from "./documents.ts";

type Document = RecordOf<"document">;
type Topic = NonNullable<Document["topics"]>[number];

/** At least one approved procedure whose review is not overdue documents the node and covers the topics. */
export function someProcedure(node: string, topics: Topic[], subject: string): Clause {
  return some("document", {
    where: (record) => record.doc_kind === "procedure" && (record.covers_nodes ?? []).includes(node),
    follow: { approvals: back("approval", "about") },
    must: ({ record, approvals, today }) => {
      const reason = whyNotInForce(record, today);
      if (reason !== undefined) return reason;
      if (approvalOf(record, approvals) === undefined) return "nobody approved it as it stands";
      const missing = topicsMissing(record, topics);
      return missing.length === 0 || `it does not say: ${missing.join(", ")}`;
    },
    because: `no approved procedure within its review date describes ${subject}`,
  });
}

/** What brings such a procedure about: on with the one that is under way, else a new one or a new edition. */
export function procedureMends(node: string, topics: Topic[]): Mend[] {
  return [
    on("document", "approve"),
    on("document", "submit"),
    on("document", "check"),
    make("document", "draft", { about: "supersedes", with: { doc_kind: "procedure", covers_nodes: [node], topics } }),
  ];
}
