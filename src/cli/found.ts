import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { applyFolder } from "#app/apply.ts";
import { invitePerson, listAccounts } from "#app/account.ts";
import { listOrganizations } from "#app/change.ts";
import { initEmpty, initSample, systemSeat } from "#app/found.ts";
import { verifyToday } from "#app/verification.ts";
import type { OrganizationId, World } from "#app/world.ts";
import type { Ref } from "#core/records/field.ts";
import { startProgress } from "./print.ts";
import type { Founding } from "./program.ts";

/** The sample organisation's story. */
const sampleFolder = fileURLToPath(new URL("../../examples/fjordmark", import.meta.url));

/** In a data folder while the sample is loaded: whoever finds it goes on with the loading. */
const loadingMark = "loading-sample";

/** Founds the sample organisation, or goes on where its loading was broken off. */
export async function foundSample(world: World, data: string): Promise<{ id: OrganizationId; name: string }> {
  const mark = join(data, loadingMark);
  const progress = startProgress();
  const options = {
    progress: ({ says, done, of }: { says: string; done: number; of: number }) => progress.at(says, done, of),
  };
  const begun = (await listOrganizations(world)).find(({ sample }) => sample);
  progress.at("Reading the sample organisation");
  try {
    writeFileSync(mark, "");
    const founded = begun ?? (await initSample(world, sampleFolder, options));
    if (begun) await applyFolder(world, systemSeat(begun.id), sampleFolder, options);
    progress.at("Verifying the ledger");
    await verifyToday(world, founded.id);
    rmSync(mark);
    await world.database.maintain();
    return founded;
  } finally {
    progress.end();
  }
}

/** Whether a loading of the sample was broken off in the folder, so that what is there is not whole. */
export function isSampleHalfLoaded(data: string, there: readonly { sample: boolean }[]): boolean {
  return there.some(({ sample }) => sample) && existsSync(join(data, loadingMark));
}

/** Founds an organisation: empty without an administrator, else with its first person, who gets an invitation. */
export async function foundNew(
  world: World,
  { name, administrator, email }: Founding & { name: string },
): Promise<{ id: OrganizationId; name: string; invitation?: string }> {
  const first =
    administrator === undefined ? undefined : { name: administrator, ...(email === undefined ? {} : { email }) };
  const { id, administrator: person } = await initEmpty(world, {
    name,
    ...(first === undefined ? {} : { administrator: first }),
  });
  if (person === undefined) return { id, name };
  return { id, name, invitation: await inviteFirst(world, id, person) };
}

async function inviteFirst(world: World, id: OrganizationId, person: Ref): Promise<string> {
  const { invitation } = await invitePerson(world, systemSeat(id), person, { administrator: true });
  return invitation;
}

/** A new invitation for the administrator of an organisation in which nobody has chosen a password yet. */
export async function inviteAgain(
  world: World,
  id: OrganizationId,
): Promise<{ name: string; invitation: string } | undefined> {
  const accounts = await listAccounts(world, systemSeat(id));
  if (accounts.some(({ hasPassword }) => hasPassword)) return undefined;
  const first = accounts.find(({ administrator }) => administrator);
  return first && { name: first.name, invitation: await inviteFirst(world, id, first.person) };
}
