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

/**
 * What axe finds on the page, or in a part of it, in both themes. What a theme changes is contrast alone,
 * so that the second is asked for no more.
 */
async function problemsOn(page: Page, part = "body"): Promise<string[]> {
  const theme = (name: "light" | "dark") =>
    page.evaluate((value) => (document.documentElement.dataset["theme"] = value), name);
  const axe = () => new AxeBuilder({ page }).include(part);
  await theme("light");
  const light = await problemsOfTheme(page, axe().withTags(tags));
  await theme("dark");
  const dark = await problemsOfTheme(page, axe().withRules(["color-contrast"]));
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

async function look(page: Page, path: string, part?: string): Promise<string[]> {
  await page.goto(`${house.url}${path}`);
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  // What comes after the heading: rows, the history, and the seal's answer.
  await page.waitForFunction(
    () =>
      !document.querySelector("main [role=status], .panel [role=status]") &&
      [...document.querySelectorAll("ol.history")].every((list) => list.childElementCount > 0),
  );
  return (await problemsOn(page, part)).map((problem) => `${path} ${problem}`);
}

/** Looks at all of them on two pages at a time. */
async function lookAtAll(paths: readonly string[], part?: string): Promise<string[]> {
  const left = [...paths];
  const found: string[] = [];
  const walk = async () => {
    const page = await house.visit("P04");
    for (let path = left.shift(); path !== undefined; path = left.shift())
      found.push(...(await look(page, path, part)));
    await page.context().close();
  };
  await Promise.all([walk(), walk()]);
  return found.toSorted();
}

test("axe finds nothing on the pages outside in either theme", { timeout: 120_000 }, async () => {
  const page = await house.visit(undefined);
  const found: string[] = [];
  for (const path of ["/sign-in", "/invitation#none", "/nowhere"]) found.push(...(await look(page, path)));
  expect(found).toEqual([]);
  await page.context().close();
});

test("axe finds nothing on the pages inside in either theme", { timeout: 300_000 }, async () => {
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
  expect(await lookAtAll([...pages, ...nodes.map((id) => `/standard/${id}`)])).toEqual([]);
});

test(
  "axe finds nothing on the list of each kind and on a record of each in either theme",
  { timeout: 900_000 },
  async () => {
    const paths = kinds.flatMap(({ name, first }) => [
      `/records/${name}`,
      ...(first === undefined ? [] : [`/records/${name}/${encodeURIComponent(first)}`]),
    ]);
    // Header and rail are the same on all of them.
    expect(await lookAtAll(paths, ".content")).toEqual([]);
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
      // The answer comes first: it may close the form.
      await page.waitForLoadState("networkidle");
      await also(`${kind} ${deed}, refused`);
    }
  }
  expect(found).toEqual([]);
  await page.context().close();
});
