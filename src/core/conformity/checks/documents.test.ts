import { expect, test } from "vitest";
import { answerOf, approved, holds, kept } from "../ground.testing.ts";

const document = (given: object = {}, ref = "DOC-01") =>
  kept("document", ref, {
    state: "effective",
    title: "Procedure",
    doc_no: ref,
    dated: "2026-02-02",
    author: "P04",
    edition: "2.0",
    format: "text",
    language: "English",
    next_review_on: "2028-02-16",
    access_level: "internal",
    storage: "AIMS",
    distribution: ["all"],
    retention_until: "2036-12-31",
    ...given,
  });

test("a document in force says what it is", () => {
  expect(holds("docs.identified", [document()], "2026-11-23")[0]).toBe("pass");
  expect(holds("docs.identified", [document({ language: undefined, edition: undefined })], "2026-11-23")).toEqual([
    "fail",
    "DOC-01: it does not state its version and language",
  ]);
  expect(holds("docs.identified", [document({ state: "draft", language: undefined })], "2026-11-23")[0]).toBe("fail");
});

test("the very text in force was approved by somebody other than its author", () => {
  const one = document();
  expect(holds("docs.approved", [one, approved(one)], "2026-11-23")[0]).toBe("pass");
  expect(holds("docs.approved", [one, approved(one, { person: "P04" })], "2026-11-23")).toEqual([
    "fail",
    "DOC-01: P04 wrote and approved it",
  ]);
  expect(holds("docs.approved", [document({ body: "changed" }), approved(one)], "2026-11-23")[0]).toBe("fail");
  expect(holds("docs.approved", [one, approved(one, { decision: "reject" })], "2026-11-23")[0]).toBe("fail");
});

test("a document is late on the day after its review was due", () => {
  expect(holds("docs.review_due", [document()], "2028-02-16")[0]).toBe("pass");
  expect(answerOf("docs.review_due", [document()], "2028-02-16").changesOn).toBe("2028-02-17");
  expect(holds("docs.review_due", [document()], "2028-02-17")[0]).toBe("fail");
  expect(holds("docs.review_due", [document({ state: "superseded" })], "2028-02-17")[0]).toBe("fail");
});

test("a document in effect is kept under control, and gives way to the edition after it", () => {
  expect(holds("docs.controlled", [document()], "2026-11-23")[0]).toBe("pass");
  expect(holds("docs.controlled", [document({ storage: undefined })], "2026-11-23")).toEqual([
    "fail",
    "DOC-01: it has no storage",
  ]);
  const newer = document({ supersedes: "DOC-01" }, "DOC-02");
  expect(holds("docs.controlled", [document(), newer], "2026-11-23")[0]).toBe("fail");
  expect(holds("docs.controlled", [document({ state: "superseded" }), newer], "2026-11-23")[0]).toBe("pass");
});

test("a document from outside has a watcher at work who looked in the past twelve months", () => {
  const outside = (given: object = {}) =>
    document({ origin: "external", watcher: "P04", last_checked_on: "2026-10-06", ...given });
  const watcher = kept("person", "P04", { state: "active" });
  expect(holds("docs.external", [outside(), watcher], "2027-10-06")[0]).toBe("pass");
  expect(holds("docs.external", [outside(), watcher], "2027-10-07")[0]).toBe("fail");
  expect(holds("docs.external", [outside(), { ...watcher, state: "left" }], "2026-11-23")[0]).toBe("fail");
  expect(holds("docs.external", [document()], "2026-11-23")[0]).toBe("not_applicable");
});

const verified = (ref: string, verified_at: string, result = "intact") =>
  kept("snapshot", ref, { verification: { result, verified_at } });

test("a history is intact while its last verification is at most seven days old", () => {
  expect(holds("history.intact", [verified("SNP-0001", "2026-11-16T05:00:00.000Z")], "2026-11-23")[0]).toBe("pass");
  expect(holds("history.intact", [verified("SNP-0001", "2026-11-16T05:00:00.000Z")], "2026-11-24")[0]).toBe("unknown");
  expect(holds("history.intact", [], "2026-11-23")[0]).toBe("unknown");
});

test("a broken history fails, and one later good verification does not hide it the same week", () => {
  const broken = verified("SNP-0001", "2026-11-20T05:00:00.000Z", "broken");
  expect(holds("history.intact", [broken], "2026-11-23")[0]).toBe("fail");
  expect(holds("history.intact", [broken, verified("SNP-0002", "2026-11-21T05:00:00.000Z")], "2026-11-23")[0]).toBe(
    "fail",
  );
});

test("a restore was tried in the past twelve months, and the proof was accepted", () => {
  const restore = (given: object = {}) =>
    kept("evidence_item", "EVD-09", { state: "accepted", proves: "restore", happened_on: "2026-09-03", ...given });
  expect(holds("docs.restore_tested", [restore()], "2027-09-03")[0]).toBe("pass");
  expect(holds("docs.restore_tested", [restore()], "2027-09-04")[0]).toBe("fail");
  expect(holds("docs.restore_tested", [restore({ state: "offered" })], "2026-11-23")[0]).toBe("fail");
  expect(holds("docs.restore_tested", [restore({ happened_on: undefined })], "2026-11-23")[0]).toBe("unknown");
});
