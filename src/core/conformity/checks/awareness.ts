import { addDays } from "#core/basics/time.ts";
import { all, back } from "#core/records/follow.ts";
import type { RecordOf } from "#core/records/kind.ts";
import { topics } from "#core/records/kinds/awareness-ack.ts";
import { check, every, type Check, type Clause, type Says } from "../check.ts";
import { listed, plain } from "../facts/words.ts";
import { make } from "../mend.ts";
import type { Today } from "../today.ts";

type Person = RecordOf<"person">;
type Acknowledgement = RecordOf<"awareness_ack">;

const isInScope = (person: Person): boolean => person.state === "active" && person.in_scope === true;
const isContractor = (person: Person): boolean => isInScope(person) && person.employment === "contractor";

function isAware(acks: readonly Acknowledgement[], today: Today): Says {
  const missing = topics.filter(
    (topic) =>
      !acks.some(
        (ack) =>
          (ack.topics ?? []).includes(topic) && ack.given_on !== undefined && today.isWithinMonths(ack.given_on, 12),
      ),
  );
  return missing.length === 0 || `has not confirmed ${listed(missing.map(plain))} in the last 12 months`;
}

const everyoneIsAware = (where: (person: Person) => boolean, whom: string): Clause =>
  every("person", {
    // The first thirty days are those of awareness.newcomers.
    where: (record, today) =>
      where(record) && (record.active_from === undefined || today.isLongerThan(30, record.active_from)),
    follow: { acks: back("awareness_ack", "person") },
    must: ({ acks, today }) => isAware(acks, today),
    empty: "not_applicable",
    because: `no ${whom} is in scope`,
  });

const newcomersAreTold = (where: (person: Person) => boolean, whom: string): Clause =>
  every("person", {
    where: (record, today) =>
      where(record) && record.active_from !== undefined && today.isWithinMonths(record.active_from, 12),
    follow: { acks: back("awareness_ack", "person"), organization: all("organization") },
    must: ({ record, acks, organization, today }) => {
      const from = record.active_from;
      const start = organization[0]?.aims_start_date;
      // Whoever came before the management system began was no newcomer to it.
      if (from === undefined || (start !== undefined && from < start)) return true;
      const last = addDays(from, 30);
      if (acks.some((ack) => ack.given_on !== undefined && ack.given_on <= last)) return true;
      return !today.isPast(last) || `began on ${from} and confirmed nothing by ${last}`;
    },
    empty: "not_applicable",
    because: `no ${whom} became active in the last 12 months`,
  });

/** Checks whose home is 7.3. */
export const checks: readonly Check[] = [
  check(
    "awareness.current",
    [make("awareness_ack", "acknowledge", { about: "person" }), make("training", "plan")],
    everyoneIsAware(isInScope, "active person"),
  ),
  check(
    "awareness.newcomers",
    [make("awareness_ack", "acknowledge", { about: "person" }), make("training", "plan")],
    newcomersAreTold(isInScope, "person"),
  ),
  check(
    "awareness.contractors",
    [make("awareness_ack", "acknowledge", { about: "person" }), make("training", "plan")],
    everyoneIsAware(isContractor, "contractor"),
    newcomersAreTold(isContractor, "contractor"),
  ),
];
