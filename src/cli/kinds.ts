import { describeKind, summarizeKind } from "#contract/describe-kind.ts";
import type { FieldDescription, KindDescription } from "#contract/kind.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { kinds, type KindName } from "#core/records/all.ts";
import type { Kind } from "#core/records/kind.ts";
import type { Place } from "./place.ts";
import { colours, print, printJson, printTable } from "./print.ts";

/** Shows every kind, or one whole. It needs neither folder nor server: kinds belong to the software. @throws {Refusal} `not-found` */
export async function showKinds({ json }: Place, name: string | undefined): Promise<void> {
  if (name === undefined) {
    const all = Object.values(kinds).map(summarizeKind);
    if (json) return printJson({ kinds: all });
    return printTable(
      ["Kind", "Refs", "States", "Summary"],
      all.map(({ name: kind, prefix, states, summary }) => [kind, `${prefix}-`, states.join(", "), summary]),
    );
  }
  const description = describeKind(demandKind(name));
  if (json) return printJson(description);
  printKind(description);
}

/** The kind of that name. @throws {Refusal} `not-found` */
export function demandKind(name: string): Kind & { name: KindName } {
  const kind = Object.hasOwn(kinds, name) ? kinds[name as KindName] : undefined;
  if (!kind) throw new Refusal("not-found", `Cannot find kind "${name}": aims kinds shows all`);
  return kind;
}

function printKind({ name, title, summary, prefix, serves, states, live, fields, deeds }: KindDescription): void {
  print(`${colours.bold(title)} (${name}, ${prefix}-)`);
  print(summary);
  print(`Serves ${serves.join(", ")}`);
  print(`States: ${states.map((state) => (live.includes(state) ? `${state} (live)` : state)).join(", ")}`);
  print("");
  printTable(
    ["Deed", "From", "To", "Who", "Sets"],
    deeds.map((deed) => [
      deed.name,
      deed.from === "new" ? "new" : deed.from.join(", "),
      deed.to ?? "",
      `${deed.who.join(" or ")}${deed.asksCredential ? " (asks the password)" : ""}`,
      deed.sets === null ? "all" : deed.sets.join(", ") || "none",
    ]),
  );
  print("");
  printTable(
    ["Field", "Form", "Title", "Help"],
    flattened(fields).map(({ path, field }) => [
      path,
      formOf(field),
      field.unit === undefined ? field.title : `${field.title} (${field.unit})`,
      field.help ?? "",
    ]),
  );
}

function flattened(fields: readonly FieldDescription[], before = ""): { path: string; field: FieldDescription }[] {
  return fields.flatMap((field) => {
    const path = `${before}${field.name}`;
    const parts = field.parts ?? field.item?.parts;
    return [{ path, field }, ...(parts ? flattened(parts, `${path}${field.parts ? "." : "[]."}`) : [])];
  });
}

function formOf({ input, words, kinds: linked, item }: FieldDescription): string {
  if (item) return `list of ${formOf(item)}`;
  if (words) return words.join(" | ");
  return input === "link" ? `link to ${linked?.join(" or ") ?? "any"}` : input;
}
