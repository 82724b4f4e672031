import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { isDay } from "#core/basics/time.ts";
import { createToken, listTokens, revokeToken } from "#contract/session.ts";
import { query, useCommand } from "../api.ts";
import { Page } from "../parts/Page.tsx";
import { announce } from "../shell/announce.tsx";
import { Note } from "../ui/Badge.tsx";

/** The tokens by which programs act as the person. */
export function TokensPage() {
  const { tokens } = useSuspenseQuery(query(listTokens, {})).data;
  const create = useCommand(createToken);
  const revoke = useCommand(revokeToken);
  const [made, setMade] = useState<string>();
  return (
    <Page title="API tokens" lead="With a token the command line and other programs act as you: with your roles, and without the power to approve unless they send your password along.">
      <form
        className="filters"
        onSubmit={(event) => {
          event.preventDefault();
          const form = event.currentTarget;
          const given = new FormData(form);
          const expires = String(given.get("expires"));
          create.mutate(
            { name: String(given.get("name")), ...(isDay(expires) ? { expires_on: expires } : {}) },
            {
              onSuccess: ({ token }) => {
                setMade(token);
                form.reset();
              },
            },
          );
        }}
      >
        <label>
          What it is for
          <input name="name" className="input" required maxLength={100} />
        </label>
        <label>
          Works until
          <input name="expires" type="date" className="input" />
        </label>
        <button type="submit" className="button first" disabled={create.isPending}>
          Create token
        </button>
      </form>
      {create.error && (
        <Note tone="bad" urgent>
          {create.error.message}
        </Note>
      )}
      {revoke.error && (
        <Note tone="bad" urgent>
          {revoke.error.message}
        </Note>
      )}
      {made !== undefined && (
        <Note tone="attention">
          <p>Copy it now: it is shown this once, and kept only as a hash.</p>
          <p className="binding">{made}</p>
        </Note>
      )}
      {tokens.length === 0 ? (
        <p className="empty">No token yet.</p>
      ) : (
        <div className="table-wrap" role="region" aria-label="API tokens" tabIndex={0}>
          <table className="table" aria-label="API tokens">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Created</th>
                <th scope="col">Works until</th>
                <th scope="col">Last used</th>
                <th scope="col">
                  <span className="hidden-words">Deeds</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {tokens.map(({ id, name, createdAt, expiresAt, lastUsedAt }) => (
                <tr key={id}>
                  <td>{name}</td>
                  <td>{createdAt.slice(0, 10)}</td>
                  <td>{expiresAt?.slice(0, 10) ?? "revoked"}</td>
                  <td>{lastUsedAt?.slice(0, 10) ?? "never"}</td>
                  <td className="end">
                    <button type="button" className="button" disabled={revoke.isPending} onClick={() => revoke.mutate({ id }, { onSuccess: () => announce(`Token "${name}" no longer works`) })}>
                      Revoke <span className="hidden-words">{name}</span>
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Page>
  );
}
