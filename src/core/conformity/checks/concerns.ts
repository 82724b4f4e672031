import { addDays, addWorkingDays } from "#core/basics/time.ts";
import { all, out } from "#core/records/follow.ts";
import { check, every, type Check } from "../check.ts";
import { make, on } from "../mend.ts";
import { settingsOf } from "../settings.ts";

/** Checks at home on A.3.3 about how concerns are handled. What they say names nobody: concerns are sealed. */
export const checks: readonly Check[] = [
  check(
    "concern.timely",
    [
      on("concern", "acknowledge"),
      on("concern", "answer"),
      make("nonconformity", "open", { about: "raised_from", with: { source: "concern" } }),
      on("concern", "escalate"),
    ],
    every("concern", {
      where: (record) => record.test_report !== true,
      follow: { organization: all("organization") },
      must: ({ record, organization, today }) => {
        const received = record.received_on;
        if (received === undefined) return { unknown: "nobody wrote down when it came in" };
        const settings = settingsOf(organization);
        const lastToAcknowledge = addWorkingDays(received, settings.concern_acknowledge_working_days);
        const lastToAnswer = addDays(received, settings.concern_answer_days);
        const answered = [record.answer_given_on, record.escalated_on].filter((day) => day !== undefined).sort()[0];
        const late = [
          ...lateness("acknowledged", record.acknowledged_on, lastToAcknowledge),
          ...lateness("answered or escalated", answered, lastToAnswer),
        ];
        if (late.length > 0) return `it came in on ${received} and was ${late.join(" and ")}`;
        if (record.acknowledged_on === undefined && today.isPast(lastToAcknowledge))
          return `it came in on ${received} and was not acknowledged by ${lastToAcknowledge}`;
        return (
          answered !== undefined ||
          !today.isPast(lastToAnswer) ||
          `it came in on ${received} and was neither answered nor escalated by ${lastToAnswer}`
        );
      },
      empty: "not_applicable",
      because: "nobody has raised a concern",
    }),
  ),
  check(
    "concern.impartial",
    [on("concern", "amend"), on("concern", "escalate")],
    every("concern", {
      where: (record) => record.handler !== undefined,
      follow: { systems: out("ai_system", "ai_systems") },
      must: ({ record, systems }) => {
        if (record.handler !== undefined && (record.named_people ?? []).includes(record.handler))
          return "its handler is named in it";
        const owned = systems.find((system) => system.owner === record.handler);
        return owned === undefined || `its handler owns ${owned.ref}, which it is about`;
      },
      empty: "not_applicable",
      because: "no concern has been handled",
    }),
  ),
];

const lateness = (what: string, on: string | undefined, last: string): string[] =>
  on !== undefined && on > last ? [`${what} on ${on}, later than ${last}`] : [];
