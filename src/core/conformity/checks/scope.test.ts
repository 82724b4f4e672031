import { expect, test } from "vitest";
import { answerOf, approved, holds, kept } from "../ground.testing.ts";

const scope = (given: object = {}, ref = "SC-01") =>
  kept("scope_statement", ref, {
    state: "approved",
    effective_from: "2026-07-02",
    org_units: ["Radiology"],
    sites: ["NGH"],
    activities: ["use"],
    ai_roles: ["user_or_deployer"],
    included_systems: ["AIS-01"],
    based_on: { context: "CS-01", parties_edition: 2 },
    ...given,
  });

test("exactly one scope is in effect, approved by top management for this very text", () => {
  const one = scope();
  expect(holds("scope.approved", [one, approved(one)], "2026-11-23")[0]).toBe("pass");
  expect(holds("scope.approved", [one], "2026-11-23")).toEqual(["fail", "SC-01: no approval is bound to its content"]);
  expect(holds("scope.approved", [one, approved(one, { bound_to: "another" })], "2026-11-23")[0]).toBe("fail");
  expect(holds("scope.approved", [one, approved(one, { as_role: "aims_manager" })], "2026-11-23")).toEqual([
    "fail",
    "SC-01: it was approved as aims_manager, not by top management",
  ]);
  const other = scope({}, "SC-02");
  expect(holds("scope.approved", [one, approved(one), other, approved(other)], "2026-11-23")[0]).toBe("fail");
});

test("a scope counts from the day it takes effect", () => {
  const one = scope();
  expect(holds("scope.approved", [one, approved(one)], "2026-07-01")[0]).toBe("fail");
  expect(answerOf("scope.approved", [one, approved(one)], "2026-07-01").changesOn).toBe("2026-07-02");
  expect(holds("scope.approved", [one, approved(one)], "2026-07-02")[0]).toBe("pass");
});

test("every system in use is in the scope or left out with a reason", () => {
  const system = (ref: string, state = "deployed") => kept("ai_system", ref, { state, in_scope: true });
  expect(holds("scope.covers", [scope(), system("AIS-01")], "2026-11-23")[0]).toBe("pass");
  expect(holds("scope.covers", [scope(), system("AIS-02")], "2026-11-23")).toEqual([
    "fail",
    "SC-01: AIS-02 is in use and neither included nor excluded with a reason",
  ]);
  expect(holds("scope.covers", [scope(), system("AIS-02", "design")], "2026-11-23")[0]).toBe("pass");
  expect(
    holds(
      "scope.covers",
      [scope({ excluded: [{ what: "Spell check", why: "Slight", ai_system: "AIS-02" }] }), system("AIS-02")],
      "2026-11-23",
    )[0],
  ).toBe("pass");
  expect(
    holds(
      "scope.covers",
      [scope({ excluded: [{ what: "Spell check", ai_system: "AIS-02" }] }), system("AIS-02")],
      "2026-11-23",
    )[0],
  ).toBe("fail");
  expect(holds("scope.covers", [scope({ sites: [] })], "2026-11-23")).toEqual(["fail", "SC-01: it lists no sites"]);
});

const context = (ref: string, state = "approved") => kept("context_statement", ref, { state, edition: "2" });
const party = (edition: number) => kept("interested_party", "IP-01", { register_edition: edition });
const review = (given: object = {}) =>
  kept("task", "TSK-001", { state: "open", task_kind: "review", why: ["SC-01"], due_on: "2026-11-30", ...given });

test("a scope stands on the current context and party register", () => {
  expect(holds("scope.basis_fresh", [scope(), context("CS-01"), party(2)], "2026-11-23")[0]).toBe("pass");
  expect(holds("scope.basis_fresh", [scope(), context("CS-01"), party(3)], "2026-11-23")).toEqual([
    "fail",
    "SC-01: edition 3 of the party register is newer, and no review is open",
  ]);
  expect(
    holds("scope.basis_fresh", [scope(), context("CS-01", "superseded"), context("CS-02"), party(2)], "2026-11-23")[0],
  ).toBe("fail");
});

test("an open review excuses a scope until the day after it is due", () => {
  const records = [scope(), context("CS-01"), party(3), review()];
  expect(holds("scope.basis_fresh", records, "2026-11-30")).toEqual([
    "pass",
    "SC-01: edition 3 of the party register is newer; TSK-001 looks at it by 2026-11-30",
  ]);
  expect(holds("scope.basis_fresh", records, "2026-12-01")[0]).toBe("fail");
  expect(
    holds("scope.basis_fresh", [scope(), context("CS-01"), party(3), review({ state: "cancelled" })], "2026-11-23")[0],
  ).toBe("fail");
  expect(
    holds("scope.basis_fresh", [scope(), context("CS-01"), party(3), review({ task_kind: "action" })], "2026-11-23")[0],
  ).toBe("fail");
});

test("AI that was found is decided on within thirty days", () => {
  const found = kept("ai_system", "AIS-07", { state: "discovered", state_since: "2026-10-24" });
  expect(holds("scope.no_unknown_ai", [found], "2026-11-23")[0]).toBe("pass");
  expect(holds("scope.no_unknown_ai", [found], "2026-11-24")[0]).toBe("fail");
  expect(holds("scope.no_unknown_ai", [], "2026-11-23")[0]).toBe("pass");
});
