import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseDay } from "#core/basics/time.ts";
import { manifestFile } from "#core/interchange/record-yaml.ts";
import { applyFiles, applyFolder } from "./apply.ts";
import { readBoard } from "./board.ts";
import { clockOf, read } from "./change.ts";
import { checkFromScratch, readChecks } from "./conformity.ts";
import { exportRecords } from "./export.ts";
import { initEmpty, initSample, systemSeat } from "./found.ts";
import { readHome } from "./home.ts";
import type { TextFile } from "./record-folder.ts";
import { openTestWorld } from "./world.testing.ts";
import type { Seat, World } from "./world.ts";

const folder = join(import.meta.dirname, "../../examples/fjordmark");

let world: World;
let seat: Seat;
beforeAll(async () => {
  world = await openTestWorld();
  seat = systemSeat((await initSample(world, folder)).id);
}, 120_000);
afterAll(() => world.close());

const as = (person: string): Seat => ({
  ...seat,
  actor: { kind: "person", person, id: person, assignments: [], administrator: false },
  auth: "password",
});
const section = async (person: string, id: string) =>
  (await readHome(world, as(person))).sections.find((one) => one.id === id)?.items ?? [];

async function exported(from: Seat): Promise<TextFile[]> {
  const files: TextFile[] = [];
  for await (const file of exportRecords(world, from)) if (file.path !== manifestFile) files.push(file);
  return files;
}

test("the story stands on its anchor day, and what is kept is what from scratch gives", async () => {
  expect(await read(world, seat, (reader) => clockOf(world, reader))).toMatch(/^2026-11-23T/);
  expect((await checkFromScratch(world, seat)).differences).toEqual([]);
});

test("applied again it changes nothing", async () => {
  expect(await applyFolder(world, seat, folder)).toMatchObject({ versions: 0 });
});

test("exported, brought into an empty organisation and exported again, it is the same to the byte", async () => {
  const files: TextFile[] = [];
  for await (const file of exportRecords(world, seat)) files.push(file);
  const to = systemSeat((await initEmpty(world, { name: "Elsewhere" })).id);
  await applyFiles(world, to, files);
  expect(await exported(to)).toEqual(files.filter(({ path }) => path !== manifestFile));
}, 120_000);

test("the fifteen items have the verdicts that people gave", async () => {
  const board = await readBoard(world, seat);
  const verdicts = board.nodes.filter(({ kind }) => kind === "mission").map(({ verdict }) => verdict?.value);
  expect(verdicts).toHaveLength(15);
  expect(verdicts.filter((value) => value === "conforming")).toHaveLength(6);
  expect(verdicts.filter((value) => value === "partly")).toHaveLength(7);
  expect(verdicts.filter((value) => value === "nonconforming")).toHaveLength(2);
});

test("one verdict stands against its checks, and one control is said to be implemented without proof", async () => {
  const found = (await readBoard(world, seat)).nodes.flatMap((node) =>
    node.contradictions.map(({ kind, check }) => [node.id, kind, check]),
  );
  expect(found.filter(([node]) => node !== "A.10.3")).toEqual([["M03", "verdict-against-check", "leadership.prompt"]]);
  expect(found.filter(([node]) => node === "A.10.3")).toEqual([["A.10.3", "implemented-unproven", "soa.status_true"]]);
});

test("top management sees the one decision that waits, and with whom; and the worst open thing", async () => {
  expect(await section("P01", "decisions")).toMatchObject([{ ref: "RES-09", why: "with M. Lindqvist, 42 days" }]);
  expect((await section("P01", "worst"))[0]?.title).toBe(
    "TriageAssist ran 23 days at a hospital it was not assessed for",
  );
  expect(await section("P03", "decisions")).toMatchObject([
    { ref: "RES-09", why: "waits for you since 2026-10-12, 42 days", deed: { deed: "approve" } },
  ]);
});

test("the AIMS manager sees stale assessments, the high finding, proof that ran out and actions coming due", async () => {
  expect((await section("P04", "stale")).map(({ ref }) => ref).sort()).toEqual(["IA-03", "IA-05"]);
  expect(await section("P04", "access")).toMatchObject([
    { title: expect.stringMatching(/^RB-04/), why: expect.stringContaining("19 days") },
  ]);
  expect(await section("P04", "proof")).toMatchObject([{ node: "A.10.3" }]);
  expect(await section("P04", "contradictions")).toMatchObject([{ node: "M03" }]);
  expect((await section("P04", "corrective")).find(({ ref }) => ref === "NC-02")?.why).toBe(
    "4 actions due in 18 to 22 days",
  );
});

test("a system owner sees the difference that waits for a judgement", async () => {
  expect(await section("P06", "stale")).toMatchObject([
    { ref: "IA-03", why: expect.stringMatching(/^waits for a judgement/) },
  ]);
});

test("an engineer sees what is theirs to fix, and their own certificate", async () => {
  const rules = (await section("P11", "violations")).map(({ title }) => title.split(" ")[0]);
  for (const rule of ["RB-04", "RB-18", "IM-09", "IM-02"]) expect(rules).toContain(rule);
  expect(await section("P11", "competence")).toMatchObject([{ why: expect.stringMatching(/^expired on /) }]);
});

test("the concern handler sees the look for reprisals coming", async () => {
  expect(await section("P19", "concerns")).toContainEqual(expect.objectContaining({ ref: "CN-01", day: "2027-01-25" }));
});

test("as at a day in June every assessment was fresh", async () => {
  const board = await readBoard(world, seat, { asAt: parseDay("2026-06-30") });
  expect(board.nodes.flatMap(({ checks }) => checks).find(({ id }) => id === "ia.fresh")?.result).toBe("pass");
  expect((await readChecks(world, seat)).find(({ id }) => id === "ia.fresh")?.result).toBe("fail");
});
