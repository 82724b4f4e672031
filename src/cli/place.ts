import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { listOrganizations } from "#app/change.ts";
import { movedMark, openWorld, type OrganizationId, type World } from "#app/world.ts";
import { Refusal } from "#core/basics/refusal.ts";

/** Where a command works, as whom, and how it prints. */
export type Place = {
  data: string | undefined;
  database: string | undefined;
  owner: string | undefined;
  server: string | undefined;
  token: string | undefined;
  person: string | undefined;
  organization: string | undefined;
  json: boolean;
  output: "table" | "json" | "sarif" | "junit" | "openreports";
};

/** In a data folder, where the server that works on it answers. */
const addressFile = "server";

/** The data folder that is meant. */
export function folderOf({ data }: Place): string {
  return data ?? "./data";
}

/** Whether there is something to open: a database in the folder, one that was moved away, or a server's. */
function isThere(place: Place): boolean {
  const folder = folderOf(place);
  return place.database !== undefined || existsSync(join(folder, "database")) || existsSync(join(folder, movedMark));
}

/** Opens what is there. @throws {Refusal} `not-found` when nothing is; as `openWorld` */
export async function openThere(place: Place): Promise<World> {
  if (place.server !== undefined)
    throw new Refusal(
      "malformed",
      "Cannot work on a data folder: --server names a running one; leave it out, and name the folder by --data",
    );
  if (!isThere(place))
    throw new Refusal(
      "not-found",
      `Cannot open data folder "${folderOf(place)}": there is none; aims init --data "${folderOf(place)}" makes one`,
    );
  return openPlace(place);
}

/** Opens the place, new or there. @throws {Refusal} as `openWorld`; one that is in use says where to ask instead */
export async function openPlace(place: Place, host?: string): Promise<World> {
  const data = folderOf(place);
  try {
    return await openWorld({
      data,
      ...(place.database === undefined ? {} : { url: place.database }),
      ...(place.database === undefined || place.owner === undefined ? {} : { ownerUrl: place.owner }),
      ...(host === undefined ? {} : { host }),
    });
  } catch (error) {
    const address = error instanceof Refusal && error.code === "conflict" ? readAddress(data) : undefined;
    if (address === undefined) throw error;
    throw new Refusal(
      "conflict",
      `${(error as Refusal).message}; it serves at ${address}: ask it with --server ${address}`,
      { cause: error },
    );
  }
}

/** Where the server that works on the folder said it answers. */
function readAddress(data: string): string | undefined {
  const path = addressIn(data);
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, "utf8").trim();
  return /^https?:\/\/[\w.:[\]-]+$/.test(text) ? text : undefined;
}

export function addressIn(data: string): string {
  return join(data, addressFile);
}

export type Known = { id: OrganizationId; name: string; sample: boolean };

/** The organisation that is meant. @throws {Refusal} `not-found`; `malformed` when there are several and none is named */
export async function chooseOrganization(world: World, { organization: named }: Place): Promise<Known> {
  const all = await listOrganizations(world);
  const fitting =
    named === undefined
      ? all
      : all.filter(({ id, name }) => id === named || name.toLowerCase() === named.trim().toLowerCase());
  const [only, another] = fitting;
  if (!only)
    throw new Refusal(
      "not-found",
      named === undefined
        ? "Cannot find an organisation: there is none yet; aims init makes one"
        : `Cannot find organisation "${named}": there is none of that name`,
    );
  if (another)
    throw new Refusal(
      "malformed",
      `Cannot choose an organisation: name one of ${fitting.map(({ name, id }) => `"${name}" (${id})`).join(", ")} by --organization`,
    );
  return only;
}
