import { describe, expect, test } from "vitest";
import { acting, machine, stage } from "../deeds.testing.ts";

const manager = acting("P04", ["aims_manager"]);
const lead = acting("P17", ["lead_internal_auditor"]);
const auditor = acting("P18", ["internal_auditor"]);
const top = acting("P01", ["top_management"]);
const chief = acting("P05", ["risk_owner"], ["approve AI risk treatment"]);
const engineer = acting("P11", ["platform_engineer"]);
const handler = acting("P19", ["concern_handler"]);
const deskLead = acting("P20", ["ai_system_owner"]);
const everyone = ["P01", "P04", "P05", "P11", "P14", "P17", "P18", "P19", "P20", "P21"].map((ref) => ({ ref }));

const raised = {
  title: "Wide rights",
  source: "audit",
  node: "8.1",
  grade: "minor",
  statement: "The account could write to any group",
};
const understood = {
  root_cause: { method: "5 whys", text: "default too wide", cause_code: "default too wide" },
  similar_cases: { looked_where: "three accounts", found: "one" },
  consequences_handled: { text: "14 memberships undone" },
};

async function planned(given: object = {}) {
  const ground = stage(...everyone);
  await ground.act(manager, "nonconformity", "NC-03", "open", { ...raised, ...given }, "2026-09-02");
  await ground.act(
    manager,
    "nonconformity",
    "NC-03",
    "contain",
    { containment: { text: "token revoked" } },
    "2026-09-02",
  );
  await ground.act(
    manager,
    "corrective_action",
    "CA-08",
    "plan",
    {
      title: "Chart",
      nonconformity: "NC-03",
      action: "change the default",
      owner: "P11",
      doer: "P21",
      due: "2026-09-10",
    },
    "2026-09-03",
  );
  await ground.act(manager, "nonconformity", "NC-03", "find_cause", understood, "2026-09-03");
  await ground.act(chief, "nonconformity", "NC-03", "approve_plan", {}, "2026-09-04");
  return ground;
}
async function done(given: object = {}) {
  const ground = await planned(given);
  await ground.act(engineer, "corrective_action", "CA-08", "finish", {}, "2026-09-10");
  await ground.act(manager, "nonconformity", "NC-03", "finish_actions", {}, "2026-09-10");
  await ground.act(manager, "nonconformity", "NC-03", "await_effect", {}, "2026-09-10");
  return ground;
}
const judged = (result: string, more: object = {}) => ({
  effectiveness: { criterion: "no finding for 30 days", result, ...more },
});

