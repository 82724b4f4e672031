import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Refusal } from "#core/basics/refusal.ts";
import { addDays, dayOf, parseDay, parseInstant, type Instant } from "#core/basics/time.ts";
import type { Request } from "#core/records/transition.ts";
import { readBoard, readNode } from "./board.ts";
import { advanceClock, clockOf, foundOrganization, read } from "./change.ts";
import { readChecks } from "./conformity.ts";
import { doDeed, doDeeds } from "./deed.ts";
import { exportRecords } from "./export.ts";
import { systemSeat } from "./found.ts";
import { readHome } from "./home.ts";
import { readOpenings } from "./opening.ts";
import { listRecords, readHistory, readNewDeeds, readRecord, searchAll } from "./records.ts";
import { openTestWorld } from "./world.testing.ts";
import type { OrganizationId, Seat, World } from "./world.ts";

let world: World;
let organization: OrganizationId;
let machine: Seat;
const as = (person: string, proof?: "password"): Seat => ({
  organization,
  actor: {
    kind: "person",
    person,
    id: `11111111-1111-4111-8111-0000000000${person.slice(1)}`,
    assignments: [],
    administrator: false,
    ...(proof ? { proof } : {}),
  },
  auth: "password",
});

const people = ["Ingrid Top", "Leila Manager", "Sofia Handler", "Carl Clerk", "Otto Owner"];
const roles = ["top_management", "aims_manager", "concern_handler", "employee", "risk_owner"];

beforeAll(async () => {
  world = await openTestWorld();
  organization = await foundOrganization(world, {
    name: "Example",
    sample: true,
    clockAt: parseInstant("2026-03-02T08:00:00.000Z"),
  });
  machine = systemSeat(organization);
  const set: Request[] = people.flatMap((full_name, index): Request[] => {
    const ref = `P0${index + 1}`;
    return [
      { kind: "person", ref, deed: "invite", fields: { full_name, employment: "employee", in_scope: true } },
      { kind: "person", ref, deed: "activate" },
      {
        kind: "role_assignment",
        ref: `ROL-00${index + 1}`,
        deed: "propose",
        fields: { role_key: roles[index], person: ref, reach: { kind: "organisation" } },
      },
      { kind: "role_assignment", ref: `ROL-00${index + 1}`, deed: "accept" },
    ];
  });
  await doDeeds(world, machine, set);
});
afterAll(() => world.close());

async function refusalOf(work: Promise<unknown>): Promise<Refusal> {
  const answer = await work.then(
    () => undefined,
    (refusal: unknown) => refusal,
  );
  if (answer instanceof Refusal) return answer;
  throw new Error("It was not refused", { cause: answer });
}
const ledgerSize = () =>
  read(
    world,
    machine,
    async ({ db }) =>
      (
        await db
          .selectFrom("ledger_head")
          .select("size")
          .where("organization_id", "=", organization)
          .executeTakeFirstOrThrow()
      ).size,
  );

const risk = { title: "Wrong words", risk_kind: "threat", cause: "a", event: "b", consequence: "c" };

