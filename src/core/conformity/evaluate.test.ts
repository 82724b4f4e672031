import { expect, test } from "vitest";
import { parseDay } from "#core/basics/time.ts";
import { out } from "#core/records/follow.ts";
import type { AnyRecord } from "#core/records/kind.ts";
import { MemoryRecords } from "#core/records/memory.ts";
import { check, every, latest, none, some, type Clause } from "./check.ts";
import { evaluate, isConcerned, isPlain, outcomeOf } from "./evaluate.ts";
import { kept } from "./ground.testing.ts";

const day = parseDay("2026-11-23");
const tasks = (...states: string[]): AnyRecord[] =>
  states.map((state, index) =>
    kept("task", `TSK-00${index + 1}`, { state, due_on: `2026-12-0${index + 1}`, title: state }),
  );
/** What a check of these clauses answers over the records. */
const answer = (records: readonly AnyRecord[], ...clauses: Clause[]) => {
  const { id: _, ...result } = evaluate(check("roles.accepted", [], ...clauses), {
    records: new MemoryRecords(records),
    day,
    shared: new Map(),
  }).result;
  return result;
};
const isDone = {
  must: ({ record }: { record: { state: string } }) => record.state === "done" || `it is ${record.state}`,
};
const nothing = { empty: "unknown", because: "there is nothing" } as const;

test("every passes when all satisfy, and names those that do not", () => {
  expect(answer(tasks("done", "done"), every("task", { ...isDone, ...nothing }))).toEqual({
    result: "pass",
    because: "",
    records: [],
    asked: 2,
    satisfied: 2,
  });
  expect(answer(tasks("done", "open"), every("task", { ...isDone, ...nothing }))).toEqual({
    result: "fail",
    because: "TSK-002: it is open",
    records: ["TSK-002"],
    asked: 2,
    satisfied: 1,
  });
});

test("about nothing at all, a check answers what its clause says", () => {
  expect(answer([], every("task", { ...isDone, ...nothing }))).toMatchObject({
    result: "unknown",
    because: "there is nothing",
    asked: 0,
  });
  expect(
    answer(tasks("open"), every("task", { ...isDone, ...nothing, where: ({ state }) => state === "cancelled" })),
  ).toMatchObject({ result: "unknown", asked: 0 });
});

test("unknown is not a pass, and a failure outweighs it", () => {
  const unsure = every("task", {
    must: ({ record }) =>
      record.state === "done" ? true : record.state === "open" ? { unknown: "nobody looked" } : "it is cancelled",
    ...nothing,
  });
  expect(answer(tasks("done", "open"), unsure)).toMatchObject({
    result: "unknown",
    because: "TSK-002: nobody looked",
    records: ["TSK-002"],
  });
  expect(answer(tasks("open", "cancelled"), unsure)).toMatchObject({
    result: "fail",
    because: "TSK-002: it is cancelled",
  });
});

test("a share of records is enough where the clause says so, and unknown ones may still make it up", () => {
  const most = (share: number) =>
    every("task", {
      must: ({ record }) => record.state === "done" || (record.state === "open" ? { unknown: "open" } : "no"),
      share,
      ...nothing,
    });
  expect(answer(tasks("done", "done", "done", "cancelled"), most(0.75)).result).toBe("pass");
  expect(answer(tasks("done", "done", "open", "cancelled"), most(0.75))).toMatchObject({
    result: "unknown",
    because: "2 of 4 satisfy it; 75 percent are asked for",
  });
  expect(answer(tasks("done", "open", "cancelled", "cancelled"), most(0.75)).result).toBe("fail");
});

test("some asks for one, or for as many as it says", () => {
  const one = (least?: number) =>
    some("task", { ...isDone, because: "none is done", ...(least === undefined ? {} : { least }) });
  expect(answer(tasks("open", "done"), one()).result).toBe("pass");
  expect(answer(tasks("open", "open"), one())).toMatchObject({
    result: "fail",
    because: "none is done",
    records: ["TSK-001", "TSK-002"],
  });
  expect(answer(tasks("open", "done"), one(2)).result).toBe("fail");
  expect(answer([], one()).result).toBe("fail");
});

test("some is unknown while the unknown could make it up", () => {
  const unsure = some("task", {
    must: ({ record }) => (record.state === "done" ? true : { unknown: "nobody looked" }),
    because: "none is done",
    least: 2,
  });
  expect(answer(tasks("done", "open"), unsure)).toMatchObject({ result: "unknown", because: "TSK-002: nobody looked" });
});

