import type { RecordOf } from "#core/records/kind.ts";

type System = RecordOf<"ai_system">;

/** Whether the management system answers for it: not left out, not retired, and decided on. Undecided past the idea counts as in. */
export const isInScope = (system: System): boolean =>
  system.in_scope !== false && system.state !== "discovered" && system.state !== "retired";

/** Whether it is in use. */
const isDeployed = (system: System): boolean => system.state === "deployed";

/** Whether it is in use and in scope. */
export const isDeployedInScope = (system: System): boolean => isDeployed(system) && isInScope(system);

/** Whether it is in scope and in design or any later stage. */
export const isPastIdea = (system: System): boolean => isInScope(system) && system.state !== "idea";

/** Whether the organisation builds it, alone or on somebody's model. */
export const isDevelopedHere = (system: System): boolean =>
  system.acquisition === "in_house" ||
  system.acquisition === "integrated" ||
  (system.acquisition === undefined && (system.our_roles ?? []).includes("developer"));

/** Whether it comes ready from a supplier. */
export const isFromSupplier = (system: System): boolean =>
  system.acquisition === "bought" || system.acquisition === "service";

/** Whether serious or moderate effects on people are possible. A system without a tier counts as one of those. */
export const isTierOneOrTwo = (system: System): boolean => (system.tier ?? 1) <= 2;

/** The release that came into use last among those in use. */
export const newestDeployed = (releases: readonly RecordOf<"release">[]): RecordOf<"release"> | undefined =>
  releases
    .filter((release) => release.state === "deployed")
    .sort((a, b) => ((a.deployed_on ?? "") < (b.deployed_on ?? "") ? -1 : 1))
    .at(-1);
