import { expect, test } from "vitest";
import { annexAControls } from "#core/standard/catalogue.ts";
import { acting, machine, stage } from "../deeds.testing.ts";

const manager = acting("P04", ["aims_manager"]);
const top = acting("P01", ["top_management"]);
const owner = acting("P06", ["risk_owner"]);
const unitHead = acting("P05", ["employee"], ["approve AI risk treatment"]);
const people = [{ ref: "P01" }, { ref: "P04" }, { ref: "P05" }, { ref: "P06" }, { ref: "P12" }];

const scale = [
  { level: 1, name: "none" },
  { level: 5, name: "grave" },
];
const criteria = {
  title: "Criteria",
  edition: "1",
  likelihood: scale,
  consequence: { individuals: scale, groups: scale, society: scale, organisation: scale },
  bands: { low_to: 5, medium_to: 12, high_to: 19 },
  acceptable_to: "low",
};
const threat = {
  title: "Wrong class",
  risk_kind: "threat",
  cause: "weak data",
  event: "wrong class",
  consequence: "a patient waits",
};

async function withCriteria() {
  const ground = stage(...people);
  await ground.act(manager, "risk_criteria", "RC-01", "draft", criteria, "2026-02-02");
  await ground.act(manager, "risk_criteria", "RC-01", "submit", {}, "2026-02-02");
  await ground.act(top, "risk_criteria", "RC-01", "approve", {}, "2026-02-16");
  return ground;
}

async function withRisk(current: object, ground?: Awaited<ReturnType<typeof withCriteria>>) {
  const on = ground ?? (await withCriteria());
  await on.act(owner, "risk", "RSK-001", "identify", threat, "2026-03-01");
  await on.act(owner, "risk", "RSK-001", "assess", { current }, "2026-03-02");
  return on;
}
const until = (expires_on: string) => ({ acceptance: { reason: "small", expires_on } });

test("criteria take top management (INV-05)", async () => {
  const ground = stage(...people);
  await ground.act(manager, "risk_criteria", "RC-01", "draft", criteria);
  await ground.act(manager, "risk_criteria", "RC-01", "submit");
  expect(await ground.declined(manager, "risk_criteria", "RC-01", "approve")).toContain("not-permitted INV-03");
  expect((await ground.act(top, "risk_criteria", "RC-01", "approve"))["approved_by"]).toBe("P01");
});

test("an assessment fills in level, band, criteria, day and assessor, and remembers itself", async () => {
  const { records } = await withRisk({ likelihood: 2, individuals: 5, groups: 4, society: 3, organisation: 4 });
  expect(records.find("RSK-001")).toMatchObject({
    state: "assessed",
    current: { level: 10, band: "medium" },
    criteria_version: "RC-01",
    assessed_on: "2026-03-02",
    assessors: ["P06"],
    assessments: [{ on: "2026-03-02", level: 10, band: "medium", by: ["P06"] }],
  });
});

test("a score is not given without likelihood and consequence, nor by criteria that are not in force", async () => {
  const ground = await withCriteria();
  await ground.act(owner, "risk", "RSK-001", "identify", threat);
  expect(await ground.declined(owner, "risk", "RSK-001", "assess", { current: { likelihood: 3 } })).toContain(
    "guard 6.1.2",
  );
  const bare = stage(...people);
  await bare.act(owner, "risk", "RSK-001", "identify", threat);
  expect(await bare.declined(owner, "risk", "RSK-001", "assess", { current: { likelihood: 3, groups: 2 } })).toContain(
    '"criteria_version" must be filled in first',
  );
});

test("the low band is the owner's to accept, also what they assessed", async () => {
  const { act } = await withRisk({ likelihood: 1, individuals: 5 });
  expect((await act(owner, "risk", "RSK-001", "accept", until("2027-03-01"), "2026-03-03")).state).toBe("accepted");
});

