import { back } from "#core/records/follow.ts";
import type { RecordOf } from "#core/records/kind.ts";
import { check, every, some, type Check } from "../check.ts";
import { isDeployedInScope } from "../facts/systems.ts";
import { listed } from "../facts/words.ts";
import { make, on } from "../mend.ts";
import type { Today } from "../today.ts";

type Resource = RecordOf<"resource">;

const kindsOfResource = ["people", "infrastructure", "environment", "technology", "financial"] as const;
const isDecided = ({ state }: Resource): boolean => ["approved", "refused", "allocated", "released"].includes(state);
const isGranted = ({ state }: Resource): boolean => state === "approved" || state === "allocated";
const isOfThisPeriod = ({ period }: Resource, today: Today): boolean =>
  period !== undefined && today.hasCome(period.from) && !today.isPast(period.to);

/** Checks whose home is 7.1. */
export const checks: readonly Check[] = [
  check(
    "resource.five_kinds",
    [on("resource", "approve"), on("resource", "refuse"), make("resource", "request")],
    ...kindsOfResource.map((wanted) =>
      some("resource", {
        where: (record) => record.resource_kind === wanted && isDecided(record),
        must: ({ record, today }) => isOfThisPeriod(record, today) || "it was decided for another period",
        because: `no ${wanted} resource was decided for the current planning period`,
      }),
    ),
  ),
  check(
    "resource.no_gap",
    [on("resource", "adjust"), on("resource", "allocate"), make("risk", "identify", { with: { about: "aims" } })],
    every("resource", {
      where: (record) => isGranted(record) && record.approved_quantity !== undefined,
      must: ({ record, today }) => {
        const [approved = 0, allocated = 0] = [record.approved_quantity, record.allocated_quantity];
        const since = record.allocated_on ?? record.decided_on ?? record.state_since;
        if (allocated >= approved || !today.isLongerThan(60, since)) return true;
        const gap = `${allocated} of ${approved} ${record.unit ?? ""}`.trim();
        if (record.risk !== undefined) return { note: `${gap} allocated since ${since}, carried as ${record.risk}` };
        if (record.gap_plan?.due !== undefined && !today.isPast(record.gap_plan.due))
          return { note: `${gap} allocated since ${since}, to be closed by ${record.gap_plan.due}` };
        return `${gap} allocated since ${since}: plan by when the gap closes, or link the risk that carries it`;
      },
      empty: "not_applicable",
      because: "no resource has been approved",
    }),
  ),
  check(
    "resource.per_system",
    [on("resource", "allocate"), make("resource", "request", { about: "ai_systems" })],
    every("ai_system", {
      where: isDeployedInScope,
      follow: { resources: back("resource", "ai_systems") },
      must: ({ resources }) => {
        const has = (...kinds: readonly Resource["resource_kind"][]) =>
          resources.some((resource) => resource.state === "allocated" && kinds.includes(resource.resource_kind));
        const missing = [
          ...(has("people") ? [] : ["people"]),
          ...(has("technology", "infrastructure") ? [] : ["technology or infrastructure"]),
        ];
        return missing.length === 0 || `no ${listed(missing)} resource is allocated to it`;
      },
      empty: "not_applicable",
      because: "no AI system in scope is deployed",
    }),
  ),
  check(
    "resource.budget",
    [
      on("resource", "report_actual"),
      on("resource", "approve"),
      make("resource", "request", { with: { resource_kind: "financial", category: "budget" } }),
    ],
    some("resource", {
      where: (record) => record.resource_kind === "financial" && isGranted(record),
      must: ({ record, today }) => {
        if (!isOfThisPeriod(record, today)) return "it is for another period";
        if (record.actual_on === undefined) return "its actual figures were never reported";
        return today.isWithinDays(record.actual_on, 90) || `its actual figures are of ${record.actual_on}`;
      },
      because: "no approved budget for the current period has actual figures of the last 90 days",
    }),
  ),
];
