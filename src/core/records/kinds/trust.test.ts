import { expect, test } from "vitest";
import { kinds } from "../all.ts";
import type { AnyRecord } from "../kind.ts";
import { acting, machine, stage } from "../deeds.testing.ts";

const engineer = acting("P11", ["platform_engineer"]);
const manager = acting("P04", ["aims_manager"]);
const chief = acting("P05", ["risk_owner"], ["grant exception", "approve document"]);
const top = acting("P01", ["top_management"]);
const people = [{ ref: "P01" }, { ref: "P04" }, { ref: "P05" }, { ref: "P11" }];

const proof = {
  title: "Log sample",
  evidence_kind: "log_extract",
  collected_on: "2026-11-02",
  valid_until: "2026-11-30",
};

test("who collected a proof does not accept it", async () => {
  const { act, declined } = stage(...people);
  await act(manager, "evidence_item", "EVD-01", "offer", proof);
  expect(await declined(manager, "evidence_item", "EVD-01", "accept")).toMatch(/^duties-apart 4\.1/);
  expect(await act(chief, "evidence_item", "EVD-01", "accept")).toMatchObject({
    state: "accepted",
    reviewer: "P05",
    reviewed_on: "2026-11-23",
  });
});

test("a proof without the day on which it was collected is not accepted, and a rejection says why", async () => {
  const { act, declined } = stage(...people);
  await act(engineer, "evidence_item", "EVD-08", "offer", { title: "Screenshot", evidence_kind: "photo" });
  expect(await declined(chief, "evidence_item", "EVD-08", "accept")).toBe(
    'guard: "collected_on" must be filled in first',
  );
  expect(await declined(chief, "evidence_item", "EVD-08", "reject")).toBe(
    'guard: "review_result" must be filled in first',
  );
  expect((await act(chief, "evidence_item", "EVD-08", "reject", { review_result: "No date" })).state).toBe("rejected");
});

test("a proof expires on the day after its last, and only by the machine", async () => {
  const { act, declined } = stage(...people);
  await act(engineer, "evidence_item", "EVD-01", "offer", proof);
  await act(chief, "evidence_item", "EVD-01", "accept");
  expect(await declined(machine, "evidence_item", "EVD-01", "expire", {}, "2026-11-30")).toBe(
    'guard 4.1: its "valid until" is 2026-11-30',
  );
  expect(await declined(manager, "evidence_item", "EVD-01", "expire", {}, "2026-12-01")).toMatch(/^not-permitted/);
  expect((await act(machine, "evidence_item", "EVD-01", "expire", {}, "2026-12-01")).state).toBe("expired");
});

const wish = {
  title: "Image from outside",
  rule: "IM-01",
  reason: "Published there only",
  compensating_measures: "Pinned by digest",
  risk: "RSK-006",
};

async function withWish(fields: Readonly<Record<string, unknown>> = wish) {
  const ground = stage(...people);
  ground.records.put({ kind: "risk", ref: "RSK-006", id: "r", state: "treating" } as unknown as AnyRecord);
  await ground.act(engineer, "exception", "EX-02", "request", fields);
  return ground;
}

test("an exception names measures, a risk and an end within 180 days", async () => {
  const { act, declined } = await withWish({ title: "Image", reason: "Because" });
  expect(await declined(chief, "exception", "EX-02", "grant", { valid_until: "2026-12-31" }, "2026-07-06")).toBe(
    'guard: "compensating_measures", "risk" must be filled in first',
  );
  await act(engineer, "exception", "EX-02", "amend", { compensating_measures: "Pinned", risk: "RSK-006" });
  expect(await declined(chief, "exception", "EX-02", "grant", { valid_until: "2027-01-03" }, "2026-07-06")).toBe(
    "guard INV-26: it ends on 2027-01-03, more than 180 days from today",
  );
  expect(await declined(chief, "exception", "EX-02", "grant", { valid_until: "2026-07-06" }, "2026-07-06")).toMatch(
    /^guard INV-26/,
  );
  expect((await act(chief, "exception", "EX-02", "grant", { valid_until: "2027-01-02" }, "2026-07-06")).state).toBe(
    "granted",
  );
});