describe("a deed", () => {
  test("makes one version, its ledger entry, and moves the checks that it touches", async () => {
    const before = await ledgerSize();
    const [version] = await doDeed(world, as("P05"), { kind: "risk", ref: "RSK-001", deed: "identify", fields: risk });
    expect(version?.record).toMatchObject({
      ref: "RSK-001",
      owner: "P05",
      created_by: "P05",
      rev: 1,
      state: "identified",
    });
    expect(await ledgerSize()).toBe(before + 1);
    expect((await readChecks(world, machine)).find(({ id }) => id === "risk.owner")).toMatchObject({ asked: 1 });
  });

  test("that is declined leaves no trace", async () => {
    const before = await ledgerSize();
    const request: Request = {
      kind: "policy",
      deed: "draft",
      fields: { title: "AI policy", policy_kind: "ai_policy", edition: "1.0" },
    };
    expect((await refusalOf(doDeed(world, as("P04"), request))).code).toBe("not-permitted");
    expect(
      (await refusalOf(doDeeds(world, as("P02"), [request, { kind: "policy", ref: "POL-99", deed: "approve" }]))).code,
    ).toBe("not-found");
    expect(await ledgerSize()).toBe(before);
    expect((await listRecords(world, as("P02"), { kind: "policy" })).records).toEqual([]);
  });

  test("that approves asks for the credential, and names role and content in an approval of its own", async () => {
    await doDeeds(world, as("P02"), [
      {
        kind: "policy",
        ref: "POL-01",
        deed: "draft",
        fields: { title: "AI policy", policy_kind: "ai_policy", edition: "1.0", body: "We build with care." },
      },
      { kind: "policy", ref: "POL-01", deed: "submit" },
    ]);
    const approve: Request = { kind: "policy", ref: "POL-01", deed: "approve", comment: "Read in full" };
    expect((await refusalOf(doDeed(world, as("P01"), approve))).code).toBe("credential-needed");
    const [policy, approval] = await doDeed(world, as("P01", "password"), approve);
    expect(approval).toMatchObject({
      because: "POL-01",
      record: {
        about: "POL-01",
        as_role: "top_management",
        person: "P01",
        proof: "password",
        bound_to: policy?.record.content_hash,
        comment: "Read in full",
      },
    });
  });

  test("by somebody whose role has ended is not permitted", async () => {
    await doDeed(world, machine, {
      kind: "role_assignment",
      ref: "ROL-006",
      deed: "propose",
      fields: { role_key: "aims_manager", person: "P04" },
    });
    await doDeed(world, as("P04"), { kind: "role_assignment", ref: "ROL-006", deed: "accept" });
    const request: Request = {
      kind: "policy",
      ref: "POL-02",
      deed: "draft",
      fields: { title: "Topic", policy_kind: "topic_policy", edition: "1" },
    };
    await doDeed(world, as("P04"), request);
    await doDeed(world, as("P04"), { kind: "role_assignment", ref: "ROL-006", deed: "end" });
    const at = await read(world, machine, (reader) => clockOf(world, reader));
    await advanceClock(world, machine, `${addDays(dayOf(at), 1)}T08:00:00.000Z` as Instant);
    expect((await refusalOf(doDeed(world, as("P04"), { ...request, ref: "POL-03" }))).code).toBe("not-permitted");
  });

  test("on a version that somebody else has changed meanwhile is stale", async () => {
    await doDeed(world, as("P05"), {
      kind: "risk",
      ref: "RSK-001",
      deed: "amend",
      rev: 1,
      fields: { event: "b, more precisely" },
    });
    expect(
      (
        await refusalOf(
          doDeed(world, as("P05"), { kind: "risk", ref: "RSK-001", deed: "amend", rev: 1, fields: { event: "x" } }),
        )
      ).code,
    ).toBe("stale");
  });
});

