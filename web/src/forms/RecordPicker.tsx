import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState, type InputHTMLAttributes } from "react";
import { listRecords, searchAll } from "#contract/record.ts";
import { query } from "../api.ts";

type Props = {
  input: InputHTMLAttributes<HTMLInputElement> & { id: string };
  /** The kinds that may be picked; none means any. */
  kinds: readonly string[];
  value: string;
  names: Readonly<Record<string, string>>;
  onChange: (ref: string | undefined, title?: string) => void;
};

type Found = { ref: string; title: string };
const mostShown = 12;

/** Picks a record by its title or reference. */
export function RecordPicker({ input, kinds, value, names, onChange }: Props) {
  const [words, setWords] = useState("");
  const [isOpen, setOpen] = useState(false);
  const [marked, setMarked] = useState(0);
  // What was picked here is known by title at once.
  const [picked, setPicked] = useState<Found>();
  const asked = useDeferredValue(words.trim());
  const found = useFound(kinds, asked, isOpen);
  const choose = (record: Found | undefined) => {
    if (!record) return;
    setPicked(record);
    onChange(record.ref, record.title);
    setWords("");
    setOpen(false);
  };
  if (value !== "") {
    const title = picked?.ref === value ? picked.title : names[value];
    return <Picked id={input.id} record={value} title={title} onChange={() => onChange(undefined)} />;
  }
  const listId = `${input.id}-found`;
  return (
    <div className="combo">
      <input
        {...input}
        type="text"
        role="combobox"
        aria-expanded={isOpen && found.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={isOpen && found[marked] ? `${listId}-${marked}` : undefined}
        autoComplete="off"
        placeholder="Name or reference"
        value={words}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onChange={(event) => {
          setWords(event.target.value);
          setMarked(0);
          setOpen(true);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            setOpen(true);
            setMarked((at) => Math.max(0, Math.min(found.length - 1, at + (event.key === "ArrowDown" ? 1 : -1))));
          } else if (event.key === "Enter" && isOpen && found.length > 0) {
            event.preventDefault();
            choose(found[marked]);
          } else if (event.key === "Escape" && isOpen) {
            // Closes the list alone, not the sheet around it.
            event.preventDefault();
            event.stopPropagation();
            setOpen(false);
          }
        }}
      />
      <div
        id={listId}
        className="found"
        role="listbox"
        aria-label="Records found"
        hidden={!isOpen || found.length === 0}
      >
        {isOpen &&
          found.map((record, at) => (
            <div
              key={record.ref}
              id={`${listId}-${at}`}
              role="option"
              aria-selected={at === marked}
              tabIndex={-1}
              onMouseDown={(event) => {
                // The press would take the focus, and with it the list, away.
                event.preventDefault();
                choose(record);
              }}
            >
              <span className="mono">{record.ref}</span>
              <span>{record.title}</span>
            </div>
          ))}
      </div>
    </div>
  );
}

function Picked({
  id,
  record,
  title,
  onChange,
}: {
  id: string;
  record: string;
  title: string | undefined;
  onChange: () => void;
}) {
  return (
    <div className="picked">
      <span className="chip">
        <span className="ref">{record}</span>
        {title !== undefined && <span className="title">{title}</span>}
      </span>
      <button
        type="button"
        id={id}
        className="button plain"
        onClick={onChange}
        aria-label={`Change ${title ?? record}`}
      >
        Change
      </button>
    </div>
  );
}

function useFound(kinds: readonly string[], words: string, isOpen: boolean): Found[] {
  const asked = isOpen && kinds.length > 0;
  const perKind = kinds.map((kind) =>
    query(listRecords, { kind, ...(words === "" ? {} : { text: words }), limit: mostShown }),
  );
  const anywhere = query(searchAll, { text: words, limit: mostShown });
  const everywhere = useQuery({
    ...anywhere,
    enabled: isOpen && kinds.length === 0 && words !== "",
    placeholderData: keepPreviousData,
  }).data?.records;
  const ofKinds = useQueries({
    queries: perKind.map((each) => ({ ...each, enabled: asked, placeholderData: keepPreviousData })),
    combine: (answers) => answers.flatMap(({ data }) => data?.records ?? []),
  });
  return (everywhere ?? ofKinds).slice(0, mostShown);
}
