import { out } from "#core/records/follow.ts";
import { check, every, some, type Check } from "../check.ts";

/** Checks whose home is 5.1 and 5.3. */
export const checks: readonly Check[] = [
  check(
    "leadership.assigned",
    some("role_assignment", {
      where: (record) => record.state === "accepted" && record.role_key === "top_management",
      follow: { holder: out("person", "person") },
      must: ({ record, holder, today }) => {
        if (record.reach !== undefined && record.reach.kind !== "organisation") return "it does not cover the whole AIMS scope";
        if (record.valid_to !== undefined && today.isPast(record.valid_to)) return "it has ended";
        if (holder[0]?.state !== "active") return "its holder is not active";
        return true;
      },
      because: "no accepted assignment of top management covers the whole scope",
    }),
  ),
  check(
    "roles.accepted",
    every("role_assignment", {
      where: (record) => record.state === "proposed",
      must: ({ record, today }) => !today.isLongerThan(30, record.state_since) || `proposed on ${record.state_since} and not accepted within 30 days`,
      empty: "pass",
      because: "no role waits for its holder",
    }),
  ),
];
