import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { Command } from "cmdk";
import { useDeferredValue, useState } from "react";
import { listKinds } from "#contract/kind.ts";
import { readRecord, searchAll } from "#contract/record.ts";
import { query } from "../api.ts";
import { Dialog } from "../ui/Sheet.tsx";
import { inWords } from "../words.ts";
import { useDayShown } from "./session.ts";

const mostOfEach = 8;

/** Finds records, clauses, people, pages and deeds by their words, and goes there. */
export function Palette({ onClose, onKeys }: { onClose: () => void; onKeys: () => void }) {
  const navigate = useNavigate();
  const { isPast } = useDayShown();
  const [words, setWords] = useState("");
  const asked = useDeferredValue(words.trim());
  const { data: found, error } = useQuery({ ...query(searchAll, { text: asked, limit: mostOfEach }), enabled: asked !== "", placeholderData: keepPreviousData });
  const kinds = useQuery(query(listKinds, {})).data?.kinds ?? [];
  const open = useOpenRecord();
  const matches = (title: string) => words.trim().toLowerCase().split(/\s+/).every((word) => title.toLowerCase().includes(word));
  const go = (act: () => void) => () => {
    onClose();
    act();
  };
  const pages = [
    { title: "Home", act: () => navigate({ to: "/" }) },
    { title: "The standard", act: () => navigate({ to: "/standard" }) },
    { title: "Contradictions", act: () => navigate({ to: "/standard", search: { tab: "contradictions" } }) },
    { title: "Ledger", act: () => navigate({ to: "/ledger" }) },
    { title: "All records", act: () => navigate({ to: "/records" }) },
    { title: "API tokens", act: () => navigate({ to: "/me/tokens" }) },
    { title: "Change password", act: () => navigate({ to: "/me/password" }) },
    ...kinds.map((kind) => ({ title: kind.plural, act: () => navigate({ to: "/records/$kind", params: { kind: kind.name } }) })),
  ].filter(({ title }) => matches(title));
  const deedsHere = isPast ? [] : (open?.deeds.filter(({ may, title }) => may !== "no" && matches(title)) ?? []);
  const people = new Set(found?.people.map(({ ref }) => ref));
  const nothing = asked !== "" && found && found.records.length + found.nodes.length + found.people.length + found.deeds.length + pages.length + deedsHere.length === 0;
  return (
    <Dialog title="Find" onClose={onClose} bare className="palette">
      <Command label="Find a record, clause, person or deed" shouldFilter={false} loop>
        <Command.Input data-first placeholder="Find a record, clause, person or deed" value={words} onValueChange={setWords} />
        <Command.List>
          {error && <p className="empty bad-text">{error.message}</p>}
          {nothing && <Command.Empty>Nothing is called that.</Command.Empty>}
          {open && deedsHere.length > 0 && (
            <Command.Group heading={`${open.record.ref}, open now`}>
              {deedsHere.map(({ deed, title }) => (
                <Command.Item key={deed} value={`here ${deed}`} onSelect={go(() => void navigate({ to: ".", search: (now) => ({ ...now, do: { kind: open.record.kind, ref: open.record.ref, deed } }) }))}>
                  {title} <span className="what">deed</span>
                </Command.Item>
              ))}
            </Command.Group>
          )}
          {asked !== "" && found && (
            <>
              <Group heading="Clauses, controls, mission items">
                {found.nodes.map(({ id, title }) => (
                  <Command.Item key={id} value={`node ${id}`} onSelect={go(() => void navigate({ to: "/standard/$node", params: { node: id } }))}>
                    <span className="no">{id}</span> {title}
                  </Command.Item>
                ))}
              </Group>
              <Group heading="People">
                {found.people.map(({ ref, name, job }) => (
                  <Command.Item key={ref} value={`person ${ref}`} onSelect={go(() => void navigate({ to: "/refs/$ref", params: { ref } }))}>
                    {name} <span className="what">{job}</span>
                  </Command.Item>
                ))}
              </Group>
              <Group heading="Records">
                {found.records
                  .filter(({ ref }) => !people.has(ref))
                  .map(({ ref, kind, title, state }) => (
                    <Command.Item key={ref} value={`record ${ref}`} onSelect={go(() => void navigate({ to: "/records/$kind/$ref", params: { kind, ref } }))}>
                      <span className="no">{ref}</span> {title}{" "}
                      <span className="what">
                        {kinds.find(({ name }) => name === kind)?.title ?? inWords(kind)}, {inWords(state).toLowerCase()}
                      </span>
                    </Command.Item>
                  ))}
              </Group>
              {!isPast && (
                <Group heading="Deeds">
                  {found.deeds.map(({ kind, deed, title }) => (
                    <Command.Item key={`${kind} ${deed}`} value={`deed ${kind} ${deed}`} onSelect={go(() => void navigate({ to: "/records/$kind", params: { kind }, search: { do: { kind, deed } } }))}>
                      {title} <span className="what">deed</span>
                    </Command.Item>
                  ))}
                </Group>
              )}
            </>
          )}
          <Group heading="Pages">
            {pages.slice(0, asked === "" ? 6 : mostOfEach).map(({ title, act }) => (
              <Command.Item key={title} value={`page ${title}`} onSelect={go(() => void act())}>
                {title}
              </Command.Item>
            ))}
            {matches("Keys") && (
              <Command.Item value="keys" onSelect={go(onKeys)}>
                Keys <span className="what">?</span>
              </Command.Item>
            )}
          </Group>
        </Command.List>
      </Command>
    </Dialog>
  );
}

function Group({ heading, children }: { heading: string; children: React.ReactNode }) {
  const isEmpty = Array.isArray(children) && children.flat().filter(Boolean).length === 0;
  return isEmpty ? null : <Command.Group heading={heading}>{children}</Command.Group>;
}

/** The record whose page is on screen, if one is. */
function useOpenRecord() {
  const { kind, ref } = useParams({ strict: false });
  const { data } = useQuery({ ...query(readRecord, { kind: kind ?? "", ref: ref ?? "" }), enabled: kind !== undefined && ref !== undefined });
  return data;
}
