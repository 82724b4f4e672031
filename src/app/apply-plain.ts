import { Refusal, type Problem } from "#core/basics/refusal.ts";
import { dayOf, type Instant } from "#core/basics/time.ts";
import type { PlainRecord } from "#core/interchange/record-yaml.ts";
import { kinds } from "#core/records/all.ts";
import type { Actor } from "#core/records/actor.ts";
import type { Ref } from "#core/records/field.ts";
import { linksOf, type AnyRecord } from "#core/records/kind.ts";
import { isSame } from "#core/records/recorded.ts";
import { transition, type Request, type Version } from "#core/records/transition.ts";
import { actorNow } from "./actor.ts";
import type { ApplyReport } from "./apply.ts";
import { change } from "./change.ts";
import { recompute } from "./conformity.ts";
import type { Seat, World, Writer } from "./world.ts";

/**
 * Makes the records so: those that are not there are created by their kind's creating deed, others
 * amended, all under the actor's own authority and in one transaction. Fields that a file does not
 * name stay as they are; null takes a value away.
 *
 * @throws {Refusal} with every record that could not be made so, and why
 */
export async function applyPlain(
  world: World,
  seat: Seat,
  records: readonly PlainRecord[],
  files: number,
): Promise<ApplyReport> {
  const ordered = inOrderOfLinks(records);
  return change(world, seat, async (writer, at) => {
    await writer.load(records.map(({ ref }) => ref));
    const report: ApplyReport = {
      format: "aims-records@1",
      files,
      records: records.length,
      created: 0,
      amended: 0,
      unchanged: 0,
      versions: 0,
      says: "",
    };
    const versions: Version[] = [];
    const problems: Problem[] = [];
    const by = { actor: await actorNow(writer, seat, dayOf(at)), at };
    for (const record of ordered) {
      const made = await makeSo(writer, record, by, problems);
      if (made === "unchanged") report.unchanged += 1;
      else if (made) {
        versions.push(...made);
        report[made[0]?.before === undefined ? "created" : "amended"] += 1;
      }
    }
    const [first] = problems;
    if (first)
      throw new Refusal(
        "malformed",
        problems.length === 1 ? first.message : `${first.message} (and ${problems.length - 1} more)`,
        { problems, ...(first.place === undefined ? {} : { place: first.place }) },
      );
    report.versions = versions.length;
    report.says =
      versions.length === 0
        ? `Nothing to change: all ${report.records} records stand as told`
        : `Created ${report.created} records and amended ${report.amended}; ${report.unchanged} stood as told`;
    if (versions.length === 0) return report;
    await writer.keep(versions);
    await recompute(writer, versions, dayOf(at));
    return report;
  });
}

type Made = readonly Version[] | "unchanged" | undefined;

async function makeSo(
  writer: Writer,
  told: PlainRecord,
  by: { actor: Actor; at: Instant },
  problems: Problem[],
): Promise<Made> {
  try {
    const before = await writer.source.find(told.ref);
    const request = before ? amending(before, told) : creating(told);
    return request === undefined ? "unchanged" : await transition(writer.source, writer.mint, request, by);
  } catch (refusal) {
    // Every record is looked at, so that the asker can mend all at once.
    if (!(refusal instanceof Refusal)) throw refusal;
    problems.push({ message: refusal.message, place: { ...told.place, ...refusal.place } });
    return undefined;
  }
}

function amending(before: AnyRecord, told: PlainRecord): Request | undefined {
  if (before.kind !== told.kind)
    throw new Refusal("conflict", `Cannot amend ${told.ref}: it is a ${before.kind}, not a ${told.kind}`);
  if (told.state !== undefined && told.state !== before.state)
    throw new Refusal(
      "wrong-state",
      `Cannot amend ${told.ref}: it is ${before.state}, and only a deed makes it ${told.state}`,
    );
  const changed = Object.entries(told.fields).filter(([name, value]) => !isSame(before[name] ?? null, value));
  return changed.length === 0
    ? undefined
    : { kind: told.kind, ref: told.ref, deed: "amend", fields: Object.fromEntries(changed) };
}

function creating(told: PlainRecord): Request {
  const creating = Object.entries(kinds[told.kind].deeds).filter(([, deed]) => deed.from === "new");
  const fitting = creating.find(
    ([, deed]) => told.state === undefined || deed.to === told.state || typeof deed.to === "function",
  );
  if (!fitting)
    throw new Refusal(
      "wrong-state",
      `Cannot create ${told.ref} as ${told.state ?? "new"}: a new ${kinds[told.kind].title.toLowerCase()} is ${creating.map(([, deed]) => String(deed.to)).join(" or ")}`,
    );
  return {
    kind: told.kind,
    ref: told.ref,
    deed: fitting[0],
    fields: Object.fromEntries(Object.entries(told.fields).filter(([, value]) => value !== null)),
  };
}

/** A record after those that it points to. Records that point at each other stand as told: the second link is for a later amendment. */
function inOrderOfLinks(records: readonly PlainRecord[]): PlainRecord[] {
  const byRef = new Map<Ref, PlainRecord>(records.map((record) => [record.ref, record]));
  const ordered: PlainRecord[] = [];
  const state = new Map<Ref, "open" | "done">();
  for (const start of records) {
    // A stack of its own: a chain of links may be longer than the call stack is deep.
    const stack = [{ record: start, targets: targetsOf(start) }];
    while (stack.length > 0) {
      const top = stack.at(-1);
      if (!top) break;
      if (state.get(top.record.ref) === undefined) state.set(top.record.ref, "open");
      const next = top.targets.pop();
      if (next === undefined) {
        stack.pop();
        if (state.get(top.record.ref) !== "done") ordered.push(top.record);
        state.set(top.record.ref, "done");
        continue;
      }
      const target = byRef.get(next);
      if (target && state.get(next) === undefined) stack.push({ record: target, targets: targetsOf(target) });
    }
  }
  return ordered;
}

const targetsOf = (record: PlainRecord): Ref[] => linksOf(kinds[record.kind], record.fields).map(({ to }) => to);
