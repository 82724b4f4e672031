-- Keeps versions with their entries, records and links, and moves the ledger's head past them: all in one
-- statement. As a function, because a session then plans the statement once and not for each deed, also behind
-- a pooler that forbids prepared statements. Returns how many records came, and how many were changed.
create function keep_versions(organization uuid, versions json, links_gone json, links_come json, refs_given json, head_size bigint, head_at text, out fresh bigint, out changed bigint)
language plpgsql as $$
begin
  with input as materialized (
    select * from json_to_recordset(versions) as i(record_id uuid, rev integer, seq bigint, kind text, ref text, deed text, op text,
      because_ref text, state text, content_hash text, state_since text, recorded_at text, recorded_by text, done_at text, payload text, salt text,
      entry text, imported boolean, newest boolean, base_rev integer, created_at text, created_by text, search text)
  ), entries as (
    insert into ledger_entry (organization_id, seq, entry) select organization, i.seq, convert_to(i.entry, 'UTF8') from input i
  ), kept_versions as (
    insert into record_version (organization_id, record_id, rev, seq, kind, ref, deed, op, because_ref, state, content_hash, state_since, recorded_at, recorded_by, done_at, payload, salt, imported)
    select organization, i.record_id, i.rev, i.seq, i.kind, i.ref, i.deed, i.op, i.because_ref, i.state, i.content_hash, i.state_since, i.recorded_at, i.recorded_by, i.done_at, i.payload, decode(i.salt, 'hex'), i.imported from input i
  ), come as (
    insert into record (organization_id, record_id, kind, ref, state, rev, body, content_hash, created_at, created_by, recorded_at, recorded_by, state_since, search)
    select organization, i.record_id, i.kind, i.ref, i.state, i.rev, i.payload::jsonb -> 'fields', i.content_hash, i.created_at, i.created_by, i.recorded_at, i.recorded_by, i.state_since, i.search
    from input i where i.newest and i.base_rev = 0
    on conflict do nothing returning 1
  ), moved as (
    update record r set state = i.state, rev = i.rev, body = i.payload::jsonb -> 'fields', content_hash = i.content_hash, recorded_at = i.recorded_at, recorded_by = i.recorded_by, state_since = i.state_since, search = i.search
    from input i where i.newest and i.base_rev > 0 and r.organization_id = organization and r.record_id = i.record_id and r.rev = i.base_rev
    returning 1
  ), unlinked as (
    delete from record_link l using json_to_recordset(links_gone) as g(from_ref text, field text, to_ref text)
    where l.organization_id = organization and l.from_ref = g.from_ref and l.field = g.field and l.to_ref = g.to_ref
  ), linked as (
    insert into record_link (organization_id, from_ref, field, to_ref, from_kind)
    select organization, c.from_ref, c.field, c.to_ref, c.from_kind from json_to_recordset(links_come) as c(from_ref text, field text, to_ref text, from_kind text)
  ), counted as (
    insert into ref_counter (organization_id, prefix, next)
    select organization, n.prefix, n.next from json_to_recordset(refs_given) as n(prefix text, next integer)
    on conflict (organization_id, prefix) do update set next = greatest(ref_counter.next, excluded.next)
  ), head as (
    update ledger_head h set size = head_size, last_at = head_at where h.organization_id = organization
  )
  select (select count(*) from come), (select count(*) from moved) into keep_versions.fresh, keep_versions.changed;
end $$;