test("the medium band takes the authority, the high band top management, and above it nobody", async () => {
  const medium = await withRisk({ likelihood: 2, individuals: 5 });
  expect(await medium.declined(owner, "risk", "RSK-001", "accept", until("2027-03-01"), "2026-03-03")).toContain(
    "guard INV-10: in the medium band it takes the authority",
  );
  expect((await medium.act(unitHead, "risk", "RSK-001", "accept", until("2027-03-01"), "2026-03-03")).state).toBe(
    "accepted",
  );
  const high = await withRisk({ likelihood: 4, groups: 4 });
  expect(await high.declined(unitHead, "risk", "RSK-001", "accept", until("2026-09-01"), "2026-03-03")).toContain(
    "guard INV-10: in the high band it takes top management",
  );
  expect((await high.act(top, "risk", "RSK-001", "accept", until("2026-09-01"), "2026-03-03")).state).toBe("accepted");
  const never = await withRisk({ likelihood: 3, individuals: 5 });
  expect(await never.declined(top, "risk", "RSK-001", "accept", until("2026-09-01"), "2026-03-03")).toContain(
    "nobody may accept it",
  );
});

test("nobody accepts above the low band what they assessed", async () => {
  const ground = await withCriteria();
  await ground.act(owner, "risk", "RSK-001", "identify", threat, "2026-03-01");
  await ground.act(
    owner,
    "risk",
    "RSK-001",
    "assess",
    { current: { likelihood: 2, individuals: 5 }, assessors: ["P05", "P06"] },
    "2026-03-02",
  );
  expect(await ground.declined(unitHead, "risk", "RSK-001", "accept", until("2027-03-01"), "2026-03-03")).toBe(
    "duties-apart INV-04: P05 assessed it, and these duties are kept apart",
  );
});

test("an acceptance has an end: twelve months, six in the high band", async () => {
  const low = await withRisk({ likelihood: 1, individuals: 2 });
  expect(
    await low.declined(owner, "risk", "RSK-001", "accept", { acceptance: { reason: "small" } }, "2026-03-03"),
  ).toContain("an acceptance has an end");
  expect(await low.declined(owner, "risk", "RSK-001", "accept", until("2027-03-04"), "2026-03-03")).toContain(
    "at most 12 months, until 2027-03-03",
  );
  const high = await withRisk({ likelihood: 4, groups: 4 });
  expect(await high.declined(top, "risk", "RSK-001", "accept", until("2026-09-04"), "2026-03-03")).toContain(
    "at most 6 months, until 2026-09-03",
  );
});

test("another score voids the acceptance, the same score keeps it (INV-11)", async () => {
  const { act } = await withRisk({ likelihood: 1, individuals: 5 });
  await act(owner, "risk", "RSK-001", "accept", until("2027-03-01"), "2026-03-03");
  expect(await act(owner, "risk", "RSK-001", "assess", { basis: "looked again" }, "2026-05-01")).toMatchObject({
    state: "accepted",
    assessed_on: "2026-05-01",
  });
  const scored = await act(
    owner,
    "risk",
    "RSK-001",
    "assess",
    { current: { likelihood: 2, individuals: 5 } },
    "2026-06-01",
  );
  expect(scored.state).toBe("assessed");
  expect(scored["acceptance"]).toBeUndefined();
});

test("whoever scores anew does not bring the acceptance along, nor keep the old one for a higher score (INV-11)", async () => {
  const { act, declined, records } = await withRisk({ likelihood: 1, individuals: 5 });
  await act(owner, "risk", "RSK-001", "accept", until("2027-03-01"), "2026-03-03");
  const acceptance = { ...(records.find("RSK-001")?.["acceptance"] as object), reason: "still small" };
  const higher = { current: { likelihood: 4, individuals: 4 } };
  expect(await declined(owner, "risk", "RSK-001", "assess", { ...higher, acceptance }, "2026-06-01")).toContain(
    'malformed: this deed does not set "acceptance"',
  );
  expect(await declined(owner, "risk", "RSK-001", "amend", higher, "2026-06-01")).toMatch(/^wrong-state|^malformed/);
  expect(await act(owner, "risk", "RSK-001", "assess", higher, "2026-06-01")).toMatchObject({ state: "assessed" });
  expect(await declined(owner, "risk", "RSK-001", "accept", until("2026-11-01"), "2026-06-02")).toMatch(
    /^guard INV-10/,
  );
});

test("a control that Annex A does not know is named", async () => {
  const { declined } = await withRisk({ likelihood: 2, individuals: 5 });
  expect(
    await declined(owner, "risk", "RSK-001", "plan_treatment", { treatment_option: "modify", control_refs: ["A.3.4"] }),
  ).toContain('"A.3.4" is no control of Annex A');
});

