import { describe, expect, test } from "vitest";
import { acting, machine, stage } from "../deeds.testing.ts";
import { bandOf } from "./measure.ts";

const manager = acting("P04", ["aims_manager"]);
const finance = acting("P03", ["top_management"], ["decide resources"]);
const top = acting("P01", ["top_management"]);
const people = acting("P10", ["people_lead"]);
const clinician = acting("P06", ["ai_system_owner"]);
const nurse = acting("P25");
const everyone = ["P01", "P02", "P03", "P04", "P06", "P10", "P12", "P16", "P25"].map((ref) => ({ ref }));

describe("resource", () => {
  const need = {
    title: "Tablet",
    resource_kind: "environment",
    need: "A tablet for interpreters",
    requested_quantity: 1,
  };

  test("a request is decided by whoever may decide resources, and not by whoever asked", async () => {
    const { act, declined } = stage(...everyone);
    await act(manager, "resource", "RES-09", "request", need);
    expect(await declined(top, "resource", "RES-09", "approve", { approved_quantity: 1 })).toMatch(
      /^not-permitted INV-03/,
    );
    const both = acting("P04", ["aims_manager"], ["decide resources"]);
    expect(await declined(both, "resource", "RES-09", "approve", { approved_quantity: 1 })).toMatch(
      /^duties-apart INV-04/,
    );
    expect(await act(finance, "resource", "RES-09", "approve", { approved_quantity: 1 })).toMatchObject({
      state: "approved",
      decided_on: "2026-11-23",
    });
  });

  test("a refusal keeps its reason", async () => {
    const { act, declined } = stage(...everyone);
    await act(manager, "resource", "RES-09", "request", need);
    expect(await declined(finance, "resource", "RES-09", "refuse")).toBe(
      'guard: "decision_reason" must be filled in first',
    );
    expect((await act(finance, "resource", "RES-09", "refuse", { decision_reason: "Next year" })).state).toBe(
      "refused",
    );
  });

  test("what was approved does not change, and what is allocated may", async () => {
    const { act, declined } = stage(...everyone);
    await act(manager, "resource", "RES-01", "request", need);
    const approved = await act(finance, "resource", "RES-01", "approve", { approved_quantity: 2 });
    await act(manager, "resource", "RES-01", "allocate", { allocated_quantity: 2 });
    const later = await act(manager, "resource", "RES-01", "report_actual", { allocated_quantity: 1.4, actual: 1.4 });
    expect(later.content_hash).toBe(approved.content_hash);
    expect(await declined(manager, "resource", "RES-01", "adjust", { need: "something else" })).toMatch(/^malformed/);
  });

  test("people who have left are not allocated", async () => {
    const { act, declined } = stage(...everyone, { ref: "P26", state: "left" });
    await act(manager, "resource", "RES-01", "request", need);
    await act(finance, "resource", "RES-01", "approve", { approved_quantity: 2 });
    expect(
      await declined(manager, "resource", "RES-01", "allocate", { allocated_quantity: 2, people: ["P26"] }),
    ).toMatch(/^guard INV-28/);
  });
});

