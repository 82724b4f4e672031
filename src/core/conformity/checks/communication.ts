import { all, back, out, via } from "#core/records/follow.ts";
import { check, every, some, type Check } from "../check.ts";
import { missedDues, missingOf, speaks } from "../facts/communication.ts";
import { isHeldOn } from "../facts/roles.ts";
import { make, on } from "../mend.ts";

/** Checks whose home is 7.4. */
export const checks: readonly Check[] = [
  check(
    "comms.plan_complete",
    [
      on("communication_plan", "approve"),
      on("communication_plan", "amend"),
      make("communication_plan", "draft", { about: "supersedes" }),
    ],
    some("communication_plan", {
      where: (record) => record.state === "approved",
      must: ({ record }) => {
        const lines = record.lines ?? [];
        const short = lines
          .map((line) => ({ line, missing: missingOf(line) }))
          .filter(({ missing }) => missing.length > 0)
          .map(({ line, missing }) => `line ${line.no} does not say ${missing.join(", ")}`);
        if (short.length > 0) return short.join("; ");
        const sides = (["internal", "external"] as const).filter((side) => !lines.some((line) => speaks(line, side)));
        return sides.length === 0 || `it has no ${sides.join(" and no ")} line`;
      },
      because:
        "no approved communication plan says for every line what, when, with whom, how and by whom, inside and outside",
    }),
  ),
  check(
    "comms.done",
    [
      on("communication_event", "send"),
      make("communication_event", "record", { about: "plan" }),
      on("communication_event", "confirm"),
      make("evidence_item", "offer", { about: "supports", with: { proves: "activity" } }),
    ],
    every("communication_plan", {
      where: (record) => record.state === "approved",
      follow: { events: back("communication_event", "plan") },
      must: ({ record, events, today }) => {
        const missed = (record.lines ?? []).flatMap((line) =>
          missedDues(record, line, events, today).map(
            (due) => `line ${line.no} (${line.what ?? "no subject"}) was due on ${due} and is not shown to be done`,
          ),
        );
        return missed.length === 0 || missed.join("; ");
      },
      empty: "fail",
      because: "no communication plan is approved",
    }),
    every("communication_event", {
      where: (record) => record.state === "planned" && record.due_on !== undefined,
      must: ({ record, today }) =>
        record.due_on === undefined || !today.isPast(record.due_on) || `planned for ${record.due_on} and not sent`,
      empty: "pass",
      because: "",
    }),
    every("communication_event", {
      where: (record, today) =>
        (record.state === "sent" || record.state === "confirmed") &&
        record.plan !== undefined &&
        record.happened_on !== undefined &&
        today.isWithinMonths(record.happened_on, 12),
      must: ({ record }) => (record.evidence ?? []).length > 0 || "it was sent and no proof is kept with it",
      empty: "pass",
      because: "",
    }),
  ),
  check(
    "comms.owner_active",
    [
      on("communication_plan", "amend"),
      make("communication_plan", "draft", { about: "supersedes" }),
      make("role_assignment", "propose", { with: { role_key: "communications_lead" } }),
    ],
    every("communication_plan", {
      where: (record) => record.state === "approved",
      follow: {
        speakers: out("person", "lines.by"),
        assignments: all("role_assignment"),
        holders: via(all("role_assignment"), out("person", "person")),
      },
      must: ({ record, speakers, assignments, holders, today }) => {
        const isActive = (people: typeof holders, ref: string | undefined) =>
          people.some((person) => person.ref === ref && person.state === "active");
        const isHeld = (role: string) =>
          assignments.some((held) => held.role_key === role && isHeldOn(today, held) && isActive(holders, held.person));
        const wrong = (record.lines ?? []).flatMap((line) => [
          ...(line.by ?? [])
            .filter((ref) => !isActive(speakers, ref))
            .map((ref) => `line ${line.no}: ${ref} is not active`),
          ...(line.by_roles ?? [])
            .filter((role) => !isHeld(role))
            .map((role) => `line ${line.no}: nobody active holds ${role}`),
          ...((line.by ?? []).length + (line.by_roles ?? []).length > 0 ? [] : [`line ${line.no} names nobody`]),
        ]);
        return wrong.length === 0 || wrong.join("; ");
      },
      empty: "fail",
      because: "no communication plan is approved",
    }),
  ),
];
