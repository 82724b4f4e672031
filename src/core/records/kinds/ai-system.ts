import { after, choice, day, group, line, lines, link, links, list, number, prose, yesNo } from "../field.ts";
import { all, back, out } from "../follow.ts";
import { stillHere } from "../guard.ts";
import { recordKind, type AnyRecord, type RecordOf } from "../kind.ts";
import { anyone, authority, machine, named, owner, role, type Guard, type Moment } from "../deed.ts";

/** The stages of an AI system's life are its states: what other texts call its stage is `state`. */
export const states = [
  "discovered",
  "idea",
  "design",
  "development",
  "verification",
  "deployed",
  "suspended",
  "retired",
] as const;

export const fields = {
  name: line("Name"),
  purpose: prose("Purpose", { help: "What it is there for, in words that those affected would understand" }),
  intended_use: prose("Intended use"),
  excluded_uses: lines("Excluded uses", { help: "What it must not be used for" }),
  foreseeable_misuse: lines("Foreseeable misuse"),
  technique: line("Kind of AI", { help: "Such as language model with retrieval, gradient-boosted score, time series" }),
  acquisition: choice("How it comes to us", ["in_house", "integrated", "bought", "service"], {
    help: "Built here, built here on a bought model, bought as a product, or used as a service",
  }),
  tier: number("Tier", {
    help: "1 serious effect on people possible, 2 moderate, 3 slight",
    least: 1,
    most: 3,
    whole: true,
  }),
  in_scope: yesNo("In the AIMS scope"),
  scope_decision: group(
    "Scope decision",
    { reason: prose("Why"), by: link("Decided by", "person"), on: day("Decided on") },
    { must: ["reason"] },
  ),
  our_roles: list("Our roles", choice("Role", ["provider", "developer", "user", "partner", "other"])),
  users: list(
    "Users",
    group(
      "User group",
      {
        who: line("Who"),
        number: number("How many", { least: 0, whole: true }),
        site: line("Site"),
        since: day("Use it since"),
        needs_rules: yesNo("Follow the use rules", {
          help: "No for people who only meet it, such as callers of a help desk",
        }),
        party: link("Party", "interested_party"),
      },
      { must: ["who"] },
    ),
  ),
  affected_groups: list(
    "Affected groups",
    group(
      "Affected group",
      {
        name: line("Group"),
        party: link("Party", "interested_party", { help: "Its entry in the register of interested parties" }),
      },
      { must: ["name"] },
    ),
  ),
  decision_effect: choice("Effect on decisions", ["informs", "recommends", "decides_with_override", "decides"]),
  autonomy: number("Autonomy", {
    help: "0 none, 1 one step that a person confirms, up to 4 acts alone across steps",
    least: 0,
    most: 4,
    whole: true,
  }),
  learns_in_use: yesNo("Learns in use"),
  deployment_context: group("Where it runs and for whom", {
    sites: lines("Sites"),
    units: lines("Units"),
    countries: lines("Countries"),
    languages: lines("Languages"),
    integrations: lines("Integrations", { help: "Systems and tools that it reads from or acts on" }),
    volumes: list(
      "Volumes",
      group(
        "Volume",
        {
          what: line("What"),
          number: number("How many", { least: 0 }),
          per: choice("Per", ["day", "week", "month", "year"]),
        },
        { must: ["what", "number", "per"] },
      ),
    ),
  }),
  human_oversight: group("Human oversight", {
    who: prose("Who oversees"),
    how: prose("How they can overrule"),
    stop_means: prose("How it is stopped"),
    on_duty_role: line("Role on duty"),
  }),
  on_duty: after(
    list(
      "On duty",
      group(
        "Person on duty",
        { person: link("Person", "person"), site: line("Site"), from: day("From"), to: day("To") },
        { must: ["person"] },
      ),
      { help: "Who can stop it at once, without asking" },
    ),
  ),
  fallback: prose("Fallback", { help: "What people do while it is off" }),
  models: links("Models", "model"),
  datasets: links("Data sets", "dataset"),
  suppliers: links("Suppliers", "supplier"),
  components: list(
    "Components",
    group(
      "Component",
      { name: line("Component"), version: line("Version"), what: line("What it does") },
      { must: ["name"] },
    ),
  ),
  empty_lists: list(
    "Lists left empty",
    group(
      "List left empty",
      { list: choice("List", ["components", "data", "tooling", "computing", "people"]), reason: line("Why") },
      { must: ["list", "reason"] },
    ),
    { help: "Why a list of resources has nothing in it" },
  ),
  namespaces: lines("Kubernetes namespaces"),
  not_on_kubernetes: line("Not on Kubernetes", { help: "Where it runs instead" }),
  logging: group("Logging", {
    enabled: yesNo("Enabled"),
    what: lines("What is logged"),
    retention_days: number("Kept", { unit: "days", least: 0, whole: true }),
    verified_on: after(day("Seen to arrive on", { help: "The last day on which somebody read logs back" })),
    verified_by: after(link("Verified by", "person")),
    sample: after(link("Sample", "evidence_item")),
  }),
  monitoring_plan: list(
    "Monitoring plan",
    group(
      "Watched",
      {
        area: choice("Area", [
          "performance",
          "drift",
          "errors_and_failures",
          "security",
          "support",
          "repair",
          "updates",
        ]),
        how: line("How"),
        owner: link("Owner", "person"),
        threshold: line("Threshold"),
        measure: link("Measure", "measure"),
      },
      { must: ["area"] },
    ),
  ),
  use_rules_doc: after(link("Use rules", "document")),
  use_training: after(
    links("Training for users", "training", { help: "What the use rules call for before somebody may use it" }),
  ),
  requirements_doc: after(link("Requirements", "document")),
  design_doc: after(link("Design record", "document")),
  technical_doc: after(link("Technical documentation", "document")),
  user_info_doc: after(link("User information", "document")),
  supplier_instructions: list(
    "Supplier's instructions",
    group(
      "Instructions",
      {
        supplier: link("Supplier", "supplier"),
        document: link("Document", "document"),
        version: line("For version"),
        version_since: day("Version in use since"),
        use_rules_checked_on: day("Use rules checked against them on"),
      },
      { must: ["supplier"] },
    ),
  ),
  legal_class: group(
    "Legal class",
    {
      eu_ai_act: choice("EU AI Act", [
        "prohibited",
        "high_risk_annex_I",
        "high_risk_annex_III",
        "transparency",
        "minimal",
        "other",
      ]),
      by: link("By", "person"),
      on: day("On"),
      reason: prose("Why"),
      under_review: yesNo("Under review"),
    },
    { must: ["eu_ai_act"] },
  ),
  discovered_by: line("Found by", { help: "Such as release note, cluster scan, expense list, report" }),
  screening: group("Screening", {
    result: choice("Result", ["full", "short", "none"], { help: "The kind of impact assessment that it needs" }),
    reason: prose("Why"),
    by: link("By", "person"),
    on: day("On"),
  }),
  contract_signed_on: day("Contract signed on"),
  deployed_on: day("First used on"),
  last_material_change_on: day("Last material change", {
    help: "Set by the software when something changes that the impact assessment rests on; give the day when it was earlier than the record of it",
  }),
  exercises: after(
    list(
      "Stop and fallback exercises",
      group(
        "Exercise",
        {
          what: choice("What", ["stop", "fallback", "both"]),
          on: day("On"),
          site: line("Site"),
          led_by: link("Led by", "person"),
          result: prose("Result"),
          evidence: link("Proof", "evidence_item"),
        },
        { must: ["what", "on"] },
      ),
    ),
  ),
  use_reviews: after(
    list(
      "Use reviews",
      group(
        "Use review",
        {
          on: day("On"),
          by: link("By", "person"),
          site: line("Site"),
          compared: prose("Real use against intended and excluded uses"),
          deviations: list(
            "Deviations",
            group(
              "Deviation",
              {
                what: prose("What"),
                decision: prose("Decision"),
                decided_by: link("Decided by", "person"),
                decided_on: day("Decided on"),
              },
              { must: ["what"] },
            ),
          ),
        },
        { must: ["on"] },
      ),
      { help: "A.9.4: is it used for what it is meant for?" },
    ),
  ),
  access_reviews: after(
    list(
      "Access reviews",
      group(
        "Access review",
        {
          on: day("On"),
          by: link("By", "person"),
          confirmed: number("Rights confirmed", { least: 0, whole: true }),
          removed: number("Rights removed", { least: 0, whole: true }),
          rights_granted_by: link("Rights are granted by", "person"),
          evidence: link("Proof", "evidence_item"),
        },
        { must: ["on", "by"] },
      ),
      { help: "Each right confirmed or removed by the owner, not by who grants it" },
    ),
  ),
  suspension: group(
    "Suspension",
    {
      reason: prose("Why"),
      on: day("Since"),
      by: link("By", "person"),
      lifted_on: day("Lifted on"),
      lifted_because: prose("Why lifted"),
    },
    { must: ["reason"] },
  ),
  retirement: group(
    "Retirement note",
    {
      data: prose("What became of its data"),
      model: prose("What became of its model"),
      access: prose("Which access was taken away"),
      users_told: prose("How users were told"),
    },
    {
      must: ["data", "model", "access", "users_told"],
    },
  ),
};