describe("competence", () => {
  const requirement = {
    title: "Oversight",
    duty_area: "human_oversight",
    competence: "Overrules the score",
    level: 3,
    renewal_months: 12,
  };
  const set = async () => {
    const ground = stage(...everyone);
    await ground.act(people, "competence_requirement", "CQ-05", "set", requirement);
    await ground.act(people, "competence_record", "CR-06", "draft", {
      person: "P25",
      requirement: "CQ-05",
      assessed_by: "P06",
    });
    return ground;
  };
  const found = { assessed_level: 3, assessor_basis: "Consultant in emergency medicine" };

  test("nobody assesses or confirms themselves", async () => {
    const { act, declined } = await set();
    const own = acting("P25", ["people_lead"]);
    expect(await declined(own, "competence_record", "CR-06", "assess", found)).toMatch(/^duties-apart INV-16/);
    await act(clinician, "competence_record", "CR-06", "assess", found);
    expect(await declined(own, "competence_record", "CR-06", "confirm")).toMatch(/^duties-apart INV-16/);
  });

  test("an assessor says what makes them fit to judge", async () => {
    const { declined } = await set();
    expect(await declined(clinician, "competence_record", "CR-06", "assess", { assessed_level: 3 })).toContain(
      '"assessor_basis"',
    );
  });

  test("the level needed and the end follow from the requirement; a lower level is a gap", async () => {
    const { act, declined } = await set();
    expect(
      await act(clinician, "competence_record", "CR-06", "assess", { ...found, assessed_level: 1 }, "2026-10-07"),
    ).toMatchObject({ state: "gap", required_level: 3 });
    expect(await declined(people, "competence_record", "CR-06", "confirm")).toMatch(/^wrong-state/);
    await act(
      clinician,
      "competence_record",
      "CR-06",
      "assess",
      { ...found, assessed_on: "2026-10-20", valid_until: null },
      "2026-10-20",
    );
    expect(await act(people, "competence_record", "CR-06", "confirm")).toMatchObject({
      state: "valid",
      valid_until: "2027-10-20",
    });
  });

  test("a date that has run out moves only when somebody else approves a new one", async () => {
    const { act, declined } = await set();
    await act(
      clinician,
      "competence_record",
      "CR-06",
      "assess",
      { ...found, assessed_level: 1, gap_action: { what: "TR-02", due: "2026-11-13" } },
      "2026-10-07",
    );
    expect(
      await declined(people, "competence_record", "CR-06", "plan_action", {
        gap_action: { what: "TR-02", due: "2026-12-03" },
      }),
    ).toContain("propose a new date");
    expect(await declined(manager, "competence_record", "CR-06", "approve_date")).toContain("no new date is proposed");
    await act(people, "competence_record", "CR-06", "propose_date", {
      proposed_due: "2026-12-03",
      proposed_reason: "The trainer was ill",
    });
    expect(await declined(people, "competence_record", "CR-06", "approve_date")).toMatch(/^duties-apart/);
    expect(await act(manager, "competence_record", "CR-06", "approve_date")).toMatchObject({
      gap_action: { what: "TR-02", due: "2026-12-03" },
    });
  });

  test("a record is called expiring from 60 days before its end, and expired on the day after", async () => {
    const { act, declined } = await set();
    await act(clinician, "competence_record", "CR-06", "assess", { ...found, valid_until: "2026-10-31" }, "2026-01-10");
    await act(people, "competence_record", "CR-06", "confirm", {}, "2026-01-11");
    expect(await declined(machine, "competence_record", "CR-06", "mark_expiring", {}, "2026-08-31")).toMatch(
      /^guard TRG-21/,
    );
    await act(machine, "competence_record", "CR-06", "mark_expiring", {}, "2026-09-01");
    expect(await declined(machine, "competence_record", "CR-06", "expire", {}, "2026-10-31")).toMatch(/^guard TRG-21/);
    expect((await act(machine, "competence_record", "CR-06", "expire", {}, "2026-11-01")).state).toBe("expired");
  });

  test("a renewal supersedes the record before it", async () => {
    const { act, records } = await set();
    await act(clinician, "competence_record", "CR-06", "assess", found, "2026-01-10");
    await act(people, "competence_record", "CR-06", "confirm", {}, "2026-01-11");
    await act(people, "competence_record", "CR-36", "draft", {
      person: "P25",
      requirement: "CQ-05",
      assessed_by: "P06",
      supersedes: "CR-06",
    });
    await act(clinician, "competence_record", "CR-36", "assess", found);
    await act(people, "competence_record", "CR-36", "confirm");
    expect(records.find("CR-06")?.state).toBe("superseded");
  });
});

describe("training", () => {
  test("a training is delivered with its attendance, and not before its day", async () => {
    const { act, declined } = stage(...everyone);
    await act(people, "training", "TR-02", "plan", { course: "Oversight" });
    expect(
      await declined(people, "training", "TR-02", "deliver", { delivered_on: "2026-11-24", attended_count: 3 }),
    ).toMatch(/^guard 1\.3/);
    expect(await declined(people, "training", "TR-02", "deliver", { delivered_on: "2026-11-23" })).toContain(
      '"attended_count"',
    );
    expect(
      (await act(people, "training", "TR-02", "deliver", { delivered_on: "2026-11-23", attended_count: 3 })).state,
    ).toBe("delivered");
  });
});

describe("acknowledgement", () => {
  test("a person acknowledges for themselves, for twelve months, once", async () => {
    const { act, declined } = stage(...everyone);
    const given = { person: "P25", topics: ["policy"] };
    expect(await declined(clinician, "awareness_ack", "ACK-00001", "acknowledge", given)).toMatch(/^not-permitted/);
    expect(await act(nurse, "awareness_ack", "ACK-00001", "acknowledge", given)).toMatchObject({
      given_on: "2026-11-23",
      valid_until: "2027-11-23",
    });
    expect(await declined(nurse, "awareness_ack", "ACK-00001", "acknowledge", given)).toMatch(/^conflict/);
    expect(await declined(nurse, "awareness_ack", "ACK-00002", "acknowledge", { person: "P25" })).toMatch(
      /^guard 7\.3/,
    );
  });
});

