import { instant, line, number, prose } from "../field.ts";
import { recordKind } from "../kind.ts";

export const states = ["written"] as const;

export const fields = {
  seq: number("Entry", { whole: true, least: 0 }),
  at: instant("At"),
  actor: line("By"),
  record: line("Record"),
  deed: line("Deed"),
  field: line("Field"),
  before: prose("Before"),
  after: prose("After"),
  reason: prose("Reason"),
  hash: line("Hash"),
};

/** The history is the ledger's: this kind gives its entries a name and a form, and no deed can write one. */
export const kind = recordKind({
  name: "change_event",
  prefix: "CHE",
  title: "History entry",
  plural: "History",
  summary: "One change of one record: who, when, before and after. Read from the ledger; never changed, never removed.",
  serves: ["7.5.3"],
  fields,
  states,
  kept: "ledger",
  ownerless: true,
  live: [],
  frozen: ["written"],
  columns: ["seq", "at", "actor", "record", "deed"],
  deeds: {},
});
