import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openHouse, samplePassword, type House } from "./house.ts";

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house?.close());

const main = (page: Page) => page.getByRole("main");
const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { name, level: 1 });

test("a stranger is asked who they are, is told when it is wrong, and comes where they wanted to go", async () => {
  const page = await house.visit();
  await page.goto(`${house.url}/ledger`);
  await page.getByLabel("Name or e-mail").fill("Dr Leila Haddad");
  await page.getByLabel("Password").fill("not hers");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("alert").waitFor();
  await page.getByLabel("Password").fill(samplePassword);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await heading(page, "Ledger").waitFor();
  await page.context().close();
});

test("a person of the sample signs in with one click and out again; then nothing is shown any more", async () => {
  const page = await house.visit();
  await page.goto(house.url);
  await page.getByRole("button", { name: /Ingrid Halvorsen/ }).click();
  await heading(page, "Ingrid Halvorsen").waitFor();
  await page.getByRole("button", { name: /Ingrid Halvorsen: account/ }).click();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.getByLabel("Name or e-mail").waitFor();
  await page.goto(`${house.url}/records/risk/RSK-001`);
  await page.getByLabel("Name or e-mail").waitFor();
  expect(await page.getByText("Urgency underrated").count()).toBe(0);
  await page.context().close();
});

test("each role finds what is owed by it: management the decision that waits, the AIMS manager what went stale", async () => {
  const chief = await house.visit("P01");
  await chief.goto(house.url);
  const waiting = chief.getByRole("region", { name: /Decisions waiting/ });
  await waiting.getByRole("link", { name: /RES-09/ }).waitFor();
  expect(await waiting.textContent()).toMatch(/With M\. Lindqvist, 42 days/);
  await chief.context().close();

  const manager = await house.visit("P04");
  await manager.goto(house.url);
  const stale = manager.getByRole("region", { name: /stale/i });
  await expect.poll(() => stale.getByRole("listitem").count()).toBe(2);
  await manager.context().close();
});

test("from the standard to a failing check, its record, its history and its seal", async () => {
  const page = await house.visit("P04");
  await page.goto(`${house.url}/standard`);
  expect(await main(page).textContent()).toContain(
    "15 of 15 mission items assessed: 6 conforming, 7 partly, 2 nonconforming",
  );
  await page.getByRole("link", { name: "AI system impact assessment" }).click();
  const panel = page.getByRole("complementary");
  const fails = panel.getByRole("article", { name: "Fails: ia.fresh" });
  await fails.waitFor();
  // The list keeps its place beside the panel.
  expect(await page.getByRole("table", { name: "Mission items" }).count()).toBe(1);
  await fails.getByRole("link", { name: "IA-03 Impact assessment" }).click();
  await heading(page, "Impact assessment of TriageAssist").waitFor();
  const history = page.getByRole("region", { name: "History" });
  await history.getByText(/version 1, entry/).waitFor();
  expect(await history.locator("ins").count()).toBeGreaterThan(0);
  const seal = page.getByText(/Entry [\d,]+, verified in this browser/);
  await seal.waitFor();
  await seal.click();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download the proof" }).click();
  expect((await download).suggestedFilename()).toMatch(/^IA-03-v\d+\.tlog-proof$/);
  await page.goBack();
  await fails.waitFor();
  await page.context().close();
});

test("a deed says at the field what is missing and at the form which rule stands in the way, and goes through when mended", async () => {
  const page = await house.visit("P04");
  await page.goto(`${house.url}/records/risk`);
  await page.getByRole("link", { name: "Identify risk" }).click();
  const sheet = page.getByRole("dialog", { name: "Identify risk" });
  await sheet.getByRole("button", { name: "Identify risk" }).click();
  expect(await sheet.getByText("Fill this in first").count()).toBe(5);
  await sheet.getByLabel("Title").fill("Summaries read aloud in the ward");
  await sheet.getByLabel("Kind", { exact: false }).first().selectOption("threat");
  await sheet.getByLabel("Cause").fill("The device reads letters aloud");
  await sheet.getByLabel("Event").fill("Neighbours hear a diagnosis");
  await sheet.getByLabel("Consequence").fill("Trust is lost");
  await sheet.getByRole("button", { name: "Identify risk" }).click();
  await heading(page, "Summaries read aloud in the ward").waitFor();

  await page.getByRole("link", { name: "Assess risk" }).click();
  const assess = page.getByRole("dialog", { name: "Assess risk" });
  await assess.getByLabel("Assessed on").fill("2026-11-23");
  await pick(page, assess.getByLabel("Add to assessed by"), "Haddad");
  await pick(page, assess.getByLabel("By criteria"), "Risk criteria 1");
  await assess.getByRole("button", { name: "Assess risk" }).click();
  const refusal = assess.getByRole("alert");
  await refusal.waitFor();
  expect(await refusal.textContent()).toMatch(
    /^Cannot assess risk RSK-\d+ "Summaries read aloud in the ward": .+\(.+\)/,
  );
  await assess.getByRole("button", { name: "Leave it" }).click();

  await page.getByRole("link", { name: "Amend risk" }).click();
  const amend = page.getByRole("dialog", { name: "Amend risk" });
  await amend.getByLabel("Event").fill("Neighbours hear a diagnosis or a name");
  await amend.getByRole("button", { name: "Amend risk" }).click();
  await page.getByText(/Amend risk: RSK-\d+ is identified/).waitFor();
  await page.getByRole("region", { name: "History" }).locator("ins", { hasText: "or a name" }).waitFor();
  await page.getByText(/Entry [\d,]+, verified in this browser/).waitFor();
  await page.context().close();
});

