-- Who was shown who reported a concern, and when. It stands outside the ledger, which would tell everybody
-- that there is something to see, and it only grows.
create table sight_log (
  organization_id uuid not null,
  record_id uuid not null,
  -- The version that was shown.
  rev integer not null check (rev >= 1),
  person ref not null,
  seen_at instant not null,
  primary key (organization_id, record_id, seen_at, person, rev),
  foreign key (organization_id, record_id) references record (organization_id, record_id)
);
select guard_by_organization('sight_log');

create or replace function protect_ledger(application name) returns void language plpgsql as $$
begin
  execute format('revoke update, delete, truncate on ledger_entry, ledger_checkpoint, ledger_anchor, sight_log from %I', application);
  execute format('revoke delete, truncate on record, record_version, organization, ledger_head, ledger_key from %I', application);
  execute format('revoke truncate on all tables in schema public from %I', application);
end $$;
