import { change, foundOrganization, listOrganizations } from "#app/change.ts";
import { systemSeat, testImages } from "#app/world.testing.ts";
import { openWorld } from "#app/world.ts";
import { transition } from "#core/records/transition.ts";
import { inviting } from "./deeds.testing.ts";

// A process that writes until it is killed: `keep-writing.testing.ts FOLDER RECORDS_A_CHANGE`. It says on
// standard output how many records are kept, after each change that was acknowledged.

const [folder = "", size = "1"] = process.argv.slice(2);
const world = await openWorld({ data: folder, images: testImages });
const [known] = await listOrganizations(world);
const seat = systemSeat(known?.id ?? (await foundOrganization(world, { name: "Killed", sample: false })));
process.stdout.write("open\n");
for (let kept = Number(size); size !== "0"; kept += Number(size)) {
  await change(world, seat, async (writer, at) => {
    for (let count = 0; count < Number(size); count += 1)
      await writer.keep(
        await transition(writer.source, writer.mint, inviting(`Person ${count}`), { actor: seat.actor, at }),
      );
  });
  process.stdout.write(`${kept}\n`);
}
// Only holds the folder.
setInterval(() => undefined, 60_000);
