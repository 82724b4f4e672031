import { expect, test } from "vitest";
import { acting, machine, stage } from "../deeds.testing.ts";

const manager = acting("P04", ["aims_manager"]);
const top = acting("P01", ["top_management"]);
const both = acting("P04", ["aims_manager", "top_management"]);

const scopeFields = { edition: "1.0", text: "All", org_units: ["Radiology"], sites: ["NGH"], activities: ["use"] };

async function withScope(ref: string, fields: object = {}, ground = stage({ ref: "P01" }, { ref: "P04" })) {
  await ground.act(manager, "scope_statement", ref, "draft", { ...scopeFields, ...fields });
  await ground.act(manager, "scope_statement", ref, "submit");
  return ground;
}

test("a scope takes top management (INV-05), and not its author", async () => {
  const { act, declined } = await withScope("SC-01");
  expect(await declined(manager, "scope_statement", "SC-01", "approve")).toBe(
    "not-permitted INV-03: it takes the role top_management",
  );
  expect(await declined(both, "scope_statement", "SC-01", "approve")).toBe(
    "duties-apart INV-04: P04 is its author, and these duties are kept apart",
  );
  expect((await act(top, "scope_statement", "SC-01", "approve")).state).toBe("approved");
});

test("an approval is bound to exactly the content that was approved", async () => {
  const { act, records } = await withScope("SC-01");
  const scope = await act(top, "scope_statement", "SC-01", "approve", { next_review_on: "2027-07-02" });
  const [approval] = records.all("approval");
  expect(approval).toMatchObject({
    about: "SC-01",
    bound_to: scope.content_hash,
    as_role: "top_management",
    person: "P01",
    decision: "approve",
  });
  // The review date is no part of it.
  expect(
    (await act(manager, "scope_statement", "SC-01", "set_review", { next_review_on: "2027-01-01" })).content_hash,
  ).toBe(scope.content_hash);
});

test("what was approved does not change", async () => {
  const { act, declined } = await withScope("SC-01");
  await act(top, "scope_statement", "SC-01", "approve");
  expect(await declined(manager, "scope_statement", "SC-01", "amend", { text: "More" })).toBe(
    "wrong-state: it is approved, and must be draft",
  );
});

test("a second scope takes effect only in the place of the first", async () => {
  const ground = await withScope("SC-01");
  await ground.act(top, "scope_statement", "SC-01", "approve");
  await withScope("SC-02", { edition: "1.1" }, ground);
  expect(await ground.declined(top, "scope_statement", "SC-02", "approve")).toBe(
    'guard INV-06: SC-01 is in effect; name it in "supersedes"',
  );
  await withScope("SC-03", { edition: "1.1", supersedes: "SC-01" }, ground);
  await ground.act(top, "scope_statement", "SC-03", "approve");
  expect(ground.records.find("SC-01")?.state).toBe("superseded");
});

test("who confirms the planning is who signs for it", async () => {
  const { act, declined } = await withScope("SC-01");
  await act(top, "scope_statement", "SC-01", "approve");
  expect(
    await declined(manager, "scope_statement", "SC-01", "confirm_planning", {
      planning_confirmed: { by: "P01", on: "2026-11-23" },
    }),
  ).toBe("guard INV-03: who confirms is who signs");
  expect(
    (
      await act(top, "scope_statement", "SC-01", "confirm_planning", {
        planning_confirmed: { by: "P01", on: "2026-11-23" },
      })
    ).state,
  ).toBe("approved");
});

const policyFields = {
  title: "AI policy",
  policy_kind: "ai_policy",
  edition: "1.0",
  body: "We use AI to give patients time.",
};

async function withPolicy(ref: string, fields: object = {}, ground = stage({ ref: "P01" }, { ref: "P04" })) {
  await ground.act(manager, "policy", ref, "draft", { ...policyFields, ...fields });
  await ground.act(manager, "policy", ref, "submit");
  await ground.act(top, "policy", ref, "approve");
  return ground;
}

test("a policy takes top management, whatever else somebody holds (INV-05)", async () => {
  const ground = stage({ ref: "P01" }, { ref: "P04" }, { ref: "P05" });
  await ground.act(manager, "policy", "POL-01", "draft", policyFields);
  await ground.act(manager, "policy", "POL-01", "submit");
  const allButTop = acting("P05", ["aims_manager", "legal_advisor"], ["approve document", "ensure AIMS conformity"]);
  for (const who of [manager, allButTop, machine])
    expect(await ground.declined(who, "policy", "POL-01", "approve")).toBe(
      "not-permitted INV-03: it takes the role top_management",
    );
  expect((await ground.act(top, "policy", "POL-01", "approve")).state).toBe("approved");
});

