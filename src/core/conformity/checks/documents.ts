import { dayOf } from "#core/basics/time.ts";
import { back, out } from "#core/records/follow.ts";
import type { RecordOf } from "#core/records/kind.ts";
import { check, every, latest, none, some, type Check } from "../check.ts";
import { approvalOf } from "../facts/approvals.ts";
import { listed, missingFields, plain } from "../facts/words.ts";
import { make, on } from "../mend.ts";

type Document = RecordOf<"document">;

const isLive = (document: Document): boolean => document.state === "approved" || document.state === "effective";

const noDocument = { empty: "fail", because: "no document is approved" } as const;

/** Checks whose home is 7.5.2 and 7.5.3. */
export const checks: readonly Check[] = [
  check(
    "docs.identified",
    [on("document", "amend"), make("document", "draft", { about: "supersedes" })],
    every("document", {
      where: isLive,
      must: ({ record }) => {
        const missing = missingFields(record, [
          "doc_no",
          "title",
          "dated",
          "author",
          "edition",
          "format",
          "language",
        ]).map((field) => (field === "doc no" ? "number" : field === "edition" ? "version" : field));
        return missing.length === 0 || `it does not state its ${listed(missing)}`;
      },
      ...noDocument,
    }),
  ),
  check(
    "docs.approved",
    [on("document", "approve"), on("document", "submit"), make("document", "draft", { about: "supersedes" })],
    every("document", {
      where: isLive,
      follow: { approvals: back("approval", "about") },
      must: ({ record, approvals }) => {
        const approval = approvalOf(record, approvals);
        if (!approval) return "no approval is bound to its content";
        return approval.person !== record.author || `${record.author ?? "its author"} wrote and approved it`;
      },
      ...noDocument,
    }),
  ),
  check(
    "docs.review_due",
    [on("document", "check"), make("document", "draft", { about: "supersedes" })],
    every("document", {
      where: isLive,
      must: ({ record, today }) =>
        record.next_review_on === undefined ||
        !today.isPast(record.next_review_on) ||
        `its review was due on ${record.next_review_on}`,
      ...noDocument,
    }),
  ),
  check(
    "docs.controlled",
    [
      on("document", "distribute"),
      on("document", "put_into_effect"),
      on("document", "amend"),
      make("document", "draft", { about: "supersedes" }),
    ],
    every("document", {
      where: (record) => record.state === "effective",
      follow: { newer: back("document", "supersedes") },
      must: ({ record, newer }) => {
        const missing = missingFields(record, ["access_level", "storage", "distribution", "retention_until"]).map(
          plain,
        );
        if (missing.length > 0) return `it has no ${listed(missing)}`;
        const successor = newer.find((document) => document.state === "effective");
        return (
          successor === undefined || {
            fails: `${successor.ref} has taken its place, and it is still offered as current`,
            records: [successor.ref],
          }
        );
      },
      empty: "fail",
      because: "no document is in effect",
    }),
  ),
  check(
    "docs.external",
    [on("document", "check")],
    every("document", {
      where: (record) => record.origin === "external" && isLive(record),
      follow: { watcher: out("person", "watcher") },
      must: ({ record, watcher, today }) => {
        if (watcher[0]?.state !== "active") return "nobody at work watches it for new editions";
        if (record.last_checked_on === undefined) return "it was never checked for a new edition";
        return (
          today.isWithinMonths(record.last_checked_on, 12) ||
          `it was last checked for a new edition on ${record.last_checked_on}`
        );
      },
      empty: "not_applicable",
      because: "no document comes from outside",
    }),
  ),
  check(
    "history.intact",
    [make("snapshot", "make", { with: { purpose: "verification" } })],
    latest("snapshot", {
      where: (record) => record.verification !== undefined,
      rank: (record) => record.verification?.verified_at,
      must: ({ record: { verification }, today }) => {
        if (verification === undefined) return { unknown: "the history was not verified" };
        if (verification.result === "broken")
          return `the history does not verify: ${verification.message ?? "an entry is not what it was"}`;
        const on = dayOf(verification.verified_at);
        return !today.isLongerThan(7, on) || { unknown: `the history was last verified on ${on}` };
      },
      empty: "unknown",
      because: "the history was never verified",
    }),
    none("snapshot", {
      where: (record, today) =>
        record.verification?.result === "broken" && !today.isLongerThan(7, dayOf(record.verification.verified_at)),
      such: ({ record }) =>
        `a verification of the past 7 days failed: ${record.verification?.message ?? "an entry is not what it was"}`,
    }),
  ),
  check(
    "docs.restore_tested",
    [on("evidence_item", "accept"), make("evidence_item", "offer", { with: { proves: "restore" } })],
    some("evidence_item", {
      where: (record) => record.state === "accepted" && record.proves === "restore",
      must: ({ record, today }) => {
        const on = record.happened_on ?? record.period_to ?? record.collected_on;
        if (on === undefined) return { unknown: "it does not say when the restore was tried" };
        return today.isWithinMonths(on, 12) || `the restore was tried on ${on}, longer than 12 months ago`;
      },
      because: "no accepted proof shows that AIMS records were restored from a backup",
    }),
  ),
];