describe("a record", () => {
  test("shows its links both ways, and its deeds with who may and why not", async () => {
    const mine = await readRecord(world, as("P05"), "RSK-001");
    expect(mine.links.out).toContainEqual({
      field: "owner",
      ref: "P05",
      kind: "person",
      title: "Otto Owner",
      state: "active",
    });
    expect(mine.deeds.find(({ deed }) => deed === "amend")).toMatchObject({ may: "yes", why: null });
    const clerks = await readRecord(world, as("P04"), "RSK-001");
    expect(clerks.deeds.find(({ deed }) => deed === "amend")).toMatchObject({ may: "no", code: "not-permitted" });
    expect(clerks.deeds.find(({ deed }) => deed === "amend")?.why).toMatch(/^It takes /);
    const person = await readRecord(world, as("P05"), "P05");
    expect(person.links.back.map(({ ref }) => ref)).toEqual(expect.arrayContaining(["RSK-001", "ROL-005"]));
  });

  test("offers its author no approval, and the approver one that asks for the credential", async () => {
    await doDeed(world, as("P02"), { kind: "policy", ref: "POL-02", deed: "amend", fields: { body: "Words" } });
    await doDeed(world, as("P02"), { kind: "policy", ref: "POL-02", deed: "submit" });
    const offer = async (person: string) =>
      (await readRecord(world, as(person), "POL-02")).deeds.find(({ deed }) => deed === "approve");
    expect(await offer("P01")).toMatchObject({ may: "yes", asksCredential: true });
    expect(await offer("P02")).toMatchObject({ may: "no" });
  });

  test("tells each version with what it changed, newest first", async () => {
    const { versions, names } = await readHistory(world, as("P04"), "RSK-001");
    expect(versions.map(({ rev, deed, by }) => [rev, deed, by?.name])).toEqual([
      [2, "amend", "Otto Owner"],
      [1, "identify", "Otto Owner"],
    ]);
    expect(versions[0]?.changes).toEqual([
      { field: "event", title: expect.any(String), before: "b", after: "b, more precisely" },
    ]);
    expect(names["P05"]).toBe("Otto Owner");
  });

  test("is as it was on an earlier day, and is not there before it was recorded", async () => {
    const at = dayOf(await read(world, machine, (reader) => clockOf(world, reader)));
    await advanceClock(world, machine, `${addDays(at, 10)}T08:00:00.000Z` as Instant);
    await doDeed(world, as("P05"), { kind: "risk", ref: "RSK-001", deed: "amend", fields: { event: "later" } });
    expect((await readRecord(world, as("P04"), "RSK-001", { asAt: at })).record["event"]).toBe("b, more precisely");
    expect((await refusalOf(readRecord(world, as("P04"), "RSK-001", { asAt: parseDay("2026-03-01") }))).code).toBe(
      "not-found",
    );
    expect((await listRecords(world, as("P04"), { kind: "risk", asAt: parseDay("2026-03-01") })).records).toEqual([]);
    expect(
      (await listRecords(world, as("P04"), { kind: "risk", asAt: at, text: "precisely" })).records.map(
        ({ ref }) => ref,
      ),
    ).toEqual(["RSK-001"]);
  });

  test("is overdue when its review day has passed, and orphaned when its owner has left", async () => {
    await doDeeds(world, machine, [
      { kind: "person", ref: "P06", deed: "invite", fields: { full_name: "Gone Soon", employment: "employee" } },
      { kind: "person", ref: "P06", deed: "activate" },
    ]);
    await doDeed(world, as("P06"), {
      kind: "task",
      ref: "TSK-001",
      deed: "open",
      fields: { title: "Look", assignee: "P06", next_review_on: "2026-03-20" },
    });
    await doDeed(world, machine, { kind: "person", ref: "P06", deed: "leave" });
    const at = dayOf(await read(world, machine, (reader) => clockOf(world, reader)));
    await advanceClock(world, machine, `${addDays(at, 20)}T08:00:00.000Z` as Instant);
    expect(await readRecord(world, as("P02"), "TSK-001")).toMatchObject({ overdue: true, orphaned: true });
    expect((await listRecords(world, as("P02"), { kind: "task", overdue: true })).records).toMatchObject([
      { ref: "TSK-001", orphaned: true },
    ]);
  });
});

test("a list comes in pages that miss nothing and repeat nothing", async () => {
  const seen: string[] = [];
  for (let after: string | undefined; ;) {
    const page = await listRecords(world, as("P04"), {
      kind: "person",
      limit: 2,
      sort: "title",
      ...(after === undefined ? {} : { after }),
    });
    seen.push(...page.records.map(({ title }) => title));
    if (page.next === null) break;
    after = page.next;
  }
  expect(seen).toEqual([...seen].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)));
  expect(new Set(seen).size).toBe(6);
});

test("the palette finds records, people, nodes and what can be made", async () => {
  const hits = await searchAll(world, as("P04"), "risk");
  expect(hits.nodes.map(({ id }) => id)).toContain("6.1.2");
  expect(hits.deeds).toContainEqual({ kind: "risk", deed: "identify", title: "Identify risk" });
  expect((await searchAll(world, as("P04"), "otto")).people).toEqual([{ ref: "P05", name: "Otto Owner", job: null }]);
  expect((await searchAll(world, as("P04"), "wrong words")).records.map(({ ref }) => ref)).toEqual(["RSK-001"]);
  expect((await readNewDeeds(world, as("P04"), "policy")).find(({ deed }) => deed === "draft")).toMatchObject({
    may: "no",
  });
  expect((await readNewDeeds(world, as("P02"), "policy")).find(({ deed }) => deed === "draft")).toMatchObject({
    may: "yes",
  });
});

