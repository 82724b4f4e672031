import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import { useState } from "react";
import type { OutputOf } from "#contract/endpoint.ts";
import { listSignInChoices, readSession, signIn } from "#contract/session.ts";
import { query, useCommand } from "../api.ts";
import { useTitle } from "../parts/Page.tsx";
import { Note } from "../ui/Badge.tsx";

const route = getRouteApi("/sign-in");

/** The door. A sample organisation shows who may be tried. */
export function SignInPage() {
  useTitle("Sign in");
  const { data: choices } = useSuspenseQuery(query(listSignInChoices, {}));
  const { next } = route.useSearch();
  const client = useQueryClient();
  const router = useRouter();
  const enter = useCommand(signIn);
  const [organization, setOrganization] = useState(choices.organizations[0]?.name ?? "");
  const people = choices.people.filter(
    (person) => choices.organizations.find(({ id }) => id === person.organization)?.name === organization,
  );
  const go = (name: string, password: string) =>
    enter.mutate(
      { name, password, ...(choices.askOrganization ? { organization } : {}) },
      {
        onSuccess: (session) => {
          client.clear();
          client.setQueryData(query(readSession, {}).queryKey, session);
          router.history.push(next ?? "/");
        },
      },
    );
  return (
    <main className="door" id="main">
      <div>
        <h1 className="brand">Aims</h1>
        <p className="reading quiet">
          Runs an AI management system after ISO/IEC 42001: conformity computed from dated, provable records, and judged
          by people.
        </p>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const given = new FormData(event.currentTarget);
            go(String(given.get("name")), String(given.get("password")));
          }}
        >
          {choices.askOrganization && (
            <div className="field">
              <label htmlFor="organization">Organisation</label>
              <input
                id="organization"
                className="input"
                required
                list="organizations"
                value={organization}
                onChange={(event) => setOrganization(event.target.value)}
              />
              <datalist id="organizations">
                {choices.organizations.map(({ id, name }) => (
                  <option key={id} value={name}>
                    {name}
                  </option>
                ))}
              </datalist>
            </div>
          )}
          <div className="field">
            <label htmlFor="name">Name or e-mail</label>
            <input id="name" name="name" className="input" required autoComplete="username" />
          </div>
          <div className="field">
            <label htmlFor="password">Password</label>
            <input
              id="password"
              name="password"
              type="password"
              className="input"
              required
              autoComplete="current-password"
            />
          </div>
          {enter.error && (
            <Note tone="bad" urgent>
              {enter.error.message}
            </Note>
          )}
          <div>
            <button type="submit" className="button first" disabled={enter.isPending}>
              Sign in
            </button>
          </div>
        </form>
        {choices.password !== null && people.length > 0 && (
          <PeopleToTry
            organization={organization}
            people={people}
            password={choices.password}
            isBusy={enter.isPending}
            onTry={go}
          />
        )}
      </div>
    </main>
  );
}

type TryProps = {
  organization: string;
  people: OutputOf<typeof listSignInChoices>["people"];
  password: string;
  isBusy: boolean;
  onTry: (name: string, password: string) => void;
};

function PeopleToTry({ organization, people, password, isBusy, onTry }: TryProps) {
  return (
    <section aria-labelledby="try">
      <h2 id="try">People to try in {organization}, a sample organisation</h2>
      <p className="quiet">
        Nothing in it is real. A click signs in; the password of all of them is <code>{password}</code>.
      </p>
      <ul className="people block">
        {people.map(({ ref, name, job, roles }) => (
          <li key={ref}>
            <button type="button" disabled={isBusy} onClick={() => onTry(ref, password)}>
              <b>{name}</b>
              <span className="quiet">{[job, roles.join(", ")].filter(Boolean).join(" · ")}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
