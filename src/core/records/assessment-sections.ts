import { after, choice, day, group, line, lines, link, list, number, prose, yesNo } from "./field.ts";

/** What an AI system may do to persons and groups (ISO/IEC 42001, A.5.4). */
export const areasOnPeople = [
  "health_and_safety",
  "fairness",
  "privacy",
  "human_rights",
  "autonomy_and_oversight",
  "transparency_and_recourse",
  "access_to_services",
  "finances",
  "accessibility",
  "work",
] as const;

/** What it may do to society (ISO/IEC 42001, A.5.5). */
export const areasOnSociety = [
  "environment",
  "economy_and_jobs",
  "government_and_public_services",
  "public_health_and_safety",
  "culture_norms_and_democracy",
] as const;

const rating = (title: string) => number(title, { least: 1, most: 5, whole: true });

const impact = <const Areas extends readonly [string, ...string[]]>(areas: Areas) =>
  group(
    "Impact",
    {
      area: choice("Area", areas),
      who: line("Who"),
      what_happens: prose("What happens"),
      severity: rating("Severity"),
      likelihood: rating("Likelihood"),
      how_many: line("How many"),
      reversible: choice("Reversible", ["yes", "mostly", "slowly", "no"]),
      how_long: line("How long"),
      proof: prose("What it rests on"),
      measures: prose("Measures"),
      residual_severity: rating("Severity that remains"),
      residual_likelihood: rating("Likelihood that remains"),
      benefit: prose("A benefit instead"),
      not_relevant_because: prose("Not relevant because"),
      risk: link("Risk", "risk"),
    },
    { must: ["area"] },
  );

/** What an impact assessment says of its system, sections 2 to 14 of the form (domain model, section 5). */
export const sections = {
  system: group("System", {
    purpose: prose("Purpose"),
    functions: prose("What it does"),
    technical_setting: prose("Technical setting"),
    automated: prose("What is automated"),
    not_automated: prose("What is not automated"),
  }),
  use: group("Use", {
    intended_use: prose("Intended use"),
    excluded_uses: lines("Excluded uses"),
    foreseeable_misuse: lines("Foreseeable misuse"),
  }),
  data: group("Data", {
    sources: prose("Sources"),
    quality: prose("Quality"),
    gaps: prose("Gaps"),
    personal_data: prose("Personal data"),
    bias_review: prose("Bias review"),
  }),
  model: group("Model", {
    model_kind: prose("Kind"),
    how_made: prose("How it was made"),
    known_limits: prose("Known limits"),
    explainability: prose("How it explains itself"),
  }),
  setting: group("Setting", {
    sites: lines("Sites"),
    countries: lines("Countries"),
    languages: lines("Languages"),
    integrations: lines("Integrations"),
    social_setting: prose("Social setting"),
    volumes: line("Volumes"),
  }),
  people: group("People", {
    users: prose("Users"),
    decided_about: prose("People decided about"),
    groups: list(
      "Groups looked at",
      group(
        "Group",
        {
          name: line("Group"),
          party: after(link("Party", "interested_party", { help: "Its entry in the register of interested parties" })),
          vulnerable: yesNo("Vulnerable"),
        },
        { must: ["name"] },
      ),
    ),
    society: prose("Society"),
    asked: list(
      "Who was asked",
      group(
        "Asked",
        { who: line("Who"), how: line("How"), on: day("On"), said: prose("What they said") },
        { must: ["who"] },
      ),
    ),
    said: lines("What people said"),
  }),
  benefits: list(
    "Benefits",
    group("Benefit", { for_whom: line("For whom"), what: prose("What"), proof: prose("Proof") }, { must: ["what"] }),
  ),
  impacts_on_people: list("Impacts on people", impact(areasOnPeople)),
  impacts_on_society: list("Impacts on society", impact(areasOnSociety)),
  failure_and_misuse: list(
    "Failure and misuse",
    group(
      "Scenario",
      {
        scenario: line("Scenario"),
        likelihood: rating("Likelihood"),
        effect: prose("Effect"),
        detection: prose("How it is noticed, and what is done"),
      },
      { must: ["scenario"] },
    ),
  ),
  oversight: group("Oversight and recourse", {
    who: prose("Who oversees"),
    can_overrule: prose("Can they overrule it"),
    contest: prose("How a person contests the outcome"),
  }),
  measures: list(
    "Measures",
    group(
      "Measure",
      {
        what: line("What"),
        who: link("Who", "person"),
        due: day("Due"),
        effect_on_rating: line("Effect on the rating"),
        state: after(choice("State", ["open", "in_progress", "running", "done", "dropped"])),
        done_on: after(day("Done on")),
      },
      { must: ["what"] },
    ),
  ),
  residual: group("What remains", {
    what_remains: prose("What remains"),
    who_bears: prose("Who bears it"),
    why_acceptable: prose("Why that is acceptable"),
  }),
};
