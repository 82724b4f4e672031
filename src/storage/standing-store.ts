import { sql } from "kysely";
import type { Day } from "#core/basics/time.ts";
import {
  monthsOf,
  rankOfProof,
  type Applicability,
  type GivenVerdict,
  type ProofItem,
  type Standing,
} from "#core/conformity/standing.ts";
import type { Ref } from "#core/records/field.ts";
import type { Reader } from "./reader.ts";
import type { Writer } from "./writer.ts";

/** The month under which all items of a node are counted. */
const allMonths = "";

/** What stands beside the checks of each of the nodes, with the covered months from `since` on. */
export async function readStandings(
  reader: Reader,
  nodes: readonly string[],
  since: string,
): Promise<Map<string, Standing>> {
  const { db, organization } = reader;
  const { rows } = await sql<StandingRow>`
    select 'verdict' as what, node_id, row_to_json(v) as said from node_verdict v where organization_id = ${organization}
    union all select 'applicability', node_id, row_to_json(a) from node_applicability a where organization_id = ${organization}
    union all select 'months', node_id, json_object_agg(month, items) from node_proof_month where organization_id = ${organization} and (month >= ${since} or month = ${allMonths}) and items > 0 group by node_id
    union all select 'proof', newest.node_id, row_to_json(newest) from json_array_elements_text(${JSON.stringify(nodes)}::text::json) as asked(node)
      cross join lateral (select * from node_proof p where p.organization_id = ${organization} and p.node_id = asked.node order by p.rank desc, p.ref desc limit 1) newest`.execute(
    db,
  );
  const standings = new Map<string, Standing & { months: Set<string> }>();
  for (const row of rows) {
    let standing = standings.get(row.node_id);
    if (!standing) standings.set(row.node_id, (standing = { items: 0, months: new Set() }));
    if (row.what === "verdict")
      standing.verdict = {
        node: row.node_id,
        ref: row.said.ref,
        value: row.said.value,
        reason: row.said.reason,
        by: row.said.judged_by ?? undefined,
        on: row.said.judged_on,
      };
    else if (row.what === "applicability")
      standing.applicability = {
        node: row.node_id,
        ref: row.said.ref,
        included: row.said.included,
        status: row.said.status ?? undefined,
      };
    else if (row.what === "proof") standing.proof = proofOf(row.node_id, row.said);
    else {
      for (const month of Object.keys(row.said)) if (month !== allMonths) standing.months.add(month);
      standing.items = row.said[allMonths] ?? 0;
    }
  }
  return standings;
}

/** Keeps verdicts where they count rather than the kept ones. */
export async function keepVerdicts(writer: Writer, verdicts: readonly GivenVerdict[]): Promise<void> {
  if (verdicts.length === 0) return;
  await sql`
    insert into node_verdict (organization_id, node_id, ref, value, reason, judged_by, judged_on)
    select ${writer.organization}::uuid, node, ref, value, reason, "by", "on"
      from json_to_recordset(${JSON.stringify(verdicts)}::text::json) as v(node text, ref text, value text, reason text, "by" text, "on" text)
    on conflict (organization_id, node_id) do update
      set ref = excluded.ref, value = excluded.value, reason = excluded.reason, judged_by = excluded.judged_by, judged_on = excluded.judged_on
      where (excluded.judged_on, excluded.ref) > (node_verdict.judged_on, node_verdict.ref)`.execute(writer.db);
}

/** Keeps what is said of these controls now; nothing where nothing is said any more. */
export async function replaceApplicability(
  writer: Writer,
  controls: readonly string[],
  said: readonly Applicability[],
): Promise<void> {
  await sql`delete from node_applicability where organization_id = ${writer.organization} and node_id = any(${[...controls]}::text[])`.execute(
    writer.db,
  );
  if (said.length === 0) return;
  await sql`
    insert into node_applicability (organization_id, node_id, ref, included, status)
    select ${writer.organization}::uuid, node, ref, included, status from json_to_recordset(${JSON.stringify(said)}::text::json) as a(node text, ref text, included boolean, status text)`.execute(
    writer.db,
  );
}

/** Takes away what these items proved and keeps what they prove now. */
export async function replaceProof(writer: Writer, items: readonly Ref[], proof: readonly ProofItem[]): Promise<void> {
  const counts = new Map<string, { node: string; month: string; items: number }>();
  const count = (item: Pick<ProofItem, "node" | "from" | "to">, by: 1 | -1) => {
    for (const month of [allMonths, ...monthsOf(item)]) {
      const key = `${item.node} ${month}`;
      const entry = counts.get(key) ?? { node: item.node, month, items: 0 };
      entry.items += by;
      counts.set(key, entry);
    }
  };
  if (items.length > 0) {
    const { rows } = await sql<
      ProofRow & { node_id: string }
    >`delete from node_proof where organization_id = ${writer.organization} and ref = any(${[...items]}::text[]) returning *`.execute(
      writer.db,
    );
    for (const row of rows) count(proofOf(row.node_id, row), -1);
  }
  for (let at = 0; at < proof.length; at += 5000) {
    const part = proof.slice(at, at + 5000);
    await sql`
      insert into node_proof (organization_id, node_id, ref, title, from_day, to_day, until_day, rank)
      select ${writer.organization}::uuid, node, ref, title, "from", "to", until, rank
        from json_to_recordset(${JSON.stringify(part.map((item) => ({ ...item, rank: rankOfProof(item) })))}::text::json) as p(node text, ref text, title text, "from" text, "to" text, until text, rank text)`.execute(
      writer.db,
    );
  }
  for (const item of proof) count(item, 1);
  const changed = [...counts.values()].filter((entry) => entry.items !== 0);
  if (changed.length === 0) return;
  await sql`
    insert into node_proof_month (organization_id, node_id, month, items)
    select ${writer.organization}::uuid, node, month, items from json_to_recordset(${JSON.stringify(changed)}::text::json) as m(node text, month text, items int)
    on conflict (organization_id, node_id, month) do update set items = node_proof_month.items + excluded.items`.execute(
    writer.db,
  );
}

/** Takes everything away that stood beside the checks. */
export async function clearStandings(writer: Writer): Promise<void> {
  for (const table of ["node_verdict", "node_applicability", "node_proof", "node_proof_month"])
    await sql`delete from ${sql.table(table)} where organization_id = ${writer.organization}`.execute(writer.db);
}

type ProofRow = { ref: Ref; title: string; from_day: Day | null; to_day: Day | null; until_day: Day | null };
type StandingRow = { node_id: string } & (
  | {
      what: "verdict";
      said: { ref: Ref; value: GivenVerdict["value"]; reason: string; judged_by: Ref | null; judged_on: Day };
    }
  | { what: "applicability"; said: { ref: Ref; included: boolean; status: string | null } }
  | { what: "proof"; said: ProofRow }
  | { what: "months"; said: Record<string, number> }
);

function proofOf(node: string, row: ProofRow): ProofItem {
  return {
    node,
    ref: row.ref,
    title: row.title,
    from: row.from_day ?? undefined,
    to: row.to_day ?? undefined,
    until: row.until_day ?? undefined,
  };
}