const action = { what: "Retrain", who: "P12", due: "2026-12-18" };
async function withPlan(actions: readonly object[]) {
  const ground = await withRisk({ likelihood: 2, individuals: 5 });
  await ground.act(
    owner,
    "treatment_plan",
    "TP-01",
    "draft",
    {
      title: "Plan",
      risks: ["RSK-001"],
      actions,
      effectiveness_criterion: "gap at most 1.0",
      effectiveness_due: "2027-01-31",
    },
    "2026-03-05",
  );
  return ground;
}
async function withApprovedPlan(actions: readonly object[]) {
  const ground = await withPlan(actions);
  await ground.act(owner, "treatment_plan", "TP-01", "submit", {}, "2026-03-06");
  await ground.act(unitHead, "treatment_plan", "TP-01", "approve", {}, "2026-03-07");
  return ground;
}

test("no action is done before the plan is approved, unless it is an emergency", async () => {
  const { declined, act } = await withPlan([action]);
  expect(
    await declined(owner, "treatment_plan", "TP-01", "report_emergency", {
      actions: [{ ...action, state: "done", done_on: "2026-03-05" }],
    }),
  ).toContain("guard INV-12");
  expect(
    (
      await act(owner, "treatment_plan", "TP-01", "amend", {
        actions: [{ ...action, emergency: true, state: "done", done_on: "2026-03-05" }],
      })
    ).state,
  ).toBe("draft");
});

test("a plan takes the authority, and not its author", async () => {
  const { act, declined } = await withPlan([action]);
  await act(owner, "treatment_plan", "TP-01", "submit");
  expect(await declined(owner, "treatment_plan", "TP-01", "approve")).toContain(
    'it takes the authority "approve AI risk treatment"',
  );
  expect(
    await declined(acting("P06", ["risk_owner"], ["approve AI risk treatment"]), "treatment_plan", "TP-01", "approve"),
  ).toContain("duties-apart INV-04");
  expect((await act(unitHead, "treatment_plan", "TP-01", "approve")).state).toBe("approved");
});

test("progress may be told after the approval, another action may not", async () => {
  const { act, declined } = await withApprovedPlan([action]);
  const before = await act(owner, "treatment_plan", "TP-01", "start");
  const after = await act(owner, "treatment_plan", "TP-01", "report_progress", {
    actions: [{ ...action, state: "in_progress", progress: "half" }],
  });
  expect(after.content_hash).toBe(before.content_hash);
  expect(
    await declined(owner, "treatment_plan", "TP-01", "report_progress", { actions: [{ ...action, who: "P06" }] }),
  ).toContain("guard INV-02");
});

test("a new date takes who may approve the plan, and is signed", async () => {
  const { act, declined } = await withApprovedPlan([action]);
  expect(
    await declined(owner, "treatment_plan", "TP-01", "report_progress", {
      actions: [{ ...action, new_due: "2027-02-01" }],
    }),
  ).toContain("guard 8.3: a new date");
  const dated = await act(
    unitHead,
    "treatment_plan",
    "TP-01",
    "redate",
    { actions: [{ ...action, new_due: "2027-02-01" }] },
    "2026-12-01",
  );
  expect(dated["actions"]).toMatchObject([
    { new_due: "2027-02-01", new_due_approved_by: "P05", new_due_approved_on: "2026-12-01" },
  ]);
});

test("a plan is finished when nothing is open, and its effect is not judged by its only doer", async () => {
  const { act, declined } = await withApprovedPlan([{ ...action, who: "P06" }]);
  expect(await declined(owner, "treatment_plan", "TP-01", "finish")).toContain('"Retrain" is not done');
  await act(owner, "treatment_plan", "TP-01", "finish", {
    actions: [{ ...action, who: "P06", state: "done", done_on: "2026-04-01" }],
  });
  const verdict = { effectiveness_result: "ineffective", effectiveness_note: "gap 1.4" };
  expect(await declined(owner, "treatment_plan", "TP-01", "judge", verdict)).toContain(
    "duties-apart 8.3: P06 alone carried out the actions",
  );
  expect((await act(manager, "treatment_plan", "TP-01", "judge", verdict)).state).toBe("ineffective");
});

