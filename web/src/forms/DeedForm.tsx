import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { Refusal } from "#core/basics/refusal.ts";
import type { FieldDescription, KindDescription } from "#contract/kind.ts";
import { createRecord, doDeed, readRecord, type DeedDone, type DeedOffer, type RecordView } from "#contract/record.ts";
import { query, useCommand } from "../api.ts";
import { deedTitle } from "../parts/deed-order.ts";
import { announce } from "../shell/announce.tsx";
import { Note } from "../ui/Badge.tsx";
import { inWords } from "../words.ts";
import { changesOf, fieldsOf, withoutEmpty, type Values } from "./draft.ts";
import { FieldInput, type FormTalk } from "./FieldInput.tsx";
import { Meanwhile } from "./Meanwhile.tsx";

type Props = {
  kind: KindDescription;
  offer: DeedOffer;
  /** The record that the deed is done on; absent when the deed creates it. */
  view: RecordView | undefined;
  /** What is known already. */
  known: Values;
  onClose: () => void;
};

/** Asks for what the deed needs, and does it. What the server declines stands at its field and at the form. */
export function DeedForm({ kind, offer, view, known, onClose }: Props) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  // The version that was looked at: what somebody else writes meanwhile must not slip under the form.
  const [seen, setSeen] = useState(view?.record);
  const [draft, setDraft] = useState<Values>(() => ({ ...view?.record, ...known }));
  const [comment, setComment] = useState("");
  const [password, setPassword] = useState("");
  const [missing, setMissing] = useState<ReadonlyMap<string, string>>(new Map());
  const done = (made: DeedDone) => {
    announce(`${deedTitle(offer, made.ref)}: ${made.ref} is ${inWords(made.state).toLowerCase()}`);
    if (view) onClose();
    else void navigate({ to: "/records/$kind/$ref", params: { kind: made.kind, ref: made.ref }, search: {} });
  };
  const create = useCommand(createRecord, done);
  const act = useCommand(doDeed, done);
  const { isPending, error } = seen ? act : create;
  const { first, more } = fieldsOf(kind.fields, offer.sets, offer.needs);
  const talk: FormTalk = { problems: new Map([...problemsOf(error), ...missing]), names: view?.names ?? {} };

  // The form comes after its panel has opened, when its data are there.
  useEffect(() => form.current?.querySelector<HTMLElement>("input, select, textarea, button")?.focus(), []);

  const submit = () => {
    const lacking = [...first, ...more].filter((field) => offer.needs.includes(field.name) && withoutEmpty(field, draft[field.name]) === undefined);
    setMissing(new Map(lacking.map((field) => [field.name, "Fill this in first"])));
    if (lacking[0]) {
      form.current?.querySelector<HTMLElement>(`#field-${lacking[0].name}, fieldset :is(input, select, textarea, button)`)?.focus();
      return;
    }
    const fields = changesOf([...first, ...more], seen ?? {}, draft);
    const shared = { kind: kind.name, deed: offer.deed, fields, ...(comment.trim() === "" ? {} : { comment: comment.trim() }), ...(password === "" ? {} : { password }) };
    if (seen) act.mutate({ ...shared, ref: seen.ref, rev: seen.rev });
    else create.mutate(shared);
  };
  const readAgain = async () => {
    if (!seen) return;
    const fresh = await client.fetchQuery({ ...query(readRecord, { kind: kind.name, ref: seen.ref }), staleTime: 0 });
    setSeen(fresh.record);
    act.reset();
  };
  const input = (field: FieldDescription) => (
    <FieldInput
      key={field.name}
      field={field}
      path={field.name}
      value={draft[field.name]}
      onChange={(value) => setDraft((now) => ({ ...now, [field.name]: value }))}
      must={offer.needs.includes(field.name)}
      talk={talk}
    />
  );
  const isStale = error instanceof Refusal && error.code === "stale";
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <p className="quiet">{seen ? `${kind.title} ${seen.ref} "${view?.title ?? ""}", version ${seen.rev}, ${inWords(seen.state).toLowerCase()}${offer.to === null || offer.to === seen.state ? "" : `, becomes ${inWords(offer.to).toLowerCase()}`}` : kind.summary}</p>
      {offer.may !== "yes" && offer.why !== null && (
        <Note tone="attention">
          {offer.why}
          {offer.rule !== null && ` (${offer.rule})`}
        </Note>
      )}
      {first.map(input)}
      {more.length > 0 && (
        <details open={more.some((field) => talk.problems.has(field.name))}>
          <summary>{more.length} fields that every record may carry</summary>
          <div className="stack block">{more.map(input)}</div>
        </details>
      )}
      <div className="field">
        <label htmlFor="field-comment">Comment</label>
        <textarea id="field-comment" className="input" rows={2} maxLength={10_000} value={comment} onChange={(event) => setComment(event.target.value)} />
      </div>
      {offer.asksCredential && <Binding seen={seen} password={password} onPassword={setPassword} problem={error instanceof Refusal && error.code === "credential-needed" ? error.message : undefined} />}
      <div className="foot">
      {error && (
        <Note tone="bad" urgent>
          {error.message}
          {error instanceof Refusal && error.rule !== undefined && ` (${error.rule})`}
          {isStale && seen && (
            <>
              <Meanwhile kind={kind} record={seen.ref} since={seen.rev} />
              <button type="button" className="button" onClick={() => void readAgain()}>
                Go on from the new version
              </button>
            </>
          )}
        </Note>
      )}
        <button type="submit" className="button first" disabled={isPending || isStale}>
          {isPending ? "Doing it" : offer.title}
        </button>
        <button type="button" className="button" onClick={onClose}>
          Leave it
        </button>
      </div>
    </form>
  );
}

type BindingProps = { seen: RecordView["record"] | undefined; password: string; onPassword: (password: string) => void; problem: string | undefined };

/** An approval binds to a content, and asks the approver again who they are. */
function Binding({ seen, password, onPassword, problem }: BindingProps) {
  return (
    <fieldset>
      <legend>This binds</legend>
      {seen && (
        <p>
          The approval is for this content and no other, SHA-256 <span className="binding">{seen.content_hash}</span>
        </p>
      )}
      <div className="field">
        <label htmlFor="field-password">Your password again</label>
        <input
          id="field-password"
          className="input"
          type="password"
          autoComplete="current-password"
          required
          aria-invalid={problem !== undefined}
          value={password}
          onChange={(event) => onPassword(event.target.value)}
        />
      </div>
    </fieldset>
  );
}

function problemsOf(error: Error | null): Map<string, string> {
  // What others changed meanwhile is no problem of the fields.
  if (!(error instanceof Refusal) || error.code === "stale") return new Map();
  const all = error.problems.length > 0 ? error.problems : error.place?.field === undefined ? [] : [{ message: error.message, place: error.place }];
  return new Map(all.flatMap(({ message, place }) => (place?.field === undefined ? [] : [[place.field, message] as const])));
}
