import { Link } from "@tanstack/react-router";
import { useRef, useState } from "react";
import type { Session } from "#contract/session.ts";
import { useSignOut } from "../api.ts";
import { inWords, initialsOf } from "../words.ts";
import { chooseTheme, readTheme, themes } from "./theme.ts";

/** Who is signed in, what they are here, and what concerns themselves alone. */
export function Me({ session, onKeys }: { session: Session; onKeys: () => void }) {
  const signOut = useSignOut();
  const box = useRef<HTMLDivElement>(null);
  const close = () => box.current?.hidePopover();
  const roles = [...new Set(session.assignments.map(({ title }) => title))];
  return (
    <>
      <button
        type="button"
        className="me"
        popoverTarget="me"
        aria-label={`${initialsOf(session.person.name)}, ${session.person.name}: account and settings`}
      >
        {initialsOf(session.person.name)}
      </button>
      <div id="me" ref={box} popover="auto" className="popover stack">
        <div>
          <p className="strong">{session.person.name}</p>
          <p className="quiet">{roles.length > 0 ? roles.join(", ") : "No role today"}</p>
          {session.administrator && <p className="quiet">Runs the software: accounts, no power over records</p>}
        </div>
        <Looks />
        <ul>
          <li>
            <Link to="/refs/$ref" params={{ ref: session.person.ref }} onClick={close}>
              My record <span className="quiet">{session.person.ref}</span>
            </Link>
          </li>
          <li>
            <Link to="/me/password" onClick={close}>
              Change password
            </Link>
          </li>
          <li>
            <Link to="/me/tokens" onClick={close}>
              API tokens
            </Link>
          </li>
          {session.administrator && (
            <li>
              <Link to="/accounts" onClick={close}>
                Who may sign in
              </Link>
            </li>
          )}
          <li>
            <a href="/api/docs">API documentation</a>
          </li>
          <li>
            <button
              type="button"
              onClick={() => {
                close();
                onKeys();
              }}
            >
              Keys <kbd>?</kbd>
            </button>
          </li>
          <li>
            <button type="button" onClick={() => signOut.mutate({})}>
              Sign out
            </button>
          </li>
          <li>
            <button type="button" onClick={() => signOut.mutate({ everywhere: true })}>
              Sign out everywhere
            </button>
          </li>
        </ul>
      </div>
    </>
  );
}

function Looks() {
  const [theme, setTheme] = useState(readTheme);
  return (
    <fieldset className="bare">
      <legend>Looks</legend>
      <div className="checks">
        {themes.map((each) => (
          <label key={each}>
            <input
              type="radio"
              name="theme"
              value={each}
              checked={theme === each}
              onChange={() => {
                setTheme(each);
                chooseTheme(each);
              }}
            />
            {inWords(each)}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
