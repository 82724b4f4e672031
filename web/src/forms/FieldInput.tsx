import { useState, type ReactNode } from "react";
import type { FieldDescription } from "#contract/kind.ts";
import { isObject } from "../search.ts";
import { inWords } from "../words.ts";
import { RecordPicker } from "./RecordPicker.tsx";

/** What a form says about its fields: problems by path, and titles of records that stand in it. */
export type FormTalk = { problems: ReadonlyMap<string, string>; names: Readonly<Record<string, string>> };

type Props = {
  field: FieldDescription;
  /** Where the value stands, `actions.0.who`: the server names its problems by it. */
  path: string;
  value: unknown;
  onChange: (value: unknown) => void;
  must?: boolean;
  talk: FormTalk;
};

/** One field of a form, drawn from the kind's schema, with whatever it holds. */
export function FieldInput(props: Props) {
  const { field } = props;
  if (field.input === "group") return <GroupInput {...props} />;
  if (field.input === "list") return <ListInput {...props} />;
  if (field.input === "yes-no") return <YesNoInput {...props} />;
  return (
    <Labelled {...props}>
      <SingleInput {...props} />
    </Labelled>
  );
}

function idOf(path: string): string {
  return `field-${path.replaceAll(".", "-")}`;
}

function describedBy({ field, path, talk }: Props): { "aria-describedby"?: string; "aria-invalid"?: true } {
  const ids = [
    ...(field.help === undefined ? [] : [`${idOf(path)}-help`]),
    ...(talk.problems.has(path) ? [`${idOf(path)}-problem`] : []),
  ];
  return {
    ...(ids.length > 0 ? { "aria-describedby": ids.join(" ") } : {}),
    ...(talk.problems.has(path) ? { "aria-invalid": true } : {}),
  };
}

function Labelled(props: Props & { children: ReactNode }) {
  const { field, path, must, children } = props;
  return (
    <div className="field">
      <label htmlFor={idOf(path)}>
        {field.title}
        {field.unit !== undefined && <span className="quiet"> in {field.unit}</span>}
        {field.input === "instant" && <span className="quiet"> in UTC</span>}
        {must === true && <span className="must"> (needed)</span>}
      </label>
      {children}
      <Hints {...props} />
    </div>
  );
}

function Hints({ field, path, talk }: Props) {
  const problem = talk.problems.get(path);
  return (
    <>
      {problem !== undefined && (
        <span id={`${idOf(path)}-problem`} className="problem">
          {problem}
        </span>
      )}
      {field.help !== undefined && (
        <span id={`${idOf(path)}-help`} className="help">
          {field.help}
        </span>
      )}
    </>
  );
}

