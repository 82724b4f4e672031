import { describe, expect, test } from "vitest";
import { Refusal } from "#core/basics/refusal.ts";
import type { Instant } from "#core/basics/time.ts";
import { kinds } from "./all.ts";
import type { Actor } from "./actor.ts";
import { acting, machine, stage } from "./deeds.testing.ts";
import { contentHash, transition, type Request } from "./transition.ts";

const manager = acting("P04", ["aims_manager"]);
const top = acting("P01", ["top_management"]);
const risk = { title: "Wrong class", risk_kind: "threat", cause: "weak data", event: "wrong", consequence: "waits" };
const policy = { title: "AI policy", policy_kind: "ai_policy", edition: "1", body: "Words" };
const here = () => stage({ ref: "P01" }, { ref: "P04" }, { ref: "P05" }, { ref: "P26", state: "left" });

/** A policy that top management approved, with P04 for its owner. */
async function approved() {
  const ground = here();
  await ground.act(manager, "policy", "POL-01", "draft", policy);
  await ground.act(manager, "policy", "POL-01", "submit");
  await ground.act(top, "policy", "POL-01", "approve");
  return ground;
}

/** Does the request as it is, over the records of the ground. */
async function refusalOf({ records }: ReturnType<typeof stage>, request: Request, actor: Actor): Promise<Refusal> {
  const source = { find: async (ref: string) => records.find(ref), around: async () => records, put: () => undefined };
  const mint = { id: () => "id", ref: async () => "RSK-999" };
  try {
    await transition(source, mint, request, { actor, at: "2026-11-23T09:00:00.000Z" as Instant });
  } catch (refusal) {
    if (refusal instanceof Refusal) return refusal;
    throw refusal;
  }
  throw new Error("It was not refused");
}

describe("the owner of a live record (INV-27)", () => {
  test("is whoever makes it, when nobody is named", async () => {
    expect((await here().act(manager, "risk", "RSK-001", "identify", risk)).owner).toBe("P04");
  });

  test("is there: a machine names one", async () => {
    expect(await here().declined(machine, "risk", "RSK-001", "identify", risk)).toBe(
      "guard INV-27: a live record has one owner; name one",
    );
    expect((await here().act(machine, "risk", "RSK-001", "identify", { ...risk, owner: "P05" })).owner).toBe("P05");
  });

  test("is not taken away", async () => {
    const ground = here();
    await ground.act(manager, "risk", "RSK-001", "identify", risk);
    expect(await ground.declined(manager, "risk", "RSK-001", "amend", { owner: null })).toBe(
      "guard INV-27: a live record has one owner; name one",
    );
  });

  test("is nobody who has left, and any other deed waits until another is named", async () => {
    const ground = here();
    expect(await ground.declined(manager, "risk", "RSK-001", "identify", { ...risk, owner: "P26" })).toBe(
      "guard INV-27: its owner P26 has left; name another",
    );
    await ground.act(manager, "risk", "RSK-001", "identify", { ...risk, owner: "P05" });
    ground.records.put({ ...ground.records.find("P05"), state: "left" } as never);
    expect(await ground.declined(manager, "risk", "RSK-001", "amend", { cause: "other" })).toMatch(/^guard INV-27/);
    expect((await ground.act(manager, "risk", "RSK-001", "hand_over", { owner: "P04" })).owner).toBe("P04");
  });

  test("passes to another also where the content may not change, and the approval still holds", async () => {
    const ground = await approved();
    const before = ground.records.find("POL-01");
    const after = await ground.act(manager, "policy", "POL-01", "hand_over", { owner: "P05" });
    expect(after).toMatchObject({ owner: "P05", state: "approved", content_hash: before?.content_hash });
    expect(await ground.declined(acting("P11"), "policy", "POL-01", "hand_over", { owner: "P11" })).toMatch(
      /^not-permitted INV-03/,
    );
    expect(await ground.declined(manager, "policy", "POL-01", "hand_over", { owner: "P26" })).toMatch(/^guard INV-27/);
  });
});

test("what was approved does not change, not even by a deed that its state allows (INV-02)", async () => {
  const ground = here();
  const plan = { title: "Plan", edition: "1", lines: [{ no: 1, what: "policy", by: ["P04"] }] };
  await ground.act(manager, "communication_plan", "CP-01", "draft", plan);
  await ground.act(top, "communication_plan", "CP-01", "approve");
  const changed = { lines: [{ ...plan.lines[0], what: "other" }] };
  expect(await ground.declined(manager, "communication_plan", "CP-01", "record_trial", changed)).toMatch(
    /^guard INV-02: it is approved, and what was approved does not change/,
  );
  expect(ground.records.find("CP-01")?.rev).toBe(2);
});

