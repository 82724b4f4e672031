import fc from "fast-check";
import { expect, test } from "vitest";
import { Refusal } from "#core/basics/refusal.ts";
import { addDays, dayOf, parseInstant, type Day, type Instant } from "#core/basics/time.ts";
import { kinds } from "#core/records/all.ts";
import { all, back, out, via, type Follow } from "#core/records/follow.ts";
import { linksOf, type AnyRecord } from "#core/records/kind.ts";
import { MemoryRecords } from "#core/records/memory.ts";
import { actorOfAllRoles, chanceFrom, randomRequest } from "#core/records/random-history.testing.ts";
import { transition, type Source, type Version } from "#core/records/transition.ts";
import { affectedBy, type LinkSource, type Touched } from "./affected.ts";
import { checks } from "./all.ts";
import { check, every, type Check } from "./check.ts";
import { outcomeOf } from "./evaluate.ts";

function linksAmong(records: MemoryRecords): LinkSource {
  return {
    answer: async (asks) =>
      asks.map(({ way, kind, field, refs }) =>
        refs.flatMap((ref) => {
          if (way === "to") return records.pointing(kind, field, ref);
          const record = records.find(ref);
          return record?.kind === kind ? records.linked(record, field) : [];
        }),
      ),
  };
}

const record = (kind: AnyRecord["kind"], ref: string, fields: object): AnyRecord =>
  ({ kind, ref, state: "open", ...fields }) as unknown as AnyRecord;
const touch = (before: AnyRecord | undefined, after: AnyRecord): Touched => {
  const links = new Map<string, string[]>();
  for (const version of [before, after])
    for (const { field, to } of version ? linksOf(kinds[version.kind], version) : [])
      links.set(field, [...(links.get(field) ?? []), to]);
  return { ref: after.ref, kind: after.kind, links };
};

/** Which records the only clause must be asked of again after `after` took the place of `before`. */
async function asked(
  one: Check,
  others: readonly AnyRecord[],
  before: AnyRecord | undefined,
  after: AnyRecord,
): Promise<string[] | "all" | undefined> {
  const records = new MemoryRecords([...others, after]);
  const [found] = await affectedBy([one], [touch(before, after)], linksAmong(records));
  return found && (found.subjects === "all" ? "all" : [...found.subjects].sort());
}

const passes = { must: () => true as const, empty: "pass", because: "" } as const;
const overRisks = (follow: Follow) => check("risk.owner", [], every("risk", { follow, ...passes }));

test("a record of the clause's own kind is asked again", async () => {
  expect(await asked(overRisks({}), [], undefined, record("risk", "RSK-001", {}))).toEqual(["RSK-001"]);
});

test("a record of a kind that the clause does not look at asks nothing", async () => {
  expect(
    await asked(overRisks({}), [record("risk", "RSK-001", { owner: "P01" })], undefined, record("person", "P01", {})),
  ).toBeUndefined();
});

test("what a record points to asks the record again", async () => {
  const risks = [record("risk", "RSK-001", { owner: "P01" }), record("risk", "RSK-002", { owner: "P02" })];
  expect(
    await asked(overRisks({ owner: out("person", "owner") }), risks, undefined, record("person", "P01", {})),
  ).toEqual(["RSK-001"]);
});

test("what points to a record asks it again, also when it no longer does", async () => {
  const one = overRisks({ plans: back("treatment_plan", "risks") });
  const risks = [record("risk", "RSK-001", {}), record("risk", "RSK-002", {})];
  const before = record("treatment_plan", "TP-01", { risks: ["RSK-001"] });
  expect(await asked(one, risks, before, record("treatment_plan", "TP-01", { risks: ["RSK-002"] }))).toEqual([
    "RSK-001",
    "RSK-002",
  ]);
});

