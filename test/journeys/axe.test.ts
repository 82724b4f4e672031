import AxeBuilder from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { contrastOf } from "./contrast.ts";
import { openHouse, type House } from "./house.ts";

let house: House;
let kinds: { name: string; first: string | undefined }[];
let nodes: string[];

beforeAll(async () => {
  house = await openHouse();
  const page = await house.visit("P04");
  const read = async <T>(path: string): Promise<T> =>
    (await (await page.request.get(`${house.url}${path}`)).json()) as T;
  const all = await read<{ kinds: { name: string }[] }>("/api/kinds");
  kinds = [];
  for (const { name } of all.kinds) {
    const { records } = await read<{ records?: { ref: string }[] }>(`/api/records/${name}?limit=1`);
    kinds.push({ name, first: records?.[0]?.ref });
  }
  const board = await read<{ nodes: { id: string; kind: string; checks: { result: string }[] }[] }>("/api/board");
  // One node of each kind, the one with most that fails: it shows most.
  const worst = new Map<string, { id: string; fails: number }>();
  for (const { id, kind, checks } of board.nodes) {
    const fails = checks.filter(({ result }) => result === "fail").length;
    if (fails >= (worst.get(kind)?.fails ?? 0)) worst.set(kind, { id, fails });
  }
  nodes = [...worst.values()].map(({ id }) => id);
  await page.context().close();
});
afterAll(() => house?.close());

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe finds on the page in both themes. What a theme changes is contrast alone, so that the second is asked for no more. */
async function problemsOn(page: Page): Promise<string[]> {
  const theme = (name: "light" | "dark") =>
    page.evaluate((value) => (document.documentElement.dataset["theme"] = value), name);
  await theme("light");
  const light = await problemsOfTheme(page, new AxeBuilder({ page }).withTags(tags));
  await theme("dark");
  const dark = await problemsOfTheme(page, new AxeBuilder({ page }).withRules(["color-contrast"]));
  return [...light, ...dark.map((problem) => `dark: ${problem}`)];
}

/** What axe finds, and texts whose contrast it could not tell and which has too little. */
async function problemsOfTheme(page: Page, axe: AxeBuilder): Promise<string[]> {
  const { violations, incomplete } = await axe.analyze();
  const found = violations.flatMap(({ id, nodes: places }) => places.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
  const unsure = incomplete
    .filter(({ id }) => id === "color-contrast")
    .flatMap(({ nodes: places }) => places.map(({ target }) => String(target[0])));
  for (const selector of unsure) {
    const { ratio, needed, text } = await contrastOf(page, selector);
    if (ratio < needed) found.push(`color-contrast ${ratio.toFixed(2)} of ${needed}: ${text}`);
  }
  return found;
}

async function look(page: Page, path: string): Promise<string[]> {
  await page.goto(`${house.url}${path}`, { waitUntil: "networkidle" });
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  return (await problemsOn(page)).map((problem) => `${path} ${problem}`);
}

test("axe finds nothing on the pages outside in either theme", { timeout: 120_000 }, async () => {
  const page = await house.visit(undefined);
  const found: string[] = [];
  for (const path of ["/sign-in", "/invitation#none", "/nowhere"]) found.push(...(await look(page, path)));
  expect(found).toEqual([]);
  await page.context().close();
});

test("axe finds nothing on the pages inside in either theme", { timeout: 240_000 }, async () => {
  const page = await house.visit("P04");
  const found: string[] = [];
  const pages = [
    "/",
    "/?as_at=2026-06-30",
    "/standard",
    "/standard?tab=clauses",
    "/standard?tab=controls",
    "/standard?tab=contradictions",
    "/records",
    "/ledger",
    "/me/tokens",
    "/me/password",
    "/accounts",
  ];
  for (const path of [...pages, ...nodes.map((id) => `/standard/${id}`)]) found.push(...(await look(page, path)));
  expect(found).toEqual([]);
  await page.context().close();
});

test(
  "axe finds nothing on the list of each kind and on a record of each in either theme",
  { timeout: 600_000 },
  async () => {
    const page = await house.visit("P04");
    const found: string[] = [];
    for (const { name, first } of kinds) {
      found.push(...(await look(page, `/records/${name}`)));
      if (first !== undefined) found.push(...(await look(page, `/records/${name}/${encodeURIComponent(first)}`)));
    }
    expect(found).toEqual([]);
    await page.context().close();
  },
);

test("axe finds nothing on what opens over a page in either theme", { timeout: 240_000 }, async () => {
  const page = await house.visit("P04");
  const found: string[] = [];
  const also = async (what: string) => found.push(...(await problemsOn(page)).map((problem) => `${what} ${problem}`));
  await page.goto(`${house.url}/records/risk?open=RSK-001`, { waitUntil: "networkidle" });
  await also("record beside its list");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("risk");
  await page.locator("[cmdk-item]").first().waitFor();
  await also("palette");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await also("keys");
  await page.keyboard.press("Escape");
  for (const name of [/account and settings/, /^As at/, /^Sample/]) {
    await page.getByRole("button", { name }).click();
    await also(String(name));
    await page.keyboard.press("Escape");
  }
  for (const [kind, deed, ref] of [
    ["risk", "assess", "RSK-001"],
    ["risk", "identify"],
    ["impact_assessment", "amend", "IA-03"],
    ["ai_system", "amend", "AIS-03"],
    ["verdict", "judge"],
  ]) {
    await page.goto(`${house.url}/records?do=${encodeURIComponent(JSON.stringify({ kind, deed, ref }))}`, {
      waitUntil: "networkidle",
    });
    await page.getByRole("dialog").waitFor();
    await also(`${kind} ${deed}`);
    const submit = page.getByRole("dialog").locator("button[type=submit]");
    if (await submit.count()) {
      await submit.click();
      await also(`${kind} ${deed}, refused`);
    }
  }
  expect(found).toEqual([]);
  await page.context().close();
});
