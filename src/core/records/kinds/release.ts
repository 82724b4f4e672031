import { after, day, group, line, lines, link, links, list, prose, yesNo } from "../field.ts";
import { back, out, via } from "../follow.ts";
import { factsOf, nearSystem, unjudgedChanges } from "../fingerprint.ts";
import { recordKind, type RecordOf } from "../kind.ts";
import { authority, machine, owner, role, type Guard } from "../deed.ts";

export const states = ["planned", "ready", "approved", "deployed", "rolled_back", "retired"] as const;

export const fields = {
  ai_system: link("AI system", "ai_system"),
  version: line("Version"),
  what_changes: prose("What changes"),
  site: line("Site", { help: "When it changes where the system runs" }),
  models: list(
    "Models",
    group(
      "Model",
      { model: link("Model", "model"), version: line("Version"), digest: line("Digest") },
      { must: ["model"] },
    ),
  ),
  datasets: list(
    "Data sets and indexes",
    group(
      "Data set",
      { dataset: link("Data set", "dataset"), version: line("Version"), digest: line("Digest") },
      { must: ["dataset"] },
    ),
  ),
  prompt_or_config_hash: line("Hash of prompt or configuration"),
  images: list(
    "Images",
    group(
      "Image",
      {
        component: line("Component"),
        image: line("Image"),
        digest: line("Digest"),
        source: link("Source", "approved_source"),
      },
      { must: ["image"] },
    ),
  ),
  deployment_plan: group("Deployment plan", {
    environment: line("Environment"),
    components: lines("Components"),
    conditions: list(
      "Conditions",
      group(
        "Condition",
        { text: prose("Condition"), met_on: day("Met on"), met_by: link("Met by", "person") },
        { must: ["text"] },
      ),
    ),
    rollback: prose("Way back"),
    told: lines("Who is told"),
  }),
  evaluations: links("Evaluations", "evaluation"),
  impact_assessment: link("Impact assessment", "impact_assessment"),
  risk_review_needed: yesNo("Risk review needed"),
  ia_needed: yesNo("Impact assessment needed"),
  first_release: yesNo("First release"),
  built_by: links("Built by", "person"),
  supersedes: link("Release before", "release"),
  approver: after(link("Approved by", "person")),
  approved_on: after(day("Approved on")),
  deployed_on: after(day("Deployed on")),
  deployed_by: after(line("Deployed by")),
  ended_on: after(day("Ended on")),
  differences: after(
    list(
      "Differences between what runs and what was approved",
      group(
        "Difference",
        {
          found_on: day("Found on"),
          what: prose("What differs"),
          reviewed_on: day("Reviewed on"),
          reviewed_by: link("Reviewed by", "person"),
          consequence: prose("Consequence"),
          found_by: line("Found by"),
        },
        { must: ["found_on", "what"] },
      ),
    ),
  ),
  rollback_reason: after(prose("Why rolled back")),
  flags: after(lines("To be looked at again", { help: "What happened to something it is made of" })),
};

const conditionsMet: Guard<"release"> = {
  rule: "A.6.2.5",
  refuse: ({ next }) => {
    const open = (next.deployment_plan?.conditions ?? []).filter((condition) => condition.met_on === undefined);
    return open.length === 0 ? undefined : `not met yet: ${open.map((condition) => condition.text).join("; ")}`;
  },
};

const notSoleBuilder: Guard<"release"> = {
  rule: "INV-09",
  code: "duties-apart",
  refuse: ({ next, actor }) =>
    next.built_by?.length === 1 && next.built_by[0] === actor.person
      ? `${actor.person ?? ""} alone built it`
      : undefined,
};

const noWithdrawnData: Guard<"release"> = {
  rule: "INV-29",
  refuse: ({ near }) => {
    const withdrawn = (near["used"] ?? []).filter((dataset) => dataset.state === "withdrawn");
    return withdrawn.length === 0
      ? undefined
      : `it uses ${withdrawn.map((dataset) => dataset.ref).join(", ")}, which was withdrawn`;
  },
};

const approvedStates = ["approved", "approved_with_conditions"];

const assessed: Guard<"release"> = {
  rule: "INV-08",
  refuse: ({ near, today }) => {
    const own = (near["assessments"] ?? []) as readonly RecordOf<"impact_assessment">[];
    const newest = own
      .filter((assessment) => approvedStates.includes(assessment.state))
      .sort((a, b) => ((a.approved_on ?? "") < (b.approved_on ?? "") ? 1 : -1))[0];
    if (newest === undefined)
      return own.some((assessment) => assessment.state === "rejected")
        ? "the impact assessment of its AI system was rejected"
        : "its AI system has no approved impact assessment";
    if (newest.next_review_on !== undefined && newest.next_review_on < today)
      return `impact assessment ${newest.ref} was due again on ${newest.next_review_on}`;
    const current = factsOf(near);
    // What the assessment took as planned goes live only with the release itself.
    const planned = new Set((newest.planned ?? []).map((fact) => fact.field));
    const changed =
      current === undefined ? [] : unjudgedChanges(newest, current).filter((change) => !planned.has(change.field));
    return changed.length === 0
      ? undefined
      : `impact assessment ${newest.ref} does not cover what has changed since: ${changed.map((change) => change.field.replaceAll("_", " ")).join(", ")}`;
  },
};

