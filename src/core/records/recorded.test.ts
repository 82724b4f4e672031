import { expect, test } from "vitest";
import type { Instant } from "#core/basics/time.ts";
import { kinds } from "./all.ts";
import { isSame, problemsOf, stepsOf, versionsOf, type RecordedRecord } from "./recorded.ts";

const at = (day: string) => `2026-01-${day}T06:00:00.000Z` as Instant;
const person: RecordedRecord = {
  kind: "person",
  ref: "P02",
  history: [
    {
      deed: "invite",
      at: at("05"),
      by: "system",
      state: "invited",
      fields: { full_name: "Bo", employment: "employee", manager: "P01", job: "Clerk" },
    },
    { deed: "activate", at: at("06"), by: "P01", state: "active", fields: { active_from: "2026-01-06" } },
    {
      deed: "amend",
      at: at("07"),
      by: "P01",
      because: "NC-01",
      state: "active",
      fields: { job: "Nurse" },
      removed: ["manager"],
    },
  ],
};

test("versions made from a history tell the same history again", () => {
  const versions = versionsOf(person, "id-1");
  const told = versions.map(({ deed, record, because }) => ({
    deed,
    at: record.recorded_at,
    record,
    ...(because === undefined ? {} : { because }),
  }));
  // What came from a database has the members of its groups in another order.
  const shuffled = told.map((one) => ({
    ...one,
    record: Object.fromEntries(Object.entries(one.record).reverse()) as typeof one.record,
  }));
  expect(stepsOf(kinds.person, shuffled)).toEqual(person.history);
});

test("each version is the record as it was: fields, author, state and since when", () => {
  const versions = versionsOf({ ...person, history: person.history.map((step) => ({ ...step, by: "P01" })) }, "id-1");
  expect(versions.map(({ record }) => [record.rev, record.state, record.state_since, record.created_by])).toEqual([
    [1, "invited", "2026-01-05", "P01"],
    [2, "active", "2026-01-06", "P01"],
    [3, "active", "2026-01-06", "P01"],
  ]);
  expect(versions[2]?.record).toMatchObject({ job: "Nurse", created_at: at("05") });
  expect(versions[2]?.record).not.toHaveProperty("manager");
  expect(versions[2]?.before).toBe(versions[1]?.record);
});

test("a history within its life cycle has no problem", () => {
  expect(problemsOf(person)).toEqual([]);
});

const broken = (step: number, change: object) =>
  problemsOf({
    ...person,
    history: person.history.map((told, index) => (index === step ? { ...told, ...change } : told)),
  }).map(({ message, step: where, path }) => [message, where, path.join(".")]);

const wrong: [what: string, step: number, change: object, message: string, path: string][] = [
  [
    "a deed that the kind does not have",
    1,
    { deed: "enliven" },
    'Cannot take over P02: a person has no deed "enliven"',
    "deed",
  ],
  [
    "a first deed that creates nothing",
    0,
    { deed: "activate" },
    'Cannot take over P02: its history begins with "activate", which creates no record',
    "deed",
  ],
  [
    "a second birth",
    1,
    { deed: "invite" },
    'Cannot take over P02: "invite" creates a record that exists already',
    "deed",
  ],
  [
    "a state to which the deed does not lead",
    1,
    { state: "left" },
    'Cannot take over P02: "activate" leads to active, not to left',
    "state",
  ],
  [
    "a state that moves by a deed that moves none",
    2,
    { state: "suspended" },
    'Cannot take over P02: "amend" leaves the state as it is, active',
    "state",
  ],
  [
    "a moment before the one before",
    2,
    { at: at("01") },
    'Cannot take over P02: "amend" is told after what was done later',
    "at",
  ],
  [
    "a field of another form",
    1,
    { fields: { active_from: "tomorrow" } },
    'Cannot take over P02: field "active_from": a day is written 2026-11-23 and exists in the calendar',
    "fields.active_from",
  ],
  ["a field that was never one", 2, { removed: ["boss"] }, 'Cannot take over P02: "boss" is no field of it', "removed"],
];
test.each(wrong)("%s is named with its place", (_, step, ...[change, message, path]) => {
  expect(broken(step, change)).toContainEqual([message, step, path]);
});

test("a move that the life cycle does not have is named", () => {
  const history = [
    ...person.history,
    { deed: "leave", at: at("08"), by: "P01", state: "left" },
    { deed: "activate", at: at("09"), by: "P01", state: "active" },
  ];
  expect(problemsOf({ ...person, history }).map(({ message }) => message)).toEqual([
    'Cannot take over P02: "activate" is not done from left',
  ]);
});

test("values are the same whatever the order of their members, and not when one has more", () => {
  expect(isSame({ a: 1, b: [1, { c: 2 }] }, { b: [1, { c: 2 }], a: 1 })).toBe(true);
  expect(isSame({ a: 1 }, { a: 1, b: undefined })).toBe(false);
  expect(isSame([1, 2], [2, 1])).toBe(false);
  expect(isSame([1], { 0: 1 })).toBe(false);
  expect(isSame(null, {})).toBe(false);
});
