import { addWorkingDays } from "#core/basics/time.ts";
import { back, out, via } from "#core/records/follow.ts";
import type { RecordOf } from "#core/records/kind.ts";
import { dutyAreas } from "#core/records/kinds/supplier.ts";
import { check, every, type Check } from "../check.ts";
import { isInScope } from "../facts/systems.ts";
import { listed, plain } from "../facts/words.ts";
import { make, on } from "../mend.ts";
import type { Today } from "../today.ts";

type Supplier = RecordOf<"supplier">;
type Change = NonNullable<Supplier["changes"]>[number];

const serving = back("ai_system", "suppliers");

/** Working days within which a supplier's change is assessed (A.10.3). */
const assessWithin = 15;

const earliest = <T extends string>(days: readonly (T | undefined)[]): T | undefined =>
  days.filter((day) => day !== undefined).sort()[0];

/** What is wrong with how the change was handled, or nothing. */
function faultOf(change: Change, today: Today): string | undefined {
  const known = earliest([change.announced_on, change.noticed_on]);
  const what = `"${change.what.length > 80 ? `${change.what.slice(0, 79)}…` : change.what}"`;
  if (known === undefined) return `${what} has no date on which it was announced or found`;
  if (change.can_hold_back !== false && change.enabled_on !== undefined && today.hasCome(change.enabled_on)) {
    if (change.assessed_on === undefined) return `${what} was enabled on ${change.enabled_on} and not assessed`;
    if (change.enabled_on < change.assessed_on)
      return `${what} was enabled on ${change.enabled_on}, before it was assessed on ${change.assessed_on}`;
  }
  const due = addWorkingDays(known, assessWithin);
  if (change.assessed_on !== undefined)
    return change.assessed_on <= due
      ? undefined
      : `${what} of ${known} was due to be assessed by ${due} and was on ${change.assessed_on}`;
  return today.isPast(due) ? `${what} of ${known} was due to be assessed by ${due} and is not` : undefined;
}

