import type { FieldDescription } from "#contract/kind.ts";
import type { HistoryEntry } from "#contract/record.ts";
import { Difference } from "./Difference.tsx";
import { textOf } from "./value.tsx";
import { inWords } from "../words.ts";

type Props = {
  changes: HistoryEntry["changes"];
  fields: readonly FieldDescription[];
  names: Readonly<Record<string, string>>;
};

/** What a version changed, field by field. */
export function Changes({ changes, fields, names }: Props) {
  if (changes.length === 0) return null;
  return (
    <dl className="change">
      {changes.flatMap(({ field, title, before, after }) => {
        const described = fields.find(({ name }) => name === field);
        // The state is no field of the kind, and a word of it all the same.
        const say = (value: unknown) =>
          described === undefined && typeof value === "string" ? inWords(value) : textOf(described, value, names);
        return [
          <dt key={`${field} title`} className="quiet">
            {title}
          </dt>,
          <dd key={field}>
            <Difference before={say(before)} after={say(after)} />
          </dd>,
        ];
      })}
    </dl>
  );
}