describe("a link", () => {
  test("leads to a record that there is", async () => {
    const refusal = await refusalOf(
      here(),
      { kind: "risk", deed: "identify", fields: { ...risk, ai_systems: ["AIS-09"] } },
      manager,
    );
    expect(refusal).toMatchObject({ code: "not-found", place: { field: "ai_systems" } });
    expect(refusal.message).toBe('Cannot link RSK-999 field "ai_systems" to AIS-09: there is no such record');
  });

  test("leads to a record of a kind that the field is for", async () => {
    const refusal = await refusalOf(
      here(),
      { kind: "risk", deed: "identify", fields: { ...risk, ai_systems: ["P05"] } },
      manager,
    );
    expect(refusal).toMatchObject({ code: "malformed", place: { field: "ai_systems" } });
    expect(refusal.message).toContain("it is a person, not a ai_system");
  });
});

test("a deed on a version that is no longer the newest is refused as stale", async () => {
  const ground = here();
  await ground.act(manager, "risk", "RSK-001", "identify", risk);
  await ground.act(manager, "risk", "RSK-001", "amend", { cause: "other" });
  const amend = { kind: "risk", ref: "RSK-001", deed: "amend", fields: { cause: "third" } } as const;
  expect(await refusalOf(ground, { ...amend, rev: 1 }, manager)).toMatchObject({
    code: "stale",
    message: "Cannot amend RSK-001: it has changed since you read it (version 2, you saw 1)",
  });
});

test("a reference names one record for good: a deed of another kind is refused", async () => {
  const ground = here();
  await ground.act(manager, "risk", "RSK-001", "identify", risk);
  const refusal = await refusalOf(ground, { kind: "policy", ref: "RSK-001", deed: "submit" }, manager);
  expect(refusal).toMatchObject({ code: "conflict", message: "Cannot submit RSK-001: it is a risk, not a policy" });
});

describe("an external auditor (INV-34)", () => {
  const role = { role_key: "external_auditor", person: "P40", valid_to: "2026-12-18" };
  const withAuditor = () => {
    const ground = stage({ ref: "P01" }, { ref: "P04" }, { ref: "P40" });
    ground.records.put({ ...ground.records.find("P40"), is_external_auditor: true } as never);
    return ground;
  };
  const outsider: Actor = { ...acting("P40", ["external_auditor"]), externalAuditor: true };

  test("is asked for a time that ends, and is one by their own record", async () => {
    const { act, declined } = withAuditor();
    const { valid_to: _, ...endless } = role;
    expect(await declined(manager, "role_assignment", "ROL-040", "propose", endless)).toMatch(
      /^guard INV-34: the access of an external auditor ends by itself/,
    );
    expect(await declined(manager, "role_assignment", "ROL-040", "propose", { ...role, person: "P01" })).toBe(
      "guard INV-34: the record of P01 does not say that they are an external auditor",
    );
    expect((await act(manager, "role_assignment", "ROL-040", "propose", role)).state).toBe("proposed");
    expect(await declined(manager, "role_assignment", "ROL-040", "amend", { valid_to: null })).toMatch(/^guard INV-34/);
    expect((await act(outsider, "role_assignment", "ROL-040", "accept")).state).toBe("accepted");
  });

  test("holds no other role and no authority", async () => {
    const { declined } = withAuditor();
    const employee = { role_key: "employee", person: "P40" };
    expect(await declined(manager, "role_assignment", "ROL-040", "propose", employee)).toMatch(/^guard INV-34/);
    const powerful = { ...role, authorities: ["appoint"] };
    expect(await declined(manager, "role_assignment", "ROL-040", "propose", powerful)).toMatch(/^guard INV-34/);
  });

  test("writes nothing, also where any member may, or where they are named", async () => {
    const { act, declined, records } = withAuditor();
    expect(await declined(outsider, "risk", "RSK-001", "identify", { ...risk, owner: "P01" })).toBe(
      "not-permitted INV-34: an external auditor reads records and writes none",
    );
    await act(manager, "risk", "RSK-001", "identify", { ...risk, owner: "P40" });
    expect(await declined(outsider, "risk", "RSK-001", "amend", { cause: "other" })).toMatch(/^not-permitted INV-34/);
    const ended: Actor = { ...outsider, assignments: [] };
    expect(await declined(ended, "risk", "RSK-002", "identify", risk)).toMatch(/^not-permitted INV-34/);
    expect(records.find("RSK-001")?.rev).toBe(1);
  });
});

