import { toBase64 } from "#core/basics/bytes.ts";
import { dayOf, type Day } from "#core/basics/time.ts";
import type { RecordOf } from "#core/records/kind.ts";
import { listRecords } from "#storage/record-store.ts";
import { clockOf, read } from "./change.ts";
import { doDeed } from "./deed.ts";
import { systemSeat } from "./found.ts";
import { publishCheckpoint, verifyLive, type LedgerVerification } from "./ledger.ts";
import type { OrganizationId, Reader, World } from "./world.ts";

/** Verifications that are looked through for today's: there is one a day, and snapshots of other purposes are rare. */
const newestSnapshots = 50;

/**
 * Verifies the organisation's ledger against its records once a day, and keeps what was found as a
 * snapshot, which the checks read. Returns nothing when it was done today.
 */
export async function verifyToday(world: World, organization: OrganizationId): Promise<LedgerVerification | undefined> {
  const seat = systemSeat(organization);
  const wasDone = await read(world, seat, async (reader) => isVerifiedOn(reader, dayOf(await clockOf(world, reader))));
  if (wasDone) return undefined;
  const checkpoint = await publishCheckpoint(world, seat);
  const found = await verifyLive(world, seat);
  const at = await read(world, seat, (reader) => clockOf(world, reader));
  const [problem] = found.problems;
  await doDeed(world, seat, {
    kind: "snapshot",
    deed: "make",
    fields: {
      purpose: "verification",
      entries: found.entries,
      root_hash: toBase64(found.root),
      checkpoint: checkpoint.note,
      verification: {
        result: problem ? "broken" : "intact",
        verified_at: at,
        from_entry: 0,
        to_entry: Math.max(0, found.entries - 1),
        message: problem
          ? `${found.problems.length} problems; the first: ${problem.message}`
          : `${found.entries} entries about ${found.records} records agree with their tree, their checkpoints and the records`,
      },
    },
  });
  return found;
}

async function isVerifiedOn(reader: Reader, day: Day): Promise<boolean> {
  const { records } = await listRecords(reader, {
    kinds: ["snapshot"],
    sort: "recorded_at",
    descending: true,
    limit: newestSnapshots,
  });
  return (records as RecordOf<"snapshot">[]).some(
    ({ verification }) => verification !== undefined && dayOf(verification.verified_at) === day,
  );
}
