import { addMonths } from "#core/basics/time.ts";
import { annexAControls } from "#core/standard/catalogue.ts";
import { after, choice, day, group, line, lines, link, links, list, number, prose } from "../field.ts";
import { all, out } from "../follow.ts";
import { findAuthority, findRole, type Concern } from "../actor.ts";
import { recordKind } from "../kind.ts";
import { anyone, authority, concernOf, machine, named, owner, role, type Moment } from "../deed.ts";
import { bandNames, bandOf, criteriaInForce, levelOf, scoreHash, type Score } from "../risk-score.ts";

export const states = [
  "identified",
  "assessed",
  "treatment_planned",
  "treating",
  "accepted",
  "closed",
  "reopened",
] as const;

const rating = (title: string) => number(title, { least: 1, most: 5, whole: true });
const score = (title: string, help?: string) =>
  group(
    title,
    {
      likelihood: rating("Likelihood"),
      individuals: rating("For individuals"),
      groups: rating("For groups"),
      society: rating("For society"),
      organisation: rating("For the organisation"),
      benefit: rating("Benefit, of an opportunity"),
      level: number("Level", { least: 1, most: 25, whole: true }),
      band: choice("Band", bandNames),
    },
    help === undefined ? {} : { help },
  );

export const fields = {
  risk_kind: choice("Kind", ["threat", "opportunity"]),
  about: choice("About", ["aims", "ai_system", "data", "model", "supplier", "use"], {
    help: 'What the risk lies in; "aims" is the management system itself',
  }),
  source_category: choice("Source", [
    "environment_complexity",
    "opacity",
    "automation",
    "learning_and_data",
    "hardware_or_platform",
    "life_cycle_gaps",
    "technology_readiness",
    "people_and_use",
    "supplier",
    "security",
    "legal",
    "organisation",
  ]),
  cause: prose("Cause"),
  event: prose("Event"),
  consequence: prose("Consequence"),
  affected: lines("Who is affected"),
  existing_controls: lines("Controls in place", { help: "What already holds the risk down, in words" }),
  inherent: score("Inherent", "Without any control"),
  current: score("Current", "With the controls that work today"),
  target: score("Target", "When the treatment is done"),
  treatment_option: choice("Option", ["modify", "share", "avoid", "retain", "pursue"]),
  option_reason: prose("Why this option"),
  control_refs: lines("Controls", { help: "Controls of Annex A, and own ones such as X.RBAC" }),
  assessed_on: day("Assessed on"),
  assessors: links("Assessed by", "person"),
  criteria_version: link("By criteria", "risk_criteria"),
  basis: prose("What the score rests on", { help: "Test, incident, measurement, workshop" }),
  assessments: after(
    list(
      "Assessments so far",
      group(
        "Assessment",
        {
          on: day("On"),
          level: number("Level"),
          band: choice("Band", bandNames),
          by: links("By", "person"),
          criteria_version: link("By criteria", "risk_criteria"),
        },
        { must: ["on"] },
      ),
    ),
  ),
  linked_impacts: after(links("Impact assessments", "impact_assessment")),
  acceptance: after(
    group("Acceptance", {
      by: link("By", "person"),
      on: day("On"),
      as_role: line("As"),
      band: choice("Band", bandNames),
      score_hash: line("Score accepted", { help: "SHA-256 of the exact score seen" }),
      reason: prose("Why"),
      expires_on: day("Until"),
    }),
  ),
  needs_review: after(
    group("Look again", { since: day("Since"), reason: prose("Why"), because: links("Because of", []) }),
  ),
  closing_reason: after(prose("Why closed")),
};

const open = ["identified", "assessed", "treatment_planned", "treating", "accepted", "reopened"] as const;
const carers = [...owner, ...role("risk_owner", "ai_system_owner", "aims_manager")];
const words = [
  "title",
  "summary",
  "owner",
  "org_unit",
  "scope",
  "ai_systems",
  "happened_on",
  "next_review_on",
  "review_interval_months",
  "evidence",
  "related",
  "labels",
  "external_ids",
  "risk_kind",
  "about",
  "source_category",
  "cause",
  "event",
  "consequence",
  "affected",
  "existing_controls",
  "treatment_option",
  "option_reason",
  "control_refs",
  "linked_impacts",
] as const;

