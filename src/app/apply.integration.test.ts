import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Refusal } from "#core/basics/refusal.ts";
import { parseInstant } from "#core/basics/time.ts";
import { manifestFile } from "#core/interchange/record-yaml.ts";
import { MemoryRecords } from "#core/records/memory.ts";
import { actorOfAllRoles, chanceFrom, randomRequest } from "#core/records/random-history.testing.ts";
import { findRecord, historyOf, versionsOf } from "#storage/record-store.ts";
import { applyFiles, type TextFile } from "./apply.ts";
import { advanceClock, clockOf, foundOrganization, read } from "./change.ts";
import { checkFromScratch, readChecks } from "./conformity.ts";
import { doDeed } from "./deed.ts";
import { exportRecords } from "./export.ts";
import { initEmpty, systemSeat } from "./found.ts";
import { openTestWorld } from "./world.testing.ts";
import type { Seat, World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

const story: TextFile[] = [
  { path: manifestFile, text: "format: aims-story@1\norganization:\n  name: Small\nclock: 2026-06-30\n" },
  {
    path: "01-person.yaml",
    text: `kind: person
records:
  - ref: P01
    history:
      - { deed: invite, on: 2026-01-05, by: system, fields: { full_name: Ada, employment: employee } }
      - { deed: activate, on: 2026-01-06, by: system }
  - ref: P02
    history:
      - { deed: invite, on: 2026-01-05, by: system, fields: { full_name: Bo, employment: employee, manager: P01 } }
      - { deed: activate, on: 2026-01-06, by: system }
`,
  },
  {
    path: "04-role-assignment.yaml",
    text: `kind: role_assignment
records:
  - ref: ROL-001
    history:
      - { deed: propose, on: 2026-01-05 09:00, by: system, fields: { role_key: aims_manager, person: P01 } }
      - { deed: accept, on: 2026-01-07, by: P01 }
  - ref: ROL-002
    history:
      - { deed: propose, on: 2026-01-08, by: P01, fields: { role_key: top_management, person: P02 } }
      - { deed: accept, on: 2026-01-09 14:30, by: P02 }
`,
  },
];

const sample = async (at = "2025-12-01T06:00:00.000Z"): Promise<Seat> =>
  systemSeat(await foundOrganization(world, { name: "Sample", sample: true, clockAt: parseInstant(at) }));
const real = async (): Promise<Seat> => systemSeat((await initEmpty(world, { name: "Real" })).id);

async function exported(seat: Seat): Promise<TextFile[]> {
  const files: TextFile[] = [];
  for await (const file of exportRecords(world, seat)) files.push(file);
  return files;
}
const recordsOnly = (files: readonly TextFile[]) => files.filter(({ path }) => path !== manifestFile);
const with_ = (path: string, from: string, to: string) =>
  story.map((file) => (file.path === path ? { path, text: file.text.replace(from, to) } : file));

async function refusalOf(work: Promise<unknown>): Promise<Refusal> {
  const answer = await work.then(
    () => undefined,
    (refusal: unknown) => refusal,
  );
  if (answer instanceof Refusal) return answer;
  throw new Error("It was not refused", { cause: answer });
}

async function size(seat: Seat): Promise<number> {
  return read(
    world,
    seat,
    async ({ db, organization }) =>
      (
        await db
          .selectFrom("ledger_head")
          .select("size")
          .where("organization_id", "=", organization)
          .executeTakeFirstOrThrow()
      ).size,
  );
}

describe("a story", () => {
  test("is told on its own days, with its checks, and leaves the clock where it says", async () => {
    const seat = await sample();
    expect(await applyFiles(world, seat, story)).toMatchObject({ format: "aims-story@1", created: 4, versions: 8 });
    const history = await read(world, seat, (reader) => historyOf(reader, "ROL-002"));
    expect(history.map(({ deed, recordedAt, recordedBy }) => [deed, recordedAt, recordedBy])).toEqual([
      ["propose", "2026-01-08T06:00:00.000Z", "P01"],
      ["accept", "2026-01-09T14:30:00.000Z", "P02"],
    ]);
    expect(await read(world, seat, (reader) => clockOf(world, reader))).toMatch(/^2026-06-30T/);
    expect((await readChecks(world, seat)).find(({ id }) => id === "leadership.assigned")?.result).toBe("pass");
    expect((await checkFromScratch(world, seat)).differences).toEqual([]);
  });

  test("told twice changes nothing and says so", async () => {
    const seat = await sample();
    await applyFiles(world, seat, story);
    const before = await size(seat);
    expect(await applyFiles(world, seat, story)).toMatchObject({
      created: 0,
      unchanged: 4,
      versions: 0,
      says: "Nothing to change: all 4 records stand as told",
    });
    expect(await size(seat)).toBe(before);
  });

  test("with one deed that is declined leaves nothing behind, and says where", async () => {
    const seat = await sample();
    const before = await size(seat);
    const refusal = await refusalOf(
      applyFiles(world, seat, with_("04-role-assignment.yaml", "on: 2026-01-08, by: P01", "on: 2026-01-08, by: P02")),
    );
    expect(refusal.problems[0]).toMatchObject({
      place: { file: "04-role-assignment.yaml", line: 7, record: "ROL-002" },
    });
    expect(await size(seat)).toBe(before);
  });

  test("is not told in a real organisation, whose clock cannot be set back", async () => {
    expect((await refusalOf(applyFiles(world, await real(), story))).code).toBe("not-permitted");
  });

  test("is not told by somebody who does not run the software", async () => {
    const seat = await sample();
    const member: Seat = {
      ...seat,
      actor: { kind: "person", person: "P01", id: "x", assignments: [], administrator: false },
    };
    expect((await refusalOf(applyFiles(world, member, story))).code).toBe("not-permitted");
  });

  test("is not told over other records", async () => {
    const seat = await sample();
    await doDeed(world, seat, {
      kind: "person",
      deed: "invite",
      fields: { full_name: "Somebody else", employment: "employee" },
    });
    expect((await refusalOf(applyFiles(world, seat, story))).code).toBe("conflict");
  });
});

describe("bad input", () => {
  const bad: [string, TextFile[], object][] = [
    ["an unknown kind", with_("01-person.yaml", "kind: person", "kind: parson"), { file: "01-person.yaml", line: 1 }],
    [
      "an unknown field",
      with_("01-person.yaml", "employment: employee, manager: P01", "employment: employee, boss: P01"),
      { file: "01-person.yaml", line: 9, record: "P02", field: "boss" },
    ],
    [
      "a value of another form",
      with_("01-person.yaml", "employment: employee, manager", "employment: lord, manager"),
      { file: "01-person.yaml", line: 9, field: "employment" },
    ],
    [
      "a link to nothing",
      with_("01-person.yaml", "manager: P01", "manager: P77"),
      { file: "01-person.yaml", record: "P02" },
    ],
    [
      "a day that is none",
      with_("01-person.yaml", "on: 2026-01-06", "on: 2026-02-30"),
      { file: "01-person.yaml", line: 6 },
    ],
    [
      "an unknown deed",
      with_("01-person.yaml", "deed: activate", "deed: enliven"),
      { file: "01-person.yaml", line: 6 },
    ],
    [
      "a key told twice",
      with_("01-person.yaml", "  - ref: P01", "  - ref: P01\n    ref: P02"),
      { file: "01-person.yaml", line: 4 },
    ],
    ["a record told twice", with_("01-person.yaml", "ref: P02", "ref: P01"), { file: "01-person.yaml", line: 7 }],
    ["text that is no YAML", with_("01-person.yaml", "kind: person", "kind: [person"), { file: "01-person.yaml" }],
    [
      "a file nested beyond reason",
      with_("01-person.yaml", "Ada", `${"[".repeat(10_000)}`),
      { file: "01-person.yaml" },
    ],
    [
      "a format of another version",
      with_(manifestFile, "aims-story@1", "aims-story@9"),
      { file: manifestFile, line: 1 },
    ],
  ];
  test.each(bad)("%s is refused with its place, and nothing is written", async (_, files, place) => {
    const seat = await sample();
    const before = await size(seat);
    const refusal = await refusalOf(applyFiles(world, seat, files));
    expect({ ...refusal.place, ...refusal.problems[0]?.place }).toMatchObject(place);
    expect(await size(seat)).toBe(before);
  });

  test("all problems are told at once", async () => {
    const files = with_("01-person.yaml", "employment: employee, manager: P01", "employment: lord, boss: P01").map(
      (file) => ({ ...file, text: file.text.replace("role_key: aims_manager", "role_key: king") }),
    );
    expect((await refusalOf(applyFiles(world, await sample(), files))).problems).toHaveLength(3);
  });

  test("a file beyond 10 MB and aliases that grow without end are too large", async () => {
    const seat = await sample();
    expect(
      (await refusalOf(applyFiles(world, seat, [...story, { path: "big.yaml", text: "x".repeat(11_000_000) }]))).code,
    ).toBe("too-large");
    const bomb = `a: &a [1,1,1,1,1,1,1,1,1,1]\n${Array.from({ length: 9 }, (_, at) => `${"bcdefghij"[at]}: &${"bcdefghij"[at]} [${Array(10).fill(`*${"abcdefghi"[at]}`).join(",")}]`).join("\n")}\n`;
    expect((await refusalOf(applyFiles(world, seat, [...story, { path: "bomb.yaml", text: bomb }]))).code).toBe(
      "too-large",
    );
  });
});

describe("an export", () => {
  test("brought into an empty organisation and exported again is the same to the byte", async () => {
    const from = await sample();
    await applyFiles(world, from, story);
    const files = await exported(from);
    expect(files.map(({ path }) => path)).toEqual([manifestFile, "person.yaml", "role-assignment.yaml"]);
    const to = await real();
    expect(await applyFiles(world, to, files)).toMatchObject({ format: "aims-export@1", created: 4, versions: 8 });
    expect(recordsOnly(await exported(to))).toEqual(recordsOnly(files));
    const before = await size(to);
    expect(await applyFiles(world, to, files)).toMatchObject({ versions: 0, unchanged: 4 });
    expect(await size(to)).toBe(before);
    expect((await checkFromScratch(world, to)).differences).toEqual([]);
  });

  test("is marked as imported, with the moments it claims and the one at which it came", async () => {
    const from = await sample();
    await applyFiles(world, from, story);
    const to = await real();
    await applyFiles(world, to, await exported(from));
    const [first] = await read(world, to, (reader) => historyOf(reader, "ROL-002"));
    expect(first).toMatchObject({
      imported: true,
      doneAt: "2026-01-08T06:00:00.000Z",
      recordedBy: "P01",
      op: "import",
    });
    expect(first?.recordedAt.slice(0, 4)).not.toBe("2026-01");
    const record = await read(world, to, (reader) => findRecord(reader, "ROL-002"));
    expect(record).toMatchObject({
      state: "accepted",
      state_since: "2026-01-09",
      created_at: "2026-01-08T06:00:00.000Z",
    });
  });

  test("of a life cycle that the kind does not have is refused", async () => {
    const from = await sample();
    await applyFiles(world, from, story);
    const files = (await exported(from)).map((file) =>
      file.path === "role-assignment.yaml"
        ? { ...file, text: file.text.replace("state: accepted", "state: ended") }
        : file,
    );
    const refusal = await refusalOf(applyFiles(world, await real(), files));
    expect(refusal.message).toContain('"accept" leads to accepted, not to ended');
    expect(refusal.problems[0]?.place?.record).toBe("ROL-001");
  });

  test("goes only into an empty organisation", async () => {
    const from = await sample();
    await applyFiles(world, from, story);
    const { id } = await initEmpty(world, { name: "Taken", administrator: { name: "Cy" } });
    expect((await refusalOf(applyFiles(world, systemSeat(id), await exported(from)))).code).toBe("conflict");
  });

  test("of any history comes back the same to the byte", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const chance = chanceFrom(seed);
        const from: Seat = { ...(await sample()), actor: actorOfAllRoles };
        const records = new MemoryRecords();
        for (let step = 0; step < 150; step++) {
          const at = await read(world, from, (reader) => clockOf(world, reader));
          try {
            for (const { record } of await doDeed(world, from, randomRequest(chance, records, at))) records.put(record);
          } catch (refusal) {
            // A random deed is often declined; a fault is not what may happen.
            if (!(refusal instanceof Refusal)) throw refusal;
          }
        }
        const files = await exported(from);
        const to = await real();
        await applyFiles(world, to, files);
        expect(recordsOnly(await exported(to)), `seed ${seed}`).toEqual(recordsOnly(files));
        expect((await checkFromScratch(world, to)).differences).toEqual([]);
      }),
      { numRuns: 5 },
    );
  }, 120_000);

  test("broken off half-way goes on where it stopped", async () => {
    const from = await sample();
    await applyFiles(world, from, story);
    const files = await exported(from);
    const to = await real();
    // What a run that was killed after its first transaction leaves behind.
    const part = files.map((file) =>
      file.path === "role-assignment.yaml"
        ? { ...file, text: file.text.slice(0, file.text.indexOf("  - ref: ROL-002")) }
        : file,
    );
    const early = part.map((file) => ({
      ...file,
      text: file.text.replace(/ {6}- deed: accept[\s\S]*?(?= {2}- ref|$)/, ""),
    }));
    await applyFiles(
      world,
      to,
      early.map((file) => ({ ...file, text: file.text.replace(/ {6}- deed: activate[\s\S]*?(?= {2}- ref|$)/g, "") })),
    );
    expect(await applyFiles(world, to, files)).toMatchObject({ versions: 5 });
    expect(recordsOnly(await exported(to))).toEqual(recordsOnly(files));
  });
});

