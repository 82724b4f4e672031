import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { pino } from "pino";
import { listOrganizations } from "#app/change.ts";
import { listSignInChoices } from "#app/sign-in-choice.ts";
import type { World } from "#app/world.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { serve as listen } from "#http/serve.ts";
import { startJobs } from "#jobs/start.ts";
import { foundNew, foundSample, inviteAgain, isSampleHalfLoaded } from "./found.ts";
import { addressIn, folderOf, openPlace, type Place } from "./place.ts";
import { colours, print, printJson, printTable, say } from "./print.ts";
import type { Founding, Serving } from "./program.ts";
import { versionOf } from "./version.ts";

/** Serves until it is told to stop. On its first start it founds an organisation. */
export async function serve(place: Place, options: Founding & Serving): Promise<void> {
  if (place.server !== undefined)
    throw new Refusal(
      "malformed",
      "Cannot serve at --server: it names one that runs already; --port and --host say where to serve",
    );
  const { origin } = options;
  if (origin !== undefined && !(URL.canParse(origin) && /^https?:$/.test(new URL(origin).protocol)))
    throw new Refusal("malformed", `Cannot serve as "${origin}": an origin is written https://aims.example.com`);
  const data = folderOf(place);
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const world = await openPlace(place, origin === undefined ? undefined : new URL(origin).host);
  try {
    await foundIfNew(world, data, options);
    await serveWorld(world, place, options);
  } finally {
    await world.close();
  }
}

async function foundIfNew(world: World, data: string, founding: Founding): Promise<void> {
  const there = await listOrganizations(world);
  const isHalf = isSampleHalfLoaded(data, there);
  if (there.length > 0 && !isHalf) return;
  if (founding.sample === true || isHalf) await foundSample(world, data);
  else await foundNew(world, { administrator: "Administrator", ...founding, name: founding.name ?? "My organisation" });
}

async function serveWorld(world: World, place: Place, options: Founding & Serving): Promise<void> {
  const log = pino({ level: options.log, base: null }, pino.destination({ dest: 2, sync: true }));
  const address = addressIn(folderOf(place));
  const stop = untilTold();
  const serving = await listen({
    world,
    log,
    version: versionOf(),
    port: options.port,
    host: options.host,
    ...(options.origin === undefined ? {} : { origin: options.origin }),
    ...(options.trustProxy === true ? { trustProxy: true } : {}),
  });
  const jobs = startJobs(world, { onFault: (job, fault) => log.error({ err: fault, job }, "fault") });
  try {
    writeFileSync(address, `${serving.url}\n`);
    await tellHowToSignIn(world, serving.url, place);
    await stop;
    say("Stopping");
  } finally {
    rmSync(address, { force: true });
    await serving.close();
    await jobs.stop();
  }
}

async function tellHowToSignIn(world: World, url: string, { json }: Place): Promise<void> {
  const organizations = await listOrganizations(world);
  const { people, password } = await listSignInChoices(world);
  const invited: { organization: string; name: string; address: string }[] = [];
  for (const { id, name, sample } of organizations) {
    const first = sample ? undefined : await inviteAgain(world, id);
    if (first) invited.push({ organization: name, name: first.name, address: `${url}/invitation#${first.invitation}` });
  }
  if (json) return printJson({ url, organizations, people, password, invited });
  print(`Aims serves ${organizations.map(({ name }) => name).join(", ")} at ${colours.bold(url)}`);
  for (const { name, organization, address } of invited)
    print(`${name} of ${organization} chooses a password at ${address}`);
  if (people.length > 0) {
    print(`Sign in as any of these people of the sample with the password "${password ?? ""}":`);
    print("");
    printTable(
      ["", "Name", "Roles"],
      people.map(({ ref, name, roles }) => [ref, name, roles.join(", ")]),
    );
    print("");
  }
  print("Ctrl-C stops it");
}

/** Resolves at the first SIGINT or SIGTERM; the second ends the process at once. */
function untilTold(): Promise<void> {
  return new Promise((resolve) => {
    let isTold = false;
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.on(signal, () => {
        if (isTold) process.exit(signal === "SIGINT" ? 130 : 143);
        isTold = true;
        resolve();
      });
  });
}
