import { expect, test } from "vitest";
import { answerOf, approved, holds, kept } from "../ground.testing.ts";

const areas = ["security", "privacy", "quality_or_safety", "procurement", "people", "records"];
const policy = (given: object = {}) =>
  kept("policy", "POL-01", {
    state: "published",
    policy_kind: "ai_policy",
    body: "We use AI to give patients time.",
    published_on: "2026-02-02",
    next_review_on: "2027-01-31",
    channels: ["intranet"],
    statements: {
      fit_to_purpose: "a",
      frame_for_objectives: "b",
      commitment_to_requirements: "c",
      commitment_to_improvement: "d",
    },
    ai_uses: { how_we_decide: "a", ai_roles: ["user_or_deployer"], what_we_do_not_do: "b" },
    alignment: areas.map((area) => ({ area, other_policy: `${area} policy`, result: "agrees", date: "2026-01-26" })),
    ...given,
  });

test("the published text is the one that top management approved, and is in date", () => {
  const one = policy();
  expect(holds("policy.approved", [one, approved(one)], "2027-01-31")[0]).toBe("pass");
  expect(holds("policy.approved", [one, approved(one)], "2027-02-01")).toEqual([
    "fail",
    "POL-01: its review was due on 2027-01-31",
  ]);
  expect(holds("policy.approved", [policy({ body: "Another text" }), approved(one)], "2026-11-23")).toEqual([
    "fail",
    "POL-01: no approval is bound to the text that is published",
  ]);
  expect(holds("policy.approved", [one, approved(one, { as_role: "aims_manager" })], "2026-11-23")[0]).toBe("fail");
  expect(holds("policy.approved", [{ ...one, state: "approved" }, approved(one)], "2026-11-23")[0]).toBe("fail");
});

test("what is set after approval does not loosen it", () => {
  const one = policy();
  expect(
    holds("policy.approved", [policy({ channels: ["intranet", "posters"] }), approved(one)], "2026-11-23")[0],
  ).toBe("pass");
});

test("all four statements are there", () => {
  expect(holds("policy.content", [policy()], "2026-11-23")[0]).toBe("pass");
  expect(holds("policy.content", [policy({ statements: { fit_to_purpose: "a" } })], "2026-11-23")[0]).toBe("fail");
  expect(holds("policy.content", [], "2026-11-23")[0]).toBe("fail");
});

const person = (ref: string, given: object = {}) =>
  kept("person", ref, { state: "active", in_scope: true, active_from: "2020-01-01", ...given });
const ack = (who: string, given_on: string) =>
  kept("awareness_ack", `ACK-${who}`, { person: who, about: ["POL-01"], given_on });

test("everyone has sixty days from publication, or from their first day", () => {
  const records = [policy(), person("P10")];
  expect(holds("policy.communicated", records, "2026-04-03")[0]).toBe("pass");
  expect(answerOf("policy.communicated", records, "2026-04-03").changesOn).toBe("2026-04-04");
  expect(holds("policy.communicated", records, "2026-04-04")[0]).toBe("fail");
  expect(holds("policy.communicated", [...records, ack("P10", "2026-04-03")], "2026-11-23")[0]).toBe("pass");
  expect(holds("policy.communicated", [...records, ack("P10", "2026-04-04")], "2026-11-23")[0]).toBe("fail");
  expect(holds("policy.communicated", [policy(), person("P10", { active_from: "2026-10-01" })], "2026-11-23")[0]).toBe(
    "pass",
  );
});

test("ninety-five percent are enough, and those on leave are not asked", () => {
  const crowd = Array.from({ length: 20 }, (_, number) => person(`P${100 + number}`));
  const acks = crowd.slice(1).map((one) => ack(one.ref, "2026-03-01"));
  expect(holds("policy.communicated", [policy(), ...crowd, ...acks], "2026-11-23")[0]).toBe("pass");
  expect(holds("policy.communicated", [policy(), ...crowd, ...acks.slice(1)], "2026-11-23")[0]).toBe("fail");
  const away = crowd.map((one, position) => (position < 2 ? { ...one, state: "suspended" } : one));
  expect(holds("policy.communicated", [policy(), ...away, ...acks.slice(1)], "2026-11-23")[0]).toBe("pass");
});

test("the organisation sets itself what share is enough", () => {
  const crowd = Array.from({ length: 20 }, (_, number) => person(`P${100 + number}`));
  const acks = crowd.slice(10).map((one) => ack(one.ref, "2026-03-01"));
  const asking = (share: number) =>
    holds(
      "policy.communicated",
      [policy(), ...crowd, ...acks, kept("organization", "ORG-1", { settings: { acknowledged_share: share } })],
      "2026-11-23",
    )[0];
  expect([50, 51, 100].map(asking)).toEqual(["pass", "fail", "fail"]);
});