export const kind = recordKind({
  name: "risk",
  prefix: "RSK",
  digits: 3,
  title: "Risk",
  plural: "Risks",
  summary:
    "Something that may go wrong, or right, because of AI or in the AIMS: rated, treated, and accepted by whoever may.",
  serves: ["6.1.1", "6.1.2", "8.2"],
  fields,
  states,
  live: open,
  columns: ["title", "risk_kind", "current", "owner", "assessed_on", "next_review_on"],
  deeds: {
    identify: {
      title: "Identify risk",
      from: "new",
      to: "identified",
      who: [...anyone, ...machine],
      sets: words,
      needs: ["title", "risk_kind", "cause", "event", "consequence"],
    },
    amend: {
      title: "Amend risk",
      from: ["identified", "assessed", "treatment_planned", "treating", "reopened"],
      who: carers,
      sets: words,
    },
    assess: {
      title: "Assess risk",
      from: open,
      to: (next) => {
        // INV-11: an acceptance outlives a new assessment only when the score is the same.
        if (next.state === "accepted") return next.acceptance ? "accepted" : "assessed";
        return next.state === "identified" || next.state === "reopened" ? "assessed" : next.state;
      },
      who: [...owner, ...role("risk_owner", "aims_manager"), ...named("assessors")],
      // Not the acceptance: whoever scores would else accept by the same act (INV-10).
      sets: [...words, "inherent", "current", "target", "assessed_on", "assessors", "criteria_version", "basis"],
      follow: { editions: all("risk_criteria"), criteria: out("risk_criteria", "criteria_version") },
      needs: ["criteria_version", "assessors", "assessed_on"],
      fills: assessment,
      guards: [
        {
          rule: "6.1.2",
          refuse: ({ next }) =>
            isScored(next.risk_kind === "opportunity" ? next.inherent : next.current)
              ? undefined
              : "it takes a likelihood and at least one consequence (for an opportunity the benefit)",
        },
        {
          rule: "TRG-13",
          refuse: ({ next, near }) =>
            criteriaInForce(near["editions"] ?? [])?.ref === next.criteria_version
              ? undefined
              : `${next.criteria_version} is not the edition of the criteria in force`,
        },
        { rule: "6.1.3", refuse: ({ next }) => unknownControl(next.control_refs ?? []) },
      ],
    },
    plan_treatment: {
      title: "Plan treatment of risk",
      from: ["assessed"],
      to: "treatment_planned",
      who: carers,
      sets: ["treatment_option", "option_reason", "control_refs", "target", "next_review_on"],
      needs: ["treatment_option"],
      guards: [{ rule: "6.1.3", refuse: ({ next }) => unknownControl(next.control_refs ?? []) }],
    },
    treat: {
      title: "Start treating risk",
      from: ["assessed", "treatment_planned"],
      to: "treating",
      who: [...carers, ...machine],
      sets: [],
      needs: ["treatment_option"],
    },
    accept: {
      title: "Accept risk",
      from: ["assessed", "treatment_planned", "treating", "accepted"],
      to: "accepted",
      who: [...role("top_management"), ...authority("approve AI risk treatment"), ...owner, ...role("risk_owner")],
      sets: ["acceptance", "next_review_on"],
      needs: ["acceptance"],
      approves: "approve",
      follow: { criteria: out("risk_criteria", "criteria_version") },
      fills: ({ next, actor, today }) => ({
        acceptance: {
          ...next.acceptance,
          by: actor.person,
          on: today,
          band: next.current?.band,
          score_hash: scoreHash(next),
        },
      }),
      guards: [
        { rule: "INV-10", refuse: withoutAuthority },
        { rule: "INV-04", code: "duties-apart", refuse: acceptsOwnWork },
        { rule: "INV-10", refuse: withoutEnd },
      ],
    },
    flag: {
      title: "Ask to look again at risk",
      from: open,
      who: [...machine, ...carers, ...role("internal_auditor", "lead_internal_auditor", "concern_handler")],
      sets: ["needs_review"],
      needs: ["needs_review"],
      fills: ({ next, today }) => ({
        needs_review: { ...next.needs_review, since: next.needs_review?.since ?? today },
      }),
    },
    reopen: {
      title: "Reopen risk",
      from: ["accepted", "closed", "assessed", "treatment_planned", "treating"],
      to: "reopened",
      who: [...carers, ...machine],
      sets: ["needs_review"],
      fills: () => ({ acceptance: undefined, closing_reason: undefined }),
    },
    close: {
      title: "Close risk",
      from: open,
      to: "closed",
      who: [...owner, ...role("aims_manager")],
      sets: ["closing_reason"],
      needs: ["closing_reason"],
    },
  },
});

