import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openHouse, type House } from "./house.ts";

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house?.close());

const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { name, level: 1 });

test("an earlier day stands over every page, travels with links, and offers no deed", async () => {
  const page = await house.visit("P04");
  await page.goto(`${house.url}/records/ai_system/AIS-03`);
  await page.getByRole("button", { name: /^As at/ }).click();
  await page.getByLabel("Show everything as at").fill("2026-06-30");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  const band = page.getByRole("region", { name: "An earlier day is shown" });
  await band.waitFor();
  expect(await band.textContent()).toContain("As at Tuesday 30 June 2026");
  expect(page.url()).toContain("as_at=2026-06-30");
  await page.getByText("An earlier day is shown: deeds are done today.").waitFor();
  expect(await page.getByRole("link", { name: "Amend AI system" }).count()).toBe(0);
  await page.getByRole("link", { name: /^The standard/ }).click();
  await heading(page, "The standard").waitFor();
  expect(page.url()).toContain("as_at=2026-06-30");
  await band.waitFor();
  // On that day every assessment was fresh.
  await page.getByRole("link", { name: "AI system impact assessment" }).click();
  await page
    .getByRole("complementary")
    .getByRole("heading", { name: /^Checks/ })
    .waitFor();
  expect(await page.getByRole("article", { name: "Fails: ia.fresh" }).count()).toBe(0);
  expect(await page.getByRole("link", { name: "Judge", exact: true }).count()).toBe(0);
  await band.getByRole("link", { name: "Back to today" }).click();
  await page.getByRole("article", { name: "Fails: ia.fresh" }).waitFor();
  expect(await band.count()).toBe(0);
  await page.context().close();
});

test("the palette finds records, clauses, people and deeds, by keys alone", async () => {
  const page = await house.visit("P04");
  await page.goto(house.url);
  await heading(page, "Dr Leila Haddad").waitFor();
  await page.keyboard.press("Control+k");
  const input = page.getByRole("combobox", { name: /Find a record/ });
  await input.waitFor();
  await page.keyboard.type("TriageAssist");
  await page.getByRole("option", { name: /AIS-03/ }).waitFor();
  await page.keyboard.press("Enter");
  await heading(page, "TriageAssist").waitFor();

  // The open record's own deeds are there too.
  await page.keyboard.press("Control+k");
  await page.keyboard.type("Amend");
  await page
    .getByRole("option", { name: /Amend AI system/ })
    .first()
    .waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Amend AI system" }).getByLabel("Purpose").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });

  await page.keyboard.press("Control+k");
  await page.keyboard.type("competence");
  await page.getByRole("option", { name: /Competence of AI personnel/ }).click();
  await page.getByRole("complementary", { name: /Competence of AI personnel/ }).waitFor();

  await page.keyboard.press("Control+k");
  await page.keyboard.type("Dahl");
  await page
    .getByRole("option", { name: /Henrik Dahl/ })
    .first()
    .click();
  await heading(page, /Henrik Dahl/).waitFor();
  await page.context().close();
});

test("the way to a check and back needs no mouse", async () => {
  const page = await house.visit("P04");
  await page.goto(house.url);
  await heading(page, "Dr Leila Haddad").waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await heading(page, "The standard").waitFor();
  await page.keyboard.press("/");
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("SELECT");
  await page.keyboard.press("Escape");
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Leadership commitment to AIMS" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("complementary", { name: /Leadership commitment/ }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("h");
  await heading(page, "Dr Leila Haddad").waitFor();
  // The first stop on each page skips what all pages share.
  await page.reload();
  await heading(page, "Dr Leila Haddad").waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  expect(new URL(page.url()).hash).toBe("#main");
  await page.context().close();
});

test("a list is filtered, sorted and opened beside itself, and all of it stands in the address", async () => {
  const page = await house.visit("P04");
  await page.goto(`${house.url}/records/risk`);
  const table = page.getByRole("table", { name: "Risks" });
  await table.waitFor();
  expect(await table.getByRole("row").count()).toBe(13);
  const accepted = await table.getByText("Accepted", { exact: true }).count();
  expect(accepted).toBeGreaterThan(0);
  await page.getByLabel("State").selectOption("accepted");
  await expect.poll(() => table.getByRole("row").count()).toBe(accepted + 1);
  await page.getByRole("button", { name: "Title" }).click();
  await expect.poll(() => page.url()).toContain("sort=title");
  await table.getByRole("link", { name: "Virus wave outside past patterns" }).click();
  await page.getByRole("complementary", { name: /RSK-007/ }).waitFor();
  const address = page.url();
  await page.goto(house.url);
  await page.goto(address);
  await page.getByRole("complementary", { name: /RSK-007/ }).waitFor();
  await expect.poll(() => table.getByRole("row").count()).toBe(accepted + 1);
  await page.getByRole("link", { name: "Close", exact: true }).click();
  await expect.poll(() => page.getByRole("complementary").count()).toBe(0);
  await page.getByLabel("State").selectOption("");
  await page.getByLabel("Words to find").fill("virus");
  await expect.poll(() => table.getByRole("row").count()).toBe(2);
  await page.context().close();
});