/** Checks whose home is A.10.2, A.10.3 and A.10.4. */
export const checks: readonly Check[] = [
  check(
    "third.responsibilities",
    [on("supplier", "split_duties"), make("task", "open", { about: "why", with: { task_kind: "action" } })],
    every("supplier", {
      where: (record) => record.state !== "ended",
      follow: { systems: serving },
      must: ({ record, systems, today }) => {
        const served = systems.filter(isInScope);
        if (served.length === 0) return true;
        const given = new Set((record.responsibility_split ?? []).map((duty) => duty.duty_area));
        const open = dutyAreas.filter((area) => !given.has(area)).map(plain);
        const faults = [
          ...(open.length === 0 ? [] : [`gives no side the duty of ${listed(open)}`]),
          ...(record.signed_on === undefined || !today.hasCome(record.signed_on)
            ? ["has a split of duties that is not signed"]
            : []),
        ];
        return faults.length === 0 || { fails: faults.join(" and "), records: served.map((system) => system.ref) };
      },
      empty: "not_applicable",
      because: "there is no supplier",
    }),
  ),
  check(
    "supplier.due_diligence",
    [on("supplier", "check"), on("supplier", "review"), on("supplier", "put_on_watch")],
    every("supplier", {
      where: (record) => record.state !== "ended",
      follow: {
        systems: serving,
        models: back("model", "supplier"),
        datasets: back("dataset", "supplier"),
        resources: back("resource", "supplier"),
      },
      must: ({ record, systems, models, datasets, resources, today }) => {
        const isUsed =
          systems.some(isInScope) ||
          models.some((model) => model.state === "approved") ||
          datasets.some((dataset) => dataset.state !== "withdrawn") ||
          resources.some((resource) => resource.state === "allocated");
        if (!isUsed) return true;
        const checked = record.due_diligence?.on;
        if (checked === undefined || record.due_diligence?.result === undefined)
          return "has no dated result of due diligence";
        if (record.due_diligence.result === "not_ok") return `its due diligence of ${checked} ended with not ok`;
        const firstUse = record.first_used_on ?? earliest(systems.map((system) => system.deployed_on));
        if (firstUse !== undefined && checked > firstUse)
          return `due diligence of ${checked} came after first use on ${firstUse}`;
        if (record.next_review_on === undefined) return "has no date for its next review";
        return !today.isPast(record.next_review_on) || `its review was due on ${record.next_review_on}`;
      },
      empty: "not_applicable",
      because: "there is no supplier",
    }),
  ),
  check(
    "supplier.change_watch",
    [on("supplier", "assess_change"), on("supplier", "watch_changes")],
    every("supplier", {
      where: (record) => record.state !== "ended" && (record.changes ?? []).length > 0,
      must: ({ record, today }) => {
        const faults = (record.changes ?? [])
          .map((change) => faultOf(change, today))
          .filter((fault) => fault !== undefined);
        return faults.length === 0 || faults.join("; ");
      },
      empty: "pass",
      because: "no supplier has announced a change, and none was found",
    }),
  ),
  check(
    "supplier.exit",
    [on("supplier", "plan_exit"), on("supplier", "review")],
    every("supplier", {
      where: (record) => record.state !== "ended",
      follow: { systems: serving },
      must: ({ record, systems, today }) => {
        const serious = systems.filter((system) => isInScope(system) && (system.tier ?? 1) === 1);
        if (serious.length === 0) return true;
        const refs = serious.map((system) => system.ref);
        const { exit_plan: plan } = record;
        if (plan?.text === undefined)
          return { fails: `serves ${listed(refs)} and has no exit or fallback plan`, records: refs };
        if (plan.reviewed_on === undefined) return { fails: "its exit plan has never been reviewed", records: refs };
        return (
          today.isWithinMonths(plan.reviewed_on, 12) || {
            fails: `its exit plan was last reviewed on ${plan.reviewed_on}, and is due every 12 months`,
            records: refs,
          }
        );
      },
      empty: "not_applicable",
      because: "there is no supplier",
    }),
  ),
  check(
    "customer.needs",
    [
      on("interested_party", "amend"),
      make("communication_event", "record", { about: "with_whom" }),
      make("obligation", "identify", { about: "party" }),
      on("ai_system", "amend"),
    ],
    every("ai_system", {
      where: (record) => isInScope(record) && (record.our_roles ?? []).includes("provider"),
      follow: {
        parties: out("interested_party", "users.party"),
        duties: via(out("interested_party", "users.party"), back("obligation", "party")),
        told: via(out("interested_party", "users.party"), back("communication_event", "with_whom")),
      },
      must: ({ parties, duties, told }) => {
        const customers = parties.filter(
          (party) => party.state === "active" && (party.party_kinds ?? []).includes("customer"),
        );
        if (customers.length === 0)
          return "is provided to others, and no customer stands in the register of interested parties";
        const faults = customers.flatMap((customer) => {
          const missing = [
            ...((customer.needs ?? []).length === 0 ? ["recorded needs"] : []),
            ...(told.some(
              (event) =>
                event.state !== "planned" &&
                event.state !== "cancelled" &&
                (event.with_whom ?? []).includes(customer.ref),
            )
              ? []
              : ["information given to it"]),
            ...(duties.some((duty) => duty.party === customer.ref && duty.state !== "lapsed")
              ? []
              : ["duties of its own"]),
          ];
          return missing.length === 0 ? [] : [{ ref: customer.ref, missing }];
        });
        return (
          faults.length === 0 || {
            fails: faults.map(({ ref, missing }) => `${ref} has no ${listed(missing)}`).join("; "),
            records: faults.map(({ ref }) => ref),
          }
        );
      },
      empty: "not_applicable",
      because: "the organisation provides no AI system to others",
    }),
  ),
];
