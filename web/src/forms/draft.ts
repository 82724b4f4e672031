import type { FieldDescription } from "#contract/kind.ts";
import { isObject } from "../search.ts";

export type Values = Readonly<Record<string, unknown>>;

/** The value without what was left empty; nothing when nothing is left. */
export function withoutEmpty(field: FieldDescription, value: unknown): unknown {
  if (field.input === "list") {
    const items = (Array.isArray(value) ? value : [])
      .map((item) => (field.item ? withoutEmpty(field.item, item) : item))
      .filter((item) => item !== undefined);
    return items.length > 0 ? items : undefined;
  }
  if (field.input === "group") {
    const held = isObject(value) ? value : {};
    const parts = (field.parts ?? [])
      .map((part) => [part.name, withoutEmpty(part, held[part.name])] as const)
      .filter(([, part]) => part !== undefined);
    return parts.length > 0 ? Object.fromEntries(parts) : undefined;
  }
  if (value === null || value === undefined || value === "") return undefined;
  return typeof value === "string" && field.input === "line" ? value.trim() || undefined : value;
}

/** What has to be sent: fields that are other than before; null for those taken away. */
export function changesOf(fields: readonly FieldDescription[], before: Values, draft: Values): Record<string, unknown> {
  const changes: Record<string, unknown> = {};
  for (const field of fields) {
    const [old, next] = [withoutEmpty(field, before[field.name]), withoutEmpty(field, draft[field.name])];
    if (JSON.stringify(old) === JSON.stringify(next)) continue;
    changes[field.name] = next ?? null;
  }
  return changes;
}

/** The fields that a deed asks for: first what it needs, then the kind's own, then those that every record has. */
export function fieldsOf(
  all: readonly FieldDescription[],
  sets: readonly string[] | null,
  needs: readonly string[],
): { first: FieldDescription[]; more: FieldDescription[] } {
  const allowed = all.filter(({ name }) => sets === null || sets.includes(name));
  const rank = ({ name, common }: FieldDescription) =>
    needs.includes(name) ? 0 : name === "title" || name === "summary" ? 1 : common ? 3 : 2;
  const inOrder = allowed.toSorted((one, other) => rank(one) - rank(other));
  return { first: inOrder.filter((field) => rank(field) < 3), more: inOrder.filter((field) => rank(field) === 3) };
}
