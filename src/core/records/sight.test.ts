import { expect, test } from "vitest";
import type { Actor } from "./actor.ts";
import type { AnyRecord, RecordOf } from "./kind.ts";
import { asSeenBy, isSealed, maySee } from "./sight.ts";

const assignment = (role_key: string, reach?: object) =>
  ({ role_key, ...(reach ? { reach } : {}) }) as unknown as RecordOf<"role_assignment">;
const person = (ref: string, ...assignments: RecordOf<"role_assignment">[]): Actor => ({
  kind: "person",
  person: ref,
  id: ref,
  assignments,
  administrator: false,
});
const handler = person("P19", assignment("concern_handler"));
const concern = (fields: object = {}): AnyRecord =>
  ({
    kind: "concern",
    ref: "CN-01",
    state: "received",
    title: "A concern",
    reporter: "P07",
    text: "Words",
    created_by: "P07",
    owner: "P19",
    handler: "P19",
    ai_systems: ["AIS-01"],
    ...fields,
  }) as unknown as AnyRecord;

test("a concern is sealed unless a handler graded it otherwise, and any record may be sealed", () => {
  expect(isSealed(concern())).toBe(true);
  expect(isSealed(concern({ confidentiality: "internal" }))).toBe(false);
  expect(isSealed({ kind: "risk", ref: "RSK-001", confidentiality: "sealed" } as unknown as AnyRecord)).toBe(true);
  expect(isSealed({ kind: "risk", ref: "RSK-001" } as unknown as AnyRecord)).toBe(false);
});

test("a handler sees a sealed concern whole", () => {
  expect(asSeenBy(handler, concern())).toEqual(concern());
});

test.each([
  ["top management", person("P01", assignment("top_management"))],
  ["the AIMS manager", person("P04", assignment("aims_manager"))],
  ["an external auditor", person("P30", assignment("external_auditor"))],
  ["who administers the software", { ...person("P11"), administrator: true }],
  ["a scanner", { kind: "service", id: "scanner", assignments: [], administrator: false } as Actor],
  ["the reporter, who hears by the answer", person("P07")],
])("a sealed concern is not there for %s (INV-22)", (_, actor) => {
  expect(maySee(actor, concern())).toBe(false);
});

test("a handler who is named in it, or reported it, does not see it", () => {
  expect(maySee(handler, concern({ named_people: ["P19"] }))).toBe(false);
  expect(maySee(handler, concern({ reporter: "P19" }))).toBe(false);
  expect(maySee(handler, concern({ named_people: ["P20"] }))).toBe(true);
});

test("a handler who owns the system concerned does not see it; another system's owner does", () => {
  const owning = (system: string) =>
    person(
      "P19",
      assignment("concern_handler"),
      assignment("ai_system_owner", { kind: "ai_system", ai_systems: [system] }),
    );
  expect(maySee(owning("AIS-01"), concern())).toBe(false);
  expect(maySee(owning("AIS-02"), concern())).toBe(true);
});

test("a handler of one unit does not see another's concerns", () => {
  const scoped = person("P19", assignment("concern_handler", { kind: "ai_system", ai_systems: ["AIS-02"] }));
  expect(maySee(scoped, concern())).toBe(false);
});

test("who reported is for the handler alone, also when the concern is no longer sealed (INV-23)", () => {
  const open = concern({ confidentiality: "internal", owner: "P07" });
  const seen = asSeenBy(person("P01"), open);
  expect(seen).toMatchObject({ ref: "CN-01", title: "A concern" });
  expect(JSON.stringify(seen)).not.toContain("P07");
  expect(seen).not.toHaveProperty("text");
  expect(asSeenBy(handler, open)).toEqual(open);
});

const record = (kind: string, ref: string, fields: object = {}) =>
  ({ kind, ref, state: "assessed", title: ref, ...fields }) as unknown as AnyRecord;
const outsider = (reach?: object): Actor => person("P40", assignment("external_auditor", reach));

test("an external auditor sees records of their systems and of the management system, not of other systems (INV-34)", () => {
  const actor = outsider({ kind: "ai_system", ai_systems: ["AIS-01"] });
  expect(maySee(actor, record("ai_system", "AIS-01"))).toBe(true);
  expect(maySee(actor, record("ai_system", "AIS-02"))).toBe(false);
  expect(maySee(actor, record("risk", "RSK-001", { ai_systems: ["AIS-01", "AIS-02"] }))).toBe(true);
  expect(maySee(actor, record("risk", "RSK-002", { ai_systems: ["AIS-02"] }))).toBe(false);
  expect(maySee(actor, record("release", "REL-01", { ai_system: "AIS-02" }))).toBe(false);
  expect(maySee(actor, record("policy", "POL-01"))).toBe(true);
  expect(maySee(outsider(), record("risk", "RSK-002", { ai_systems: ["AIS-02"] }))).toBe(true);
});

test("an external auditor sees of people the name and the job, and no other personal data (INV-34)", () => {
  const someone = record("person", "P07", { full_name: "Ada", email: "ada@example.org", job: "Nurse" });
  const seen = asSeenBy(outsider(), someone);
  expect(seen).toMatchObject({ full_name: "Ada", job: "Nurse" });
  expect(seen).not.toHaveProperty("email");
  expect(asSeenBy(person("P01"), someone)).toHaveProperty("email");
  const open = concern({ confidentiality: "internal", owner: "P07" });
  expect(JSON.stringify(asSeenBy(outsider(), open))).not.toMatch(/P07|Words/);
});

test("no role opens a sealed concern to an external auditor (INV-34)", () => {
  const both = person("P40", assignment("external_auditor"), assignment("concern_handler"));
  expect(maySee(both, concern())).toBe(false);
});

test("an external auditor whose assignment has ended sees no more than themselves (INV-34)", () => {
  const ended: Actor = { ...person("P40"), externalAuditor: true };
  expect(maySee(ended, record("policy", "POL-01"))).toBe(false);
  expect(maySee(ended, record("person", "P40"))).toBe(true);
  expect(maySee(ended, record("role_assignment", "ROL-040", { person: "P40" }))).toBe(true);
});

test("the software itself sees all: its checks count concerns too", () => {
  expect(maySee({ kind: "system", id: "system", assignments: [], administrator: true }, concern())).toBe(true);
});
