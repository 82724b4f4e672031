import type { RecordOf } from "#core/records/kind.ts";

type Chosen = NonNullable<RecordOf<"organization">["settings"]>;

/** What holds where the organisation has set nothing itself. */
const defaults = {
  acknowledged_share: 95,
  acknowledge_within_days: 60,
  concern_acknowledge_working_days: 5,
  concern_answer_days: 30,
  effectiveness_wait_days: 30,
  log_retention_days: 180,
  vulnerability_days: 14,
} as const satisfies Required<Chosen>;

export type Settings = { readonly [Name in keyof typeof defaults]: number };

/** The clause's share of records that must satisfy, as the organisation set it: a percentage. */
export type Share = { setting: Extract<keyof Settings, `${string}_share`> };

/** The organisation's own limits, with the default for each that it has not set. A check follows `all("organization")` for them. */
export function settingsOf(organizations: readonly RecordOf<"organization">[]): Settings {
  const [first] = organizations.toSorted((one, other) => (one.ref < other.ref ? -1 : 1));
  return { ...defaults, ...first?.settings };
}
