import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { change, foundOrganization } from "#app/change.ts";
import { recomputeAll } from "#app/conformity.ts";
import { systemSeat } from "#app/found.ts";
import { testImages } from "#app/world.testing.ts";
import { openWorld, type Seat, type World } from "#app/world.ts";
import { addDays, dayOf, parseDay, type Day, type Instant } from "#core/basics/time.ts";
import { kinds, type KindName } from "#core/records/all.ts";
import type { AnyRecord } from "#core/records/kind.ts";
import { contentHash } from "#core/records/transition.ts";
import { nodes } from "#core/standard/catalogue.ts";

/** A world in a folder of its own, or on the server that the URL names; both are gone with `close`. */
export async function openBenchWorld(url?: string): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "aims-bench-"));
  const world = await openWorld({
    data: join(folder, "data"),
    images: testImages,
    ...(url === undefined ? {} : { url }),
  });
  return {
    ...world,
    async close() {
      await world.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** An organisation with that many records of a mixture that real ones show: many people and what they did, many values and proofs, fewer risks. */
export async function fillOrganization(world: World, size: number): Promise<Seat> {
  const seat = systemSeat(await foundOrganization(world, { name: `Organisation of ${size}`, sample: false }));
  const records = recordsOf(size);
  for (let from = 0; from < size; from += 2000) {
    await change(world, seat, async (writer, at) => {
      await writer.keep(
        records.slice(from, from + 2000).map((record) => ({
          before: undefined,
          record: { ...record, id: writer.mint.id(), recorded_at: at, created_at: at },
          deed: "take",
          op: "create" as const,
        })),
      );
      if (from + 2000 >= size) await recomputeAll(writer, dayOf(at));
    });
  }
  await world.database.maintain();
  return seat;
}

const today = parseDay(new Date().toISOString().slice(0, 10));
const noon = `${today}T12:00:00.000Z` as Instant;

/** The same records for the same number. */
export function recordsOf(size: number): AnyRecord[] {
  const people = Math.max(10, Math.floor(size * 0.3));
  const systems = Math.min(200, Math.max(6, Math.floor(size / 500)));
  const records: AnyRecord[] = [];
  for (let number = 0; records.length < size; number++) records.push(...cycle(number, { people, systems }));
  return records.slice(0, size);
}

const ref = (prefix: string, number: number) => `${prefix}-${String(number).padStart(6, "0")}`;
const person = (number: number) => `P${String(number).padStart(6, "0")}`;
const past = (days: number): Day => addDays(today, -days);

/** A person and what stands around them: their training, what they confirmed, a value, a proof, now and then a risk with its plan. */
function cycle(number: number, { people, systems }: { people: number; systems: number }): AnyRecord[] {
  const owner = person(number % people);
  const system = ref("AIS", number % systems);
  const made: AnyRecord[] = [];
  if (number < people)
    made.push(
      record("person", person(number), "active", {
        full_name: `Person ${number}`,
        title: `Person ${number}`,
        employment: "employee",
        in_scope: true,
        active_from: past(number % 900),
      }),
    );
  if (number < systems)
    made.push(
      record("ai_system", system, "deployed", {
        title: `System ${number}`,
        purpose: "Sort letters",
        tier: 1 + (number % 3),
        in_scope: true,
        owner,
      }),
    );
  made.push(
    record("competence_record", ref("CR", number), "valid", {
      title: `Competence ${number}`,
      person: owner,
      assessed_on: past(number % 400),
      valid_until: addDays(today, (number % 700) - 20),
    }),
    record("awareness_ack", ref("ACK", number), "given", {
      person: owner,
      topics: ["policy"],
      method: "quiz",
      given_on: past(number % 380),
      valid_until: addDays(today, (number % 365) + 1),
    }),
    record("evidence_item", ref("EVD", number), "accepted", {
      title: `Proof ${number}`,
      evidence_kind: "export",
      collected_on: past(number % 500),
      period_from: past((number % 500) + 30),
      period_to: past(number % 500),
      valid_until: addDays(today, number % 200),
      supports_nodes: [nodes[number % nodes.length]?.id ?? "M01"],
      owner,
    }),
    record("measurement", ref("MEA", number), "evaluated", {
      value: number % 100,
      period_to: past(number % 300),
      collected_on: past(number % 300),
      band: "green",
    }),
    record("task", ref("TSK", number), number % 7 === 0 ? "open" : "done", {
      title: `Task ${number}`,
      assignee: owner,
      owner,
      due_on: addDays(today, (number % 120) - 2),
      outcome: "Done",
    }),
  );
  if (number % 5 === 0)
    made.push(
      record("risk", ref("RSK", number), "treating", {
        title: `Risk ${number}`,
        risk_kind: "threat",
        cause: "a",
        event: "b",
        consequence: "c",
        owner,
        ai_systems: [system],
        treatment_option: "modify",
        next_review_on: addDays(today, number % 360),
      }),
      record("treatment_plan", ref("TP", number), "in_progress", {
        title: `Plan ${number}`,
        risks: [ref("RSK", number)],
        owner,
        next_review_on: addDays(today, number % 200),
      }),
    );
  return made;
}

function record(kind: KindName, name: string, state: string, fields: Record<string, unknown>): AnyRecord {
  return {
    ...fields,
    kind,
    ref: name,
    id: name,
    state,
    rev: 1,
    content_hash: contentHash(kinds[kind], fields),
    created_at: noon,
    recorded_at: noon,
    state_since: past(30),
  } as AnyRecord;
}