test("none passes where there is none, and says why a record is one", () => {
  const open = none("task", { such: ({ record }) => (record.state === "open" ? "it is open" : undefined) });
  expect(answer(tasks("done"), open).result).toBe("pass");
  expect(answer([], open)).toMatchObject({ result: "pass", because: "there is none" });
  expect(answer(tasks("open"), open)).toMatchObject({ result: "fail", because: "TSK-001: it is open" });
});

test("the latest is the highest by rank, among equals by reference; the others do not matter", () => {
  const newest = latest("task", { ...isDone, ...nothing, rank: ({ due_on }) => due_on });
  expect(answer(tasks("open", "done"), newest).result).toBe("pass");
  expect(answer(tasks("done", "open"), newest)).toMatchObject({
    result: "fail",
    because: "TSK-002: it is open",
    records: ["TSK-002"],
  });
  const [first, second] = tasks("done", "open");
  expect(answer([first, { ...second, due_on: "2026-12-01" }] as AnyRecord[], newest).result).toBe("fail");
});

test("all clauses must hold; those that do not apply do not weigh", () => {
  const holds = every("task", { ...isDone, ...nothing });
  const apart = every("risk", { must: () => "no", empty: "not_applicable", because: "no risk" });
  expect(answer(tasks("done"), holds, apart).result).toBe("pass");
  expect(answer(tasks("open"), holds, apart).result).toBe("fail");
  expect(answer([], apart).result).toBe("not_applicable");
});

test("a pass with a note says it", () => {
  expect(answer(tasks("done"), every("task", { must: () => ({ note: "practised once" }), ...nothing }))).toMatchObject({
    result: "pass",
    because: "TSK-001: practised once",
    records: [],
  });
});

test("more than three are counted, not named", () => {
  expect(
    answer(tasks("open", "open", "open", "open", "open"), every("task", { must: () => "no", ...nothing })).because,
  ).toBe("TSK-001: no; TSK-002: no; TSK-003: no; and 2 more");
});

test("a result changes on the nearest day on which any of its records does", () => {
  const due = every("task", {
    must: ({ record, today }) => record.due_on === undefined || !today.isPast(record.due_on) || "late",
    ...nothing,
  });
  expect(answer(tasks("open", "open"), due)).toMatchObject({ result: "pass", changesOn: "2026-12-02" });
});

test("neighbours are those that the clause follows", () => {
  const holder = every("task", {
    follow: { who: out("person", "assignee") },
    must: ({ who }) => who[0]?.state === "active" || "its assignee is not here",
    ...nothing,
  });
  const task = kept("task", "TSK-001", { state: "open", assignee: "P01" });
  expect(answer([task, kept("person", "P01", { state: "active" })], holder).result).toBe("pass");
  expect(answer([task, kept("person", "P01", { state: "left" })], holder).result).toBe("fail");
});

test("what passes without a word on any day need not be kept, and counts while the clause is about it", () => {
  const clause = every("task", { ...isDone, ...nothing, where: ({ state }) => state !== "cancelled" });
  const one = check("roles.accepted", [], clause);
  const outcome = (state: string) =>
    outcomeOf(one, 0, tasks(state)[0] as AnyRecord, { records: new MemoryRecords(), day, shared: new Map() });
  const done = outcome("done");
  expect(done && isPlain(clause, done)).toBe(true);
  const open = outcome("open");
  expect(open && isPlain(clause, open)).toBe(false);
  expect(outcome("cancelled")).toBeUndefined();
  expect(isConcerned(clause, tasks("done")[0] as AnyRecord, day)).toBe(true);
  expect(isConcerned(clause, tasks("cancelled")[0] as AnyRecord, day)).toBe(false);
});

test("a record that only time will bring into the clause waits for its day", () => {
  const clause = every("task", {
    ...isDone,
    ...nothing,
    where: ({ due_on }, today) => due_on !== undefined && today.isPast(due_on),
  });
  const outcome = outcomeOf(check("roles.accepted", [], clause), 0, tasks("open")[0] as AnyRecord, {
    records: new MemoryRecords(),
    day,
    shared: new Map(),
  });
  expect(outcome).toEqual({
    check: "roles.accepted",
    clause: 0,
    ref: "TSK-001",
    result: "pass",
    concerned: false,
    changesOn: "2026-12-02",
  });
});
