import { encodeUtf8, toHex } from "#core/basics/bytes.ts";
import { canonicalJson } from "#core/basics/canonical-json.ts";
import { sha256 } from "#core/basics/sha256.ts";
import { annexAControls, findNode } from "#core/standard/catalogue.ts";
import { after, day, line, link, number, prose } from "../field.ts";
import { back, out, via } from "../follow.ts";
import { recordKind, type AnyRecord, type RecordOf } from "../kind.ts";
import { machine, role, type Effect, type Moment } from "../deed.ts";
import { editions, oneInEffect, supersedeReplaced } from "../guard.ts";

export const states = ["draft", "in_approval", "approved", "superseded"] as const;

export const fields = {
  edition: line("Edition"),
  supersedes: link("Edition before", "soa"),
  dated: after(day("Dated", { help: "The day on which it was approved" })),
  reason: prose("Why this edition"),
  entries_hash: line("Hash of its entries", {
    help: "SHA-256 over the content hashes of all entries, in order of their controls: approving the statement binds to every entry",
  }),
  included: number("Controls included", { whole: true, least: 0 }),
  excluded: number("Controls excluded", { whole: true, least: 0 }),
  approved_by: after(link("Approved by", "person")),
  approved_on: after(day("Approved on")),
};

const authors = role("aims_manager");
const entries = { entries: back("soa_entry", "soa") };

export const kind = recordKind({
  name: "soa",
  prefix: "SOA",
  title: "Statement of applicability",
  plural: "Statements of applicability",
  summary: "Which controls apply and why, one entry for each of the 38 of Annex A and each own one.",
  serves: ["6.1.3"],
  fields,
  states,
  live: ["draft", "in_approval", "approved"],
  frozen: ["in_approval", "approved", "superseded"],
  columns: ["title", "edition", "dated", "included", "excluded"],
  deeds: {
    draft: {
      title: "Draft statement of applicability",
      from: "new",
      to: "draft",
      who: authors,
      needs: ["title", "edition"],
      follow: { former: via(out("soa", "supersedes"), back("soa_entry", "soa")) },
      // INV-13: the 38 are always there. What the edition before said is the draft of the next.
      effects: openEntries,
    },
    amend: { title: "Amend statement of applicability", from: ["draft"], who: authors },
    submit: {
      title: "Submit statement of applicability",
      from: ["draft"],
      to: "in_approval",
      who: authors,
      sets: [],
      follow: entries,
      fills: countEntries,
      guards: [{ rule: "INV-13", refuse: incomplete }],
    },
    return: {
      title: "Return statement of applicability",
      from: ["in_approval"],
      to: "draft",
      who: [...authors, ...role("top_management")],
      sets: [],
    },
    approve: {
      title: "Approve statement of applicability",
      from: ["in_approval"],
      to: "approved",
      // INV-05
      who: role("top_management"),
      sets: ["next_review_on", "effective_from"],
      approves: "approve",
      apart: ["creator"],
      follow: { ...editions("soa"), ...entries },
      fills: ({ next, actor, today }) => ({
        approved_by: actor.person,
        approved_on: today,
        dated: today,
        effective_from: next.effective_from ?? today,
      }),
      guards: [oneInEffect(["approved"]), { rule: "INV-02", refuse: entriesChanged }],
      effects: (moment) => [
        ...supersedeReplaced(moment as unknown as Moment),
        ...moveEntries(moment.near["entries"] ?? [], "bring_into_force"),
      ],
    },
    supersede: {
      title: "Supersede statement of applicability",
      from: ["approved"],
      to: "superseded",
      who: machine,
      sets: [],
      follow: entries,
      effects: ({ near }) => moveEntries(near["entries"] ?? [], "supersede"),
    },
    review: {
      title: "Confirm statement of applicability",
      from: ["approved"],
      who: [...authors, ...role("top_management")],
      sets: ["next_review_on"],
      needs: ["next_review_on"],
    },
  },
});

type Entry = RecordOf<"soa_entry">;
const carried = [
  "included",
  "justification",
  "reason_kinds",
  "risks",
  "obligations",
  "objectives",
  "context_issues",
  "parties",
  "exclusion_reason",
  "implementation_status",
  "planned_for",
  "how_implemented",
  "evidence",
  "owner",
] as const;

function openEntries({ next, near }: Moment<"soa">): Effect[] {
  const former = new Map((near["former"] ?? []).map((entry) => [(entry as Entry).control_id ?? "", entry]));
  const controls = [
    ...annexAControls,
    ...[...former.keys()].filter((control) => control !== "" && !annexAControls.includes(control)).sort(),
  ];
  return controls.map((control) => ({
    does: "create",
    kind: "soa_entry",
    ref: `${next.ref}/${control}`,
    deed: "open",
    fields: {
      title: findNode(control)?.title ?? former.get(control)?.title ?? control,
      soa: next.ref,
      control_id: control,
      ...carriedFrom(former.get(control)),
    },
  }));
}

function carriedFrom(entry: AnyRecord | undefined): Record<string, unknown> {
  if (!entry) return {};
  return Object.fromEntries(carried.filter((name) => entry[name] !== undefined).map((name) => [name, entry[name]]));
}

function countEntries({ near }: Moment<"soa">): Record<string, unknown> {
  const own = (near["entries"] ?? []) as readonly Entry[];
  return {
    entries_hash: entriesHash(own),
    included: own.filter((entry) => entry.included === true).length,
    excluded: own.filter((entry) => entry.included === false).length,
  };
}

function entriesHash(entries: readonly AnyRecord[]): string {
  const hashes = entries
    .map((entry) => [(entry as Entry).control_id ?? entry.ref, entry.content_hash] as const)
    .sort((a, b) => (a[0] < b[0] ? -1 : 1));
  return toHex(sha256(encodeUtf8(canonicalJson(hashes))));
}

function incomplete({ near }: Moment<"soa">): string | undefined {
  const own = (near["entries"] ?? []) as readonly Entry[];
  const missing = annexAControls.filter((control) => !own.some((entry) => entry.control_id === control));
  if (missing.length > 0)
    return `it has no entry for ${missing.slice(0, 3).join(", ")}${missing.length > 3 ? ` and ${missing.length - 3} more` : ""}`;
  const undecided = own.filter((entry) => entry.included === undefined);
  if (undecided.length > 0)
    return `${undecided.length} entries are neither included nor excluded, the first of them ${undecided[0]?.control_id}`;
  const silent = own.find((entry) => entry.included === false && entry.exclusion_reason === undefined);
  return silent && `${silent.control_id} is excluded without a reason`;
}

function entriesChanged({ next, near }: Moment<"soa">): string | undefined {
  return entriesHash(near["entries"] ?? []) === next.entries_hash
    ? undefined
    : "its entries changed since it was submitted; submit it again";
}

function moveEntries(entries: readonly AnyRecord[], deed: string): Effect[] {
  return entries
    .filter((entry) => entry.state !== "superseded")
    .map((entry) => ({ does: "move", kind: "soa_entry", ref: entry.ref, deed }));
}
