import type { Place } from "#core/basics/refusal.ts";
import { dayOf, type Instant } from "#core/basics/time.ts";
import { z } from "zod";
import type { KindName } from "./all.ts";
import { kinds } from "./all.ts";
import type { Ref } from "./field.ts";
import { schemaOf, type AnyRecord, type Kind } from "./kind.ts";
import { contentHash, fieldsOf, type Version } from "./transition.ts";

/** One version of a record as it was recorded somewhere: what its deed changed. */
export type RecordedStep = {
  deed: string;
  at: Instant;
  /** A person's reference, or `system`. */
  by: Ref | "system";
  /** The record whose deed had this one as its effect. */
  because?: Ref;
  state: string;
  fields?: Readonly<Record<string, unknown>>;
  /** Fields that the deed took away. */
  removed?: readonly string[];
};

/** A record with its whole history, taken over as it is. */
export type RecordedRecord = { kind: KindName; ref: Ref; history: readonly RecordedStep[]; place?: Place };

/** What is wrong in a record, and where: the position of the step and the path of the field. */
export type RecordedProblem = { message: string; step: number; path: readonly (string | number)[] };

/** A version of a record with what only its keeper knows. */
export type Recorded = { deed: string; at: Instant; because?: Ref; record: AnyRecord };

/** The versions, the first first, as steps: each with what it changed. */
export function stepsOf(kind: Kind, versions: readonly Recorded[]): RecordedStep[] {
  let before: Record<string, unknown> = {};
  return versions.map(({ deed, at, because, record }) => {
    const after = inOrder(schemaOf(kind), fieldsOf(kind, record)) as Record<string, unknown>;
    const changed = Object.entries(after).filter(([name, value]) => !isSame(before[name], value));
    const removed = Object.keys(before).filter((name) => after[name] === undefined);
    before = after;
    return {
      deed,
      at,
      by: record.recorded_by ?? "system",
      ...(because === undefined ? {} : { because }),
      state: record.state,
      ...(changed.length === 0 ? {} : { fields: Object.fromEntries(changed) }),
      ...(removed.length === 0 ? {} : { removed }),
    };
  });
}

/**
 * Everything in the record's history that its kind does not allow: unknown deeds, fields of another
 * form, moves that its life cycle does not know. Who did them and under which guards is not judged.
 */
export function problemsOf({ kind: name, ref, history }: RecordedRecord): RecordedProblem[] {
  const kind = kinds[name];
  const problems: RecordedProblem[] = [];
  let before: RecordedStep | undefined;
  for (const [step, told] of history.entries()) {
    const say = (message: string, ...path: (string | number)[]) =>
      problems.push({ message: `Cannot take over ${ref}: ${message}`, step, path });
    const deed = Object.hasOwn(kind.deeds, told.deed) ? kind.deeds[told.deed] : undefined;
    if (!deed) say(`a ${kind.title.toLowerCase()} has no deed "${told.deed}"`, "deed");
    else {
      const isFirst = before === undefined;
      if (isFirst !== (deed.from === "new"))
        say(
          isFirst
            ? `its history begins with "${told.deed}", which creates no record`
            : `"${told.deed}" creates a record that exists already`,
          "deed",
        );
      else if (before && !(deed.from as readonly string[]).includes(before.state))
        say(`"${told.deed}" is not done from ${before.state}`, "deed");
      if (typeof deed.to === "string" && deed.to !== told.state)
        say(`"${told.deed}" leads to ${deed.to}, not to ${told.state}`, "state");
      else if (deed.to === undefined && before && before.state !== told.state)
        say(`"${told.deed}" leaves the state as it is, ${before.state}`, "state");
    }
    if (!kind.states.includes(told.state)) say(`its states are ${kind.states.join(", ")}`, "state");
    if (before && told.at < before.at) say(`"${told.deed}" is told after what was done later`, "at");
    const parsed = schemaOf(kind).safeParse(told.fields ?? {});
    for (const issue of parsed.error?.issues ?? [])
      say(wordsOf(issue), "fields", ...issue.path.map((part) => (typeof part === "symbol" ? String(part) : part)));
    for (const field of told.removed ?? [])
      if (!Object.hasOwn(schemaOf(kind).shape, field)) say(`"${field}" is no field of it`, "removed");
    before = told;
  }
  return problems;
}

/** The record's versions as they were, under the given id. `recorded_at` is the moment told; whoever keeps them says when they came in. */
export function versionsOf({ kind: name, ref, history }: RecordedRecord, id: string): Version[] {
  const kind = kinds[name];
  const versions: Version[] = [];
  let before: AnyRecord | undefined;
  for (const step of history) {
    const removed = new Set(step.removed);
    const kept = before ? Object.entries(fieldsOf(kind, before)).filter(([field]) => !removed.has(field)) : [];
    // `problemsOf` has parsed the same fields; here they come out in the order of the schema.
    const fields = inOrder(schemaOf(kind), { ...Object.fromEntries(kept), ...step.fields }) as Record<string, unknown>;
    const by = step.by === "system" ? undefined : step.by;
    const author: Ref | undefined = before ? before.created_by : by;
    const record: AnyRecord = {
      ...fields,
      kind: name,
      ref,
      id,
      state: step.state,
      rev: (before?.rev ?? 0) + 1,
      content_hash: contentHash(kind, fields),
      created_at: before?.created_at ?? step.at,
      ...(author === undefined ? {} : { created_by: author }),
      recorded_at: step.at,
      ...(by === undefined ? {} : { recorded_by: by }),
      state_since: before?.state === step.state ? before.state_since : dayOf(step.at),
    };
    versions.push({
      before,
      record,
      deed: step.deed,
      op: before ? "update" : "create",
      ...(step.because === undefined ? {} : { because: step.because }),
    });
    before = record;
  }
  return versions;
}

/** What a schema says is wrong, in words. */
export function wordsOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") return `${issue.keys.map((key) => `"${key}"`).join(", ")} is no field of it`;
  const path = issue.path.filter((part) => typeof part === "string").join(".");
  return path === "" ? issue.message : `field "${path}": ${issue.message}`;
}

/** The value with the members of its groups in the order of the schema, so that a file reads as a form does. */
function inOrder(schema: z.ZodType, value: unknown): unknown {
  if (schema instanceof z.ZodOptional) return inOrder(schema.unwrap() as z.ZodType, value);
  if (schema instanceof z.ZodArray && Array.isArray(value))
    return value.map((item) => inOrder(schema.element as z.ZodType, item));
  if (schema instanceof z.ZodObject && typeof value === "object" && value !== null) {
    const given = value as Record<string, unknown>;
    const known = Object.entries(schema.shape).filter(([name]) => given[name] !== undefined);
    return Object.fromEntries(known.map(([name, part]) => [name, inOrder(part as z.ZodType, given[name])]));
  }
  return value;
}

/** Whether both values say the same, whatever the order of their members. */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (Array.isArray(one) || Array.isArray(other))
    return (
      Array.isArray(one) &&
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((item, at) => isSame(item, other[at]))
    );
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => isSame((one as Record<string, unknown>)[name], (other as Record<string, unknown>)[name]))
  );
}