describe("a sealed concern", () => {
  beforeAll(async () => {
    await doDeed(world, as("P04"), {
      kind: "concern",
      ref: "CN-01",
      deed: "receive",
      fields: { text: "Secret words", about: "Secret matter", received_on: "2026-03-10" },
    });
  });

  test.each(["P01", "P02", "P04", "P05"])(
    "is nowhere for %s: not in lists, pages, history, search, links, exports or check results",
    async (person) => {
      const seat = as(person);
      expect((await listRecords(world, seat, { kind: "concern" })).records).toEqual([]);
      expect((await listRecords(world, seat, { text: "secret" })).records).toEqual([]);
      expect((await listRecords(world, seat, { kind: "concern", asAt: parseDay("2026-03-30") })).records).toEqual([]);
      expect((await refusalOf(readRecord(world, seat, "CN-01"))).code).toBe("not-found");
      expect((await refusalOf(readHistory(world, seat, "CN-01"))).code).toBe("not-found");
      expect((await searchAll(world, seat, "secret")).records).toEqual([]);
      expect((await readRecord(world, seat, "P04")).links.back.map(({ ref }) => ref)).not.toContain("CN-01");
      const texts: string[] = [];
      for await (const file of exportRecords(world, seat)) texts.push(file.text);
      expect(texts.join("\n")).not.toContain("Secret");
      expect(texts[0]).toContain("withheld:\n  - CN-01\n");
      const board = JSON.stringify(await readBoard(world, seat)) + JSON.stringify(await readHome(world, seat));
      expect(board).not.toContain("Secret");
      expect(board).not.toContain("CN-01");
    },
  );

  test("is whole for its handler, and its results name it", async () => {
    const seat = as("P03");
    expect((await listRecords(world, seat, { kind: "concern" })).records.map(({ ref }) => ref)).toEqual(["CN-01"]);
    expect((await readRecord(world, seat, "CN-01")).record["text"]).toBe("Secret words");
    expect((await readHistory(world, seat, "CN-01")).versions[0]?.by?.ref).toBe("P04");
    expect((await readHome(world, seat)).sections.find(({ id }) => id === "concerns")?.items).toMatchObject([
      { ref: "CN-01" },
    ]);
  });

  test("still counts: what fails because of it fails for everybody", async () => {
    const failing = async (person: string) =>
      (await readBoard(world, as(person))).nodes
        .flatMap((node) => node.checks)
        .filter(({ result }) => result === "fail")
        .map(({ id }) => id)
        .sort();
    expect(await failing("P04")).toEqual(await failing("P03"));
  });
});

