import {
  applicabilityIn,
  aboutEvidence,
  isLaterVerdict,
  proofIn,
  standingsOf,
  verdictIn,
  type Applicability,
  type GivenVerdict,
  type ProofItem,
} from "#core/conformity/standing.ts";
import { kinds } from "#core/records/all.ts";
import type { Ref } from "#core/records/field.ts";
import { linksOf, type RecordOf } from "#core/records/kind.ts";
import type { MemoryRecords } from "#core/records/memory.ts";
import type { Version } from "#core/records/transition.ts";
import { Neighbourhood } from "#storage/neighbourhood.ts";
import { linksTo, recordsOf } from "#storage/record-store.ts";
import { clearStandings, keepVerdicts, replaceApplicability, replaceProof } from "#storage/standing-store.ts";
import type { Writer } from "./world.ts";

/** Keeps what the versions change in what stands beside the checks: verdicts, applicability, proof. */
export async function restand(writer: Writer, versions: readonly Version[]): Promise<void> {
  await keepVerdicts(
    writer,
    newestOf(versions.map(({ record }) => verdictIn(record)).filter((verdict) => verdict !== undefined)),
  );
  const controls = new Set(
    versions
      .flatMap(({ before, record }) => (record.kind === "soa_entry" ? [before, record] : []))
      .map((entry) => (entry as RecordOf<"soa_entry"> | undefined)?.control_id)
      .filter((control) => control !== undefined),
  );
  if (controls.size > 0) await restandControls(writer, controls);
  const items = new Set(
    versions.flatMap(({ before, record }) =>
      [before, record].flatMap((version) => (version ? evidenceIn(version) : [])),
    ),
  );
  if (items.size > 0) await restandProof(writer, [...items], versions);
}

/** Keeps what stands beside the checks, from all records. */
export async function restandAll(writer: Writer, records: MemoryRecords): Promise<void> {
  await clearStandings(writer);
  const standings = [...standingsOf(records).values()];
  await keepVerdicts(
    writer,
    standings.map(({ verdict }) => verdict).filter((verdict) => verdict !== undefined),
  );
  await replaceApplicability(
    writer,
    [],
    standings.map(({ applicability }) => applicability).filter((said) => said !== undefined),
  );
  const proof = records.all("evidence_item").flatMap((record) => proofIn(record, aboutEvidence(records, record)));
  await replaceProof(writer, [], proof);
}

function newestOf(verdicts: readonly GivenVerdict[]): GivenVerdict[] {
  const newest = new Map<string, GivenVerdict>();
  for (const verdict of verdicts)
    if (isLaterVerdict(verdict, newest.get(verdict.node))) newest.set(verdict.node, verdict);
  return [...newest.values()];
}

/** Statements are few and change seldom: the controls that one speaks of are looked at whole. */
async function restandControls(writer: Writer, controls: ReadonlySet<string>): Promise<void> {
  const said = new Map<string, Applicability>();
  for await (const batch of recordsOf(writer, ["soa_entry"])) {
    for (const record of batch) {
      const entry = applicabilityIn(record);
      if (entry && controls.has(entry.node)) said.set(entry.node, entry);
    }
  }
  await replaceApplicability(writer, [...controls], [...said.values()]);
}

/** The evidence whose proof a version may alter: the record itself, or what it cites. */
function evidenceIn(record: Version["record"]): Ref[] {
  const cited = linksOf(kinds[record.kind], record)
    .filter(({ field }) => field === "evidence")
    .map(({ to }) => to);
  return record.kind === "evidence_item" ? [record.ref, ...cited] : cited;
}

async function restandProof(writer: Writer, items: readonly Ref[], versions: readonly Version[]): Promise<void> {
  const near = new Neighbourhood(writer);
  for (const { record } of versions) near.put(record);
  await near.load(items);
  const proof: ProofItem[] = [];
  for (const ref of items) {
    const evidence = near.records.find(ref);
    if (evidence?.state !== "accepted") continue;
    const citing = (await linksTo(writer, ref)).filter(({ field }) => field === "evidence").map(({ from }) => from);
    await near.load([...near.records.linked(evidence, "supports"), ...citing]);
    proof.push(...proofIn(evidence, aboutEvidence(near.records, evidence)));
  }
  await replaceProof(writer, items, proof);
}