type System = RecordOf<"ai_system">;

/** Facts of the record itself on which its impact assessment rests (domain model, section 5). */
const materialFields = [
  "purpose",
  "intended_use",
  "excluded_uses",
  "decision_effect",
  "autonomy",
  "learns_in_use",
  "human_oversight",
  "fallback",
  "models",
  "datasets",
  "suppliers",
] as const;

/** The record's facts without what grows day by day: how many people use it, which entry of the register stands for a group. */
function materialPart(system: System): string {
  const context = system.deployment_context;
  return JSON.stringify([
    materialFields.map((field) => system[field]),
    system.users?.map((group) => [group.who, group.site]),
    system.affected_groups?.map((group) => group.name),
    [context?.sites, context?.countries, context?.languages, context?.integrations],
    system.legal_class?.eu_ai_act,
  ]);
}

/** Before it runs there is nothing that a change could make stale. */
function isMaterial(before: System | undefined, next: System): boolean {
  return (
    before !== undefined &&
    ["verification", "deployed", "suspended"].includes(before.state) &&
    materialPart(before) !== materialPart(next)
  );
}

/** A change of what the assessment rests on is dated; a day that the asker gives is a claim and stays. */
function dateChange({ before, next, today }: Moment<"ai_system">): Record<string, unknown> {
  const title = next.name ?? next.title;
  if (!isMaterial(before, next) || next.last_material_change_on !== before?.last_material_change_on) return { title };
  return { title, last_material_change_on: today };
}

