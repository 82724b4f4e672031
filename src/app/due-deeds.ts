import { Refusal } from "#core/basics/refusal.ts";
import { dayOf, type Instant } from "#core/basics/time.ts";
import { kinds } from "#core/records/all.ts";
import { perform, type Deed } from "#core/records/deed.ts";
import type { Kind } from "#core/records/kind.ts";
import type { Request, Version } from "#core/records/transition.ts";
import { listRecords, loadAround } from "#storage/record-store.ts";
import { clockOf, read } from "./change.ts";
import { doDeeds } from "./deed.ts";
import { systemSeat } from "./found.ts";
import type { OrganizationId, Reader, World } from "./world.ts";

const pageOf = 500;

/** Does what time alone has brought about by now: evidence expires, exceptions end, tasks escalate. Returns the versions that it made. */
export async function doDueDeeds(world: World, organization: OrganizationId): Promise<Version[]> {
  const seat = systemSeat(organization);
  const versions: Version[] = [];
  // A deed may make another one due: what has expired was about to expire before. Each round moves records on, so that there is a last one.
  for (;;) {
    const due = await read(world, seat, async (reader) => findDue(reader, await clockOf(world, reader)));
    if (due.length === 0) return versions;
    for (let from = 0; from < due.length; from += pageOf)
      versions.push(...(await doDeeds(world, seat, due.slice(from, from + pageOf))));
  }
}

/** One deed for each record that time has come for. */
async function findDue(reader: Reader, at: Instant): Promise<Request[]> {
  const due = new Map<string, Request>();
  for (const kind of Object.values(kinds))
    for (const [name, deed] of Object.entries(kind.deeds))
      if (deed.byTime === true)
        for await (const request of dueOf(reader, { kind, name, deed }, at))
          if (!due.has(request.ref ?? "")) due.set(request.ref ?? "", request);
  return [...due.values()];
}

async function* dueOf(
  reader: Reader,
  { kind, name, deed }: { kind: Kind; name: string; deed: Deed },
  at: Instant,
): AsyncGenerator<Request> {
  const states = deed.from === "new" ? [] : deed.from;
  for (let after: string | undefined; ;) {
    const { records, next } = await listRecords(reader, {
      kinds: [kind.name],
      states,
      limit: pageOf,
      ...(after === undefined ? {} : { after }),
    });
    const near = await loadAround(reader, records, [deed.follow ?? {}]);
    for (const record of records) {
      const circumstances = { actor: systemSeat(reader.organization).actor, at, records: near };
      if (mayBeDone(() => perform(kind, record, { deed: name, ref: record.ref, fields: {} }, circumstances)))
        yield { kind: kind.name, ref: record.ref, deed: name, rev: record.rev };
    }
    if (next === undefined) return;
    after = next;
  }
}

/** Guards say by a refusal that the day has not come. */
function mayBeDone(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    return false;
  }
}

/** The organisation's day. */
export function todayOf(world: World, organization: OrganizationId): Promise<ReturnType<typeof dayOf>> {
  return read(world, { organization }, async (reader) => dayOf(await clockOf(world, reader)));
}
