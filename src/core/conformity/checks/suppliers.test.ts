import { expect, test } from "vitest";
import { dutyAreas } from "#core/records/kinds/supplier.ts";
import { answerOf, holds, kept } from "../ground.testing.ts";

const day = "2026-11-23";
const system = (change: Record<string, unknown> = {}) =>
  kept("ai_system", "AIS-02", {
    state: "deployed",
    in_scope: true,
    tier: 1,
    deployed_on: "2025-04-14",
    suppliers: ["SU-02"],
    ...change,
  });
const supplier = (change: Record<string, unknown> = {}) =>
  kept("supplier", "SU-02", {
    state: "approved",
    due_diligence: { on: "2025-02-28", result: "ok" },
    responsibility_split: dutyAreas.map((duty_area) => ({ duty_area, side: "supplier" })),
    signed_on: "2025-03-20",
    exit_plan: { text: "Read without AI", reviewed_on: "2026-07-03" },
    next_review_on: "2027-01-03",
    ...change,
  });

test("each duty has a side and the split is signed", () => {
  expect(holds("third.responsibilities", [system(), supplier()], day)[0]).toBe("pass");
  expect(holds("third.responsibilities", [system(), supplier({ signed_on: undefined })], day)).toEqual([
    "fail",
    "SU-02: has a split of duties that is not signed",
  ]);
  const short = dutyAreas.slice(1).map((duty_area) => ({ duty_area, side: "us" }));
  expect(holds("third.responsibilities", [system(), supplier({ responsibility_split: short })], day)).toEqual([
    "fail",
    "SU-02: gives no side the duty of data",
  ]);
});

test("a split counts from the day it is signed", () => {
  expect(holds("third.responsibilities", [system(), supplier()], "2025-03-19")[0]).toBe("fail");
  expect(holds("third.responsibilities", [system(), supplier()], "2025-03-20")[0]).toBe("pass");
});

test("a supplier of nothing in scope owes no split", () => {
  expect(
    holds("third.responsibilities", [system({ in_scope: false }), supplier({ signed_on: undefined })], day)[0],
  ).toBe("pass");
});

test("due diligence came before first use, and the next review is not past", () => {
  expect(holds("supplier.due_diligence", [system(), supplier()], "2027-01-03")[0]).toBe("pass");
  expect(holds("supplier.due_diligence", [system(), supplier()], "2027-01-04")).toEqual([
    "fail",
    "SU-02: its review was due on 2027-01-03",
  ]);
  expect(
    holds(
      "supplier.due_diligence",
      [system(), supplier({ due_diligence: { on: "2025-04-15", result: "ok" } })],
      day,
    )[0],
  ).toBe("fail");
  expect(holds("supplier.due_diligence", [system(), supplier({ due_diligence: undefined })], day)[0]).toBe("fail");
  expect(holds("supplier.due_diligence", [system(), supplier({ next_review_on: undefined })], day)[0]).toBe("fail");
});

test("a supplier of a model or of computing is checked too", () => {
  const model = kept("model", "MD-03", { state: "approved", supplier: "SU-02" });
  const cluster = kept("resource", "RES-03", { state: "allocated", supplier: "SU-02" });
  expect(holds("supplier.due_diligence", [model, supplier({ due_diligence: undefined })], day)[0]).toBe("fail");
  expect(holds("supplier.due_diligence", [cluster, supplier({ due_diligence: undefined })], day)[0]).toBe("fail");
  expect(holds("supplier.due_diligence", [supplier({ due_diligence: undefined })], day)[0]).toBe("pass");
});

test("a change that is not assessed fails once 15 working days are over, and says when", () => {
  // Monday 2026-11-02 and 15 working days: Monday 2026-11-23.
  const watched = [system(), supplier({ changes: [{ what: "New model", announced_on: "2026-11-02" }] })];
  expect(answerOf("supplier.change_watch", watched, day)).toMatchObject({ result: "pass", changesOn: "2026-11-24" });
  expect(holds("supplier.change_watch", watched, "2026-11-24")[0]).toBe("fail");
});

test("a change is assessed before it is enabled, unless it cannot be held back", () => {
  const change = { what: "Score", announced_on: "2026-11-02", enabled_on: "2026-11-02", assessed_on: "2026-11-05" };
  expect(holds("supplier.change_watch", [supplier({ changes: [change] })], day)[0]).toBe("fail");
  expect(holds("supplier.change_watch", [supplier({ changes: [{ ...change, can_hold_back: false }] })], day)[0]).toBe(
    "pass",
  );
  expect(
    holds("supplier.change_watch", [supplier({ changes: [{ ...change, enabled_on: "2026-11-06" }] })], day)[0],
  ).toBe("pass");
  expect(holds("supplier.change_watch", [supplier()], day)[0]).toBe("pass");
});

test("the way out of a supplier of a tier 1 system is looked at every 12 months", () => {
  expect(holds("supplier.exit", [system(), supplier()], "2027-07-03")[0]).toBe("pass");
  expect(holds("supplier.exit", [system(), supplier()], "2027-07-04")[0]).toBe("fail");
  expect(holds("supplier.exit", [system(), supplier({ exit_plan: undefined })], day)).toEqual([
    "fail",
    "SU-02: serves AIS-02 and has no exit or fallback plan",
  ]);
  expect(holds("supplier.exit", [system({ tier: 2 }), supplier({ exit_plan: undefined })], day)[0]).toBe("pass");
});

test("who provides AI to others knows each customer's needs, has told it and knows its duties", () => {
  const provided = system({ our_roles: ["provider"], users: [{ who: "Clinics", party: "IP-09" }] });
  const customer = kept("interested_party", "IP-09", {
    state: "active",
    party_kinds: ["customer"],
    needs: [{ text: "support" }],
  });
  const duty = kept("obligation", "OB-09", { state: "active", party: "IP-09" });
  const told = kept("communication_event", "CE-09", { state: "sent", with_whom: ["IP-09"] });
  expect(holds("customer.needs", [system()], day)[0]).toBe("not_applicable");
  expect(holds("customer.needs", [provided, customer, duty, told], day)[0]).toBe("pass");
  expect(holds("customer.needs", [provided, customer, duty], day)).toEqual([
    "fail",
    "AIS-02: IP-09 has no information given to it",
  ]);
  expect(holds("customer.needs", [system({ our_roles: ["provider"] })], day)[0]).toBe("fail");
});
