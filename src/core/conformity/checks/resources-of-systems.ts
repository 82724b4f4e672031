import { back, out, via } from "#core/records/follow.ts";
import type { RecordOf } from "#core/records/kind.ts";
import { check, every, type Check } from "../check.ts";
import { isDeployedInScope, isDevelopedHere, isInScope, isPastIdea } from "../facts/systems.ts";
import { listed, missingFields, plain } from "../facts/words.ts";
import { make, on } from "../mend.ts";

type Resource = RecordOf<"resource">;
type List = NonNullable<RecordOf<"ai_system">["empty_lists"]>[number]["list"];

const ofSystem = back("resource", "ai_systems");

/** A resource that is asked for but not given does not carry a system. */
const isThere = (resource: Resource): boolean => resource.state === "approved" || resource.state === "allocated";

const isTooling = (resource: Resource): boolean => resource.category === "tooling" || (resource.tools ?? []).length > 0;

const isComputing = (resource: Resource): boolean =>
  resource.category === "cluster" ||
  resource.category === "compute" ||
  resource.category === "cloud" ||
  resource.category === "equipment" ||
  resource.category === "service";

/** What a person must bring at which part of a system's life (A.4.6). Building or buying are one part. */
const partsOfLife = [
  ["development or acquisition", ["development", "acquisition"]],
  ["operation", ["operation"]],
  ["oversight", ["oversight"]],
  ["retirement", ["retirement"]],
] as const;

/** Checks whose home is A.4.2 and A.4.4 to A.4.6. */
export const checks: readonly Check[] = [
  check(
    "resource.register",
    [on("ai_system", "amend"), make("resource", "request", { about: "ai_systems" })],
    every("ai_system", {
      where: isPastIdea,
      follow: { resources: ofSystem },
      must: ({ record, resources }) => {
        const there = resources.filter(isThere);
        const filled: Record<List, boolean> = {
          components: (record.components ?? []).length > 0 || (record.models ?? []).length > 0,
          data: (record.datasets ?? []).length > 0,
          tooling: there.some(isTooling),
          computing: there.some(isComputing),
          people: there.some((resource) => resource.resource_kind === "people"),
        };
        const explained = new Set((record.empty_lists ?? []).map((entry) => entry.list));
        const open = (Object.keys(filled) as List[]).filter((list) => !filled[list] && !explained.has(list));
        return open.length === 0 || `lists no ${listed(open)} and gives no reason`;
      },
      empty: "not_applicable",
      because: "no AI system in scope is past the idea",
    }),
  ),
  check(
    "tooling.documented",
    [
      on("approved_source", "approve"),
      on("resource", "amend"),
      make("resource", "request", { about: "ai_systems", with: { resource_kind: "technology", category: "tooling" } }),
      make("exception", "request", { about: "about" }),
    ],
    every("ai_system", {
      where: (record) => isPastIdea(record) && isDevelopedHere(record),
      follow: {
        resources: ofSystem,
        sources: via(ofSystem, out("approved_source", "tools.approved_source")),
        exceptions: via(ofSystem, out("exception", "tools.exception")),
      },
      must: ({ resources, sources, exceptions, today }) => {
        const tools = resources.filter(isThere).flatMap((resource) => resource.tools ?? []);
        if (tools.length === 0) return "is developed here and names no tool";
        const trusted = new Set(sources.filter((source) => source.state === "approved").map((source) => source.ref));
        const excepted = new Set(
          exceptions
            .filter(
              (exception) =>
                exception.state === "granted" &&
                (exception.valid_until === undefined || !today.isPast(exception.valid_until)),
            )
            .map((exception) => exception.ref),
        );
        const faults = tools.flatMap((tool) => {
          const missing = missingFields(tool, ["version", "licence"]);
          if (tool.source === undefined && tool.approved_source === undefined) missing.push("source");
          if (missing.length > 0) return [`${tool.name} lacks ${listed(missing)}`];
          const isCovered =
            (tool.approved_source !== undefined && trusted.has(tool.approved_source)) ||
            (tool.exception !== undefined && excepted.has(tool.exception));
          return isCovered ? [] : [`${tool.name} comes from no approved source and has no exception`];
        });
        return faults.length === 0 || faults.join("; ");
      },
      empty: "not_applicable",
      because: "no AI system is developed here",
    }),
  ),
  check(
    "computing.documented",
    [
      on("resource", "amend"),
      make("resource", "request", {
        about: "ai_systems",
        with: { resource_kind: "infrastructure", category: "compute" },
      }),
    ],
    every("ai_system", {
      where: isDeployedInScope,
      follow: { resources: ofSystem },
      must: ({ resources }) => {
        const computing = resources.filter((resource) => isThere(resource) && isComputing(resource));
        if (computing.length === 0) return "has no computing resource on record";
        const gaps = computing.map((resource) => ({
          ref: resource.ref,
          missing: missingFields(resource, [
            "location",
            "hosting_party",
            "capacity_limit",
            "environment_name",
            "footprint_note",
          ]),
        }));
        if (gaps.some(({ missing }) => missing.length === 0)) return true;
        return {
          fails: gaps.map(({ ref, missing }) => `${ref} lacks its ${listed(missing)}`).join("; "),
          records: gaps.map(({ ref }) => ref),
        };
      },
      empty: "not_applicable",
      because: "no AI system is deployed",
    }),
  ),
  check(
    "people.documented",
    [
      on("competence_requirement", "amend"),
      make("resource", "request", { about: "ai_systems", with: { resource_kind: "people", category: "staff_time" } }),
      make("competence_requirement", "set"),
    ],
    every("ai_system", {
      where: (record) => isInScope(record) && isPastIdea(record),
      follow: { resources: ofSystem, requirements: back("competence_requirement", "ai_systems") },
      must: ({ resources, requirements }) => {
        const people = resources.filter((resource) => isThere(resource) && resource.resource_kind === "people");
        const skills = requirements.filter((requirement) => requirement.state === "in_force");
        const covers = (records: readonly { lifecycle_stages?: readonly string[] }[], stages: readonly string[]) =>
          records.some((record) => (record.lifecycle_stages ?? []).some((stage) => stages.includes(stage)));
        const withoutPeople = partsOfLife.filter(([, stages]) => !covers(people, stages)).map(([name]) => name);
        const withoutSkill = partsOfLife.filter(([, stages]) => !covers(skills, stages)).map(([name]) => name);
        const faults = [
          ...(withoutPeople.length === 0 ? [] : [`names no people for ${listed(withoutPeople)}`]),
          ...(withoutSkill.length === 0 ? [] : [`asks for no competence in ${listed(withoutSkill)}`]),
          ...([...people, ...skills].some((record) => record.domain_expert === true)
            ? []
            : ["names no expert of the subject"]),
        ];
        return faults.length === 0 || faults.map(plain).join("; ");
      },
      empty: "not_applicable",
      because: "no AI system in scope is past the idea",
    }),
  ),
];