const scopeDecided: Guard<"ai_system"> = {
  rule: "INV-32",
  refuse: ({ next }) =>
    next.in_scope === undefined || next.scope_decision?.reason === undefined
      ? "it is not decided, with a reason, whether it is in scope"
      : undefined,
};

const withDueDiligence: Guard<"ai_system"> = {
  rule: "INV-30",
  refuse: ({ next, near }) => {
    if (next.state !== "deployed") return undefined;
    const unchecked = (near["suppliers"] ?? []).filter(
      (supplier) => (supplier as RecordOf<"supplier">).due_diligence?.on === undefined,
    );
    return unchecked.length === 0
      ? undefined
      : `due diligence of its supplier ${unchecked.map((supplier) => supplier.ref).join(", ")} is not dated`;
  },
};

const withApprovedRelease: Guard<"ai_system"> = {
  rule: "domain model, 4.5",
  refuse: ({ near }) =>
    (near["releases"] ?? []).some((release) => ["approved", "deployed"].includes(release.state))
      ? undefined
      : "it has no approved release",
};

/** The rules bind what came after the management system began; older systems are taken on as they run (domain model, 1.8). */
const olderThanAims: Guard<"ai_system"> = {
  rule: "domain model, 1.8",
  refuse: ({ next, near }) => {
    const start = (near["organization"]?.[0] as RecordOf<"organization"> | undefined)?.aims_start_date;
    if (next.deployed_on === undefined) return "say since when it has been in use";
    if (start !== undefined && next.deployed_on >= start)
      return `it came into use on ${next.deployed_on}, after the AIMS began on ${start}; release it instead`;
    return undefined;
  },
};