test("who asks for an exception does not grant it", async () => {
  const { declined } = await withWish();
  expect(
    await declined(acting("P11", ["platform_engineer"], ["grant exception"]), "exception", "EX-02", "grant", {
      valid_until: "2026-12-31",
    }),
  ).toMatch(/^duties-apart INV-26/);
});

test("an exception is renewed once, then only by top management", async () => {
  const { act, declined } = await withWish();
  await act(chief, "exception", "EX-02", "grant", { valid_until: "2026-12-31" }, "2026-07-06");
  await act(chief, "exception", "EX-02", "renew", { valid_until: "2027-06-01" }, "2026-12-28");
  expect(await declined(chief, "exception", "EX-02", "renew", { valid_until: "2027-10-01" }, "2027-05-28")).toBe(
    "guard 4.1: it was renewed once; a further time takes top management",
  );
  expect(await act(top, "exception", "EX-02", "renew", { valid_until: "2027-10-01" }, "2027-05-28")).toMatchObject({
    renewals: 2,
  });
});

test("a task is not given to a person who has left", async () => {
  const { declined } = stage(...people, { ref: "P26", state: "left" });
  expect(await declined(manager, "task", "TSK-001", "open", { title: "Look", assignee: "P26" })).toBe(
    "guard INV-28: P26 (assignee) has left",
  );
});

test("a task escalates after its day, and is done with an outcome", async () => {
  const { act, declined } = stage(...people);
  await act(manager, "task", "TSK-001", "open", { title: "Look", assignee: "P11", due_on: "2026-11-23" });
  expect(await declined(machine, "task", "TSK-001", "escalate", {}, "2026-11-23")).toMatch(/^guard/);
  expect(await act(machine, "task", "TSK-001", "escalate", {}, "2026-11-28")).toMatchObject({
    escalated: 1,
    state: "open",
  });
  expect(await declined(engineer, "task", "TSK-001", "finish")).toBe('guard: "outcome" must be filled in first');
  expect(await act(engineer, "task", "TSK-001", "finish", { outcome: "Seen" })).toMatchObject({
    state: "done",
    done_on: "2026-11-23",
  });
});

test("a document is approved by somebody other than its author, and its edition before steps back", async () => {
  const { act, declined, records } = stage(...people);
  for (const [ref, more] of [
    ["DOC-01-1.0", {}],
    ["DOC-01", { supersedes: "DOC-01-1.0" }],
  ] as const) {
    await act(manager, "document", ref, "draft", { title: "Procedure", doc_kind: "procedure", edition: "1", ...more });
    await act(manager, "document", ref, "submit");
    expect(await declined(acting("P04", ["aims_manager"], ["approve document"]), "document", ref, "approve")).toMatch(
      /^duties-apart INV-04/,
    );
    await act(chief, "document", ref, "approve");
    await act(manager, "document", ref, "put_into_effect");
  }
  expect(records.find("DOC-01-1.0")?.state).toBe("superseded");
  expect(records.find("DOC-01")?.state).toBe("effective");
});

test("nobody appoints themself, and only the holder accepts", async () => {
  const { act, declined } = stage(...people);
  expect(
    await declined(manager, "role_assignment", "ROL-001", "propose", { role_key: "risk_owner", person: "P04" }),
  ).toMatch(/^duties-apart/);
  await act(manager, "role_assignment", "ROL-001", "propose", { role_key: "platform_engineer", person: "P11" });
  expect(await declined(manager, "role_assignment", "ROL-001", "accept")).toMatch(/^not-permitted/);
  expect(await act(engineer, "role_assignment", "ROL-001", "accept")).toMatchObject({
    state: "accepted",
    accepted_on: "2026-11-23",
    assigned_by: "P04",
  });
});

test("whoever leaves holds no role from that day", async () => {
  const { act, records } = stage(...people);
  await act(manager, "role_assignment", "ROL-001", "propose", { role_key: "platform_engineer", person: "P11" });
  await act(engineer, "role_assignment", "ROL-001", "accept");
  await act(acting("P10", ["people_lead"]), "person", "P11", "leave");
  expect(records.find("ROL-001")).toMatchObject({ state: "ended", valid_to: "2026-11-23" });
});

test("a snapshot, once made, offers no deed", () => {
  expect(Object.values(kinds.snapshot.deeds).filter((deed) => deed.from !== "new")).toEqual([]);
});
