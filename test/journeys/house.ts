import { existsSync, mkdtempSync } from "node:fs";
import { cp, mkdir, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { initSample } from "#app/found.ts";
import { publishCheckpoint } from "#app/ledger.ts";
import { openWorld, type World } from "#app/world.ts";
import { serve, type Serving } from "#http/serve.ts";
import { launchChromium } from "#test/ground/chromium.ts";

// Journeys are walked on the sample organisation, in the browser application as it was built, on a real server.

const root = join(import.meta.dirname, "../..");

export const samplePassword = "sample";

/** A server of the sample organisation, and a browser. */
export type House = {
  url: string;
  /** A page of somebody who is signed in; of a stranger when nobody is named. */
  visit: (person?: string, settings?: Parameters<Browser["newContext"]>[0]) => Promise<Page>;
  close: () => Promise<void>;
};

/** Opens a house of its own on a copy of the sample, which is loaded once a run. */
export async function openHouse(): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), "aims-journey-"));
  await cp(await sampleFolder(), folder, { recursive: true });
  const world = await openWorld({ data: folder });
  const server = await serve({ world, port: 0, version: "0.0.0", log: pino({ level: "silent" }) });
  const browser = await launchChromium();
  return {
    url: server.url,
    visit: (person, settings) => visit(browser, server, { person, settings }),
    close: () => close({ browser, server, world, folder }),
  };
}

/** The folder in which the sample lies ready. All files of a run have one parent process, which names it. */
async function sampleFolder(): Promise<string> {
  const ready = join(tmpdir(), `aims-journeys-${process.ppid}`);
  if (existsSync(ready)) return ready;
  const building = `${ready}.${process.pid}`;
  await mkdir(building, { recursive: true });
  const world = await openWorld({ data: building });
  const { id } = await initSample(world, join(root, "examples/fjordmark"));
  await publishCheckpoint(world, { organization: id });
  await world.close();
  await rename(building, ready);
  return ready;
}

type Visit = { person: string | undefined; settings: Parameters<Browser["newContext"]>[0] };

async function visit(browser: Browser, { url }: Serving, { person, settings }: Visit): Promise<Page> {
  const context: BrowserContext = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    baseURL: url,
    ...settings,
  });
  if (person !== undefined) {
    const answer = await context.request.post("/api/session", {
      data: { name: person, password: samplePassword },
      headers: { origin: url },
    });
    if (!answer.ok()) throw new Error(`Cannot sign in as ${person}: ${await answer.text()}`);
  }
  return context.newPage();
}

type Opened = { browser: Browser; server: Serving; world: World; folder: string };

async function close({ browser, server, world, folder }: Opened): Promise<void> {
  await browser.close();
  await server.close();
  await world.close();
  await rm(folder, { recursive: true, force: true });
}