describe("plain records", () => {
  const people: TextFile = {
    path: "people.yaml",
    text: "kind: person\nrecords:\n  - ref: P02\n    fields: { full_name: Bo, employment: employee, manager: P01 }\n  - ref: P01\n    state: invited\n    fields: { full_name: Ada, employment: employee }\n",
  };

  test("are created after what they point to, amended where they differ, and left alone where not", async () => {
    const seat = await real();
    expect(await applyFiles(world, seat, [people])).toMatchObject({
      format: "aims-records@1",
      created: 2,
      amended: 0,
      versions: 2,
    });
    expect(await applyFiles(world, seat, [people])).toMatchObject({
      created: 0,
      amended: 0,
      unchanged: 2,
      versions: 0,
    });
    const changed = {
      ...people,
      text: people.text
        .replace("full_name: Bo,", "full_name: Bo, job: Clerk,")
        .replace(", manager: P01", ", manager: null"),
    };
    expect(await applyFiles(world, seat, [changed])).toMatchObject({
      created: 0,
      amended: 1,
      unchanged: 1,
      versions: 1,
    });
    const record = await read(world, seat, (reader) => findRecord(reader, "P02"));
    expect(record).toMatchObject({ job: "Clerk", rev: 2 });
    expect(record).not.toHaveProperty("manager");
  });

  test("need the asker's own authority, and are all or none", async () => {
    const { id, administrator } = await initEmpty(world, { name: "Founded", administrator: { name: "Ada" } });
    const seat: Seat = {
      organization: id,
      actor: {
        kind: "person",
        person: administrator ?? "",
        id: "11111111-1111-4111-8111-111111111111",
        assignments: [],
        administrator: false,
      },
      auth: "password",
    };
    const files: TextFile[] = [
      {
        path: "task.yaml",
        text: "kind: task\nrecords:\n  - ref: TSK-900\n    fields: { title: Look, assignee: P01 }\n",
      },
      {
        path: "approval.yaml",
        text: `kind: approval\nrecords:\n  - ref: APR-9000\n    fields: { about: TSK-900, bound_to: "0", decision: approve, person: P01 }\n`,
      },
    ];
    const before = await size(seat);
    const refusal = await refusalOf(applyFiles(world, seat, files));
    expect(refusal.problems).toHaveLength(1);
    expect(refusal.problems[0]).toMatchObject({ place: { file: "approval.yaml", line: 3, record: "APR-9000" } });
    expect(await size(seat)).toBe(before);
    expect(await applyFiles(world, seat, files.slice(0, 1))).toMatchObject({ created: 1 });
  });

  test("of another state than the record's are refused: only a deed moves it", async () => {
    const seat = await real();
    await applyFiles(world, seat, [people]);
    const refusal = await refusalOf(
      applyFiles(world, seat, [{ ...people, text: people.text.replace("state: invited", "state: active") }]),
    );
    expect(refusal.message).toBe("Cannot amend P01: it is invited, and only a deed makes it active");
  });
});

test("what the ledger says of the organisation itself is not exported as a record", async () => {
  const seat = await sample();
  const kept = await read(world, seat, async (reader) => {
    for await (const batch of versionsOf(reader)) return batch.length;
    return 0;
  });
  expect(kept).toBe(0);
  await advanceClock(world, seat, parseInstant("2026-02-01T00:00:00.000Z"));
  expect((await exported(seat)).map(({ path }) => path)).toEqual([manifestFile]);
});
