import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter, useRouterState } from "@tanstack/react-router";
import { useState } from "react";
import { acceptInvitation, readInvitation, readSession } from "#contract/session.ts";
import { query, useCommand } from "../api.ts";
import { useTitle } from "../parts/Page.tsx";
import { Note } from "../ui/Badge.tsx";

/** Where an invited person chooses a password. The invitation stands behind the #, which no server logs. */
export function InvitationPage() {
  useTitle("Invitation");
  const invitation = useRouterState({ select: (state) => state.location.hash });
  const told = useQuery({ ...query(readInvitation, { invitation }), enabled: invitation !== "", retry: false });
  const accept = useCommand(acceptInvitation);
  const client = useQueryClient();
  const router = useRouter();
  const [problem, setProblem] = useState<string>();
  const refused =
    invitation === ""
      ? "This address carries no invitation"
      : (told.error?.message ?? problem ?? accept.error?.message);
  return (
    <main className="door" id="main">
      <div>
        <h1 className="brand">Aims</h1>
        {told.data && (
          <>
            <p>
              {told.data.person.name}, choose a password to sign in to {told.data.organization}.
            </p>
            <form
              onSubmit={(event) => {
                event.preventDefault();
                const given = new FormData(event.currentTarget);
                const password = String(given.get("password"));
                if (password !== String(given.get("again"))) return setProblem("The two passwords are not the same");
                setProblem(undefined);
                accept.mutate(
                  { invitation, password },
                  {
                    onSuccess: (session) => {
                      client.clear();
                      client.setQueryData(query(readSession, {}).queryKey, session);
                      router.history.replace("/");
                    },
                  },
                );
              }}
            >
              <div className="field">
                <label htmlFor="password">Password</label>
                <input
                  id="password"
                  name="password"
                  type="password"
                  className="input"
                  required
                  autoComplete="new-password"
                />
              </div>
              <div className="field">
                <label htmlFor="again">The same again</label>
                <input id="again" name="again" type="password" className="input" required autoComplete="new-password" />
              </div>
              <div>
                <button type="submit" className="button first" disabled={accept.isPending}>
                  Choose password
                </button>
              </div>
            </form>
          </>
        )}
        {refused !== undefined && (
          <Note tone="bad" urgent>
            {refused}
          </Note>
        )}
      </div>
    </main>
  );
}