test("two people on one record: the later one is told what changed meanwhile, and goes on from there", async () => {
  const [one, other] = [await house.visit("P04"), await house.visit("P04")];
  for (const page of [one, other]) {
    await page.goto(`${house.url}/records/risk/RSK-002`);
    await page.getByRole("link", { name: "Amend risk" }).click();
    await page.getByRole("dialog").getByLabel("Event").waitFor();
  }
  await one.getByRole("dialog").getByLabel("Cause").fill("The score was never tried there");
  await one.getByRole("dialog").getByRole("button", { name: "Amend risk" }).click();
  await one.getByText(/Amend risk: RSK-002/).waitFor();

  const late = other.getByRole("dialog");
  await late.getByLabel("Event").fill("The score is read as if it knew the place");
  await late.getByRole("button", { name: "Amend risk" }).click();
  const meanwhile = late.getByRole("list", { name: "What changed meanwhile" });
  await expect.poll(() => meanwhile.textContent()).toContain("never tried");
  await late.getByRole("button", { name: "Go on from the new version" }).click();
  await late.getByRole("button", { name: "Amend risk" }).click();
  await other.getByText(/Amend risk: RSK-002/).waitFor();
  // What the other wrote is still there.
  expect(await main(other).textContent()).toContain("The score was never tried there");
  await Promise.all([one.context().close(), other.context().close()]);
});

test("an approval shows the content that it binds to, and asks for the password again", async () => {
  const page = await house.visit("P03");
  await page.goto(`${house.url}/records/resource/RES-09`);
  await page.getByRole("link", { name: "Approve resource" }).click();
  const sheet = page.getByRole("dialog", { name: "Approve resource" });
  await sheet.getByText(/^[0-9a-f]{64}$/).waitFor();
  await sheet.getByLabel("Approved", { exact: false }).first().fill("1");
  await sheet.getByRole("button", { name: "Approve resource" }).click();
  await sheet.getByRole("alert").waitFor();
  await sheet.getByLabel("Your password again").fill("wrong");
  await sheet.getByRole("button", { name: "Approve resource" }).click();
  await expect.poll(() => sheet.getByRole("alert").textContent()).toMatch(/password/);
  await sheet.getByLabel("Your password again").fill(samplePassword);
  await sheet.getByRole("button", { name: "Approve resource" }).click();
  await page.getByText("Approve resource: RES-09 is approved").waitFor();
  await page.context().close();
});

test("a person is told why a deed is not theirs", async () => {
  const page = await house.visit("P10");
  await page.goto(`${house.url}/records/resource/RES-01`);
  await page.getByText(/not yours to do/).click();
  expect(
    (await page.getByRole("button", { name: "Approve resource" }).count()) +
      (await page.getByText(/It takes .* role/).count()),
  ).toBeGreaterThan(0);
  for (const button of await page.locator(".deeds-not button").all()) expect(await button.isDisabled()).toBe(true);
  await page.context().close();
});

test("whoever runs the software invites a person, who chooses a password and is in", async () => {
  const page = await house.visit("P04");
  await page.goto(`${house.url}/accounts`);
  await pick(page, page.getByLabel("Invite a person"), "Fjell");
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  const address = await page.getByText(/\/invitation#/).textContent();
  expect(address).not.toBeNull();
  await page.context().close();

  const guest = await house.visit();
  await guest.goto(address ?? "");
  await guest.getByText(/Tove Fjell, choose a password/).waitFor();
  await guest.getByLabel("Password", { exact: true }).fill("wards are never quiet");
  await guest.getByLabel("The same again").fill("wards are never quite");
  await guest.getByRole("button", { name: "Choose password" }).click();
  await guest.getByText("The two passwords are not the same").waitFor();
  await guest.getByLabel("The same again").fill("wards are never quiet");
  await guest.getByRole("button", { name: "Choose password" }).click();
  await heading(guest, /Tove Fjell/).waitFor();
  await guest.context().close();

  // An invitation works once.
  const late = await house.visit();
  await late.goto(address ?? "");
  await late.getByRole("alert").waitFor();
  await late.context().close();
});

test("who does not run the software finds no way to accounts", async () => {
  const page = await house.visit("P11");
  await page.goto(`${house.url}/accounts`);
  await page.getByRole("alert").waitFor();
  expect(await page.getByRole("table", { name: "Accounts" }).count()).toBe(0);
  expect(await page.getByRole("link", { name: "Who may sign in" }).count()).toBe(0);
  await page.context().close();
});

/** Types into a picker of records and takes the first one found. */
async function pick(page: Page, picker: ReturnType<Page["getByLabel"]>, words: string): Promise<void> {
  await picker.fill(words);
  await page.getByRole("option", { name: words }).first().waitFor();
  await picker.press("Enter");
}
