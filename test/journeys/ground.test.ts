import { expect, test } from "vitest";
import { launchChromium } from "#test/ground/chromium.ts";

test("the browser reads a page by role, each time on a new profile", async () => {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.setContent("<main><h1>Policies</h1></main>");
    expect(await page.getByRole("heading", { name: "Policies" }).count()).toBe(1);
    expect(await page.context().cookies()).toEqual([]);
  } finally {
    await browser.close();
  }
});
