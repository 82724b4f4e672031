import { dayOf } from "#core/basics/time.ts";
import { Refusal } from "#core/basics/refusal.ts";
import type { Actor } from "#core/records/actor.ts";
import type { Ref } from "#core/records/field.ts";
import { transition, type Request, type Version } from "#core/records/transition.ts";
import { systemId } from "#storage/writer.ts";
import { applyStory, readFiles, tellStory, type ApplyOptions } from "./apply.ts";
import { change, foundOrganization } from "./change.ts";
import { recomputeAll } from "./conformity.ts";
import { readRecordFolder } from "./record-folder.ts";
import type { OrganizationId, Seat, World } from "./world.ts";

/** The seat of the software itself: jobs, set-up, the loading of a sample. It sees all, and approves nothing. */
export function systemSeat(organization: OrganizationId): Seat {
  const actor: Actor = { kind: "system", id: systemId, assignments: [], administrator: true };
  return { organization, actor, auth: "internal" };
}

export type Founding = { name: string; administrator?: { name: string; email?: string } };

/**
 * A new organisation. With an administrator it gets its own record and its first person, who may
 * appoint the others: the one appointment that nobody made, which the ledger shows for ever. Without,
 * it is empty, and takes an export of another.
 */
export async function initEmpty(
  world: World,
  { name, administrator }: Founding,
): Promise<{ id: OrganizationId; administrator: Ref | undefined }> {
  const id = await foundOrganization(world, { name, sample: false });
  const first = await change(world, systemSeat(id), async (writer, at) => {
    const versions: Version[] = [];
    const act = async (request: Request) => {
      const made = await transition(writer.source, writer.mint, request, { actor: systemSeat(id).actor, at });
      versions.push(...made);
      return made[0]?.record.ref;
    };
    let person: Ref | undefined;
    if (administrator) {
      const { name: full_name, email } = administrator;
      await act({ kind: "organization", deed: "establish", fields: { title: name, name } });
      person = await act({
        kind: "person",
        deed: "invite",
        fields: { full_name, employment: "employee", in_scope: true, ...(email === undefined ? {} : { email }) },
      });
      await act({ kind: "person", ...named(person), deed: "activate" });
      const role = await act({
        kind: "role_assignment",
        deed: "propose",
        fields: {
          title: `AIMS manager: ${full_name}`,
          role_key: "aims_manager",
          person,
          authorities: ["appoint", "ensure AIMS conformity"],
          reach: { kind: "organisation" },
        },
      });
      await act({ kind: "role_assignment", ...named(role), deed: "accept" });
      await writer.keep(versions);
    }
    await recomputeAll(writer, dayOf(at));
    return person;
  });
  return { id, administrator: first };
}

const named = (ref: Ref | undefined): { ref?: Ref } => (ref === undefined ? {} : { ref });

/**
 * A sample organisation, marked so for ever, with the story of the folder told from its first day to
 * its last. A story with a problem founds nothing.
 *
 * @throws {Refusal} as `applyFiles`; `malformed` for a folder that holds no story
 */
export async function initSample(
  world: World,
  folder: string,
  options: ApplyOptions = {},
): Promise<{ id: OrganizationId; name: string }> {
  const read = readFiles(await readRecordFolder(folder));
  if (read.manifest.format !== "aims-story@1")
    throw new Refusal(
      "malformed",
      `Cannot found a sample from "${folder}": it is told as ${read.manifest.format}, not as a story`,
    );
  const story = await tellStory(read);
  const name = read.manifest.organization?.name ?? "Sample organisation";
  const id = await foundOrganization(world, { name, sample: true, clockAt: story.from });
  await applyStory(world, systemSeat(id), story, options);
  return { id, name };
}