function SingleInput(props: Props) {
  const { field, path, value, onChange, must, talk } = props;
  const common = { id: idOf(path), className: "input", "aria-required": must, ...describedBy(props) };
  const text = typeof value === "string" ? value : "";
  switch (field.input) {
    case "prose":
      return (
        <textarea
          {...common}
          rows={3}
          maxLength={field.longest}
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    case "number":
      // The browser keeps what is typed; "1." is on its way to a number.
      return (
        <input
          {...common}
          type="number"
          defaultValue={typeof value === "number" ? value : ""}
          min={field.least}
          max={field.most}
          step={field.whole === true ? 1 : "any"}
          onChange={(event) => onChange(event.target.value === "" ? undefined : event.target.valueAsNumber)}
        />
      );
    case "day":
      return <input {...common} type="date" value={text} onChange={(event) => onChange(event.target.value)} />;
    case "instant":
      return (
        <input
          {...common}
          type="datetime-local"
          value={text.slice(0, 16)}
          onChange={(event) => onChange(event.target.value === "" ? undefined : `${event.target.value}:00.000Z`)}
        />
      );
    case "choice":
      return (
        <select {...common} value={text} onChange={(event) => onChange(event.target.value || undefined)}>
          <option value="">–</option>
          {field.words?.map((word) => (
            <option key={word} value={word}>
              {inWords(word)}
            </option>
          ))}
        </select>
      );
    case "link":
      return (
        <RecordPicker input={common} kinds={field.kinds ?? []} value={text} names={talk.names} onChange={onChange} />
      );
    default:
      return (
        <input
          {...common}
          type="text"
          maxLength={field.longest}
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      );
  }
}

// A tick cannot say "not answered", which is something else than no.
function YesNoInput(props: Props) {
  const { field, path, value, onChange, must } = props;
  return (
    <fieldset className="bare field" aria-describedby={describedBy(props)["aria-describedby"]}>
      <legend>
        {field.title}
        {must === true && <span className="must"> (needed)</span>}
      </legend>
      <div className="checks">
        {[
          { says: "Yes", means: true },
          { says: "No", means: false },
          { says: "Not said", means: undefined },
        ].map(({ says, means }) => (
          <label key={says}>
            <input type="radio" name={idOf(path)} checked={value === means} onChange={() => onChange(means)} />
            {says}
          </label>
        ))}
      </div>
      <Hints {...props} />
    </fieldset>
  );
}

function GroupInput(props: Props) {
  const { field, path, value, onChange, talk, must } = props;
  const held = isObject(value) ? value : {};
  return (
    <fieldset>
      <legend>
        {field.title}
        {must === true && <span className="must"> (needed)</span>}
      </legend>
      <Hints {...props} />
      {field.parts?.map((part) => (
        <FieldInput
          key={part.name}
          field={part}
          path={`${path}.${part.name}`}
          value={held[part.name]}
          onChange={(next) => onChange({ ...held, [part.name]: next })}
          must={part.must}
          talk={talk}
        />
      ))}
    </fieldset>
  );
}

function ListInput(props: Props) {
  const { field, path, value, onChange, must } = props;
  const item = field.item;
  const values: readonly unknown[] = Array.isArray(value) ? value : [];
  if (item?.input === "line") {
    return (
      <Labelled
        {...props}
        field={{ ...field, help: field.help === undefined ? "One a line" : `${field.help}. One a line` }}
      >
        <textarea
          id={idOf(path)}
          className="input"
          rows={Math.max(2, values.length)}
          value={values.map(String).join("\n")}
          onChange={(event) => onChange(event.target.value.split("\n"))}
          {...describedBy({ ...props, field: { ...field, help: field.help ?? "" } })}
        />
      </Labelled>
    );
  }
  return (
    <fieldset className={item?.input === "group" ? undefined : "bare field"}>
      <legend>
        {field.title}
        {must === true && <span className="must"> (needed)</span>}
      </legend>
      <Hints {...props} />
      {item?.input === "choice" ? (
        <ChoicesInput words={item.words ?? []} values={values} onChange={onChange} />
      ) : item?.input === "link" ? (
        <LinksInput {...props} item={item} values={values} />
      ) : (
        item && <ItemsInput {...props} item={item} values={values} />
      )}
    </fieldset>
  );
}

function ChoicesInput({
  words,
  values,
  onChange,
}: {
  words: readonly string[];
  values: readonly unknown[];
  onChange: (value: unknown) => void;
}) {
  return (
    <div className="checks">
      {words.map((word) => (
        <label key={word}>
          <input
            type="checkbox"
            checked={values.includes(word)}
            onChange={(event) =>
              onChange(event.target.checked ? [...values, word] : values.filter((each) => each !== word))
            }
          />
          {inWords(word)}
        </label>
      ))}
    </div>
  );
}

function LinksInput({
  field,
  path,
  onChange,
  talk,
  item,
  values,
}: Props & { item: FieldDescription; values: readonly unknown[] }) {
  const refs = values.map(String);
  // What was picked here is known by title at once.
  const [picked, setPicked] = useState<Readonly<Record<string, string>>>({});
  const names = { ...talk.names, ...picked };
  return (
    <>
      {refs.map((ref) => (
        <div key={ref} className="picked">
          <span className="chip">
            <span className="ref">{ref}</span>
            {names[ref] !== undefined && <span className="title">{names[ref]}</span>}
          </span>
          <button
            type="button"
            className="button plain"
            aria-label={`Take away ${names[ref] ?? ref}`}
            onClick={() => onChange(refs.filter((each) => each !== ref))}
          >
            Take away
          </button>
        </div>
      ))}
      <RecordPicker
        input={{ id: idOf(path), className: "input", "aria-label": `Add to ${field.title.toLowerCase()}` }}
        kinds={item.kinds ?? []}
        value=""
        names={talk.names}
        onChange={(ref, title) => {
          if (ref === undefined || refs.includes(ref)) return;
          setPicked({ ...picked, [ref]: title ?? ref });
          onChange([...refs, ref]);
        }}
      />
    </>
  );
}

function ItemsInput({
  field,
  path,
  onChange,
  talk,
  item,
  values,
}: Props & { item: FieldDescription; values: readonly unknown[] }) {
  const without = (at: number) => values.filter((_, other) => other !== at);
  return (
    <>
      {values.map((each, at) => (
        // Items have no identity of their own; removing one redraws those behind it.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={`${at} of ${values.length}`} className="stack tight">
          <FieldInput
            field={{ ...item, title: `${item.title === field.title ? "" : `${item.title} `}${at + 1}`.trim() }}
            path={`${path}.${at}`}
            value={each}
            onChange={(next) => onChange(values.map((other, position) => (position === at ? next : other)))}
            talk={talk}
          />
          <div>
            <button type="button" className="button plain" onClick={() => onChange(without(at))}>
              Take away {field.title.toLowerCase()} {at + 1}
            </button>
          </div>
        </div>
      ))}
      <div>
        <button
          type="button"
          className="button"
          onClick={() => onChange([...values, item.input === "group" ? {} : undefined])}
        >
          Add to {field.title.toLowerCase()}
        </button>
      </div>
    </>
  );
}
