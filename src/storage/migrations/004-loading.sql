-- Records by reference, records that point to others, and all of a kind, in one question; with each the leaf
-- hash of its newest entry, which the next entry about it has to name. As a function for the same reason as
-- `keep_versions`: a session plans its statements once.
create function load_records(organization uuid, refs text[], pointing json, kinds text[])
returns table (record_id uuid, kind text, ref text, state text, rev integer, body jsonb, content_hash text, created_at text, created_by text, recorded_at text, recorded_by text, state_since text, leaf_hash bytea)
language plpgsql stable as $$
#variable_conflict use_column
begin
  if cardinality(refs) > 0 then
    return query
      select r.record_id, r.kind, r.ref::text, r.state, r.rev, r.body, r.content_hash, r.created_at::text, r.created_by::text, r.recorded_at::text, r.recorded_by::text, r.state_since::text, e.leaf_hash
      from record r join ledger_entry e on e.organization_id = r.organization_id and e.rid = r.record_id and e.rev = r.rev
      where r.organization_id = organization and r.ref = any(refs);
  end if;
  if json_array_length(pointing) > 0 then
    return query
      select r.record_id, r.kind, r.ref::text, r.state, r.rev, r.body, r.content_hash, r.created_at::text, r.created_by::text, r.recorded_at::text, r.recorded_by::text, r.state_since::text, e.leaf_hash
      from (
        select distinct l.from_ref from json_to_recordset(pointing) as wanted(kind text, field text, "to" text)
        join record_link l on l.organization_id = organization and l.to_ref = wanted."to" and l.from_kind = wanted.kind and l.field = wanted.field
      ) sources
      join record r on r.organization_id = organization and r.ref = sources.from_ref
      join ledger_entry e on e.organization_id = r.organization_id and e.rid = r.record_id and e.rev = r.rev;
  end if;
  if cardinality(kinds) > 0 then
    return query
      select r.record_id, r.kind, r.ref::text, r.state, r.rev, r.body, r.content_hash, r.created_at::text, r.created_by::text, r.recorded_at::text, r.recorded_by::text, r.state_since::text, e.leaf_hash
      from record r join ledger_entry e on e.organization_id = r.organization_id and e.rid = r.record_id and e.rev = r.rev
      where r.organization_id = organization and r.kind = any(kinds);
  end if;
end $$;