test("a middle record that lets go of its end asks the start again", async () => {
  const one = overRisks({ owners: via(back("treatment_plan", "risks"), out("person", "owner")) });
  const others = [record("risk", "RSK-001", {}), record("person", "P01", {})];
  const before = record("treatment_plan", "TP-01", { risks: ["RSK-001"], owner: "P01" });
  const after = record("treatment_plan", "TP-01", { risks: ["RSK-001"] });
  expect(await asked(one, others, before, after)).toEqual(["RSK-001"]);
  const versions = [
    touch(before, record("treatment_plan", "TP-01", {})),
    touch(undefined, record("person", "P01", {})),
  ];
  const records = new MemoryRecords([...others, record("treatment_plan", "TP-01", {})]);
  const found = await affectedBy([one], versions, linksAmong(records));
  expect(found.map(({ subjects }) => [...subjects])).toEqual([["RSK-001"]]);
});

test("a kind of which all are followed asks everything again", async () => {
  expect(
    await asked(overRisks({ criteria: all("risk_criteria") }), [], undefined, record("risk_criteria", "RC-1", {})),
  ).toBe("all");
});

test("whatever a random deed alters in any check's outcome is among what is asked again", async () => {
  let altered = 0;
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const chance = chanceFrom(seed);
      const records = new MemoryRecords();
      let at = parseInstant("2026-01-01T06:00:00.000Z");
      let number = 0;
      const mint = {
        id: () => `id-${++number}`,
        ref: async (kind: { prefix: string }) => `${kind.prefix}-${++number}`,
      };
      const source: Source = {
        find: async (ref) => records.find(ref),
        around: async () => records,
        put: (made) => records.put(made),
      };
      for (let step = 0; step < 150; step++) {
        at = `${addDays(dayOf(at), chance.below(4))}T06:00:00.000Z` as Instant;
        const before = new Map(outcomesOf(records, dayOf(at)));
        const versions = await tried(() =>
          transition(source, mint, randomRequest(chance, records, at), { actor: actorOfAllRoles, at }),
        );
        if (!versions) continue;
        const touched = [...new Map(versions.map(({ record: { ref } }) => [ref, touchOf(versions, ref)])).values()];
        const found = await affectedBy(checks, touched, linksAmong(records));
        const isAsked = (key: string) => {
          const [id, position, ref] = key.split(" ");
          const entry = found.find((item) => item.check.id === id && String(item.position) === position);
          return entry !== undefined && (entry.subjects === "all" || entry.subjects.has(ref ?? ""));
        };
        const after = new Map(outcomesOf(records, dayOf(at)));
        const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
          (key) => before.get(key) !== after.get(key),
        );
        altered += changed.length;
        expect(
          changed.filter((key) => !isAsked(key)),
          `seed ${seed}, step ${step}`,
        ).toEqual([]);
      }
    }),
    { numRuns: 24 },
  );
  expect(altered).toBeGreaterThan(500);
}, 120_000);

function outcomesOf(records: MemoryRecords, day: Day): [string, string][] {
  const ground = { records, day, shared: new Map() };
  return checks.flatMap((one) =>
    one.clauses.flatMap((clause, position) =>
      records.all(clause.over).flatMap((subject): [string, string][] => {
        const outcome = outcomeOf(one, position, subject, ground);
        return outcome ? [[`${one.id} ${position} ${subject.ref}`, JSON.stringify(outcome)]] : [];
      }),
    ),
  );
}

function touchOf(versions: readonly Version[], ref: string): Touched {
  const own = versions.filter(({ record: made }) => made.ref === ref);
  const links = new Map<string, string[]>();
  const seen = own.flatMap(({ before, record: made }) => (before ? [before, made] : [made]));
  for (const version of seen)
    for (const { field, to } of linksOf(kinds[version.kind], version))
      links.set(field, [...(links.get(field) ?? []), to]);
  return { ref, kind: seen[0]?.kind ?? "person", links };
}

async function tried<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (refusal) {
    // A random deed is often declined; a fault is not what may happen.
    if (!(refusal instanceof Refusal)) throw refusal;
    return undefined;
  }
}
