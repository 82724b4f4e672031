import { expect, test } from "vitest";
import { annexAControls } from "#core/standard/catalogue.ts";
import { answerOf, holds, kept, type Given } from "../ground.testing.ts";

const day = "2026-11-23";
const statement = (given: Given<"soa"> = {}) =>
  kept("soa", "SOA-1", { state: "approved", dated: "2026-07-02", ...given });
const entry = (control: string, given: Given<"soa_entry"> = {}, ref = `SOA-1/${control}`) =>
  kept("soa_entry", ref, {
    state: "in_force",
    soa: "SOA-1",
    control_id: control,
    included: true,
    justification: "needed",
    risks: ["RSK-001"],
    ...given,
  });
const all = annexAControls.map((control) => entry(control));
const plan = (given: Given<"treatment_plan"> = {}) =>
  kept("treatment_plan", "TP-06", {
    state: "in_progress",
    approved_on: "2026-07-02",
    control_refs_added: ["A.6.2.8"],
    ...given,
  });

test("the approved statement has one entry for each of the 38 controls", () => {
  expect(holds("soa.complete", [statement(), ...all], day)[0]).toBe("pass");
  expect(holds("soa.complete", [statement(), ...all.slice(1)], day)[0]).toBe("fail");
  expect(holds("soa.complete", [statement(), ...all, entry("A.5.4", {}, "SOA-1/twice")], day)[0]).toBe("fail");
  expect(holds("soa.complete", [statement({ state: "draft" }), ...all], day)[0]).toBe("fail");
});

test("a control of our own that a plan adds has an entry", () => {
  const adds = plan({ control_refs_added: ["X.RBAC"] });
  expect(holds("soa.complete", [statement(), ...all, adds], day)).toEqual([
    "fail",
    "TP-06: it adds X.RBAC, of which the approved statement says nothing",
  ]);
  expect(holds("soa.complete", [statement(), ...all, adds, entry("X.RBAC")], day)[0]).toBe("pass");
  expect(holds("soa.complete", [statement(), ...all, adds, entry("X.RBAC", { soa: "SOA-0" })], day)[0]).toBe("fail");
});

test("every entry is justified: included for a risk, duty or aim, excluded with a reason", () => {
  expect(holds("soa.justified", [entry("A.5.4")], day)[0]).toBe("pass");
  expect(holds("soa.justified", [entry("A.5.4", { risks: [] })], day)[0]).toBe("fail");
  expect(holds("soa.justified", [entry("A.5.4", { risks: [], objectives: ["OBJ-1"] })], day)[0]).toBe("pass");
  expect(holds("soa.justified", [entry("A.5.4", { justification: undefined })], day)[0]).toBe("fail");
  expect(holds("soa.justified", [entry("A.10.4", { included: false, risks: [] })], day)[0]).toBe("fail");
  expect(holds("soa.justified", [entry("A.10.4", { included: false, exclusion_reason: "no customers" })], day)[0]).toBe(
    "pass",
  );
  expect(holds("soa.justified", [entry("A.5.4", { state: "draft" })], day)[0]).toBe("fail");
});

const proof = (given: Given<"evidence_item"> = {}) =>
  kept("evidence_item", "EVD-03", { state: "accepted", valid_until: "2026-10-31", ...given });
const done = (given: Given<"soa_entry"> = {}) =>
  entry("A.10.3", { implementation_status: "implemented", evidence: ["EVD-03"], ...given });

test("implemented holds as long as accepted proof does", () => {
  expect(holds("soa.status_true", [done(), proof()], "2026-10-31")[0]).toBe("pass");
  expect(holds("soa.status_true", [done(), proof()], "2026-11-01")).toEqual([
    "fail",
    "SOA-1/A.10.3: implemented, unproven: EVD-03 ran out on 2026-10-31",
  ]);
  expect(holds("soa.status_true", [done(), proof({ state: "offered", valid_until: undefined })], day)[0]).toBe("fail");
  expect(holds("soa.status_true", [done({ evidence: [] })], day)[0]).toBe("fail");
  expect(holds("soa.status_true", [done({ implementation_status: "partial" }), proof()], day)[0]).toBe(
    "not_applicable",
  );
  expect(answerOf("soa.status_true", [done(), proof()], "2026-10-01").changesOn).toBe("2026-11-01");
});

test("an automated check that passed in the last 30 days is proof too", () => {
  const seen = (on: string) =>
    done({ evidence: [], effectiveness: { last_result: "effective", source: "check rbac.no_high", on } });
  expect(holds("soa.status_true", [seen("2026-10-24")], day)[0]).toBe("pass");
  expect(holds("soa.status_true", [seen("2026-10-23")], day)[0]).toBe("fail");
});

test("the statement is as new as the newest plan that changed controls", () => {
  expect(holds("soa.fresh", [statement(), plan()], day)[0]).toBe("pass");
  expect(holds("soa.fresh", [statement(), plan({ approved_on: "2026-07-03" })], day)[0]).toBe("fail");
  expect(holds("soa.fresh", [statement(), plan({ approved_on: "2026-07-03", control_refs_added: [] })], day)[0]).toBe(
    "pass",
  );
  expect(
    holds(
      "soa.fresh",
      [statement(), plan({ approved_on: "2026-07-03", control_refs_added: [], control_refs_removed: ["A.5.4"] })],
      day,
    )[0],
  ).toBe("fail");
  expect(holds("soa.fresh", [plan()], day)[0]).toBe("fail");
});
