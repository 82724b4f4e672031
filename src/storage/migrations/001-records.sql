-- The generic versioned store. One table of current records and one of their versions serve every kind.
-- Written to the PostgreSQL 15 subset; the embedded engine is a newer one.
--
-- organization_id leads every key, index and foreign key, so that a distributed engine can place an
-- organisation's rows together. Enumerations are text with a check, and ids are uuid: equality on both is
-- leakproof, which lets the planner use indexes beneath row-level security.

-- Days and instants are text of one form, compared byte by byte: both engines, the canonical JSON that the
-- ledger commits to and the application's own comparisons then agree to the last character.
create domain day as text collate "C" check (value ~ '^\d{4}-\d\d-\d\d$');
create domain instant as text collate "C" check (value ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$');
create domain ref as text collate "C" check (length(value) between 1 and 80);

-- The organisation whose rows this transaction may see. Nothing when none was entered.
create function entered_organization() returns uuid language sql stable
  as $$ select nullif(current_setting('aims.organization', true), '')::uuid $$;

-- Rows of other organisations do not exist for anybody who comes through the table's front door, its owner included.
create function guard_by_organization(name regclass) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', name);
  execute format('alter table %s force row level security', name);
  execute format('create policy entered_organization on %s using (organization_id = nullif(current_setting(''aims.organization'', true), '''')::uuid) with check (organization_id = nullif(current_setting(''aims.organization'', true), '''')::uuid)', name);
end $$;

create table organization (
  organization_id uuid primary key,
  name text not null check (length(name) between 1 and 500),
  -- Said at birth, in the first entry of the ledger, and never changed.
  sample boolean not null,
  born_at instant not null,
  -- Where a sample's simulated clock stands.
  clock_at instant,
  check (sample = (clock_at is not null))
);
select guard_by_organization('organization');
-- The door of the house: who is to be asked to sign in where. Whoever wants the list has to say so.
create policy directory on organization for select using (current_setting('aims.directory', true) = 'on');

create table record (
  organization_id uuid not null,
  record_id uuid not null,
  kind text collate "C" not null,
  ref ref not null,
  state text collate "C" not null,
  rev integer not null check (rev >= 1),
  -- The fields of the newest version, from its payload.
  body jsonb not null check (jsonb_typeof(body) = 'object'),
  title text generated always as (body ->> 'title') stored,
  owner text collate "C" generated always as (body ->> 'owner') stored,
  next_review_on text collate "C" generated always as (body ->> 'next_review_on') stored,
  content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
  created_at instant not null,
  created_by ref,
  recorded_at instant not null,
  recorded_by ref,
  state_since day not null,
  -- What a text search looks through, in lower case.
  search text not null,
  primary key (organization_id, record_id)
);
create unique index record_by_ref on record (organization_id, ref);
create index record_by_kind on record (organization_id, kind, ref);
create index record_by_title on record (organization_id, kind, (coalesce(lower(title), '') collate "C"), ref);
create index record_by_time on record (organization_id, recorded_at, ref);
create index record_by_owner on record (organization_id, owner, ref);
create index record_by_review on record (organization_id, kind, (coalesce(next_review_on, '9999-12-31')), ref);
select guard_by_organization('record');

create table record_version (
  organization_id uuid not null,
  record_id uuid not null,
  rev integer not null check (rev >= 1),
  -- Of its entry in the ledger.
  seq bigint not null check (seq >= 0),
  -- The record's kind; `organization` and `ledger` for what the ledger says of itself.
  kind text collate "C" not null,
  ref ref,
  deed text collate "C" not null,
  op text collate "C" not null check (op in ('create', 'update', 'approve', 'sign', 'link', 'export', 'erase', 'key', 'anchor', 'import')),
  because_ref ref,
  state text collate "C" not null,
  content_hash text,
  state_since day not null,
  recorded_at instant not null,
  recorded_by ref,
  done_at instant,
  -- The very text that the entry commits to, salted. Both are null once they were erased.
  payload text,
  salt bytea check (octet_length(salt) = 32),
  imported boolean not null default false,
  erased_at instant,
  primary key (organization_id, record_id, rev),
  check ((payload is null) = (erased_at is not null) and (salt is null) = (payload is null)),
  check (imported = (done_at is not null))
);
create unique index record_version_by_seq on record_version (organization_id, seq);
create index record_version_by_ref on record_version (organization_id, ref, rev);
select guard_by_organization('record_version');

create table record_link (
  organization_id uuid not null,
  from_ref ref not null,
  field text collate "C" not null,
  to_ref ref not null,
  from_kind text collate "C" not null,
  primary key (organization_id, from_ref, field, to_ref)
);
create index record_link_by_target on record_link (organization_id, to_ref, from_kind, field, from_ref);
select guard_by_organization('record_link');

create table ref_counter (
  organization_id uuid not null references organization (organization_id),
  prefix text collate "C" not null,
  next integer not null check (next >= 1),
  primary key (organization_id, prefix)
);
select guard_by_organization('ref_counter');
