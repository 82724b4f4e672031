-- One append-only log for each organisation, and the locks that keep records and log together.

-- The next place in the log. Its row lock makes the writes of one organisation follow one another.
create table ledger_head (
  organization_id uuid primary key references organization (organization_id),
  size bigint not null check (size >= 0),
  last_at instant not null
);
select guard_by_organization('ledger_head');

-- What is hashed is what is kept. Record, revision and commitment are read from the entry itself, so that no
-- column can say anything else. Entries are ASCII without backslashes, which `escape` leaves as they are.
create table ledger_entry (
  organization_id uuid not null,
  seq bigint not null check (seq >= 0),
  entry bytea not null,
  rid uuid not null generated always as ((encode(entry, 'escape')::jsonb ->> 'rid')::uuid) stored,
  rev integer not null generated always as ((encode(entry, 'escape')::jsonb ->> 'rev')::integer) stored,
  commitment bytea not null generated always as (decode(encode(entry, 'escape')::jsonb #>> '{commit,d}', 'base64')) stored,
  -- RFC 9162, section 2.1.1.
  leaf_hash bytea not null generated always as (sha256('\x00'::bytea || entry)) stored,
  primary key (organization_id, seq)
);
create unique index ledger_entry_by_record on ledger_entry (organization_id, rid, rev);
select guard_by_organization('ledger_entry');

-- How far entries are in the tree, and its root.
create table ledger_tree (
  organization_id uuid primary key references organization (organization_id),
  size bigint not null check (size >= 0),
  root bytea not null check (octet_length(root) = 32)
);
select guard_by_organization('ledger_tree');

-- Full tiles, and the partial ones at the right edge. Partial tiles of earlier sizes are beginnings of these.
create table ledger_tile (
  organization_id uuid not null references organization (organization_id),
  level integer not null check (level between 0 and 63),
  tile_index bigint not null check (tile_index >= 0),
  hashes bytea not null check (octet_length(hashes) between 32 and 8192 and octet_length(hashes) % 32 = 0),
  primary key (organization_id, level, tile_index)
);
select guard_by_organization('ledger_tile');

-- Every head that was ever signed.
create table ledger_checkpoint (
  organization_id uuid not null references organization (organization_id),
  size bigint not null check (size >= 1),
  published_at instant not null,
  root bytea not null check (octet_length(root) = 32),
  note text not null,
  primary key (organization_id, size, published_at)
);
select guard_by_organization('ledger_checkpoint');

-- What others say of a head: time stamps, witnesses' signatures.
create table ledger_anchor (
  organization_id uuid not null references organization (organization_id),
  size bigint not null check (size >= 1),
  kind text not null check (kind in ('rfc3161', 'witness', 'rekor')),
  token bytea not null,
  obtained_at instant not null,
  primary key (organization_id, size, kind, obtained_at)
);
select guard_by_organization('ledger_anchor');

-- The public halves of the keys that sign, by the sizes of the log for which they do.
create table ledger_key (
  organization_id uuid not null references organization (organization_id),
  vkey text collate "C" not null,
  valid_from_size bigint not null check (valid_from_size >= 0),
  retired_at_size bigint check (retired_at_size > valid_from_size),
  announced_at instant not null,
  primary key (organization_id, vkey)
);
select guard_by_organization('ledger_key');

-- Enters the organisation for writing: its rows become visible and its head is locked.
create function enter_for_writing(organization uuid, out size bigint, out last_at text, out sample boolean, out clock_at text)
language plpgsql as $$
begin
  perform set_config('aims.organization', organization::text, true);
  select h.size, h.last_at, o.sample, o.clock_at into enter_for_writing.size, enter_for_writing.last_at, enter_for_writing.sample, enter_for_writing.clock_at
    from ledger_head h join organization o on o.organization_id = h.organization_id
    where h.organization_id = organization for update of h;
end $$;

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'Cannot % %: what the ledger holds is only added to', lower(tg_op), tg_table_name using errcode = 'AIM01';
end $$;

create trigger only_added_to before update or delete or truncate on ledger_entry for each statement execute function refuse_change();
create trigger only_added_to before update or delete or truncate on ledger_checkpoint for each statement execute function refuse_change();
create trigger only_added_to before delete or truncate on record_version for each statement execute function refuse_change();
create trigger only_added_to before delete or truncate on record for each statement execute function refuse_change();

-- A version changes in one way only: its content is erased.
create function refuse_unless_erasure() returns trigger language plpgsql as $$
begin
  if old.erased_at is null and new.erased_at is not null and new.payload is null and new.salt is null
    and (new.organization_id, new.record_id, new.rev, new.seq, new.kind, new.deed, new.op, new.state, new.state_since, new.recorded_at, new.imported)
      = (old.organization_id, old.record_id, old.rev, old.seq, old.kind, old.deed, old.op, old.state, old.state_since, old.recorded_at, old.imported)
    -- The unsalted hash of content that can be guessed would give it away.
    and new.content_hash is null
    and (new.ref, new.because_ref, new.recorded_by, new.done_at) is not distinct from (old.ref, old.because_ref, old.recorded_by, old.done_at)
  then
    return new;
  end if;
  raise exception 'Cannot update record_version: a version that was kept can only be erased' using errcode = 'AIM01';
end $$;
create trigger only_erased before update on record_version for each row execute function refuse_unless_erasure();

-- At commit, each version has its entry, which commits to exactly this content; and what was erased, an entry that says so.
create function demand_entry() returns trigger language plpgsql as $$
declare
  has_entry boolean;
  is_erased boolean;
  is_committed boolean;
begin
  select e.commitment is not null, v.payload is null, sha256(v.salt || convert_to(v.payload, 'UTF8')) = e.commitment into has_entry, is_erased, is_committed
    from record_version v left join ledger_entry e on e.organization_id = v.organization_id and e.seq = v.seq and e.rid = v.record_id and e.rev = v.rev
    where v.organization_id = new.organization_id and v.record_id = new.record_id and v.rev = new.rev;
  if is_committed then
    return null;
  elsif has_entry is distinct from true then
    raise exception 'Cannot commit version % of %: it has no entry in the ledger', new.rev, coalesce(new.ref, new.record_id::text) using errcode = 'AIM02';
  elsif not is_erased then
    raise exception 'Cannot commit version % of %: its entry in the ledger commits to other content', new.rev, coalesce(new.ref, new.record_id::text) using errcode = 'AIM02';
  elsif not exists (select 1 from ledger_entry e where e.organization_id = new.organization_id and e.rid = new.record_id and e.rev > new.rev
      and encode(e.entry, 'escape')::jsonb -> 'revs' @> to_jsonb(new.rev)) then
    raise exception 'Cannot commit erasure of version % of %: no entry of the ledger says so', new.rev, coalesce(new.ref, new.record_id::text) using errcode = 'AIM02';
  end if;
  return null;
end $$;
create constraint trigger demand_entry after insert or update on record_version deferrable initially deferred for each row execute function demand_entry();

-- At commit, each record is as its newest version says.
create function demand_newest_version() returns trigger language plpgsql as $$
declare
  has_version boolean;
  is_same boolean;
begin
  select v.rev is not null,
      (r.rev, r.kind, r.ref, r.state, r.content_hash, r.state_since, r.recorded_at) = (v.rev, v.kind, v.ref, v.state, v.content_hash, v.state_since, v.recorded_at)
      and r.recorded_by is not distinct from v.recorded_by and r.body = v.payload::jsonb -> 'fields'
    into has_version, is_same
    from record r left join lateral (
      select * from record_version n where n.organization_id = r.organization_id and n.record_id = r.record_id order by n.rev desc limit 1
    ) v on true
    where r.organization_id = new.organization_id and r.record_id = new.record_id;
  if is_same then
    return null;
  elsif has_version then
    raise exception 'Cannot commit record %: it is not as its newest version says', new.ref using errcode = 'AIM02';
  end if;
  raise exception 'Cannot commit record %: it has no version in the ledger', new.ref using errcode = 'AIM02';
end $$;
create constraint trigger demand_newest_version after insert or update on record deferrable initially deferred for each row execute function demand_newest_version();

-- What the application's role may never do, whatever it is granted besides.
create function protect_ledger(application name) returns void language plpgsql as $$
begin
  execute format('revoke update, delete, truncate on ledger_entry, ledger_checkpoint, ledger_anchor from %I', application);
  execute format('revoke delete, truncate on record, record_version, organization, ledger_head, ledger_key from %I', application);
  execute format('revoke truncate on all tables in schema public from %I', application);
end $$;