test("a policy stays in force until the edition after it is published", async () => {
  const ground = await withPolicy("POL-01");
  await ground.act(manager, "policy", "POL-01", "publish", { channels: ["intranet"] });
  await withPolicy("POL-02", { edition: "2.0", supersedes: "POL-01" }, ground);
  expect(ground.records.find("POL-01")?.state).toBe("published");
  await ground.act(manager, "policy", "POL-02", "publish", { channels: ["intranet"] });
  expect(ground.records.find("POL-01")?.state).toBe("superseded");
});

test("there is one AI policy, and as many topic policies as wanted", async () => {
  const ground = await withPolicy("POL-01");
  await ground.act(manager, "policy", "POL-01", "publish", { channels: ["intranet"] });
  await withPolicy("POL-02", {}, ground);
  expect(await ground.declined(manager, "policy", "POL-02", "publish", { channels: ["intranet"] })).toMatch(
    /^guard INV-06/,
  );
  await withPolicy("POL-03", { policy_kind: "topic_policy" }, ground);
  expect((await ground.act(manager, "policy", "POL-03", "publish", { channels: ["intranet"] })).state).toBe(
    "published",
  );
});

test("a policy that is kept at its review is approved anew, as it is", async () => {
  const { act, records } = await withPolicy("POL-01");
  await act(manager, "policy", "POL-01", "publish", { channels: ["intranet"] });
  await act(manager, "policy", "POL-01", "open_review");
  const kept = await act(top, "policy", "POL-01", "keep", {
    reviews: [{ trigger: "planned", done_on: "2026-11-23", result: "kept" }],
  });
  expect(records.all("approval").filter((approval) => approval["bound_to"] === kept.content_hash)).toHaveLength(2);
});

test("a law left unaddressed takes the legal adviser and a reason", async () => {
  const ground = stage({ ref: "P04" }, { ref: "P14" });
  const counsel = acting("P14", ["legal_advisor"]);
  await ground.act(manager, "obligation", "OB-01", "identify", {
    title: "Law",
    obligation_kind: "law",
    statement: "Do it",
    source_ref: "Art. 1",
  });
  const no = { addressed_by_aims: "no", not_addressed_reason: "Not ours" };
  expect(await ground.declined(manager, "obligation", "OB-01", "decide", no)).toBe(
    "guard 4.2: leaving a law unaddressed takes the legal adviser",
  );
  expect(await ground.declined(counsel, "obligation", "OB-01", "decide", { addressed_by_aims: "no" })).toBe(
    "guard 4.2: a duty that is not addressed needs a reason",
  );
  expect((await ground.act(counsel, "obligation", "OB-01", "decide", no)).state).toBe("decided");
});

test("a duty comes into force on its day", async () => {
  const { act, declined } = stage({ ref: "P14" });
  const counsel = acting("P14", ["legal_advisor"]);
  await act(counsel, "obligation", "OB-01", "identify", {
    title: "Law",
    statement: "Do it",
    source_ref: "Art. 1",
    applies_from: "2026-08-02",
  });
  await act(counsel, "obligation", "OB-01", "decide", { addressed_by_aims: "yes" });
  expect(await declined(machine, "obligation", "OB-01", "activate", {}, "2026-08-01")).toBe(
    'guard 4.2: its "applies from" is 2026-08-02',
  );
  expect((await act(machine, "obligation", "OB-01", "activate", {}, "2026-08-02")).state).toBe("active");
});

test("each evaluation of a duty carries its own day and judge", async () => {
  const { act } = stage({ ref: "P14" }, { ref: "P04" });
  const counsel = acting("P14", ["legal_advisor"]);
  await act(counsel, "obligation", "OB-01", "identify", { title: "Law", statement: "Do it", source_ref: "Art. 1" });
  await act(counsel, "obligation", "OB-01", "decide", { addressed_by_aims: "yes" });
  await act(counsel, "obligation", "OB-01", "evaluate", { compliance_status: "met" }, "2026-03-02");
  expect(
    await act(manager, "obligation", "OB-01", "evaluate", { compliance_status: "met" }, "2026-09-01"),
  ).toMatchObject({ evaluated_on: "2026-09-01", evaluated_by: "P04" });
});