async function withStatement() {
  const ground = await withRisk({ likelihood: 2, individuals: 5 });
  await ground.act(manager, "soa", "SOA-1", "draft", { title: "Statement", edition: "1" });
  return ground;
}
async function fill(ground: Awaited<ReturnType<typeof withStatement>>, statement: string) {
  for (const control of annexAControls)
    await ground.act(manager, "soa_entry", `${statement}/${control}`, "amend", {
      included: true,
      justification: "needed",
      risks: ["RSK-001"],
    });
}

test("a statement of applicability opens with an entry for each of the 38 controls", async () => {
  const { records } = await withStatement();
  expect(
    records
      .all("soa_entry")
      .map((entry) => entry["control_id"])
      .sort(),
  ).toEqual([...annexAControls].sort());
});

test("a statement is not submitted while a control is undecided or excluded without reason", async () => {
  const ground = await withStatement();
  expect(await ground.declined(manager, "soa", "SOA-1", "submit")).toContain(
    "guard INV-13: 38 entries are neither included nor excluded",
  );
  await fill(ground, "SOA-1");
  await ground.act(manager, "soa_entry", "SOA-1/A.10.4", "amend", { included: false });
  expect(await ground.declined(manager, "soa", "SOA-1", "submit")).toContain(
    "guard INV-13: A.10.4 is excluded without a reason",
  );
});

test("approving the statement binds to its entries, and what is submitted does not change", async () => {
  const ground = await withStatement();
  await fill(ground, "SOA-1");
  await ground.act(manager, "soa", "SOA-1", "submit");
  expect(await ground.declined(manager, "soa_entry", "SOA-1/A.5.4", "amend", { justification: "other" })).toContain(
    "guard INV-02",
  );
  const approved = await ground.act(top, "soa", "SOA-1", "approve");
  expect(approved).toMatchObject({ state: "approved", included: 38, excluded: 0 });
  expect(ground.records.find("SOA-1/A.5.4")?.state).toBe("in_force");
  expect(ground.records.all("approval").find((approval) => approval["about"] === "SOA-1")?.["bound_to"]).toBe(
    ground.records.find("SOA-1")?.content_hash,
  );
});

test("a statement of applicability takes top management, whatever else somebody holds (INV-05)", async () => {
  const ground = await withStatement();
  await fill(ground, "SOA-1");
  await ground.act(manager, "soa", "SOA-1", "submit");
  const allButTop = acting("P05", ["aims_manager", "risk_owner"], ["approve document", "ensure AIMS conformity"]);
  for (const who of [manager, allButTop, machine])
    expect(await ground.declined(who, "soa", "SOA-1", "approve")).toBe(
      "not-permitted INV-03: it takes the role top_management",
    );
  expect(ground.records.find("SOA-1")?.state).toBe("in_approval");
});

test("the next edition starts from the one before and takes its place", async () => {
  const ground = await withStatement();
  await fill(ground, "SOA-1");
  await ground.act(manager, "soa_entry", "SOA-1/X.REG", "open", {
    soa: "SOA-1",
    control_id: "X.REG",
    title: "Registries",
  });
  await ground.act(manager, "soa_entry", "SOA-1/X.REG", "amend", {
    included: true,
    justification: "images",
    risks: ["RSK-001"],
  });
  await ground.act(manager, "soa", "SOA-1", "submit");
  await ground.act(top, "soa", "SOA-1", "approve");
  await ground.act(manager, "soa", "SOA-2", "draft", { title: "Statement", edition: "2", supersedes: "SOA-1" });
  expect(ground.records.find("SOA-2/X.REG")).toMatchObject({ state: "draft", justification: "images" });
  expect(
    await ground.declined(manager, "soa_entry", "SOA-2/again", "open", { soa: "SOA-2", control_id: "X.REG" }),
  ).toContain("SOA-2/X.REG speaks of this control already");
  await ground.act(manager, "soa", "SOA-2", "submit");
  await ground.act(top, "soa", "SOA-2", "approve");
  expect([ground.records.find("SOA-1")?.state, ground.records.find("SOA-1/A.5.4")?.state]).toEqual([
    "superseded",
    "superseded",
  ]);
});