const makers = role("ml_engineer", "platform_engineer", "ai_system_owner");

export const kind = recordKind({
  name: "release",
  prefix: "REL",
  title: "Release",
  plural: "Releases",
  summary:
    "A version or setting of an AI system that goes into use: what it is made of, what was tested, who said yes, when it began to run.",
  serves: ["8.1", "A.6.1.3", "A.6.2.5"],
  fields,
  states,
  live: ["planned", "ready", "approved", "deployed"],
  frozen: ["approved", "deployed", "rolled_back", "retired"],
  columns: ["title", "ai_system", "version", "approved_on", "deployed_on"],
  deeds: {
    plan: {
      title: "Plan release",
      from: "new",
      to: "planned",
      who: makers,
      needs: ["ai_system", "version", "what_changes"],
      fills: ({ next }) => ({ title: next.title ?? `${next.ai_system ?? ""} ${next.version ?? ""}` }),
    },
    amend: { title: "Amend release", from: ["planned", "ready"], to: "planned", who: makers },
    meet: {
      title: "Mark conditions met for",
      from: ["planned"],
      who: makers,
      sets: ["deployment_plan"],
      needs: ["deployment_plan"],
    },
    make_ready: {
      title: "Make ready",
      from: ["planned"],
      to: "ready",
      who: makers,
      needs: ["deployment_plan"],
      guards: [conditionsMet],
    },
    approve: {
      title: "Approve release",
      from: ["ready"],
      to: "approved",
      who: authority("approve release"),
      sets: [],
      needs: ["deployment_plan", "built_by"],
      approves: "approve",
      apart: ["creator"],
      fills: ({ actor, today }) => ({ approver: actor.person, approved_on: today }),
      // `nearSystem` names the data sets of the system; those of the release go by another name.
      follow: {
        ...nearSystem,
        used: out("dataset", "datasets.dataset"),
        assessments: via(out("ai_system", "ai_system"), back("impact_assessment", "ai_system")),
      },
      guards: [conditionsMet, notSoleBuilder, noWithdrawnData, assessed],
    },
    deploy: {
      title: "Deploy release",
      from: ["approved"],
      to: "deployed",
      who: [...makers, ...machine],
      sets: ["deployed_on", "deployed_by"],
      fills: ({ next, today }) => ({ deployed_on: next.deployed_on ?? today }),
      follow: { system: out("ai_system", "ai_system"), earlier: out("release", "supersedes") },
      effects: ({ next, near }) => [
        ...(near["system"] ?? [])
          .filter((system) => system.state === "verification")
          .map((system) => ({
            does: "move" as const,
            kind: "ai_system" as const,
            ref: system.ref,
            deed: "go_live",
            fields: { deployed_on: next.deployed_on },
          })),
        ...(near["earlier"] ?? [])
          .filter((release) => release.state === "deployed")
          .map((release) => ({
            does: "move" as const,
            kind: "release" as const,
            ref: release.ref,
            deed: "retire",
            fields: { ended_on: next.deployed_on },
          })),
      ],
    },
    record_unapproved: {
      title: "Record what ran without approval",
      from: "new",
      to: "deployed",
      who: [...makers, ...role("aims_manager"), ...machine],
      needs: ["ai_system", "version", "what_changes", "deployed_on"],
      // It is on record as it was: nobody approved it, and no later deed can.
      fills: ({ next }) => ({
        title: next.title ?? `${next.ai_system ?? ""} ${next.version ?? ""}`,
        happened_on: next.happened_on ?? next.deployed_on,
      }),
      guards: [
        {
          rule: "INV-03",
          refuse: ({ next }) =>
            next.approver !== undefined || next.approved_on !== undefined
              ? "it names an approval that was never given"
              : undefined,
        },
      ],
    },
    note_difference: {
      title: "Note difference in",
      from: ["deployed"],
      who: [...makers, ...machine],
      sets: ["differences"],
      needs: ["differences"],
    },
    review_difference: {
      title: "Review difference in",
      from: ["deployed"],
      who: [...owner, ...role("ai_system_owner", "aims_manager"), ...authority("approve release")],
      sets: ["differences"],
      needs: ["differences"],
    },
    flag: { title: "Flag release", from: ["approved", "deployed"], who: machine, sets: ["flags"], needs: ["flags"] },
    clear_flags: {
      title: "Clear flags of",
      from: ["approved", "deployed"],
      who: authority("approve release"),
      sets: ["flags"],
    },
    roll_back: {
      title: "Roll back release",
      from: ["deployed"],
      to: "rolled_back",
      who: [...makers, ...role("top_management"), ...authority("stop system")],
      sets: ["rollback_reason", "ended_on"],
      needs: ["rollback_reason"],
      fills: ({ next, today }) => ({ ended_on: next.ended_on ?? today }),
    },
    retire: {
      title: "Retire release",
      from: ["planned", "ready", "approved", "deployed"],
      to: "retired",
      who: makers,
      sets: ["ended_on"],
      fills: ({ next, today }) => ({ ended_on: next.ended_on ?? today }),
    },
  },
});
