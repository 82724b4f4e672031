import { existsSync, readFileSync, statSync } from "node:fs";
import { createRecord, doDeed, findRecord, type DeedDone } from "#contract/record.ts";
import { describeKind } from "#contract/describe-kind.ts";
import type { FieldDescription } from "#contract/kind.ts";
import { samplePassword } from "#app/account.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { parseYaml } from "#core/interchange/yaml-text.ts";
import { demandDeed } from "#core/records/deed.ts";
import { refPattern } from "#core/records/field.ts";
import type { Kind } from "#core/records/kind.ts";
import { askPassword } from "./ask-password.ts";
import { atDesk, type Desk } from "./desk.ts";
import { demandKind } from "./kinds.ts";
import type { Place } from "./place.ts";
import { print, printJson } from "./print.ts";
import type { Doing } from "./program.ts";

const largestFile = 10 * 1024 * 1024;

/** Does a deed on a record, or creates one. @throws {Refusal} as the deed */
export async function act(
  place: Place,
  { about, deed }: { about: string; deed: string },
  options: Doing,
): Promise<void> {
  const isRef = refPattern.test(about);
  if (isRef && options.ref !== undefined)
    throw new Refusal("malformed", `Cannot give ${about} another reference: --ref is for a new record`);
  const kindOfNew = isRef ? undefined : demandKind(about);
  const done = await atDesk(place, async (desk) => {
    if (desk.at === "folder" && desk.isOperator)
      throw new Refusal("not-permitted", `Cannot ${deed} ${about} as the operator of the folder: say as whom by --as`);
    if (kindOfNew) return create(desk, kindOfNew, deed, options);
    const { record } = await desk.ask(findRecord, { ref: about });
    const kind = demandKind(record.kind);
    const asked = { kind: kind.name, ref: about, deed, rev: record.rev, ...contentOf(kind, options) };
    return desk.ask(doDeed, { ...asked, ...(await passwordFor(desk, kind, deed)) });
  });
  if (place.json) return printJson(done);
  tell(done);
}

async function create(desk: Desk, kind: Kind, deed: string, options: Doing): Promise<DeedDone> {
  const asked = {
    kind: kind.name,
    deed,
    ...(options.ref === undefined ? {} : { ref: options.ref }),
    ...contentOf(kind, options),
  };
  return desk.ask(createRecord, { ...asked, ...(await passwordFor(desk, kind, deed)) });
}

function tell({ versions }: DeedDone): void {
  for (const { ref, kind, rev, state, deed, because } of versions)
    print(
      `${ref} ${kind.replaceAll("_", " ")}: ${deed} -> ${state}, version ${rev}${because === null ? "" : `, because of ${because}`}`,
    );
}

/** An approval asks for the password again. */
async function passwordFor(desk: Desk, kind: Kind, deed: string): Promise<{ password?: string }> {
  if (demandDeed(kind, deed).approves === undefined) return {};
  const known =
    process.env["AIMS_PASSWORD"] ?? (desk.at === "folder" && desk.organization.sample ? samplePassword : undefined);
  return { password: known ?? (await askPassword("An approval asks for your password again: ")) };
}

function contentOf(kind: Kind, { file, set, comment }: Doing): { fields?: Record<string, unknown>; comment?: string } {
  const fields = file === undefined ? {} : fieldsIn(file);
  for (const assignment of set) setField(fields, kind, assignment);
  return { ...(Object.keys(fields).length === 0 ? {} : { fields }), ...(comment === undefined ? {} : { comment }) };
}

function fieldsIn(file: string): Record<string, unknown> {
  if (!existsSync(file) || !statSync(file).isFile())
    throw new Refusal("not-found", `Cannot read "${file}": there is no such file`);
  if (statSync(file).size > largestFile)
    throw new Refusal("too-large", `Cannot read "${file}": it is larger than 10 MB`, { place: { file } });
  const { value } = parseYaml(readFileSync(file, "utf8"), file);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Refusal("malformed", `Cannot read "${file}": it does not hold fields, such as "title: Bias in triage"`, {
      place: { file },
    });
  return { ...value };
}

/** `title=Bias`, `current.likelihood=3`, `tags=[a, b]`; `title=` takes the value away. */
function setField(fields: Record<string, unknown>, kind: Kind, assignment: string): void {
  const at = assignment.indexOf("=");
  if (at < 1) throw new Refusal("malformed", `Cannot set "${assignment}": it is written field=value`);
  const [path, text] = [assignment.slice(0, at).split("."), assignment.slice(at + 1)];
  let level: readonly FieldDescription[] = describeKind(kind).fields;
  let into = fields;
  for (const [position, name] of path.entries()) {
    const field = level.find((one) => one.name === name);
    if (!field)
      throw new Refusal(
        "malformed",
        `Cannot set "${path.join(".")}": kind ${kind.name} has no such field; aims kinds ${kind.name} shows all`,
        { place: { field: path.join(".") } },
      );
    if (position === path.length - 1) into[name] = text === "" ? null : valueOf(text, field);
    else {
      // What a group is given replaces it whole: its other parts have to be given as well.
      const inner = into[name];
      const group: Record<string, unknown> =
        typeof inner === "object" && inner !== null && !Array.isArray(inner) ? { ...inner } : {};
      into[name] = group;
      into = group;
      level = field.parts ?? [];
    }
  }
}

/** Text stays text; what is none is written as in YAML. */
function valueOf(text: string, { input, name, item }: FieldDescription): unknown {
  if (input === "list" && item?.parts === undefined && !text.startsWith("["))
    return text
      .split(",")
      .map((part) => valueOf(part.trim(), { ...(item ?? { input: "line" }), name } as FieldDescription));
  if (input === "number" || input === "yes-no" || input === "list" || input === "group")
    return parseYaml(text, `--set ${name}`).value;
  return text;
}
