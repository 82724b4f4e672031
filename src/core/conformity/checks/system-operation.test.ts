import { expect, test } from "vitest";
import { answerOf, holds, kept } from "../ground.testing.ts";

const day = "2026-11-23";
const system = (change: Record<string, unknown> = {}) =>
  kept("ai_system", "AIS-03", { state: "deployed", in_scope: true, tier: 1, ...change });
const areas = ["performance", "drift", "errors_and_failures", "security", "support", "repair", "updates"];
const plan = areas.map((area) => ({ area, owner: "P06", threshold: "≤ 3.0 %" }));

test("a monitoring plan covers each area with owner and threshold", () => {
  expect(holds("monitor.plan", [system({ monitoring_plan: plan })], day)[0]).toBe("pass");
  expect(holds("monitor.plan", [system()], day)[0]).toBe("fail");
  expect(holds("monitor.plan", [system({ monitoring_plan: plan.slice(1) })], day)).toEqual([
    "fail",
    "AIS-03: its monitoring plan does not cover performance",
  ]);
  expect(holds("monitor.plan", [system({ monitoring_plan: [{ area: "drift" }, ...plan] })], day)[0]).toBe("fail");
  expect(holds("monitor.plan", [system({ state: "development" })], day)[0]).toBe("not_applicable");
});

test("monitoring runs while a value is younger than one and a half periods", () => {
  const measure = kept("measure", "MS-02", { state: "active", frequency: "monthly", ai_systems: ["AIS-03"] });
  const value = kept("measurement", "MV-01", { state: "recorded", measure: "MS-02", collected_on: "2026-10-08" });
  expect(answerOf("monitor.running", [system(), measure, value], day)).toMatchObject({
    result: "pass",
    changesOn: "2026-11-24",
  });
  expect(holds("monitor.running", [system(), measure, value], "2026-11-24")[0]).toBe("fail");
  expect(holds("monitor.running", [system(), measure], day)).toEqual(["fail", "AIS-03: MS-02 has no value yet"]);
  expect(holds("monitor.running", [system()], day)).toEqual(["fail", "AIS-03: has no active measure"]);
  expect(holds("monitor.running", [system({ tier: 3 })], day)[0]).toBe("not_applicable");
});

test("someone on duty can stop a tier 1 system, and stopping was practised within 12 months", () => {
  const duty = {
    on_duty: [{ person: "P22", site: "NGH" }],
    exercises: [{ what: "stop", on: "2026-06-02", site: "NGH" }],
  };
  const nurse = kept("person", "P22", { state: "active" });
  expect(holds("monitor.stop_tested", [system(duty), nurse], "2027-06-02")).toEqual(["pass", ""]);
  expect(holds("monitor.stop_tested", [system(duty), nurse], "2027-06-03")[0]).toBe("fail");
  expect(holds("monitor.stop_tested", [system(duty), kept("person", "P22", { state: "left" })], day)[0]).toBe("fail");
  expect(holds("monitor.stop_tested", [system({ ...duty, exercises: [] }), nurse], day)[0]).toBe("fail");
  expect(holds("monitor.stop_tested", [system({ ...duty, tier: 2 }), nurse], day)[0]).toBe("not_applicable");
});

test("a site that never practised is told beside the pass", () => {
  const both = {
    on_duty: [{ person: "P22" }],
    exercises: [{ what: "stop", on: "2026-06-02", site: "NGH" }],
    deployment_context: { sites: ["NGH", "SAH"] },
  };
  expect(holds("monitor.stop_tested", [system(both), kept("person", "P22", { state: "active" })], day)).toEqual([
    "pass",
    "AIS-03: last exercised on 2026-06-02; SAH never practised",
  ]);
});

