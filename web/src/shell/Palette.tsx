import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { Command } from "cmdk";
import { useDeferredValue, useState } from "react";
import { listKinds } from "#contract/kind.ts";
import { readRecord, searchAll } from "#contract/record.ts";
import { query } from "../api.ts";
import type { OpenDeed } from "../search.ts";
import { Dialog } from "../ui/Sheet.tsx";
import { inWords } from "../words.ts";
import { useDayShown } from "./session.ts";

const mostOfEach = 8;

/** Finds records, clauses, people, pages and deeds by their words, and goes there. */
export function Palette({ onClose, onKeys }: { onClose: () => void; onKeys: () => void }) {
  const [words, setWords] = useState("");
  const { groups, error, isSearching } = useChoices(words.trim(), onKeys);
  const [picked, setPicked] = useState({ among: "", value: "" });
  const first = groups.find(({ choices }) => choices.length > 0);
  const among = `${words} ${first ? valueOf(first.heading, first.choices[0]) : ""}`;
  // Until somebody moves within these very results, the first of them is meant.
  const value = picked.among === among || !first ? picked.value : valueOf(first.heading, first.choices[0]);
  return (
    <Dialog title="Find" onClose={onClose} bare className="palette">
      <Command
        label="Find a record, clause, person or deed"
        shouldFilter={false}
        loop
        value={value}
        onValueChange={(next) => setPicked({ among, value: next })}
      >
        <Command.Input
          data-first
          placeholder="Find a record, clause, person or deed"
          value={words}
          onValueChange={setWords}
        />
        <Command.List>
          {error && <p className="empty bad-text">{error.message}</p>}
          {!isSearching && <Command.Empty>Nothing is called that.</Command.Empty>}
          {groups
            .filter(({ choices }) => choices.length > 0)
            .map(({ heading, choices }) => (
              <Command.Group key={heading} heading={heading}>
                {choices.map((choice) => {
                  const { no, title, what, act } = choice;
                  return (
                    <Command.Item
                      key={`${no ?? ""} ${title}`}
                      value={valueOf(heading, choice)}
                      onSelect={() => {
                        onClose();
                        act();
                      }}
                    >
                      {no !== undefined && <span className="no">{no}</span>} {title}{" "}
                      {what !== undefined && <span className="what">{what}</span>}
                    </Command.Item>
                  );
                })}
              </Command.Group>
            ))}
        </Command.List>
      </Command>
    </Dialog>
  );
}

type Choice = { no?: string; title: string; what?: string; act: () => void };

/** By what the list tells a choice from another. */
function valueOf(heading: string, choice: Choice | undefined): string {
  return `${heading} ${choice?.no ?? ""} ${choice?.title ?? ""}`.trim();
}

/** What the words find, group by group. */
function useChoices(
  words: string,
  onKeys: () => void,
): { groups: { heading: string; choices: Choice[] }[]; error: Error | null; isSearching: boolean } {
  const navigate = useNavigate();
  const { isPast } = useDayShown();
  const asked = useDeferredValue(words);
  const { data, error, isFetching } = useQuery({
    ...query(searchAll, { text: asked, limit: mostOfEach }),
    enabled: asked !== "",
  });
  const kinds = useQuery(query(listKinds, {})).data?.kinds ?? [];
  const open = useOpenRecord();
  // What other words found would be chosen by an early Enter.
  const found = words === "" || words !== asked ? undefined : data;
  const matches = ({ title }: { title: string }) =>
    words
      .toLowerCase()
      .split(/\s+/)
      .every((word) => title.toLowerCase().includes(word));
  const doDeed = (deed: OpenDeed) => void navigate({ to: ".", search: (now) => ({ ...now, do: deed }) });
  const people = new Set(found?.people.map(({ ref }) => ref));
  const kindOf = (name: string) => kinds.find((kind) => kind.name === name)?.title ?? inWords(name);

  const here = open && !isPast ? open.deeds.filter((deed) => deed.may !== "no" && matches(deed)) : [];
  const pages: Choice[] = [
    { title: "Home", act: () => void navigate({ to: "/" }) },
    { title: "The standard", act: () => void navigate({ to: "/standard" }) },
    { title: "Contradictions", act: () => void navigate({ to: "/standard", search: { tab: "contradictions" } }) },
    { title: "Ledger", act: () => void navigate({ to: "/ledger" }) },
    { title: "All records", act: () => void navigate({ to: "/records" }) },
    { title: "Keys", what: "?", act: onKeys },
    { title: "API tokens", act: () => void navigate({ to: "/me/tokens" }) },
    { title: "Change password", act: () => void navigate({ to: "/me/password" }) },
    ...kinds.map(({ name, plural }) => ({
      title: plural,
      act: () => void navigate({ to: "/records/$kind", params: { kind: name } }),
    })),
  ];
  const groups = [
    {
      heading: open ? `${open.record.ref}, open now` : "",
      choices: here.map(({ deed, title }) => ({
        title,
        what: "deed",
        act: () => open && doDeed({ kind: open.record.kind, ref: open.record.ref, deed }),
      })),
    },
    {
      heading: "Clauses, controls, mission items",
      choices: (found?.nodes ?? []).map(({ id, title }) => ({
        no: id,
        title,
        act: () => void navigate({ to: "/standard/$node", params: { node: id } }),
      })),
    },
    {
      heading: "People",
      choices: (found?.people ?? []).map(({ ref, name, job }) => ({
        title: name,
        what: job ?? ref,
        act: () => void navigate({ to: "/refs/$ref", params: { ref } }),
      })),
    },
    {
      heading: "Records",
      choices: (found?.records ?? [])
        .filter(({ ref }) => !people.has(ref))
        .map(({ ref, kind, title, state }) => ({
          no: ref,
          title,
          what: `${kindOf(kind)}, ${inWords(state).toLowerCase()}`,
          act: () => void navigate({ to: "/records/$kind/$ref", params: { kind, ref } }),
        })),
    },
    {
      heading: "Deeds",
      choices: isPast
        ? []
        : (found?.deeds ?? []).map(({ kind, deed, title }) => ({
            title,
            what: "deed",
            act: () => doDeed({ kind, deed }),
          })),
    },
    { heading: "Pages", choices: pages.filter(matches).slice(0, words === "" ? 6 : mostOfEach) },
  ];
  return { groups, error, isSearching: isFetching || words !== asked };
}

/** The record whose page is on screen, if one is. */
function useOpenRecord() {
  const { kind, ref } = useParams({ strict: false });
  const { data } = useQuery({
    ...query(readRecord, { kind: kind ?? "", ref: ref ?? "" }),
    enabled: kind !== undefined && ref !== undefined,
  });
  return data;
}
