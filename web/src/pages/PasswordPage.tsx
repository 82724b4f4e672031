import { useState } from "react";
import { changePassword } from "#contract/session.ts";
import { useCommand } from "../api.ts";
import { Page } from "../parts/Page.tsx";
import { announce } from "../shell/announce.tsx";
import { Note } from "../ui/Badge.tsx";

export function PasswordPage() {
  const change = useCommand(changePassword);
  const [problem, setProblem] = useState<string>();
  const refused = problem ?? change.error?.message;
  return (
    <Page title="Change password" lead="Every other session of yours ends when it changes.">
      <form
        className="narrow stack"
        onSubmit={(event) => {
          event.preventDefault();
          const form = event.currentTarget;
          const given = new FormData(form);
          const next = String(given.get("next"));
          if (next !== String(given.get("again"))) return setProblem("The two new passwords are not the same");
          setProblem(undefined);
          change.mutate(
            { current: String(given.get("current")), next },
            {
              onSuccess: () => {
                form.reset();
                announce("The password is changed");
              },
            },
          );
        }}
      >
        <div className="field">
          <label htmlFor="current">Password now</label>
          <input
            id="current"
            name="current"
            type="password"
            className="input"
            required
            autoComplete="current-password"
          />
        </div>
        <div className="field">
          <label htmlFor="next">New password</label>
          <input id="next" name="next" type="password" className="input" required autoComplete="new-password" />
        </div>
        <div className="field">
          <label htmlFor="again">The same again</label>
          <input id="again" name="again" type="password" className="input" required autoComplete="new-password" />
        </div>
        {refused !== undefined && (
          <Note tone="bad" urgent>
            {refused}
          </Note>
        )}
        <div>
          <button type="submit" className="button first" disabled={change.isPending}>
            Change password
          </button>
        </div>
      </form>
    </Page>
  );
}
