import { mkdirSync } from "node:fs";
import { listOrganizations } from "#app/change.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { foundNew, foundSample, isSampleHalfLoaded } from "./found.ts";
import { folderOf, openPlace, type Place } from "./place.ts";
import { print, printJson } from "./print.ts";
import type { Founding } from "./program.ts";

/** Creates a data folder with one organisation. @throws {Refusal} `conflict` when there is one already */
export async function init(place: Place, founding: Founding): Promise<void> {
  if (place.server !== undefined)
    throw new Refusal("malformed", "Cannot set up a server from outside: run aims init where its folder is");
  if (founding.sample === true && (founding.name ?? founding.administrator) !== undefined)
    throw new Refusal("malformed", "Cannot set up the sample under another name: leave --name and --administrator out");
  if (founding.email !== undefined && founding.administrator === undefined)
    throw new Refusal("malformed", "Cannot keep an e-mail of nobody: name the --administrator as well");
  const data = folderOf(place);
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const world = await openPlace(place);
  try {
    const there = await listOrganizations(world);
    const [first] = there;
    if (first && !(founding.sample === true && isSampleHalfLoaded(data, there)))
      throw new Refusal("conflict", `Cannot set up "${data}": it holds organisation "${first.name}" already`);
    const founded =
      founding.sample === true
        ? await foundSample(world, data)
        : await foundNew(world, { ...founding, name: founding.name ?? "My organisation" });
    const invitation = "invitation" in founded ? founded.invitation : undefined;
    if (place.json)
      return printJson({
        data,
        organization: { id: founded.id, name: founded.name, sample: founding.sample === true },
        invitation: invitation ?? null,
      });
    print(`Set up ${founded.name} in ${data}`);
    if (invitation !== undefined) print(`Its administrator chooses a password at <server>/invitation#${invitation}`);
    print(`aims serve --data ${data} serves it`);
  } finally {
    await world.close();
  }
}
