import type { RecordOf } from "#core/records/kind.ts";
import type { Today } from "../today.ts";
import { plain } from "./words.ts";

type Document = RecordOf<"document">;

/** Why the document does not count today, or nothing when it is approved, in effect and not overdue for review. */
export function whyNotInForce(document: Document, today: Today): string | undefined {
  if (document.state !== "approved" && document.state !== "effective")
    return `${document.ref} is ${plain(document.state)}`;
  if (document.effective_from !== undefined && !today.hasCome(document.effective_from))
    return `${document.ref} takes effect on ${document.effective_from}`;
  if (document.next_review_on !== undefined && today.isPast(document.next_review_on))
    return `${document.ref} was due for review on ${document.next_review_on}`;
  return undefined;
}

/** The topics, of those wanted, that the document does not say it covers, in plain words. */
export const topicsMissing = (document: Document, wanted: NonNullable<Document["topics"]>): string[] =>
  wanted.filter((topic) => !(document.topics ?? []).includes(topic)).map(plain);