describe("nonconformity", () => {
  test("no plan is approved without containment, consequences, cause and a look for similar cases", async () => {
    const { act, declined } = stage(...everyone);
    await act(manager, "nonconformity", "NC-03", "open", raised);
    await act(manager, "nonconformity", "NC-03", "contain", { containment: { text: "token revoked" } });
    await act(manager, "nonconformity", "NC-03", "find_cause", {
      root_cause: { method: "5 whys", text: "too wide" },
      consequences_handled: { text: "undone" },
    });
    expect(await declined(chief, "nonconformity", "NC-03", "approve_plan")).toMatch(/^guard INV-19: "similar_cases/);
    await act(manager, "nonconformity", "NC-03", "amend", understood);
    expect(await declined(chief, "nonconformity", "NC-03", "approve_plan")).toMatch(/it has no corrective action$/);
  });

  test("its plan is not approved by who owns an action of it, nor by its own owner", async () => {
    const { act, declined } = stage(...everyone);
    await act(lead, "nonconformity", "NC-03", "open", { ...raised, owner: "P04" });
    await act(manager, "nonconformity", "NC-03", "contain", { containment: { text: "token revoked" } });
    await act(manager, "nonconformity", "NC-03", "find_cause", understood);
    await act(manager, "corrective_action", "CA-08", "plan", {
      title: "Chart",
      nonconformity: "NC-03",
      action: "change it",
      owner: "P05",
      due: "2026-12-01",
    });
    expect(await declined(manager, "nonconformity", "NC-03", "approve_plan")).toMatch(/^duties-apart/);
    expect(await declined(chief, "nonconformity", "NC-03", "approve_plan")).toMatch(
      /^duties-apart 4\.7: P05 owns CA-08/,
    );
    expect(await act(top, "nonconformity", "NC-03", "approve_plan")).toMatchObject({
      state: "action_planned",
      plan_approved_on: "2026-11-23",
    });
  });

  test("its actions are done when each is done", async () => {
    const { act, declined } = await planned();
    expect(await declined(manager, "nonconformity", "NC-03", "finish_actions")).toContain("CA-08 is not done");
    await act(engineer, "corrective_action", "CA-08", "finish");
    expect((await act(manager, "nonconformity", "NC-03", "finish_actions")).state).toBe("actions_done");
  });

  test("it closes only on shown effect, by an auditor's hand, with an answer on the AIMS itself", async () => {
    const { act, declined } = await done();
    expect(await declined(lead, "nonconformity", "NC-03", "close", { aims_change_needed: false })).toMatch(
      /^guard INV-20: CA-08/,
    );
    await act(auditor, "corrective_action", "CA-08", "check", judged("effective"));
    expect(await declined(lead, "nonconformity", "NC-03", "close")).toMatch(/^guard 10\.2/);
    expect(await declined(manager, "nonconformity", "NC-03", "close", { aims_change_needed: false })).toMatch(
      /^duties-apart INV-20/,
    );
    expect(await act(lead, "nonconformity", "NC-03", "close", { aims_change_needed: false })).toMatchObject({
      state: "closed",
      closed_on: "2026-11-23",
    });
  });

  test("it is reopened with a reason, from closed too", async () => {
    const { act, declined } = await done();
    expect(await declined(auditor, "nonconformity", "NC-03", "reopen")).toContain('"reopen_reason"');
    expect(await act(auditor, "nonconformity", "NC-03", "reopen", { reopen_reason: "it is back" })).toMatchObject({
      state: "reopened",
      reopened_on: "2026-11-23",
    });
  });

  test("one that a graded finding rests on is not withdrawn", async () => {
    const { act, declined } = stage(...everyone);
    await act(lead, "finding", "F-05", "draft", {
      title: "Wide",
      node: "8.1",
      grade: "minor",
      statement: "wide rights",
    });
    await act(manager, "nonconformity", "NC-03", "open", { ...raised, raised_from: ["F-05"] });
    expect(await declined(manager, "nonconformity", "NC-03", "withdraw", { closing_note: "not one" })).toMatch(
      /^guard INV-18/,
    );
  });
});

describe("corrective action", () => {
  test("its effect is not judged by its owner or doer, and after an audit by an internal auditor", async () => {
    const { act, declined } = await done();
    const doer = acting("P21", ["internal_auditor"]);
    const ownsIt = acting("P11", ["internal_auditor"]);
    expect(await declined(doer, "corrective_action", "CA-08", "check", judged("effective"))).toMatch(
      /^duties-apart INV-20/,
    );
    expect(await declined(ownsIt, "corrective_action", "CA-08", "check", judged("effective"))).toMatch(
      /^duties-apart INV-20/,
    );
    expect(await declined(manager, "corrective_action", "CA-08", "check", judged("effective"))).toMatch(
      /^duties-apart INV-20: NC-03 was raised by an audit/,
    );
    expect(await act(auditor, "corrective_action", "CA-08", "check", judged("effective"))).toMatchObject({
      state: "checked",
      effectiveness: { checked_by: "P18", checked_on: "2026-11-23" },
    });
  });

  test("whoever does not audit may judge it when no audit raised it", async () => {
    const { act } = await done({ source: "incident" });
    expect((await act(manager, "corrective_action", "CA-08", "check", judged("effective"))).state).toBe("checked");
  });

  test("that it worked is said after the waiting time, that it failed at any time", async () => {
    const { declined } = await done();
    expect(await declined(auditor, "corrective_action", "CA-08", "check", judged("effective"), "2026-10-09")).toMatch(
      /^guard INV-20: it was done on 2026-09-10, and its effect can be judged from 2026-10-10 on/,
    );
    const onTheDay = await done();
    expect(
      (await onTheDay.act(auditor, "corrective_action", "CA-08", "check", judged("effective"), "2026-10-10")).state,
    ).toBe("checked");
    const early = await done();
    expect(
      (await early.act(auditor, "corrective_action", "CA-08", "check", judged("not_effective"), "2026-09-12")).state,
    ).toBe("checked");
  });

  test("not effective reopens the nonconformity", async () => {
    const { act, records } = await done();
    await act(auditor, "corrective_action", "CA-08", "check", judged("not_effective", { text: "RB-04 is back" }));
    expect(records.find("NC-03")).toMatchObject({
      state: "reopened",
      reopened_on: "2026-11-23",
      reopen_reason: "CA-08 was not effective: RB-04 is back",
    });
  });

  test("one that failed is replaced, and the nonconformity closes on what replaced it", async () => {
    const { act, declined } = await done();
    await act(auditor, "corrective_action", "CA-08", "check", judged("not_effective"), "2026-09-20");
    const replace = (ref: string) =>
      declined(engineer, "corrective_action", "CA-08", "replace", { replaced_by: ref }, "2026-09-22");
    const second = { title: "Source chart", action: "change the source", owner: "P11", due: "2026-09-30" };
    await act(manager, "nonconformity", "NC-01", "open", raised, "2026-09-21");
    await act(manager, "corrective_action", "CA-01", "plan", { ...second, nonconformity: "NC-01" }, "2026-09-21");
    await act(manager, "corrective_action", "CA-09", "plan", { ...second, nonconformity: "NC-03" }, "2026-09-21");
    expect(await replace("CA-01")).toMatch(/^guard INV-21/);
    expect(await replace("CA-08")).toMatch(/^guard INV-21/);
    expect(
      await act(engineer, "corrective_action", "CA-08", "replace", { replaced_by: "CA-09" }, "2026-09-22"),
    ).toMatchObject({ state: "replaced" });
    await act(manager, "nonconformity", "NC-03", "find_cause", understood, "2026-09-22");
    expect(await act(chief, "nonconformity", "NC-03", "approve_plan", {}, "2026-09-23")).toMatchObject({
      plan_approved_on: "2026-09-23",
    });
    await act(engineer, "corrective_action", "CA-09", "finish", {}, "2026-09-25");
    await act(manager, "nonconformity", "NC-03", "finish_actions", {}, "2026-09-25");
    const close = { aims_change_needed: false };
    expect(await declined(lead, "nonconformity", "NC-03", "close", close)).toMatch(/^guard INV-20: CA-09/);
    await act(auditor, "corrective_action", "CA-09", "check", judged("effective"));
    expect(await act(lead, "nonconformity", "NC-03", "close", close)).toMatchObject({ state: "closed" });
  });

  test("one that worked is not replaced", async () => {
    const { act, declined } = await done();
    await act(auditor, "corrective_action", "CA-08", "check", judged("effective"));
    await act(manager, "corrective_action", "CA-09", "plan", {
      title: "Again",
      nonconformity: "NC-03",
      action: "again",
      owner: "P11",
      due: "2026-12-30",
    });
    expect(await declined(engineer, "corrective_action", "CA-08", "replace", { replaced_by: "CA-09" })).toMatch(
      /^guard INV-21: it was effective/,
    );
  });

  test("too early sets a new date and stays done", async () => {
    const { act, declined } = await done();
    expect(await declined(auditor, "corrective_action", "CA-08", "check", judged("too_early"))).toMatch(
      /^guard INV-21/,
    );
    expect(
      (await act(auditor, "corrective_action", "CA-08", "check", judged("too_early", { check_due: "2027-01-15" })))
        .state,
    ).toBe("done");
  });

  test("its date moves by somebody else, with a reason", async () => {
    const { act, declined } = await planned();
    expect(
      await declined(engineer, "corrective_action", "CA-08", "move_date", {
        redecided_due: "2026-12-01",
        redecided_reason: "chart",
      }),
    ).toMatch(/^not-permitted/);
    expect(
      await act(manager, "corrective_action", "CA-08", "move_date", {
        redecided_due: "2026-12-01",
        redecided_reason: "chart",
      }),
    ).toMatchObject({ redecided_by: "P04" });
  });

  test("nobody who has left owns or does one", async () => {
    const { act, declined } = stage(...everyone, { ref: "P26", state: "left" });
    await act(manager, "nonconformity", "NC-03", "open", raised);
    const plan = { title: "Chart", nonconformity: "NC-03", action: "change it", due: "2026-12-01" };
    expect(await declined(manager, "corrective_action", "CA-08", "plan", { ...plan, doer: "P26" })).toMatch(
      /^guard INV-28/,
    );
  });
});

describe("incident", () => {
  const report = {
    title: "Portia added people",
    description: "14 people were added",
    ai_system: "AIS-06",
    occurred_at: "2026-09-29T13:42:00.000Z",
    detected_at: "2026-09-29T16:50:00.000Z",
  };
  const set = async () => {
    const ground = stage(...everyone);
    await ground.act(deskLead, "ai_system", "AIS-06", "register", { name: "Portia", purpose: "Answers", owner: "P20" });
    await ground.act(acting("P21"), "incident", "INC-01", "report", report);
    return ground;
  };
  const facts = { severity: "high", incident_kind: "security", containment: { text: "token revoked" } };

  test("anyone reports, and the days follow from the moments", async () => {
    const { records } = await set();
    expect(records.find("INC-01")).toMatchObject({
      state: "reported",
      occurred_on: "2026-09-29",
      detected_on: "2026-09-29",
    });
  });

  test("the AIMS manager closes it, when its nonconformity is closed, and never the owner of the system", async () => {
    const { act, declined } = await set();
    await act(manager, "incident", "INC-01", "contain", facts);
    await act(manager, "incident", "INC-01", "investigate", { cause: "wide rights" });
    await act(manager, "incident", "INC-01", "resolve", { lessons: "least rights first" });
    await act(manager, "nonconformity", "NC-03", "open", raised);
    await act(manager, "incident", "INC-01", "follow_up", { nonconformity: "NC-03" });
    expect(await declined(manager, "incident", "INC-01", "close")).toMatch(/^guard F9: NC-03 is open/);
    const both = acting("P20", ["aims_manager"]);
    expect(await declined(both, "incident", "INC-01", "close")).toMatch(/^duties-apart 4\.7: P20 owns AIS-06/);
    await act(manager, "nonconformity", "NC-03", "withdraw", { closing_note: "covered elsewhere" });
    expect((await act(manager, "incident", "INC-01", "close")).state).toBe("closed");
  });

  test("whether an authority must be told is decided by legal counsel, and before it is closed", async () => {
    const { act, declined } = await set();
    expect(
      await declined(manager, "incident", "INC-01", "decide_reportable", {
        reportable: { decision: "not_notifiable" },
      }),
    ).toMatch(/^not-permitted/);
    await act(manager, "incident", "INC-01", "contain", { ...facts, reportable: { decision: "undecided" } });
    await act(manager, "incident", "INC-01", "investigate", { cause: "wide rights" });
    await act(manager, "incident", "INC-01", "resolve", { lessons: "least rights first" });
    expect(await declined(manager, "incident", "INC-01", "close")).toMatch(/^guard F9: nobody has decided/);
    const counsel = acting("P14", ["legal_advisor"]);
    expect(
      await act(counsel, "incident", "INC-01", "decide_reportable", {
        reportable: { decision: "not_notifiable", reason: "no record was opened" },
      }),
    ).toMatchObject({ reportable: { by: "P14" } });
  });
});

describe("concern", () => {
  const told = { text: "The score is low for those who cannot speak", ai_systems: ["AIS-06"] };
  const set = async (more: object = {}) => {
    const ground = stage(...everyone);
    await ground.act(deskLead, "ai_system", "AIS-06", "register", { name: "Portia", purpose: "Answers", owner: "P20" });
    await ground.act(machine, "concern", "CN-01", "receive", { ...told, ...more });
    return ground;
  };

  test("one that the machine received names no reporter and has no owner", async () => {
    const { records } = await set();
    const kept = records.find("CN-01");
    expect([kept?.created_by, kept?.owner, kept?.["reporter"]]).toEqual([undefined, undefined, undefined]);
  });

  test("only a handler handles it, who is not named in it, does not own the system and did not report it", async () => {
    const { act, declined } = await set();
    expect(await declined(manager, "concern", "CN-01", "acknowledge")).toMatch(/^not-permitted/);
    expect(await declined(acting("P20", ["concern_handler"]), "concern", "CN-01", "acknowledge")).toMatch(
      /^duties-apart INV-22: P20 owns/,
    );
    expect(await act(handler, "concern", "CN-01", "acknowledge")).toMatchObject({
      handler: "P19",
      acknowledged_on: "2026-11-23",
    });
    const named = await set({ named_people: ["P19"] });
    expect(await named.declined(handler, "concern", "CN-01", "acknowledge")).toMatch(
      /^duties-apart INV-22: P19 is named/,
    );
    const own = await set({ reporter: "P19" });
    expect(await own.declined(handler, "concern", "CN-01", "acknowledge")).toMatch(
      /^duties-apart INV-22: P19 reported/,
    );
  });

  test("an answer sets the day on which somebody looks for reprisals", async () => {
    const { act } = await set({ received_on: "2026-10-27" });
    await act(handler, "concern", "CN-01", "acknowledge");
    await act(handler, "concern", "CN-01", "assess", { assessment: "upheld" });
    expect(
      await act(handler, "concern", "CN-01", "answer", { answer: "You are right", outcome: "acted" }),
    ).toMatchObject({ reprisal_check_due: "2027-01-25" });
    await act(handler, "concern", "CN-01", "close");
    expect(
      await act(handler, "concern", "CN-01", "check_reprisal", { reprisal_check_result: "none seen" }),
    ).toMatchObject({ state: "closed", reprisal_check_on: "2026-11-23" });
  });
});

describe("improvement", () => {
  const idea = { title: "Own finding first", idea: "Show the mark after the own finding" };

  test("anyone proposes, and somebody else decides", async () => {
    const { act, declined } = stage(...everyone);
    await act(manager, "improvement", "IMP-06", "propose", idea);
    expect(await declined(manager, "improvement", "IMP-06", "accept", { owner: "P11", due: "2027-01-31" })).toMatch(
      /^duties-apart/,
    );
    expect(await declined(top, "improvement", "IMP-06", "accept", {})).toContain('"due"');
    expect(await act(top, "improvement", "IMP-06", "accept", { owner: "P11", due: "2027-01-31" })).toMatchObject({
      state: "accepted",
      decision: { decision: "accept", by: "P01" },
    });
  });

  test("a refusal says why", async () => {
    const { act, declined } = stage(...everyone);
    await act(engineer, "improvement", "IMP-06", "propose", idea);
    expect(await declined(manager, "improvement", "IMP-06", "decline")).toContain('"decision.reason"');
    expect(
      await act(manager, "improvement", "IMP-06", "decline", { decision: { decision: "decline", reason: "no means" } }),
    ).toMatchObject({ state: "declined", decision: { decision: "decline", reason: "no means", by: "P04" } });
  });

  test("a new date is not decided by its owner", async () => {
    const { act, declined } = stage(...everyone);
    await act(engineer, "improvement", "IMP-06", "propose", idea);
    await act(top, "improvement", "IMP-06", "accept", { owner: "P04", due: "2026-12-31" });
    const later = { redecided_due: "2027-03-31", redecided_reason: "more to do" };
    expect(await declined(manager, "improvement", "IMP-06", "move_date", later)).toMatch(/^duties-apart/);
    expect(await act(top, "improvement", "IMP-06", "move_date", later)).toMatchObject({ redecided_by: "P01" });
  });
});
