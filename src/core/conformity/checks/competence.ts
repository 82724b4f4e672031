import { addDays } from "#core/basics/time.ts";
import { all, back, out, via } from "#core/records/follow.ts";
import { check, every, type Check } from "../check.ts";
import { isAskedOf, needsCompetence, whyNotMet } from "../facts/competence.ts";
import { isHeldOn } from "../facts/roles.ts";
import { make, on } from "../mend.ts";

const ofHolder = via(out("person", "person"), back("competence_record", "person"));

/** Checks whose home is 7.2. */
export const checks: readonly Check[] = [
  check(
    "competence.defined",
    [make("competence_requirement", "set"), on("competence_requirement", "amend")],
    every("role_assignment", {
      where: (record, today) => needsCompetence(record) && isHeldOn(today, record),
      follow: { requirements: all("competence_requirement") },
      must: ({ record, requirements }) => {
        const asked = requirements.filter((requirement) => isAskedOf(requirement, record));
        if (asked.length === 0) return `no competence requirement is set for ${record.role_key ?? "this role"}`;
        const whole = asked.some(
          (requirement) => requirement.level !== undefined && (requirement.required_evidence ?? []).length > 0,
        );
        return whole || `${asked.map(({ ref }) => ref).join(", ")} names no level or no kind of proof`;
      },
      empty: "fail",
      because: "nobody holds a role of the AIMS",
    }),
  ),
  check(
    "competence.met",
    [
      on("competence_record", "plan_action"),
      on("competence_record", "assess"),
      on("competence_record", "record_gap"),
      on("competence_record", "confirm"),
      make("competence_record", "draft"),
      make("training", "plan"),
    ],
    every("role_assignment", {
      where: (record, today) => needsCompetence(record) && isHeldOn(today, record),
      follow: { holder: out("person", "person"), requirements: all("competence_requirement"), records: ofHolder },
      must: ({ record, holder, requirements, records, today }) => {
        // Whoever is suspended or has left does not act in the role.
        if (holder[0]?.state !== "active") return true;
        const wrong = requirements
          .filter((requirement) => isAskedOf(requirement, record))
          .map((requirement) => whyNotMet(requirement, records, today))
          .filter((reason) => reason !== undefined);
        if (wrong.length === 0) return true;
        return {
          fails: `${record.person ?? ""}: ${wrong.map(({ because }) => because).join("; ")}`,
          records: wrong.map((reason) => reason.record).filter((ref) => ref !== undefined),
        };
      },
      empty: "fail",
      because: "nobody holds a role of the AIMS",
    }),
  ),
  check(
    "competence.evidence",
    [
      on("competence_record", "amend"),
      make("evidence_item", "offer", { about: "supports", with: { proves: "state" } }),
      make("competence_record", "draft", { about: "supersedes" }),
    ],
    every("competence_record", {
      where: (record) => record.state === "valid" || record.state === "expiring",
      follow: { itemProofs: out("evidence_item", "basis_items.evidence"), proofs: out("evidence_item", "evidence") },
      must: ({ record, itemProofs, proofs }) => {
        if (record.assessed_by === undefined || record.assessed_by === record.person)
          return "it was not assessed by someone other than the person concerned";
        const sound = new Set(
          [...itemProofs, ...proofs]
            .filter(({ state }) => state === "offered" || state === "accepted" || state === "expired")
            .map(({ ref }) => ref),
        );
        const shown = (record.basis_items ?? []).some(
          (item) =>
            ["certificate", "training_record", "assessment"].includes(item.basis) &&
            (item.evidence === undefined ? proofs.some(({ ref }) => sound.has(ref)) : sound.has(item.evidence)),
        );
        return shown || "no certificate, training record or documented assessment is kept with it";
      },
      empty: "fail",
      because: "there is no valid competence record",
    }),
  ),
  check(
    "competence.current",
    [make("competence_record", "draft", { about: "supersedes" }), on("competence_record", "plan_action")],
    every("competence_record", {
      where: (record) => ["valid", "expiring", "expired"].includes(record.state) && record.valid_until !== undefined,
      follow: {
        requirement: out("competence_requirement", "requirement"),
        held: via(out("person", "person"), back("role_assignment", "person")),
        renewals: back("competence_record", "supersedes"),
      },
      must: ({ record, requirement, held, renewals, today }) => {
        const needed = requirement.some((one) => held.some((role) => isHeldOn(today, role) && isAskedOf(one, role)));
        if (!needed || record.valid_until === undefined) return true;
        if (renewals.some(({ state }) => state === "valid" || state === "expiring")) return true;
        return (
          !today.isPast(record.valid_until) || `${record.person ?? ""}: valid until ${record.valid_until}, renew it`
        );
      },
      empty: "not_applicable",
      because: "no competence record has an end date",
    }),
  ),
  check(
    "competence.effectiveness",
    [on("training", "evaluate")],
    every("training", {
      where: (record) => record.closes_gap === true && (record.state === "delivered" || record.state === "evaluated"),
      must: ({ record, today }) => {
        const done = record.completed_on ?? record.delivered_on;
        if (done === undefined) return { unknown: "it has no date of delivery" };
        const checked = record.effectiveness?.checked_on;
        if (checked !== undefined)
          return (
            checked <= addDays(done, 180) || `its effect was judged on ${checked}, more than 180 days after ${done}`
          );
        return !today.isLongerThan(180, done) || `its effect was to be judged by ${addDays(done, 180)}`;
      },
      empty: "not_applicable",
      because: "no training was taken to close a gap",
    }),
  ),
];
