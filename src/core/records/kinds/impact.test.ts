import { expect, test } from "vitest";
import { acting, machine, stage } from "../deeds.testing.ts";

const assessor = acting("P23", ["impact_assessor"]);
const owner = acting("P06", ["ai_system_owner"]);
const approver = acting("P02", ["employee"], ["approve impact assessment"]);
const anyPower = (person: string) =>
  acting(person, ["impact_assessor", "ai_system_owner", "aims_manager", "risk_owner"], ["approve impact assessment"]);

const content = {
  impacts_on_people: [{ area: "fairness", severity: 3, likelihood: 2 }],
  conclusion: "go",
  retention_until: "2036-12-31",
  next_review_on: "2027-06-01",
};

async function drafted(more: object = {}) {
  const ground = stage({ ref: "P02" }, { ref: "P06" }, { ref: "P23" });
  await ground.act(owner, "ai_system", "AIS-03", "register", {
    name: "Triage",
    purpose: "Urgent first",
    owner: "P06",
    autonomy: 1,
    deployment_context: { sites: ["NGH"] },
  });
  await ground.act(assessor, "impact_assessment", "IA-03", "open", {
    ai_system: "AIS-03",
    trigger: "before first use",
  });
  await ground.act(assessor, "impact_assessment", "IA-03", "begin", { assessment_kind: "full" });
  await ground.act(assessor, "impact_assessment", "IA-03", "amend", { ...content, ...more });
  return ground;
}
async function approved(more: object = {}) {
  const ground = await drafted(more);
  await ground.act(assessor, "impact_assessment", "IA-03", "submit", {}, "2026-06-03");
  await ground.act(approver, "impact_assessment", "IA-03", "approve", {}, "2026-06-04");
  return ground;
}

test("submitting takes the fingerprint of the system as it is, with what is planned", async () => {
  const { act } = await drafted({ planned: [{ field: "sites", value: "NGH; SAH" }] });
  const submitted = await act(assessor, "impact_assessment", "IA-03", "submit", {}, "2026-06-03");
  expect(submitted["fingerprint"]).toMatchObject({
    code: expect.stringMatching(/^fp-03-/),
    taken_on: "2026-06-03",
    facts: expect.arrayContaining([
      { field: "autonomy", value: "1" },
      { field: "sites", value: "NGH; SAH" },
    ]),
  });
});

test("a severe impact names a risk", async () => {
  const { declined } = await drafted({ impacts_on_people: [{ area: "fairness", severity: 4, likelihood: 2 }] });
  expect(await declined(assessor, "impact_assessment", "IA-03", "submit")).toContain(
    'the impact on "fairness" is rated 4 and names no risk',
  );
});

test("conditions are named when the conclusion has some", async () => {
  const { declined } = await drafted({ conclusion: "go_with_conditions" });
  expect(await declined(assessor, "impact_assessment", "IA-03", "submit")).toContain(
    "it concludes with conditions and names none",
  );
});

test("neither assessor nor the system's owner approves, whatever powers they hold", async () => {
  const { act, declined } = await drafted();
  await act(assessor, "impact_assessment", "IA-03", "submit");
  expect(await declined(anyPower("P23"), "impact_assessment", "IA-03", "approve")).toContain("duties-apart INV-07");
  expect(await declined(anyPower("P06"), "impact_assessment", "IA-03", "approve")).toBe(
    "duties-apart INV-07: P06 owns AIS-03, and these duties are kept apart",
  );
  expect((await act(approver, "impact_assessment", "IA-03", "approve")).state).toBe("approved");
});

test("the owner of the system does not assess it", async () => {
  const ground = stage({ ref: "P06" });
  await ground.act(owner, "ai_system", "AIS-03", "register", { name: "Triage", purpose: "p", owner: "P06" });
  await ground.act(anyPower("P06"), "impact_assessment", "IA-03", "open", { ai_system: "AIS-03", trigger: "t" });
  expect(
    await ground.declined(anyPower("P06"), "impact_assessment", "IA-03", "begin", { assessment_kind: "full" }),
  ).toContain("who owns a system does not assess it");
});

