import { dayOf, type Day, type Instant } from "#core/basics/time.ts";
import type { Actor } from "#core/records/actor.ts";
import type { Ref } from "#core/records/field.ts";
import type { Seated } from "./account.ts";
import { actorOf } from "./actor.ts";
import { clockOf, listOrganizations, read } from "./change.ts";
import type { World } from "./world.ts";

/** What somebody is where they are signed in. */
export type Me = {
  person: { ref: Ref; name: string };
  administrator: boolean;
  assignments: { ref: Ref; role: string; title: string; reach: string }[];
  organization: { id: string; name: string; sample: boolean; today: Day };
  by: "password" | "token";
  proofUntil: Instant | null;
  endsAt: Instant | null;
};

/** Who is signed in, with the roles that they hold today. */
export async function readMe(world: World, { seat, by, person, endsAt, proofUntil }: Seated): Promise<Me> {
  const organization = (await listOrganizations(world)).find(({ id }) => id === seat.organization);
  if (!organization) throw new Error(`Organisation ${seat.organization} of a session is gone`);
  return read(world, seat, async (reader) => {
    const today = dayOf(await clockOf(world, reader));
    const { assignments } = await actorOf(reader, seat, today);
    return {
      person,
      administrator: seat.actor.administrator,
      assignments: assignments.map(({ ref, role_key: role = "employee", reach }) => ({
        ref,
        role,
        title: titleOfRole(role),
        reach: reachInWords(reach),
      })),
      organization: { ...organization, today },
      by,
      proofUntil: proofUntil !== null && proofUntil > world.now() ? proofUntil : null,
      endsAt,
    };
  });
}

/** The role in words: "AIMS manager". */
export function titleOfRole(role: string): string {
  const words = role.replaceAll("_", " ").replace(/\b(ai|aims|ml)\b/g, (word) => word.toUpperCase());
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function reachInWords(reach: NonNullable<Actor["assignments"][number]["reach"]> | undefined): string {
  if (!reach || reach.kind === "organisation") return "the whole organisation";
  if (reach.kind === "ai_system") return (reach.ai_systems ?? []).join(", ");
  return reach.org_unit ?? reach.process ?? "";
}
