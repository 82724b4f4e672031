import { choice, line, link, links, prose, day } from "../field.ts";
import { recordKind } from "../kind.ts";
import { role } from "../deed.ts";

export const states = ["given"] as const;

export const fields = {
  node: line("Clause, control or mission item", { help: "Its id in the catalogue, such as 6.1.2, A.5.4 or M05" }),
  value: choice("Verdict", ["conforming", "partly", "nonconforming", "not_applicable"]),
  reason: prose("Why", { help: "What was looked at and what decided it" }),
  judged_by: link("Judged by", "person"),
  judged_on: day("Judged on"),
  with: links("Judged with", "person"),
};

export const kind = recordKind({
  name: "verdict",
  prefix: "VER",
  digits: 4,
  title: "Verdict",
  plural: "Verdicts",
  summary:
    "What a named person says of a clause, control or mission item, and why. The newest one counts; none is ever changed.",
  serves: [],
  fields,
  states,
  ownerless: true,
  live: [],
  frozen: ["given"],
  columns: ["node", "value", "judged_by", "judged_on"],
  deeds: {
    judge: {
      title: "Judge",
      from: "new",
      to: "given",
      // Internal audit keeps out of verdicts so that it can audit them.
      who: role("aims_manager", "top_management", "ai_system_owner", "risk_owner"),
      needs: ["node", "value", "reason"],
      fills: ({ next, actor, today }) => ({
        judged_by: actor.person,
        judged_on: next.judged_on ?? today,
        title: next.title ?? `${next.node ?? ""} ${next.value ?? ""}`,
      }),
    },
  },
});
