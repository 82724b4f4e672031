import { encodeUtf8, toHex } from "#core/basics/bytes.ts";
import { canonicalJson, type Json } from "#core/basics/canonical-json.ts";
import { sha256 } from "#core/basics/sha256.ts";
import type { AnyRecord, RecordOf } from "./kind.ts";

/** From the band that a risk owner may accept to the one in which a system does not run. */
export const bandNames = ["low", "medium", "high", "must_not_run"] as const;
export type Band = (typeof bandNames)[number];

/** How likely, and how bad for whom, each from 1 to 5; for an opportunity how likely and how good. */
export type Score = {
  likelihood?: number;
  individuals?: number;
  groups?: number;
  society?: number;
  organisation?: number;
  benefit?: number;
};

type Bands = {
  low_to?: number;
  medium_to?: number;
  high_to?: number;
  individuals_never?: number;
  likelihood_never?: number;
};

const usualBands = { low_to: 5, medium_to: 12, high_to: 19, individuals_never: 5, likelihood_never: 3 } as const;

/** Likelihood times the worst consequence (or the benefit); nothing while one of them is missing. */
export function levelOf(score: Score): number | undefined {
  const consequences = [score.individuals, score.groups, score.society, score.organisation, score.benefit].filter(
    (value) => value !== undefined,
  );
  if (score.likelihood === undefined || consequences.length === 0) return undefined;
  return score.likelihood * Math.max(...consequences);
}

/** The band of the score under the criteria; nothing while the score is not complete or is one of a benefit. */
export function bandOf(score: Score, criteria: { bands?: Bands | undefined } | undefined): Band | undefined {
  const level = levelOf(score);
  if (
    level === undefined ||
    (score.benefit !== undefined &&
      score.individuals === undefined &&
      score.groups === undefined &&
      score.society === undefined &&
      score.organisation === undefined)
  )
    return undefined;
  const bands = { ...usualBands, ...criteria?.bands };
  // Grave harm to a person is never weighed against its rarity alone.
  if ((score.individuals ?? 0) >= bands.individuals_never && (score.likelihood ?? 0) >= bands.likelihood_never)
    return "must_not_run";
  if (level <= bands.low_to) return "low";
  if (level <= bands.medium_to) return "medium";
  return level <= bands.high_to ? "high" : "must_not_run";
}

/** Whether the band lies above the other. */
export function isAbove(band: Band, other: Band): boolean {
  return bandNames.indexOf(band) > bandNames.indexOf(other);
}

/** SHA-256, hex, of the score that an acceptance is given for: another score, another hash (INV-11). */
export function scoreHash(risk: Pick<Partial<RecordOf<"risk">>, "current" | "inherent" | "criteria_version">): string {
  const seen = { score: risk.current ?? risk.inherent ?? null, criteria: risk.criteria_version ?? null };
  return toHex(sha256(encodeUtf8(canonicalJson(seen as Json))));
}

/** The criteria in force among the editions: the approved one. */
export function criteriaInForce(editions: readonly AnyRecord[]): RecordOf<"risk_criteria"> | undefined {
  const approved = editions.find((edition) => edition.kind === "risk_criteria" && edition.state === "approved");
  return approved as RecordOf<"risk_criteria"> | undefined;
}