test("a control is called implemented only with proof that holds", async () => {
  const ground = await withStatement();
  const wish = { implementation_status: "implemented" };
  expect(await ground.declined(manager, "soa_entry", "SOA-1/A.5.4", "report_status", wish)).toContain("guard INV-14");
  await ground.act(acting("P06"), "evidence_item", "EVD-01", "offer", {
    title: "Log",
    evidence_kind: "file",
    collected_on: "2026-11-01",
    valid_until: "2026-11-22",
  });
  await ground.act(manager, "evidence_item", "EVD-01", "accept", {}, "2026-11-20");
  expect(
    await ground.declined(
      manager,
      "soa_entry",
      "SOA-1/A.5.4",
      "report_status",
      { ...wish, evidence: ["EVD-01"] },
      "2026-11-23",
    ),
  ).toContain("guard INV-14");
  expect(
    (
      await ground.act(
        manager,
        "soa_entry",
        "SOA-1/A.5.4",
        "report_status",
        { ...wish, evidence: ["EVD-01"] },
        "2026-11-22",
      )
    )["implementation_status"],
  ).toBe("implemented");
});

test("a change is thought through before it is approved, and not approved by who proposed it", async () => {
  const ground = stage(...people);
  const proposer = acting("P01", ["top_management"]);
  await ground.act(proposer, "change_plan", "CH-01", "propose", { title: "Change", what: "a", why_now: "b" });
  expect(await ground.declined(proposer, "change_plan", "CH-01", "assess")).toContain("must be filled in first");
  await ground.act(proposer, "change_plan", "CH-01", "assess", {
    consequences: "c",
    keeps_aims_whole: "d",
    resources: "e",
    responsibilities: "f",
    responsible: "P04",
    risk_review_needed: true,
  });
  expect(await ground.declined(proposer, "change_plan", "CH-01", "approve")).toContain("duties-apart INV-04");
  expect(await ground.declined(unitHead, "change_plan", "CH-01", "approve")).toContain(
    "guard 8.2: its risks are to be assessed first",
  );
});

test("an objective of the whole organisation takes top management, and a measure or a reason", async () => {
  const ground = stage(...people);
  await ground.act(manager, "objective", "OBJ-1", "draft", {
    title: "Aim",
    statement: "s",
    objective_kind: "aims",
    level: "organisation",
  });
  expect(await ground.declined(owner, "objective", "OBJ-1", "approve")).toContain("takes top management");
  expect(await ground.declined(top, "objective", "OBJ-1", "approve")).toContain("guard 6.2");
  await ground.act(manager, "objective", "OBJ-1", "amend", { not_measurable_reason: "culture" });
  expect((await ground.act(top, "objective", "OBJ-1", "approve")).state).toBe("approved");
});

test("the machine may ask to look at a risk again, and a new assessment answers it", async () => {
  const { act } = await withRisk({ likelihood: 2, individuals: 5 });
  expect(
    (await act(machine, "risk", "RSK-001", "flag", { needs_review: { reason: "measure red" } }))["needs_review"],
  ).toMatchObject({ since: "2026-11-23" });
  expect((await act(owner, "risk", "RSK-001", "assess"))["needs_review"]).toBeUndefined();
});

test("a new edition of the criteria asks each owner once to score their open risks again within 90 days", async () => {
  const ground = await withRisk({ likelihood: 2, individuals: 5 });
  await ground.act(owner, "risk", "RSK-002", "identify", threat, "2026-03-01");
  await ground.act(owner, "risk", "RSK-002", "assess", { current: { likelihood: 1, groups: 1 } }, "2026-03-02");
  await ground.act(owner, "risk", "RSK-003", "identify", threat, "2026-03-01");
  await ground.act(
    manager,
    "risk_criteria",
    "RC-02",
    "draft",
    { ...criteria, edition: "2", supersedes: "RC-01" },
    "2026-06-01",
  );
  await ground.act(manager, "risk_criteria", "RC-02", "submit", {}, "2026-06-01");
  await ground.act(top, "risk_criteria", "RC-02", "approve", {}, "2026-06-02");
  expect(ground.records.all("task")).toMatchObject([
    { assignee: "P06", due_on: "2026-08-31", why: ["RC-02", "RSK-001", "RSK-002"] },
  ]);
  expect((await ground.act(owner, "risk", "RSK-001", "assess", {}, "2026-06-03"))["criteria_version"]).toBe("RC-02");
});