test("the conclusion decides the state, and no go is not approved", async () => {
  const conditional = await approved({ conclusion: "go_with_conditions", conditions: [{ text: "watch" }] });
  expect(conditional.records.find("IA-03")?.state).toBe("approved_with_conditions");
  expect(conditional.records.all("approval")[0]?.["decision"]).toBe("approve_with_conditions");
  const never = await drafted({ conclusion: "no_go" });
  await never.act(assessor, "impact_assessment", "IA-03", "submit");
  expect(await never.declined(approver, "impact_assessment", "IA-03", "approve")).toContain("its conclusion is no go");
  expect((await never.act(approver, "impact_assessment", "IA-03", "reject", { rejection_reason: "no go" })).state).toBe(
    "rejected",
  );
});

test("conditions may be marked as met or broken, and their words stay", async () => {
  const { act, declined } = await approved({
    conclusion: "go_with_conditions",
    conditions: [{ no: "c", text: "not elsewhere", standing: true }],
  });
  const before = (
    await act(assessor, "impact_assessment", "IA-03", "report_progress", {
      conditions: [{ no: "c", text: "not elsewhere", standing: true, broken_on: "2026-10-05" }],
    })
  ).content_hash;
  expect(before).toBe(
    (
      await act(assessor, "impact_assessment", "IA-03", "report_progress", {
        conditions: [{ no: "c", text: "not elsewhere", standing: true }],
      })
    ).content_hash,
  );
  expect(
    await declined(assessor, "impact_assessment", "IA-03", "report_progress", {
      conditions: [{ no: "c", text: "elsewhere too", standing: true }],
    }),
  ).toContain("guard INV-02");
});

test("a difference is proposed by the owner in the machine's words, and countersigned by someone else", async () => {
  const { act, declined } = await approved();
  const proposal = { field: "autonomy", proposal: "no_material_effect", reason: "same screen" };
  expect(await declined(owner, "impact_assessment", "IA-03", "propose_judgement", { proposal })).toContain(
    "the system does not differ",
  );
  await act(owner, "ai_system", "AIS-03", "amend", { autonomy: 2 });
  const proposed = await act(owner, "impact_assessment", "IA-03", "propose_judgement", { proposal }, "2026-10-05");
  expect(proposed["judgements"]).toEqual([
    { ...proposal, old: "1", new: "2", proposed_by: "P06", proposed_on: "2026-10-05" },
  ]);
  expect(proposed["proposal"]).toBeUndefined();
  expect(
    await declined(anyPower("P06"), "impact_assessment", "IA-03", "countersign", {
      answer: { field: "autonomy", decision: "agreed" },
    }),
  ).toContain("duties-apart INV-04");
  expect(
    await declined(assessor, "impact_assessment", "IA-03", "countersign", {
      answer: { field: "sites", decision: "agreed" },
    }),
  ).toContain("no judgement on that fact waits");
  const signed = await act(
    assessor,
    "impact_assessment",
    "IA-03",
    "countersign",
    { answer: { field: "autonomy", decision: "agreed" } },
    "2026-10-06",
  );
  expect(signed["judgements"]).toMatchObject([
    { field: "autonomy", decision: "agreed", countersigned_by: "P23", countersigned_on: "2026-10-06" },
  ]);
});

test("a judgement that was given cannot be rewritten", async () => {
  const { act, declined } = await approved();
  await act(owner, "ai_system", "AIS-03", "amend", { autonomy: 2 });
  await act(owner, "impact_assessment", "IA-03", "propose_judgement", {
    proposal: { field: "autonomy", proposal: "no_material_effect", reason: "r" },
  });
  expect(await declined(owner, "impact_assessment", "IA-03", "propose_judgement", { judgements: [] })).toContain(
    'this deed does not set "judgements"',
  );
});

test("a new edition supersedes the one before", async () => {
  const { act, records } = await approved();
  await act(assessor, "impact_assessment", "IA-04", "open", {
    ai_system: "AIS-03",
    trigger: "a year later",
    supersedes: "IA-03",
  });
  await act(assessor, "impact_assessment", "IA-04", "begin", { assessment_kind: "full" });
  await act(assessor, "impact_assessment", "IA-04", "amend", content);
  await act(assessor, "impact_assessment", "IA-04", "submit");
  await act(approver, "impact_assessment", "IA-04", "approve");
  expect(records.find("IA-03")?.state).toBe("superseded");
});

test("a review is brought forward, by the machine too, and never put off", async () => {
  const { act, declined } = await approved();
  expect(
    await declined(assessor, "impact_assessment", "IA-03", "set_review", { next_review_on: "2027-12-01" }),
  ).toContain("brought forward");
  expect(
    (await act(machine, "impact_assessment", "IA-03", "set_review", { next_review_on: "2026-12-01" })).next_review_on,
  ).toBe("2026-12-01");
});