describe("the board", () => {
  test("shows checks, proof, a person's verdict and contradictions, and rolls up", async () => {
    await doDeed(world, as("P02"), {
      kind: "verdict",
      deed: "judge",
      fields: { node: "5.3", value: "conforming", reason: "Looked at the roles" },
    });
    await doDeed(world, as("P02"), {
      kind: "verdict",
      deed: "judge",
      fields: { node: "5.2", value: "partly", reason: "Not yet known to all" },
    });
    await doDeeds(world, as("P04"), [
      {
        kind: "evidence_item",
        ref: "EVD-01",
        deed: "offer",
        fields: {
          title: "Minutes",
          evidence_kind: "file",
          collected_on: "2026-03-05",
          period_from: "2026-02-01",
          period_to: "2026-03-05",
          valid_until: "2026-04-30",
          supports_nodes: ["5.3"],
        },
      },
    ]);
    await doDeed(world, as("P02"), { kind: "evidence_item", ref: "EVD-01", deed: "accept" });
    const board = await readBoard(world, as("P04"));
    const node = board.nodes.find(({ id }) => id === "5.3");
    expect(node?.verdict).toMatchObject({
      value: "conforming",
      by: { ref: "P02", name: "Leila Manager" },
      faded: false,
    });
    expect(node?.proof).toMatchObject({ ref: "EVD-01", until: "2026-04-30", items: 1 });
    expect(node?.proof?.gaps).not.toContain("2026-02");
    expect(node?.proof?.gaps).toContain("2026-01");
    const failing = node?.checks
      .filter(({ result, severity }) => result === "fail" && severity !== "low")
      .map(({ id }) => id);
    expect(
      node?.contradictions.filter(({ kind }) => kind === "verdict-against-check").map(({ check }) => check),
    ).toEqual(failing);
    expect(board.nodes.find(({ id }) => id === "5")?.rollUp).toMatchObject({ value: "partly", assessed: 2, of: 3 });
    expect(board.totals.checks.of).toBe(195);
  });

  test("of an earlier day is what was so then", async () => {
    const board = await readBoard(world, as("P04"), { asAt: parseDay("2026-03-02") });
    expect(board.isToday).toBe(false);
    expect(board.nodes.find(({ id }) => id === "5.3")).toMatchObject({ verdict: null, proof: null });
    expect((await refusalOf(readBoard(world, as("P04"), { asAt: parseDay("2027-01-01") }))).code).toBe("malformed");
  });

  test("shows one node with the names of what decides, and refuses one that is none", async () => {
    const node = await readNode(world, as("P04"), "5.3");
    for (const ref of node.checks.flatMap(({ records }) => records)) expect(Object.keys(node.names)).toContain(ref);
    expect((await refusalOf(readNode(world, as("P04"), "5.9"))).code).toBe("not-found");
  });
});

describe("who reported a concern (INV-23)", () => {
  const rows = () =>
    read(world, machine, (reader) => sql`select person, rev from sight_log`.execute(reader.db)).then(
      ({ rows: found }) => found,
    );

  test("is noted whenever it is shown, and whoever handles it sees to whom", async () => {
    const before = (await rows()).length;
    const [made] = await doDeed(world, as("P04"), {
      kind: "concern",
      deed: "receive",
      fields: { text: "Words", reporter: "P04" },
    });
    const ref = made?.record.ref ?? "";
    expect((await refusalOf(readRecord(world, as("P02"), ref))).code).toBe("not-found");
    expect(await rows()).toHaveLength(before);
    expect(await readRecord(world, as("P03"), ref)).toMatchObject({ record: { reporter: "P04" }, sights: [] });
    expect(await rows()).toHaveLength(before + 1);
    expect((await readRecord(world, as("P03"), ref)).sights).toMatchObject([
      { by: { ref: "P03", name: "Sofia Handler" }, rev: 1 },
    ]);
    await readHistory(world, as("P03"), ref);
    await readOpenings(world, as("P03"), { kind: "concern", ref });
    const [unread] = await doDeed(world, as("P04"), {
      kind: "concern",
      deed: "receive",
      fields: { text: "Unread", reporter: "P04" },
    });
    for await (const _ of exportRecords(world, as("P03"))) break;
    expect((await readRecord(world, as("P03"), unread?.record.ref ?? "")).sights).toMatchObject([
      { by: { ref: "P03" } },
    ]);
    for await (const _ of exportRecords(world, as("P02"))) break;
    expect((await rows()).every((row) => (row as { person: string }).person !== "P02")).toBe(true);
  });

  test("is not shown when the sight cannot be noted", async () => {
    const [made] = await doDeed(world, as("P04"), {
      kind: "concern",
      deed: "receive",
      fields: { text: "More", reporter: "P04" },
    });
    const mute: World = {
      ...world,
      database: { ...world.database, settle: () => Promise.reject(new Error("disk full")) },
    };
    await expect(readRecord(mute, as("P03"), made?.record.ref ?? "")).rejects.toThrow("disk full");
  });

  test("stays noted: what was written is neither changed nor taken away", async () => {
    for (const statement of [sql`delete from sight_log`, sql`update sight_log set person = 'P01'`])
      await expect(statement.execute(world.database.db)).rejects.toThrow("permission denied");
  });
});
