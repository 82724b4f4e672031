import { expect, test } from "vitest";
import { parseDay } from "#core/basics/time.ts";
import type { Actor } from "#core/records/actor.ts";
import type { AnyRecord, RecordOf } from "#core/records/kind.ts";
import { MemoryRecords } from "#core/records/memory.ts";
import { kept } from "../ground.testing.ts";
import { homeOf } from "./home.ts";
import type { HomeGround } from "./item.ts";

const day = parseDay("2026-11-23");
const assignment = (role_key: string, more: object = {}) =>
  kept("role_assignment", `ROL-${role_key}`, {
    state: "accepted",
    role_key,
    reach: { kind: "organisation" },
    ...more,
  }) as RecordOf<"role_assignment">;
const actor = (person: string, ...assignments: RecordOf<"role_assignment">[]): Actor => ({
  kind: "person",
  person,
  id: person,
  assignments,
  administrator: false,
});

function home(who: Actor, records: readonly AnyRecord[], more: Partial<HomeGround> = {}) {
  const sections = homeOf({
    actor: who,
    day,
    records: new MemoryRecords(records),
    nodes: [],
    outcomes: [],
    overdue: [],
    ...more,
  });
  return { sections, items: (id: string) => sections.find((section) => section.id === id)?.items };
}

test("a decision waits for whoever may give it, and top management sees with whom else", () => {
  const chief = assignment("top_management", { person: "P01" });
  const money = kept("role_assignment", "ROL-3", {
    state: "accepted",
    person: "P03",
    role_key: "top_management",
    reach: { kind: "organisation" },
    authorities: ["decide resources"],
  }) as RecordOf<"role_assignment">;
  const records = [
    chief,
    money,
    kept("person", "P03", { full_name: "Marta Lindqvist" }),
    kept("resource", "RES-09", { state: "requested", title: "Tablet", requested_on: "2026-10-12", created_by: "P06" }),
  ];
  expect(home(actor("P03", money), records).items("decisions")).toMatchObject([
    { ref: "RES-09", why: "waits for you since 2026-10-12, 42 days", deed: { deed: "approve", kind: "resource" } },
  ]);
  expect(home(actor("P01", chief), records).items("decisions")).toMatchObject([
    { ref: "RES-09", why: "with M. Lindqvist, 42 days" },
  ]);
  expect(home(actor("P09"), records).items("decisions")).toBeUndefined();
});

test("what its decider asked for themself does not wait for them", () => {
  const money = assignment("top_management", { person: "P03", authorities: ["decide resources"] });
  expect(
    home(actor("P03", money), [
      money,
      kept("resource", "RES-09", { state: "requested", requested_on: "2026-10-12", created_by: "P03" }),
    ]).items("decisions"),
  ).toEqual([]);
});

test("a draft waits for nobody's decision", () => {
  const chief = assignment("top_management", { person: "P01" });
  const records = [
    chief,
    kept("policy", "POL-01", { state: "draft", title: "AI policy" }),
    kept("policy", "POL-02", { state: "in_approval", title: "AI policy 2" }),
    kept("model", "MD-01", { state: "candidate" }),
  ];
  expect(
    home(actor("P01", chief), records)
      .items("decisions")
      ?.map(({ ref }) => ref),
  ).toEqual(["POL-02"]);
});

const scan = (ref: string, taken_at: string, results: object[], more: object = {}) =>
  kept("k8s_access_scan", ref, {
    state: "taken",
    cluster: "north",
    namespaces: ["portia"],
    taken_at,
    results,
    ai_systems: ["AIS-06"],
    newest_for: [{ ai_system: "AIS-06", namespace: "portia" }],
    ...more,
  });
const finding = (rule: string, severity: string, more: object = {}) => ({
  rule,
  severity,
  subject: "portia",
  message: "Wide",
  first_seen: "2026-11-04",
  ...more,
});

test("only the newest good scan of a place counts, without what an exception in force covers", () => {
  const manager = actor("P04", assignment("aims_manager"));
  const records = [
    scan("AC-1", "2026-11-01T05:00:00.000Z", [finding("RB-01", "critical")], { newest_for: [] }),
    scan("AC-2", "2026-11-22T05:00:00.000Z", [
      finding("RB-04", "high"),
      finding("RB-18", "medium"),
      finding("RB-03", "high", { exception: "EX-01" }),
      finding("RB-05", "high", { exception: "EX-02" }),
    ]),
    scan("AC-3", "2026-11-23T05:00:00.000Z", [finding("RB-09", "high")], { state: "failed" }),
    kept("exception", "EX-01", { state: "granted", risk: "RSK-001", valid_until: "2026-11-23" }),
    kept("exception", "EX-02", { state: "granted", risk: "RSK-001", valid_until: "2026-11-22" }),
  ];
  expect(
    home(manager, records)
      .items("access")
      ?.map(({ title, why }) => [title, why]),
  ).toEqual([
    ["RB-04 portia", "high, 19 days: Wide"],
    ["RB-05 portia", "high, 19 days: Wide"],
  ]);
});

