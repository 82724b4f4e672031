-- Who may sign in, and how they showed who they are. None of it is a record of the management system: it
-- stands outside the ledger, may be erased, and no secret is kept as it was given.

create table account (
  organization_id uuid not null references organization (organization_id),
  account_id uuid not null,
  person ref not null,
  -- Argon2id in its own notation, which says its parameters. Absent until an invitation is accepted; in a
  -- sample organisation, while the password that all its people share still holds.
  password_hash text,
  -- Runs the software. Gives no power over records.
  administrator boolean not null default false,
  -- Who they are to an identity provider.
  identity_issuer text collate "C",
  identity_subject text collate "C",
  created_at instant not null,
  password_set_at instant,
  last_sign_in_at instant,
  primary key (organization_id, account_id),
  check ((identity_issuer is null) = (identity_subject is null))
);
create unique index account_by_person on account (organization_id, person);
create unique index account_by_identity on account (organization_id, identity_issuer, identity_subject) where identity_issuer is not null;
select guard_by_organization('account');

create table session (
  organization_id uuid not null,
  -- SHA-256 of the random id that the browser holds: whoever reads this table can sign in with nothing in it.
  session_hash bytea not null check (octet_length(session_hash) = 32),
  account_id uuid not null,
  created_at instant not null,
  last_seen_at instant not null,
  -- Whatever happens, it is over then.
  ends_at instant not null,
  -- Until when the password confirmed last counts for one approval.
  proof_until instant,
  primary key (organization_id, session_hash),
  foreign key (organization_id, account_id) references account (organization_id, account_id) on delete cascade
);
create index session_by_account on session (organization_id, account_id);
select guard_by_organization('session');

create table api_token (
  organization_id uuid not null,
  token_hash bytea not null check (octet_length(token_hash) = 32),
  token_id uuid not null,
  account_id uuid not null,
  name text not null check (length(name) between 1 and 100),
  created_at instant not null,
  expires_at instant not null,
  last_used_at instant,
  revoked_at instant,
  primary key (organization_id, token_hash),
  foreign key (organization_id, account_id) references account (organization_id, account_id) on delete cascade
);
create unique index api_token_by_id on api_token (organization_id, token_id);
create index api_token_by_account on api_token (organization_id, account_id);
select guard_by_organization('api_token');

create table invitation (
  organization_id uuid not null,
  invitation_hash bytea not null check (octet_length(invitation_hash) = 32),
  account_id uuid not null,
  created_at instant not null,
  expires_at instant not null,
  primary key (organization_id, invitation_hash),
  foreign key (organization_id, account_id) references account (organization_id, account_id) on delete cascade
);
create unique index invitation_by_account on invitation (organization_id, account_id);
select guard_by_organization('invitation');

-- Attempts to sign in since the last that succeeded, by account and by address.
create table sign_in_attempt (
  organization_id uuid not null references organization (organization_id),
  subject text collate "C" not null,
  attempts integer not null check (attempts >= 1),
  last_at instant not null,
  -- No attempt is looked at before then.
  waits_until instant not null,
  primary key (organization_id, subject)
);
create index sign_in_attempt_by_time on sign_in_attempt (organization_id, last_at);
select guard_by_organization('sign_in_attempt');

-- By what a person may name themselves when they sign in.
create index record_by_email on record (organization_id, (lower(body ->> 'email') collate "C")) where kind = 'person';
