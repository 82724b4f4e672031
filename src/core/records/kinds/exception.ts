import { addDays } from "#core/basics/time.ts";
import { after, day, line, link, links, number, prose } from "../field.ts";
import { recordKind } from "../kind.ts";
import { anyone, authority, creator, machine, owner, role, type Guard } from "../deed.ts";
import { dayIsPast } from "../guard.ts";
import { findRole } from "../actor.ts";

export const states = ["requested", "granted", "refused", "expired", "revoked"] as const;

export const fields = {
  about: links("About", [], {
    help: "Scan, control, role assignments, competence record: whatever the exception lets be",
  }),
  rule: line("Rule", { help: "Rule or invariant that is set aside, such as IM-01" }),
  subject: line("Subject", { help: "The object or person it holds for, as a scan names it" }),
  reason: prose("Reason"),
  compensating_measures: prose("Compensating measures", {
    help: "What is done instead, so that the risk stays bearable",
  }),
  risk: link("Risk", "risk"),
  requested_by: link("Requested by", "person"),
  requested_on: day("Requested on"),
  granted_by: after(link("Granted by", "person")),
  granted_on: after(day("Granted on")),
  valid_until: after(day("Valid until")),
  renewals: after(number("Renewed", { whole: true, least: 0, most: 100, unit: "times" })),
  ended_reason: after(prose("Why it was refused or revoked")),
};

const atMostDays = 180;

const endIsNear: Guard<"exception"> = {
  rule: "INV-26",
  refuse: ({ next, today }) => {
    if (next.valid_until === undefined) return "it names no end";
    if (next.valid_until <= today) return `its end, ${next.valid_until}, is not after today`;
    return next.valid_until > addDays(today, atMostDays)
      ? `it ends on ${next.valid_until}, more than ${atMostDays} days from today`
      : undefined;
  },
};

const onceWithoutTheTop: Guard<"exception"> = {
  rule: "4.1",
  refuse: ({ before, actor }) =>
    (before?.renewals ?? 0) >= 1 && !findRole(actor, "top_management", {})
      ? "it was renewed once; a further time takes top management"
      : undefined,
};

const granters = [...authority("grant exception"), ...role("top_management")];

export const kind = recordKind({
  name: "exception",
  prefix: "EX",
  title: "Exception",
  plural: "Exceptions",
  summary: "A rule set aside for a stated time, with a reason, what is done instead and the risk that is run.",
  serves: ["6.1.3", "5.3"],
  fields,
  states,
  live: ["requested", "granted"],
  frozen: ["granted", "refused", "expired", "revoked"],
  columns: ["title", "rule", "subject", "granted_by", "valid_until"],
  deeds: {
    request: {
      title: "Request exception",
      from: "new",
      to: "requested",
      who: anyone,
      needs: ["title", "reason"],
      fills: ({ next, actor, today }) => ({ requested_by: next.requested_by ?? actor.person, requested_on: today }),
    },
    amend: { title: "Amend exception", from: ["requested"], who: [...creator, ...owner] },
    grant: {
      title: "Grant exception",
      from: ["requested"],
      to: "granted",
      who: granters,
      sets: ["valid_until"],
      needs: ["reason", "compensating_measures", "risk", "valid_until"],
      fills: ({ actor, today }) => ({ granted_by: actor.person, granted_on: today }),
      apart: ["requested_by", "creator", "owner"],
      apartRule: "INV-26",
      approves: "approve",
      guards: [endIsNear],
    },
    refuse: {
      title: "Refuse exception",
      from: ["requested"],
      to: "refused",
      who: granters,
      sets: ["ended_reason"],
      needs: ["ended_reason"],
      apart: ["requested_by", "creator"],
      apartRule: "INV-26",
      approves: "reject",
    },
    renew: {
      title: "Renew exception",
      from: ["granted"],
      to: "granted",
      who: granters,
      sets: ["valid_until"],
      fills: ({ before, actor, today }) => ({
        granted_by: actor.person,
        granted_on: today,
        renewals: (before?.renewals ?? 0) + 1,
      }),
      apart: ["requested_by", "creator", "owner"],
      apartRule: "INV-26",
      approves: "approve",
      guards: [endIsNear, onceWithoutTheTop],
    },
    revoke: {
      title: "Revoke exception",
      from: ["granted"],
      to: "revoked",
      who: [...granters, ...role("aims_manager")],
      sets: ["ended_reason"],
      needs: ["ended_reason"],
    },
    expire: {
      title: "Let exception expire",
      from: ["granted"],
      to: "expired",
      who: machine,
      byTime: true,
      sets: [],
      guards: [dayIsPast("valid_until", "INV-26")],
    },
  },
});
