import { dayOf } from "#core/basics/time.ts";
import type { Ref } from "#core/records/field.ts";
import type { RecordOf } from "#core/records/kind.ts";
import { isHeld } from "#core/records/story.ts";
import { recordsOf } from "#storage/record-store.ts";
import { samplePassword } from "./account.ts";
import { titleOfRole } from "./me.ts";
import { clockOf, listOrganizations, read } from "./change.ts";
import type { OrganizationId, World } from "./world.ts";

export type SignInChoice = { organization: string; ref: Ref; name: string; job: string | null; roles: string[] };

export type SignInChoices = {
  organizations: { id: string; name: string; sample: boolean }[];
  askOrganization: boolean;
  people: SignInChoice[];
  password: string | null;
};

/** As whom one may look around: of sample organisations everybody with a role, and one employee without. Real ones say nothing. */
export async function listSignInChoices(world: World): Promise<SignInChoices> {
  const organizations = await listOrganizations(world);
  const samples = organizations.filter(({ sample }) => sample);
  const people: SignInChoice[] = [];
  for (const { id } of samples) people.push(...(await peopleOf(world, id)));
  return {
    organizations: organizations.length === 1 ? [...organizations] : samples,
    askOrganization: organizations.length > 1,
    people,
    password: samples.length === 0 ? null : samplePassword,
  };
}

function peopleOf(world: World, organization: OrganizationId): Promise<SignInChoice[]> {
  return read(world, { organization }, async (reader) => {
    const today = dayOf(await clockOf(world, reader));
    const roles = new Map<Ref, Set<string>>();
    const people: RecordOf<"person">[] = [];
    for await (const batch of recordsOf(reader, ["role_assignment", "person"])) {
      for (const record of batch as RecordOf<"role_assignment" | "person">[]) {
        if (record.kind === "person") people.push(record);
        else if (isHeld(record, today) && record.person !== undefined) {
          const held = roles.get(record.person) ?? new Set();
          roles.set(record.person, held.add(titleOfRole(record.role_key ?? "employee")));
        }
      }
    }
    const here = people.filter(({ state }) => state === "active");
    const employee = here.find(({ ref, employment }) => !roles.has(ref) && employment === "employee");
    return here
      .filter((person) => roles.has(person.ref) || person === employee)
      .sort((one, other) => one.ref.localeCompare(other.ref, "en", { numeric: true }))
      .map(({ ref, title, full_name: name, job }) => ({
        organization,
        ref,
        name: name ?? title ?? ref,
        job: job ?? null,
        roles: [...(roles.get(ref) ?? ["Employee"])],
      }));
  });
}