test("those outside who need the policy can read it or were given it", () => {
  const party = kept("interested_party", "IP-07", { title: "Patient council", needs_policy: true });
  expect(
    holds(
      "policy.available",
      [policy({ external_availability: "https://example.org/policy" }), party],
      "2026-11-23",
    )[0],
  ).toBe("pass");
  expect(holds("policy.available", [policy(), party], "2026-11-23")).toEqual([
    "fail",
    "POL-01: it has no public address, and was not given to Patient council",
  ]);
  expect(
    holds(
      "policy.available",
      [
        policy(),
        party,
        kept("communication_event", "CE-01", { state: "sent", about: ["POL-01"], with_whom: ["IP-07"] }),
      ],
      "2026-11-23",
    )[0],
  ).toBe("pass");
  expect(holds("policy.available", [policy({ channels: [] })], "2026-11-23")[0]).toBe("fail");
});

test("the policy says how AI is decided on, in which part, and what is not done", () => {
  expect(holds("policy.ai_uses", [policy()], "2026-11-23")[0]).toBe("pass");
  expect(
    holds("policy.ai_uses", [policy({ ai_uses: { how_we_decide: "a", ai_roles: ["provider"] } })], "2026-11-23"),
  ).toEqual(["fail", "POL-01: it does not state what we do not do"]);
});

test("other policies were looked at in the past twelve months, and a conflict has a dated plan", () => {
  expect(holds("policy.alignment", [policy()], "2027-01-26")[0]).toBe("pass");
  expect(holds("policy.alignment", [policy()], "2027-01-27")[0]).toBe("fail");
  const conflict = (given: object) =>
    policy({
      alignment: [
        ...areas.slice(1).map((area) => ({ area, other_policy: area, result: "agrees", date: "2026-01-26" })),
        { area: "security", other_policy: "Security", result: "conflict", date: "2026-01-26", ...given },
      ],
    });
  expect(holds("policy.alignment", [conflict({ plan: "Mend it", plan_due: "2026-12-15" })], "2026-11-23")[0]).toBe(
    "pass",
  );
  expect(holds("policy.alignment", [conflict({ plan: "Mend it" })], "2026-11-23")[0]).toBe("fail");
  expect(holds("policy.alignment", [policy({ alignment: [] })], "2026-11-23")[0]).toBe("fail");
});

const incident = kept("incident", "INC-01", { severity: "high", detected_on: "2026-09-29" });

test("a high incident calls for a review of the policy within sixty days", () => {
  expect(holds("policy.reviewed", [policy(), incident], "2026-11-28")).toEqual([
    "pass",
    expect.stringContaining("INC-01: the high incident on 2026-09-29 calls for a review of the policy by 2026-11-28"),
  ]);
  expect(answerOf("policy.reviewed", [policy(), incident], "2026-11-28").changesOn).toBe("2026-11-29");
  expect(holds("policy.reviewed", [policy(), incident], "2026-11-29")[0]).toBe("fail");
  const reviewed = (done_on: string) =>
    policy({ reviews: [{ trigger: "incident", because_of: "INC-01", done_on, result: "kept" }] });
  expect(holds("policy.reviewed", [reviewed("2026-11-28"), incident], "2026-12-23")[0]).toBe("pass");
  expect(holds("policy.reviewed", [reviewed("2026-11-29"), incident], "2026-12-23")[0]).toBe("fail");
  expect(holds("policy.reviewed", [policy(), { ...incident, severity: "low" }], "2026-12-23")[0]).toBe("pass");
});

test("a law that comes into force calls for a review, one older than the AIMS does not", () => {
  const organization = kept("organization", "ORG-01", { aims_start_date: "2025-10-06" });
  const law = (applies_from: string) => kept("obligation", "OB-02", { obligation_kind: "law", applies_from });
  expect(holds("policy.reviewed", [policy(), organization, law("2026-08-02")], "2026-10-02")[0]).toBe("fail");
  expect(holds("policy.reviewed", [policy(), organization, law("2025-10-05")], "2026-01-02")[0]).toBe("pass");
  expect(holds("policy.reviewed", [policy(), organization, law("2027-12-02")], "2026-11-23")[0]).toBe("pass");
});

test("a new edition of the scope calls for a review", () => {
  const scope = (given: object = {}) =>
    kept("scope_statement", "SC-02", {
      state: "approved",
      supersedes: "SC-01",
      effective_from: "2026-07-02",
      ...given,
    });
  expect(holds("policy.reviewed", [policy(), scope()], "2026-08-31")[0]).toBe("pass");
  expect(holds("policy.reviewed", [policy(), scope()], "2026-09-01")[0]).toBe("fail");
  expect(holds("policy.reviewed", [policy(), scope({ supersedes: undefined })], "2026-09-01")[0]).toBe("pass");
});

test("a planned review past its day fails", () => {
  expect(holds("policy.reviewed", [policy()], "2027-02-01")[0]).toBe("fail");
  const due = policy({ reviews: [{ trigger: "scope", due: "2026-08-31" }] });
  expect(holds("policy.reviewed", [due], "2026-08-31")[0]).toBe("pass");
  expect(holds("policy.reviewed", [due], "2026-09-01")[0]).toBe("fail");
});