test("logs are on, kept as long as duties ask, and were read back within 90 days", () => {
  const logging = { enabled: true, what: ["inputs"], retention_days: 180, verified_on: "2026-08-25" };
  expect(holds("logs.enabled", [system({ logging })], day)[0]).toBe("pass");
  expect(holds("logs.enabled", [system({ logging })], "2026-11-24")[0]).toBe("fail");
  expect(holds("logs.enabled", [system({ logging: { ...logging, retention_days: 179 } })], day)).toEqual([
    "fail",
    "AIS-03: keeps its logs for 179 days, and 180 are asked for",
  ]);
  expect(holds("logs.enabled", [system({ logging: { ...logging, verified_on: undefined } })], day)[0]).toBe("fail");
  expect(holds("logs.enabled", [system({ logging: { ...logging, enabled: false } })], day)[0]).toBe("fail");
  const duty = kept("obligation", "OB-03", { state: "active", applies_to: ["AIS-03"], log_retention_days: 3650 });
  expect(holds("logs.enabled", [system({ logging }), duty], day)[0]).toBe("fail");
});

test("every user has confirmed the rules, and a group that begins has done so before", () => {
  const rules = kept("document", "DOC-53", { state: "effective", effective_from: "2026-06-08" });
  const used = system({
    use_rules_doc: "DOC-53",
    users: [
      { who: "nurses", number: 2, since: "2026-10-05" },
      { who: "callers", number: 900, needs_rules: false },
    ],
  });
  const confirmed = (person: string, given_on: string) =>
    kept("awareness_ack", `AA-${person}`, { state: "given", person, given_on, about: ["DOC-53"] });
  expect(
    holds("use.users_ready", [used, rules, confirmed("P1", "2026-10-02"), confirmed("P2", "2026-10-05")], day)[0],
  ).toBe("pass");
  expect(
    holds("use.users_ready", [used, rules, confirmed("P1", "2026-10-02"), confirmed("P2", "2026-10-06")], day)[0],
  ).toBe("fail");
  expect(holds("use.users_ready", [used, rules, confirmed("P1", "2026-10-02")], day)).toEqual([
    "fail",
    "AIS-03: 1 of 2 users have confirmed DOC-53",
  ]);
  expect(holds("use.users_ready", [system({ use_rules_doc: "DOC-53" }), rules], day)[0]).toBe("unknown");
  expect(holds("use.users_ready", [system()], day)[0]).toBe("fail");
});

test("users have taken the training that the rules call for", () => {
  const rules = kept("document", "DOC-53", { state: "effective" });
  const used = system({ use_rules_doc: "DOC-53", use_training: ["TR-02"], users: [{ who: "nurses", number: 1 }] });
  const confirmed = kept("awareness_ack", "AA-1", {
    state: "given",
    person: "P1",
    given_on: "2026-10-02",
    about: ["DOC-53"],
  });
  expect(
    holds(
      "use.users_ready",
      [used, rules, confirmed, kept("training", "TR-02", { state: "delivered", attended_count: 1 })],
      day,
    )[0],
  ).toBe("pass");
  expect(
    holds(
      "use.users_ready",
      [used, rules, confirmed, kept("training", "TR-02", { state: "planned", attended_count: 1 })],
      day,
    )[0],
  ).toBe("fail");
});

test("real use is compared with intended use every six months, and deviations are decided", () => {
  const review = { on: "2026-09-08", compared: "As intended" };
  expect(holds("use.intended", [system({ use_reviews: [review] })], "2027-03-08")[0]).toBe("pass");
  expect(holds("use.intended", [system({ use_reviews: [review] })], "2027-03-09")[0]).toBe("fail");
  expect(holds("use.intended", [system()], day)[0]).toBe("fail");
  expect(holds("use.intended", [system({ deployed_on: "2026-05-23" })], day)).toEqual([
    "pass",
    "AIS-03: in use since 2026-05-23, first use review due by 2026-11-23",
  ]);
  expect(holds("use.intended", [system({ deployed_on: "2026-05-22" })], day)[0]).toBe("fail");
  expect(
    holds("use.intended", [system({ use_reviews: [{ ...review, deviations: [{ what: "Used on the phone" }] }] })], day),
  ).toEqual(["fail", 'AIS-03: no decision on the deviation "Used on the phone"']);
  expect(holds("use.intended", [system({ tier: 3 })], day)[0]).toBe("not_applicable");
});