function isScored(value: Score | undefined): boolean {
  return value !== undefined && levelOf(value) !== undefined;
}

/** Level and band of each score, who assessed and when, and one line more in the list of assessments. */
function assessment({ before, next, actor, today, near }: Moment<"risk">): Record<string, unknown> {
  const inForce = criteriaInForce(near["editions"] ?? []);
  const criteria = near["criteria"]?.[0]?.kind === "risk_criteria" ? (near["criteria"][0] as typeof inForce) : inForce;
  const rated = <S extends Score>(value: S | undefined) =>
    value === undefined ? undefined : withoutAbsent({ ...value, level: levelOf(value), band: bandOf(value, criteria) });
  // Who scores anew without saying the day scores today; an old day would hide that it was looked at.
  const assessedOn =
    next.assessed_on === undefined || next.assessed_on === before?.assessed_on ? today : next.assessed_on;
  const assessors =
    next.assessors === undefined || next.assessors === before?.assessors
      ? [actor.person].filter((person) => person !== undefined)
      : next.assessors;
  const scored = {
    inherent: rated(next.inherent),
    current: rated(next.current),
    target: rated(next.target),
    criteria_version:
      next.criteria_version === undefined || next.criteria_version === before?.criteria_version
        ? (inForce?.ref ?? next.criteria_version)
        : next.criteria_version,
  };
  const seen = scored.current ?? scored.inherent;
  const kept =
    next.acceptance && next.acceptance.score_hash === scoreHash(scored as Parameters<typeof scoreHash>[0])
      ? next.acceptance
      : undefined;
  return {
    ...scored,
    assessed_on: assessedOn,
    assessors,
    acceptance: kept,
    needs_review: undefined,
    assessments: [
      ...(next.assessments ?? []),
      withoutAbsent({
        on: assessedOn,
        level: seen?.level,
        band: seen?.band,
        by: assessors,
        criteria_version: scored.criteria_version,
      }),
    ],
  };
}

/** Domain model, section 2: low the owner; medium whoever may approve treatment; high top management; above it nobody. */
function withoutAuthority({ next, actor }: Moment<"risk">): string | undefined {
  const concern: Concern = concernOf(next);
  const top = findRole(actor, "top_management", concern) !== undefined;
  const unit = findAuthority(actor, "approve AI risk treatment", concern) !== undefined;
  switch (next.current?.band) {
    case undefined:
      return "it has no band to accept; assess it first";
    case "low":
      return top || unit || next.owner === actor.person ? undefined : "in the low band it takes its owner";
    case "medium":
      return top || unit ? undefined : 'in the medium band it takes the authority "approve AI risk treatment"';
    case "high":
      return top ? undefined : "in the high band it takes top management";
    case "must_not_run":
      return "in this band nobody may accept it: the system stops or the use is dropped";
  }
}

/** In the low band the owner may accept what they assessed: that is what the band is for. */
function acceptsOwnWork({ next, actor }: Moment<"risk">): string | undefined {
  if (next.current?.band === "low" || actor.person === undefined) return undefined;
  if (next.assessors?.includes(actor.person)) return `${actor.person} assessed it, and these duties are kept apart`;
  return next.current?.band === "high" && next.owner === actor.person
    ? `${actor.person} owns it, and these duties are kept apart`
    : undefined;
}

function withoutEnd({ next, near, today }: Moment<"risk">): string | undefined {
  const expires = next.acceptance?.expires_on;
  if (expires === undefined) return "an acceptance has an end; name the day";
  const criteria = near["criteria"]?.[0] as { acceptance_months?: { usual?: number; high?: number } } | undefined;
  const months =
    next.current?.band === "high"
      ? (criteria?.acceptance_months?.high ?? 6)
      : (criteria?.acceptance_months?.usual ?? 12);
  const last = addMonths(today, months);
  return expires > last ? `in this band it lasts at most ${months} months, until ${last}` : undefined;
}

function unknownControl(refs: readonly string[]): string | undefined {
  const unknown = refs.find((ref) => !ref.startsWith("X.") && !annexAControls.includes(ref));
  return unknown && `"${unknown}" is no control of Annex A; own controls begin with X.`;
}

function withoutAbsent(
  value: Readonly<Record<string, unknown>>,
): Record<string, unknown> & { level?: number; band?: (typeof bandNames)[number] } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
}
