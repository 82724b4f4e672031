import { all, back } from "#core/records/follow.ts";
import type { RecordOf } from "#core/records/kind.ts";
import { check, every, some, type Check } from "../check.ts";
import { approvalOf } from "../facts/approvals.ts";
import { listed, missingFields } from "../facts/words.ts";
import { make, on } from "../mend.ts";
import type { Today } from "../today.ts";

const isEffective = (scope: RecordOf<"scope_statement">, today: Today): boolean =>
  scope.state === "approved" && (scope.effective_from === undefined || today.hasCome(scope.effective_from));

const isInUse = (system: RecordOf<"ai_system">): boolean => system.state === "deployed" || system.state === "suspended";

/** The edition of the party register: the highest that one of its entries names. */
const registerEdition = (parties: readonly RecordOf<"interested_party">[]): number =>
  Math.max(1, ...parties.map((party) => party.register_edition ?? 1));

/** What the scope was drawn from and is no longer current. */
function outdated(
  scope: RecordOf<"scope_statement">,
  contexts: readonly RecordOf<"context_statement">[],
  parties: readonly RecordOf<"interested_party">[],
): string[] {
  const context = contexts.find((one) => one.state === "approved");
  const edition = registerEdition(parties);
  return [
    ...(context !== undefined && scope.based_on?.context !== context.ref
      ? [`context statement ${context.edition ?? context.ref}`]
      : []),
    ...((scope.based_on?.parties_edition ?? 0) < edition ? [`edition ${edition} of the party register`] : []),
  ];
}

/** Checks whose home is 4.3. */
export const checks: readonly Check[] = [
  check(
    "scope.approved",
    [
      on("scope_statement", "approve"),
      on("scope_statement", "submit"),
      make("scope_statement", "draft", { about: "supersedes" }),
    ],
    some("scope_statement", {
      where: isEffective,
      must: () => true,
      because: "no scope statement is approved and in effect",
    }),
    every("scope_statement", {
      where: isEffective,
      follow: { others: all("scope_statement"), approvals: back("approval", "about") },
      must: ({ record, others, approvals, today }) => {
        const twin = others.find((other) => other.ref !== record.ref && isEffective(other, today));
        if (twin) return { fails: `${twin.ref} is in effect beside it`, records: [twin.ref] };
        const approval = approvalOf(record, approvals);
        if (!approval) return "no approval is bound to its content";
        return (
          approval.as_role === "top_management" ||
          `it was approved as ${approval.as_role ?? "nobody in particular"}, not by top management`
        );
      },
      empty: "fail",
      because: "no scope statement is approved and in effect",
    }),
  ),
  check(
    "scope.covers",
    [
      on("scope_statement", "amend"),
      make("scope_statement", "draft", { about: "supersedes" }),
      on("ai_system", "decide_scope"),
    ],
    every("scope_statement", {
      where: isEffective,
      follow: { systems: all("ai_system") },
      must: ({ record, systems }) => {
        const missing = missingFields(record, ["org_units", "sites", "activities", "ai_roles"]);
        if (missing.length > 0) return `it lists no ${listed(missing)}`;
        const included = new Set(record.included_systems);
        const excluded = new Set(
          (record.excluded ?? []).filter((left) => left.why !== undefined).map((left) => left.ai_system),
        );
        const untold = systems
          .filter((system) => isInUse(system) && !included.has(system.ref) && !excluded.has(system.ref))
          .map((system) => system.ref);
        return (
          untold.length === 0 || {
            fails: `${listed(untold)} ${untold.length === 1 ? "is" : "are"} in use and neither included nor excluded with a reason`,
            records: untold,
          }
        );
      },
      empty: "fail",
      because: "no scope statement is approved and in effect",
    }),
  ),
  check(
    "scope.basis_fresh",
    [
      make("task", "open", { about: "why", with: { task_kind: "review" } }),
      make("scope_statement", "draft", { about: "supersedes" }),
    ],
    every("scope_statement", {
      where: isEffective,
      follow: { contexts: all("context_statement"), parties: all("interested_party"), tasks: back("task", "why") },
      must: ({ record, contexts, parties, tasks, today }) => {
        const newer = outdated(record, contexts, parties);
        if (newer.length === 0) return true;
        const reviews = tasks.filter((task) => task.state === "open" && task.task_kind === "review");
        const open = reviews.find((task) => task.due_on !== undefined && !today.isPast(task.due_on));
        if (open) return { note: `${listed(newer)} is newer; ${open.ref} looks at it by ${open.due_on ?? ""}` };
        const late = reviews.find((task) => task.due_on !== undefined);
        return late
          ? { fails: `${listed(newer)} is newer, and the review was due on ${late.due_on ?? ""}`, records: [late.ref] }
          : `${listed(newer)} is newer, and no review is open`;
      },
      empty: "fail",
      because: "no scope statement is approved and in effect",
    }),
  ),
  check(
    "scope.no_unknown_ai",
    [
      on("ai_system", "decide_scope"),
      on("ai_system", "adopt"),
      on("ai_system", "take_on"),
      on("ai_system", "switch_off"),
    ],
    every("ai_system", {
      where: (record) => record.state === "discovered",
      must: ({ record, today }) =>
        !today.isLongerThan(30, record.state_since) ||
        `found on ${record.state_since}, and nobody has decided whether it is in scope`,
      empty: "pass",
      because: "no AI was found that waits for a decision",
    }),
  ),
];