test("the ledger is verified in the browser, and a head that was tampered with is not believed", async () => {
  const page = await house.visit("P04");
  await page.goto(`${house.url}/ledger`);
  await page.getByText(/✓ [\d,]+ entries about [\d,]+ records hash into the signed root/).waitFor({ timeout: 30_000 });
  await page.getByRole("img", { name: /the ledger grew to/ }).waitFor();

  await page.route("**/api/ledger/tile/0/000", async (route) => {
    const answer = await route.fetch();
    const body = await answer.body();
    body[40] = (body[40] ?? 0) ^ 1;
    await route.fulfill({ response: answer, body });
  });
  await page.getByRole("button", { name: "Verify again" }).click();
  const told = page.getByRole("alert");
  await told.waitFor({ timeout: 30_000 });
  expect(await told.textContent()).toMatch(/The ledger does not agree with itself.*tile\/0\/000/);
  await page.context().close();
});

test("a ledger that was shortened since the last visit is not believed, one that grew is", async () => {
  const page = await house.visit("P04");
  const verified = page.getByText(/hash into the signed root/);
  const remember = (head: { size: number; root: string }) =>
    page.evaluate((wanted) => {
      const key = Object.keys(localStorage).find((each) => each.startsWith("aims-log-")) ?? "";
      const known = JSON.parse(localStorage.getItem(key) ?? "{}") as object;
      localStorage.setItem(key, JSON.stringify({ ...known, head: wanted }));
    }, head);
  await page.goto(`${house.url}/ledger`);
  await verified.waitFor({ timeout: 30_000 });
  expect(await verified.textContent()).not.toContain("saw before");
  await page.getByRole("button", { name: "Verify again" }).click();
  await expect.poll(() => verified.textContent(), { timeout: 30_000 }).toContain("that this browser saw before");

  await remember({ size: 10_000_000, root: "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=" });
  await page.getByRole("button", { name: "Verify again" }).click();
  const told = page.getByRole("alert");
  await told.waitFor({ timeout: 30_000 });
  expect(await told.textContent()).toContain("this browser has seen 10000000 before");

  await remember({ size: 5, root: "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=" });
  await page.getByRole("button", { name: "Verify again" }).click();
  await expect.poll(() => told.textContent(), { timeout: 30_000 }).toContain("as an extension of 5");
  await page.context().close();
});

test("a seal whose content was exchanged on its way is broken", async () => {
  const page = await house.visit("P04");
  await page.route("**/api/ledger/openings/**", async (route) => {
    const answer = await route.fetch();
    const { openings } = (await answer.json()) as { openings: { payload: string }[] };
    await route.fulfill({
      response: answer,
      json: { openings: openings.map((each) => ({ ...each, payload: each.payload.replace("Triage", "Treason") })) },
    });
  });
  await page.goto(`${house.url}/records/ai_system/AIS-03`);
  const broken = page.getByText(/Not verified/);
  await broken.waitFor();
  expect(await broken.textContent()).toContain("it is not the one that the ledger committed to");
  await page.context().close();
});

test("the looks are chosen, kept, and follow the system until then", async () => {
  const page = await house.visit("P04", { colorScheme: "dark" });
  const theme = () => page.evaluate(() => document.documentElement.dataset["theme"]);
  await page.goto(house.url);
  await heading(page, "Dr Leila Haddad").waitFor();
  expect(await theme()).toBe("dark");
  await page.getByRole("button", { name: /account and settings/ }).click();
  await page.getByLabel("Light").check();
  expect(await theme()).toBe("light");
  await page.reload();
  expect(await theme()).toBe("light");
  await page.context().close();
});

test("on a phone the rail is a menu, a panel is a page, and nothing runs out of the screen", async () => {
  const page = await house.visit("P10", { viewport: { width: 360, height: 740 } });
  const overflow = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await page.goto(house.url);
  await heading(page, /./).waitFor();
  expect(await overflow()).toBe(0);
  const rail = page.getByRole("navigation", { name: "Main" });
  expect(await rail.isVisible()).toBe(false);
  await page.getByRole("button", { name: "Menu" }).click();
  await rail.getByRole("link", { name: /^The standard/ }).click();
  await heading(page, "The standard").waitFor();
  expect(await rail.isVisible()).toBe(false);
  expect(await overflow()).toBe(0);
  await page.getByRole("link", { name: "AI policy established and communicated" }).click();
  await page.getByRole("complementary").waitFor();
  expect(await heading(page, "The standard").isVisible()).toBe(false);
  expect(await overflow()).toBe(0);
  await page.goto(`${house.url}/records/ai_system/AIS-03`);
  await heading(page, "TriageAssist").waitFor();
  expect(await overflow()).toBe(0);
  await page.context().close();
});

test("a token and a password are changed on pages of their own", async () => {
  const page = await house.visit("P22");
  await page.goto(`${house.url}/me/tokens`);
  await page.getByLabel("What it is for").fill("Command line");
  await page.getByRole("button", { name: "Create token" }).click();
  await page.getByText("it is shown this once").waitFor();
  await page
    .getByRole("row", { name: /Command line/ })
    .getByRole("button", { name: /Revoke/ })
    .click();
  await page.getByText('Token "Command line" no longer works').waitFor();
  await page.goto(`${house.url}/me/password`);
  await page.getByLabel("Password now").fill("wrong");
  await page.getByLabel("New password").fill("a longer sentence than most");
  await page.getByLabel("The same again").fill("a longer sentence than most");
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByRole("alert").waitFor();
  await page.context().close();
});
