import type { FieldDescription } from "#contract/kind.ts";
import { isObject } from "../search.ts";
import { inWords, minuteOf } from "../words.ts";
import { DayText, RecordLink } from "./cells.tsx";

type Names = Readonly<Record<string, string>>;

/** A field's value as people read it; links lead on. */
export function Value({ field, value, names }: { field: FieldDescription | undefined; value: unknown; names: Names }) {
  if (value === undefined || value === null || value === "") return <span className="faint">–</span>;
  switch (field?.input) {
    case "day":
      return <DayText day={String(value)} />;
    case "instant":
      return <time dateTime={String(value)}>{minuteOf(String(value))}</time>;
    case "choice":
      return inWords(String(value));
    case "yes-no":
      return value === true ? "Yes" : "No";
    case "number":
      return (
        <>{[Number(value).toLocaleString("en", { maximumFractionDigits: 6 }), field.unit].filter(Boolean).join(" ")}</>
      );
    case "link":
      return <RecordLink record={String(value)} title={names[String(value)]} />;
    case "prose":
      return <div className="prose reading">{String(value)}</div>;
    case "list":
      return <Values item={field.item} values={Array.isArray(value) ? value : [value]} names={names} />;
    case "group":
      return <Group parts={field.parts ?? []} value={isObject(value) ? value : {}} names={names} />;
    case "line":
      return <>{String(value)}</>;
    case undefined:
      return <>{typeof value === "string" ? value : JSON.stringify(value)}</>;
  }
}

function Values({
  item,
  values,
  names,
}: {
  item: FieldDescription | undefined;
  values: readonly unknown[];
  names: Names;
}) {
  if (values.length === 0) return <span className="faint">none</span>;
  if (item?.input === "choice") return <>{values.map((value) => inWords(String(value))).join(", ")}</>;
  return (
    <ul className={item?.input === "link" ? "chips" : "items"}>
      {values.map((value, at) => (
        // A list of values has no other key than their order.
        // oxlint-disable-next-line react/no-array-index-key
        <li key={at}>
          <Value field={item} value={value} names={names} />
        </li>
      ))}
    </ul>
  );
}

function Group({
  parts,
  value,
  names,
}: {
  parts: readonly FieldDescription[];
  value: Record<string, unknown>;
  names: Names;
}) {
  const there = parts.filter((part) => value[part.name] !== undefined);
  return (
    <dl className="facts">
      {there.flatMap((part) => [
        <dt key={`${part.name} title`}>{part.title}</dt>,
        <dd key={part.name}>
          <Value field={part} value={value[part.name]} names={names} />
        </dd>,
      ])}
    </dl>
  );
}

/** A value in one line, for a table or a difference. */
function lineOf(value: unknown, names: Names = {}): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.map((item) => lineOf(item, names)).join(", ");
  if (isObject(value)) {
    return Object.entries(value)
      .filter(([, part]) => part !== undefined && part !== null)
      .map(([name, part]) => `${inWords(name)}: ${lineOf(part, names)}`)
      .join("; ");
  }
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (typeof value === "string") return names[value] ?? value;
  return String(value);
}

/** A value as text in the words of its field, an item a line: what a difference is drawn from. */
export function textOf(field: FieldDescription | undefined, value: unknown, names: Names): string {
  if (value === undefined || value === null) return "";
  if (field?.input === "choice") return inWords(String(value));
  // Two records may have one title.
  if (field?.input === "link") return [String(value), names[String(value)]].filter(Boolean).join(" ");
  if (field?.input === "list" && Array.isArray(value))
    return value.map((item) => textOf(field.item, item, names)).join(field.item?.input === "group" ? "\n" : ", ");
  if (field?.input === "group" && isObject(value)) {
    const parts = (field.parts ?? []).filter((part) => value[part.name] !== undefined && value[part.name] !== null);
    return parts.map((part) => `${part.title}: ${textOf(part, value[part.name], names)}`).join("; ");
  }
  return lineOf(value, names);
}

/** What a list's column shows of a value: names for references, one line for groups, words for choices. */
export function CellValue({
  field,
  value,
  names,
}: {
  field: FieldDescription | undefined;
  value: unknown;
  names: Names;
}) {
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0))
    return <span className="faint">–</span>;
  if (field?.input === "choice") return <>{inWords(String(value))}</>;
  if (field?.input === "day") return <DayText day={String(value)} />;
  if (field?.input === "instant") return <>{minuteOf(String(value))}</>;
  if (field?.input === "list" && field.item?.input === "choice" && Array.isArray(value))
    return <>{value.map((each) => inWords(String(each))).join(", ")}</>;
  if (field?.input === "group" && isObject(value)) {
    // A score says most by its level and band; other groups by all they hold.
    const brief = [value["level"], value["band"]].filter((part) => part !== undefined);
    return <>{brief.length > 0 ? brief.map((part) => lineOf(part)).join(" ") : lineOf(value, names)}</>;
  }
  if (typeof value === "string" && field === undefined && /^\d{4}-\d{2}-\d{2}T/.test(value))
    return <>{minuteOf(value)}</>;
  return <>{lineOf(value, names)}</>;
}
