import { choice, day, group, instant, line, link, list, number, prose } from "../field.ts";
import { recordKind } from "../kind.ts";
import { machine } from "../deed.ts";

export const states = ["given"] as const;

export const fields = {
  about: link("Approved record", [], { help: "The record whose content was decided on" }),
  version_no: number("Version", { whole: true, least: 1 }),
  bound_to: line("Content hash", { help: "SHA-256 of exactly what was approved" }),
  decision: choice("Decision", ["approve", "approve_with_conditions", "reject", "withdraw"]),
  as_role: line("As role", { help: "Role or authority by which the person decided" }),
  person: link("Person", "person"),
  decided_at: instant("Decided at"),
  comment: prose("Comment"),
  conditions: list(
    "Conditions",
    group("Condition", { text: line("Condition"), due: day("Due"), met_on: day("Met on") }, { must: ["text"] }),
  ),
  proof: choice("Proof of identity", ["password", "passkey", "identity_provider", "sample_clock", "imported"], {
    help: "How the approver showed anew who they are",
  }),
};

export const kind = recordKind({
  name: "approval",
  prefix: "APR",
  digits: 4,
  title: "Approval",
  plural: "Approvals",
  summary: "A person's decision about one version of a record, bound to the hash of its content. Written once.",
  serves: ["5.1", "7.5.2"],
  fields,
  states,
  ownerless: true,
  live: [],
  frozen: ["given"],
  columns: ["about", "decision", "person", "as_role", "decided_at"],
  deeds: {
    give: {
      title: "Record approval",
      from: "new",
      to: "given",
      who: machine,
      needs: ["about", "bound_to", "decision", "person"],
    },
  },
});
