import { choice, day, group, instant, line, link, number, prose } from "../field.ts";
import { recordKind } from "../kind.ts";
import { machine, role } from "../deed.ts";

export const states = ["made"] as const;

export const fields = {
  purpose: choice("Purpose", [
    "stage1",
    "stage2",
    "surveillance",
    "management_review",
    "month_end",
    "verification",
    "manual",
  ]),
  as_at: day("As at"),
  entries: number("Ledger entries", { whole: true, least: 0, help: "All entries up to this number belong to it" }),
  root_hash: line("Root hash"),
  checkpoint: prose("Checkpoint", { help: "The signed note that fixes the ledger at this size" }),
  catalogue_version: line("Catalogue version"),
  made_by: link("Made by", "person"),
  verification: group(
    "Verification",
    {
      result: choice("Result", ["intact", "broken"]),
      verified_at: instant("Verified at"),
      from_entry: number("From entry", { whole: true, least: 0 }),
      to_entry: number("To entry", { whole: true, least: 0 }),
      message: prose("What was found"),
    },
    { must: ["result", "verified_at"], help: "The history read from its first entry to its last, and what came out" },
  ),
};

export const kind = recordKind({
  name: "snapshot",
  prefix: "SNP",
  digits: 4,
  title: "Snapshot",
  plural: "Snapshots",
  summary:
    "A named place in the ledger: everything that was recorded up to it can be seen and proved as it was. Made once.",
  serves: ["7.5.1", "7.5.3", "9.2.2", "9.3.2"],
  fields,
  states,
  ownerless: true,
  live: [],
  frozen: ["made"],
  columns: ["title", "purpose", "as_at", "entries", "made_by"],
  deeds: {
    make: {
      title: "Make snapshot",
      from: "new",
      to: "made",
      who: [...role("aims_manager", "top_management", "lead_internal_auditor"), ...machine],
      needs: ["purpose"],
      fills: ({ next, actor, today }) => ({
        as_at: next.as_at ?? today,
        made_by: actor.person,
        title: next.title ?? `${(next.purpose ?? "manual").replaceAll("_", " ")} ${next.as_at ?? today}`,
      }),
    },
  },
});
