-- What the checks say, kept so that reading the board costs the same whatever the number of records.

-- One row for each record of which a clause says something: why it fails, a note, or on which day it
-- has to be asked again. A record that passes without a word is only counted, in check_tally.
-- Without a foreign key, which would be looked up for each of very many rows; like records, outcomes are
-- only ever written under the lock of their organisation's ledger.
create table check_outcome (
  organization_id uuid not null,
  check_id text collate "C" not null,
  clause int not null,
  ref ref not null,
  result text not null check (result in ('pass', 'fail', 'unknown')),
  concerned boolean not null,
  rank text collate "C",
  because text,
  records json,
  changes_on day,
  primary key (organization_id, check_id, clause, ref)
);
select guard_by_organization('check_outcome');
create index check_outcome_telling on check_outcome (organization_id, check_id, clause, result, ref) where concerned and because is not null;
create index check_outcome_newest on check_outcome (organization_id, check_id, clause, rank, ref) where concerned and rank is not null;
create index check_outcome_changing on check_outcome (organization_id, check_id, clause, changes_on) where changes_on is not null;
create index check_outcome_due on check_outcome (organization_id, changes_on) where changes_on is not null;

create table check_tally (
  organization_id uuid not null references organization (organization_id),
  check_id text collate "C" not null,
  clause int not null,
  pass int not null,
  fail int not null,
  unknown int not null,
  primary key (organization_id, check_id, clause)
);
select guard_by_organization('check_tally');

create table check_result (
  organization_id uuid not null references organization (organization_id),
  check_id text collate "C" not null,
  result text not null check (result in ('pass', 'fail', 'unknown', 'not_applicable')),
  because text not null,
  records json not null,
  asked int not null,
  satisfied int not null,
  changes_on day,
  primary key (organization_id, check_id)
);
select guard_by_organization('check_result');

-- Until which day the results hold, and by which edition of the checks. No row: they do not hold.
create table check_state (
  organization_id uuid primary key references organization (organization_id),
  computed_on day not null,
  checks text not null
);
select guard_by_organization('check_state');

-- What stands beside the checks of a clause, control or mission item: the verdict that counts, what the
-- statement of applicability in force says, and accepted proof with the months that it covers.
create table node_verdict (
  organization_id uuid not null references organization (organization_id),
  node_id text collate "C" not null,
  ref ref not null,
  value text not null check (value in ('conforming', 'partly', 'nonconforming', 'not_applicable')),
  reason text not null,
  judged_by ref,
  judged_on day not null,
  primary key (organization_id, node_id)
);
select guard_by_organization('node_verdict');

create table node_applicability (
  organization_id uuid not null references organization (organization_id),
  node_id text collate "C" not null,
  ref ref not null,
  included boolean not null,
  status text,
  primary key (organization_id, node_id)
);
select guard_by_organization('node_applicability');

create table node_proof (
  organization_id uuid not null,
  node_id text collate "C" not null,
  ref ref not null,
  title text not null,
  from_day day,
  to_day day,
  until_day day,
  rank text collate "C" not null,
  primary key (organization_id, node_id, ref)
);
select guard_by_organization('node_proof');
create index node_proof_newest on node_proof (organization_id, node_id, rank, ref);
create index node_proof_of_item on node_proof (organization_id, ref);

-- How many accepted items cover the month; the month of all together is empty.
create table node_proof_month (
  organization_id uuid not null references organization (organization_id),
  node_id text collate "C" not null,
  month text collate "C" not null check (month ~ '^(\d{4}-\d\d)?$'),
  items int not null,
  primary key (organization_id, node_id, month)
);
select guard_by_organization('node_proof_month');