test("an engineer of one system sees that system's violations, the gravest first", () => {
  const records = [
    scan("AC-2", "2026-11-22T05:00:00.000Z", [finding("RB-18", "medium"), finding("RB-04", "high")]),
    scan("AC-4", "2026-11-22T05:00:00.000Z", [finding("RB-02", "high")], {
      namespaces: ["bedcast"],
      ai_systems: ["AIS-04"],
      newest_for: [{ ai_system: "AIS-04", namespace: "bedcast" }],
    }),
  ];
  const engineer = actor("P21", assignment("ml_engineer", { reach: { kind: "ai_system", ai_systems: ["AIS-06"] } }));
  expect(
    home(engineer, records)
      .items("violations")
      ?.map(({ title }) => title),
  ).toEqual(["RB-04 portia", "RB-18 portia"]);
  expect(home(actor("P11", assignment("platform_engineer")), records).items("violations")).toHaveLength(3);
});

test("actions of an open nonconformity are told by the days they are due in", () => {
  const manager = actor("P04", assignment("aims_manager"));
  const action = (ref: string, due: string, state = "planned") =>
    kept("corrective_action", ref, { state, nonconformity: "NC-02", due });
  const of = (...actions: AnyRecord[]) =>
    home(manager, [kept("nonconformity", "NC-02", { state: "action_planned", title: "Not seen" }), ...actions]).items(
      "corrective",
    )?.[0]?.why;
  expect(of(action("CA-03", "2026-12-11"), action("CA-05", "2026-12-15"))).toBe("2 actions due in 18 to 22 days");
  expect(of(action("CA-03", "2026-12-11"))).toBe("1 action due in 18 days");
  expect(of(action("CA-03", "2026-11-22"), action("CA-05", "2026-12-15"))).toBe("2 actions, the first 1 day late");
  expect(of(action("CA-03", "2026-11-22", "done"))).toBeUndefined();
});

test("the worst thing is the newest major nonconformity that is open", () => {
  const chief = actor("P01", assignment("top_management"));
  const nonconformity = (ref: string, detected_on: string, more: object = {}) =>
    kept("nonconformity", ref, { state: "open", grade: "major", title: ref, detected_on, ...more });
  const records = [
    nonconformity("NC-01", "2026-05-01"),
    nonconformity("NC-02", "2026-11-12"),
    nonconformity("NC-03", "2026-11-20", { grade: "minor" }),
    nonconformity("NC-04", "2026-11-21", { state: "closed" }),
  ];
  expect(
    home(chief, records)
      .items("worst")
      ?.map(({ ref }) => ref),
  ).toEqual(["NC-02"]);
  expect(home(chief, []).items("worst")).toEqual([]);
});

test("my own tasks, competence and policies to confirm are mine alone", () => {
  const records = [
    kept("person", "P05", { full_name: "Otto", in_scope: true, state: "active" }),
    kept("task", "TSK-001", { state: "open", title: "Late", assignee: "P05", due_on: "2026-11-20" }),
    kept("task", "TSK-002", { state: "done", title: "Done", assignee: "P05" }),
    kept("task", "TSK-003", { state: "open", title: "Not mine", assignee: "P06" }),
    kept("competence_record", "CR-01", { state: "valid", title: "Clusters", person: "P05", valid_until: "2026-10-31" }),
    kept("competence_record", "CR-02", { state: "valid", title: "Later", person: "P05", valid_until: "2027-10-31" }),
    kept("policy", "POL-01", { state: "published", title: "AI policy" }),
    kept("policy", "POL-02", { state: "published", title: "Known" }),
    kept("awareness_ack", "ACK-01", { person: "P05", about: ["POL-02"] }),
  ];
  const mine = home(actor("P05"), records);
  expect(mine.items("tasks")).toMatchObject([
    { ref: "TSK-001", why: "was due on 2026-11-20, 3 days ago", deed: { deed: "finish" } },
  ]);
  expect(mine.items("competence")).toMatchObject([{ ref: "CR-01", why: "expired on 2026-10-31" }]);
  expect(mine.items("acknowledge")?.map(({ ref }) => ref)).toEqual(["POL-01"]);
});

test("concerns are on the handler's screen alone", () => {
  const records = [kept("concern", "CN-01", { state: "answered", about: "Scores", reprisal_check_due: "2027-01-25" })];
  expect(home(actor("P19", assignment("concern_handler")), records).items("concerns")).toMatchObject([
    { ref: "CN-01", day: "2027-01-25", why: "look for reprisals on 2027-01-25" },
  ]);
  expect(home(actor("P04", assignment("aims_manager")), records).items("concerns")).toBeUndefined();
});
