import type { GeneratedAlways } from "kysely";

/** The tables as the application sees them. Columns are snake_case on both sides: what SQL calls them. */
export type Tables = {
  organization: OrganizationTable;
  record: RecordTable;
  record_version: RecordVersionTable;
  record_link: RecordLinkTable;
  ref_counter: RefCounterTable;
  ledger_head: LedgerHeadTable;
  ledger_entry: LedgerEntryTable;
  ledger_tree: LedgerTreeTable;
  ledger_tile: LedgerTileTable;
  ledger_checkpoint: LedgerCheckpointTable;
  ledger_anchor: LedgerAnchorTable;
  ledger_key: LedgerKeyTable;
};

export type OrganizationTable = {
  organization_id: string;
  name: string;
  sample: boolean;
  born_at: string;
  clock_at: string | null;
};

export type RecordTable = {
  organization_id: string;
  record_id: string;
  kind: string;
  ref: string;
  state: string;
  rev: number;
  title: string | null;
  owner: string | null;
  next_review_on: string | null;
  body: unknown;
  content_hash: string;
  created_at: string;
  created_by: string | null;
  recorded_at: string;
  recorded_by: string | null;
  state_since: string;
  search: string;
};

export type RecordVersionTable = {
  organization_id: string;
  record_id: string;
  rev: number;
  seq: number;
  kind: string;
  ref: string | null;
  deed: string;
  op: string;
  because_ref: string | null;
  state: string;
  content_hash: string | null;
  state_since: string;
  recorded_at: string;
  recorded_by: string | null;
  done_at: string | null;
  payload: string | null;
  salt: Uint8Array | null;
  imported: boolean;
  erased_at: string | null;
};

export type RecordLinkTable = {
  organization_id: string;
  from_ref: string;
  from_kind: string;
  field: string;
  to_ref: string;
};

export type RefCounterTable = { organization_id: string; prefix: string; next: number };

export type LedgerHeadTable = { organization_id: string; size: number; last_at: string };

export type LedgerEntryTable = {
  organization_id: string;
  seq: number;
  entry: Uint8Array;
  rid: GeneratedAlways<string>;
  rev: GeneratedAlways<number>;
  commitment: GeneratedAlways<Uint8Array>;
  leaf_hash: GeneratedAlways<Uint8Array>;
};

export type LedgerTreeTable = { organization_id: string; size: number; root: Uint8Array };

export type LedgerTileTable = { organization_id: string; level: number; tile_index: number; hashes: Uint8Array };

export type LedgerCheckpointTable = {
  organization_id: string;
  size: number;
  published_at: string;
  root: Uint8Array;
  note: string;
};

export type LedgerAnchorTable = {
  organization_id: string;
  size: number;
  kind: string;
  token: Uint8Array;
  obtained_at: string;
};

export type LedgerKeyTable = {
  organization_id: string;
  vkey: string;
  valid_from_size: number;
  retired_at_size: number | null;
  announced_at: string;
};
