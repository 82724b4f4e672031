import { choice, day, line, link, yesNo } from "../field.ts";
import { recordKind } from "../kind.ts";
import { back } from "../follow.ts";
import { administrator, machine, role } from "../deed.ts";

export const states = ["invited", "active", "suspended", "left"] as const;

export const fields = {
  full_name: line("Full name", { personal: true }),
  email: line("E-mail", { personal: true }),
  job: line("Job"),
  employment: choice("Employment", ["employee", "contractor", "external"]),
  manager: link("Manager", "person"),
  in_scope: yesNo("In the AIMS scope", { help: "Builds, runs, oversees or uses AI systems in scope" }),
  active_from: day("Active from"),
  active_to: day("Active to"),
  is_external_auditor: yesNo("External auditor"),
};

const people = [...role("people_lead", "aims_manager"), ...machine, ...administrator];

export const kind = recordKind({
  name: "person",
  prefix: "P",
  title: "Person",
  plural: "People",
  summary: "Someone who works under the organisation's control, or acts for it from outside.",
  serves: ["5.3", "7.2", "7.3"],
  fields,
  states,
  ownerless: true,
  live: ["invited", "active"],
  columns: ["title", "job", "employment", "org_unit", "active_from"],
  deeds: {
    invite: {
      title: "Invite person",
      from: "new",
      to: "invited",
      who: people,
      needs: ["full_name", "employment"],
      fills: ({ next }) => ({ title: next.title ?? next.full_name }),
    },
    activate: {
      title: "Activate person",
      from: ["invited", "suspended"],
      to: "active",
      who: people,
      fills: ({ next, today }) => ({ active_from: next.active_from ?? today }),
    },
    amend: { title: "Amend person", from: ["invited", "active", "suspended"], who: people },
    suspend: { title: "Suspend person", from: ["active"], to: "suspended", who: people },
    leave: {
      title: "Record leaving of",
      from: ["invited", "active", "suspended"],
      to: "left",
      who: people,
      fills: ({ next, today }) => ({ active_to: next.active_to ?? today }),
      follow: { held: back("role_assignment", "person") },
      // Whoever leaves holds no role from that day (domain model, 4.1).
      effects: ({ near }) =>
        (near["held"] ?? [])
          .filter((held) => held.state !== "ended")
          .map((held) => ({ does: "move", kind: held.kind, ref: held.ref, deed: "end" })),
    },
  },
});
