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
export function DeedForm(props: Props) {
  const { kind, offer, view, onClose } = props;
  const { form, seen, draft, set, more, first, talk, work, also, setAlso, submit, readAgain } = useDeed(props);
  const { error, isPending } = work;
  const isStale = error instanceof Refusal && error.code === "stale";
  const input = (field: FieldDescription) => (
    <FieldInput
      key={field.name}
      field={field}
      path={field.name}
      value={draft[field.name]}
      onChange={(value) => set(field.name, value)}
      must={offer.needs.includes(field.name)}
      talk={talk}
    />
  );
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <p className="quiet">{seen ? whatItIsOn(props, seen) : kind.summary}</p>
      {offer.may !== "yes" && offer.why !== null && <Note tone="attention">{withRule(offer.why, offer.rule)}</Note>}
      {first.map(input)}
      {more.length > 0 && (
        <details open={more.some((field) => talk.problems.has(field.name))}>
          <summary>{more.length} fields that every record may carry</summary>
          <div className="stack block">{more.map(input)}</div>
        </details>
      )}
      <div className="field">
        <label htmlFor="field-comment">Comment</label>
        <textarea
          id="field-comment"
          className="input"
          rows={2}
          maxLength={10_000}
          value={also.comment}
          onChange={(event) => setAlso({ ...also, comment: event.target.value })}
        />
      </div>
      {offer.asksCredential && (
        <Binding
          seen={seen}
          password={also.password}
          onPassword={(password) => setAlso({ ...also, password })}
          isRefused={error instanceof Refusal && error.code === "credential-needed"}
        />
      )}
      <div className="foot">
        {error && (
          <Note tone="bad" urgent>
            {withRule(error.message, error instanceof Refusal ? error.rule : undefined)}
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
          {isPending ? "Doing it" : deedTitle(offer, view?.record.ref ?? "")}
        </button>
        <button type="button" className="button" onClick={onClose}>
          Leave it
        </button>
      </div>
    </form>
  );
}

/** What the form holds and what is done with it. */
function useDeed({ kind, offer, view, known, onClose }: Props) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  // The version that was looked at: what somebody else writes meanwhile must not slip under the form.
  const [seen, setSeen] = useState(view?.record);
  const [draft, setDraft] = useState<Values>(() => ({ ...view?.record, ...known }));
  const [also, setAlso] = useState({ comment: "", password: "" });
  const [missing, setMissing] = useState<ReadonlyMap<string, string>>(new Map());
  const done = (made: DeedDone) => {
    announce(`${deedTitle(offer, made.ref)}: ${made.ref} is ${inWords(made.state).toLowerCase()}`);
    if (view) onClose();
    else void navigate({ to: "/records/$kind/$ref", params: { kind: made.kind, ref: made.ref }, search: {} });
  };
  const create = useCommand(createRecord, done);
  const act = useCommand(doDeed, done);
  const work = seen ? act : create;
  const { first, more } = fieldsOf(kind.fields, offer.sets, offer.needs);

  // The form comes after its panel has opened, when its data are there.
  useEffect(() => form.current?.querySelector<HTMLElement>("input, select, textarea, button")?.focus(), []);

  const submit = () => {
    const lacking = [...first, ...more].filter(
      (field) => offer.needs.includes(field.name) && withoutEmpty(field, draft[field.name]) === undefined,
    );
    setMissing(new Map(lacking.map((field) => [field.name, "Fill this in first"])));
    if (lacking[0]) {
      form.current
        ?.querySelector<HTMLElement>(`#field-${lacking[0].name}, fieldset :is(input, select, textarea, button)`)
        ?.focus();
      return;
    }
    const fields = changesOf([...first, ...more], seen ?? {}, draft);
    const comment = also.comment.trim();
    const shared = {
      kind: kind.name,
      deed: offer.deed,
      fields,
      ...(comment === "" ? {} : { comment }),
      ...(also.password === "" ? {} : { password: also.password }),
    };
    if (seen) act.mutate({ ...shared, ref: seen.ref, rev: seen.rev });
    else create.mutate(shared);
  };
  const readAgain = async () => {
    if (!seen) return;
    const fresh = await client.fetchQuery({ ...query(readRecord, { kind: kind.name, ref: seen.ref }), staleTime: 0 });
    setDraft((now) => ({ ...fresh.record, ...changesOf(kind.fields, seen, now) }));
    setSeen(fresh.record);
    act.reset();
  };
  const talk: FormTalk = { problems: new Map([...problemsOf(work.error), ...missing]), names: view?.names ?? {} };
  const set = (name: string, value: unknown) => setDraft((now) => ({ ...now, [name]: value }));
  return { form, seen, draft, set, first, more, talk, work, also, setAlso, submit, readAgain };
}

function whatItIsOn({ kind, offer, view }: Props, { ref, rev, state }: RecordView["record"]): string {
  const onward = offer.to === null || offer.to === state ? "" : `, becomes ${inWords(offer.to).toLowerCase()}`;
  return `${kind.title} ${ref} "${view?.title ?? ""}", version ${rev}, ${inWords(state).toLowerCase()}${onward}`;
}

function withRule(why: string, rule: string | null | undefined): string {
  return rule == null ? why : `${why} (${rule})`;
}

type BindingProps = {
  seen: RecordView["record"] | undefined;
  password: string;
  onPassword: (password: string) => void;
  isRefused: boolean;
};

/** An approval binds to a content, and asks the approver again who they are. */
function Binding({ seen, password, onPassword, isRefused }: BindingProps) {
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
          aria-invalid={isRefused}
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
  const all =
    error.problems.length > 0
      ? error.problems
      : error.place?.field === undefined
        ? []
        : [{ message: error.message, place: error.place }];
  return new Map(
    all.flatMap(({ message, place }) => (place?.field === undefined ? [] : [[place.field, message] as const])),
  );
}