describe("text that a language model suggested (INV-35)", () => {
  const mark = { field: "body", model: "granite-3", on: "2026-11-22" };
  const drafted = async () => {
    const ground = here();
    await ground.act(manager, "policy", "POL-01", "draft", { ...policy, suggested: [mark] });
    return ground;
  };

  test("is not approved before a person adopts it", async () => {
    const { act, declined, records } = await drafted();
    await act(manager, "policy", "POL-01", "submit");
    expect(await declined(top, "policy", "POL-01", "approve")).toBe(
      'guard INV-35: a language model suggested "body" by granite-3; rewrite it, or take the mark away, to adopt it first',
    );
    expect(records.all("approval")).toEqual([]);
  });

  test("is adopted by whoever rewrites it, and by nobody who changes something else", async () => {
    const { act } = await drafted();
    expect((await act(manager, "policy", "POL-01", "amend", { title: "Policy" })).suggested).toEqual([mark]);
    expect((await act(manager, "policy", "POL-01", "amend", { body: "Our words" })).suggested).toBeUndefined();
    await act(manager, "policy", "POL-01", "submit");
    expect((await act(top, "policy", "POL-01", "approve")).state).toBe("approved");
  });

  test("is adopted as it is by whoever takes the mark away; one mark does not take another along", async () => {
    const { act } = await drafted();
    const marks = [mark, { ...mark, field: "audience" }];
    expect((await act(manager, "policy", "POL-01", "amend", { audience: "All", suggested: marks })).suggested).toEqual(
      marks,
    );
    expect((await act(manager, "policy", "POL-01", "amend", { body: "Ours" })).suggested).toEqual([marks[1]]);
    expect((await act(manager, "policy", "POL-01", "amend", { suggested: null })).suggested).toBeUndefined();
  });

  test("is no proof: evidence that says it is not accepted", async () => {
    const { act, declined } = here();
    const offer = { title: "Log", evidence_kind: "statement", collected_on: "2026-11-02" };
    const suggested = [{ ...mark, field: "summary" }];
    await act(machine, "evidence_item", "EVD-01", "offer", { ...offer, summary: "Words", owner: "P04", suggested });
    expect(await declined(manager, "evidence_item", "EVD-01", "accept")).toMatch(/^guard INV-35/);
    await act(manager, "evidence_item", "EVD-01", "amend", { summary: "Seen by me" });
    expect((await act(manager, "evidence_item", "EVD-01", "accept")).state).toBe("accepted");
  });
});

describe("an approval", () => {
  test("names who gave it by which role, and is bound to the hash of exactly this content", async () => {
    const { records } = await approved();
    const record = records.find("POL-01");
    const [approval] = records.all("approval");
    expect(approval).toMatchObject({
      about: "POL-01",
      version_no: record?.rev,
      bound_to: record?.content_hash,
      person: "P01",
      as_role: "top_management",
      proof: "password",
    });
    expect(approval?.["bound_to"]).toBe(contentHash(kinds.policy, record ?? {}));
    expect(contentHash(kinds.policy, { ...record, body: "Other words" })).not.toBe(approval?.["bound_to"]);
    expect(contentHash(kinds.policy, { ...record, next_review_on: "2030-01-01" })).toBe(approval?.["bound_to"]);
  });

  test("is not given without the approver's proof of who they are", async () => {
    const ground = here();
    await ground.act(manager, "policy", "POL-01", "draft", policy);
    await ground.act(manager, "policy", "POL-01", "submit");
    const { proof: _, ...unproven } = top;
    expect(await ground.declined(unproven, "policy", "POL-01", "approve")).toBe(
      "credential-needed: an approval asks for the password again",
    );
    expect(ground.records.all("approval")).toEqual([]);
    expect(ground.records.find("POL-01")?.state).toBe("in_approval");
  });

  test("is written by the software alone", async () => {
    const given = { about: "P01", bound_to: "0", decision: "approve", person: "P01" };
    expect(await here().declined(top, "approval", "APR-0001", "give", given)).toBe(
      "not-permitted INV-03: it takes the software itself",
    );
  });
});
