import { addMonths } from "#core/basics/time.ts";
import { choice, day, line, link, links, list, number } from "../field.ts";
import { recordKind } from "../kind.ts";
import { machine, named, role } from "../deed.ts";
import { dayHasCome } from "../guard.ts";

export const states = ["given"] as const;

/** What everyone under the organisation's control must be aware of (ISO/IEC 42001, 7.3). */
export const topics = ["policy", "own_contribution", "consequences"] as const;

export const fields = {
  person: link("Person", "person"),
  about: links("About", ["policy", "document", "communication_event", "training"], {
    help: "The editions that were read and confirmed",
  }),
  topics: list("Topics", choice("Topic", topics)),
  method: choice("Method", ["read_and_confirm", "quiz", "talk"]),
  place: line("Where"),
  given_on: day("Given on"),
  score: number("Score", { unit: "percent", least: 0, most: 100 }),
  valid_until: day("Valid until"),
};

export const kind = recordKind({
  name: "awareness_ack",
  prefix: "ACK",
  digits: 5,
  title: "Acknowledgement",
  plural: "Acknowledgements",
  summary: "One person confirmed on a day that they know the policy, the use rules or a topic. Written once.",
  serves: ["7.3", "5.2", "A.9.2"],
  fields,
  states,
  ownerless: true,
  live: [],
  frozen: ["given"],
  columns: ["title", "person", "about", "given_on", "valid_until"],
  deeds: {
    acknowledge: {
      title: "Acknowledge",
      from: "new",
      to: "given",
      who: [...named("person"), ...role("people_lead"), ...machine],
      needs: ["person"],
      fills: ({ next, today }) => {
        const on = next.given_on ?? today;
        return {
          given_on: on,
          valid_until: next.valid_until ?? addMonths(on, 12),
          title: next.title ?? `${next.person ?? ""} ${on}`,
        };
      },
      guards: [
        dayHasCome("given_on", "1.3"),
        {
          rule: "7.3",
          refuse: ({ next }) =>
            (next.about ?? []).length + (next.topics ?? []).length > 0
              ? undefined
              : '"about" or "topics" must be filled in first',
        },
      ],
    },
  },
});