describe("communication plan", () => {
  const line = { no: 1, what: "policy", by: ["P16"] };
  const draft = (edition: string, more: object = {}) => ({
    title: "Communication plan",
    edition,
    lines: [line],
    ...more,
  });

  test("top management approves an edition that somebody else drafted, and it supersedes the one before", async () => {
    const { act, declined, records } = stage(...everyone);
    await act(manager, "communication_plan", "CP-01", "draft", draft("1"));
    expect(await declined(manager, "communication_plan", "CP-01", "approve")).toMatch(/^not-permitted/);
    await act(top, "communication_plan", "CP-01", "approve");
    await act(manager, "communication_plan", "CP-02", "draft", draft("2"));
    expect(await declined(top, "communication_plan", "CP-02", "approve")).toMatch(/^guard INV-06/);
    await act(manager, "communication_plan", "CP-02", "amend", { supersedes: "CP-01" });
    await act(top, "communication_plan", "CP-02", "approve");
    expect([records.find("CP-01")?.state, records.find("CP-02")?.state]).toEqual(["superseded", "approved"]);
  });

  test("an approved plan keeps trials of its route, and nothing else changes", async () => {
    const { act, declined } = stage(...everyone);
    const route = { ...line, public_route: { address: "form" } };
    await act(manager, "communication_plan", "CP-01", "draft", draft("1", { lines: [route] }));
    const approved = await act(top, "communication_plan", "CP-01", "approve");
    const tried = { ...route, public_route: { address: "form", tested_on: "2026-05-21" } };
    expect((await act(manager, "communication_plan", "CP-01", "record_trial", { lines: [tried] })).content_hash).toBe(
      approved.content_hash,
    );
    expect(
      await declined(manager, "communication_plan", "CP-01", "record_trial", { lines: [{ ...tried, what: "other" }] }),
    ).toMatch(/^guard INV-02/);
  });
});

describe("communication", () => {
  test("a communication is confirmed with proof, and not told before it happened", async () => {
    const { act, declined } = stage(...everyone);
    expect(
      await declined(manager, "communication_event", "CE-01", "record", { title: "Talk", happened_on: "2026-11-24" }),
    ).toMatch(/^guard 1\.3/);
    expect(await act(manager, "communication_event", "CE-01", "record", { title: "Talk" })).toMatchObject({
      by: ["P04"],
      happened_on: "2026-11-23",
    });
    expect(await declined(manager, "communication_event", "CE-01", "confirm")).toContain('"evidence"');
  });
});

describe("measure and measurement", () => {
  const whole = {
    title: "Errors",
    what: "errors",
    method: "count",
    data_source: "sample",
    unit: "%",
    frequency: "monthly",
    thresholds: { direction: "lower", green: 2, red: 2.5 },
    measured_by: "P12",
    evaluated_by: "P02",
  };
  const set = async () => {
    const ground = stage(...everyone);
    await ground.act(manager, "measure", "MS-07", "draft", whole);
    await ground.act(manager, "measure", "MS-07", "activate");
    return ground;
  };
  const value = { measure: "MS-07", value: 3, period_from: "2026-10-01", period_to: "2026-10-31" };
  const scientist = acting("P12");
  const doctor = acting("P02");

  const fewer = { direction: "lower", green: 2, red: 2.5 } as const;
  const none = { direction: "lower", green: 0, red: 0 } as const;
  const more = { direction: "higher", green: 100, red: 80 } as const;
  test.each([
    [fewer, 2, "green"],
    [fewer, 2.5, "amber"],
    [fewer, 2.6, "red"],
    [none, 1, "red"],
    [more, 100, "green"],
    [more, 80, "amber"],
    [more, 79.9, "red"],
  ] as const)("held against %o, the value %d is %s", (limits, measured, band) => {
    expect(bandOf(measured, limits)).toBe(band);
  });

  test("a red limit on the good side of the green one is refused", async () => {
    const { act, declined } = stage(...everyone);
    await act(manager, "measure", "MS-07", "draft", {
      ...whole,
      thresholds: { direction: "higher", green: 2, red: 2.5 },
    });
    expect(await declined(manager, "measure", "MS-07", "activate")).toMatch(/^guard 9\.1/);
  });

  test("whom the measure names measures, and its evaluator judges", async () => {
    const { act, declined } = await set();
    expect(await declined(nurse, "measurement", "MEA-0001", "record", value)).toMatch(/^duties-apart 9\.1/);
    expect(await act(scientist, "measurement", "MEA-0001", "record", value)).toMatchObject({
      band: "red",
      collected_on: "2026-11-23",
    });
    expect(await declined(scientist, "measurement", "MEA-0001", "evaluate", { evaluation: { text: "fine" } })).toMatch(
      /^duties-apart 9\.1/,
    );
    expect(await act(doctor, "measurement", "MEA-0001", "evaluate", { evaluation: { text: "bad" } })).toMatchObject({
      evaluation: { by: "P02", on: "2026-11-23" },
    });
  });

  test("a measurement is corrected by another that says why", async () => {
    const { act, declined, records } = await set();
    await act(scientist, "measurement", "MEA-0001", "record", value);
    expect(
      await declined(scientist, "measurement", "MEA-0002", "record", { ...value, value: 2, supersedes: "MEA-0001" }),
    ).toMatch(/^guard INV-24/);
    await act(scientist, "measurement", "MEA-0002", "record", {
      ...value,
      value: 2,
      supersedes: "MEA-0001",
      correction_reason: "One letter was counted twice",
    });
    expect([records.find("MEA-0001")?.state, records.find("MEA-0002")?.["band"]]).toEqual(["superseded", "green"]);
  });

  test("nothing is measured by a draft", async () => {
    const { act, declined } = stage(...everyone);
    await act(manager, "measure", "MS-07", "draft", whole);
    expect(await declined(scientist, "measurement", "MEA-0001", "record", value)).toContain("its measure is a draft");
  });
});