const approvedDocument = (name: string, what: string): Guard<"ai_system"> => ({
  rule: "A.6.2.2",
  refuse: ({ near }) =>
    (near[name] ?? []).some((document: AnyRecord) => ["approved", "effective"].includes(document.state))
      ? undefined
      : `its ${what} is not approved`,
});

const answers = role("ai_system_owner", "aims_manager");
const suppliersNear = out("supplier", "suppliers");
const releasesNear = back("release", "ai_system");
const live = ["discovered", "idea", "design", "development", "verification", "deployed", "suspended"] as const;

export const kind = recordKind({
  name: "ai_system",
  prefix: "AIS",
  title: "AI system",
  plural: "AI systems",
  summary:
    "A system with AI that the organisation builds, buys or uses, from idea to retirement: what for, on whom, by which means, under whose eyes.",
  serves: ["4.3", "8.1", "8.4", "A.4.2", "A.6.2.2", "A.6.2.6", "A.6.2.8", "A.9.2", "A.9.4"],
  fields,
  states,
  live,
  columns: ["title", "tier", "decision_effect", "acquisition", "deployed_on"],
  deeds: {
    register: {
      title: "Register AI system",
      from: "new",
      to: "idea",
      who: anyone,
      needs: ["name", "purpose"],
      fills: dateChange,
    },
    discover: {
      title: "Record discovered AI",
      from: "new",
      to: "discovered",
      who: [...anyone, ...machine],
      needs: ["name", "discovered_by"],
      fills: dateChange,
    },
    amend: {
      title: "Amend AI system",
      from: live,
      who: [...owner, ...role("ai_system_owner", "aims_manager", "ml_engineer", "platform_engineer")],
      fills: dateChange,
      follow: { suppliers: suppliersNear },
      guards: [withDueDiligence],
    },
    decide_scope: {
      title: "Decide scope of",
      from: live,
      who: role("aims_manager", "top_management"),
      sets: ["in_scope", "scope_decision"],
      needs: ["in_scope", "scope_decision"],
      fills: ({ next, actor, today }) => ({
        scope_decision: {
          ...next.scope_decision,
          by: next.scope_decision?.by ?? actor.person,
          on: next.scope_decision?.on ?? today,
        },
      }),
    },
    screen: {
      title: "Screen",
      from: live,
      who: role("impact_assessor"),
      sets: ["screening", "tier"],
      needs: ["screening"],
      // Who profits from it does not decide how closely it is looked at.
      apart: ["owner"],
      apartRule: "domain model, section 8",
      fills: ({ next, actor, today }) => ({
        screening: { ...next.screening, by: next.screening?.by ?? actor.person, on: next.screening?.on ?? today },
      }),
    },
    classify: {
      title: "Classify by law",
      from: live,
      who: role("legal_advisor"),
      sets: ["legal_class", "last_material_change_on"],
      needs: ["legal_class"],
      fills: (moment) => ({
        ...dateChange(moment),
        legal_class: {
          ...moment.next.legal_class,
          by: moment.next.legal_class?.by ?? moment.actor.person,
          on: moment.next.legal_class?.on ?? moment.today,
        },
      }),
    },
    adopt: { title: "Adopt as idea", from: ["discovered"], to: "idea", who: answers, sets: [], guards: [scopeDecided] },
    take_on: {
      title: "Take on as it runs",
      from: ["discovered"],
      to: "deployed",
      who: role("aims_manager"),
      needs: ["deployed_on", "tier"],
      follow: { organization: all("organization"), suppliers: suppliersNear },
      guards: [scopeDecided, olderThanAims, withDueDiligence],
    },
    switch_off: {
      title: "Switch off",
      from: ["discovered"],
      to: "retired",
      who: answers,
      needs: ["retirement"],
      guards: [scopeDecided],
    },
    begin_design: {
      title: "Begin design of",
      from: ["idea"],
      to: "design",
      who: answers,
      sets: [],
      needs: ["tier"],
      guards: [scopeDecided],
    },
    begin_development: {
      title: "Begin development or purchase of",
      from: ["design"],
      to: "development",
      who: answers,
      sets: ["contract_signed_on"],
      needs: ["screening", "legal_class", "requirements_doc"],
      follow: { requirements: out("document", "requirements_doc") },
      guards: [approvedDocument("requirements", "requirements document")],
    },
    begin_verification: {
      title: "Begin verification of",
      from: ["development"],
      to: "verification",
      who: [...answers, ...role("ml_engineer")],
      sets: [],
      needs: ["human_oversight", "fallback"],
    },
    go_live: {
      title: "Put into use",
      from: ["verification"],
      to: "deployed",
      who: [...answers, ...machine],
      sets: ["deployed_on"],
      fills: ({ next, today }) => ({ deployed_on: next.deployed_on ?? today }),
      follow: { releases: releasesNear, suppliers: suppliersNear },
      guards: [withApprovedRelease, withDueDiligence],
    },
    verify_logging: {
      title: "Verify logs of",
      from: ["verification", "deployed", "suspended"],
      who: [
        ...owner,
        ...role("ai_system_owner", "platform_engineer", "ml_engineer", "internal_auditor", "lead_internal_auditor"),
      ],
      sets: ["logging"],
      needs: ["logging"],
    },
    record_exercise: {
      title: "Record exercise of",
      from: ["verification", "deployed", "suspended"],
      who: [...owner, ...role("ai_system_owner", "platform_engineer"), ...named("on_duty.person")],
      sets: ["exercises"],
      needs: ["exercises"],
    },
    review_use: {
      title: "Review use of",
      from: ["deployed", "suspended"],
      who: [...owner, ...role("ai_system_owner")],
      sets: ["use_reviews"],
      needs: ["use_reviews"],
    },
    review_access: {
      title: "Review access to",
      from: ["deployed", "suspended"],
      who: [...owner, ...role("ai_system_owner")],
      sets: ["access_reviews"],
      needs: ["access_reviews"],
      guards: [
        {
          rule: "domain model, section 8",
          code: "duties-apart",
          refuse: ({ next }) =>
            (next.access_reviews ?? []).some(
              (review) => review.rights_granted_by !== undefined && review.rights_granted_by === review.by,
            )
              ? "who grants the rights does not confirm them"
              : undefined,
        },
      ],
    },
    set_duty: {
      title: "Set who is on duty for",
      from: live,
      who: [...owner, ...role("ai_system_owner", "aims_manager")],
      sets: ["on_duty"],
      follow: { on_duty: out("person", "on_duty.person") },
      guards: [stillHere("on_duty")],
    },
    suspend: {
      title: "Suspend",
      from: ["deployed"],
      to: "suspended",
      // Stopping never waits for approval (INV-33).
      who: [
        ...owner,
        ...role("ai_system_owner", "top_management"),
        ...authority("stop system"),
        ...named("on_duty.person"),
      ],
      sets: ["suspension"],
      needs: ["suspension"],
      fills: ({ next, actor, today }) => ({
        suspension: { ...next.suspension, by: next.suspension?.by ?? actor.person, on: next.suspension?.on ?? today },
      }),
    },
    resume: {
      title: "Resume",
      from: ["suspended"],
      to: "deployed",
      who: role("ai_system_owner", "top_management"),
      sets: ["suspension"],
      follow: { suppliers: suppliersNear },
      guards: [
        {
          rule: "INV-33",
          refuse: ({ next }) =>
            next.suspension?.lifted_because === undefined ? "say why it may run again" : undefined,
        },
        withDueDiligence,
      ],
      fills: ({ next, today }) => ({
        suspension: { ...next.suspension, lifted_on: next.suspension?.lifted_on ?? today },
      }),
    },
    retire: {
      title: "Retire",
      from: ["idea", "design", "development", "verification", "deployed", "suspended"],
      to: "retired",
      who: answers,
      needs: ["retirement"],
    },
  },
});
