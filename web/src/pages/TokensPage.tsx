import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { isDay } from "#core/basics/time.ts";
import type { OutputOf } from "#contract/endpoint.ts";
import { createToken, listTokens, revokeToken } from "#contract/session.ts";
import { query, useCommand } from "../api.ts";
import { Page } from "../parts/Page.tsx";
import { announce } from "../shell/announce.tsx";
import { Note } from "../ui/Badge.tsx";
import { ScrollRegion } from "../ui/ScrollRegion.tsx";

/** The tokens by which programs act as the person. */
export function TokensPage() {
  const { tokens } = useSuspenseQuery(query(listTokens, {})).data;
  const create = useCommand(createToken);
  const revoke = useCommand(revokeToken);
  const [made, setMade] = useState<string>();
  return (
    <Page
      title="API tokens"
      lead="With a token the command line and other programs act as you: with your roles, and without the power to approve unless they send your password along."
    >
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
        <Tokens
          tokens={tokens}
          isBusy={revoke.isPending}
          onRevoke={({ id, name }) =>
            revoke.mutate({ id }, { onSuccess: () => announce(`Token "${name}" no longer works`) })
          }
        />
      )}
    </Page>
  );
}

type Token = OutputOf<typeof listTokens>["tokens"][number];

function Tokens({
  tokens,
  isBusy,
  onRevoke,
}: {
  tokens: readonly Token[];
  isBusy: boolean;
  onRevoke: (token: Token) => void;
}) {
  return (
    <ScrollRegion label="API tokens">
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
          {tokens.map((token) => (
            <tr key={token.id}>
              <td>{token.name}</td>
              <td>{token.createdAt.slice(0, 10)}</td>
              <td>{token.expiresAt?.slice(0, 10) ?? "revoked"}</td>
              <td>{token.lastUsedAt?.slice(0, 10) ?? "never"}</td>
              <td className="end">
                <button type="button" className="button" disabled={isBusy} onClick={() => onRevoke(token)}>
                  Revoke <span className="hidden-words">{token.name}</span>
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
